"""Zip archives of exports, read within limits: nothing is written, and what a member is called is only a name."""

import contextlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

_MEMBERS = 50_000
_PIECE = 65_536
_ENCRYPTED = 0x1  # of a member's flags
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, IndexError)


class Refused(Exception):  # noqa: N818  it is no fault
    """Why an archive is not read, for people."""


def is_archive(content: bytes) -> bool:
    """Whether a file begins like a zip archive."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def unpacked(
    content: bytes, file: str, wanted: Callable[[PurePosixPath], bool], most: int
) -> tuple[tuple[str, bytes], ...]:
    """Names (`export.zip/general/2026-10-05.json`) and contents of the members that are wanted, by name.

    Raises Refused at an archive that is broken, encrypted, or has more than `most` bytes in all, whatever it says.
    """
    return tuple((name, b"".join(pieces)) for name, pieces in members(BytesIO(content), file, wanted, most))


def names(opened: BinaryIO) -> frozenset[str]:
    """What the members are called. Raises Refused."""
    with _refusing(), zipfile.ZipFile(opened) as archive:
        return frozenset(archive.namelist()[: _MEMBERS + 1])


def members(
    opened: BinaryIO, file: str, wanted: Callable[[PurePosixPath], bool], most: int
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The same a member and a piece at a time: each is to be read before the next is taken."""
    with _refusing():
        archive = zipfile.ZipFile(opened)
    with archive:
        found = _wanted(archive, wanted, most)
        left = [most]
        for name in sorted(found):
            yield f"{file}/{name}", _pieces(archive, found[name], most, left)


def _wanted(archive: zipfile.ZipFile, wanted: Callable[[PurePosixPath], bool], most: int) -> dict[str, zipfile.ZipInfo]:
    """Members by name; of two with one name the first."""
    listed = archive.infolist()
    if len(listed) > _MEMBERS:
        raise Refused(f"it holds more than {_MEMBERS} files")
    named = [member for member in listed if not member.is_dir() and wanted(PurePosixPath(member.filename))]
    if any(member.flag_bits & _ENCRYPTED for member in named):
        raise Refused("it is encrypted: unpack it with its password, and name the files in it")
    if sum(member.file_size for member in named) > most:
        raise _too_large(most)
    return {member.filename: member for member in reversed(named)}


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, left: list[int]) -> Iterator[bytes]:
    """What a member holds. `left`: bytes that all of them may still have, whatever their sizes say."""
    with _refusing():
        opened = archive.open(member)
    with opened:
        while True:
            with _refusing():
                piece = opened.read(min(_PIECE, left[0] + 1))
            if not piece:
                return
            left[0] -= len(piece)
            if left[0] < 0:
                raise _too_large(most)
            yield piece


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise Refused(f"it can't be unpacked: {str(error)[:100] or type(error).__name__}") from None


def _too_large(most: int) -> Refused:
    return Refused(f"unpacked it is larger than {most // 1024 // 1024} MB")
