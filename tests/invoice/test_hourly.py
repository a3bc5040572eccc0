"""Time by the hour: what would make too many lines stands on a timesheet, and every minute is in one of the two."""

from dataclasses import replace

import pytest
from tests.invoice.conftest import World

from git_bill.adapters.tables import wording
from git_bill.contract.limit import Cap
from git_bill.contract.terms import Rounding
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.document.annex import annex_page
from git_bill.invoice.document.client_copy import client_text
from git_bill.invoice.document.page import draft_page
from git_bill.invoice.draft import Draft
from git_bill.invoice.quantity import in_minutes
from git_bill.invoice.totals import draft_totals
from git_bill.money import Money
from git_bill.problem import errors

ACTIVITIES = ("development", "review", "meeting")


def busy(world: World, many: int, **over: object) -> Basis:
    """A month of tickets, each on one day with some odd minutes."""
    entries = (
        world.entry(f"W-e{n:03}", 17 + n % 50, 1 + n % 28, ticket=f"WEB-{n}", activity=ACTIVITIES[n % 3])
        for n in range(many)
    )
    contract = world.contract(annex_from=20, **over)
    return world.basis(*entries, contract=contract, words=wording())


def billed(draft: Draft) -> int:
    """All minutes that lines bill."""
    return sum(int(in_minutes(line) or 0) for line in draft.lines)


def test_few_lines_stay_as_they_are(world: World) -> None:
    draft = world.draft(busy(world, 19))
    assert (len(draft.lines), draft.annex) == (19, False)


@pytest.mark.parametrize("per", ["entry", "ticket", "ticket-day", "day", "line", "invoice"])
def test_many_become_one_for_each_activity_and_price(world: World, per: str) -> None:
    exact = Rounding(to=1, mode="nearest", per=per)  # type: ignore[arg-type]
    basis = busy(world, 60, rounding=exact)
    draft = world.draft(basis)
    assert [line.description for line in draft.lines] == [
        "Development, web-shop",
        "Review, web-shop",
        "Meeting, web-shop",
    ]
    assert {line.detail for line in draft.lines} == {"as on the timesheet below"}
    single = world.draft(
        replace(
            basis, engagement=replace(basis.engagement, contracts=(world.contract(rounding=exact, annex_from=999),))
        )
    )
    assert draft.annex
    assert not single.annex
    assert billed(draft) == billed(single) == sum(w.entry.minutes for w in basis.worked.values())
    assert errors(draft_problems(draft, basis, name="x")) == ()


def test_the_timesheet_holds_every_minute_of_its_lines_and_nothing_else(world: World) -> None:
    basis = busy(world, 60)
    invoice = world.issue(world.draft(basis), basis)
    annex = annex_page(invoice, basis.worked, wording())
    assert annex is not None
    assert annex["groups"][0]["head"] == "Work behind line 1: Development, web-shop"
    assert [len(group["rows"]) for group in annex["groups"]] == [20, 20, 20]
    assert annex["groups"][0]["sum"] == "Worked 12 h 40 min, billed 12 h 45 min"
    assert {row["what"] for group in annex["groups"] for row in group["rows"]} >= {
        "WEB-0 Add totals",
        "WEB-59 Add totals",
    }


def test_where_hours_are_not_shown_the_timesheet_has_none(world: World) -> None:
    basis = busy(world, 30, show=("days",))
    invoice = world.issue(world.draft(basis), basis)
    annex = annex_page(invoice, basis.worked, wording())
    assert annex is not None
    assert {row["time"] for group in annex["groups"] for row in group["rows"]} == {""}
    assert {group["sum"] for group in annex["groups"]} == {""}


def test_without_a_timesheet_there_is_no_page_of_it(world: World) -> None:
    basis = busy(world, 3)
    assert annex_page(world.issue(world.draft(basis), basis), basis.worked, wording()) is None


def test_a_cap_holds_for_the_lines_as_they_are_billed(world: World) -> None:
    cap = Cap(amount=Money.parse("1000.00 EUR"), per="invoice")
    basis = busy(world, 60, caps=(cap,), rounding=Rounding(to=1, mode="nearest", per="entry"))
    draft = world.draft(basis)
    assert draft.annex
    assert Money.parse("990.00 EUR") < draft_totals(draft).net <= Money.parse("1000.00 EUR")


def test_the_client_who_reviews_it_reads_the_timesheet_too(world: World) -> None:
    basis = busy(world, 30)
    draft = world.draft(basis)
    page = draft_page(draft, basis.issuer, basis.engagement, basis.worked, wording(), today=draft.last)
    text = client_text(page, draft, wording())
    assert "<details><summary>Work behind line 1: Development, web-shop</summary>" in text
    assert "| 1 Oct 2026 | WEB-0 Add totals | 17 min |" in text
    assert text.count("</details>") == 3
