"""Evidence of tags and of closed milestones: each change once."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from git_bill.adapters.git.history import GitHistory
from git_bill.forge import ClosedMilestone
from git_bill.sources.events import milestones, tags

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
CLOSED = (ClosedMilestone(title="Beta", at=datetime(2026, 10, 20, 12, tzinfo=UTC)),)


def test_a_tag_has_its_own_date_and_a_plain_one_its_commits(tmp_path: Path, git: Callable[..., str]) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "user.name", "Mira Kovac")
    git(tmp_path, "config", "user.email", "mira@example.net")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "one", at="2026-10-05T09:00:00+02:00")
    git(tmp_path, "tag", "plain")
    git(tmp_path, "tag", "-a", "v1.0", "-m", "beta", at="2026-10-20T12:00:00+02:00")
    commit = git(tmp_path, "rev-parse", "HEAD").strip()
    found = GitHistory(tmp_path).tagged({"plain", "v1.0", "v2.0"})
    assert {name: (commit, at.isoformat()) for name, (commit, at) in found.items()} == {
        "plain": (commit, "2026-10-05T09:00:00+02:00"),
        "v1.0": (commit, "2026-10-20T12:00:00+02:00"),
    }
    made = tags(found.items(), "shop", ())
    assert [record.key.partition("@")[0] for record in made] == ["tag:plain", "tag:v1.0"]
    assert tags(found.items(), "shop", made) == ()
    git(tmp_path, "tag", "-f", "-a", "v1.0", "-m", "again", at="2026-10-21T12:00:00+02:00")
    [moved] = tags(GitHistory(tmp_path).tagged({"v1.0"}).items(), "shop", made)
    assert moved.at.day == 21


def test_a_milestone_is_told_when_it_is_closed_and_when_it_is_opened_again() -> None:
    first = milestones(CLOSED, {"Beta", "Launch"}, "shop", (), NOW)
    assert [(record.key.partition("@")[0], record.state) for record in first] == [("milestone:Beta", "closed")]
    assert milestones(CLOSED, {"Beta"}, "shop", first, NOW) == ()
    [opened] = milestones((), {"Beta"}, "shop", first, NOW)
    assert opened.state == "open"
    assert milestones((), {"Beta"}, "shop", (*first, opened), NOW.replace(hour=10)) == ()


def test_milestones_that_no_contract_names_are_left_out() -> None:
    assert milestones(CLOSED, {"Launch"}, "shop", (), NOW) == ()
