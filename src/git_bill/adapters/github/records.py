"""GitHub's JSON as the records of the forge."""

from datetime import timedelta
from typing import Literal

from git_bill.adapters.github.client import Fields
from git_bill.adapters.rendering import HIDDEN
from git_bill.forge import ClosedMilestone, Comment, PullRequest, Review, Submission, Ticket, estimated

NOBODY = "ghost"  # whom GitHub shows for an account that was removed
_TOUCHED = timedelta(seconds=1)  # GitHub tells whole seconds; less is how one answer was put together
_VERDICTS: dict[str, Literal["approved", "changes-requested", "commented", "dismissed"]] = {
    "APPROVED": "approved",
    "CHANGES_REQUESTED": "changes-requested",
    "COMMENTED": "commented",
    "DISMISSED": "dismissed",
}


def pull_request(found: Fields, repository: str) -> PullRequest:
    """A pull request, of a list or alone; only alone it tells who merged it."""
    merged = found.maybe("merged_at") is not None
    return PullRequest(
        number=found.number("number"),
        url=found.text("html_url"),
        branch=found.text("head", "ref"),
        base=found.text("base", "ref"),
        head=found.text("head", "sha"),
        state="merged" if merged else "open" if found.text("state") == "open" else "closed",
        title=found.text("title"),
        author=_account(found),
        labels=tuple(label.text("name") for label in found.parts("labels")),
        fork=(found.maybe("head", "repo", "full_name") or "").lower() != repository.lower(),
        merged_by=found.maybe("merged_by", "login") if merged else None,
        merged_as=found.maybe("merge_commit_sha") if merged else None,
    )


def review(found: Fields) -> Review | None:
    """A review; None for one that its author has not sent yet."""
    verdict = _VERDICTS.get(found.text("state").upper())
    if verdict is None:
        return None
    return Review(
        id=str(found.number("id")),
        account=_account(found),
        commit=found.maybe("commit_id") or "",
        verdict=verdict,
        text=found.maybe("body") or "",
        at=found.instant("submitted_at"),
    )


def comment(found: Fields, ours: str, *, line: bool = False) -> Comment:
    """A comment below a pull request, or at a `line` of it. `ours`: the account of this program."""
    at, number = found.instant("created_at"), found.number("id")
    text = found.maybe("body") or ""
    account = _account(found)
    return Comment(
        id=f"line-{number}" if line else str(number),
        account=account,
        account_id=str(found.number("user", "id")) if found.part("user").data else "",
        text=text,
        at=at,
        # A person whose token this is writes by the same account: the marker tells the program's comments.
        ours=not line and account.lower() == ours.lower() and text.startswith(HIDDEN),
        edited=found.instant("updated_at") - at >= _TOUCHED,
    )


def ticket(found: Fields) -> Ticket:
    """An issue. GitHub's issues have no estimate: a label such as `estimate: 3h` is taken for one; `spent` has none."""
    labels = tuple(label.text("name") for label in found.parts("labels"))
    return Ticket(
        key=f"#{found.number('number')}",
        title=found.text("title"),
        url=found.text("html_url"),
        state="open" if found.text("state") == "open" else "closed",
        labels=labels,
        milestone=found.maybe("milestone", "title"),
        estimate=estimated(labels),
    )


def closed_milestone(found: Fields) -> ClosedMilestone:
    """A milestone that is closed."""
    at = "closed_at" if found.maybe("closed_at") else "updated_at"
    return ClosedMilestone(title=found.text("title"), at=found.instant(at))


def submission(found: Fields, commits: tuple[str, ...], reviews: tuple[Review, ...]) -> Submission:
    """A pull request as evidence, with its own commits."""
    merged = found.maybe("merged_at") is not None
    return Submission(
        number=found.number("number"),
        title=found.text("title"),
        url=found.text("html_url"),
        branch=found.text("head", "ref"),
        author=_account(found),
        at=found.instant("created_at"),
        commits=commits,
        reviews=reviews,
        merged_as=found.maybe("merge_commit_sha") if merged else None,
        merged_at=found.instant("merged_at") if merged else None,
    )


def _account(found: Fields) -> str:
    return found.maybe("user", "login") or NOBODY
