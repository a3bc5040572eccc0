"""The review of a draft as Markdown for forges, mail and the terminal: prose first, then lines, then evidence."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from git_bill.contract.agreement import term_days
from git_bill.invoice.basis import Basis
from git_bill.invoice.command import EXAMPLES, Verb
from git_bill.invoice.document.locale import amount_text, date_text, days_text, hours_text, money_text, percent_text
from git_bill.invoice.document.markdown import markdown
from git_bill.invoice.draft import Draft, Line, NotBilled
from git_bill.invoice.drafting import CAP, ROUNDED_AWAY, UNPROVEN, update_command
from git_bill.invoice.quantity import in_minutes
from git_bill.invoice.subject import readable
from git_bill.invoice.totals import draft_totals, is_computable, net_of
from git_bill.period import Period
from git_bill.problem import Problem
from git_bill.worklog.entry import Worked

_LANGUAGE = "en"
_NAME = re.compile(r"[A-Za-z0-9._…-]{1,100}")
_MOST_IDS = 6  # commit ids shown for one entry
_WORDS = {
    CAP: "more than the agreed cap",
    UNPROVEN: "evidence that anyone could have forged",
    ROUNDED_AWAY: "too short to count after the agreed rounding",
}
_COMMENTS: Mapping[Verb, str] = {
    "minutes": "bills another time for the line",
    "drop": "takes the line out; its work is never billed",
    "defer": "takes the line out; its work comes with the next invoice",
    "hold": "nothing is issued until somebody writes `/bill release`",
    "approve": "signs it off as it is now",
}
_THEN = {"carry": "it comes back with the next draft", "waive": "it will not be billed later"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a review is made of. `problems`: from `draft_problems`; `mail_to`: where issuing mails the invoice.

    `today`: the day that the due date is told for. `commands`: it stands where comments with commands are read.
    """

    draft: Draft
    basis: Basis
    name: str
    problems: tuple[Problem, ...]
    today: date
    mail_to: str | None = None
    commands: bool = False


def review_title(review: Review) -> str:
    """One plain line for a pull request: `Invoice to Acme GmbH for October 2026: 5,712.00 EUR`."""
    draft = review.draft
    if not is_computable(draft):
        return markdown(f"Invoice to {review.basis.engagement.client.name}")
    gross = money_text(draft_totals(draft).gross, _LANGUAGE)
    period = days_text(draft.first, draft.last, _LANGUAGE)
    return markdown(f"Invoice to {review.basis.engagement.client.name} for {period}: {gross}")


def review_text(review: Review) -> str:
    """The whole review; ends with a line end. Every text from outside is escaped.

    A draft that was edited into something without totals is only told what must be mended.
    """
    if not is_computable(review.draft):
        return "**This draft can't be read as an invoice.**\n\n" + "\n".join(_unusual(review)) + "\n"
    sections = (_summary, _table, _sums, _unusual, _left_out, _evidence, _how_to)
    return "\n\n".join(part for section in sections if (part := "\n".join(section(review)))) + "\n"


def _summary(review: Review) -> Iterator[str]:
    """What must not be overlooked; who pays what to whom until when; what merging does."""
    draft, basis = review.draft, review.basis
    rules = {problem.rule for problem in review.problems}
    if "new-account" in rules:
        yield f"**It pays to a NEW account:** {_bank(basis)}. Make sure that this is right.\n"
    if "new-address" in rules:
        yield f"**It is mailed to a NEW address:** {markdown(basis.engagement.client.email or '')}.\n"
    due = date_text(review.today + timedelta(days=term_days(draft.payment_terms)), _LANGUAGE)
    payable = money_text(draft_totals(draft).payable, _LANGUAGE)
    client, issuer = markdown(basis.engagement.client.name), markdown(basis.issuer.name)
    yield f"**{client} pays {payable}** to {issuer}"
    yield f"by {due}, if it is issued on {date_text(review.today, _LANGUAGE)} (payable {_terms(draft)})."
    yield ""
    if any(problem.severity == "error" for problem in review.problems):
        yield "**It can't be issued as it is:** see below what must be mended first."
    yield "Merging approves it: the invoice gets the next number and can't be changed afterwards."
    if review.mail_to:
        yield f"It is then mailed to {markdown(review.mail_to)}."
    yield from _confirmed(review)


