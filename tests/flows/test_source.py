"""Addresses, first days and forms of numbers."""

from datetime import date
from pathlib import Path

import pytest

from git_bill.clone import Clone
from git_bill.flows.init import form_of, shared_with
from git_bill.flows.source import first_day, owner_of, same_repository

TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://git.example.com/acme/web-shop.git", "git@git.example.com:acme/web-shop", True),
        ("ssh://git@GIT.example.com/acme/web-shop/", "https://git.example.com/acme/web-shop", True),
        ("https://git.example.com/acme/web-shop", "https://git.example.com/acme/Web-Shop", False),
        ("https://git.example.com/acme/api", "https://git.example.com/globex/api", False),
        (".", ".", True),
        (".", "web-shop", False),
        ("/srv/a.git", "/srv/a", True),
        ("api", "globex/api", False),
    ],
)
def test_two_addresses_of_one_repository(one: str, other: str, *, same: bool) -> None:
    assert same_repository(one, other) is same
    assert same_repository(other, one) is same


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("https://git.example.com/acme/web-shop.git", "acme"),
        ("git@git.example.com:acme/web-shop.git", "acme"),
        ("https://git.example.com/group/sub/web-shop.git", "group"),
        ("/srv/git/web-shop.git", None),
        ("../server.git", None),
        ("file:///srv/git/web-shop.git", None),
        ("https://example.com/web-shop.git", None),
    ],
)
def test_whose_a_repository_is(url: str, owner: str | None) -> None:
    assert owner_of(url) == owner


@pytest.mark.parametrize(
    ("born", "grown", "first"),
    [
        (None, False, date(2026, 10, 1)),
        (date(2026, 10, 20), False, date(2026, 10, 1)),
        (date(2026, 8, 20), False, date(2026, 8, 20)),
        (date(2026, 8, 20), True, date(2026, 10, 1)),
    ],
)
def test_from_when_work_is_billed(born: date | None, first: date, *, grown: bool) -> None:
    assert first_day(Clone(top=Path("/x"), origin=None, born=born, grown=grown), TODAY) == first


def test_without_a_clone_from_last_month() -> None:
    assert first_day(None, date(2026, 1, 31)) == date(2025, 12, 1)


@pytest.mark.parametrize(
    ("number", "form"),
    [
        ("RE-2026-031", "RE-{year}-{seq:03}"),
        ("INV-2026-0031", "INV-{year}-{seq:04}"),
        ("1047", "{seq:04}"),
        ("2026/7", "{year}/{seq}"),
        ("R2026-11-05", "R{year}-11-{seq:02}"),
        ("A-12026-5", "A-12026-{seq}"),
        ("FV/7/2026", "FV/{seq}/{year}"),
        ("INV-012-2026", "INV-{seq:03}-{year}"),
        ("none", None),
    ],
)
def test_a_number_tells_its_form(number: str, form: str | None) -> None:
    assert form_of(number) == form


def test_others_are_neither_the_caller_nor_bots() -> None:
    people = (
        ("Mira Kovac", "mira@old.example"),
        ("M. K.", "MIRA@example.net"),
        ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.example.com"),
        ("Bob", "bob@example.org"),
        ("Bob", "bob@home.example"),
    )
    clone = Clone(top=Path("/x"), origin=None, people=people)
    assert shared_with(clone, "Mira Kovac", ["mira@example.net"]) == ("Bob",)
