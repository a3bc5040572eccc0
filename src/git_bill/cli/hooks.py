"""`git bill hooks`: the hooks that write tickets into commits and remember what was amended."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from git_bill.adapters.git.hooks import hooks_of, set_hook
from git_bill.cli.options import common, group
from git_bill.cli.output import Line, Report, bold, dim, table
from git_bill.cli.session import Session
from git_bill.cli.tickets import ticket_pattern
from git_bill.flows.apply import Actors
from git_bill.flows.hook_text import with_pattern
from git_bill.flows.hooks import HookState, install, states, uninstall
from git_bill.hook import Hooks
from git_bill.problem import Exit, Problem, stop

_SAID = {
    "installed": "installed",
    "outdated": "outdated; update it: git bill hooks install",
    "missing": "not installed",
    "foreign": "not installed; another's hook is there",
    "elsewhere": "not called: git looks for hooks elsewhere",
    "unneeded": "not needed",
}

_paths = click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))


@group("hooks", alone="status")
def command() -> None:
    """Install, take out or look at the hooks of a clone.

    They add `Ticket:` to a commit from its branch's name, and remember what was amended, so that nothing is billed
    twice. A commit never fails because of them.
    """


@command.command("install")
@_paths
@click.option(
    "--check-messages/--no-check-messages", "check", default=None, help="Also say what is wrong with trailers."
)
@common
def install_(session: Session, paths: tuple[Path, ...], check: bool | None) -> Report:
    """Install the hooks in the clone at each PATH, by default the one at hand; or bring them up to date.

    A hook that is there already is kept beside ours and called first. A folder that `core.hooksPath` names is never
    written to: the line to add there is printed.

    \b
    git bill hooks install
    git bill hooks install ~/code/web-shop --check-messages
    """
    clones = _clones(session, paths)
    done = [session.run(install(hooks, pattern, check=check), _actors(session)) for hooks, pattern in clones]
    return _report(clones, done)


@command.command("uninstall")
@_paths
@common
def uninstall_(session: Session, paths: tuple[Path, ...]) -> Report:
    """Take the hooks out of the clone at each PATH. What was there before is put back as it was."""
    clones = _clones(session, paths)
    done = [session.run(uninstall(hooks), _actors(session)) for hooks, _ in clones]
    text: list[Line] = []
    for (hooks, _), count in zip(clones, done, strict=True):
        text.append((bold(str(hooks.clone)), ": the hooks are out" if count else ": no hooks of git-bill"))
        if hooks.elsewhere is not None and count:
            text.append(f"  If you added lines to hooks in {hooks.elsewhere}, they do nothing now.")
    return Report(data={"clones": [{"clone": h.clone, "removed": n} for (h, _), n in zip(clones, done, strict=True)]},
                  text=tuple(text))  # fmt: skip


@command.command("status")
@_paths
@common
def status(session: Session, paths: tuple[Path, ...] = ()) -> Report:
    """Say which hooks are installed, outdated or another's."""
    return _report(_clones(session, paths), None)


def _report(clones: list[tuple[Hooks, str]], done: list[int] | None) -> Report:
    text: list[Line] = []
    data: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for index, (before, pattern) in enumerate(clones):
        hooks = before if done is None else hooks_of(Path(before.clone)) or before
        found = list(states(hooks, pattern))
        text += _told(hooks, found)
        problems += _problems(hooks, pattern)
        row = {"clone": hooks.clone, "hooks_path": hooks.elsewhere, "ticket_pattern": pattern}
        data.append(row | ({} if done is None else {"changed": done[index]}) | {"hooks": list(map(_data, found))})
    lacking = any(each["state"] in {"missing", "foreign", "outdated"} for row in data for each in row["hooks"])
    following = (("git bill hooks install", "install them"),) if done is None and lacking else ()
    return Report(data={"clones": data}, text=tuple(text), problems=tuple(problems), next=following)


def _told(hooks: Hooks, found: Iterable[HookState]) -> Iterable[Line]:
    yield bold(str(hooks.clone))
    yield from table([(each.name, _said(each)) for each in found], indent=2)
    lines = [each for each in found if each.state == "elsewhere"]
    if lines:
        yield f"  git looks for this clone's hooks in {hooks.elsewhere}, which is not ours to change. Add there:"
        for each in lines:
            new = " a new file that begins with the line #!/bin/sh, then: chmod +x" if each.new_caller else ""
            yield (dim("    in "), str(each.caller), dim(":"), new)
            yield f"      {each.line}"


def _said(hook: HookState) -> str:
    more = ["checks trailers"] if hook.checks else []
    if hook.kept:
        idle = "is kept, not called: git did not run it, it is not executable"
        more.append(f"the one that was there {'is called first' if hook.calls_kept else idle}")
    return "; ".join([_SAID[hook.state], *more])


def _problems(hooks: Hooks, pattern: str) -> Iterable[Problem]:
    if with_pattern(hooks.shipped["prepare-commit-msg"], pattern) is None:
        yield Problem(
            rule="no-glob",
            severity="info",
            message=f"a shell can't follow the ticket pattern '{pattern}', so commits get no Ticket: line",
            hint="`git bill collect` still finds tickets in branch names; a hook can follow '[A-Z]+-\\d+'",
        )


def _data(hook: HookState) -> dict[str, Any]:
    add = {"file": str(hook.caller), "new": hook.new_caller, "line": hook.line} if hook.state == "elsewhere" else {}
    kept = {"kept": hook.kept, "calls_kept": hook.calls_kept}
    return {"hook": hook.name, "state": hook.state, **kept, "checks": hook.checks, **add}


def _actors(session: Session) -> Actors:
    """A clone's hooks are its owner's affair: no role of any books is asked for."""
    return replace(Actors(between=session.between), hooks=set_hook)


def _clones(session: Session, paths: tuple[Path, ...]) -> list[tuple[Hooks, str]]:
    """The hooks of each clone, with the ticket pattern of its source. Stops (exit 4) where there is no clone."""
    found = []
    for path in paths or (Path(),):
        folder = (session.start / path.expanduser()).resolve()
        hooks = hooks_of(folder) if folder.is_dir() else None
        if hooks is None:
            raise stop(
                Exit.REPOSITORY,
                "not-a-repository",
                f"{folder} is not in a git repository",
                "name a clone, for example: git bill hooks install ~/code/web-shop",
            )
        found.append((hooks, ticket_pattern(session, Path(hooks.clone))))
    return found
