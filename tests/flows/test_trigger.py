"""Event → commands: a table over recorded payloads, and over events that nobody at GitHub wrote."""

import json
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from git_bill.adapters.git.make import NOBODY
from git_bill.flows.event import Event
from git_bill.flows.trigger import COMMANDS, WRITER, Circumstances, Inputs, decide
from git_bill.problem import Exit, Stop

PAYLOADS = Path(__file__).parents[1] / "testbed" / "payloads"
BUILT = ("collect", "draft", "check", "issue", "reconcile", "answer")
AROUND = Circumstances(branch="main", today=date(2026, 11, 2), built=BUILT)
NO_INPUTS = Inputs()
COLLECT = "collect --clone --record"
SWEEP = (COLLECT, "answer", "issue", "reconcile")
DRAFT = "acme-2026-10"

# name of the event and of its payload → commands as they would be typed, or a part of the reason why there are none
TABLE = {
    ("push", "push-books"): (COLLECT, "issue"),
    ("push", "push-own"): ("issue",),
    ("push", "push-draft"): "not to the books branch main",
    ("push", "push-deleted"): "was deleted",
    ("push", "push-in-a-fork"): "this repository is a fork",
    ("push", "push-tag"): (COLLECT, "draft --milestone=v1.3.0"),
    ("schedule", "schedule"): SWEEP,
    ("schedule", "schedule-monthly"): (*SWEEP, "draft"),
    ("pull_request", "pull-request-opened"): (f"check {DRAFT}",),
    ("pull_request", "pull-request-synchronize"): (f"check {DRAFT}",),
    ("pull_request", "pull-request-fork"): (f"check {DRAFT}",),
    ("pull_request", "pull-request-fork-deleted"): (f"check {DRAFT}",),
    ("pull_request", "pull-request-labeled"): "does not change what the pull request bills",
    ("pull_request", "pull-request-of-code"): "not called bill/…",
    ("pull_request", "pull-request-merged"): ("issue",),
    ("pull_request", "pull-request-merged-elsewhere"): "another branch than main",
    ("pull_request", "pull-request-closed"): "closed without a merge",
    ("pull_request_review", "pull-request-review"): (f"check {DRAFT}",),
    ("pull_request_review", "pull-request-review-edited"): "only a verdict",
    ("issue_comment", "issue-comment"): ("answer --pull-request=1",),
    ("issue_comment", "issue-comment-edited"): "edited and deleted ones change nothing",
    ("issue_comment", "issue-comment-deleted"): "edited and deleted ones change nothing",
    ("issue_comment", "issue-comment-on-an-issue"): "below an issue",
    ("issue_comment", "issue-comment-of-a-bot"): "a program wrote it",
    ("release", "release-published"): (COLLECT, "draft --milestone=v1.3.0"),
    ("release", "release-edited"): "only the publication",
    ("workflow_dispatch", "workflow-dispatch"): SWEEP,
    ("workflow_dispatch", "workflow-dispatch-draft"): ("draft",),
    ("workflow_run", "push-books"): "asks for nothing",
    ("pull_request_target", "pull-request-fork"): "asks for nothing",
    ("a kind of event that GitHub thinks of next year", "push-books"): "asks for nothing",
}


