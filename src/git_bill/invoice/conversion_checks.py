"""Checks of what a draft was converted with, and of what rounds its amount due."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.exchange import Quote
from git_bill.invoice.basis import Basis
from git_bill.invoice.conversion import Pricing, stated
from git_bill.invoice.deposit import deducted_by, deposits
from git_bill.invoice.draft import Conversion, Draft, Exchange
from git_bill.invoice.drafting import update_command
from git_bill.invoice.finding import Finding, finding
from git_bill.layout import RATES

_LITTLE, _MUCH = Decimal(3), Decimal(25)  # percent off the published rate: worth a word, and no rate of that day at all
_COIN = Decimal(1)  # amounts due are rounded to less than one unit of a currency


def conversion_findings(draft: Draft, basis: Basis, contract: Contract) -> Iterator[Finding]:
    """Everything about rates of exchange and rounding of a well-formed draft."""
    if draft.conversion is not None:
        yield from _rate(draft.conversion, draft.conversion.currency, draft.currency, basis, "conversion")
    if draft.exchange is not None:
        yield from _rate(draft.exchange, draft.currency, draft.exchange.currency, basis, "exchange")
    yield from _deducted(draft, basis, contract)
    yield from _rounding(draft, contract)


def _deducted(draft: Draft, basis: Basis, contract: Contract) -> Iterator[Finding]:
    """What was paid in advance in the document's own currency comes off as it was billed, whatever the rate is now."""
    paid = tuple(deposits(basis.issued, contract.id))
    for index, line in enumerate(draft.lines):
        deposit = deducted_by(line, paid) if line.agreed is not None else None
        if deposit is None or line.agreed is None or deposit.billed.currency != draft.currency:
            continue
        if line.unit_price < (due := deposit.worth(line.agreed)):
            message = f"line {index + 1} takes off {line.unit_price}, {due} were paid in advance"
            hint = f"bring it up to date: {update_command(draft)}"
            yield finding("not-as-agreed", message, hint, at=("lines", index, "unit_price"))


def _rate(used: Conversion | Exchange, base: str, currency: str, basis: Basis, key: str) -> Iterator[Finding]:
    """A rate that is far from what is known of its day. Where nothing is known, its source is all there is."""
    known = basis.quotes(base, currency, used.on)
    if not isinstance(known, Quote):
        return
    off = abs(used.rate / known.rate - 1) * 100
    if off <= _LITTLE:
        return
    message = f"1 {base} = {used.rate.normalize():f} {currency} is {off:.0f} % off: {known}"
    hint = f'if it is right, write it into {RATES}: base = "{base}", currency = "{currency}", on = {used.on}, …'
    yield finding("rate-off", message, hint, severity="error" if off > _MUCH else "warning", at=(key,))


def _rounding(draft: Draft, contract: Contract) -> Iterator[Finding]:
    """What rounds the amount due is less than a unit; with prices with tax it is what they leave open."""
    if contract.prices == "gross":
        pricing = Pricing(contract=contract, tax=draft.tax, conversion=draft.conversion)
        right = stated(replace(draft, set=()), pricing).rounding
        if right != draft.rounding:
            said, told = draft.rounding or "nothing", right or "nothing"
            message = f"the amount due is rounded by {said}, its prices with tax leave {told} open"
            yield finding("rounding", message, f"bring it up to date: {update_command(draft)}", at=("rounding",))
    elif draft.rounding is not None and abs(draft.rounding.amount) >= _COIN:
        message = f"the amount due is rounded by {draft.rounding}, a whole unit or more"
        yield finding("rounding", message, "a discount is an allowance: allowances = [{ … }]", at=("rounding",))
