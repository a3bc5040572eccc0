"""The workspace's repository, by the git program alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from git_bill.adapters.git import refs, trail
from git_bill.adapters.git.checkout import shifts, uncommitted
from git_bill.adapters.git.clone import repository_top
from git_bill.adapters.git.defaults import (
    Configuration,
    books_branch,
    caller,
    configuration,
    known_remote,
    remotes_of,
    upstream,
    value_of,
)
from git_bill.adapters.git.follow import Follower
from git_bill.adapters.git.make import NOBODY, Identity
from git_bill.adapters.git.publish import Publisher
from git_bill.adapters.git.refs import DRAFTS, HEADS, PROPOSALS, TAGS
from git_bill.adapters.git.run import attempt, git, text
from git_bill.adapters.git.snapshot import CommitSnapshot, Objects
from git_bill.adapters.git.transport import Transport, as_git_does
from git_bill.adapters.git.worktree import Opener, WorkTree, checked, sealed_as_it_is, stale, written
from git_bill.effects import Configure, Done, DropBranch, Moved, Publish, Refused, WriteFile
from git_bill.layout import ATTRIBUTES, SETTINGS
from git_bill.ports import Ahead, Arrival, DraftBranch, Snapshot
from git_bill.problem import Exit, stop


class GitBooks:
    """`Books` in a repository. `top`: its top folder, or the git directory where it is bare."""

    def __init__(
        self,
        top: Path,
        *,
        branch: str,
        remote: str | None,
        now: Callable[[], datetime],
        identity: Identity = NOBODY,
        between: Callable[[str], None] = lambda step: None,
        opener: Opener = sealed_as_it_is,
        transport: Transport = as_git_does,
    ) -> None:
        """`between` is called with the name of each step of a publish, so that tests can kill it there."""
        self._top = top
        self._opener = opener
        self._branch = branch
        self._remote = remote
        self._now = now
        self._objects = Objects(top)
        bare, common = text(
            top, "rev-parse", "--path-format=absolute", "--is-bare-repository", "--git-common-dir"
        ).split("\n", 1)
        self._bare = bare == "true"
        self._follower = Follower(self._objects, Path(common) / "git-bill", remote, between)
        self._publisher = Publisher(
            objects=self._objects,
            follower=self._follower,
            remote=remote,
            identity=identity,
            between=between,
            transport=transport,
        )
        self._configuration: Configuration | None = None  # read at once, and again after a change
        self._shown: WorkTree | CommitSnapshot | None = None

    @property
    def top(self) -> Path:
        """The repository's top folder (the git directory where it is bare)."""
        return self._top

    @property
    def branch(self) -> str:
        """The books branch."""
        return self._branch

    @property
    def remote(self) -> str | None:
        """Name of the books remote, None where the local ref is the truth."""
        return self._remote

    def here(self) -> Snapshot:
        """The work tree if the books branch is checked out or holds no books yet, else the branch's newest state."""
        self._shown = self._state()
        return self._shown

    def tip(self) -> str | None:
        """Commit of the books branch (the remote's where it is known), None when unborn."""
        return self._there() or self.local()

    def local(self) -> str | None:
        """Commit of the local books branch, None where there is none."""
        return refs.resolve(self._top, HEADS + self._branch)

    def ahead(self) -> Ahead | None:
        """Commits of the local books branch that the remote lacks, where it has all of the remote's; else None."""
        here, there = self.local(), self._there()
        if self._remote is None or here is None or here == there:
            return None
        if there is not None and not refs.is_ancestor(self._top, there, here):
            return None
        return Ahead(commit=here, paths=tuple(sorted(shift.path for shift in shifts(self._top, there, here))))

    def pending(self) -> Mapping[str, bytes | None]:
        """What the work tree changed since the local books branch, below `billing/` and in `.gitattributes`."""
        if isinstance(self._state(), CommitSnapshot):
            return {}
        return uncommitted(self._objects, self._top, self.local(), "billing", ATTRIBUTES)

    def unseen(self) -> tuple[str, ...]:
        """Paths of the books changed in a work tree that `here()` does not show, for another branch is checked out."""
        if self._bare or not isinstance(self._state(), CommitSnapshot):
            return ()
        return tuple(uncommitted(self._objects, self._top, refs.resolve(self._top, "HEAD"), "billing", ATTRIBUTES))

    def versions(self, commit: str, path: str) -> Iterator[tuple[str, bytes | None]]:
        """A file along the first parents of a commit, newest first, where it changed: (commit's message, content)."""
        return trail.versions(self._objects, commit, str(checked(path)))

    def at(self, commit: str) -> Snapshot:
        """The state at a commit."""
        return CommitSnapshot(self._objects, commit, self._opener)

    def drafts(self) -> tuple[DraftBranch, ...]:
        """All `bill/*` branches, by name: the local one, unless the remote's has what it has and more."""
        return self._under_review(DRAFTS)

    def proposals(self) -> tuple[DraftBranch, ...]:
        """All `pay/*` branches, in the same way."""
        return self._under_review(PROPOSALS)

    def _under_review(self, folder: str) -> tuple[DraftBranch, ...]:
        found = refs.newest_below(self._top, self._remote, folder)
        return tuple(DraftBranch(name=name, commit=commit) for name, commit in sorted(found.items()))

    def fork_point(self, commit: str) -> str | None:
        """The merge base of a commit and the books branch."""
        tip = self._newest()
        ran = attempt(self._top, "merge-base", commit, tip) if tip else None
        return ran.out.decode("ascii").strip() if ran and ran.code == 0 else None

    def changed(self, old: str, new: str) -> tuple[str, ...]:
        """Paths that differ between two commits, sorted."""
        return tuple(sorted(shift.path for shift in shifts(self._top, old, new)))

    def blob_id(self, content: bytes) -> str:
        """The object id git gives to a file with these bytes."""
        return self._objects.blob_id(content)

    def tags(self, prefix: str) -> Mapping[str, str]:
        """Tags with a prefix → the commit they point at."""
        folder = TAGS + prefix[: prefix.rfind("/") + 1]
        found = ((ref.removeprefix(TAGS), commit) for ref, commit in refs.listed(self._top, folder))
        return {name: commit for name, commit in found if name.startswith(prefix)}

    def history(self, path: str) -> Iterator[tuple[str, bytes]]:
        """First-parent history of one file on the books branch, oldest first: (commit, content)."""
        tip = self._newest()
        return iter(()) if tip is None else trail.contents(self._objects, tip, str(checked(path)))

    def arrivals(self, folder: str, commit: str | None = None) -> Mapping[str, Arrival]:
        """For each file below a folder at a commit (None: the branch's newest): what brought it along first parents."""
        tip = commit or self._newest()
        paths = () if tip is None else self.at(tip).paths(folder)
        return trail.arrivals(self._top, tip, paths, folder) if tip is not None and paths else {}

    def landed(self, paths: Sequence[str], since: str | None, commit: str) -> tuple[Arrival, ...]:
        """First-parent commits after `since` up to `commit` that changed one of the paths, oldest first."""
        return trail.landed(self._top, [str(checked(path)) for path in paths], since, commit)

    def fetch(self) -> None:
        """Bring the books branch, draft branches and their tags from the remote. Raises Stop (exit 4) offline."""
        self._publisher.fetch(self._branch)

    def settle(self) -> None:
        """Finish what a killed command left half done in the work tree. Called before a command reads."""
        if self._follower.unsettled:
            with self._follower.alone():
                self._follower.settle()

    def write_all(self, effects: Sequence[WriteFile]) -> Done | Refused:
        """Write or remove files of the state that `here()` has shown: work tree files, or one commit and its push.

        Refused where somebody changed them since they were read: what was computed from them is not true any more.
        """
        state = self._shown or self._state()
        files = {effect.path: effect.content for effect in effects}
        if isinstance(state, CommitSnapshot):
            return self._commit(state.revision, files)
        with self._follower.alone():
            return written(state, files)

    def publish(self, effect: Publish) -> Done | Moved | Refused:
        """Make the commit and move branch and tags by one atomic, never forced ref update."""
        return self._publisher.publish(effect)

    def drop(self, effect: DropBranch) -> Done | Moved | Refused:
        """Remove a draft's branch here and on the remote."""
        return self._publisher.drop(effect)

    def configure(self, effect: Configure) -> Done:
        """Set a value in a clone's git configuration."""
        clone = self._top if effect.repository is None else Path(effect.repository)
        self._configuration = None
        ran = attempt(clone, "config", "--local", "--get", effect.name)
        if ran.code == 0 and ran.out == f"{effect.value}\n".encode():
            return Done(ref=effect.name, already=True)
        git(clone, "config", "--local", "--replace-all", "--", effect.name, effect.value)
        return Done(ref=effect.name)

    def configured(self, name: str) -> str | None:
        """A value of the workspace clone's git configuration."""
        if self._configuration is None:
            self._configuration = configuration(self._top)
        return value_of(self._configuration, name)

    def _there(self) -> str | None:
        return refs.resolve(self._top, f"refs/remotes/{self._remote}/{self._branch}") if self._remote else None

    def _newest(self) -> str | None:
        """The local branch's commit where it has all that the remote's has, else the remote's."""
        here, there = self.local(), self._there()
        if here and there and not refs.is_ancestor(self._top, there, here):
            return there
        return here or there

    def _state(self) -> WorkTree | CommitSnapshot:
        if self._bare:
            return CommitSnapshot(self._objects, self._newest(), self._opener)
        head = attempt(self._top, "symbolic-ref", "--quiet", "HEAD").out.decode("utf-8", "surrogateescape").strip()
        if head == HEADS + self._branch:
            return WorkTree(self._top, self._opener)
        newest = CommitSnapshot(self._objects, self._newest(), self._opener)
        return newest if newest.read(SETTINGS) is not None else WorkTree(self._top, self._opener)

    def _commit(self, revision: str | None, files: Mapping[str, bytes | None]) -> Done | Refused:
        before = CommitSnapshot(self._objects, revision)
        changed = {path: content for path, content in files.items() if before.read(path) != content}
        if not changed:
            return Done(ref=revision or "", already=True)
        outcome = self.publish(
            Publish(
                branch=self._branch,
                expect=revision,
                files=changed,
                message="Record the books",
                at=self._now(),
                push=False,  # nobody asked for it; the next draft or issue brings it along
            )
        )
        if isinstance(outcome, Moved):
            return stale(self._branch)
        if isinstance(outcome, Done):
            self._shown = CommitSnapshot(self._objects, outcome.ref, self._opener)
        return outcome


def open_books(
    start: Path,
    *,
    now: Callable[[], datetime],
    branch: str | None = None,
    remote: str | None = None,
    identity: Identity | None = None,
    between: Callable[[str], None] = lambda step: None,
    opener: Opener = sealed_as_it_is,
    transport: Transport = as_git_does,
) -> GitBooks:
    """The books in the repository around a folder. `branch` and `remote` as `[books]` says, None where it is silent.

    A remote "" is none. `identity` None: git's own `user.name` and `user.email`. Raises Stop: exit 4 where there
    is no repository, 3 where the clone lacks the remote.
    """
    top = repository_top(start)
    if top is None:
        raise stop(
            Exit.REPOSITORY,
            "not-a-repository",
            f"{start} is not in a git repository",
            "go into one, or make one with: git init",
        )
    found = configuration(top)
    remotes = remotes_of(found) if remote is None else [remote] if remote else []
    books = branch or books_branch(top, found, remotes)
    return GitBooks(
        top,
        branch=books,
        remote=upstream(top, books, found) if remote is None else known_remote(remote, found),
        now=now,
        identity=identity or caller(found),
        between=between,
        opener=opener,
        transport=transport,
    )
