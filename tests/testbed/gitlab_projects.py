"""Projects, members, labels, milestones, issues and accounts of the GitLab facade."""

import re
from typing import Any

from tests.testbed.bare import Bare
from tests.testbed.gitlab_notes import add_event, endpoints
from tests.testbed.gitlab_requests import utc
from tests.testbed.gitlab_store import (
    MAINTAINER,
    OWNER,
    Call,
    Endpoint,
    Failed,
    Json,
    Project,
    Store,
    find,
    labels_of,
    missing,
    person,
)

REFUSED = "GitLab: You are not allowed to push code to protected branches on this project."
_HOOK = f"""#!/bin/sh
while read -r old new name; do
  case " $FACADE_PROTECTED " in *" $name "*) echo "{REFUSED}"; exit 1;; esac
done
"""
_SETTINGS = ("name", "description", "visibility", "merge_method", "default_branch", "merge_requests_access_level",
             "ci_push_repository_for_job_token_allowed", "remove_source_branch_after_merge")  # fmt: skip


def add_project(store: Store, origin: str, path: str, owner: Json, **settings: Any) -> Project:
    """A project with an empty repository, whose protected branches a hook guards."""
    git = Bare.create(store.folder / f"{path}.git")
    hook = git.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(_HOOK, encoding="utf-8")
    hook.chmod(0o755)
    namespace, _, name = path.rpartition("/")
    number = store.number()
    facts = {
        "id": number,
        "name": name,
        "path": name,
        "path_with_namespace": path,
        "namespace": {"path": namespace, "full_path": namespace},
        "default_branch": "main",
        "visibility": "private",
        "merge_method": "merge",
        "merge_requests_access_level": "enabled",
        "ci_push_repository_for_job_token_allowed": False,
        "web_url": f"{origin}/{path}",
        "http_url_to_repo": f"{origin}/{path}.git",
        **{key: value for key, value in settings.items() if key in _SETTINGS},
    }  # fmt: skip
    project = Project(id=number, path=path, facts=facts, git=git, members={owner["id"]: OWNER})
    store.projects[number] = project
    return project


def shown(call: Call, project: Project) -> Json:
    level = project.level(call.user)
    granted = {"access_level": level, "notification_level": 3} if level else None
    return project.facts | {"permissions": {"project_access": granted, "group_access": None}}


def projects(call: Call) -> list[Json]:
    owned = call.data.get("owned") in {"True", "true", True}
    return [
        shown(call, project)
        for project in reversed(call.store.projects.values())
        if (project.members.get(call.user["id"]) == OWNER if owned else project.level(call.user))
        and call.data.get("search", "") in project.path
    ]


def make_project(call: Call) -> Json:
    call.need("name")
    path = f"{call.user['username']}/{slug(call.data['name'])}"
    if any(project.path == path for project in call.store.projects.values()):
        raise Failed(400, {"path": ["has already been taken"]})
    call.status = 201
    settings = {key: value for key, value in call.data.items() if key != "name"}
    return shown(call, add_project(call.store, call.origin, path, call.user, **settings))


def change_project(call: Call) -> Json:
    if call.project.level(call.user) < MAINTAINER:
        raise Failed(403, "403 Forbidden")
    call.project.facts |= {key: value for key, value in call.data.items() if key in _SETTINGS}
    return shown(call, call.project)


def drop_project(call: Call) -> Json:
    del call.store.projects[call.project.id]
    call.status = 202
    return {"message": "202 Accepted"}


def members(call: Call) -> list[Json]:
    users = {user["id"]: user for user in call.store.users.values()}
    return [person(users[number]) | {"access_level": level} for number, level in call.project.members.items()]


def add_member(call: Call) -> Json:
    call.need("user_id", "access_level")
    call.project.members[int(call.data["user_id"])] = call.data["access_level"]
    call.status = 201
    return find(members(call), "id", call.data["user_id"], "Member")


def drop_member(call: Call) -> None:
    if call.project.members.pop(int(call.args[1]), None) is None:
        raise missing("Member")
    call.status = 204


def member(call: Call) -> Json:
    return find(members(call), "id", call.args[1], "Member")


def protections(call: Call) -> list[Json]:
    if call.project.level(call.user) < MAINTAINER:
        raise Failed(403, "403 Forbidden")
    return list(call.project.protected.values())


