"""The main job on GitLab, by executing the shipped pipeline: draft, merge request, merge, invoice; nothing twice."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.stories.freelancer import Freelancer
from tests.testbed.gitlab import GitLabServer
from tests.testbed.gitlab_store import Project
from tests.testbed.tools import MODULES, absent, node, require

import git_bill

TEMPLATE = Path(__file__).parents[3] / "templates" / "workflows" / "git-bill.gitlab-ci.yml"
BRANCH = "bill/acme-2026-10"


@dataclass(kw_only=True)
class Pipelines:
    """Mira's books on GitLab, and a runner that makes a new checkout for each pipeline, as GitLab's does."""

    mira: Freelancer
    server: GitLabServer
    books: Project
    token: str
    environment: dict[str, str]
    made: int = 0

    def run(self, source: str, ref: str = "main", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the pipeline of an event on a branch."""
        self.made += 1
        top = self.mira.folder / f"job-{self.made}"
        git, host = self.mira.git, self.server.origin.removeprefix("http://")
        git(self.mira.folder, "clone", "-q", f"http://oauth2:{self.token}@{host}/mira/books.git", str(top))
        git(top, "remote", "set-url", "origin", f"{self.server.origin}/mira/books.git")
        git(top, "checkout", "-q", "--detach", f"origin/{ref}")
        git(top, "config", "bill.source.web-shop.path", str(self.mira.shop))
        told = {
            "GITLAB_CI": "true",
            "CI_SERVER_URL": self.server.origin,
            "CI_API_V4_URL": f"{self.server.origin}/api/v4",
            "CI_PROJECT_ID": str(self.books.id),
            "CI_PIPELINE_SOURCE": source,
            "CI_DEFAULT_BRANCH": "main",
            "CI_COMMIT_BRANCH": "" if source == "merge_request_event" else ref,
            "GIT_BILL_VERSION": git_bill.__version__,
            "GIT_BILL_TOKEN": self.token,
            "PIP_NO_INDEX": "1",
            **variables,
        }  # fmt: skip
        said = [word for name, value in told.items() for word in ("--variable", f"{name}={value}")]
        places = [Path(sys.executable).parent, node().parent]
        path = os.pathsep.join([*map(str, places), os.environ["PATH"]])
        return subprocess.run(
            [node(), MODULES / "gitlab-ci-local/dist/index.js", "--force-shell-executor",
             "--home", str(self.mira.folder), "--no-color", *said],
            cwd=top,
            env=self.environment | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )  # fmt: skip

    def rest(self, method: str, path: str, **data: Any) -> Any:
        return self.server.rest(self.token, method, f"projects/{self.books.id}/{path}", **data)

    def says(self, method: str, path: str, **data: Any) -> Any:
        """What Mira does on the web pages."""
        return self.server.rest("glpat-mira", method, f"projects/{self.books.id}/{path}", **data)

    def files(self, ref: str = "main") -> list[str]:
        return self.books.git.git("ls-tree", "-r", "--name-only", ref).splitlines()


@pytest.fixture
def gitlab(mira: Freelancer, environment: dict[str, str]) -> Iterator[Pipelines]:
    """Her books in a private project, whose branch only maintainers push to; the token is of a bot of hers."""
    require(absent())
    require(None if shutil.which("rsync") else "gitlab-ci-local needs the program rsync")
    server = GitLabServer(mira.folder / "gitlab")
    owner = server.account("mira", "Mira Kovac", "mira@example.net")
    bot = server.account("bot", "project_1_bot", "bot@example.net")
    books = server.project("mira/books", "mira")
    books.members[server.store.users["bot"]["id"]] = 40
    settings = mira.books / "billing" / "billing.toml"
    text = settings.read_text(encoding="utf-8").replace('roles = ["owner"]', 'roles = ["owner"]\naccounts = ["mira"]')
    settings.write_text(text, encoding="utf-8")
    shutil.copy(TEMPLATE, mira.books / ".gitlab-ci.yml")
    mira.git(mira.books, "add", ".")
    mira.git(mira.books, "commit", "-qm", "Start the books")
    mira.git(mira.books, "push", "-q", f"http://x:{owner}@{server.origin[7:]}/mira/books.git", "main")
    found = Pipelines(mira=mira, server=server, books=books, token=bot, environment=environment)
    server.rest(owner, "POST", f"projects/{books.id}/protected_branches", name="main")
    yield found
    server.close()


@pytest.mark.slow
@pytest.mark.testbed
def test_draft_merge_request_merge_invoice(gitlab: Pipelines) -> None:
    drafted = gitlab.run("schedule", GIT_BILL_DRAFT="yes")
    assert drafted.returncode == 0, drafted.stdout + drafted.stderr
    (request,) = gitlab.rest("GET", "merge_requests")
    assert (request["source_branch"], request["state"], request["labels"]) == (BRANCH, "opened", ["invoice"])
    assert "Acme" in request["title"]
    assert request["author"]["username"] == "bot"
    assert not any(path.startswith("billing/invoices/") for path in gitlab.files())

    again = gitlab.run("schedule", GIT_BILL_DRAFT="yes")
    assert again.returncode == 0, again.stdout + again.stderr
    assert [one["iid"] for one in gitlab.rest("GET", "merge_requests")] == [request["iid"]]

    checked = gitlab.run(
        "merge_request_event",
        BRANCH,
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=BRANCH,
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID=str(gitlab.books.id),
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "git-bill:check" in checked.stdout

    gitlab.says("POST", "merge_requests/1/notes", body="/bill drop 1 because it was a gift")
    gitlab.says("POST", "merge_requests/1/approve")
    before = gitlab.rest("GET", "merge_requests/1")["sha"]
    answered = gitlab.run("push")
    assert answered.returncode == 0, answered.stdout + answered.stderr
    after = gitlab.rest("GET", "merge_requests/1")["sha"]
    assert "it was a gift" in gitlab.books.git.git("diff", before, after)
    assert gitlab.books.git.git("log", "-1", "--format=%an", after) == "Mira Kovac"
    replies = [
        note["body"] for note in gitlab.rest("GET", "merge_requests/1/notes") if note["author"]["username"] == "bot"
    ]
    assert any("is taken out" in reply for reply in replies), replies

    gitlab.says("PUT", "merge_requests/1/merge", squash=True)
    issued = gitlab.run("push")
    assert issued.returncode == 0, issued.stdout + issued.stderr
    assert "billing/invoices/2026/INV-2026-0001/invoice.pdf" in gitlab.files()
    tip = gitlab.books.branch("main")

    nothing = gitlab.run("push")
    assert nothing.returncode == 0, nothing.stdout + nothing.stderr
    assert gitlab.books.branch("main") == tip
    for ran in (drafted, again, checked, answered, issued, nothing):
        assert gitlab.token not in ran.stdout + ran.stderr


@pytest.mark.slow
@pytest.mark.testbed
def test_a_merge_request_of_a_fork_or_of_other_work_is_no_draft(gitlab: Pipelines) -> None:
    told = {"CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": BRANCH, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "4711"}
    assert "git-bill:" not in gitlab.run("merge_request_event", **told).stdout
    told = {
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "feature",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": str(gitlab.books.id),
    }
    assert "git-bill:" not in gitlab.run("merge_request_event", **told).stdout
