"""A contract in plain words: what an hour costs for whom and why, how it is rounded, what is billed beside it."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from git_bill.contract.agreement import Contract, Kind
from git_bill.contract.limit import Cap
from git_bill.contract.meter import Meter, Tier
from git_bill.contract.rate import Multiplier
from git_bill.contract.ratecard import Job, Per, Price, price
from git_bill.contract.terms import Discount, Fee, Milestone, Retainer
from git_bill.money import Money
from git_bill.period import format_duration
from git_bill.worklog.entry import Activity

Topic = Literal[
    "work",
    "rate",
    "multiplier",
    "rounding",
    "cap",
    "retainer",
    "milestone",
    "fee",
    "meter",
    "discount",
    "order",
    "expenses",
    "payment",
    "currency",
    "tax",
    "shown",
]
_KINDS: Mapping[Kind, str] = {
    "hourly": "billed by the hour",
    "daily": "billed by the day",
    "fixed": "held by fixed prices; hours are listed and have no price of their own",
    "retainer": "taken from what is paid in advance; what is above is billed by the hour",
    "usage": "billed by the hour, beside the usage that is metered",
    "subscription": "held by the recurring prices; hours are listed and have no price of their own",
}
PRICED: frozenset[Kind] = frozenset({"hourly", "daily", "retainer", "usage"})  # kinds under which time has a price
_PER = {"line": "line", "invoice": "invoice", "ticket-day": "ticket and day"}
_REQUIRED = {"order": "the client's purchase order", "signed-timesheet": "the timesheet with the client's signature"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing that was agreed, in words. `ref`: its id in commands; `state`: how far it is used or billed."""

    topic: Topic
    text: str
    ref: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A price of an hour or a day, why it is that, and the contributors who are asked for it."""

    amount: Money
    per: Per
    reason: str
    people: tuple[str, ...]


def prices(contract: Contract, people: Iterable[str], on: date) -> tuple[tuple[Asked, ...], tuple[str, ...]]:
    """What the card asks on a day, the default last, and the work that it has no price for."""
    found: dict[tuple[Money, str], dict[str, None]] = defaultdict(dict)
    missing: dict[str, None] = {}
    per: Per = "day" if contract.kind == "daily" else "hour"
    for person in people:
        for job in _jobs(contract, person, on):
            asked = price(contract, job, per)
            if isinstance(asked, Price):
                found[asked.amount, asked.reason][person] = None
            else:
                missing[f"{job.activity} by {person}"] = None
    rows = (Asked(amount=a, per=per, reason=why, people=tuple(who)) for (a, why), who in found.items())
    return tuple(sorted(rows, key=lambda each: each.reason.startswith("the default"))), tuple(missing)


def _jobs(contract: Contract, person: str, on: date) -> Iterator[Job]:
    """Every kind of work that the card may tell apart."""
    named = contract.applies.project or ("",)
    projects = dict.fromkeys([*(r.project for r in contract.rates if r.project), *named])
    labels = dict.fromkeys([*((r.label,) for r in contract.rates if r.label), ()])
    agents = sorted({False, *(r.agent for r in contract.rates)}, reverse=True)
    activities: Iterable[Activity] = contract.applies.activity or get_args(Activity)
    for agent, label, project, activity in itertools.product(agents, labels, projects, activities):
        yield Job(contributor=person, activity=activity, project=project, labels=label, day=on, agent=agent)


def work_terms(contract: Contract) -> Iterator[Term]:
    """Which work it is for, and how its time is priced."""
    yield Term(topic="work", text=_KINDS[contract.kind])
    applies = contract.applies
    for what, names in (("project", applies.project), ("tickets", applies.ticket), ("activity", applies.activity)):
        if names:
            yield Term(topic="work", text=f"only {what} {', '.join(names)}")
    if contract.kind == "daily":
        half, full = format_duration(contract.half_from), format_duration(contract.full_from)
        text = f"a person's day counts half from {half} on and whole from {full} on, once over all clients"
        yield Term(topic="work", text=text)
    if contract.bill == "low":
        yield Term(topic="work", text="of an estimate that nobody confirmed the low end is billed")
    if contract.agents == "none":
        yield Term(topic="work", text="work with an AI agent is not billed")
    if contract.call_out is not None:
        fee, activities = contract.call_out.fee, ", ".join(contract.call_out.activity)
        text = f"{contract.call_out.name or 'Call-out'}: {fee} once for each day with {activities}"
        yield Term(topic="work", text=text, ref="call-out")
    if contract.minimum is not None:
        yield Term(topic="work", text=f"an invoice with work on it bills at least {contract.minimum}", ref="minimum")


def multiplier_text(each: Multiplier) -> str:
    """`× 1.5 Night work: from 22:00 to 06:00`"""
    when = [", ".join(each.weekdays)] if each.weekdays else []
    when += [f"public holidays of {each.holidays}"] if each.holidays else []
    when += [f"from {each.start} to {each.end}"] if each.start else []
    when += [f"tickets labelled {' or '.join(each.labels)}"] if each.labels else []
    return f"× {each.factor.normalize():f}{f' {each.name}' if each.name else ''}: {'; '.join(when)}"


def rounding_text(contract: Contract) -> str:
    """`to the nearest 15m per ticket and day`"""
    rounding = contract.rounding
    if contract.kind not in PRICED or contract.kind == "daily":
        return ""
    if rounding.to == 1:
        return "billed to the minute"
    mode = {"nearest": "to the nearest", "up": "up to the next", "down": "down to the last"}[rounding.mode]
    return f"{mode} {format_duration(rounding.to)} per {_PER.get(rounding.per, rounding.per)}"


def cap_text(limit: Cap) -> str:
    """`12000.00 EUR per month; what exceeds it comes with a later invoice`"""
    most = limit.amount or format_duration(limit.time or 0)
    only = f" ({', '.join(limit.only)} only)" if limit.only else ""
    then = "is never billed" if limit.then == "waive" else "comes with a later invoice"
    return f"{most} per {limit.per}{only}; what exceeds it {then}"


def retainer_text(retainer: Retainer) -> str:
    """`Retainer: 1800.00 EUR a month in advance hold 20h; what is left at the end of a month expires; above: …`"""
    holds = retainer.amount or format_duration(retainer.time or 0)
    months = f"{retainer.carry} more {'month' if retainer.carry == 1 else 'months'}"
    left = f"what is left can be used for {months}" if retainer.carry else "what is left at the end of a month expires"
    above = f"{retainer.overage} an hour" if retainer.overage else "the card's prices"
    work = f"work worth {holds}" if retainer.amount else holds
    return f"{retainer.name or 'Retainer'}: {retainer.fee} a month in advance hold {work}; {left}; above: {above}"


def left_text(retainer: Retainer, left: Decimal) -> str:
    """`4h30m`, or `450.00 EUR` of a retainer that holds work by its price."""
    return format_duration(int(left)) if retainer.amount is None else str(Money(left, retainer.amount.currency))


def event_text(milestone: Milestone) -> str:
    """`tag v1.0`, `pull request #12`, `milestone Beta`; empty where nothing in a source completes it."""
    kind, _, name = (milestone.event or "").partition(":")
    return f"pull request #{name}" if kind == "pull" else f"{kind} {name}".strip()


def fee_text(fee: Fee) -> str:
    """`Support plan: 450.00 EUR a month, in advance`"""
    dates = f", from {fee.from_}" if fee.from_ else ""
    dates += f", until {fee.until}" if fee.until else ""
    return (
        f"{fee.name or fee.id}: {fee.amount} a {fee.every}, {'in advance' if fee.in_advance else 'afterwards'}{dates}"
    )


def meter_text(meter: Meter) -> str:
    """`API requests: 1000 included; 0.05 EUR each up to 5000, 0.04 EUR each above`"""
    unit = meter.unit or "each"
    said = [f"{meter.included.normalize():f} included"] if meter.included else []
    if meter.mode == "package":
        said.append(f"{meter.tiers[0].price} for each begun {meter.size.normalize():f}")
    else:
        each = "each" if unit == "each" else f"a {unit}"
        tiers = [_tier(tier, each) for tier in meter.tiers]
        said.append(", ".join(tiers) + (" above" if len(tiers) > 1 else ""))
    if meter.mode == "volume" and len(meter.tiers) > 1:
        said.append("all at the price of the tier that a month reaches")
    if meter.minimum:
        said.append(f"at least {meter.minimum} a month")
    return f"{meter.name or meter.id}: {'; '.join(said)}"


def _tier(tier: Tier, each: str) -> str:
    return f"{tier.price} {each}" + (f" up to {tier.up_to.normalize():f}" if tier.up_to is not None else "")


def discount_text(discount: Discount) -> str:
    """`Loyalty discount: 5 % less on the whole invoice, from the 12th month on`"""
    much = f"{_percent(discount.percent)}" if discount.percent is not None else str(discount.amount)
    work = [*discount.activity, *discount.project]
    of = (
        f"lines of {', '.join(work)}"
        if work
        else "each line of work"
        if discount.of == "lines"
        else "the whole invoice"
    )
    said = [f"{discount.reason}: {much} {'more' if discount.charge else 'less'} on {of}"]
    said += [f"of what is above {discount.above}"] if discount.above else []
    months = discount.after_months
    said += [f"after {months} month{'s' * (months > 1)} of the contract"] if months else []
    said += [f"from {discount.from_}"] if discount.from_ else []
    said += [f"until {discount.until}"] if discount.until else []
    return ", ".join(said)


def expense_terms(contract: Contract) -> Iterator[Term]:
    """How expenses are passed on."""
    terms = contract.expenses
    said = [f"with {_percent(terms.mark_up)} on top" if terms.mark_up else "at what they cost"]
    said += [f"a single one above {terms.most} needs the client's word"] if terms.most else []
    said += [f"{terms.kilometre} a kilometre"] if terms.kilometre else []
    said += [f"{terms.mile} a mile"] if terms.mile else []
    yield Term(topic="expenses", text="; ".join(said))


def payment_terms(contract: Contract) -> Iterator[Term]:
    """When and in what money it is paid, and what must be there before."""
    due = "on receipt" if contract.payment_terms == "on receipt" else f"within {contract.payment_terms}"
    yield Term(topic="payment", text=due)
    if (early := contract.early_payment) is not None:
        yield Term(topic="payment", text=f"{_percent(early.percent)} less if paid within {early.days} days")
    for each in contract.requires:
        yield Term(topic="payment", text=f"nothing is issued without {_REQUIRED[each]}", ref=each)
    other = contract.invoice_currency
    text = contract.currency if other is None else f"agreed in {contract.currency}, invoiced in {other}"
    yield Term(topic="currency", text=text)


def shown_terms(contract: Contract) -> Iterator[Term]:
    """What the client gets to see."""
    if contract.kind == "daily":
        yield Term(topic="shown", text="one line for each person and price of a day; days, and no hours")
        return
    if contract.kind in PRICED:
        yield Term(topic="shown", text=f"one line for each {' and '.join(contract.group)} and price")
    yield Term(topic="shown", text=f"of the work: {', '.join(contract.show)}")
    if contract.kind in PRICED:
        yield Term(topic="shown", text=f"from {contract.annex_from} lines on, a timesheet behind the invoice has them")


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f} %"
