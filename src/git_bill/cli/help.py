"""`git bill help [COMMAND]`: the same text as `-h`, which works where no manual page is installed."""

from typing import Any

import click

from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session


@click.command("help")
@click.argument("words", metavar="[COMMAND]...", nargs=-1)
@common
def command(session: Session, words: tuple[str, ...]) -> Report:
    """Show the help of a command, or of all commands.

    `git bill --help` is answered by git itself, which opens the manual page git-bill(1) where it is installed.
    """
    ctx = click.get_current_context().find_root()
    for word in words:
        group: Any = ctx.command
        if not isinstance(group, click.Group):
            raise click.UsageError(f"`{ctx.command_path}` has no commands of its own")
        name, found, _ = group.resolve_command(ctx, [word])
        assert found is not None
        ctx = click.Context(found, info_name=name, parent=ctx)
    text = ctx.get_help()
    return Report(data={"help": text}, text=tuple(text.splitlines()))
