"""Time that messages state while history is rewritten: each piece of work counts once, by its newest word."""

import shutil
from pathlib import Path

import pytest
from tests.stories.freelancer import Freelancer

pytestmark = pytest.mark.slow

DAY = "2026-10-{:02}T10:00:00+02:00"


def total(mira: Freelancer, period: str = "2026-10") -> int:
    """Minutes of the month that are on file."""
    mira.json("collect")
    return sum(entry["minutes"] for entry in mira.json("log", "--period", period)["entries"])


def write(mira: Freelancer, file: str, *lines: str) -> None:
    path = mira.shop / file
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    mira.git(mira.shop, "add", file)


def commit(mira: Freelancer, day: int, message: str, *options: str, lines: int = 12) -> None:
    """Some lines of a new file."""
    name = f"new_{len(mira.git(mira.shop, 'log', '--all', '--format=%h').split())}.py"
    write(mira, name, *(f"{name}_{n} = {n}" for n in range(lines)))
    mira.git(mira.shop, "commit", "-q", "-m", message, *options, at=DAY.format(day))


def fresh(mira: Freelancer) -> None:
    """Her clone is gone; a new one has what main has, and no reflog."""
    new = mira.shop.with_name("fresh")
    mira.git(mira.shop.parent, "clone", "-q", "--single-branch", f"file://{mira.shop}", str(new))
    shutil.rmtree(mira.shop)
    new.rename(mira.shop)


def rules(mira: Freelancer) -> list[str]:
    return [problem["rule"] for problem in mira.json("collect")["problems"]]


def test_two_commits_of_one_second_keep_the_time_of_both(mira: Freelancer) -> None:
    before = total(mira)
    commit(mira, 12, "WEB-7 One\n\nTime: 1h")
    commit(mira, 12, "WEB-7 Two\n\nTime: 2h")
    assert total(mira) == before + 180
    # Rebased, they are the same two.
    mira.git(mira.shop, "rebase", "-q", "--force-rebase", "HEAD~2", at=DAY.format(13))
    assert total(mira) == before + 180


def test_a_commit_split_in_one_second_counts_once(mira: Freelancer) -> None:
    before = total(mira)
    write(mira, "wide.py", *(f"wide_{n} = {n}" for n in range(40)))
    mira.git(mira.shop, "commit", "-q", "-m", "WEB-7 Wide\n\nTime: 1h", at=DAY.format(12))
    assert total(mira) == before + 60
    mira.git(mira.shop, "reset", "-q", "HEAD~")
    for count in (20, 40):
        write(mira, "wide.py", *(f"wide_{n} = {n}" for n in range(count)))
        mira.git(mira.shop, "commit", "-q", "-m", f"WEB-7 Up to {count}\n\nTime: 1h", at=DAY.format(12))
    assert total(mira) == before + 60


def test_what_may_be_one_or_two_is_told(mira: Freelancer) -> None:
    before = total(mira)
    commit(mira, 12, "WEB-7 One\n\nTime: 1h")
    mira.git(mira.shop, "switch", "-q", "-c", "other", "HEAD~")
    commit(mira, 12, "WEB-7 Two\n\nTime: 2h")
    (told,) = [p for p in mira.json("collect")["problems"] if p["rule"] == "same-second"]
    for branch in ("main", "other"):
        assert f"web-shop:{mira.git(mira.shop, 'rev-parse', branch)[:12]}" in told["message"]
    assert "1h and 2h" in told["message"]
    assert total(mira) in {before + 60, before + 120}
    assert "same-second" not in rules(mira)


@pytest.mark.parametrize("dated", ["once", "twice"])
@pytest.mark.parametrize("clone", ["own", "fresh"])
def test_the_newest_word_on_a_commit_counts_whatever_its_date(mira: Freelancer, clone: str, dated: str) -> None:
    before = total(mira)
    commit(mira, 12, "WEB-7 Search\n\nTime: 1h")
    assert total(mira) == before + 60
    for day, hours in ((13, 2), (14, 3)):
        message = f"WEB-7 Search\n\nTime: {hours}h"
        date = f"--date={DAY.format(13 if dated == 'once' else day)}"
        mira.git(mira.shop, "commit", "-q", "--amend", date, "-m", message, at=DAY.format(day))
        if clone == "own":
            assert total(mira) == before + 60 * hours
    if clone == "fresh":
        fresh(mira)
    assert total(mira) == before + 180
    told = mira.json("explain", mira.git(mira.shop, "rev-parse", "HEAD"))["because"]
    assert "the time that it states counts there" in told[0]["text"]


