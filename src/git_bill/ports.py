"""Ports: what the flows need from outside. Adapters implement them; twins in tests pass the same contracts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from git_bill.effects import Configure, Done, DropBranch, Moved, Publish, Refused, WriteFile
from git_bill.worklog.proof import Signed


class Snapshot(Protocol):
    """One state of the workspace's files. Paths are relative to the repository's top, with forward slashes."""

    @property
    def revision(self) -> str | None:
        """The commit it is read from; None for the work tree."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes, or None where there is none."""

    def opened(self, path: str) -> bytes | None:
        """As `read`, with the sealed values that this machine can open in clear: for reading, never to be written."""

    def paths(self, folder: str) -> tuple[str, ...]:
        """All files below a folder, sorted; empty where there is no such folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftBranch:
    """A branch `bill/<name>` and its tip, local or on the books remote."""

    name: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How a file came onto the books branch: the first-parent commit, its author, and its rank (0 = earliest)."""

    rank: int
    commit: str
    parent: str | None  # its first one
    name: str
    email: str
    at: datetime
    message: str = ""  # only where `landed` tells of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A local branch that has more than the remote: its commit, and the paths in which the two differ."""

    commit: str
    paths: tuple[str, ...]


class Books(Protocol):
    """The workspace's repository. Reads never change it; the index, HEAD and dirty files are never touched."""

    @property
    def top(self) -> Path:
        """The repository's top folder (the git directory where it is bare)."""

    @property
    def branch(self) -> str:
        """The books branch, for example `main`."""

    @property
    def remote(self) -> str | None:
        """Name of the books remote, None where the local ref is the truth."""

    def here(self) -> Snapshot:
        """What commands read: the work tree if the books branch is checked out or holds no books, else its tip."""

    def fetch(self) -> None:
        """Bring the books remote's branches, if there is one. Raises Stop (exit 4) when it can't be reached."""

    def tip(self) -> str | None:
        """Commit of the books branch (the remote's where there is one), None when unborn."""

    def local(self) -> str | None:
        """Commit of the local books branch, None where there is none."""

    def ahead(self) -> Ahead | None:
        """Commits of the local books branch that the remote lacks, where it has all of the remote's; else None."""

    def pending(self) -> Mapping[str, bytes | None]:
        """What the work tree shown by `here()` changed since the local books branch; None: removed."""

    def unseen(self) -> tuple[str, ...]:
        """Paths of the books changed in a work tree that `here()` does not show, for another branch is checked out."""

    def versions(self, commit: str, path: str) -> Iterator[tuple[str, bytes | None]]:
        """A file along the first parents of a commit, newest first, where it changed: (commit's message, content)."""

    def at(self, commit: str) -> Snapshot:
        """The state at a commit."""

    def drafts(self) -> tuple[DraftBranch, ...]:
        """All `bill/*` branches, local and remote, local first; by name."""

    def proposals(self) -> tuple[DraftBranch, ...]:
        """All `pay/*` branches, local and remote, local first; by name."""

    def fork_point(self, commit: str) -> str | None:
        """The merge base of a commit and the books branch's tip."""

    def changed(self, old: str, new: str) -> tuple[str, ...]:
        """Paths that differ between two commits, sorted."""

    def history(self, path: str) -> Iterator[tuple[str, bytes]]:
        """First-parent history of one file on the books branch, oldest first: (commit, content)."""

    def arrivals(self, folder: str, commit: str | None = None) -> Mapping[str, Arrival]:
        """For each file below a folder at a commit (None: the branch's newest): what brought it along first parents."""

    def landed(self, paths: Sequence[str], since: str | None, commit: str) -> tuple[Arrival, ...]:
        """First-parent commits after `since` that changed a path or something below it, oldest first, with messages."""

    def blob_id(self, content: bytes) -> str:
        """The object id git gives to a file with these bytes."""

    def tags(self, prefix: str) -> Mapping[str, str]:
        """Tags with a prefix → the commit they point at."""

    def settle(self) -> None:
        """Finish what a killed command left half done in the work tree. Called before a command reads."""

    def write_all(self, effects: Sequence[WriteFile]) -> Done | Refused:
        """Write or remove files of the state that `here()` shows: in the work tree, else one commit."""

    def publish(self, effect: Publish) -> Done | Moved | Refused:
        """Make the commit and move branch and tags by one atomic, never forced ref update."""

    def drop(self, effect: DropBranch) -> Done | Moved | Refused:
        """Remove a draft's branch here and on the remote."""

    def configure(self, effect: Configure) -> Done:
        """Set a value in a clone's git configuration."""

    def configured(self, name: str) -> str | None:
        """A value of the workspace clone's git configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCommit:
    """A commit as git stores it, text decoded (bad bytes replaced). Both instants keep their offsets."""

    id: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    author_at: datetime
    committer_name: str
    committer_email: str
    committer_at: datetime
    message: str


@dataclass(frozen=True, slots=True)
class Node:
    """A commit's place in a history: its parents, its committer's second (Unix time), and a merge's subject."""

    parents: tuple[str, ...]
    second: int
    subject: str = ""


