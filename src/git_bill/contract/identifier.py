"""Identifiers of parties and accounts, checked offline by their check digits (python-stdnum, loaded when asked)."""

import re
from collections.abc import Iterable
from importlib import import_module

_EU_PREFIX = re.compile("AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK")
# Country of the party → module of stdnum and the name of its number, where a VAT id has no prefix of the EU.
_NATIONAL = {
    "AU": ("stdnum.au.abn", "ABN", "51 824 753 556"),
    "CA": ("stdnum.ca.bn", "business number", "123026635 RT0001"),
    "CH": ("stdnum.ch.vat", "VAT number", "CHE-107.787.577 MWST"),
    "GB": ("stdnum.gb.vat", "VAT number", "GB980780684"),
    "IN": ("stdnum.in_.gstin", "GSTIN", "27AAPFU0939F1ZV"),
    "MX": ("stdnum.mx.rfc", "RFC", "GODE561231GR8"),
    "NO": ("stdnum.no.mva", "VAT number", "NO 995 525 828 MVA"),
    "NZ": ("stdnum.nz.ird", "IRD number", "49-098-576"),
    "SG": ("stdnum.sg.uen", "UEN", "197401143C"),
}


def is_iban(text: str) -> bool:
    """Whether an IBAN's check digits fit (ISO 13616)."""
    from stdnum import iban

    return bool(iban.is_valid(text, check_country=False))


def is_of_eu(vat_id: str) -> bool:
    """Whether a VAT id is one of the EU or of Northern Ireland, as VIES knows them."""
    start = vat_id[:2].upper()
    return start == "XI" or _EU_PREFIX.fullmatch(start) is not None


def has_rule(vat_id: str, country: str) -> bool:
    """Whether `vat_id_problem` knows how such a number is made."""
    return is_of_eu(vat_id) or vat_id[:2].upper() == "GB" or country in _NATIONAL


def vat_id_problem(vat_id: str | None, country: str) -> Iterable[tuple[str, str, str]]:
    """A VAT or GST number whose form or check digits do not fit its prefix, else those of the party's country.

    The field's name is `vat_id`. What no rule is known for is taken as it is.
    """
    if vat_id is None:
        return
    prefix = vat_id[:2].upper()
    if _EU_PREFIX.fullmatch(prefix) and country != "MX":  # an RFC begins with letters of a name
        module, name, example = "stdnum.eu.vat", "VAT id", "DE136695976"
    elif prefix == "GB":
        module, name, example = "stdnum.gb.vat", "VAT id", "GB980780684"
    elif prefix == "XI":  # Northern Ireland keeps the United Kingdom's digits
        module, name, example, vat_id = "stdnum.gb.vat", "VAT id", "XI980780684", f"GB{vat_id[2:]}"
    elif country in _NATIONAL:
        module, name, example = _NATIONAL[country]
    else:
        return
    if not import_module(module).is_valid(vat_id):
        shown = f"XI{vat_id[2:]}" if prefix == "XI" else vat_id
        where = prefix if name == "VAT id" else country
        yield (
            "vat_id",
            f"{shown!r} is not a valid {name}",
            f'its check digits do not fit {where}; write it like vat_id = "{example}"',
        )
