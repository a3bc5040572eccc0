"""Moves: what takes something off an issued document after its day, and how much of that the client really spent.

Rule. Taxable is everything that the client spends for the supply (Directive 2006/112/EC Art. 73): a bank's fee and a
tax that the client keeps don't lessen it, a discount for paying early does (Art. 79(a), UStG § 17(1)), and so does what
is never paid (Art. 90, UStG § 17(2) no. 1).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from git_bill.contract.terms import early_amount
from git_bill.money import Money, split, total
from git_bill.receivable.booked import Booked
from git_bill.receivable.export.document import Document
from git_bill.receivable.export.settings import Relief
from git_bill.receivable.payment import Allocation, WriteOff
from git_bill.receivable.receivable import receivables

Kind = Literal["payment", "write-off", "set-off", "credit"]
_BAD_DEBT = "uncollectable"  # why something is written off


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """`settles` = `paid` + `fee` + `withheld` + `reduced`, in the document's currency and with its sign.

    `paid`: by money, a set-off, or a credit note that the invoice takes up; `reduced`: a discount, a small difference,
    or what is never paid. `source`: id of the allocation, write-off or set-off. `across`: paid in another currency, so
    a fee is no part of it. `keeps_tax`: the tax of what is never paid stays due, until an office gives it back.
    """

    day: date
    source: str
    kind: Kind
    number: str
    settles: Money
    paid: Money
    fee: Money
    withheld: Money
    reduced: Money
    reason: str = ""
    across: bool = False
    keeps_tax: bool = False


def moves(document: Document, paid: Booked) -> tuple[Move, ...]:
    """All of a document, by day, what takes back last, and id: whatever the order in which they were recorded."""
    number = document.number
    found: list[Move] = []
    for each in sorted(paid.by_invoice.get(number, ()), key=lambda each: _in_time(document, each, paid)):
        back = _takes_back(document, each.settles)
        found.append(_back(each, found, paid) if back else _payment(document, each, paid))
    found += [_write_off(each) for each in paid.write_offs if each.invoice == number]
    for off in paid.set_offs:
        if number in {off.credit, off.invoice}:
            amount = off.amount if off.invoice == number else -off.amount
            found.append(_move(off.on, off.id, "set-off", number, amount, paid=amount))
    return tuple(sorted(found, key=lambda each: (each.day, _takes_back(document, each.settles), each.source)))


def _in_time(document: Document, each: Allocation, paid: Booked) -> tuple[date, bool, str]:
    return paid.day(each), _takes_back(document, each.settles), each.id


def _takes_back(document: Document, settles: Money) -> bool:
    return settles.amount * document.asked.stated.amount < 0


def every_move(documents: Mapping[str, Document], paid: Booked, relief: Relief) -> dict[str, tuple[Move, ...]]:
    """Of all documents by number, and what invoices take up of their credit notes as if these were set off.

    That way all of an invoice's tax is due once nothing of it is open, and all of a credit note's is taken back.
    """
    found = {
        number: tuple(replace(m, keeps_tax=relief == "later" and m.reason == _BAD_DEBT) for m in moves(document, paid))
        for number, document in documents.items()
    }
    families: dict[str, list[Document]] = {}
    for document in documents.values():
        reverses = document.invoice.reverses
        if reverses is not None and reverses.number in documents:
            families.setdefault(reverses.number, [documents[reverses.number]]).append(document)
    for family in families.values():
        days = {each.invoice.issue_date for each in family} | {m.day for d in family for m in found[d.number]}
        for number, taken in _taken_up(family, paid, sorted(days)).items():
            found[number] = tuple(sorted((*found[number], *taken), key=lambda each: (each.day, each.source)))
    return found


def _taken_up(family: Sequence[Document], paid: Booked, days: Iterable[date]) -> dict[str, list[Move]]:
    """What an invoice and its credit notes give each other, on each day on which that changes."""
    found: dict[str, list[Move]] = {}
    before = {each.number: Money.zero(each.invoice.currency) for each in family}
    for day in days:
        for each in receivables([document.invoice for document in family], paid, day):
            more = each.credited - before[each.number]
            before[each.number] = each.credited
            if more:
                source = f"{each.number}-{day}"
                found.setdefault(each.number, []).append(_move(day, source, "credit", each.number, more, paid=more))
    return found


def shares(whole: Money, asked: Money, parts: Sequence[Money]) -> tuple[Money, ...]:
    """What of an amount falls on each part of what is asked: rounded, so that all parts together get all of it."""
    result, gone, given = [], Fraction(0), Money.zero(whole.currency)
    for part in parts:
        gone += Fraction(part.amount)
        now = portion(whole, asked, gone)
        result.append(now - given)
        given = now
    return tuple(result)


def portion(whole: Money, asked: Money, part: Fraction) -> Money:
    """whole × part ÷ asked, rounded half away from zero as amounts are; nothing of what asks for nothing."""
    if not asked:
        return Money.zero(whole.currency)
    exact = Fraction(whole.amount) * part / Fraction(asked.amount)
    return Money(Decimal(exact.numerator) / Decimal(exact.denominator), whole.currency).rounded()


def fee_of(allocation: Allocation, paid: Booked) -> Money | None:
    """What bank or provider kept of an allocation's money, below zero what it gave back; None where nobody says."""
    remittance = paid.remittances[allocation.remittance]
    if remittance.fee is None or not remittance.fee:
        return None
    every = paid.by_remittance[allocation.remittance]
    weights = [abs(each.amount.amount) for each in every]
    if not any(weights):
        return None
    parts = split(remittance.fee, weights)
    return next(part for part, each in zip(parts, every, strict=True) if each.id == allocation.id)


