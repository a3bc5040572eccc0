"""Entries that are there already, by what they agree in, and which of them the entries of a statement are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from git_bill.receivable.feeds.alike import contradict, likeness
from git_bill.receivable.feeds.feed import Entry
from git_bill.receivable.remittance import Remittance


@dataclass(slots=True)
class Known:
    """An entry that is there: its first remittance, whether it may still be detailed, and who met it last.

    `is_guessed`: its file did not say its account.
    """

    remittance: Remittance
    is_open: bool
    met_in: int = -1
    is_guessed: bool = False

    def may_be(self, other: Remittance) -> bool:
        """Whether the account says nothing against it: one that was only guessed is that of its own format."""
        return not self.is_guessed or self.remittance.feed == other.feed


@dataclass(slots=True)
class Line:
    """Entries that agree in something, oldest first. Those that a statement has met are stepped over once."""

    known: list[Known] = field(default_factory=list)
    statement: int = -1
    begin: int = 0

    def free(self, statement: int) -> Iterator[Known]:
        """Those that no entry of this statement has met."""
        if self.statement != statement:
            self.statement, self.begin = statement, 0
        while self.begin < len(self.known) and self.known[self.begin].met_in == statement:
            self.begin += 1
        for at in range(self.begin, len(self.known)):
            if self.known[at].met_in != statement:
                yield self.known[at]


def may_be(known: Known, entry: Entry) -> bool:
    """Whether an older entry of another format may be this one."""
    old, first = known.remittance, entry.remittances[0]
    return old.feed != first.feed and not contradict(old, first)


def paired(entries: Sequence[Entry], options: Sequence[Sequence[Known]]) -> dict[int, Known]:
    """By place in `entries` the older entry that each is: the most alike first, and as many as can be."""
    scored = [
        (-likeness(old.remittance, entry.remittances[0]), len(options[at]), at, nth)
        for at, entry in enumerate(entries)
        for nth, old in enumerate(options[at])
    ]
    pairs: dict[int, Known] = {}
    owner: dict[int, int] = {}  # id of an older entry → place

    def give(at: int, old: Known) -> None:
        pairs[at], owner[id(old)] = old, at

    for _, _, at, nth in sorted(scored):
        if at not in pairs and id(options[at][nth]) not in owner:
            give(at, options[at][nth])
    for at in set(range(len(entries))) - pairs.keys():
        for old in options[at]:  # taken by one that may be another, too
            holder = owner[id(old)]
            other = next((each for each in options[holder] if id(each) not in owner), None)
            if other is not None:
                give(holder, other)
                give(at, old)
                break
    return pairs
