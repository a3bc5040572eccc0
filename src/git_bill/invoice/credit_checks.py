"""Checks of a credit note's draft: it takes back no more than is open of its invoice, as the invoice had it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from git_bill.invoice.basis import Basis
from git_bill.invoice.billed import credit_notes
from git_bill.invoice.credited import Open, net_credited, open_of
from git_bill.invoice.crediting import exceeding
from git_bill.invoice.deposit import DEPOSIT, deducted_with
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.drafting import update_command
from git_bill.invoice.finding import Finding, finding
from git_bill.invoice.issued import Invoice
from git_bill.invoice.issuing import invoice_problems, preview
from git_bill.invoice.totals import draft_totals, is_computable, net_of
from git_bill.invoice.unusual import above_limit


def credit_findings(draft: Draft, basis: Basis, name: str, *, final: bool) -> Iterator[Finding]:
    """Everything about a credit note. `basis`: with its invoice's parties; the rest as in `draft_problems`."""
    found = _reversed(draft, basis)
    if not isinstance(found, Invoice):
        yield found
        return
    malformed = list(_form(draft, found))
    yield from malformed
    if malformed:
        return
    notes = credit_notes(basis.invoices).get(found.number, ())
    left = open_of(found, notes)
    yield from _lines(draft, found, left)
    yield from _sums(draft, found, left, notes, basis.credits)
    yield from _deposits(draft, found, basis)
    yield from above_limit(draft, basis, name)
    invoice = preview(draft, basis.issuer, basis.engagement, today=draft.last)
    for problem in invoice_problems(invoice):
        yield problem.at, problem if final else replace(problem, severity="warning")


def _reversed(draft: Draft, basis: Basis) -> Invoice | Finding:
    """The invoice that it takes back."""
    named = draft.reverses
    if named is None or draft.kind != "credit-note":
        hint = 'make it with: git bill credit INV-2026-0032 --rebill; or say kind = "invoice"'
        message = "a credit note names the invoice that it credits, and nothing else does"
        return finding("no-reversal", message, hint, at=("kind",))
    found = next((each for each in basis.invoices if each.number == named.number), None)
    if found is None or found.client_id != draft.client or found.issue_date != named.issue_date:
        message = f"no invoice {named.number} of {named.issue_date} was issued to {draft.client}"
        return finding("unknown-invoice", message, "see what was issued: git bill status", at=("reverses", "number"))
    if found.reverses is not None:
        message = f"{named.number} is a credit note; a credit note is not credited"
        return finding("not-an-invoice", message, "delete the draft", at=("reverses", "number"))
    return found


def _form(draft: Draft, invoice: Invoice) -> Iterator[Finding]:
    """What it has in common with its invoice; and that something can be computed."""
    if not draft.lines:
        yield finding("empty-draft", "the draft has no lines", "delete its branch", at=())
    elif not is_computable(draft):
        message = f"an amount is not in {draft.currency}, a base quantity is 0, or the period is turned round"
        yield finding("line-form", message, f"make it again: {update_command(draft)}", at=())
    for name in ("currency", "contract", "exchange", "conversion", "bill_to"):
        if getattr(draft, name) != getattr(invoice, name):
            message = f"{name} is another one than on {invoice.number}"
            yield finding("not-as-invoiced", message, f"make it again: {update_command(draft)}", at=(name,))
    same = (draft.tax.category, draft.tax.rate, draft.tax.reason_code, draft.tax.withholding)
    if same != (invoice.tax.category, invoice.tax.rate, invoice.tax.reason_code, invoice.tax.withholding):
        message = f"the tax treatment is another one than on {invoice.number}"
        yield finding("not-as-invoiced", message, f"make it again: {update_command(draft)}", at=("tax",))


