"""A clone, and its forge, seen through the issuer's key: every commit goes by its keyed id from the first step on.

So what repeats what, what is new and which commits a tag stands for come out as they would by the true ids, and against
evidence on file that has keyed ones.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from git_bill.forge import Booking, ClosedMilestone, Submission, Ticket, Tracker
from git_bill.ports import Change, Graph, History, Node, RawCommit, Visit
from git_bill.worklog.keyed import EvidenceKey
from git_bill.worklog.proof import Signed


class KeyedHistory:
    """`History` by keyed ids. What is asked by an id that this clone has not shown is not known."""

    def __init__(self, history: History, key: EvidenceKey) -> None:
        self._history = history
        self._key = key
        self._ids: dict[str, str] = {}  # id → keyed id
        self._real: dict[str, str] = {}  # the other way

    @property
    def path(self) -> Path:
        """Where the clone lies."""
        return self._history.path

    @property
    def shallow(self) -> bool:
        """Whether older history is cut off."""
        return self._history.shallow

    def state(self) -> str:
        """The clone's."""
        return self._history.state()

    def commits(self, *, since: datetime | None = None, known: frozenset[str] = frozenset()) -> Iterator[RawCommit]:
        """Its commits."""
        for commit in self._history.commits(since=since):
            name = self._id(commit.id)
            if name not in known:
                yield replace(commit, id=name, parents=tuple(map(self._id, commit.parents)))

    def changes(self, ids: Sequence[str], secret: bytes = b"") -> Mapping[str, Change]:
        """What they changed, with keyed patch ids and sketches."""
        found = self._history.changes(self._known(ids), secret or self._key.lines)
        return {self._id(commit): replace(c, patch=self._key.patch(c.patch)) for commit, c in found.items()}

    def range_patch_ids(self, ranges: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """Keyed patch ids of joint changes."""
        asked = [(self._real[base], self._real[tip]) for base, tip in ranges if {base, tip} <= self._real.keys()]
        found = self._history.range_patch_ids(asked)
        return {
            (self._id(b), self._id(t)): keyed for (b, t), patch in found.items() if (keyed := self._key.patch(patch))
        }

    def signers(self, ids: Sequence[str], keys: Mapping[str, Sequence[str]]) -> Mapping[str, Signed]:
        """Whose keys signed them."""
        found = self._history.signers(self._known(ids), keys)
        return {self._id(commit): signed for commit, signed in found.items()}

    def between(self, first: str | None, last: str) -> tuple[str, ...] | None:
        """What one tag reaches and another does not."""
        found = self._history.between(first, last)
        return None if found is None else tuple(map(self._id, found))

    def tag_before(self, tag: str) -> str | None:
        """The nearest tag in a tag's history."""
        return self._history.tag_before(tag)

    def tagged(self, names: Collection[str]) -> Mapping[str, tuple[str, datetime]]:
        """Tags with the commits that they point at."""
        return {name: (self._id(commit), at) for name, (commit, at) in self._history.tagged(names).items()}

    def branch_of(self, ids: Sequence[str], graph: Graph) -> Mapping[str, str]:
        """Branches by their true names: a ticket may be named there."""
        real = {
            self._real[commit]: Node(tuple(self._known(node.parents)), node.second, node.subject)
            for commit, node in graph.items()
            if commit in self._real
        }
        found = self._history.branch_of(self._known(ids), real)
        return {self._id(commit): branch for commit, branch in found.items()}

    def journal(self) -> str:
        """What was rewritten."""
        return self._key.ids(self._history.journal())

    def visits(self) -> Iterator[Visit]:
        """When branches were checked out, by their true names: what is kept of it names a commit."""
        return self._history.visits()

    def notes(self, ref: str) -> Iterator[tuple[str, str]]:
        """Notes by the commit that they are of."""
        return ((self._id(commit), text) for commit, text in self._history.notes(ref))

    def _id(self, commit: str) -> str:
        found = self._ids.get(commit)
        if found is None:
            found = self._ids[commit] = self._key.commit(commit)
            self._real[found] = commit
        return found

    def _known(self, ids: Sequence[str]) -> list[str]:
        return [self._real[commit] for commit in ids if commit in self._real]


class KeyedTracker:
    """What a forge tells, by keyed ids of commits. Its tickets are left out: all that they say is text."""

    def __init__(self, tracker: Tracker, key: EvidenceKey) -> None:
        self._tracker = tracker
        self._key = key

    @property
    def name(self) -> str:
        """The forge's."""
        return self._tracker.name

    def tickets(self, since: datetime | None = None) -> Iterator[Ticket]:
        """None."""
        yield from ()

    def submissions(self, since: datetime | None = None) -> Iterator[Submission]:
        """Pull requests with their commits and reviews."""
        for each in self._tracker.submissions(since):
            yield replace(
                each,
                commits=tuple(map(self._key.ids, each.commits)),
                merged_as=each.merged_as and self._key.ids(each.merged_as),
                reviews=tuple(replace(r, commit=self._key.ids(r.commit)) if r.commit else r for r in each.reviews),
            )

    def closed_milestones(self) -> tuple[ClosedMilestone, ...]:
        """Milestones that are closed."""
        return self._tracker.closed_milestones()

    def bookings(self, since: datetime | None = None) -> tuple[Booking, ...] | None:
        """Bookings without the titles of what they are on."""
        found = self._tracker.bookings(since)
        return None if found is None else tuple(replace(each, title="") for each in found)
