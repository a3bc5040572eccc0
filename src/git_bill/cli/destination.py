"""Where a command puts what a person asked for: a pipe, or a file of the name that they gave."""

import sys
from pathlib import Path

from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.problem import Exit, stop

PIPE = "-"


def refuse_two(session: Session, output: str | None) -> None:
    """Stops (exit 2) where a document and the answer for scripts would go into one pipe."""
    if output == PIPE and session.options.json:
        raise stop(Exit.USAGE, "usage", f"--json and -o {PIPE} both want the pipe", "name a file: -o FILE")


def piped(content: bytes) -> Report:
    """Into the pipe, and not a word beside it."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return Report()


def put(session: Session, file: str | Path, content: bytes, *, force: bool = False, over: str = "") -> Path:
    """Into a file; `--dry-run` only looks whether it could. `over`: the option that writes over another one.

    Stops (exit 2) where it can't be written, or says something else already: that is somebody's, unless `force`. What
    is issued never changes, forced or not.
    """
    path = session.start / file
    frozen = "/billing/invoices/" in path.resolve().as_posix()
    try:
        there = path.read_bytes() if path.is_file() else None
        if there is not None and there != content and (frozen or not force):
            hint = f"name another file, or write over it: {over}" if over and not frozen else "name another file"
            raise stop(Exit.USAGE, "exists", f"{file} is there already and says something else", hint)
        if there != content and not session.options.dry_run:
            path.write_bytes(content)
    except OSError as error:
        hint = "name another file, in a folder that exists"
        raise stop(Exit.USAGE, "not-written", f"{file} can't be written: {error.strerror}", hint) from None
    return path
