"""The client's review of a draft: a copy in a repository that the client reads, or a mail; and what is said there.

The client sees what the invoice would show. Whose account speaks for the client is read from the books branch.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from git_bill.contract.party import Client
from git_bill.contract.tax.table import VatTable
from git_bill.custody.client_word import Way
from git_bill.effects import Deliver, Done, Effect, EnsurePullRequest, Flow, Plan
from git_bill.flows.client_word import Given, record_word, reviews
from git_bill.flows.filed import filed
from git_bill.flows.gate import check_draft
from git_bill.flows.look import look_of
from git_bill.flows.open_drafts import AtTip, read_books
from git_bill.flows.readers import closed
from git_bill.forge import Forge, PullRequest
from git_bill.invoice.document.client_copy import client_text, client_timesheet, client_title
from git_bill.invoice.document.letter import MAIL_TEMPLATE, draft_mail_facts, subject_and_body
from git_bill.invoice.document.page import draft_page
from git_bill.invoice.document.page_data import PageData
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Draft
from git_bill.layout import draft_branch, draft_file
from git_bill.ports import Books, Clock, Renderer
from git_bill.press import Typesetter
from git_bill.problem import Problem, errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What showing a draft to its client needs from outside."""

    books: Books
    vat: VatTable
    wording: Wording
    typesetter: Typesetter
    renderer: Renderer
    forge: Forge | None = None
    clock: Clock | None = None


def show_clients(need: Showing, names: Iterable[str]) -> Flow[tuple[Problem, ...]]:
    """Bring what clients see of open drafts up to date: of those whose client reviews them, one copy or mail each.

    Nothing is shown of a draft that must be mended first. What the forge or the mailer refuses is a warning.
    """
    state = read_books(need.books, need.vat, need.wording, clock=need.clock)
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        client = _reviewer(state, name)
        if client is None or name not in state.open:
            continue
        branch, draft = state.open[name]
        wrong = errors(check_draft(state, need.books.at(branch.commit), name))
        sealed = closed(state.workspace, draft.bill_to or draft.client, draft.last)
        unseen = (*(p for p in wrong if p.rule != "on-hold"), *sealed)
        if unseen:
            problems.append(_not_shown(name, unseen[0].message, unseen[0].hint))
            continue
        effect = _effect(need, state, name, draft, client)
        if isinstance(effect, Problem):
            problems.append(effect)
            continue
        outcome = (yield Plan(why=f"show {name} to {client.name}", effects=(effect,)))[0]
        if not isinstance(outcome, Done):
            reason, hint = getattr(outcome, "reason", "it changed meanwhile"), getattr(outcome, "remedy", "")
            problems.append(_not_shown(name, reason, hint))
    return tuple(problems)


def client_approvals(
    books: Books, forge: Forge, clock: Clock, *, vat: VatTable, wording: Wording, names: Iterable[str] | None = None
) -> Flow[tuple[str, ...]]:
    """Record what clients approved in their own repositories; the names of these drafts.

    It counts where the client's account approved, or merged, the very text that the draft gives now.
    """
    state = read_books(books, vat, wording)
    wanted = None if names is None else frozenset(names)
    heard = []
    for name in sorted({*state.open, *state.approved}):
        client = _reviewer(state, name)
        if client is None or client.review != "repository" or not (wanted is None or name in wanted):
            continue
        draft, blob = _content(books, state, name)
        known = filed(books, state.snapshot, draft.id, forge).client
        if client.review_repository is None or (known is not None and known.blob == blob):
            continue
        text = client_text(_page(state, draft), draft, state.words).encode()
        given = _approval(forge.elsewhere(client.review_repository), name, client, books.blob_id(text))
        if given is not None:
            said = Given(who=given[0], way=given[1], ref=given[2], blob=blob)
            yield from record_word(books, clock, name, said, forge=forge)
            heard.append(name)
    return tuple(heard)


def _reviewer(state: AtTip, name: str) -> Client | None:
    """The client of a draft, where it reviews drafts itself."""
    client = state.client(name)
    return client if client and reviews(client) else None


