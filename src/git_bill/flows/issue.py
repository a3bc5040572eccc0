"""Issue: a sweep over the tip of the books branch. A file in `billing/drafts/` there is approved and not yet issued.

Any number of runs from any trigger give the same books (decision D2). Order for each draft: resume a claim, else check
on the merged tree → number and date → claim pushed, only where a payment link must exist before the document is final
→ freeze all bytes → one commit with directory, minus draft, ledger line and tag, pushed atomically and never forced
→ moved tip: again; unmoved: a permission is missing → outbox. Killed anywhere, the next run finishes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from git_bill.contract.exchange import Quotes, none_known
from git_bill.contract.tax.table import VatTable
from git_bill.custody.ledger import head_of, sha256, short
from git_bill.effects import Done, DropBranch, EnsureLink, Flow, Moved, Outcome, Plan, Publish, Refused
from git_bill.flows import load, outbox
from git_bill.flows.approved import RefusedDraft, Work, next_work, refuse
from git_bill.flows.assent import NOBODY, Witnesses
from git_bill.flows.audit import tampered
from git_bill.flows.dispatched import Delivery
from git_bill.flows.electronic import Electronics
from git_bill.flows.freeze import ONLY_PDF, Frozen, freeze
from git_bill.flows.home import not_the_books
from git_bill.flows.issued_files import attached_files
from git_bill.flows.landing import MOST_RACES, newest_ledger_file, with_line
from git_bill.flows.look import look_of
from git_bill.flows.open_drafts import AtTip, read_books
from git_bill.flows.parcel import Stationery
from git_bill.flows.pay_links import without_link
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.issuing import SOME_LINK, issue_invoice
from git_bill.layout import draft_branch, draft_file, invoice_folder
from git_bill.ports import Books, Clock, Renderer
from git_bill.post import Mailer
from git_bill.press import Typesetter
from git_bill.problem import Exit, Problem, Stop, located, stop
from git_bill.receivable.pay_link import gets_link, link_of
from git_bill.shape import write
from git_bill.workspace import unknown_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing:
    """What issuing needs from outside. `by`: id of who runs it.

    `rail`: a payment link is made before freezing; called before a number is claimed for one, it stops where none could
    be made.
    """

    books: Books
    clock: Clock
    typesetter: Typesetter
    wording: Wording
    mailer: Mailer | None
    renderer: Renderer
    vat: VatTable
    by: str
    made_with: str
    rail: Callable[[], object] | None = None
    electronics: Electronics = ONLY_PDF
    witnesses: Witnesses = NOBODY
    quotes: Quotes = none_known


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An issued document, and what it should have and lacks. `already`: an earlier run had issued it."""

    name: str
    folder: str
    invoice: Invoice
    files: tuple[str, ...]
    already: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """The sweep's result."""

    issued: tuple[Document, ...] = ()
    refused: tuple[RefusedDraft, ...] = ()
    delivered: tuple[Delivery, ...] = ()


def issue(need: Issuing, only: str | None = None) -> Flow[Issued]:
    """Issue every approved draft, or the one named.

    Stops before any claim when the books remote can't be reached (exit 4), the books were tampered with, or this is a
    fork or mirror of them (exit 1).
    """
    need.books.settle()
    need.books.fetch()
    if wrong := tampered(need.books):
        raise Stop(Exit.PROBLEMS, wrong)
    done: list[Document] = []
    refused: dict[str, RefusedDraft] = {}
    races = 0
    at_home = False
    while True:
        state = read_books(need.books, need.vat, need.wording, need.quotes, clock=need.clock)
        work = next_work(state, refused, books=need.books, clock=need.clock, only=only, witnesses=need.witnesses)
        if work is None:
            break
        if not at_home and (wrong := not_the_books(need.books, state.workspace.settings, need.witnesses.forge)):
            raise Stop(Exit.PROBLEMS, wrong)
        at_home = True
        outcome = yield from _issue_one(need, state, work, done, refused)
        if isinstance(outcome, Moved):
            races += 1
            if races > MOST_RACES:
                raise stop(
                    Exit.REPOSITORY,
                    "busy",
                    "the books branch kept moving for minutes",
                    "run git bill issue again",
                )
            need.books.fetch()
        elif isinstance(outcome, Refused):
            raise stop(Exit.FORGE, "push-refused", outcome.reason, outcome.remedy)
    yield from _drop_branches(need.books, state)
    if only is not None and only not in {*refused, *(document.name for document in done)}:
        done.append(_earlier(state, only))
    stationery = Stationery(renderer=need.renderer, wording=need.wording)
    delivered = yield from outbox.deliver(need.books, need.clock, need.mailer, stationery, by=need.by)
    return Issued(issued=tuple(done), refused=tuple(refused.values()), delivered=delivered)


