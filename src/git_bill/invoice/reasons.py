"""Why a document's amounts are what they are: total from lines, lines from time and price, time from entries."""

from collections.abc import Iterator, Mapping

from git_bill.contract.agreement import Contract
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.allowance import Allowance, of_line, signed
from git_bill.invoice.conversion import conversion_text
from git_bill.invoice.document.text import printable
from git_bill.invoice.draft import Draft, Line, NotBilled
from git_bill.invoice.issued import Invoice, InvoiceLine
from git_bill.invoice.quantity import in_minutes, quantity_text
from git_bill.invoice.summary import Row, exchange_text, rows
from git_bill.invoice.totals import line_net, net_of
from git_bill.money import Money
from git_bill.period import format_duration
from git_bill.worklog.entry import Worked
from git_bill.worklog.reason import Facts, Reason, brief, entry_reason

_ROUNDED = " rounded to "  # in the part of a line's reason that tells of it
_THEN = {"carry": "it comes back with the next draft", "waive": "it will not be billed later"}


def money(amount: Money) -> str:
    """`1,187.50 EUR`"""
    return f"{amount.amount:,f} {amount.currency}"


def amount_reasons(
    document: Draft | Invoice, worked: Mapping[str, Worked], facts: Facts, terms: Contract | None = None
) -> Iterator[Reason]:
    """Every sum below the lines with what it rests on, and what is listed and not billed.

    `terms`: the contract as it is now, to tell what it grants from what a person gave.
    """
    lines = tuple(line_reason(document, number, worked, facts, terms) for number in range(1, len(document.lines) + 1))
    found = rows(document)
    changed = any(row.kind == "lines" for row in found)
    for row in found:
        if row.kind == "lines" or (row.kind == "net" and not changed):
            count = "its line" if len(lines) == 1 else f"the sum of {len(lines)} lines"
            name = "lines" if row.kind == "lines" else "net"
            yield Reason(text=f"{name} {money(row.amount)}: {count}", kind=row.kind, because=lines)
        elif row.kind != "due":
            yield _sum(document, row, terms)
    if document.conversion is not None:
        text = f"prices are agreed in {document.conversion.currency}: "
        yield Reason(text=text + conversion_text(document.conversion, document.currency), kind="exchange")
    if document.exchange is not None:
        text = f"the tax is stated in {document.exchange.currency}, too: "
        yield Reason(text=text + exchange_text(document.exchange, document.currency), kind="exchange")
    if document.not_billed:
        yield _left_out(document.not_billed, worked, facts)


def line_reason(
    document: Draft | Invoice,
    number: int,
    worked: Mapping[str, Worked],
    facts: Facts,
    terms: Contract | None = None,
) -> Reason:
    """Line `number` (from 1): quantity × price, the rate, the rounding, a person's reason, its entries."""
    line = document.lines[number - 1]
    name = document.number if isinstance(document, Invoice) else document.id
    what = brief(printable(line.description), 48)
    if line.detail and not line.entries:  # the month of a fee, the day of an expense
        what += f" ({brief(printable(line.detail), 48)})"
    return Reason(
        text=f"line {number}, {what}: {_product(line)}",
        kind="line",
        ref=f"{name}#{number}",
        because=(
            *_price(document, line),
            *_allowances(document, line, terms),
            *_rounding(line),
            *_words(line),
            *_entries(line.entries, worked, facts),
        ),
    )


def _product(line: Line | InvoiceLine) -> str:
    """`2 h × 95.00 EUR = 190.00 EUR`, `12.75 h that the retainer holds = 0.00 EUR`"""
    net = line.net if isinstance(line, InvoiceLine) else net_of(line)
    many = f"{line.quantity.normalize():f}" if line.unit == "C62" else quantity_text(line)
    if not line.unit_price and any(item.startswith("drawdown:") for item in line.bills):
        return f"{many} that the retainer holds = {money(net)}"
    base = f" / {line.base_quantity.normalize():f}" if line.base_quantity != 1 else ""
    whole = line_net(line.quantity, line.unit_price, line.base_quantity)
    names = " and ".join(dict.fromkeys(printable(each.reason) for each in line.allowances))
    changed = f" = {money(whole)}, with {names}" if names else " ="
    return f"{many} × {money(line.unit_price)}{base}{changed} {money(net)}"


def _price(document: Draft | Invoice, line: Line | InvoiceLine) -> Iterator[Reason]:
    """Why it costs that, and what else was counted; how time was rounded is told with the time."""
    why, *more = line.reason.split("; ")
    if why:
        yield Reason(text=f"{why} (contract {document.contract})", kind="price", ref=document.contract)
    yield from (Reason(text=each, kind="price") for each in more if _ROUNDED not in each)


def _allowances(document: Draft | Invoice, line: Line | InvoiceLine, terms: Contract | None) -> Iterator[Reason]:
    """Discounts and surcharges of the line itself."""
    whole = line_net(line.quantity, line.unit_price, line.base_quantity)
    for each in of_line(line.allowances, whole):
        of = f": {each.percent.normalize():f} % of {money(each.base)}" if each.percent and each.base else ""
        because = _granted(document, each.reason, terms, mark_up=_is_mark_up(each, terms))
        yield Reason(text=f"{printable(each.reason)} {money(signed(each))}{of}", kind="changed", because=because)


