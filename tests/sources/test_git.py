"""Reading real clones: what is evidence, what it changed, what it repeats (law 2)."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from git_bill.adapters.git.history import GitHistory
from git_bill.sources.commit import Found, Reading
from git_bill.sources.git import read
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.identity import addresses

Git = Callable[..., str]
START = datetime.fromisoformat("2026-10-05T09:00:00+02:00")
READING = Reading(
    source="web-shop",
    identity=addresses({"mira": ["mira@example.net"], "jo": ["jo@example.net"]}),
    ticket_pattern=r"[A-Z]+-\d+",
)
JO = {"GIT_AUTHOR_NAME": "Jo", "GIT_AUTHOR_EMAIL": "jo@example.net"}
SAM = {"GIT_AUTHOR_NAME": "Sam", "GIT_AUTHOR_EMAIL": "sam@elsewhere.example"}


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("HOME", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL"):
        monkeypatch.setenv(name, environment[name])


class Work:
    """A clone with a clock: every act takes ten minutes."""

    def __init__(self, repository: Path, git: Git) -> None:
        self.repository, self._git, self._acts = repository, git, 0

    def git(self, *args: str, env: dict[str, str] | None = None, after: timedelta | None = None) -> str:
        self._acts += 1
        at = (START + timedelta(minutes=10 * self._acts) + (after or timedelta(0))).isoformat()
        return self._git(self.repository, *args, at=at, env=env)

    def commit(self, file: str, text: str, message: str, env: dict[str, str] | None = None) -> str:
        path = self.repository / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.git("add", "--", file)
        self.git("commit", "-q", "-m", message, env=env)
        return self.head

    @property
    def head(self) -> str:
        return self._git(self.repository, "rev-parse", "HEAD")

    def read(self, known: Sequence[Evidence] = (), reading: Reading = READING, books: str | None = None) -> Found:
        return read(GitHistory(self.repository), reading, known=known, books=books)

    def covers(self, known: Sequence[Evidence] = ()) -> dict[str, tuple[str, ...]]:
        return {record.key: record.covers for record in self.read(known).evidence if record.covers}


@pytest.fixture
def work(clone: Path, git: Git) -> Work:
    return Work(clone, git)


def lines(*numbers: int) -> str:
    return "".join(f"line {number}\n" for number in numbers)


def test_a_commit_with_all_that_is_known_of_it(work: Work) -> None:
    work.commit("a.txt", lines(1, 2, 3), "start")
    work.git("checkout", "-q", "-b", "WEB-5-cart")
    commit = work.commit("a.txt", lines(1, 2, 4, 5), "better cart", env=None)
    record = next(r for r in work.read().evidence if r.key == commit)
    assert (record.branch, record.ticket) == ("WEB-5-cart", "WEB-5")
    assert (record.files, record.added, record.deleted, record.parents) == (1, 2, 1, 1)
    assert len(record.patch or "") == 40
    assert record.at.utcoffset() == timedelta(hours=2)


def test_a_subjects_ticket_wins_over_the_branch(work: Work) -> None:
    work.git("checkout", "-q", "-b", "WEB-5-cart")
    work.commit("a.txt", lines(1), "WEB-6 other")
    assert [record.ticket for record in work.read().evidence] == ["WEB-6"]


def test_what_is_on_file_is_not_returned_again(work: Work) -> None:
    work.commit("a.txt", lines(1), "one\n\nTime: soon")
    first = work.read()
    assert len(first.evidence) == len(first.problems) == 1
    assert work.read(first.evidence) == Found(evidence=())
    two = work.commit("a.txt", lines(1, 2), "two")
    assert [record.key for record in work.read(first.evidence).evidence] == [two]


def test_since_leaves_older_work_out(work: Work) -> None:
    work.commit("a.txt", lines(1), "one")
    assert work.read(reading=replace(READING, since=date(2026, 10, 6), timezone="Europe/Berlin")).evidence == ()
    assert len(work.read(reading=replace(READING, since=date(2026, 10, 5), timezone="Europe/Berlin")).evidence) == 1


def test_without_lines_no_diff_is_made(work: Work) -> None:
    work.commit("a.txt", lines(1), "one")
    (record,) = read(GitHistory(work.repository), READING, lines=False).evidence
    assert (record.files, record.added, record.patch, record.branch) == (None, None, None, "main")


def test_merges_and_binary_files_have_no_patch(work: Work) -> None:
    work.commit("a.txt", lines(1), "one")
    work.git("checkout", "-q", "-b", "side")
    (work.repository / "logo.png").write_bytes(b"\x89PNG\0\1")
    binary = work.commit("b.txt", lines(1), "side")
    work.git("add", "logo.png")
    work.git("commit", "-q", "--amend", "--no-edit")
    binary = work.head
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--no-ff", "-m", "Merge branch 'side'", "side")
    found = {record.key: record for record in work.read().evidence}
    assert (found[work.head].parents, found[work.head].files, found[work.head].patch) == (2, None, None)
    assert (found[binary].files, found[binary].added, found[binary].patch) == (2, 1, None)


def test_a_squash_covers_the_range_it_repeats(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "topic")
    one = work.commit("a.txt", lines(1, 2), "one")
    two = work.commit("b.txt", lines(1), "two")
    three = work.commit("a.txt", lines(1, 3), "three")
    work.git("checkout", "-q", "main")
    work.commit("c.txt", lines(1), "meanwhile")
    work.git("merge", "-q", "--squash", "topic")
    work.git("commit", "-q", "-m", "topic (#7)")
    squash = work.head
    work.git("branch", "-q", "-D", "topic")
    assert work.covers() == {squash: tuple(sorted((one, two, three)))}


def test_a_squash_is_found_when_its_range_is_on_file(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "topic")
    one = work.commit("a.txt", lines(1, 2), "one")
    two = work.commit("b.txt", lines(1), "two")
    known = work.read().evidence
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--squash", "topic")
    work.git("commit", "-q", "-m", "topic")
    squash = work.head
    work.git("checkout", "-q", "topic")
    after = work.commit("b.txt", lines(1, 2), "the branch goes on")
    assert work.covers(known) == {squash: tuple(sorted((one, two)))}
    assert after not in work.covers()


def test_a_squash_of_a_branch_that_took_the_trunk_in(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "topic")
    one = work.commit("b.txt", lines(1), "one")
    work.git("checkout", "-q", "main")
    work.commit("c.txt", lines(1), "meanwhile")
    work.git("checkout", "-q", "topic")
    work.git("merge", "-q", "--no-edit", "main")
    merge = work.head
    two = work.commit("b.txt", lines(1, 2), "two")
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--squash", "topic")
    work.git("commit", "-q", "-m", "topic")
    assert work.covers() == {work.head: tuple(sorted((one, merge, two)))}


def test_a_squash_of_several_peoples_work(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "topic")
    mine = work.commit("b.txt", lines(1), "mine")
    work.commit("b.txt", lines(1, 2), "a stranger's", env=SAM)
    jos = work.commit("b.txt", lines(1, 2, 3), "jo's", env=JO)
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--squash", "topic")
    work.git("commit", "-q", "-m", "topic")
    assert work.covers() == {work.head: tuple(sorted((mine, jos)))}


def test_a_squash_of_another_contributors_single_commit(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "topic")
    jos = work.commit("b.txt", lines(1), "jo's", env=JO)
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--squash", "topic")
    work.git("commit", "-q", "-m", "topic")
    assert work.covers() == {work.head: (jos,)}


def test_a_squash_is_found_among_many_open_branches(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "topic")
    topic = [work.commit("a.txt", lines(1, 2), "one"), work.commit("b.txt", lines(1), "two")]
    for number in range(20):
        work.git("checkout", "-q", "-b", f"other{number}", "main")
        work.commit("a.txt", lines(1, 100 + number), f"other {number}")
        work.commit("b.txt", lines(100 + number), f"other {number} goes on")
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--squash", "topic")
    work.git("commit", "-q", "-m", "topic (#7)")
    assert work.covers() == {work.head: tuple(sorted(topic))}


def test_a_branch_is_whole_though_a_commit_in_it_is_older_than_the_first_day(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "topic")
    one = work.commit("a.txt", lines(1, 2), "one")
    work.commit("b.txt", lines(1), "written in summer", env={"GIT_AUTHOR_DATE": "2026-07-01T09:00:00+02:00"})
    two = work.commit("b.txt", lines(1, 2), "two")
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--squash", "topic")
    work.git("commit", "-q", "-m", "topic")
    found = work.read(reading=replace(READING, since=date(2026, 10, 1), timezone="Europe/Berlin")).evidence
    assert "written in summer" not in {record.text for record in found}
    assert {record.key: record.covers for record in found if record.covers} == {work.head: tuple(sorted((one, two)))}


def test_a_squash_of_the_last_commits_where_the_first_were_picked(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "topic")
    work.commit("p.txt", lines(*range(9)), "picked")
    topic = [work.commit("b.txt", lines(1), "one"), work.commit("b.txt", lines(1, 2), "two")]
    work.git("checkout", "-q", "main")
    work.git("cherry-pick", "topic~2")
    work.git("merge", "-q", "--squash", "topic")
    work.git("commit", "-q", "-m", "topic")
    assert work.covers() == {work.head: tuple(sorted(topic))}


def test_a_moment_that_shows_work_is_not_compared_again(work: Work) -> None:
    """A squash by `rebase -i` keeps the first commit's author second: the same moment, whatever it joins."""
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "topic")
    work.commit("b.txt", lines(1), "one")
    first = {"GIT_AUTHOR_DATE": work.git("log", "-1", "--format=%aI")}
    work.commit("b.txt", lines(1, 2), "two")
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--squash", "topic")
    work.git("commit", "-q", "-m", "one and two", env=first)
    assert work.covers() == {}


