"""Factur-X: the XML in the PDF, declared as its specification wants, archival, accessible and reproducible."""

import io
from datetime import UTC, datetime
from typing import cast

import pikepdf
import pytest
from lxml import etree

from git_bill.adapters import pdf as reader
from git_bill.adapters.hybrid import NAME, Hybrid
from git_bill.adapters.typst import Typst
from git_bill.press import FacturXLevel
from git_bill.problem import Exit, Stop

AT = datetime(2026, 11, 7, 8, 30, tzinfo=UTC)
XML = b'<?xml version="1.0" encoding="UTF-8"?><rsm:CrossIndustryInvoice xmlns:rsm="urn:x"/>'
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"
BAG = "{http://www.aiim.org/pdfa/ns/extension/}schemas"
TEMPLATE = b'#set document(title: "Rechnung")\n#set text(lang: "de")\nRechnung\n'


@pytest.fixture(scope="module")
def pdf() -> bytes:
    typesetter = Typst(reader.text)
    return typesetter.typeset("own.typ", {}, {"timesheet.csv": b"day\r\n"}, at=AT, beside={"own.typ": TEMPLATE})


def combine(pdf: bytes, level: str = "EN 16931") -> bytes:
    return Hybrid().combine(pdf, XML, level=cast("FacturXLevel", level), at=AT)


def test_the_xml_is_attached_and_the_rest_stays(pdf: bytes) -> None:
    made = combine(pdf)
    assert reader.attached(made) == {"timesheet.csv": b"day\r\n", NAME: XML}
    assert reader.text(made) == reader.text(pdf)


@pytest.mark.parametrize(
    ("level", "relation"), [("EN 16931", "/Alternative"), ("EXTENDED", "/Alternative"), ("MINIMUM", "/Data")]
)
def test_its_relationship_says_whether_it_is_the_invoice(pdf: bytes, level: str, relation: str) -> None:
    with pikepdf.open(io.BytesIO(combine(pdf, level))) as document:
        related = {str(spec["/UF"]): str(spec["/AFRelationship"]) for spec in document.Root["/AF"]}
    assert related == {"timesheet.csv": "/Supplement", NAME: relation}


def test_the_metadata_declare_it_once(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(combine(pdf, "BASIC"))) as document:
        metadata = etree.fromstring(document.Root.Metadata.read_bytes())
    told = {each.tag.removeprefix(FX): each.text for each in metadata.iter(f"{FX}*")}
    assert told == {
        "DocumentType": "INVOICE",
        "DocumentFileName": NAME,
        "Version": "1.0",
        "ConformanceLevel": "BASIC",
    }
    assert len(list(metadata.iter(BAG))) == 1, "a second bag would make the file invalid"
    assert "fx" in {each.text for each in metadata.iter(f"{SCHEMA}prefix")}


def test_equal_input_gives_equal_bytes(pdf: bytes) -> None:
    assert combine(pdf) == combine(pdf)
    assert combine(pdf) != combine(pdf, "EXTENDED")


def test_what_is_no_archival_pdf_or_has_the_file_already_is_refused(pdf: bytes) -> None:
    with pikepdf.new() as bare:
        bare.add_blank_page()
        plain = io.BytesIO()
        bare.save(plain)
    for wrong, rule in ((plain.getvalue(), "no-hybrid"), (combine(pdf), "no-hybrid"), (b"%PDF-", "unreadable-pdf")):
        with pytest.raises(Stop) as stopped:
            combine(wrong)
        assert (stopped.value.exit_code, stopped.value.problems[0].rule) == (Exit.PROBLEMS, rule)


@pytest.mark.pdfa
@pytest.mark.parametrize("level", ["EN 16931", "BASIC WL"])
def test_archival_and_accessible(pdf: bytes, level: str) -> None:
    validator = pytest.importorskip("page")
    failures = [
        f"{failure.rule_id}: {failure.message}"
        for profile in (validator.ValidationProfile.PDF_A_3A, validator.ValidationProfile.PDF_UA_1)
        for failure in validator.validate_pdf_bytes(combine(pdf, level), profile=profile).failures
    ]
    assert failures == []
