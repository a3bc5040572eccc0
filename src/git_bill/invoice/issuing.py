"""Issuing: a draft and the claim of its number become the invoice, a snapshot that is checked from itself alone."""

import unicodedata
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from git_bill.contract.agreement import Engagement, term_days
from git_bill.contract.party import Bank, Client, Issuer
from git_bill.contract.tax.seller_id import lacks_seller_id, seller_id_example, vat_id_example
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.conversion import accounting_currency
from git_bill.invoice.document.text import unshowable
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.issued import SAME_ON_LINES, Claim, Invoice, InvoiceLine
from git_bill.invoice.totals import draft_totals, net_of, settled_line, sums_of, totals
from git_bill.layout import SETTINGS, client_file
from git_bill.problem import Problem
from git_bill.shape import Path

SOME_LINK = "https://pay.example/D-k3v9q2m7x4ab"  # stands for one that is made when a draft is issued
_TAXED = frozenset({"S", "L", "M"})
_EXEMPT = frozenset({"E", "AE", "K", "G", "O"})


def issue_invoice(
    draft: Draft,
    claim: Claim,
    *,
    issuer: Issuer,
    engagement: Engagement,
    ledger_head: str,
    made_with: str,
    payment_link: str | None = None,
) -> Invoice:
    """The snapshot. Due = issue date + payment terms. Raises ValueError for a line in another currency."""
    contract = next((c for c in engagement.contracts if c.id == draft.contract), None)
    return Invoice(
        number=claim.number,
        kind=draft.kind,
        draft=draft.id,
        issue_date=claim.issue_date,
        due_date=claim.issue_date + timedelta(days=term_days(draft.payment_terms)),
        first=draft.first,
        last=draft.last,
        currency=draft.currency,
        contract=draft.contract,
        client_id=draft.client,
        bill_to=draft.bill_to,
        payment_terms=draft.payment_terms,
        early_payment=draft.early_payment,
        order=draft.order,
        note=draft.note,
        payment_link=payment_link,
        ledger_head=ledger_head,
        made_with=made_with,
        show=contract.show if contract else ("hours",),
        reverses=draft.reverses,
        corrects=draft.corrects,
        issuer=issuer,
        client=engagement.client,
        tax=draft.tax,
        allowances=tuple(sums_of(draft).allowances),
        exchange=draft.exchange,
        conversion=draft.conversion,
        annex=draft.annex,
        attached=draft.attached,
        lines=tuple(_issued_line(line) for line in draft.lines),
        totals=draft_totals(draft),
        not_billed=draft.not_billed,
    )


def preview(draft: Draft, issuer: Issuer, engagement: Engagement, *, today: date, linked: bool = False) -> Invoice:
    """The invoice that a draft would become if it were issued today: without number and ledger head.

    `linked`: it would get a payment link.
    """
    at = datetime.combine(today, time(), UTC)
    claim = Claim(number="", draft=draft.id, name="", blob="", issue_date=today, at=at)
    link = SOME_LINK if linked else None
    return issue_invoice(
        draft, claim, issuer=issuer, engagement=engagement, ledger_head="", made_with="", payment_link=link
    )


def _issued_line(line: Line) -> InvoiceLine:
    same = {name: getattr(line, name) for name in SAME_ON_LINES}
    return settled_line(InvoiceLine(**same, net=net_of(line)))


