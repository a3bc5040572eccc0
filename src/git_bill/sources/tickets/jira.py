"""Jira: what its REST search answers, its CSV export, and its XML export. Time that was logged has a day, no place.

Jira keeps when a log was begun, which is when it was typed in unless somebody chose otherwise: its day is believed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from git_bill.forge import Ticket
from git_bill.problem import Problem
from git_bill.sources.faults import Faults
from git_bill.sources.tickets import jira_feed, jira_table
from git_bill.sources.tickets.issue import Export, Issue, key, logged
from git_bill.sources.timers.timed import Timed, instant, records, shown, wrong

_EXAMPLE = (
    '{"issues": [{"key": "WEB-12", "fields": {"summary": "Checkout", "worklog": {"worklogs": '
    '[{"id": "7", "author": {"displayName": "Mira"}, "started": "2026-10-05T09:10:00.000+0200", '
    '"timeSpentSeconds": 3900}]}}}]}'
)


def read(text: str, file: str, zone: tzinfo) -> Export:
    """Issues, and the time on them where the file tells it."""
    begin = text.removeprefix("\ufeff").lstrip()[:1]
    if begin == "<":
        return jira_feed.read(text, file, zone)
    if begin not in {"{", "["}:
        return jira_table.read(text, file, zone)
    answer, broken = records(text, file, _EXAMPLE)
    if broken:
        return Export(problems=broken)
    listed = list(_issues(answer))
    if not listed:
        return Export(problems=(wrong(file, 1, "this is no answer of Jira with issues", _EXAMPLE, error=True),))
    issues: list[Issue] = []
    times: list[Timed] = []
    faults, cut = Faults(), list[Problem]()
    for number, found in faults.watched(enumerate(listed, 1)):
        try:
            issue = _issue(found, zone)
        except (ValueError, OverflowError) as error:
            faults.append(wrong(file, None, f"issue {number} can't be read: {error}", _EXAMPLE))
            continue
        own, bad = _times(found["fields"], issue.ticket.key, file, zone)
        times += own
        for problem in bad:
            faults.append(problem)
        issues.append(replace(issue, logged=issue.logged and not bad))
        if not issue.logged and "worklog" in found["fields"]:
            cut.append(_cut(file, issue.ticket.key))
    if faults.hopeless:
        issues, times = [], []
    return Export(issues=tuple(issues), times=tuple(times), problems=(*faults, *cut))


def _issues(answer: Any) -> Iterator[Any]:
    """Those of a search, of several pages of one, or a single one."""
    if isinstance(answer, list):
        for each in answer:
            yield from _issues(each) if isinstance(each, Mapping) and "issues" in each else [each]
    elif isinstance(answer, Mapping):
        found = answer.get("issues")
        yield from found if isinstance(found, list) else [answer] if "key" in answer else []


def _issue(found: Any, zone: tzinfo) -> Issue:
    fields = found.get("fields") if isinstance(found, Mapping) else None
    if not isinstance(fields, Mapping):
        raise ValueError("it has no fields")
    category = _part(_part(fields, "status"), "statusCategory").get("key")
    estimate = fields.get("timeoriginalestimate") or _part(fields, "timetracking").get("originalEstimateSeconds")
    versions = fields.get("fixVersions")
    milestones = [str(each.get("name")) for each in versions or () if isinstance(each, Mapping)] if versions else []
    labels = fields.get("labels")
    changed = fields.get("updated")
    ticket = Ticket(
        key=key(found.get("key")),
        title=str(fields.get("summary") or ""),
        url="",
        state="closed" if category == "done" or fields.get("resolutiondate") else "open",
        labels=tuple(str(label) for label in labels) if isinstance(labels, list) else (),
        milestone=milestones[0] if milestones else None,
        estimate=estimate // 60 or None if isinstance(estimate, int) and not isinstance(estimate, bool) else None,
    )
    return Issue(
        ticket=ticket,
        project=str(_part(fields, "project").get("key") or ticket.key.rpartition("-")[0]),
        changed=instant(changed, zone) if changed else None,
        logged=_whole(fields.get("worklog")),
    )


def _whole(log: Any) -> bool:
    """Whether all that was logged is there: a search tells the first twenty alone."""
    found = log.get("worklogs") if isinstance(log, Mapping) else None
    if not isinstance(found, list):
        return False
    total = log.get("total", len(found))
    return isinstance(total, int) and total <= len(found)


def _times(fields: Any, ticket: str, file: str, zone: tzinfo) -> tuple[list[Timed], list[Problem]]:
    log = _part(fields, "worklog").get("worklogs")
    times: list[Timed] = []
    problems: list[Problem] = []
    for each in log if isinstance(log, list) else ():
        try:
            times.append(_time(each, ticket, zone))
        except (ValueError, OverflowError) as error:
            problems.append(wrong(file, None, f"a log of {ticket} can't be read: {error}", _EXAMPLE))
    return times, problems


def _time(log: Any, ticket: str, zone: tzinfo) -> Timed:
    if not isinstance(log, Mapping):
        raise ValueError("it is no object")
    seconds = log.get("timeSpentSeconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int):
        raise ValueError(f"{shown(seconds)} is no number of seconds")
    at = instant(log.get("started"), zone).astimezone(zone)
    name = str(log.get("id") or f"{at.isoformat()}:{seconds}")
    return logged(ticket, name, at.date(), seconds, zone=zone, person=_person(log), text=_text(log.get("comment")))


def _person(log: Mapping[str, Any]) -> str:
    author = _part(log, "author")
    told = (author.get(name) for name in ("emailAddress", "displayName", "name", "accountId"))
    return next((name for name in told if isinstance(name, str) and name), "")


def _text(comment: Any) -> str:
    """Plain text, or the words of a document (Jira's API of version 3)."""
    words: list[str] = []
    left = [comment]
    while left:
        part = left.pop()
        if isinstance(part, str):
            words.append(part)
        elif isinstance(part, Mapping):
            left += [part.get("content"), part.get("text")]
        elif isinstance(part, list):
            left += reversed(part)
    return " ".join(" ".join(words).split())


def _part(found: Any, name: str) -> Mapping[str, Any]:
    part = found.get(name) if isinstance(found, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _cut(file: str, ticket: str) -> Problem:
    return Problem(
        rule="worklog-cut",
        severity="warning",
        message=f"the answer does not tell all that was logged on {ticket}: a search tells the first 20",
        hint=f"ask for it: GET /rest/api/2/issue/{ticket}?fields=*all, into a file beside this one",
        file=file,
    )