def _issue_one(
    need: Issuing, state: AtTip, work: Work, done: list[Document], refused: dict[str, RefusedDraft]
) -> Flow[Outcome]:
    """Claim, freeze, publish, clean up: one push, or two if a link must exist first. Returns the last outcome."""
    link: str | None = None
    wanted = _wanted_link(need, state, work)
    if wanted is not None and need.rail is not None:
        if not work.claimed:
            if wrong := _unfit(need, state, work):
                refuse(refused, work.name, work.draft.id, wrong)
                return Done()
            need.rail()
            return (yield from _push_claim(need, state, work, wanted))
        outcome = (yield Plan(why=f"a payment link for {work.claim.number}", effects=(wanted,)))[0]
        if not isinstance(outcome, Done):
            return without_link(refused, work, outcome)
        link = outcome.ref
    ledger = load.ledger(state.snapshot)
    if not work.claimed:
        ledger = _claimed(ledger, work.claim, need.by)
    try:
        frozen = _freeze(need, state, work, link, head=short(head_of(ledger)))
        if work.after is not None:  # what can't be issued after it must not cancel anything
            after = replace(work, draft=work.after)
            to_come = SOME_LINK if _wanted_link(need, state, after) else None
            _freeze(need, state, after, to_come, head=short(head_of(ledger)))
    except Stop as wrong:
        if wrong.exit_code != Exit.PROBLEMS:
            raise
        refuse(refused, work.name, (work.after or work.draft).id, wrong.problems)
        return Done()
    folder = invoice_folder(work.claim.number, work.claim.issue_date.year)
    outcome = (yield _publication(need, state, work, frozen, ledger))[0]
    if isinstance(outcome, Done):
        files = tuple(f"{folder}/{name}" for name in frozen.files)
        problems = tuple(located(problem, state.workspace.where) for problem in frozen.problems)
        done.append(Document(name=work.name, folder=folder, invoice=frozen.invoice, files=files, problems=problems))
    return outcome


def _unfit(need: Issuing, state: AtTip, work: Work) -> tuple[Problem, ...]:
    """What keeps it from being a document, such as a script without a font: found before a number is claimed for it."""
    try:
        _freeze(need, state, work, SOME_LINK, head=short(head_of({})))
    except Stop as wrong:
        if wrong.exit_code != Exit.PROBLEMS:
            raise
        return wrong.problems
    return ()


def _wanted_link(need: Issuing, state: AtTip, work: Work) -> EnsureLink | None:
    """The payment link that the document is to have, with all that a rail shows of it."""
    if need.rail is None:
        return None
    issuer, engagement = state.parties(work.draft.client, work.draft)
    invoice = issue_invoice(
        work.draft, work.claim, issuer=issuer, engagement=engagement, ledger_head="", made_with=need.made_with
    )
    return link_of(invoice) if gets_link(invoice) else None


def _push_claim(need: Issuing, state: AtTip, work: Work, link: EnsureLink) -> Flow[Outcome]:
    claim = work.claim
    files = newest_ledger_file(_claimed(load.ledger(state.snapshot), claim, need.by))
    files[f"{invoice_folder(claim.number, claim.issue_date.year)}/claim.toml"] = write(claim).encode()
    plan = Plan(
        why=f"claim {claim.number} for {work.name}",
        effects=(
            Publish(
                branch=need.books.branch,
                expect=state.tip,
                files=files,
                message=f"Claim {claim.number} for {work.name}",
                at=claim.at,
            ),
        ),
        then=f"its payment link over {link.amount}, then the document",
    )
    return (yield plan)[0]


