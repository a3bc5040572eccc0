"""What a file is, and files that are none, broken, huge or hostile."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from tests.receivable.feeds.bank import Booking, History, camt, headings, mt940, ofx, sparkasse

from git_bill.receivable.feeds.detect import feed_of, read, stream
from git_bill.receivable.feeds.feed import Entry
from git_bill.receivable.feeds.mapping import Account

HEADINGS = headings()
DAY = date(2026, 11, 20)
HISTORY = History(bookings=[Booking(day=DAY, amount=Decimal(100)), Booking(day=DAY, amount=Decimal("-20.50"))])
WRITERS = {"camt": camt, "mt940": mt940, "csv": sparkasse, "ofx": ofx}
OFX_2 = b'<?xml version="1.0"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n<OFX></OFX>'
QIF = b"!Type:Bank\nD11/20/2026\nT1,190.00\nPAcme Inc\nMINV-2026-0007\n^\nD11/21/2026\nT-5.00\nPBank\n^\n"


@pytest.mark.parametrize("name", WRITERS)
def test_a_format_is_known_by_its_content(name: str) -> None:
    assert feed_of(WRITERS[name](HISTORY, 0, 2)[:8192]) == name
    found = read(WRITERS[name](HISTORY, 0, 2), "download (1)", headings=HEADINGS)
    assert found.value is not None
    assert sorted(str(each.amount) for each in found.value[0].remittances) == ["-20.50 EUR", "100.00 EUR"]


def test_further_heads() -> None:
    assert feed_of(OFX_2) == "ofx"
    assert feed_of(QIF) == "qif"
    assert feed_of(b"{1:F01X}{2:O940}{4:\r\n:20:X\r\n:25:1\r\n") == "mt940"
    assert feed_of("\ufeffA;B\n".encode("utf-16")) == "csv"
    assert feed_of(b"hello") == ""


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("size", [1, 7, 4096])
def test_chunks_of_any_size_give_the_same(name: str, size: int) -> None:
    content = WRITERS[name](HISTORY, 0, 2)
    chunks = [content[at : at + size] for at in range(0, len(content), size)]
    whole = read(content, "x", headings=HEADINGS)
    assert read(chunks, "x", headings=HEADINGS).value == whole.value
    assert whole.value is not None


@pytest.mark.parametrize(
    ("head", "says", "hint"),
    [
        (b"", "the file is empty", "again"),
        (b"   \n", "the file is empty", "again"),
        (b"PK\x03\x04" + b"\0" * 99, "a zip archive", "unpack it"),
        (b"\x1f\x8b\x08" + b"\0" * 99, "a gzip archive", "gunzip"),
        (b"%PDF-1.7", "a PDF", "camt.053"),
        (b'{"a": 1}', "JSON", "camt.053"),
        (b"just some words", "no statement", "MT940"),
    ],
)
def test_what_is_no_statement(head: bytes, says: str, hint: str) -> None:
    found = read(head, "x.bin", headings=HEADINGS)
    assert found.value is None
    (problem,) = found.problems
    assert problem.file == "x.bin"
    assert says in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize("name", WRITERS)
def test_a_day_in_the_future_is_told_with_its_line(name: str) -> None:
    content = WRITERS[name](HISTORY, 0, 2)
    found = read(content, "x", headings=HEADINGS, today=date(2026, 11, 1))
    assert found.value is None
    assert {each.rule for each in found.problems} == {"booked-in-the-future"}
    assert all(each.line for each in found.problems)
    assert read(content, "x", headings=HEADINGS, today=DAY).value is not None


@pytest.mark.parametrize("name", ["camt", "ofx"])
def test_a_cut_off_file_gives_nothing(name: str) -> None:
    content = WRITERS[name](HISTORY, 0, 2)
    for length in range(len(content) // 3, len(content) - 15, 97):
        assert read(content[:length], "x", headings=HEADINGS).value is None


@pytest.mark.parametrize("name", WRITERS)
def test_any_byte_wrong_is_a_problem_or_another_value_but_never_a_crash(name: str) -> None:
    content = WRITERS[name](HISTORY, 0, 2)
    for at in range(0, len(content), 11):
        for byte in (b"\0", b"\xff", b"<", b'"', b":", b""):
            found = read(content[:at] + byte + content[at + 1 :], "x", headings=HEADINGS)
            assert found.value is not None or found.problems


def endless() -> Iterator[bytes]:
    """More than any line has, and more to come."""
    yield b":20:X\n:86:"
    while True:
        yield b"x" * 65_536


def test_a_line_without_end_ends_the_reading() -> None:
    found = read(endless(), "x.sta")
    assert [each.rule for each in found.problems] == ["not-a-statement"]


def many(count: int) -> Iterator[bytes]:
    """A camt.053 with so many entries."""
    content = camt(HISTORY, 0, 1, "camt.054.001.08")
    begin, end = content.index(b"<Ntry>"), content.index(b"</Ntry>") + len(b"</Ntry>\n")
    yield content[:begin]
    for _ in range(count):
        yield content[begin:end]
    yield content[end:]


def test_entries_come_before_the_file_ends() -> None:
    passed = 0
    items = stream(_counted := counting(many(1000)), "x.xml")
    for item in items:
        passed += isinstance(item, Entry)
        if passed == 100:
            break
    assert _counted.taken < 500


class counting:  # noqa: N801  an iterator
    """Counts what was taken."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks, self.taken = chunks, 0

    def __iter__(self) -> Iterator[bytes]:
        for each in self.chunks:
            self.taken += 1
            yield each


