"""Issuers of twelve countries, each with an account there, and whom they bill: at home, in the EU, outside of it."""

from typing import Any, Literal

from git_bill.contract.party import Bank, Client, Issuer
from git_bill.contract.tax.status import TaxStatus

Side = Literal["domestic", "union", "outside"]
SIDES: tuple[Side, ...] = ("domestic", "union", "outside")
CURRENCIES = {"GB": "GBP", "CH": "CHF", "US": "USD", "IN": "INR", "DK": "DKK"}

_ISSUERS: dict[str, dict[str, Any]] = {
    "DE": {
        "name": "Mira Kovač Software",
        "street": "Lindenweg 4",
        "postcode": "10115",
        "city": "Berlin",
        "vat_id": "DE136695976",
        "bank": Bank(iban="DE02120300000000202051", bic="BYLADEM1001"),
    },
    "FR": {
        "name": "Léa Dubois EI",
        "street": "8 rue de la Bourse",
        "postcode": "75002",
        "city": "Paris",
        "vat_id": "FR40303265045",
        "registration": "303265045",
        "bank": Bank(iban="FR1420041010050500013M02606", bic="PSSTFRPPPAR"),
    },
    "NL": {
        "name": "Daan de Vries Software",
        "street": "Herengracht 12",
        "postcode": "1015 BK",
        "city": "Amsterdam",
        "vat_id": "NL004495445B01",
        "registration": "12345678",
        "bank": Bank(iban="NL91ABNA0417164300", bic="ABNANL2A"),
    },
    "AT": {
        "name": "Anna Gruber Softwareentwicklung",
        "street": "Mariahilfer Straße 7",
        "postcode": "1060",
        "city": "Wien",
        "vat_id": "ATU13585627",
        "bank": Bank(iban="AT611904300234573201", bic="BKAUATWW"),
    },
    "BE": {
        "name": "Lucas Peeters",
        "street": "Rue Neuve 20",
        "postcode": "1000",
        "city": "Bruxelles",
        "vat_id": "BE0428759497",
        "bank": Bank(iban="BE68539007547034", bic="GKCCBEBB"),
    },
    "GB": {
        "name": "Olivia Smith Software",
        "street": "5 Baker Street",
        "postcode": "NW1 6XE",
        "city": "London",
        "vat_id": "GB980780684",
        "bank": Bank(account="31926819", routing="60-16-13"),
    },
    "CH": {
        "name": "Nina Keller Informatik",
        "street": "Bahnhofstrasse 3",
        "postcode": "8001",
        "city": "Zürich",
        "vat_id": "CHE-107.787.577 MWST",
        "bank": Bank(iban="CH9300762011623852957"),
    },
    "US": {
        "name": "Emma Johnson LLC",
        "street": "500 Market St",
        "postcode": "94105",
        "city": "San Francisco",
        "region": "CA",
        "tax_number": "12-3456789",
        "electronic_address": "0088:4012345000009",
        "bank": Bank(account="000123456789", routing="121000358"),
    },
    "IN": {
        "name": "Asha Patil Software",
        "street": "14 MG Road",
        "postcode": "400001",
        "city": "Mumbai",
        "region": "MH",
        "vat_id": "27AAPFU0939F1ZV",
        "tax": TaxStatus(lut="AD270326012345X"),
        "electronic_address": "0088:4012345000009",
        "bank": Bank(account="50100123456789", routing="HDFC0000123"),
    },
    "DK": {
        "name": "Freja Nielsen Software",
        "street": "Nyhavn 9",
        "postcode": "1051",
        "city": "København K",
        "vat_id": "DK13585628",
        "bank": Bank(iban="DK5000400440116243", bic="DABADKKK"),
    },
    "IE": {
        "name": "Aoife Byrne Software",
        "street": "2 Grafton Street",
        "postcode": "D02 XY45",
        "city": "Dublin",
        "vat_id": "IE6433435F",
        "bank": Bank(iban="IE29AIBK93115212345678", bic="AIBKIE2D"),
    },
    "LU": {
        "name": "Paul Weber Développement",
        "street": "3 avenue de la Liberté",
        "postcode": "L-1930",
        "city": "Luxembourg",
        "vat_id": "LU15027442",
        "bank": Bank(iban="LU280019400644750000", bic="BCEELULL"),
    },
}
COUNTRIES = tuple(_ISSUERS)
_PLACES: dict[str, dict[str, Any]] = {
    "DE": {"name": "Müller & Söhne GmbH", "street": "Werkstr. 1", "postcode": "80331", "city": "München"},
    "FR": {"name": "L’Étoile SAS", "street": "1 place Bellecour", "postcode": "69002", "city": "Lyon"},
    "NL": {"name": "Globex B.V.", "street": "Singel 1", "postcode": "1012 AB", "city": "Amsterdam"},
    "AT": {"name": "Alpen Werke AG", "street": "Getreidegasse 9", "postcode": "5020", "city": "Salzburg"},
    "BE": {"name": "Brouwerij Zuid NV", "street": "Meir 1", "postcode": "2000", "city": "Antwerpen"},
    "GB": {"name": "Acme Ltd", "street": "1 High Street", "postcode": "SW1A 1AA", "city": "London"},
    "CH": {"name": "Uhren Meier AG", "street": "Rue du Rhône 10", "postcode": "1204", "city": "Genève"},
    "US": {"name": "Initech Inc.", "street": "1 Main St", "postcode": "97201", "city": "Portland", "region": "OR"},
    "IN": {
        "name": "Tata Works Ltd",
        "street": "7 Ring Road",
        "postcode": "560001",
        "city": "Bengaluru",
        "region": "KA",
    },
    "DK": {"name": "Møbelhuset A/S", "street": "Strøget 5", "postcode": "8000", "city": "Aarhus C"},
    "IE": {"name": "Shannon Foods Ltd", "street": "4 Quay Street", "postcode": "H91 AB12", "city": "Galway"},
    "LU": {"name": "Banque du Centre SA", "street": "9 rue du Fossé", "postcode": "L-1536", "city": "Luxembourg"},
}
_NUMBERS: dict[str, dict[str, Any]] = {
    "DE": {"vat_id": "DE129274202"},
    "FR": {"vat_id": "FR23334175221", "registration": "334175221"},
    "NL": {"vat_id": "NL123456782B90", "registration": "87654321"},
    "AT": {"vat_id": "ATU13585627"},
    "BE": {"vat_id": "BE0776091951"},
    "GB": {"vat_id": "GB980780684"},
    "CH": {"vat_id": "CHE-100.155.212 MWST"},
    "US": {"electronic_address": "0088:4012345000016"},
    "IN": {"vat_id": "29AAGCB7383J1Z4", "electronic_address": "0088:4012345000016"},
    "DK": {"vat_id": "DK25313763"},
    "IE": {"vat_id": "IE6433435F"},
    "LU": {"vat_id": "LU20260743"},
}
LANGUAGES = {"DE": "de", "AT": "de", "CH": "fr", "FR": "fr", "LU": "fr", "BE": "nl", "NL": "nl"}


def issuer(country: str) -> Issuer:
    """Who bills from there."""
    named: dict[str, Any] = {
        "contact": "Office",
        "email": "office@example.net",
        "phone": "+49 30 1234567",
        "timezone": "UTC",
    }
    return Issuer(country=country, **named, **_ISSUERS[country])


def client(of: str, side: Side) -> Client:
    """Whom an issuer of a country bills on a side."""
    there = {"domestic": of, "union": "DE" if of != "DE" else "FR", "outside": "US" if of != "US" else "GB"}[side]
    return Client(
        country=there,
        email="ap@example.org",
        language=LANGUAGES.get(there, "en"),
        buyer_reference="04011000-12345-03" if there == "DE" else "REF-1",
        **_PLACES[there],
        **_NUMBERS[there],
    )


def formats(seller: Issuer, buyer: Client) -> tuple[str, ...]:
    """The formats of e-invoices that apply: XRechnung to Germany, Peppol within Europe, all else everywhere."""
    own = ("ubl", "cii", "facturx")
    german = ("xrechnung-ubl", "xrechnung-cii") if buyer.country == "DE" else ()
    network = ("peppol",) if {seller.country, buyer.country}.isdisjoint({"US", "IN"}) else ()
    return (*own, *german, *network)
