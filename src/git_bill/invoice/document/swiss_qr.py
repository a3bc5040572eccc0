"""The Swiss QR code of a QR-bill (SIX, Swiss Implementation Guidelines QR-bill, version 2.3, chapter 4)."""

import re
import unicodedata
from dataclasses import dataclass

from git_bill.invoice.document.reference import creditor_reference, qr_reference
from git_bill.money import Money

MOST_VERSION = 25  # of the QR code (section 6.3), with error correction M
_MOST_BYTES, _MOST_MESSAGE = 997, 140
_MOST_CENTS = 99_999_999_999
_QR_BANKS = range(30_000, 32_000)  # bank numbers of QR-IBANs
# What may stand in the code (section 4.1.1, since version 2.3): Latin of Europe.
_NOT_ALLOWED = re.compile("[^\x20-\x7e\xa0-\u017f\u0218-\u021b\u20ac]")
_HOUSE = re.compile(r"(.*\S)\s+(\d+\s?[A-Za-z]?(?:\s?[-/]\s?\d+\s?[A-Za-z]?)?)")
_SIMPLER = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "·": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A structured address ("S"): the only form since November 2025. Street and house may be empty."""

    name: str
    street: str
    house: str
    postcode: str
    town: str
    country: str

    def lines(self) -> tuple[str, ...]:
        """As printed: name, street and house, post code and town; abroad with the country before the code."""
        place = f"{self.postcode} {self.town}"
        abroad = "" if self.country in {"CH", "LI"} else f"{self.country} - "
        return tuple(filter(None, (self.name, f"{self.street} {self.house}".strip(), abroad + place)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a QR-bill asks for. `debtor` None: to be filled in by hand. `reference`: "" where it has none."""

    iban: str
    creditor: Address
    amount: Money
    debtor: Address | None
    reference: str
    message: str

    @property
    def reference_type(self) -> str:
        """QRR with a QR-IBAN, SCOR with a creditor reference, else NON."""
        if is_qr_iban(self.iban):
            return "QRR"
        return "SCOR" if self.reference else "NON"

    @property
    def shown_account(self) -> str:
        """The account number in groups of four."""
        return in_groups(self.iban, 4)

    @property
    def shown_reference(self) -> str:
        """As printed: a QR reference in groups of five from its end, a creditor reference in groups of four."""
        if not is_qr_iban(self.iban):
            return in_groups(self.reference, 4)
        head = len(self.reference) % 5
        return f"{self.reference[:head]} {in_groups(self.reference[head:], 5)}".strip()

    def payload(self) -> str:
        """The text of the code: 31 lines and more that may be left out."""
        lines = [
            *("SPC", "0200", "1", self.iban),
            *_address(self.creditor),
            *[""] * 7,  # the ultimate creditor, for future use
            *(f"{self.amount.amount:.2f}", self.amount.currency),
            *(_address(self.debtor) if self.debtor else [""] * 7),
            *(self.reference_type, self.reference, self.message, "EPD"),
        ]
        return "\n".join(lines)


def swiss_bill(
    *, iban: str, creditor: Address | None, amount: Money, debtor: Address | None, number: str, message: str
) -> Bill | None:
    """The bill of an invoice's number; None where the standard allows none.

    That is: an account outside Switzerland and Liechtenstein, another currency than CHF and EUR, nothing or too much
    to pay, a creditor without post code and town, or a number that a QR-IBAN's reference has no room for.
    """
    account = "".join(iban.split()).upper()
    rounded = amount.rounded()
    payable = rounded.currency in {"CHF", "EUR"} and 0 < rounded.amount * 100 <= _MOST_CENTS
    reference = qr_reference(number) if is_qr_iban(account) else creditor_reference(number) or ""
    if account[:2] not in {"CH", "LI"} or not payable or creditor is None or reference is None:
        return None
    bill = Bill(
        iban=account,
        creditor=creditor,
        amount=rounded,
        debtor=debtor,
        reference=reference,
        message=allowed(message, _MOST_MESSAGE),
    )
    return bill if len(bill.payload().encode()) <= _MOST_BYTES else None


def address(name: str, street: str | None, postcode: str | None, town: str | None, country: str) -> Address | None:
    """A structured address of at most the allowed lengths; None where post code or town is missing.

    "Rue du Lac 1268" is taken apart into street and house number.
    """
    if not (code := allowed(postcode or "", 16)) or not (place := allowed(town or "", 35)):
        return None
    road, house = allowed(street or "", 87), ""
    if (found := _HOUSE.fullmatch(road)) and len(found[2]) <= 16:
        road, house = found[1].rstrip(","), found[2]
    return Address(
        name=allowed(name, 70), street=road[:70].strip(), house=house, postcode=code, town=place, country=country
    )


def is_qr_iban(iban: str) -> bool:
    """Whether an account number is one that asks for a QR reference: its bank number is 30000 to 31999."""
    bank = iban[4:9]
    return iban[:2] in {"CH", "LI"} and bank.isdecimal() and int(bank) in _QR_BANKS


def allowed(text: str, most: int) -> str:
    """Text with what may not stand in the code replaced: typographic marks by plain ones, else by a dot."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()).translate(_SIMPLER))
    return _NOT_ALLOWED.sub(".", composed)[:most].strip()


def _address(address: Address) -> list[str]:
    return ["S", address.name, address.street, address.house, address.postcode, address.town, address.country]


def in_groups(text: str, size: int) -> str:
    """`DE02 1203 …`: for people to read and type (ISO 13616, paper form)."""
    return " ".join(text[at : at + size] for at in range(0, len(text), size))
