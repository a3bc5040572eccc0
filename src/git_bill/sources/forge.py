"""Evidence from a forge: tickets, pull requests with the commits that they were made of, and reviews.

Each state of a thing is one record whose key holds a digest of what it says, so that a second look adds nothing.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from git_bill.forge import Review, Submission, Ticket, Tracker
from git_bill.problem import Problem
from git_bill.sources.commit import Found, commit_of, in_order
from git_bill.worklog.evidence import Evidence, to_line
from git_bill.worklog.ticket import ticket_in
from git_bill.worklog.told import OF_FORGES, PULL, REVIEW, TICKET, TOLD

_OVERLAP = timedelta(hours=1)  # clocks of forges and of this machine
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 200  # characters of a text that others wrote


def read(
    forge: Tracker,
    source: str,
    *,
    people: Mapping[str, str],
    ticket_pattern: str,
    known: Iterable[Evidence],
    start: datetime | None,
    now: datetime,
) -> Found:
    """What changed there since it was last looked at. `people`: login name in lower case → contributor.

    `known`: the source's evidence, on file and new. Pull requests count that a contributor opened or has commits in;
    reviews are a contributor's own, on any pull request: what its title names is their ticket. Raises Stop (exit 5)
    where the forge does not answer.
    """
    on_file = tuple(known)
    keys = {record.key for record in on_file}
    commits = {commit_of(record.key) for record in on_file if record.kind not in TOLD}
    since = _since(on_file, start)
    found = [_ticket(ticket, source, now) for ticket in forge.tickets(since)]
    missing: list[Submission] = []
    for submission in forge.submissions(since):
        who = people.get(submission.author.lower(), "")
        found += _reviews(submission, source, people, ticket_pattern)
        if not who and commits.isdisjoint(submission.commits):
            continue
        found.append(_submission(submission, source, who, now))
        if who and not commits.issuperset(submission.commits) and submission.merged_as in commits:
            missing.append(submission)
    fresh = {record.key: record for record in found if record.key not in keys}
    return Found(evidence=in_order(fresh.values()), problems=tuple(_unseen(forge.name, missing, source, commits)))


def _since(on_file: Iterable[Evidence], start: datetime | None) -> datetime | None:
    """From when it was not looked at yet: everything up to the latest thing that is on file was."""
    looked = [record.as_of for record in on_file if record.kind in OF_FORGES]
    return max(looked) - _OVERLAP if looked else start


def _ticket(ticket: Ticket, source: str, now: datetime) -> Evidence:
    return _keyed(
        Evidence(
            key=f"{TICKET}:{ticket.key}",
            kind=TICKET,
            source=source,
            contributor="",
            at=now,
            text=ticket.title[:_LONGEST],
            ticket=ticket.key,
            state=ticket.state,
            labels=tuple(sorted(label[:_LONGEST] for label in ticket.labels)),
            milestone=ticket.milestone,
            estimate=ticket.estimate,
        )
    )


def _submission(submission: Submission, source: str, who: str, now: datetime) -> Evidence:
    """A pull request as it is."""
    merged = submission.merged_at is not None
    return _keyed(
        Evidence(
            key=f"{PULL}:{submission.number}",
            kind=PULL,
            source=source,
            contributor=who,
            at=submission.merged_at or submission.at,
            text=submission.title[:_LONGEST],
            branch=submission.branch,
            commit=submission.merged_as,
            covers=submission.commits,
            state="merged" if merged else "open",
            proven=False,
            committed=now,
        )
    )


def _reviews(submission: Submission, source: str, people: Mapping[str, str], ticket_pattern: str) -> Iterator[Evidence]:
    """The reviews that contributors gave."""
    for review in submission.reviews:
        reviewer = people.get(review.account.lower())
        if reviewer is not None:
            yield _review(review, submission, source, reviewer, ticket_in(submission.title, ticket_pattern))


def _review(review: Review, submission: Submission, source: str, reviewer: str, ticket: str | None) -> Evidence:
    return _keyed(
        Evidence(
            key=f"{REVIEW}:{submission.number}:{review.id}",
            kind=REVIEW,
            source=source,
            contributor=reviewer,
            at=review.at,
            text=submission.title[:_LONGEST],
            ticket=ticket,
            commit=review.commit,
            state=review.verdict,
            minutes=None if review.dated else 0,  # nobody knows when: it shows no minutes
        )
    )


def _keyed(record: Evidence) -> Evidence:
    """With a digest of what it says in its key; when it was looked at is no part of that."""
    said = to_line(replace(record, committed=None, at=_NO_TIME if record.kind == TICKET else record.at))
    digest = hashlib.sha256(said.encode()).hexdigest()[:12]
    return replace(record, key=f"{record.key}@{digest}")


def _unseen(forge: str, missing: Sequence[Submission], source: str, commits: Collection[str]) -> Iterator[Problem]:
    """Commits of a squash that no clone shows: their times can't be known, so the squash alone counts."""
    if missing:
        count = sum(commit not in commits for each in missing for commit in each.commits)
        names = ", ".join(f"#{each.number}" for each in missing[:5]) + (" …" if len(missing) > 5 else "")
        number = missing[0].number
        ref = f"refs/merge-requests/{number}/head" if forge == "GitLab" else f"refs/pull/{number}/head"
        yield Problem(
            rule="originals-missing",
            severity="info",
            message=f"{count} commits of {names} in {source!r} are in no clone here, so their times are not counted",
            hint=f"bring them into the clone: git fetch origin {ref}:refs/remotes/origin/pull/{number}",
        )
