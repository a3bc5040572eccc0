"""Months of a fee or a retainer that no draft would ever bill: those before the first that was billed."""

from collections.abc import Iterator
from datetime import timedelta

from git_bill.contract.agreement import Contract
from git_bill.contract.recurrence import Span, prorated, spans
from git_bill.contract.terms import Fee
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Draft
from git_bill.invoice.finding import Finding, finding
from git_bill.invoice.retaining import as_fee
from git_bill.money import total
from git_bill.period import Period

_DAY = timedelta(days=1)


def missed_findings(draft: Draft, basis: Basis, contract: Contract) -> Iterator[Finding]:
    """What was due before a draft that bills a fee for the first time, and that nothing bills.

    A contract of January whose support plan of 450.00 a month is first billed in October: nine months, 4,050.00. From
    then on each draft makes up for what was missed; for these months somebody has to ask.
    """
    named = [(f"fee:{fee.id}", fee) for fee in contract.fees]
    named += [("retainer", as_fee(contract.retainer))] if contract.retainer is not None else []
    here = {item for line in draft.lines for item in line.bills}
    for item, fee in named:
        if any(each.startswith(f"{item}:") for each in here) and not basis.billed_for(contract, item):
            before = [s for s in _due_before(draft, fee, contract) if basis.open(contract, f"{item}:{s.name}")]
            lost = [span for span in before if f"{item}:{span.name}" not in here]
            if lost:
                yield _told(draft, contract, fee, lost)


def _due_before(draft: Draft, fee: Fee, contract: Contract) -> Iterator[Span]:
    """Periods that were due before the draft's first day."""
    first = max(fee.from_ or contract.from_, contract.from_)
    if first < draft.first:
        for span in spans(fee, contract, Period(first, draft.first - _DAY)):
            if (span.agreed.first if fee.in_advance else span.agreed.last) < draft.first:
                yield span


def _told(draft: Draft, contract: Contract, fee: Fee, lost: list[Span]) -> Finding:
    much = total((prorated(fee.amount, span.whole, span.agreed) for span in lost), contract.currency)
    names = lost[0].name if len(lost) == 1 else f"{lost[0].name} to {lost[-1].name}"
    days = Period(lost[0].agreed.first, min(lost[-1].agreed.last, draft.first - _DAY))
    later = f"{'from' if fee.id != 'retainer' else 'the contract from'} = {draft.first}"
    return finding(
        "fee-never-billed",
        f"{fee.name or fee.id} of {names}, {much}, was never billed, and no later draft will",
        f"bill it: git bill draft --client {draft.client} --period {days}\n"
        f"if it is not owed, let it begin later: {later}",
        severity="warning",
        at=(),
    )
