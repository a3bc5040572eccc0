"""The demo's history: what git itself says of it, and whether its two months look like a freelancer's."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pygit2
import pytest

from git_bill.adapters.git.demo_history import DemoHistory, build
from git_bill.adapters.git.demo_timetable import read_timetable
from git_bill.problem import Stop

Git = Callable[..., str]
TODAY = date(2026, 11, 22)
# The first of a month, a leap February, months with holidays on working days, a month without any, a 31st.
DAYS = [date(2027, 3, 1), date(2024, 3, 15), date(2027, 1, 31), date(2026, 6, 2), date(2026, 9, 30), TODAY]


@dataclass(frozen=True)
class Commit:
    id: str
    parents: list[str]
    author: str
    authored: datetime
    committer: str
    committed: datetime
    message: str

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoHistory:
    return build(tmp_path_factory.mktemp("demo"), today=TODAY)


def commits(git: Git, repository: Path, *which: str) -> list[Commit]:
    """The newest first; all refs, or what is asked for."""
    found = git(repository, "log", "-z", "--format=%H%n%P%n%ae%n%aI%n%ce%n%cI%n%B", *(which or ("--all",)))
    made = []
    for text in filter(None, found.split("\0")):
        name, parents, author, authored, committer, committed, message = text.split("\n", 6)
        times = datetime.fromisoformat(authored), datetime.fromisoformat(committed)
        made.append(Commit(name, parents.split(), author, times[0], committer, times[1], message.strip()))
    return made


def clone(demo: DemoHistory, project: str) -> Path:
    return next(one.clone for one in demo.repositories if one.project == project)


def by_subject(git: Git, repository: Path, start: str, *which: str) -> Commit:
    [found] = [one for one in commits(git, repository, *which) if one.subject.startswith(start)]
    return found


def patch_id(git: Git, repository: Path, commit: str) -> str:
    shown = git(repository, "diff-tree", "-p", "-U0", commit)
    return "\n".join(line for line in shown.splitlines() if line[:1] in "+-")


def hours(points: list[datetime]) -> float:
    """A gap below 90 minutes counts, else 45 minutes."""
    gaps = [(b - a) / timedelta(hours=1) for a, b in pairwise(points)]
    return 0.75 + sum(gap if gap < 1.5 else 0.75 for gap in gaps)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_two_months_of_work_before_any_day(tmp_path: Path, git: Git, today: date) -> None:
    demo = build(tmp_path / "demo", today=today)
    mine: set[datetime] = set()
    for one in demo.repositories:
        git(one.clone, "fsck", "--strict")
        git(one.origin, "fsck", "--strict")
        assert git(one.clone, "status", "--porcelain=2", "--branch").splitlines()[1:] == [
            "# branch.head main",
            "# branch.upstream origin/main",
            "# branch.ab +0 -0",
        ]
        assert git(one.clone, "remote", "get-url", "origin") == str(one.origin)
        made = commits(git, one.clone, "--all", "--reflog", "--no-merges")
        assert max(commit.committed.date() for commit in made) < today
        mine |= {c.authored for c in made if c.author == demo.emails[0]}
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    for month in ((first - timedelta(days=1)).replace(day=1), first):
        points = sorted(at for at in mine if (at.year, at.month) == (month.year, month.month))
        assert 55 <= hours(points) <= 75
        assert 9 <= len({at.date() for at in points}) <= 18


def test_equal_days_give_equal_bytes(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    def state(folder: Path) -> list[str]:
        demo = build(folder, today=TODAY)
        refs = [git(place, "for-each-ref") for one in demo.repositories for place in (one.clone, one.origin)]
        logs = sorted(path for path in folder.rglob("*") if path.is_file() and "logs" in path.parts)
        return refs + [f"{path.relative_to(folder)}\n{path.read_text('utf-8')}" for path in logs]

    first = state(tmp_path / "first")
    hostile = tmp_path / "gitconfig"
    hostile.write_text("[user]\nname = Eve\n[core]\nautocrlf = true\n[init]\ndefaultBranch = trunk\n", "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(hostile))
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Eve")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("TZ", "America/New_York")
    assert state(tmp_path / "second") == first


def test_merges_are_what_git_would_make(demo: DemoHistory, git: Git) -> None:
    merges = 0
    for one in demo.repositories:
        repository = pygit2.Repository(str(one.clone))
        for commit in commits(git, one.clone, "--all", "--merges"):
            ours, theirs = commit.parents
            index = repository.merge_commits(pygit2.Oid(hex=ours), pygit2.Oid(hex=theirs))
            assert index.conflicts is None
            assert index.write_tree(repository) == repository[commit.id].peel(pygit2.Tree).id
            merges += 1
        for commit in commits(git, one.clone, "--all", "--reflog", "--no-merges"):
            assert patch_id(git, one.clone, commit.id) or not commit.parents, commit.subject
    assert merges == 12


def test_the_squashed_commits_are_left_in_the_reflog_and_the_pull_request(demo: DemoHistory, git: Git) -> None:
    shop = next(one for one in demo.repositories if one.project == "web-shop")
    squash = by_subject(git, shop.clone, "feat(voucher): voucher codes in the basket (#7)")
    assert (squash.author, squash.committer) == (demo.emails[1], "noreply@github.example")
    head = git(shop.origin, "rev-parse", "refs/pull/7/head")
    originals = commits(git, shop.clone, head, "--not", "--branches")
    assert len(originals) == 15
    assert git(shop.clone, "for-each-ref", "--contains", originals[-1].id) == ""
    assert head in git(shop.clone, "reflog", "--format=%H").splitlines()
    assert git(shop.clone, "diff", f"{squash.parents[0]}", squash.id) == git(
        shop.clone, "diff", f"{originals[-1].parents[0]}", head
    )


def test_the_rebase_kept_author_dates_and_patches(demo: DemoHistory, git: Git) -> None:
    shop = clone(demo, "web-shop")
    log = git(shop, "reflog", "--format=%H %gs").splitlines()
    picked = [line.split()[0] for line in log if " rebase (pick): " in line]
    moved = {commit.subject: commit for commit in commits(git, shop, "--all") if commit.id in picked}
    gone = [c for c in commits(git, shop, "--reflog", "--not", "--all") if c.subject in moved]
    assert len(moved) == len(gone) == 9
    for old in gone:
        new = moved[old.subject]
        assert (new.author, new.authored, new.message) == (old.author, old.authored, old.message)
        assert new.committed > old.committed
        assert patch_id(git, shop, new.id) == patch_id(git, shop, old.id)


def test_amend_revert_and_cherry_pick(demo: DemoHistory, git: Git) -> None:
    shop = clone(demo, "web-shop")
    old = by_subject(git, shop, "test(voucher): attempts are counted per visitor", "--reflog", "--grep=visitor$")
    new = by_subject(git, shop, "test(voucher): attempts are counted per visitor and hour", "--reflog")
    assert (new.parents, new.authored) == (old.parents, old.authored)
    assert new.committed > old.committed

    revert = by_subject(git, shop, "Revert ")
    reverted = by_subject(git, shop, "perf(search)")
    assert f"This reverts commit {reverted.id}." in revert.message
    swap = str.maketrans("+-", "-+")
    undone = [line[0].translate(swap) + line[1:] for line in patch_id(git, shop, reverted.id).splitlines()[2:]]
    assert sorted(undone) == sorted(patch_id(git, shop, revert.id).splitlines()[2:])

    picked = by_subject(git, shop, "fix(basket): round", "v1.2.0..release/1.2")
    origin = by_subject(git, shop, "fix(basket): round", "main")
    assert picked.authored == origin.authored < picked.committed
    assert patch_id(git, shop, picked.id) == patch_id(git, shop, origin.id)
    assert git(shop, "tag", "--points-at", picked.parents[0]) == "v1.2.0"


def test_pairs_robots_and_colleagues(demo: DemoHistory, git: Git) -> None:
    everything = [commit for one in demo.repositories for commit in commits(git, one.clone)]
    helped = {commit.author for commit in everything if "\nCo-authored-by: " in commit.message}
    assert helped == {"mira@example.net", "jonas@acme.example"}
    robots = {name for commit in everything if (name := commit.author.partition("+")[2].partition("@")[0])}
    assert robots == {"dependabot[bot]", "renovate[bot]", "github-actions[bot]"}
    others = {commit.author for commit in everything} - set(demo.emails)
    assert {"jonas@acme.example", "sanne@globex.example"} < others


def test_unusual_days(demo: DemoHistory, git: Git) -> None:
    everything = [commit for one in demo.repositories for commit in commits(git, one.clone, "--all", "--reflog")]
    by_day: dict[date, list[Commit]] = {}
    for commit in everything:
        by_day.setdefault(commit.authored.date(), []).append(commit)
    mine = {day: [c for c in made if c.author in demo.emails] for day, made in by_day.items()}

    assert [commit.author.partition("+")[2][:14] for commit in by_day[date(2026, 10, 3)]] == ["github-actions"]
    assert [day for day, made in mine.items() if made and day.weekday() >= 5] == [date(2026, 10, 10)]
    forgotten = [day for day, made in mine.items() if len(made) == 1 and day.weekday() < 5]
    assert forgotten == [date(2026, 9, 10)]
    assert min(c.authored for c in mine[date(2026, 9, 24)]).hour == 0
    assert [c.message.splitlines()[-1] for c in everything if "Time:" in c.message] == ["Time: 2h"]


def test_offsets_follow_daylight_saving(demo: DemoHistory, git: Git) -> None:
    for one in demo.repositories:
        for commit in commits(git, one.clone):
            if commit.author in demo.emails:
                summer = commit.authored.date() < date(2026, 10, 25)
                assert commit.authored.utcoffset() == timedelta(hours=2 if summer else 1)


def test_the_reflog_moves_forward_and_leads_to_each_branch(demo: DemoHistory, git: Git) -> None:
    for one in demo.repositories:
        log = (one.clone / ".git" / "logs" / "HEAD").read_text("utf-8").splitlines()
        steps = [re.fullmatch(r"(\w{40}) (\w{40}) .* (\d+) [+]0[12]00\t.+", line) for line in log]
        found = [(step[1], step[2], int(step[3])) for step in steps if step]
        assert len(found) == len(log)
        assert all(a[1] == b[0] and a[2] <= b[2] for a, b in pairwise(found))
        for branch in git(one.clone, "for-each-ref", "--format=%(refname)", "refs/heads").splitlines():
            assert git(one.clone, "rev-parse", branch) == git(one.clone, "rev-parse", f"{branch}@{{0}}")


def test_every_ticket_is_of_its_client(demo: DemoHistory, git: Git) -> None:
    prefix = {"web-shop": {"WEB"}, "shop-infra": {"INF"}, "ledger-api": {"LED"}}
    for one in demo.repositories:
        text = git(one.clone, "log", "--all", "--format=%B")
        assert set(re.findall(r"\b([A-Z]{3})-\d+\b", text)) == prefix[one.project]


def test_no_text_of_the_data_is_left_over() -> None:
    timetable = read_timetable(date(2026, 11, 30))
    used = [(step.project, path) for step in timetable.steps for path in step.add]
    there = [
        (project, path) for project, files in timetable.pieces.items() for path, pieces in files.items() for _ in pieces
    ]
    assert sorted(used) == sorted(there)


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", "utf-8")
    with pytest.raises(Stop, match="is not empty, and the demo overwrites nothing"):
        build(tmp_path, today=TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
