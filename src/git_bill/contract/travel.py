"""Travel rates: what a kilometre, a mile or a day away is worth by law, dated and with the source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.shape import key

Distance = Literal["kilometre", "mile"]
Stay = Literal["full", "part"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mileage:
    """What a country's tax office takes for one kilometre or mile with one's own car."""

    country: str = key("of the traveller, ISO 3166-1", example='"DE"')
    per: Distance = key("what it is for", default="kilometre")
    price: Money = key("of one", example='"0.30 EUR"')
    from_: date = key("first day", name="from", example="2014-01-01")
    until: date | None = key("last day that is known", default=None)
    source: str = key("law or notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class PerDiem:
    """What a country's tax office takes for meals on a day away; `part`: on one of arrival, departure or some hours."""

    country: str = key("of the traveller, ISO 3166-1", example='"DE"')
    abroad: str | None = key("where the day was, if it was in another country", default=None)
    full: Money = key("of 24 hours away", example='"28.00 EUR"')
    part: Money | None = key("of a part of a day; none where the law counts the hours", default=None)
    from_: date = key("first day", name="from", example="2020-01-01")
    until: date | None = key("last day that is known", default=None)
    source: str = key("law or notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelTable:
    """`tables/travel.toml`."""

    schema: int = key("version of this file's form", default=1)
    mileage: tuple[Mileage, ...] = key("rates of distances", default=())
    per_diem: tuple[PerDiem, ...] = key("rates of days", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelRate:
    """The price of one, and where it is from."""

    price: Money
    source: str


def distance_rate(table: TravelTable, country: str, per: Distance, day: date) -> TravelRate | Problem:
    """What a distance is worth to a traveller of a country on a day; a problem where the table does not know."""
    own = [rate for rate in table.mileage if rate.country == country]
    for rate in own:
        if rate.per == per and _holds(rate, day):
            return TravelRate(price=rate.price, source=rate.source)
    other = next((rate.per for rate in own if rate.per != per and _holds(rate, day)), None)
    if other is not None:
        option = "--miles 52" if other == "mile" else "--km 84"
        return _unknown(f"{country} counts {other}s, no {per}s", f"say how many {other}s: {option}")
    return _unknown(f"the price of a {per} in {country} on {day} is not built in", _example(own))


def day_rate(table: TravelTable, country: str, where: str, stay: Stay, day: date) -> TravelRate | Problem:
    """What a day away is worth to a traveller of a country; a problem where the table does not know."""
    away = None if where == country else where
    for rate in table.per_diem:
        price = rate.full if stay == "full" else rate.part
        if rate.country == country and rate.abroad == away and _holds(rate, day) and price is not None:
            return TravelRate(price=price, source=rate.source)
    whose = f"for a traveller from {country} " if away else ""
    return _unknown(f"the per diem {whose}for a {stay} day in {where} on {day} is not built in", '--rate "40.00 EUR"')


def _holds(rate: Mileage | PerDiem, day: date) -> bool:
    return rate.from_ <= day and (rate.until is None or day <= rate.until)


def _example(own: Iterable[Mileage]) -> str:
    price = next((rate.price for rate in own), None)
    return f'--rate "{price or Money.parse("0.30 EUR")}"'


def _unknown(message: str, example: str) -> Problem:
    hint = example if example.startswith("say ") else f"say the agreed price: {example}"
    return Problem(rule="no-travel-rate", message=message, hint=hint)
