"""What is new in a statement, whatever was imported before: overlapping files, other formats, the same file again.

1. An entry is known by what every format tells in the same way: account, booked day, booked amount. All entries that
   agree in these are one bucket; a batch counts with its total, so it meets the one line that MT940 or CSV has of it.
2. In a bucket an arriving entry is an older one if the bank's reference is the same, or the balance after it (one
   that came back to the same amount within a day, between two equal payments in two files, is the one blind spot).
3. Within one format it is an older one if also payer, text and references are the same, unless both tell the balance
   after them and it differs: then these are two payments of equal look.
4. Between two formats, which never write the same text, it is the first of the older ones that no entry of this
   statement has met yet and that is not from another IBAN; so two equal payments in one format meet two in the
   other, and a third is new.
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
from decimal import Decimal

from git_bill.contract.identifier import is_iban
from git_bill.receivable.account import normalized, same_account
from git_bill.receivable.feeds.feed import Entry, identity, named
from git_bill.receivable.remittance import BANK, Remittance, entry_id, plain_amount

_SHORTEST_REFERENCE = 5
_Bucket = tuple[str, object, str]  # account, day, amount
_Reference = tuple[str, object, str, str, bool]  # account, day, reference of the bank, currency, whether received
_Sum = tuple[Decimal, Decimal]  # the largest amount of a format, and all of them together


@dataclass(slots=True)
class _Known:
    """An entry that is there: its first remittance, whether it may still be detailed, and who met it last."""

    remittance: Remittance
    is_open: bool
    met_in: int = -1


@dataclass(slots=True)
class _Line:
    """Entries that agree in something, oldest first. Those that a statement has met are stepped over once."""

    known: list[_Known] = field(default_factory=list)
    statement: int = -1
    begin: int = 0

    def free(self, statement: int) -> Iterator[_Known]:
        """Those that no entry of this statement has met."""
        if self.statement != statement:
            self.statement, self.begin = statement, 0
        while self.begin < len(self.known) and self.known[self.begin].met_in == statement:
            self.begin += 1
        for at in range(self.begin, len(self.known)):
            if self.known[at].met_in != statement:
                yield self.known[at]


@dataclass(slots=True)
class Seen:
    """All entries so far. One statement after the other is passed through `fresh`."""

    _buckets: dict[_Bucket, _Line] = field(default_factory=dict)
    _by_value: dict[_Bucket, _Line] = field(default_factory=dict)
    _by_reference: dict[_Reference, dict[str, _Sum]] = field(default_factory=dict)
    _accounts: dict[str, str] = field(default_factory=dict)
    _providers: set[str] = field(default_factory=set)
    _statements: int = 0
    _of_file: list[Callable[[], object]] = field(default_factory=list)

    @classmethod
    def of(cls, known: Iterable[Remittance], decided: Collection[str] = ()) -> "Seen":
        """With what the books have; of a batch each part, of which one is enough. `decided`: ids that stay."""
        seen = cls()
        entries: set[str] = set()
        for each in sorted(known, key=lambda each: not each.part_of_batch):
            entry, account = entry_id(each), seen.account(each.account)
            if entry not in entries:
                entries.add(entry)
                seen._keep(each, account, is_open=each.id not in decided)
            seen._add_up(each, account)
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
        self.next_statement()

    def forget_file(self) -> None:
        """Nothing of this file is imported: what it has is new again when another file tells it."""
        while self._of_file:
            self._of_file.pop()()

    def fresh(self, entry: Entry) -> Entry | None:
        """The entry under its lasting id, or None where it is there already."""
        first = entry.remittances[0]
        if first.rail != BANK and first.bank_reference:
            return self._provided(entry)
        account = self.account(first.account)
        known = self._met(first, account)
        if known is not None:
            known.met_in = self._statements
            return self._detailed(known, entry, account)
        if self._is_part_or_sum(first, account):
            return None
        ordinal = len(self._buckets.get(_bucket(first, account), _NONE).known)
        own_id = identity(first.rail, account, first, ordinal)
        parts = named(entry.remittances, own_id, account, first.place)
        self._keep(parts[0], account)
        for part in parts:
            self._add_up(part, account)
        return replace(entry, remittances=parts)

    def _provided(self, entry: Entry) -> Entry | None:
        own_id = entry.remittances[0].id
        if own_id in self._providers:
            return None
        self._providers.add(own_id)
        self._of_file.append(lambda: self._providers.discard(own_id))
        return entry

    def _keep(self, first: Remittance, account: str, *, is_open: bool = True) -> None:
        if first.rail != BANK and first.bank_reference:
            self._providers.add(first.id)
            return
        known = _Known(first, is_open and not first.part_of_batch, self._statements)
        lines = [self._buckets.setdefault(_bucket(first, account), _Line()).known]
        if first.value_date is not None:
            key = (account, first.value_date, plain_amount(first.booked_amount))
            lines.append(self._by_value.setdefault(key, _Line()).known)
        for line in lines:
            line.append(known)
        self._of_file += [line.pop for line in lines]

    def _detailed(self, known: _Known, entry: Entry, account: str) -> Entry | None:
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

    def _add_up(self, part: Remittance, account: str) -> None:
        """Remember what was booked with a reference of the bank."""
        if not _is_unique(part.bank_reference):
            return
        by_feed = self._by_reference.setdefault(_reference(part, account), {})
        before, amount = by_feed.get(part.feed, (Decimal(0), Decimal(0))), part.booked_amount.amount
        by_feed[part.feed] = (max(before[0], abs(amount)), before[1] + amount)
        self._of_file.append(lambda: by_feed.update({part.feed: before}))

    def _is_part_or_sum(self, first: Remittance, account: str) -> bool:
        """Whether the bank's reference says that it is a part of a known sum, or the sum of known parts."""
        amount = first.booked_amount.amount
        known = self._by_reference.get(_reference(first, account), {}) if _is_unique(first.bank_reference) else {}
        others = [told for feed, told in known.items() if feed != first.feed and told[0]]
        return any(largest > abs(amount) or whole == amount for largest, whole in others)

    def _met(self, first: Remittance, account: str) -> _Known | None:
        """The older entry that it is."""
        line = self._buckets.get(_bucket(first, account), _NONE)
        for is_same in (_same_mark, _same_look, _other_feed):
            found = next((each for each in line.free(self._statements) if is_same(each.remittance, first)), None)
            if found is not None:
                return found
        if first.value_date is None:
            return None
        key = (account, first.value_date, plain_amount(first.booked_amount))
        undated = self._by_value.get(key, _NONE).free(self._statements)
        return next((each for each in undated if _undated(each.remittance, first)), None)


