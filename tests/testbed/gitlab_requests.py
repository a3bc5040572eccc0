"""Merge requests of the GitLab facade: opened, changed, reviewed and merged as GitLab does, with real commits."""

from typing import Any

from tests.testbed.gitlab_notes import act, add_event, add_note, endpoints
from tests.testbed.gitlab_repository import commit_document, commit_of
from tests.testbed.gitlab_store import Call, Endpoint, Failed, Json, Project, find, labels_of, missing, person
from tests.testbed.merges import merged_tree

KIND = "merge_requests"


def add_version(project: Project, request: Json, now: str, number: int) -> None:
    """The merge request as it is now becomes its newest version; closed and merged ones stay as they are."""
    head, target = project.branch(request["source_branch"]), project.branch(request["target_branch"])
    if request["state"] != "opened" or head is None or request["sha"] == head:
        return
    base = (target and project.git.merge_base(head, target)) or head
    request["sha"] = head
    project.versions.setdefault(request["iid"], []).append(
        {
            "id": number,
            "head_commit_sha": head,
            "base_commit_sha": base,
            "start_commit_sha": target,
            "created_at": now,
            "merge_request_id": request["id"],
            "state": "collected",
            "real_size": "1",
        }
    )


def listed(call: Call) -> list[Json]:
    data, project = call.data, call.project
    found = [
        request
        for request in project.requests
        if data.get("state") in {None, "all", request["state"]}
        and data.get("source_branch") in {None, request["source_branch"]}
        and data.get("target_branch") in {None, request["target_branch"]}
        and (data.get("updated_after") is None or request["updated_at"] >= utc(data["updated_after"]))
        and set(labels_of(data.get("labels"))) <= set(request["labels"])
    ]
    order = data.get("order_by", "created_at")
    return sorted(found, key=lambda one: (one[order], one["iid"]), reverse=data.get("sort", "desc") == "desc")


def utc(text: str) -> str:
    """An instant as the clock writes it."""
    from datetime import UTC, datetime

    at = datetime.fromisoformat(text.replace(" ", "+")).astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def one(call: Call) -> Json:
    return find(call.project.requests, "iid", call.args[1], "Merge Request")


def make(call: Call) -> Json:
    call.need("source_branch", "target_branch", "title")
    project, data = call.may_write(), call.data
    if project.facts.get("merge_requests_access_level") == "disabled":
        raise Failed(403, "403 Forbidden")
    for field in ("source_branch", "target_branch"):
        if project.branch(data[field]) is None:
            raise Failed(400, {field: ["does not exist"]})
    same = [r for r in project.requests if r["state"] == "opened" and r["source_branch"] == data["source_branch"]]
    if any(r["target_branch"] == data["target_branch"] for r in same):
        raise Failed(409, [f"Another open merge request already exists for this source branch: !{same[0]['iid']}"])
    iid = len(project.requests) + 1
    request = {
        "id": call.store.number(),
        "iid": iid,
        "project_id": project.id,
        "source_project_id": project.id,
        "target_project_id": project.id,
        "source_branch": data["source_branch"],
        "target_branch": data["target_branch"],
        "title": data["title"],
        "description": data.get("description"),
        "state": "opened",
        "created_at": call.now,
        "updated_at": call.now,
        "merged_at": None,
        "merge_user": None,
        "merged_by": None,
        "author": person(call.user),
        "labels": labels_of(data.get("labels")),
        "milestone": None,
        "reviewers": [],
        "draft": data["title"].startswith("Draft: "),
        "sha": None,
        "merge_commit_sha": None,
        "squash_commit_sha": None,
        "squash": bool(data.get("squash")),
        "detailed_merge_status": "mergeable",
        "merge_when_pipeline_succeeds": False,
        "time_stats": {"time_estimate": 0, "total_time_spent": 0},
        "web_url": f"{project.facts['web_url']}/-/merge_requests/{iid}",
        "_type": "MergeRequest",
        "_own": [],
    }  # fmt: skip
    act(call, request, request["description"] or "")
    add_version(project, request, call.now, call.store.number())
    project.requests.append(request)
    call.status = 201
    return request


def change(call: Call) -> Json:
    request, project, data = one(call), call.may_write(), call.data
    before = list(request["labels"])
    for name in ("title", "description", "target_branch"):
        if name in data:
            request[name] = data[name]
    request["draft"] = request["title"].startswith("Draft: ")
    act(call, request, data.get("description") or "")
    if "labels" in data:
        request["labels"] = labels_of(data["labels"])
    request["labels"] += [name for name in labels_of(data.get("add_labels")) if name not in request["labels"]]
    for name in sorted(set(request["labels"]) ^ set(before)):
        add_event(project, KIND, "label", request, call, label={"name": name}, action="add")
    if "milestone_id" in data:
        request["milestone"] = find(project.milestones, "id", data["milestone_id"], "Milestone")
        add_event(project, KIND, "milestone", request, call, milestone=request["milestone"])
    if "reviewer_ids" in data:
        users = [user for user in call.store.users.values() if user["id"] in data["reviewer_ids"]]
        request["reviewers"] = [person(user) for user in users]
        states = {u["username"]: {"user": person(u), "state": "unreviewed", "created_at": call.now} for u in users}
        project.reviewers[request["iid"]] = states
    if data.get("state_event") in {"close", "reopen"}:
        request["state"] = "closed" if data["state_event"] == "close" else "opened"
    request["updated_at"] = call.now
    return request


def remove(call: Call) -> None:
    call.project.requests.remove(one(call))
    call.status = 204


