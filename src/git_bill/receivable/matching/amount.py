"""How an amount fits what is open: exactly, less what explains the difference, in part, or not at all.

Amounts are integers of the smallest unit, so that they can be looked up; `Money` is made of them again for a match.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from git_bill.contract.exchange import Quotes
from git_bill.contract.terms import early_amount
from git_bill.money import Money, minor_units
from git_bill.problem import Problem
from git_bill.receivable.matching.kept import fee_bound, is_abroad, round_percent, speaks_of_discount
from git_bill.receivable.matching.match import Difference, Explained, Share
from git_bill.receivable.matching.open import Open
from git_bill.receivable.remittance import Remittance

_GRACE = timedelta(days=4)  # from ordering a payment to booking it, over a weekend
_SPREAD = Decimal("0.03")  # what a bank's rate may differ from the published one
_SMALLEST = 100  # a hundredth of the open amount: less is never applied (and seldom meant)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is open of an invoice, and what it may be paid with, in the smallest unit of its currency."""

    currency: str
    open: int
    early: int | None
    until: date
    withheld: int

    def less(self, booked: date) -> tuple[int, ...]:
        """Every amount that settles it, the open amount first."""
        early = () if self.early is None else (self.early,)
        kept = tuple(amount - self.withheld for amount in (self.open, *early)) if self.withheld else ()
        return (self.open, *early, *kept) if booked <= self.until else (self.open, *kept[:1])


@dataclass(frozen=True, slots=True)
class Received:
    """A remittance in the smallest unit: what reached the account, what was kept on the way, what was sent.

    `abroad`: it crossed a currency, or a border outside SEPA; `discount`: its text speaks of one.
    """

    currency: str
    amount: int
    fee: int
    booked: date
    sent: tuple[str, int] | None
    abroad: bool = False
    discount: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """How a remittance fits invoices. `kind` None: exactly. `sure`: the invoice's own terms or the bank say so.

    `why`: what keeps it from being applied, where there is more to say than `kind`.
    """

    kind: Difference | None
    sure: bool
    off: int = 0
    why: str = ""

    @property
    def rank(self) -> int:
        """2 where it is explained, 1 where it may be, 0 where it is not."""
        return 2 if self.sure else 1 if self.kind in {"fee", "exchange", "late-discount"} else 0


def units(money: Money) -> int:
    """In the smallest unit of its currency, rounded."""
    return int(money.amount.scaleb(minor_units(money.currency)).to_integral_value())


def money(amount: int, currency: str) -> Money:
    """Back from the smallest unit."""
    return Money(Decimal(amount).scaleb(-minor_units(currency)), currency)


def terms(invoice: Open) -> Terms:
    """Of an invoice."""
    early, until = None, date.min
    if invoice.early is not None and invoice.open.amount > 0:
        early = units(early_amount(invoice.early, invoice.open))
        until = invoice.issued + timedelta(days=invoice.early.days) + _GRACE
    withheld = units(invoice.withheld) if invoice.withheld is not None else 0
    return Terms(currency=invoice.open.currency, open=units(invoice.open), early=early, until=until, withheld=withheld)


def received(remittance: Remittance) -> Received:
    """Of a remittance."""
    amount, original = remittance.amount, remittance.original
    same = remittance.fee is not None and remittance.fee.currency == amount.currency
    return Received(
        currency=amount.currency,
        amount=units(amount),
        fee=abs(units(remittance.fee)) if same and remittance.fee is not None else 0,
        booked=remittance.booked,
        sent=(original.currency, abs(units(original))) if original is not None else None,
        abroad=is_abroad(remittance),
        discount=speaks_of_discount(remittance),
    )


def fit(got: Received, bills: Sequence[Terms], quotes: Quotes) -> Fit | None:
    """How it fits some invoices of one currency; None where the currencies have no rate, or nothing is open."""
    whole = sum(bill.open for bill in bills)
    if whole <= 0:
        return None
    if bills[0].currency != got.currency:
        return _exchanged(got, bills[0].currency, whole, quotes)
    if got.amount == whole:
        return Fit(None, True)
    if got.fee and got.amount + got.fee == whole:
        return Fit("fee", True, got.fee)
    return _less(got, bills, whole) or _apart(got, whole)


def _less(got: Received, bills: Sequence[Terms], whole: int) -> Fit | None:
    """A discount or withholding tax that accounts for the difference to the cent; fees on top of them don't."""
    if not any(bill.early is not None or bill.withheld for bill in bills):
        return None
    early = sum(bill.open if bill.early is None else bill.early for bill in bills)
    in_time = sum(bill.early if bill.early is not None and got.booked <= bill.until else bill.open for bill in bills)
    kept = sum(bill.withheld for bill in bills)
    for amount in {got.amount, got.amount + got.fee}:
        if amount == in_time != whole:
            return Fit("discount", True, whole - amount)
        if kept and amount in {whole - kept, in_time - kept}:
            return Fit("withholding", True, whole - amount)
        if amount == early != whole:
            return Fit("late-discount", False, whole - amount)
    return None


def _apart(got: Received, whole: int) -> Fit:
    """No term of the invoice explains it."""
    off = whole - got.amount
    if _swapped(str(got.amount), str(whole)):
        return Fit("slip", False, off)
    if off <= 0:
        return Fit("over", False, -off)
    if off > fee_bound(whole, got.currency):
        return Fit("part", False, off)
    why = _no_fee(got, whole, off)
    return Fit("part" if why else "fee", False, off, why)


