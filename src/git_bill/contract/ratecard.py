"""The rate card: which price of an hour holds for a piece of work, and why in plain words."""

from dataclasses import dataclass

from git_bill.contract.agreement import Contract, Rate
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.worklog.entry import Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The net price of one hour and the words for the rate it comes from."""

    hourly: Money
    reason: str


def price(contract: Contract, contributor: str, activity: Activity) -> Price | Problem:
    """The most specific rate wins: contributor and activity, activity, contributor, default (DESIGN section 4)."""
    best: Rate | None = None
    for rate in contract.rates:
        fits = rate.contributor in {None, contributor} and rate.activity in {None, activity}
        if fits and (best is None or rate.specificity > best.specificity):
            best = rate
    if best is None:
        return Problem(
            rule="no-rate",
            message=f"contract {contract.id} has no rate for {activity} by {contributor}",
            hint=f'add a default: [[contracts.rates]] hourly = "80.00 {contract.currency}", '
            f'or one with activity = "{activity}"',
        )
    return Price(hourly=best.hourly, reason=_words(best))


def _words(rate: Rate) -> str:
    if rate.activity is None:
        return f"rate for {rate.contributor}" if rate.contributor else "the default rate"
    return f"rate for {rate.activity}" + (f" by {rate.contributor}" if rate.contributor else "")