def commits(call: Call) -> list[Json]:
    """Those of the newest version, newest first: they stay after a squash and without the branch."""
    request, project = one(call), call.project
    newest = project.versions[request["iid"]][-1]
    found = project.git.commits(newest["head_commit_sha"], f"^{newest['base_commit_sha']}")
    return [commit_document(commit) for commit in found]


def versions(call: Call) -> list[Json]:
    return call.project.versions.get(one(call)["iid"], [])[::-1]


def participants(call: Call) -> list[Json]:
    return [one(call)["author"]]


def approvals(call: Call) -> Json:
    request = one(call)
    given = call.project.approvals.get(request["iid"], {})
    return {"id": request["id"], "iid": request["iid"], "approved": bool(given), "approved_by": list(given.values())}


def approve(call: Call) -> Json:
    request, project = one(call), call.may_write()
    given = project.approvals.setdefault(request["iid"], {})
    name = call.user["username"]
    if call.args[2] == "unapprove":
        if given.pop(name, None) is None:
            raise missing("Approval")
    elif name in given:
        raise Failed(401, "401 Unauthorized")
    elif call.data.get("sha") not in {None, request["sha"]}:
        raise Failed(409, "SHA does not match HEAD of source branch")
    else:
        given[name] = {"user": person(call.user), "approved_at": call.now}
    add_note(project, KIND, request, call, f"{call.args[2]}d this merge request", system=True)
    call.status = 201
    return approvals(call)


def reviewers(call: Call) -> list[Json]:
    return list(call.project.reviewers.get(one(call)["iid"], {}).values())


def review(call: Call) -> Json:
    """What the page's button "Submit review" does; the API has no such endpoint."""
    request, project = one(call), call.may_write()
    name, state = call.user["username"], call.data["state"]
    project.approvals.get(request["iid"], {}).pop(name, None)
    given = {"user": person(call.user), "state": state, "created_at": call.now}
    project.reviewers.setdefault(request["iid"], {})[name] = given
    add_note(project, KIND, request, call, call.data["note"])
    add_note(project, KIND, request, call, state.replace("_", " "), system=True)
    return given


def merge(call: Call) -> Json:
    """By the project's merge method, after a squash where one is asked for."""
    request, project = one(call), call.may_write()
    if request["state"] != "opened" or request["draft"]:
        raise Failed(405, "405 Method Not Allowed")
    base, head = project.branch(request["target_branch"]), request["sha"]
    tree = base and merged_tree(project.git, base, head)
    if base is None or tree is None:
        raise Failed(422, "Branch cannot be merged")
    tip = head
    request["_own"] = [commit.sha for commit in project.git.commits(head, f"^{base}")]
    if call.data.get("squash") or request["squash"]:
        tip = request["squash_commit_sha"] = project.git.write_commit(tree, [base], request["title"], call.person)
    if project.facts["merge_method"] == "merge":
        message = call.data.get("merge_commit_message") or f"Merge branch '{request['source_branch']}'"
        tip = request["merge_commit_sha"] = project.git.write_commit(tree, [base, tip], message, call.person)
    elif not project.git.reaches(base, tip):
        raise Failed(405, "405 Method Not Allowed")
    project.git.set_ref(f"refs/heads/{request['target_branch']}", tip)
    if call.data.get("should_remove_source_branch"):
        project.git.set_ref(f"refs/heads/{request['source_branch']}", None)
    by = person(call.user)
    request |= {"state": "merged", "merged_at": call.now, "updated_at": call.now, "merge_user": by, "merged_by": by}
    return request


def of_commit(call: Call) -> list[Json]:
    """Those that a commit came by: their own commits, and what they became."""
    project, sha = call.project, commit_of(call.project, call.args[1]).sha
    became = ("merge_commit_sha", "squash_commit_sha", "sha")
    return [one for one in project.requests if sha in {*(one[name] for name in became), *one["_own"]}]


def merge_ref(call: Call) -> Json:
    request, project = one(call), call.project
    base = project.branch(request["target_branch"])
    tree = base and merged_tree(project.git, base, request["sha"])
    if base is None or tree is None:
        raise Failed(400, "Merge request is not mergeable")
    return {"commit_id": project.git.write_commit(tree, [base, request["sha"]], "Merge ref", call.person)}


def rebase(call: Call) -> Json:
    one(call)
    call.status = 202
    return {"rebase_in_progress": True}


def changes(call: Call) -> Any:
    return one(call) | {"changes": []}


ENDPOINTS: dict[str, Endpoint] = {
    "GET projects/:x/merge_requests": listed,
    "GET projects/:x/repository/commits/:x/merge_requests": of_commit,
    "POST projects/:x/merge_requests": make,
    "GET projects/:x/merge_requests/:x": one,
    "PUT projects/:x/merge_requests/:x": change,
    "DELETE projects/:x/merge_requests/:x": remove,
    "GET projects/:x/merge_requests/:x/commits": commits,
    "GET projects/:x/merge_requests/:x/changes": changes,
    "GET projects/:x/merge_requests/:x/versions": versions,
    "GET projects/:x/merge_requests/:x/participants": participants,
    "GET projects/:x/merge_requests/:x/approvals": approvals,
    "POST projects/:x/merge_requests/:x/(approve|unapprove)": approve,
    "GET projects/:x/merge_requests/:x/reviewers": reviewers,
    "POST projects/:x/merge_requests/:x/reviews": review,
    "PUT projects/:x/merge_requests/:x/merge": merge,
    "PUT projects/:x/merge_requests/:x/rebase": rebase,
    "GET projects/:x/merge_requests/:x/merge_ref": merge_ref,
    **endpoints(KIND),
}