def _no_fee(got: Received, whole: int, off: int) -> str:
    """Why what is missing was not kept by a bank on the way; "" where it may have been."""
    missing = money(off, got.currency)
    if got.discount:
        return f"its text speaks of a discount, and none explains the {missing} that are missing"
    if percent := round_percent(off, whole):
        return f"{percent} % is missing, as if it were a discount, and none is agreed"
    if off > fee_bound(whole, got.currency, abroad=got.abroad):
        return f"{missing} is missing, more than a bank keeps of a transfer within SEPA"
    return ""


def _swapped(one: str, other: str) -> bool:
    """Whether two neighbouring digits changed places: 1190.00 paid as 1910.00."""
    if len(one) != len(other):
        return False
    at = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return len(at) == 2 and at[1] == at[0] + 1 and one[at[0]] == other[at[1]] and one[at[1]] == other[at[0]]


def _exchanged(got: Received, currency: str, whole: int, quotes: Quotes) -> Fit | None:
    """In another currency: what the bank says was sent, or the day's published rate with what banks add to it."""
    if got.sent is not None and got.sent[0] == currency:
        sent = got.sent[1]
        if sent == whole:
            return Fit("exchange", True)
        told = _compared(f"the bank says that {money(sent, currency)} was sent", sent, whole, currency)
        return Fit("part" if sent < whole else "over", False, abs(whole - sent), told)
    quote = quotes(got.currency, currency, got.booked)
    if isinstance(quote, Problem):
        return None
    worth = units(Money(money(got.amount, got.currency).amount * quote.rate, currency))
    if abs(worth - whole) <= whole * _SPREAD:
        return Fit("exchange", False, abs(worth - whole))
    rate = f"at the rate of {quote.on} it is worth {money(worth, currency)}"
    told = _compared(rate, worth, whole, currency)
    return Fit("part" if worth < whole else "over", False, abs(whole - worth), told)


def _compared(told: str, worth: int, whole: int, currency: str) -> str:
    """By how much it differs from what is open: `…: 110.00 USD (9.2 %) less than is open`."""
    percent = Decimal(abs(whole - worth) * 100) / whole
    more = "less" if worth < whole else "more"
    return f"{told}: {money(abs(whole - worth), currency)} ({percent:.1f} %) {more} than is open"


def too_small(got: Received, bills: Sequence[Terms]) -> bool:
    """Whether it is less than a hundredth of what is open, where both are in one currency."""
    same = bills[0].currency == got.currency
    return same and got.amount * _SMALLEST < sum(bill.open for bill in bills)


def shares(got: Received, opens: Sequence[Open], bills: Sequence[Terms], how: Fit) -> tuple[Share, ...]:
    """What each invoice gets. Never more than was received, never more than is open of one.

    The oldest are filled first; what a bank kept is missing from the last. A credit note gives what is open of it.
    """
    due = _amounts_due(got, bills, how)
    credit = -sum(amount for amount in due if amount < 0)
    left = got.amount + credit
    found = []
    for at, (invoice, bill, asked) in enumerate(zip(opens, bills, due, strict=True)):
        if bill.currency != got.currency:
            amount = left * bill.open // sum(each.open for each in bills[at:])
            settles = bill.open if how.kind == "exchange" else _part_of(bill.open, got, amount, how)
        else:
            amount = min(asked, left)
            full = how.kind in {"fee", "discount", "withholding", "late-discount"} and amount > 0
            settles = bill.open if full or amount == bill.open else min(amount, bill.open)
        left -= max(0, amount)
        if amount:
            share = Share(
                invoice=invoice.number, amount=money(amount, got.currency), settles=money(settles, bill.currency)
            )
            found.append(share)
    return tuple(found)


def _part_of(open_amount: int, got: Received, amount: int, how: Fit) -> int:
    """A part payment in another currency: what was sent of it, or what the rate leaves."""
    if how.kind == "over":
        return open_amount
    whole = got.sent[1] if got.sent is not None else open_amount - how.off
    return max(0, min(open_amount, whole * amount // max(1, got.amount)))


def _amounts_due(got: Received, bills: Sequence[Terms], how: Fit) -> list[int]:
    """What each invoice asks for under the terms that explain the amount."""
    if how.kind == "discount":
        return [bill.early if bill.early is not None and got.booked <= bill.until else bill.open for bill in bills]
    if how.kind == "late-discount":
        return [bill.open if bill.early is None else bill.early for bill in bills]
    if how.kind == "withholding":
        early = sum(bill.open for bill in bills) - sum(bill.withheld for bill in bills) != got.amount
        return [
            (bill.early if early and bill.early is not None and got.booked <= bill.until else bill.open) - bill.withheld
            for bill in bills
        ]
    return [bill.open for bill in bills]


def explained(got: Received, currency: str, how: Fit) -> Explained | None:
    """The difference in words; None where there is none."""
    if how.kind is None:
        return None
    off = money(how.off, currency)
    said = {
        "fee": f"{off} was kept by a bank on the way" + ("" if how.sure else ", as far as anyone can tell"),
        "discount": f"{off} is the discount for paying early",
        "late-discount": f"{off} is the discount for paying early, but it came too late for that",
        "withholding": f"{off} was kept for the tax office",
        "exchange": f"paid in {got.currency}" + (f"; {off} off the day's rate" if how.off else ""),
        "part": f"a part; {off} stays open",
        "over": f"{off} more than is open",
        "slip": "two digits of the amount changed places",
        "twice": f"{off} was paid before",
    }
    return Explained(kind=how.kind, amount=off, text=said[how.kind])
