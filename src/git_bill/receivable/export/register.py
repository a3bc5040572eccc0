"""The list of numbers: each that was given, and what became of it. A gap is explained, or said to be none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.numbering import Numbering, SeriesNumber, gaps, parse_number
from git_bill.money import Money
from git_bill.period import Period
from git_bill.receivable.export.plain_text import one_line
from git_bill.receivable.export.sheet import Sheet, sheet

State = Literal["issued", "void", "claimed", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One number. `why`: of a void one its reason, of a claimed one what is left to do. `day` None: nobody knows."""

    number: str
    state: State
    day: date | None
    kind: str = ""
    gross: Money | None = None
    why: str = ""


def register(
    claimed: Iterable[tuple[Claim, Invoice | None]], numbering: Numbering, period: Period
) -> tuple[Given, ...]:
    """Numbers of a period by series and date; missing ones of its years. `claimed`: every claim of the books."""
    every = tuple(claimed)
    found = [_given(claim, invoice) for claim, invoice in every if claim.issue_date in period]
    days = {claim.number: claim.issue_date for claim, _ in every}
    for form, last in numbering.series:
        for number in gaps(form, [*days, *([last] if last else [])]):
            if any(day in period for day in _around(form, number, days)):
                why = "no claim of it is in the books: see git bill ledger verify"
                found.append(Given(number=number, state="missing", day=None, why=why))
    return tuple(sorted(found, key=lambda each: (each.number, each.state)))


def register_sheet(given: Iterable[Given]) -> Sheet:
    """One row for each number."""
    rows = (
        (each.number, each.state, each.day, each.kind, each.gross, each.gross.currency if each.gross else "", each.why)
        for each in given
    )
    return sheet("numbers", "number state date kind gross currency explanation", rows)


def _given(claim: Claim, invoice: Invoice | None) -> Given:
    if invoice is not None:
        sign = 1 if invoice.reverses is None else -1
        return Given(
            number=claim.number,
            state="issued",
            day=claim.issue_date,
            kind=invoice.kind,
            gross=invoice.totals.gross * sign,
            why=f"takes back {invoice.reverses.number}" if invoice.reverses is not None else "",
        )
    if claim.void is not None:
        return Given(number=claim.number, state="void", day=claim.issue_date, why=one_line(claim.void))
    why = "claimed, and not issued yet: git bill issue goes on with it"
    return Given(number=claim.number, state="claimed", day=claim.issue_date, why=why)


def _around(form: str, number: str, days: Mapping[str, date]) -> tuple[date, ...]:
    """The days of the numbers before and after a missing one: between them it would have been given."""
    missing = parse_number(form, number)
    if missing is None:
        return ()
    ranks = {parsed.seq: day for each, day in days.items() if (parsed := _of(form, each, missing.year)) is not None}
    before = [seq for seq in ranks if seq < missing.seq]
    after = [seq for seq in ranks if seq > missing.seq]
    return tuple(ranks[seq] for seq in (*([max(before)] if before else []), *([min(after)] if after else [])))


def _of(form: str, number: str, year: int | None) -> SeriesNumber | None:
    parsed = parse_number(form, number)
    return parsed if parsed is not None and parsed.year == year else None