def _content(books: Books, state: AtTip, name: str) -> tuple[Draft, str]:
    """A draft as it would be issued, and its blob id."""
    snapshot = state.snapshot if name in state.approved else books.at(state.open[name][0].commit)
    draft = state.approved[name] if name in state.approved else state.open[name][1]
    return draft, books.blob_id(snapshot.read(draft_file(name)) or b"")


def _effect(need: Showing, state: AtTip, name: str, draft: Draft, client: Client) -> Effect | Problem:
    page = _page(state, draft)
    if client.review == "mail":
        return _mail(need, state, name, draft, page)
    if client.review_repository is None:
        hint = 'review_repository = "acme/invoices", which this client alone may read'
        return _not_shown(name, "the client's file names no repository for it", hint)
    if need.forge is None:
        return _not_shown(name, "the books are on no forge", 'or let it be mailed: review = "mail"')
    text = client_text(page, draft, state.words)
    contract = state.basis(draft.client).contract(draft.contract)
    sheet = client_timesheet(draft, state.worked, contract)
    files = {f"{name}.md": text.encode(), f"{name}.pdf": _pdf(need, state, draft, page)}
    return EnsurePullRequest(
        branch=draft_branch(name),
        base="",
        title=client_title(page, state.words),
        body=text,
        repository=client.review_repository,
        files={**files, **({f"{name}-timesheet.csv": sheet} if sheet else {})},
    )


def _mail(need: Showing, state: AtTip, name: str, draft: Draft, page: PageData) -> Deliver | Problem:
    """One mail for each content; the same mail is never made twice."""
    settings, client = state.workspace.settings, state.parties(draft.client, draft)[1].client
    if client.written_to is None:
        return _not_shown(name, f"{client.name} has no address", 'email = "ap@acme.example" in the client\'s file')
    _, blob = _content(need.books, state, name)
    facts = draft_mail_facts(draft, settings.issuer, client, state.words, version=blob[:12])
    subject, body = subject_and_body(need.renderer.render(MAIL_TEMPLATE, facts))
    return Deliver(
        key=f"{draft.id}.{blob[:12]}.draft@git-bill",
        recipient=client.written_to,
        subject=subject,
        body=body,
        sender=settings.issuer.email,
        attachments={f"{name}-DRAFT.pdf": _pdf(need, state, draft, page)},
    )


def _page(state: AtTip, draft: Draft) -> PageData:
    """As the invoice would look, marked as none. Without a date: the text must not change by itself."""
    issuer, engagement = state.parties(draft.client, draft)
    look = look_of(state.snapshot, state.workspace.settings)
    return draft_page(draft, issuer, engagement, state.worked, state.words, look=look, today=draft.last, vat=state.vat)


def _pdf(need: Showing, state: AtTip, draft: Draft, page: PageData) -> bytes:
    beside = look_of(state.snapshot, state.workspace.settings).files
    return need.typesetter.typeset("invoice.typ", page, {}, at=_midnight(draft.last), beside=beside)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _approval(there: Forge, name: str, client: Client, text: str) -> tuple[str, Way, str] | None:
    """Account, way and pull request of the client's approval of a text (its blob id) in its repository."""
    accounts = {account.lower() for account in client.accounts}
    for pull in there.pull_requests(draft_branch(name)):
        for account, way, commit in _given(there, pull):
            if account.lower() in accounts and there.blob(commit, f"{name}.md") == text:
                return account, way, f"{there.repository}#{pull.number}"
    return None


def _given(there: Forge, pull: PullRequest) -> Iterator[tuple[str, Way, str]]:
    """Who approved or merged a pull request, and at which commit. An account's last verdict counts."""
    if pull.state == "merged" and pull.merged_by is not None:
        yield pull.merged_by, "merge", pull.merged_as or pull.head
    last = {review.account.lower(): review for review in there.reviews(pull.number) if review.verdict != "commented"}
    for review in last.values():
        if review.verdict == "approved" and review.commit:
            yield review.account, "review", review.commit


def _not_shown(name: str, reason: str, hint: str) -> Problem:
    message = f"{name} is not shown to its client yet: {reason}"
    return Problem(rule="not-shown-to-client", severity="warning", message=message, hint=hint, file=draft_file(name))
