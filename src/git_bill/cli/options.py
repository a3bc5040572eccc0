"""Options that every command takes, before or after its name; how a command gets its session; groups of commands."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import click

if TYPE_CHECKING:
    from git_bill.cli.output import Report
    from git_bill.cli.session import Session

P = ParamSpec("P")
_KEPT = "git_bill.options."


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked of every command. `directory`: as if started there; `today`: instead of the clock's date."""

    json: bool = False
    dry_run: bool = False
    yes: bool = False
    directory: Path | None = None
    today: date | None = None


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Remember a given option for the innermost command; one after the command's name wins."""
    if value not in (None, False):
        ctx.meta[_KEPT + str(param.name)] = value


def _keep_day(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is not None:
        try:
            _keep(ctx, param, date.fromisoformat(value))
        except ValueError:
            raise click.BadParameter(f"{value!r} is not a date; write it like 2026-10-05", ctx, param) from None


def _option(*names: str, **attributes: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(*names, expose_value=False, **{"callback": _keep, **attributes})


_COMMON = (
    _option("--json", is_flag=True, help="Print one JSON object and nothing else."),
    _option("--dry-run", is_flag=True, help="Show what would be done and do nothing."),
    _option("--yes", is_flag=True, help="Ask nothing; take the defaults."),
    _option(
        "-C",
        "directory",
        metavar="DIR",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Run as if started in DIR.",
    ),
    _option("--today", metavar="DATE", callback=_keep_day, help="Take DATE for today."),
)


def with_common_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options alone, for the group; they are kept for the command that follows."""
    for option in reversed(_COMMON):
        function = option(function)
    return function


def options_of(ctx: click.Context) -> Options:
    """The options given anywhere on the command line."""
    given = {f.name: ctx.meta[_KEPT + f.name] for f in fields(Options) if _KEPT + f.name in ctx.meta}
    return Options(**given)


def common(function: "Callable[Concatenate[Session, P], Report]") -> "Callable[P, Report]":
    """A command's function: takes the common options, gets a `Session` first, returns a `Report`."""

    @functools.wraps(function)
    def call(*args: P.args, **given: P.kwargs) -> "Report":
        from git_bill.cli.session import Session

        ctx = click.get_current_context()
        session = Session(options_of(ctx), ctx.find_root().obj)
        return session.finish(lambda: function(session, *args, **given))

    return with_common_options(call)


def group(name: str, *, alone: str) -> Callable[[Callable[[], None]], click.Group]:
    """A command with others below it. Named alone it is the one called `alone`; the function holds its help."""

    def made(function: Callable[[], None]) -> click.Group:
        @functools.wraps(function)
        def call() -> Any:
            ctx = click.get_current_context()
            return None if ctx.invoked_subcommand else ctx.invoke(found.commands[alone])

        found: click.Group = click.group(name, invoke_without_command=True)(with_common_options(call))
        return found

    return made
