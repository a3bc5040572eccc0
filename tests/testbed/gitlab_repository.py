"""Branches, files, commits and statuses of the GitLab facade: read from and written to the real repository."""

import base64
from typing import Any

from tests.testbed.bare import Commit
from tests.testbed.gitlab_store import Call, Endpoint, Failed, Json, Project, missing, person

_STATES = ("pending", "running", "success", "failed", "canceled")
_RUNNING = {"pending": 0, "running": 1}  # a status that is one of these moves on, any other is followed by a new one
_EVENTS = {"pending": "enqueue", "running": "run", "success": "success", "failed": "drop", "canceled": "cancel"}


def commit_document(commit: Commit) -> Json:
    return {
        "id": commit.sha,
        "short_id": commit.sha[:8],
        "title": commit.subject,
        "message": commit.message,
        "parent_ids": list(commit.parents),
        "author_name": commit.author.name,
        "author_email": commit.author.email,
        "authored_date": commit.author.at.isoformat(),
        "committer_name": commit.committer.name,
        "committer_email": commit.committer.email,
        "committed_date": commit.committer.at.isoformat(),
        "created_at": commit.committer.at.isoformat(),
        "trailers": {},
    }  # fmt: skip


def commit_of(project: Project, name: str) -> Commit:
    tip = project.git.tip(name)
    if tip is None:
        raise missing("Commit")
    return project.git.commit(tip)


def _branch(call: Call, name: str) -> Json:
    project = call.project
    tip = project.branch(name)
    if tip is None:
        raise missing("Branch")
    return {
        "name": name,
        "commit": commit_document(project.git.commit(tip)),
        "merged": False,
        "protected": name in project.protected,
        "developers_can_push": False,
        "developers_can_merge": False,
        "can_push": project.may_push(call.user, name),
        "default": name == project.facts["default_branch"],
        "web_url": f"{project.facts['web_url']}/-/tree/{name}",
    }  # fmt: skip


def branches(call: Call) -> list[Json]:
    return [_branch(call, ref.removeprefix("refs/heads/")) for ref in call.project.git.refs()]


def branch(call: Call) -> Json:
    return _branch(call, call.args[1])


def make_branch(call: Call) -> Json:
    call.need("branch", "ref")
    project = call.may_write()
    if not project.git.refs():  # GitLab makes the default branch of an empty repository, with a README
        tree = project.git.write_tree(None, {"README.md": f"# {project.facts['name']}\n"})
        made = project.git.write_commit(tree, [], "Add README.md", call.person)
        project.git.set_ref(f"refs/heads/{project.facts['default_branch']}", made)
    start = project.git.tip(call.data["ref"])
    if start is None:
        raise Failed(400, f"Invalid reference name: {call.data['ref']}")
    if project.branch(call.data["branch"]):
        raise Failed(400, "Branch already exists")
    project.git.set_ref(f"refs/heads/{call.data['branch']}", start)
    call.status = 201
    return _branch(call, call.data["branch"])


def drop_branch(call: Call) -> None:
    _branch(call, call.args[1])
    call.may_write().git.set_ref(f"refs/heads/{call.args[1]}", None)
    call.status = 204


def _write(call: Call, files: dict[str, bytes | None], start: str | None = None) -> Commit:
    """One commit on a branch, which must exist unless the repository is empty or `start` names another."""
    project, name = call.may_write(), call.data["branch"]
    tip = project.branch(name)
    if start is not None:
        if tip is not None:
            raise Failed(
                400, f"A branch called '{name}' already exists. Switch to that branch in order to make changes"
            )
        tip = commit_of(project, start).sha
    elif tip is None and project.git.refs():
        raise Failed(400, "You can only create or edit files when you are on a branch")
    if not project.may_push(call.user, name):
        raise Failed(403, "403 Forbidden - You are not allowed to push into this branch")
    tree = project.git.write_tree(tip, files)
    made = project.git.write_commit(tree, [tip] if tip else [], call.data["commit_message"], call.person)
    project.git.set_ref(f"refs/heads/{name}", made)
    return project.git.commit(made)


def _content(data: Json) -> bytes:
    text: str = data.get("content") or ""
    return base64.b64decode(text) if data.get("encoding") == "base64" else text.encode()


def file(call: Call) -> Json:
    call.need("ref")
    project, path = call.project, call.args[1]
    tip = commit_of(project, call.data["ref"]).sha
    blob = project.git.blob(tip, path)
    if blob is None:
        raise missing("File")
    content = project.git.content(blob)
    facts = {"file_name": path.rsplit("/", 1)[-1], "file_path": path, "size": len(content), "encoding": "base64",
             "ref": call.data["ref"], "blob_id": blob, "commit_id": tip, "last_commit_id": tip}  # fmt: skip
    call.headers |= {f"X-Gitlab-{name.replace('_', '-').title()}": str(value) for name, value in facts.items()}
    return facts | {"content": base64.b64encode(content).decode()}


def raw_file(call: Call) -> bytes:
    call.data.setdefault("ref", call.project.facts["default_branch"])
    content = file(call)["content"]
    return base64.b64decode(content)


def blame(call: Call) -> list[Json]:
    """All lines by the newest commit that touched the file; nothing here asks for more."""
    lines = base64.b64decode(file(call)["content"]).decode().splitlines()
    found = call.project.git.commits("-1", call.data["ref"], "--", call.args[1])
    return [{"commit": commit_document(found[0]), "lines": lines}]


def write_file(call: Call) -> Json:
    call.need("branch", "content", "commit_message")
    tip = call.project.branch(call.data["branch"])
    there = tip is not None and call.project.git.blob(tip, call.args[1]) is not None
    if there is (call.method == "POST"):
        raise Failed(400, f"A file with this name {'already exists' if there else 'does not exist'}")
    _write(call, {call.args[1]: _content(call.data)})
    call.status = 201 if call.method == "POST" else 200
    return {"file_path": call.args[1], "branch": call.data["branch"]}


