"""What values on the command line may look like, each wrong one told with an example."""

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from git_bill.contract.terms import Rounding
    from git_bill.money import Money

Callback = Callable[[click.Context, click.Parameter, Any], Any]


def country(text: str) -> str:
    """`de` → `DE`. Raises ValueError."""
    from git_bill.contract.country import NORTHERN_IRELAND, country_problem

    code = text.strip().upper()
    for _, _, hint in country_problem(code):
        example = hint.split('"')[1]
        north = f"; {NORTHERN_IRELAND}, like XI980780684, in its file" if code == "XI" else ""
        raise ValueError(f"{text.strip()!r} is not a country code; write it like {example}{north}")
    return code


def currency(text: str) -> str:
    """`eur` → `EUR`. Raises ValueError."""
    if not re.fullmatch(r"[A-Za-z]{3}", text.strip()):
        raise ValueError(f"{text!r} is not a currency code; write it like EUR")
    return text.strip().upper()


def day(text: str) -> date:
    """`2026-10-05` → date. Raises ValueError."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not a date; write it like 2026-10-05") from None


def rate(text: str, currency_code: str) -> "Money":
    """`95`, `95 EUR`, `95.00 EUR` → Money with the currency's decimals. Raises ValueError."""
    from git_bill.money import Money

    words = text.strip().upper()
    found = Money.parse(words if " " in words else f"{words} {currency_code}")
    if found.amount <= 0:
        raise ValueError(f"the rate {text!r} is not a positive amount; write it like 95.00 EUR")
    return found.rounded() if found.rounded().amount == found.amount else found


def amount(text: str) -> "Money":
    """`120.00 EUR` → Money above zero, with no more decimals than its currency has. Raises ValueError."""
    from git_bill.contract.currency import unknown
    from git_bill.money import Money

    found = Money.parse(text.strip().upper())
    if unknown(found.currency):
        raise ValueError(f"{found.currency} is not a currency; write it like 120.00 EUR")
    if found.amount <= 0:
        raise ValueError(f"{text!r} is not above zero; write it like 120.00 EUR")
    if found.rounded().amount != found.amount:
        raise ValueError(f"{text!r} has more decimals than {found.currency} has; write it like {found.rounded()}")
    return found.rounded()


def rounding(text: str) -> "Rounding":
    """`15m` → rounding of billed time to the nearest step, per ticket and day. Raises ValueError."""
    from git_bill.contract.terms import Rounding
    from git_bill.period import parse_duration

    step = parse_duration(text)
    if step < 1:
        raise ValueError(f"{text!r} is no rounding step; write it like 15m")
    return Rounding(to=step)


def terms(text: str) -> str:
    """`30`, `30 days`, `on receipt` → as settings say it. Raises ValueError."""
    words = " ".join(text.lower().split())
    if re.fullmatch(r"\d{1,3}", words):
        return f"{words} days"
    if not re.fullmatch(r"\d{1,3} days|on receipt", words):
        raise ValueError(f'{text!r} are no payment terms; write them like "30 days" or "on receipt"')
    return words


def zone(text: str) -> str:
    """The IANA name of a time zone. Raises ValueError."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(text.strip()).key
    except (LookupError, ValueError, OSError):
        raise ValueError(f"{text!r} is not a time zone; write it like Europe/Berlin") from None


def identifier(text: str) -> str:
    """A short name of files and commands. Raises ValueError."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", text):
        raise ValueError(f"{text!r} is not a short name; write it like acme-2")
    return text


def squeezed(text: str) -> str:
    """An IBAN or VAT id without its spaces, in capitals."""
    return "".join(text.split()).upper()


def _named(param: click.Parameter) -> str | None:
    """An argument's name in messages, without the brackets that it has in the usage line."""
    named = isinstance(param, click.Argument) and param.metavar
    return named.strip("[]") if named else None


def checked(convert: Callable[[str], Any]) -> Callback:
    """A click callback that converts a value that was given, and tells what is wrong with it."""

    def callback(ctx: click.Context, param: click.Parameter, value: str | None) -> Any:
        try:
            return None if value is None else convert(value)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, param, _named(param)) from None

    return callback
