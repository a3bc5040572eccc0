"""What is unusual about a draft: guardrails, and flags that make a reviewer look twice. Each rule has a stable name."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.custody.sealing import unopened
from git_bill.invoice.basis import Basis
from git_bill.invoice.capping import Room, limits, rooms, whole
from git_bill.invoice.conceded import conceded
from git_bill.invoice.conversion import agreed_draft
from git_bill.invoice.draft import Draft
from git_bill.invoice.drafting import update_command
from git_bill.invoice.finding import Finding, finding
from git_bill.invoice.grouping import Item
from git_bill.invoice.part import CAP
from git_bill.invoice.rating import minutes_sum, net_sum
from git_bill.invoice.repeated import flag, listed, repeated
from git_bill.invoice.subject import is_vague
from git_bill.invoice.totals import draft_totals
from git_bill.money import Money
from git_bill.period import Period, format_duration
from git_bill.worklog.entry import Worked
from git_bill.worklog.flags import DAY_OFF, HOLIDAY, LATE, LONG_DAY, NIGHT_FLAG

_SAID = frozenset({"weekend", LATE})  # flags of entries that a finding of its own tells of
_WORDS = {
    LONG_DAY: "on a day with more work than a day has room for",
    DAY_OFF: "on a day off",
    HOLIDAY: "on a public holiday",
    NIGHT_FLAG: "work with AI agents at night",
    "overlap": "lost minutes to other work at the same time",
    "single-commit-day": "one commit on that day, so the time before it is a guess",
    "partly-repeated": "partly lines that were seen before, so the low end counts",
    "machine-pace": "commits faster than a person makes them",
}

SIGN_OFF_RULES = frozenset({"sign-off-above", "max-discount"})  # findings that need somebody's sign-off


def unusual(draft: Draft, basis: Basis, contract: Contract, name: str) -> Iterator[Finding]:
    """Every flag of a well-formed draft, the weightiest first. `name`: the draft's, for commands."""
    entries = [basis.worked[e] for line in draft.lines for e in line.entries if e in basis.worked]
    yield from _account(basis)
    yield from _guardrails(draft, basis, contract, name)
    yield from _cap(draft, basis, contract)
    yield from _confirmation(draft, basis)
    yield from _days(basis, entries)
    yield from repeated(draft, basis, contract, entries)
    yield from _descriptions(draft, basis)
    yield from _flagged(entries, _SAID if basis.guardrails.max_hours_per_day is None else {*_SAID, LONG_DAY})


def _account(basis: Basis) -> Iterator[Finding]:
    """Whether the money goes where it went before."""
    bank = basis.issuer.bank
    before = basis.earlier
    if not before:
        message = f"this is the first invoice to {basis.engagement.client.name}"
        hint = "check name, address and VAT id with the client"
        yield flag("first-invoice", message, hint)
    elif bank is not None and any(unopened(bank)):
        message = f"where it asks to pay to is sealed, and could not be compared with {before[-1].number} here"
        hint = "look at it where a key opens it: git bill check"
        yield finding("account-sealed", message, hint, severity="warning", at=())
    elif before[-1].issuer.bank != bank:
        message = f"it asks to pay to a NEW account, other than {before[-1].number}"
        hint = "make sure that the issuer changed it; tell the client in another way than by the invoice"
        yield finding("new-account", message, hint, severity="warning", at=())
    email = basis.engagement.client.invoices_to
    if before and email is not None and before[-1].client.invoices_to not in {None, email}:
        message = f"it is mailed to a NEW address, other than {before[-1].number}"
        hint = "make sure that the client changed it: ask in another way than by mail"
        yield finding("new-address", message, hint, severity="warning", at=())


def _guardrails(draft: Draft, basis: Basis, contract: Contract, name: str) -> Iterator[Finding]:
    """Limits that the workspace set."""
    limits = basis.guardrails
    yield from above_limit(draft, basis, name)
    discount = conceded(draft, basis, contract) if limits.max_discount is not None else Decimal(0)
    if limits.max_discount is not None and discount > limits.max_discount:
        message = f"{discount:.1f} % below what was agreed, more than {limits.max_discount:f} %: it needs a sign-off"
        yield flag("max-discount", message, f"sign off: git bill approve {name}")


def above_limit(draft: Draft, basis: Basis, name: str) -> Iterator[Finding]:
    """A gross that is worth a sign-off, billed or credited."""
    if basis.guardrails.sign_off_above is None:
        return
    gross, limit = draft_totals(draft).gross, Money.parse(basis.guardrails.sign_off_above)
    if limit.currency != gross.currency or limit < gross:
        message = f"{gross} is above {limit}: it needs a sign-off"
        hint = f"whose is missing, and whether merging it is enough: git bill check {name}"
        yield flag("sign-off-above", message, hint)


