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
6. What meets none is new and gets the id of the next ordinal in its bucket. Providers' movements go by their own ids.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from git_bill.contract.identifier import is_iban
from git_bill.receivable.account import normalized, same_account
from git_bill.receivable.feeds.feed import Entry, identity, named
from git_bill.receivable.remittance import BANK, Remittance, plain_amount

_Bucket = tuple[str, object, str]  # account, day, amount


@dataclass(slots=True)
class _Known:
    """An entry that is there: its first remittance, and the statement that met it last."""

    remittance: Remittance
    met_in: int = -1


@dataclass(slots=True)
class Seen:
    """All entries so far. One statement after the other is passed through `fresh`."""

    _buckets: dict[_Bucket, list[_Known]] = field(default_factory=dict)
    _by_value: dict[_Bucket, list[_Known]] = field(default_factory=dict)
    _accounts: dict[str, str] = field(default_factory=dict)
    _providers: set[str] = field(default_factory=set)
    _statements: int = 0

    @classmethod
    def of(cls, known: Iterable[Remittance]) -> "Seen":
        """With what the books have; of a batch each part, of which one is enough."""
        seen = cls()
        entries: set[str] = set()
        for each in known:
            entry = each.id.rpartition("-")[0] if each.part_of_batch else each.id
            if entry not in entries:
                entries.add(entry)
                seen._keep(each, seen.account(each.account), -1)
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

    def fresh(self, entry: Entry) -> Entry | None:
        """The entry under its lasting id, or None where it is there already."""
        first = entry.remittances[0]
        if first.rail != BANK and first.bank_reference:
            return self._provided(entry)
        account = self.account(first.account)
        known = self._met(first, account)
        if known is not None:
            known.met_in = self._statements
            return None
        ordinal = len(self._buckets.get(_bucket(first, account), ()))
        own_id = identity(first.rail, account, first, ordinal)
        parts = named(entry.remittances, own_id, account, first.place)
        self._keep(parts[0], account, self._statements)
        return replace(entry, remittances=parts)

    def _provided(self, entry: Entry) -> Entry | None:
        own_id = entry.remittances[0].id
        if own_id in self._providers:
            return None
        self._providers.add(own_id)
        return entry

    def _keep(self, first: Remittance, account: str, statement: int) -> None:
        if first.rail != BANK and first.bank_reference:
            self._providers.add(first.id)
            return
        known = _Known(first, statement)
        self._buckets.setdefault(_bucket(first, account), []).append(known)
        if first.value_date is not None:
            self._by_value.setdefault((account, first.value_date, plain_amount(first.booked_amount)), []).append(known)

    def _met(self, first: Remittance, account: str) -> _Known | None:
        """The older entry that it is."""
        free = [each for each in self._buckets.get(_bucket(first, account), ()) if each.met_in != self._statements]
        for is_same in (_same_mark, _same_look, _other_feed):
            found = next((each for each in free if is_same(each.remittance, first)), None)
            if found is not None:
                return found
        if first.value_date is None:
            return None
        key = (account, first.value_date, plain_amount(first.booked_amount))
        return next(
            (
                each
                for each in self._by_value.get(key, ())
                if each.met_in != self._statements and _undated(each.remittance, first)
            ),
            None,
        )


def _bucket(remittance: Remittance, account: str) -> _Bucket:
    return account, remittance.booked, plain_amount(remittance.booked_amount)


def _same_mark(one: Remittance, other: Remittance) -> bool:
    """The bank's own reference, or the place in the account's history."""
    if one.place and one.place == other.place:
        return True
    return bool(one.bank_reference) and one.bank_reference == other.bank_reference and not _apart(one, other)


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
