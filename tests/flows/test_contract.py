"""What holds on a day in plain words, and what a period's work would have cost under another contract."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.invoice.conftest import World

from git_bill.contract.limit import Cap
from git_bill.contract.plain import prices
from git_bill.contract.rate import Rate
from git_bill.contract.terms import Discount, Fee, Milestone, Order, Retainer, Rounding
from git_bill.flows.contract import proposed, simulate
from git_bill.invoice.agreed import agreed
from git_bill.money import Money
from git_bill.period import Period, month
from git_bill.problem import Exit, Stop

ON = date(2026, 11, 2)
NOVEMBER = month(ON)


def euro(text: str) -> Money:
    return Money.parse(f"{text} EUR")


@pytest.fixture
def world() -> World:
    return World()


def said(world: World, topic: str, *, on: date = ON, **over: object) -> list[tuple[str, str]]:
    contract = world.contract(**over)
    return [(t.text, t.state) for t in agreed(world.basis(contract=contract), contract, on) if t.topic == topic]


def test_what_an_hour_costs_for_whom_and_why(world: World) -> None:
    card = (
        Rate(hourly=euro("80.00")),
        Rate(hourly=euro("95.00"), activity="development"),
        Rate(hourly=euro("130.00"), activity="development", label="urgent"),
        Rate(hourly=euro("110.00"), contributor="jonas", from_=date(2026, 11, 1)),
    )
    assert said(world, "rate", rates=card) == [
        ("130.00 EUR an hour: rate for development, for tickets labelled urgent", ""),
        ("95.00 EUR an hour: rate for development", ""),
        ("110.00 EUR an hour for Jonas Beck: rate for jonas, since 2026-11-01", ""),
        ("80.00 EUR an hour for Mira Kovac: the default rate", ""),
    ]
    before = said(world, "rate", rates=card, on=date(2026, 10, 31))
    assert before[-1] == ("80.00 EUR an hour: the default rate", "")


def test_work_without_a_price_is_told(world: World) -> None:
    only = (Rate(hourly=euro("95.00"), activity="development"),)
    _, missing = prices(world.contract(rates=only), ["mira"], ON)
    assert len(missing) == 9
    assert said(world, "rate", rates=only)[-1][1] == "missing"


def test_how_time_counts(world: World) -> None:
    assert said(world, "rounding") == [("to the nearest 15m per ticket and day", "")]
    assert said(world, "rounding", rounding=Rounding()) == [("billed to the minute", "")]
    days = said(world, "work", kind="daily")
    assert days[1][0] == "a person's day counts half from 2h on and whole from 5h on, once over all clients"
    assert said(world, "rounding", kind="daily") == []
    assert said(world, "rate", kind="fixed") == []


def test_what_was_used_so_far(world: World) -> None:
    """Caps and retainers tell what invoices leave, milestones what billed them or what they wait for."""
    parts = (
        Milestone(id="alpha", name="Alpha", amount=euro("1000.00"), on=date(2026, 10, 20)),
        Milestone(id="beta", amount=euro("2000.00"), tag="v1.0"),
        Milestone(id="final", amount=euro("3000.00")),
    )
    contract = world.contract(
        kind="retainer",
        retainer=Retainer(fee=euro("900.00"), time=600, carry=1),
        milestones=parts,
        caps=(Cap(amount=euro("500.00"), per="contract"),),
        orders=(Order(number="45", budget=euro("5000.00"), until=date(2026, 10, 31)),),
        rounding=Rounding(),
    )
    first = world.basis(world.entry("W-a", 780), contract=contract)
    october = world.issue(world.draft(first), first)
    basis = replace(first, invoices=(replace(october, order="45"),), happened={"tag:v1.0": date(2026, 11, 1)})
    terms = {(t.topic, t.ref): t.state for t in agreed(basis, contract, ON)}
    assert terms["cap", ""] == "215.00 EUR left"  # 3 h above the retainer at 95.00 were billed
    assert terms["retainer", "retainer"] == "10h left in 2026-11, as billed so far"
    assert terms["milestone", "alpha"] == "billed with INV-2026-0032"
    assert terms["milestone", "beta"] == "completed by tag v1.0 on 2026-11-01"
    assert terms["milestone", "final"] == "billed when you ask for it: git bill draft --milestone final"
    assert terms["order", "45"].startswith("not for this day, ")
    held = replace(basis, held={"acme/acme-2026/milestone:beta": "acme-2026-11"})
    assert [t.state for t in agreed(held, contract, ON) if t.ref == "beta"] == ["on the draft acme-2026-11"]


def test_the_tax_and_its_source(world: World) -> None:
    ((text, _),) = said(world, "tax")
    assert text.startswith("19 % (UStG § 12(1): standard rate of DE")


def test_a_contract_costs_the_same_as_itself_also_when_it_was_billed(world: World) -> None:
    contract = world.contract(
        kind="retainer",
        retainer=Retainer(fee=euro("900.00"), time=600),
        fees=(Fee(id="hosting", amount=euro("50.00")),),
        discounts=(Discount(percent=Decimal(5), reason="Loyalty"),),
    )
    books = world.basis(world.entry("W-a", 700), world.entry("W-b", 120, date(2026, 11, 5)), contract=contract)
    for period in (world.period, NOVEMBER):
        assert simulate(books, contract, period).difference == euro("0.00")
    october = world.issue(world.draft(books), books)
    billed = replace(books, invoices=(october,), pins={"W-b": "acme-2026-11"})
    for period in (world.period, NOVEMBER):
        found = simulate(billed, contract, period)
        assert found.difference == euro("0.00")
        assert found.then.lines["Retainer"] == euro("900.00")  # its own month's, whatever invoice has it
        assert found.then.lines["hosting"] == euro("50.00")


def test_other_terms_are_compared_line_by_line(world: World) -> None:
    other = world.contract(id="new", from_=date(2027, 1, 1), rates=(Rate(hourly=euro("100.00")),))
    books = world.basis(
        world.entry("W-a", 600), world.entry("W-b", 60, 6, ticket="WEB-9", text="log in", activity="meeting")
    )
    found = simulate(books, other, world.period)
    (now,) = found.now
    assert (found.entries, found.minutes, now.contracts, found.then.contracts) == (2, 660, ("acme-2026",), ("new",))
    assert now.lines == {"WEB-5 Add totals": euro("950.00"), "WEB-9 Log in": euro("80.00")}
    assert found.then.lines == {"WEB-5 Add totals": euro("1000.00"), "WEB-9 Log in": euro("100.00")}
    assert found.difference == euro("70.00")


def test_work_outside_of_the_period_is_left_out(world: World) -> None:
    books = world.basis(world.entry("W-a", 60), world.entry("W-b", 60, date(2026, 9, 30)))
    late = simulate(books, world.contract(), Period(date(2026, 10, 1), date(2026, 10, 31)))
    assert late.then.net == euro("95.00")


def test_two_currencies_have_no_difference(world: World) -> None:
    other = world.contract(id="new", currency="CHF", rates=(Rate(hourly=Money.parse("100.00 CHF")),))
    found = simulate(world.basis(world.entry("W-a", 60)), other, world.period)
    assert (found.difference, found.then.net) == (None, Money.parse("100.00 CHF"))


def test_a_card_without_a_price_for_the_work_stops(world: World) -> None:
    other = world.contract(id="new", rates=(Rate(hourly=euro("100.00"), activity="meeting"),))
    with pytest.raises(Stop) as stopped:
        simulate(world.basis(world.entry("W-a", 60)), other, world.period)
    assert stopped.value.problems[0].message == "contract new has no rate for development by mira"


@pytest.mark.parametrize("text", ["", '[[contracts]]\nid = "a"\n', 'schema = 1\n[[contracts]]\nid = "a"\n'])
def test_a_file_holds_one_whole_contract(text: str) -> None:
    with pytest.raises(Stop) as stopped:
        proposed(text, "new.toml")
    assert stopped.value.exit_code == Exit.SETTINGS
    assert {problem.file for problem in stopped.value.problems} == {"new.toml"}
