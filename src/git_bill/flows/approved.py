"""What is approved and not yet issued, in order, and the number and date that each gets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from git_bill.contract.tax.worth import kind_of_client, worth_problem
from git_bill.custody.signoff import Assent
from git_bill.flows.assent import NOBODY, Heard, Witnesses
from git_bill.flows.gate import issue_problems
from git_bill.flows.open_drafts import AtTip
from git_bill.flows.readers import closed
from git_bill.flows.safeguard import settings_problems
from git_bill.invoice.crediting import cancellation
from git_bill.invoice.dating import issue_date
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.numbering import next_number
from git_bill.invoice.replacement_checks import cancellation_id
from git_bill.layout import draft_file
from git_bill.ports import Arrival, Books, Clock
from git_bill.problem import Exit, Problem, Stop, errors, located


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedDraft:
    """An approved draft that stays in `drafts/`, with the reasons; or one that stays on its branch, not approved.

    `unasked`: the forge could not be asked what people said.
    """

    name: str
    draft: str
    problems: tuple[Problem, ...]
    branch: str | None = None
    unasked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One draft and the claim it is issued under; `claimed`: the claim is in the books already.

    `after`: the correction that this is the cancellation of; it is issued next, and stays in `drafts/` until then.
    """

    name: str
    draft: Draft
    claim: Claim
    claimed: bool
    sign_offs: tuple[Assent, ...] = ()
    after: Draft | None = None


def next_work(
    state: AtTip,
    refused: dict[str, RefusedDraft],
    *,
    books: Books,
    clock: Clock,
    only: str | None,
    witnesses: Witnesses = NOBODY,
) -> Work | None:
    """The next thing to issue: claims without an invoice first, then drafts in the order they were merged.

    What can't be issued is added to `refused` and passed over; it never holds up the others.
    """
    arrivals = books.arrivals("billing/drafts", state.snapshot.revision)
    court = _Court(books=books, state=state, clock=clock, witnesses=witnesses)
    settings = court.settings() if state.approved else _Judged()
    for name, problems in state.broken.items():
        if name not in refused and only in {None, name}:
            refuse(refused, name, "", problems)
    begun = _begun(court, refused, arrivals, settings)
    if begun is not None:
        return begun
    half = {item.claim.name for item in state.numbered if item.claim.cancels is not None and item.invoice is not None}
    order = sorted(state.approved, key=lambda name: (name not in half, arrivals[draft_file(name)].rank, name))
    for name in (n for n in order if n not in refused and only in {None, n}):
        judged = court.judged(name, arrivals[draft_file(name)], settings)
        work = _work(court, name, judged)
        if isinstance(work, Work):
            return work
        refuse(refused, name, state.approved[name].id, work, unasked=judged.unasked)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """What speaks against issuing, and what people said. `unasked`: the forge could not be asked."""

    problems: tuple[Problem, ...] = ()
    heard: Heard | None = None
    unasked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Court:
    """Judges drafts at one state. A forge that can't be asked is a problem of the draft, not the end of the sweep."""

    books: Books
    state: AtTip
    clock: Clock
    witnesses: Witnesses

    def settings(self) -> _Judged:
        """What speaks against issuing anything."""
        try:
            return _Judged(problems=settings_problems(self.books, self.state, self.witnesses))
        except Stop as stopped:
            return _unasked(stopped)

    def judged(self, name: str, arrival: Arrival, settings: _Judged) -> _Judged:
        """What speaks against issuing a draft. `settings`: against issuing anything."""
        closed_here = _closed(self.state, self.clock, self.state.approved[name])
        try:
            found, heard = issue_problems(self.books, self.state, name, arrival, self.witnesses)
        except Stop as stopped:
            return _unasked(stopped)
        problems = tuple(dict.fromkeys((*found, *self._worth(name), *settings.problems, *closed_here)))
        return _Judged(problems=problems, heard=heard, unasked=settings.unasked)

    def _worth(self, name: str) -> tuple[Problem, ...]:
        """Whether the document may be used where and when it is issued."""
        settings = self.state.workspace.settings
        client = self.state.client(name)
        day = date_of_issue(self.state, self.clock)
        if client is None or isinstance(day, Problem):
            return ()
        kind = kind_of_client(settings.issuer, client)
        found = worth_problem(self.state.vat, settings.issuer, kind, day)
        return () if found is None else (located(found, self.state.workspace.where),)


def _begun(
    court: _Court, refused: dict[str, RefusedDraft], arrivals: Mapping[str, Arrival], settings: _Judged
) -> Work | None:
    """A claim without its invoice, which goes before all else."""
    state = court.state
    for claim in (item.claim for item in state.numbered if item.invoice is None):
        if claim.void is not None or claim.cancels is not None or claim.name in refused:
            continue
        draft = state.approved.get(claim.name)
        blob = state.snapshot.read(draft_file(claim.name))
        if draft is None or blob is None or court.books.blob_id(blob) != claim.blob:
            refuse(refused, claim.name, claim.draft, [_claim_without_draft(claim)])
            continue
        judged = court.judged(claim.name, arrivals[draft_file(claim.name)], settings)
        if judged.heard is None or errors(judged.problems):  # billed by another one since, say
            refuse(refused, claim.name, claim.draft, judged.problems, unasked=judged.unasked)
            continue
        given = judged.heard.given
        return Work(name=claim.name, draft=_naming(state, draft), claim=claim, claimed=True, sign_offs=given)
    return None


