"""Explain: what a number, a line, an entry, a commit or the ledger rests on, down to evidence, people and law."""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from zoneinfo import ZoneInfo

from git_bill.contract.agreement import Contract
from git_bill.contract.exchange import Quotes, none_known
from git_bill.flows import load
from git_bill.flows.checklist import counted
from git_bill.flows.collect import allocated
from git_bill.flows.explain_dispute import dispute_reasons
from git_bill.flows.explain_expense import expense_named
from git_bill.flows.explain_identity import Commits, about, subject
from git_bill.flows.explain_ledger import ledger_reason, missing_number, number_reasons
from git_bill.flows.explain_left_out import Histories, left_out
from git_bill.flows.explain_payment import LETTERS, money_reason, payment_reasons
from git_bill.flows.lookup import Known, known
from git_bill.flows.overrule import counted_as
from git_bill.flows.overview import overview
from git_bill.flows.proof import facts as judged
from git_bill.flows.receivables import Lateness
from git_bill.flows.waiting import Waiting
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice
from git_bill.invoice.reasons import amount_reasons, line_reason, money
from git_bill.invoice.related import asked, related
from git_bill.invoice.totals import draft_totals
from git_bill.period import format_duration
from git_bill.ports import Books
from git_bill.problem import Exit, Stop, stop
from git_bill.worklog.entry import Worked, evidence_name
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.point import Verdict
from git_bill.worklog.reason import Facts, Reason, commit_reason, entry_reason
from git_bill.worklog.told import by_commit

LEDGER = "ledger"
_OVERRULED = frozenset({"repeats", "same-moment", "presence"})  # verdicts that a person may know better than
_SHORTEST = 7  # characters of a commit id


def explain(  # noqa: PLR0911  one line per kind of subject
    books: Books,
    word: str,
    line: int | None = None,
    commits: Commits = MappingProxyType({}),
    clones: Histories = MappingProxyType({}),
    *,
    lateness: Lateness | None = None,
    quotes: Quotes = none_known,
) -> Reason:
    """The reasons of what a word means. `commits`: of keyed sources, as evidence names them, where they can be told.

    `clones`: where commits are looked for that the books do not have. `lateness`: tells of overdue invoices and
    of payments; `quotes`: what the rates of exchange made of those.
    Stops (exit 1) where it means nothing or has no such line.
    """
    if word == LEDGER:
        return ledger_reason(books)
    names = known(books)
    if word.upper().startswith(LETTERS) and line is None:
        return money_reason(books, names.tip, f"{word[:2].upper()}{word[2:].lower()}", quotes)
    meant = names.find(word)
    if isinstance(meant, Waiting) or (isinstance(meant, load.Numbered) and meant.invoice is not None):
        document = _document(names, meant, line, commits)
        return document if line is not None or lateness is None else _with_lateness(names, document, lateness, quotes)
    if line is not None:
        missing = missing_number(books, names, word) if meant is None else None
        message = missing.text if missing else f"{word} has no lines"
        raise stop(Exit.USAGE, "no-lines", message, "name a draft or an invoice with --line")
    if isinstance(meant, load.Numbered):
        because = tuple(number_reasons(names.tip, meant))
        return Reason(text=f"the number {meant.claim.number}", kind="number", ref=meant.claim.number, because=because)
    if isinstance(meant, Worked):
        return _entry(books, names, meant, commits)
    found = expense_named(books, names, word) or _commit(names, word, commits) or missing_number(books, names, word)
    if found is not None:
        return found
    key = _commit_id(word)
    if key is None:
        raise names.nothing(word, LEDGER)
    return left_out(load.workspace(names.here), key, clones)


