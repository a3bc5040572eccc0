"""Guardrails: what makes a reviewer look twice at a draft, each with a name, a reason and a weight of its own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from git_bill.invoice.finding import Finding
from git_bill.problem import Severity, nearest
from git_bill.shape import Minutes, Percent, key


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """What is flagged and why it matters, how heavily, and the key that turns it on, where it is not on by itself."""

    flags: str
    why: str
    severity: Severity
    on_with: str = ""


GUARDRAILS: Mapping[str, Guardrail] = {
    "sign-off-above": Guardrail(
        flags="a gross above a limit",
        why="a big amount is seen by two",
        severity="warning",
        on_with="sign_off_above",
    ),
    "max-discount": Guardrail(
        flags="more off the agreed prices than a limit, by a person",
        why="a discount that nobody decided is money given away",
        severity="warning",
        on_with="max_discount",
    ),
    "rate-above-card": Guardrail(
        flags="an hour that costs more than the rate card says, and no reason in the line",
        why="the client agreed to another price",
        severity="error",
    ),
    "rate-below-card": Guardrail(
        flags="an hour that costs less than the rate card says",
        why="it may be a slip",
        severity="warning",
    ),
    "surcharge-not-agreed": Guardrail(
        flags="a surcharge that the contract does not give, and no reason beside it",
        why="the client agreed to another price",
        severity="error",
    ),
    "discount-left-out": Guardrail(
        flags="a discount of the contract that a person took out or lowered",
        why="the client counts on it",
        severity="warning",
    ),
    "cap-reached": Guardrail(
        flags="a cap with nothing left; what exceeds it is listed and not billed",
        why="further work is not paid for",
        severity="warning",
    ),
    "cap-near": Guardrail(
        flags="a cap of which more than 80 % is used",
        why="the client wants to know before it is used up",
        severity="info",
    ),
    "first-invoice": Guardrail(
        flags="the first invoice to a client",
        why="name, address and VAT id were never tried",
        severity="info",
    ),
    "long-day": Guardrail(
        flags="more time on one day for one person, over all clients, than a limit",
        why="clients doubt such days",
        severity="warning",
        on_with="max_hours_per_day",
    ),
    "weekend-work": Guardrail(
        flags="work on Saturdays and Sundays",
        why="some contracts exclude it",
        severity="info",
    ),
    "old-work": Guardrail(
        flags="work that was done more days before the draft's last day than a limit",
        why="what is billed late is questioned, and in the end lapses",
        severity="warning",
        on_with="max_age_days",
    ),
    "late-work": Guardrail(
        flags="work of a period that was billed before",
        why="the client thinks that it is paid",
        severity="info",
    ),
    "billed-ticket": Guardrail(
        flags="a ticket that earlier invoices billed, too",
        why="the client may take it for billed twice",
        severity="info",
    ),
    "period-overlap": Guardrail(
        flags="days that an invoice under the same contract has, too",
        why="the client may take them for billed twice",
        severity="info",
    ),
    "duplicate-line": Guardrail(
        flags="two lines with the same text and price",
        why="the client takes one of them for a mistake",
        severity="warning",
    ),
    "vague-description": Guardrail(
        flags="a line that does not tell what was done",
        why="nobody likes to pay for `wip`",
        severity="warning",
    ),
    "no-ticket": Guardrail(
        flags="lines without a ticket among lines with one",
        why="the client can't look the work up",
        severity="info",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrails:
    """Limits that `check` and `issue` hold drafts against, and how heavily guardrails weigh. See docs/guardrails.md."""

    max_hours_per_day: Minutes | None = key("more in one day for one person is flagged", example='"10h"', default=None)
    max_discount: Percent | None = key("a bigger discount needs a sign-off", example='"15%"', default=None)
    max_age_days: int | None = key("older work than so many days is flagged", example="90", default=None)
    sign_off_above: str | None = key(
        "a gross above needs the owner's sign-off",
        example='"5000.00 EUR"',
        pattern=r"\d+(\.\d+)? [A-Z]{3}",
        default=None,
    )
    sign_offs: int = key("how many people must sign off", default=1)
    severity: Mapping[str, Literal["off", "info", "warning", "error"]] = key(
        "guardrails by name that weigh more or less than they do by themselves", default_factory=dict
    )

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Names that there are, and a number of days."""
        for name in self.severity:
            if name not in GUARDRAILS:
                near = nearest(name, GUARDRAILS)
                hint = f'did you mean {near} = "{self.severity[name]}"?' if near else f"known: {', '.join(GUARDRAILS)}"
                yield "severity", f"there is no guardrail {name!r}", hint
        if self.max_age_days is not None and self.max_age_days < 1:
            yield "max_age_days", "is less than a day", "write it like max_age_days = 90"


def weighed(findings: Iterable[Finding], limits: Guardrails) -> Iterator[Finding]:
    """Findings as heavy as the settings say, without those that are off.

    What a person gave a reason for in the draft stays a note.
    """
    for at, problem in findings:
        wanted = limits.severity.get(problem.rule)
        usual = GUARDRAILS[problem.rule].severity if problem.rule in GUARDRAILS else problem.severity
        explained = problem.severity == "info" != usual
        if wanted is None or (explained and wanted != "off"):
            yield at, problem
        elif wanted != "off":
            yield at, replace(problem, severity=wanted)
