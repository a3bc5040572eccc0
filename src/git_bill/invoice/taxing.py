"""Checks of a draft's tax: the treatment is the decided one, the exemption still holds, the document may be used."""

from collections.abc import Iterator
from dataclasses import replace

from git_bill.contract.tax.limit import is_exempt
from git_bill.contract.tax.treatment import Tax, open_questions
from git_bill.contract.tax.worth import kind_of_client, worth_problem
from git_bill.invoice.basis import Basis
from git_bill.invoice.billed import standing
from git_bill.invoice.draft import Draft
from git_bill.invoice.finding import Finding, finding
from git_bill.invoice.tax_point import decided, point_findings
from git_bill.invoice.totals import draft_totals
from git_bill.money import total
from git_bill.period import Period
from git_bill.problem import Problem


def tax_findings(draft: Draft, basis: Basis) -> Iterator[Finding]:
    """Everything about the tax of a well-formed draft."""
    period, client = Period(draft.first, draft.last), basis.engagement.client
    contract, wrong = basis.contract(draft.contract), tuple(_treatment(draft, basis, period))
    yield from wrong
    if contract is not None and not wrong:
        yield from point_findings(draft.lines, basis, contract, period, draft.tax)
    yield from _limit(draft, basis)
    choice = basis.engagement.tax
    questions = open_questions(basis.issuer, client, period, basis.vat, choice, issued=basis.today)
    worth = worth_problem(basis.vat, basis.issuer, kind_of_client(basis.issuer, client), draft.last)
    yield from (((), problem) for problem in (*questions, worth) if problem is not None)


def _treatment(draft: Draft, basis: Basis, period: Period) -> Iterator[Finding]:
    """The tax treatment is the decided one; a person decides otherwise in the client's file, with the reason."""
    found = decided(basis, period)
    if isinstance(found, Problem):
        yield (), found
    elif _essence(found) != _essence(draft.tax):
        yield finding(
            "tax-differs",
            f"the draft says category {_shown(draft.tax)}, the rules give {_shown(found)} ({found.source})",
            f'decide it in {basis.file}: [tax] category = "{draft.tax.category}" because = "…"',
            at=("tax",),
        )


def _essence(tax: Tax) -> tuple[object, ...]:
    """What decides amounts and form; wordings and sources may be put better by a later version."""
    added = [replace(each, law="") for each in tax.surcharges]
    kept = [replace(each, law="") for each in tax.withholding]
    return tax.category, tax.rate, tax.reason_code, tax.components, added, kept


def _shown(tax: Tax) -> str:
    kept = ", ".join(f"{each.name} {each.rate.normalize():f}/{each.over.normalize():f}" for each in tax.withholding)
    return f"{tax.category} {tax.rate.normalize():f} %" + (f" and {kept} withheld" if kept else "")


def _limit(draft: Draft, basis: Basis) -> Iterator[Finding]:
    """An exemption that the year's turnover has ended. Invoices in other currencies are not counted."""
    country = basis.vat.countries.get(basis.vat.code(basis.issuer.country))
    scheme = country.small_business if country is not None else None
    limit = scheme.limit if scheme is not None else None
    small = basis.issuer.tax_scheme == "small-business" and draft.tax.category == "E"
    if scheme is None or limit is None or not small or draft.currency != limit.currency:
        return
    year = draft.last.year
    same = (i for i in standing(basis.invoices) if i.issue_date.year == year and i.currency == limit.currency)
    nets = (invoice.totals.net for invoice in same)
    before, net = total(nets, limit.currency), draft_totals(draft).net
    if not is_exempt(scheme, before, net):
        yield finding(
            "small-business-limit",
            f"with this, {year} comes to {before + net}, above the {limit} of {scheme.law}: it is taxable itself",
            'tax_scheme = "standard" in [issuer] of billing.toml, and draft it again',
            at=("tax",),
        )
