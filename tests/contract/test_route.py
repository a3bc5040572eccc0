"""An entry belongs to exactly one contract of its client."""

from datetime import date

from git_bill.contract.agreement import Contract, Engagement
from git_bill.contract.party import Client
from git_bill.contract.route import route
from git_bill.contract.terms import Applies
from git_bill.worklog.entry import Activity, Entry, Worked

FILE = "billing/clients/acme.toml"
ALL = Applies()


def contract(id: str, start: date = date(2026, 1, 1), until: date | None = None, applies: Applies = ALL) -> Contract:
    return Contract(id=id, from_=start, until=until, currency="EUR", applies=applies)


def entry(
    id: str,
    day: date = date(2026, 10, 5),
    project: str = "web-shop",
    ticket: str | None = "WEB-5",
    activity: Activity = "development",
) -> Worked:
    facts = Entry(day=day, by="mira", minutes=60, project=project, ticket=ticket, activity=activity)
    return Worked(id=id, client="acme", entry=facts)


def engagement(*contracts: Contract) -> Engagement:
    return Engagement(client=Client(name="Acme GmbH", country="DE"), contracts=contracts)


def test_term_project_ticket_and_activity_choose() -> None:
    all_of_acme = engagement(
        contract("old", until=date(2026, 9, 30)),
        contract("shop", date(2026, 10, 1), applies=Applies(project=("web-shop",))),
        contract("ops", date(2026, 10, 1), applies=Applies(project=("infra",), activity=("operations",))),
        contract(
            "app", date(2026, 10, 1), applies=Applies(project=("infra",), ticket=("APP-",), activity=("development",))
        ),
    )
    routed = route(
        [
            entry("W-a", date(2026, 9, 30)),
            entry("W-b"),
            entry("W-c", project="infra", activity="operations", ticket=None),
            entry("W-d", project="infra", ticket="APP-1"),
        ],
        all_of_acme,
        FILE,
    )
    assert {k: [w.id for w in v] for k, v in routed.entries.items()} == {
        "old": ["W-a"],
        "shop": ["W-b"],
        "ops": ["W-c"],
        "app": ["W-d"],
    }
    assert routed.problems == ()


def test_two_contracts_are_a_problem_that_names_both_and_the_day() -> None:
    routed = route([entry("W-a")], engagement(contract("shop"), contract("support")), FILE)
    assert routed.entries == {}
    (problem,) = routed.problems
    assert (problem.rule, problem.severity, problem.file) == ("two-contracts", "error", FILE)
    assert problem.message == "entry W-a (mira, 2026-10-05, WEB-5, web-shop) fits 2 contracts: shop, support"
    assert problem.hint == (
        'say what one of them is for: applies = { project = ["web-shop"] }, or end it before: until = 2026-10-01'
    )


def test_entries_before_the_contract_are_one_problem() -> None:
    early = [entry("W-b", date(2026, 9, 29)), entry("W-a", date(2026, 9, 28)), entry("W-c", date(2026, 9, 30))]
    (problem,) = route(early, engagement(contract("shop", date(2026, 10, 1))), FILE).problems
    assert problem.rule == "no-contract"
    assert problem.message == (
        "3 entries up to 2026-09-30, the first W-a (mira, 2026-09-28, WEB-5, web-shop), fit no contract: "
        "no contract covers the day"
    )
    assert "from = 2026-09-01" in problem.hint


def test_no_contract_for_a_project_says_which_one_is_near() -> None:
    only_shop = engagement(contract("shop", applies=Applies(project=("web-shop",))))
    (problem,) = route([entry("W-a", project="infra")], only_shop, FILE).problems
    assert problem.message == (
        "entry W-a (mira, 2026-10-05, WEB-5, infra) fits no contract: shop covers the day, but not what it applies to"
    )
    assert 'project = ["infra"]' in problem.hint
