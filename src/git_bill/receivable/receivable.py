"""Receivables: what each issued document still asks for, as of any date. A fold over invoices and payments.

Rule. As of a day, of an invoice: asked (BT-115 less what the client keeps for the tax office) − settled by allocations
− written off − set off; what is then left is taken up by its credit notes as far as they reach. Of a credit note: what
its invoice did not take up, below zero, until it is paid out or set off. A payment counts from its booked day, a
document from its issue date, the others from the day they name. Whatever the order in which things are recorded, the
result is the same. Allocations, write-offs and set-offs never exceed what is asked (law 9: `excess`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from git_bill.invoice.issued import Invoice
from git_bill.money import Money, total
from git_bill.problem import Problem
from git_bill.receivable.booked import Booked


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivable:
    """One document as of a day; amounts in its currency. `client`: id of who pays.

    `asked`: below zero for a credit note. `settled`: by money; `written_off` and `set_off`: without. `credited`: taken
    up by credit notes; of a credit note what it gave to its invoice. `open` = asked − all of these, below zero where
    the issuer owes. `last`: the newest day on which money came for it.
    """

    number: str
    client: str
    issued: date
    due: date
    asked: Money
    settled: Money
    written_off: Money
    set_off: Money
    credited: Money
    open: Money
    last: date | None = None

    @property
    def is_paid(self) -> bool:
        """Whether nothing is left of an invoice because money came."""
        return not self.open and self.settled.amount > 0

    def may_lose(self, amount: Money) -> bool:
        """Whether so much of it can be written off."""
        return amount.currency == self.open.currency and 0 < amount.amount <= self.open.amount

    def days_late(self, today: date) -> int:
        """0 until the day after it was due, and where nothing is owed."""
        return max(0, (today - self.due).days) if self.open.amount > 0 else 0


def receivables(invoices: Iterable[Invoice], paid: Booked, as_of: date = date.max) -> tuple[Receivable, ...]:
    """Every document that was issued by then, by issue date and number, paid ones included."""
    known = [each for each in invoices if each.issue_date <= as_of]
    notes: dict[str, list[Invoice]] = defaultdict(list)
    for each in sorted(known, key=_order):
        if each.reverses is not None:
            notes[each.reverses.number].append(each)
    found: list[Receivable] = []
    for each in known:
        if each.reverses is None:
            found += _with_notes(each, notes.pop(each.number, []), paid, as_of)
    return tuple(sorted(found, key=lambda each: (each.issued, each.number)))


def payer_of(invoice: Invoice) -> str:
    """Id of the client who pays."""
    return invoice.bill_to or invoice.client_id


def misfits(invoices: Iterable[Invoice], paid: Booked) -> Iterator[Problem]:
    """Records that only a hand can have written and nobody can add up: two currencies, money that is not there."""
    currencies = {each.number: each.currency for each in invoices}
    for name in sorted(paid.lost):
        yield _wrong(f"{name} is allocated, but no file has it")
    for each in paid.allocations:
        moved = paid.remittances.get(each.remittance)
        if moved is not None and each.amount.currency != moved.amount.currency:
            yield _wrong(f"{each.id} takes {each.amount} of {moved.id}, which is in {moved.amount.currency}")
        settled = paid.remittances[each.returns].amount.currency if each.returns in paid.remittances else None
        yield from _of_one_currency(each.id, each.settles, settled or currencies.get(each.invoice))
    for lost in paid.write_offs:
        yield from _of_one_currency(lost.id, lost.amount, currencies.get(lost.invoice))
    for off in paid.set_offs:
        for number in (off.invoice, off.credit):
            yield from _of_one_currency(off.id, off.amount, currencies.get(number))


def _of_one_currency(name: str, amount: Money, currency: str | None) -> Iterator[Problem]:
    if currency is not None and amount.currency != currency:
        yield _wrong(f"{name} settles {amount} of what is in {currency}")


def excess(invoices: Iterable[Invoice], paid: Booked) -> Iterator[Problem]:
    """What breaks law 9: more allocated than a remittance has, or than an invoice asks for, or taken back than was
    paid; a number nobody issued. Amounts are of one currency: `misfits`.
    """
    by_number = {each.number: each for each in invoices}
    for remittance in {*paid.by_remittance, *(each.returns for each in paid.allocations if each.returns)}:
        if remittance not in paid.remittances:
            yield _wrong(f"{remittance} is allocated, but no file has it")
            continue
        rest, amount = paid.rest(remittance), paid.remittances[remittance].amount
        if rest.amount * amount.amount < 0 or abs(rest.amount) > abs(amount.amount):
            yield _wrong(f"{remittance} of {amount} would have {rest} left")
    numbers = {*paid.by_invoice, *paid.given_up, *paid.offset}
    for number in sorted(numbers):
        if number not in by_number:
            yield _wrong(f"{number} is paid, but was not issued")
            continue
        invoice = by_number[number]
        sign = 1 if invoice.reverses is None else -1
        left, settled = _left(invoice, paid, date.max), _parts(invoice, paid, date.max)["settled"]
        if left.amount * sign < 0:
            yield _wrong(f"{number} is settled by {-left * sign} more than it asks for")
        if settled.amount * sign < 0:
            yield _wrong(f"{-settled * sign} more of {number} was taken back than had been paid")


def _wrong(message: str) -> Problem:
    hint = "see what is recorded: git bill status --receivables; take one back: git bill paid --undo A-…"
    return Problem(rule="over-allocated", message=message, hint=hint)


def _order(invoice: Invoice) -> tuple[date, str]:
    return invoice.issue_date, invoice.number


def _with_notes(invoice: Invoice, notes: Sequence[Invoice], paid: Booked, as_of: date) -> Iterator[Receivable]:
    """An invoice takes up what its credit notes have left, the oldest first; each gives what was not paid out."""
    wanted = left = _left(invoice, paid, as_of)
    for note in notes:
        free = -_left(note, paid, as_of)  # what the note may still give
        given = max(min(left, free), Money.zero(invoice.currency))
        left = left - given
        yield _receivable(note, paid, as_of, -given)
    yield _receivable(invoice, paid, as_of, wanted - left)


def _receivable(invoice: Invoice, paid: Booked, as_of: date, credited: Money) -> Receivable:
    parts = _parts(invoice, paid, as_of)
    came = [
        paid.day(each)
        for each in paid.by_invoice.get(invoice.number, ())
        if paid.day(each) <= as_of and each.settles.amount > 0
    ]
    return Receivable(
        number=invoice.number,
        client=payer_of(invoice),
        issued=invoice.issue_date,
        due=invoice.due_date,
        asked=_asked(invoice),
        settled=parts["settled"],
        written_off=parts["written_off"],
        set_off=parts["set_off"],
        credited=credited,
        open=_left(invoice, paid, as_of) - credited,
        last=max(came, default=None),
    )


def _asked(invoice: Invoice) -> Money:
    amount = invoice.totals.to_transfer
    return amount if invoice.reverses is None else -amount


def _left(invoice: Invoice, paid: Booked, as_of: date) -> Money:
    """Asked, less all but what credit notes take up; below zero of a credit note."""
    return _asked(invoice) - total(_parts(invoice, paid, as_of).values(), invoice.currency)


def _parts(invoice: Invoice, paid: Booked, as_of: date) -> Mapping[str, Money]:
    number, currency = invoice.number, invoice.currency
    settled = (each.settles for each in paid.by_invoice.get(number, ()) if paid.day(each) <= as_of)
    written_off = (each.amount for each in paid.given_up.get(number, ()) if each.on <= as_of)
    set_off = (
        -each.amount if each.credit == number else each.amount
        for each in paid.offset.get(number, ())
        if each.on <= as_of
    )
    return {
        "settled": total(settled, currency),
        "written_off": total(written_off, currency),
        "set_off": total(set_off, currency),
    }
