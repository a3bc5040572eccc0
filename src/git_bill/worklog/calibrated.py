"""Which recipe estimates which day: one that stands on file stays; new days follow what the person confirmed so far."""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, tzinfo

from git_bill.learning.calibration import Calibration, Day, calibrate
from git_bill.problem import Exit, stop
from git_bill.worklog.day import day_of
from git_bill.worklog.edit import Edit, Made
from git_bill.worklog.effort import PLAIN, PRIOR, SESSION, Recipe
from git_bill.worklog.entry import Worked
from git_bill.worklog.family import Family
from git_bill.worklog.naming import Named
from git_bill.worklog.piece import Piece, Recipes
from git_bill.worklog.point import Point

_DATED = re.compile(r".*-(\d{4}\.\d\d)")


def recipes(
    named: Named,
    before: Mapping[str, Worked],
    edits: Sequence[Made],
    related: Family,
    zones: Mapping[str, tzinfo],
    *,
    again: bool = False,
) -> Recipes | None:
    """How each point is to be estimated, None where all are plain. `named`: pieces as plain estimates make them.

    A written estimate stays: a contributor's day follows the recipe that its entries name. `again`: no day does.
    Stops (exit 3) at a newer model than this program knows.
    """
    current = {person: Recipe(own=own) for person, own in _own(named, before, edits, related, zones).items()}
    kept = {} if again else _kept(named, before, zones)
    if all(recipe == PLAIN for recipe in (*current.values(), *kept.values())):
        return None

    @functools.cache
    def of_quarter(person: str, quarter: int) -> Recipe:  # zones differ by whole quarters of an hour
        return kept.get((person, day_of(15 * quarter, zones[person]))) or current.get(person, PLAIN)

    def recipe(point: Point) -> Recipe:
        return of_quarter(point.contributor, point.minute // 15)

    return recipe


def _kept(named: Named, before: Mapping[str, Worked], zones: Mapping[str, tzinfo]) -> Mapping[tuple[str, date], Recipe]:
    """Days with a written estimate. What reaches into a day from the next one's first commit says nothing of it."""
    made: dict[tuple[str, str, date], str] = {}
    for _, worked in sorted(before.items(), reverse=True):
        if worked.entry.model is not None:
            for name in worked.entry.evidence:
                made[worked.entry.by, name, worked.entry.day] = worked.entry.model
    kept: dict[tuple[str, date], Recipe] = {}
    for pieces in named.pieces.values():
        for piece in pieces:
            person = piece.group.contributor
            day = day_of(piece.point.minute, zones[person])
            model = made.get((person, piece.point.names[0], day))
            if model is not None and piece.model is not None and (person, day) not in kept:
                kept[person, day] = _known(model)
    return kept


def _known(name: str) -> Recipe:
    """The recipe of a name; for one of an older model, which this program can't follow any more, today's."""
    recipe = Recipe.parse(name)
    if recipe.model == SESSION.name:
        return recipe
    dated, ours = _DATED.fullmatch(recipe.model), _DATED.fullmatch(SESSION.name)
    if dated is None or ours is None or dated[1] >= ours[1]:
        raise stop(
            Exit.SETTINGS,
            "newer-model",
            f"entries were estimated by {recipe.model}, which is newer than this git-bill",
            "upgrade git-bill; or let this one estimate what is not billed again: git bill collect --reestimate",
        )
    return PLAIN


def _own(
    named: Named, before: Mapping[str, Worked], edits: Sequence[Made], related: Family, zones: Mapping[str, tzinfo]
) -> Mapping[str, Calibration]:
    """What confirmed days tell of each contributor's estimates."""
    days: dict[str, dict[date, list[tuple[int, Sequence[Piece]]]]] = defaultdict(lambda: defaultdict(list))
    for entry, minutes in _confirmed(named, before, edits, related):
        pieces = named.pieces[entry]
        group = pieces[0].group
        days[group.contributor][group.day].append((minutes, pieces))
    return {
        person: calibrate([_day(found) for _, found in sorted(own.items())], PRIOR, SESSION.shared)
        for person, own in sorted(days.items())
        if person in zones
    }


def _day(found: Iterable[tuple[int, Sequence[Piece]]]) -> Day:
    entries = list(found)
    parts = tuple((p.low, p.expected, p.high) for _, pieces in entries for p in pieces)
    return Day(actual=sum(minutes for minutes, _ in entries), parts=parts)


def _confirmed(
    named: Named, before: Mapping[str, Worked], edits: Sequence[Made], related: Family
) -> Iterator[tuple[str, int]]:
    """Entries whose time a person confirmed or set: all of it estimated, nothing lost, no evidence since."""
    last: dict[str, Edit] = {made.entry: made for _, _, made in edits if _of_minutes(made)}
    for entry, edit in last.items():
        pieces = named.pieces.get(entry, ())
        whole = entry not in related.dropped and entry not in related.replaced and entry not in related.parents
        whole = whole and (entry not in before or "overlap" not in before[entry].entry.flags)
        if not pieces or not whole or any(p.model is None or p.point.second > edit.at.timestamp() for p in pieces):
            continue
        facts = len({p.point.names[0] for p in pieces})
        if edit.facts in (None, facts) and (edit.minutes is not None or entry in before):
            yield entry, before[entry].entry.minutes if edit.minutes is None else edit.minutes


def _of_minutes(edit: Edit) -> bool:
    return edit.do == "confirm" or (edit.do == "set" and edit.minutes is not None)
