"""Payments against the ledger: each decision has its line with the same amounts, and each line its decision.

The files of payments are read by people and may be merged by git, so a slip or a hand in them is told with its line.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from git_bill.custody.ledger import Record
from git_bill.flows import load
from git_bill.flows.bookkeeping import ledger_lines
from git_bill.flows.checklist import Check, counted
from git_bill.invoice.issued import Invoice
from git_bill.layout import PAYMENTS, PROPOSALS, proposal_file
from git_bill.ports import Books, Snapshot
from git_bill.problem import Problem, Stop, errors, located
from git_bill.receivable.booked import booked
from git_bill.receivable.payment import Payments
from git_bill.receivable.receivable import excess
from git_bill.receivable.settling import Proposals

_NAMES = {"payment": "allocation", "aside": "remittance", "write-off": "write_off", "set-off": "set_off"}
_NAMES |= {"payment-undone": "names", "rejected": "remittance"}  # kind of a line → the fact that names what it is about
_WORDS = {"payment": "the payment", "aside": "what was put aside,", "write-off": "the write-off"}
_WORDS |= {"set-off": "the set-off", "payment-undone": "that somebody took back", "rejected": "the no to"}
_RECORD = {"payment": "git bill paid INV-…", "aside": "git bill reconcile --aside R-… --as private"}
_RECORD |= {"write-off": "git bill write-off INV-…", "set-off": "git bill paid INV-… --credit CN-…"}
_RECORD |= {"payment-undone": "git bill paid --undo A-…", "rejected": "git bill reconcile --reject R-…"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One decision as a file or the ledger has it. `at`: its place there."""

    kind: str
    name: str
    facts: Mapping[str, object]
    file: str
    line: int | None


def payments_check(snapshot: Snapshot, records: Iterable[Record], invoices: Iterable[Invoice] | None) -> Check:
    """Files and ledger of one state of the books, both ways, and law 9. `invoices`: None where one can't be read."""
    said, unreadable, months = _said(snapshot)
    told = _told(records)
    problems = [*unreadable, *_twice(said), *_differing(said, told)]
    if not errors(unreadable):
        problems += _gone(said, told)
        problems += excess(invoices, booked(months)) if invoices is not None else ()
    return Check(what=f"payments are what was recorded: {counted(len(said), 'decision')}", problems=tuple(problems))


def edited_payments(here: Snapshot, records: Iterable[Record]) -> Iterator[Problem]:
    """What files in a work tree say that the ledger does not. What they lack may only not be fetched yet."""
    said, unreadable, _ = _said(here)
    yield from unreadable
    yield from _differing(said, _told(records))


def proposal_problems(books: Books, snapshot: Snapshot) -> Iterator[Problem]:
    """Proposals that can't be read: merged ones, which no sweep takes up, and those on branches."""
    for path in snapshot.paths(PROPOSALS):
        if path.endswith(".toml"):
            yield from _unreadable(snapshot, path)
    for branch in books.proposals():
        there, path = books.at(branch.commit), proposal_file(branch.name)
        for problem in _unreadable(there, path):
            yield replace(problem, message=f"on pay/{branch.name}: {problem.message}")


def _unreadable(snapshot: Snapshot, path: str) -> tuple[Problem, ...]:
    try:
        found = load.read_file(snapshot, Proposals, path)
    except Stop as stopped:
        return stopped.problems
    return found.problems if found is not None else ()


def _said(snapshot: Snapshot) -> tuple[list[_Said], tuple[Problem, ...], list[Payments]]:
    """Decisions of all files, problems of those that can't be read, and the months that can."""
    said: list[_Said] = []
    problems: list[Problem] = []
    months: list[Payments] = []
    for path in sorted(path for path in snapshot.paths(PAYMENTS) if path.endswith(".toml")):
        try:
            found = load.read_file(snapshot, Payments, path)
        except Stop as stopped:
            problems += stopped.problems
            continue
        if found is None:
            continue
        problems += found.problems
        month = found.value
        if month is None:
            continue
        months.append(month)
        parts = ("allocations", "aside", "rejected", "write_offs", "set_offs", "undone")
        places = [(name, n) for name in parts for n in range(len(getattr(month, name)))]
        for place, (kind, facts) in zip(places, ledger_lines(month), strict=True):
            line = located(Problem(rule="", message="", file=path, at=place), {path: found.where}).line
            said.append(_Said(kind=kind, name=str(facts[_NAMES[kind]]), facts=facts, file=path, line=line))
    return said, tuple(problems), months


def _told(records: Iterable[Record]) -> Mapping[tuple[str, str], list[_Said]]:
    found: dict[tuple[str, str], list[_Said]] = defaultdict(list)
    for each in records:
        if each.kind in _NAMES:
            name = str(each.facts.get(_NAMES[each.kind]))
            one = _Said(kind=each.kind, name=name, facts=each.facts, file=each.file, line=each.line)
            found[each.kind, name].append(one)
    return found


def _twice(said: Iterable[_Said]) -> Iterator[Problem]:
    """The same decision in two places counts twice."""
    seen: set[tuple[str, str]] = set()
    for each in said:
        key = (each.kind, each.name)
        if key in seen and each.kind in {"payment", "write-off", "set-off"}:
            message = f"{each.name} stands here for the second time"
            yield _problem("payment-twice", each, message, "take one of the two out, and commit that")
        seen.add(key)


def _differing(said: Iterable[_Said], told: Mapping[tuple[str, str], list[_Said]]) -> Iterator[Problem]:
    """What a file says and the ledger does not, or says otherwise."""
    for each in said:
        lines = told.get((each.kind, each.name), [])
        if any(_same(each, line) for line in lines):
            continue
        if not lines:
            message = f"{_WORDS[each.kind]} {each.name} has no line in the ledger: no command recorded it"
            hint = f"take it out of the file and record it by command: {_RECORD[each.kind]}"
            yield _problem("payment-not-recorded", each, message, hint)
            continue
        wrong = next(name for name in each.facts if each.facts[name] != lines[-1].facts.get(name))
        was = lines[-1].facts.get(wrong)
        message = f"{each.name} says {wrong} = {each.facts[wrong]}; recorded was {was}"
        hint = f'put it back: {_key(wrong)} = "{was}"; what was recorded wrongly is taken back: git bill paid --undo '
        yield _problem("payment-changed", each, message, hint + each.name)


def _gone(said: Iterable[_Said], told: Mapping[tuple[str, str], list[_Said]]) -> Iterator[Problem]:
    """What the ledger says and no file does."""
    here: dict[tuple[str, str], int] = defaultdict(int)
    for each in said:
        here[each.kind, each.name] += 1
    for key, lines in told.items():
        for line in lines[here[key] :]:
            message = f"{_WORDS[line.kind]} {line.name} was recorded, and no file in {PAYMENTS} has it"
            hint = f"bring it back from the commit that took it out: git log -p -S{line.name} -- {PAYMENTS}"
            yield _problem("payment-gone", line, message, hint)


def _same(said: _Said, line: _Said) -> bool:
    return all(line.facts.get(name) == value for name, value in said.facts.items())


def _key(fact: str) -> str:
    """What the fact is called in a payments file."""
    return {"number": "invoice", "write_off": "id", "set_off": "id", "allocation": "id"}.get(fact, fact)


def _problem(rule: str, at: _Said, message: str, hint: str) -> Problem:
    return Problem(rule=rule, message=message, hint=hint, file=at.file, line=at.line)
