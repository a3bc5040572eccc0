"""`doctor --ci`: what the forge lets a job do, each hindrance with its remedy; what can't be seen is no finding."""

from dataclasses import replace
from typing import Any

import pytest
from tests.twins.forge import MemoryForge

from git_bill.contract.party import Issuer
from git_bill.flows.checklist import Check, problems_of
from git_bill.flows.standing import standing_checks
from git_bill.forge import Standing
from git_bill.problem import Problem
from git_bill.workspace import Contributor, Settings

MIRA = Contributor(
    id="mira", name="Mira", emails=("mira@example.net",), timezone="Europe/Berlin", roles=("owner",), accounts=("Mira",)
)
SETTINGS = Settings(
    issuer=Issuer(name="Mira Kovac", country="DE", timezone="Europe/Berlin", email="mira@example.net"),
    contributors=(MIRA,),
)
FINE = Standing(
    account="mira",
    private=True,
    fork=False,
    may_push=True,
    may_open_pull_requests=True,
    scopes=("repo",),
    rules=("deletion", "non_fast_forward"),
    writers=("mira",),
)


def checked(name: str = "GitHub", **facts: Any) -> tuple[Check, ...]:
    forge = MemoryForge(name=name)
    forge.facts = replace(FINE, **facts)
    return standing_checks(forge, "main", SETTINGS)


def only(checks: tuple[Check, ...]) -> Problem:
    (problem,) = problems_of(checks)
    return problem


def test_nothing_is_in_the_way() -> None:
    checks = checked()
    assert problems_of(checks) == ()
    assert [check.state for check in checks] == ["ok"] * 7
    assert checks[0].what == "the token is mira's and may push to mira/books"


def test_what_this_token_does_not_see_is_said_and_no_finding() -> None:
    checks = checked(
        private=None, fork=None, may_push=None, may_open_pull_requests=None, scopes=None, rules=None, writers=None
    )
    assert problems_of(checks) == ()
    assert {check.skipped for check in checks} == {"not visible to this token"}


def test_rules_are_named_with_three_remedies() -> None:
    problem = only(checked(rules=("deletion", "pull_request", "required_status_checks")))
    assert problem.message == "main demands of a push: pull_request, required_status_checks"
    assert [line[:3] for line in problem.hint.splitlines()] == ["(a)", "(b)", "(c)"]
    assert "GIT_BILL_KEY" in problem.hint
    assert "deploy key" in only(checked("GitLab", rules=("protected",))).hint


@pytest.mark.parametrize(
    ("facts", "rule", "words"),
    [
        ({"may_push": False}, "may-not-push", "contents: write"),
        ({"may_open_pull_requests": False}, "may-not-open", "Allow GitHub Actions to create and approve pull requests"),
        ({"private": False}, "public-books", "make it private"),
        ({"fork": True}, "fork", "[books] repository"),
        ({"scopes": ("repo", "admin:org")}, "wide-token", "fine-grained"),
        ({"writers": ("mira", "mallory")}, "other-writers", "read only"),
    ],
)
def test_each_hindrance_has_its_remedy(facts: dict[str, Any], rule: str, words: str) -> None:
    problem = only(checked(**facts))
    assert problem.rule == rule
    assert words in problem.hint


def test_who_else_can_write_can_issue() -> None:
    assert "mallory can" in only(checked(writers=("mira", "mallory", "dependabot[bot]"))).message
    assert problems_of(checked(writers=("nobody-listed",))) == (), "the one who owns the repository"


def test_a_forge_that_is_away_or_missing_is_one_finding() -> None:
    forge = MemoryForge()
    forge.away = True
    (check,) = standing_checks(forge, "main", SETTINGS)
    assert check.problems
    missing = Problem(rule="no-forge", message="there is no token", severity="warning")
    assert only(standing_checks(missing, "main", SETTINGS)) == missing
    assert [check.skipped for check in standing_checks(None, "main", SETTINGS)] == ["the books are on none"]
