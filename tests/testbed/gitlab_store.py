"""What the GitLab facade remembers: accounts, tokens and projects, in the form in which its API tells them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.testbed.bare import Bare, Person

Json = dict[str, Any]
DEVELOPER, MAINTAINER, OWNER = 30, 40, 50


class Failed(Exception):  # noqa: N818  an answer, not an error of the facade
    """An answer that is no success."""

    def __init__(self, status: int, message: Any, **more: Any) -> None:
        self.status, self.document = status, {"message": message, **more}
        super().__init__(message)


def missing(what: str) -> Failed:
    """GitLab's 404."""
    return Failed(404, f"404 {what} Not Found")


class Clock:
    """A minute passes between two requests that write; all that one request writes is of one instant."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 2, 8, tzinfo=UTC)

    def tick(self) -> None:
        self.at += timedelta(minutes=1)

    def __str__(self) -> str:
        return self.at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


@dataclass(slots=True, kw_only=True)
class Token:
    """Who uses it and for what. `job`: a pipeline's own, of one project."""

    user: Json
    scopes: tuple[str, ...] = ("api",)
    job: bool = False


@dataclass(slots=True, kw_only=True)
class Project:
    """A project with its real repository. Lists hold the API's own documents."""

    id: int
    path: str
    facts: Json
    git: Bare
    members: dict[int, int] = field(default_factory=dict)
    protected: dict[str, Json] = field(default_factory=dict)
    labels: list[Json] = field(default_factory=list)
    milestones: list[Json] = field(default_factory=list)
    issues: list[Json] = field(default_factory=list)
    timelogs: list[Json] = field(default_factory=list)
    requests: list[Json] = field(default_factory=list)
    notes: dict[tuple[str, int], list[Json]] = field(default_factory=dict)
    events: dict[tuple[str, str, int], list[Json]] = field(default_factory=dict)
    versions: dict[int, list[Json]] = field(default_factory=dict)
    approvals: dict[int, dict[str, Json]] = field(default_factory=dict)
    reviewers: dict[int, dict[str, Json]] = field(default_factory=dict)
    statuses: list[Json] = field(default_factory=list)

    def branch(self, name: str) -> str | None:
        """The commit that a branch is at."""
        return self.git.tip(f"refs/heads/{name}")

    def may_push(self, user: Json, branch: str) -> bool:
        """Whether an account may push to a branch."""
        level = self.level(user)
        rule = self.protected.get(branch)
        if rule is None:
            return level >= DEVELOPER
        levels = [access["access_level"] for access in rule["push_access_levels"]]
        return any(least and level >= least for least in levels)

    def level(self, user: Json) -> int:
        """An account's access level; administrators are owners everywhere."""
        return OWNER if user.get("is_admin") else self.members.get(user["id"], 0)


@dataclass(slots=True)
class Store:
    """The whole server. `folder`: where its repositories lie."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    users: dict[str, Json] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    last: int = 100

    def number(self) -> int:
        """An id that nothing else has."""
        self.last += 1
        return self.last

    def project(self, name: str, user: Json | None) -> Project:
        """By id or path, where this account may know of it."""
        for project in self.projects.values():
            if name in {str(project.id), project.path}:
                public = project.facts["visibility"] == "public"
                if public or (user is not None and project.level(user)):
                    return project
        raise missing("Project")


@dataclass(slots=True, kw_only=True)
class Call:
    """One request: who asks, for which project, with what. `status` and `headers` of the answer may be set."""

    store: Store
    origin: str
    user: Json
    token: Token
    args: tuple[str, ...]
    data: Json
    method: str
    status: int = 200
    headers: Json = field(default_factory=dict)

    @property
    def project(self) -> Project:
        return self.store.project(self.args[0], self.user)

    def need(self, *names: str) -> None:
        """GitLab's 400 for a field that is not there."""
        for name in names:
            if self.data.get(name) in (None, "", []):
                raise Failed(400, None, error=f"{name} is missing")

    def may_write(self) -> Project:
        """The project, where this account is at least a developer."""
        project = self.project
        if project.level(self.user) < DEVELOPER:
            raise Failed(403, "403 Forbidden")
        return project

    @property
    def now(self) -> str:
        return str(self.store.clock)

    @property
    def person(self) -> Person:
        """The account as the author of a commit that the server makes for it."""
        return Person(name=self.user["name"], email=self.user["email"], at=self.store.clock.at)


Endpoint = Callable[[Call], Any]


def person(user: Json) -> Json:
    """What others see of an account."""
    return {name: user[name] for name in ("id", "username", "name", "state", "avatar_url", "web_url")}


def find(entries: list[Json], key: str, value: Any, what: str) -> Json:
    """The entry with a value."""
    found = next((entry for entry in entries if str(entry[key]) == str(value)), None)
    if found is None:
        raise missing(what)
    return found


def labels_of(data: Any) -> list[str]:
    """A list, or text with commas."""
    return [name for name in (data.split(",") if isinstance(data, str) else data or []) if name]
