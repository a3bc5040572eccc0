"""`init --ci` writes the jobs and says what they need; `doctor --ci` without a forge says so."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.mirasbooks import Ran

INIT = ("init", "--yes", "--here", "--country", "DE", "--client", "Acme GmbH", "--rate", "95", "--json")
COMMIT = "0123456789" * 4


@pytest.fixture
def init(git_bill: Callable[..., Ran], git: Callable[..., str], clone: Path) -> Callable[..., dict[str, Any]]:
    """`init("github", …)` in a clone whose remote is on GitHub; its JSON."""
    git(clone, "remote", "add", "origin", "git@github.com:mira/books.git")

    def run(*args: str, code: int = 0) -> dict[str, Any]:
        ran = git_bill(*INIT, "--ci", *args, cwd=clone)
        assert ran.returncode == code, ran.stderr
        answer: dict[str, Any] = json.loads(ran.stdout)
        return answer

    return run


def test_github(init: Callable[..., dict[str, Any]], git: Callable[..., str], clone: Path) -> None:
    made = init("github", "--action-ref", COMMIT)["jobs"]
    assert made == {
        "file": ".github/workflows/git-bill.yml",
        "written": True,
        "needed": [
            "git add billing .gitattributes .github/workflows/git-bill.yml && git commit && git push",
            "gh api -X PUT repos/mira/books/actions/permissions/workflow -F can_approve_pull_request_reviews=true",
            "git bill doctor --ci",
        ],
    }
    assert f"uses: git-bill/git-bill@{COMMIT}" in (clone / made["file"]).read_text()
    again = init("github", "--action-ref", COMMIT)["jobs"]
    assert (again["written"], again["needed"]) == (False, made["needed"]), "it is not committed yet"
    git(clone, "add", "--all")
    git(clone, "commit", "-q", "-m", "jobs")
    assert init("github", "--action-ref", COMMIT)["jobs"]["needed"] == made["needed"][1:]


def test_sources_elsewhere_need_a_token_that_reads_them(
    init: Callable[..., dict[str, Any]], git_bill: Callable[..., Ran], clone: Path
) -> None:
    init("github", "--action-ref", COMMIT)
    assert not git_bill("source", "add", "https://github.com/acme/api.git", "--client", "acme", cwd=clone).returncode
    assert "gh secret set GIT_BILL_SOURCES_TOKEN" in init("github", "--action-ref", COMMIT)["jobs"]["needed"]


def test_a_source_without_an_address_is_out_of_a_job_s_reach(
    init: Callable[..., dict[str, Any]], git_bill: Callable[..., Ran], git: Callable[..., str], clone: Path
) -> None:
    other = clone.with_name("api")
    git(clone.parent, "init", "-q", str(other))
    who = ("-c", "user.name=Mira Kovac", "-c", "user.email=mira@example.net")
    git(other, *who, "commit", "-q", "--allow-empty", "-m", "first")
    assert not git_bill(*INIT, cwd=clone).returncode
    assert not git_bill("source", "add", str(other), "--client", "acme", cwd=clone).returncode
    told = init("github", "--action-ref", COMMIT)
    assert [problem["rule"] for problem in told["problems"]] == ["no-address"]
    assert told["problems"][0]["message"] == "api has no address that a job can read"
    assert not any("GIT_BILL_SOURCES_TOKEN" in step for step in told["jobs"]["needed"])
    asked = json.loads(git_bill("doctor", "--ci", "--json", cwd=clone).stdout)
    assert "no-address" in {problem["rule"] for problem in asked["problems"]}


def test_an_installation_that_knows_no_commit_says_where_one_is(
    git_bill: Callable[..., Ran], clone: Path, tmp_path: Path
) -> None:
    """As one from a wheel that no release made."""
    info = tmp_path / "site" / "git_bill-0.1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: git-bill\nVersion: 0.1.0\n")
    ran = git_bill(*INIT, "--ci", "github", cwd=clone, env={"PYTHONPATH": str(info.parent)})
    [problem] = [each for each in json.loads(ran.stdout)["problems"] if each["severity"] == "error"]
    assert (ran.returncode, problem["rule"]) == (2, "no-action-ref")
    assert "https://github.com/git-bill/git-bill/tags" in problem["hint"]
    assert "git ls-remote https://github.com/git-bill/git-bill 'v0.1.0' 'v0.1.0^{}'" in problem["hint"]


def test_without_a_ref_it_is_the_commit_that_runs(init: Callable[..., dict[str, Any]], clone: Path) -> None:
    text = (clone / init("github")["jobs"]["file"]).read_text()
    assert "0" * 40 not in text


def test_a_wrong_ref_writes_nothing(init: Callable[..., dict[str, Any]], clone: Path) -> None:
    answer = init("github", "--action-ref", "x y", code=2)
    assert answer["problems"][0]["rule"] == "wrong-action-ref"
    assert not (clone / ".github").exists()


def test_gitlab(init: Callable[..., dict[str, Any]], clone: Path) -> None:
    made = init("gitlab")["jobs"]
    assert made["file"] == "git-bill.gitlab-ci.yml"
    assert "glab variable set GIT_BILL_TOKEN --masked --protected" in made["needed"]
    assert (clone / ".gitlab-ci.yml").read_text() == "include: git-bill.gitlab-ci.yml\n"
    schedules = [step for step in made["needed"] if step.startswith("glab schedule create --ref main ")]
    assert [step.endswith("--variable GIT_BILL_DRAFT:yes") for step in schedules] == [False, True]


def test_doctor_without_a_forge(git_bill: Callable[..., Ran], clone: Path) -> None:
    assert not git_bill(*INIT, cwd=clone).returncode
    checks = json.loads(git_bill("doctor", "--ci", "--json", cwd=clone).stdout)["checks"]
    assert checks[-1]["what"] == "a forge tells what token, settings and rules allow"
    assert checks[-1]["state"] == "warning"
