"""The parties of an invoice as EN 16931 names them, with the identifiers that their countries go by."""

import re
from dataclasses import dataclass

from git_bill.contract.party import Client, Issuer
from git_bill.contract.party import TaxRepresentative as Answers
from git_bill.contract.tax.case import VAT
from git_bill.custody.sealing import is_sealed
from git_bill.invoice.document.text import printable
from git_bill.invoice.en16931.parties import Address, Contact, Identifier, Party, TaxRepresentative
from git_bill.invoice.en16931.profile import Identifiers, Profile

# Leitweg-ID: coarse, optional fine address, check digits (KoSIT, Format-Spezifikation Leitweg-ID 2.0.2)
_LEITWEG = re.compile(r"[0-9]{2,12}(?:-[A-Z0-9]{1,30})?-[0-9]{2}", re.IGNORECASE)
_LEITWEG_SCHEME, _MAIL_SCHEME = "0204", "EM"
_PREFIXES = {"GR": "EL"}  # VAT ids whose first letters are not the country's code
_NORTHERN_IRELAND = "XI"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ids:
    """What a party is identified by, cleaned of spaces."""

    vat_id: str | None
    registration: Identifier | None
    tax_number: str | None


def seller(issuer: Issuer, known: Identifiers, profile: Profile, *, outside: bool) -> Party:
    """BG-4. `outside`: of category O, which forbids VAT ids (BR-O-02), so that another id must stand in (BR-CO-26)."""
    ids = _ids(issuer, known, profile, issuer.tax_number)
    vat_id = None if outside else ids.vat_id
    tax_number = _tax_number(issuer, known, ids.tax_number)
    if not (outside or vat_id or tax_number) and ids.registration:
        tax_number = ids.registration.id  # a small business that has no other number (BR-E-02)
    other = [] if vat_id or ids.registration else [ids.tax_number or ids.vat_id]
    return Party(
        name=printable(issuer.name),
        ids=tuple(Identifier(id=each) for each in other if each),
        registration=ids.registration,
        vat_id=vat_id,
        tax_number=tax_number,
        legal_form=readable(issuer.footer),
        endpoint=_endpoint(issuer, ids, known, profile),
        address=_address(issuer),
        contact=_contact(issuer.contact, issuer.phone, issuer.email),
    )


def buyer(client: Client, known: Identifiers, profile: Profile, *, outside: bool) -> Party:
    """BG-7."""
    ids = _ids(client, known, profile, None)
    return Party(
        name=printable(client.name),
        registration=ids.registration,
        vat_id=None if outside else ids.vat_id,
        endpoint=_endpoint(client, ids, known, profile),
        address=_address(client),
        contact=_contact(client.attention, None, client.email),
    )


def representative(answers: Answers) -> TaxRepresentative:
    """BG-11."""
    address = Address(
        street=readable(answers.street),
        city=readable(answers.city),
        postcode=readable(answers.postcode),
        country=answers.country,
    )
    return TaxRepresentative(name=printable(answers.name), vat_id=_compact(answers.vat_id), address=address)


def readable(value: str | None) -> str | None:
    """A text in one printable line; None where there is none, or a key has to open it."""
    return (printable(value) or None) if value and not is_sealed(value) else None


def _compact(number: str) -> str:
    return "".join(c for c in number if c.isalnum()).upper()


def _ids(party: Issuer | Client, known: Identifiers, profile: Profile, tax_number: str | None) -> _Ids:
    """BT-31 and BT-48 begin with the country's code (BR-CO-09), which a GSTIN or an RFC gets for it."""
    vat_id = readable(party.vat_id)
    plain = _compact(vat_id or "")
    prefixed = plain[:2] in {party.country, _PREFIXES.get(party.country), _NORTHERN_IRELAND} or not plain
    if vat_id and party.country != "CH":  # it writes its numbers with dots, and what tax they are of
        vat_id = plain if prefixed or profile.tax_scheme != VAT else f"{party.country}{plain}"
    registration = readable(party.registration)
    if registration is None and known.in_vat_id and prefixed and plain:
        registration = plain[slice(*known.in_vat_id)]
    scheme = party.registration_scheme or known.register
    return _Ids(
        vat_id=vat_id,
        registration=_register_code(registration, scheme, known) if registration else None,
        tax_number=readable(tax_number),
    )


def _register_code(number: str, scheme: str | None, known: Identifiers) -> Identifier:
    """The number of a country's register is its digits; a shorter one is of another register."""
    if scheme != known.register or not known.digits:
        return Identifier(id=number, scheme=scheme)
    digits = "".join(filter(str.isdecimal, number))
    if len(digits) < known.digits:
        return Identifier(id=number)
    return Identifier(id=digits[: known.digits], scheme=scheme)


def _tax_number(issuer: Issuer, known: Identifiers, number: str | None) -> str | None:
    """BT-32. In Norway and Sweden a fixed sentence stands there (Peppol NO-R-002, SE-R-005)."""
    if known.company is None:
        return number
    if number and number.casefold() == known.company.casefold():
        return known.company
    return known.company if issuer.legal_form == "company" and issuer.country == "NO" else None


def _endpoint(party: Issuer | Client, ids: _Ids, known: Identifiers, profile: Profile) -> Identifier | None:
    """BT-34, BT-49: as said, else the Leitweg-ID, the country's number, or an address for mail."""
    if party.electronic_address:
        eas, _, said = party.electronic_address.partition(":")
        return Identifier(id=said, scheme=eas)
    reference = (readable(party.buyer_reference) if isinstance(party, Client) else None) or ""
    register = ids.registration.id if ids.registration and ids.registration.scheme else None
    numbers = {"vat_id": ids.vat_id, "registration": register, "tax_number": ids.tax_number or ids.vat_id}
    own = party.registration_scheme if known.from_ == "registration" else None
    for scheme, value in (
        (_LEITWEG_SCHEME, reference if _LEITWEG.fullmatch(reference) else None),
        (own or known.address, _compact(numbers[known.from_] or "")),
        (_MAIL_SCHEME, readable(party.email)),
    ):
        if scheme and value and scheme not in profile.no_schemes:
            return Identifier(id=value, scheme=scheme)
    return None


def _address(party: Issuer | Client) -> Address:
    street, _, more = (party.street or "").partition("\n")
    return Address(
        street=readable(street),
        more=readable(more),
        city=readable(party.city),
        postcode=readable(party.postcode),
        region=readable(party.region),
        country=party.country,
    )


def _contact(name: str | None, phone: str | None, email: str | None) -> Contact | None:
    found = Contact(name=readable(name), phone=readable(phone), email=readable(email))
    return found if found != Contact() else None
