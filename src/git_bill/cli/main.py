"""The executable's entry and the error boundary: exit codes, one JSON object on every exit, no traceback."""

import sys

import git_bill

TYPE_CHECKING = False  # importing typing would take longer than `--version` as a whole
if TYPE_CHECKING:
    from git_bill.cli.output import Report
    from git_bill.cli.secrets import Secrets

_INTERRUPTED = 130  # 128 + SIGINT, as shells count
_PIPE_CLOSED = 141  # 128 + SIGPIPE


def run() -> None:
    """Entry of `git-bill`. `--version` is answered before anything is loaded."""
    if sys.argv[1:] == ["--version"]:
        print(f"git-bill {git_bill.__version__}")
        return
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run a command line and print what it reports. Returns the exit code."""
    import io
    import os

    from git_bill.cli import output

    as_json = "--json" in arguments[: arguments.index("--") if "--" in arguments else None]
    out, err = sys.stdout, sys.stderr
    for stream in (out, err):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        if as_json:
            sys.stdout = err  # whatever else prints: standard output gets one object alone
        report = answer(arguments)
        if as_json:
            output.show_json(report, out)
        else:
            output.show(report, out, err)
        out.flush()
    except BrokenPipeError:  # who reads our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        return _PIPE_CLOSED
    finally:
        sys.stdout = out
    return report.code


def answer(arguments: list[str]) -> "Report":
    """The report of a command line, whatever happens on the way, without secrets. Prints nothing."""
    from git_bill.cli.secrets import Secrets

    secrets = Secrets()
    return secrets.kept(_answer(arguments, secrets))


def _answer(arguments: list[str], secrets: "Secrets") -> "Report":
    """The report as it is. `secrets`: what must not be printed is noted there."""
    import click

    from git_bill.cli.output import Report
    from git_bill.problem import Exit, Problem, Stop

    try:
        from git_bill.cli.group import git_bill as group

        answered = group.main(arguments, prog_name="git bill", standalone_mode=False, obj=secrets)
        return answered if isinstance(answered, Report) else Report(exit_code=answered or 0)
    except Stop as stopped:
        return Report(problems=stopped.problems, exit_code=stopped.exit_code)
    except click.ClickException as wrong:
        path = wrong.ctx.command_path if isinstance(wrong, click.UsageError) and wrong.ctx else "git bill"
        usage = Problem(rule="usage", message=wrong.format_message(), hint=f"see: {path} -h")
        return Report(problems=(usage,), exit_code=Exit.USAGE)
    except (click.Abort, KeyboardInterrupt):
        stopped_by = Problem(rule="interrupted", message="stopped by you; what was published stays whole")
        return Report(problems=(stopped_by,), exit_code=_INTERRUPTED)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  the one boundary: a bug becomes a report, not a traceback
        from git_bill.cli.crash import crashed

        return Report(problems=(crashed(error, arguments, secrets.masked),), exit_code=Exit.INTERNAL)
