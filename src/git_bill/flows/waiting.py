"""Drafts that wait: open on a branch for their review, or approved and not issued yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from git_bill.flows import load
from git_bill.invoice.draft import Draft
from git_bill.invoice.totals import draft_totals
from git_bill.layout import draft_file
from git_bill.money import Money
from git_bill.period import Period
from git_bill.ports import Books, DraftBranch, Snapshot
from git_bill.problem import Problem, Stop
from git_bill.worklog.entry import Worked

State = Literal["open", "approved", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A draft by name. `commit`: where it is read. `draft` None, with problems, where it can't be read.

    changed: it was approved, and its branch says something else since; what was approved is what is issued.
    """

    name: str
    commit: str
    state: State
    draft: Draft | None
    problems: tuple[Problem, ...] = ()

    @property
    def period(self) -> Period | None:
        """What it bills."""
        return Period(self.draft.first, self.draft.last) if self.draft and self.draft.first <= self.draft.last else None

    @property
    def gross(self) -> Money | None:
        """What it comes to; None where it can't be computed."""
        try:
            return draft_totals(self.draft).gross if self.draft else None
        except (ValueError, ZeroDivisionError):
            return None

    def minutes(self, worked: Mapping[str, Worked]) -> tuple[int, int]:
        """Minutes that it pins, and how many of them are confirmed."""
        pins = [pin for line in self.draft.lines for pin in line.entries.items()] if self.draft else []
        sure = (m for entry, m in pins if entry in worked and worked[entry].entry.state == "confirmed")
        return sum(minutes for _, minutes in pins), sum(sure)


def waiting(books: Books) -> tuple[Waiting, ...]:
    """All drafts that are not issued, by name: what is approved, as approved; else as the branch has it."""
    tip = books.tip()
    branches = {branch.name: branch for branch in books.drafts()}
    approved: dict[str, Waiting] = {}
    issued: frozenset[str] = frozenset()
    if tip is not None:
        there = books.at(tip)
        issued = frozenset(item.claim.draft for item in load.numbered(there) if item.invoice is not None)
        approved = {found.name: found for found in _approved(books, tip, there, branches)}
    opened = (_read(books.at(b.commit), b.name, b.commit, "open") for b in branches.values() if b.name not in approved)
    found = [*approved.values(), *(one for one in opened if one is not None)]
    return tuple(sorted((w for w in found if w.draft is None or w.draft.id not in issued), key=lambda w: w.name))


def _approved(books: Books, tip: str, there: Snapshot, branches: Mapping[str, DraftBranch]) -> Iterator[Waiting]:
    drafts, broken = load.drafts(there)
    for name in (*drafts, *broken):
        branch = branches.get(name)
        on_branch = books.at(branch.commit).read(draft_file(name)) if branch else None
        same = on_branch is None or on_branch == there.read(draft_file(name))
        found = _read(there, name, tip, "approved" if same else "changed")
        if found is not None:
            yield found


def _read(snapshot: Snapshot, name: str, commit: str, state: State) -> Waiting | None:
    """None where the file is gone: the branch holds no draft any more."""
    try:
        found = load.read_file(snapshot, Draft, draft_file(name))
    except Stop as stopped:
        return Waiting(name=name, commit=commit, state=state, draft=None, problems=stopped.problems)
    if found is None:
        return None
    return Waiting(name=name, commit=commit, state=state, draft=found.value, problems=found.problems)
