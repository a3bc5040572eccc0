"""Whose work is: of recorded time by what its program calls project, client, tags and text, of commits by ticket,
branch and paths.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from git_bill.shape import key
from git_bill.worklog.evidence import Evidence

INTERNAL = "internal"  # a client whose work uses minutes and is never billed
SourceKind = Literal[
    "git",
    "timewarrior",
    "watson",
    "toggl",
    "clockify",
    "harvest",
    "solidtime",
    "timeclock",
    "timedot",
    "org",
    "wakatime",
    "activitywatch",
    "calendar",
    "busy",
    "slack",
    "jira",
    "linear",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What must fit, all of what is given. `*` stands for anything; case does not matter.

    A pattern that ends in `/` or `-` is the beginning of what fits: `hobby/`, `ACM-`.
    """

    project: str | None = key("its project", example='"web-*"', default=None)
    client: str | None = key("its client", example='"Acme*"', default=None)
    tag: str | None = key("one of its tags", example='"acme"', default=None)
    text: str | None = key("what its text contains", example='"standup"', default=None)
    ticket: str | None = key("its ticket", example='"WEB-*"', default=None)
    branch: str | None = key("the branch of a commit", example='"beta/*"', default=None)
    path: str | None = key("at least half of the files that a commit changed", example='"apps/beta/*"', default=None)

    def fits(self, record: Evidence) -> bool:
        """Whether a record is meant."""
        return all(
            wanted is None or any(_like(text, wanted) for text in texts)
            for wanted, texts in (
                (self.project, (record.project,)),
                (self.client, (record.client,)),
                (self.tag, record.labels),
                (f"*{self.text}*" if self.text is not None else None, (record.text,) if record.text else ()),
                (self.ticket, (record.ticket,) if record.ticket else ()),
                (self.branch, (record.branch,) if record.branch else ()),
            )
        ) and (self.path is None or self.path in record.paths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where work that fits goes. The client `internal` uses minutes and is never billed."""

    match: Match = key("what must fit", example='{ project = "web-*" }', one_line=True)
    client: str = key("id of the client it is for", example='"acme"')
    project: str = key("project its work belongs to", example='"web-shop"', default="")

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Something must be asked for: a route that everything fits is the source's own client."""
        if self.match == Match():
            yield "match", "says nothing", 'write it like match = { project = "web-*" }'


def assigned(record: Evidence, routes: Iterable[Route], client: str, project: str) -> tuple[str, str] | None:
    """Client and project of the first route that fits, else the source's own; None where it has no client."""
    for route in routes:
        if route.match.fits(record):
            return route.client, route.project or project
    return (client, project) if client else None


def names_in(record: Evidence) -> frozenset[str]:
    """What a program may mean as a project's name: `acme:Web Shop` is `acme-web-shop`, `acme` and `web-shop`."""
    return frozenset(filter(None, (_plain(part) for part in (record.project, *re.split(r"[:./]", record.project)))))


def paths_of(changed: Sequence[str], patterns: Iterable[str]) -> tuple[str, ...]:
    """The patterns that at least half of the changed files fit."""
    return tuple(one for one in patterns if changed and 2 * sum(_like(path, one) for path in changed) >= len(changed))


def _like(text: str, pattern: str) -> bool:
    whole = f"{pattern}*" if pattern.endswith(("/", "-")) else pattern
    return fnmatchcase(text.casefold(), whole.casefold())


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
