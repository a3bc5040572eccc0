"""Checks of a draft against the books: what must hold before it is issued, and what has moved since it was made."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.ratecard import Price
from git_bill.contract.rounding import billed_minutes
from git_bill.contract.route import fits
from git_bill.invoice.added import added_findings
from git_bill.invoice.amounts import amount_findings, form_findings, takes_back
from git_bill.invoice.basis import Basis, billable_minutes
from git_bill.invoice.billed import Settled
from git_bill.invoice.conversion import agreed_draft
from git_bill.invoice.conversion_checks import conversion_findings
from git_bill.invoice.credit_checks import credit_findings
from git_bill.invoice.draft import Draft
from git_bill.invoice.drafting import update_command
from git_bill.invoice.finding import Finding, finding
from git_bill.invoice.guardrails import weighed
from git_bill.invoice.issuing import invoice_problems, preview
from git_bill.invoice.items import item_findings, order_findings
from git_bill.invoice.legal import legal_problems
from git_bill.invoice.missed import missed_findings
from git_bill.invoice.part import AGENT, UNPROVEN
from git_bill.invoice.quantity import hourly_price, in_minutes
from git_bill.invoice.rating import earlier_pieces, line_pieces
from git_bill.invoice.recorded import recorded_since
from git_bill.invoice.replacement_checks import as_invoiced, replacement_findings
from git_bill.invoice.retaining import hourly_prices
from git_bill.invoice.taxing import tax_findings
from git_bill.invoice.unusual import unusual
from git_bill.period import format_duration
from git_bill.problem import Problem, Severity, located, nearest
from git_bill.shape import Path
from git_bill.worklog.entry import Worked

_BECAUSE = 'say why in the line: because = "agreed by phone on 3 November"'


def draft_problems(
    draft: Draft,
    basis: Basis,
    *,
    name: str,
    file: str | None = None,
    where: Mapping[Path, int] | None = None,
    final: bool = False,
) -> tuple[Problem, ...]:
    """Everything wrong (error), moved (warning) or unusual (warning, info) about a draft.

    `name`: of the draft, for commands. `file` and `where`: its path and the lines of its keys (`shape.Read.where`).
    `final`: it is to be issued, so what the invoice would lack is wrong now; a draft may wait for it.
    """
    lines = {**basis.where, file: where or {}} if file is not None else basis.where
    return tuple(
        located(problem if problem.file is not None else replace(problem, file=file, at=path), lines)
        for path, problem in weighed(_findings(draft, basis, name, final=final), basis.guardrails)
    )


def _findings(draft: Draft, basis: Basis, name: str, *, final: bool) -> Iterator[Finding]:
    if draft.kind == "credit-note" or draft.reverses is not None:
        yield from credit_findings(draft, basis, name, final=final)
        return
    contract = basis.contract(draft.contract)
    if contract is None:
        near = nearest(draft.contract, [c.id for c in basis.engagement.contracts])
        hint = f'did you mean contract = "{near}"?' if near else f"add it to {basis.file}"
        yield finding("unknown-contract", f"{basis.client} has no contract {draft.contract!r}", hint, at=("contract",))
        return
    malformed = list(_form(draft, contract))
    yield from malformed
    if malformed:
        return
    done = basis.settled
    agreed = agreed_draft(draft, contract)
    found = [
        *_pins(draft, basis, done),
        *_quantities(draft, basis, contract),
        *_prices(agreed, basis, contract),
        *added_findings(draft, basis, contract),
        *item_findings(agreed, basis, contract),
        *missed_findings(draft, basis, contract),
        *order_findings(draft, contract, final=final),
        *tax_findings(draft, basis),
        *conversion_findings(draft, basis, contract),
        *amount_findings(draft),
        *_moved(draft, basis, contract, done),
        *recorded_since(draft, basis, contract),
        *unusual(draft, basis, contract, name),
    ]
    found = [*as_invoiced(draft, basis, found), *replacement_findings(draft, basis)]
    yield from found
    said = {problem.rule for _, problem in found}
    invoice = preview(draft, basis.issuer, basis.engagement, today=draft.last, linked=basis.links)
    for problem in (*invoice_problems(invoice), *legal_problems(invoice, basis.vat)):
        if problem.rule not in said:
            yield problem.at, problem if final else replace(problem, severity="warning")


def _form(draft: Draft, contract: Contract) -> Iterator[Finding]:
    """Values without which nothing can be computed."""
    currency = contract.invoice_currency or contract.currency
    if draft.currency != currency:
        yield finding(
            "wrong-currency",
            f"the draft is in {draft.currency}, contract {contract.id} in {currency}",
            f'currency = "{currency}"',
            at=("currency",),
        )
    if currency != contract.currency and (draft.conversion is None or draft.conversion.currency != contract.currency):
        yield finding(
            "no-exchange-rate",
            f"the draft does not say what {contract.currency} was in {currency}",
            f"bring it up to date: {update_command(draft)}",
            at=("currency",),
        )
    if draft.last < draft.first:
        message = f"the period ends ({draft.last}) before it starts ({draft.first})"
        yield finding("period", message, f"last = {draft.first}", at=("last",))
    if not draft.lines:
        yield finding("empty-draft", "the draft has no lines", "delete its branch, or add a line", at=())
    yield from form_findings(draft)
    for index, line in enumerate(draft.lines):
        at = ("lines", index)
        if line.unit_price.currency != draft.currency:
            message = f"line {index + 1} is in {line.unit_price.currency}, the draft in {draft.currency}"
            hint = f'unit_price = "{line.unit_price.amount} {draft.currency}"'
            yield finding("wrong-currency", message, hint, at=(*at, "unit_price"))
        for key, value, least in (
            ("quantity", -line.quantity if takes_back(line) else line.quantity, "more than 0"),
            ("base_quantity", line.base_quantity, "more than 0"),
            ("unit_price", line.unit_price.amount, "0 or more"),
        ):
            if value < 0 or (value == 0 and key != "unit_price"):
                message = f"line {index + 1} has the {key.replace('_', ' ')} {value}; it must be {least}"
                hint = "to bill less, lower the quantity or remove it"
                if key == "quantity" and value < 0:
                    hint += '; to take something back, give it a line without entries: because = "returned, see mail"'
                yield finding("not-positive", message, hint, at=(*at, key))


def _pins(draft: Draft, basis: Basis, done: Settled) -> Iterator[Finding]:
    """Law 6: what is billed of an entry is worked, open, the client's own and on one document."""
    pinned: dict[str, int] = defaultdict(int)
    again = f"bring the draft up to date: {update_command(draft)}"
    for index, line in enumerate(draft.lines):
        for entry, minutes in line.entries.items():
            at: Path = ("lines", index, "entries", entry)
            worked = basis.worked.get(entry)
            if worked is None or worked.client != draft.client:
                whose = "not in the manifest" if worked is None else f"work for {worked.client}"
                yield finding("unknown-entry", f"entry {entry} is {whose}", again, at=at)
                continue
            shown = f"entry {entry} ({worked.entry.day}, {worked.entry.ticket or worked.entry.activity})"
            if entry in done.by:
                yield finding("billed-before", f"{shown} was billed with {done.by[entry]}", again, at=at)
                continue
            if worked.entry.state == "unproven":
                hint = f"confirm it: git bill confirm --client {draft.client}"
                yield finding("unproven-entry", f"{shown} rests on evidence that anyone could forge", hint, at=at)
                continue
            pinned[entry] += minutes
            most = done.open(entry, worked.entry.minutes)
            if pinned[entry] > most:
                message = f"{shown} has {format_duration(most)} open, the draft bills {format_duration(pinned[entry])}"
                yield finding("more-than-worked", message, again, at=at)
            if entry in basis.pins:
                message = f"{shown} is also on the open draft {basis.pins[entry]}; only one of them can be issued"
                yield finding("on-two-drafts", message, again, severity="warning", at=at)


