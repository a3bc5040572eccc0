"""Check: everything that can be said of the books and their drafts without changing anything."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from git_bill.contract.exchange import Quotes, none_known
from git_bill.contract.tax.document import Kind
from git_bill.contract.tax.table import VatTable
from git_bill.contract.tax.worth import kind_of_client, worth_problem
from git_bill.custody.signoff import Signatures, settings_subject
from git_bill.custody.vault import Vault
from git_bill.flows import load, load_payments
from git_bill.flows.assent import NOBODY, Witnesses
from git_bill.flows.audit import examine
from git_bill.flows.audit_payments import edited_payments, proposal_problems
from git_bill.flows.beside import beside
from git_bill.flows.check_payments import payment_problems
from git_bill.flows.collect import allocated
from git_bill.flows.disputes_at import dispute_problems
from git_bill.flows.electronic import Electronics, every_problem
from git_bill.flows.exchange_rates import worthless
from git_bill.flows.filed import invalid_signatures
from git_bill.flows.gate import branch_problems, check_draft, said_problems
from git_bill.flows.look import look_problems
from git_bill.flows.open_drafts import AtTip, read_books
from git_bill.flows.own_words import word_problems
from git_bill.flows.readers import sealing_problems, secret_problems
from git_bill.flows.tax_files import tax_table
from git_bill.flows.uncommitted import uncommitted
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issuing import preview
from git_bill.invoice.legal import legal_notes
from git_bill.invoice.totals import is_computable
from git_bill.layout import SETTINGS, client_file, draft_file, manifest_file
from git_bill.ports import Books, Snapshot
from git_bill.problem import Exit, Problem, Stop, errors, located
from git_bill.worklog.entry import Entry, Manifest
from git_bill.workspace import unknown_draft

CHECKS = {
    "settings": "billing.toml and the clients' files can be read and agree; what the documents are worth",
    "secrets": "no file holds what looks like a live secret; what is sealed can be opened by who should",
    "records": "evidence, edits and manifests can be read",
    "beside": "expenses and usage can be billed, receipts are there and unchanged",
    "payments": "no more is settled than came or was asked for; each branch pay/… can be recorded once merged",
    "disputes": "disputes and holds are of issued invoices, each step was possible, their files are unchanged",
    "drafts": "each open or approved draft can be issued, and what is unusual about it",
    "words": "sign-offs are there and valid, nothing is on hold, an owner stands by what changed in the settings",
    "books": "numbers without gaps, frozen files unchanged, ledger unbroken, each invoice right in itself, payments "
    "as they were recorded",
}


def check(
    books: Books,
    vat: VatTable,
    wording: Wording,
    only: str | None = None,
    *,
    today: date | None = None,
    vault: Vault | None = None,
    witnesses: Witnesses = NOBODY,
    quotes: Quotes | None = None,
    electronics: Electronics | None = None,
) -> tuple[Problem, ...]:
    """Every finding; with `only`, those of one draft. Files that can't be read are findings, not stops.

    `today`, `vault`: who may open sealed values by then, and what does; without them these are left out. `witnesses`:
    asked what people said. `quotes`: tell what an amount in another currency is worth. `electronics`: e-invoices are
    judged with.
    Stops (exit 1) where no draft, open, approved or issued, has the name `only`.
    """
    state = books.here()
    found = [*secret_problems(state), *_loading(state)]
    if found:
        return tuple(found)
    found += word_problems(state, wording)
    found += look_problems(state, load.workspace(state).settings)
    if errors(found):
        return tuple(found)
    if today is not None and vault is not None and only is None:
        found += sealing_problems(state, load.workspace(state).settings, today, vault)
    if only is None:
        found += beside(books, state, vat, quotes)
        found += dispute_problems(state)
        found += payment_problems(books, state)
    tip = books.tip()
    if tip is None or books.at(tip).read(SETTINGS) is None:  # nothing is recorded yet
        return (*found, *(_worth(state, vat, today) if only is None else ()))
    at_tip = replace(read_books(books, vat, wording, quotes or none_known), today=today)
    names = {*at_tip.approved, *at_tip.broken, *at_tip.branches, *(item.claim.name for item in at_tip.numbered)}
    if only is not None and only not in names:
        raise Stop(Exit.PROBLEMS, [unknown_draft(only, names)])
    found += _drafts(books, at_tip, only)
    waiting = at_tip.waiting if only is None else [only]
    if electronics is not None:
        found += electronic_problems(at_tip, waiting, electronics)
    found += said_problems(books, at_tip, waiting, witnesses)
    found += _signatures(books, at_tip, waiting, witnesses.signatures)
    found += uncommitted(state, at_tip, waiting)
    if only is None:
        if not at_tip.waiting:
            found += _worth(state, vat, today)
        found += _stale(state)
        found += worthless(state, at_tip.snapshot, quotes) if quotes is not None else ()
        found += _untranslated(at_tip)
        audited = examine(books)
        found += audited.problems
        found += edited_payments(state, audited.records)
        found += proposal_problems(books, at_tip.snapshot)
    return tuple(dict.fromkeys(found))


def _worth(state: Snapshot, vat: VatTable, today: date | None) -> Iterator[Problem]:
    """What our documents are worth where the issuer is, said once; a draft says it of its own client and day."""
    if today is None:
        return
    workspace, table = load.workspace(state), tax_table(state, vat)
    issuer = workspace.settings.issuer
    kinds: set[Kind] = {kind_of_client(issuer, each.client) for each in workspace.engagements.values()} or {"B2B"}
    told = (worth_problem(table, issuer, kind, today) for kind in sorted(kinds))
    for each in dict.fromkeys(problem for problem in told if problem is not None):
        yield located(replace(each, severity="info"), workspace.where)


def _loading(state: Snapshot) -> Iterator[Problem]:
    for reader in (
        load.workspace,
        load.evidence,
        load.edits,
        load.manifests,
        load.numbered,
        load.expenses,
        load.readings,
        load_payments.payment_months,
    ):
        try:
            reader(state)
        except Stop as wrong:
            yield from wrong.problems
            if reader is load.workspace:
                return


def _drafts(books: Books, at_tip: AtTip, only: str | None) -> Iterator[Problem]:
    for name, problems in at_tip.broken.items():
        if only in {None, name}:
            yield from problems
    for name in at_tip.approved:
        if only in {None, name}:
            yield from check_draft(at_tip, at_tip.snapshot, name)
    for branch in books.drafts():
        approved = branch.name in at_tip.approved or branch.name in at_tip.broken
        there = books.at(branch.commit)
        held = only is not None or there.read(draft_file(branch.name)) is not None  # else its draft was taken away
        if only in {None, branch.name} and held and not approved and not _issued(at_tip, branch.name):
            yield from branch_problems(books, branch)
            yield from check_draft(at_tip, there, branch.name)


def electronic_problems(at_tip: AtTip, names: Iterable[str], office: Electronics) -> Iterator[Problem]:
    """What would keep the drafts from becoming the e-invoices that their clients want."""
    for name in names:
        draft = at_tip.draft(name)
        if draft is None or draft.client not in at_tip.workspace.engagements or not is_computable(draft):
            continue
        issuer, engagement = at_tip.parties(draft.client, draft)
        invoice = preview(draft, issuer, engagement, today=at_tip.today or draft.last)
        invoice = replace(invoice, number=name, legal=legal_notes(invoice, at_tip.vat, at_tip.words))
        for problem in every_problem(invoice, office, at_tip.words):
            yield located(problem if problem.file else replace(problem, file=draft_file(name)), at_tip.workspace.where)


def _signatures(
    books: Books, at_tip: AtTip, waiting: Iterable[str], signatures: Signatures | None
) -> Iterator[Problem]:
    """Signatures below drafts that wait, and below the settings as they are, that do not count."""
    files = [SETTINGS, *map(client_file, at_tip.workspace.engagements)]
    blobs = [books.blob_id(at_tip.snapshot.read(file) or b"") for file in files]
    subjects = {settings_subject(blob): blob for blob in blobs}
    for name in waiting:
        if draft := at_tip.draft(name):
            there = books.at(at_tip.open[name][0].commit) if name in at_tip.open else at_tip.snapshot
            subjects[draft.id] = books.blob_id(there.read(draft_file(name)) or b"")
    people = at_tip.workspace.settings.contributors
    for subject, blob in subjects.items():
        if signatures is not None:
            there = at_tip.snapshot
            yield from invalid_signatures(books, there, subject, blob, people=people, signatures=signatures)


def _stale(state: Snapshot) -> Iterator[Problem]:
    """Manifests that evidence and edits do not give: changed by hand, or left by a merge."""
    before, now = load.manifests(state), allocated(state, load.workspace(state)).manifests
    for month in sorted({*before, *now}):
        if _worked(before.get(month)) == _worked(now.get(month)):
            continue
        yield Problem(
            rule="manifest-stale",
            severity="warning",
            message="this manifest does not say what evidence and edits give; a draft would use it",
            hint="write it again: git bill collect; people correct entries with: git bill edit",
            file=manifest_file(*month),
        )


def _worked(manifest: Manifest | None) -> Mapping[str, Entry]:
    """Entries without their flags: what is unusual changes with what is billed meanwhile."""
    return {name: replace(entry, flags=()) for name, entry in (manifest.entries if manifest else {}).items()}


def _untranslated(at_tip: AtTip) -> Iterator[Problem]:
    """Languages of clients that documents have no words in."""
    for client, engagement in at_tip.workspace.engagements.items():
        problem = at_tip.words.missing(engagement.client.language)
        if problem is not None:
            yield replace(problem, file=client_file(client))


def _issued(at_tip: AtTip, name: str) -> bool:
    return any(item.claim.name == name and item.invoice is not None for item in at_tip.numbered)
