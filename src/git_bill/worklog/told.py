"""What a forge tells of the work: tickets, pull requests and reviews. It adds no minutes; it says what repeats what.

Each change of one is a record of its own: the latest counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from git_bill.worklog.evidence import Evidence

TICKET, PULL, REVIEW = "ticket", "pull", "review"
TOLD = frozenset({TICKET, PULL, REVIEW})
# A squash is made when it is merged; rebased commits keep the time that they were made.
_WHILE_MERGING = timedelta(minutes=10)

Title = tuple[str, str]  # project and number of a ticket


def number_of(ticket: str) -> str:
    """The number that a forge gave a ticket, however it is written: `#12` and `12` are one."""
    return ticket.lstrip("#!")


def newest(told: Iterable[Evidence], kind: str) -> Mapping[tuple[str, str], Evidence]:
    """The latest record of each thing of a kind, by source and what comes before the `@` of its key."""
    found: dict[tuple[str, str], Evidence] = {}
    for record in sorted((r for r in told if r.kind == kind), key=lambda r: (r.committed or r.at, r.key)):
        found[record.source, record.key.partition("@")[0]] = record
    return found


def titles(told: Iterable[Evidence], projects: Mapping[str, str]) -> Mapping[Title, str]:
    """Titles of tickets by project and number; `projects`: source → project. None where two sources tell different."""
    found: dict[Title, set[str]] = defaultdict(set)
    for record in newest(told, TICKET).values():
        if record.source in projects and record.ticket:
            found[projects[record.source], number_of(record.ticket)].add(record.text)
    return {key: title for key, (title, *others) in found.items() if not others}


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
    """Commit → the pull requests that it is in or that it became, and the reviews of these; by number."""
    records = tuple(told)
    found: dict[str, list[Evidence]] = defaultdict(list)
    reviews = [record for _, record in sorted(newest(records, REVIEW).items())]
    for (source, name), pull in sorted(newest(records, PULL).items()):
        number = name.partition(":")[2]
        own = [r for r in reviews if r.source == source and r.key.split(":")[1] == number]
        for commit in dict.fromkeys((*pull.covers, *([pull.commit] if pull.commit else []))):
            found[commit] += (pull, *own)
    return {commit: tuple(some) for commit, some in found.items()}


def covered(facts: Iterable[Evidence], told: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The facts, each squash covering the commits that it was made of."""
    records = tuple(facts)
    more = originals(records, told)
    return tuple(
        replace(r, covers=tuple(dict.fromkeys((*r.covers, *more[r.key])))) if r.key in more else r for r in records
    )
