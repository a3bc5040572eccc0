"""When tax falls due, by each rule; sums by period; the recapitulative statement."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.receivable.export.till import (
    AE,
    EU,
    LYON,
    OUT,
    S7,
    S19,
    USA,
    bill,
    came,
    due,
    eur,
    kept,
    known,
    lost,
    offset,
    paid,
    settles,
)

from git_bill.invoice.issued import Invoice
from git_bill.period import Period
from git_bill.receivable.booked import Booked
from git_bill.receivable.export.move import every_move
from git_bill.receivable.export.settings import Basis, ExportSettings, bad_debt_relief, vat_due
from git_bill.receivable.export.taxed import Taxed, declared, recapitulative, tax_sums

FIRST = "INV-2026-0001"
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
NOV2, NOV20, DEC1 = date(2026, 11, 2), date(2026, 11, 20), date(2026, 12, 1)
OCTOBER = bill(FIRST, NOV2, ("1000.00", S19), last=date(2026, 10, 31))


def told(found: tuple[Taxed, ...]) -> list[tuple[str, str, str]]:
    """Day, base and tax in the books' currency."""
    return [(str(each.day), str(each.base.worth.amount), str(each.tax.worth.amount)) for each in found]


def sales(*invoices: Invoice, booked: Booked | None = None) -> list[tuple[str, str, str, str]]:
    """Rows of the recapitulative statement."""
    every = known(*invoices)
    items = recapitulative(every.values(), every_move(every, booked or kept(), "at-once"), EU.__contains__)
    return [(row.quarter, row.vat_id, row.category, str(row.base)) for row in declared(items, YEAR)]


@pytest.mark.parametrize(
    ("basis", "day"), [("supply", "2026-10-31"), ("invoice", "2026-11-02"), ("payment", "2026-11-20")]
)
def test_the_day_by_each_rule(basis: Basis, day: str) -> None:
    assert told(due([OCTOBER], paid(NOV20, FIRST, eur("1190.00")), basis)) == [(day, "1000.00", "190.00")]


def test_with_the_payment_nothing_is_due_before() -> None:
    assert due([OCTOBER], None, "payment") == ()


def test_three_payments_lose_no_cent() -> None:
    third = eur("396.67")
    money = [came(date(2026, month, 3), third) for month in (11, 12)] + [came(date(2027, 1, 3), eur("396.66"))]
    booked = kept(money, [settles(each, FIRST, each.amount) for each in money])
    assert told(due([OCTOBER], booked, "payment")) == [
        ("2026-11-03", "333.34", "63.33"),
        ("2026-12-03", "333.33", "63.34"),
        ("2027-01-03", "333.33", "63.33"),
    ]


def test_with_the_payment_a_discount_never_falls_due_and_money_back_is_taken_back() -> None:
    early, back = came(NOV20, eur("1166.20")), came(DEC1, eur("-595.00"), kind="chargeback")
    booked = kept(
        [early, back],
        [
            settles(early, FIRST, eur("1166.20"), eur("1190.00"), difference="discount"),
            settles(back, FIRST, eur("-595.00")),
        ],
    )
    assert told(due([OCTOBER], booked, "payment")) == [
        ("2026-11-20", "980.00", "186.20"),
        ("2026-12-01", "-500.00", "-95.00"),
    ]


def test_with_the_supply_a_discount_and_a_loss_take_tax_back() -> None:
    early = came(NOV20, eur("571.20"))
    booked = kept(
        [early],
        [settles(early, FIRST, eur("571.20"), eur("595.00"), difference="discount")],
        [lost(FIRST, eur("595.00"), DEC1)],
    )
    assert told(due([OCTOBER], booked, "supply")) == [
        ("2026-10-31", "1000.00", "190.00"),
        ("2026-11-20", "-20.00", "-3.80"),
        ("2026-12-01", "-500.00", "-95.00"),
    ]


def test_what_is_lost_in_parts_takes_back_all_of_the_tax_and_no_more() -> None:
    """A cent of tax, lost in halves: half a cent is rounded once."""
    booked = kept(write_offs=[lost(FIRST, eur("0.02"), NOV20), lost(FIRST, eur("0.02"), DEC1)])
    found = due([bill(FIRST, NOV2, ("0.03", S19))], booked)
    assert sum((each.tax.worth.amount for each in found), Decimal(0)) == 0


def test_what_is_paid_before_the_supply_is_due_when_it_comes() -> None:
    december = bill(FIRST, NOV2, ("1000.00", S19), last=date(2026, 12, 31))
    assert told(due([december], paid(NOV20, FIRST, eur("595.00")), "supply")) == [
        ("2026-11-20", "500.00", "95.00"),
        ("2026-12-31", "500.00", "95.00"),
    ]


def test_a_credit_before_the_supply_is_no_payment() -> None:
    december = bill(FIRST, NOV2, ("1000.00", S19), last=date(2026, 12, 31))
    note = bill("CN-2026-0001", NOV20, ("100.00", S19), reverses=FIRST)
    assert told(due([december, note], None, "supply")) == [
        ("2026-11-20", "-100.00", "-19.00"),
        ("2026-12-31", "1000.00", "190.00"),
    ]


def test_a_deposit_is_due_when_it_is_paid() -> None:
    deposit = bill(FIRST, NOV2, ("1000.00", S19), kind="deposit")
    assert due([deposit], None, "supply") == ()
    assert told(due([deposit], paid(NOV20, FIRST, eur("1190.00")), "supply")) == [("2026-11-20", "1000.00", "190.00")]
    assert told(due([deposit], None, "invoice")) == [("2026-11-02", "1000.00", "190.00")]


