"""Ticket ids in subjects and branch names; and patterns of them in steps that a shell can follow, for the hook.

A shell has globs and no way back, so a pattern has steps only if what comes next always tells where one ends.
"""

import functools
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from git_bill.worklog.ticket_cost import LONGEST

# What a pattern of ticket ids finds but never is one.
STANDARDS = (
    *("UTF", "SHA", "ISO", "RFC", "CVE", "PEP", "MD", "AES", "RSA", "HTTP", "TLS", "IPV", "BASE"),
    *("CWE", "SSL", "IEEE", "ECMA", "GPT", "ISO639", "ISO3166", "ISO4217", "ISO8601", "ISO8859", "ISO20022"),
)
_STANDARD = re.compile(rf"({'|'.join(STANDARDS)})-?\d+", re.IGNORECASE)
_MOST_WAYS = 16
_MOST_TIMES = 32
_SPECIAL = r".^$*+?{}[]\|()"
_TIMES = re.compile(r"([+*?])|\{(\d{1,3})\}|\{(\d{0,3}),(\d{0,3})\}")
_PLAIN = frozenset(string.ascii_letters + string.digits + "_#./@+=:,-")  # to a shell too, in quotes and brackets


def ticket_in(text: str, pattern: str) -> str | None:
    """The first ticket id in a subject or a branch name. `pattern`: one that costs little.

    An id that begins with a letter or digit has neither before it: `200MB-1` names no ticket.
    """
    return next(_ids(text[:LONGEST], _compiled(pattern)), None)


def _ids(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    at = 0
    while at < len(text) and (match := pattern.search(text, at)) is not None:
        start, end = match.span()
        inside = text[start : start + 1].isalnum() and text[:start][-1:].isalnum()
        at = start + 1 if inside or start == end else end
        if start < end and not inside and not _STANDARD.fullmatch(match[0]):
            yield match[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of these ASCII characters, `least` to `most` times (None: any number of times).

    `digit`: it was `\\d`, which digits of other scripts fit too.
    """

    chars: frozenset[str]
    least: int = 1
    most: int | None = 1
    digit: bool = False


Way = tuple[Step, ...]


def ways(pattern: str) -> tuple[Way, ...] | None:
    """The pattern's alternatives, the first that fits counts; None for a pattern that needs more than a shell has."""
    try:
        re.compile(pattern)
        reader = _Reader(pattern)
        found = tuple(reader.alternatives())
        if reader.at != len(pattern) or any(not _is_plain(way) for way in found):
            return None
    except (_Beyond, re.error):
        return None
    return found


def first_of(way: Way) -> tuple[Step, ...]:
    """The steps that may take the first character."""
    end = next((at for at, step in enumerate(way) if step.least), len(way) - 1)
    return way[: end + 1]


def _is_plain(way: Way) -> bool:
    """Something always stands there, and each step ends where the next character is not its own."""
    if not any(step.least for step in way):
        return False
    ends = ((step, first_of(way[at + 1 :])) for at, step in enumerate(way) if step.least != step.most)
    return all(step.chars.isdisjoint(later.chars) for step, following in ends for later in following)


class _Beyond(Exception):  # noqa: N818  it is no error
    """The pattern has something that is no step."""


class _Reader:
    """Reads the part of regular expressions that steps are made of."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self.at = 0

    def alternatives(self) -> list[Way]:
        found = [*islice(self._sequence(), _MOST_WAYS + 1)]
        while self._took("|"):
            found += islice(self._sequence(), _MOST_WAYS + 1)
        if len(found) > _MOST_WAYS:
            raise _Beyond
        return found

    def _sequence(self) -> Iterator[Way]:
        parts: list[list[Way]] = []
        while self._next() not in {"", "|", ")"}:
            parts.append(self._part())
            if len(parts) > _MOST_TIMES:
                raise _Beyond
        return (tuple(step for part in way for step in part) for way in product(*parts))

    def _part(self) -> list[Way]:
        if self._took("("):
            if self._took("?") and not self._took(":"):
                raise _Beyond
            inner = self.alternatives()
            if not self._took(")") or _TIMES.match(self._pattern, self.at):
                raise _Beyond
            return inner
        chars, digit = self._bracket() if self._took("[") else self._character(_SPECIAL)
        least, most = self._times()
        return [(Step(chars=chars, least=least, most=most, digit=digit),)]

    def _character(self, special: str) -> tuple[frozenset[str], bool]:
        """One character, or an escape that stands for itself or for digits."""
        character = self._take()
        if character == "\\":
            character = self._take()
            if character == "d":
                return frozenset(string.digits), True
            _must(not character.isalnum())
        else:
            _must(character not in special)
        _must(character in _PLAIN)
        return frozenset(character), False

    def _bracket(self) -> tuple[frozenset[str], bool]:
        chars: frozenset[str] = frozenset()
        digit = False
        while not self._took("]"):
            some, is_digit = self._character("^[]&~|")
            if self._next() == "-" and self._pattern[self.at + 1 : self.at + 2] != "]":
                self._take()
                last, also = self._character("^[]&~|")
                _must(not (is_digit or also))
                some = frozenset(map(chr, range(ord(min(some)), ord(min(last)) + 1)))
            chars, digit = chars | some, digit or is_digit
        _must(bool(chars) and chars <= _PLAIN)
        return chars, digit

    def _times(self) -> tuple[int, int | None]:
        match = _TIMES.match(self._pattern, self.at)
        if match is None:
            return 1, 1
        self.at = match.end()
        _must(self._next() not in {"?", "+"})  # as few as may be, or without a way back
        if match[1]:
            return {"+": (1, None), "*": (0, None), "?": (0, 1)}[match[1]]
        least = int(match[2] or match[3] or 0)
        most = int(match[2]) if match[2] else int(match[4]) if match[4] else None
        _must(max(least, most or 0) <= _MOST_TIMES and most != 0)
        return least, most

    def _next(self) -> str:
        return self._pattern[self.at : self.at + 1]

    def _take(self) -> str:
        character = self._next()
        _must(bool(character))
        self.at += 1
        return character

    def _took(self, character: str) -> bool:
        taken = self._next() == character
        self.at += taken
        return taken


def _must(plain: bool) -> None:
    if not plain:
        raise _Beyond


@functools.lru_cache(maxsize=32)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