def test_qif_is_read_for_a_declared_account() -> None:
    own = Account(account="US-1", currency="USD", dates="mdy")
    found = read(QIF, "x.qif", own=[own]).value
    assert found is not None
    assert [(str(e.amount), e.payer, e.text, e.account) for e in found[0].remittances] == [
        ("1190.00 USD", "Acme Inc", "INV-2026-0007", "US-1"),
        ("-5.00 USD", "Bank", "", "US-1"),
    ]
    (problem,) = read(QIF, "x.qif").problems
    assert (problem.rule, problem.line) == ("unknown-account", 1)


def test_a_day_of_qif_that_can_be_two_is_not_guessed() -> None:
    own = Account(account="US-1", currency="USD")
    content = QIF.replace(b"11/20", b"11/02").replace(b"11/21", b"11/03")
    (problem,) = read(content, "x.qif", own=[own]).problems
    assert (problem.rule, problem.line) == ("ambiguous-date", 2)


def test_problems_are_not_more_than_can_be_read() -> None:
    rows = "".join(f"2026-11-20,x,oops{i},EUR\n" for i in range(100))
    found = read(f"Date,Text,Amount,Currency\n{rows}".encode(), "x.csv", headings=HEADINGS)
    assert len(found.problems) == 21
    assert found.problems[-1].message == "80 more problems"


OFX_ENTRY = "<TRNAMT>100.00"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (OFX_ENTRY, "<TRNAMT>ten", "'ten' is not an amount"),
        ("<DTPOSTED>20261120", "<DTPOSTED>20261320", "'20261320' is not a day"),
        ("<CURDEF>EUR", "<CURDEF>ZZZ", "'ZZZ' is not a currency"),
    ],
)
def test_a_wrong_entry_of_ofx_is_told_with_its_line(old: str, new: str, says: str) -> None:
    found = read(ofx(HISTORY, 0, 2).replace(old.encode(), new.encode(), 1), "x.ofx")
    assert found.value is None
    problem = found.problems[0]
    assert (problem.file, problem.line) == ("x.ofx", 18)
    assert says in problem.message
    assert "<TRNAMT>" in problem.hint


def test_ofx_with_a_document_type_is_not_read() -> None:
    found = read(b'<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY a "b">]>' + OFX_2[22:], "x.ofx")
    assert "document type" in found.problems[0].message
