"""Work that another repository had first: a patch put into a folder there has other paths, so that only lines tell.

Whoever starts two projects alike writes the same lines twice, too; so only the same change in the same words is nothing
but a repetition, and what else has the lines is undecided.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from git_bill.sources.likeness import SMALL, told
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.sketch import KNOWN, Sketch, parse

_Line = tuple[str, int]  # contributor and hash


def judged(found: Mapping[str, Sequence[Evidence]], known: Iterable[Evidence]) -> Mapping[str, tuple[Evidence, ...]]:
    """New evidence by source, what another source had before covering it, or a part of it. `known`: all on file.

    What is on file came first, whatever its date says; of new evidence the earlier author second did.
    """
    new = sorted((r for some in found.values() for r in some if r.kind == "commit"), key=lambda r: (r.at, r.key))
    asked = [record for record in new if not (record.covers or record.partly) and _tells(record)]
    others = [record for record in known if record.kind == "commit" and record.sketch]
    changed: dict[tuple[str, str], Evidence] = {}
    if asked and len({record.source for record in chain(new, others)}) > 1:
        for record, origins in _sharing(asked, [*others, *new], len(others)):
            changed[record.source, record.key] = _traced(record, origins)
        whole = {_moment(record): record.covers for record in changed.values() if record.covers}
        for record in (record for record in asked if _moment(record) in whole):  # amended, it is no more than it was
            changed[record.source, record.key] = replace(record, covers=whole[_moment(record)])
    return {name: tuple(changed.get((r.source, r.key), r) for r in some) for name, some in found.items()}


def _moment(record: Evidence) -> tuple[str, str, datetime]:
    return record.source, record.contributor, record.at


def _tells(record: Evidence) -> bool:
    """Whether a change has so many lines that nobody makes it twice by chance."""
    return len(parse(record.sketch).telling) >= SMALL


def _sharing(
    asked: Sequence[Evidence], others: Sequence[Evidence], known: int
) -> Iterator[tuple[Evidence, list[Evidence]]]:
    """Each of the evidence asked about with what another source had of its lines before; the first are `known`."""
    places: dict[_Line, list[int]] = defaultdict(list)
    for place, record in enumerate(asked):
        for line in parse(record.sketch).telling:
            places[record.contributor, line].append(place)
    found: dict[int, list[Evidence]] = defaultdict(list)
    for rank, other in enumerate(others):
        shared = Counter(p for line in parse(other.sketch).lines for p in places.get((other.contributor, line), ()))
        for place, count in shared.items():
            record = asked[place]
            earlier = rank < known or (other.at, other.key) < (record.at, record.key)
            if count >= SMALL and other.source != record.source and other.at != record.at and earlier:
                found[place].append(other)
    return ((asked[place], origins) for place, origins in sorted(found.items()))


def _traced(record: Evidence, origins: Sequence[Evidence]) -> Evidence:
    own = parse(record.sketch)
    sketches = {origin.key: parse(origin.sketch) for origin in origins}
    for origin in origins:
        if told(origin) == told(record) and _are_one(own, sketches[origin.key]):
            return replace(record, covers=(origin.key,))
    parts = [key for key, sketch in sketches.items() if own.known([sketch]) >= KNOWN or sketch.known([own]) >= KNOWN]
    if parts and own.known(sketches[key] for key in parts) >= KNOWN:
        return replace(record, partly=tuple(sorted(parts)))
    return record


def _are_one(one: Sketch, two: Sketch) -> bool:
    return min(one.known([two]), two.known([one])) >= KNOWN
