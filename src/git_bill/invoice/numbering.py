"""Numbers of documents: forms such as `INV-{year}-{seq:04}`, and the next one of a series, without a gap.

Rule: Directive 2006/112/EC Art. 226(2), a sequential number from one or more series that identifies the invoice. Some
states want it without a break (FR: CGI ann. II art. 242 nonies A), so that is what every series gets.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from git_bill.problem import Problem
from git_bill.shape import key

_FORM = re.compile(r"(?P<before>[A-Za-z0-9/_.-]*(?:\{year\}[A-Za-z0-9/_.-]*)?)\{seq(?::0(?P<width>[1-9]))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """The forms of numbers, and the last one given before git-bill. `{year}` is the issue date's."""

    invoice: str = key("form of invoice numbers", example='"INV-{year}-{seq:04}"', default="INV-{year}-{seq:04}")
    credit_note: str = key("form of credit note numbers", example='"CN-{year}-{seq:04}"', default="CN-{year}-{seq:04}")
    last: str | None = key("last invoice number given before git-bill", example='"INV-2026-0031"', default=None)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A form needs one `{seq}` at its end, two series don't share one, and `last` is a number of its series."""
        for name in ("invoice", "credit_note"):
            if _FORM.fullmatch(getattr(self, name)) is None:
                yield (
                    name,
                    f"{getattr(self, name)!r} is not a form of numbers",
                    f'it ends with a running number: {name} = "INV-{{year}}-{{seq:04}}"',
                )
                return
        if _shape(self.invoice) == _shape(self.credit_note):
            yield "credit_note", "both series have the same form", 'give it its own: credit_note = "CN-{year}-{seq:04}"'
        if self.last is not None and parse_number(self.invoice, self.last) is None:
            wrong = _wrong_last(self.invoice, self.last)
            yield "last", wrong.message, wrong.hint


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesNumber:
    """A number of a series taken apart; `year` None where the form has none."""

    year: int | None
    seq: int


def parse_number(form: str, number: str) -> SeriesNumber | None:
    """The year and running number that a form reads in a number, None where it does not fit. Longer ones fit too."""
    start = re.escape(_parts(form)[0]).replace(r"\{year\}", r"(?P<year>\d{4})")
    match = re.fullmatch(rf"{start}(?P<seq>\d{{1,18}})", number, re.ASCII)
    if match is None:
        return None
    year, seq = match.groupdict().get("year"), int(match["seq"])
    if format_number(form, int(year or 0), seq) != number:
        return None
    return SeriesNumber(year=int(year) if year else None, seq=seq)


def format_number(form: str, year: int, seq: int) -> str:
    """`("INV-{year}-{seq:04}", 2026, 32)` → `INV-2026-0032`. A number above the width keeps all its digits."""
    before, width = _parts(form)
    return f"{before.replace('{year}', f'{year:04}')}{seq:0{width}}"


def next_number(form: str, year: int, existing: Iterable[str], last: str | None = None) -> str | Problem:
    """1 + the highest of the series; a form with `{year}` counts each year by itself.

    `existing`: all numbers claimed or issued, of any series. `last`: the one given before git-bill; it counts as
    existing, and one that does not fit the form is a Problem.
    """
    if last is not None and parse_number(form, last) is None:
        return _wrong_last(form, last)
    taken = [parse_number(form, number) for number in (*existing, *([last] if last else []))]
    highest = max((n.seq for n in taken if n is not None and n.year in {None, year}), default=0)
    return format_number(form, year, highest + 1)


def gaps(form: str, numbers: Iterable[str]) -> tuple[str, ...]:
    """Numbers that are missing between the lowest and the highest of each year of a series."""
    years: dict[int | None, set[int]] = {}
    for number in numbers:
        parsed = parse_number(form, number)
        if parsed is not None:
            years.setdefault(parsed.year, set()).add(parsed.seq)
    return tuple(
        format_number(form, year or 0, seq)
        for year, known in sorted(years.items(), key=lambda item: item[0] or 0)
        for seq in range(min(known), max(known))
        if seq not in known
    )


def _parts(form: str) -> tuple[str, int]:
    match = _FORM.fullmatch(form)
    if match is None:
        raise ValueError(f"{form!r} is not a form of numbers")
    return match["before"], int(match["width"] or 1)


def _shape(form: str) -> str:
    return _parts(form)[0]


def _wrong_last(form: str, last: str) -> Problem:
    return Problem(
        rule="wrong-last-number",
        message=f"the last number {last!r} does not fit the form {form!r}",
        hint=f'write both alike: last = "{format_number(form, 2026, 31)}", or change the form',
    )
