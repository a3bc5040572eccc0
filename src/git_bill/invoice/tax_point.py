"""Tax points: work of other days than the draft's last bears the rate of its own day.

1. A service bears the rate of the day it is done (Directive 2006/112/EC Art. 63, 93), one of a period that of its last
   day (Art. 64(1)): late work keeps the old rate, a milestone has that of its completion.
2. What is billed in advance is chargeable when it is paid (Art. 65); states may bring it to the rate of the day it is
   done (Art. 95). `tax_point` in the table says which; where it does not and the rates differ, a person decides.
Outside the EU the same is taken to hold.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from git_bill.contract.agreement import Contract
from git_bill.contract.tax.table import TaxPoint
from git_bill.contract.tax.treatment import Tax, decide
from git_bill.invoice.basis import Basis
from git_bill.invoice.deposit import is_deduction
from git_bill.invoice.draft import Line
from git_bill.invoice.finding import Finding
from git_bill.invoice.fixed import due_on, item
from git_bill.invoice.part import EXPENSE
from git_bill.period import Period
from git_bill.problem import Problem

_CHANGED = "tax-rate-changed"


def decided(basis: Basis, period: Period) -> Tax | Problem:
    """The treatment of a client's work in a period; a problem names the file and the keys where it is mended.

    Where the rate changes within the period it is the last day's: earlier lines have their own.
    """
    found = _decide(basis, period)
    if isinstance(found, Problem) and found.rule == _CHANGED:
        found = _decide(basis, Period(period.last, period.last))
    if isinstance(found, Problem) and found.file is None:
        return replace(found, file=basis.file, at=("client", "country"))
    return found


def at_tax_points(
    lines: Iterable[Line], basis: Basis, contract: Contract, period: Period, tax: Tax | None
) -> tuple[Line, ...]:
    """The lines, each with the treatment of its own day where that is not the draft's."""
    if tax is None:
        return tuple(lines)
    points = _Points(basis=basis, contract=contract, period=period, tax=tax)
    return tuple(replace(line, tax=points.own(line)) for line in lines)


def point_findings(
    lines: Iterable[Line], basis: Basis, contract: Contract, period: Period, tax: Tax
) -> Iterator[Finding]:
    """Lines whose rate is not that of their day, or that a person must decide; a line's `because` answers it."""
    points = _Points(basis=basis, contract=contract, period=period, tax=tax)
    for index, line in enumerate(lines):
        for found in points.open(line):
            said = replace(found, severity="info", hint=f"because: {line.because}") if line.because else found
            yield ("lines", index, "tax"), said


