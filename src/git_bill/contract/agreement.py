"""Agreements: what was agreed with a client, in dated terms. Kinds other than hourly follow the same form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from git_bill.contract.party import Client
from git_bill.money import Money
from git_bill.shape import Minutes, key
from git_bill.worklog.entry import Activity

TERMS = r"\d{1,3} days|on receipt"  # payment terms
Kind = Literal["hourly", "daily", "fixed", "retainer", "usage", "subscription"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A price of an hour, net. The most specific one wins: contributor and activity, activity, contributor, default."""

    hourly: Money = key("net price of one hour", example='"95.00 EUR"')
    contributor: str | None = key("only for this contributor", default=None)
    activity: Activity | None = key("only for this activity", default=None)

    @property
    def specificity(self) -> int:
        """Higher wins over lower where several rates fit."""
        return 2 * (self.activity is not None) + (self.contributor is not None)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A rate is a positive price."""
        if self.hourly.amount <= 0:
            yield (
                "hourly",
                f"the rate {self.hourly} is not a positive amount",
                'write it like hourly = "95.00 EUR"',
            )


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
class Cap:
    """The most that is billed, net, in a calendar month or on one invoice."""

    amount: Money
    per: Literal["month", "invoice"]


def term_days(payment_terms: str) -> int:
    """Days from the issue date to the due date: `"30 days"` → 30, `"on receipt"` → 0."""
    return 0 if payment_terms == "on receipt" else int(payment_terms.split(maxsplit=1)[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One agreement with a client. Payment terms are days from the issue date."""

    id: str = key("name of the contract", example='"acme-2026"')
    from_: date = key("first day", name="from", example="2026-01-01")
    until: date | None = key("last day", default=None)
    kind: Kind = key("how work is priced", default="hourly")
    currency: str = key("ISO 4217 code", example='"EUR"', pattern=r"[A-Z]{3}")
    payment_terms: str = key("when payment is due", example='"30 days"', pattern=TERMS, default="30 days")
    rounding: Rounding = key("how billed time is rounded", one_line=True, default=Rounding())
    cap: str | None = key(
        "limit",
        example='"12000.00 EUR per month"',
        pattern=r"\d+(\.\d+)? [A-Z]{3} per (invoice|month)",
        default=None,
    )
    bill: Literal["expected", "low"] = key("which end of an estimate is billed", default="expected")
    applies: Applies = key("which entries it is for", one_line=True, default=Applies())
    show: tuple[Literal["hours", "days", "times", "raw", "range", "evidence"], ...] = key(
        "what client documents show", default=("hours",)
    )
    rates: tuple[Rate, ...] = key("rate card", default=())

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """One currency, an end that is not before the start, and no two rates for the same work."""
        if self.until is not None and self.until < self.from_:
            yield (
                "until",
                f"the contract ends ({self.until}) before it starts ({self.from_})",
                f"write it like until = {self.from_:%Y}-12-31",
            )
        for number, rate in enumerate(self.rates, 1):
            if rate.hourly.currency != self.currency:
                yield (
                    "rates",
                    f"rate {number} is in {rate.hourly.currency}, the contract in {self.currency}",
                    f'write it like hourly = "{rate.hourly.amount} {self.currency}"',
                )
        known: dict[tuple[str | None, str | None], int] = {}
        for number, rate in enumerate(self.rates, 1):
            first = known.setdefault((rate.contributor, rate.activity), number)
            if first != number:
                yield (
                    "rates",
                    f"rates {first} and {number} are for the same work",
                    'keep one of them, or say what it is for: activity = "meeting"',
                )
        if self.cap is not None and self.cap.split()[1] != self.currency:
            yield (
                "cap",
                f"the cap is in {self.cap.split()[1]}, the contract in {self.currency}",
                f'write it like cap = "12000.00 {self.currency} per month"',
            )

    @property
    def limit(self) -> Cap | None:
        """The cap as an amount and what it is for."""
        if self.cap is None:
            return None
        amount, _, per = self.cap.partition(" per ")
        return Cap(amount=Money.parse(amount), per="month" if per == "month" else "invoice")

    def covers(self, day: date) -> bool:
        """Whether a day lies in its term."""
        return self.from_ <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxChoice:
    """A treatment that a person decided for one client, with the reason; it overrides the engine."""

    category: Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M"] = key("UNTDID 5305 code (BT-151)", example='"O"')
    rate: str = key("rate in percent", example='"19"', pattern=r"\d{1,2}(\.\d{1,2})?", default="0")
    note: str = key("wording on the invoice (BT-120)", default="")
    because: str = key("why the engine's treatment is not used", example='"advice of 3 March"')

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """S, L and M have a rate, the others none (EN 16931 BR-S-05 to BR-O-05); an exemption says why (BR-E-10)."""
        taxed = self.category in {"S", "L", "M"}
        if taxed != (Decimal(self.rate) > 0):
            yield (
                "rate",
                f"category {self.category} {'needs a rate' if taxed else 'has no rate'}",
                'write it like rate = "19"' if taxed else 'leave `rate` out, or use category = "S"',
            )
        if self.category == "E" and not self.note:
            yield "note", "an exemption needs its wording", 'write it like note = "exempt under § 4 No. 21 UStG"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """`billing/clients/<id>.toml`: one client and everything agreed with it."""

    schema: int = key("version of this file's form", default=1)
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
