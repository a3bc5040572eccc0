"""Of what can't be read a person is told enough to mend it, and no bad file fills the memory or the terminal."""

import json
from datetime import UTC, datetime

import pytest

from git_bill.problem import Problem
from git_bill.sources.faults import Faults, few
from git_bill.sources.tickets import jira, linear
from git_bill.sources.timers import formats, slack
from git_bill.sources.timers.timed import wrong

GOOD = "inc 20261005T071000Z - 20261005T081500Z\n"


def fault(number: int, file: str = "a") -> Problem:
    return wrong(file, number, f"line {number} is wrong", "…")


def test_the_first_are_told_and_the_others_counted() -> None:
    faults = Faults()
    for number in range(1, 26):
        faults.append(fault(number))
    told = [problem.message for problem in faults]
    assert told == [*(f"line {number} is wrong" for number in range(1, 6)), "and 20 more like it"]
    assert all(problem.hint for problem in faults)


def test_of_many_files_the_first_are_told() -> None:
    told = few(fault(number, f"{file:02}") for file in range(30) for number in range(7))
    assert [problem.message for problem in told[:6]] == [f"line {n} is wrong" for n in range(5)] + [
        "and 2 more like it"
    ]
    assert (len(told), told[-1].message) == (31, "and 25 more files like it")
    six = tuple(fault(number) for number in range(6))
    assert few(six) == six
    other = Problem(rule="other", message="…")
    assert few((*six, other)) == (*six, other)


@pytest.mark.parametrize(
    ("kind", "junk"),
    [
        ("timewarrior", "from here on\n" * 3000),
        ("timewarrior", json.dumps([0] * 3000)),
        ("watson", json.dumps([0] * 3000)),
        ("toggl", json.dumps([0] * 3000)),
        ("timeclock", "x\n" * 3000),
        ("wakatime", json.dumps({"data": [0] * 3000})),
        ("timedot", "2026-10-05\n" + "x\n" * 3000),
    ],
)
def test_a_file_of_junk_is_given_up_early_and_once(kind: str, junk: str) -> None:
    found = formats.read(kind, junk, "export", UTC)
    (problem,) = found.problems
    assert (problem.severity, found.times) == ("error", ())
    assert problem.message.startswith("hardly anything of it can be read, so nothing of it is counted: ")


def test_junk_in_exports_of_slack_and_of_trackers_is_given_up_too() -> None:
    talk = slack.read([("general.json", json.dumps([0] * 3000))], UTC)
    assert [problem.severity for problem in talk.problems] == ["error"]
    answer = jira.read(json.dumps({"issues": [0] * 3000}), "x", UTC)
    assert ([problem.severity for problem in answer.problems], answer.issues) == (["error"], ())
    issues = linear.read(json.dumps({"issues": {"nodes": [0] * 3000}}), "x", UTC)
    assert ([problem.severity for problem in issues.problems], issues.issues) == (["error"], ())


def test_what_is_good_between_a_few_faults_still_counts() -> None:
    found = formats.read("timewarrior", ("?\n" * 20 + GOOD) * 10, "x.data", datetime.now(UTC).tzinfo or UTC)
    assert len(found.times) == 10
    assert found.problems[-1].message == "and 195 more like it"