@dataclass(frozen=True, slots=True, kw_only=True)
class _Points:
    """A draft's days and tax, and what the rules say of other days. `known`: what was asked before."""

    basis: Basis
    contract: Contract
    period: Period
    tax: Tax
    known: dict[Period, Tax | Problem] = field(default_factory=dict)

    def own(self, line: Line) -> Tax | None:
        """A line's own treatment; None where it is the draft's."""
        if _is_apart(line):
            return self._of_deduction(line)
        day = self.day(line)
        found = None if day is None else self.treatment(Period(day, day))
        if found is None or isinstance(found, Problem) or self.is_as_now(found):
            return None
        return replace(found, surcharges=(), withholding=(), must_state=())

    def open(self, line: Line) -> Iterator[Problem]:
        """What is wrong with the rate of a line, or must be decided."""
        day = self.day(line)
        if day is None or _is_apart(line):
            return
        if line.entries and line.first is not None and not _is_supply(line):
            over = self.treatment(Period(min(line.first, day), day))
            if isinstance(over, Problem) and over.rule == _CHANGED:
                yield over
                return
        of_day = self.treatment(Period(day, day))
        if isinstance(of_day, Problem):
            yield of_day
        elif self.is_as_now(of_day):
            if line.tax is not None and line.tax.category == self.tax.category and not _bears_same(line.tax, of_day):
                yield _other_rate(line, line.tax, of_day, day)
        else:
            yield from self._of_other_day(line, of_day, day)

    def _of_other_day(self, line: Line, of_day: Tax, day: date) -> Iterator[Problem]:
        """Of a line whose day has another rate than the draft."""
        rule, has = self.rule, line.tax or self.tax
        if day > self.period.last and (rule is None or rule.advance == "payment"):
            yield _in_advance(line, of_day, self.tax, day, rule)
        elif not _bears_same(has, of_day):
            yield _other_rate(line, has, of_day, day)
        elif day <= self.period.last and rule is not None and rule.late:
            yield Problem(
                rule="tax-point-late",
                severity="warning",
                message=f"{line.description!r} was done by {day} and bears {_rate(of_day)} %: {rule.late} ({rule.law})",
                hint='if that is not so, set it in the line: tax = { category = "S", rate = "…" } and because = "…"',
            )

    def _of_deduction(self, line: Line) -> Tax | None:
        """A deposit is taken off under the rate it was billed at; where that is final, the rest alone has the new."""
        final = self.rule is not None and self.rule.advance == "payment" and is_deduction(line)
        return None if final and line.tax is not None and line.tax.category == self.tax.category else line.tax

    def day(self, line: Line) -> date | None:
        """The day on which what a line bills is done; None where that is the draft's last."""
        if line.last is not None:
            return line.last
        named = {item(each): each for each in self.contract.milestones if not each.deposit}
        days = [due_on(self.basis, named[each]) for each in line.bills if each in named]
        return next((day for day in days if day is not None and day <= self.period.last), None)

    def is_as_now(self, of_day: Tax) -> bool:
        """Whether the rules give the same on the draft's last day."""
        now = self.treatment(Period(self.period.last, self.period.last))
        return isinstance(now, Problem) or _bears_same(of_day, now)

    def treatment(self, period: Period) -> Tax | Problem:
        """What the rules say of a period."""
        if period not in self.known:
            self.known[period] = _decide(self.basis, period)
        return self.known[period]

    @property
    def rule(self) -> TaxPoint | None:
        """What the issuer's country says of a change."""
        country = self.basis.vat.countries.get(self.basis.vat.code(self.basis.issuer.country))
        return country.tax_point if country is not None else None


def _bears_same(one: Tax, other: Tax) -> bool:
    """Whether two treatments tax alike."""
    return (one.category, one.rate, one.components) == (other.category, other.rate, other.components)


def _is_apart(line: Line) -> bool:
    """Whether a line is under a treatment of another kind: what was paid in the client's name, a deposit taken off."""
    return is_deduction(line) or (line.tax is not None and any(each.startswith(EXPENSE) for each in line.bills))


def _is_supply(line: Line) -> bool:
    """Whether a line is one supply, which is done on its last day, whatever work it pins."""
    return any(each.startswith(("milestone:", "fee:", "retainer:", "usage:")) for each in line.bills)


def _decide(basis: Basis, period: Period) -> Tax | Problem:
    engagement = basis.engagement
    return decide(basis.issuer, engagement.client, period, basis.vat, engagement.tax, issued=basis.today)


def _in_advance(line: Line, of_day: Tax, now: Tax, day: date, rule: TaxPoint | None) -> Problem:
    """The rate of what is paid before it is done."""
    law = rule.law if rule is not None else "Directive 2006/112/EC Art. 65, 93 and 95 leave it to the state"
    what = "the day it is paid decides" if rule is not None else "which of them holds is not built in"
    return Problem(
        rule="tax-point-open",
        message=f"{line.description!r} is billed in advance, over a change of the rate: {_rate(now)} % now and "
        f"{_rate(of_day)} % when it is done ({day}); {what} ({law})",
        hint=f'bill it after the change, or decide in the line: tax = {{ category = "S", rate = "{_rate(now)}" }} and '
        'because = "paid before the change"',
    )


def _other_rate(line: Line, has: Tax, of_day: Tax, day: date) -> Problem:
    return Problem(
        rule="tax-point",
        message=f"{line.description!r} bears {_rate(has)} %, the rate of its day ({day}) is {_rate(of_day)} %: "
        f"{of_day.source}",
        hint=f'in the line: tax = {{ category = "{of_day.category}", rate = "{_rate(of_day)}" }}; or because = "…"',
    )


def _rate(tax: Tax) -> str:
    return f"{tax.rate.normalize():f}"