def _payment(document: Document, each: Allocation, paid: Booked) -> Move:
    zero = Money.zero(each.settles.currency)
    if each.amount.currency != each.settles.currency:
        return _across(each, paid)
    gap, known, withheld, reduced = each.settles - each.amount, _known(each, paid), zero, zero
    if each.difference == "withholding":
        fee = known if zero < known < gap else zero
        withheld = gap - fee
    elif each.difference in {"discount", "late-discount"}:
        fee = known if gap - known == _early(document) else zero
        reduced = gap - fee
    elif each.difference == "fee" or gap == known:
        fee = gap
    else:
        fee, reduced = zero, gap
    reason = each.difference or ""
    return _paid(each, paid, fee=fee, withheld=withheld, reduced=reduced, reason=reason)


def _back(each: Allocation, before: Sequence[Move], paid: Booked) -> Move:
    """A refund of a payment or a chargeback: what it lacks is what the payment lacked; then its own fee, or one that
    came back."""
    if each.amount.currency != each.settles.currency:
        return _across(each, paid)
    currency = each.settles.currency
    gap = each.settles - each.amount
    rest = gap - _known(each, paid)
    reduced = _undone(rest, total((move.reduced for move in before), currency))
    withheld = _undone(rest - reduced, total((move.withheld for move in before), currency))
    reason = next((move.reason for move in reversed(before) if move.reduced), "")
    return _paid(each, paid, fee=gap - reduced - withheld, withheld=withheld, reduced=reduced, reason=reason)


def _undone(rest: Money, before: Money) -> Money:
    """What of a difference takes back one from before: of the other sign, and no more than there was."""
    if rest.amount * before.amount >= 0:
        return rest * 0
    return rest if abs(rest.amount) <= abs(before.amount) else -before


def _known(each: Allocation, paid: Booked) -> Money:
    told = fee_of(each, paid)
    return told if told is not None and told.currency == each.settles.currency else Money.zero(each.settles.currency)


def _across(each: Allocation, paid: Booked) -> Move:
    """In another currency nothing is said to be missing: what is, the rate made."""
    return _move(paid.day(each), each.id, "payment", each.invoice, each.settles, paid=each.settles, across=True)


def _paid(each: Allocation, paid: Booked, *, fee: Money, withheld: Money, reduced: Money, reason: str) -> Move:
    return _move(
        paid.day(each),
        each.id,
        "payment",
        each.invoice,
        each.settles,
        paid=each.amount,
        fee=fee,
        withheld=withheld,
        reduced=reduced,
        reason=reason,
    )


def _write_off(each: WriteOff) -> Move:
    zero = Money.zero(each.amount.currency)
    fee = each.amount if each.as_ == "fee" else zero
    return _move(
        each.on, each.id, "write-off", each.invoice, each.amount, fee=fee, reduced=each.amount - fee, reason=each.as_
    )


def _move(
    day: date,
    source: str,
    kind: Kind,
    number: str,
    settles: Money,
    *,
    reason: str = "",
    across: bool = False,
    **parts: Money,
) -> Move:
    zero = Money.zero(settles.currency)
    every = {name: parts.get(name, zero) for name in ("paid", "fee", "withheld", "reduced")}
    return Move(
        day=day,
        source=source,
        kind=kind,
        number=number,
        settles=settles,
        reason=reason,
        across=across,
        keeps_tax=False,
        **every,
    )


def _early(document: Document) -> Money:
    terms, asked = document.invoice.early_payment, document.asked.stated
    return asked - early_amount(terms, asked) if terms is not None else asked


def spent(moved: Move) -> Money:
    """What counts as received for tax: everything but what lessens the price."""
    return moved.settles - moved.reduced