def _cap(draft: Draft, basis: Basis, contract: Contract) -> Iterator[Finding]:
    """80 % of a cap is worth a word, all of it a flag, more an error."""
    draft = agreed_draft(draft, contract)
    entries = (basis.worked[e].entry for line in draft.lines for e in line.entries if e in basis.worked)
    used_of = {limit: limit.taken(draft.lines, basis) for limit in limits(contract, draft.order)}
    for room in rooms(basis, contract, Period(draft.first, draft.last), entries, draft.order):
        used, text = used_of[room.limit].get(room.about, Decimal(0)), room.limit.text
        if room.left < used:
            message = f"{text(used)} is above the {text(room.left)} that the cap of {room.name} leaves"
            hint = f"bill the rest later: {update_command(draft)}"
            if room.limit.order is not None:
                message = f"{text(used)} is above the {text(room.left)} that is left of order {room.limit.order}"
                hint = f"ask the client for another one, and list it in {basis.file}: [[contracts.orders]]"
            yield finding("above-cap", message, hint, at=())
        elif used and _is_full(room, used, draft, basis, contract):
            then = "never billed" if room.limit.cap.then == "waive" else "carried over"
            message = f"the cap of {room.name} is reached; what exceeds it is {then}"
            yield flag("cap-reached", message, "talk to the client before working on")
        elif used and room.most * 8 < (room.most - room.left + used) * 10:
            so_far = f"{text(room.most - room.left + used)} of {text(room.most)}"
            message = f"more than 80 % of the cap of {room.name} is used: {so_far}"
            yield flag("cap-near", message, "talk to the client in time")


def _is_full(room: Room, used: Decimal, draft: Draft, basis: Basis, contract: Contract) -> bool:
    """Whether it is this cap that left work out: with all of that, more would be billed than the cap leaves."""
    limit, worked = room.limit, basis.worked
    out = {e: n for e, n in draft.not_billed.items() if n.because == CAP and n.then == limit.cap.then and e in worked}
    rest = [Item(worked=worked[e], minutes=n.minutes) for e, n in out.items()]
    rest = [item for item in rest if limit.about(item.worked.entry) == room.about]
    if not rest or contract.kind == "daily":
        return bool(rest)
    pins = [pin for line in draft.lines if not line.bills for pin in line.entries.items() if pin[0] in worked]
    work = whole(Item(worked=worked[e], minutes=n) for e, n in pins)
    both = whole((*work, *rest))
    if limit.cap.amount is None:
        more = Decimal(minutes_sum(both, contract, basis.known) - minutes_sum(work, contract, basis.known))
    else:
        more = (net_sum(both, contract, basis.known) - net_sum(work, contract, basis.known)).amount
    return used + more > room.left


def _confirmation(draft: Draft, basis: Basis) -> Iterator[Finding]:
    """Estimates that nobody confirmed."""
    pins = [(basis.worked[e], m) for line in draft.lines for e, m in line.entries.items() if e in basis.worked]
    estimated = sum(min(minutes, worked.entry.estimated) for worked, minutes in pins)
    recorded = sum(minutes for worked, minutes in pins if worked.entry.state == "estimated") - estimated
    if estimated or recorded:
        whole = sum(minutes for _, minutes in pins)
        told = f"{format_duration(estimated or recorded)} of {format_duration(whole)}"
        what = "estimates" if estimated else "recorded or stated time"
        message = f"{told} are {what} that nobody confirmed"
        hint = f"git bill confirm --client {draft.client}"
        yield finding("unconfirmed", message, hint, severity="info", at=())


def _days(basis: Basis, entries: Iterable[Worked]) -> Iterator[Finding]:
    """Long days over all clients, and weekends."""
    limit = basis.guardrails.max_hours_per_day
    days = {(worked.entry.by, worked.entry.day) for worked in entries}
    if limit is not None:
        hours: Counter[tuple[str, object]] = Counter()
        for worked in basis.worked.values():
            hours[worked.entry.by, worked.entry.day] += worked.entry.minutes
        for by, day in sorted(days):
            if hours[by, day] > limit:
                who = basis.names.get(by, by)
                message = f"{who} has {format_duration(hours[by, day])} on {day}, more than {format_duration(limit)}"
                yield flag("long-day", message, f"look at it: git bill log --day {day}")
    weekend = sorted({day for _, day in days if day.weekday() >= 5})
    if weekend:
        message = f"work on weekends: {listed([str(day) for day in weekend])}"
        yield flag("weekend-work", message, "nothing to do if that was agreed")


def _descriptions(draft: Draft, basis: Basis) -> Iterator[Finding]:
    """Lines that a client can't understand or look up."""
    untracked, vague = 0, list[int]()
    for index, line in enumerate(draft.lines):
        tickets = {basis.worked[e].entry.ticket for e in line.entries if e in basis.worked}
        words = line.description
        for ticket in tickets - {None}:
            words = words.removeprefix(ticket or "").strip()
        untracked += None in tickets
        if is_vague(words):
            vague.append(index)
    if vague:
        first = vague[0]
        message = f"line {first + 1} does not tell the client what was done: {draft.lines[first].description!r}"
        if len(vague) > 1:
            some = listed([f"{index + 1} {draft.lines[index].description!r}" for index in vague])
            message = f"{len(vague)} lines do not tell the client what was done: {some}"
        hint = "say it in the client's words: description = …"
        yield flag("vague-description", message, hint, at=("lines", first, "description"))
    work = sum(bool(line.entries) for line in draft.lines)
    if 0 < untracked < work:
        message = f"{untracked} of {work} lines name no ticket"
        yield flag("no-ticket", message, "name it: git bill edit W-… --ticket WEB-12")


def _flagged(entries: Iterable[Worked], said: Collection[str]) -> Iterator[Finding]:
    """What collect found unusual about the entries, and no finding of its own tells."""
    flags: dict[str, list[str]] = defaultdict(list)
    for worked in entries:
        for each in worked.entry.flags:
            if each not in said:
                flags[each].append(worked.id)
    for each, ids in sorted(flags.items()):
        message = f"{len(ids)} {'entry' if len(ids) == 1 else 'entries'}: {_WORDS.get(each, each)} ({listed(ids)})"
        yield finding("entry-flag", message, f"see why: git bill explain {ids[0]}", severity="info", at=())
