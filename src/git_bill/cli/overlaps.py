"""How overlaps are shown: by day who yielded to whom and why, and the commands that decide otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from git_bill.cli.entry_text import about_text, day_text
from git_bill.cli.output import Line, Report, bold, dim
from git_bill.flows.overlaps import Overlap, Overlaps
from git_bill.period import format_duration
from git_bill.worklog.query import short_ids


def report(found: Overlaps, today: date) -> Report:
    """All of them as JSON; for people those that somebody may want to decide, the others as a sum."""
    return Report(
        data={
            "overlaps": [_data(one, found) for one in found.found],
            "minutes": sum(one.minutes for one in found.found),
        },
        text=tuple(_text(found, today)),
    )


def _text(found: Overlaps, today: date) -> Iterator[Line]:
    if not found.found:
        yield "No minute is claimed twice."
        return
    names = short_ids(found.worked)
    contested = [one for one in found.found if not one.expected]
    for number, (day, some) in enumerate(groupby(contested, lambda one: one.day)):
        yield from ([""] if number else [])
        yield bold(day_text(day, today))
        for one in some:
            yield from _lines(one, found, names)
    quiet = [one for one in found.found if one.expected]
    if quiet:
        yield from ([""] if contested else [])
        yield dim(_sum(quiet))
    if contested:
        yield ""
        yield dim("Each minute counts once. Where that is right, there is nothing to do.")


def emptied_lines(some: Sequence[Overlap], found: Overlaps, today: date) -> Iterator[Line]:
    """`Mon 5 Oct: W-k3v9 (acme, WEB-5 Totals) has nothing; 2h48m of it are in W-q2m7 (globex, Call): …`"""
    names = short_ids(found.worked)
    for one in some:
        own, holder = _named(one.entry, found, names), _named(one.to, found, names)
        yield f"{day_text(one.day, today)}: {own} has nothing left"
        yield f"    {format_duration(one.minutes)} of it are in {holder}: {one.why}"
    if some:
        yield dim("Decide otherwise: git bill status --overlaps")


def _lines(one: Overlap, found: Overlaps, names: Mapping[str, str]) -> Iterator[Line]:
    who = f"{found.names.get(one.contributor, one.contributor)}, " if len(found.names) > 1 else ""
    place = f" ({who}{', '.join(text.replace('/', ' to ') for text in one.at)})" if one.at else ""
    yield ("  ", bold(format_duration(one.minutes)), place, f" of {_named(one.entry, found, names)}")
    holder = f"{_named(one.to, found, names)} has them: " if one.to else "nobody has them: "
    yield f"    {holder}{one.why}"
    for number, words in enumerate(one.commands):
        yield dim(f"    {'and' if number else 'to decide otherwise'}: {words}")


def _named(entry: str | None, found: Overlaps, names: Mapping[str, str]) -> str:
    """`W-k3v9 (acme, WEB-5 Totals)`"""
    item = found.worked.get(entry or "")
    if item is None:
        return entry or ""
    return f"{names.get(item.id, item.id)} ({item.client}, {about_text(item.entry)})"


def _sum(quiet: Sequence[Overlap]) -> str:
    minutes = format_duration(sum(one.minutes for one in quiet))
    return f"{minutes} of estimates gave way to what was recorded of the same client's work."


def _data(one: Overlap, found: Overlaps) -> dict[str, Any]:
    return {
        "day": one.day,
        "by": one.contributor,
        "entry": one.entry,
        "client": found.worked[one.entry].client if one.entry in found.worked else None,
        "to": one.to,
        "to_client": found.worked[one.to].client if one.to and one.to in found.worked else None,
        "minutes": one.minutes,
        "at": list(one.at),
        "why": one.why,
        "expected": one.expected,
        "commands": list(one.commands),
    }
