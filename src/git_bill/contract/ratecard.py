"""The rate card: which price of an hour or a day holds for a piece of work, and why in plain words."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from git_bill.contract.agreement import Contract
from git_bill.contract.rate import Rate
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.worklog.entry import Activity

Per = Literal["hour", "day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A piece of work as the rate card asks of it. `labels`: of its ticket; `agent`: done with an AI agent."""

    contributor: str
    activity: Activity
    project: str = ""
    labels: tuple[str, ...] = ()
    day: date | None = None
    agent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The net price of one hour or day, and the words for the rate it comes from."""

    amount: Money
    reason: str


def price(contract: Contract, job: Job, per: Per = "hour") -> Price | Problem:
    """The most specific rate wins: with an AI agent, label, project, activity, contributor, days (DESIGN section 4).

    Work with an AI agent without a rate of its own is priced as the contributor's other time.
    """
    best: Rate | None = None
    for rate in contract.rates:
        if (
            _amount(rate, per) is not None
            and _fits(rate, job)
            and (best is None or best.specificity < rate.specificity)
        ):
            best = rate
    amount = None if best is None else _amount(best, per)
    if best is None or amount is None:
        return _missing(contract, job, per)
    as_own = job.agent and not best.agent
    return Price(amount=amount, reason=_words(best) + (", as for work without an AI agent" if as_own else ""))


def _amount(rate: Rate, per: Per) -> Money | None:
    return rate.hourly if per == "hour" else rate.daily


def _fits(rate: Rate, job: Job) -> bool:
    return (
        rate.contributor in {None, job.contributor}
        and rate.activity in {None, job.activity}
        and rate.project in {None, job.project}
        and (rate.label is None or rate.label.casefold() in {label.casefold() for label in job.labels})
        and (job.agent or not rate.agent)
        and rate.covers(job.day)
    )


def _missing(contract: Contract, job: Job, per: Per) -> Problem:
    key, example = ("hourly", "80.00") if per == "hour" else ("daily", "760.00")
    when = f" on {job.day}" if job.day is not None and any(r.from_ or r.until for r in contract.rates) else ""
    what = "rate" if per == "hour" else "day rate"
    return Problem(
        rule="no-rate",
        message=f"contract {contract.id} has no {what} for {job.activity} by {job.contributor}{when}",
        hint=f'add a default: [[contracts.rates]] {key} = "{example} {contract.currency}", '
        f'or one with activity = "{job.activity}"',
    )


def _words(rate: Rate) -> str:
    """`rate for development in web-shop by jonas, for tickets labelled urgent, since 2026-07-01`"""
    by = f" by {rate.contributor}" if rate.contributor else ""
    place = f" in {rate.project}" if rate.project else ""
    since = f", since {rate.from_}" if rate.from_ else f", until {rate.until}" if rate.until else ""
    label = f", for tickets labelled {rate.label}" if rate.label else ""
    if rate.agent:
        return f"rate for {rate.activity or 'work'} with an AI agent{place}{by}{label}{since}"
    if rate.activity is not None:
        return f"rate for {rate.activity}{place}{by}{label}{since}"
    if place or label:
        return f"rate for work{place}{by}{label}{since}"
    return f"rate for {rate.contributor}{since}" if rate.contributor else f"the default rate{since}"
