"""Terms: what is agreed beside the price of time. Each stands in a client's file below its contract."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from git_bill.contract.bounds import above_nothing, at_most_all, ends_after_start, not_negative
from git_bill.money import Money
from git_bill.shape import Minutes, Percent, key
from git_bill.worklog.entry import Activity

ID = r"[a-z0-9][a-z0-9_.-]*"
_MOST_DAYS = 365  # for paying early
_MOST_MONTHS = 120  # that what is left of a retainer lasts


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """How billed time is rounded, after grouping; raw time is kept beside it."""

    to: Minutes = key("step", example='"15m"', default=1)
    mode: Literal["nearest", "up", "down"] = key("direction; half a step goes up with nearest", default="nearest")
    per: Literal["entry", "ticket", "ticket-day", "day", "line", "invoice"] = key(
        "what is rounded", default="ticket-day"
    )

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A step is at least a minute."""
        if self.to < 1:
            yield "to", "the rounding step must be at least one minute", 'write it like to = "15m"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Applies:
    """Which entries a contract is for; what is left empty fits all."""

    project: tuple[str, ...] = key("projects", example='["web-shop"]', default=())
    ticket: tuple[str, ...] = key("beginnings of ticket ids", example='["WEB-"]', default=())
    activity: tuple[Activity, ...] = key("activities", example='["development"]', default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A fixed price, billed once: from its day, when its tag is there, its pull request merged or the forge's milestone
    closed; without any of these when somebody drafts it: `git bill draft --milestone ID`.
    """

    id: str = key("name in commands", example='"beta"', pattern=ID)
    name: str = key("what the client reads", example='"Beta version"', default="")
    amount: Money | None = key("its price, net", example='"5000.00 EUR"', default=None)
    percent: Percent | None = key("its part of the contract's price", example='"30%"', default=None)
    on: date | None = key("the day it is due", default=None)
    tag: str | None = key("the tag that completes it", example='"v1.0"', default=None)
    pull_request: int | None = key("number of the pull request whose merge completes it", default=None)
    milestone: str | None = key(
        "the forge's milestone that completes it when it is closed", example='"Beta"', default=None
    )
    source: str | None = key(
        "the source in which that happens, where several have such a name", example='"web-shop"', default=None
    )
    deposit: bool = key("paid in advance: deducted once from the contract's last milestone", default=False)

    @property
    def event(self) -> str | None:
        """What completes it, as evidence names it: `tag:v1.0`, `pull:12`, `milestone:Beta`."""
        if self.pull_request is not None:
            return f"pull:{self.pull_request}"
        if self.tag is not None:
            return f"tag:{self.tag}"
        return None if self.milestone is None else f"milestone:{self.milestone}"

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Its price is an amount or a part, and at most one thing completes it."""
        if (self.amount is None) == (self.percent is None):
            yield "amount", "a milestone has an amount or a percent, one of them", 'like amount = "5000.00 EUR"'
        if sum(x is not None for x in (self.on, self.tag, self.pull_request, self.milestone)) > 1:
            yield "on", "one thing completes a milestone", "keep one of on, tag, pull_request, milestone"
        yield from above_nothing(self, amount='"5000.00 EUR"', percent='"30%"')
        yield from at_most_all(self, percent='"30%"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Retainer:
    """Time or an amount of work that is paid for in advance, each month. What is above is billed by the rate card."""

    name: str = key("what the client reads, in place of that in their language", example='"Retainer"', default="")
    fee: Money = key("price of a month, net", example='"1800.00 EUR"')
    time: Minutes | None = key("time that it holds", example='"20h"', default=None)
    amount: Money | None = key("work that it holds, at the rate card's prices", default=None)
    carry: int = key("months for which what is left can be used later", default=0)
    overage: Money | None = key("price of an hour above it, where it is not the rate card's", default=None)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """It holds time or an amount."""
        if (self.time is None) == (self.amount is None):
            yield "time", "a retainer holds a time or an amount, one of them", 'write it like time = "20h"'
        if not 0 <= self.carry <= _MOST_MONTHS:
            yield "carry", f"what is left lasts 0 to {_MOST_MONTHS} months", "write it like carry = 2"
        yield from above_nothing(self, fee='"1800.00 EUR"', time='"20h"', amount='"2000.00 EUR"', overage='"95.00 EUR"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A recurring price: of a subscription, a support plan, hosting. Parts of its first and last period by days."""

    id: str = key("name in commands", example='"support"', pattern=ID)
    name: str = key("what the client reads", example='"Support plan"', default="")
    amount: Money = key("price of a period, net", example='"450.00 EUR"')
    every: Literal["month", "quarter", "year"] = key("its period; they begin with the calendar's", default="month")
    from_: date | None = key("first day, if not the contract's", name="from", default=None)
    until: date | None = key("last day, if not the contract's", default=None)
    in_advance: bool = key("billed before its period, not after", default=True)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """It costs something, and ends after it starts."""
        yield from above_nothing(self, amount='"450.00 EUR"')
        yield from ends_after_start(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOut:
    """A price for coming at all: once for each day on which there is such work."""

    fee: Money = key("net", example='"80.00 EUR"')
    activity: tuple[Activity, ...] = key("the work it is for", example='["support"]', default=("support",))
    name: str = key("what the client reads, in place of that in their language", example='"Call-out"', default="")

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """It costs something."""
        yield from above_nothing(self, fee='"80.00 EUR"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The client's purchase order: its number stands on invoices of its days (BT-13). `budget`: net, in all."""

    number: str = key("as the client wrote it", example='"4500012345"')
    from_: date | None = key("first day", name="from", default=None)
    until: date | None = key("last day", default=None)
    budget: Money | None = key("the most that is billed under it, net", default=None)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """It allows something, and ends after it starts."""
        yield from above_nothing(self, budget='"5000.00 EUR"')
        yield from ends_after_start(self)

    def covers(self, day: date) -> bool:
        """Whether a day lies in its term."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """Less, or with `charge` more, than the card: on some lines, or on a whole invoice from an amount or a time on."""

    percent: Percent | None = key("how much, of its base", example='"5%"', default=None)
    amount: Money | None = key("how much, once on each invoice", default=None)
    charge: bool = key("a surcharge, not a discount", default=False)
    of: Literal["lines", "invoice"] = key("of each line that fits, or of the whole", default="invoice")
    activity: tuple[Activity, ...] = key("lines: only of these activities", default=())
    project: tuple[str, ...] = key("lines: only of these projects", example='["web-shop"]', default=())
    above: Money | None = key("volume: only what is above this net on the invoice", default=None)
    after_months: int = key("loyalty: only this many months after the contract began", default=0)
    from_: date | None = key("first day", name="from", default=None)
    until: date | None = key("last day", default=None)
    reason: str = key("what the client reads", example='"Loyalty discount"')

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A percentage or an amount; an amount is of the whole."""
        if (self.percent is None) == (self.amount is None):
            yield "percent", "a discount is a percent or an amount, one of them", 'write it like percent = "5%"'
        if self.amount is not None and self.of == "lines":
            yield "of", "an amount is taken once, from the whole invoice", 'write it like of = "invoice"'
        if self.of == "invoice" and (self.activity or self.project):
            yield "activity", "what is of the whole invoice is for all work", 'write it like of = "lines"'
        yield from above_nothing(self, percent='"5%"', amount='"50.00 EUR"', above='"5000.00 EUR"')
        if not self.charge:
            yield from at_most_all(self, percent='"5%"')
        yield from not_negative(self, after_months="12")
        yield from ends_after_start(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyPayment:
    """Less, if it is paid within some days of the issue date (Skonto). The client takes it off when paying."""

    percent: Percent = key("of the amount due", example='"2%"')
    days: int = key("within so many days", example="10")

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Some of it, and some time."""
        if not Decimal(0) < self.percent < Decimal(100):
            yield "percent", "is not between 0 and 100", 'write it like percent = "2%"'
        if not 1 <= self.days <= _MOST_DAYS:
            yield "days", f"is not between 1 and {_MOST_DAYS}", "write it like days = 10"


def early_amount(terms: EarlyPayment, due: Money) -> Money:
    """What is to be paid within the days: the amount due less round(amount × percent ÷ 100)."""
    return due - (due * (terms.percent / 100)).rounded()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpenseTerms:
    """How expenses are passed on."""

    mark_up: Percent | None = key("on top of what was paid", example='"10%"', default=None)
    mark_up_as: str = key(
        "what the client reads of that, in place of that in their language", example='"Handling"', default=""
    )
    most: Money | None = key("a single one above needs the client's word", default=None)
    kilometre: Money | None = key("price of a kilometre, where it is not the table's", default=None)
    mile: Money | None = key("price of a mile, where it is not the table's", default=None)
    receipt_above: Money | None = key("a higher one without a receipt is told; without this all are", default=None)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Prices and a mark-up are more than nothing, limits are not below it."""
        yield from above_nothing(self, mark_up='"10%"', kilometre='"0.30 EUR"', mile='"0.48 EUR"')
        yield from not_negative(self, most='"250.00 EUR"', receipt_above='"20.00 EUR"')
