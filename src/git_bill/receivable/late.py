"""An overdue invoice and the law: which rule it falls under, and late interest in words.

The claim stands beside the invoice, which does not ask for it: whether it is made is the issuer's to say.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from git_bill.contract.agreement import Contract
from git_bill.contract.base_rate import BaseSeries
from git_bill.contract.tax.table import VatTable
from git_bill.invoice.issued import Invoice
from git_bill.invoice.reasons import money
from git_bill.problem import Problem
from git_bill.receivable.booked import Booked
from git_bill.receivable.interest import LateClaim, LateTerms, Owed, Stretch, late_claim
from git_bill.receivable.receivable import Receivable
from git_bill.worklog.reason import Reason


def terms_of(invoice: Invoice, table: VatTable, contract: Contract | None) -> LateTerms | None:
    """The rule of the issuer's country, None where the tables have none for such a client.

    What the contract agreed goes before the rate of the law, except against a consumer. The contract's law is taken to
    be that of who does the work (Regulation (EC) 593/2008 art. 4(1)(b)).
    """
    code = table.code(invoice.issuer.country)
    country = table.countries.get(code)
    rule = country.legal.late_on(invoice.issue_date, business=invoice.client.business) if country else None
    if rule is None or rule.points is None:
        return None
    of = "ecb" if rule.base == "ecb" else code
    return LateTerms(
        rule=rule,
        of=of,
        series=table.base_rates.get(of, BaseSeries()),
        agreed=contract.late_interest if contract is not None and invoice.client.business else None,
        place=table.code(invoice.client.country),
    )


def claim_on(
    invoice: Invoice, owed: Sequence[Owed], table: VatTable, contract: Contract | None, today: date
) -> LateClaim | Problem | None:
    """What the issuer may claim for an invoice today. `owed`: what was open of it from which day on."""
    terms = terms_of(invoice, table, contract)
    if terms is None or invoice.reverses is not None:
        return None
    return late_claim(owed, invoice.due_date, today, terms)


def owed_of(found: Receivable, paid: Booked) -> tuple[Owed, ...]:
    """What was open of an invoice from which day on. What credit notes took back was never owed."""
    number, left = found.number, found.asked - found.credited
    changes = [(paid.day(each), each.settles) for each in paid.by_invoice.get(number, ())]
    changes += [(each.on, each.amount) for each in paid.given_up.get(number, ())]
    changes += [(each.on, each.amount) for each in paid.offset.get(number, ())]
    owed = [Owed(first=min([found.issued, *(day for day, _ in changes)]), amount=left)]
    for day, amount in sorted(changes, key=lambda each: each[0]):
        left = left - amount
        if owed[-1].first == day:
            owed.pop()
        owed.append(Owed(first=day, amount=left))
    return tuple(owed)


def late_reason(claim: LateClaim) -> Reason:
    """What may be claimed, by what rate and law."""
    days = sum(each.days for each in claim.stretches)
    asks = f"interest of {money(claim.interest)}"
    asks += f" and {money(claim.cost)} for the cost of recovery" if claim.cost is not None else ""
    late = f"{days} {'day' if days == 1 else 'days'} late"
    text = f"{late}: you may claim {asks}; the invoice does not ask for it"
    return Reason(text=text, kind="late", because=tuple(_grounds(claim)))


def _grounds(claim: LateClaim) -> Iterator[Reason]:
    rule = claim.terms.rule
    for each in claim.stretches:
        text = f"{money(each.open)} × {each.rate:f} % × {each.days} ÷ {each.year}, {each.first} to {each.last}"
        yield Reason(text=text, kind="late-interest")
    yield from dict.fromkeys(reason for each in claim.stretches for reason in _rate_reasons(claim, each))
    if claim.cost is not None:
        yield Reason(text=f"{money(claim.cost)} for the cost of recovery: {rule.cost_law}", kind="late-cost")
    if rule.workday:
        text = f"it is late from {claim.since} on: a due date on a day off means the next working day ({rule.workday})"
        yield Reason(text=text, kind="late-since")


def _rate_reasons(claim: LateClaim, part: Stretch) -> Iterator[Reason]:
    """The rate with its source, and what to check of it."""
    rule, series, base = claim.terms.rule, claim.terms.series, part.base
    law = rule.points_law or rule.law
    ref = f"{part.rate:f}"
    if claim.terms.agreed is not None:
        yield Reason(text=f"{ref} % a year: as the contract says, in place of {law}", kind="late-rate", ref=ref)
        return
    if base is None:
        yield Reason(text=f"{ref} % a year: {law}", kind="late-rate", ref=ref)
        return
    up = f", rounded up to {rule.up_to:f}" if rule.up_to is not None else ""
    stays = ", the rate of the first late day stays" if rule.fixed else ""
    text = f"{ref} % a year: {base.rate:f} % + {rule.points:f} points{up}{stays} ({law})"
    yield Reason(text=text, kind="late-rate", ref=ref)
    where = f"{series.name} for the half-year from {base.from_}: {base.source or series.source}"
    yield Reason(text=f"{base.rate:f} % is the {where}", kind="late-base", ref=str(base.from_))
    if base.unsure:
        yield Reason(text=f"{base.rate:f} % is {base.unsure}", kind="late-unsure", ref=str(base.from_))
