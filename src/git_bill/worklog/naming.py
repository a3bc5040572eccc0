"""Which entry a piece belongs to. Ids are given once; an entry keeps its id while it keeps any of its evidence."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from git_bill.worklog.edit import Made
from git_bill.worklog.entry import Worked
from git_bill.worklog.piece import Group, Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How people's edits made entries out of others, and which ids only edits gave."""

    parents: Mapping[str, frozenset[str]]
    born: frozenset[str]

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
    """Splits make parts, merges swallow entries, additions have no evidence."""
    parents: dict[str, frozenset[str]] = defaultdict(frozenset)
    born: set[str] = set()
    for _, _, edit in edits:
        if edit.do == "add":
            born.add(edit.entry)
        elif edit.do == "split":
            born |= {part.id for part in edit.parts}
            for part in edit.parts:
                parents[part.id] |= {edit.entry}
        elif edit.do == "merge":
            parents[edit.entry] |= frozenset(edit.entries)
    return Family(parents=parents, born=frozenset(born))


def name_pieces(
    pieces: Iterable[Piece], previous: Iterable[Worked], related: Family, billed: frozenset[str]
) -> Mapping[str, tuple[Piece, ...]]:
    """Entry id → its pieces.

    Evidence of billed entries stays theirs, so later evidence of the same group makes an entry of its own. A group
    takes the id of an earlier entry that it shares evidence with, the best fit first; else a new one.
    """
    known = {w.id: w for w in previous if w.id not in related.born}
    homes: dict[str, list[Worked]] = defaultdict(list)
    for worked in known.values():
        for name in worked.entry.evidence:
            homes[name].append(worked)
    settled = frozenset().union(*(related.ancestors(b) for b in billed)) & known.keys()
    named: dict[str, list[Piece]] = defaultdict(list)
    groups: dict[Group, list[Piece]] = defaultdict(list)
    shared: Counter[tuple[Group, str]] = Counter()
    for piece in pieces:
        home = _home(piece, homes)
        if home in settled:
            named[home].append(piece)
            continue
        groups[piece.group].append(piece)
        if home:
            shared[piece.group, home] += 1
    ids = _ids(groups, shared, known, taken=settled | related.born)
    for group, own in groups.items():
        named[ids[group]].extend(own)
    return {entry: tuple(own) for entry, own in sorted(named.items())}


def _home(piece: Piece, homes: Mapping[str, list[Worked]]) -> str:
    """The earlier entry that lists a piece's evidence. One that was merged away comes before the one it went into."""
    found = [
        w
        for name in piece.point.names
        for w in homes.get(name, ())
        if w.entry.by == piece.group.contributor or "by" in w.entry.set
    ]
    best = min(found, key=lambda w: (w.entry.day != piece.group.day, w.entry.state != "dropped", w.id), default=None)
    return best.id if best else ""


def _ids(
    groups: Iterable[Group],
    shared: Mapping[tuple[Group, str], int],
    known: Mapping[str, Worked],
    taken: frozenset[str],
) -> Mapping[Group, str]:
    ids: dict[Group, str] = {}
    used = set(taken)
    for group, entry in sorted(
        shared, key=lambda pair: (not _fits(pair[0], known[pair[1]]), -shared[pair], pair[1], pair[0])
    ):
        if group not in ids and entry not in used:
            ids[group] = entry
            used.add(entry)
    for group in sorted(groups):
        number = 0
        while group not in ids:
            if (entry := group.id(number)) not in used:
                ids[group] = entry
                used.add(entry)
            number += 1
    return ids


def _fits(group: Group, worked: Worked) -> bool:
    entry = worked.entry
    return (
        group.client == worked.client
        and group.day == entry.day
        and group.ticket == (entry.ticket or "")
        and group.activity == entry.activity
        and group.project == entry.project
    )
