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


def test_github(init: Callable[..., dict[str, Any]], clone: Path) -> None:
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
    assert not init("github", "--action-ref", COMMIT)["jobs"]["written"]


def test_sources_elsewhere_need_a_token_that_reads_them(
    init: Callable[..., dict[str, Any]], git_bill: Callable[..., Ran], clone: Path
) -> None:
    init("github", "--action-ref", COMMIT)
    assert not git_bill("source", "add", "https://github.com/acme/api.git", "--client", "acme", cwd=clone).returncode
    assert "gh secret set GIT_BILL_SOURCES_TOKEN" in init("github", "--action-ref", COMMIT)["jobs"]["needed"]


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


def test_doctor_without_a_forge(git_bill: Callable[..., Ran], clone: Path) -> None:
    assert not git_bill(*INIT, cwd=clone).returncode
    checks = json.loads(git_bill("doctor", "--ci", "--json", cwd=clone).stdout)["checks"]
    assert checks[-1]["what"] == "a forge tells what token, settings and rules allow"
    assert checks[-1]["state"] == "warning"
