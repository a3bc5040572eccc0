"""Money that a person recorded by hand, in full or in part, before the bank or a provider told of it.

1. It may be the same where the amount is the same, within ten days, and it came in the way that the person said, if
   any was said; each record meets one other at most.
2. It is the same where the text names an invoice of the record, however short; or, where it names none, where it comes
   from the record's client and exactly one record of that client has the amount.
3. Where the amount alone says so, or several records have it, a person is asked. So it is with money that went back.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from git_bill.money import Money
from git_bill.receivable.account import same_account
from git_bill.receivable.booked import Booked
from git_bill.receivable.matching.match import Applied, Explained, Match, Outcome, Proposed, Reason, Share
from git_bill.receivable.matching.number import Numbers, numbers
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.payer import Habits, Payer, Payers, account_key, payers
from git_bill.receivable.matching.reference import Named, read
from git_bill.receivable.payment import Aside, Stamp
from git_bill.receivable.recognised import aside, whole
from git_bill.receivable.remittance import BANK, HAND, Remittance

_SAME = timedelta(days=10)
_BY_BANK = frozenset(
    "bank transfer wire sepa iban ach swift eft überweisung ueberweisung banküberweisung virement bonifico"  # noqa: SIM905  a table, not code
    " transferencia transferência overschrijving överföring przelew átutalás".split()
)  # words for what a bank's statement shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """`sure`: a record of the same money, where that is certain; else `maybe`: those that it may be, oldest first.

    `numbers`: what it was recorded for.
    """

    sure: Remittance | None = None
    maybe: tuple[Remittance, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class ToldBefore:
    """What a person recorded and nothing has met yet. `opens`: every document; indexes of them are made when asked."""

    paid: Booked
    opens: Sequence[Open]
    habits: Habits
    clients: Mapping[str, str]
    records: dict[Money, list[Remittance]] = field(default_factory=dict)
    _forms: Numbers | None = None
    _payers: Payers | None = None

    @classmethod
    def of(cls, paid: Booked, opens: Mapping[str, Open], habits: Habits) -> "ToldBefore":
        """As it stands now."""
        listed = sorted(opens.values(), key=lambda each: each.number)
        clients = {number: each.client for number, each in opens.items()}
        found = cls(paid=paid, opens=listed, habits=habits, clients=clients)
        met = {each.of for each in paid.aside.values() if each.as_ == "same"}
        for each in sorted(paid.remittances.values(), key=lambda each: (each.booked, each.id)):
            if each.rail == HAND and each.id not in met:
                for amount in {each.amount, whole(each)}:
                    found.records.setdefault(amount, []).append(each)
        return found

    def meet(self, new: Remittance, outcome: Outcome | None = None) -> Met:
        """Which record it is. One that it surely is meets nothing else. `outcome`: what matching says of it."""
        listed = [each for amount in {new.amount, whole(new)} for each in self.records.get(amount, ())]
        near = {each.id: each for each in listed if abs(each.booked - new.booked) <= _SAME and _is_that_way(each, new)}
        if new.rail == HAND or not near:
            return Met()
        may = sorted(near.values(), key=lambda each: (each.booked, each.id))
        clear, unclear = self._named(new, outcome)
        if clear:
            meant = [each for each in may if clear & self._numbers(each)]
            return self._met(meant[0]) if meant else Met()  # else it is for another one
        payers_of = self._payers_of(new)
        theirs = [each for each in may if self._is_theirs(new, each, payers_of)]
        if not theirs and (payers_of or isinstance(outcome, Applied)):
            return Met()  # it is another client's
        meant = [each for each in theirs or may if unclear & self._numbers(each)] or theirs
        if len(meant) == 1:
            return self._met(meant[0])
        return Met(maybe=tuple(meant or may), numbers=tuple(sorted(self._numbers((meant or may)[0]))))

    def _met(self, record: Remittance) -> Met:
        for amount in {record.amount, whole(record)}:
            self.records[amount].remove(record)
        return Met(sure=record, numbers=tuple(sorted(self._numbers(record))))

    def _numbers(self, record: Remittance) -> set[str]:
        """Documents that a record is about; of what was returned, those that the payment was for."""
        own = self.paid.by_remittance.get(record.id, ())
        of = [one for each in own if each.returns for one in self.paid.by_remittance.get(each.returns, ())]
        return {each.invoice for each in (*own, *of) if each.invoice}

    def _named(self, new: Remittance, outcome: Outcome | None) -> tuple[set[str], set[str]]:
        """Documents that it names clearly, and those that it may name."""
        self._forms = self._forms or numbers(self.opens)
        naming = read(self._forms, new)
        found = {self.opens[at].number: how for at, how in naming.named.items()}
        clear = {number for number, how in found.items() if how >= Named.SHORT}
        if isinstance(outcome, Proposed) and _is_twice(outcome):
            clear |= set(outcome.match.invoices)
        return clear, {number for number, how in found.items() if Named.BARE <= how < Named.SHORT}

    def _payers_of(self, new: Remittance) -> frozenset[str]:
        """Clients that it may be from."""
        self._payers = self._payers or payers(self.opens, self.habits)
        return frozenset(client for client, how in self._payers.of(new).items() if how >= Payer.SIMILAR)

    def _is_theirs(self, new: Remittance, record: Remittance, clients: frozenset[str]) -> bool:
        """Whether both are of one client, by account or by name."""
        account = account_key(record.payer_account)
        if account and account == account_key(new.payer_account):
            return True
        owners = {self.clients[number] for number in self._numbers(record) if number in self.clients}
        return bool(clients & (owners or self._payers_of(record)))


def same_money(
    outcomes: Iterable[Outcome], before: ToldBefore, stamp: Stamp
) -> tuple[tuple[Aside, ...], tuple[Outcome, ...]]:
    """What was recorded by hand before, and of the rest what is left to say."""
    found: list[Aside] = []
    left: list[Outcome] = []
    for outcome in outcomes:
        new = before.paid.remittances[outcome.remittance]
        met = before.meet(new, outcome)
        if met.sure is not None:
            found.append(aside(new, met.sure, "same", f"recorded by hand for {', '.join(met.numbers)}", stamp))
        else:
            left.append(_asked(outcome, new, met) if met.maybe else outcome)
    return tuple(found), tuple(left)


def _asked(outcome: Outcome, new: Remittance, met: Met) -> Outcome:
    """That it may be the same money."""
    others = (outcome.match, *outcome.others) if isinstance(outcome, Proposed) else ()
    if isinstance(outcome, Applied):
        others = (outcome.match,)
    record, named = met.maybe[0], ", ".join(met.numbers)
    told = f"{record.amount} of {record.booked} was recorded by hand for {named or record.payer}"
    same = f"if it is the same money, take that back, and this is matched: git bill paid --undo {record.id}"
    match = Match(
        remittance=new.id,
        shares=tuple(Share(invoice=each, amount=new.amount * 0, settles=new.amount * 0) for each in met.numbers),
        probability=0.5,
        reasons=(Reason(kind="amount", text=f"has the amount of {record.id}"),),
        difference=Explained(kind="twice", amount=new.amount, text=told),
    )
    return Proposed(match=match, because=f"{told}: {same}", others=others)


def _is_that_way(record: Remittance, new: Remittance) -> bool:
    """Whether it may have come in the way that the person said: cash and cheques are on no statement."""
    way = record.account
    names = re.findall(r"\w+", f"{new.rail} {new.feed} {new.account}".casefold())
    plain = set(re.findall(r"\w+", way.casefold()))
    known = {*names, *(_BY_BANK if new.rail == BANK else ())}
    return not plain or same_account(way, new.account) or bool(plain & known)


def _is_twice(outcome: Proposed) -> bool:
    return outcome.match.difference is not None and outcome.match.difference.kind == "twice"
