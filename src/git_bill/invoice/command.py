"""Commands in the comments of a review: `/bill drop 3 because …`. Everything else in a comment is talk.

A command is a line that a reader sees as one: not in a quote, in code, or hidden in an HTML comment.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from git_bill.invoice.document.text import printable
from git_bill.period import parse_duration
from git_bill.problem import Problem, nearest

Verb = Literal["drop", "minutes", "defer", "hold", "release", "approve", "accept", "help"]
EXAMPLES: Mapping[Verb, str] = {
    "drop": "/bill drop 3 because it was a favour",
    "minutes": "/bill minutes 3 45m because the rest was our mistake",
    "defer": "/bill defer 3 because it is not finished",
    "hold": "/bill hold because the order number is missing",
    "release": "/bill release",
    "approve": "/bill approve",
    "accept": "/bill accept",
    "help": "/bill help",
}

_MOST = 20  # commands in one comment
_LONGEST_LINE = 2000  # characters of a command; the rest is cut off
_LONGEST_REASON = 300
_LONGEST = 31 * 24 * 60  # minutes that one line can be set to
_COMMAND = re.compile(r" {0,3}/bill(?:\s+(?P<words>.*))?\s*", re.IGNORECASE)
_BECAUSE = re.compile(r"(?P<before>.*?)\bbecause\b:?(?P<reason>.*)", re.IGNORECASE)
_LINE = re.compile(r"(?:line\s*)?#?(?P<number>[0-9]{1,4})[.,:]?(?:\s+(?P<rest>.*))?", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})(?P<info>.*)")
_RAW = re.compile(r" {0,3}<(?P<tag>pre|script|style|textarea)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What somebody asks for. `line`: its number as the review shows it, from 1. `because`: printable, one line."""

    verb: Verb
    line: int | None = None
    minutes: int | None = None
    because: str | None = None

    @property
    def changes(self) -> bool:
        """Whether it asks for other amounts."""
        return self.verb in {"drop", "minutes", "defer"}

    def __str__(self) -> str:
        words = ["/bill", self.verb]
        words += [str(self.line)] if self.line is not None else []
        words += [f"{self.minutes}m"] if self.minutes is not None else []
        words += ["because", self.because] if self.because else []
        return " ".join(words)


def commands(text: str) -> tuple[Command | Problem, ...]:
    """The commands of a comment in order, each with its meaning or what is wrong with it. Empty where it is talk."""
    found = [_parsed(words) for words in _words(text)]
    if len(found) > _MOST:
        message = f"{len(found)} commands are too many for one comment"
        return (_wrong("too-many-commands", message, f"write at most {_MOST}"),)
    return tuple(found)


def _words(text: str) -> Iterator[str]:
    """What follows `/bill` on each line that is a command."""
    for line in _visible(text):
        match = _COMMAND.fullmatch(line[:_LONGEST_LINE].rstrip("\r"))
        if match:
            yield (match["words"] or "").strip()


def _visible(text: str) -> Iterator[str]:
    """Lines that are neither code nor hidden. A quoted line and an indented one are no command by their beginning."""
    hidden: Callable[[str], bool] | None = None  # whether a line still belongs to what hides it
    for line in text.split("\n"):
        if hidden is not None:
            if not hidden(line):
                hidden = None
            continue
        hidden = _opens(line)
        if hidden is None:
            yield line


def _opens(line: str) -> Callable[[str], bool] | None:
    """What a line begins that hides the lines after it: a fence, raw HTML, an HTML comment; None where nothing."""
    if match := _FENCE.fullmatch(line):
        mark = match["mark"]
        if mark[0] == "~" or "`" not in match["info"]:
            closing = re.compile(rf" {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}\s*")
            return lambda later: closing.fullmatch(later) is None
    if match := _RAW.match(line):
        end = f"</{match['tag'].lower()}>"
        return None if end in line.lower() else lambda later: end not in later.lower()
    if line.rfind("<!--") > line.rfind("-->"):
        return lambda later: "-->" not in later
    return None


def _parsed(words: str) -> Command | Problem:
    first, rest = [*words.split(maxsplit=1), "", ""][:2]
    word = first.lower()
    verb = next((known for known in get_args(Verb) if known == (word or "help")), None)
    if verb is None:
        near = nearest(word, get_args(Verb))
        hint = f"did you mean {EXAMPLES[_verb(near)]!r}?" if near else f"write it like {EXAMPLES['drop']!r}"
        return _wrong("unknown-command", f"there is no command {_short(first)!r}", hint)
    if verb in {"drop", "minutes", "defer"}:
        return _of_line(verb, rest)
    if verb in {"hold", "release"}:
        match = _BECAUSE.fullmatch(rest)
        return Command(verb=verb, because=_reason(match["reason"] if match and not match["before"] else rest))
    if verb in {"approve", "accept"} and rest:
        return _malformed(verb, "it stands alone on its line")
    return Command(verb=verb)


def _of_line(verb: Verb, rest: str) -> Command | Problem:
    """A command about one line of the draft."""
    match = _BECAUSE.fullmatch(rest)
    asked, because = (match["before"].strip(), _reason(match["reason"])) if match else (rest, None)
    numbered = _LINE.fullmatch(asked)
    if numbered is None:
        return _malformed(verb, "it needs the number of a line")
    line, value = int(numbered["number"]), (numbered["rest"] or "").strip()
    if verb == "minutes":
        minutes = _minutes(value)
        if isinstance(minutes, str):
            return _malformed(verb, minutes)
        return Command(verb=verb, line=line, minutes=minutes, because=because)
    if value:
        return _malformed(verb, f"{_short(value)!r} is too much: one line, then because and the reason")
    if verb == "drop" and because is None:
        return _malformed(verb, "it needs a reason")
    return Command(verb=verb, line=line, because=because)


def _minutes(value: str) -> int | str:
    """What a line is to bill, or what is wrong with it."""
    try:
        minutes = parse_duration(value)
    except ValueError:
        return f"{_short(value)!r} is not a duration" if value else "it needs a duration"
    return minutes if 0 < minutes <= _LONGEST else f"{_short(value)!r} is not between a minute and a month"


def _reason(text: str) -> str | None:
    """A person's words, as one printable line; None where nothing can be read."""
    words = printable(text)
    return (words if len(words) <= _LONGEST_REASON else words[: _LONGEST_REASON - 1].rstrip() + "…") or None


def _malformed(verb: Verb, why: str) -> Problem:
    return _wrong("malformed-command", f"/bill {verb}: {why}", f"write it like {EXAMPLES[verb]!r}")


def _verb(word: str) -> Verb:
    return next(known for known in get_args(Verb) if known == word)


def _short(text: str) -> str:
    words = printable(text)
    return words if len(words) <= 40 else words[:39] + "…"


def _wrong(rule: str, message: str, hint: str) -> Problem:
    return Problem(rule=rule, message=message, hint=hint)
