"""Bounds: what amounts, percentages, numbers and days of terms have to be, whatever the terms are."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from git_bill.money import Money

_WHOLE = 100  # percent
Said = Iterator[tuple[str, str, str]]


def above_nothing(record: Any, **examples: str) -> Said:
    """Keys whose value, if there is one, is zero or negative. `examples`: TOML text of a right value, by key."""
    for name, example in examples.items():
        number = _number(getattr(record, name))
        if number is not None and number <= 0:
            yield name, f"{_text(getattr(record, name))} is not more than nothing", f"write it like {name} = {example}"


def not_negative(record: Any, **examples: str) -> Said:
    """Keys whose value, if there is one, is negative. `examples`: TOML text of a right value, by key."""
    for name, example in examples.items():
        number = _number(getattr(record, name))
        if number is not None and number < 0:
            yield name, f"{_text(getattr(record, name))} is less than nothing", f"write it like {name} = {example}"


def at_most_all(record: Any, **examples: str) -> Said:
    """Percentages above 100. `examples`: TOML text of a right value, by key."""
    for name, example in examples.items():
        number = _number(getattr(record, name))
        if number is not None and number > _WHOLE:
            yield name, f"{number:f} % is more than all of it", f"write it like {name} = {example}"


def ends_after_start(record: Any) -> Said:
    """An `until` that is before `from`."""
    if record.from_ is not None and record.until is not None and record.until < record.from_:
        yield "until", f"it ends ({record.until}) before it starts ({record.from_})", "write the later day"


def meet(one: Any, other: Any) -> bool:
    """Whether two terms with `from` and `until` have a day in common."""
    return (one.from_ or date.min) <= (other.until or date.max) and (other.from_ or date.min) <= (one.until or date.max)


def _number(value: Money | Decimal | int | None) -> Decimal | int | None:
    return value.amount if isinstance(value, Money) else value


def _text(value: Money | Decimal | int) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
