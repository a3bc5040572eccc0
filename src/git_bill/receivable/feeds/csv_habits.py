"""How a CSV statement writes: order of its days, what its decimals follow, which sign what was paid out has.

What the file does not show is never guessed: it is a problem that says how to declare it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from git_bill.problem import Problem
from git_bill.receivable.feeds.csv_table import Table
from git_bill.receivable.feeds.feed import Source, shown
from git_bill.receivable.feeds.values import amount, day, decided_order, is_ambiguous

Row = tuple[int, Sequence[str]]  # line and cells
_MOST_DECIMALS = 3  # of an amount in any currency
_AMOUNTS = ("amount", "debit", "credit", "balance", "fee")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """`sign`: 1, or -1 where what was paid out is positive."""

    order: str
    decimal: str
    sign: int


def decide(table: Table, rows: Sequence[Row], source: Source) -> tuple[Habits, tuple[Problem, ...]]:
    """The habits that some first rows show, and what stays open."""
    problems: list[Problem] = []
    decimal = _decimal(table, rows, source, problems)
    order = _order(table, rows, source, problems)
    sign = _sign(table, rows, source, decimal, problems)
    return Habits(order=order, decimal=decimal, sign=sign), tuple(problems)


def _declare(key: str, account: str) -> str:
    return f'declare it: [[accounts]] account = "{account or "DE02…"}", {key}'


def _order(table: Table, rows: Sequence[Row], source: Source, problems: list[Problem]) -> str:
    told = (table.declared and table.declared.dates) or (table.export and table.export.dates)
    if told:
        return told
    texts = [(line, table.cell(cells, "date")) for line, cells in rows]
    known = [text for _, text in texts if _is_day(text)]
    order = decided_order(known)
    unclear = next(((line, text) for line, text in texts if is_ambiguous(text)), None)
    if order or unclear is None:
        return order
    line, text = unclear
    message = f"{shown(text)} can be two days: the file does not show whether day or month comes first"
    hint = _declare('dates = "dmy" (or "mdy")', table.account)
    problems.append(source.problem("ambiguous-date", message, hint, line))
    return "dmy"


def _is_day(text: str) -> bool:
    for order in ("dmy", "mdy"):
        try:
            day(text, order)
        except ValueError:
            continue
        return True
    return False


def _decimal(table: Table, rows: Sequence[Row], source: Source, problems: list[Problem]) -> str:
    """The mark that every amount allows; where several do, only if none of them reads differently."""
    told = (table.declared and table.declared.decimal) or (table.export and table.export.decimal)
    if told:
        return told
    texts = [(line, text) for line, cells in rows for role in _AMOUNTS if (text := table.cell(cells, role))]
    texts = [(line, text) for line, text in texts if _number(text, ".") is not None or _number(text, ",") is not None]
    fits = [mark for mark in ".," if all(_reads(text, mark) for _, text in texts)]
    if len(fits) == 2:
        unclear = next(((line, text) for line, text in texts if amount(text, ".") != amount(text, ",")), None)
        if unclear is None:
            return "."
        message = f"{shown(unclear[1])} can be thousands or decimals, and nothing in the file shows which"
        hint = _declare('decimal = "," (or ".")', table.account)
        problems.append(source.problem("ambiguous-amount", message, hint, unclear[0]))
    return fits[0] if fits else ""  # each amount by itself, or told where it can't be read


def _reads(text: str, mark: str) -> bool:
    """Whether an amount can be written so."""
    found = _number(text, mark)
    if found is None:
        return False
    exponent = found.as_tuple().exponent
    return not isinstance(exponent, int) or exponent >= -_MOST_DECIMALS


def _sign(table: Table, rows: Sequence[Row], source: Source, decimal: str, problems: list[Problem]) -> int:
    told = table.declared and table.declared.sign
    if told:
        return -1 if told == "reversed" else 1
    if table.export is not None or "amount" not in table.places or "sign" in table.places:
        return 1
    moved = [(line, found) for line, found in _numbers(table, rows, "amount", decimal) if found]
    by_balance = _sign_by_balance(table, rows, decimal)
    if by_balance:
        return by_balance
    if moved and all(found > 0 for _, found in moved) and not any("+" in table.cell(r, "amount") for _, r in rows):
        message = "all amounts are positive: they are taken for received"
        hint = _declare('sign = "as-written" if they were; sign = "reversed" if all of it was paid', table.account)
        problems.append(replace(source.problem("unclear-sign", message, hint, moved[0][0]), severity="warning"))
    return 1


def _sign_by_balance(table: Table, rows: Sequence[Row], decimal: str) -> int:
    """By what the amounts do to the balance, from row to row in either direction; 0 where that tells nothing."""
    if "balance" not in table.places:
        return 0
    told = [
        (found, balance)
        for _, cells in rows
        if (found := _number(table.cell(cells, "amount"), decimal)) is not None
        and (balance := _number(table.cell(cells, "balance"), decimal)) is not None
    ]
    for sign in (1, -1):
        pairs = list(pairwise(told))
        if pairs and (
            all(after == before + sign * found for (_, before), (found, after) in pairs)
            or all(before == after + sign * found for (found, before), (_, after) in pairs)
        ):
            return sign
    return 0


def _numbers(table: Table, rows: Iterable[Row], role: str, decimal: str) -> Iterator[tuple[int, Decimal]]:
    for line, cells in rows:
        found = _number(table.cell(cells, role), decimal)
        if found is not None:
            yield line, found


def _number(text: str, decimal: str) -> Decimal | None:
    try:
        return amount(text, decimal) if text else None
    except ValueError:
        return None
