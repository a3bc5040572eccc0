"""Agreements: what was agreed with a client, in dated terms.

`kind` says how time is priced: by the hour or the day, or not by itself because a fixed price, a fee or a retainer
holds it. Milestones, fees, meters, expenses and the like are billed beside it wherever a contract lists them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, cast, get_args

from git_bill.contract.bounds import above_nothing, at_most_all
from git_bill.contract.coherence import (
    describe_problems,
    kind_problems,
    milestone_problems,
    order_problems,
    surcharge_problems,
)
from git_bill.contract.currency import unknown
from git_bill.contract.limit import Cap, Span
from git_bill.contract.meter import Meter
from git_bill.contract.party import Client
from git_bill.contract.rate import Multiplier, Rate
from git_bill.contract.tax.levy import Component, Withholding
from git_bill.contract.terms import (
    Applies,
    CallOut,
    Discount,
    EarlyPayment,
    ExpenseTerms,
    Fee,
    Milestone,
    Order,
    Retainer,
    Rounding,
)
from git_bill.money import Money
from git_bill.period import parse_duration
from git_bill.shape import Minutes, Percent, key
from git_bill.worklog.spend import Agreed, Units

NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]*"  # of clients and contracts: `/` and `:` part what lines bill
TERMS = r"\d{1,3} days|on receipt"  # payment terms
Kind = Literal["hourly", "daily", "fixed", "retainer", "usage", "subscription"]
Grouping = Literal["ticket", "activity", "contributor", "day", "week", "project", "milestone"]

GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)
FIELDS = (*GROUPINGS, "title", "text")  # what `describe` may name


def term_days(payment_terms: str) -> int:
    """Days from the issue date to the due date: `"30 days"` → 30, `"on receipt"` → 0."""
    return 0 if payment_terms == "on receipt" else int(payment_terms.split(maxsplit=1)[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One agreement with a client. Payment terms are days from the issue date."""

    id: str = key("name of the contract: letters, digits, _ . and -", example='"acme-2026"', pattern=NAME)
    from_: date = key("first day", name="from", example="2026-01-01")
    until: date | None = key("last day", default=None)
    kind: Kind = key("how work is priced", default="hourly")
    currency: str = key("ISO 4217 code", example='"EUR"', pattern=r"[A-Z]{3}")
    payment_terms: str = key("when payment is due", example='"30 days"', pattern=TERMS, default="30 days")
    rounding: Rounding = key("how billed time is rounded", one_line=True, default=Rounding())
    prices: Literal["net", "gross"] = key("whether its prices are without tax or with it", default="net")
    price: Money | None = key("price of it all, where milestones are parts of it", default=None)
    half_from: Minutes = key("with daily: from this time on a day counts half", example='"2h"', default=2 * 60)
    full_from: Minutes = key("with daily: from this time on a day counts whole", example='"5h"', default=5 * 60)
    cap: str | None = key(
        "limit, as the short form of one of `caps`",
        example='"12000.00 EUR per month"',
        pattern=r"(\d+(\.\d+)? [A-Z]{3}|(\d+h)?(\d+m)?) per (invoice|month|contract)",
        default=None,
    )
    minimum: Money | None = key("the least that an invoice with work on it bills, net", default=None)
    group: tuple[Grouping, ...] = key("what makes a line", example='["ticket"]', default=("ticket",))
    describe: str | None = key(
        "a line's text: {ticket} {title} {text} {activity} {project} {contributor} {day} {week} {milestone}",
        example='"{ticket}: {title}"',
        default=None,
    )
    annex_from: int = key("from so many lines on, they stand on a timesheet behind the invoice", default=60)
    invoice_currency: str | None = key(
        "currency of invoices, if another", example='"USD"', pattern=r"[A-Z]{3}", default=None
    )
    requires: tuple[Literal["order", "signed-timesheet"], ...] = key("without it nothing is issued", default=())
    bill: Literal["expected", "low"] = key("which end of an estimate is billed", default="expected")
    agents: Literal["attention", "none"] = key(
        "work with an AI agent: the contributor's time, at their rate or one with agent = true; or not billed",
        default="attention",
    )
    applies: Applies = key("which entries it is for", one_line=True, default=Applies())
    hours_per_day: Minutes = key("what a day is worth: `Time: 1d` in a message", example='"7h30m"', default=8 * 60)
    days_per_week: int = key("what a week is worth: `/spend 0.5w` in a message", example="4", default=5)
    show: tuple[Literal["hours", "days", "times", "raw", "range", "evidence"], ...] = key(
        "what client documents show", default=("hours",)
    )
    retainer: Retainer | None = key("what is paid in advance", one_line=True, default=None)
    call_out: CallOut | None = key("a price for coming at all", one_line=True, default=None)
    early_payment: EarlyPayment | None = key("less for paying early", one_line=True, default=None)
    late_interest: Percent | None = key(
        "interest a year on what is paid late, where another than the law's was agreed", example='"9%"', default=None
    )
    expenses: ExpenseTerms = key("how expenses are passed on", one_line=True, default=ExpenseTerms())
    rates: tuple[Rate, ...] = key("rate card", default=())
    multipliers: tuple[Multiplier, ...] = key("times and labels that cost more or less", default=())
    caps: tuple[Cap, ...] = key("limits", default=())
    milestones: tuple[Milestone, ...] = key("fixed prices", default=())
    fees: tuple[Fee, ...] = key("recurring prices", default=())
    meters: tuple[Meter, ...] = key("usage that is billed", default=())
    discounts: tuple[Discount, ...] = key("less or more than the card", default=())
    orders: tuple[Order, ...] = key("the client's purchase orders", default=())

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """One currency, an end that is not before the start, and no two rates for the same work."""
        if self.until is not None and self.until < self.from_:
            message = f"the contract ends ({self.until}) before it starts ({self.from_})"
            yield "until", message, f"write it like until = {self.from_:%Y}-12-31"
        if not 1 <= self.hours_per_day <= 24 * 60:
            yield "hours_per_day", "a day is worth a minute to 24 hours", 'write it like hours_per_day = "8h"'
        if not 1 <= self.days_per_week <= 7:
            yield "days_per_week", "a week has one to seven days of work", "write it like days_per_week = 5"
        if not 1 <= self.half_from <= self.full_from <= 24 * 60:
            yield "half_from", "a day counts half before it counts whole", 'like half_from = "2h", full_from = "5h"'
        for name, leaf, money in _amounts(self):
            if money.currency != self.currency:
                hint = f'write it like {leaf} = "{money.amount} {self.currency}"'
                yield name, f"{money} is not in the contract's currency, {self.currency}", hint
        yield from self._rate_problems()
        yield from self._value_problems()
        yield from self._term_problems()

    def _rate_problems(self) -> Iterable[tuple[str, str, str]]:
        for number, rate in enumerate(self.rates, 1):
            if rate.agent and self.agents == "none":
                message = f'rate {number} is for work with an AI agent, which agents = "none" does not bill'
                yield "agents", message, 'leave that rate out, or write it like agents = "attention"'
            twins = (
                n for n, one in enumerate(self.rates[: number - 1], 1) if one.about == rate.about and _clash(one, rate)
            )
            for first in twins:
                hint = 'keep one of them, or say what it is for: activity = "meeting"'
                if rate.from_ is not None:
                    hint = f"end rate {first} before: until = {rate.from_ - timedelta(days=1)}"
                yield "rates", f"rates {first} and {number} are for the same work", hint

    def _value_problems(self) -> Iterable[tuple[str, str, str]]:
        yield from above_nothing(self, price='"20000.00 EUR"', minimum='"500.00 EUR"', annex_from="60")
        yield from above_nothing(self, late_interest='"9%"')
        yield from at_most_all(self, late_interest='"9%"')
        if not self.group or len(set(self.group)) < len(self.group):
            yield "group", "names what makes a line, each once", 'write it like group = ["ticket"]'
        for name in ("currency", "invoice_currency"):
            if unknown(getattr(self, name)):
                yield name, f"there is no currency {getattr(self, name)}", f'write it like {name} = "EUR"'

    def _term_problems(self) -> Iterable[tuple[str, str, str]]:
        for name in ("milestones", "fees", "meters"):
            ids = [each.id for each in getattr(self, name)]
            for twice in sorted({each for each in ids if ids.count(each) > 1}):
                yield name, f"two {name} have the id {twice!r}", f'give one of them another id = "{twice}-2"'
        yield from milestone_problems(self.milestones, self.price, self.currency)
        yield from order_problems(self.orders)
        limits = (*(each.amount for each in self.limits), *(each.budget for each in self.orders))
        yield from surcharge_problems(self.discounts, next(filter(None, limits), None))
        yield from describe_problems(self.describe, FIELDS)
        if self.invoice_currency == self.currency:
            yield "invoice_currency", f"is the contract's own, {self.currency}", "leave it out"
        lists = [name for name in ("milestones", "fees") if getattr(self, name)]
        yield from kind_problems(
            self.kind, lists=lists, has_retainer=self.retainer is not None, multipliers=self.multipliers
        )
        if self.early_payment is not None and self.early_payment.days > term_days(self.payment_terms):
            message = f"is within {self.early_payment.days} days, later than it is due: {self.payment_terms}"
            yield "early_payment", message, 'write it like early_payment = { percent = "2%", days = 10 }'

    @property
    def limits(self) -> tuple[Cap, ...]:
        """All caps; the one in short form comes first."""
        if self.cap is None:
            return self.caps
        most, _, per = self.cap.partition(" per ")
        span = cast("Span", per)
        if " " in most:
            return (Cap(amount=Money.parse(most), per=span), *self.caps)
        return (Cap(time=parse_duration(most), per=span), *self.caps)

    @property
    def agreed(self) -> Agreed:
        """What a day and a week are worth in its term."""
        day = self.hours_per_day
        return Agreed(first=self.from_, last=self.until, units=Units(day=day, week=day * self.days_per_week))

    def covers(self, day: date) -> bool:
        """Whether a day lies in its term."""
        return self.from_ <= day and (self.until is None or day <= self.until)


