"""Statements on this machine, a piece at a time: a plain file, gzip, or the files in a zip as banks send them.

What can't be read ends the pieces with `Unreadable`, which every feed tells as a problem of the file.
"""

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TypeAlias

from git_bill.adapters.archive import Refused, is_archive, members, names
from git_bill.adapters.regular_file import opened
from git_bill.receivable.feeds.feed import Source, Unreadable, clean

Progress: TypeAlias = Callable[[int, int], None]  # bytes that were read of the file, and all of it
_PIECE = 65_536
_MOST = 1_000 * 1024 * 1024  # bytes of all that is packed in one file
_HEAD = 4
_GZIP = b"\x1f\x8b"
_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})  # every workbook or document has one of them
_FOR_PEOPLE = frozenset({".pdf", ".htm", ".html"})  # banks pack it together with the statements


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """A file with its name for messages (`november.zip/2026-11-20.xml`), to be read before the next one is taken."""

    name: str
    chunks: Iterator[bytes]


class _Meter:
    """How far a file was read. Members need not lie in the order of their names: it never goes back."""

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        self._file, self._progress = file, progress
        self._whole = os.fstat(file.fileno()).st_size
        self._furthest = 0

    def watched(self, pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
        """The pieces, telling how far. Raises Unreadable."""
        try:
            for piece in pieces:
                self._furthest = max(self._furthest, self._file.tell())
                self._progress(self._furthest, self._whole)
                yield piece
        except Refused as refused:
            raise _unreadable(name, str(refused), "download it again, or name what was packed in it") from None
        except OSError as error:
            raise _unreadable(name, f"it can't be read: {error.strerror}", "download it again") from None


def statement_files(path: Path, progress: Progress = lambda read, whole: None) -> Iterator[StatementFile]:
    """The file at a path, or each of those packed in it. Raises nothing: what is wrong comes out of `chunks`."""
    name = str(path)
    if path.is_dir():
        yield _none(name, "this is a folder, not a statement", f"name the files in it: {clean(path.name)}/*.xml")
        return
    try:
        with opened(path) as file:
            yield from _files(file, name, _Meter(file, progress))
    except Refused as refused:
        yield _none(name, str(refused), "name the statement itself, as the bank made it")
    except OSError as error:
        yield _none(name, f"it can't be read: {error.strerror}", "name a statement that you have downloaded")


def _files(file: BinaryIO, name: str, meter: _Meter) -> Iterator[StatementFile]:
    """Raises Refused at an archive that can't be opened."""
    head = file.read(_HEAD)
    file.seek(0)
    if not is_archive(head):
        pieces = _unzipped(file) if head.startswith(_GZIP) else _plain(file)
        yield StatementFile(name=name, chunks=meter.watched(pieces, name))
        return
    if names(file) & _OFFICE:
        raise Refused("this is a workbook or document; save it as CSV")
    found = False
    for member, pieces in members(file, name, _may_be_statement, _MOST):
        found = True
        yield StatementFile(name=clean(member), chunks=meter.watched(pieces, clean(member)))
    if not found:
        raise Refused("there is no statement in the archive")


def _may_be_statement(member: PurePosixPath) -> bool:
    """Not what systems hide in archives, nor what is there to be looked at."""
    is_hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in member.parts)
    return not is_hidden and member.suffix.lower() not in _FOR_PEOPLE


def _plain(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _unzipped(file: BinaryIO) -> Iterator[bytes]:
    """Raises Refused where it is broken, or larger than is read."""
    left = _MOST
    with gzip.GzipFile(fileobj=file, mode="rb") as packed:
        while left >= 0:
            try:
                piece = packed.read(_PIECE)
            except (OSError, EOFError, zlib.error) as error:
                raise Refused(f"it can't be unpacked: {error}") from None
            if not piece:
                return
            left -= len(piece)
            yield piece
    raise Refused(f"unpacked it is larger than {_MOST // 1024 // 1024} MB")


def _none(name: str, message: str, hint: str) -> StatementFile:
    """A file of which nothing can be read."""

    def chunks() -> Iterator[bytes]:
        raise _unreadable(name, message, hint)
        yield b""

    return StatementFile(name=name, chunks=chunks())


def _unreadable(name: str, message: str, hint: str) -> Unreadable:
    return Source(file=name).unreadable("unreadable-file", message, hint)
