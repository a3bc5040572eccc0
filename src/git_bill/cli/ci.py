"""`git bill ci`: run what an event of GitHub asks for. The one line that the Action runs."""

import json
import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from git_bill.adapters.regular_file import MEGABYTE, content
from git_bill.cli.annotations import annotation, outputs
from git_bill.cli.commands import COMMANDS
from git_bill.cli.main import answer
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold, dim
from git_bill.cli.presented import presented, presented_proposal
from git_bill.cli.session import Session
from git_bill.cli.summary import section, summary
from git_bill.flows.event import Event
from git_bill.flows.home import not_the_books
from git_bill.flows.trigger import Activity, Circumstances, Decision, Inputs, decide
from git_bill.layout import PROPOSALS
from git_bill.problem import Exit, Stop, stop

_LARGEST = 32 * MEGABYTE  # bytes; GitHub's own limit of a payload is 25 MB
SECRETS = re.compile(r"(GIT_BILL|GITHUB|GH|GITLAB)_(\w+_)?(TOKEN|KEY|IDENTITY|SECRET|PAYPAL_CLIENT)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One command of the run and what it reported."""

    activity: Activity
    report: Report


@click.command("ci")
@common
def command(session: Session) -> Report:
    """Run what the event of this job asks for: collect, draft, check, answer, issue, reconcile. Made for the Action.

    The event is read from GITHUB_EVENT_NAME and GITHUB_EVENT_PATH, the inputs from GIT_BILL_COMMAND, GIT_BILL_CLIENT,
    GIT_BILL_PERIOD, GIT_BILL_TAGS and GIT_BILL_STRICT. Every command runs, also after one that failed; the exit code
    is the highest. Tables go to the step's summary, findings become annotations, and the outputs are ok, number,
    numbers, drafts and url. Each command is a sweep, so a run that was missed, doubled or cancelled is made good by
    the next one.
    """
    try:
        decision = _decided(session, os.environ)
        runs = (*_runs(session, decision), *_presented(session, decision))
        nothing = decision.nothing
    except Stop as stopped:
        failed = Activity(command="ci", because="the job could not begin")
        runs, nothing = (
            (Ran(activity=failed, report=Report(problems=stopped.problems, exit_code=stopped.exit_code)),),
            "",
        )
    report = _report(runs, nothing)
    _tell(report, runs, nothing, os.environ)
    return report


def _decided(session: Session, environment: Mapping[str, str]) -> Decision:
    """The commands to run, in a clone that is ready for them."""
    from git_bill.adapters.git import job

    event = _event(environment)
    top = session.found or session.start
    default = event.look("repository", "default_branch")
    if isinstance(default, str):
        job.name_default_branch(top, default)
    settings = session.workspace.settings
    home = settings.books.repository is not None and not not_the_books(session.books, settings, None)
    around = Circumstances(
        branch=session.books.branch,
        today=session.today,
        built=COMMANDS,
        home=home,
        confirmed=bool(session.state.paths(PROPOSALS)),
    )
    decision = decide(event, _inputs(environment), around)
    if decision.activities and job.is_shallow(top):
        raise _cut("the checkout is shallow: what was approved and issued before can't be seen")
    if decision.fork:
        for name in filter(SECRETS.fullmatch, tuple(os.environ)):
            del os.environ[name]  # nothing that strangers wrote is looked at with a secret at hand
    review = decision.review if decision.activities else None
    if review is not None and review.branch and not job.hold(top, review.branch, review.commit):
        raise _cut(f"the commit under review, {review.commit[:12]}, is not in this checkout")
    return decision


def _cut(message: str) -> Stop:
    hint = "below actions/checkout in the workflow: with: {fetch-depth: 0, persist-credentials: false}"
    return stop(Exit.REPOSITORY, "shallow-checkout", message, hint)


def _event(environment: Mapping[str, str]) -> Event:
    """The event of this job. Stops (exit 2) where there is none, or where it is no JSON object."""
    name, path = environment.get("GITHUB_EVENT_NAME"), environment.get("GITHUB_EVENT_PATH")
    if not name or not path:
        raise stop(
            Exit.USAGE,
            "no-event",
            "GITHUB_EVENT_NAME and GITHUB_EVENT_PATH are not set: this is no job of GitHub",
            "run the command itself, for example: git bill collect; in a workflow, use the Action",
        )
    try:
        payload = json.loads(content(Path(path), _LARGEST))
    except (OSError, ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        raise stop(
            Exit.USAGE,
            "event-malformed",
            f"the event in {path} can't be read: it is no JSON object of at most {_LARGEST // MEGABYTE} MB",
            "GitHub writes this file; one made by hand looks like: " + '{"ref": "refs/heads/main"}',
        )
    return Event(name=name, payload=payload)


def _inputs(environment: Mapping[str, str]) -> Inputs:
    said = {name: environment.get(f"GIT_BILL_{name.upper()}", "").strip() for name in ("client", "period", "tags")}
    command = environment.get("GIT_BILL_COMMAND", "").strip() or Inputs().command
    strict = environment.get("GIT_BILL_STRICT", "").strip().lower() in {"true", "yes", "1"}
    return Inputs(command=command, strict=strict, **said)


def _runs(session: Session, decision: Decision) -> Iterator[Ran]:
    """Each command with a session of its own, as if it had been typed; also after one that failed."""
    options = session.options
    shared = ["--yes", *(["--dry-run"] if options.dry_run else [])]
    shared += ["-C", str(options.directory)] if options.directory else []
    shared += ["--today", str(options.today)] if options.today else []
    for activity in decision.activities:
        yield Ran(activity=activity, report=answer([activity.command, *shared, *activity.arguments]))


def _presented(session: Session, decision: Decision) -> Iterator[Ran]:
    """What is under review with its statuses, as it stands now; what comes from a fork is only checked."""
    review = decision.review if decision.activities else None
    if review is None or review.branch is None or decision.fork or session.options.dry_run:
        return
    if review.proposal is not None:
        problems = presented_proposal(session, review.proposal)
    else:
        told = presented(session, [review.branch.removeprefix("bill/")]).values()
        problems = tuple(problem for one in told for problem in one.problems)
    if problems:
        activity = Activity(command="present", because="the pull request says where it stands")
        yield Ran(activity=activity, report=Report(problems=problems))


def _report(runs: Sequence[Ran], nothing: str) -> Report:
    text: list[Line] = [f"Nothing to do: {nothing}."] if nothing else []
    for ran in runs:
        text += [(bold(ran.activity.command), dim(f"  {ran.activity.because}")), *ran.report.text, ""]
    done = [
        {"command": ran.activity.command, "because": ran.activity.because, "exit_code": ran.report.code} for ran in runs
    ]
    return Report(
        data={"activities": done, "nothing": nothing or None, **_results(runs)},
        text=text,
        problems=tuple(dict.fromkeys(problem for ran in runs for problem in ran.report.problems)),
        exit_code=max((ran.report.code for ran in runs), default=0),
    )


def _results(runs: Sequence[Ran]) -> dict[str, Any]:
    """What later steps may use: numbers given, drafts made, the first pull request."""
    found = [ran.report.data for ran in runs]
    issued = [each for data in found for each in data.get("issued", ()) if not each["already"]]
    drafts = [each for data in found for each in data.get("drafts", ()) if each.get("draft")]
    pulls = [draft["pull_request"]["url"] for draft in drafts if draft.get("pull_request")]
    return {
        "numbers": [document["number"] for document in issued],
        "drafts": [draft["draft"] for draft in drafts],
        "url": next(iter(pulls), None),
    }


def _tell(report: Report, runs: Sequence[Ran], nothing: str, environment: Mapping[str, str]) -> None:
    """Annotations to the log, the tables to the summary, the results to the outputs."""
    for problem in report.problems:
        if line := annotation(problem):
            sys.stdout.write(line + "\n")
    sections = [section(r.activity.command, r.activity.because, r.report.data, r.report.problems) for r in runs]
    _append(environment.get("GITHUB_STEP_SUMMARY"), summary(sections or [section("git-bill", nothing, {}, ())]))
    values = {
        "ok": "true" if report.code == Exit.DONE else "false",
        "number": next(iter(report.data["numbers"]), ""),
        "numbers": " ".join(report.data["numbers"]),
        "drafts": " ".join(report.data["drafts"]),
        "url": report.data["url"] or "",
    }
    _append(environment.get("GITHUB_OUTPUT"), outputs(values, f"end-{secrets.token_hex(16)}"))


def _append(path: str | None, text: str) -> None:
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
