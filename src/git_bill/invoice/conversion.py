"""Agreed prices and a document's own: in another currency, or without the tax that they hold (`prices = "gross"`).

Drafting reckons with agreed prices; at its end each line gets the document's, and keeps the agreed one beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.exchange import Quote, Quotes, converted
from git_bill.contract.party import Issuer
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.allowance import Allowance, of_document, signed
from git_bill.invoice.as_agreed import agreed_allowances
from git_bill.invoice.deposit import Deposit, deducted_by, deposits, is_deduction
from git_bill.invoice.document.locale import currency_of
from git_bill.invoice.draft import Conversion, Draft, Exchange, Line
from git_bill.invoice.issued import Invoice
from git_bill.invoice.part import EXPENSE
from git_bill.invoice.totals import draft_totals, is_computable, net_of, sums_of, totals
from git_bill.money import Money, round_half_up, total
from git_bill.problem import Problem

_NET_DECIMALS = 8  # of a price without the tax that it held: exact to the cent for quantities up to 100,000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """How a document's prices follow from its contract's. `tax`: its treatment; a line may have one of its own."""

    contract: Contract
    tax: Tax
    conversion: Conversion | None = None

    @property
    def differs(self) -> bool:
        """Whether a document's prices are others than the agreed ones."""
        return self.conversion is not None or self.contract.prices == "gross"

    @property
    def currency(self) -> str:
        """The document's."""
        other = self.contract.invoice_currency
        return other if self.conversion is not None and other is not None else self.contract.currency

    def price(self, agreed: Money, tax: Tax | None = None, *, taxed: bool = True) -> Money:
        """A document's unit price: converted to four decimals (below 1 to eight digits), without its tax to eight, from
        which a line's net is rounded once. `taxed`: the agreed price holds the tax, where the contract says so.
        """
        quote = self._quote
        percent = _percent(tax or self.tax) if taxed and self.contract.prices == "gross" else Decimal(0)
        if agreed.currency != self.contract.currency:
            return agreed
        if not percent:
            return agreed if quote is None else converted(agreed, quote).short()
        exact = agreed.amount * (quote.rate if quote else 1) / (1 + percent / 100)
        return Money(round_half_up(exact, _NET_DECIMALS), self.currency).short()

    def line(self, line: Line, paid: Sequence[Deposit] = ()) -> Line:
        """A line at the document's price. `paid`: deposits, which are deducted as they were billed."""
        deposit = deducted_by(line, paid)
        if deposit is None or deposit.billed.currency != self.currency:
            price = self.price(line.unit_price, line.tax, taxed=not _is_cost(line))
            return replace(line, unit_price=price, agreed=line.unit_price, reason=self._reason(line, price))
        price = deposit.worth(line.unit_price)
        was = f"; {line.unit_price} was {price} then" if price != line.unit_price else ""
        return replace(line, unit_price=price, agreed=line.unit_price, reason=f"{line.reason}{was}")

    def allowance(self, each: Allowance) -> Allowance:
        """A discount or surcharge of the document, in its currency and without the tax that an amount holds."""
        amount = None if each.amount is None else self.price(each.amount, each.tax).rounded()
        base = None if each.base is None else self.price(each.base, each.tax).rounded()
        return replace(each, amount=amount, base=base, agreed=each.amount)

    def agreed_allowance(self, each: Allowance) -> Allowance:
        """A discount or surcharge of the document, as it was agreed or would have been."""
        amount = None if each.amount is None else each.agreed or self._back(each.amount, each.tax, taxed=True).rounded()
        base = None if each.base is None else self._back(each.base, each.tax, taxed=True).rounded()
        return replace(each, amount=amount, base=base, agreed=None)

    def agreed(self, line: Line) -> Line:
        """A line at the agreed price; one that a person set is brought back to what was agreed."""
        if not self.differs or line.unit_price.currency != self.currency:
            return line
        price, taxed = line.agreed, not _is_cost(line)
        if price is None or (not is_deduction(line) and self.price(price, line.tax, taxed=taxed) != line.unit_price):
            price = self._back(line.unit_price, line.tax, taxed=taxed)
        return replace(line, unit_price=price, agreed=None, allowances=agreed_allowances(line, price))

    def _back(self, price: Money, tax: Tax | None, *, taxed: bool) -> Money:
        """What a price would have been agreed as, to four decimals."""
        rate = self.conversion.rate if self.conversion is not None else Decimal(1)
        percent = _percent(tax or self.tax) if taxed and self.contract.prices == "gross" else Decimal(0)
        return Money(round_half_up(price.amount * (1 + percent / 100) / rate, 4), self.contract.currency).short()

    def _reason(self, line: Line, price: Money) -> str:
        if not line.unit_price or price == line.unit_price:
            return line.reason
        how = f"at {conversion_text(self.conversion, self.currency)}" if self.conversion else "without tax"
        if self.conversion is not None and self.contract.prices == "gross":
            how += " without tax"
        return "; ".join(filter(None, (line.reason, f"{line.unit_price} is {price} {how}")))

    @property
    def _quote(self) -> Quote | None:
        found = self.conversion
        if found is None:
            return None
        return Quote(base=found.currency, currency=self.currency, rate=found.rate, on=found.on, source=found.source)


def conversion_text(conversion: Conversion, currency: str) -> str:
    """`1 EUR = 1.0895 USD (ECB, 2026-10-30)`"""
    rate = f"{conversion.rate.normalize():f}"
    return f"1 {conversion.currency} = {rate} {currency} ({conversion.source}, {conversion.on})"


