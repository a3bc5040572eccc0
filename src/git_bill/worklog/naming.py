"""Which entry a piece belongs to. Ids are given once; an entry keeps its id while it keeps any of its evidence."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from git_bill.worklog.entry import Worked
from git_bill.worklog.family import Family
from git_bill.worklog.piece import Group, Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """`pieces` and what the entry is `about`, by entry id. `remembered`: entries that people spoke of, as they were."""

    pieces: Mapping[str, tuple[Piece, ...]]
    about: Mapping[str, Group]
    remembered: Mapping[str, Worked]


def name_pieces(
    pieces: Iterable[Piece], previous: Mapping[str, Worked], related: Family, billed: Iterable[str]
) -> Named:
    """Evidence of an entry that is billed or that people spoke of stays there, however it is rewritten.

    New evidence joins the entry of its group; where that is billed, split or merged away, it makes another one. A group
    takes the id of an earlier entry that it shares evidence with, the best fit first; else a new one.
    """
    known = {entry: worked for entry, worked in previous.items() if entry not in related.born}
    settled = frozenset().union(*(related.ancestors(entry) for entry in billed)) & known.keys()
    remembered = {entry: worked for entry, worked in known.items() if entry in related.spoken}
    homes: dict[str, list[Worked]] = defaultdict(list)
    for worked in known.values():
        for name in worked.entry.evidence:
            homes[name].append(worked)
    named: dict[str, list[Piece]] = defaultdict(list)
    groups: dict[Group, list[Piece]] = defaultdict(list)
    shared: Counter[tuple[Group, str]] = Counter()
    for piece in pieces:
        home = _home(piece, homes, settled)
        if home in settled or home in remembered:
            named[home].append(piece)
            continue
        groups[piece.group].append(piece)
        if home:
            shared[piece.group, home] += 1
    about = {entry: _about(worked, named.get(entry, ())) for entry, worked in remembered.items()}
    shared.update((group, entry) for entry, group in about.items() if entry not in related.replaced)
    matched = _matched(groups, shared, known, settled)
    for group, entry in _with_new_ids(groups, matched, settled | related.born | remembered.keys()).items():
        named[entry].extend(groups[group])
        about.setdefault(entry, group)
    for entry in named:
        about.setdefault(entry, named[entry][0].group)
    ordered = {entry: tuple(sorted(own, key=_order)) for entry, own in sorted(named.items())}
    return Named(pieces=ordered, about=dict(sorted(about.items())), remembered=remembered)


def _order(piece: Piece) -> tuple[int, Group, tuple[str, ...]]:
    return piece.point.second, piece.group, piece.point.names


def _about(worked: Worked, pieces: Sequence[Piece]) -> Group:
    """An entry that people spoke of stays about what they saw, even when no evidence is left for it.

    What they set is left as its first piece says: their edits say the rest.
    """
    kept, told = worked.entry, worked.entry.set
    seen = Group(
        contributor=kept.by,
        client=worked.client,
        project=kept.project,
        day=kept.day,
        ticket=kept.ticket or "",
        activity=kept.activity,
        proven=kept.state != "unproven",
        agent=bool(kept.agent),
    )
    first = min(pieces, key=_order).group if pieces else seen
    return Group(
        contributor=first.contributor if "by" in told else seen.contributor,
        client=first.client if "client" in told else seen.client,
        project=first.project if "project" in told else seen.project,
        day=first.day if "day" in told else seen.day,
        ticket=first.ticket if "ticket" in told else seen.ticket,
        activity=first.activity if "activity" in told else seen.activity,
        proven=first.proven,
        agent=first.agent,
    )


def _home(piece: Piece, homes: Mapping[str, list[Worked]], settled: Container[str]) -> str:
    """The earlier entry that lists a piece's evidence on that day; failing that, one that a person put elsewhere."""
    day = piece.group.day
    found = [
        w
        for name in piece.point.names
        for w in homes.get(name, ())
        if (w.entry.by == piece.group.contributor or "by" in w.entry.set)
        and (w.entry.day == day or "day" in w.entry.set or w.id in settled)
    ]
    best = min(found, key=lambda w: ("day" in w.entry.set, w.entry.day != day, w.id), default=None)
    return best.id if best else ""


def _matched(
    groups: Container[Group],
    shared: Mapping[tuple[Group, str], int],
    known: Mapping[str, Worked],
    settled: frozenset[str],
) -> dict[Group, str]:
    """Groups that go on under the id of an earlier entry, each entry once."""
    ids: dict[Group, str] = {}
    used = set(settled)
    ranked = sorted(shared, key=lambda pair: (not _fits(pair[0], known[pair[1]]), -shared[pair], pair[1], pair[0]))
    for group, entry in ranked:
        if group in groups and group not in ids and entry not in used:
            ids[group] = entry
            used.add(entry)
    return ids


def _with_new_ids(groups: Iterable[Group], ids: Mapping[Group, str], taken: frozenset[str]) -> Mapping[Group, str]:
    """The ids of all groups; a new group never gets the id of another entry."""
    result = dict(ids)
    used = {*taken, *ids.values()}
    for group in sorted(set(groups) - ids.keys()):
        number = 0
        while group.id(number) in used:
            number += 1
        result[group] = group.id(number)
        used.add(result[group])
    return result


def _fits(group: Group, worked: Worked) -> bool:
    entry = worked.entry
    return (
        group.client == worked.client
        and group.day == entry.day
        and group.ticket == (entry.ticket or "")
        and group.activity == entry.activity
        and group.project == entry.project
        and group.agent == bool(entry.agent)
    )
