"""A zip archive that is written file by file: the same files give the same bytes, whatever the clock says."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that a zip archive can hold
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3


def write_zip(path: Path | BinaryIO, files: Iterable[tuple[str, bytes]]) -> int:
    """How many files it got. Raises OSError where it can't be written, ValueError for a name twice."""
    names: set[str] = set()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in files:
            if name in names or name.startswith("/") or ".." in name.split("/"):
                raise ValueError(f"{name!r} can't be the name of a file in an archive")
            names.add(name)
            member = zipfile.ZipInfo(name, _LONG_AGO)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = _UNIX
            member.external_attr = _PLAIN_FILE
            archive.writestr(member, content)
    return len(names)
