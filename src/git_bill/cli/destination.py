"""Where a command puts what a person asked for: a pipe, or a file of the name that they gave."""

import os
import sys
from pathlib import Path

from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.problem import Exit, Stop, stop

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


def put(
    session: Session,
    file: str | Path,
    content: bytes,
    *,
    force: bool = False,
    over: str = "",
    private: bool = False,
) -> Path:
    """Into a file; `--dry-run` only looks whether it could. `over`: the option that writes over another one; `private`:
    for nobody else to read.

    Stops (exit 2) where it can't be written, or says something else already: that is somebody's, unless `force`. What
    is issued never changes, forced or not.
    """
    path = session.start / file
    frozen = "/billing/invoices/" in path.resolve().as_posix()
    try:
        there = path.read_bytes() if path.is_file() else None
        if there is not None and there != content and (frozen or not force):
            raise taken(file, "" if frozen else over)
        if there != content and not session.options.dry_run:
            (_write_private if private else Path.write_bytes)(path, content)
    except OSError as error:
        raise unwritten(file, error) from None
    return path


def _write_private(path: Path, content: bytes) -> None:
    """Readable for its owner alone from before it holds anything."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        if path.is_file():
            path.chmod(0o600)
        file.truncate()
        file.write(content)


def beside_books(session: Session, name: str) -> Path:
    """What nobody named a place for goes here, but never among the books, where it would be committed."""
    books = session.books.top.resolve()
    here = session.start.resolve()
    return (books.parent if here.is_relative_to(books) else session.start) / name


def taken(file: str | Path, over: str) -> Stop:
    """Where it would go is something else. `over`: the option that writes over it, "" for none."""
    hint = f"name another file, or write over it: {over}" if over else "name another file"
    return stop(Exit.USAGE, "exists", f"{file} is there already and says something else", hint)


def unwritten(file: str | Path, error: OSError) -> Stop:
    """Why a file is not there."""
    hint = "name another file, in a folder that exists"
    return stop(Exit.USAGE, "not-written", f"{file} can't be written: {error.strerror}", hint)
