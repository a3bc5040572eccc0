"""Repository, collaborators, rules, settings, issues: what the emulator lacks or says otherwise than GitHub."""

from typing import Any

from tests.testbed.accounts import Access, account
from tests.testbed.hosted import Hosted, Role
from tests.testbed.pulls import stamp
from tests.testbed.routes import Call, Route
from tests.testbed.site import Site
from tests.testbed.web import Answer, Json, Refusal, paged, said

ROLES: tuple[Role, ...] = ("read", "triage", "write", "maintain", "admin")
FLAGS = ("pull", "triage", "push", "maintain", "admin")  # GitHub's older names, in the same order
PAGE = 100


def repository_document(site: Site, hosted: Hosted, access: Access) -> Json:
    """A repository as its caller sees it."""
    document: Json = site.emulate(hosted.owner, "GET", f"/repos/{hosted.full_name}")
    role = "write" if access.kind in {"job", "app"} else hosted.role(access.account)
    at = stamp(hosted.pushed_at) or document["created_at"]
    document |= {"private": hosted.private, "pushed_at": at, "network_count": 0, "subscribers_count": 0}
    document["permissions"] = _flags(role)
    document["visibility"] = "private" if hosted.private else "public"
    document["delete_branch_on_merge"] = hosted.delete_branch_on_merge
    if hosted.parent is not None:
        parent = repository_document(site, hosted.parent, access)
        document |= {"fork": True, "parent": parent, "source": parent}
    return document


def _flags(role: Role | None) -> dict[str, bool]:
    level = ROLES.index(role) if role else -1
    return {name: level >= index for index, name in enumerate(FLAGS)}


def _repository(call: Call) -> Answer:
    return said(repository_document(call.site, call.hosted, call.access))


def _collaborators(call: Call) -> Answer:
    call.require_write()
    wanted = call.request.query.get("permission", "pull")
    people: dict[str, Role] = {call.hosted.owner.login: "admin", **call.hosted.collaborators}
    people = {login: role for login, role in people.items() if _flags(role)[wanted]}
    rows = [call.site.users[login] | {"permissions": _flags(role), "role_name": role} for login, role in people.items()]
    return paged(call.request, rows, call.site.api)


def _permission(call: Call) -> Answer:
    (login,) = call.words
    if login not in call.site.users:
        raise Refusal(404, f"{login} is not a user")
    role = call.hosted.role(account(login))
    older = {"maintain": "write", "triage": "read", None: "none"}.get(role, role)
    user = call.site.users[login] | {"permissions": _flags(role), "role_name": role or "none"}
    return said({"permission": older, "role_name": role or "none", "user": user})


def _rules(call: Call) -> Answer:
    if not call.hosted.rules:
        raise Refusal(403, "Upgrade to GitHub Pro or make this repository public to enable this feature.")
    protection = call.hosted.protection.get(call.words[0])
    rules = protection.rules if protection and not protection.classic else {}  # the older form is not told here
    source = {"ruleset_source_type": "Repository", "ruleset_source": call.hosted.full_name, "ruleset_id": 42}
    rows = [{"type": name} | ({"parameters": given} if given else {}) | source for name, given in rules.items()]
    return paged(call.request, rows, call.site.api)


def _workflow_permissions(call: Call) -> Answer:
    if call.hosted.role(call.account) != "admin":
        raise Refusal(403, "Must have admin rights to Repository.")
    may = call.hosted.actions_may_open
    return said({"default_workflow_permissions": "read", "can_approve_pull_request_reviews": may})


def _fork(call: Call) -> Answer:
    name = call.request.document.get("name", call.hosted.name)
    fork = call.site.add(call.account, name, private=call.hosted.private, parent=call.hosted)
    return said(repository_document(call.site, fork, call.access), 202)


def _issues(call: Call) -> Answer:
    """GitHub lists pull requests among the issues; the emulator does not."""
    query = call.request.query
    kept = {key: value for key, value in query.items() if key not in {"page", "per_page"}}
    rows = _all(call, "issues", kept)
    shared = {key: value for key, value in kept.items() if key == "state"}
    labels = set(filter(None, query.get("labels", "").split(",")))
    for pull in _all(call, "pulls", shared):
        fits = labels <= {label["name"] for label in pull["labels"]} and pull["updated_at"] >= query.get("since", "")
        if fits and "assignee" not in query and "milestone" not in query:
            rows.append(as_issue(call, pull))
    order = "updated_at" if query.get("sort") == "updated" else "created_at"
    rows.sort(key=lambda row: (row[order], row["number"]), reverse=query.get("direction", "desc") == "desc")
    return paged(call.request, rows, call.site.api)


