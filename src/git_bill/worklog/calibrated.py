"""Which recipe estimates which day: one that stands on file stays; new days follow what the person confirmed so far.

One person's time is to its estimate as different in two projects as two people's may be, so each project is calibrated
by its own days once these are enough; until then by all of the person's.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, tzinfo
from typing import NamedTuple

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


class Place(NamedTuple):
    """Where a contributor works."""

    contributor: str
    client: str
    project: str


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

    A written estimate stays: a contributor's day in a project follows the recipe that its entries name. `again`: no day
    does. Stops (exit 3) at a newer model than this program knows.
    """
    commits = [piece for pieces in named.pieces.values() for piece in pieces if piece.of_commit]
    places = {(piece.group.contributor, piece.point.said.source): _place(piece) for piece in commits}
    own = _own(named, before, edits, related, zones)
    current = {place: Recipe(own=own(place)) for place in places.values()}
    kept = {} if again else _kept(named, before, zones)
    if all(recipe == PLAIN for recipe in (*current.values(), *kept.values())):
        return None

    @functools.cache
    def of_quarter(person: str, source: str, quarter: int) -> Recipe:  # zones differ by whole quarters of an hour
        place = places.get((person, source))
        if place is None:
            return PLAIN
        return kept.get((place, day_of(15 * quarter, zones[person]))) or current[place]

    def recipe(point: Point) -> Recipe:
        return of_quarter(point.contributor, point.said.source, point.minute // 15)

    return recipe


def _place(piece: Piece) -> Place:
    return Place(piece.group.contributor, piece.group.client, piece.group.project)


def _kept(
    named: Named, before: Mapping[str, Worked], zones: Mapping[str, tzinfo]
) -> Mapping[tuple[Place, date], Recipe]:
    """Days with a written estimate. What reaches into a day from the next one's first commit says nothing of it."""
    made: dict[tuple[str, str, date], str] = {}
    for _, worked in sorted(before.items(), reverse=True):
        if worked.entry.model is not None:
            for name in worked.entry.evidence:
                made[worked.entry.by, name, worked.entry.day] = worked.entry.model
    kept: dict[tuple[Place, date], Recipe] = {}
    for pieces in named.pieces.values():
        for piece in pieces:
            place = _place(piece)
            day = day_of(piece.point.minute, zones[place.contributor])
            model = made.get((place.contributor, piece.point.names[0], day))
            if model is not None and piece.of_commit and (place, day) not in kept:
                kept[place, day] = _known(model)
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
) -> Callable[[Place], Calibration]:
    """What confirmed days tell of a contributor's estimates in a project."""
    days: dict[Place | str, dict[date, list[tuple[int, Sequence[Piece]]]]] = defaultdict(lambda: defaultdict(list))
    for entry, minutes in _confirmed(named, before, edits, related):
        pieces = named.pieces[entry]
        for where in (_place(pieces[0]), pieces[0].group.contributor):
            days[where][pieces[0].group.day].append((minutes, pieces))

    def told(where: Place | str) -> Calibration:
        return calibrate([_day(found) for _, found in sorted(days[where].items())], PRIOR, SESSION.shared)

    def own(place: Place) -> Calibration:
        if place.contributor not in zones:
            return Calibration()
        there = told(place)
        return there if there.days else told(place.contributor)

    return own


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
        if not pieces or not whole or any(not p.of_commit or p.point.second > edit.at.timestamp() for p in pieces):
            continue
        facts = len({p.point.names[0] for p in pieces})
        if edit.facts in (None, facts) and (edit.minutes is not None or entry in before):
            yield entry, before[entry].entry.minutes if edit.minutes is None else edit.minutes


def _of_minutes(edit: Edit) -> bool:
    return edit.do == "confirm" or (edit.do == "set" and edit.minutes is not None)
