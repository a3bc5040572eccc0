"""Receipts: what was paid, how, what else took an invoice down, and what is open; they always add up."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from tests.flows.shelf import invoice
from tests.laws.cashier import Cashier, cashiers

from git_bill.adapters.tables import wording
from git_bill.invoice.document.receipt import Receipt, receipt_intro, receipt_sums
from git_bill.invoice.draft import Reversal
from git_bill.money import Money, total
from git_bill.receivable.booked import booked
from git_bill.receivable.payment import Allocation, Payments, SetOff, WriteOff
from git_bill.receivable.receipts import receipt_of
from git_bill.receivable.remittance import Remittance

NUMBER = "INV-2026-0032"
INVOICE = invoice(NUMBER, head="0" * 12)  # over 226.10 EUR
NOTE = replace(
    invoice("CN-2026-0001", head="0" * 12),
    totals=replace(INVOICE.totals, payable=Money.parse("26.10 EUR")),
    reverses=Reversal(number=NUMBER, issue_date=INVOICE.issue_date, entries="waive", because="less"),
)
AT = datetime(2026, 12, 1, tzinfo=UTC)


def euros(text: str) -> Money:
    return Money.parse(f"{text} EUR")


def paid(amount: str, settles: str = "", day: int = 20, **facts: Any) -> Payments:
    """One remittance and what of it settles the invoice. `account`, `rail`, `mandate`: of the remittance."""
    mine = {name: facts.pop(name) for name in ("rail", "account", "mandate", "whole") if name in facts}
    name = f"R-{chr(97 + day % 20) * 12}"
    settled = Money.parse(settles) if " " in settles else euros(settles or amount)
    given = Money.parse(amount) if " " in amount else euros(amount)
    whole = euros(mine.pop("whole")) if "whole" in mine else given
    remittance = Remittance(id=name, booked=date(2026, 11, day), amount=whole, **{"rail": "bank", **mine})
    own = Allocation(
        id=f"A-{chr(97 + day % 20) * 12}",
        remittance=name,
        invoice=NUMBER,
        amount=given,
        settles=settled,
        at=AT,
        **facts,
    )
    return Payments(remittances=(remittance,), allocations=(own,))


def receipt(*files: Payments, documents: tuple[Any, ...] = (INVOICE,)) -> Receipt | None:
    return receipt_of(INVOICE, documents, booked(files))


def told(found: Receipt | None, language: str = "en") -> list[str]:
    """The sums, and the sentences above the lines."""
    assert found is not None
    sums = [f"{each['label']}: {each['value']}" for each in receipt_sums(found, wording(), language)]
    return [*receipt_intro(found, wording(), language), *sums]


def test_one_payment_of_all() -> None:
    assert told(receipt(paid("226.10"))) == [
        "Received with thanks: 226.10 EUR on 20 November 2026.",
        "The invoice is settled in full.",
        "Paid on 20 November 2026, bank transfer: -226.10",
        "Still open: 0.00",
    ]


def test_parts_and_what_is_open_in_the_clients_language() -> None:
    found = receipt(paid("100.00", mandate="M-1"), paid("26.10", day=22, rail="hand", account="bar"))
    assert told(found, "de") == [
        "Dankend erhalten, insgesamt: 126,10 EUR.",
        "Noch offen: 100,00 EUR.",
        "Bezahlt am 20. November 2026, Lastschrift: -100,00",
        "Bezahlt am 22. November 2026, bar: -26,10",
        "Noch offen: 100,00",
    ]


def test_what_the_client_gave_counts_and_not_what_arrived() -> None:
    fee = receipt(paid("219.00", "226.10", rail="stripe", difference="fee"))
    assert told(fee)[2:] == ["Paid on 20 November 2026, Stripe: -226.10", "Still open: 0.00"]
    early = receipt(paid("221.58", "226.10", difference="discount"))
    assert told(early)[0] == "Received with thanks: 221.58 EUR on 20 November 2026."
    assert told(early)[2:] == [
        "Paid on 20 November 2026, bank transfer: -221.58",
        "Discount: -4.52",
        "Still open: 0.00",
    ]
    kept = receipt(paid("200.00", "226.10", difference="withholding"))
    assert "Withheld by you: -26.10" in told(kept)


def test_another_currency_is_told_beside_what_it_settles() -> None:
    found = receipt(paid("250.00 USD", "226.10", difference="exchange"))
    assert "Paid on 20 November 2026, bank transfer (250.00 USD): -226.10" in told(found)


def test_more_than_was_asked_for_stays_the_clients() -> None:
    found = receipt(paid("226.10", whole="250.00"))
    assert "Beyond that, 23.90 EUR is kept to your credit." in told(found)


def test_credit_notes_and_what_is_set_off() -> None:
    off = SetOff(
        id="S-aaaaaaaaaaaa", credit="CN-2", invoice=NUMBER, amount=euros("50.00"), on=AT.date(), by="mira", at=AT
    )
    found = receipt(paid("100.00"), Payments(set_offs=(off,)), documents=(INVOICE, NOTE))
    assert told(found)[-2:] == ["Credit notes: -76.10", "Still open: 50.00"]


@pytest.mark.parametrize(
    ("why", "last"),
    [
        ("uncollectable", ["Still open: 26.10"]),  # a loss in the books is no gift
        ("small", ["Not asked for any more: -26.10", "Still open: 0.00"]),
    ],
)
def test_what_was_lost_is_still_owed_and_what_was_given_up_is_not(why: Any, last: list[str]) -> None:
    lost = WriteOff(
        id="O-aaaaaaaaaaaa",
        invoice=NUMBER,
        amount=euros("26.10"),
        as_=why,
        because="x",
        on=AT.date(),
        by="mira",
        at=AT,
    )
    assert told(receipt(paid("200.00"), Payments(write_offs=(lost,))))[-len(last) :] == last


def test_what_went_back_is_told_and_all_that_went_back_is_no_receipt() -> None:
    back = paid("-100.00", day=25)
    assert "Paid back on 25 November 2026, bank transfer: 100.00" in told(receipt(paid("226.10"), back))
    assert receipt(paid("100.00"), back) is None
    assert receipt() is None
    early = paid("221.58", "226.10", difference="discount")
    assert receipt(early, paid("-221.58", day=25)) is None  # what is left settled is the discount alone


@given(cashiers())
@settings(max_examples=40)
def test_a_receipt_adds_up_whatever_was_done(cashier: Cashier) -> None:
    documents, now = cashier.till.invoices, cashier.till.paid
    for each in documents:
        found = receipt_of(each, documents, now) if each.reverses is None else None
        if found is not None:
            parts = (found.paid, found.credited, found.discount, found.withheld, found.conceded, found.open)
            assert total(parts, "EUR") == each.totals.to_transfer
            assert found.paid.amount > Decimal(0)
