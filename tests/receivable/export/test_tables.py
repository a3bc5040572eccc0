"""Tables, the list of numbers and the summary: nothing in them is a formula, and they come to what documents say."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.receivable.export.till import (
    ACME,
    AT,
    S7,
    S19,
    USA,
    bill,
    came,
    entries,
    eur,
    kept,
    known,
    settles,
    usd,
)

from git_bill.adapters.tables import wording
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.numbering import Numbering
from git_bill.money import Money
from git_bill.period import Period, parse_period
from git_bill.receivable.booked import booked as booked_of
from git_bill.receivable.export.beancount import beancount_ledger
from git_bill.receivable.export.datev import Batch, batch
from git_bill.receivable.export.datev_accounts import Chart
from git_bill.receivable.export.hledger import hledger_journal
from git_bill.receivable.export.parked import told as told_of
from git_bill.receivable.export.parked import undecided as undecided_of
from git_bill.receivable.export.plain_text import Book
from git_bill.receivable.export.register import register
from git_bill.receivable.export.settings import ExportSettings
from git_bill.receivable.export.sheet import Sheet, csv_of, sheet, table_of
from git_bill.receivable.export.summary import Summary, language_of, summary_text
from git_bill.receivable.export.tables import invoices_sheet, journal_sheet, lines_sheet, payments_sheet
from git_bill.receivable.payment import Aside, Payments, Undo

OCT5, OCT20 = date(2026, 10, 5), date(2026, 10, 20)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
EVIL = '=HYPERLINK("http://x","y")\r\n+1'


def column(made: Sheet, head: str) -> list[object]:
    return [row[made.heads.index(head)] for row in made.rows]


def test_no_text_of_a_stranger_is_a_formula() -> None:
    evil = replace(ACME, name=EVIL)
    money = came(OCT20, eur("5.00"), payer=EVIL, text="@SUM(A1)")
    documents = known(bill("INV-1", OCT5, ("100.00", S19), client=evil))
    found = entries([bill("INV-1", OCT5, ("100.00", S19), client=evil)], kept([money]))
    for made in (
        invoices_sheet(documents.values(), "EUR"),
        payments_sheet(documents, kept([money]), YEAR),
        journal_sheet(found, {}),
    ):
        content = csv_of(made).decode()
        assert "'=HYPERLINK" in content
        assert len(content.split("\r\n")) == len(made.rows) + 2
        assert not [cell for line in content.splitlines() for cell in line.split(",") if cell.startswith(("=", "@"))]


def test_amounts_are_numbers_below_zero_where_they_take_back() -> None:
    made = sheet("x", "a b c", [(eur("-1.50"), None, Decimal("0.5"))])
    assert csv_of(made) == b"a,b,c\r\n-1.50,,0.5\r\n"
    assert table_of(made, "Mira").rows == ((Decimal("-1.50"), "", Decimal("0.5")),)
    note = known(bill("INV-1", OCT5, ("100.00", S19)), bill("CN-1", OCT20, ("40.00", S19), reverses="INV-1"))
    assert [str(each) for each in column(invoices_sheet(note.values(), "EUR"), "gross")] == ["119.00 EUR", "-47.60 EUR"]
    assert [str(each) for each in column(lines_sheet(note.values()), "net")] == ["100.00 EUR", "-40.00 EUR"]


def test_private_money_is_listed_without_its_texts() -> None:
    money = came(OCT20, eur("5.00"), payer="Aunt Ann", text="happy birthday")
    aside = Aside(remittance=money.id, as_="private", at=datetime(2026, 10, 21, tzinfo=UTC))
    made = payments_sheet({}, kept([money], aside=[aside]), YEAR)
    assert column(made, "reason") == ["private"]
    assert "Ann" not in csv_of(made).decode()


def test_what_tells_of_private_money_or_sends_it_back_says_no_name_anywhere() -> None:
    gift, told = came(OCT20, eur("5.00")), came(OCT20, eur("5.00"), rail="paypal")
    back = came(OCT20, eur("-5.00"), kind="refund", rail="paypal")
    mine = came(OCT20, eur("7.00"))
    gift, told, back, mine = (replace(m, payer="Aunt Ann", text="for Ann") for m in (gift, told, back, mine))
    pays = settles(mine, "INV-1", eur("6.00"))
    asides = [
        Aside(remittance=gift.id, as_="private", at=AT),
        Aside(remittance=told.id, as_="same", of=mine.id, at=AT),
        Aside(remittance=mine.id, as_="private", at=AT),
    ]
    returned = replace(settles(back, "", eur("-5.00")), returns=gift.id)
    booked, bills = (
        kept([gift, told, back, mine], [pays, returned], aside=asides),
        [bill("INV-1", OCT5, ("100.00", S19))],
    )
    found = entries(bills, booked)
    assert len(found) == 5
    made = Batch(
        chart=Chart(settings=ExportSettings(chart="skr03")),
        period=YEAR,
        currency="EUR",
        entries=found,
        documents=known(*bills),
        area=lambda country: "home",
        at=AT,
    )
    book = Book(title="x", currency="EUR", entries=found, names={})
    tables = [payments_sheet(known(*bills), booked, YEAR), journal_sheet(found, {})]
    every = [*map(csv_of, tables), hledger_journal(book), beancount_ledger(book), batch(made)[0]]
    assert all(b"Ann" not in each and b"5" in each for each in every)
    assert told_of(booked, gift.id) == told_of(booked, back.id) == told_of(booked, told.id) == ("", "")


def test_what_was_recorded_by_hand_and_taken_back_is_no_money() -> None:
    said = came(OCT20, eur("119.00"), rail="hand", account="cash")
    pays = settles(said, "INV-1", eur("119.00"))
    bills = [bill("INV-1", OCT5, ("100.00", S19))]
    undone = booked_of(
        [Payments(remittances=(said,), allocations=(pays,), undone=(Undo(names=pays.id, by="mira", at=AT),))]
    )
    assert [each.kind for each in entries(bills, undone)] == ["invoice"]
    assert payments_sheet(known(*bills), undone, YEAR).rows == ()
    assert undecided_of(undone, YEAR) == ()


def test_money_that_nobody_decided_on_is_counted() -> None:
    waits, fee = came(OCT20, eur("5.00")), came(OCT20, eur("-1.00"), kind="fee", rail="stripe")
    later, gift = came(date(2027, 1, 2), eur("9.00")), came(OCT5, eur("3.00"))
    aside = Aside(remittance=gift.id, as_="private", at=AT)
    assert undecided_of(kept([waits, fee, later, gift], aside=[aside]), YEAR) == (waits,)
    text = summary_text(summary([], "DE", undecided=(eur("5.00"), eur("2.00"), usd("1.00"))), wording()).decode()
    part = text.partition("Eingänge ohne Zuordnung")[2]
    assert "entschieden hat: 3." in part
    assert "7,00" in part
    assert "Eingänge ohne" not in summary_text(summary([], "DE"), wording()).decode()


def test_the_summary_lists_folders_that_are_there() -> None:
    bare = summary_text(summary([], "US", folders=frozenset({"ledger/"})), wording()).decode()
    assert "ledger/" in bare
    assert "journal.csv, journal.hledger: " in bare
    assert "receipts.csv: " in bare
    for folder in ("documents/", "datev/", "receipts/"):
        assert folder not in bare
    text = summary_text(summary([], "US"), wording()).decode()
    assert all(each in text for each in ALL)


def test_only_what_was_booked_in_the_period() -> None:
    early, late = came(OCT5, eur("50.00")), came(date(2027, 1, 3), eur("69.00"))
    documents = known(bill("INV-1", OCT5, ("100.00", S19)))
    booked = kept([early, late], [settles(early, "INV-1", eur("50.00")), settles(late, "INV-1", eur("69.00"))])
    assert [str(each) for each in column(payments_sheet(documents, booked, YEAR), "amount")] == ["50.00 EUR"]


def claim(number: str, day: date, void: str | None = None) -> Claim:
    at = datetime(2026, 10, 5, tzinfo=UTC)
    return Claim(number=number, draft="D-1", name="x", blob="0" * 40, issue_date=day, at=at, void=void)


def test_every_number_is_explained() -> None:
    """One issued, one void, one missing, one claimed; the gap of another year is none of this one's."""
    claimed: list[tuple[Claim, Invoice | None]] = [
        (claim("INV-2025-0001", date(2025, 3, 1)), None),
        (claim("INV-2025-0003", date(2025, 4, 1)), None),
        (claim("INV-2026-0001", OCT5), bill("INV-2026-0001", OCT5, ("1.00", S19))),
        (claim("INV-2026-0002", OCT5, "=a test"), None),
        (claim("INV-2026-0004", OCT20), None),
    ]
    found = register(claimed, Numbering(), YEAR)
    assert [(each.number, each.state) for each in found] == [
        ("INV-2026-0001", "issued"),
        ("INV-2026-0002", "void"),
        ("INV-2026-0003", "missing"),
        ("INV-2026-0004", "claimed"),
    ]
    assert found[1].why == "=a test"
    assert [each.number for each in register(claimed, Numbering(), parse_period("2025", OCT5))] == [
        "INV-2025-0001",
        "INV-2025-0002",
        "INV-2025-0003",
    ]


