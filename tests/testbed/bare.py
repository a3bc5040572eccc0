"""A bare repository on the server's side, by the git program."""

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.testbed.accounts import Account

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An author or committer line."""

    name: str
    email: str
    at: datetime

    @classmethod
    def of(cls, account: Account, at: datetime) -> "Person":
        return cls(name=account.name, email=account.email or account.noreply, at=at)

    @classmethod
    def web(cls, at: datetime) -> "Person":
        """Who GitHub names as committer of what it commits by itself."""
        return cls(name="GitHub", email="noreply@github.com", at=at)

    def variables(self, role: str) -> dict[str, str]:
        date = f"{int(self.at.timestamp())} {self.at.strftime('%z') or '+0000'}"
        return {f"GIT_{role}_NAME": self.name, f"GIT_{role}_EMAIL": self.email, f"GIT_{role}_DATE": date}


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """What a commit says."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]


_FORMAT = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00%x1e%x00"


class Bare:
    """Objects and refs; every method asks git anew."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path) -> "Bare":
        path.mkdir(parents=True)
        bare = cls(path)
        bare.git("init", "-q", "--bare", "-b", "main", ".")
        for key, value in {"http.receivepack": "true", "uploadpack.allowFilter": "true"}.items():
            bare.git("config", key, value)
        bare.git("config", "uploadpack.allowAnySHA1InWant", "true")
        bare.git("config", "receive.hideRefs", "refs/pull")  # nobody pushes there
        return bare

    def git(self, *args: str | Path, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        """What git prints, less the last newline; raises on failure."""
        return self.raw(*args, stdin=stdin, env=env).decode().removesuffix("\n")

    def raw(self, *args: str | Path, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        done = subprocess.run(
            ["git", *args],
            cwd=self.path,
            env=ENVIRONMENT | dict(env or {}),
            input=stdin,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise LookupError(f"git {' '.join(map(str, args))}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout

    def tip(self, ref: str) -> str | None:
        """The commit that a full ref, a branch, a tag or an id stands for."""
        for candidate in (ref, f"refs/heads/{ref}", f"refs/tags/{ref}") if not ref.startswith("refs/") else (ref,):
            try:
                return self.git("rev-parse", "-q", "--verify", "--end-of-options", f"{candidate}^{{commit}}")
            except LookupError:
                continue
        return None

    def refs(self, prefix: str = "refs/heads/") -> dict[str, str]:
        """Full names and what they point at."""
        lines = self.git("for-each-ref", "--format=%(refname) %(objectname)", prefix).splitlines()
        return {line.split(" ")[0]: line.split(" ")[1] for line in lines}

    def set_ref(self, ref: str, sha: str | None) -> None:
        """Move, make, or delete (None) a ref."""
        if sha is None:
            self.git("update-ref", "-d", ref)
        else:
            self.git("update-ref", ref, sha)

    def reaches(self, ancestor: str, tip: str) -> bool:
        """Whether a commit is an ancestor of a tip, or it."""
        try:
            self.git("merge-base", "--is-ancestor", ancestor, tip)
        except LookupError:
            return False
        return True

    def merge_base(self, one: str, other: str) -> str | None:
        try:
            return self.git("merge-base", one, other)
        except LookupError:
            return None

    def commits(self, *selection: str) -> tuple[Commit, ...]:
        """Those that `git log` selects, in its order."""
        out = self.raw("log", f"--format=tformat:{_FORMAT}", *selection).decode(errors="replace")
        return tuple(_commit(record.removeprefix("\n")) for record in out.split("\0\x1e\0") if record.strip("\n"))

    def commit(self, sha: str) -> Commit:
        return self.commits("-1", sha)[0]

    def blob(self, commit: str, path: str) -> str | None:
        """The blob id of a file at a commit."""
        line = self.git("ls-tree", commit, "--", path)
        return line.split()[2] if line and line.split()[1] == "blob" else None

    def content(self, blob: str) -> bytes:
        return self.raw("cat-file", "blob", blob)

    def write_commit(
        self, tree: str, parents: Sequence[str], message: str, author: Person, committer: Person | None = None
    ) -> str:
        """A commit of a tree; no ref moves."""
        arrows = [word for parent in parents for word in ("-p", parent)]
        people = author.variables("AUTHOR") | (committer or author).variables("COMMITTER")
        return self.git("commit-tree", tree, *arrows, stdin=message.rstrip("\n").encode() + b"\n", env=people)

    def write_tree(self, base: str | None, files: Mapping[str, str | bytes | None]) -> str:
        """The tree of a commit (None: an empty one) with files written, or removed (None)."""
        with tempfile.TemporaryDirectory() as folder:
            env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self.git("read-tree", base or EMPTY_TREE, env=env)
            for path, content in files.items():
                if content is None:
                    self.git("update-index", "--index-info", stdin=f"0 {'0' * 40}\t{path}\n".encode(), env=env)
                    continue
                data = content.encode() if isinstance(content, str) else content
                blob = self.git("hash-object", "-w", "--stdin", stdin=data)
                self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", env=env)
            return self.git("write-tree", env=env)


def _commit(record: str) -> Commit:
    sha, tree, parents, *people, message = record.split("\0")
    author, committer = (
        Person(name=name, email=email, at=datetime.fromisoformat(at)) for name, email, at in (people[:3], people[3:6])
    )
    return Commit(
        sha=sha,
        tree=tree,
        parents=tuple(parents.split()),
        author=author,
        committer=committer,
        message=message.rstrip("\n"),
    )