def _quantities(draft: Draft, basis: Basis, contract: Contract) -> Iterator[Finding]:
    """A line bills at most what its entries come to after the contract's rounding, unless a person says why."""
    every = line_pieces(draft.lines, basis)
    items = {index for index, line in enumerate(draft.lines) if line.bills}
    pieces = [piece for piece in every if piece.line not in items]
    # What a retainer holds is rated first: what is above it completes the same groups.
    earlier = (*earlier_pieces(basis, contract), *(piece for piece in every if piece.line in items))
    expected = billed_minutes(pieces, contract.rounding, earlier)

    def last(index: int) -> int:
        """What the line adds if its groups are rated without it first: lines of a redraft are rated that way."""
        others = [p for p in pieces if p.line != index]
        return sum(expected.values()) - sum(billed_minutes(others, contract.rounding, earlier).values())

    for index, line in enumerate(draft.lines):
        at = ("lines", index, "quantity")
        minutes = in_minutes(line)
        entries = expected.get(index, 0)
        if line.bills:  # judged by what it bills
            continue
        if minutes is None or not line.entries:
            if not line.because:
                message = f"line {index + 1} bills {line.quantity} {line.unit} that no entry stands for"
                yield finding("more-than-entries", message, _BECAUSE, at=at)
        elif minutes > entries and minutes > last(index):
            message = f"line {index + 1} bills {_duration(minutes)}, its entries come to {format_duration(entries)}"
            severity: Severity = "info" if line.because else "error"
            hint = f"because: {line.because}" if line.because else _BECAUSE
            yield finding("more-than-entries", message, hint, severity=severity, at=at)
        elif minutes < entries:
            message = f"line {index + 1} bills {_duration(minutes)}, its entries come to {format_duration(entries)}"
            hint = "the rest is settled with it and not billed later"
            yield finding("less-than-entries", message, hint, severity="info", at=at)


