"""Which entries a person means."""

from datetime import date

import pytest

from git_bill.period import Period
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.query import ANY, Query, named, short_ids

DAY = date(2026, 10, 5)


def item(entry_id: str, client: str = "acme", **facts: object) -> Worked:
    told: dict[str, object] = {
        "day": DAY,
        "by": "mira",
        "minutes": 45,
        "project": "web-shop",
        "ticket": "WEB-5",
        **facts,
    }
    return Worked(id=entry_id, client=client, entry=Entry(**told))  # type: ignore[arg-type]


ENTRIES = (item("W-abcdaaaaaaaa"), item("W-abcebbbbbbbb", text="Search"), item("W-zzzzcccccccc"))


@pytest.mark.parametrize("word", ["W-abcd", "abcd", "w-ABCD", "W-abcdaaaaaaaa", "abcda"])
def test_any_unique_beginning_names_an_entry(word: str) -> None:
    assert named([word], ENTRIES) == ((ENTRIES[0],), ())


def test_an_entry_that_is_named_twice_is_meant_once_in_the_order_given() -> None:
    found, _ = named(["zzzz", "abcd", "W-zzzz"], ENTRIES)
    assert [found_.id for found_ in found] == ["W-zzzzcccccccc", "W-abcdaaaaaaaa"]


def test_a_whole_id_is_no_beginning_of_another() -> None:
    longer = item("W-abcdaaaaaaaaa")
    assert named(["W-abcdaaaaaaaa"], (*ENTRIES, longer))[0] == (ENTRIES[0],)


def test_what_names_several_or_none_is_told_for_every_word() -> None:
    found, problems = named(["abc", "qqqq", "zzzz", "abcdaaaaaaab", "W-"], ENTRIES)
    assert [one.id for one in found] == ["W-zzzzcccccccc"]
    assert [problem.rule for problem in problems] == ["ambiguous-entry", *["unknown-entry"] * 3]
    assert problems[0].hint.splitlines()[1:] == [
        "W-abcdaaaaaaaa  2026-10-05  45m",
        "W-abcebbbbbbbb  2026-10-05  45m  Search",
    ]
    assert [problem.hint for problem in problems[1:]] == [
        "see the ids with: git bill log",
        "did you mean W-abcdaaaaaaaa?",
        "see the ids with: git bill log",
    ]


def test_many_candidates_are_cut_short() -> None:
    many = tuple(item(f"W-aa{letter}aaaaaaaaa") for letter in "abcdefghijk")
    (problem,) = named(["aa"], many)[1]
    assert problem.hint.splitlines()[-1] == "and 3 more"


def test_short_ids_are_unique_and_have_four_characters_at_least() -> None:
    ids = [one.id for one in ENTRIES]
    assert short_ids(ids) == {ids[0]: "W-abcd", ids[1]: "W-abce", ids[2]: "W-zzzz"}
    close = ["W-abcdefghijkl", "W-abcdefghijkm"]
    assert short_ids(close) == {one: one for one in close}
    for entry, short in short_ids(ids).items():
        assert named([short], ENTRIES)[0][0].id == entry
    assert short_ids([]) == {}


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        (ANY, True),
        (Query(client="acme"), True),
        (Query(client="globex"), False),
        (Query(period=Period(DAY, DAY)), True),
        (Query(period=Period(date(2026, 10, 6), date(2026, 10, 31))), False),
        (Query(by="mira"), True),
        (Query(by="jonas"), False),
        (Query(ticket="web-5"), True),
        (Query(ticket="WEB-6"), False),
        (Query(project="web-shop"), True),
        (Query(project="api"), False),
        (Query(client="acme", ticket="WEB-6"), False),
    ],
)
def test_a_query_fits_what_has_all_of_it(query: Query, *, fits: bool) -> None:
    assert query.fits(ENTRIES[0].client, ENTRIES[0].entry) is fits


def test_an_entry_without_ticket_has_the_empty_one() -> None:
    without = item("W-aaaaaaaaaaaa", ticket=None)
    assert Query(ticket="").fits(without.client, without.entry)
