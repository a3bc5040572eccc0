"""What is new in a statement, whatever was imported before: overlapping files, other formats, the same file again.

1. An entry is known by what every format tells in the same way: account, booked day, booked amount. All entries that
   agree in these are one bucket; a batch counts with its total, so it meets the one line that MT940 or CSV has of it.
2. In a bucket an arriving entry is an older one if the bank's reference is the same, or the balance after it (one
   that came back to the same amount within a day, between two equal payments in two files, is the one blind spot).
3. Within one format it is an older one if also payer, text and references are the same, unless both tell the balance
   after them and it differs: then these are two payments of equal look.
4. Between two formats, which never write the same text, a whole statement is compared with what is there: first by
   marks, then those that are most alike in payer, text and account. So two equal payments in one format meet two in
   the other, in whatever order, and a third is new. Entries that contradict each other (see `alike`) are never one:
   both stay, and a doubt says that money may be told twice, which is better than money lost.
5. An MT940 without entry dates meets what another format booked with the same value date.
6. Details may come later than the sum, and the other way round (camt.053 without, camt.054 with them). An entry
   `R-abc` of which nobody knows who paid becomes `R-abc-1` … when another format tells that, alone or as a batch:
   these count from then on instead of it (see `remittance.standing`). Not so where somebody has decided on `R-abc`.
   Details that arrive as entries of their own, with the bank's reference of the sum, are that money and nothing new;
   so is a sum whose reference is that of older entries which add up to it.
7. What meets none is new and gets the id of the next ordinal in its bucket. Providers' movements go by their own ids.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from git_bill.receivable.account import normalized, same_account
from git_bill.receivable.feeds.alike import is_unique, surely_two
from git_bill.receivable.feeds.feed import Entry, identity, named
from git_bill.receivable.feeds.pairing import Known, Line, may_be, paired
from git_bill.receivable.feeds.sums import Sums
from git_bill.receivable.remittance import BANK, Remittance, entry_id, plain_amount

_MOST_COMPARED = 300_000  # pairs of entries of one day and amount; beyond, what meets none is new
_MOST_DOUBTED = 100  # older entries that a new one is held against
_Bucket = tuple[str, object, str]  # account, day, amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A new entry that may be an older one, told differently: a person decides."""

    known: str
    fresh: str
    line: int