def _document(names: Known, meant: Waiting | load.Numbered, line: int | None, commits: Commits) -> Reason:
    """A draft or an issued invoice, or one of its lines."""
    document = meant.draft if isinstance(meant, Waiting) else meant.invoice
    if document is None:
        raise Stop(Exit.PROBLEMS, meant.problems if isinstance(meant, Waiting) else ())
    facts = _facts(names, commits)
    name = meant.name if isinstance(meant, Waiting) else meant.claim.number
    if line is not None:
        if not 1 <= line <= len(document.lines):
            message = f"{name} has {counted(len(document.lines), 'line')}, none is number {line}"
            raise stop(Exit.PROBLEMS, "no-such-line", message, f"see them: git bill show {name}")
        return line_reason(document, line, names.worked, facts, _contract(names, document))
    because = [*amount_reasons(document, names.worked, facts, _contract(names, document)), _terms(document)]
    if isinstance(meant, load.Numbered):
        inner = tuple(number_reasons(names.tip, meant))
        because.append(Reason(text=f"the number {name}", kind="number", ref=name, because=inner))
    if isinstance(document, Invoice):
        because += (Reason(text=text, kind="related", ref=name) for text in related(document, names.issued))
    return Reason(text=_title(name, document), kind="document", ref=name, because=tuple(because))


def _with_lateness(names: Known, found: Reason, lateness: Lateness, quotes: Quotes) -> Reason:
    """With what was paid, what may be claimed for an invoice that is overdue, and what disputes and holds do to it."""
    paid = payment_reasons(names.tip, found.ref, quotes)
    late = lateness.reasons(names.here, found.ref, names.issued)
    rests = dispute_reasons(names.tip, found.ref, names.issued, lateness.today)
    return replace(found, because=(*found.because, *paid, *late, *rests))


def _contract(names: Known, document: Draft | Invoice) -> Contract | None:
    """The contract as it is now."""
    client = document.client if isinstance(document, Draft) else document.client_id
    engagement = load.workspace(names.here).engagements.get(client)
    return next((c for c in engagement.contracts if c.id == document.contract), None) if engagement else None


def _title(name: str, document: Draft | Invoice) -> str:
    if isinstance(document, Invoice):
        return f"{name} to {document.client.name}: {money(document.totals.to_transfer)}, {asked(document)}"
    return f"draft {name} for {document.client}: {money(draft_totals(document).to_transfer)}"


def _terms(document: Draft | Invoice) -> Reason:
    within = "" if document.payment_terms == "on receipt" else "within "
    text = f"payable {within}{document.payment_terms}, as contract {document.contract} says"
    if document.reverses is not None:
        text = f"a credit note on {document.reverses.number} of {document.reverses.issue_date}"
    elif isinstance(document, Invoice):
        text = f"due {document.due_date}: {document.payment_terms} from {document.issue_date}"
    return Reason(text=text, kind="terms", ref=document.contract)


def _facts(names: Known, commits: Commits, *, allocate: bool = False) -> Facts:
    """What is on file; `allocate`: with the verdicts of allocating it all anew."""
    workspace = load.workspace(names.here)
    people = workspace.settings.contributors
    evidence = load.evidence(names.here)
    collected = allocated(names.here, workspace, evidence=evidence) if allocate else None
    # The later one counts of those with one name, and not the record of a co-author.
    ordered = sorted(judged(evidence, workspace), key=lambda r: ("+" not in r.key, r.as_of))
    named = {evidence_name(r.source, r.key): r for r in ordered}
    return Facts(
        evidence={name: replace(r, text=subject(commits[name])) if name in commits else r for name, r in named.items()},
        edits=load.edits(names.here),
        zones={person.id: ZoneInfo(person.timezone) for person in people},
        verdicts=collected.verdicts if collected else (),
        won=collected.won if collected else (),
        lost=collected.lost if collected else (),
        names={person.id: person.name for person in people},
        about=about(named, evidence, workspace, commits),
        told=by_commit(evidence),
    )


def _entry(books: Books, names: Known, item: Worked, commits: Commits) -> Reason:
    reason = entry_reason(item, _facts(names, commits, allocate=True))
    because = (*reason.because, *_billing(books, names, item))
    return Reason(text=reason.text, kind=reason.kind, ref=reason.ref, because=because)


