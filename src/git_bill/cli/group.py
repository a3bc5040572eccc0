"""The command group: looks commands up by name when they are asked for, and lists them in sections."""

import importlib
from typing import Any

import click

from git_bill.cli.commands import COMMANDS, SECTIONS
from git_bill.cli.options import with_common_options
from git_bill.problem import nearest


class Commands(click.Group):
    """Loads the module of a command only when the command is run or its own help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the sections."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The click command of a name, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but a typo is told what it most likely meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = nearest(args[0], COMMANDS)
            meant = f"; the most similar command is `git bill {near}`" if near else ""
            raise click.UsageError(f"{args[0]!r} is not a git bill command{meant}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The sections, as git's own help has them."""
        width = max(map(len, COMMANDS))
        for title, commands in SECTIONS.items():
            with formatter.section(title.capitalize()):
                formatter.write_dl([(name.ljust(width), text) for name, (_, text) in commands.items()])


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        import git_bill as package

        click.echo(f"git-bill {package.__version__}")
        ctx.exit()


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@with_common_options
@click.pass_context
def git_bill(ctx: click.Context) -> Any:
    """Turn what you did in git into an invoice that is reviewed as a pull request and issued by merging it.

    Without a command: what is unbilled, open and overdue, and the next step.
    """
    if ctx.invoked_subcommand:
        return None
    status = git_bill.get_command(ctx, "status")
    assert status is not None
    return ctx.invoke(status)
