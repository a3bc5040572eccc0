"""Issued documents as the books see them: signed amounts, each also in the books' currency."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from git_bill.contract.exchange import Quote, Quotes
from git_bill.invoice.issued import Invoice
from git_bill.money import Money, split, total
from git_bill.problem import Problem
from git_bill.receivable.receivable import payer_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An amount as stated, and what it is worth in the books' currency."""

    stated: Money
    worth: Money

    def __neg__(self) -> "Amount":
        return Amount(stated=-self.stated, worth=-self.worth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One tax treatment of a document (BG-23)."""

    category: str
    rate: Decimal
    base: Amount
    tax: Amount

    @property
    def treatment(self) -> str:
        """`S:19`, `AE:0`."""
        return f"{self.category}:{self.rate.normalize():f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An invoice, or with all signs turned a credit note. `quote`: what its worth is reckoned with, None in own money.

    asked = Σ groups + rounding − prepaid − withheld, as stated and in worth.
    """

    invoice: Invoice
    groups: tuple[Group, ...]
    asked: Amount
    withheld: Amount
    prepaid: Amount
    rounding: Amount
    quote: Quote | None = None

    @property
    def number(self) -> str:
        """BT-1."""
        return self.invoice.number

    @property
    def client(self) -> str:
        """Id of who pays."""
        return payer_of(self.invoice)

    @property
    def is_credit(self) -> bool:
        """Whether it takes back."""
        return self.invoice.reverses is not None


def documents(invoices: Iterable[Invoice], currency: str, quotes: Quotes) -> tuple[dict[str, Document], list[Problem]]:
    """By number, in the order of issue. A problem for each whose worth in the books' currency nobody knows.

    The rate is the one that the document states (BT-111, frozen with it), else the last that was published on its day
    (Directive 2006/112/EC Art. 91(2)). A credit note has that of its invoice, so that both cancel out.
    """
    every = sorted(invoices, key=lambda each: (each.issue_date, each.number))
    by_number = {each.number: each for each in every}
    found: dict[str, Document] = {}
    problems: list[Problem] = []
    for invoice in every:
        quote = _quote(invoice, by_number, currency, quotes)
        if isinstance(quote, Problem):
            problems.append(quote)
        else:
            found[invoice.number] = _document(invoice, currency, quote)
    return found, problems


def worth(money: Money, currency: str, quote: Quote | None) -> Money:
    """In the books' currency, rounded; as it is where it is in that. Raises ValueError for another quote's money."""
    if money.currency == currency:
        return money.rounded()
    if quote is None or (quote.base, quote.currency) != (money.currency, currency):
        raise ValueError(f"{quote} is no rate between {money.currency} and {currency}")
    return Money((money * quote.rate).amount, currency).rounded()


def _quote(invoice: Invoice, by_number: Mapping[str, Invoice], currency: str, quotes: Quotes) -> Quote | Problem | None:
    if invoice.currency == currency:
        return None
    origin = by_number.get(invoice.reverses.number, invoice) if invoice.reverses is not None else invoice
    stated = origin.exchange or invoice.exchange
    if stated is not None and stated.currency == currency:
        return Quote(base=invoice.currency, currency=currency, rate=stated.rate, on=stated.on, source=stated.source)
    return quotes(invoice.currency, currency, origin.issue_date)


def _document(invoice: Invoice, currency: str, quote: Quote | None) -> Document:
    sign = 1 if invoice.reverses is None else -1
    totals = invoice.totals

    def amount(money: Money | None) -> Amount:
        stated = (money or Money.zero(invoice.currency)) * sign
        return Amount(stated=stated, worth=worth(stated, currency, quote))

    groups = tuple(
        Group(category=each.category, rate=each.rate, base=amount(each.base), tax=amount(each.tax))
        for each in totals.groups
    )
    if quote is not None and totals.exchanged_tax is not None and totals.exchanged_tax.currency == currency:
        groups = _as_stated(groups, totals.exchanged_tax * sign)
    withheld, prepaid, rounding = amount(totals.withheld), amount(totals.prepaid), amount(totals.rounding)
    sums = [each for group in groups for each in (group.base, group.tax)]
    asked = total((each.worth for each in (*sums, rounding, -prepaid, -withheld)), currency)
    return Document(
        invoice=invoice,
        groups=groups,
        asked=Amount(stated=totals.to_transfer * sign, worth=asked),
        withheld=withheld,
        prepaid=prepaid,
        rounding=rounding,
        quote=quote,
    )


def _as_stated(groups: Sequence[Group], tax: Money) -> tuple[Group, ...]:
    """With the tax that the document states in the books' currency (BT-111): the groups' taxes sum to it exactly."""
    weights = [abs(group.tax.stated.amount) for group in groups]
    mixed = len({group.tax.stated.amount > 0 for group in groups if group.tax.stated}) > 1
    if not any(weights) or mixed:
        off = tax - total((group.tax.worth for group in groups), tax.currency)
        parts = [group.tax.worth + (off if at == 0 else off * 0) for at, group in enumerate(groups)]
    else:
        parts = list(split(tax, weights))
    return tuple(
        Group(
            category=group.category,
            rate=group.rate,
            base=group.base,
            tax=Amount(stated=group.tax.stated, worth=part),
        )
        for group, part in zip(groups, parts, strict=True)
    )
