"""Credit notes: parts of lines and of tax groups, to the cent, and what comes back."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from git_bill.contract.tax.levy import Surcharge
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.billed import settled, standing, unbilled
from git_bill.invoice.credit_checks import credit_findings
from git_bill.invoice.credited import open_of
from git_bill.invoice.crediting import Wish, cancellation, credit, same_line
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.issued import Invoice
from git_bill.invoice.totals import draft_totals
from git_bill.money import Money
from git_bill.problem import Problem

if TYPE_CHECKING:
    from tests.invoice.conftest import World

S7 = Tax(category="S", rate=Decimal(7), source="UStG § 12(2)")


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def two_rates(world: "World", *allowances: Allowance) -> Invoice:
    """100.01 EUR under 19 % with an entry of an hour, 50.00 EUR under 7 % that bills a milestone."""
    basis = world.basis(world.entry("W-a", 60))
    lines = (
        Line(description="Work", quantity=Decimal(1), unit="C62", unit_price=eur("100.01"), entries={"W-a": 60}),
        Line(
            description="Book",
            quantity=Decimal(1),
            unit="C62",
            unit_price=eur("50.00"),
            tax=S7,
            bills=("milestone:book",),
        ),
    )
    return world.issue(replace(world.draft(basis), lines=lines, allowances=allowances), basis)


def made(invoice: Invoice, wish: Wish, *notes: Draft) -> Draft:
    found = credit(invoice, notes, wish, draft_id="D-bbbbbbbbbbbb")
    assert isinstance(found, Draft)
    return found


def test_the_whole_is_the_invoice_again_as_a_credit_note(world: "World") -> None:
    invoice = two_rates(world, Allowance(percent=Decimal(10), reason="Loyalty"))
    note = cancellation(invoice, draft_id="D-bbbbbbbbbbbb", because="wrong client")
    assert (note.kind, note.reverses and note.reverses.number) == ("credit-note", invoice.number)
    assert draft_totals(note) == invoice.totals
    assert [line.credits for line in note.lines] == [{"1": eur("100.01")}, {"2": eur("50.00")}]


def test_an_amount_is_shared_by_all_tax_rates_without_a_lost_cent(world: "World") -> None:
    invoice = two_rates(world)
    note = made(invoice, Wish(entries="waive", amount=eur("10.00")))
    sums = draft_totals(note)
    assert sums.net == eur("10.00")
    assert [(group.rate, group.base) for group in sums.groups] == [
        (Decimal(19), eur("6.67")),
        (Decimal(7), eur("3.33")),
    ]


def test_an_amount_for_billing_again_gives_its_part_of_the_time_back(world: "World") -> None:
    invoice = two_rates(world)
    note = made(invoice, Wish(entries="rebill", lines=(1,), amount=eur("50.00")))
    assert note.lines[0].entries == {"W-a": 29}  # 29.99 minutes: never more than was credited
    issued = world.issue(note, world.basis(), "CN-2026-0001")
    work = world.entry("W-a", 60)
    assert unbilled([work], [invoice, issued]) == ((work, 29),)


def test_what_is_billed_whole_does_not_come_back_in_parts(world: "World") -> None:
    found = credit(
        two_rates(world), (), Wish(entries="rebill", lines=(2,), amount=eur("1.00")), draft_id="D-bbbbbbbbbbbb"
    )
    assert isinstance(found, Problem)
    assert found.rule == "billed-whole"


def test_a_line_takes_its_part_of_the_discount_and_the_last_one_the_rest(world: "World") -> None:
    invoice = two_rates(world, Allowance(amount=eur("30.00"), reason="Goodwill"))
    first = made(invoice, Wish(entries="waive", lines=(1,)))
    rest = made(invoice, Wish(entries="waive"), first)
    both = [draft_totals(note) for note in (first, rest)]
    assert both[0].net + both[1].net == invoice.totals.net
    assert both[0].payable + both[1].payable == invoice.totals.payable
    assert open_of(invoice, (first, rest)).net == eur("0.00")


def test_waived_work_stays_settled_and_the_money_is_gone(world: "World") -> None:
    invoice = two_rates(world)
    note = world.issue(made(invoice, Wish(entries="waive", lines=(1,))), world.basis(), "CN-2026-0001")
    (left,) = standing([invoice, note])
    assert left.totals.net == eur("50.00")
    assert left.lines[0].net == eur("0.00")
    assert settled([invoice, note]).by == {"W-a": invoice.number}


def test_work_that_came_back_is_nobody_s(world: "World") -> None:
    invoice = two_rates(world)
    note = world.issue(cancellation(invoice, draft_id="D-b", because=None), world.basis(), "CN-2026-0001")
    assert standing([invoice, note]) == ()
    assert settled([invoice, note]).by == {}


@pytest.mark.parametrize(
    ("wish", "rule"),
    [
        (Wish(entries="waive", lines=(3,)), "no-such-line"),
        (Wish(entries="waive", amount=eur("150.02")), "more-than-open"),
        (Wish(entries="waive", amount=eur("0.00")), "not-positive"),
        (Wish(entries="waive", amount=Money(Decimal(1), "CHF")), "wrong-currency"),
    ],
)
def test_what_can_t_be_credited(world: "World", wish: Wish, rule: str) -> None:
    found = credit(two_rates(world), (), wish, draft_id="D-bbbbbbbbbbbb")
    assert isinstance(found, Problem)
    assert found.rule == rule
    assert found.hint


def test_lines_never_take_more_than_an_invoice_that_deducts_a_deposit(world: "World") -> None:
    invoice = two_rates(world)
    first, book = invoice.lines
    deducted = replace(first, quantity=Decimal(-1), unit_price=eur("40.00"), entries={}, bills=("deduct:start",))
    draft = replace(world.draft(world.basis()), lines=tuple(map(same_line, (first, book, deducted))))
    invoice = world.issue(draft, world.basis(world.entry("W-a", 60)))
    for lines, rule in (((3,), "below-zero"), ((1,), "more-than-open")):
        found = credit(invoice, (), Wish(entries="rebill", lines=lines), draft_id="D-bbbbbbbbbbbb")
        assert isinstance(found, Problem)
        assert found.rule == rule
        assert "--line 1 --line 3" in found.hint or "--rebill" in found.hint
    assert draft_totals(made(invoice, Wish(entries="rebill", lines=(1, 3)))).net == eur("60.01")


def test_a_line_that_names_the_treatment_of_the_invoice_has_no_other(world: "World") -> None:
    invoice = two_rates(world)
    first, second = invoice.lines
    alike = (replace(first, tax=invoice.tax), replace(second, tax=None))
    invoice = replace(invoice, lines=alike)
    note = made(invoice, Wish(entries="waive", amount=eur("10.00")))
    basis = replace(world.basis(), invoices=(invoice,))
    assert not [p.rule for _, p in credit_findings(note, basis, "credit", final=True) if p.severity == "error"]


def test_a_discount_is_credited_once_where_a_stamp_stays_on_the_invoice(world: "World") -> None:
    """10 % of 200.00 less, and a stamp of 2.00: each line takes back 90.00, whichever is credited first."""
    stamp = Surcharge(name="Bollo", amount=eur("2.00"), above=Decimal("77.47"))
    exempt = Tax(category="E", rate=Decimal(0), note="Operazione esente", source="DPR 633/1972", surcharges=(stamp,))
    basis = world.basis()
    lines = tuple(
        Line(description=name, quantity=Decimal(1), unit="C62", unit_price=eur("100.00")) for name in ("One", "Two")
    )
    loyal = Allowance(percent=Decimal(10), reason="Loyalty")
    draft = replace(world.draft(basis), tax=exempt, lines=lines, allowances=(loyal,))
    invoice = world.issue(draft, basis)
    first = made(invoice, Wish(entries="waive", lines=(1,)))
    second = made(invoice, Wish(entries="waive", lines=(2,)), first)
    assert [draft_totals(note).gross for note in (first, second)] == [eur("90.00"), eur("90.00")]
    assert open_of(invoice, [first, second]).gross == eur("2.00")


@pytest.mark.parametrize("wish", [Wish(entries="rebill"), Wish(entries="waive", amount=eur("10.00"))])
def test_a_deposit_that_was_deducted_is_not_given_back_without_a_word(world: "World", wish: Wish) -> None:
    basis = world.basis()
    paid = Line(
        description="Deposit", quantity=Decimal(1), unit="C62", unit_price=eur("40.00"), bills=("deposit:start",)
    )
    last = replace(paid, unit_price=eur("100.00"), bills=("milestone:end",))
    off = replace(paid, quantity=Decimal(-1), bills=("deduct:start",))
    deposit = world.issue(replace(world.draft(basis), kind="deposit", lines=(paid,)), basis, "INV-2026-0030")
    final = world.issue(replace(world.draft(basis), kind="final", lines=(last, off)), basis, "INV-2026-0032")
    note = made(deposit, wish)

    def told(*invoices: Invoice) -> list[tuple[str, str]]:
        books = replace(basis, invoices=invoices)
        found = (problem for _, problem in credit_findings(note, books, "credit", final=True))
        return [(problem.severity, problem.message) for problem in found if problem.rule == "deposit-deducted"]

    assert told(deposit) == []
    (warned,) = told(deposit, final)
    assert warned == ("warning", "deposit start was deducted with INV-2026-0032: the client would get it twice")
    back = world.issue(cancellation(final, draft_id="D-c", because=None), basis, "CN-2026-0001")
    assert told(deposit, final, back) == []
