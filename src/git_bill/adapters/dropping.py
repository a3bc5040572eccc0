"""Files that are dropped into a folder for somebody to take away, each once: a mark outlives the file."""

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_OWN = ".git-bill"  # below the folder: what is being written, and a mark for each file that was dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """`machine` sets the same path on two machines apart. `between` hears the name of each step; tests kill there."""

    folder: Path
    machine: str = ""
    between: Callable[[str], None] = lambda step: None

    @property
    def place(self) -> str:
        """Names this folder on this machine, without saying where it is."""
        return hashlib.sha256(f"{self.machine}\0{self.folder}".encode()).hexdigest()[:12]

    def holds(self, mark: str) -> bool:
        """Whether the file was dropped under a mark. A kill on the way leaves it either dropped or to be dropped."""
        return self._mark(mark).exists() and not self._part(mark).exists()

    def put(self, name: str, content: bytes, mark: str) -> bool:
        """Whether it was there already. Raises OSError where the folder can't be written."""
        with _alone(self.folder):
            already = self.holds(mark)
            if not already:
                self._put(self.folder / name, content, mark)
        return already

    def _put(self, target: Path, content: bytes, mark: str) -> None:
        """It appears by one rename. The mark outlives it; as long as there is the part, it means nothing."""
        part = self._part(mark)
        _store(part, content)
        self.between("drop-written")
        _store(self._mark(mark), b"")
        self.between("drop-marked")
        part.replace(target)
        _sync(self.folder)
        _sync(part.parent)

    def _mark(self, mark: str) -> Path:
        return self.folder / _OWN / marked_name(mark)

    def _part(self, mark: str) -> Path:
        return self.folder / _OWN / f"{marked_name(mark)}.part"


def marked_name(key: str) -> str:
    """A file's name that is readable, and never the same for two keys."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", key).strip("-.")[:80]
    return f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Make the folders, and keep other processes out; the kernel frees the lock of a killed one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / _OWN).mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder / _OWN, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _store(path: Path, content: bytes) -> None:
    """Write a file so that it is there, in full, before what is written after it; also when the machine stops."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
