"""An issued invoice as the business terms of EN 16931: the only place where the one becomes the other."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.en16931.made_parties import buyer, readable, representative, seller
from git_bill.invoice.en16931.made_payment import Said, payment
from git_bill.invoice.en16931.made_sums import Lines, change, groups, levied
from git_bill.invoice.en16931.model import Delivery, Document, Model, Note, Period, Preceding, Totals
from git_bill.invoice.en16931.parties import Address
from git_bill.invoice.en16931.profile import Einvoicing, Identifiers, National, Profile
from git_bill.invoice.issued import Invoice
from git_bill.invoice.totals import by_law, sums_of
from git_bill.money import Money

_NO_IDS = Identifiers()
_GOODS = "K"  # to another member state, which needs the place of delivery (BR-IC-12)


def of_invoice(
    invoice: Invoice,
    profile: Profile,
    known: Einvoicing,
    wording: Wording,
    *,
    documents: Sequence[Document] = (),
    mentions: Iterable[Note] = (),
) -> Model:
    """The business terms, as the profile has room for them. What the contract does not show is not in it.

    `documents`: supporting ones (BG-24); `mentions`: what the law of the issuer's country wants said besides.
    """
    here, there = invoice.issuer.country, invoice.client.country
    local = profile.local(here, there)
    always = "BG-16" in {*profile.requires, *(term for each in local for term in each.requires)}
    ids, outside = known.countries.get(here, _NO_IDS), _is_outside(invoice)
    said = Said(invoice=invoice, wording=wording, profile=profile)
    added = by_law(sums_of(invoice)) if invoice.tax.surcharges else ()
    lines = Lines(invoice=invoice, wording=wording).all()
    discounts = [(each, each.tax or invoice.tax) for each in invoice.allowances]
    answers = None if outside else invoice.issuer.tax_representative
    model = Model(
        number=printable(invoice.number),
        issue_date=invoice.issue_date,
        type=type_code(invoice, profile, known),
        currency=invoice.currency,
        tax_currency=invoice.exchange.currency if invoice.exchange else None,
        due_date=None if invoice.kind == "credit-note" else invoice.due_date,
        buyer_reference=readable(invoice.client.buyer_reference),
        contract=readable(invoice.contract) if invoice.bill_to in (None, invoice.client_id) else None,
        order=readable(invoice.order),
        terms=said.terms(),
        notes=said.notes(mentions),
        process=_process(invoice, profile),
        specification=profile.specification,
        preceding=_preceding(invoice),
        seller=seller(invoice.issuer, ids, profile, outside=outside),
        buyer=buyer(invoice.client, known.countries.get(there, _NO_IDS), profile, outside=outside),
        representative=representative(answers) if answers else None,
        delivery=_delivery(invoice, profile),
        period=_hull(invoice, [line.period for line in lines if line.period]),
        payment=payment(invoice, local, always=always),
        allowances=tuple(change(each, tax) for each, tax in discounts if not each.charge),
        charges=(
            *(change(each, tax) for each, tax in discounts if each.charge),
            *(levied(each, invoice.tax) for each in added),
        ),
        totals=_totals(invoice),
        tax=invoice.totals.tax.amount,
        exchanged_tax=_amount(invoice.totals.exchanged_tax),
        tax_scheme=profile.tax_scheme,
        groups=groups(invoice, wording, zero_rate_outside=profile.zero_rate_outside),
        documents=tuple(_named(each, local) for each in documents) if profile.embeds else (),
        lines=lines,
    )
    fitting: Model = _fitting(model, profile.without)
    return fitting


def type_code(invoice: Invoice, profile: Profile, known: Einvoicing) -> str:
    """BT-3: as the country, the profile or UNTDID 1001 has it for this kind of document."""
    kind = "corrected" if invoice.corrects is not None else invoice.kind
    local = profile.local(invoice.issuer.country, invoice.client.country)
    tables = (*(each.types for each in local), profile.types, known.types)
    return next(table[kind] for table in tables if kind in table)


def _process(invoice: Invoice, profile: Profile) -> str | None:
    """BT-23."""
    for local in profile.local(invoice.issuer.country, invoice.client.country):
        if local.process:
            return local.process.get(invoice.kind, local.process.get("invoice"))
    return profile.process.get(invoice.kind, profile.process.get("invoice"))


def _preceding(invoice: Invoice) -> tuple[Preceding, ...]:
    """BG-3: what is taken back or replaced, and the credit note that did so."""
    named = [each for each in (invoice.reverses, invoice.corrects) if each is not None]
    found = [Preceding(number=printable(each.number), issue_date=each.issue_date) for each in named]
    if invoice.corrects is not None and invoice.corrects.credit_note:
        found.append(Preceding(number=printable(invoice.corrects.credit_note)))
    return tuple(found)


def _named(document: Document, national: Sequence[National]) -> Document:
    """BT-123: France asks for one of its own words (BR-FR-17)."""
    own = next((each.annex for each in national if each.annex), None)
    return replace(document, description=own) if own else document


def _is_outside(invoice: Invoice) -> bool:
    """Outside the scope: such a document is so in whole (BR-O-11 to 14)."""
    return any(group.category == "O" for group in invoice.totals.groups)


def _delivery(invoice: Invoice, profile: Profile) -> Delivery | None:
    """BG-13: the day the work was done; for goods to another member state the client's address.

    A deposit has no such day; where one is stated its place is not left empty (Peppol R008).
    """
    goods = any(group.category == _GOODS for group in invoice.totals.groups)
    done = invoice.last if goods or (profile.delivery_day and invoice.last <= invoice.issue_date) else None
    client = invoice.client
    place = Address(
        street=readable(client.street),
        city=readable(client.city),
        postcode=readable(client.postcode),
        country=client.country,
    )
    if invoice.kind == "deposit" and not goods:
        return Delivery(address=place) if profile.delivery_day else None
    return Delivery(on=done, address=place if goods else None) if done else None


def _hull(invoice: Invoice, periods: Sequence[Period]) -> Period | None:
    """BG-14: around the days of its lines, for none may lie outside (Peppol R110, R111); none of a deposit."""
    if invoice.kind == "deposit" and not periods:
        return None
    firsts = [each.first for each in periods if each.first]
    lasts = [each.last for each in periods if each.last]
    return Period(first=min((invoice.first, *firsts)), last=max((invoice.last, *lasts)))


def _totals(invoice: Invoice) -> Totals:
    totals = invoice.totals
    return Totals(
        lines=totals.lines.amount,
        allowances=_amount(totals.allowances),
        charges=_amount(totals.charges),
        net=totals.net.amount,
        gross=totals.gross.amount,
        prepaid=_amount(totals.prepaid),
        rounding=_amount(totals.rounding),
        payable=totals.payable.amount,
    )


def _amount(money: Money | None) -> Any:
    return None if money is None else money.amount


def _fitting(record: Any, without: Iterable[str]) -> Any:
    """The record without fields that a profile has no place for, given by their paths."""
    below: dict[str, list[str]] = {}
    for path in without:
        name, _, rest = path.partition(".")
        below.setdefault(name, []).append(rest)
    given: dict[str, Any] = {}
    for name, rests in below.items():
        value = getattr(record, name)
        if "" in rests:
            given[name] = () if isinstance(value, tuple) else None
        elif isinstance(value, tuple):
            given[name] = tuple(_fitting(each, rests) for each in value)
        elif value is not None:
            given[name] = _fitting(value, rests)
    return replace(record, **given)