def protection(call: Call) -> Json:
    return find(protections(call), "name", call.args[1], "Not found")


def protect(call: Call) -> Json:
    call.need("name")
    protections(call)
    data, levels = call.data, ("push_access_level", "merge_access_level")
    call.project.protected[data["name"]] = {
        "id": call.store.number(),
        "name": data["name"],
        "allow_force_push": bool(data.get("allow_force_push")),
        **{f"{name}s": [{"access_level": data.get(name, MAINTAINER)}] for name in levels},
    }
    call.status = 201
    return call.project.protected[data["name"]]


def change_protection(call: Call) -> Json:
    found = protection(call)
    found |= {key: value for key, value in call.data.items() if key in found}
    return found


def unprotect(call: Call) -> None:
    del call.project.protected[protection(call)["name"]]
    call.status = 204


def _kept(kind: str, key: str, *required: str) -> dict[str, Endpoint]:
    """Labels and milestones: kept as they are sent."""

    def entries(call: Call) -> list[Json]:
        found: list[Json] = getattr(call.project, kind)
        return found

    def entry(call: Call) -> Json:
        return find(entries(call), key, call.args[1], kind.removesuffix("s").title())

    def make(call: Call) -> Json:
        call.need(*required)
        if any(one.get("name", "") == call.data.get("name") for one in entries(call)):
            raise Failed(409, "Label already exists")
        times = {"created_at": call.now, "updated_at": call.now}
        made = {"id": call.store.number(), "iid": len(entries(call)) + 1, "state": "active", **times, **call.data}
        entries(call).append(made)
        call.status = 201
        return made

    def change(call: Call) -> Json:
        found, data = entry(call), dict(call.data)
        if "new_name" in data:
            data["name"] = data.pop("new_name")
        if data.pop("state_event", None) == "close":
            data["state"] = "closed"
        found |= {**data, "updated_at": call.now}
        return found

    def drop(call: Call) -> None:
        entries(call).remove(entry(call))
        call.status = 204

    here = f"projects/:x/{kind}"
    return {
        f"GET {here}": entries,
        f"POST {here}": make,
        f"GET {here}/:x": entry,
        f"PUT {here}/:x": change,
        f"DELETE {here}/:x": drop,
    }


def holding(call: Call) -> list[Json]:
    milestone = int(call.args[1])
    held = call.project.issues if call.args[2] == "issues" else call.project.requests
    return [one for one in held if (one["milestone"] or {}).get("id") == milestone]


def rename_label(call: Call) -> Json:
    found = find(call.project.labels, "name", call.data["name"], "Label")
    found["name"] = call.data.get("new_name", found["name"])
    return found


def subscribe(call: Call) -> Json:
    call.status = 201
    return find(call.project.labels, "name", call.args[1], "Label") | {"subscribed": call.args[2] == "subscribe"}


def issues(call: Call) -> list[Json]:
    data = call.data
    wanted = labels_of(data.get("labels"))
    iids = data.get("iids")
    found = [
        issue
        for issue in call.project.issues
        if data.get("state") in {None, "all", issue["state"]}
        and (data.get("updated_after") is None or issue["updated_at"] >= utc(data["updated_after"]))
        and (wanted == [] or (wanted == ["None"]) is (issue["labels"] == []))
        and (wanted in ([], ["None"], ["Any"]) or set(wanted) <= set(issue["labels"]))
        and (iids is None or str(issue["iid"]) in map(str, iids if isinstance(iids, list) else [iids]))
        and data.get("milestone") in {None, (issue["milestone"] or {}).get("title")}
    ]
    order = data.get("order_by", "created_at")
    return sorted(found, key=lambda one: (one[order], one["iid"]), reverse=data.get("sort", "desc") == "desc")


def issue(call: Call) -> Json:
    return find(call.project.issues, "iid", call.args[1], "Issue")


def make_issue(call: Call) -> Json:
    call.need("title")
    project, iid = call.project, len(call.project.issues) + 1
    made = {
        "id": call.store.number(),
        "iid": iid,
        "project_id": project.id,
        "title": call.data["title"],
        "description": call.data.get("description"),
        "state": "opened",
        "labels": labels_of(call.data.get("labels")),
        "milestone": None,
        "author": person(call.user),
        "created_at": call.now,
        "updated_at": call.now,
        "time_stats": {"time_estimate": 0, "total_time_spent": 0},
        "web_url": f"{project.facts['web_url']}/-/issues/{iid}",
        "_type": "Issue",
    }  # fmt: skip
    project.issues.append(made)
    call.status = 201
    return _changed(call, made)


