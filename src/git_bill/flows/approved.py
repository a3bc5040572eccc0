"""What is approved and not yet issued, in order, and the number and date that each gets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from git_bill.flows.gate import check_draft, issue_problems
from git_bill.flows.open_drafts import AtTip
from git_bill.invoice.dating import issue_date
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Claim
from git_bill.invoice.numbering import next_number
from git_bill.ports import Books, Clock
from git_bill.problem import Problem, errors
from git_bill.workspace import draft_file


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedDraft:
    """An approved draft that stays in `drafts/`, with the reasons; or one that stays on its branch, not approved."""

    name: str
    draft: str
    problems: tuple[Problem, ...]
    branch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One draft and the claim it is issued under; `claimed`: the claim is in the books already."""

    name: str
    draft: Draft
    claim: Claim
    claimed: bool


def next_work(
    state: AtTip, refused: dict[str, RefusedDraft], *, books: Books, clock: Clock, only: str | None
) -> Work | None:
    """The next thing to issue: claims without an invoice first, then drafts in the order they were merged.

    What can't be issued is added to `refused` and passed over; it never holds up the others.
    """
    for name, problems in state.broken.items():
        if name not in refused and only in {None, name}:
            refuse(refused, name, "", problems)
    for item in state.numbered:
        claim = item.claim
        if item.invoice is None and claim.void is None and claim.name not in refused:
            draft = state.approved.get(claim.name)
            blob = state.snapshot.read(draft_file(claim.name))
            if draft is None or blob is None or books.blob_id(blob) != claim.blob:
                refuse(refused, claim.name, claim.draft, [_claim_without_draft(claim)])
                continue
            if errors(wrong := check_draft(state, state.snapshot, claim.name)):  # billed by another one since, say
                refuse(refused, claim.name, claim.draft, wrong)
                continue
            return Work(name=claim.name, draft=draft, claim=claim, claimed=True)
    arrivals = books.arrivals("billing/drafts", state.snapshot.revision)
    order = sorted(state.approved, key=lambda name: (arrivals[draft_file(name)].rank, name))
    for name in (n for n in order if n not in refused and only in {None, n}):
        draft = state.approved[name]
        arrival = arrivals[draft_file(name)]
        problems = issue_problems(books, state, name, arrival)
        claim_or_problem = _claim(books, clock, state, name, arrival.email)
        if isinstance(claim_or_problem, Problem):
            problems = (*problems, claim_or_problem)
        elif not errors(problems):
            return Work(name=name, draft=draft, claim=claim_or_problem, claimed=False)
        refuse(refused, name, draft.id, problems)
    return None


def date_of_issue(state: AtTip, clock: Clock) -> date | Problem:
    """The issue date of the next document, in the issuer's zone."""
    zone = state.workspace.settings.issuer.timezone
    last = max((item.claim.issue_date for item in state.numbered), default=None)
    return issue_date(clock.today(zone), clock.clock_today(zone), last)


def _claim(books: Books, clock: Clock, state: AtTip, name: str, approver: str) -> Claim | Problem:
    settings = state.workspace.settings
    issued = [item.invoice for item in state.numbered if item.invoice is not None]
    claimed = [item.claim for item in state.numbered]
    day = date_of_issue(state, clock)
    if isinstance(day, Problem):
        return day
    taken = (
        {c.number for c in claimed}
        | {i.number for i in issued}
        | {tag.removeprefix("invoice/") for tag in books.tags("invoice/")}
    )
    number = next_number(settings.numbering.invoice, day.year, taken, settings.numbering.last)
    if isinstance(number, Problem):
        return number
    person = state.workspace.contributor_of(approver)
    content = state.snapshot.read(draft_file(name)) or b""
    return Claim(
        number=number,
        draft=state.approved[name].id,
        name=name,
        blob=books.blob_id(content),
        issue_date=day,
        at=clock.now(),
        approved_by=person.id if person else "",
    )


def refuse(refused: dict[str, RefusedDraft], name: str, draft: str, problems: Iterable[Problem]) -> None:
    """Note why a draft stays where it is."""
    refused[name] = RefusedDraft(name=name, draft=draft, problems=tuple(problems))


def _claim_without_draft(claim: Claim) -> Problem:
    return Problem(
        rule="claim-without-draft",
        message=f"{claim.number} is claimed for {claim.name}, but that draft is gone or was changed since",
        hint=f'restore it, or give the number up: git bill issue --void {claim.number} --because "…"',
        file=draft_file(claim.name),
    )
