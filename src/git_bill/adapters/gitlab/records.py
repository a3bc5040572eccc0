"""What GitLab's REST answers say, as records of the port. Pure: JSON in, records out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from git_bill.forge import ClosedMilestone, Comment, PullRequest, Review, Submission, Ticket

Answer = Mapping[str, Any]

_STATES: dict[str, Literal["open", "merged", "closed"]] = {
    "opened": "open",
    "locked": "open",  # while it is being merged
    "merged": "merged",
    "closed": "closed",
}
_TOUCHED = timedelta(seconds=1)  # what the server itself changes when it stores a note


def instant(text: str) -> datetime:
    """An instant as GitLab writes it: `2026-11-02T08:00:00.000Z`."""
    return datetime.fromisoformat(text)


def pull_request(answer: Answer) -> PullRequest:
    """A merge request. One that was fast-forwarded became its own head."""
    merged = answer["state"] == "merged"
    by = answer.get("merge_user") or answer.get("merged_by")
    became = answer.get("merge_commit_sha") or answer.get("squash_commit_sha") or answer.get("sha")
    return PullRequest(
        number=answer["iid"],
        url=answer["web_url"],
        branch=answer["source_branch"],
        base=answer["target_branch"],
        head=answer["sha"] or "",
        state=_STATES[answer["state"]],
        title=answer["title"],
        author=answer["author"]["username"],
        labels=tuple(answer["labels"]),
        fork=answer["source_project_id"] != answer["target_project_id"],
        merged_by=by["username"] if merged and by else None,
        merged_as=became if merged else None,
    )


def comment(answer: Answer, *, ours: bool) -> Comment:
    """A note. Resolving a thread touches its note and is no edit."""
    written, changed = instant(answer["created_at"]), instant(answer["updated_at"])
    resolved = answer.get("resolved_at")
    touched = changed - written <= _TOUCHED or (resolved is not None and abs(changed - instant(resolved)) <= _TOUCHED)
    return Comment(
        id=str(answer["id"]),
        account=answer["author"]["username"],
        account_id=str(answer["author"]["id"]),
        text=answer["body"],
        at=written,
        ours=ours,
        edited=not touched,
    )


def ticket(answer: Answer) -> Ticket:
    """An issue. GitLab keeps seconds and has no difference between none and zero."""
    times = answer["time_stats"]
    milestone = answer.get("milestone")
    return Ticket(
        key=f"#{answer['iid']}",
        title=answer["title"],
        url=answer["web_url"],
        state="open" if answer["state"] == "opened" else "closed",
        labels=tuple(answer["labels"]),
        milestone=milestone["title"] if milestone else None,
        estimate=times["time_estimate"] // 60 or None,
        spent=times["total_time_spent"] // 60 or None,
    )


def closed_milestone(answer: Answer) -> ClosedMilestone:
    """A milestone that is closed. GitLab tells only when it was changed last."""
    return ClosedMilestone(title=answer["title"], at=instant(answer["updated_at"]))


def submission(answer: Answer, *, commits: tuple[str, ...], reviews: tuple[Review, ...]) -> Submission:
    """A merge request as evidence. After a squash that a merge commit brought in, the squash stands for its commits."""
    merged = answer["state"] == "merged"
    stands = answer.get("squash_commit_sha") or answer.get("merge_commit_sha") or answer.get("sha")
    at = answer.get("merged_at")
    return Submission(
        number=answer["iid"],
        title=answer["title"],
        url=answer["web_url"],
        branch=answer["source_branch"],
        author=answer["author"]["username"],
        at=instant(answer["created_at"]),
        commits=commits,
        reviews=reviews,
        merged_as=stands if merged else None,
        merged_at=instant(at) if merged and at else None,
    )
