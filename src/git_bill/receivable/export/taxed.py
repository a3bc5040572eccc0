"""When tax falls due: each document's bases and taxes, spread over the days on which they count.

Rules (Directive 2006/112/EC; the German provisions beside them).
1. With the supply (Art. 63, UStG § 13(1) no. 1 a): the last day of the service; with the invoice (Art. 66(a)): its
   date. A payment before that day: the day it comes, pro rata (Art. 65, § 13(1) no. 1 a sentence 4). A deposit under
   the first rule: when it is paid.
2. With the payment (Art. 66(b), UStG § 20, § 13(1) no. 1 b): each payment pro rata; refunds and chargebacks take back.
3. A discount for paying early, a small difference or a loss lessens base and tax on its day (Art. 79(a), 90, UStG
   § 17), a credit note on its own. With the payment there is nothing to lessen: what never came never fell due.
   Where a state gives the tax of a loss back later (Art. 90(2)), its tax stays due.
4. Services to a business in another EU state (reverse charge, Art. 196) count with the supply, whatever else holds
   (Art. 66 second paragraph, UStG § 18b); the recapitulative statement too (Art. 262 to 264, UStG § 18a(8)).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from git_bill.money import Money, total
from git_bill.period import Period
from git_bill.receivable.export.document import Amount, Document, Group
from git_bill.receivable.export.move import Move, portion, shares, spent
from git_bill.receivable.export.settings import Basis

Why = Literal["document", "payment", "reduction"]
IsEu = Callable[[str], bool]
Moved = Mapping[str, Sequence[Move]]
_SHARED = frozenset({"AE", "K"})  # categories of the recapitulative statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxed:
    """A part of a document's tax group that counts on a day. Below zero: taken back."""

    day: date
    number: str
    client: str
    name: str
    country: str
    vat_id: str
    category: str
    rate: Decimal
    base: Amount
    tax: Amount
    why: Why


def taxed(documents: Iterable[Document], moved: Moved, basis: Basis, is_eu: IsEu) -> tuple[Taxed, ...]:
    """Of all documents, by day and number. They sum to the documents, less what is not due yet and what was lost.

    `moved`: number → moves, see `every_move`.
    """
    found = [
        each
        for document in documents
        for group in document.groups
        for each in _of_group(document, group, moved[document.number], basis, is_eu)
    ]
    return tuple(sorted(found, key=lambda each: (each.day, each.number)))


def due_by(document: Document, group: Group, basis: Basis, is_eu: IsEu) -> Basis:
    """The rule that holds for a group of a document."""
    return "supply" if is_recapitulated(document, group, is_eu) else basis


def is_recapitulated(document: Document, group: Group, is_eu: IsEu) -> bool:
    """Whether it goes into the recapitulative statement: reverse charge to a business in another EU state."""
    issuer, client = document.invoice.issuer.country, document.invoice.client.country
    return group.category in _SHARED and issuer != client and is_eu(issuer) and is_eu(client)


def recapitulative(documents: Iterable[Document], moved: Moved, is_eu: IsEu) -> tuple[Taxed, ...]:
    """What is declared for VAT ids of other EU states, by day (Art. 262 to 264)."""
    found = [
        each
        for document in documents
        for group in document.groups
        if is_recapitulated(document, group, is_eu)
        for each in _of_group(document, group, moved[document.number], "supply", is_eu)
    ]
    return tuple(sorted(found, key=lambda each: (each.day, each.number)))


def tax_day(document: Document, basis: Basis) -> date:
    """The day on which a document's tax counts that was not paid before; a credit note's is its own."""
    invoice = document.invoice
    return invoice.last if basis == "supply" and not document.is_credit else invoice.issue_date


def _of_group(document: Document, group: Group, moved: Sequence[Move], basis: Basis, is_eu: IsEu) -> Iterator[Taxed]:
    """The parts of a group, one for each day and reason."""
    counted: dict[tuple[date, Why], tuple[Amount, Amount]] = {}
    for day, why, base, tax in _parts(document, group, moved, due_by(document, group, basis, is_eu)):
        before = counted.get((day, why))
        counted[day, why] = (base, tax) if before is None else (_plus(before[0], base), _plus(before[1], tax))
    client = document.invoice.client
    for (day, why), (base, tax) in counted.items():
        if base.worth or tax.worth:
            yield Taxed(
                day=day,
                number=document.number,
                client=document.client,
                name=client.name,
                country=client.country,
                vat_id=client.vat_id or "",
                category=group.category,
                rate=group.rate,
                base=base,
                tax=tax,
                why=why,
            )


