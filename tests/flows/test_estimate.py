"""Estimates of real repositories: whose hours, which days, and that they are what `collect` finds there."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from git_bill.adapters.git.history import GitHistory
from git_bill.flows import estimate as module
from git_bill.flows.estimate import Estimate, Repository, Wanted, estimate, glance
from git_bill.flows.estimate_rows import By, Rows, price
from git_bill.money import Money, total
from git_bill.period import Period
from git_bill.problem import Exit, Stop
from git_bill.sources import git as source
from git_bill.sources.commit import Reading
from git_bill.worklog import estimate as worklog
from git_bill.worklog.manifest import collect_worklog
from git_bill.worklog.piece import Origin

Git = Callable[..., str]
MIRA, OTHER = ("Mira Kovac", "mira@example.net"), ("Mira Kovac", "m.kovac@acme.example")
JONAS = ("Jonas Weber", "jonas@acme.example")
AUTUMN = Period(date(2026, 10, 1), date(2026, 11, 30))
WANTED = Wanted(days=AUTUMN, timezone="Europe/Berlin", emails=(MIRA[1],), names=(MIRA[0],))


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("HOME", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL"):
        monkeypatch.setenv(name, environment[name])


@pytest.fixture
def commit(git: Git) -> Callable[..., str]:
    """`commit(repository, "2026-10-05 10:00", who=JONAS)`: twenty more lines, and the commit's id."""

    def make(top: Path, at: str, subject: str = "Work", who: tuple[str, str] = MIRA, lines: int = 20) -> str:
        file = top / "work.txt"
        old = file.read_text() if file.exists() else ""
        file.write_text(old + "".join(f"{at} {line}\n" for line in range(lines)))
        git(top, "add", ".")
        name, email = who
        env = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email}
        git(top, "commit", "-q", "--allow-empty", "-m", subject, at=f"{at.replace(' ', 'T')}:00+02:00", env=env)
        return git(top, "rev-parse", "HEAD")

    return make


def repositories(*tops: Path) -> list[Repository]:
    return [Repository(name=top.name, history=GitHistory(top)) for top in tops]


def minutes(found: Estimate) -> int:
    return worklog.total(found.worked.shares).expected


def another(git: Git, clone: Path, name: str = "api") -> Path:
    top = clone.parent / name
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    git(top, "config", "user.name", "Mira Kovac")
    git(top, "config", "user.email", "mira@example.net")
    return top


def test_the_minutes_are_those_of_collect(clone: Path, git: Git, commit: Callable[..., str]) -> None:
    commit(clone, "2026-10-05 10:00", "WEB-1 start", lines=200)
    git(clone, "switch", "-q", "-c", "WEB-2-cart")
    commit(clone, "2026-10-05 10:40")
    commit(clone, "2026-10-05 11:30", lines=3)
    commit(clone, "2026-10-06 09:00", "stated\n\nTime: 25m")
    git(clone, "switch", "-q", "main")
    git(clone, "merge", "-q", "--squash", "WEB-2-cart")
    git(clone, "commit", "-q", "-m", "WEB-2 Cart (#3)", at="2026-10-06T15:00:00+02:00")
    commit(clone, "2026-10-07 10:00", who=JONAS)
    found = estimate(repositories(clone), WANTED)
    reading = Reading(source="web-shop", identity={MIRA[1]: "mira"})
    collected = collect_worklog(
        evidence=source.read(GitHistory(clone), reading).evidence,
        previous={},
        origins={"web-shop": Origin(client="acme", project="web-shop")},
        zones={"mira": ZoneInfo("Europe/Berlin")},
        clients={"acme"},
    )
    assert minutes(found) == collected.minutes
    assert {share.ticket for share in found.worked.shares} == {"WEB-1", "WEB-2"}
    assert list(found.worked.silent.values()) == ["repeats"]


def test_the_callers_other_addresses_count(clone: Path, commit: Callable[..., str]) -> None:
    commit(clone, "2026-10-05 10:00")
    commit(clone, "2026-10-05 10:10", who=OTHER)
    commit(clone, "2026-10-05 10:20")
    commit(clone, "2026-10-06 10:00", who=JONAS)
    found = estimate(repositories(clone), WANTED)
    assert [person.emails for person in found.who] == [(MIRA[1], OTHER[1])]
    assert minutes(found) == 30 + 10 + 10
    assert [person.id for person in found.seen] == [MIRA[1], JONAS[1]]


