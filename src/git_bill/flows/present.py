"""Present drafts on the forge: pull request, one comment that says where it stands, statuses of the head commit.

All of it is rendered from the books and never read back; what is the same already is not posted again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from git_bill.contract.tax.table import VatTable
from git_bill.effects import Done, EnsureComment, EnsurePullRequest, Flow, Plan, PostStatus, Refused
from git_bill.flows import load
from git_bill.flows.assent import Heard, Witnesses, hear
from git_bill.flows.bringing import brought
from git_bill.flows.client_word import client_problems
from git_bill.flows.gate import branch_problems, check_draft, sign_offs
from git_bill.flows.open_drafts import AtTip, read_books
from git_bill.flows.safeguard import settings_problems
from git_bill.flows.threads import newest
from git_bill.forge import Forge, PullRequest
from git_bill.invoice.document.review import Review, review_text, review_title
from git_bill.invoice.document.standing import (
    CHECK,
    SIGN_OFF,
    Standing,
    check_status,
    issued_text,
    sign_off_status,
    standing_text,
)
from git_bill.invoice.draft import Draft
from git_bill.invoice.hold import Hold
from git_bill.layout import draft_branch, draft_file
from git_bill.ports import Books, Clock, DraftBranch
from git_bill.problem import Exit, Problem, Stop

MARKER = "standing"  # of the one comment


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A draft's pull request; None where there is none, with the reason unless nobody reviews such drafts."""

    name: str
    pull: PullRequest | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """An open or merged draft with all that is told of it. `commit`: the head of its branch, None once merged."""

    name: str
    draft: Draft
    review: Review
    standing: Standing
    commit: str | None


def present(
    books: Books, vat: VatTable, witnesses: Witnesses, names: Iterable[str] | None = None, *, clock: Clock | None = None
) -> Flow[tuple[Presented, ...]]:
    """Bring pull requests, comments and statuses up to date; of the drafts that are named, else of all open ones.

    Nothing without a forge. A forge that refuses or is away stops nothing: what is missing is done by the next run,
    and is told as a warning.
    """
    forge = witnesses.forge
    if forge is None:
        return ()
    state = read_books(books, vat, clock=clock)
    shown: list[Presented] = []
    for name in dict.fromkeys(state.open if names is None else names):
        try:
            shown.append((yield from _present(books, state, name, witnesses, forge)))
        except Stop as stopped:
            if stopped.exit_code != Exit.FORGE:
                raise
            reason = "; ".join(problem.message for problem in stopped.problems)
            hint = next((problem.hint for problem in stopped.problems if problem.hint), "")
            later = _later(name, reason, hint) if name in state.open else _unsaid(name, reason, hint)
            shown.append(Presented(name=name, problems=(later,)))
    return tuple(shown)


def _present(books: Books, state: AtTip, name: str, witnesses: Witnesses, forge: Forge) -> Flow[Presented]:
    issued = state.issued(name)
    if issued is not None:
        return (yield from _issued(forge, books.branch, name, issued))
    if name in state.approved:
        seen = _approved(books, state, name, witnesses)
        pull = newest(forge, books.branch, name)
        return (yield from _comment(seen, pull)) if pull else Presented(name=name)
    if name not in state.open:
        return Presented(name=name)
    branch, draft = state.open[name]
    engagement = state.workspace.engagements.get(draft.client)
    if engagement is None or engagement.client.review == "none":
        return Presented(name=name)
    return (yield from _opened(books, state, forge, _open(books, state, branch, draft, witnesses)))


def _opened(books: Books, state: AtTip, forge: Forge, seen: _Seen) -> Flow[Presented]:
    """The pull request first, for the comment needs its number."""
    name = seen.name
    effect = EnsurePullRequest(
        branch=draft_branch(name),
        base=books.branch,
        title=review_title(seen.review),
        body=review_text(seen.review),
        draft=state.workspace.settings.forge.draft_pull_requests,
    )
    plan = Plan(
        why=f"the pull request of {name}", effects=(effect,), then="a comment and statuses that say where it stands"
    )
    outcome = (yield plan)[0]
    pull = newest(forge, books.branch, name)
    if not isinstance(outcome, Done) or pull is None:
        reason = outcome.reason if isinstance(outcome, Refused) else f"{forge.name} does not show it"
        remedy = outcome.remedy if isinstance(outcome, Refused) else ""
        closed = pull if pull is not None and pull.state == "closed" else None
        return Presented(name=name, problems=(_closed(name, closed) if closed else _later(name, reason, remedy),))
    return (yield from _comment(seen, pull))


