"""What others tell of the work: forges and trackers of tickets, pull requests and reviews; notes of commits.

It says what repeats what; a contributor's reviews are work of their own, see `reviewed`.

Each change of one is a record of its own: the latest counts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from git_bill.worklog.assignment import assigned
from git_bill.worklog.entry import evidence_name
from git_bill.worklog.evidence import Evidence, newest
from git_bill.worklog.piece import Origin

TICKET, PULL, REVIEW, NOTE, VISIT = "ticket", "pull", "review", "note", "visit"
TAG, MILESTONE = "tag", "milestone"
OF_FORGES = frozenset({TICKET, PULL, REVIEW, MILESTONE})
TOLD = OF_FORGES | {NOTE, VISIT, TAG}
# A squash is made when it is merged; rebased commits keep the time that they were made.
_WHILE_MERGING = timedelta(minutes=10)

Title = tuple[str, str]  # project and number of a ticket
Fact = TypeVar("Fact")


def number_of(ticket: str) -> str:
    """The number that a forge gave a ticket, however it is written: `#12` and `12` are one."""
    return ticket.lstrip("#!")


def number_of_review(review: Evidence) -> str:
    """The number of the pull request that a review is of."""
    return review.key.split(":")[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tickets:
    """What is told of tickets, by project and number; nothing where two sources tell different."""

    titles: Mapping[Title, str] = field(default_factory=dict)
    labels: Mapping[Title, tuple[str, ...]] = field(default_factory=dict)
    milestones: Mapping[Title, str] = field(default_factory=dict)


def titles(told: Iterable[Evidence], origins: Mapping[str, Origin]) -> Mapping[Title, str]:
    """Titles of tickets by project and number; `origins` by source. None where two sources tell different."""
    return tickets(told, origins).titles


def tickets(told: Iterable[Evidence], origins: Mapping[str, Origin]) -> Tickets:
    """What is told of tickets; `origins` by source.

    A key such as WEB-12, of a tracker that is of no project, is of all projects of its client.
    """
    projects: dict[str, set[str]] = defaultdict(lambda: {""})
    for origin in origins.values():
        projects[origin.client].add(origin.project)
    found: dict[Title, list[Evidence]] = defaultdict(list)
    for record in newest(told, TICKET).values():
        whence = origins.get(record.source)
        whose = assigned(record, whence.routes, whence.client, whence.project) if whence else None
        if whose is not None and record.ticket:
            client, project = whose
            number = number_of(record.ticket)
            # a number is of a forge's own repository, all of it, whoever its routes give a commit to
            routed = {r.project or whence.project for r in whence.routes} if whence and number.isdecimal() else set()
            for each in {project, *routed} if project or number.isdecimal() else projects[client]:
                found[each, number].append(record)
    return Tickets(
        titles=_agreed(found, lambda record: record.text),
        labels=_agreed(found, lambda record: record.labels),
        milestones=_agreed(found, lambda record: record.milestone),
    )


def _agreed(found: Mapping[Title, list[Evidence]], fact: Callable[[Evidence], Fact | None]) -> Mapping[Title, Fact]:
    """A fact of each ticket, where all that is told of it is the same."""
    told = {key: {fact(record) for record in records} for key, records in found.items()}
    return {key: one for key, (one, *others) in told.items() if one and not others}


def originals(facts: Iterable[Evidence], told: Iterable[Evidence]) -> Mapping[str, tuple[str, ...]]:
    """Commits that a forge made of others when it merged them: key of the squash → keys of its author's own commits.

    Only what is on file counts as an original; without any, the squash is all that is known of the work.
    """
    known: dict[tuple[str, str], Evidence] = {(record.source, record.key): record for record in facts}
    found: dict[str, tuple[str, ...]] = {}
    for pull in newest(told, PULL).values():
        squash = known.get((pull.source, pull.commit or ""))
        if squash is None or squash.parents != 1 or abs(squash.at - pull.at) > _WHILE_MERGING:
            continue
        own = (known.get((pull.source, key)) for key in pull.covers if key != squash.key)
        keys = tuple(r.key for r in own if r is not None and r.contributor == squash.contributor and r.at != squash.at)
        if keys:
            found[squash.key] = keys
    return found


def by_commit(told: Iterable[Evidence]) -> Mapping[str, tuple[Evidence, ...]]:
    """Commit → its notes, the pull requests that it is in or that it became, and the reviews of these; by number."""
    records = tuple(told)
    found: dict[str, list[Evidence]] = defaultdict(list)
    for note in records:
        if note.kind == NOTE and note.commit:
            found[note.commit].append(note)
    reviews: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for (source, _), review in sorted(newest(records, REVIEW).items()):
        reviews[source, number_of_review(review)].append(review)
    for (source, name), pull in sorted(newest(records, PULL).items()):
        own = reviews.get((source, name.partition(":")[2]), [])
        for commit in dict.fromkeys((*pull.covers, *([pull.commit] if pull.commit else []))):
            found[commit] += (pull, *own)
    return {commit: tuple(some) for commit, some in found.items()}


def begun(told: Iterable[Evidence]) -> Mapping[str, int]:
    """Commit, as entries name it → the minute in which its author went to the branch that it was made on."""
    return {
        evidence_name(record.source, record.commit): int(record.at.timestamp()) // 60
        for record in told
        if record.kind == VISIT and record.commit
    }


def covered(facts: Iterable[Evidence], told: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The facts, each squash covering the commits that it was made of."""
    records = tuple(facts)
    more = originals(records, told)
    return tuple(
        replace(r, covers=tuple(dict.fromkeys((*r.covers, *more[r.key])))) if r.key in more else r for r in records
    )
