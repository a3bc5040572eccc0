"""Kinds of work and subjects as sentences."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.worklog.activity import activity_of, clean, summary


@pytest.mark.parametrize(
    ("subject", "activity"),
    [
        ("docs: Say how to pay", "documentation"),
        ("docs(api)!: Say how to pay", "documentation"),
        ("test(cart): Coupons", "testing"),
        ("ci: Cache wheels", "operations"),
        ("build(deps): Bump", "operations"),
        ("feat: docs: not the type", "development"),
        ("fixup! docs: Say how", "documentation"),
        ("Add docs: a page", "development"),
        ("documentation", "development"),
        ("unknown: thing", "development"),
        ("DOCS: Loud", "documentation"),
        ("", "development"),
    ],
)
def test_the_type_of_a_conventional_commit_names_the_activity(subject: str, activity: str) -> None:
    assert activity_of(subject) == activity


def test_subjects_become_one_line() -> None:
    subjects = [
        "feat(cart): Add coupons",
        "fixup! feat(cart): Add coupons",
        "  Twice\tas  fast ",
        "",
        "chore: Tidy (#12)",
        "Tidy",
    ]
    assert summary(subjects) == "Add coupons; Twice as fast; Tidy"


def test_a_word_before_a_colon_that_is_no_type_stays() -> None:
    assert summary(["cart: add coupons"]) == "cart: add coupons"


def test_hostile_text_is_one_visible_line() -> None:
    assert clean("a\x1b[31mb\u202ec\r\nd\ud800\x00e\u200b") == "ab c d e"


@settings(deadline=None)
@given(st.lists(st.text()))
def test_a_summary_is_short_and_has_no_control_characters(subjects: list[str]) -> None:
    line = summary(subjects)
    assert len(line) <= 200
    assert line == clean(line)


def test_a_long_summary_ends_in_an_ellipsis() -> None:
    assert summary([f"Subject number {n}" for n in range(30)]).endswith("…")
