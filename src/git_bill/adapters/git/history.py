"""One clone's commits, read by the git program alone (design: house rule 7)."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from git_bill.adapters.git import beginnings, branches, changes, commits, folders, notes, reflog, signatures
from git_bill.adapters.git.reflog import Head
from git_bill.adapters.git.run import attempt, git, stream, text, version
from git_bill.adapters.regular_file import MEGABYTE, content
from git_bill.hook import JOURNAL
from git_bill.ports import Change, Graph, RawCommit, Visit
from git_bill.worklog.proof import Signed

# Commits that a program made beside the work: notes, replacements, and the merges that forges try on their own.
_NOT_WORK = ("refs/notes/*", "refs/replace/*", "refs/stash", "refs/pull/*/merge", "refs/merge-requests/*/merge")

# Author dates may run ahead of committer dates by a wrong clock, not by more than this.
_SKEW = timedelta(days=7)

_JOURNAL = 64 * MEGABYTE  # half a million rewritten commits


class GitHistory:
    """Implements `git_bill.ports.History`. Raises Stop (exit 4) where there is no readable repository."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._heads: tuple[Head, ...] | None = None  # as they were at the last walk

    @property
    def path(self) -> Path:
        """Where the clone lies."""
        return self._path

    @property
    def shallow(self) -> bool:
        """Whether older history is cut off."""
        return bool(folders.edge(self._path))

    def state(self) -> str:
        """A digest of refs, HEADs and reflogs of all worktrees, and of the shallow edge."""
        return beginnings.digest(self._path)

    def commits(self, *, since: datetime | None = None, known: frozenset[str] = frozenset()) -> Iterator[RawCommit]:
        """Every commit that a ref, any worktree's HEAD or a reflog reaches, none twice, newest first.

        `since` leaves out what was committed more than a week before it. Stashes, notes and forges' trial merges
        are no work.
        """
        self._heads = None
        window: list[str] = []
        if since is not None and version() >= (2, 37):  # `--since` would stop at the first older commit
            window = [f"--since-as-filter=@{int((since - _SKEW).timestamp())} +0000"]
        walk = [*(f"--exclude={refs}" for refs in _NOT_WORK), "--all", "--reflog"]
        left_out = known | self._stashed() | self._noted()  # a walk with `--not` would show nothing before its end
        with stream(self._path, "rev-list", *commits.FORMAT, *window, *walk) as output:
            for commit in commits.read(output):
                if commit.id not in left_out:
                    yield commit

    def changes(self, ids: Sequence[str], secret: bytes = b"") -> Mapping[str, Change]:
        """Line statistics and patch ids, for commits that are no merges. Nothing for a shallow clone's edge."""
        return changes.measure(self._path, self._with_parents(ids), secret)

    def range_patch_ids(self, ranges: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """(base, tip) → patch id of the joint change between two commits; none where nothing changed."""
        return changes.range_patch_ids(self._path, ranges)

    def signers(self, ids: Sequence[str], keys: Mapping[str, Sequence[str]]) -> Mapping[str, Signed]:
        """Commits with a good SSH signature by one of these public keys. Raises Stop (exit 3) where none can tell."""
        return signatures.signers(self._path, ids, keys)

    def between(self, first: str | None, last: str) -> tuple[str, ...] | None:
        """Ids of the commits that tag `last` reaches and tag `first` does not; None where a tag is not known here."""
        window = [f"refs/tags/{last}^{{commit}}", *([f"^refs/tags/{first}^{{commit}}"] if first else [])]
        ran = attempt(self._path, "rev-list", *window, "--")
        return None if ran.code else tuple(ran.out.decode("ascii").split())

    def tag_before(self, tag: str) -> str | None:
        """The nearest tag in a tag's history, None where there is none."""
        ran = attempt(self._path, "describe", "--tags", "--abbrev=0", f"refs/tags/{tag}^", "--")
        return None if ran.code else ran.out.decode("utf-8", "surrogateescape").strip()

    def tagged(self, names: Collection[str]) -> Mapping[str, tuple[str, datetime]]:
        """Tags of these names → the commit, and the tag's own instant; of a plain one its commit's."""
        if not names:
            return {}
        shown = "%(objecttype) %(objectname) %(*objectname) %(creatordate:iso-strict) %(refname:strip=2)"
        found: dict[str, tuple[str, datetime]] = {}
        for line in text(self._path, "for-each-ref", f"--format={shown}", "refs/tags/").splitlines():
            kind, here, rest = line.split(" ", 2)
            behind, at, name = rest.split(" ", 2)
            if name in names and at:  # of a tree or a blob there is no date
                found[name] = behind if kind == "tag" else here, datetime.fromisoformat(at)
        return found

    def branch_of(self, ids: Sequence[str], graph: Graph) -> Mapping[str, str]:
        """The branch a commit was most likely made on (reflog, merge subjects, refs); those that can be told."""
        return branches.branch_of(self._path, ids, graph, self._reflogs()) if ids else {}

    def journal(self) -> str:
        """What the post-rewrite hook wrote down and what reflogs say was amended; empty where there is neither."""
        try:
            written = content(folders.common(self._path) / JOURNAL, _JOURNAL).decode("ascii", "replace")
        except OSError:
            written = ""
        gap = "\n" if written and not written.endswith("\n") else ""  # its last line may be half written
        return f"{written}{gap}{reflog.amends(self._reflogs())}"

    def notes(self, ref: str) -> Iterator[tuple[str, str]]:
        """(commit, text) of each note below `refs/notes/`, by commit; none that is longer than a megabyte."""
        return notes.notes(self._path, ref)

    def visits(self) -> Iterator[Visit]:
        """The branches that somebody checked out in this clone, as far back as its reflogs reach."""
        return reflog.visits(self._reflogs())

    def _reflogs(self) -> tuple[Head, ...]:
        if self._heads is None:
            self._heads = tuple(reflog.read(self._path))
        return self._heads

    def _with_parents(self, ids: Sequence[str]) -> list[str]:
        """Without the commits whose parents a shallow clone lacks: their whole tree would look like a change."""
        cut = folders.edge(self._path)
        return [commit for commit in ids if commit not in cut]

    def _noted(self) -> frozenset[str]:
        """The commits of notes, which their reflogs reach."""
        if not folders.may_have_reflog(self._path, "refs/notes"):
            return frozenset()
        refs = git(self._path, "for-each-ref", "--format=%(refname)", "refs/notes").split()
        logs = (attempt(self._path, "rev-list", "--walk-reflogs", os.fsdecode(ref), "--") for ref in refs)
        tips = b"".join(log.out for log in logs if not log.code)
        return (
            frozenset(git(self._path, "rev-list", "--stdin", input=tips).decode("ascii").split())
            if tips
            else frozenset()
        )

    def _stashed(self) -> frozenset[str]:
        """Stash commits with the helpers for index and untracked files; reflogs reach them like any other."""
        if not folders.may_have_reflog(self._path, "refs/stash"):
            return frozenset()
        ran = attempt(self._path, "rev-list", "--walk-reflogs", "--parents", "refs/stash", "--")
        lines = [line.split() for line in ran.out.decode("ascii", "replace").splitlines()] if not ran.code else []
        return frozenset(commit for line in lines if len(line) > 2 for commit in (line[0], *line[2:]))
