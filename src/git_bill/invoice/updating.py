"""A draft that is drafted again: what a person changed stays, the rest follows the entries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

from git_bill.contract.agreement import Contract
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.basis import Basis
from git_bill.invoice.conversion import Pricing, repriced
from git_bill.invoice.draft import Conversion, Draft, Line, NotBilled
from git_bill.invoice.drafting import Drafted, build
from git_bill.invoice.part import OF_TIME, OWN_REASONS, Kept
from git_bill.period import Period

REMOVED = "removed in review"
_TERMS = (
    "kind",
    "payment_terms",
    "early_payment",
    "tax",
    "allowances",
    "prepaid",
    "rounding",
    "exchange",
    "conversion",
)  # of a draft that a person may set


def redraft(
    basis: Basis,
    contract: Contract,
    period: Period,
    tax: Tax,
    *,
    base: Draft | None,
    current: Draft,
    only: frozenset[str] | None = None,
    asked: frozenset[str] | None = None,
    conversion: Conversion | None = None,
) -> Drafted:
    """The draft as it is now, brought up to date. `base`: as git-bill wrote it last; None: all lines are a person's."""
    before = Pricing(contract=contract, tax=current.tax, conversion=current.conversion)
    kept = decided(base, current)
    kept = replace(kept, lines=tuple(map(before.agreed, kept.lines)))
    if "conversion" in current.set or (base is not None and base.conversion != current.conversion):
        conversion = current.conversion
    fresh = build(
        basis,
        contract,
        period,
        tax,
        draft_id=current.id,
        kept=kept,
        only=only,
        asked=asked,
        conversion=conversion,
    )
    now = Pricing(contract=contract, tax=tax, conversion=conversion)
    return replace(fresh, draft=repriced(update(base, current, fresh.draft), before, now))


def decided(base: Draft | None, current: Draft) -> Kept:
    """What a person decided since `base`: changed and added lines, entries taken out or not to be billed.

    An entry that `base` pins, or a fee that it bills, and `current` neither has nor lists was removed; it comes back
    with the next draft.
    """
    changed = _changes(base, current)
    listed = _pinned(current).keys() | current.not_billed.keys()
    removed = {
        entry: NotBilled(minutes=minutes, because=REMOVED)
        for entry, minutes in (_pinned(base) if base else {}).items()
        if entry not in listed
    }
    billed = {item for line in current.lines for item in line.bills}
    removed |= {
        item: NotBilled(minutes=0, because=REMOVED)
        for line in (base.lines if base else ())
        for item in line.bills
        if item not in billed and item not in listed and not item.startswith(OF_TIME)
    }
    own = {
        entry: left
        for entry, left in current.not_billed.items()
        if left.because not in OWN_REASONS or (base is not None and left != base.not_billed.get(entry, left))
    }
    return Kept(
        lines=tuple(line for index, line in enumerate(current.lines) if index in changed),
        not_billed={**removed, **own},
    )


def update(base: Draft | None, current: Draft, fresh: Draft) -> Draft:
    """Three-way: `fresh` was built without the entries of the lines that a person changed (see `decided`).

    Changed lines stay as they are and where they are; each other line gives its place to the fresh line with the most
    of its entries, or goes; new lines follow at the end. Note, order, hold and answered comments stay; so do changed
    terms and tax.
    """
    changed = _changes(base, current)
    successor = {new: index for index, new in _pairs(fresh.lines, current.lines).items() if new not in changed}
    lines = [
        replace(line, set=changed[index]) if index in changed else fresh.lines[successor[index]]
        for index, line in enumerate(current.lines)
        if index in changed or index in successor
    ]
    lines += [line for index, line in enumerate(fresh.lines) if index not in successor.values()]
    mine = {
        name: getattr(current, name)
        for name in _TERMS
        if name in current.set or (base is not None and getattr(base, name) != getattr(current, name))
    }
    return replace(
        fresh,
        note=current.note,
        order=current.order or fresh.order,
        hold=current.hold,
        proposed=current.proposed,
        answered=current.answered,
        attached=current.attached,
        lines=tuple(lines),
        set=tuple(sorted(mine)),
        **mine,
    )


def _changes(base: Draft | None, current: Draft) -> Mapping[int, tuple[str, ...]]:
    """Lines of `current` that a person changed or added → the names of what was changed, by index."""
    origin = _pairs(base.lines, current.lines) if base is not None else {}
    before = {new: base.lines[old] for old, new in origin.items()} if base is not None else {}
    found: dict[int, tuple[str, ...]] = {}
    for index, line in enumerate(current.lines):
        old = before.get(index)
        names = set(line.set)
        if old is None:
            names.add("entries")
        else:
            names |= {f.name for f in fields(Line) if f.name != "set" and getattr(line, f.name) != getattr(old, f.name)}
        if names:
            found[index] = tuple(sorted(names))
    return found


def _pairs(old: Sequence[Line], new: Sequence[Line]) -> Mapping[int, int]:
    """Lines that bill the same: index in `old` → index in `new`, the most shared entries and items first.

    Lines that name neither are the same where they are equal.
    """
    owner = {each: index for index, line in enumerate(new) for each in (*line.entries, *line.bills)}
    shared = Counter((i, owner[e]) for i, line in enumerate(old) for e in (*line.entries, *line.bills) if e in owner)
    for i, line in enumerate(old):
        if not line.entries and not line.bills:
            shared.update((i, j) for j, other in enumerate(new) if other == line)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for (i, j), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _pinned(draft: Draft) -> Mapping[str, int]:
    return {entry: minutes for line in draft.lines for entry, minutes in line.entries.items()}
