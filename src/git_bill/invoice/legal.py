"""What the law of the issuer's country wants on a document: its notes, and problems where it lacks a fact.

The rows are in `contract.legal`; here is which of them fit an invoice.
"""

import re
from collections.abc import Iterable, Iterator

from git_bill.contract.legal import Legal, Mention, Need, Note, Whom
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.region import named_region
from git_bill.contract.tax.table import Country, VatTable
from git_bill.invoice.document.locale import money_text, number_text
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issued import Invoice
from git_bill.layout import SETTINGS, client_file
from git_bill.problem import Problem

_REVERSED = frozenset({"AE", "K"})  # the client owes the tax


def legal_notes(invoice: Invoice, table: VatTable, wording: Wording) -> tuple[Note, ...]:
    """The words that the document carries, in the client's language. On a credit note, on which nothing is to be paid,
    those alone without which no document may be (FR: BR-FR-05 of XP Z12-012 wants them on every one)."""
    code = table.code(invoice.issuer.country)
    country = table.countries.get(code)
    if country is None:
        return ()
    late = _late(invoice, country.legal, wording)
    if invoice.reverses is not None:
        return tuple(late)
    return (*late, *_mentions(invoice, country.legal, _region(invoice.client, country, code), wording))


def legal_problems(invoice: Invoice, table: VatTable) -> Iterator[Problem]:
    """Facts that the law wants on the document and the settings lack, and a simplified invoice that may not be one."""
    country = table.countries.get(table.code(invoice.issuer.country))
    if country is not None:
        yield from (_missing(need, invoice) for need in country.legal.needs if _lacks(need, invoice))
        if invoice.kind == "simplified":
            yield from _simplified(invoice, country.legal)


def _late(invoice: Invoice, legal: Legal, wording: Wording) -> Iterator[Note]:
    """What late payment costs: where the law wants it said, and where the issuer wants to."""
    rule, language = legal.late_on(invoice.issue_date, business=invoice.client.business), invoice.client.language
    wanted = invoice.issuer.late_payment and invoice.reverses is None
    if rule is None or not (rule.must or wanted):
        return

    def say(name: str, **facts: object) -> str:
        return wording.say(name, language, **facts)

    if rule.word or rule.points is None:
        yield Note(text=say(rule.word, law=rule.law))
        return
    rate = say(f"late_rate_{rule.base}", points=number_text(rule.points, language))
    yield Note(text=say("late_interest", rate=rate, law=rule.law), code="PMD")
    if rule.cost is not None:
        yield Note(text=say("late_cost", amount=money_text(rule.cost, language), law=rule.cost_law), code="PMT")
    if rule.no_discount and invoice.early_payment is None:
        yield Note(text=say("no_discount"), code="AAB")


def _mentions(invoice: Invoice, legal: Legal, region: str, wording: Wording) -> Iterator[Note]:
    for mention in legal.mentions:
        if mention.from_ <= invoice.issue_date and _is_for(mention, invoice):
            yield Note(text=wording.say(mention.word, invoice.client.language, region=region))


def _region(client: Client, country: Country, code: str) -> str:
    """The client's state by its name, with the digits of its tax ids: `Karnataka (29)`."""
    named = named_region(country, code, client.region)
    if named is None:
        return (client.region or "").rpartition("-")[2]
    found = country.regions[named]
    return f"{found.name} ({found.digits})" if found.digits else found.name


def _is_to(to: Whom, invoice: Invoice) -> bool:
    return to == "any" or (to == "business") == invoice.client.business


def _is_for(row: Mention | Need, invoice: Invoice) -> bool:
    at_home = invoice.client.country == invoice.issuer.country
    return _is_to(row.to, invoice) and (at_home or not row.domestic) and (bool(invoice.totals.tax) or not row.taxed)


def _lacks(need: Need, invoice: Invoice) -> bool:
    """Whether a need is for this document, and nothing meets it."""
    above = need.above
    small = above is not None and (above.currency != invoice.currency or invoice.totals.gross <= above)
    other = need.form not in {None, invoice.issuer.legal_form} or (need.full and invoice.kind == "simplified")
    if small or other or need.from_ > invoice.issue_date or not _is_for(need, invoice):
        return False
    party: Issuer | Client = invoice.issuer if need.of == "issuer" else invoice.client
    said = [text for field in need.fields if (text := getattr(party, field))]
    return not any(re.search(need.says or "", text) for text in said)


def _missing(need: Need, invoice: Invoice) -> Problem:
    return Problem(
        rule="legal-fact",
        severity="error" if need.error else "warning",
        message=f"{need.what} is not on the invoice, and must be: {need.law}",
        hint=f"add to [{need.of}]: {need.example}",
        file=SETTINGS if need.of == "issuer" else client_file(invoice.bill_to or invoice.client_id),
        at=(need.of,),
    )


def _simplified(invoice: Invoice, legal: Legal) -> Iterable[Problem]:
    """Directive 2006/112/EC Art. 220a: up to a limit, and not where the client owes the tax."""
    rule, gross, hint = legal.simplified_on(invoice.issue_date), invoice.totals.gross, 'kind = "invoice"'
    used = {(line.tax or invoice.tax).category for line in invoice.lines}
    if rule is None:
        message = f"no limit of simplified invoices is known for {invoice.issuer.country}"
    elif gross.currency != rule.limit.currency:
        message = f"whether {gross} may be a simplified invoice is told in {rule.limit.currency} ({rule.law})"
    elif gross > rule.limit:
        message = f"{gross} is too much for a simplified invoice: at most {rule.limit} ({rule.law})"
    elif used & _REVERSED:
        message = "an invoice whose tax the client owes can't be a simplified one (Directive 2006/112/EC Art. 220a(2))"
    else:
        return ()
    return (Problem(rule="not-simplified", message=message, hint=hint, at=("kind",)),)
