"""One clone's commits, read by the git program alone (design: house rule 7)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from git_bill.adapters.git import beginnings, branches, changes, commits
from git_bill.adapters.git.run import attempt, stream, text, version
from git_bill.adapters.regular_file import MEGABYTE, content
from git_bill.hook import JOURNAL
from git_bill.ports import Change, Graph, RawCommit

# Commits that a program made beside the work: notes, replacements, and the merges that forges try on their own.
_NOT_WORK = ("refs/notes/*", "refs/replace/*", "refs/stash", "refs/pull/*/merge", "refs/merge-requests/*/merge")

# Author dates may run ahead of committer dates by a wrong clock, not by more than this.
_SKEW = timedelta(days=7)

_JOURNAL = 64 * MEGABYTE  # half a million rewritten commits


class GitHistory:
    """Implements `git_bill.ports.History`. Raises Stop (exit 4) where there is no readable repository."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        """Where the clone lies."""
        return self._path

    @property
    def shallow(self) -> bool:
        """Whether older history is cut off."""
        return text(self._path, "rev-parse", "--is-shallow-repository") == "true"

    def state(self) -> str:
        """A digest of refs, HEADs and reflogs of all worktrees, and of the shallow edge."""
        return beginnings.digest(self._path)

    def commits(self, *, since: datetime | None = None, known: frozenset[str] = frozenset()) -> Iterator[RawCommit]:
        """Every commit that a ref, any worktree's HEAD or a reflog reaches, none twice, newest first.

        `since` leaves out what was committed more than a week before it. Stashes, notes and forges' trial merges
        are no work.
        """
        window: list[str] = []
        if since is not None and version() >= (2, 37):  # `--since` would stop at the first older commit
            window = [f"--since-as-filter=@{int((since - _SKEW).timestamp())} +0000"]
        walk = [*(f"--exclude={refs}" for refs in _NOT_WORK), "--all", "--reflog", "--not", "--glob=refs/notes/*"]
        left_out = known | self._stashed()
        with stream(self._path, "rev-list", *commits.FORMAT, *window, *walk) as output:
            for commit in commits.read(output):
                if commit.id not in left_out:
                    yield commit

    def changes(self, ids: Sequence[str]) -> Mapping[str, Change]:
        """Line statistics and patch ids, for commits that are no merges. Nothing for a shallow clone's edge."""
        return changes.measure(self._path, self._with_parents(ids))

    def range_patch_ids(self, ranges: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """(base, tip) → patch id of the joint change between two commits; none where nothing changed."""
        return changes.range_patch_ids(self._path, ranges)

    def between(self, first: str | None, last: str) -> tuple[str, ...] | None:
        """Ids of the commits that tag `last` reaches and tag `first` does not; None where a tag is not known here."""
        window = [f"refs/tags/{last}^{{commit}}", *([f"^refs/tags/{first}^{{commit}}"] if first else [])]
        ran = attempt(self._path, "rev-list", *window, "--")
        return None if ran.code else tuple(ran.out.decode("ascii").split())

    def tag_before(self, tag: str) -> str | None:
        """The nearest tag in a tag's history, None where there is none."""
        ran = attempt(self._path, "describe", "--tags", "--abbrev=0", f"refs/tags/{tag}^", "--")
        return None if ran.code else ran.out.decode("utf-8", "surrogateescape").strip()

    def branch_of(self, ids: Sequence[str], graph: Graph) -> Mapping[str, str]:
        """The branch a commit was most likely made on (reflog, merge subjects, refs); those that can be told."""
        return branches.branch_of(self._path, ids, graph)

    def journal(self) -> str:
        """What the post-rewrite hook wrote down, oldest first; empty without one, or where it can't be read."""
        common = self._path / text(self._path, "rev-parse", "--git-common-dir")
        try:
            return content(common / JOURNAL, _JOURNAL).decode("ascii", "replace")
        except OSError:
            return ""

    def _with_parents(self, ids: Sequence[str]) -> list[str]:
        """Without the commits whose parents a shallow clone lacks: their whole tree would look like a change."""
        edge = self._path / text(self._path, "rev-parse", "--git-path", "shallow")
        cut = set(edge.read_text(encoding="ascii").split()) if edge.is_file() else set()
        return [commit for commit in ids if commit not in cut]

    def _stashed(self) -> frozenset[str]:
        """Stash commits with the helpers for index and untracked files; reflogs reach them like any other."""
        ran = attempt(self._path, "rev-list", "--walk-reflogs", "--parents", "refs/stash", "--")
        lines = [line.split() for line in ran.out.decode("ascii", "replace").splitlines()] if not ran.code else []
        return frozenset(commit for line in lines if len(line) > 2 for commit in (line[0], *line[2:]))
