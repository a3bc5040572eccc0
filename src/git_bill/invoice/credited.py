"""What credit notes leave of an invoice: of each line and its entries, of each tax treatment, of the whole."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import TypeAlias

from git_bill.contract.tax.treatment import Category, Tax
from git_bill.invoice.allowance import Allowance, signed
from git_bill.invoice.draft import Draft, Line, NotBilled
from git_bill.invoice.issued import Invoice, InvoiceLine, TaxTotal, Totals
from git_bill.invoice.totals import net_of, sums_of, totals
from git_bill.money import Money, total

Document: TypeAlias = Draft | Invoice
Group: TypeAlias = tuple[Category | str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """What can still be credited. Lines go by their number (`"1"`), groups by category and rate.

    `nets`: of lines; `allowances`: discounts (below zero) and surcharges of the whole, by treatment `without_stamp`;
    `bases`: of tax groups; `gross`: of the whole. `entries`: minutes that are still on a line. `shared`: lines of
    which a part was waived.
    """

    nets: Mapping[str, Money]
    allowances: Mapping[Tax, Money]
    bases: Mapping[Group, Money]
    gross: Money
    entries: Mapping[str, Mapping[str, int]]
    items: Mapping[str, tuple[str, ...]]
    shared: frozenset[str]
    touched: frozenset[str]

    @property
    def net(self) -> Money:
        """What is left without tax."""
        return total(self.bases.values(), self.gross.currency)


def open_of(invoice: Invoice, credits: Iterable[Document]) -> Open:
    """What an invoice's credit notes, issued or drafted, leave of it."""
    notes = tuple(credits)
    currency = invoice.currency
    numbered = {str(n): line for n, line in enumerate(invoice.lines, 1)}
    taken = {number: _taken(number, notes, currency) for number in numbered}
    every = [line for note in notes for line in note.lines]
    discounts: dict[Tax, Money] = defaultdict(lambda: Money.zero(currency))
    bases: dict[Group, Money] = defaultdict(lambda: Money.zero(currency))
    for sign, document in ((1, invoice), *((-1, note) for note in notes)):
        sums = sums_of(document)
        for allowance in sums.allowances:
            discounts[without_stamp(allowance.tax or document.tax)] += signed(allowance) * sign
        for group in totals(sums).groups:
            bases[group.category, group.rate.normalize()] += group.base * sign
    gross = total((-_gross(note) for note in notes), currency) + _gross(invoice)
    return Open(
        nets={number: line.net - taken[number] for number, line in numbered.items()},
        allowances={tax: amount for tax, amount in discounts.items() if amount},
        bases=dict(bases),
        gross=gross,
        entries={number: _minutes_left(number, line, every) for number, line in numbered.items()},
        items={number: _items_left(number, line, every) for number, line in numbered.items()},
        shared=frozenset(n for note in notes if not gives_back(note) for line in note.lines for n in line.credits),
        touched=frozenset(n for line in every for n in line.credits),
    )


def without_stamp(tax: Tax) -> Tax:
    """Without what the law adds as a fixed sum (a stamp): that is due on the invoice, whatever is credited of it."""
    return replace(tax, surcharges=tuple(each for each in tax.surcharges if each.amount is None))


def reduced(invoice: Invoice, credits: Sequence[Invoice]) -> Invoice | None:
    """The invoice without what its credit notes took back: what still counts as billed. None where nothing does.

    What was given back for billing is off its lines; what was waived stays on them, at no price.
    """
    if not credits:
        return invoice
    left = [_line_left(str(n), line, credits) for n, line in enumerate(invoice.lines, 1)]
    lines = tuple(line for line in left if line is not None)
    if not lines and all(map(gives_back, credits)):
        return None
    back: Counter[str] = Counter()
    for note in filter(gives_back, credits):
        for line in note.lines:
            back.update(line.entries)
    because = f"credited with {', '.join(note.number for note in credits)}"
    carried = {entry: NotBilled(minutes=minutes, because=because) for entry, minutes in back.items() if minutes}
    sums = invoice.totals
    for note in credits:
        sums = _less(sums, note.totals)
    return replace(invoice, lines=lines, totals=sums, not_billed={**carried, **invoice.not_billed})


def gives_back(note: Document) -> bool:
    """Whether a credit note's entries and items are billed again."""
    return note.reverses is not None and note.reverses.entries == "rebill"


def _line_left(number: str, line: InvoiceLine, credits: Sequence[Invoice]) -> InvoiceLine | None:
    taken = _taken(number, credits, line.net.currency)
    back = [own for note in filter(gives_back, credits) for own in note.lines if number in own.credits]
    entries = {entry: minutes for entry, minutes in _minutes_left(number, line, back).items() if minutes}
    items = _items_left(number, line, back)
    rest = line.net - taken
    touched = any(number in own.credits for note in credits for own in note.lines)
    if not touched or (not taken and not back):
        return line
    if not rest and not entries and not items:
        return None
    change = Allowance(charge=taken.amount < 0, amount=max(taken, -taken), reason="credited")
    allowances = (*line.allowances, change) if taken else line.allowances
    return replace(line, entries=entries, bills=items, net=rest, allowances=allowances)


def _taken(number: str, notes: Iterable[Document], currency: str) -> Money:
    amounts = (own.credits[number] for note in notes for own in note.lines if number in own.credits)
    return total(amounts, currency)


def _minutes_left(number: str, line: InvoiceLine, notes: Iterable[Line | InvoiceLine]) -> Mapping[str, int]:
    """Minutes of a line's entries that no line of a credit note takes off it."""
    off: Counter[str] = Counter()
    for own in notes:
        if number in own.credits:
            off.update(own.entries)
    return {entry: max(0, minutes - off[entry]) for entry, minutes in line.entries.items()}


def _items_left(number: str, line: InvoiceLine, notes: Iterable[Line | InvoiceLine]) -> tuple[str, ...]:
    off = {item for own in notes if number in own.credits for item in own.bills}
    return tuple(item for item in line.bills if item not in off)


def _gross(document: Document) -> Money:
    """With tax, as it is rounded."""
    sums = totals(sums_of(document))
    return sums.gross if sums.rounding is None else sums.gross + sums.rounding


def _less(whole: Totals, part: Totals) -> Totals:
    """Sums without those of a credit note."""
    changes: dict[str, Money] = {}
    for field in fields(Totals):
        have, off = getattr(whole, field.name), getattr(part, field.name)
        if field.name != "groups" and have is not None and off is not None:
            changes[field.name] = have - off
    return replace(whole, **changes, groups=tuple(_group_left(group, part) for group in whole.groups))


def _group_left(group: TaxTotal, part: Totals) -> TaxTotal:
    same = [g for g in part.groups if (g.category, g.rate.normalize()) == (group.category, group.rate.normalize())]
    currency = group.base.currency
    base, tax = (total((-getattr(g, name) for g in same), currency) for name in ("base", "tax"))
    return replace(group, base=group.base + base, tax=group.tax + tax)


def net_credited(line: Line | InvoiceLine) -> Money:
    """What a credit note's line takes off the invoice's lines."""
    return total(line.credits.values(), net_of(line).currency)
