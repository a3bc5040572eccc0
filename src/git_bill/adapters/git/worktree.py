"""The work tree as a snapshot, and writing into it. No path is followed through a symbolic link."""

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePosixPath

from git_bill.effects import Done, Refused
from git_bill.problem import Exit, Stop, stop

_TEMPORARY = ".git-bill-"  # a file that is being written; a kill can leave one
Opener = Callable[[bytes, str], bytes]  # a file's bytes and path → the bytes with what can be opened in clear
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def sealed_as_it_is(content: bytes, path: str) -> bytes:
    """Opens nothing."""
    return content


class WorkTree:
    """Files below a top folder as they lie on disk, read when asked.

    Raises Stop (exit 4) at a symbolic link that stands for a file or folder of the books.
    """

    def __init__(self, top: Path, opener: Opener = sealed_as_it_is) -> None:
        self._top = top
        self._opener = opener
        self._seen: dict[str, bytes | None] = {}
        self._listed: dict[str, frozenset[str]] = {}

    @property
    def revision(self) -> str | None:
        """None: it is no commit."""
        return None

    def read(self, path: str) -> bytes | None:
        """A file's bytes, or None where there is none. Raises Stop (exit 4) where a folder lies in its place."""
        content = self.look(path)
        if content is None and (self._top / path).is_dir():
            raise in_the_way(path)
        self._seen.setdefault(path, _digest(content))
        return content

    def opened(self, path: str) -> bytes | None:
        """As `read`, with the sealed values that this machine can open in clear."""
        content = self.read(path)
        return None if content is None else self._opener(content, path)

    def paths(self, folder: str) -> tuple[str, ...]:
        """All files below a folder, sorted; empty where there is no such folder."""
        found = self._list(folder)
        self._listed.setdefault(folder, frozenset(found))
        return found

    def look(self, path: str) -> bytes | None:
        """As `read`, without taking note of what was seen."""
        with self._parent(path) as folder:
            handle = None if folder is None else _open(folder, path)
        if handle is None:
            return None
        with os.fdopen(handle, "rb") as file:
            return file.read()

    def occupied(self, path: str) -> bool:
        """Whether anything lies there: a file, a folder, or a file where its folder should be."""
        if os.path.lexists(self._top / path):
            return True
        parents = (self._top / parent for parent in PurePosixPath(path).parents)
        return any(os.path.lexists(parent) and not parent.is_dir() for parent in parents)

    def outdated(self) -> str | None:
        """A path that is not as it was first read or listed; None where nothing else was written since."""
        for folder, listed in self._listed.items():
            if differs := listed.symmetric_difference(self._list(folder)):
                return min(differs)
        return next((path for path, seen in self._seen.items() if seen != _digest(self.look(path))), None)

    def write(self, path: str, content: bytes | None) -> None:
        """Put a file in place in one step, making its folders; None removes it and folders that it leaves empty."""
        if content is None:
            self._remove(path)
        else:
            with self._parent(path, create=True) as folder:
                assert folder is not None
                _replace(folder, path, content)
        if path in self._seen:
            self._seen[path] = _digest(content)
        for top, listed in self._listed.items():
            if path.startswith(f"{top}/" if top else ""):
                self._listed[top] = listed - {path} if content is None else listed | {path}

    def _list(self, folder: str) -> tuple[str, ...]:
        with self._parent(f"{folder}/_" if folder else "_") as there:
            if there is None:
                return ()
        return tuple(sorted(_walk(self._top / folder, f"{folder}/" if folder else "")))

    def _remove(self, path: str) -> None:
        with self._parent(path) as folder:
            if folder is None:
                return
            with suppress(FileNotFoundError):
                os.unlink(PurePosixPath(path).name, dir_fd=folder)
        for parent in PurePosixPath(path).parents[:-1]:
            try:
                (self._top / parent).rmdir()
            except OSError:
                return

    @contextmanager
    def _parent(self, path: str, *, create: bool = False) -> Iterator[int | None]:
        """A handle of the folder that a file lies in, None where there is none."""
        folder = os.open(self._top, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in checked(path).parent.parts:
                inner = _enter(folder, part, path, create=create)
                if inner is None:
                    yield None
                    return
                os.close(folder)
                folder = inner
            yield folder
        finally:
            os.close(folder)


def checked(path: str) -> PurePosixPath:
    """The path, if it stays below the top and out of git's own folder. Raises Stop (exit 4) otherwise."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or part.lower() == ".git" for part in parts) or set("\0\n") & set(path):
        raise stop(
            Exit.REPOSITORY,
            "unsafe-path",
            f"{path!r} is not a path that git-bill writes to or reads from",
            "name a file below the repository's top, for example billing/clients/acme.toml",
        )
    return PurePosixPath(path)


def tops(paths: Iterable[str]) -> frozenset[str]:
    """The top-level folders and files that paths lie in."""
    return frozenset(path.partition("/")[0] for path in paths)


def in_the_way(path: str) -> Stop:
    """The Stop for a folder where a file of the books belongs."""
    return stop(
        Exit.REPOSITORY,
        "not-a-file",
        "a folder lies where a file belongs",
        f"put it aside: mv {path} {path}.folder",
        path,
    )


def linked(path: str) -> Stop:
    """The Stop for a symbolic link among the books' files."""
    return stop(
        Exit.REPOSITORY,
        "symbolic-link",
        "a symbolic link lies here; the books are plain files and folders",
        f"put the file itself in its place, for example: cp --remove-destination FILE {path}",
        path,
    )


def _enter(folder: int, part: str, path: str, *, create: bool) -> int | None:
    if create:
        with suppress(FileExistsError):
            os.mkdir(part, dir_fd=folder)
    try:
        return os.open(part, _FOLDER, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR):
            raise
        if stat.S_ISLNK(os.lstat(part, dir_fd=folder).st_mode):
            raise linked(path) from None
        if create:
            raise
        return None


def _open(folder: int, path: str) -> int | None:
    name = PurePosixPath(path).name
    try:
        mode = os.lstat(name, dir_fd=folder).st_mode
        if stat.S_ISLNK(mode):
            raise linked(path)
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder) if stat.S_ISREG(mode) else None
    except FileNotFoundError:
        return None


