"""The official examples of both syntaxes: each reads, and writes back to an equal model."""

from collections import Counter
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from lxml import etree

from git_bill.invoice.en16931.cii import read_cii, write_cii
from git_bill.invoice.en16931.model import Model
from git_bill.invoice.en16931.ubl import read_ubl, write_ubl

DATA = Path(__file__).parents[4] / "shared" / "data" / "einvoice_examples"
FILES = sorted(DATA.rglob("*.xml")) if DATA.is_dir() else []
# No invoices of EN 16931: MINIMUM has no sum of lines (BT-106), the Greek file no name of the seller (BT-27)
NOT_EN16931 = {
    "zugferd-2.5.2_minimum/factur-x-1.xml": "totals lines (BT-106) is missing",
    "peppol-national/GR-base-example-TaxRepresentative.xml": "seller name (BT-27, BT-44) is missing",
}
# What EN 16931 has no place for, and what it has one place for where the file has two: parent/element
NOT_CARRIED = {
    "AdditionalReferencedDocument/IssuerAssignedID",  # of no type, so that nothing tells what it is
    "DocumentReference/ID",  # a second object of a line
    "GrossPriceProductTradePrice/BasisQuantity",  # equal to that of the net price
    "TaxScheme/ID",  # tax registrations other than VAT: BT-32 has no name of the tax
}


pytestmark = pytest.mark.skipif(not FILES, reason="the official examples are not at ../shared/data/einvoice_examples")


def name(path: Path) -> str:
    return path.relative_to(DATA).as_posix()


def read(content: bytes) -> tuple[Model | None, str]:
    is_cii = b"CrossIndustryInvoice" in content
    found = (read_cii if is_cii else read_ubl)(content, "example.xml")
    return found.value, "; ".join(problem.message for problem in found.problems)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_an_official_example_reads_and_writes_back(path: Path) -> None:
    content = path.read_bytes()
    model, told = read(content)
    if name(path) in NOT_EN16931:
        assert told == NOT_EN16931[name(path)]
        return
    assert model is not None, told
    written = (write_cii if b"CrossIndustryInvoice" in content else write_ubl)(model)
    again, told = read(written)
    assert again == model, told


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name in {"en16931-ubl", "en16931-cii"}], ids=name)
def test_nothing_that_the_standard_names_is_lost(path: Path) -> None:
    """Every text and figure of the standard's own examples stands in what is written from them."""
    content = path.read_bytes()
    is_cii = b"CrossIndustryInvoice" in content
    model, told = read(content)
    assert model is not None, told
    lost = leaves(content) - leaves((write_cii if is_cii else write_ubl)(model))
    assert {place for place, _ in lost} <= NOT_CARRIED, lost


def leaves(xml: bytes) -> Counter[tuple[str, str]]:
    """(parent/element, text) of all that has a text; numbers by their value, accounts under one name."""
    found: Counter[tuple[str, str]] = Counter()
    for element in etree.fromstring(xml, etree.XMLParser(remove_comments=True)).iter():
        text, parent = (element.text or "").strip(), element.getparent()
        if len(element) or not text or parent is None:
            continue
        place = f"{etree.QName(parent).localname}/{etree.QName(element).localname}"
        with suppress(InvalidOperation):
            text = f"{Decimal(text).normalize():f}"
        found[place.replace("ProprietaryID", "IBANID"), text] += 1
    return found
