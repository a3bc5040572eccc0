"""What a draft bills, and what it says of the rest."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from git_bill.contract.agreement import Engagement
from git_bill.contract.terms import Applies, Rounding
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import NotBilled
from git_bill.invoice.drafting import build, update_command
from git_bill.period import Period, month

if TYPE_CHECKING:
    from tests.invoice.conftest import World


def test_a_draft_pins_the_entries_of_its_period_and_contract(world: "World") -> None:
    basis = world.basis(
        world.entry("W-a", 60),
        world.entry("W-b", 60, date(2026, 11, 1)),
        world.entry("W-c", 60, client="globex"),
        world.entry("W-d", 0),
    )
    drafted = world.drafted(basis)
    draft = drafted.draft
    assert drafted.problems == ()
    assert (draft.id, draft.client, draft.contract) == ("D-aaaaaaaaaaaa", "acme", "acme-2026")
    assert (draft.first, draft.last) == (world.period.first, world.period.last)
    assert (draft.currency, draft.payment_terms, draft.tax) == ("EUR", "30 days", world.tax)
    assert [dict(line.entries) for line in draft.lines] == [{"W-a": 60}]
    assert draft.not_billed == {}


def test_unproven_time_is_shown_and_not_billed(world: "World") -> None:
    draft = world.draft(world.basis(world.entry("W-a", 60), world.entry("W-b", 540, state="unproven")))
    assert [dict(line.entries) for line in draft.lines] == [{"W-a": 60}]
    assert draft.not_billed == {"W-b": NotBilled(minutes=540, because="unproven", then="carry")}


def test_dropped_entries_are_not_listed(world: "World") -> None:
    draft = world.draft(world.basis(world.entry("W-a", 60), world.entry("W-b", 0, state="dropped", range=(30, 60))))
    assert ([dict(line.entries) for line in draft.lines], draft.not_billed) == ([{"W-a": 60}], {})


def test_what_rounds_to_nothing_is_waived(world: "World") -> None:
    draft = world.draft(world.basis(world.entry("W-a", 60), world.entry("W-b", 5, 6, ticket="WEB-6")))
    assert draft.not_billed == {"W-b": NotBilled(minutes=5, because="rounds to nothing", then="waive")}


def test_the_low_end_of_estimates_is_billed_where_that_was_agreed(world: "World") -> None:
    estimate = world.entry("W-a", 60, state="estimated", range=(45, 90))
    confirmed = world.entry("W-b", 60, 6, range=(45, 90))
    low = world.contract(bill="low")
    draft = world.draft(world.basis(estimate, confirmed, contract=low))
    assert dict(draft.lines[0].entries) == {"W-a": 45, "W-b": 60}


def test_entries_of_other_open_drafts_and_issued_invoices_are_not_billed_again(world: "World") -> None:
    work = (world.entry("W-a", 60), world.entry("W-b", 60, 6), world.entry("W-c", 60, 7))
    first = world.basis(work[0])
    invoice = world.issue(world.draft(first), first)
    draft = world.draft(world.basis(*work, invoices=(invoice,), pins={"W-b": "acme-2026-10"}))
    assert [dict(line.entries) for line in draft.lines] == [{"W-c": 60}]


def test_late_work_joins_the_next_draft_and_older_work_waits_for_its_own(world: "World") -> None:
    """5 minutes billed as 15, 5 more turn up: nothing to bill, and settled (law 1b)."""
    up = world.contract(rounding=Rounding(to=15, mode="up", per="ticket-day"))
    first = world.basis(world.entry("W-a", 5), contract=up)
    october = world.issue(world.draft(first), first)
    assert october.lines[0].quantity == Decimal("0.25")
    november = world.drafted(
        world.basis(
            world.entry("W-a", 5),
            world.entry("W-b", 5),
            world.entry("W-c", 30, 8),
            world.entry("W-d", 60, date(2026, 9, 8)),
            contract=up,
            invoices=(october,),
        ),
        month(date(2026, 11, 1)),
    )
    (line,) = november.draft.lines
    assert dict(line.entries) == {"W-b": 5, "W-c": 30}
    assert line.quantity == Decimal("0.5")


def test_late_work_has_a_line_of_its_own_that_names_its_period(world: "World") -> None:
    first = world.basis(world.entry("W-a", 60))
    october = world.issue(world.draft(first), first)
    work = (world.entry("W-a", 60), world.entry("W-b", 60, 8), world.entry("W-c", 30, date(2026, 11, 3)))
    november = world.draft(world.basis(*work, invoices=(october,)), month(date(2026, 11, 1)))
    assert [(line.description, dict(line.entries)) for line in november.lines] == [
        ("WEB-5 Add totals (2026-10)", {"W-b": 60}),
        ("WEB-5 Add totals", {"W-c": 30}),
    ]
    again = world.draft(world.basis(*work[:2], invoices=(october,)))
    assert [line.description for line in again.lines] == ["WEB-5 Add totals"]


def test_work_that_fits_two_contracts_or_has_no_rate_is_said_with_the_clients_file(world: "World") -> None:
    shop = world.contract(applies=Applies(project=("web-shop",)), rates=())
    basis = world.basis(world.entry("W-a", 60), world.entry("W-b", 60, project="infra"), contract=shop)
    problems = world.drafted(basis).problems
    assert [p.rule for p in problems] == ["no-contract", "no-rate"]
    assert {p.file for p in problems[:2]} == {"billing/clients/acme.toml"}


def test_a_second_contract_gets_a_draft_of_its_own(world: "World") -> None:
    shop = world.contract(applies=Applies(project=("web-shop",)))
    infra = world.contract(id="infra", applies=Applies(project=("infra",)))
    basis = world.basis(world.entry("W-a", 60), world.entry("W-b", 60, project="infra"), contract=shop)
    both = Engagement(client=world.client, contracts=(shop, infra))
    drafted = world.drafted(replace(basis, engagement=both))
    assert drafted.problems == ()
    assert [dict(line.entries) for line in drafted.draft.lines] == [{"W-a": 60}]


def test_nothing_to_bill_is_a_warning(world: "World") -> None:
    (problem,) = world.drafted(world.basis(), Period(date(2026, 10, 1), date(2026, 10, 15))).problems
    assert (problem.rule, problem.severity) == ("nothing-to-bill", "warning")
    assert problem.message == "nothing to bill for acme in 2026-10-01..2026-10-15"


def test_a_draft_of_some_entries_says_so(world: "World") -> None:
    basis = world.basis(world.entry("W-a", 60), world.entry("W-b", 60, 6))
    some = build(
        basis, world.contract(), world.period, world.tax, draft_id="D-aaaaaaaaaaaa", only=frozenset({"W-b"})
    ).draft
    assert [dict(line.entries) for line in some.lines] == [{"W-b": 60}]
    assert some.partial
    assert update_command(some) == "git bill draft --client acme --tags A..B"
    assert update_command(world.draft(basis)) == "git bill draft --client acme --period 2026-10"


def test_work_with_an_agent_that_is_not_billed_is_shown(world: "World") -> None:
    contract = world.contract(agents="none")
    helped = world.entry("W-b", 90, agent="Claude")
    basis = world.basis(
        world.entry("W-a", 60), helped, world.entry("W-c", 30, state="unproven", agent="Claude"), contract=contract
    )
    draft = world.draft(basis)
    assert [dict(line.entries) for line in draft.lines] == [{"W-a": 60}]
    assert draft.not_billed == {
        "W-b": NotBilled(minutes=90, because="agent work", then="waive"),
        "W-c": NotBilled(minutes=30, because="unproven", then="carry"),
    }
    assert [p.rule for p in draft_problems(draft, basis, name="acme-2026-10") if p.rule == "manifest-moved"] == []
    agreed = world.basis(world.entry("W-a", 60), helped)
    assert "manifest-moved" in {p.rule for p in draft_problems(draft, agreed, name="acme-2026-10")}