def _replace(folder: int, path: str, content: bytes) -> None:
    name, temporary = PurePosixPath(path).name, f"{_TEMPORARY}{secrets.token_hex(6)}"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666, dir_fd=folder)
    with ExitStack() as undo:
        undo.callback(os.unlink, temporary, dir_fd=folder)
        with os.fdopen(handle, "wb") as file, suppress(FileNotFoundError):
            file.write(content)
            was = os.lstat(name, dir_fd=folder).st_mode
            os.fchmod(file.fileno(), stat.S_IMODE(was))  # who kept it private keeps it private
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        undo.pop_all()


def _walk(folder: Path, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as items:
        for item in items:
            path = prefix + item.name
            if item.is_symlink():
                if not item.name.startswith(".#"):  # Emacs marks a file that is being edited by such a link
                    raise linked(path)
            elif item.is_dir():
                if item.name != ".git":
                    yield from _walk(folder / item.name, f"{path}/")
            elif item.is_file() and not item.name.startswith(_TEMPORARY):
                yield path


def _digest(content: bytes | None) -> bytes | None:
    return None if content is None else hashlib.sha256(content).digest()


def written(tree: WorkTree, files: Mapping[str, bytes | None]) -> Done | Refused:
    """Write or remove files, unless somebody changed one since the tree was read."""
    changed = {path: content for path, content in files.items() if tree.look(path) != content}
    if changed and (path := tree.outdated()) is not None:
        return stale(path)
    for path, content in changed.items():
        try:
            tree.write(path, content)
        except OSError as error:
            return Refused(reason=f"{path} can't be written: {error.strerror}", remedy="mend that and run it again")
    return Done(ref=next(iter(files), ""), already=not changed)


def stale(what: str) -> Refused:
    """Nothing is written over what was computed from another state."""
    return Refused(reason=f"{what} was changed by somebody else since it was read", remedy="run the command again")