def _billing(books: Books, names: Known, item: Worked) -> Iterator[Reason]:
    """What documents say of an entry, and what of it is still unbilled."""
    view = overview(books, names.here)
    number, draft = view.invoiced.get(item.id), view.drafted.get(item.id)
    if number is not None:
        invoice = names.numbers[number].invoice if number in names.numbers else None
        lines = [n for n, line in enumerate(invoice.lines, 1) if item.id in line.entries] if invoice else []
        on = f"billed on {number}, line {lines[0]}" if lines else f"listed and not billed on {number}"
        yield Reason(text=on, kind="invoice", ref=number)
    if draft is not None:
        yield Reason(text=f"on the draft {draft}", kind="draft", ref=draft)
    open_minutes = view.unbilled(item)
    if (number is None or view.settled.minutes.get(item.id)) and draft is None and open_minutes:
        yield Reason(text=f"{format_duration(open_minutes)} are unbilled", kind="unbilled", ref=item.client)


def _commit(names: Known, word: str, commits: Commits) -> Reason | None:
    """A commit by the beginning of its id, and what it came to."""
    key = _commit_id(word)
    if key is None:
        return None
    facts = _facts(names, commits, allocate=True)
    meant = {name for name, commit in commits.items() if commit.id.startswith(key)}
    found = [(name, r) for name, r in facts.evidence.items() if r.key.startswith(key) or name in meant]
    if not found:
        return None
    because = tuple(reason for name, record in found for reason in _came_to(names, facts, name, record))
    name, record = found[0]
    reason = commit_reason(record, name, facts, record.contributor)
    return Reason(text=reason.text, kind=reason.kind, ref=reason.ref, because=(*because, *reason.because))


def _commit_id(word: str) -> str | None:
    """The beginning of a commit's id, keyed or not, that a word may be."""
    key = word.rpartition(":")[2].lower()
    return key if len(key) >= _SHORTEST and set(key.removeprefix("k")) <= set("0123456789abcdef") else None


def _came_to(names: Known, facts: Facts, name: str, record: Evidence) -> Iterator[Reason]:
    """The entries that a commit stands behind, or why it adds nothing."""
    for item in sorted(names.worked.values(), key=lambda w: (w.entry.day, w.id)):
        if name in item.entry.evidence:
            yield Reason(text=f"it stands behind {entry_reason(item, facts).text}", kind="entry", ref=item.id)
    for verdict in facts.verdicts:
        if verdict.evidence == name:
            covered = tuple(_covered(facts, record)) if verdict.rule == "repeats" else ()
            yield Reason(text=f"it adds nothing: {verdict.why}", kind=verdict.rule, ref=name, because=covered)
            yield from _overruled(names, facts, verdict)
    if record.contributor not in facts.zones:
        text = f"{record.contributor} is no contributor of these books, so it is not counted"
        yield Reason(text=text, kind="unknown-contributor", ref=record.contributor)


def _overruled(names: Known, facts: Facts, verdict: Verdict) -> Iterator[Reason]:
    """What a person said against a verdict, or how to say it."""
    counted_all_the_same = names.worked.get(counted_as(verdict.evidence))
    if counted_all_the_same is not None:
        text = f"counted all the same: {entry_reason(counted_all_the_same, facts).text}"
        yield Reason(text=text, kind="entry", ref=counted_all_the_same.id)
    elif verdict.rule in _OVERRULED:
        commit = verdict.evidence.rpartition(":")[2]
        text = f'if that is wrong: git bill edit {commit} --minutes 45m --because "…"'
        yield Reason(text=text, kind="overrule", ref=verdict.evidence)


def _covered(facts: Facts, record: Evidence) -> Iterator[Reason]:
    by_key = {found.key: (name, found) for name, found in facts.evidence.items()}
    for key in record.covers:
        if key in by_key:
            name, found = by_key[key]
            yield commit_reason(found, name, facts, found.contributor)