def _all(call: Call, what: str, query: Json) -> list[Any]:
    """Every page that the emulator has."""
    rows: list[Any] = []
    arguments = "".join(f"&{key}={value}" for key, value in query.items())
    for page in range(1, PAGE):
        path = f"/repos/{call.hosted.full_name}/{what}?per_page={PAGE}&page={page}{arguments}"
        found = call.site.emulate(call.hosted.owner, "GET", path)
        rows += found
        if len(found) < PAGE:
            break
    return rows


def as_issue(call: Call, pull: Json) -> Json:
    """The issue that each pull request is to GitHub."""
    url = f"{call.url}/issues/{pull['number']}"
    same = (
        "id node_id number title user labels state locked assignee assignees milestone created_at updated_at"
        " closed_at body author_association"
    )
    merged = call.hosted.pulls[pull["number"]].merged_at
    links = {name: pull[name] for name in ("url", "html_url", "diff_url", "patch_url")}
    return {name: pull[name] for name in same.split()} | {
        "url": url,
        "repository_url": call.url,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": pull["html_url"],
        "active_lock_reason": None,
        "comments": pull.get("comments", 0),
        "pull_request": links | {"merged_at": stamp(merged)},
    }


def _issue(call: Call) -> Answer:
    number = int(call.words[0])
    if number not in call.hosted.pulls:
        return call.forward()
    path = f"/repos/{call.hosted.full_name}/pulls/{number}"
    return said(as_issue(call, call.site.emulate(call.hosted.owner, "GET", path)))


def _react(call: Call) -> Answer:
    about, content = "/".join(call.words), call.request.document.get("content")
    reactions = call.hosted.reactions.setdefault(about, [])
    user = call.site.users[call.account.login]
    for one in reactions:
        if one["content"] == content and one["user"] == user:
            return said(one)
    number = sum(map(len, call.hosted.reactions.values())) + 1
    at = stamp(call.site.clock())
    reactions.append({"id": number, "node_id": f"R_{number}", "user": user, "content": content, "created_at": at})
    return said(reactions[-1], 201)


def _reactions(call: Call) -> Answer:
    return paged(call.request, call.hosted.reactions.get("/".join(call.words), []), call.site.api)


def _forward(call: Call) -> Answer:
    return call.forward()


def _manage(call: Call) -> Answer:
    call.require_write()
    return call.forward()


def _change_comment(call: Call) -> Answer:
    """One's own, or anybody's for who may write."""
    document = call.site.emulate(
        call.hosted.owner, "GET", f"/repos/{call.hosted.full_name}/issues/comments/{call.words[0]}"
    )
    if document["user"]["login"] != call.account.login:
        call.require_write()
    return call.forward()


ROUTES: tuple[Route, ...] = (
    ("GET", "", _repository),
    ("GET", "/collaborators", _collaborators),
    ("GET", "/collaborators/([^/]+)/permission", _permission),
    ("GET", "/rules/branches/(.+)", _rules),
    ("GET", "/actions/permissions/workflow", _workflow_permissions),
    ("POST", "/forks", _fork),
    ("GET", "/issues", _issues),
    ("POST", "/issues", _forward),
    ("GET", r"/issues/(\d+)", _issue),
    ("PATCH", r"/issues/(\d+)", _manage),
    ("GET", r"/issues/\d+/comments", _forward),
    ("POST", r"/issues/\d+/comments", _forward),
    ("GET", r"/issues/comments/(\d+)", _forward),
    ("PATCH", r"/issues/comments/(\d+)", _change_comment),
    ("DELETE", r"/issues/comments/(\d+)", _change_comment),
    ("GET", r"/(issues)/(\d+)/reactions", _reactions),
    ("POST", r"/(issues)/(\d+)/reactions", _react),
    ("GET", r"/(issues/comments)/(\d+)/reactions", _reactions),
    ("POST", r"/(issues/comments)/(\d+)/reactions", _react),
    ("GET", r"/issues/\d+/labels", _forward),
    ("POST", r"/issues/\d+/labels", _manage),
    ("PUT", r"/issues/\d+/labels", _manage),
    ("DELETE", r"/issues/\d+/labels(/.+)?", _manage),
    ("GET", "/labels(/.+)?", _forward),
    ("POST", "/labels", _manage),
    ("PATCH", "/labels/.+", _manage),
    ("GET", r"/milestones(/\d+)?", _forward),
    ("POST", "/milestones", _manage),
)
