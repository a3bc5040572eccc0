"""Margin: what documents brought, less what their time costs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.invoice.conftest import World

from git_bill.contract.cost import Cost
from git_bill.invoice.draft import NotBilled
from git_bill.invoice.margin import margins
from git_bill.money import Money

COSTS = {
    "mira": (Cost(hourly="40.00 EUR"), Cost(hourly="50.00 EUR", from_=date(2026, 10, 6))),
    "jonas": (Cost(hourly="60.00 USD"),),
    "rita": (Cost(hourly="30.00 EUR", from_=date(2027, 1, 1)),),
}


def test_time_costs_what_it_cost_on_its_day(world: World) -> None:
    basis = world.basis(world.entry("W-a", 60), world.entry("W-b", 90, 6))
    invoice = world.issue(world.draft(basis), basis)
    (found,) = margins([invoice], basis.worked, COSTS)
    assert (found.client, found.net, found.cost) == ("acme", Money.parse("237.50 EUR"), Money.parse("115.00 EUR"))
    assert (found.left, found.minutes, found.unknown) == (Money.parse("122.50 EUR"), 150, 0)
    assert found.percent is not None
    assert round(found.percent, 1) == Decimal("51.6")


def test_time_that_was_given_away_costs_too_and_what_comes_back_does_not(world: World) -> None:
    basis = world.basis(world.entry("W-a", 60), world.entry("W-b", 60), world.entry("W-c", 60))
    draft = world.draft(replace(basis, worked={"W-a": basis.worked["W-a"]}))
    left = {
        "W-b": NotBilled(minutes=60, because="a present", then="waive"),
        "W-c": NotBilled(minutes=60, because="cap", then="carry"),
    }
    invoice = world.issue(replace(draft, not_billed=left), basis)
    (found,) = margins([invoice], basis.worked, COSTS)
    assert (found.minutes, found.cost) == (120, Money.parse("80.00 EUR"))


def test_time_without_a_rate_that_fits_is_told(world: World) -> None:
    people = [world.entry(f"W-{who}", 60, by=who) for who in ("jonas", "rita", "nobody")]
    basis = world.basis(*people)
    invoice = world.issue(world.draft(basis), basis)
    (found,) = margins([invoice], basis.worked, COSTS)
    assert (found.cost, found.minutes, found.unknown) == (Money.parse("0.00 EUR"), 180, 180)


def test_currencies_stay_apart(world: World) -> None:
    basis = world.basis(world.entry("W-a", 60))
    invoice = world.issue(world.draft(basis), basis)
    dollars = replace(
        invoice, number="INV-2026-0033", currency="USD", totals=replace(invoice.totals, net=Money.parse("100.00 USD"))
    )
    euros, other = margins([invoice, dollars], basis.worked, COSTS)
    assert (euros.net.currency, other.net.currency) == ("EUR", "USD")
    assert (euros.unknown, other.unknown) == (0, 60)


def test_a_sealed_rate_is_unknown() -> None:
    assert Cost(hourly="sealed:3f9a1c2e:YWJj").price is None
    assert list(Cost(hourly="sealed:3f9a1c2e:YWJj").problems()) == []
    assert [name for name, *_ in Cost(hourly="-1.00 EUR").problems()] == ["hourly"]