def test_two_repositories_share_one_timeline(clone: Path, git: Git, commit: Callable[..., str]) -> None:
    api = another(git, clone)
    commit(clone, "2026-10-05 10:00")
    commit(api, "2026-10-05 10:10")
    assert minutes(estimate(repositories(clone, api), WANTED)) == 40
    assert minutes(estimate(repositories(clone), WANTED)) + minutes(estimate(repositories(api), WANTED)) == 60


def test_what_was_done_before_the_first_day_is_known(clone: Path, git: Git, commit: Callable[..., str]) -> None:
    """A branch of September, squashed in October, is September's work."""
    commit(clone, "2026-09-01 10:00")
    git(clone, "switch", "-q", "-c", "cart")
    commit(clone, "2026-09-28 10:00")
    commit(clone, "2026-09-28 10:30")
    git(clone, "switch", "-q", "main")
    git(clone, "merge", "-q", "--squash", "cart")
    git(clone, "commit", "-q", "-m", "Cart (#3)", at="2026-10-05T15:00:00+02:00")
    found = estimate(repositories(clone), WANTED)
    assert (minutes(found), len(found.evidence)) == (0, 1)


def test_the_last_day_is_included_and_a_commit_after_its_midnight_counts_before_it(
    clone: Path, commit: Callable[..., str]
) -> None:
    commit(clone, "2026-10-05 09:00", lines=300)
    commit(clone, "2026-10-05 23:50")
    late = commit(clone, "2026-10-06 00:05")
    day = replace(WANTED, days=Period(date(2026, 10, 5), date(2026, 10, 5)))
    found = estimate(repositories(clone), day)
    assert minutes(found) == 75 + 30 + 10
    (*_, last) = Rows(found, day).by("commit")
    assert (last.group.commit, last.minutes.expected) == (late, 10)
    assert [row.group.day for row in Rows(found, day).by("day")] == [date(2026, 10, 5)]
    assert (
        minutes(estimate(repositories(clone), replace(WANTED, days=Period(date(2026, 10, 6), date(2026, 10, 6))))) == 5
    )


def test_authors_are_part_of_names_or_addresses(clone: Path, commit: Callable[..., str]) -> None:
    commit(clone, "2026-10-05 10:00")
    commit(clone, "2026-10-06 10:00", who=JONAS)
    for words, ids in {("jonas",): [JONAS[1]], ("EXAMPLE.NET", "weber"): [MIRA[1], JONAS[1]], ("nobody",): []}.items():
        found = estimate(repositories(clone), replace(WANTED, authors=words))
        assert sorted(person.id for person in found.who) == sorted(ids)
        assert minutes(found) == 30 * len(ids)


def test_everyone_and_the_whole_history(clone: Path, commit: Callable[..., str]) -> None:
    commit(clone, "2014-10-05 10:00")
    commit(clone, "2014-10-05 10:15")
    commit(clone, "2026-10-05 10:10", who=OTHER)
    commit(clone, "2026-10-06 10:00", f"pair\n\nCo-authored-by: Mira <{OTHER[1]}>", who=JONAS)
    commit(clone, "2026-10-07 10:00", who=("renovate[bot]", "bot@renovate.example"))
    wanted = replace(WANTED, days=None, everyone=True)
    found = estimate(repositories(clone), wanted)
    rows = {row.group.contributor: (row.commits, row.minutes.expected) for row in Rows(found, wanted).by("contributor")}
    assert rows == {MIRA[1]: (4, 105), JONAS[1]: (1, 30)}