def recorded(name: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return payload


def typed(name: str, payload: Mapping[str, object], inputs: Inputs = NO_INPUTS, around: Circumstances = AROUND) -> Any:
    """Command lines, or why there are none."""
    decision = decide(Event(name=name, payload=payload), inputs, around)
    assert bool(decision.activities) != bool(decision.nothing), "either commands or a reason"
    assert all(activity.because for activity in decision.activities)
    return tuple(" ".join((a.command, *a.arguments)) for a in decision.activities) or decision.nothing


@pytest.mark.parametrize(("event", "payload"), TABLE)
def test_what_an_event_asks_for(event: str, payload: str) -> None:
    expected, found = TABLE[event, payload], typed(event, recorded(payload))
    assert expected in found if isinstance(expected, str) else expected == found


def test_every_recorded_payload_is_in_the_table() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.json")} - {name for _, name in TABLE} <= {"workflow-dispatch-site"}


def test_the_first_of_the_month_drafts_whatever_the_cron_line() -> None:
    first = Circumstances(branch="main", today=date(2026, 11, 1), built=BUILT)
    assert typed("schedule", recorded("schedule"), around=first) == (*SWEEP, "draft")
    assert typed("schedule", {}, around=first) == (*SWEEP, "draft")
    assert typed("schedule", {"schedule": "0 * * * *"}) == SWEEP


def test_the_jobs_own_records_are_told_by_their_committer() -> None:
    assert NOBODY[1] == WRITER
    mixed = recorded("push-own")
    mixed["commits"].append(recorded("push-books")["commits"][0])
    assert typed("push", mixed) == (COLLECT, "issue"), "somebody else's commit came along"


def test_payments_that_a_merge_confirmed_are_recorded() -> None:
    """The event of a job does not tell what a push changed; the books do."""
    around = replace(AROUND, confirmed=True)
    assert typed("push", recorded("push-books"), around=around) == (COLLECT, "issue", "reconcile")
    assert typed("push", recorded("push-own"), around=around) == ("issue", "reconcile")
    assert "not to the books branch" in typed("push", recorded("push-draft"), around=around)
    assert typed("pull_request", of_payments("pull-request-merged")) == ("reconcile",)


def test_payments_to_confirm_are_checked() -> None:
    for name in ("pull-request-opened", "pull-request-synchronize", "pull-request-fork"):
        assert typed("pull_request", of_payments(name)) == ("check pay/2026-12-10",)
    assert typed("pull_request_review", of_payments("pull-request-review")) == ("check pay/2026-12-10",)
    asked = Inputs(command="check", strict=True)
    assert typed("pull_request", of_payments("pull-request-opened"), asked) == ("check --strict pay/2026-12-10",)
    for branch in ("pay/../x", "pay/", "pay/-x", "pay/$(id)", "xpay/a"):
        assert "nor pay/…" in typed("pull_request", of_payments("pull-request-opened", branch))


def of_payments(name: str, branch: str = "pay/2026-12-10") -> dict[str, Any]:
    payload = recorded(name)
    payload["pull_request"]["head"]["ref"] = branch
    return payload


def test_another_books_branch() -> None:
    trunk = Circumstances(branch="trunk", today=AROUND.today, built=BUILT)
    assert "not to the books branch trunk" in typed("push", recorded("push-books"), around=trunk)
    assert "another branch than trunk" in typed("pull_request", recorded("pull-request-merged"), around=trunk)


@pytest.mark.parametrize("command", ["collect", "draft", "issue"])
def test_a_fork_gets_a_check_and_nothing_else_whatever_the_workflow_says(command: str) -> None:
    asked = Inputs(command=command)
    assert "comes from a fork" in typed("pull_request", recorded("pull-request-fork"), asked)
    assert "comes from a fork" in typed("pull_request", recorded("pull-request-fork-deleted"), asked)
    merged = recorded("pull-request-merged")
    merged["pull_request"]["head"]["repo"]["full_name"] = "mallory/books"
    assert "comes from a fork" in typed("pull_request", merged)
    assert "this repository is a fork" in typed("push", recorded("push-in-a-fork"), asked)


def test_books_may_be_kept_in_a_fork_if_they_say_so() -> None:
    home = Circumstances(branch="main", today=AROUND.today, built=BUILT, home=True)
    assert typed("push", recorded("push-in-a-fork"), around=home) == (COLLECT, "issue")


def test_a_fork_is_checked_without_a_token() -> None:
    for name in ("pull-request-fork", "pull-request-fork-deleted"):
        assert decide(Event(name="pull_request", payload=recorded(name)), Inputs(), AROUND).fork
    assert not decide(Event(name="pull_request", payload=recorded("pull-request-opened")), Inputs(), AROUND).fork


def test_inputs_become_arguments() -> None:
    wanted = Inputs(command="draft", client="acme", period="2026-10")
    assert typed("push", recorded("push-books"), wanted) == ("draft --client=acme --period=2026-10",)
    between = Inputs(tags="v1.2.0..v1.3.0")
    assert typed("push", recorded("push-tag"), between) == (COLLECT, "draft --tags=v1.2.0..v1.3.0")
    strict = Inputs(command="check", strict=True)
    assert typed("pull_request", recorded("pull-request-opened"), strict) == (f"check --strict {DRAFT}",)
    assert typed("schedule", recorded("schedule"), strict) == ("check --strict",)
    assert typed("workflow_dispatch", recorded("workflow-dispatch-draft"), strict) == ("check --strict",)


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - set(BUILT)))
def test_a_command_of_later_is_refused_until_it_is_there(command: str) -> None:
    asked = Inputs(command=command)
    with pytest.raises(Stop) as stopped:
        typed("push", recorded("push-books"), asked)
    assert stopped.value.exit_code == Exit.USAGE
    assert stopped.value.problems[0].message == f"{command} is planned and not in this version of git-bill"
    grown = Circumstances(branch="main", today=AROUND.today, built=(*BUILT, command))
    assert typed("push", recorded("push-books"), asked, grown) == (command,)


