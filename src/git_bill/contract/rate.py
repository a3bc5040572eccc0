"""Rates: what an hour or a day of somebody's work costs. Which of them holds for a piece of work: see `ratecard`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from git_bill.contract.bounds import ends_after_start, meet
from git_bill.money import Money
from git_bill.shape import key
from git_bill.worklog.entry import Activity
from git_bill.worklog.holiday import region_problems

_TIME = r"([01]\d|2[0-3]):[0-5]\d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A net price of an hour, of a day, or of both, and the work that it is for. The most specific one wins.

    One for work with an AI agent comes before all others for such work, and is for no other; then count a ticket's
    label, the project, the activity, the contributor, and last its own days.
    """

    hourly: Money | None = key("net price of one hour", example='"95.00 EUR"', default=None)
    daily: Money | None = key("net price of one day, for contracts by the day", example='"760.00 EUR"', default=None)
    contributor: str | None = key("only for this contributor", example='"mira"', default=None)
    activity: Activity | None = key("only for this activity", default=None)
    project: str | None = key("only for this project", example='"web-shop"', default=None)
    label: str | None = key("only for tickets with this label", example='"urgent"', default=None)
    agent: bool = key("only for work with an AI agent", default=False)
    from_: date | None = key("first day", name="from", default=None)
    until: date | None = key("last day", default=None)

    @property
    def about(self) -> tuple[str | None, ...]:
        """The work that it is for, the days aside."""
        return self.label, self.project, self.activity, self.contributor, "agent" if self.agent else None

    @property
    def specificity(self) -> int:
        """Higher wins over lower where several rates fit."""
        told = (self.agent, self.label, self.project, self.activity, self.contributor, self.from_ or self.until)
        return sum(bool(value) << 5 - place for place, value in enumerate(told))

    def covers(self, day: date | None) -> bool:
        """Whether it holds on a day; one that is always meant holds without a day, too."""
        if day is None:
            return self.from_ is None and self.until is None
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)

    def meets(self, other: "Rate") -> bool:
        """Whether the two have a day in common."""
        return meet(self, other)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A rate is a positive price."""
        if self.hourly is None and self.daily is None:
            yield "hourly", "is missing", 'write it like hourly = "95.00 EUR"'
        for name, price, example in (("hourly", self.hourly, "95.00 EUR"), ("daily", self.daily, "760.00 EUR")):
            if price is not None and price.amount <= 0:
                yield name, f"the rate {price} is not a positive amount", f'write it like {name} = "{example}"'
        yield from ends_after_start(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiplier:
    """Work that costs more or less than the card says: on some weekdays, on public holidays, at night, or urgent.

    Where several fit a minute the highest counts, or with none above 1 the lowest; they never multiply.
    """

    factor: Decimal = key("of the rate", example='"1.5"')
    name: str = key("what the client reads", example='"Night work"', default="")
    weekdays: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = key(
        "days of the week", example='["sat", "sun"]', default=()
    )
    holidays: str | None = key("public holidays of a region, by ISO 3166", example='"DE-BE"', default=None)
    start: str | None = key("from this time of day", example='"22:00"', pattern=_TIME, default=None)
    end: str | None = key(
        "to this time of day, perhaps the next", example='"06:00"', pattern=_TIME + "|24:00", default=None
    )
    labels: tuple[str, ...] = key("labels of the ticket", example='["urgent"]', default=())

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A factor, and something that it is for."""
        if not Decimal(0) <= self.factor <= Decimal(10):
            yield "factor", f"{self.factor} is not between 0 and 10", 'write it like factor = "1.5"'
        if not (self.weekdays or self.holidays or self.labels or self.start):
            yield "weekdays", "nothing says when it counts", 'write it like weekdays = ["sat", "sun"]'
        yield from region_problems(self.holidays)
        if (self.start is None) != (self.end is None):
            yield "start", "a time of day has a start and an end", 'write it like start = "22:00", end = "06:00"'
        elif self.start is not None and self.start == self.end:
            yield "end", "is the start; without both the whole day counts", 'write it like end = "06:00"'