@dataclass(slots=True)
class Seen:
    """All entries so far. One statement after the other is passed through `fresh`."""

    _buckets: dict[_Bucket, Line] = field(default_factory=dict)
    _by_value: dict[_Bucket, Line] = field(default_factory=dict)
    _sums: Sums = field(default_factory=Sums)
    _accounts: dict[str, str] = field(default_factory=dict)
    _providers: set[str] = field(default_factory=set)
    _statements: int = 0
    _waiting: list[Entry] = field(default_factory=list)
    _doubts: list[Doubt] = field(default_factory=list)
    _of_file: list[Callable[[], object]] = field(default_factory=list)

    @classmethod
    def of(cls, known: Iterable[Remittance], decided: Collection[str] = (), guessed: Collection[str] = ()) -> "Seen":
        """With what the books have; of a batch each part, of which one is enough. `decided`: ids that stay.

        `guessed`: ids of those whose file did not say the account.
        """
        seen = cls()
        entries: set[str] = set()
        for each in sorted(known, key=lambda each: not each.part_of_batch):
            entry, account = entry_id(each), seen.account(each.account)
            if entry not in entries:
                entries.add(entry)
                seen._keep(each, account, is_open=each.id not in decided, is_guessed=each.id in guessed)
            if each.id not in guessed:
                seen._of_file.append(seen._sums.add(each, account))
        seen.next_file()
        return seen

    def account(self, stated: str) -> str:
        """The name under which an account is known already, else this one."""
        if stated not in self._accounts:
            plain = normalized(stated)
            same = (known for known in self._accounts.values() if same_account(known, plain))
            self._accounts[stated] = next(same, stated)
        return self._accounts[stated]

    def next_statement(self) -> None:
        """What comes now is of another statement: it may meet entries that the last one met."""
        self._statements += 1

    def next_file(self) -> None:
        """What came until now stays."""
        self._of_file.clear()
        self._waiting.clear()
        self._doubts.clear()
        self.next_statement()

    def forget_file(self) -> None:
        """Nothing of this file is imported: what it has is new again when another file tells it."""
        while self._of_file:
            self._of_file.pop()()
        self._waiting.clear()
        self._doubts.clear()

    def fresh(self, entry: Entry) -> Entry | None:
        """The entry under its lasting id; None where it is there already, or waits for the end of its statement."""
        first = entry.remittances[0]
        if first.rail != BANK and first.bank_reference:
            return self._provided(entry)
        account = self.account(first.account)
        line = self._buckets.get(_bucket(first, account), _NONE)
        free = (each for each in line.free(self._statements) if each.may_be(first))
        known = next((each for each in free if _same_mark(each.remittance, first)), None)
        if known is not None:
            return self._meet(known, entry, account)
        if next(self._candidates(first, account), None) is not None:
            self._waiting.append(entry)
            return None
        return self._new(entry, account)

    def settled(self) -> Iterator[tuple[Entry, Entry]]:
        """What is new of the entries that waited, as told and under its id: a whole statement is compared at once."""
        waiting, self._waiting = self._waiting, []
        buckets: dict[_Bucket, list[Entry]] = {}
        for entry in waiting:
            first = entry.remittances[0]
            buckets.setdefault(_bucket(first, self.account(first.account)), []).append(entry)
        for (account, _, _), entries in buckets.items():
            yield from self._compared(entries, account)

    def doubts(self) -> tuple[Doubt, ...]:
        """What is new in this file, and may be told twice."""
        return tuple(self._doubts)

    def _compared(self, entries: list[Entry], account: str) -> Iterator[tuple[Entry, Entry]]:
        """Waiting entries of one bucket: by look, then by what is most alike."""
        met: list[tuple[Entry, Known]] = []
        left: list[Entry] = []
        for entry in entries:
            first = entry.remittances[0]
            known = self._candidates(first, account)
            found = next((each for each in known if _same_look(each.remittance, first)), None)
            if found is None:
                left.append(entry)
            else:
                found.met_in = self._statements
                met.append((entry, found))
        most = _MOST_COMPARED // max(1, len(left))
        options = [
            [each for each in islice(self._candidates(entry.remittances[0], account), most) if may_be(each, entry)]
            for entry in left
        ]
        pairs = paired(left, options)
        met += [(left[at], known) for at, known in pairs.items()]
        for entry, old in met:
            if (detailed := self._meet(old, entry, account)) is not None:
                yield entry, detailed
        for entry in (each for at, each in enumerate(left) if at not in pairs):
            if (new := self._new(entry, account)) is not None:
                yield entry, new
                self._doubt(new, account)

    def _doubt(self, entry: Entry, account: str) -> None:
        """Say where an older entry of another format has its day and amount, and may still be the same money."""
        first = entry.remittances[0]
        for each in islice(self._candidates(first, account), _MOST_DOUBTED):
            old = each.remittance
            if old.feed != first.feed and old.booked == first.booked and not surely_two(old, first):
                self._doubts.append(Doubt(known=old.id, fresh=first.id, line=entry.line))
                return

    def _candidates(self, first: Remittance, account: str) -> Iterator[Known]:
        """Older entries that it may be, and that none of this statement has met."""
        free = self._buckets.get(_bucket(first, account), _NONE).free(self._statements)
        yield from (each for each in free if each.may_be(first))
        if first.value_date is not None:
            key = (account, first.value_date, plain_amount(first.booked_amount))
            undated = self._by_value.get(key, _NONE).free(self._statements)
            yield from (each for each in undated if each.may_be(first) and _undated(each.remittance, first))

    def _meet(self, known: Known, entry: Entry, account: str) -> Entry | None:
        known.met_in = self._statements
        return self._detailed(known, entry, account)

    def _new(self, entry: Entry, account: str) -> Entry | None:
        """Under a new id; None where the bank's reference says that it is a part, or the sum, of what is there."""
        first = entry.remittances[0]
        if self._sums.has(first, account):
            return None
        ordinal = len(self._buckets.get(_bucket(first, account), _NONE).known)
        own_id = identity(first.rail, account, first, ordinal)
        parts = named(entry.remittances, own_id, account, first.place)
        self._keep(parts[0], account)
        for part in parts:
            self._of_file.append(self._sums.add(part, account))
        return replace(entry, remittances=parts)

    def _provided(self, entry: Entry) -> Entry | None:
        own_id = entry.remittances[0].id
        if own_id in self._providers:
            return None
        self._providers.add(own_id)
        self._of_file.append(lambda: self._providers.discard(own_id))
        return entry

    def _keep(self, first: Remittance, account: str, *, is_open: bool = True, is_guessed: bool = False) -> None:
        if first.rail != BANK and first.bank_reference:
            self._providers.add(first.id)
            return
        known = Known(first, is_open and not first.part_of_batch, self._statements, is_guessed)
        lines = [self._buckets.setdefault(_bucket(first, account), Line()).known]
        if first.value_date is not None:
            key = (account, first.value_date, plain_amount(first.booked_amount))
            lines.append(self._by_value.setdefault(key, Line()).known)
        for line in lines:
            line.append(known)
        self._of_file += [line.pop for line in lines]

    def _detailed(self, known: Known, entry: Entry, account: str) -> Entry | None:
        """The parts of an entry that was known by its sum alone; None where they are known, or nothing is told."""
        old, parts = known.remittance, entry.remittances
        tells_more = len(parts) > 1 or (not _names(old) and _names(parts[0]))
        if not known.is_open or old.feed == parts[0].feed or not tells_more:
            return None
        known.is_open = False
        self._of_file.append(lambda: setattr(known, "is_open", True))
        numbered = enumerate(parts, 1)
        named_after = (replace(each, id=f"{old.id}-{n}", account=account, entry=old.amount) for n, each in numbered)
        return replace(entry, remittances=tuple(named_after))


