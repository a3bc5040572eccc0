"""What a message says: trailers as git itself finds them, co-authors, the subject."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.worklog.directives import authors, is_of_commits, people, sections, subject, trailers, values


def by_git(message: str) -> list[str]:
    """What `git interpret-trailers --parse --no-divider` prints for a message."""
    done = subprocess.run(
        ["git", "interpret-trailers", "--parse", "--no-divider"],
        input=message.encode(),
        capture_output=True,
        check=True,
        cwd="/",
    )
    return [line for line in done.stdout.decode().split("\n") if line]


def as_git_prints(message: str) -> list[str]:
    return [f"{name}: {value}" for name, value in trailers(message)]


MESSAGES = [
    "subject\n\nTime: 1h30m\n",
    "subject\n\nbody\n\nTime: 1h30m\nTicket: WEB-5\n",
    "subject\n\nbody\n\nTime: 1h30m\n\nCo-authored-by: Jo <jo@example.net>\n",
    "Time: 1h\n",
    "Time: 1h\nTicket: WEB-5\n",
    "subject\n\nTime : 1h\n",
    "subject\n\n Time: 1h\n",
    "subject\n\nbody\nTime: 1h\n",
    "subject\n\nSee: it\nand more words\nTime: 1h\n",
    "subject\n\nSigned-off-by: M <m@example.net>\nand more words\nand more\nTime: 1h\n",
    "subject\n\nSigned-off-by: M <m@example.net>\na\nb\nc\nd\ne\nf\ng\n",
    "subject\n\n(cherry picked from commit 1234567)\nTime: 1h\n",
    "subject\n\n(cherry picked from commit 1234567)\n",
    "subject\n\nNote: first\n  and second\n\tand third\nTime: 1h\n",
    "subject\n\n  continued from nothing\nTime: 1h\n",
    "subject\n\nTime:\n",
    "subject\n\nTime: 1h\n\n\n  \n",
    "subject\n\n# a comment\nTime: 1h\n",
    "subject\nsecond line\n\nTime: 1h",
    "\n\nsubject\n\nTime: 1h\n",
    "subject\n\nhttps://example.net/x\n",
    "subject\n\n---\nTime: 1h\n",
    "subject\n\nbody\n---\n\nTime: 1h\n",
    "subject\n\nÄ: 1h\n",
    "subject\n\nTime:1h\nticket:WEB-5\n",
    "subject\n \nTime: 1h\n",
    "subject\n\nfoo bar: 1h\n",
    "",
    "\n",
]


@pytest.mark.parametrize("message", MESSAGES)
def test_trailers_are_those_that_git_finds(message: str) -> None:
    assert as_git_prints(message) == by_git(message)


LINES = st.sampled_from(
    [
        "",
        "",
        "subject",
        "some words",
        "Time: 1h",
        "Ticket:WEB-5",
        "  more",
        "\tmore",
        "Signed-off-by: M <m@example.net>",
        "(cherry picked from commit 1234567)",
        "a b: c",
        " ",
        "-x: y",
        ": y",
        "Key :v",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=12).map(lambda lines: "\n".join(lines) + "\n"))
def test_trailers_are_those_that_git_finds_in_any_message(message: str) -> None:
    assert as_git_prints(message) == by_git(message)


@given(st.text(max_size=300))
def test_no_text_breaks_the_parser(message: str) -> None:
    found = trailers(message)
    assert all(name and "\n" not in value for name, value in found)
    assert "\n" not in subject(message)


def test_values_of_a_trailer_by_its_name_without_case() -> None:
    found = trailers("subject\n\ntime: 1h\nTIME: 30m\nTicket: WEB-5\n")
    assert (values(found, "Time"), values(found, "TICKET")) == (("1h", "30m"), ("WEB-5",))


def test_co_authors() -> None:
    found = trailers(
        "subject\n\nCo-authored-by: Jo Lee <jo@example.net>\nco-authored-by: <x@example.net>\nCo-Authored-By: nobody\n"
    )
    assert people(found) == (("Jo Lee", "jo@example.net"), ("", "x@example.net"))


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("one\n\ntwo", "one"),
        ("\n\n  one \ntwo\n\nthree", "one two"),
        ("x" * 10_000_000, "x" * 500),
        ("", ""),
    ],
)
def test_subject(message: str, line: str) -> None:
    assert subject(message) == line


def test_a_message_of_ten_megabytes_is_read(tmp_path: Path) -> None:
    assert trailers("subject\n\n" + "words and words\n" * 600_000 + "\nTime: 1h\n") == (("Time", "1h"),)


FORGE = "Topic (#7)\n\n* One\n\nTime: 1h\n\n* Two\n\nwith: words in\nprose\n\nTime: 2h\n\nTime: 3h"
COMMIT = "commit {}\nAuthor: Mira <mira@example.net>\nDate:   today\n\n    {}\n\n    Time: {}"
GIT = "Squashed commit of the following:\n\n" + "\n\n".join(
    COMMIT.format(digit * 40, name, time) for digit, name, time in (("a", "One", "1h"), ("b", "Two", "2h"))
)


@pytest.mark.parametrize(
    ("message", "times", "of_commits"),
    [
        (FORGE, ["1h", "2h"], True),
        (GIT, ["1h", "2h"], True),
        (f"{GIT}\n\nTime: 3h", ["1h", "2h"], True),
        ("subject\n\nTime: 1h", [], False),
        ("subject\n\nTime: 1h\n\nTicket: WEB-5", ["1h"], False),
        ("subject\n\nTime: 1h\nand prose\n\nend", [], False),
    ],
)
def test_a_squash_has_sections(message: str, times: list[str], of_commits: bool) -> None:
    assert [value for found in sections(message) for value in values(found, "time")] == times
    assert is_of_commits(message) is of_commits


def test_git_writes_down_whose_commits_it_squashed() -> None:
    assert authors(GIT) == {"mira@example.net"}
