"""Law 9: allocations never exceed the remittance or the invoice, whatever people do in whatever order."""

from dataclasses import replace

from hypothesis import given, settings
from tests.laws.cashier import Cashier, cashiers

from git_bill.money import total
from git_bill.receivable.booked import booked
from git_bill.receivable.receivable import excess, receivables


@given(cashiers())
@settings(max_examples=150, deadline=None)
def test_no_remittance_and_no_invoice_is_used_up_twice(cashier: Cashier) -> None:
    paid, documents = cashier.till.paid, cashier.till.invoices
    assert list(excess(documents, paid)) == []
    for name, remittance in paid.remittances.items():  # reckoned once more, by hand
        used = total((each.amount for each in paid.allocations if each.remittance == name), "EUR")
        assert abs(used.amount) <= abs(remittance.amount.amount)
        assert used.amount * remittance.amount.amount >= 0
    for invoice in (each for each in documents if each.reverses is None):
        settled = total((each.settles for each in paid.allocations if each.invoice == invoice.number), "EUR")
        lost = total((each.amount for each in paid.write_offs if each.invoice == invoice.number), "EUR")
        off = total((each.amount for each in paid.set_offs if each.invoice == invoice.number), "EUR")
        assert (settled + lost + off) <= invoice.totals.payable


@given(cashiers())
@settings(max_examples=100, deadline=None)
def test_nothing_is_lost_between_documents_and_money(cashier: Cashier) -> None:
    """What documents ask for is open, or was settled, lost or set off; and a credit note never asks for money."""
    paid = cashier.till.paid
    owed = receivables(cashier.till.invoices, paid)
    asked = total((each.asked for each in owed), "EUR")
    settled = total((each.settles for each in paid.allocations if each.invoice), "EUR")
    lost = total((each.amount for each in paid.write_offs), "EUR")
    assert total((each.open for each in owed), "EUR") == asked - settled - lost
    for each in owed:
        assert each.open.amount >= 0 if each.asked.amount > 0 else each.open.amount <= 0


@given(cashiers())
@settings(max_examples=100, deadline=None)
def test_money_that_came_pays_documents_or_is_left(cashier: Cashier) -> None:
    paid = cashier.till.paid
    moved = total((each.amount for each in paid.remittances.values()), "EUR")
    settled = total((each.amount for each in paid.allocations if each.invoice), "EUR")
    assert total((paid.rest(name) for name in paid.remittances), "EUR") == moved - settled


@given(cashiers())
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_files_changes_nothing(cashier: Cashier) -> None:
    once = receivables(cashier.till.invoices, cashier.till.paid)
    turned = booked(reversed(cashier.till.months))
    assert receivables(reversed(cashier.till.invoices), turned) == once


@given(cashiers())
@settings(max_examples=60, deadline=None)
def test_what_is_undone_leaves_no_trace_in_what_is_open(cashier: Cashier) -> None:
    till = cashier.till
    without = [
        replace(
            month,
            allocations=tuple(each for each in month.allocations if each in till.paid.allocations),
            write_offs=tuple(each for each in month.write_offs if each in till.paid.write_offs),
            set_offs=tuple(each for each in month.set_offs if each in till.paid.set_offs),
            undone=(),
        )
        for month in till.months
    ]
    assert receivables(till.invoices, booked(without)) == receivables(till.invoices, till.paid)
