"""The work in a review: what is not billed and why, and what stands behind each line."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from git_bill.invoice.basis import Basis
from git_bill.invoice.document.locale import days_text
from git_bill.invoice.document.markdown import markdown
from git_bill.invoice.draft import Draft, Line, NotBilled
from git_bill.invoice.part import AGENT, CAP, ROUNDED_AWAY, SOLD, UNPROVEN
from git_bill.invoice.subject import readable
from git_bill.period import Period, format_duration
from git_bill.worklog.entry import Worked, short_name

_LANGUAGE = "en"
_NAME = re.compile(r"[A-Za-z0-9._…-]{1,100}")
_MOST_IDS = 6  # commit ids shown for one entry
_MOST_LEFT = 5  # entries that are told for one reason; the others stand with the evidence
_WORDS = {
    CAP: "more than the agreed cap",
    UNPROVEN: "who did it is not proven",
    ROUNDED_AWAY: "too short to count after the agreed rounding",
    SOLD: "the day is billed already, to this client or another",
    AGENT: "work with an AI agent, which the contract does not bill",
}
_THEN = {"carry": "it comes back with the next draft", "waive": "it will not be billed later"}


def code(name: str) -> str:
    """An id as code where it holds nothing but letters, digits and dashes, else as text."""
    return f"`{name}`" if _NAME.fullmatch(name) else markdown(name)


def pinned(line: Line, basis: Basis) -> list[tuple[Worked, int]]:
    """The entries that a line bills, with their minutes, by day."""
    found = [(basis.worked[entry], minutes) for entry, minutes in line.entries.items() if entry in basis.worked]
    return sorted(found, key=lambda pin: (pin[0].entry.day, pin[0].id))


def left_out(draft: Draft, basis: Basis, *, ids: bool) -> Iterator[str]:
    """What the draft lists and does not bill, by reason; and what is not on it because another draft has it.

    `ids`: with the ids of entries, which commands in a terminal need.
    """
    elsewhere = list(_elsewhere(draft, basis))
    if draft.not_billed or elsewhere:
        yield "### Not billed\n"
    for why, items in _groups(draft).items():
        yield f"- **{format_duration(sum(left.minutes for _, left in items))}**, {why}"
        yield from (f"  - {_entry(basis, entry, left.minutes, ids=ids)}" for entry, left in items[:_MOST_LEFT])
        if len(items) > _MOST_LEFT:
            yield f"  - and {len(items) - _MOST_LEFT} more, listed below"
    for worked, where in elsewhere:
        yield f"- {_entry(basis, worked.id, worked.entry.minutes, ids=ids)}: on the open draft {markdown(where)}"


def evidence(draft: Draft, basis: Basis, *, ids: bool) -> Iterator[str]:
    """Folded; for each line its price's reason and its entries with state, evidence and what the contract shows."""
    count = sum(len(pinned(line, basis)) for line in draft.lines)
    entries = "1 entry" if count == 1 else f"{count} entries"
    yield f"<details><summary>The work behind each line: {entries}</summary>\n"
    for number, line in enumerate(draft.lines, 1):
        yield f"**{number}. {markdown(short(line.description))}**\n"
        if line.reason:
            yield f"{markdown(line.reason)}\n"
        if line.because:
            yield f"Because: {markdown(line.because)}\n"
        yield from (_pin(draft, basis, worked, minutes, ids=ids) for worked, minutes in pinned(line, basis))
        yield ""
    for why, items in _groups(draft).items():
        if len(items) > _MOST_LEFT:
            yield f"**Not billed: {why}**\n"
            yield from (f"- {_entry(basis, entry, left.minutes, ids=ids)}" for entry, left in items)
            yield ""
    yield "</details>"


def short(text: str) -> str:
    """A description that fits on a line or two of a phone."""
    return text if len(text) <= 80 else text[:79] + "…"


def _groups(draft: Draft) -> dict[str, list[tuple[str, NotBilled]]]:
    """What is not billed, by why and what becomes of it."""
    groups: dict[str, list[tuple[str, NotBilled]]] = defaultdict(list)
    for entry, left in draft.not_billed.items():
        why = _WORDS.get(left.because) or f"“{markdown(left.because)}”"
        groups[f"{why}: {_THEN[left.then]}"].append((entry, left))
    return groups


def _elsewhere(draft: Draft, basis: Basis) -> Iterator[tuple[Worked, str]]:
    period = Period(draft.first, draft.last)
    for entry, where in basis.pins.items():
        worked = basis.worked.get(entry)
        if worked is not None and worked.client == draft.client and worked.entry.day in period:
            yield worked, where


def _entry(basis: Basis, entry: str, minutes: int, *, ids: bool) -> str:
    """`5 Oct 2026, WEB-5 Add totals: 45 min (W-k3v9q2m7x4ab)`"""
    worked = basis.worked.get(entry)
    if worked is None:
        return f"{code(entry)}: {format_duration(minutes)}"
    facts = worked.entry
    day = days_text(facts.day, facts.day, _LANGUAGE)
    text = readable(facts.text, facts.ticket)
    what = " ".join(part for part in (facts.ticket, text) if part) or facts.activity.capitalize()
    return f"{day}, {markdown(short(what))}: {format_duration(minutes)}" + (f" ({code(entry)})" if ids else "")


def _pin(draft: Draft, basis: Basis, worked: Worked, minutes: int, *, ids: bool) -> str:
    entry = worked.entry
    contract = basis.contract(draft.contract)
    show: Iterable[str] = contract.show if contract else ()
    who = basis.names.get(entry.by, entry.by)
    facts = [entry.standing, markdown(f"{who} with {entry.agent}" if entry.agent else who)]
    if entry.day < draft.first:
        facts.append("late")
    if "times" in show and entry.at:
        facts.append(markdown(", ".join(entry.at)))
    if "range" in show and entry.low != entry.high:
        facts.append(f"{format_duration(entry.low)} to {format_duration(entry.high)}")
    names = list(dict.fromkeys(short_name(fact) for fact in entry.evidence))
    if names:
        facts.append(" ".join(map(code, names[:_MOST_IDS])) + (" …" if len(names) > _MOST_IDS else ""))
    return f"- {_entry(basis, worked.id, minutes, ids=ids)}; {', '.join(facts)}"
