"""What an invoice must hold, and what must not stand together: EN 16931's conditions over the business terms."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from git_bill.contract import identifier
from git_bill.contract.country import COUNTRIES
from git_bill.contract.currency import unknown
from git_bill.invoice.en16931.exact import Broken
from git_bill.invoice.en16931.model import Model
from git_bill.invoice.en16931.parties import Party
from git_bill.invoice.en16931.profile import National, Profile, Term

_EXEMPT = frozenset({"E", "AE", "K", "G", "O"})
_RATED = frozenset({"S", "L", "M"})
_NEEDS_SELLER_ID = frozenset({"S", "Z", "E", "AE", "K", "G", "L", "M"})
_CREDITS, _CORRECTED = frozenset({"381", "396", "261"}), "384"
_SEPA = frozenset({"58", "59"})
_OUTSIDE = "O"
_GREECE, _NORTHERN_IRELAND = "EL", "XI"


def conditions(model: Model) -> Iterator[Broken]:
    """What the standard itself asks for, and the law (due date or terms, a credit note's reference)."""
    for check in (_whole, _lines, _days, _periods, _ids, _payment, _rates, _reasons, _categories):
        yield from check(model)


def required(
    model: Model, profile: Profile, national: Iterable[National], terms: Mapping[str, Term], name: str
) -> Iterator[Broken]:
    """What a profile asks for beyond the standard, and a country within it. `name`: of the profile."""
    local = tuple(national)
    for term in dict.fromkeys((*profile.requires, *(each for one in local for each in one.requires))):
        if not _value(model, terms[term].field):
            yield Broken(rule="profile-needs", term=term, message=f"{name} needs the {terms[term].name}")
    one_of = profile.requires_one_of
    if one_of and not any(_value(model, terms[term].field) for term in one_of):
        names = " or the ".join(terms[term].name for term in one_of)
        yield Broken(rule="profile-needs", term=one_of[0], message=f"{name} needs the {names}")
    for term, party in (("BT-34", model.seller), ("BT-49", model.buyer)):
        if party.endpoint and party.endpoint.scheme in profile.no_schemes:
            message = f"{name} knows no electronic address of the kind {party.endpoint.scheme}"
            yield Broken(rule="profile-needs", term=term, message=message)
    said = {note.subject for note in model.notes}
    for code in (each for one in local for each in one.mentions):
        if code not in said and not profile.one_note:
            yield Broken(rule="profile-needs", term="BT-22", message=f"{name} needs the legal mention {code}")


def _value(record: Any, field: str) -> Any:
    for name in field.split("."):
        record = getattr(record, name) if record is not None else None
    return record


def _whole(model: Model) -> Iterator[Broken]:
    """BR-02, BR-06, BR-07, BR-53; the currency of the amounts; a reference to what is taken back."""
    names = (("BT-1", model.number, "number"), ("BT-27", model.seller.name, "issuer's name"))
    for term, value, what in (*names, ("BT-44", model.buyer.name, "client's name")):
        if not value:
            yield Broken(rule="BR-02", term=term, message=f"the {what} is missing")
    if unknown(model.currency):
        yield Broken(rule="BR-CL-04", term="BT-5", message=f"there is no currency {model.currency}")
    if (model.tax_currency is None) != (model.exchanged_tax is None):
        message = "the currency of the books and the tax in it go together"
        yield Broken(rule="BR-53", term="BT-111", message=message)
    if model.tax_currency == model.currency:
        message = f"the books' currency {model.currency} is the document's own"
        example = 'leave out `exchange`, or name the other one: currency = "DKK"'
        yield Broken(rule="PEPPOL-EN16931-R005", term="BT-6", message=message, example=example)
    if model.type in _CREDITS | {_CORRECTED} and not model.preceding:
        message = "it takes back or replaces an invoice and does not say which (Directive 2006/112/EC Art. 219)"
        yield Broken(rule="BR-DE-26", term="BT-25", message=message)
    embedded = [each.embedded.name for each in model.documents if each.embedded]
    if len(set(embedded)) < len(embedded):
        yield Broken(rule="BR-DE-22", term="BT-125", message="two embedded files have the same name")


def _lines(model: Model) -> Iterator[Broken]:
    """BR-16, BR-21, BR-25."""
    if not model.lines:
        yield Broken(rule="BR-16", term="BG-25", message="there is no line", example="add [[lines]] to the draft")
    for line in model.lines:
        if not line.item.name:
            message = f"line {line.id} says nothing"
            yield Broken(rule="BR-25", term="BT-153", message=message, example='description = "WEB-12 Checkout"')
    ids = [line.id for line in model.lines]
    if len(set(ids)) < len(ids):
        yield Broken(rule="BR-21", term="BT-126", message="two lines have the same number")


def _days(model: Model) -> Iterator[Broken]:
    """BR-CO-03, BR-CO-25; a due date that can be kept."""
    if model.tax_date and model.tax_date_code:
        yield Broken(rule="BR-CO-03", term="BT-7", message="the tax point is stated as a day and as a code")
    if model.totals.payable > 0 and not model.due_date and not model.terms:
        yield Broken(rule="BR-CO-25", term="BT-9", message="neither a due date nor payment terms are stated")
    if model.due_date and model.due_date < model.issue_date:
        message = f"it is due on {model.due_date}, before its own date, {model.issue_date}"
        yield Broken(rule="due-date", term="BT-9", message=message)


def _periods(model: Model) -> Iterator[Broken]:
    """BR-CO-19, BR-CO-20, BR-29, BR-30; lines within the document's period (Peppol R110, R111)."""
    whole = model.period
    periods = [("the document", whole), *((f"line {line.id}", line.period) for line in model.lines)]
    for where, period in periods:
        if period is None:
            continue
        if period.first is None and period.last is None:
            yield Broken(rule="BR-CO-19", term="BT-73", message=f"the period of {where} has no day")
        if period.first and period.last and period.last < period.first:
            message = f"the period of {where} ends ({period.last}) before it starts ({period.first})"
            yield Broken(rule="BR-29", term="BT-74", message=message)
        if whole and period.first and whole.first and period.first < whole.first:
            message = f"{where} starts before the document's period"
            yield Broken(rule="PEPPOL-EN16931-R110", term="BT-73", message=message)
        if whole and period.last and whole.last and period.last > whole.last:
            message = f"{where} ends after the document's period"
            yield Broken(rule="PEPPOL-EN16931-R111", term="BT-74", message=message)


def _ids(model: Model) -> Iterator[Broken]:
    """BR-CO-26, BR-CO-09, BR-CL-14, BR-62, BR-63; check digits, which no official rule looks at."""
    seller, answers = model.seller, model.representative
    if not (seller.ids or seller.registration or seller.vat_id):
        message = "the issuer has no number: a VAT id, a tax number or that of a register"
        yield Broken(rule="BR-CO-26", term="BT-31", message=message)
    parties: tuple[tuple[str, str, str, Party], ...] = (
        ("BT-31", "BT-40", "BT-34", seller),
        ("BT-48", "BT-55", "BT-49", model.buyer),
    )
    for vat, place, mail, party in parties:
        country = (party.address.country if party.address else None) or ""
        if country not in COUNTRIES:
            yield Broken(rule="BR-CL-14", term=place, message=f"there is no country {country!r}")
        yield from _vat_id(vat, party.vat_id, country)
        if party.endpoint and not party.endpoint.scheme:
            message = f"the electronic address {party.endpoint.id} has no scheme"
            yield Broken(rule="BR-62", term=mail, message=message)
    if answers is not None:
        yield from _vat_id("BT-63", answers.vat_id, (answers.address.country if answers.address else None) or "")


def _vat_id(term: str, vat_id: str | None, country: str) -> Iterator[Broken]:
    if vat_id is None:
        return
    if vat_id[:2] not in COUNTRIES | {_GREECE, _NORTHERN_IRELAND}:
        yield Broken(rule="BR-CO-09", term=term, message=f"{vat_id} does not begin with the code of a country")
        return
    own = vat_id[2:] if vat_id[:2] == country and not identifier.is_of_eu(vat_id) else vat_id
    valid = any(not list(identifier.vat_id_problem(each, country)) for each in (vat_id, own))
    if not valid:
        yield Broken(rule="vat-id", term=term, message=f"the check digits of {vat_id} do not fit")


def _payment(model: Model) -> Iterator[Broken]:
    """BR-49, BR-50, BR-61, Peppol R061, BR-DE-30, BR-DE-31; check digits of the IBAN (BR-DE-19, a warning there)."""
    payment = model.payment
    if payment is None:
        return
    if payment.means in {"30", "58"} and not payment.accounts:
        yield Broken(rule="BR-61", term="BT-84", message="a transfer needs an account")
    if payment.means in _SEPA:
        ibans = [each.id for each in payment.accounts]
        ibans += [payment.debit.account] if payment.debit and payment.debit.account else []
        for iban in ibans:
            if not identifier.is_iban(iban):
                yield Broken(rule="BR-DE-19", term="BT-84", message=f"{iban} is not a valid IBAN")
    if payment.means == "59":
        debit = payment.debit
        for term, value in (
            ("BT-89", debit.mandate if debit else None),
            ("BT-90", debit.creditor if debit else None),
            ("BT-91", debit.account if debit else None),
        ):
            if not value:
                yield Broken(rule="BR-DE-30", term=term, message=f"a direct debit needs {term}")


def _rates(model: Model) -> Iterator[Broken]:
    """BR-S-05 to BR-O-05: a rate where there is tax, zero where there is none, no rate outside the scope."""
    for line in model.lines:
        where, category, rate = f"line {line.id}", line.category, line.rate
        rule = f"BR-{category}-05"
        if category == _OUTSIDE and rate is not None:
            yield Broken(rule=rule, term="BT-152", message=f"{where} is outside the scope and has a rate")
        elif category in _RATED and not rate:
            yield Broken(rule=rule, term="BT-152", message=f"{where} is taxed and has no rate")
        elif category not in _RATED and category != _OUTSIDE and rate != 0:
            yield Broken(rule=rule, term="BT-152", message=f"{where} is {category}: its rate is 0")


def _reasons(model: Model) -> Iterator[Broken]:
    """BR-S-10 to BR-O-10: why no tax is charged, and only there."""
    for group in model.groups:
        reason, rule = group.reason or group.reason_code, f"BR-{group.category}-10"
        if group.category in _EXEMPT and not reason:
            message = f"nothing says why {group.base:f} are not taxed ({group.category})"
            yield Broken(rule=rule, term="BT-120", message=message)
        if group.category not in _EXEMPT and reason:
            message = f"a group of {group.category} states a reason for an exemption"
            yield Broken(rule=rule, term="BT-120", message=message)


def _categories(model: Model) -> Iterator[Broken]:
    """BR-S-02 to BR-O-14: the ids and places that go with a category; what is outside the scope stands alone."""
    seller, buyer = model.seller, model.buyer
    used = {group.category for group in model.groups}
    numbered = used & _NEEDS_SELLER_ID
    if numbered and not (seller.vat_id or seller.tax_number or model.representative):
        message = f"{', '.join(sorted(numbered))} needs the issuer's VAT id or tax number"
        yield Broken(rule="BR-S-02", term="BT-31", message=message)
    if "AE" in used and not (buyer.vat_id or buyer.registration):
        yield Broken(rule="BR-AE-02", term="BT-48", message="reverse charge needs the client's VAT id")
    if used & {"G", "K"} and not (seller.vat_id or model.representative):
        yield Broken(rule="BR-G-02", term="BT-31", message="an export needs the issuer's VAT id")
    if "K" in used:
        yield from _goods(model)
    if _OUTSIDE not in used:
        return
    for term, party in (("BT-31", seller), ("BT-48", buyer)):
        if party.vat_id:
            message = f"outside the scope no VAT id is stated, and {party.vat_id} is"
            yield Broken(rule="BR-O-02", term=term, message=message)
    if len(used) > 1:
        message = "what is outside the scope stands beside what is not"
        yield Broken(rule="BR-O-11", term="BG-23", message=message, example="bill it on a document of its own")


def _goods(model: Model) -> Iterator[Broken]:
    """BR-IC-02, BR-IC-11, BR-IC-12."""
    if not model.buyer.vat_id:
        yield Broken(rule="BR-IC-02", term="BT-48", message="goods to another member state need the client's VAT id")
    delivery = model.delivery
    if not ((delivery and delivery.on) or model.period):
        yield Broken(rule="BR-IC-11", term="BT-73", message="goods to another member state need a day or a period")
    if not (delivery and delivery.address and delivery.address.country):
        yield Broken(rule="BR-IC-12", term="BT-55", message="goods to another member state need the place of delivery")
