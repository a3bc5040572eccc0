"""The facade of GitLab is judged by others: python-gitlab's own functional tests, its declarations, a description."""

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from gitlab.v4 import objects
from tests.testbed.gitlab import GitLabServer
from tests.testbed.gitlab_store import Failed, Project
from tests.testbed.tools import FOLDER, PAYLOADS, require

# What the adapter and the stories use, by python-gitlab's names of its own tests. Left out: what GitLab has beside.
WANTED = {
    "test_branches.py": "",
    "test_projects.py": "projects_head or project_head or create_project or members or project_labels "
    "or project_milestones or protected_branches",
    "test_repository.py": "repository_files or create_commit or list_all_commits or signature or merge_base",
    "test_merge_requests.py": "not approver_ids and not approvals and not approval_rules and not cancel",
    "test_issues.py": "create_issue or issue_labels or issue_label_events or issue_milestones or issue_discussions",
}
LEAST = 32
CONFTEST = """
import gitlab, pytest, time
time.sleep = lambda seconds: None

@pytest.fixture(scope="session")
def gitlab_url():
    return {url!r}

@pytest.fixture(scope="session")
def gitlab_plan():
    return None

@pytest.fixture(scope="session")
def gl(gitlab_url):
    found = gitlab.Gitlab(gitlab_url, private_token={token!r})
    found.auth()
    return found
"""


# Posted to → what python-gitlab declares of it, and a document that is complete.
DECLARED: dict[str, tuple[Any, Mapping[str, Any]]] = {
    "merge_requests": (
        objects.ProjectMergeRequestManager,
        {"source_branch": "work", "target_branch": "main", "title": "x"},
    ),
    "merge_requests/1/notes": (objects.ProjectMergeRequestNoteManager, {"body": "x"}),
    "merge_requests/1/discussions": (objects.ProjectMergeRequestDiscussionManager, {"body": "x"}),
    "issues": (objects.ProjectIssueManager, {"title": "x"}),
    "labels": (objects.ProjectLabelManager, {"name": "x", "color": "#112233"}),
    "milestones": (objects.ProjectMilestoneManager, {"title": "x"}),
    "protected_branches": (objects.ProjectProtectedBranchManager, {"name": "main"}),
    "repository/branches": (objects.ProjectBranchManager, {"branch": "other", "ref": "main"}),
    "repository/commits": (
        objects.ProjectCommitManager,
        {
            "branch": "main",
            "commit_message": "x",
            "actions": [{"action": "create", "file_path": "a", "content": ""}],
        },
    ),
    "statuses/main": (objects.ProjectCommitStatusManager, {"state": "success"}),
}
# How the facade is asked → names in GitLab 15.2's answer, of a description that others published.
DESCRIBED: dict[str, str] = json.loads((PAYLOADS.parent / "gitlab-15.2-fields.json").read_text(encoding="utf-8"))
# Fields that came after 15.2, or that its documentation forgot.
NEWER = {
    "approved", "detailed_merge_status", "draft", "internal", "merge_user", "noteable_id", "project_id", "real_size",
    "resolved_at", "reviewers", "source_project_id", "target_project_id", "trailers", "type", "confidential",
}  # fmt: skip


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitLabServer]:
    made = GitLabServer(tmp_path / "server")
    yield made
    made.close()


@pytest.fixture
def books(server: GitLabServer) -> Project:
    """A project with a branch `work`, a merge request with a note, an approval and a status, and an issue."""
    token = server.account("mira", "Mira Kovac", "mira@example.net")
    project = server.project("mira/books", "mira")

    def post(path: str, **data: Any) -> Any:
        return server.rest(token, "POST", f"projects/{project.id}/{path}", **data)

    files = [{"action": "create", "file_path": "README", "content": "x"}]
    post("repository/commits", branch="main", commit_message="x", actions=files)
    more = [{"action": "create", "file_path": "more", "content": "x"}]
    post("repository/commits", branch="work", start_branch="main", commit_message="x", actions=more)
    post("merge_requests", source_branch="work", target_branch="main", title="x")
    post("merge_requests/1/notes", body="x")
    post("merge_requests/1/approve")
    post("statuses/main", state="success")
    post("issues", title="x")
    return project


def _tests(folder: Path) -> Path:
    """python-gitlab's tests of the version that is installed, unpacked."""
    archive = FOLDER / f"python_gitlab-{version('python-gitlab')}.tar.gz"
    require(None if archive.exists() else f"no {archive.name} in .testbed: run `make testbed`")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return next(folder.glob("python_gitlab-*"))


@pytest.mark.slow
@pytest.mark.testbed
def test_python_gitlab_s_functional_tests_pass(server: GitLabServer, tmp_path: Path) -> None:
    top = _tests(tmp_path)
    token = server.account("root", "Administrator", "admin@example.com", admin=True)
    own = top / "tests/functional/api/conftest.py"
    own.write_text(CONFTEST.format(url=server.origin, token=token), encoding="utf-8")
    said, passed = [], 0
    for file, chosen in WANTED.items():
        words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", f"--rootdir={top}"]
        ran = subprocess.run(
            [*words, f"tests/functional/api/{file}", "-k", chosen, "--import-mode=prepend", "-rA", "--tb=short"],
            cwd=top,
            capture_output=True,
            text=True,
            check=False,
            timeout=250,
        )
        passed += ran.stdout.count("\nPASSED ")
        if ran.returncode:
            said.append(ran.stdout[-6000:])
    assert not said, "\n".join(said)
    assert passed >= LEAST


@pytest.mark.parametrize("path", sorted(DECLARED))
def test_what_python_gitlab_declares_as_needed_is_needed(server: GitLabServer, books: Project, path: str) -> None:
    manager, document = DECLARED[path]
    required = manager._create_attrs.required
    assert set(required) <= set(document)
    for name in required:
        lacking = {key: value for key, value in document.items() if key != name}
        with pytest.raises(Failed) as refused:
            server.rest("glpat-mira", "POST", f"projects/{books.id}/{path}", **lacking)
        assert refused.value.status == 400
    if path == "merge_requests":
        books.requests.clear()
    assert server.rest("glpat-mira", "POST", f"projects/{books.id}/{path}", **document)


def test_answers_have_the_fields_of_a_published_description(server: GitLabServer, books: Project) -> None:
    note = books.notes["merge_requests", 1][0]["id"]
    wrong = {}
    for path, names in DESCRIBED.items():
        answered = server.rest("glpat-mira", "GET", f"projects/{books.id}/{path.format(note=note)}", ref="main")
        found = answered[0] if isinstance(answered, list) else answered
        wrong[path] = sorted(set(found) - set(names.split()) - NEWER)
    assert not any(wrong.values()), wrong
