"""Whose commits are, in a repository that several clients share."""

from typing import Any

import pytest
from tests.worklog.workday import ORIGINS, Workday, commit

from git_bill.worklog.assignment import INTERNAL, Match, Route, paths_of
from git_bill.worklog.evidence import from_lines, to_line
from git_bill.worklog.piece import Origin

ROUTES = (
    Route(match=Match(path="apps/beta/"), client="beta", project="beta-app"),
    Route(match=Match(branch="hobby/*"), client=INTERNAL),
    Route(match=Match(ticket="BET-"), client="beta"),
)


def shared(**facts: Any) -> Workday:
    return Workday(origins={**ORIGINS, "web-shop": Origin(**{"client": "acme", "project": "web-shop"} | facts)})


@pytest.mark.parametrize(
    ("facts", "whose"),
    [
        ({"paths": ("apps/beta/",)}, ("beta", "beta-app")),
        ({"branch": "Hobby/Garden"}, (INTERNAL, "web-shop")),
        ({"ticket": "BET-7"}, ("beta", "web-shop")),
        ({"ticket": "BET-7", "paths": ("apps/beta/",), "branch": "hobby/x"}, ("beta", "beta-app")),
        ({"ticket": "ALPHABET-7", "branch": "main"}, ("acme", "web-shop")),
        ({}, ("acme", "web-shop")),
    ],
)
def test_the_first_route_that_fits_says_whose_a_commit_is(facts: dict[str, Any], whose: tuple[str, str]) -> None:
    day = shared(routes=ROUTES)
    day.collect(commit("one", "2026-10-05 10:00", **facts))
    only = day.only()
    assert (only.client, only.entry.project) == whose


def test_without_a_client_of_the_source_what_fits_no_route_is_nobodys_and_said() -> None:
    day = shared(client="", routes=ROUTES)
    collected = day.collect(commit("one", "2026-10-05 10:00"), commit("two", "2026-10-05 11:00", ticket="BET-1"))
    assert day.only().client == "beta"
    assert [v.rule for v in collected.verdicts] == ["no-route"]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (("apps/beta/a.py", "apps/beta/deep/b.py"), ("apps/beta/",)),
        (("apps/beta/a.py", "README.md"), ("apps/beta/", "*.md")),
        (("apps/beta/a.py", "README.md", "x.py"), ()),
        (("apps/betamax/a.py",), ()),
        ((), ()),
    ],
)
def test_a_path_is_meant_that_half_of_the_changed_files_fit(changed: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert paths_of(changed, ("apps/beta/", "*.md")) == found


def test_which_paths_it_fits_stands_in_the_evidence() -> None:
    record = commit("one", "2026-10-05 10:00", paths=("apps/beta/",))
    assert from_lines(to_line(record), "f") == ((record,), ())
