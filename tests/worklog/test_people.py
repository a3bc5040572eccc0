"""Who is who among author lines: one person's addresses, namesakes, bots."""

import pytest

from git_bill.worklog.people import Person, caller, matching, owners, people

MIRA = {("Mira Kovac", "mira@example.net"): 5, ("Mira Kovac", "Mira@Acme.example"): 2}
JO = {("Jo", "jo@example.net"): 4, ("Jo", "jo@elsewhere.example"): 1}


def test_addresses_under_one_full_name_are_one_person() -> None:
    assert people(MIRA) == (
        Person(
            id="mira@example.net", names=("Mira Kovac",), emails=("mira@example.net", "mira@acme.example"), commits=7
        ),
    )


def test_a_single_word_links_nobody() -> None:
    assert [person.emails for person in people(JO)] == [("jo@example.net",), ("jo@elsewhere.example",)]


@pytest.mark.parametrize("spelled", ["mira kovac", "MIRA KOVAC", "  Mira   Kovac "])
def test_names_are_compared_without_case_and_spaces(spelled: str) -> None:
    assert len(people({("Mira Kovac", "a@example.net"): 2, (spelled, "b@example.net"): 1})) == 1


def test_an_address_that_many_use_links_nobody() -> None:
    shared = {
        ("Mira Kovac", "root@localhost"): 3,
        ("Jonas Weber", "root@localhost"): 2,
        ("Mira Kovac", "mira@example.net"): 1,
        ("Jonas Weber", "jonas@example.net"): 1,
    }
    assert [person.emails for person in people(shared)] == [
        ("root@localhost", "mira@example.net"),
        ("jonas@example.net",),
    ]


def test_bots_are_nobody_and_a_placeholder_address_is_its_account() -> None:
    found = people(
        {
            ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"): 9,
            ("Mira", "12345+mira@users.noreply.github.com"): 1,
            ("", "jo@example.net"): 1,
            ("Nobody", ""): 1,
        }
    )
    assert [person.id for person in found] == ["jo@example.net", "mira@users.noreply.github.com", "nobody"]


def test_the_caller_is_the_configured_address_and_what_shares_its_name() -> None:
    persons = people(MIRA | JO)
    found = caller(persons, ["mira@acme.example"], [])
    assert found is not None
    assert (found.id, found.emails) == ("mira@acme.example", ("mira@acme.example", "mira@example.net"))
    assert found.commits == 7


def test_the_caller_is_found_by_full_name_alone() -> None:
    found = caller(people(MIRA), ["new@example.net"], ["mira kovac"])
    assert found is not None
    assert (found.id, found.emails) == ("new@example.net", ("new@example.net", "mira@example.net", "mira@acme.example"))
    alone = caller(people(JO), ["new@example.net"], ["Jo"])
    assert alone is not None
    assert (alone.emails, alone.commits) == (("new@example.net",), 0)


def test_of_several_configured_addresses_the_one_with_commits_leads_and_unused_ones_are_not_named() -> None:
    found = caller(people(JO), ["global@example.net", "jo@example.net", "jo@elsewhere.example"], [])
    assert found is not None
    assert (found.id, found.emails) == ("jo@example.net", ("jo@example.net", "jo@elsewhere.example"))


def test_without_an_address_there_is_no_caller() -> None:
    assert caller(people(MIRA), [], ["Mira Kovac"]) is None


@pytest.mark.parametrize(("word", "ids"), [("kovac", 1), ("ACME", 1), ("example.net", 2), ("nobody", 0)])
def test_people_by_part_of_a_name_or_address(word: str, ids: int) -> None:
    assert len(matching(people(MIRA | {("Jo", "jo@example.net"): 1}), [word])) == ids


def test_owners_name_every_address() -> None:
    assert owners(people(MIRA)) == {"mira@example.net": "mira@example.net", "mira@acme.example": "mira@example.net"}


def test_agents_are_nobody_and_the_name_before_one_is_the_persons() -> None:
    authors = {
        **MIRA,
        ("Mira Kovac (aider)", "mira@laptop.example"): 3,
        ("Claude", "noreply@anthropic.com"): 9,
        ("Cursor Agent", "cursoragent@cursor.com"): 9,
    }
    (mira,) = people(authors)
    assert mira.names == ("Mira Kovac",)
    assert set(mira.emails) == {"mira@example.net", "mira@acme.example", "mira@laptop.example"}
