"""What a clone's reflog tells without any set-up: what was amended, and when a session on a branch may have begun."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.repositories import live_in
from tests.worklog.workday import ORIGINS, ZONES, commit, key

from git_bill.adapters.git.history import GitHistory
from git_bill.sources import git as source
from git_bill.sources import journal, reflog
from git_bill.sources.commit import Reading
from git_bill.worklog.cut import cut
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.told import VISIT

Git = Callable[..., str]
READING = Reading(source="web-shop", identity={"mira@example.net": "mira"})


@pytest.fixture(autouse=True)
def _at_home(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


def test_an_amended_binary_is_known_by_the_reflog_alone(clone: Path, git: Git) -> None:
    for text, minute, more in ((b"\0one", 10, ()), (b"\0two", 40, ("--amend", "--reset-author"))):
        (clone / "logo.png").write_bytes(text)
        git(clone, "add", ".")
        git(clone, "commit", "-q", "-m", "logo", *more, at=f"2026-10-05T09:{minute}:00+02:00")
    history = GitHistory(clone)
    first, second = source.read(history, READING).evidence
    (told,) = journal.read(history.journal(), (first, second))
    assert (told.key, told.covers) == (f"rewrite:{second.key}", (first.key,))


def test_a_visit_is_kept_where_a_session_may_have_begun_with_it(clone: Path, git: Git) -> None:
    git(clone, "commit", "-q", "--allow-empty", "-m", "start", at="2026-10-05T08:00:00+02:00")
    git(clone, "checkout", "-q", "-b", "cart", at="2026-10-05T10:00:00+02:00")
    (clone / "cart").write_text("x\n")
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "cart", at="2026-10-05T10:20:00+02:00")
    git(clone, "checkout", "-q", "-b", "late", at="2026-10-05T10:30:00+02:00")
    git(clone, "commit", "-q", "--allow-empty", "-m", "at once", at="2026-10-05T10:31:00+02:00")
    history = GitHistory(clone)
    found = source.read(history, READING).evidence
    (visit,) = reflog.read(history.visits(), READING, found)
    assert (visit.kind, visit.branch, visit.at.isoformat()) == (VISIT, "cart", "2026-10-05T10:00:00+02:00")
    assert reflog.read(history.visits(), READING, ()) == ()


def test_a_visit_bounds_the_first_commit_of_a_session_and_never_adds() -> None:
    work = commit("a", "2026-10-05 10:00")
    visit = replace(work, key="visit:a", kind=VISIT, commit=key("a"), at=work.at.replace(hour=9, minute=40))
    later = commit("b", "2026-10-05 10:20")

    def minutes(*facts: Evidence) -> list[int]:
        return [piece.expected for piece in cut(facts, ORIGINS, ZONES).pieces]

    assert minutes(work) == [60]
    assert minutes(work, visit) == [20]
    assert minutes(visit) == []
    assert minutes(work, later, replace(visit, commit=key("b"), at=later.at.replace(minute=5))) == minutes(work, later)
