"""The issued document: a whole snapshot, and everything that can be wrong with it, from itself alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from git_bill.contract.party import Bank
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.draft import Reversal
from git_bill.invoice.issued import Invoice
from git_bill.invoice.issuing import invoice_problems
from git_bill.money import Money
from git_bill.problem import errors
from git_bill.shape import read, write

if TYPE_CHECKING:
    from tests.invoice.conftest import World


@pytest.fixture
def invoice(world: "World") -> Invoice:
    """Three hours of WEB-5 and half an hour of a call."""
    basis = world.basis(world.entry("W-a", 182), world.entry("W-b", 30, 6, activity="meeting", ticket=None))
    return world.issue(replace(world.draft(basis), note="Thank you!", order="4711"), basis)


def test_the_snapshot_is_whole_and_right(invoice: Invoice, world: "World") -> None:
    assert invoice_problems(invoice) == ()
    assert (invoice.number, invoice.issue_date, invoice.due_date) == (
        "INV-2026-0032",
        date(2026, 11, 2),
        date(2026, 12, 2),
    )
    assert (invoice.issuer, invoice.client, invoice.tax) == (world.issuer, world.client, world.tax)
    assert (invoice.first, invoice.last) == (world.period.first, world.period.last)
    assert [str(line.net) for line in invoice.lines] == ["285.00 EUR", "40.00 EUR"]
    assert str(invoice.totals.net) == "325.00 EUR"
    assert str(invoice.totals.tax) == "61.75 EUR"
    assert str(invoice.totals.payable) == "386.75 EUR"
    assert (invoice.note, invoice.order, invoice.show) == ("Thank you!", "4711", ("hours",))
    assert dict(invoice.lines[0].entries) == {"W-a": 182}


def test_its_file_reads_back_as_itself(invoice: Invoice) -> None:
    assert read(Invoice, write(invoice), "invoice.toml").value == invoice


def test_on_receipt_is_due_at_once(world: "World") -> None:
    basis = world.basis(world.entry("W-a", 60), contract=world.contract(payment_terms="on receipt"))
    assert world.issue(world.draft(basis), basis).due_date == date(2026, 11, 2)


def line(**over: Any) -> Callable[[Invoice], Invoice]:
    return lambda i: replace(i, lines=(replace(i.lines[0], **over), *i.lines[1:]))


def sums(**over: str) -> Callable[[Invoice], Invoice]:
    amounts: dict[str, Any] = {name: Money.parse(text) for name, text in over.items()}
    return lambda i: replace(i, totals=replace(i.totals, **amounts))


def party(who: str, **over: Any) -> Callable[[Invoice], Invoice]:
    return lambda i: replace(i, **{who: replace(getattr(i, who), **over)})


def taxed(tax: Tax) -> Callable[[Invoice], Invoice]:
    return lambda i: replace(i, tax=tax)


BROKEN: list[tuple[str, Callable[[Invoice], Invoice], str]] = [
    (
        "line-net",
        line(net=Money.parse("285.01 EUR")),
        "line 1 says 285.01 EUR (BT-131), its quantity and price give 285.00 EUR",
    ),
    ("line-form", line(base_quantity=Decimal(0)), "line 1 has a base quantity that is not positive (BR-27)"),
    ("line-form", line(unit_price=Money.parse("-95.00 EUR")), "line 1 has a price that is not positive (BR-27)"),
    ("wrong-currency", line(unit_price=Money.parse("95.00 USD")), "line 1 is not in EUR"),
    ("no-description", line(description=" "), "line 1 does not say what was done (BR-25)"),
    ("totals", sums(lines="325.01 EUR"), "totals.lines (BT-106) is not what the lines give (BR-CO-10)"),
    ("totals", sums(net="324.99 EUR"), "totals.net (BT-109) is not what the lines give (BR-CO-13)"),
    ("totals", sums(tax="61.76 EUR"), "totals.tax (BT-110) is not what the lines give (BR-CO-14)"),
    ("totals", sums(gross="386.76 EUR"), "totals.gross (BT-112) is not what the lines give (BR-CO-15)"),
    ("totals", sums(payable="386.74 EUR"), "totals.payable (BT-115) is not what the lines give (BR-CO-16)"),
    (
        "due-before-issue",
        lambda i: replace(i, due_date=date(2026, 11, 1)),
        "due 2026-11-01 is before the issue date 2026-11-02",
    ),
    (
        "period",
        lambda i: replace(i, last=date(2026, 9, 1)),
        "the period ends (2026-09-01) before it starts (2026-10-01)",
    ),
    ("empty-invoice", lambda i: replace(i, lines=()), "an invoice needs a line (BR-16)"),
    ("issuer-tax-id", party("issuer", vat_id=None), "category S needs the issuer's VAT id or tax number (BR-S-02)"),
    ("no-bank", party("issuer", bank=None), "the invoice does not say where to pay"),
    ("iban", party("issuer", bank=Bank(iban="DE02120300000000202052")), "'DE02120300000000202052' is not a valid IBAN"),
    ("tax-rate", taxed(Tax(category="S")), "category S with a rate of 0 % does not go together"),
    (
        "tax-rate",
        taxed(Tax(category="AE", rate=Decimal(19), note="x")),
        "category AE with a rate of 19 % does not go together",
    ),
    ("no-tax-note", taxed(Tax(category="E")), "category E needs a wording or code (BR-E-10)"),
    (
        "tax-note",
        taxed(Tax(category="S", rate=Decimal(19), note="exempt")),
        "category S has no exemption reason (BR-S-10)",
    ),
]


@pytest.mark.parametrize(("rule", "break_it", "message"), BROKEN, ids=[message[:40] for _, _, message in BROKEN])
def test_what_is_wrong_is_found_with_zero_tolerance(
    invoice: Invoice, rule: str, break_it: Callable[[Invoice], Invoice], message: str
) -> None:
    found = invoice_problems(break_it(invoice), "billing/invoices/2026/INV-2026-0032/invoice.toml")
    assert (rule, message) in [(p.rule, p.message) for p in found]
    assert {p.file for p in found} == {"billing/invoices/2026/INV-2026-0032/invoice.toml"}


def test_nobody_pays_a_credit_note(invoice: Invoice) -> None:
    taken = Reversal(number="INV-2026-0031", issue_date=date(2026, 10, 1), entries="waive")
    note = replace(party("issuer", bank=None)(invoice), kind="credit-note", reverses=taken)
    assert "no-bank" not in {problem.rule for problem in invoice_problems(note)}


def test_reverse_charge_needs_both_vat_ids(invoice: Invoice) -> None:
    ae = taxed(Tax(category="AE", note="Reverse charge"))(invoice)
    without = party("client", vat_id=None)(party("issuer", vat_id=None)(ae))
    messages = [p.message for p in invoice_problems(without) if p.rule == "vat-id-missing"]
    assert messages == ["category AE needs the issuer's VAT id", "category AE needs the client's VAT id"]


def test_a_missing_address_is_a_warning(invoice: Invoice) -> None:
    (problem,) = invoice_problems(party("client", street=None, city=None)(invoice))
    assert problem.severity == "warning"
    assert problem.message == "the client's street and city is missing: a VAT invoice needs full addresses"
    assert errors([problem]) == ()


def test_a_payment_link_is_a_way_to_pay(invoice: Invoice) -> None:
    assert invoice_problems(replace(party("issuer", bank=None)(invoice), payment_link="https://pay.example/1")) == ()


@pytest.mark.parametrize(
    ("tax", "message"),
    [
        (Tax(category="O", note="outside"), "category O can't stand on one document with S (BR-O-11)"),
        (Tax(category="E"), "category E needs a wording or code (BR-E-10)"),
        (Tax(category="S"), "category S with a rate of 0 % does not go together"),
    ],
)
def test_a_line_with_a_tax_of_its_own_is_held_to_the_same_rules(world: "World", tax: Tax, message: str) -> None:
    basis = world.basis(world.entry("W-a", 60))
    draft = world.draft(basis)
    mixed = replace(draft, lines=(*draft.lines, replace(draft.lines[0], entries={}, tax=tax)))
    assert [p.message for p in invoice_problems(world.issue(mixed, basis))] == [message]
