"""Commit statuses, which the emulator lacks."""

from tests.testbed.pulls import stamp
from tests.testbed.routes import Call, Route
from tests.testbed.web import Answer, Json, Refusal, paged, said

STATES = ("error", "failure", "pending", "success")
LONGEST = 140  # characters of a description


def _post(call: Call) -> Answer:
    call.require_write()
    (sha,) = call.words
    sent = call.request.document
    if call.hosted.bare.tip(sha) != sha:
        raise Refusal(422, f"No commit found for SHA: {sha}")
    if sent.get("state") not in STATES:
        raise Refusal(422, "Validation Failed", errors=[{"resource": "Status", "code": "custom", "field": "state"}])
    if len(sent.get("description") or "") > LONGEST:
        raise Refusal(422, "Validation Failed", errors=[{"resource": "Status", "field": "description"}])
    statuses = call.hosted.statuses.setdefault(sha, [])
    at = stamp(call.site.clock())
    status = {
        "creator": call.site.users[call.account.login],
        "url": f"{call.url}/statuses/{sha}",
        "avatar_url": call.site.users[call.account.login]["avatar_url"],
        "id": sum(map(len, call.hosted.statuses.values())) + 1,
        "node_id": f"SC_{sha}_{len(statuses)}",
        "state": sent["state"],
        "description": sent.get("description"),
        "target_url": sent.get("target_url"),
        "context": sent.get("context", "default"),
        "created_at": at,
        "updated_at": at,
    }
    statuses.append(status)
    return said(status, 201)


def _combined(call: Call) -> Answer:
    sha = call.commit(call.words[0])
    newest = [_short(status) for status in call.hosted.combined(sha).values()]
    states = {status["state"] for status in newest}
    state = "failure" if states & {"error", "failure"} else "success" if states == {"success"} else "pending"
    document: Json = {
        "state": state,
        "statuses": newest,
        "sha": sha,
        "total_count": len(newest),
        "repository": call.site.emulate(call.hosted.owner, "GET", f"/repos/{call.hosted.full_name}"),
        "commit_url": f"{call.url}/commits/{sha}",
        "url": f"{call.url}/commits/{sha}/status",
    }
    return said(document)


def _list(call: Call) -> Answer:
    sha = call.commit(call.words[0])
    return paged(call.request, call.hosted.statuses.get(sha, [])[::-1], call.site.api)


def _short(status: Json) -> Json:
    return {key: value for key, value in status.items() if key != "creator"}


ROUTES: tuple[Route, ...] = (
    ("POST", "/statuses/([0-9a-f]{40})", _post),
    ("GET", "/commits/(.+)/status", _combined),
    ("GET", "/commits/(.+)/statuses", _list),
)
