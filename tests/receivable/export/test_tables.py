"""Tables, the list of numbers and the summary: nothing in them is a formula, and they come to what documents say."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.receivable.export.till import (
    ACME,
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
)

from git_bill.adapters.tables import wording
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.numbering import Numbering
from git_bill.period import Period, parse_period
from git_bill.receivable.export.register import register
from git_bill.receivable.export.sheet import Sheet, csv_of, sheet, table_of
from git_bill.receivable.export.summary import Summary, language_of, summary_text
from git_bill.receivable.export.tables import invoices_sheet, journal_sheet, lines_sheet, payments_sheet
from git_bill.receivable.payment import Aside

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


def summary(invoices: list[Invoice], country: str = "DE") -> Summary:
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
