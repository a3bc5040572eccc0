"""XML from anywhere: hostile, huge, broken or of another kind. Always a problem with its place, never a traceback."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.invoice.en16931 import reading
from git_bill.invoice.en16931.cii import read_cii, write_cii
from git_bill.invoice.en16931.einvoice import xml_of
from git_bill.invoice.en16931.ubl import read_ubl

UBL = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
BOTH = pytest.mark.parametrize("read", [read_ubl, read_cii], ids=["ubl", "cii"])


def only(read: Callable[[bytes, str], Any], content: bytes) -> Any:
    found = read(content, "invoice.xml")
    assert found.value is None
    [problem] = found.problems
    assert problem.file == "invoice.xml"
    return problem


@BOTH
def test_a_file_of_the_machine_is_never_read(read: Callable[[bytes, str], Any], tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("S3CRET", encoding="utf-8")
    text = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><Invoice xmlns="{UBL}"><a>&e;</a></Invoice>'
    problem = only(read, text.encode())
    assert "S3CRET" not in str(problem)


@BOTH
def test_entities_do_not_grow(read: Callable[[bytes, str], Any]) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]><Invoice xmlns="{UBL}">&l11;</Invoice>'
    told = only(read, text.encode()).message
    assert "amplification" in told or "document type" in told


@BOTH
def test_a_document_type_alone_is_refused(read: Callable[[bytes, str], Any]) -> None:
    problem = only(read, f'<!DOCTYPE Invoice><Invoice xmlns="{UBL}"/>'.encode())
    assert "document type" in problem.message
    assert problem.hint == "remove the line with <!DOCTYPE"


@BOTH
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"no xml",
        b"<a><b></a>",
        b"\x00\x01",
        "<?xml version='1.0' encoding='utf-8'?><a>ä</a>".encode("latin-1"),
        b"<?xml version='1.0' encoding='klingon'?><a/>",
        b"<a>" * 5000,
        b"<a>&undefined;</a>",
    ],
    ids=["empty", "blank", "text", "unclosed", "binary", "mis-encoded", "unknown encoding", "deep", "entity"],
)
def test_what_is_not_xml_is_told_so(read: Callable[[bytes, str], Any], content: bytes) -> None:
    problem = only(read, content)
    assert problem.rule == "broken-xml"
    assert problem.message.startswith("the document is not XML: ")


@BOTH
def test_what_is_too_large_is_not_parsed(read: Callable[[bytes, str], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1_000_000)
    assert "is larger than 1 MB" in only(read, b"<a>" + b"x" * 1_000_000).message


def test_another_kind_of_document_is_named() -> None:
    problem = only(read_ubl, b'<Order xmlns="urn:other"/>')
    assert problem.message == "the document is no Invoice or CreditNote: its first element is Order of urn:other"
    assert problem.hint == f'it should be xmlns="{UBL}"'
    assert "no namespace" in only(read_cii, b"<CrossIndustryInvoice/>").message


def test_what_is_missing_is_named_by_its_term() -> None:
    xml = f'<Invoice xmlns="{UBL}" xmlns:c="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
    assert "no currency (BT-5)" in only(read_ubl, f"{xml}</Invoice>".encode()).message
    found = read_ubl(f"{xml}<c:DocumentCurrencyCode>EUR</c:DocumentCurrencyCode></Invoice>".encode(), "f.xml")
    assert "number (BT-1) is missing" in [problem.message for problem in found.problems]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b">1187.50<", b">1.187,50<", "is not a number"),
        (b">1187.50<", b">NaN<", "is not a number"),
        (b">1187.50<", b">1e5<", "is not a number"),
        (b">2026-11-02<", b">02.11.2026<", "is not a day"),
        (b">2026-11-02<", b">2026-02-30<", "day is out of range"),
        (b'TaxAmount currencyID="EUR"', b'TaxAmount currencyID="USD"', "is in USD, the document is in EUR"),
    ],
)
def test_a_wrong_value_is_told_with_its_line(bills: Any, old: bytes, new: bytes, told: str) -> None:
    content = xml_of(bills.einvoice())
    assert old in content
    found = read_ubl(content.replace(old, new), "f.xml")
    assert found.value is None
    assert any(told in problem.message and problem.line for problem in found.problems), found.problems


@BOTH
@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: f"<a>{text}</a>".encode("utf-8", "replace"))
)
def test_nothing_raises(read: Callable[[bytes, str], Any], content: bytes) -> None:
    assert read(content, "f.xml").value is None


def test_a_mutilated_invoice_never_raises(bills: Any) -> None:
    content = write_cii(replace(bills.einvoice(profile="en16931-cii").model, tax=Decimal(1)))
    for cut in range(0, len(content), 97):
        assert read_cii(content[:cut] + content[cut + 40 :], "f.xml") is not None
