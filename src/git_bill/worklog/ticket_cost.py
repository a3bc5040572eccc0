"""What a pattern of ticket ids can cost: Python's `re` tries every way to divide a text, and has no time limit.

So a pattern is judged by its form, before it meets a text. Its ways are counted as if every part without a clear end
could end anywhere: more than there may be, never fewer.
"""

import functools
import re

LONGEST = 200  # characters of a text that are looked at
_MOST_WAYS = 4 * LONGEST**2  # about a second for the worst text

_ESCAPED = r"\\(?:x..|u.{4}|U.{8}|N\{[^}]*\}|\d{1,3}|.)"
_ATOM = re.compile(rf"{_ESCAPED}|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\\[()|]", re.DOTALL)
_LITERAL = re.compile(r"\\[^\w\s]|[^\\\[().^$|]")
_TIMES = re.compile(r"(?:([+*?])|\{(\d+)\}|\{(\d*),(\d*)\})[+?]?")
_GROUP = re.compile(r"\((?:\?(?:[:=!>]|<[=!]|P<\w+>|i:)|(?!\?))")
_ENDED = r"end each part of any length with a character that it has not, like [A-Z]+-\d+"
_PLAIN = "write what is repeated as one set: [A-Z0-9]+ instead of ([A-Z]|[0-9])+ or ([A-Z]+[0-9]*)+"


@functools.lru_cache(maxsize=32)
def costly(pattern: str) -> tuple[str, str] | None:
    """Why to search for a pattern, one that compiles, could take for ever, and how to write it; None where it can't."""
    try:
        ways = _Reader(pattern).alternatives()
    except _Refused as refused:
        return str(refused), _PLAIN
    except RecursionError:
        return "has too many brackets in brackets", _PLAIN
    return ("has too many parts that could each end anywhere", _ENDED) if ways > _MOST_WAYS else None


class _Refused(Exception):  # noqa: N818  it is no error
    """The pattern has something that can't be counted."""


class _Reader:
    """Counts in how many ways a pattern may divide a text, from one place on."""

    def __init__(self, pattern: str) -> None:
        self._flags = re.IGNORECASE if "(?i" in pattern else re.NOFLAG
        self._pattern = pattern
        self._at = len("(?i)") if pattern.startswith("(?i)") else 0

    def alternatives(self) -> int:
        ways = self._sequence()
        while self._pattern.startswith("|", self._at):
            self._at += 1
            ways += self._sequence()
        return ways

    def _sequence(self) -> int:
        ways = 1
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            ways *= self._group() if self._pattern[self._at] == "(" else self._atom()
        return ways

    def _group(self) -> int:
        start = self._at
        opened = _GROUP.match(self._pattern, start)
        if opened is None:
            raise _Refused(f"has a form that is not followed here: {self._pattern[start : start + 4]}…")
        self._at = opened.end()
        inner = self.alternatives()
        self._at += 1  # its closing bracket
        group = self._pattern[start : self._at]
        least, most = self._times()
        if most > 1 and inner > 1:
            raise _Refused(f"repeats what can itself be read in several ways: {group}")
        return inner * (most - least + 1)

    def _atom(self) -> int:
        match = _ATOM.match(self._pattern, self._at)
        assert match is not None, "it compiles"
        self._at = match.end()
        least, most = self._times()
        return 1 if least == most or self._ends(match[0]) else most - least + 1

    def _ends(self, atom: str) -> bool:
        """Whether a repeated atom can end in one place alone: before a character that it is not, or at the end."""
        following = _LITERAL.match(self._pattern, self._at)
        if following is None:
            return self._at == len(self._pattern)
        times = _TIMES.match(self._pattern, following.end())
        if times is not None and times[0][0] in "*?{":
            return False
        try:
            return not re.fullmatch(atom, following[0][-1], self._flags)
        except re.error:  # it refers to a group
            return False

    def _times(self) -> tuple[int, int]:
        """How often what stands before may come at least and at most."""
        match = _TIMES.match(self._pattern, self._at)
        if match is None:
            return 1, 1
        self._at = match.end()
        if match[1]:
            return {"+": (1, LONGEST), "*": (0, LONGEST), "?": (0, 1)}[match[1]]
        least = int(match[2] or match[3] or 0)
        most = least if match[2] else int(match[4] or LONGEST)
        return min(least, LONGEST), min(most, LONGEST)