def _lines(draft: Draft, invoice: Invoice, left: Open) -> Iterator[Finding]:
    """Each line says what it takes, and takes what stands there."""
    given: Counter[tuple[str, str]] = Counter()
    for index, line in enumerate(draft.lines):
        at = ("lines", index)
        number = next(iter(line.credits), None)
        if number is None or any(each not in left.nets for each in line.credits):
            message = f"line {index + 1} does not say which line of {invoice.number} it credits"
            yield finding("no-such-line", message, f'credits = {{ "1" = "{net_of(line)}" }}', at=at)
            continue
        if net_of(line) != net_credited(line):
            message = f"line {index + 1} comes to {net_of(line)}, its credits to {net_credited(line)}"
            yield finding("not-as-credited", message, "make both the same", at=(*at, "credits"))
        taxes = {invoice.lines[int(each) - 1].tax or invoice.tax for each in line.credits}
        if taxes != {line.tax or invoice.tax}:
            message = f"line {index + 1} has another tax treatment than what it credits"
            yield finding("other-tax", message, f"make it again: {update_command(draft)}", at=(*at, "tax"))
        if len(line.credits) > 1 and (line.entries or line.bills):
            message = f"line {index + 1} credits several lines, so it can't say which entries come off them"
            yield finding("unknown-entry", message, "one line for each, or no entries", at=at)
            continue
        yield from _entries(line, number, left, given, index)


def _entries(line: Line, number: str, left: Open, given: Counter[tuple[str, str]], index: int) -> Iterator[Finding]:
    """What comes off the invoice's line was on it, and is there still."""
    on = left.entries[number]
    for entry, minutes in line.entries.items():
        given[number, entry] += minutes
        if given[number, entry] > on.get(entry, 0):
            message = f"entry {entry} has {on.get(entry, 0)} min left on line {number}, this takes off {minutes}"
            at = ("lines", index, "entries", entry)
            yield finding("more-than-invoiced", message, "take off no more than there is", at=at)
    for item in line.bills:
        if item not in left.items[number]:
            message = f"line {number} of the invoice does not bill {item} any more"
            yield finding("more-than-invoiced", message, "leave it out", at=("lines", index, "bills"))


def _deposits(draft: Draft, invoice: Invoice, basis: Basis) -> Iterator[Finding]:
    """What was paid in advance and taken off a later invoice would be the client's twice."""
    numbers = {number for line in draft.lines for number in line.credits}
    lines = (line for number, line in enumerate(invoice.lines, 1) if str(number) in numbers)
    for item in (each for line in lines for each in line.bills if each.startswith(DEPOSIT)):
        for number in deducted_with(basis.issued, invoice.contract, item):
            name = item.removeprefix(DEPOSIT)
            message = f"deposit {name} was deducted with {number}: the client would get it twice"
            hint = f"credit {number} first: git bill credit {number} --rebill"
            yield finding("deposit-deducted", message, hint, severity="warning", at=())


def _sums(
    draft: Draft, invoice: Invoice, left: Open, notes: Sequence[Invoice], drafted: Mapping[str, Draft]
) -> Iterator[Finding]:
    """No more than is open, with what other open drafts take a warning; something above nothing."""
    if over := exceeding(left, draft):
        yield finding("more-than-open", over, f"make it again: {update_command(draft)}", at=())
    others = {name: each for name, each in drafted.items() if _same(each, draft)}
    if others and not over:
        with_them = open_of(invoice, (*notes, *others.values()))
        if said := exceeding(with_them, draft):
            message = f"together with {', '.join(others)} it is too much: {said}; only one of them can be issued"
            yield finding("on-two-drafts", message, "close one: git bill draft --close NAME", severity="warning", at=())
    payable = draft_totals(draft).gross
    if draft.reverses and draft.reverses.whole and payable != invoice.totals.gross:
        message = f"it says that it cancels {invoice.number}, and takes {payable} of {invoice.totals.gross}"
        yield finding("not-whole", message, "leave out `whole`: then it is called a credit note", at=("reverses",))
    if payable.amount < 0:
        message = f"the credit note comes to {payable}; its amounts are positive"
        yield finding("below-zero", message, "a line that takes back is credited with what it is taken from", at=())


def _same(one: Draft, other: Draft) -> bool:
    return bool(one.reverses and other.reverses and one.reverses.number == other.reverses.number)
