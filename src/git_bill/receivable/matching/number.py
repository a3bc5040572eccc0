"""Numbers of open invoices, taken apart and indexed once: by the whole, by year and running number, by reference.

A number is read as series, year and running number, as nearly every series is formed (see `invoice/numbering.py`);
one that is formed otherwise is found as a whole.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.spelling import looks, plain

_TOKEN = re.compile(r"[A-Z]+|[0-9]+")
_MOST_DIGITS = 15
_QR_DIGITS = 27


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A number taken apart. `year` 0 where it has none. `width`: digits of the running number as written.

    `reversed`: the year comes after it.
    """

    compact: str
    digits: str
    series: str
    year: int
    running: int
    width: int
    reversed: bool


def form(number: str, year: int) -> Form:
    """`("INV-2026-0007", 2026)` → series INV, year 2026, running 7, width 4. `year`: of the issue date."""
    tokens = _TOKEN.findall(plain(number))
    digits = [token for token in tokens if token.isdigit()]
    written = {str(near): near for near in (year, year - 1, year + 1)}
    years = {f"{year % 100:02}": year, **written} if len(digits) > 1 else {}
    at = next((i for known in (written, years) for i, d in enumerate(digits) if d in known and years), None)
    given, rest = 0, "".join(digits)
    if at is not None:
        given, rest = years[digits[at]], "".join(digits[:at] + digits[at + 1 :])
    elif len(rest) >= 6 and rest[:4] in written:
        given, rest = written[rest[:4]], rest[4:]
    return Form(
        compact="".join(tokens),
        digits="".join(digits),
        series="".join(token for token in tokens if not token.isdigit()),
        year=given,
        running=int(rest) if 0 < len(rest) <= _MOST_DIGITS else -1,
        width=len(rest),
        reversed=at == len(digits) - 1 and at != 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The index; invoices are places in the list it was made of. `whole`, `orders`: as a scanner sees them.

    `lengths`: of the keys of `whole` and `orders`; `years`: as written, in four digits or two; `latest`: year and
    running number of each series; `bare`: digits of running numbers that follow a year, without letters.
    """

    forms: Sequence[Form]
    whole: Mapping[str, Sequence[int]]
    dated: Mapping[tuple[int, int], Sequence[int]]
    running: Mapping[int, Sequence[int]]
    structured: Mapping[str, Sequence[int]]
    orders: Mapping[str, Sequence[int]]
    years: Mapping[str, int]
    series: frozenset[str]
    lengths: frozenset[int]
    latest: Mapping[str, tuple[int, int]]
    bare: frozenset[int]

    def is_past(self, number: str, year: int) -> bool:
        """Whether a number of one of our series lies before its latest one: it was an invoice's, or is one's."""
        known = form(number, year)
        return known.series in self.latest and (known.year, known.running) <= self.latest[known.series]

    def by_reference(self, reference: str) -> Sequence[int]:
        """Invoices on which a structured reference is printed, or with such a payment link."""
        return self.structured.get(structured(reference), ())

    def by_qr(self, digits: str) -> Sequence[int]:
        """Invoices with a QR reference, whose zeros in front may be missing."""
        return self.structured.get(digits.lstrip("0"), ()) if 10 <= len(digits) <= _QR_DIGITS else ()

    def by_digits(self, year: int, digits: str) -> Sequence[int]:
        """Invoices with a running number, of a year or (0) of any."""
        if not 0 < len(digits) <= _MOST_DIGITS:
            return ()
        return self.dated.get((year, int(digits)), ()) if year else self.running.get(int(digits), ())

    def of_series(self, known: Form, running: int) -> list[int]:
        """Another number of the same series and year."""
        found = self.dated.get((known.year, running), ()) if known.year else self.running.get(running, ())
        return [at for at in found if self.forms[at].series == known.series and self.forms[at].year == known.year]


def structured(reference: str) -> str:
    """Without spaces, and without the zeros in front that some banks drop."""
    upper = reference.upper()
    compact = upper if upper.isascii() and upper.isalnum() else re.sub(r"[^A-Z0-9]", "", upper)
    return compact.lstrip("0") if compact.isdigit() else compact


def numbers(opens: Sequence[Open]) -> Numbers:
    """The index over a list of invoices."""
    forms = [form(each.number, each.issued.year) for each in opens]
    whole: dict[str, list[int]] = {}
    dated: dict[tuple[int, int], list[int]] = {}
    running: dict[int, list[int]] = {}
    references: dict[str, list[int]] = {}
    orders: dict[str, list[int]] = {}
    for at, (each, known) in enumerate(zip(opens, forms, strict=True)):
        whole.setdefault(looks(known.compact), []).append(at)
        if known.running >= 0:
            running.setdefault(known.running, []).append(at)
            if known.year:
                dated.setdefault((known.year, known.running), []).append(at)
        for reference in {structured(text) for text in (*each.references, *each.links)}:
            references.setdefault(reference, []).append(at)
        if sum(character.isdigit() for character in each.order) >= 3:
            orders.setdefault(looks("".join(_TOKEN.findall(plain(each.order)))), []).append(at)
    years = {known.year for known in forms if known.year}
    return Numbers(
        forms=forms,
        whole=whole,
        dated=dated,
        running=running,
        structured=references,
        orders=orders,
        years={text: year for year in sorted(years) for text in (str(year), f"{year % 100:02}")},
        series=frozenset(known.series for known in forms if known.series),
        lengths=frozenset(len(key) for key in (*whole, *orders)),
        bare=frozenset(known.width for known in forms if known.year and not known.series and not known.reversed),
        latest={known.series: (known.year, known.running) for known in sorted(forms, key=_order)},
    )


def _order(known: Form) -> tuple[int, int]:
    return known.year, known.running