Graph = Mapping[str, Node]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a commit changed against its first parent: paths, and lines of its text files (not of lock files).

    Lines are None where a partial clone lacks the blobs. `binary`: some file has no lines to count or compare.
    `patch`: stable `-U0` patch id, None where nothing changed and where it would not tell one change from another.
    `sketch`: which lines they were, see `worklog.sketch`.
    """

    files: int
    added: int | None
    deleted: int | None
    paths: tuple[str, ...]
    binary: bool = False
    patch: str | None = None
    sketch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody checked out a branch."""

    branch: str
    at: datetime
    name: str
    email: str


class History(Protocol):
    """One clone's commits."""

    @property
    def path(self) -> Path:
        """Where the clone lies."""

    @property
    def shallow(self) -> bool:
        """Whether older history is cut off."""

    def state(self) -> str:
        """A digest of all that `commits` starts from: while it is equal, the commits are."""

    def commits(self, *, since: datetime | None = None, known: frozenset[str] = frozenset()) -> Iterator[RawCommit]:
        """Each commit not known that refs, HEAD or reflog reach, once; with `since` none of over a week before it."""

    def changes(self, ids: Sequence[str], secret: bytes = b"") -> Mapping[str, Change]:
        """Line statistics without rename detection and patch ids, for non-merge commits; sketches under a secret."""

    def range_patch_ids(self, ranges: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """(base, tip) → patch id of the joint change between two commits; none where nothing changed."""

    def signers(self, ids: Sequence[str], keys: Mapping[str, Sequence[str]]) -> Mapping[str, Signed]:
        """Commits with a good SSH signature by one of these public keys (contributor → keys).

        Raises Stop (exit 3) where this machine can't tell.
        """

    def between(self, first: str | None, last: str) -> tuple[str, ...] | None:
        """Ids of the commits that tag `last` reaches and tag `first` does not; None where a tag is not known here."""

    def tag_before(self, tag: str) -> str | None:
        """The nearest tag in a tag's history, None where there is none."""

    def journal(self) -> str:
        """What the post-rewrite hook wrote down and what reflogs say was amended; empty where there is neither."""

    def visits(self) -> Iterator[Visit]:
        """The branches that somebody checked out in this clone, as far back as its reflogs reach."""

    def notes(self, ref: str) -> Iterator[tuple[str, str]]:
        """(commit, text) of each note below `refs/notes/`, by commit; none that is longer than a megabyte."""

    def tagged(self, names: Collection[str]) -> Mapping[str, tuple[str, datetime]]:
        """Tags of these names → the commit, and the tag's own instant; of a plain one its commit's."""

    def branch_of(self, ids: Sequence[str], graph: Graph) -> Mapping[str, str]:
        """The branch a commit was most likely made on (reflog, merge subjects, refs); those that can be told."""


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """This instant, aware."""

    def today(self, timezone: str) -> date:
        """The date there, or the one given by `--today`."""

    def clock_today(self, timezone: str) -> date:
        """The date there by the clock, whatever `--today` says."""


class Renderer(Protocol):
    """Makes text from a template."""

    def render(self, template: str, facts: Mapping[str, Any]) -> str:
        """The text, the same for the same facts."""
