"""Evidence files: canonical lines that are read back, and broken ones told."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worklog.workday import commit

from git_bill.worklog.evidence import Evidence, from_lines, to_line, unique

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=OFFSETS)  # noqa: DTZ001
RECORDS = st.builds(
    Evidence,
    key=st.text(),
    kind=st.just("commit"),
    source=st.text(),
    contributor=st.text(),
    at=INSTANTS,
    text=st.text(),
    ticket=st.none() | st.text(),
    minutes=st.none() | st.integers(0, 900),
    parents=st.integers(0, 9),
    files=st.none() | st.integers(0, 99),
    covers=st.lists(st.text()).map(tuple),
    together=st.lists(st.text()).map(tuple),
    proven=st.booleans(),
    committed=st.none() | INSTANTS,
)


@settings(deadline=None)
@given(st.lists(RECORDS))
def test_lines_are_read_back(records: list[Evidence]) -> None:
    text = "".join(to_line(record) + "\n" for record in records)
    assert from_lines(text, "e.jsonl") == (tuple(records), ())
    assert text.isascii()
    assert text.count("\n") == len(records)


def test_defaults_are_left_out() -> None:
    assert to_line(commit("a", "2026-10-05 10:00", files=None, added=None, deleted=None, text="")) == (
        '{"key":"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8","kind":"commit","source":"web-shop",'
        '"contributor":"mira","at":"2026-10-05T10:00:00+02:00"}'
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"key":"a","kind":"commit","source":"s","contributor":"m","at":"2026-10-05T10:00:00"}', "`at` has no offset"),
        ('{"key":1,"kind":"commit","source":"s","contributor":"m","at":"2026-10-05T10:00:00Z"}', "`key` is not text"),
        ('{"key":"a","kind":"commit","source":"s","contributor":"m"}', "'at'"),
        ('{"key":"a","kind":"commit","source":"s","at":"2026-10-05T10:00:00Z","who":1}', "unknown field 'who'"),
        (
            '{"key":"a","kind":"c","source":"s","contributor":"m","at":"2026-10-05T10:00:00Z","committed":"2026-10-05"}',
            "`committed` has no offset",
        ),
        (
            '{"key":"a","kind":"c","source":"s","contributor":"m","at":"2026-10-05T10:00:00Z","sketch":"AA=="}',
            "`sketch` is none",
        ),
    ],
)
def test_a_broken_line_is_told_and_the_others_are_read(line: str, says: str) -> None:
    good = to_line(commit("a", "2026-10-05 10:00"))
    records, problems = from_lines(f"{good}\n\n{line}\n{good}\n", "e.jsonl")
    assert len(records) == 2
    (problem,) = problems
    assert (problem.rule, problem.file, problem.line) == ("broken-evidence", "e.jsonl", 3)
    assert says in problem.message


def test_what_several_actors_saw_counts_once() -> None:
    record = commit("a", "2026-10-05 10:00")
    other = commit("a", "2026-10-05 10:00", source="api")
    assert list(unique([record, record, other])) == [record, other]
