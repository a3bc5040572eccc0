"""What people's corrections say of entries as such: which ones they made, replaced, dropped or spoke of."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from git_bill.worklog.edit import Made


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """`parents`: entries that an entry was made of. `born`: ids that only edits gave. `spoken`: the others that edits
    are about. `replaced`: those that were split or merged away. `dropped`: those that were dropped in the end.
    """

    parents: Mapping[str, frozenset[str]]
    born: frozenset[str]
    spoken: frozenset[str]
    replaced: frozenset[str]
    dropped: frozenset[str]

    def ancestors(self, entry: str) -> frozenset[str]:
        """An entry and all those whose time may have gone into it."""
        found = {entry}
        left = [entry]
        while left:
            new = self.parents.get(left.pop(), frozenset()) - found
            found |= new
            left.extend(new)
        return frozenset(found)


def family(edits: Iterable[Made], found: Container[str] = ()) -> Family:
    """Read edits in the order they were made. `found`: entries that evidence made, whose ids no addition may take."""
    parents: dict[str, frozenset[str]] = defaultdict(frozenset)
    born: set[str] = set()
    spoken: set[str] = set()
    dropped: set[str] = set()
    replaced: set[str] = set()
    for _, _, edit in edits:
        spoken.update(edit.subjects)
        if edit.do == "add" and edit.entry not in found:
            born.add(edit.entry)
        elif edit.do == "split":
            replaced.add(edit.entry)
            for part in edit.parts:
                born.add(part.id)
                parents[part.id] |= {edit.entry}
        elif edit.do == "merge":
            replaced.update(edit.subjects[1:])
            parents[edit.entry] |= frozenset(edit.entries)
        elif edit.do == "drop":
            dropped.add(edit.entry)
        elif edit.do == "confirm" or edit.minutes is not None:
            dropped.discard(edit.entry)
    return Family(
        parents=parents,
        born=frozenset(born),
        spoken=frozenset(spoken - born),
        replaced=frozenset(replaced),
        dropped=frozenset(dropped),
    )
