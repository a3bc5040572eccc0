"""`git bill add --expense …`: options of expenses and usage, and what they say."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import click

from git_bill.cli.values import checked, country
from git_bill.contract.usage import FORM, quantity
from git_bill.problem import Exit, stop

F = TypeVar("F", bound=Callable[..., Any])
LARGEST = 20  # megabytes of a receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the options of an expense say, as it was written."""

    amount: str | None
    km: Decimal | None
    miles: Decimal | None
    per_diem: str | None
    country: str | None
    rate: str | None
    tax: Decimal | None
    pass_through: bool
    receipt: Path | None
    agreed: str | None

    @property
    def is_one(self) -> bool:
        """Whether an expense is meant. Stops (exit 2) where two are, or where options lack what they are of."""
        named = {
            "--expense": self.amount is not None,
            "--km": self.km is not None,
            "--miles": self.miles is not None,
            "--per-diem": self.per_diem is not None,
        }
        given = [name for name, there in named.items() if there]
        if len(given) > 1:
            raise stop(Exit.USAGE, "usage", f"{given[0]} and {given[1]} are two expenses", "add one after the other")
        beside = {
            "--country": self.country is not None and self.per_diem is None,
            "--rate": self.rate is not None and (not given or self.amount is not None),
            "--tax": self.tax is not None and self.amount is None,
            "--pass-through": self.pass_through and self.amount is None,
            "--receipt": self.receipt is not None and not given,
            "--agreed": self.agreed is not None and not given,
        }
        for name, alone in beside.items():
            if alone:
                of = {"--country": "--per-diem full", "--rate": "--km 84"}.get(name, '--expense "120.00 EUR"')
                raise stop(Exit.USAGE, "usage", f"{name} goes with another option", f"like: git bill add {of} {name} …")
        return bool(given)


def number(text: str) -> Decimal:
    """`84`, `12.5` → Decimal. Raises ValueError."""
    found = quantity(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a number: {FORM}; write it like 84 or 12.5")
    if not 0 < found <= 10**9:
        raise ValueError(f"{text!r} is not between nothing and a billion; write it like 84")
    return found


def percent(text: str) -> Decimal:
    """`19`, `19%` → Decimal. Raises ValueError."""
    found = quantity(text.strip().removesuffix("%").strip())
    if found is None:
        raise ValueError(f"{text!r} is not a percentage: {FORM}; write it like 19 or 5.5")
    if not 0 <= found < 100:
        raise ValueError(f"{text!r} is not from 0 to below 100; write it like 19")
    return found


_FILE = click.Path(path_type=Path)
_OPTIONS = (
    click.option("--expense", "spent_amount", metavar="AMOUNT", help='What was paid, VAT included: "120.00 EUR".'),
    click.option("--km", "spent_km", metavar="N", callback=checked(number), help="Kilometres driven with your car."),
    click.option("--miles", "spent_miles", metavar="N", callback=checked(number), help="Miles driven with your car."),
    click.option(
        "--per-diem", "spent_per_diem", type=click.Choice(("full", "part")), help="A day away, or a part of one."
    ),
    click.option(
        "--country", "spent_country", metavar="CC", callback=checked(country), help="Where that day was. [yours]"
    ),
    click.option("--rate", "spent_rate", metavar="AMOUNT", help="Price of a kilometre, mile or day. [by law]"),
    click.option(
        "--tax", "spent_tax", metavar="PERCENT", callback=checked(percent), help="VAT in the amount that you get back."
    ),
    click.option("--pass-through", "spent_pass_through", is_flag=True, help="It was paid in the client's name."),
    click.option("--receipt", "spent_receipt", metavar="FILE", type=_FILE, help="Its receipt, copied into the books."),
    click.option("--agreed", "spent_agreed", metavar="NAME", help="Who of the client agreed to it."),
    click.option("--usage", "usage", metavar="METER=N", multiple=True, help="What was used of a meter."),
)


def expense_options(function: F) -> F:
    """The options of expenses, each under `spent_…`, and `usage`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def taken(given: dict[str, Any]) -> Spent:
    """What the options say, taken out of a command's arguments."""
    names = ("amount", "km", "miles", "per_diem", "country", "rate", "tax", "pass_through", "receipt", "agreed")
    return Spent(**{name: given.pop(f"spent_{name}") for name in names})
