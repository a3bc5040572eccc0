"""Points: one contributor and author second, whoever saw it and however it was rewritten."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.worklog.workday import commit, key, name

from git_bill.worklog.point import name_of, points, sort_of

MIRA, SOURCES = {"mira"}, {"web-shop", "api"}
FIRST = commit("a", "2026-10-05 10:00", "wip", added=5)
AMENDED = replace(FIRST, key=key("a2"), text="Add coupons", added=900, committed=FIRST.at + timedelta(hours=5))


@pytest.mark.parametrize("evidence", [[FIRST, AMENDED], [AMENDED, FIRST]])
def test_the_latest_rewriting_speaks_and_the_first_making_counts(evidence: list[object]) -> None:
    (point,) = points(evidence, MIRA, SOURCES)  # type: ignore[arg-type]
    assert (point.said.text, point.size) == ("Add coupons", FIRST.added + FIRST.deleted)  # type: ignore[operator]
    assert point.names == (name("a2"), name("a"))


@pytest.mark.parametrize(
    ("subject", "size"),
    [('Revert "Add coupons"', 0), ('Reapply "Add coupons"', 0), ("Revert to the old tax table", 340), ("", 340)],
)
def test_nobody_wrote_the_lines_of_a_revert(subject: str, size: int) -> None:
    (point,) = points([replace(FIRST, text=subject, added=300, deleted=40)], MIRA, SOURCES)
    assert point.size == size


def test_the_same_commit_in_two_sources_is_one_point() -> None:
    (point,) = points([replace(FIRST, source="api"), FIRST], MIRA, SOURCES)
    assert point.names == (name("a", "api"), name("a"))


def test_a_known_source_and_proof_speak_first() -> None:
    forged = replace(AMENDED, proven=False)
    stray = replace(AMENDED, source="gone", key=key("a3"))
    (point,) = points([stray, forged, FIRST], MIRA, SOURCES)
    assert (point.said, point.made) == (FIRST, FIRST)


def test_one_second_apart_is_another_point() -> None:
    assert len(points([FIRST, replace(FIRST, key=key("b"), at=FIRST.at + timedelta(seconds=1))], MIRA, SOURCES)) == 2


def test_a_pair_has_points_each_and_strangers_none() -> None:
    pair = replace(FIRST, together=("jonas", "eve", "mira"))
    assert [p.contributor for p in points([pair], {"mira", "jonas"}, SOURCES)] == ["jonas", "mira"]


@pytest.mark.parametrize(
    ("facts", "sort"),
    [
        ({}, "work"),
        ({"parents": 2}, "attendance"),
        ({"files": 0}, "attendance"),
        ({"files": None}, "work"),
        ({"parents": 0}, "work"),
        ({"covers": (key("b"),)}, "repeated"),
        ({"covers": ("f" * 40,)}, "work"),
        ({"covers": (key("same"),)}, "work"),
    ],
)
def test_work_presence_and_repetition(facts: dict[str, object], sort: str) -> None:
    (point,) = points([replace(FIRST, **facts)], MIRA, SOURCES)  # type: ignore[arg-type]
    assert sort_of(point, {key("b"): point.second - 60, key("same"): point.second}) == sort


def test_names_are_short() -> None:
    assert name_of(FIRST) == f"web-shop:{FIRST.key[:12]}"