def _bank(basis: Basis) -> str:
    """Enough of an account to compare it with another; whole it is told by the settings alone."""
    bank = basis.issuer.bank
    account = "".join((bank.iban or bank.account or "").split()) if bank else ""
    if not account:
        return "as the settings say" if bank else "none is named"
    return _code(f"{account[:4] if bank and bank.iban else ''}…{account[-4:]}")


def _confirmed(review: Review) -> Iterator[str]:
    """`38 h of 47 h are confirmed` (of the pinned time)."""
    pins = [(worked, minutes) for line in review.draft.lines for worked, minutes in _pinned(line, review.basis)]
    whole = sum(minutes for _, minutes in pins)
    confirmed = sum(minutes for worked, minutes in pins if worked.entry.state == "confirmed")
    if not whole:
        return
    yield ""
    if confirmed == whole:
        yield f"All of its {hours_text(whole)} are confirmed."
    else:
        yield f"{hours_text(confirmed)} of {hours_text(whole)} are confirmed; the rest are estimates."
        yield "Merging takes them as right, in your name."


def _pinned(line: Line, basis: Basis) -> list[tuple[Worked, int]]:
    found = [(basis.worked[entry], minutes) for entry, minutes in line.entries.items() if entry in basis.worked]
    return sorted(found, key=lambda pin: (pin[0].entry.day, pin[0].id))


def _table(review: Review) -> Iterator[str]:
    """Four columns: number, what, time (raw → rounded where they differ), net."""
    yield f"| # | What | Time | Net {review.draft.currency} |"
    yield "| --: | :-- | --: | --: |"
    for number, line in enumerate(review.draft.lines, 1):
        net = amount_text(net_of(line), _LANGUAGE)
        yield f"| {number} | {markdown(line.description)} | {_time(line)} | {net} |"


def _time(line: Line) -> str:
    minutes = in_minutes(line)
    if minutes is None:
        return f"{line.quantity.normalize():f} {'days' if line.unit == 'DAY' else 'pieces'}"
    billed = hours_text(int(minutes)) if minutes == int(minutes) else f"{minutes.normalize():f} min"
    return billed if line.raw is None or line.raw == minutes else f"{hours_text(line.raw)} → {billed}"


def _sums(review: Review) -> Iterator[str]:
    draft, sums = review.draft, draft_totals(review.draft)
    if any("→" in _time(line) for line in draft.lines):
        yield "Time: before → after the agreed rounding.\n"
    yield f"- Net {money_text(sums.net, _LANGUAGE)}"
    if draft.tax.category == "S":
        yield f"- VAT {percent_text(draft.tax.rate, _LANGUAGE)}: {money_text(sums.tax, _LANGUAGE)}"
    else:
        yield f"- No VAT: {markdown(draft.tax.note or draft.tax.source)}"
    yield f"- **Total {money_text(sums.payable, _LANGUAGE)}**, payable {_terms(draft)}"
    if draft.note:
        yield f"- Note on the invoice: {markdown(draft.note)}"


def _terms(draft: Draft) -> str:
    days = term_days(draft.payment_terms)
    return f"within {days} days" if days else "on receipt"


def _unusual(review: Review) -> Iterator[str]:
    """Problems in words, errors first."""
    order = {"error": 0, "warning": 1, "info": 2}
    problems = sorted(review.problems, key=lambda problem: order[problem.severity])
    if problems:
        yield "### Worth a look\n"
    for problem in problems:
        must = "**Must be mended:** " if problem.severity == "error" else ""
        message = problem.message[:1].upper() + problem.message[1:]
        typed = review.commands and "git bill" in problem.hint  # no use to who has no terminal
        hint = f" ({markdown(problem.hint)})" if problem.hint and not typed else ""
        yield f"- {must}{markdown(message)}{hint}"


def _left_out(review: Review) -> Iterator[str]:
    """What the draft lists and does not bill, by reason; and what is not on it because another draft has it."""
    groups: dict[tuple[str, str], list[tuple[str, NotBilled]]] = defaultdict(list)
    for entry, left in review.draft.not_billed.items():
        groups[left.because, _THEN[left.then]].append((entry, left))
    elsewhere = list(_elsewhere(review))
    if groups or elsewhere:
        yield "### Not billed\n"
    for (because, then), items in groups.items():
        whole = hours_text(sum(left.minutes for _, left in items))
        yield f"- {whole}, {markdown(_WORDS.get(because, because))}: {then}"
        yield from (f"  - {_entry(review.basis, entry, left.minutes)}" for entry, left in items)
    for worked, where in elsewhere:
        yield f"- {_entry(review.basis, worked.id, worked.entry.minutes)}: on the open draft {markdown(where)}"


