"""What discounts and surcharges add to what was agreed: surcharges that no contract gives, its discounts left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from git_bill.contract.agreement import Contract
from git_bill.invoice.allowance import Allowance, of_document, of_line
from git_bill.invoice.basis import Basis
from git_bill.invoice.conversion import Pricing, agreed_draft
from git_bill.invoice.discounting import on_invoice, on_lines
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.drafting import update_command
from git_bill.invoice.finding import Finding, finding
from git_bill.invoice.part import OF_TIME, Kept, Scope
from git_bill.invoice.totals import line_net, net_of
from git_bill.money import Money, total
from git_bill.period import Period
from git_bill.problem import Severity
from git_bill.shape import Path

_SAY = 'say why: allowances = [{ charge = true, …, because = "agreed by phone on 3 November" }]'


def added_findings(draft: Draft, basis: Basis, contract: Contract) -> Iterator[Finding]:
    """A surcharge is the contract's own, or a person says why: `because` of it or of its line. A discount that the
    contract gives is there, or its lack is told.

    Of lines of work, and of the whole; lines of items are judged by what they bill. With 190.00 of work and an own
    surcharge of 50.00 that the contract does not give, 50.00 are unexplained.
    """
    agreed = agreed_draft(draft, contract)
    scope = Scope(basis=basis, contract=contract, period=Period(draft.first, draft.last), items=(), kept=Kept())
    for index, line in enumerate(draft.lines):
        if _is_work(line):
            gross = line_net(line.quantity, line.unit_price, line.base_quantity)
            (given,) = on_lines(scope, (replace(agreed.lines[index], allowances=()),))
            yield from _Beside(
                told=of_line(line.allowances, gross),
                given=of_line(given.allowances, gross),
                what=f"line {index + 1}",
                at=("lines", index),
                because=line.because,
            ).findings(draft)
    pricing = Pricing(contract=contract, tax=draft.tax, conversion=draft.conversion)
    granted = on_invoice(scope, agreed.lines)
    nets = [(line.tax or draft.tax, net_of(line)) for line in draft.lines]
    yield from _Beside(
        told=of_document(draft.allowances, nets),
        given=of_document(map(pricing.allowance, granted) if pricing.differs else granted, nets),
        what="the draft",
        at=(),
    ).findings(draft)


def _is_work(line: Line) -> bool:
    return all(item.startswith(OF_TIME) for item in line.bills)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """Discounts and surcharges of a line or of the whole, with their amounts: as they stand, and as agreed."""

    told: Sequence[Allowance]
    given: Sequence[Allowance]
    what: str
    at: Path
    because: str | None = None

    def findings(self, draft: Draft) -> Iterator[Finding]:
        of, at = f"that contract {draft.contract}", (*self.at, "allowances")
        charges = [each for each in self.told if each.charge]
        asked, agreed = (_sum(some, draft, charge=True) for some in (self.told, self.given))
        if agreed < asked:
            unexplained = _sum([each for each in charges if not each.because], draft, charge=True)
            because = self.because or ", ".join(dict.fromkeys(each.because for each in charges if each.because))
            settled = because and (self.because or unexplained <= agreed)
            message = f"{self.what} has a surcharge of {asked - agreed} {of} does not give"
            severity: Severity = "info" if settled else "error"
            hint = f"because: {because}" if settled else _SAY
            yield finding("surcharge-not-agreed", message, hint, severity=severity, at=at)
        there, due = (_sum(some, draft, charge=False) for some in (self.told, self.given))
        if there < due:
            message = f"{self.what} leaves out {due - there} of the discounts {of} gives"
            hint = f"because: {self.because}" if self.because else f"to have them again: {update_command(draft)}"
            severity = "info" if self.because else "warning"
            yield finding("discount-left-out", message, hint, severity=severity, at=at)


def _sum(some: Sequence[Allowance], draft: Draft, *, charge: bool) -> Money:
    return total((each.amount for each in some if each.charge == charge and each.amount is not None), draft.currency)