def remove_file(call: Call) -> None:
    call.need("branch", "commit_message")
    _write(call, {call.args[1]: None})
    call.status = 204


def commits(call: Call) -> list[Json]:
    project = call.project
    if call.data.get("all") in {True, "True", "true"}:
        return [commit_document(commit) for commit in project.git.commits("--all")]
    name = call.data.get("ref_name") or project.facts["default_branch"]
    return [commit_document(commit) for commit in project.git.commits(commit_of(project, name).sha)]


def make_commit(call: Call) -> Json:
    call.need("branch", "commit_message", "actions")
    start, files = call.data.get("start_branch"), {}
    tip = call.project.git.tip(start or call.data["branch"])
    for action in call.data["actions"]:
        path = action["file_path"]
        there = tip is not None and call.project.git.blob(tip, path) is not None
        if action["action"] == "create" and there:
            raise Failed(400, "A file with this name already exists")
        if action["action"] in {"update", "delete"} and not there:
            raise Failed(400, "A file with this name doesn't exist")
        files[path] = None if action["action"] == "delete" else _content(action)
    call.status = 201
    return commit_document(_write(call, files, start))


def commit(call: Call) -> Json:
    return commit_document(commit_of(call.project, call.args[1]))


def commit_diff(call: Call) -> list[Json]:
    project, found = call.project, commit_of(call.project, call.args[1])
    names = project.git.git("diff-tree", "--root", "-r", "--no-commit-id", "--name-only", found.sha).splitlines()
    shown = {
        name: project.git.git("diff-tree", "--root", "-p", "--no-commit-id", found.sha, "--", name) for name in names
    }
    return [{"old_path": name, "new_path": name, "diff": text} for name, text in shown.items()]


def commit_refs(call: Call) -> list[Json]:
    sha = commit_of(call.project, call.args[1]).sha
    holding = call.project.git.git("for-each-ref", "--format=%(refname:lstrip=2)", "--contains", sha, "refs/heads")
    return [{"type": "branch", "name": name} for name in holding.splitlines()]


def no_signature(call: Call) -> None:
    commit_of(call.project, call.args[1])
    raise missing("Signature")


def merge_base(call: Call) -> Json:
    refs = call.data.get("refs")
    if not isinstance(refs, list) or len(refs) < 2:
        raise Failed(400, "Provide at least 2 refs")
    found: str | None = commit_of(call.project, refs[0]).sha
    for ref in refs[1:]:
        found = found and call.project.git.merge_base(found, commit_of(call.project, ref).sha)
    if found is None:
        raise missing("Merge Base")
    return commit_document(call.project.git.commit(found))


def statuses(call: Call) -> list[Json]:
    sha = commit_of(call.project, call.args[1]).sha
    name = call.data.get("name")
    return [one for one in call.project.statuses if one["sha"] == sha and name in {None, one["name"]}]


def post_status(call: Call) -> Json:
    call.need("state")
    project, data = call.may_write(), call.data
    sha = commit_of(project, call.args[1]).sha
    name, state = data.get("name") or data.get("context") or "default", data["state"]
    if state not in _STATES:
        raise Failed(400, None, error="state does not have a valid value")
    if len(data.get("description") or "") > 255:
        raise Failed(400, {"description": ["is too long (maximum is 255 characters)"]})
    found = next((one for one in project.statuses if (one["sha"], one["name"]) == (sha, name)), None)
    if found is not None and _RUNNING.get(found["status"], -1) >= _RUNNING.get(state, 2):
        event = _EVENTS[state]
        reason = f"Cannot transition status via :{event} from :{found['status']}"
        raise Failed(400, f'{reason} (Reason(s): Status cannot transition via "{event}")')
    if found is None or found["status"] not in _RUNNING:
        project.statuses = [one for one in project.statuses if one is not found]
        found = {"id": call.store.number(), "sha": sha, "name": name, "author": person(call.user)}
        project.statuses.append(found)
    found |= {"status": state, "description": data.get("description"), "target_url": data.get("target_url"),
              "ref": data.get("ref"), "created_at": call.now, "allow_failure": False}  # fmt: skip
    call.status = 201
    return found


def no_list(call: Call) -> list[Any]:
    """A list that the facade keeps empty."""
    _ = call.project
    return []


ENDPOINTS: dict[str, Endpoint] = {
    "GET projects/:x/repository/branches": branches,
    "POST projects/:x/repository/branches": make_branch,
    "GET projects/:x/repository/branches/:x": branch,
    "DELETE projects/:x/repository/branches/:x": drop_branch,
    "GET projects/:x/repository/files/:x": file,
    "HEAD projects/:x/repository/files/:x": file,
    "GET projects/:x/repository/files/:x/raw": raw_file,
    "GET projects/:x/repository/files/:x/blame": blame,
    "POST projects/:x/repository/files/:x": write_file,
    "PUT projects/:x/repository/files/:x": write_file,
    "DELETE projects/:x/repository/files/:x": remove_file,
    "GET projects/:x/repository/commits": commits,
    "POST projects/:x/repository/commits": make_commit,
    "GET projects/:x/repository/commits/:x": commit,
    "GET projects/:x/repository/commits/:x/diff": commit_diff,
    "GET projects/:x/repository/commits/:x/refs": commit_refs,
    "GET projects/:x/repository/commits/:x/signature": no_signature,
    "GET projects/:x/repository/commits/:x/statuses": statuses,
    "GET projects/:x/repository/merge_base": merge_base,
    "POST projects/:x/statuses/:x": post_status,
}