def _elsewhere(review: Review) -> Iterator[tuple[Worked, str]]:
    period = Period(review.draft.first, review.draft.last)
    for entry, where in review.basis.pins.items():
        worked = review.basis.worked.get(entry)
        if worked is not None and worked.client == review.draft.client and worked.entry.day in period:
            yield worked, where


def _entry(basis: Basis, entry: str, minutes: int) -> str:
    """`5 Oct 2026, WEB-5 Add totals: 45 min (W-k3v9q2m7x4ab)`"""
    worked = basis.worked.get(entry)
    if worked is None:
        return f"{_code(entry)}: {hours_text(minutes)}"
    facts = worked.entry
    day = days_text(facts.day, facts.day, _LANGUAGE)
    text = readable(facts.text, facts.ticket)
    what = " ".join(part for part in (facts.ticket, text) if part) or facts.activity.capitalize()
    return f"{day}, {markdown(_short(what))}: {hours_text(minutes)} ({_code(entry)})"


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _evidence(review: Review) -> Iterator[str]:
    """Per line, folded: its price's reason and its entries with state, commits and what the contract shows."""
    yield "### Evidence\n"
    for number, line in enumerate(review.draft.lines, 1):
        pins = _pinned(line, review.basis)
        entries = "1 entry" if len(pins) == 1 else f"{len(pins)} entries"
        yield f"<details><summary>{number}. {markdown(_short(line.description))}: {entries}</summary>\n"
        if line.reason:
            yield f"{markdown(line.reason)}\n"
        if line.because:
            yield f"Because: {markdown(line.because)}\n"
        yield from (_pin(review, worked, minutes) for worked, minutes in pins)
        yield "\n</details>" + ("\n" if number < len(review.draft.lines) else "")


def _pin(review: Review, worked: Worked, minutes: int) -> str:
    entry = worked.entry
    contract = review.basis.contract(review.draft.contract)
    show: Iterable[str] = contract.show if contract else ()
    who = review.basis.names.get(entry.by, entry.by)
    facts = [entry.state, markdown(who)]
    if "times" in show and entry.at:
        facts.append(markdown(", ".join(entry.at)))
    if "range" in show and entry.low != entry.high:
        facts.append(f"{hours_text(entry.low)} to {hours_text(entry.high)}")
    ids = list(dict.fromkeys(fact.rpartition(":")[2][:8] for fact in entry.evidence))
    if ids:
        facts.append(" ".join(map(_code, ids[:_MOST_IDS])) + (" …" if len(ids) > _MOST_IDS else ""))
    return f"- {_entry(review.basis, worked.id, minutes)}; {', '.join(facts)}"


def _code(name: str) -> str:
    """An id as code where it holds nothing but letters, digits and dashes, else as text."""
    return f"`{name}`" if _NAME.fullmatch(name) else markdown(name)


def _how_to(review: Review) -> Iterator[str]:
    """How to change or reject it without knowing TOML."""
    yield "### To change it\n"
    name = review.name if _NAME.fullmatch(review.name) else "NAME"
    yield from _by_comment(name) if review.commands else _by_command(review, name)


def _by_comment(name: str) -> Iterator[str]:
    """For people who have no terminal."""
    yield "Write one of these as a comment, on a line of its own; 1 is the number of a line above:\n"
    for verb, does in _COMMENTS.items():
        yield f"- `{EXAMPLES[verb].replace(' 3', ' 1')}`  \n  {does}"
    yield "\nPeople read every other comment. Nothing is issued before a question of the client is answered."
    yield f"\nTo reject it: close it and delete the branch `bill/{name}`. Its work can then be billed again."


def _by_command(review: Review, name: str) -> Iterator[str]:
    """For the terminal."""
    draft = review.draft
    entry = next((entry for line in draft.lines for entry in line.entries if _NAME.fullmatch(entry)), "W-…")
    yield "Correct the work, then draft again (lines that you changed by hand stay):\n"
    yield "```"
    yield f'git bill edit {entry} --minutes 45m --because "agreed on the phone"'
    yield f'git bill drop {entry} --because "on the house"'
    yield update_command(draft)
    yield "```\n"
    yield f"Or edit `billing/drafts/{name}.toml` on this branch: description, quantity, unit_price."
    yield f"\nTo reject it: `git bill draft --close {name}`, or delete the branch `bill/{name}`."
    yield "Its entries are free again."