def _work(court: _Court, name: str, judged: _Judged) -> Work | tuple[Problem, ...]:
    """A draft under the next number, or why it can't be issued; of a correction first the cancellation."""
    state, problems, heard = court.state, judged.problems, judged.heard
    draft = state.approved[name]
    cancelled = _to_cancel(state, draft)
    issued = _cancellation(draft, cancelled) if cancelled is not None and not errors(problems) else draft
    merged_by = heard.merged_by if heard else ""
    claim = _claim(court.books, court.clock, state, name, draft=issued, merged_by=merged_by)
    if isinstance(claim, Problem):
        return (*problems, claim)
    if heard is None or errors(problems):
        return problems
    if issued is draft:
        return Work(name=name, draft=_naming(state, draft), claim=claim, claimed=False, sign_offs=heard.given)
    return Work(name=name, draft=issued, claim=claim, claimed=False, sign_offs=heard.given, after=draft)


def _unasked(stopped: Stop) -> _Judged:
    if stopped.exit_code != Exit.FORGE:
        raise stopped
    return _Judged(problems=stopped.problems, unasked=True)


def _closed(state: AtTip, clock: Clock, draft: Draft) -> tuple[Problem, ...]:
    """What the document must state and this machine can't open; a credit note states what its invoice does."""
    if draft.reverses is not None:
        return ()
    today = clock.today(state.workspace.settings.issuer.timezone)
    found = closed(state.workspace, draft.bill_to or draft.client, today)
    return tuple(located(problem, state.workspace.where) for problem in found)


def date_of_issue(state: AtTip, clock: Clock) -> date | Problem:
    """The issue date of the next document, in the issuer's zone."""
    zone = state.workspace.settings.issuer.timezone
    last = max((item.claim.issue_date for item in state.numbered), default=None)
    return issue_date(clock.today(zone), clock.clock_today(zone), last)


def _to_cancel(state: AtTip, draft: Draft) -> Invoice | None:
    """The invoice that a correction replaces, as long as its cancellation is not issued."""
    if draft.corrects is None or _cancelled_with(state, draft) is not None:
        return None
    return state.invoice(draft.corrects.number)


def _cancelled_with(state: AtTip, draft: Draft) -> Invoice | None:
    """The credit note that a correction's cancellation was issued as."""
    notes = state.credit_notes(draft.corrects.number) if draft.corrects is not None else ()
    return next((note for note in notes if note.draft == cancellation_id(draft)), None)


def _cancellation(draft: Draft, invoice: Invoice) -> Draft:
    because = draft.corrects.because if draft.corrects is not None else None
    return cancellation(invoice, draft_id=cancellation_id(draft), because=because)


def _naming(state: AtTip, draft: Draft) -> Draft:
    """A correction with the number of the credit note that cancels what it replaces."""
    note = _cancelled_with(state, draft)
    if draft.corrects is None or note is None:
        return draft
    return replace(draft, corrects=replace(draft.corrects, credit_note=note.number))


def _claim(books: Books, clock: Clock, state: AtTip, name: str, *, draft: Draft, merged_by: str) -> Claim | Problem:
    settings = state.workspace.settings
    issued = state.invoices
    claimed = [item.claim for item in state.numbered]
    day = date_of_issue(state, clock)
    if isinstance(day, Problem):
        return day
    taken = (
        {c.number for c in claimed}
        | {i.number for i in issued}
        | {tag.removeprefix("invoice/") for tag in books.tags("invoice/")}
    )
    form, last = settings.numbering.series[draft.reverses is not None]
    number = next_number(form, day.year, taken, last)
    if isinstance(number, Problem):
        return number
    content = state.snapshot.read(draft_file(name)) or b""
    return Claim(
        number=number,
        draft=draft.id,
        name=name,
        blob=books.blob_id(content),
        issue_date=day,
        at=clock.now(),
        approved_by=merged_by,
        cancels=draft.reverses.number if draft.reverses is not None and draft.id != state.approved[name].id else None,
    )


def refuse(
    refused: dict[str, RefusedDraft], name: str, draft: str, problems: Iterable[Problem], *, unasked: bool = False
) -> None:
    """Note why a draft stays where it is."""
    refused[name] = RefusedDraft(name=name, draft=draft, problems=tuple(problems), unasked=unasked)


def _claim_without_draft(claim: Claim) -> Problem:
    return Problem(
        rule="claim-without-draft",
        message=f"{claim.number} is claimed for {claim.name}, but that draft is gone or was changed since",
        hint=f'restore it, or give the number up: git bill issue --void {claim.number} --because "…"',
        file=draft_file(claim.name),
    )
