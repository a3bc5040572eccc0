"""What is written to GitLab: merge requests, notes, commit statuses, files of another project. Writes raise nothing."""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gitlab.exceptions import GitlabError

from git_bill.adapters import mishaps
from git_bill.adapters.gitlab.client import said
from git_bill.adapters.gitlab.records import Answer
from git_bill.adapters.rendering import blob_id, fitting, line, marked, opening
from git_bill.effects import Done, EnsureComment, EnsurePullRequest, PostStatus, Refused
from git_bill.forge import PullRequest

if TYPE_CHECKING:
    from gitlab.v4.objects import Project, ProjectMergeRequest

_DRAFT = "Draft: "
_ACTION = re.compile(r"^(\s*)/(?=\w)", re.MULTILINE)
_STATES = {"success": "success", "failure": "failed", "pending": "pending"}
_TITLE, _DESCRIPTION, _BODY = 255, 255, 1_000_000  # characters that GitLab takes


def closed_for_good(project: "Project", found: Sequence[PullRequest], effect: EnsurePullRequest) -> Refused | None:
    """A person closed the merge request of what the branch still holds: that stays so."""
    closed = next((one for one in found if one.state == "closed"), None)
    if closed is None or found[0].state == "open" or not _within(project, closed.head, effect.branch):
        return None
    return mishaps.closed(f"merge request !{closed.number} of {effect.branch}", closed.url)


def pull_request(project: "Project", effect: EnsurePullRequest) -> Done | Refused:
    """The one open merge request of a branch, as the effect wants it; made where there is none."""
    if not effect.base:
        manager: Any = project.manager  # the project at hand was made without asking for it
        effect = replace(effect, base=str(manager.get(project.get_id()).default_branch))
    laid = _lay_files(project, effect)
    request = _open_one(project, effect.branch)
    if request is None:
        if not effect.files and not _exists(project, effect.branch):
            return Refused(reason=f"{effect.branch} is not on the forge", remedy=f"git push origin {effect.branch}")
        wanted = {"source_branch": effect.branch, "labels": ",".join(effect.labels), **_text(effect, None)}
        try:
            return Done(ref=str(project.mergerequests.create(wanted).web_url))
        except GitlabError as error:
            if error.response_code != 409:
                raise
            request = _open_one(project, effect.branch)  # another run was faster
            if request is None:
                raise
    changes = {
        name: value for name, value in _text(effect, request.attributes).items() if request.attributes[name] != value
    }
    missing = [label for label in effect.labels if label not in request.attributes["labels"]]
    if missing:
        changes["add_labels"] = ",".join(missing)
    if changes:
        project.mergerequests.update(request.iid, changes)
    return Done(ref=str(request.web_url), already=not changes and not laid)


def comment(request: "ProjectMergeRequest", effect: EnsureComment, *, ours: Callable[[Answer], bool]) -> Done:
    """Our one note with a marker."""
    begun, body = opening(effect.marker), _inert(marked(effect.marker, effect.body))
    listed = request.notes.list(iterator=True, sort="asc", order_by="created_at")
    own = [note for note in listed if note.attributes["body"].startswith(begun) and ours(note.attributes)]
    if not own:
        return Done(ref=_address(request, request.notes.create({"body": body}).id))
    first, *repeated = own  # two runs at once can have written one each
    for note in repeated:
        request.notes.delete(note.id)
    same = first.attributes["body"].strip() == body.strip()
    if not same:
        request.notes.update(first.id, {"body": body})
    return Done(ref=_address(request, first.id), already=same and not repeated)


def status(project: "Project", effect: PostStatus) -> Done:
    """A commit's status. GitLab has no way from a state to itself, so one that stands is left."""
    commit = project.commits.get(effect.commit, lazy=True)
    state, description = _STATES[effect.state], line(effect.description, _DESCRIPTION)
    wanted = {"name": effect.context, "status": state, "description": description}
    for known in commit.statuses.list(iterator=True, name=effect.context):
        if all(known.attributes[name] == value for name, value in wanted.items()):
            return Done(ref=effect.commit, already=True)
    posted = {"state": state, "name": effect.context, "description": description}
    try:
        commit.statuses.create(posted | ({"target_url": effect.url} if effect.url else {}))
    except GitlabError as error:
        if error.response_code != 400 or "Cannot transition status" not in said(error):
            raise
        return Done(ref=effect.commit, already=True)
    return Done(ref=effect.commit)


def _text(effect: EnsurePullRequest, now: Mapping[str, Any] | None) -> dict[str, str]:
    """Title, body and target. One that a person marked as ready is not made a draft again."""
    draft = effect.draft and (now is None or now["title"].startswith(_DRAFT))
    title = line(_DRAFT + effect.title if draft else effect.title, _TITLE)
    return {"title": title, "description": _inert(effect.body), "target_branch": effect.base}


def _inert(body: str) -> str:
    """No line begins a quick action: `/merge` in a commit's subject would be carried out, in our name. And it fits."""
    return fitting(_ACTION.sub(r"\1\\/", body), _BODY, "GitLab")


def _open_one(project: "Project", branch: str) -> "ProjectMergeRequest | None":
    listed = project.mergerequests.list(iterator=True, source_branch=branch, state="opened")
    own = (one for one in listed if one.source_project_id == one.target_project_id)
    found = next(own, None)
    return None if found is None else project.mergerequests.get(found.iid)


def _exists(project: "Project", branch: str) -> bool:
    try:
        project.branches.get(branch)
    except GitlabError as error:
        if error.response_code != 404 or "Project" in said(error):
            raise
        return False
    return True


def _within(project: "Project", commit: str, branch: str) -> bool:
    """Whether a branch has a commit."""
    try:
        base: Any = project.repository_merge_base([commit, branch])
    except GitlabError as error:
        if error.response_code not in {400, 404}:
            raise
        return False
    return bool(base["id"] == commit)


def _lay_files(project: "Project", effect: EnsurePullRequest) -> bool:
    """Put the effect's files on its branch by one commit; whether any changed. Makes the branch where it is not."""
    if not effect.files:
        return False
    exists = _exists(project, effect.branch)
    actions = []
    for path, content in sorted(effect.files.items()):
        held = _blob(project, path, effect.branch if exists else effect.base)
        if held != blob_id(content):
            text = base64.b64encode(content).decode("ascii")
            action = "update" if held else "create"
            actions.append({"action": action, "file_path": path, "content": text, "encoding": "base64"})
    if not actions:
        return False
    start = {} if exists else {"start_branch": effect.base}
    project.commits.create({"branch": effect.branch, "commit_message": effect.title, "actions": actions, **start})
    return True


def _blob(project: "Project", path: str, ref: str) -> str | None:
    try:
        return str(project.files.get(path, ref=ref).attributes["blob_id"])
    except GitlabError as error:
        if error.response_code != 404 or "Project" in said(error):
            raise
        return None


def _address(request: "ProjectMergeRequest", note: int) -> str:
    return f"{request.web_url}#note_{note}"