def test_an_unknown_command_is_told_its_neighbour() -> None:
    with pytest.raises(Stop) as stopped:
        typed("push", recorded("push-books"), Inputs(command="isue"))
    assert stopped.value.exit_code == Exit.USAGE
    assert stopped.value.problems[0].hint == "write: command: issue"
    with pytest.raises(Stop):
        typed("workflow_dispatch", {"inputs": {"command": "issue; rm -rf /"}})


HOSTILE = (
    "bill/$(touch pwned)",
    "bill/`id`",
    "bill/a;reboot",
    "bill/${{ secrets.GIT_BILL_SOURCES_TOKEN }}",
    "bill/a\n::set-output name=ok::true",
    "bill/acme\n",
    "bill/--yes",
    "bill/../../../etc/passwd",
    "bill/.hidden",
    "bill/a/b",
    "bill/",
    "bill/" + "a" * 5000,
    "bill/acme\u202e2026",
    "bill/acmé",
    "",
)


@pytest.mark.parametrize("branch", HOSTILE)
def test_a_hostile_branch_name_is_no_draft(branch: str) -> None:
    payload = recorded("pull-request-opened")
    payload["pull_request"]["head"]["ref"] = branch
    assert "not called bill/…" in typed("pull_request", payload)
    assert typed("pull_request", payload, Inputs(command="check")) == ("check",)


@pytest.mark.parametrize("tag", ["v1;id", "v$(id)", "v1\n::error::x", "v --client=evil", "v${{ github.token }}"])
def test_a_hostile_tag_stays_one_argument(tag: str) -> None:
    payload = recorded("push-tag") | {"ref": f"refs/tags/{tag}"}
    decision = decide(Event(name="push", payload=payload), Inputs(), AROUND)
    assert decision.activities[1].arguments == (f"--milestone={tag}",)


def broken() -> list[tuple[str, str, tuple[str, ...], object]]:
    """Event, payload, keys to what is taken out or replaced, and by what (None: taken out)."""
    paths: dict[tuple[str, str], list[tuple[str, ...]]] = {
        ("push", "push-books"): [("ref",)],
        ("release", "release-published"): [("action",), ("release", "tag_name")],
        ("pull_request", "pull-request-opened"): [
            ("action",),
            ("pull_request",),
            ("pull_request", "number"),
            ("pull_request", "head"),
            ("pull_request", "head", "ref"),
            ("pull_request", "head", "sha"),
            ("pull_request", "base", "repo"),
        ],
        ("pull_request", "pull-request-merged"): [("pull_request", "base", "ref")],
        ("issue_comment", "issue-comment"): [("action",), ("issue",), ("issue", "number")],
    }
    wrong: tuple[object, ...] = (None, 7.5, True, [], ["x"], {"a": 1})
    return [(event, name, path, value) for (event, name), found in paths.items() for path in found for value in wrong]


@pytest.mark.parametrize(("event", "name", "path", "value"), broken())
def test_what_is_missing_or_of_the_wrong_kind_is_named(
    event: str, name: str, path: tuple[str, ...], value: object
) -> None:
    payload = deepcopy(recorded(name))
    place = payload
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    if value is None:
        del place[path[-1]]
    with pytest.raises(Stop) as stopped:
        typed(event, payload)
    assert stopped.value.exit_code == Exit.USAGE
    (problem,) = stopped.value.problems
    assert problem.rule == "event-malformed"
    assert ".".join(path) in problem.message
    assert problem.hint


@pytest.mark.parametrize("sha", ["HEAD", "-x", "a" * 39, "z" * 40, "a" * 40 + "\n", "../../HEAD"])
def test_a_head_is_a_commit_id(sha: str) -> None:
    payload = recorded("pull-request-opened")
    payload["pull_request"]["head"]["sha"] = sha
    with pytest.raises(Stop):
        typed("pull_request", payload)


@pytest.mark.parametrize(
    "payload", [{}, {"commits": 3}, {"ref": None}, {"repository": []}, {"repository": {"fork": 1}}]
)
def test_next_to_nothing_does_not_crash(payload: dict[str, object]) -> None:
    for event in {event for event, _ in TABLE}:
        with suppress(Stop):
            assert typed(event, payload)


def test_huge_lists_of_commits() -> None:
    payload = recorded("push-own")
    payload["commits"] = payload["commits"] * 2048
    assert typed("push", payload) == ("issue",)
    payload["commits"] += ["not a commit", None, {"committer": "mallory"}]
    assert typed("push", payload) == (COLLECT, "issue")
