"""Numbers of invoices in what payers write, in all disguises. Everything is looked up, nothing is compared pairwise."""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from git_bill.receivable.matching.listing import siblings
from git_bill.receivable.matching.number import Form, Numbers
from git_bill.receivable.matching.remark import CUES, FILLERS, STRANGERS, Remark, creditor_references, dates, remark
from git_bill.receivable.matching.spelling import looks
from git_bill.receivable.remittance import Remittance

_LONGEST = 30  # characters of a number
_APART = frozenset(",;+&|")  # marks between two numbers, never within one
_WITHIN = frozenset({"/", "-", "."})  # marks within a number, also one that is no invoice's: tax number 13/0009/2026
_YEARS_BACK = 10  # that a year in two digits may lie before the invoice's


class Named(enum.IntEnum):
    """How clearly a text names an invoice."""

    NOT = 0
    TYPO = 1  # one character from it
    ORDER = 2  # the client's order number
    DATE = 3  # its issue date
    BARE = 4  # its running number, and nothing that says what the number is
    RUNNING = 5  # its running number after "invoice"
    SHORT = 6  # without series, year or zeros, or one of several
    DIGITS = 7  # all its digits
    EXACT = 8  # the number, or a structured reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a text names: invoices, by their place in the list, and numbers of our series that nobody knows.

    `past`: those of them that lie before the latest one, so that they are no slips.
    """

    named: Mapping[int, Named]
    remark: Remark
    unknown: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    days: tuple[date, ...] = ()

    def words(self) -> tuple[tuple[str, str], ...]:
        """What looks like a reference, as a scanner sees it, and its digits alone."""
        return tuple((looks(word), "".join(filter(str.isdigit, word))) for word in self.remark.words())


@dataclass(frozen=True, slots=True)
class _Hit:
    """An invoice that tokens `start` to `end` name."""

    at: int
    how: Named
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What stands around digits. `letters`: before them, as a scanner sees them; `within`: other digits go before.

    `beside`: what a slash, dash or point joins them with, before and after.
    """

    size: int
    letters: str
    word: str
    cued: bool
    stranger: bool
    within: bool
    beside: tuple[str, str]


def read(known: Numbers, remittance: Remittance) -> Naming:
    """Every invoice that a remittance names, each as clearly as it is named anywhere in it."""
    said = remark(remittance.text, remittance.reference, remittance.end_to_end)
    found: dict[int, Named] = {}
    for text in (remittance.reference, remittance.end_to_end, remittance.bank_reference):
        if text:
            found.update(dict.fromkeys(known.by_reference(text), Named.EXACT))
    for compact in creditor_references(said.text):
        lengths = range(len(compact), 4, -1)
        longest = next((them for n in lengths if (them := known.by_reference(compact[:n]))), ())
        found.update(dict.fromkeys(longest, Named.EXACT))
    hits = [*_whole(known, said), *_parts(known, said)]
    for hit in hits:
        within = any(each.start <= hit.start and hit.end <= each.end and each.how > hit.how for each in hits)
        if (hit.how >= Named.DIGITS and not _is_start(hit, hits, said)) or (hit.how and not within):
            found[hit.at] = max(hit.how, found.get(hit.at, Named.NOT))
    for hit in hits:
        if hit.how >= Named.RUNNING and hit.at in found:
            for at in siblings(known, said, hit.end, known.forms[hit.at]):
                found[at] = max(min(hit.how, Named.SHORT), found.get(at, Named.NOT))
    taken = {at for hit in hits if hit.how for at in range(hit.start, hit.end + 1)}
    unknown = tuple(_unknown(known, said, taken))
    past = tuple(number for number in unknown if known.is_past(number, remittance.booked.year))
    return Naming(named=found, remark=said, unknown=unknown, past=past, days=tuple(dates(said.text)))


def _is_start(hit: _Hit, hits: Sequence[_Hit], said: Remark) -> bool:
    """Whether it is a part of a longer number, written without a space: `2026/001` of `2026/001/A`."""
    return len(hits) > 1 and any(
        each.how is Named.EXACT
        and each.at != hit.at
        and each.start <= hit.start
        and hit.end <= each.end
        and each.end - each.start > hit.end - hit.start
        and not any(gap.isspace() for gap in said.gaps[each.start + 1 : each.end + 1])
        for each in hits
    )


def _whole(known: Numbers, said: Remark) -> Iterator[_Hit]:
    """Numbers written in one, with any separators and look-alike characters: `lNV-2O26 / OOO7`."""
    folded = [looks(token) for token in said.tokens]
    for start in range(len(folded)):
        joined = ""
        for end in range(start, len(folded)):
            joined += folded[end]
            if len(joined) > _LONGEST or (end > start and not _APART.isdisjoint(said.gaps[end])):
                break
            if len(joined) in known.lengths:
                for at in known.whole.get(joined, ()):
                    yield _Hit(at, _how_whole(known.forms[at], said, start), start, end)
                for at in known.orders.get(joined, ()):
                    yield _Hit(at, Named.ORDER, start, end)
            if joined.isdigit():
                for at in known.by_qr(joined):
                    yield _Hit(at, Named.EXACT, start, end)


def _how_whole(form: Form, said: Remark, start: int) -> Named:
    if form.series:
        return Named.EXACT
    cued, stranger = _before(said, start)
    size = len(form.compact)
    if stranger:
        return Named.BARE
    if cued:
        return Named.EXACT if size >= 5 else Named.RUNNING
    return Named.DIGITS if size >= 6 else Named.BARE if size >= 4 else Named.NOT