def test_a_credit_note_takes_back_on_its_own_day() -> None:
    note = bill("CN-2026-0001", DEC1, ("100.00", S19), reverses=FIRST, last=date(2026, 10, 31))
    assert told(due([OCTOBER, note], None, "supply")) == [
        ("2026-10-31", "1000.00", "190.00"),
        ("2026-12-01", "-100.00", "-19.00"),
    ]


def test_a_set_off_counts_as_payment_of_both() -> None:
    note = bill("CN-2026-0001", NOV20, ("100.00", S19), reverses=FIRST)
    other = bill("INV-2026-0002", NOV20, ("100.00", S19))
    money = came(NOV20, eur("1190.00"))
    booked = kept(
        [money],
        [settles(money, FIRST, eur("1190.00"))],
        set_offs=[offset("CN-2026-0001", "INV-2026-0002", eur("119.00"), DEC1)],
    )
    found = due([OCTOBER, note, other], booked, "payment")
    assert [(each.number, str(each.day), str(each.tax.worth)) for each in found] == [
        (FIRST, "2026-11-20", "190.00 EUR"),
        ("CN-2026-0001", "2026-12-01", "-19.00 EUR"),
        ("INV-2026-0002", "2026-12-01", "19.00 EUR"),
    ]


def test_services_to_another_eu_state_count_with_the_supply_whatever_the_rule() -> None:
    lyon = bill(FIRST, NOV2, ("1000.00", AE), client=LYON, last=date(2026, 9, 30))
    assert told(due([lyon], paid(NOV20, FIRST, eur("1000.00")), "payment")) == [("2026-09-30", "1000.00", "0.00")]


def test_the_recapitulative_statement() -> None:
    """Reverse charge in another EU state alone; a credit note counts in its own quarter."""
    lyon = bill(FIRST, NOV2, ("1000.00", AE), client=LYON, last=date(2026, 9, 30))
    note = bill("CN-2026-0001", NOV20, ("200.00", AE), client=LYON, reverses=FIRST)
    home = bill("INV-2026-0002", NOV2, ("1.00", AE))
    domestic = bill("INV-2026-0004", NOV2, ("1000.00", S19))
    usa = bill("INV-2026-0003", NOV2, ("1.00", OUT), client=USA)
    assert sales(lyon, note, home, usa, domestic) == [
        ("2026-Q3", "FR40303265045", "AE", "1000.00 EUR"),
        ("2026-Q4", "FR40303265045", "AE", "-200.00 EUR"),
    ]


def test_sums_are_by_country_category_and_rate_in_the_books_currency() -> None:
    dollars = bill("INV-2026-0002", NOV20, ("100.00", S19), client=USA, currency="USD", rate="0.8")
    found = tax_sums(due([OCTOBER, dollars, bill("INV-2026-0003", NOV20, ("10.00", S7))]), YEAR, "quarter")
    assert [(each.span, each.country, f"{each.rate}", str(each.base), str(each.tax)) for each in found] == [
        ("2026-Q4", "DE", "7", "10.00 EUR", "0.70 EUR"),
        ("2026-Q4", "DE", "19", "1000.00 EUR", "190.00 EUR"),
        ("2026-Q4", "US", "19", "80.00 EUR", "15.20 EUR"),
    ]
    assert tax_sums(due([OCTOBER]), Period(DEC1, DEC1), "month") == ()


@given(st.lists(st.integers(1, 40_000), min_size=1, max_size=6), st.integers(1, 300_000))
def test_payments_in_any_parts_come_to_the_invoice_s_own_share(parts: list[int], net: int) -> None:
    """Against fractions: after each payment what is due is the share that was paid, rounded once."""
    invoice = bill(FIRST, NOV2, (str(Decimal(net) / 100), S19))
    asked = int(invoice.totals.payable.amount * 100)
    got, money = 0, []
    for day, part in enumerate(parts, 1):
        cents = min(part, asked - got)
        if cents > 0:
            got += cents
            money.append(came(date(2026, 12, day), eur(str(Decimal(cents) / 100))))
    found = due([invoice], kept(money, [settles(each, FIRST, each.amount) for each in money]), "payment")
    tax = sum((each.tax.worth.amount for each in found), Decimal(0))
    exact = Fraction(invoice.totals.tax.amount) * got / asked
    assert abs(Fraction(tax) - exact) <= Fraction(1, 200)
    assert got < asked or tax == invoice.totals.tax.amount


@pytest.mark.parametrize(("country", "said"), [("DE", "at-once"), ("AT", "at-once"), ("ES", "later"), ("GB", "later")])
def test_what_a_bad_debt_gives_back_follows_from_the_country(country: str, said: str) -> None:
    """UStG § 17(2) no. 1 (DE), § 16(3) no. 1 (AT); ES: LIVA Art. 80; GB: VATA 1994 s. 36, six months."""
    assert bad_debt_relief(ExportSettings(), country) == said
    assert bad_debt_relief(ExportSettings(bad_debt_relief="at-once"), country) == "at-once"


def test_the_rule_follows_from_the_settings_then_the_country() -> None:
    assert vat_due(ExportSettings(), "DE") == "supply"
    assert vat_due(ExportSettings(), "FR") == "payment"
    assert vat_due(ExportSettings(), "NL") == "invoice"
    assert vat_due(ExportSettings(vat_due="payment"), "DE") == "payment"
