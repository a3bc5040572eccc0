"""The number that a taxed document must state of its seller, as each country knows it."""

from collections.abc import Mapping

from git_bill.contract.party import Issuer
from git_bill.contract.tax.case import Category

_NEEDS: frozenset[Category] = frozenset({"S", "E", "Z"})  # EN 16931 BR-S-02, BR-E-02, BR-Z-02
_ABN = 11  # digits

# Made up, or published as examples, but in the form that the office of the country gives.
_EXAMPLES: Mapping[str, str] = {
    "AU": 'tax_number = "51 824 753 556" (your ABN)',
    "CA": 'tax_number = "123456789 RT0001" (your GST/HST number)',
    "CH": 'vat_id = "CHE-116.281.710 MWST"',
    "DE": 'vat_id = "DE136695976", or tax_number = "…"',
    "FR": 'vat_id = "FR40303265045"',
    "GB": 'vat_id = "GB980780684"',
    "IN": 'vat_id = "29AAGCB7383J1Z4" (your GSTIN)',
    "JP": 'tax_number = "T1234567890123" (of a qualified issuer)',
    "NZ": 'tax_number = "49-091-850" (your GST number)',
    "SG": 'tax_number = "M90312345X" (your GST registration number)',
}


def lacks_seller_id(issuer: Issuer, category: Category) -> bool:
    """Whether the issuer's number for a category is missing.

    FR: a SIREN does under the franchise (CGI ann. II art. 242 nonies A I 2°; BT-30). US: sales tax knows no such number
    on invoices. AU: the ABN may stand as the registration (GST Act 1999 s. 29-70).
    """
    if category not in _NEEDS or issuer.country == "US" or issuer.vat_id or issuer.tax_number:
        return False
    return not (issuer.registration and (_is_franchise(issuer, category) or is_abn(issuer, issuer.registration)))


def seller_id_example(issuer: Issuer, category: Category) -> str:
    """What to write below [issuer], in the form of its country."""
    if _is_franchise(issuer, category):
        return 'registration = "732829320" (your SIREN)'
    return _EXAMPLES.get(issuer.country, 'vat_id = "…", or tax_number = "…"')


def vat_id_example(country: str) -> str:
    """A VAT id as a country's begin."""
    return {"DE": "DE136695976", "FR": "FR40303265045", "GR": "EL…"}.get(country, f"{country}…")


def is_abn(issuer: Issuer, number: str) -> bool:
    """Whether a number is an Australian Business Number (an ACN has nine digits)."""
    return issuer.country == "AU" and sum(c.isdigit() for c in number) == _ABN


def _is_franchise(issuer: Issuer, category: Category) -> bool:
    return issuer.country == "FR" and issuer.tax_scheme == "small-business" and category == "E"
