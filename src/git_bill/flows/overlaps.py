"""Overlaps: minutes that several claims wanted, day by day: who has them, who yielded, why, and how to decide."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from zoneinfo import ZoneInfo

from git_bill.flows import load
from git_bill.flows.collect import allocated
from git_bill.period import format_duration
from git_bill.ports import Books
from git_bill.worklog.day import clock_text, day_of
from git_bill.worklog.entry import Worked
from git_bill.worklog.interval import merged
from git_bill.worklog.outcome import is_expected, why_lost
from git_bill.worklog.query import short_ids
from git_bill.worklog.timeline import Lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Minutes that `entry` claims and `to` has (None: the day has no room), in the contributor's zone.

    `expected`: an estimate that gave way to what was recorded of the same client's work; nobody need decide.
    `commands`: give the minutes to `entry`; none where that can't be.
    """

    day: date
    contributor: str
    entry: str
    to: str | None
    minutes: int
    at: tuple[str, ...]
    why: str
    expected: bool
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlaps:
    """By day, contributor and entry. `worked`: all entries by id; `names`: of contributors by id."""

    found: tuple[Overlap, ...]
    worked: Mapping[str, Worked]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the timeline gave."""

    worked: Mapping[str, Worked]
    zones: Mapping[str, tzinfo]
    ids: Mapping[str, str]


def overlaps(books: Books) -> Overlaps:
    """Of all that no invoice has settled, as the files here have it. Stops (exit 3) at unreadable files."""
    here = books.here()
    workspace = load.workspace(here)
    people = workspace.settings.contributors
    collected = allocated(here, workspace)
    worked = {item.id: item for item in load.worked(here)}
    seen = _Seen(
        worked=worked,
        zones={person.id: ZoneInfo(person.timezone) for person in people},
        ids=short_ids(worked),
    )
    groups: dict[tuple[date, str, str, str, str], list[Lost]] = defaultdict(list)
    for loss in collected.lost:
        person = loss.claim.contributor
        if person in seen.zones:
            day = day_of(loss.claim.day.start, seen.zones[person])
            groups[day, person, loss.claim.entry, loss.to or "", why_lost(loss)].append(loss)
    some = (_overlap(day, losses, seen, why) for (day, _, _, _, why), losses in sorted(groups.items(), key=_key))
    found = tuple(one for one in some if one.expected or one.to != one.entry)  # within one entry nobody need decide
    return Overlaps(found=found, worked=seen.worked, names={person.id: person.name for person in people})


def emptied(found: Overlaps) -> tuple[Overlap, ...]:
    """Those of entries that have nothing left, because others have their minutes."""
    return tuple(
        one
        for one in found.found
        if not one.expected
        and one.to in found.worked
        and (own := found.worked.get(one.entry)) is not None
        and not own.entry.minutes
        and own.entry.state in {"estimated", "unproven"}
    )


def _key(group: tuple[tuple[date, str, str, str, str], Sequence[Lost]]) -> tuple[object, ...]:
    (day, person, *rest), losses = group
    starts = [interval.start for loss in losses for interval in loss.at]
    return day, person, min(starts, default=losses[0].claim.day.end), rest


def _overlap(day: date, losses: Sequence[Lost], seen: _Seen, why: str) -> Overlap:
    claim, to = losses[0].claim, losses[0].to
    zone = seen.zones[claim.contributor]
    at = merged(interval for loss in losses for interval in loss.at)
    minutes = sum(loss.minutes for loss in losses)
    clients = {seen.worked[entry].client for entry in (claim.entry, to or "") if entry in seen.worked}
    return Overlap(
        day=day,
        contributor=claim.contributor,
        entry=claim.entry,
        to=to,
        minutes=minutes,
        at=tuple(clock_text(interval, zone) for interval in at),
        why=why,
        expected=all(map(is_expected, losses)) and len(clients) == 1,
        commands=_commands(losses[0], minutes, seen),
    )


def _commands(loss: Lost, minutes: int, seen: _Seen) -> tuple[str, ...]:
    """What a person types who sees it otherwise. Billed minutes can't be had, nor more than a day has."""
    loser, holder = seen.worked.get(loss.claim.entry), seen.worked.get(loss.to or "")
    if loser is None or holder is None or loss.why != "overlap" or not loss.claim.proven:
        return ()
    less, more = holder.entry.minutes - minutes, loser.entry.minutes + minutes
    less_of = f"edit {seen.ids[holder.id]} --minutes {format_duration(less)}"
    give = less_of if less > 0 else f"drop {seen.ids[holder.id]}"
    take = f"edit {seen.ids[loser.id]} --minutes {format_duration(more)}"
    return tuple(f'git bill {words} --because "…"' for words in (give, take))