_NONE = Line()


def _names(remittance: Remittance) -> bool:
    """Whether anything tells who paid, or what for."""
    return any((remittance.payer, remittance.payer_account, remittance.reference, remittance.end_to_end))


def _bucket(remittance: Remittance, account: str) -> _Bucket:
    return account, remittance.booked, plain_amount(remittance.booked_amount)


def _same_mark(one: Remittance, other: Remittance) -> bool:
    """The bank's own reference, or the place in the account's history."""
    if one.place and one.place == other.place:
        return True
    same = one.bank_reference == other.bank_reference and is_unique(one.bank_reference)
    return same and not _apart(one, other)


def _same_look(one: Remittance, other: Remittance) -> bool:
    return one.feed == other.feed and _look(one) == _look(other) and not _apart(one, other)


def _apart(one: Remittance, other: Remittance) -> bool:
    """Whether one format puts the two at different places of the history."""
    return one.feed == other.feed and bool(one.place and other.place) and one.place != other.place


def _undated(one: Remittance, other: Remittance) -> bool:
    """Whether one is of an MT940 that may give only the value date."""
    undated = any(each.feed == "mt940" and each.booked == each.value_date for each in (one, other))
    return undated and one.booked != other.booked and one.feed != other.feed


def _look(each: Remittance) -> str:
    facts = (each.payer, each.payer_account, each.text, each.reference, each.end_to_end, each.bank_reference)
    return "".join(char for fact in facts for char in fact.casefold() if char.isalnum())