def _duration(minutes: Decimal) -> str:
    return format_duration(int(minutes)) if minutes == int(minutes) else f"{minutes.normalize():f}m"


def _prices(draft: Draft, basis: Basis, contract: Contract) -> Iterator[Finding]:
    """The price of an hour is the rate card's, or a person says why. Lines of items are judged by what they bill."""
    for index, line in ((n, line) for n, line in enumerate(draft.lines) if not line.bills):
        at = ("lines", index, "unit_price")
        prices = hourly_prices(line, basis, contract)
        missing = [found for found in prices if isinstance(found, Problem)]
        asked = hourly_price(line)
        place = basis.engagement.place(contract.id)
        yield from ((at, replace(problem, file=basis.file, at=place)) for problem in missing)
        asks = [found.amount.amount for found in prices if isinstance(found, Price)]
        if missing or not asks or asked is None:
            continue
        rate = f"{asked.normalize():f} {draft.currency}"
        message = f"line {index + 1} asks {rate} an hour, the rate card says {max(asks).normalize():f}"
        if asked > max(asks):
            severity: Severity = "info" if line.because else "error"
            hint = f"because: {line.because}" if line.because else _BECAUSE
            yield finding("rate-above-card", message, hint, severity=severity, at=at)
        elif asked < min(asks):
            hint = line.because or "a discount, if it is meant"
            yield finding("rate-below-card", message, hint, severity="warning", at=at)


def _moved(draft: Draft, basis: Basis, contract: Contract, done: Settled) -> Iterator[Finding]:
    """What changed in the manifest since the draft was made: a warning with the command that updates."""
    listed: dict[str, int] = defaultdict(int)
    for line in draft.lines:
        for entry, minutes in line.entries.items():
            listed[entry] += minutes
    billed = frozenset(listed)
    for entry, left in draft.not_billed.items():
        if left.because not in {UNPROVEN, AGENT}:
            listed[entry] += left.minutes
    change = count = 0
    for worked in _open(draft, basis, contract):
        minutes = done.open(worked.id, billable_minutes(worked.entry, contract))
        known = listed.get(worked.id, 0)
        if minutes != known and (worked.id in billed or worked.id not in listed):
            count += 1
            change += minutes - known
    if count:
        entries = "1 entry" if count == 1 else f"{count} entries"
        sign = "+" if change >= 0 else ""
        message = f"{entries} changed since the draft was made, {sign}{format_duration(change)}"
        yield finding("manifest-moved", message, update_command(draft), severity="warning", at=())


def _open(draft: Draft, basis: Basis, contract: Contract) -> Iterable[Worked]:
    """The client's entries that the draft bills or, unless it is partial, might bill."""
    pinned = {entry for line in draft.lines for entry in line.entries}
    for worked in basis.worked.values():
        if worked.client == draft.client and (worked.id in pinned or _is_news(worked, draft, basis, contract)):
            yield worked


def _is_news(worked: Worked, draft: Draft, basis: Basis, contract: Contract) -> bool:
    in_period = draft.first <= worked.entry.day <= draft.last
    # Under a fixed price work waits until a milestone settles it.
    waits = contract.kind == "fixed" and not any(line.entries for line in draft.lines)
    return (
        not draft.partial and not waits and in_period and worked.id not in basis.pins and fits(worked.entry, contract)
    )
