"""What GitHub lets a token and a repository do. What it does not tell this token is None."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

from git_bill.adapters.github.client import Fields, Place
from git_bill.adapters.github.failure import Failure
from git_bill.forge import Standing

T = TypeVar("T")
JOB = "github-actions[bot]"
# Names that branch protection has for what rulesets call otherwise.
_PROTECTION = {
    "required_pull_request_reviews": "pull_request",
    "required_status_checks": "required_status_checks",
    "required_signatures": "required_signatures",
    "required_linear_history": "required_linear_history",
    "restrictions": "update",
    "lock_branch": "update",
}


def account(there: Place) -> str:
    """Whose token it is. Installations have no user: GraphQL tells their name; else a job's is GitHub's own."""
    try:
        return there.client.get("/user").text("login")
    except Failure as failure:
        if failure.status not in {403, 404}:
            raise
    try:
        return there.client.graph("query { viewer { login } }").text("data", "viewer", "login")
    except Failure:
        if there.client.bearer != "job":
            raise
        return JOB


def standing(there: Place, branch: str, account: str) -> Standing:
    """Settings and rights as far as this token may see them."""
    headers, data = there.client.send("GET", there.path)
    found = Fields(data if isinstance(data, dict) else {})
    scopes = headers.get("x-oauth-scopes")
    listed = None if scopes is None else tuple(scope for each in scopes.split(",") if (scope := each.strip()))
    may_push = found.flag("permissions", "push")
    return Standing(
        account=account,
        private=found.flag("private"),
        fork=found.flag("fork"),
        may_push=False if found.flag("archived") else may_push,
        may_open_pull_requests=_may_open(there, listed),
        scopes=listed,
        rules=_rules(there, branch),
        writers=_told(lambda: _writers(there)),
    )


def _may_open(there: Place, scopes: tuple[str, ...] | None) -> bool | None:
    """A job's token may where the setting says so; a classic one with the scope for it."""
    if there.client.bearer == "job":
        setting = _told(lambda: there.client.get(f"{there.path}/actions/permissions/workflow"))
        return None if setting is None else setting.flag("can_approve_pull_request_reviews")
    return None if scopes is None else bool({"repo", "public_repo"} & set(scopes))


def _rules(there: Place, branch: str) -> tuple[str, ...] | None:
    """What rulesets and branch protection demand of a push."""
    name = quote(branch, safe="")
    try:
        rulesets = [rule.text("type") for rule in there.client.all(f"{there.path}/rules/branches/{name}")]
    except Failure as failure:
        if "upgrade to github" in failure.words.lower():
            return ()  # the plan has no rules for private repositories
        if failure.status not in {403, 404}:
            raise
        return None
    return tuple(dict.fromkeys((*rulesets, *_protection(there, name))))


def _protection(there: Place, name: str) -> tuple[str, ...]:
    found = there.found(f"/branches/{name}")
    if found is None or not found.flag("protected"):
        return ()
    whole = _told(lambda: there.client.get(f"{there.path}/branches/{name}/protection"))
    if whole is None:  # for administrators only
        checks = found.maybe("protection", "required_status_checks", "enforcement_level")
        return ("required_status_checks",) if checks not in {None, "off"} else ("protected",)
    named = (rule for key, rule in _PROTECTION.items() if _on(whole, key))
    return tuple(named) or ("protected",)


def _on(protection: Fields, key: str) -> bool:
    value = protection.data.get(key)
    return bool(value.get("enabled", True)) if isinstance(value, dict) else False


def _writers(there: Place) -> tuple[str, ...]:
    listed = there.client.all(f"{there.path}/collaborators", permission="push")
    able = (found for found in listed if found.flag("permissions", "push") is not False)
    return tuple(sorted(found.text("login") for found in able))


def _told(call: Callable[[], T]) -> T | None:
    """An answer, None where this token may not have it."""
    try:
        return call()
    except Failure as failure:
        if failure.status not in {403, 404} or failure.limited:
            raise
        return None