def test_a_backport_says_nothing_of_its_original(mira: Freelancer) -> None:
    commit(mira, 12, "WEB-7 Search\n\nTime: 2h")
    before = total(mira)
    picked = mira.git(mira.shop, "rev-parse", "HEAD")
    mira.git(mira.shop, "switch", "-q", "-c", "release", "HEAD~2")
    mira.git(mira.shop, "cherry-pick", "--no-commit", picked)
    mira.git(mira.shop, "commit", "-q", "-m", "WEB-7 Backport\n\nTime: 15m", at=DAY.format(13))
    assert total(mira) == before


SQUASH = "WEB-8 The topic (#7)\n\n* WEB-8 One\n\nTime: 1h\n\n* WEB-8 Two\n\nTime: 30m\n\n* Three\n\nTime: 1h30m"


def topic(mira: Freelancer, lines: int) -> None:
    """Three commits on a branch of days with nothing else, and main checked out."""
    mira.git(mira.shop, "switch", "-q", "-c", "topic")
    for day, hours in ((12, "1h"), (13, "30m"), (14, "1h30m")):
        commit(mira, day, f"WEB-8 On day {day}\n\nTime: {hours}", lines=lines)
    mira.git(mira.shop, "switch", "-q", "main")


def land(mira: Freelancer, message: str = SQUASH) -> None:
    mira.git(mira.shop, "merge", "-q", "--squash", "topic")
    mira.git(mira.shop, "commit", "-q", *(["-m", message] if message else ["--no-edit"]), at=DAY.format(15))


@pytest.mark.parametrize("message", [SQUASH, ""], ids=["forge", "git"])
def test_a_squash_has_the_time_of_its_commits_where_they_are_not_on_file(mira: Freelancer, message: str) -> None:
    before = total(mira)
    topic(mira, 12)
    land(mira, message)
    fresh(mira)
    assert total(mira) == before + 180


@pytest.mark.parametrize("lines", [12, 3])
def test_whoever_collects_first_it_comes_to_the_same(mira: Freelancer, lines: int, tmp_path: Path) -> None:
    before = total(mira)
    topic(mira, lines)
    land(mira)
    away = mira.shop.with_name("away")
    shutil.copytree(mira.shop, away)
    fresh(mira)
    assert total(mira) == before + 180
    shutil.rmtree(mira.shop)
    away.rename(mira.shop)
    assert total(mira) == before + 180


def test_with_its_commits_on_file_a_squash_adds_nothing(mira: Freelancer) -> None:
    before = total(mira)
    topic(mira, 12)
    assert total(mira) == before + 180
    land(mira)
    assert total(mira) == before + 180
    fresh(mira)
    assert total(mira) == before + 180


def test_a_squash_of_several_people_counts_its_own_line_alone(mira: Freelancer) -> None:
    before = total(mira)
    commit(mira, 12, f"{SQUASH}\nCo-authored-by: Jonas Weber <jonas@example.net>")
    (told,) = [p for p in mira.json("collect")["problems"] if p["rule"] == "malformed-directive"]
    assert "1h30m of the commits in the message" in told["message"]
    assert total(mira) == before + 90


def test_commits_squashed_while_rebasing_count_once(mira: Freelancer) -> None:
    """The squash keeps the second of its first commit, and has all their words."""
    before = total(mira)
    commit(mira, 12, "WEB-8 One\n\nTime: 10m")
    commit(mira, 13, "WEB-8 Two\n\nTime: 2h")
    assert total(mira) == before + 130
    env = {"GIT_SEQUENCE_EDITOR": "sed -i '2,$s/^pick/squash/'", "GIT_EDITOR": "true"}
    mira.git(mira.shop, "rebase", "-q", "-i", "HEAD~2", at=DAY.format(14), env=env)
    assert total(mira) == before + 130
