"""Who approved a merge request, and which commit they saw. Pure: JSON in, reviews out.

GitLab's approval names no commit and stays when the branch moves. What was approved is the newest version of the
merge request that was there at that instant; approving again makes it the newer one.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from git_bill.adapters.gitlab.records import Answer, instant
from git_bill.forge import Review

_APPROVED = "approved this merge request"
_REQUESTED = "requested changes"
_WITH = timedelta(seconds=10)


def reviews(
    approvals: Answer,
    reviewers: Sequence[Answer],
    notes: Sequence[Answer],
    versions: Sequence[Answer],
    reviewed: Answer,
) -> tuple[Review, ...]:
    """Standing approvals and requests for changes, oldest first; a withdrawn one is gone there and here.

    GitLab's own among the `notes` tell when, where the answers do not. `reviewed`: the merge request, whose head it is
    where no version is told.
    """
    found = []
    for approval in approvals["approved_by"]:
        user, said = approval["user"], _last(notes, approval["user"], _APPROVED)
        at = approval.get("approved_at") or (said and said["created_at"])
        found.append(_review("approved", user, instant(at) if at else None, versions, reviewed))
    for reviewer in reviewers:
        if reviewer["state"] == "requested_changes":
            user, said = reviewer["user"], _last(notes, reviewer["user"], _REQUESTED)
            at = instant((said or reviewer)["created_at"])
            text = _words(notes, user, at)
            found.append(_review("changes-requested", user, at, versions, reviewed, text=text))
    return tuple(sorted(found, key=lambda review: (review.at, review.id)))


def threads(discussions: Sequence[Answer], reviewers: frozenset[str], head: str) -> tuple[Review, ...]:
    """Open threads of reviewers, as comments: for a GitLab that does not tell reviewers' states (before 15.4)."""
    return tuple(
        Review(
            id=str(first["id"]),
            account=first["author"]["username"],
            commit=(first.get("position") or {}).get("head_sha") or head,
            verdict="commented",
            text=first["body"],
            at=instant(first["created_at"]),
        )
        for first in (discussion["notes"][0] for discussion in discussions)
        if first.get("resolvable") and not first.get("resolved") and first["author"]["username"] in reviewers
    )


def _review(
    verdict: Literal["approved", "changes-requested"],
    user: Answer,
    at: datetime | None,
    versions: Sequence[Answer],
    reviewed: Answer,
    *,
    text: str = "",
) -> Review:
    seen = sorted((instant(version["created_at"]), version["head_commit_sha"]) for version in versions)
    known = [commit for made, commit in seen if at is not None and made <= at]
    # Of unknown time, it counts for the first version only: too little rather than too much.
    commit = known[-1] if known else seen[0][1] if seen else reviewed["sha"]
    return Review(
        id=f"{verdict}:{user['username']}",
        account=user["username"],
        commit=commit,
        verdict=verdict,
        text=text,
        at=at or instant(reviewed["created_at"]),
        dated=at is not None,
    )


def _last(notes: Sequence[Answer], user: Answer, said: str) -> Answer | None:
    """The newest system note in which an account did this."""
    found = [note for note in _of(notes, user, system=True) if note["body"] == said]
    return max(found, key=lambda note: instant(note["created_at"]), default=None)


def _words(notes: Sequence[Answer], user: Answer, at: datetime) -> str:
    """What an account wrote with its review: both are stored at the same moment."""
    found = [note for note in _of(notes, user, system=False) if abs(instant(note["created_at"]) - at) <= _WITH]
    return str(found[0]["body"]) if found else ""


def _of(notes: Sequence[Answer], user: Answer, *, system: bool) -> Iterator[Answer]:
    return (note for note in notes if note["author"]["username"] == user["username"] and note["system"] is system)