def conversion_for(contract: Contract, quotes: Quotes, day: date) -> Conversion | Problem | None:
    """The rate of a day between the contract's currency and its invoices'; None where they are one."""
    other = contract.invoice_currency
    if other is None or other == contract.currency:
        return None
    found = quotes(contract.currency, other, day)
    if isinstance(found, Problem):
        return found
    return Conversion(currency=contract.currency, rate=found.rate, on=found.on, source=found.source)


def accounting_currency(issuer: Issuer, day: date) -> str | None:
    """The currency that the issuer's tax is declared in: told by the settings, else the country's on a day."""
    return issuer.currency or currency_of(issuer.country, day)


def exchange_for(draft: Draft, issuer: Issuer, quotes: Quotes, day: date) -> Exchange | Problem | None:
    """The rate at which tax is stated in the issuer's currency, too; None where none is charged, or it is in that.

    Directive 2006/112/EC Art. 230 and 91(2): the rate of the day on which the tax becomes chargeable.
    """
    own = accounting_currency(issuer, draft.last)
    if own is None or own == draft.currency or not is_computable(draft) or not draft_totals(draft).tax:
        return None
    found = quotes(draft.currency, own, day)
    if isinstance(found, Problem):
        return found
    return Exchange(currency=own, rate=found.rate, on=found.on, source=found.source)


def priced(draft: Draft, pricing: Pricing, invoices: Sequence[Invoice]) -> Draft:
    """A draft that was made with agreed prices, at the document's. `invoices`: the client's, with its deposits."""
    if not pricing.differs:
        return draft
    paid = tuple(deposits(invoices, draft.contract))
    return stated(
        replace(
            draft,
            currency=pricing.currency,
            conversion=pricing.conversion,
            lines=tuple(pricing.line(line, paid) for line in draft.lines),
            allowances=tuple(pricing.allowance(each) for each in draft.allowances),
        ),
        pricing,
    )


def repriced(draft: Draft, before: Pricing, now: Pricing) -> Draft:
    """With the lines that a person keeps at today's rate, where the price is not theirs; and the rounding."""
    if not now.differs:
        return draft

    def at_todays(line: Line) -> Line:
        if line.agreed is None or is_deduction(line):
            return line
        taxed = not _is_cost(line)
        if before.price(line.agreed, line.tax, taxed=taxed) != line.unit_price:
            return line
        return replace(line, unit_price=now.price(line.agreed, line.tax, taxed=taxed))

    return stated(replace(draft, lines=tuple(map(at_todays, draft.lines))), now)


def restated(draft: Draft, contracts: Iterable[Contract]) -> Draft:
    """With the rounding of its prices with tax, after somebody changed its lines."""
    contract = next((each for each in contracts if each.id == draft.contract), None)
    if contract is None:
        return draft
    return stated(draft, Pricing(contract=contract, tax=draft.tax, conversion=draft.conversion))


def stated(draft: Draft, pricing: Pricing) -> Draft:
    """With what rounds the amount due (BT-114) to the prices that were agreed with tax, as a consumer reckons them.

    What the law adds on top of a price (a fund's percentage, a stamp) is no part of it: then nothing is rounded.
    """
    by_hand = "rounding" in draft.set or not is_computable(draft)
    if pricing.contract.prices != "gross" or draft.tax.surcharges or by_hand:
        return draft
    found = totals(replace(sums_of(draft), rounding=None))
    difference = _agreed_sum(draft, pricing) - found.gross
    return replace(draft, rounding=difference.rounded() if difference else None)


def _agreed_sum(draft: Draft, pricing: Pricing) -> Money:
    """Quantity × price with tax, each line rounded, less discounts of the same; in the document's currency."""
    rate = pricing.conversion.rate if pricing.conversion is not None else Decimal(1)
    nets: list[tuple[Tax, Money]] = []
    for line in draft.lines:
        price = (
            pricing.agreed(line).unit_price if not _is_cost(line) else _with_tax(line.unit_price, line.tax or draft.tax)
        )
        if not _is_cost(line):
            price = Money(price.amount * rate, draft.currency)
        nets.append((line.tax or draft.tax, net_of(replace(line, unit_price=price))))
    gone = (
        replace(
            each,
            base=None if each.base is None else _with_tax(each.base, each.tax or draft.tax),
            amount=_gross_amount(each, draft, rate),
        )
        for each in draft.allowances
    )
    return total((*(net for _, net in nets), *map(signed, of_document(gone, nets))), draft.currency)


def _gross_amount(each: Allowance, draft: Draft, rate: Decimal) -> Money | None:
    if each.agreed is not None:
        return Money(each.agreed.amount * rate, draft.currency).rounded()
    return None if each.amount is None else _with_tax(each.amount, each.tax or draft.tax).rounded()


def _with_tax(net: Money, tax: Tax) -> Money:
    return net * (1 + _percent(tax) / 100)


def agreed_draft(draft: Draft, contract: Contract) -> Draft:
    """A draft's lines, discounts and surcharges at the agreed prices, to be compared with the contract."""
    pricing = Pricing(contract=contract, tax=draft.tax, conversion=draft.conversion)
    if not pricing.differs:
        return draft
    return replace(
        draft,
        currency=contract.currency,
        lines=tuple(map(pricing.agreed, draft.lines)),
        allowances=tuple(map(pricing.agreed_allowance, draft.allowances)),
    )


def _percent(tax: Tax) -> Decimal:
    """What a treatment adds to a price, in percent of it."""
    return sum((each.effective for each in tax.components), Decimal(0)) if tax.components else tax.rate


def _is_cost(line: Line) -> bool:
    """Whether a line passes on what was paid, which is no price that was agreed."""
    return any(item.startswith(EXPENSE) for item in line.bills)
