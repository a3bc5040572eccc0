"""Grouping: what stands on one line, and what the line says in the client's language."""

from dataclasses import replace
from typing import Any

import pytest
from tests.invoice.conftest import ACME, World

from git_bill.adapters.tables import wording
from git_bill.contract.agreement import FIELDS, Contract
from git_bill.contract.rate import Rate
from git_bill.invoice.draft import Draft
from git_bill.money import Money

TITLES = {("web-shop", "WEB-5"): "Checkout", ("web-shop", "WEB-6"): "Search"}
MILESTONES = {("web-shop", "WEB-5"): "Beta", ("web-shop", "WEB-6"): "Beta"}


def draft(world: World, language: str = "en", **terms: Any) -> Draft:
    """Two tickets on three days of two weeks, by two people."""
    basis = world.basis(
        world.entry("W-a", 60, 5),
        world.entry("W-b", 30, 6, ticket="WEB-6", by="jonas", text="fix: search by name"),
        world.entry("W-c", 45, 12, activity="meeting"),
        contract=world.contract(**terms),
        client=replace(ACME, language=language),
        words=wording(),
        titles=TITLES,
        milestones=MILESTONES,
    )
    return world.draft(basis)


@pytest.mark.parametrize(
    ("group", "lines"),
    [
        (("ticket",), ["WEB-5 Checkout (Mira Kovac)", "WEB-6 Search (Jonas Beck)", "WEB-5 Checkout (Mira Kovac)"]),
        (("activity",), ["Development (Mira Kovac, Jonas Beck)", "Meeting (Mira Kovac)"]),
        (("contributor",), ["Mira Kovac", "Jonas Beck", "Mira Kovac"]),
        (("day",), ["5 October 2026 (Mira Kovac)", "6 October 2026 (Jonas Beck)", "12 October 2026 (Mira Kovac)"]),
        (("week",), ["Week 41, 2026 (Mira Kovac, Jonas Beck)", "Week 42, 2026 (Mira Kovac)"]),
        (("project",), ["web-shop (Mira Kovac, Jonas Beck)", "web-shop (Mira Kovac)"]),
        (("milestone",), ["Beta (Mira Kovac, Jonas Beck)", "Beta (Mira Kovac)"]),
    ],
)
def test_lines_by_what_they_have_in_common(world: World, group: tuple[str, ...], lines: list[str]) -> None:
    """A meeting has another price, so that its line is one of its own."""
    assert [line.description for line in draft(world, group=group).lines] == lines


def test_words_are_the_clients(world: World) -> None:
    said = draft(world, language="de", group=("activity", "week")).lines
    assert said[0].description == "Entwicklung, Kalenderwoche 41/2026 (Mira Kovac, Jonas Beck)"


def test_a_template_is_filled_and_every_field_is_known(world: World) -> None:
    template = "|".join(f"{{{name}}}" for name in FIELDS if name != "title")
    (line, *_) = draft(world, describe=template).lines
    assert line.description.split("|") == [
        "WEB-5",
        "Development",
        "Mira Kovac",
        "5 October 2026",
        "41/2026",
        "web-shop",
        "Beta",
        "Add totals",
    ]


def test_a_line_of_mixed_work_tells_all_of_it(world: World) -> None:
    rates = (Rate(hourly=Money.parse("80.00 EUR")),)
    call = world.entry("W-a", 60, ticket=None, activity="support", text="Phone call")
    index = world.entry("W-b", 60, 6, ticket=None, activity="development", text="Search index")
    for group, name in ((("week",), "Week 41, 2026"), (("contributor",), "Mira Kovac")):
        (line,) = world.draft(world.basis(call, index, contract=world.contract(rates=rates, group=group))).lines
        assert (line.description, line.detail) == (name, "Phone call; Search index")
    contract = world.contract(rates=rates, group=("week",), describe="KW {week}: {activity} ({text})")
    (line,) = world.draft(world.basis(call, index, contract=contract)).lines
    assert line.description == "KW 41/2026: Support, Development (Phone call, Search index)"


def test_a_template_names_three_values_at_most(world: World) -> None:
    work = [world.entry(f"W-{name}", 60, ticket=f"WEB-{name}") for name in "1234"]
    contract = world.contract(group=("week",), describe="{ticket}")
    (line,) = world.draft(world.basis(*work, contract=contract)).lines
    assert line.description == "WEB-1, WEB-2, WEB-3, …"


def test_a_template_takes_no_words_of_a_commit_for_its_own(world: World) -> None:
    basis = world.basis(
        world.entry("W-a", 60, text="{ticket} {0} {project.__class__}"),
        contract=world.contract(describe="{text} in {project}"),
    )
    (line,) = world.draft(basis).lines
    assert line.description == "{ticket} {0} {project.__class__} in web-shop"


@pytest.mark.parametrize(("template", "wrong"), [("{tiket}", "there is no {tiket}"), ("{ticket} {Title}", "{Title}")])
def test_an_unknown_field_is_said_with_the_nearest(world: World, template: str, wrong: str) -> None:
    contract: Contract = world.contract(describe=template)
    ((name, message, hint),) = list(contract.problems())
    assert (name, wrong in message) == ("describe", True)
    assert hint.startswith("did you mean {ti")
