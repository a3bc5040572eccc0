"""Nothing is issued in a fork or a mirror of the books."""

from dataclasses import replace

import pytest
from tests.flows.office import NAME, WITH_ACCOUNTS, Office

from git_bill.flows.home import place
from git_bill.problem import Stop

HERE = "github.com/mira/books"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://github.com/mira/books.git", HERE),
        ("https://user@GitHub.com/Mira/books/", HERE),
        ("git@github.com:mira/books.git", HERE),
        ("ssh://git@ssh.github.com:443/mira/books.git", HERE),
        ("https://gitlab.example:8443/team/sub/books.git", "gitlab.example/team/sub/books"),
        ("/srv/git/books.git", "/srv/git/books"),
        ("file:///srv/git/books.git", "/srv/git/books"),
    ],
)
def test_one_place_however_it_is_written(address: str, expected: str) -> None:
    assert place(address) == expected


@pytest.mark.parametrize(
    ("said", "address", "fork", "issues"),
    [
        (None, "git@github.com:mira/books.git", False, True),
        (None, "git@github.com:eve/books.git", True, False),
        ("https://github.com/mira/books.git", "git@github.com:mira/books.git", True, True),
        ("https://github.com/mira/books.git", "https://github.com/eve/books.git", False, False),
        ("https://github.com/mira/books.git", None, False, False),
    ],
)
def test_a_fork_issues_nothing(said: str | None, address: str | None, fork: bool, issues: bool) -> None:
    books = f'\n[books]\nrepository = "{said}"\n' if said else ""
    office = Office(settings=WITH_ACCOUNTS + books)
    office.forge.facts = replace(office.forge.facts, fork=fork)
    if address is not None:
        office.books._remote = "origin"
        office.books.store.config[None, "remote.origin.url"] = address
    office.drafted()
    office.forge.merge(1)
    if issues:
        assert len(office.issue().issued) == 1
    else:
        with pytest.raises(Stop) as stopped:
            office.issue()
        assert stopped.value.problems[0].rule == "not-the-books"


def test_the_command_never_merges_what_a_forge_merges() -> None:
    from tests.laws.bureau import VAT

    from git_bill.flows.merge import merge

    office = Office()
    office.drafted()
    refused = office.do(merge(office.books, office.bureau.clock, VAT, NAME, by="mira", witnesses=office.witnesses))
    assert refused is not None
    assert [problem.rule for problem in refused.problems] == ["not-merged"]
    assert "https://forge.example/mira/books/pull/1" in refused.problems[0].hint
    assert office.books.at(office.books.tip() or "").paths("billing/drafts") == ()
