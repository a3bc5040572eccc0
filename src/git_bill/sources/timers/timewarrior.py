"""Timewarrior's data files: `inc 20230626T060000Z - 20230626T061500Z # tag "two words" # "a note"` (timewarrior(1))."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo

from git_bill.sources.faults import Faults
from git_bill.sources.timers.timed import Timed, Timers, in_order, lines_of, records, wrong

_LINE = re.compile(r"inc (?P<begin>[0-9]{8}T[0-9]{6}Z)(?: - (?P<end>[0-9]{8}T[0-9]{6}Z))?(?: # (?P<rest>.*))?\s*")
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
_FORM = "%Y%m%dT%H%M%SZ"
_EXPORTED = '[{"id": 1, "start": "20261005T071000Z", "end": "20261005T081500Z", "tags": ["web-shop"]}]'
_EXAMPLE = 'inc 20261005T071000Z - 20261005T081500Z # web-shop "call about checkout"'


def read(text: str, file: str, zone: tzinfo) -> Timers:
    """Closed intervals, also as `timew export` prints them; the one that runs is left for later. Times are UTC."""
    if text.removeprefix("\ufeff").lstrip().startswith("["):
        return _exported(text, file)
    times: list[Timed] = []
    faults = Faults()
    for number, line in faults.watched(lines_of(text)):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        try:
            if match is None:
                raise ValueError("this is no interval")
            if match["end"] is not None:
                times.append(_timed(match))
        except ValueError as error:
            faults.append(wrong(file, number, str(error), _EXAMPLE))
    return in_order(times, faults)


def _exported(text: str, file: str) -> Timers:
    """What `timew export` prints: a JSON list of the same intervals."""
    listed, broken = records(text, file, _EXPORTED)
    if broken:
        return Timers(problems=broken)
    times: list[Timed] = []
    faults = Faults()
    for number, one in faults.watched(enumerate(listed, 1)):
        try:
            if not isinstance(one, Mapping) or not isinstance(one.get("start"), str):
                raise ValueError("it is no object with a start")
            tags = one.get("tags")
            if (end := one.get("end")) is not None:
                found = Timed(
                    key=f"timewarrior:{one['start']}",
                    begin=_instant(one["start"]),
                    end=_instant(str(end)),
                    text=str(one.get("annotation") or ""),
                    tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
                )
                times.append(found)
        except ValueError as error:
            faults.append(wrong(file, None, f"interval {number} can't be read: {error}", _EXPORTED))
    return in_order(times, faults, whole=False)


def render(times: Iterable[Timed]) -> str:
    """A data file of these intervals."""
    return "".join(_line(one) for one in times)


def _line(one: Timed) -> str:
    begin, end = (each.astimezone(UTC).strftime(_FORM) for each in (one.begin, one.end))
    tags = "".join(f" {_quoted(tag)}" for tag in one.tags)
    rest = f" #{tags} # {_quoted(one.text)}" if one.text else f" #{tags}" if tags else ""
    return f"inc {begin} - {end}{rest}\n"


def _timed(match: re.Match[str]) -> Timed:
    tags, note = _words(match["rest"] or "")
    begin, end = _instant(match["begin"]), _instant(match["end"])
    return Timed(key=f"timewarrior:{match['begin']}", begin=begin, end=end, text=note, tags=tags)


def _instant(text: str) -> datetime:
    try:
        return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
    except ValueError:
        raise ValueError(f"{text} is no instant") from None


def _words(rest: str) -> tuple[tuple[str, ...], str]:
    """Tags before a second `#`, the note after it. A `#` inside quotes belongs to its tag."""
    words: list[tuple[str, bool]] = []
    for match in _WORD.finditer(rest):
        quoted = match[1] is not None
        words.append((re.sub(r"\\(.)", r"\1", match[1]) if quoted else match[2], quoted))
    border = next((at for at, (word, quoted) in enumerate(words) if word == "#" and not quoted), len(words))
    return tuple(word for word, _ in words[:border]), " ".join(word for word, _ in words[border + 1 :])


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
