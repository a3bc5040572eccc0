"""Zip archives of exports, read within limits: nothing is written, and what a member is called is only a name."""

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath

_MEMBERS = 50_000
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
    found: dict[str, bytes] = {}
    left = most
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > _MEMBERS:
                raise Refused(f"it holds more than {_MEMBERS} files")
            named = [member for member in members if not member.is_dir() and wanted(PurePosixPath(member.filename))]
            if sum(member.file_size for member in named) > most:
                raise _too_large(most)
            for member in sorted(named, key=lambda each: each.filename):
                with archive.open(member) as opened:
                    part = opened.read(left + 1)
                if len(part) > left:
                    raise _too_large(most)
                left -= len(part)
                found.setdefault(f"{file}/{member.filename}", part)
    except _BROKEN as error:
        raise Refused(f"it can't be unpacked: {str(error)[:100] or type(error).__name__}") from None
    return tuple(found.items())


def _too_large(most: int) -> Refused:
    return Refused(f"unpacked it is larger than {most // 1024 // 1024} MB")