ALL = frozenset({"documents/", "datev/", "receipts/", "ledger/"})


def summary(
    invoices: list[Invoice],
    country: str = "DE",
    *,
    folders: frozenset[str] = ALL,
    undecided: tuple[Money, ...] = (),
) -> Summary:
    return Summary(
        issuer="Mira",
        country=country,
        period=YEAR,
        basis="supply",
        documents=tuple(known(*invoices).values()),
        given=(),
        sums=(),
        declared=(),
        aged=(),
        head="0" * 64,
        lines=3,
        folders=folders,
        undecided=undecided,
    )


@given(st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from([S19, S7]), st.booleans()), max_size=5))
def test_the_summary_comes_to_the_sums_of_the_documents(nets: list[tuple[int, Tax, bool]]) -> None:
    invoices = []
    for at, (cents, tax, credited) in enumerate(nets, 1):
        net = str(Decimal(cents) / 100)
        invoices.append(bill(f"INV-{at}", OCT5, (net, tax)))
        if credited:
            invoices.append(bill(f"CN-{at}", OCT20, (net, tax), reverses=f"INV-{at}"))
    made = summary(invoices)
    kept_ones = [each for each, (_, _, credited) in zip(_plain(invoices), nets, strict=True) if not credited]
    for ours, name in ((made.net, "net"), (made.tax, "tax"), (made.gross, "gross")):
        theirs = sum((getattr(each.totals, name).amount for each in kept_ones), Decimal(0))
        assert [each.amount for each in ours] == ([theirs] if theirs else [])


def _plain(invoices: list[Invoice]) -> list[Invoice]:
    return [each for each in invoices if each.reverses is None]


@pytest.mark.parametrize("country", ["DE", "FR", "ES", "IT", "NL", "PL", "US", "AT", "CH"])
def test_the_summary_is_in_the_adviser_s_language(country: str) -> None:
    text = summary_text(summary([bill("INV-1", OCT5, ("100.00", S19), client=USA)], country), wording()).decode()
    english = summary_text(summary([bill("INV-1", OCT5, ("100.00", S19), client=USA)], "US"), wording()).decode()
    assert (text == english) == (language_of(country) == "en")
    assert "documents/" in text
