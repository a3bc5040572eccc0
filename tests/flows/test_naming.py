"""Short names made from long ones."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.flows.naming import client_id, contributor_id, repository_name, slug


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme GmbH", "acme"),
        ("Nordwind & Söhne GmbH & Co. KG", "nordwind-sohne"),
        ("Helix Bank AG", "helix-bank"),
        ("Foo Sp. z o.o.", "foo"),
        ("Müller s.r.o.", "muller"),
        ("Vestas A/S", "vestas"),
        ("Straße 7 Ltd.", "strasse-7"),
        ("Łódź S.A.", "lodz"),
        ("Co", "co"),
        ("株式会社", "client"),
    ],
)
def test_clients(name: str, expected: str) -> None:
    assert client_id(name) == expected


def test_contributors() -> None:
    assert contributor_id("Mira Kovac", "m@example.net") == "mira"
    assert contributor_id("李", "li.wei@example.net") == "li-wei"
    assert contributor_id("", "@") == "owner"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://git.example.com/acme/Web-Shop.git", "web-shop"),
        ("git@git.example.com:acme/api", "api"),
        ("ssh://git@host:22/a/b.git/", "b"),
        ("C:\\code\\shop", "shop"),
        ("/srv/git/site.git", "site"),
    ],
)
def test_repositories(url: str, expected: str) -> None:
    assert repository_name(url) == expected


@given(st.text())
def test_a_slug_is_what_ids_may_be(text: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug(text))
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", client_id(text))
