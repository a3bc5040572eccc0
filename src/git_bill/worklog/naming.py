"""Which entry a piece belongs to. Ids are given once; an entry keeps its id while it keeps any of its evidence."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from git_bill.worklog.edit import Made
from git_bill.worklog.entry import Worked
from git_bill.worklog.piece import Group, Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What people's edits say of entries as such.

    `parents`: those that an entry was made of. `born`: ids that only edits gave. `spoken`: entries that edits are
    about. `removed`: those that were dropped, split or merged away in the end.
    """

    parents: Mapping[str, frozenset[str]]
    born: frozenset[str]
    spoken: frozenset[str]
    removed: frozenset[str]

    def ancestors(self, entry: str) -> frozenset[str]:
        """An entry and all those whose time may have gone into it."""
        found = {entry}
        left = [entry]
        while left:
            new = self.parents.get(left.pop(), frozenset()) - found
            found |= new
            left.extend(new)
        return frozenset(found)


def family(edits: Iterable[Made]) -> Family:
    """Read edits in the order they were made."""
    parents: dict[str, frozenset[str]] = defaultdict(frozenset)
    born: set[str] = set()
    spoken: set[str] = set()
    dropped: set[str] = set()
    replaced: set[str] = set()
    for _, _, edit in edits:
        spoken.update(edit.subjects)
        if edit.do == "add":
            born.add(edit.entry)
        elif edit.do == "split":
            born |= {part.id for part in edit.parts}
            replaced.add(edit.entry)
            for part in edit.parts:
                parents[part.id] |= {edit.entry}
        elif edit.do == "merge":
            parents[edit.entry] |= frozenset(edit.entries)
            replaced |= set(edit.subjects[1:])
        elif edit.do == "drop":
            dropped.add(edit.entry)
        elif edit.do == "confirm" or edit.minutes is not None:
            dropped.discard(edit.entry)
    return Family(
        parents=parents,
        born=frozenset(born),
        spoken=frozenset(spoken - born),
        removed=frozenset(dropped | replaced),
    )


def name_pieces(
    pieces: Iterable[Piece], previous: Iterable[Worked], related: Family, billed: Iterable[str]
) -> Mapping[str, tuple[Piece, ...]]:
    """Entry id → its pieces.

    Evidence of an entry that is billed or that people spoke of stays there, however it is rewritten. New evidence
    joins the entry of its group; where that is billed, it makes another one. A group takes the id of an earlier entry
    that it shares evidence with, the best fit first; else a new one.
    """
    known = {w.id: w for w in previous if w.id not in related.born}
    settled = frozenset().union(*(related.ancestors(entry) for entry in billed)) & known.keys()
    homes: dict[str, list[Worked]] = defaultdict(list)
    for worked in known.values():
        for name in worked.entry.evidence:
            homes[name].append(worked)
    named: dict[str, list[Piece]] = defaultdict(list)
    groups: dict[Group, list[Piece]] = defaultdict(list)
    shared: Counter[tuple[Group, str]] = Counter()
    for piece in pieces:
        home = _home(piece, homes, settled)
        if home and home not in settled:
            shared[piece.group, home] += 1
        if home in settled or home in related.spoken:
            named[home].append(piece)
        else:
            groups[piece.group].append(piece)
    matched = _matched(groups, shared, known, settled)
    ids = _with_new_ids(groups, matched, settled | related.born | (related.spoken & known.keys()))
    for group, own in groups.items():
        named[ids[group]].extend(own)
    return {
        entry: tuple(sorted(own, key=lambda p: (p.point.second, p.group, p.point.names)))
        for entry, own in sorted(named.items())
    }


def about(named: Mapping[str, tuple[Piece, ...]], remembered: Mapping[str, Worked]) -> dict[str, Group]:
    """What each entry is about: its first piece says; but one that people spoke of stays about what they saw, even
    when no evidence is left for it. What they set is left as its evidence says: their edits say the rest.
    """
    result = {entry: pieces[0].group for entry, pieces in named.items()}
    for entry, worked in remembered.items():
        kept = worked.entry
        seen = Group(
            contributor=kept.by,
            client=worked.client,
            project=kept.project,
            day=kept.day,
            ticket=kept.ticket or "",
            activity=kept.activity,
            proven=kept.state != "unproven",
        )
        group, told = result.get(entry, seen), kept.set
        result[entry] = Group(
            contributor=group.contributor if "by" in told else seen.contributor,
            client=group.client if "client" in told else seen.client,
            project=group.project if "project" in told else seen.project,
            day=group.day if "day" in told else seen.day,
            ticket=group.ticket if "ticket" in told else seen.ticket,
            activity=group.activity if "activity" in told else seen.activity,
            proven=group.proven,
        )
    return result


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
    )
