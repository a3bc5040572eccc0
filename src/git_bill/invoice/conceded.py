"""How far a draft stays below what was agreed: what a person took off, and nothing that the contract grants."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.ratecard import Price
from git_bill.contract.rounding import billed_minutes
from git_bill.invoice.allowance import Allowance, of_document, of_line, signed
from git_bill.invoice.basis import Basis
from git_bill.invoice.conversion import agreed_draft
from git_bill.invoice.discounting import on_invoice, on_lines
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.part import Kept, Scope
from git_bill.invoice.rating import earlier_pieces, line_pieces
from git_bill.invoice.retaining import hourly_prices
from git_bill.invoice.totals import line_net, net_of
from git_bill.money import Money, total
from git_bill.period import Period


def conceded(draft: Draft, basis: Basis, contract: Contract) -> Decimal:
    """In percent: of the lines that are below what they should ask, or of all lines, whichever is more."""
    draft = agreed_draft(draft, contract)
    scope = Scope(basis=basis, contract=contract, period=Period(draft.first, draft.last), items=(), kept=Kept())
    pairs = [pair for pair in _agreed_and_asked(draft, scope) if pair[0].amount > 0]
    zero = Money.zero(draft.currency)
    touched = [(agreed, asked) for agreed, asked in pairs if agreed != asked]
    off = total((agreed - asked for agreed, asked in touched), draft.currency)
    whole = max(off + _off_document(draft, scope), zero, key=_amount)
    return max(
        _percent(off, total((agreed for agreed, _ in touched), draft.currency)),
        _percent(whole, total((agreed for agreed, _ in pairs), draft.currency)),
    )


def _agreed_and_asked(draft: Draft, scope: Scope) -> Iterator[tuple[Money, Money]]:
    """What each line would come to as agreed, and what it comes to.

    Work by the hour is priced by the lowest fitting rate. What a fee, a retainer or a milestone bills, or a person
    added, is worth what it says before discounts.
    """
    basis, contract = scope.basis, scope.contract
    earlier = earlier_pieces(basis, contract)
    minutes = billed_minutes(line_pieces(draft.lines, basis), contract.rounding, earlier)
    for index, line in enumerate(draft.lines):
        prices = () if line.bills else hourly_prices(line, basis, contract)
        rates = [found.amount for found in prices if isinstance(found, Price)]
        gross = line_net(line.quantity, line.unit_price, line.base_quantity)
        if rates:
            gross = line_net(Decimal(minutes.get(index, 0)), min(rates, key=_amount), Decimal(60))
        granted = of_line(_granted(line, scope), gross)
        yield total((gross, *map(signed, granted)), draft.currency), net_of(line)


def _granted(line: Line, scope: Scope) -> Iterator[Allowance]:
    """The contract's own discounts and surcharges on a line of time."""
    if not any(item.startswith("milestone:") for item in line.bills):
        yield from on_lines(scope, (replace(line, allowances=()),))[0].allowances


def _off_document(draft: Draft, scope: Scope) -> Money:
    """How much less the whole comes to than with the contract's own discounts and surcharges."""
    nets = [(line.tax or draft.tax, net_of(line)) for line in draft.lines]
    agreed = of_document(on_invoice(scope, draft.lines), nets)
    told = of_document(draft.allowances, nets)
    return total(map(signed, agreed), draft.currency) - total(map(signed, told), draft.currency)


def _percent(part: Money, whole: Money) -> Decimal:
    return part.amount * 100 / whole.amount if whole.amount > 0 else Decimal(0)


def _amount(money: Money) -> Decimal:
    return money.amount