@pytest.mark.parametrize("wanted", [WANTED, replace(WANTED, days=None, everyone=True)], ids=["caller", "everyone"])
def test_a_large_history_is_read_without_diffs_and_not_kept(
    clone: Path, commit: Callable[..., str], wanted: Wanted, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(10, 16):
        commit(clone, f"2026-10-{day} 10:00")
    closely = estimate(repositories(clone), wanted)
    monkeypatch.setattr(module, "MOST_CLOSELY", 5)
    monkeypatch.setattr(module, "_MOST_HELD", 5)
    roughly = estimate(repositories(clone), wanted)
    assert (closely.closely, minutes(closely)) == (True, 6 * 30)
    assert (roughly.closely, minutes(roughly)) == (False, 6 * 45)
    assert len(roughly.evidence) == len(closely.evidence) == 6


def test_a_large_repository_does_not_take_the_look_from_a_small_one(
    clone: Path, git: Git, commit: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = another(git, clone)
    for day in range(10, 16):
        commit(clone, f"2026-10-{day} 10:00")
    commit(api, "2026-10-20 10:00")
    monkeypatch.setattr(module, "MOST_CLOSELY", 5)
    found = estimate(repositories(api, clone), replace(WANTED, days=None, everyone=True))
    assert {share.source: share.minutes for share in found.worked.shares} == {"api": 30, "web-shop": 45}
    assert not found.closely


def test_work_on_the_books_alone_is_no_work(clone: Path, git: Git, commit: Callable[..., str]) -> None:
    commit(clone, "2026-10-05 10:00")
    (clone / "billing").mkdir()
    (clone / "billing" / "billing.toml").write_text("schema = 1\n")
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "Record the books", at="2026-10-07T10:00:00+02:00")
    (repository,) = repositories(clone)
    assert minutes(estimate([repository], WANTED)) == 30 + 10
    assert minutes(estimate([replace(repository, books=True)], WANTED)) == 30


def test_a_repository_that_cannot_be_read_is_told_and_the_others_are_read(
    clone: Path, git: Git, commit: Callable[..., str]
) -> None:
    broken = another(git, clone, "broken")
    commit(clone, "2026-10-05 10:00")
    head = commit(broken, "2026-10-05 12:00")
    (broken / ".git" / "objects" / head[:2] / head[2:]).unlink()
    for wanted in (WANTED, replace(WANTED, days=None, everyone=True)):
        found = estimate(repositories(broken, clone), wanted)
        assert minutes(found) == 30
        assert [repository.name for repository in found.read] == ["web-shop"]
        assert [(problem.rule, problem.severity) for problem in found.problems] == [("missing-object", "warning")]
        with pytest.raises(Stop) as stopped:
            estimate(repositories(broken), wanted)
        assert (stopped.value.exit_code, stopped.value.problems[0].severity) == (Exit.REPOSITORY, "error")


def test_a_malformed_directive_is_told(clone: Path, commit: Callable[..., str]) -> None:
    commit(clone, "2026-10-05 10:00", "Work\n\nTime: soon")
    assert [problem.rule for problem in estimate(repositories(clone), WANTED).problems] == ["malformed-directive"]


def test_every_commit_is_told_to_the_progress(clone: Path, commit: Callable[..., str]) -> None:
    for day in (5, 6, 7):
        commit(clone, f"2026-10-0{day} 10:00", who=JONAS)
    told: list[int] = []
    estimate(repositories(clone), WANTED, told.append)
    assert sum(told) == 3


@pytest.mark.parametrize("by", ["day-ticket", "day", "ticket", "contributor", "commit"])
def test_rows_add_up_to_the_whole_and_to_its_price(clone: Path, commit: Callable[..., str], by: By) -> None:
    for number, subject in enumerate(("WEB-1 a", "WEB-2 b", "c", "WEB-1 d", "e")):
        commit(clone, f"2026-10-0{5 + number // 2} 1{number}:0{number}", subject, lines=7 * number + 1)
    found = estimate(repositories(clone), WANTED)
    rate = Money(Decimal("95.00"), "EUR")
    rows = Rows(found, WANTED, rate).by(by)
    whole = minutes(found)
    assert sum(row.minutes.expected for row in rows) == whole
    assert total((row.net for row in rows if row.net), "EUR") == price(rate, whole)
    assert all(row.net is None for row in Rows(found, WANTED).by(by))


def test_rows_by_commit_list_every_commit_and_say_why_one_is_silent(
    clone: Path, git: Git, commit: Callable[..., str]
) -> None:
    one = commit(clone, "2026-10-05 10:00")
    git(clone, "commit", "-q", "--amend", "-m", "Work, said better", at="2026-10-05T10:00:00+02:00")
    two = git(clone, "rev-parse", "HEAD")
    rows = Rows(estimate(repositories(clone), WANTED), WANTED).by("commit")
    assert sorted((row.minutes.expected, row.rule) for row in rows) == [(0, "same-moment"), (30, None)]
    assert {row.group.commit for row in rows} == {one, two}


def test_a_glance_tells_the_newest_commits(clone: Path, commit: Callable[..., str]) -> None:
    commit(clone, "2026-03-12 10:00", who=OTHER)
    commit(clone, "2026-08-20 10:00", who=JONAS)
    seen = glance(repositories(clone), WANTED)
    assert (seen.own, seen.newest) == (date(2026, 3, 12), date(2026, 8, 20))
    assert [person.id for person in seen.seen] == [JONAS[1], OTHER[1]]


def test_a_glance_into_nothing(clone: Path) -> None:
    seen = glance(repositories(clone), WANTED)
    assert (seen.seen, seen.newest, seen.own) == ((), None, None)
    assert estimate(repositories(clone), WANTED).evidence == ()
