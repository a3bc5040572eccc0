"""Which contract an entry belongs to: exactly one of its client's contracts, by term and by what it applies to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from git_bill.contract.agreement import Contract, Engagement
from git_bill.problem import Problem
from git_bill.worklog.entry import Entry, Worked


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Entries by contract id, and a problem for each set of contracts that entries can't choose from."""

    entries: Mapping[str, tuple[Worked, ...]]
    problems: tuple[Problem, ...]


def fits(entry: Entry, contract: Contract) -> bool:
    """Whether a contract's term covers the entry's day and its `applies` names it; what is left empty fits all."""
    applies = contract.applies
    return (
        contract.covers(entry.day)
        and (not applies.project or entry.project in applies.project)
        and (not applies.ticket or (entry.ticket or "").startswith(applies.ticket))
        and (not applies.activity or entry.activity in applies.activity)
    )


def route(worked: Iterable[Worked], engagement: Engagement, file: str | None = None) -> Routed:
    """Send one client's entries to their contracts. An entry that fits two contracts or none is a problem."""
    found: dict[str, list[Worked]] = defaultdict(list)
    astray: dict[tuple[str, ...], list[Worked]] = defaultdict(list)
    for item in sorted(worked, key=lambda w: (w.entry.day, w.id)):
        ids = tuple(contract.id for contract in engagement.contracts if fits(item.entry, contract))
        if len(ids) == 1:
            found[ids[0]].append(item)
        else:
            astray[ids].append(item)
    problems = (
        _two(ids, items, engagement, file) if ids else _none(items, engagement, file)
        for ids, items in sorted(astray.items())
    )
    return Routed(entries={k: tuple(v) for k, v in found.items()}, problems=tuple(problems))


def leaves_out(item: Worked, engagements: Mapping[str, Engagement]) -> bool:
    """Whether an entry is work with an AI agent that its contract does not bill."""
    engagement = engagements.get(item.client)
    contracts = engagement.contracts if item.entry.agent and engagement else ()
    return any(contract.agents == "none" and fits(item.entry, contract) for contract in contracts)


def _two(ids: tuple[str, ...], items: list[Worked], engagement: Engagement, file: str | None) -> Problem:
    day = items[0].entry.day
    return Problem(
        rule="two-contracts",
        message=f"{_named(items)} {_verb(items, 'fits', 'fit')} {len(ids)} contracts: {', '.join(ids)}",
        hint=f'say what one of them is for: applies = {{ project = ["{items[0].entry.project or "web-shop"}"] }}, '
        f"or end it before: until = {day.replace(day=1)}",
        file=file,
        at=engagement.place(ids[-1]),
    )


def _none(items: list[Worked], engagement: Engagement, file: str | None) -> Problem:
    entry = items[0].entry
    covering = [c.id for c in engagement.contracts if c.covers(entry.day)]
    if covering:
        why = f"{', '.join(covering)} {_verb(covering, 'covers', 'cover')} the day, but not what it applies to"
        widen = f'widen `applies` of {covering[0]}: project = ["{entry.project}"]'
        hint = f"{widen}, or move it: git bill move {items[0].id} --to CLIENT"
    else:
        why = "no contract covers the day"
        earlier = f"let one begin earlier: from = {entry.day.replace(day=1)}"
        hint = f"{earlier}, or drop the work: git bill drop {items[0].id}"
    return Problem(
        rule="no-contract",
        message=f"{_named(items)} {_verb(items, 'fits', 'fit')} no contract: {why}",
        hint=hint,
        file=file,
        at=engagement.place(covering[0]) if covering else ("contracts", 0),
    )


def _named(items: list[Worked]) -> str:
    first = items[0]
    what = ", ".join(
        part for part in (first.entry.by, str(first.entry.day), first.entry.ticket, first.entry.project) if part
    )
    if len(items) == 1:
        return f"entry {first.id} ({what})"
    return f"{len(items)} entries up to {items[-1].entry.day}, the first {first.id} ({what}),"


def _verb(many: list[Worked] | list[str], one: str, several: str) -> str:
    return one if len(many) == 1 else several