_NONE = _Line()


def _names(remittance: Remittance) -> bool:
    """Whether anything tells who paid, or what for."""
    return any((remittance.payer, remittance.payer_account, remittance.reference, remittance.end_to_end))


def _bucket(remittance: Remittance, account: str) -> _Bucket:
    return account, remittance.booked, plain_amount(remittance.booked_amount)


def _reference(remittance: Remittance, account: str) -> _Reference:
    amount = remittance.amount
    return account, remittance.booked, remittance.bank_reference, amount.currency, remittance.is_in


def _is_unique(reference: str) -> bool:
    """Whether a reference is long enough to be of one entry alone."""
    return len(reference) >= _SHORTEST_REFERENCE


def _same_mark(one: Remittance, other: Remittance) -> bool:
    """The bank's own reference, or the place in the account's history."""
    if one.place and one.place == other.place:
        return True
    same = one.bank_reference == other.bank_reference and _is_unique(one.bank_reference)
    return same and not _apart(one, other)


def _same_look(one: Remittance, other: Remittance) -> bool:
    return one.feed == other.feed and _look(one) == _look(other) and not _apart(one, other)


def _other_feed(one: Remittance, other: Remittance) -> bool:
    payers = normalized(one.payer_account), normalized(other.payer_account)
    of_two = payers[0] != payers[1] and all(map(is_iban, payers))
    return one.feed != other.feed and not of_two


def _apart(one: Remittance, other: Remittance) -> bool:
    """Whether one format puts the two at different places of the history."""
    return one.feed == other.feed and bool(one.place and other.place) and one.place != other.place


def _undated(one: Remittance, other: Remittance) -> bool:
    """Whether one is of an MT940 that may give only the value date."""
    undated = any(each.feed == "mt940" and each.booked == each.value_date for each in (one, other))
    return undated and _other_feed(one, other)


def _look(each: Remittance) -> str:
    facts = (each.payer, each.payer_account, each.text, each.reference, each.end_to_end, each.bank_reference)
    return "".join(char for fact in facts for char in fact.casefold() if char.isalnum())