def _is_mark_up(change: Allowance, terms: Contract | None) -> bool:
    """Whether it is what the contract, as it is now, puts on expenses; its words may be the client's language's own."""
    if terms is None or terms.expenses.mark_up is None:
        return False
    named = terms.expenses.mark_up_as in {"", change.reason}
    return named and change.charge and change.percent == terms.expenses.mark_up


def _granted(
    document: Draft | Invoice, reason: str, terms: Contract | None, *, mark_up: bool = False
) -> tuple[Reason, ...]:
    """Whether the contract, as it is now, or a person gave a discount; nothing where its terms are not known."""
    if terms is None:
        return ()
    own = mark_up or reason in {each.reason for each in terms.discounts}
    text = f"contract {document.contract} says so" if own else f"a person's: not in contract {document.contract}"
    return (Reason(text=text, kind="terms", ref=document.contract),)


def _rounding(line: Line | InvoiceLine) -> Iterator[Reason]:
    """Worked and billed time, where they differ; the rule stands in the line's own reason."""
    minutes = in_minutes(line)
    if line.raw is None or minutes is None or minutes == line.raw:
        return
    billed = format_duration(int(minutes)) if minutes == int(minutes) else f"{minutes.normalize():f}m"
    rule = next((each for each in line.reason.split("; ") if _ROUNDED in each), "")
    text = rule if billed in rule else f"{format_duration(line.raw)} worked, {billed} billed"
    yield Reason(text=text, kind="rounding")


def _words(line: Line | InvoiceLine) -> Iterator[Reason]:
    """What a person decided in the review."""
    if line.because:
        yield Reason(text=f'a person says why: "{line.because}"', kind="because")
    if isinstance(line, Line) and line.set:
        yield Reason(text=f"a person set {', '.join(line.set)}", kind="set")


def _entries(pins: Mapping[str, int], worked: Mapping[str, Worked], facts: Facts) -> Iterator[Reason]:
    known = sorted((worked[e] for e in pins if e in worked), key=lambda item: (item.entry.day, item.id))
    yield from (entry_reason(item, facts, pins[item.id]) for item in known)
    for entry, minutes in pins.items():
        if entry not in worked:
            text = f"{entry}: {format_duration(minutes)}, which is not in the manifest any more"
            yield Reason(text=text, kind="entry", ref=entry)


_SUMS = {
    "gross": ("with tax", ""),
    "net": ("net", "the lines with these discounts and surcharges"),
    "prepaid": ("paid before", ""),
    "rounding": ("rounding", "of the amount due"),
    "receivable": ("to be transferred", "the amount due less what the client withholds"),
}


def _sum(document: Draft | Invoice, row: Row, terms: Contract | None) -> Reason:
    """A discount, a tax, a payment, something withheld: how much, of what, and who says so."""
    of = f"{row.percent.normalize():f} % of {money(row.base)}" if row.percent and row.base is not None else ""
    if row.kind == "tax" and row.tax is not None:
        return _tax(row, row.tax, of)
    if row.kind in {"changed", "added", "withheld"}:
        law = (Reason(text=document.tax.source, kind="terms"),) if document.tax.source else ()
        because = _granted(document, row.text, terms) if row.kind == "changed" else law
        words = f"{printable(row.text)} {money(row.amount)}" + (f": {of}" if of else "")
        return Reason(text=words, kind=row.kind, because=because)
    name, words = _SUMS[row.kind]
    return Reason(text=f"{name} {money(row.amount)}" + (f": {words}" if words else ""), kind=row.kind)


def _tax(row: Row, treatment: Tax, of: str) -> Reason:
    because = [Reason(text=treatment.source, kind="law", ref=treatment.category)] if treatment.source else []
    if treatment.note:
        because.append(Reason(text=f'the document says: "{treatment.note}"', kind="note"))
    name = printable(row.text) or "tax"
    text = f"{name} {money(row.amount)}: {of or 'none is charged'}, category {treatment.category}"
    return Reason(text=text, kind="tax", ref=treatment.category, because=tuple(because))


def _left_out(left: Mapping[str, NotBilled], worked: Mapping[str, Worked], facts: Facts) -> Reason:
    whole = sum(one.minutes for one in left.values())
    because = tuple(not_billed_reason(entry, one, worked, facts) for entry, one in left.items())
    return Reason(text=f"{format_duration(whole)} are listed and not billed", kind="not-billed", because=because)


def not_billed_reason(entry: str, left: NotBilled, worked: Mapping[str, Worked], facts: Facts) -> Reason:
    """Why a document lists an entry and does not bill it, and what becomes of it."""
    below = (entry_reason(worked[entry], facts, left.minutes),) if entry in worked else ()
    text = f"{format_duration(left.minutes)} of {entry}: {left.because}; {_THEN[left.then]}"
    return Reason(text=text, kind="not-billed", ref=entry, because=below)
