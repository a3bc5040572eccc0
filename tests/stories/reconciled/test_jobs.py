"""The jobs: payments to confirm are checked on their branch, and recorded once a merge has confirmed them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.stories.forge.office import DAILY, PROJECT, PYTHON, WORKFLOW, Office
from tests.stories.freelancer import Freelancer, Ran
from tests.stories.reconciled.paper import booking, open_amounts, statement
from tests.testbed import events
from tests.testbed.github import MIRA, GitHub
from tests.testbed.workflows import Runner

PAYLOADS = Path(__file__).parents[2] / "testbed" / "payloads"


def job(mira: Freelancer, origin: Path, name: str, payload: dict[str, Any]) -> tuple[Ran, str]:
    """What the Action does for an event, in a checkout of its own; and the step's summary."""
    top = mira.folder / f"job-{len(list(mira.folder.glob('job-*')))}"
    mira.git(mira.folder, "clone", "-q", str(origin), str(top))
    event, summary = top.with_suffix(".json"), top.with_suffix(".md")
    event.write_text(json.dumps(payload), encoding="utf-8")
    env = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(event)}
    ran = mira.bill("ci", cwd=top, env={**env, "GITHUB_STEP_SUMMARY": str(summary)})
    return ran, summary.read_text(encoding="utf-8")


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def test_a_loss_is_checked_and_recorded_by_the_jobs(mira: Freelancer) -> None:
    origin = mira.folder / "origin.git"
    mira.git(mira.folder, "clone", "-q", "--bare", str(mira.books), str(origin))
    mira.git(mira.books, "remote", "add", "origin", str(origin))
    mira.git(mira.books, "fetch", "-q", "origin")
    mira.git(mira.books, "branch", "-q", "-u", "origin/main", "main")
    branch = mira.json("write-off", "INV-2026-0033", "--because", "gone", "--propose")["proposed"]
    opened = payload("pull-request-opened")
    opened["pull_request"]["head"].update(ref=branch, sha=mira.git(origin, "rev-parse", branch))
    ran, summary = job(mira, origin, "pull_request", opened)
    assert ran.returncode == 0, ran.stderr
    assert summary.startswith("### check\n\nPayments to confirm are under review.")
    assert "by the word of mira" in summary
    nothing, _ = job(mira, origin, "push", payload("push-own"))
    assert "reconcile" not in nothing.stdout
    mira.git(mira.books, "merge", "-q", "--no-ff", "-m", "Merge it", branch)
    mira.git(mira.books, "push", "-q", "origin", "main")
    ran, summary = job(mira, origin, "push", payload("push-own"))
    assert ran.returncode == 0, ran.stderr
    assert "### reconcile\n\nPayments were confirmed by a merge." in summary
    mira.git(mira.books, "pull", "-q", "--ff-only")
    assert "INV-2026-0033" not in open_amounts(mira)
    assert mira.git(origin, "branch", "--list", "pay/*") == ""


@pytest.fixture
def office(mira: Freelancer, github: GitHub) -> Office:
    """Her books on GitHub, with the workflow that `init --ci` writes; GitHub is asked by her token on her machine."""
    settings = mira.books / "billing" / "billing.toml"
    text = settings.read_text(encoding="utf-8").replace('roles = ["owner"]', 'roles = ["owner"]\naccounts = ["mira"]')
    settings.write_text(f'{text}\n[forge]\nkind = "github"\n', encoding="utf-8")
    books = github.repository("books")
    mira.git(mira.books, "remote", "add", "origin", books.url)
    assert mira.bill("init", "--yes", "--ci", "github").returncode == 0
    assert (mira.books / WORKFLOW).exists()
    mira.git(mira.books, "add", ".")
    mira.git(mira.books, "commit", "-qm", "Let GitHub run it")
    mira.git(mira.books, "push", "-q", "--tags", books.url_for(MIRA.token), "main")
    mira.git(mira.books, "fetch", "-q", books.url_for(MIRA.token), "+refs/heads/*:refs/remotes/origin/*")
    mira.git(mira.books, "branch", "-q", "-u", "origin/main", "main")
    bin_ = mira.folder / "bin"
    bin_.mkdir()
    (bin_ / "python3").write_text(PYTHON)
    (bin_ / "python3").chmod(0o700)
    runner = Runner(
        repository=books,
        folder=mira.folder / "runner",
        path=(str(bin_),),
        actions={"git-bill/git-bill": PROJECT},
        env=dict(mira.env),
    )
    there = replace(mira, env={**mira.env, "GIT_BILL_TOKEN": MIRA.token})
    return Office(mira=there, github=github, books=books, shop=books, runner=runner)


@pytest.mark.slow
@pytest.mark.testbed
def test_merging_the_pull_request_confirms_the_payment(office: Office) -> None:
    books, mira = office.books, office.mira
    file = statement(mira, booking("226.10", "INV-2026-0032"), booking("100.00", "INV-2026-0033", "2026-11-21"))
    found = mira.json("reconcile", str(file))
    number = found["pull_request"]["number"]
    branch = books.pull(number)["head"]["ref"]
    assert (branch, books.pull(number)["labels"][0]["name"]) == ("pay/2026-12-10", "payment")
    assert "100.00 EUR" in books.pull(number)["body"]
    assert books.statuses(books.tip(branch))["git-bill/check"]["state"] == "success", "a job's own branch starts no job"
    assert mira.json("reconcile", str(file))["waiting"] == [found["proposed"][0]["remittance"]]

    path = f"billing/proposals/{branch.removeprefix('pay/')}.toml"
    text = books.read(path, branch)
    assert text is not None
    books.commit({path: text.replace('"100.00 EUR" }', '"1000.00 EUR" }')}, "More", branch=branch)
    office.job(events.pull_request(books, number, "synchronize", by=MIRA), "check", ends="failure")
    status = books.statuses(books.tip(branch))["git-bill/check"]
    assert (status["state"], "more than is open" in status["description"]) == ("failure", True)
    books.commit({path: text}, "As it was", branch=branch)
    office.job(events.pull_request(books, number, "synchronize", by=MIRA), "check")
    assert books.statuses(books.tip(branch))["git-bill/check"]["state"] == "success"

    books.merge(number, by=MIRA)
    done = office.job(events.push(books))
    assert "### reconcile" in done.summary
    assert "INV-2026-0033 | 100.00 EUR" in done.summary
    assert "not merged yet" not in done.raw
    mira.git(mira.books, "fetch", "-q", books.url_for(MIRA.token), "+refs/heads/*:refs/remotes/origin/*")
    mira.git(mira.books, "merge", "-q", "--ff-only", "origin/main")
    assert open_amounts(mira) == {"INV-2026-0033": "352.20 EUR", "INV-2026-0034": "113.05 EUR"}
    assert path not in office.files()
    tip = books.tip()
    office.job(events.schedule(books, DAILY))
    assert books.tip() == tip, "the daily run finds nothing new"