def test_a_squash_with_something_added_is_new_work(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "topic")
    work.commit("b.txt", lines(1), "one")
    work.commit("b.txt", lines(1, 2), "two")
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--squash", "topic")
    (work.repository / "b.txt").write_text(lines(1, 2, 3))
    work.git("commit", "-q", "-am", "topic and more")
    assert work.covers() == {}


def test_an_amended_commit_with_a_new_author_date_covers_the_first(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    first = work.commit("a.txt", lines(*range(20)), "cart")
    work.git("commit", "-q", "--amend", "--reset-author", "-m", "the cart, said better")
    assert work.covers() == {work.head: (first,)}


def test_a_rebased_commit_keeps_its_second_and_covers_nothing(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "topic")
    work.commit("b.txt", lines(*range(20)), "cart")
    work.git("checkout", "-q", "main")
    work.commit("c.txt", lines(1), "meanwhile")
    work.git("checkout", "-q", "topic")
    work.git("rebase", "-q", "main")
    found = [record for record in work.read().evidence if record.text == "cart"]
    assert len(found) == 2
    assert len({record.at for record in found}) == len({record.patch for record in found}) == 1
    assert [record.covers for record in found] == [(), ()]


def test_a_revert_of_a_revert_is_work_again(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.commit("a.txt", lines(*range(20)), "cart")
    work.git("revert", "--no-edit", "HEAD")
    work.git("revert", "--no-edit", "HEAD")
    found = work.read().evidence
    assert len({record.patch for record in found}) == 3
    assert work.covers() == {}


def test_the_same_small_change_weeks_apart_is_work_again_unless_it_says_the_same(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "one")
    first = work.commit("flag", "on\n", "switch on")
    for branch, message in (("two", "once more"), ("three", "Switch on (#12)")):
        work.git("checkout", "-q", "-b", branch, "main")
        (work.repository / "flag").write_text("on\n")
        work.git("add", "flag")
        work.git("commit", "-q", "-m", message, after=timedelta(days=120))
    later = work.head
    assert work.covers() == {later: (first,)}


def test_two_people_who_make_the_same_change_both_worked(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    work.git("checkout", "-q", "-b", "one")
    work.commit("b.txt", lines(*range(20)), "mine")
    work.commit("c.txt", lines(1), "the branch goes on")
    work.git("checkout", "-q", "main")
    work.commit("b.txt", lines(*range(20)), "jo's", env=JO)
    assert work.covers() == {}


def test_what_touches_the_books_alone_is_no_work(work: Work) -> None:
    work.commit("src/a.py", lines(1), "code")
    work.commit("billing/clients/acme.toml", "x", "books")
    work.commit("billing/billing.toml", "x", "set up\n\nTime: 30m")
    work.commit("src/billing/a.py", lines(1), "code of the same name")
    (work.repository / "src/a.py").write_text(lines(2))
    work.git("add", "src")
    work.commit("billing/billing.toml", "y", "both")
    work.git("checkout", "-q", "-b", "bill/acme-2026-10")
    work.commit("billing/drafts/acme-2026-10.toml", "x", "draft", env=SAM)
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--no-ff", "-m", "approve acme-2026-10", "bill/acme-2026-10")
    work.git("checkout", "-q", "-b", "topic", "HEAD~1")
    work.commit("src/b.py", lines(1), "topic")
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--no-ff", "-m", "Merge topic", "topic")
    work.git("commit", "-q", "--allow-empty", "-m", "empty")
    here = {record.text for record in work.read(books="billing/").evidence}
    assert here == {"code", "set up", "code of the same name", "both", "topic", "Merge topic", "empty"}
    elsewhere = {record.text for record in work.read().evidence}
    assert elsewhere - here == {"books", "approve acme-2026-10"}


def test_reading_twice_and_in_parts_gives_the_same_evidence(work: Work) -> None:
    work.commit("a.txt", lines(1), "start")
    parts = list(work.read().evidence)
    work.git("checkout", "-q", "-b", "topic")
    work.commit("a.txt", lines(1, 2), "one")
    parts += work.read(parts).evidence
    work.commit("b.txt", lines(1), "two")
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--squash", "topic")
    work.git("commit", "-q", "-m", "topic")
    parts += work.read(parts).evidence
    assert tuple(parts) == work.read().evidence
    assert work.read(parts).evidence == ()


ACTS = st.lists(
    st.sampled_from(
        ["work", "work", "work", "amend", "reset author", "branch", "trunk", "rebase", "squash", "merge", "pick"]
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_rewriting_adds_no_moment_of_work_and_loses_none(
    acts: list[str], tmp_path_factory: pytest.TempPathFactory, git: Git
) -> None:
    """Law 2 over random histories: distinct moments of evidence that repeats nothing are those of the real work."""
    clone = tmp_path_factory.mktemp("law2")
    git(clone, "init", "-q", "-b", "main")
    git(clone, "config", "user.name", "Mira Kovac")
    git(clone, "config", "user.email", "mira@example.net")
    work = Work(clone, git)
    moments = {work.commit(f"start{number}", lines(*range(9)), f"start {number}"): 0 for number in range(2)}
    known: tuple[Evidence, ...] = ()
    for number, act in enumerate(acts):
        if act == "work":
            moments[work.commit(f"file{number}", lines(*range(number, number + 9)), f"work {number}")] = number
        else:
            rewrite(work, act, number)
        if number % 3 == 0:
            known += work.read(known).evidence
    known += work.read(known).evidence
    at = {record.key: record.at for record in known}
    assert moments.keys() <= at.keys()
    assert {record.at for record in known if record.parents < 2 and not repeats(record, at)} == {
        at[key] for key in moments
    }


def repeats(record: Evidence, at: dict[str, datetime]) -> bool:
    """As `worklog.point.sort_of` reads it: what it covers was another moment."""
    return any(at[key] != record.at for key in record.covers)


def rewrite(work: Work, act: str, number: int) -> None:
    """One act that changes the history and does no work."""
    topic = work.git("branch", "--list", "--format=%(refname:short)", "topic*").split("\n")[-1]
    simple = {
        "amend": ("commit", "-q", "--amend", "-m", f"said better {number}"),
        "reset author": ("commit", "-q", "--amend", "--reset-author", "-m", f"said anew {number}"),
        "branch": ("checkout", "-q", "-b", f"topic{number:02}"),
        "trunk": ("checkout", "-q", "main"),
    }
    if act in simple:
        work.git(*simple[act])
    elif topic and act == "rebase":
        work.git("checkout", "-q", topic)
        work.git("rebase", "-q", "main")
    elif topic:
        work.git("checkout", "-q", "main")
        bring_in(work, act, topic)
        work.git("branch", "-q", "-D", topic)


def bring_in(work: Work, act: str, topic: str) -> None:
    """Merge, squash or pick what a branch holds."""
    if act == "merge":
        work.git("merge", "-q", "--no-ff", "-m", f"Merge branch '{topic}'", topic)
    elif last := work.git("rev-list", "--no-merges", "-1", f"main..{topic}"):
        how = ("merge", "-q", "--squash", topic) if act == "squash" else ("cherry-pick", "--no-commit", last)
        work.git(*how)
        if work.git("status", "--porcelain"):
            work.git("commit", "-q", "-m", f"{topic} (#7)")