def _parts(known: Numbers, said: Remark) -> Iterator[_Hit]:
    """Numbers by year and running number: without series or zeros, the year shortened, taken apart by a line break."""
    tokens = said.tokens
    for start, token in enumerate(tokens):
        if not token.isdigit():
            continue
        end, joined, place = start, token, _place(said, start)
        while True:
            for year, rest, full, last in _readings(known, tokens, start, end, joined):
                if not year and end == start and token in known.years and any(map(str.isdigit, place.beside)):
                    continue  # it is the year of a number
                broken = end - start > (1 if year else 0)
                for at in known.by_digits(year, rest):
                    form = known.forms[at]
                    if last and not form.reversed:
                        continue
                    if broken and (
                        len(rest) != form.width
                        or any(said.gaps[i].strip() for i in range(start + (2 if year else 1), end + 1))
                    ):
                        continue
                    yield _Hit(at, _how(known, form, place, year, rest, full), start, end)
            end += 1
            if end >= len(tokens) or not tokens[end].isdigit() or len(joined) > 15:
                break
            joined += tokens[end]


def _readings(
    known: Numbers, tokens: tuple[str, ...], start: int, end: int, joined: str
) -> Iterator[tuple[int, str, bool, bool]]:
    """Year, digits of the running number, and whether the year is written in full, and last."""
    if year := known.years.get(joined[:4]):
        yield year, joined[4:], True, False
    if start == end:
        if len(joined) > 3 and (year := known.years.get(joined[:2])):
            yield year, joined[2:], False, False
        if len(joined) > 5 and (year := known.years.get(joined[-4:])):
            yield year, joined[:-4], True, True
    else:
        first, last = tokens[start], tokens[end]
        if len(first) == 2 and (year := known.years.get(first)):
            yield year, joined[2:], False, False
        if year := known.years.get(last):
            yield year, joined[: -len(last)], len(last) == 4, True
    yield 0, joined, False, False


def _how(  # noqa: PLR0911, PLR0917  one line a rule
    known: Numbers, form: Form, place: _Place, year: int, rest: str, full: bool
) -> Named:
    """How clearly digits name an invoice, by what they leave out and what stands before them."""
    padded = len(rest) >= form.width
    series = bool(form.series) and place.letters.endswith(looks(form.series))
    if not year and form.year and _other_year(form, place):
        return Named.NOT
    if place.stranger or (place.within and not (series or place.cued)):
        return Named.BARE if len(rest) >= 4 else Named.NOT
    if not series and form.series and place.word in known.series and place.word not in CUES:
        return Named.NOT
    if year and full:
        if series or place.cued:
            return Named.EXACT
        return Named.DIGITS if padded else Named.SHORT if place.size == 4 else Named.NOT
    if year:
        all_digits = len(form.digits) >= 6 and form.digits == f"{year % 100:02}{rest}"
        clear = series or (place.cued and padded) or all_digits
        return Named.SHORT if clear else Named.BARE if padded and len(rest) >= 3 else Named.NOT
    if form.year == 0 and padded and form.width >= 3:
        return Named.EXACT if series else Named.DIGITS if place.cued or form.width >= 6 else Named.BARE
    if series:
        return Named.SHORT if padded else Named.RUNNING
    if place.cued:
        return Named.RUNNING
    return Named.BARE if padded and len(rest) >= 4 else Named.NOT


def _place(said: Remark, start: int) -> _Place:
    """What stands around a token of digits."""
    letters = ""
    for token in reversed(said.tokens[max(0, start - 3) : start]):
        if token.isdigit():
            break
        letters = token + letters
    cued, stranger = _before(said, start)
    before = said.tokens[start - 1] if start and said.gaps[start] in _WITHIN else ""
    after = said.tokens[start + 1] if start + 1 < len(said.tokens) and said.gaps[start + 1] in _WITHIN else ""
    return _Place(
        size=len(said.tokens[start]),
        letters=looks(letters),
        word=said.tokens[start - 1] if start else "",
        cued=cued,
        stranger=stranger,
        within=before.isdigit(),
        beside=(before, after),
    )


def _other_year(form: Form, place: _Place) -> bool:
    """Whether the digits beside a running number are a year that is not the invoice's: `AC-0007/2024`."""
    _, after = place.beside
    years = [text for text in place.beside if len(text) == 4 and text[:2] in {"19", "20"} and text.isdigit()]
    if form.reversed and len(after) == 2 and after.isdigit():
        years += [f"20{after}"] if 0 < form.year % 100 - int(after) <= _YEARS_BACK else []
    return any(int(text) != form.year for text in years)


def _before(said: Remark, start: int) -> tuple[bool, bool]:
    """Whether a word for invoice, or for something else, stands before a token, with at most two fillers between."""
    at = start - 1
    while at >= 0 and at >= start - 2 and said.tokens[at] in FILLERS:
        at -= 1
    if at < 0:
        return False, False
    return said.tokens[at] in CUES, said.tokens[at] in STRANGERS


def _unknown(known: Numbers, said: Remark, taken: set[int]) -> Iterator[str]:
    """Numbers of our series, with letters and three digits or more, that are not listed: paid long ago, or wrong."""
    for at in range(1, len(said.tokens)):
        before, token = said.tokens[at - 1], said.tokens[at]
        if len(token) in known.bare and said.gaps[at] in _WITHIN and at not in taken and _is_year(before):
            yield before + said.gaps[at] + token
        elif at not in taken and token.isdigit() and len(before) > 1 and before in known.series:
            rest = said.tokens[at + 1] if token in known.years and at + 1 < len(said.tokens) else ""
            if len(token + rest) >= 3:
                yield before + token + rest


def _is_year(token: str) -> bool:
    return len(token) == 4 and token.isdigit() and token.startswith("20")