def _claimed(ledger: Mapping[int, str], claim: Claim, by: str) -> Mapping[int, str]:
    """The ledger with the claim's line. Its hash is printed on the document, which so vouches for its own draft."""
    facts = {"number": claim.number, "draft": claim.draft, "blob": claim.blob}
    return with_line(ledger, at=claim.at, kind="claim", by=by, facts=facts)


def _freeze(need: Issuing, state: AtTip, work: Work, link: str | None, *, head: str) -> Frozen:
    issuer, engagement = state.parties(work.draft.client, work.draft)
    attached, gone = attached_files(state.snapshot, work.draft)
    if gone:
        raise Stop(Exit.PROBLEMS, gone)
    return freeze(
        work.draft,
        work.claim,
        issuer=issuer,
        engagement=engagement,
        worked=state.worked,
        evidence=load.evidence(state.snapshot),
        ledger_head=head,
        payment_link=link,
        typesetter=need.typesetter,
        wording=state.words,
        vat=state.vat,
        made_with=need.made_with,
        look=look_of(state.snapshot, state.workspace.settings),
        electronics=need.electronics,
        attached=attached,
    )


def _publication(need: Issuing, state: AtTip, work: Work, frozen: Frozen, ledger: Mapping[int, str]) -> Plan:
    """One commit and tag: the frozen directory, minus the draft, plus the ledger's lines. All or nothing."""
    folder = invoice_folder(work.claim.number, work.claim.issue_date.year)
    number, invoice = work.claim.number, frozen.invoice
    reverses = work.draft.reverses
    credited = {"credits": reverses.number, "entries": reverses.entries} if reverses is not None else {}
    facts = {
        "number": number,
        "draft": work.draft.id,
        **credited,
        "blob": work.claim.blob,
        "gross": str(invoice.totals.gross),
        "payable": str(invoice.totals.payable),
        "approved_by": work.claim.approved_by,
        "sign_offs": {assent.by: assent.how for assent in work.sign_offs},
        "mail": state.workspace.settings.mail.on_issue and invoice.client.invoices_to is not None,
        "files": {name: sha256(content) for name, content in sorted(frozen.files.items())},
    }
    kind = "issue" if reverses is None else "credit"
    grown = with_line(ledger, at=work.claim.at, kind=kind, by=need.by, facts=facts)
    files = newest_ledger_file(grown)
    files |= {f"{folder}/{name}": content for name, content in frozen.files.items()}
    if work.after is None:
        files[draft_file(work.name)] = None
    publish = Publish(
        branch=need.books.branch,
        expect=state.tip,
        files=files,
        message=f"Issue {number} to {invoice.client.name}\n\nDraft {work.draft.id}, {invoice.totals.gross}.",
        at=work.claim.at,
        tags=(f"invoice/{number}",),
    )
    then = "what replaces it" if work.after else "mail it" if state.workspace.settings.mail.on_issue else ""
    return Plan(why=f"issue {number}: {invoice.totals.gross} to {invoice.client.name}", effects=(publish,), then=then)


def _drop_branches(books: Books, state: AtTip) -> Flow[None]:
    """Remove branches that still hold what was issued, by an earlier run too; one that went on stays."""
    for branch in books.drafts():
        name, issued = branch.name, state.issued(branch.name)
        content = books.at(branch.commit).read(draft_file(name)) if issued else None
        if issued and content is not None and books.blob_id(content) == issued.claim.blob:
            drop = DropBranch(branch=draft_branch(name), expect=branch.commit)
            yield Plan(why=f"{name} is issued: its branch is no longer needed", effects=(drop,))


def _earlier(state: AtTip, only: str) -> Document:
    """The document that an earlier run made of a draft. Stops (exit 1) where there is none."""
    item = state.issued(only)
    if item is not None and item.invoice is not None:
        files = state.snapshot.paths(item.folder)
        return Document(name=only, folder=item.folder, invoice=item.invoice, files=files, already=True)
    raise Stop(Exit.PROBLEMS, [unknown_draft(only, state.approved)])