def invoice_problems(invoice: Invoice, file: str | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with a document, from itself alone, with zero tolerance.

    `file`: where it is issued; without it, problems name the files of the settings that a new one is made from.
    """
    found = (
        *_arithmetic(invoice),
        *_form(invoice),
        *_tax(invoice),
        *_ways_to_pay(invoice),
        *_letters(invoice),
    )
    return found if file is None else tuple(replace(problem, file=file, at=()) for problem in found)


def _arithmetic(invoice: Invoice) -> Iterable[Problem]:
    """BT-131 by quantity and price; the totals by BR-CO-10 to 17."""
    strangers = [n for n, line in enumerate(invoice.lines, 1) if line.unit_price.currency != invoice.currency]
    if strangers:
        yield _wrong("wrong-currency", f"line {strangers[0]} is not in {invoice.currency}", "one currency per invoice")
        return
    for number, line in enumerate(invoice.lines, 1):
        if line.base_quantity <= 0 or line.unit_price.amount < 0:
            what = "base quantity" if line.base_quantity <= 0 else "price"
            yield _wrong("line-form", f"line {number} has a {what} that is not positive (BR-27)", "negate the quantity")
            return
        if line.net != net_of(line):
            yield _wrong(
                "line-net", f"line {number} says {line.net} (BT-131), its quantity and price give {net_of(line)}"
            )
    expected = totals(sums_of(invoice))
    for name, term, rule in (
        ("lines", "BT-106", "BR-CO-10"),
        ("allowances", "BT-107", "BR-CO-11"),
        ("charges", "BT-108", "BR-CO-12"),
        ("net", "BT-109", "BR-CO-13"),
        ("tax", "BT-110", "BR-CO-14"),
        ("exchanged_tax", "BT-111", "BR-53"),
        ("gross", "BT-112", "BR-CO-15"),
        ("payable", "BT-115", "BR-CO-16"),
        ("withheld", "withholding", "the tax treatment"),
        ("receivable", "net of withholding", "the tax treatment"),
        ("groups", "BG-23", "BR-CO-17"),
    ):
        if getattr(invoice.totals, name) != getattr(expected, name):
            yield _wrong("totals", f"totals.{name} ({term}) is not what the lines give ({rule})")


def _form(invoice: Invoice) -> Iterable[Problem]:
    """What an invoice must have: Directive 2006/112/EC Art. 226; EN 16931 BR-16, BR-CO-25 and BG-14."""
    if not invoice.lines:
        yield _wrong("empty-invoice", "an invoice needs a line (BR-16)", "delete the draft")
    if invoice.due_date < invoice.issue_date:
        yield _wrong("due-before-issue", f"due {invoice.due_date} is before the issue date {invoice.issue_date}")
    if invoice.last < invoice.first:
        yield _wrong("period", f"the period ends ({invoice.last}) before it starts ({invoice.first})")
    for who, file, party in _parties(invoice):
        missing = [name for name in ("street", "city") if not getattr(party, name)]
        if missing and invoice.totals.tax:
            yield Problem(
                rule="address-missing",
                severity="warning",
                message=f"the {who}'s {' and '.join(missing)} is missing: a VAT invoice needs full addresses",
                hint=f"add to [{who}]: " + ", ".join(f'{name} = "…"' for name in missing),
                file=file,
                at=(who,),
            )
    for number, line in enumerate(invoice.lines, 1):
        if not line.description.strip():
            yield _wrong("no-description", f"line {number} does not say what was done (BR-25)", 'description = "…"')


def _parties(invoice: Invoice) -> tuple[tuple[str, str, Issuer | Client], ...]:
    """Issuer and client, each with the file that says who it is."""
    return (
        ("issuer", SETTINGS, invoice.issuer),
        ("client", client_file(invoice.bill_to or invoice.client_id), invoice.client),
    )


def _tax(invoice: Invoice) -> Iterable[Problem]:
    """Every treatment on the document, and that they may stand on one: O stands alone (EN 16931 BR-O-11 to 14)."""
    own = accounting_currency(invoice.issuer, invoice.last)
    if invoice.totals.tax and own not in {None, invoice.currency} and invoice.totals.exchanged_tax is None:
        yield _wrong(
            "no-exchange-rate",
            f"tax is charged in {invoice.currency}, and must be stated in {own}, too (BT-111)",
            "get the rate: git bill rates --update; then draft it again",
        )
    own_ones = (*(line.tax for line in invoice.lines), *(allowance.tax for allowance in invoice.allowances))
    used = dict.fromkeys(each or invoice.tax for each in own_ones)
    categories = dict.fromkeys(tax.category for tax in used)
    if "O" in categories and len(categories) > 1:
        others = " and ".join(each for each in categories if each != "O")
        message = f"category O can't stand on one document with {others} (BR-O-11)"
        yield _wrong("tax-mixed", message, "bill what is taxed in another way on a document of its own")
    for tax in dict.fromkeys((invoice.tax, *used)):
        yield from _treatment(tax, invoice)
    groups: dict[tuple[str, Decimal], set[str]] = {}
    for tax in used:
        groups.setdefault((tax.category, tax.rate), set()).add(_parts(tax))
    for (_, rate), parts in groups.items():
        if len(parts) > 1:
            message = f"{' and '.join(sorted(parts))} make one VAT group of {rate.normalize():f} %"
            yield _wrong("tax-mixed", message, "bill what is taxed in another way on a document of its own")


def _parts(tax: Tax) -> str:
    """The taxes that a rate consists of: lines of one category and rate make one group (BR-CO-18)."""
    return " + ".join(f"{each.name} {each.effective.normalize():f} %" for each in tax.components) or tax.law_name


def _treatment(tax: Tax, invoice: Invoice) -> Iterable[Problem]:
    """Coupling of category, rate, ids and wording: EN 16931 BR-S, BR-E, BR-AE, BR-O; BR-CO-26 for the seller's id."""
    issuer = invoice.issuer
    if (tax.category in _TAXED) != (tax.rate > 0):
        message = f"category {tax.category} with a rate of {tax.rate} % does not go together"
        yield _wrong("tax-rate", message, 'like category = "S", rate = "19"; or category = "O" without a rate')
    if lacks_seller_id(issuer, tax.category):
        number = "ABN" if issuer.country == "AU" else "VAT id or tax number"
        yield _wrong(
            "issuer-tax-id",
            f"category {tax.category} needs the issuer's {number} (BR-{tax.category}-02)",
            f"add to [issuer]: {seller_id_example(issuer, tax.category)}",
            SETTINGS,
            ("issuer",),
        )
    if tax.category in {"AE", "K"}:
        for who, file, party in _parties(invoice):
            if not party.vat_id:
                message = f"category {tax.category} needs the {who}'s VAT id"
                example = f'vat_id = "{vat_id_example(party.country)}"'
                yield _wrong("vat-id-missing", message, f"add to [{who}]: {example}", file, (who,))
    if tax.category in _EXEMPT and not (tax.note or tax.reason_code):
        yield _wrong(
            "no-tax-note", f"category {tax.category} needs a wording or code (BR-{tax.category}-10)", 'note = "…"'
        )
    if tax.category not in _EXEMPT and (tax.reason_code or tax.note):
        message = f"category {tax.category} has no exemption reason (BR-{tax.category}-10)"
        yield _wrong("tax-note", message, "leave out `note` and `reason_code`")


def _ways_to_pay(invoice: Invoice) -> Iterable[Problem]:
    """The client must know where to pay what is asked; check digits of an IBAN by ISO 13616."""
    bank = invoice.issuer.bank
    if not pays_somewhere(bank) and invoice.payment_link is None and invoice.reverses is None:
        yield _wrong(
            "no-bank",
            "the invoice does not say where to pay",
            'add: [issuer.bank] iban = "DE02120300000000202051", or instructions = "…"',
            SETTINGS,
            ("issuer", "bank"),
        )
    for _, message, hint in bank.problems() if bank else ():
        yield _wrong("iban", message, hint, SETTINGS, ("issuer", "bank", "iban"))


def pays_somewhere(bank: Bank | None) -> bool:
    """Whether bank data say where to pay."""
    return bank is not None and any((bank.iban, bank.account, bank.instructions))


def _letters(invoice: Invoice) -> Iterable[Problem]:
    """What people wrote in signs that no font has: there would be no PDF."""
    for file, at, text in _written(invoice):
        character = unshowable(text)
        if character is not None:
            name = unicodedata.name(character, "a character without a name")
            yield Problem(
                rule="missing-glyph",
                message=f"no font can show U+{ord(character):04X} ({name}) in {text[:60]!r}",
                hint="leave it out, or write it in letters",
                file=file,
                at=at,
            )


def _written(invoice: Invoice) -> Iterable[tuple[str | None, Path, str]]:
    """Texts with the file (None: the draft) and the keys that they stand in."""
    own: list[tuple[Path, str | None]] = [(("note",), invoice.note), (("order",), invoice.order)]
    for index, line in enumerate(invoice.lines):
        own += [(("lines", index, "description"), line.description), (("lines", index, "detail"), line.detail)]
    yield from ((None, at, text) for at, text in own if text)
    for who, file, party in (*_parties(invoice), ("bank", SETTINGS, invoice.issuer.bank)):
        for field in fields(party) if party is not None else ():
            text = getattr(party, field.name)
            if isinstance(text, str):
                yield file, ("issuer", who, field.name) if who == "bank" else (who, field.name), text


def _wrong(rule: str, message: str, hint: str = "", file: str | None = None, at: Path = ()) -> Problem:
    return Problem(rule=rule, message=message, hint=hint or _FROZEN, file=file, at=at)


_FROZEN = "an issued document is never edited: restore it with git, or correct it with a new one"
