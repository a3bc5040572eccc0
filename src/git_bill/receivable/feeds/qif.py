"""QIF (Quicken): bank, cash and card registers. It states neither account nor currency, which must be declared.

Source: Quicken Interchange Format, non-investment items. Investment registers and lists are left out.
"""

from collections.abc import Iterator

from git_bill.receivable.feeds.feed import Chunks, Item, Source, Tally, clean, currency_of, money, reference, shown
from git_bill.receivable.feeds.text import lines
from git_bill.receivable.feeds.values import amount, day, decided_order, is_ambiguous
from git_bill.receivable.remittance import BANK, Remittance

_REGISTERS = frozenset({"bank", "cash", "ccard", "oth a", "oth l"})
_MOST = 200_000  # entries; a register is small
_OPENING = "opening balance"
_EXAMPLE = "an entry is like D11/20/2026, T1190.00, PAcme Inc, ^"
_HABIT = 'declare it: [[accounts]] account = "DE02…", currency = "USD", dates = "mdy"'
_Record = tuple[int, dict[str, str]]  # line and fields


def stream(chunks: Chunks, source: Source) -> Iterator[Item]:
    """Entries, then their statement."""
    records = list(_records(chunks, source))
    own = source.own[0] if len(source.own) == 1 else None
    currency = own.currency if own else None
    if own is None or currency is None:
        raise source.unreadable("unknown-account", "QIF says neither account nor currency", _HABIT, 1)
    days = [fields["D"].replace(" ", "") for _, fields in records if "D" in fields]
    order = own.dates or _order(days, records, source)
    tally = Tally(source=source, feed="qif", account=own.account, currency=currency_of(currency), line=1)
    for line, fields in records:
        try:
            moved = money(amount(fields.get("T") or fields.get("U") or "", own.decimal), tally.currency)
            booked = day(fields.get("D", "").replace(" ", ""), order)
        except ValueError as error:
            yield source.problem("wrong-entry", f"this entry can't be read: {error}", _EXAMPLE, line)
            continue
        if fields.get("P", "").strip().casefold() == _OPENING:
            tally.opening = moved
        elif moved:
            made = Remittance(
                id="R-" + "a" * 12,  # until it is identified
                rail=BANK,
                feed="qif",
                booked=booked,
                amount=moved,
                kind="payment" if moved.amount > 0 else "other",
                payer=clean(fields.get("P")),
                text=clean(fields.get("M")),
                bank_reference=reference(fields.get("N")) if fields.get("N", "").isdigit() else "",
            )
            yield tally.add([made], line)
    yield tally.statement()


def _order(days: list[str], records: list[_Record], source: Source) -> str:
    try:
        order = decided_order(days)
    except ValueError:
        return ""  # told entry by entry
    if not order and any(is_ambiguous(each) for each in days):
        line, fields = next((line, f) for line, f in records if is_ambiguous(f.get("D", "").replace(" ", "")))
        message = f"{shown(fields['D'])} can be two days: the file does not show whether day or month comes first"
        raise source.unreadable("ambiguous-date", message, _HABIT, line)
    return order


def _records(chunks: Chunks, source: Source) -> Iterator[_Record]:
    """The entries of registers: line, and fields by letter. What is split (S, E, $) stays one entry."""
    counts = False
    fields: dict[str, str] = {}
    begin = found = 0
    for number, line in lines(chunks, source):
        text = line.strip()
        if text.startswith("!"):
            kind = text[1:].lower().removeprefix("type:").strip()
            counts = text.lower().startswith("!type:") and kind in _REGISTERS
            fields = {}
        elif text.startswith("^"):
            if counts and fields:
                found += 1
                if found > _MOST:
                    raise source.unreadable("not-a-statement", f"more than {_MOST:,} entries", _EXAMPLE, number)
                yield begin, fields
            fields = {}
        elif text and counts:
            begin = number if not fields else begin
            fields.setdefault(text[0], text[1:].strip())
    if not found:
        raise source.unreadable("not-a-statement", "there is no register of an account in it", _EXAMPLE, 1)
