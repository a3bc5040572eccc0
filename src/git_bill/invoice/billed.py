"""Worked and billed are two facts in two places; what is unbilled is their difference, a fold (decision D5)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from git_bill.invoice.credited import gives_back, reduced
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice
from git_bill.worklog.entry import Worked


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What issued invoices say of entries. `by`: the one that settled an entry for good; `minutes`: billed of it."""

    by: Mapping[str, str]
    minutes: Mapping[str, int]

    def open(self, entry: str, worked: int) -> int:
        """Of an entry's worked minutes, those that no invoice has billed or settled yet."""
        return 0 if entry in self.by else max(0, worked - self.minutes.get(entry, 0))


def standing(issued: Iterable[Invoice]) -> tuple[Invoice, ...]:
    """What counts as billed, by date and number: invoices without what their credit notes took back."""
    every = tuple(issued)
    notes = credit_notes(every)
    left = (reduced(invoice, notes.get(invoice.number, ())) for invoice in every if invoice.reverses is None)
    found = (invoice for invoice in left if invoice is not None)
    return tuple(sorted(found, key=lambda invoice: (invoice.issue_date, invoice.number)))


def credit_notes(issued: Iterable[Invoice]) -> Mapping[str, Sequence[Invoice]]:
    """Number of an invoice → its credit notes, by date and number."""
    found: dict[str, list[Invoice]] = defaultdict(list)
    for note in sorted(issued, key=lambda each: (each.issue_date, each.number)):
        if note.reverses is not None:
            found[note.reverses.number].append(note)
    return found


def settled(issued: Iterable[Invoice], *, returning: Collection[str] = ()) -> Settled:
    """The fold over all documents. An entry that an invoice lists is settled whole, whatever time was charged, except
    for what it says it carries over. One that a credit note gave back since is not: its other minutes are.

    `returning`: entries that come back with a credit note that is not issued yet.
    """
    every = tuple(issued)
    back = _given_back(every)
    by: dict[str, str] = {}
    minutes: dict[str, int] = defaultdict(int)
    for invoice in standing(every):
        waived = {entry: left.minutes for entry, left in invoice.not_billed.items() if left.then == "waive"}
        carried = {entry for entry, left in invoice.not_billed.items() if left.then == "carry"}
        for entry, billed in (pin for line in invoice.lines for pin in line.entries.items()):
            minutes[entry] += billed
        for entry in {*waived, *(entry for line in invoice.lines for entry in line.entries)} - carried:
            notes = back.get(entry, {})
            since = invoice.number in notes or any(day > invoice.issue_date for day in notes.values())
            if since or entry in returning:
                minutes[entry] += waived.get(entry, 0)
            else:
                by[entry] = invoice.number
    return Settled(by=by, minutes=dict(minutes))


def _given_back(issued: Iterable[Invoice]) -> Mapping[str, Mapping[str, date]]:
    """Entries of which credit notes gave minutes back: of which invoices, and when last."""
    found: dict[str, dict[str, date]] = defaultdict(dict)
    for number, notes in credit_notes(issued).items():
        for note in filter(gives_back, notes):
            for entry in (entry for line in note.lines for entry in line.entries):
                found[entry][number] = note.issue_date
    return found


def unbilled(worked: Iterable[Worked], issued: Iterable[Invoice]) -> tuple[tuple[Worked, int], ...]:
    """Entries with the minutes that no issued document settles, as far as there are any. Unproven time is not work."""
    done = settled(issued)
    rest = ((item, done.open(item.id, item.entry.minutes)) for item in worked if item.entry.state != "unproven")
    return tuple((item, minutes) for item, minutes in rest if minutes > 0)


def billed_minutes(draft: Draft) -> Mapping[str, int]:
    """Entry → minutes of it that a draft's lines stand for."""
    held: dict[str, int] = defaultdict(int)
    for line in draft.lines:
        for entry, minutes in line.entries.items():
            held[entry] += minutes
    return dict(held)


def pinned(draft: Draft) -> Mapping[str, int]:
    """Entry → minutes that an open draft lays hold of, carried ones left out. A credit note gives them back."""
    if draft.reverses is not None:
        return {}
    held = {**billed_minutes(draft)}
    for entry, left in draft.not_billed.items():
        if left.then == "waive":
            held[entry] = held.get(entry, 0) + left.minutes
    return held
