"""Numbers of documents: forms such as `INV-{year}-{seq:04}`, and the next one of a series, without a gap.

Rule: Directive 2006/112/EC Art. 226(2), a sequential number from one or more series that identifies the invoice. Some
states want it without a break (FR: CGI ann. II art. 242 nonies A), so that is what every series gets.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from git_bill.problem import Problem
from git_bill.shape import key

_PART = r"[A-Za-z0-9/_.-]*(?:\{year\}[A-Za-z0-9/_.-]*)?"
_FORM = re.compile(rf"(?P<before>{_PART})\{{seq(?::0(?P<width>[1-9]))?\}}(?P<after>{_PART})")
# Each issued document has the tag `invoice/<number>`; see git-check-ref-format(1).
_NO_TAG = re.compile(r"\.\.|//|/\.|\./|\.lock(/|$)|^[./-]|[./]$")
_INDIAN = re.compile(r"[A-Za-z0-9/-]{1,16}")  # CGST Rules 2017 rule 46(b), 53(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """The forms of numbers, and the last one given before git-bill. `{year}` is the issue date's."""

    invoice: str = key("form of invoice numbers", example='"INV-{year}-{seq:04}"', default="INV-{year}-{seq:04}")
    credit_note: str = key("form of credit note numbers", example='"CN-{year}-{seq:04}"', default="CN-{year}-{seq:04}")
    last: str | None = key("last invoice number given before git-bill", example='"INV-2026-0031"', default=None)
    last_credit_note: str | None = key(
        "last credit note number given before git-bill", example='"CN-2026-0003"', default=None
    )

    @property
    def series(self) -> tuple[tuple[str, str | None], ...]:
        """The form of each series, invoices first, with the last number given before git-bill."""
        return (self.invoice, self.last), (self.credit_note, self.last_credit_note)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A form needs one `{seq}`, two series don't share one, and `last` is a number of its series."""
        for name in ("invoice", "credit_note"):
            form = getattr(self, name)
            if _FORM.fullmatch(form) is None or form.count("{year}") > 1:
                yield (
                    name,
                    f"{form!r} is not a form of numbers",
                    f'it has one running number, and no more than one year: {name} = "INV-{{year}}-{{seq:04}}"',
                )
                return
            if _NO_TAG.search(form):
                yield (
                    name,
                    f"{form!r} gives numbers that git can't name a tag after",
                    f'without "..", "//", ".lock", or a dot or slash at an edge: {name} = "INV-{{year}}-{{seq:04}}"',
                )
                return
        if _shape(self.invoice) == _shape(self.credit_note):
            message = "both series have the same form, or differ in slashes and capitals alone"
            yield "credit_note", message, 'give it its own: credit_note = "CN-{year}-{seq:04}"'
        for name, (form, last) in zip(("last", "last_credit_note"), self.series, strict=True):
            if last is not None and parse_number(form, last) is None:
                wrong = _wrong_last(form, last, name)
                yield name, wrong.message, wrong.hint

    def problems_in(self, country: str) -> Iterable[tuple[str, str, str]]:
        """What the law of the issuer's country has against a form. India: at most 16 letters, digits, "-" and "/"."""
        for name in ("invoice", "credit_note") if country == "IN" else ():
            number = format_number(getattr(self, name), 2026, 9999)
            if not _INDIAN.fullmatch(number):
                yield (
                    name,
                    f'numbers like {number!r} are not allowed in India: at most 16 letters, digits, "-" and "/" '
                    "(CGST Rules 2017 rule 46(b))",
                    f'shorter: {name} = "{"INV" if name == "invoice" else "CN"}-{{year}}-{{seq:04}}"',
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesNumber:
    """A number of a series taken apart; `year` None where the form has none."""

    year: int | None
    seq: int


def parse_number(form: str, number: str) -> SeriesNumber | None:
    """The year and running number that a form reads in a number, None where it does not fit. Longer ones fit too."""
    before, _, after = _parts(form)
    start, end = (re.escape(text).replace(r"\{year\}", r"(?P<year>\d{4})") for text in (before, after))
    match = re.fullmatch(rf"{start}(?P<seq>\d{{1,18}}){end}", number, re.ASCII)
    if match is None:
        return None
    year, seq = match.groupdict().get("year"), int(match["seq"])
    if format_number(form, int(year or 0), seq) != number:
        return None
    return SeriesNumber(year=int(year) if year else None, seq=seq)


def format_number(form: str, year: int, seq: int) -> str:
    """`("INV-{year}-{seq:04}", 2026, 32)` → `INV-2026-0032`. A number above the width keeps all its digits."""
    before, width, after = _parts(form)
    return f"{before}{seq:0{width}}{after}".replace("{year}", f"{year:04}")


def next_number(form: str, year: int, existing: Iterable[str], last: str | None = None) -> str | Problem:
    """1 + the highest of the series; a form with `{year}` counts each year by itself.

    A series goes on after one that differs in slashes and capitals alone: their folders are the same.
    `existing`: all numbers claimed or issued, of any series. `last`: the one given before git-bill; it counts as
    existing, and one that does not fit the form is a Problem.
    """
    if last is not None and parse_number(form, last) is None:
        return _wrong_last(form, last)
    taken = [parse_number(_placed(form), _placed(number)) for number in (*existing, *([last] if last else []))]
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


def _parts(form: str) -> tuple[str, int, str]:
    match = _FORM.fullmatch(form)
    if match is None:
        raise ValueError(f"{form!r} is not a form of numbers")
    return match["before"], int(match["width"] or 1), match["after"]


def _shape(form: str) -> tuple[str, str]:
    before, _, after = _parts(form)
    return _placed(before), _placed(after)


def _placed(text: str) -> str:
    """A form or number as its folder's name tells it from others: slashes become dashes, capitals may not count."""
    return text.replace("/", "-").casefold()


def _wrong_last(form: str, last: str, name: str = "last") -> Problem:
    return Problem(
        rule="wrong-last-number",
        message=f"the last number {last!r} does not fit the form {form!r}",
        hint=f'write both alike: {name} = "{format_number(form, 2026, 31)}", or change the form',
    )
