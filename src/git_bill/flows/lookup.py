"""What a word on the command line means: a draft, a number, an entry."""

from collections.abc import Mapping
from dataclasses import dataclass

from git_bill.flows import load
from git_bill.flows.waiting import Waiting, waiting
from git_bill.invoice.issued import Invoice
from git_bill.ports import Books, Snapshot
from git_bill.problem import Exit, Stop, nearest, stop
from git_bill.worklog.entry import Worked
from git_bill.worklog.query import named

Meant = Waiting | load.Numbered | Worked


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that has a name. `tip`: the state of the books branch; `here`: what commands read entries from."""

    here: Snapshot
    tip: Snapshot
    drafts: Mapping[str, Waiting]
    numbers: Mapping[str, load.Numbered]
    worked: Mapping[str, Worked]

    @property
    def issued(self) -> tuple[Invoice, ...]:
        """All documents that are issued."""
        return tuple(item.invoice for item in self.numbers.values() if item.invoice is not None)

    def find(self, word: str) -> Meant | None:
        """A draft's name, branch or id, a number, the beginning of an entry's id. Stops (exit 1) at several entries.

        The name of a draft that was issued means its invoice.
        """
        name = word.removeprefix("bill/")
        by_id = {found.draft.id: found for found in self.drafts.values() if found.draft is not None}
        own = [item for item in self.numbers.values() if item.claim.cancels is None]
        issued = {key: item for item in own for key in (item.claim.name, item.claim.draft)}
        numbers = {**issued, **self.numbers}
        meant = self.drafts.get(name) or by_id.get(word) or numbers.get(name) or numbers.get(word.upper())
        if meant is not None:
            return meant
        entries, problems = named([word], tuple(self.worked.values()))
        if any(problem.rule == "ambiguous-entry" for problem in problems):
            raise Stop(Exit.PROBLEMS, problems)
        return entries[0] if entries else None

    def nothing(self, word: str, *others: str) -> Stop:
        """The Stop for a word that means nothing, with what it may have meant."""
        near = nearest(word, [*self.drafts, *self.numbers, *others])
        what = "a draft, a number or an entry"
        hint = f"did you mean {near}?" if near else "see them with: git bill show --open, git bill log"
        return stop(Exit.PROBLEMS, "unknown-subject", f"{word!r} is not {what} of these books", hint)


def known(books: Books) -> Known:
    """Read all names. Stops (exit 3) at files that can't be read."""
    here, tip = books.here(), books.tip()
    there = books.at(tip) if tip else here
    return Known(
        here=here,
        tip=there,
        drafts={found.name: found for found in waiting(books)},
        numbers={item.claim.number: item for item in load.numbered(there)},
        worked={item.id: item for item in load.worked(here)},
    )
