"""Verify the PDF of an invoice from its own data, in the client's clone, and against the issuer's ledger.

Nothing of it trusts the PDF: it may come from anybody.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from git_bill.custody.ledger import ISSUED, START, Record, sha256, short
from git_bill.flows.audit import Audit, examine
from git_bill.flows.checklist import Check, counted, problems_of
from git_bill.invoice.document.attachment import NAME, Citation, Statement, read_statement
from git_bill.invoice.statement import line_problem, line_text, sums_text, total_problems, unseen
from git_bill.ports import Books, History, RawCommit
from git_bill.problem import Problem, errors
from git_bill.worklog.keyed import EvidenceKey

_ASK = "ask the issuer about it"
_MOST = 4  # commits that one message names
_MARGIN = timedelta(days=1)  # work past midnight, and clocks of other zones


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A PDF as read: its bytes, its text as a reader sees it, the files attached to it."""

    file: str
    content: bytes
    text: str
    attached: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """One PDF's checks. `statement` None where it carries none that can be read."""

    file: str
    statement: Statement | None
    checks: tuple[Check, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every finding."""
        return problems_of(self.checks)


def verify(
    documents: Sequence[Document],
    clones: Sequence[History],
    books: Books | None,
    *,
    ours: bool = True,
    key: EvidenceKey | None = None,
) -> tuple[Verified, ...]:
    """Each PDF by itself, its commits in all clones together, and the PDFs against each other.

    `key`: of the issuer, for commits that are cited by keyed ids; without it these are told by their second.
    `ours`: the books are said to be the issuer's; else a number that they don't know is not checked there.
    """
    read = [(document, *_read(document)) for document in documents]
    statements = [statement for _, statement, _ in read if statement is not None]
    found = _Clones(statements, clones, key) if clones else None
    audit = examine(books) if books is not None and statements else None
    cited: dict[str, str] = {}
    result: list[Verified] = []
    for document, statement, check in read:
        checks = [check]
        if statement is not None:
            checks += _own(statement, document.text)
            checks += _work(statement, found)
            checks += _elsewhere(statement, cited) if len(statements) > 1 else ()
            checks += _ledger(document, statement, audit, ours)
        result.append(Verified(file=document.file, statement=statement, checks=tuple(checks)))
    return tuple(result)


def _read(document: Document) -> tuple[Statement | None, Check]:
    what = f"the PDF carries what it says as data ({NAME})"
    if NAME not in document.attached:
        none = Problem(
            rule="invoice-no-data",
            message=f"the PDF carries no {NAME}, so there is nothing to check it by",
            hint="only the PDF that git-bill issued has it, not a print, a scan or a preview of it",
            file=document.file,
        )
        return None, Check(what=what, problems=(none,))
    found = read_statement(document.attached[NAME], f"{document.file}:{NAME}")
    return found.value, Check(what=what, problems=found.problems)


def _own(statement: Statement, text: str) -> Iterator[Check]:
    """What can be told from the PDF alone."""
    for number, line in enumerate(statement.lines, 1):
        wrong = line_problem(number, line, statement.currency)
        yield Check(what=line_text(number, line), problems=(wrong,) if wrong else ())
    yield Check(what=sums_text(statement), problems=tuple(total_problems(statement)))
    yield Check(what="a reader of the PDF sees the same", problems=tuple(unseen(statement, text)))
    commits = [citation.commit for line in statement.lines for citation in line.commits]
    twice = sorted({commit for commit in commits if commits.count(commit) > 1})
    if commits:
        problems = tuple(
            _problem("cited-twice", f"the commit {commit} is cited on more than one line") for commit in twice
        )
        yield Check(what=f"no commit is cited twice: {counted(len(commits), 'commit')}", problems=problems)


class _Clones:
    """The commits of all clones that documents may mean, each standing for one citation of a document."""

    def __init__(self, statements: Iterable[Statement], clones: Sequence[History], key: EvidenceKey | None) -> None:
        """One walk through each clone."""
        citations = [c for statement in statements for line in statement.lines for c in line.commits]
        wanted = {_id(name) for c in citations for name in (c.commit, *c.within)}
        seconds = {_second(c.at) for c in citations if c.at is not None}
        self._key = key
        self.cut = any(clone.shallow for clone in clones)
        self.by_id: dict[str, RawCommit] = {}
        self._by_second: dict[int, list[RawCommit]] = defaultdict(list)
        for commit in chain.from_iterable(clone.commits() for clone in clones) if citations else ():
            self.by_id.update((name, commit) for name in self.names(commit) & wanted)
            if _second(commit.author_at) in seconds:
                self._by_second[_second(commit.author_at)].append(commit)

    def rewritten(self, citation: Citation, taken: set[str]) -> RawCommit | None:
        """A commit of the cited author's second that nothing else cites: a rebase or an amend keeps that second."""
        same = self._by_second.get(_second(citation.at), []) if citation.at is not None else []
        return next((commit for commit in same if taken.isdisjoint(self.names(commit))), None)

    def names(self, commit: RawCommit) -> frozenset[str]:
        """How documents may cite a commit."""
        ids = (commit.id, self._key.commit(commit.id)) if self._key else (commit.id,)
        return frozenset(each[:12] for each in ids)


def _work(statement: Statement, clones: _Clones | None) -> Iterator[Check]:
    """The cited commits in the clones."""
    citations = [(number, c) for number, line in enumerate(statement.lines, 1) for c in line.commits]
    if not citations:
        says = "it cites none" if statement.evidence else "the contract does not show them"
        yield Check(what="commits", skipped=says)
    elif clones is None:
        yield Check(what="its commits in your clone", skipped="name the clone: --repo PATH")
    else:
        keyed = sum(
            _id(citation.commit) not in clones.by_id and _is_keyed(citation.commit) for _, citation in citations
        )
        by_time = f", {keyed} of them told by their time alone: the books name no ids" if keyed else ""
        what = f"they are in your clone and of the service period: {counted(len(citations), 'commit')}{by_time}"
        yield Check(what=what, problems=tuple(_commit_problems(statement, citations, clones)))


def _commit_problems(
    statement: Statement, citations: Sequence[tuple[int, Citation]], clones: _Clones
) -> Iterator[Problem]:
    """What is wrong with single commits; those that are missing together, as one branch brings them all."""
    taken = {_id(citation.commit) for _, citation in citations}
    missing: list[str] = []
    for number, citation in citations:
        commit = clones.by_id.get(_id(citation.commit)) or clones.rewritten(citation, taken)
        about = f"{citation.commit} (line {number})"
        if commit is not None:
            taken |= clones.names(commit)
            if citation.at is not None and commit.author_at != citation.at:
                message = f"{about} was made at {commit.author_at}, the invoice says {citation.at}"
                yield _problem("commit-time", message)
        elif not any(_id(other) in clones.by_id for other in citation.within):
            missing.append(about)
        at = commit.author_at if commit is not None else citation.at
        if at is not None and _outside(statement, at.date()):
            message = f"{about} is of {at.date()}, not of {statement.first} to {statement.last}"
            yield _problem("commit-outside", message)
    if missing:
        yield _missing(missing, cut=clones.cut)


def _outside(statement: Statement, day: date) -> bool:
    """Whether a day is neither of the service period nor of late work that a line names."""
    first = min([statement.first, *(line.first for line in statement.lines if line.first)])
    last = max([statement.last, *(line.last for line in statement.lines if line.last)])
    return max(first - day, day - last) > _MARGIN


def _missing(names: Sequence[str], *, cut: bool) -> Problem:
    shown = ", ".join(names[:_MOST]) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")
    hint = "they may be squashed, rebased or on a branch that was deleted: git fetch --all, or ask the issuer"
    return Problem(
        rule="invoice-commit-missing",
        message=f"{counted(len(names), 'cited commit')} can't be found in your clone: {shown}",
        hint="the clone is shallow: git fetch --unshallow" if cut else hint,
    )


def _id(name: str) -> str:
    """The commit's own part of a name like `web-shop:3f2a9c1d4e5f`."""
    return name.rpartition(":")[2]


def _is_keyed(name: str) -> bool:
    return _id(name).startswith("k")


def _second(at: datetime) -> int:
    return int(at.timestamp())


def _elsewhere(statement: Statement, cited: dict[str, str]) -> Iterator[Check]:
    """Commits that an earlier one of the PDFs cites too. `cited`: commit → number of the document that cites it."""
    problems = []
    for line in statement.lines:
        for citation in line.commits:
            before = cited.setdefault(citation.commit, statement.number)
            if before != statement.number:
                problems.append(
                    Problem(
                        rule="invoice-cited-before",
                        severity="warning",
                        message=f"{citation.commit} is cited on {before} too",
                        hint="right where work went on over midnight at the end of a period; else ask the issuer",
                    )
                )
    yield Check(what="no commit is cited on another of these invoices", problems=tuple(problems))


def _ledger(document: Document, statement: Statement, audit: Audit | None, ours: bool) -> Iterator[Check]:
    """The head in the chain and the file as recorded, where the issuer's books are at hand."""
    head = f"the ledger head {statement.ledger_head} was the chain's before it was issued"
    if audit is None:
        yield Check(what="its place in the issuer's ledger", skipped="only who has the books can: --books PATH")
        return
    index = next((i for i, record in enumerate(audit.records) if _is_issue(record, statement.number)), None)
    if index is None:
        unknown = _problem(
            "not-recorded", f"the ledger of these books does not record that {statement.number} was issued"
        )
        yield (
            Check(what=head, problems=(unknown,))
            if ours
            else Check(what="its place in the ledger", skipped="these books did not issue it")
        )
        return
    before = {short(START), *(short(record.hash) for record in audit.records[:index])}
    if statement.ledger_head == short(START):
        head = "it is the first document of its ledger, so it prints no head of it"
    strange = _problem("head", f"the chain never had the head {statement.ledger_head} before {statement.number}")
    yield Check(what=head, problems=() if statement.ledger_head in before else (strange,))
    files = audit.records[index].facts.get("files")
    recorded = files.get("invoice.pdf") if isinstance(files, dict) else None
    differs = _problem("differs", f"this file is not the PDF that was issued as {statement.number}")
    same = recorded == sha256(document.content)
    yield Check(what="it is byte for byte the PDF that was issued", problems=() if same else (differs,))
    yield Check(what="the ledger is whole", problems=errors(audit.problems))


def _is_issue(record: Record, number: str) -> bool:
    return record.kind in ISSUED and record.facts.get("number") == number


def _problem(rule: str, message: str) -> Problem:
    return Problem(rule=f"invoice-{rule}", message=message, hint=_ASK)