def _parts(
    document: Document, group: Group, moved: Sequence[Move], rule: Basis
) -> Iterator[tuple[date, Why, Amount, Amount]]:
    asked, day = document.asked.stated, tax_day(document, rule)
    by_payment = bool(asked) and is_by_payment(document, rule)
    base, tax = group.base, group.tax
    told = zip(moved, divided(base, asked, moved), divided(tax, asked, moved), strict=True)
    lost: list[tuple[date, Why, Amount, Amount]] = []
    for each, (base_received, base_lost), (tax_received, tax_lost) in told:
        if spent(each) and (by_payment or (each.day < day and each.kind != "credit")):
            yield each.day, "payment", base_received, tax_received
            base, tax = _plus(base, -base_received), _plus(tax, -tax_received)
        if each.reduced and not each.keeps_tax:
            lost.append((each.day, "reduction", -base_lost, -tax_lost))
    if not by_payment:
        yield day, "document", base, tax
        yield from lost


def is_by_payment(document: Document, rule: Basis) -> bool:
    """Whether only payments count: by the rule, or because nothing was supplied for a deposit yet."""
    return rule == "payment" or (rule == "supply" and document.invoice.kind == "deposit")


def divided(amount: Amount, asked: Money, moved: Sequence[Move]) -> list[tuple[Amount, Amount]]:
    """Of each move: what it settles of an amount by money, and what it lessens. All settled: all of it, to the cent."""
    if not asked:
        nothing = Amount(stated=amount.stated * 0, worth=amount.worth * 0)
        return [(nothing, nothing)] * len(moved)
    settles = [each.settles for each in moved]
    shared = zip(shares(amount.stated, asked, settles), shares(amount.worth, asked, settles), strict=True)
    result = []
    for (stated, worth), each in zip(shared, moved, strict=True):
        share = Amount(stated=stated, worth=worth)
        lost = share if not spent(each) else part_of(amount, asked, each.reduced)
        result.append((_plus(share, -lost), lost))
    return result


def part_of(amount: Amount, asked: Money, part: Money) -> Amount:
    """What of an amount falls on a part of what is asked."""
    share = Fraction(part.amount)
    return Amount(stated=portion(amount.stated, asked, share), worth=portion(amount.worth, asked, share))


def _plus(one: Amount, other: Amount) -> Amount:
    return Amount(stated=one.stated + other.stated, worth=one.worth + other.worth)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxSum:
    """What counts in a span of one tax treatment and country, in the books' currency."""

    span: str
    country: str
    category: str
    rate: Decimal
    base: Money
    tax: Money


def tax_sums(items: Iterable[Taxed], period: Period, every: Literal["month", "quarter"]) -> tuple[TaxSum, ...]:
    """By month or quarter, country, category and rate; what falls due outside the period is left out."""
    found: dict[tuple[str, str, str, Decimal], list[Taxed]] = {}
    for each in items:
        if each.day in period:
            found.setdefault((span_of(each.day, every), each.country, each.category, each.rate), []).append(each)
    return tuple(
        TaxSum(
            span=span,
            country=country,
            category=category,
            rate=rate,
            base=total((each.base.worth for each in some), some[0].base.worth.currency),
            tax=total((each.tax.worth for each in some), some[0].tax.worth.currency),
        )
        for (span, country, category, rate), some in sorted(found.items())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One row of the recapitulative statement. `names`: as documents state them."""

    quarter: str
    vat_id: str
    country: str
    name: str
    category: str
    base: Money


def declared(items: Iterable[Taxed], period: Period) -> tuple[Declared, ...]:
    """Of `recapitulative`: by quarter, VAT id and category (AE services, K goods)."""
    found: dict[tuple[str, str, str], list[Taxed]] = {}
    for each in items:
        if each.day in period:
            found.setdefault((span_of(each.day, "quarter"), each.vat_id, each.category), []).append(each)
    return tuple(
        Declared(
            quarter=quarter,
            vat_id=vat_id,
            country=some[-1].country,
            name=some[-1].name,
            category=category,
            base=total((each.base.worth for each in some), some[0].base.worth.currency),
        )
        for (quarter, vat_id, category), some in sorted(found.items())
    )


def span_of(day: date, every: Literal["month", "quarter"]) -> str:
    """`2026-11`, `2026-Q4`."""
    return f"{day:%Y-%m}" if every == "month" else f"{day.year}-Q{(day.month + 2) // 3}"