def _clash(one: Rate, other: Rate) -> bool:
    """Two rates for the same work that neither days nor units tell apart; a dated one beats one that is not."""
    dated = [bool(rate.from_ or rate.until) for rate in (one, other)]
    both = (one.hourly and other.hourly) or (one.daily and other.daily)
    return one.about == other.about and bool(both) and dated[0] == dated[1] and one.meets(other)


def _amounts(value: object, name: str = "", leaf: str = "") -> Iterator[tuple[str, str, Money]]:
    """Every amount below a record, with the key of the contract that it stands in and its own."""
    if isinstance(value, Money):
        yield name, leaf, value
    elif isinstance(value, tuple):
        for each in value:
            yield from _amounts(each, name, leaf)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _amounts(getattr(value, field.name), name or field.name, field.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxChoice:
    """What a person decided on one client's tax, with the reason: the treatment, or only a part of what decides it."""

    category: Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M"] | None = key(
        "UNTDID 5305 code (BT-151) in place of the engine's", example='"O"', default=None
    )
    rate: str = key("rate in percent", example='"19"', pattern=r"\d{1,2}(\.\d{1,3})?", default="0")
    note: str = key("wording on the invoice (BT-120)", example='"Exempt: § 4 No. 21 UStG"', default="")
    components: tuple[Component, ...] = key("several taxes in place of the rate", one_line=True, default=())
    supply: Literal["services", "electronic", "goods"] | None = key(
        "what is supplied, as tax law sees it", default=None
    )
    combined_rate: str | None = key(
        "US sales tax at the client's address", example='"8.25"', pattern=r"\d{1,2}(\.\d{1,4})?", default=None
    )
    withholds: bool | None = key("whether the client withholds, in place of the law", default=None)
    withholding: tuple[Withholding, ...] = key("what the client withholds then", one_line=True, default=())
    because: str = key("why the engine's treatment is not used", example='"advice of 3 March"')

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """S, L and M have a rate, the others none (EN 16931 BR-S-05 to BR-O-05); an exemption says why (BR-E-10)."""
        taxed = self.category in {"S", "L", "M"}
        if taxed != (Decimal(self.rate) > 0 or bool(self.components)):
            yield (
                "rate",
                f"category {self.category} {'needs a rate' if taxed else 'has no rate'}"
                if self.category
                else "a rate needs its category",
                'write it like rate = "19"' if taxed else 'leave `rate` out, or use category = "S"',
            )
        if self.category == "E" and not self.note:
            yield "note", "an exemption needs its wording", 'write it like note = "exempt under § 4 No. 21 UStG"'
        if bool(self.withholding) != bool(self.withholds):
            yield (
                "withholding",
                "and withholds = true go together",
                'like withholds = true, withholding = [{ name = "IRPF", rate = "7" }]',
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """`billing/clients/<id>.toml`: one client and everything agreed with it."""

    schema: int = key("version of this file's form", default=1)
    insolvent: date | None = key(
        "since when it is insolvent: no reminder and no request for payment is mailed",
        example="2026-11-02",
        default=None,
    )
    client: Client = key("who pays")
    tax: TaxChoice | None = key("a decided tax treatment", default=None)
    contracts: tuple[Contract, ...] = key("agreements", default=())

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Contract ids are unique."""
        seen: Mapping[str, int] = {}
        for number, contract in enumerate(self.contracts, 1):
            if contract.id in seen:
                yield (
                    "contracts",
                    f"contract {number} has the id of contract {seen[contract.id]}: {contract.id!r}",
                    'give each one its own id = "acme-2027"',
                )
            seen = {**seen, contract.id: number}

    def place(self, contract: str) -> tuple[str, int]:
        """The keys in the file below which a contract stands."""
        return "contracts", [each.id for each in self.contracts].index(contract)
