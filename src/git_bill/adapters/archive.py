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
_LONGEST_SHOWN = 80  # characters of a name
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
    """Members by name. Raises Refused."""
    listed = archive.infolist()
    if len(listed) > _MEMBERS:
        raise Refused(f"it holds more than {_MEMBERS} files")
    named = [member for member in listed if not member.is_dir() and wanted(PurePosixPath(member.filename))]
    if any(member.flag_bits & _ENCRYPTED for member in named):
        raise Refused("it is encrypted: unpack it with its password, and name the files in it")
    if sum(member.file_size for member in named) > most:
        raise _too_large(most)
    found: dict[str, zipfile.ZipInfo] = {}
    for member in named:
        name = member.filename
        if name in found:
            raise Refused(f"it holds two files named {_shown(name)}: pack it again, or name the file itself")
        if _leads_out(name):
            raise Refused(f"{_shown(name)} leads out of the archive: unpack it, and name the file itself")
        found[name] = member
    return found


def _leads_out(name: str) -> bool:
    """Whether a name is absolute or goes up, as any system writes it."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/")


def _shown(name: str) -> str:
    return repr(name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…")


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