def change_issue(call: Call) -> Json:
    return _changed(call, issue(call))


def _changed(call: Call, found: Json) -> Json:
    project, data = call.project, call.data
    for name in ("title", "description"):
        found[name] = data.get(name, found[name])
    if "labels" in data:
        for name in sorted(set(labels_of(data["labels"])) ^ set(found["labels"])):
            add_event(project, "issues", "label", found, call, label={"name": name})
        found["labels"] = labels_of(data["labels"])
    if "milestone_id" in data:
        found["milestone"] = find(project.milestones, "id", data["milestone_id"], "Milestone")
        add_event(project, "issues", "milestone", found, call, milestone=found["milestone"])
    if data.get("state_event") in {"close", "reopen"}:
        found["state"] = "closed" if data["state_event"] == "close" else "opened"
    found["updated_at"] = call.now
    return found


def no_list(call: Call) -> list[Json]:
    issue(call)
    return []


def authors(call: Call) -> list[Json]:
    return [issue(call)["author"]]


def add_user(store: Store, origin: str, username: str, name: str, email: str, *, admin: bool = False) -> Json:
    """An account."""
    user = {"id": store.number(), "username": username, "name": name, "email": email, "state": "active",
            "avatar_url": None, "web_url": f"{origin}/{username}", "is_admin": admin}  # fmt: skip
    store.users[username] = user
    return user


def myself(call: Call) -> Json:
    return call.user


def make_user(call: Call) -> Json:
    call.need("email", "username", "name")
    call.status = 201
    return add_user(call.store, call.origin, call.data["username"], call.data["name"], call.data["email"])


def user(call: Call) -> Json:
    return find(list(call.store.users.values()), "id", call.args[0], "User")


def drop_user(call: Call) -> None:
    del call.store.users[user(call)["username"]]
    call.status = 204


def token(call: Call) -> Json:
    if call.token.job:
        raise missing("Token")
    return {"id": 1, "name": "token", "scopes": list(call.token.scopes), "active": True, "revoked": False}


def version(call: Call) -> Json:
    return {"version": "18.5.0", "revision": "facade"}


def slug(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name).lower()


ENDPOINTS: dict[str, Endpoint] = {
    "GET projects": projects,
    "HEAD projects": projects,
    "POST projects": make_project,
    "GET projects/:x": lambda call: shown(call, call.project),
    "HEAD projects/:x": lambda call: shown(call, call.project),
    "PUT projects/:x": change_project,
    "DELETE projects/:x": drop_project,
    "GET projects/:x/members": members,
    "GET projects/:x/members/all": members,
    "GET projects/:x/members/:x": member,
    "POST projects/:x/members": add_member,
    "DELETE projects/:x/members/:x": drop_member,
    "GET projects/:x/protected_branches": protections,
    "POST projects/:x/protected_branches": protect,
    "GET projects/:x/protected_branches/:x": protection,
    "PATCH projects/:x/protected_branches/:x": change_protection,
    "DELETE projects/:x/protected_branches/:x": unprotect,
    **_kept("labels", "name", "name", "color"),
    **_kept("milestones", "id", "title"),
    "GET projects/:x/milestones/:x/(issues|merge_requests)": holding,
    "PUT projects/:x/labels": rename_label,
    "POST projects/:x/labels/:x/(subscribe|unsubscribe)": subscribe,
    "GET projects/:x/issues": issues,
    "POST projects/:x/issues": make_issue,
    "GET projects/:x/issues/:x": issue,
    "PUT projects/:x/issues/:x": change_issue,
    "GET projects/:x/issues/:x/participants": authors,
    "GET projects/:x/issues/:x/(closed_by|related_merge_requests)": no_list,
    **endpoints("issues"),
    "GET user": myself,
    "POST users": make_user,
    "GET users/:x": user,
    "DELETE users/:x": drop_user,
    "GET personal_access_tokens/self": token,
    "GET version": version,
}