def _comment(seen: _Seen, pull: PullRequest) -> Flow[Presented]:
    """The one comment, and the statuses of the commit that would be merged."""
    comment = EnsureComment(number=pull.number, marker=MARKER, body=standing_text(seen.standing))
    told = ((CHECK, check_status(seen.standing)), (SIGN_OFF, sign_off_status(seen.standing)))
    statuses = (
        PostStatus(commit=seen.commit, context=context, state=state, description=description, url=pull.url)
        for context, (state, description) in told
        if seen.commit is not None
    )
    outcomes = yield Plan(why=f"where {seen.name} stands", effects=(comment, *statuses))
    wrong = next((outcome for outcome in outcomes if isinstance(outcome, Refused)), None)
    problems = (_unsaid(seen.name, wrong.reason, wrong.remedy),) if wrong else ()
    return Presented(name=seen.name, pull=pull, problems=problems)


def _issued(forge: Forge, base: str, name: str, issued: load.Numbered) -> Flow[Presented]:
    """What became of it, below its pull request."""
    pull = newest(forge, base, name)
    if pull is None or issued.invoice is None:
        return Presented(name=name)
    comment = EnsureComment(number=pull.number, marker=MARKER, body=issued_text(issued.invoice))
    outcome = (yield Plan(why=f"{name} is issued as {issued.claim.number}", effects=(comment,)))[0]
    problems = (_unsaid(name, outcome.reason, outcome.remedy),) if isinstance(outcome, Refused) else ()
    return Presented(name=name, pull=pull, problems=problems)


def _open(books: Books, state: AtTip, branch: DraftBranch, draft: Draft, witnesses: Witnesses) -> _Seen:
    snapshot = books.at(branch.commit)
    content = snapshot.read(draft_file(branch.name)) or b""
    heard = hear(books, state, branch.name, draft=draft, content=content, witnesses=witnesses)
    found = (*branch_problems(books, branch), *check_draft(state, snapshot, branch.name))
    at = books.landed([draft_file(branch.name)], None, branch.commit)[-1].at
    return _seen(state, branch.name, heard, found, draft=draft, day=at.date(), commit=branch.commit)


def _approved(books: Books, state: AtTip, name: str, witnesses: Witnesses) -> _Seen:
    draft, content = state.approved[name], state.snapshot.read(draft_file(name)) or b""
    arrival = books.arrivals("billing/drafts", state.tip)[draft_file(name)]
    came = brought(books, witnesses.forge, arrival)
    heard = hear(books, state, name, draft=draft, content=content, witnesses=witnesses, came=came)
    found = (*check_draft(state, state.snapshot, name), *settings_problems(books, state, witnesses))
    return _seen(state, name, heard, found, draft=draft, day=arrival.at.date(), commit=None)


def _seen(
    state: AtTip,
    name: str,
    heard: Heard,
    found: Sequence[Problem],
    *,
    draft: Draft,
    day: date,
    commit: str | None,
) -> _Seen:
    """`day`: when it was changed last. A text that changes by itself would be posted anew every day."""
    basis = state.basis(draft.client, without=name)
    asked = sign_offs(state.workspace, found, heard)
    signed = {assent.by for assent in heard.given}
    standing = Standing(
        problems=tuple(found),
        given=heard.given,
        many=asked.many,
        missing=asked.missing(heard.given),
        why=asked.why,
        may=tuple(signer.id for signer in asked.able if signer.id not in signed),
        names=basis.names,
        holds=(*heard.holds, *_unapproved(state, name, heard)),
        proposal=heard.proposal,
        merged=commit is None,
    )
    review = Review(
        draft=draft,
        basis=basis,
        name=name,
        problems=tuple(problem for problem in found if problem.rule != "on-hold"),  # the comment tells of it
        today=day,
        mail_to=basis.engagement.client.invoices_to if state.workspace.settings.mail.on_issue else None,
        commands=True,
    )
    return _Seen(name=name, draft=draft, review=review, standing=standing, commit=commit)


def _unapproved(state: AtTip, name: str, heard: Heard) -> tuple[Hold, ...]:
    """That a client who reviews drafts has not approved this one."""
    client = state.client(name)
    missing = client is not None and client_problems(client, name, heard.client_word, heard.blob)
    return (Hold(kind="client", by=client.name, text=""),) if client and missing else ()


def _later(name: str, reason: str, remedy: str) -> Problem:
    return Problem(
        rule="pull-request-later",
        severity="warning",
        message=f"the pull request of {name} is opened by the next run: {reason}",
        hint=remedy,
    )


def _closed(name: str, pull: PullRequest) -> Problem:
    return Problem(
        rule="pull-request-closed",
        severity="warning",
        message=f"pull request #{pull.number} of {name} was closed by a person and is not opened again",
        hint=f"open it again there: {pull.url}; or give the draft up: git bill draft --close {name}",
    )


def _unsaid(name: str, reason: str, remedy: str) -> Problem:
    return Problem(
        rule="comment-later",
        severity="warning",
        message=f"where {name} stands is told on the forge by the next run: {reason}",
        hint=remedy,
    )
