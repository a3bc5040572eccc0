"""What a token and a project allow, for `doctor --ci`: asked once, nothing is tried out."""

import re
from typing import TYPE_CHECKING, Any

from gitlab.exceptions import GitlabError

from git_bill.adapters.gitlab.client import Client
from git_bill.adapters.gitlab.records import Answer
from git_bill.forge import Standing

if TYPE_CHECKING:
    from gitlab.v4.objects import Project

_DEVELOPER = 30
_NO_ONE = 0
_TOKENS_OWN = re.compile(r"(project|group)_\d+_bot")


def standing(client: Client, repository: str, account: str, branch: str) -> Standing:
    """Facts of token, project and protected branch. `rules`: `pull_request` where nobody pushes and all is merged,
    `protected_branch` where this account is not among those who push.

    Whether a job's own token may push is a setting of the project; whoever can ask here pushes with another token.
    """
    project = client.projects.get(repository)
    facts = project.attributes
    scopes, level = _scopes(client), _level(facts)
    protection, pushes = _protection(project, branch), _may_push(project, branch)
    rules = []
    if protection is not None and _levels(protection, "push_access_levels") <= {_NO_ONE}:
        rules.append("pull_request")
    elif protection is not None and pushes is False:
        rules.append("protected_branch")
    enabled = facts.get("merge_requests_access_level") != "disabled"
    return Standing(
        account=account,
        private=facts["visibility"] == "private",
        fork="forked_from_project" in facts,
        may_push=pushes if pushes is not None else level is None or level >= _DEVELOPER,
        may_open_pull_requests=enabled and (scopes is None or "api" in scopes) and (level or 0) >= _DEVELOPER,
        scopes=scopes,
        rules=tuple(rules),
        writers=_writers(project, protection),
    )


def _scopes(client: Client) -> tuple[str, ...] | None:
    """Of a personal, group or project token; others do not tell."""
    try:
        return tuple(client.personal_access_tokens.get("self").attributes["scopes"])
    except GitlabError as error:
        if error.response_code not in {400, 404}:
            raise
        return None


def _level(facts: Answer) -> int | None:
    """The account's own level in a project, through itself or its group."""
    granted = [access for access in (facts.get("permissions") or {}).values() if access]
    return max((access["access_level"] for access in granted), default=None)


def _may_push(project: "Project", branch: str) -> bool | None:
    """Whether this account may push to a branch; None while there is no such branch."""
    try:
        return bool(project.branches.get(branch).attributes["can_push"])
    except GitlabError as error:
        if error.response_code != 404:
            raise
        return None


def _protection(project: "Project", branch: str) -> Answer | None:
    """Who may push to and merge into a branch; None where it is not protected or that is not told to Developers."""
    try:
        return project.protectedbranches.get(branch).attributes
    except GitlabError as error:
        if error.response_code != 404:
            raise
        return None


def _levels(protection: Answer, kind: str) -> set[int]:
    return {access["access_level"] for access in protection[kind] if access.get("access_level") is not None}


def _writers(project: "Project", protection: Answer | None) -> tuple[str, ...]:
    """Members who can push or merge, and so can issue; no accounts of project and group tokens."""
    named: set[Any] = set()
    least = _DEVELOPER
    if protection is not None:
        kinds = ("push_access_levels", "merge_access_levels")
        named = {access.get("user_id") for kind in kinds for access in protection[kind]}
        allowed = set().union(*(_levels(protection, kind) for kind in kinds)) - {_NO_ONE}
        least = min(allowed, default=100)
    members = project.members_all.list(iterator=True)
    able = (m for m in members if m.access_level >= least or m.id in named)
    return tuple(sorted(m.username for m in able if not _TOKENS_OWN.match(m.username)))
