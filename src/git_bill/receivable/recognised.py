"""What a remittance is without any guess: money that goes back, money between own accounts, money known already.

1. What takes back a known remittance (`reverses`: the bank's or provider's own id, or the payer's end-to-end id) undoes
   its allocations from the last to the first, as far as it reaches; a refund first returns what was left over, and pays
   out credit notes before it opens an invoice again. In another currency only the whole of it is undone.
2. A provider's payout and the bank's credit of the same amount up to a week later are two sides of one transfer, where
   the bank's text has the payout's id; else where its payer or text names the provider, the oldest first.
What a person recorded by hand before is in `told_before.py`, a return that does not say of what in `returned.py`.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from git_bill.money import Money, total
from git_bill.receivable.booked import Booked
from git_bill.receivable.matching.match import Match, Proposed, Reason, Share
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.payer import account_key
from git_bill.receivable.payment import Allocation, Apart, Aside, Stamp, record_id
from git_bill.receivable.remittance import BANK, Remittance

_BACK = frozenset({"refund", "chargeback"})
_PAYOUT = timedelta(days=7)
_BEFORE = timedelta(days=2)


def is_back(remittance: Remittance) -> bool:
    """Whether it takes another one back, or gives back what was taken back."""
    return remittance.kind in _BACK or bool(remittance.reverses)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Documents' numbers by the count of their letters and digits, so that none is looked for on its own."""

    by_length: Mapping[int, Mapping[str, tuple[str, ...]]]

    @classmethod
    def of(cls, numbers: Iterable[str]) -> "Numbers":
        """To be asked many times."""
        found: dict[int, dict[str, tuple[str, ...]]] = {}
        for number in numbers:
            plain = _plain(number)
            same = found.setdefault(len(plain), {})
            same[plain] = (*same.get(plain, ()), number)
        return cls(found)

    def named_in(self, remittance: Remittance) -> tuple[str, ...]:
        """Documents whose whole number stands in its text, whatever is between the letters and digits."""
        text = _plain(f"{remittance.text} {remittance.reference} {remittance.end_to_end}")
        return tuple(
            dict.fromkeys(
                number
                for length, same in self.by_length.items()
                for at in range(len(text) - length + 1)
                for number in same.get(text[at : at + length], ())
            )
        )


def _plain(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())


def paid_out(remittance: Remittance, numbers: Numbers, opens: Mapping[str, Open], paid: Booked) -> Proposed | None:
    """Money that went out and names a credit note whose open amount it is: for a person to confirm, always."""
    if remittance.is_in or is_back(remittance):
        return None
    fits = [number for number in numbers.named_in(remittance) if opens[number].open == remittance.amount]
    if len(fits) != 1:
        return None
    account = account_key(remittance.payer_account)
    payers = [paid.remittances[each.remittance] for each in paid.allocations if each.settles.amount > 0]
    known = account and any(account_key(each.payer_account) == account for each in payers)
    whom = "to an account that paid before" if known else "to another account than any that paid"
    told = (Reason(kind="reference", text=f"names {fits[0]}"), Reason(kind="amount", text="is the open amount"))
    match = Match(
        remittance=remittance.id,
        shares=(Share(invoice=fits[0], amount=remittance.amount, settles=remittance.amount),),
        probability=0.9 if known else 0.5,
        reasons=(*told, Reason(kind="payer", text=f"went {whom}")),
    )
    return Proposed(match=match, because="money that went out is only ever proposed")


def origin(remittance: Remittance, known: Iterable[Remittance]) -> Remittance | None:
    """The one remittance that it takes back by name; None where none or several have that name.

    At a bank, an end-to-end id is what a payer chose: it counts only with the account of who had paid.
    """
    if not remittance.reverses:
        return None
    name = remittance.reverses
    found = [
        each
        for each in known
        if each.id != remittance.id
        and each.rail == remittance.rail
        and (name in {each.bank_reference, each.id} or (name == each.end_to_end and _may_name(remittance, each)))
        and each.amount.amount * remittance.amount.amount < 0
    ]
    return found[0] if len(found) == 1 else None


def _may_name(remittance: Remittance, of: Remittance) -> bool:
    account = account_key(of.payer_account)
    return of.rail != BANK or (bool(account) and account == account_key(remittance.payer_account))


def by_name(known: Iterable[Remittance]) -> Mapping[tuple[str, str], Sequence[Remittance]]:
    """Remittances by rail and any name that what takes them back may use."""
    found: dict[tuple[str, str], list[Remittance]] = {}
    for each in known:
        for name in _names(each):
            found.setdefault((each.rail, name), []).append(each)
    return found


def _names(remittance: Remittance) -> Iterable[str]:
    return dict.fromkeys(filter(None, (remittance.bank_reference, remittance.end_to_end, remittance.id)))


def whole(remittance: Remittance) -> Money:
    """With what bank or provider kept of it, as the payer sees it."""
    fee = remittance.fee
    return (
        remittance.amount + fee if fee is not None and fee.currency == remittance.amount.currency else remittance.amount
    )


Notes = Mapping[str, Sequence[tuple[str, Money]]]  # invoice → its credit notes with what is open of them, below zero


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What is taken back of one invoice, or returned of a remittance. Amounts with the sign of what takes back."""

    invoice: str = ""
    returns: str = ""
    amount: Money
    settles: Money


def taken_back(
    remittance: Remittance, of: Remittance, paid: Booked, notes: Notes, stamp: Stamp
) -> tuple[Allocation, ...]:
    """Allocations of what takes `of` back; none where that is more than is left, or a part in another currency."""
    family = _family(of, paid)
    if len({each.amount.currency for each in (remittance, *family)}) > 1:
        return ()
    standing = total((whole(each) for each in family), of.amount.currency)
    asked = -whole(remittance)
    if asked.amount * standing.amount <= 0 or abs(asked.amount) > abs(standing.amount):
        return ()
    parts = list(_all_parts(remittance, of, family, paid, notes))
    if asked != standing:
        parts = _first(parts, -asked)
    if not parts:
        return ()
    extra = remittance.amount - total((each.amount for each in parts), remittance.amount.currency)
    parts[0] = replace(parts[0], amount=parts[0].amount + extra)  # the fee that goes with it
    return tuple(_allocations(remittance, parts, stamp))


def _family(of: Remittance, paid: Booked) -> list[Remittance]:
    """It, what took it back, what gave that back again, and so on, as far as it is booked; the oldest step first."""
    found = {of.id: of}
    for each in (line := [of]):
        for name in _names(each):
            for taker in paid.takers.get((each.rail, name), ()):
                if taker.id not in found and taker.id in paid.by_remittance:
                    found[taker.id] = taker
                    line.append(taker)
    return line


def _all_parts(
    remittance: Remittance, of: Remittance, family: Sequence[Remittance], paid: Booked, notes: Notes
) -> Iterator[_Part]:
    """Everything that stands of `of`, taken back: what was left over first, then the last invoice first."""
    rest = paid.rest(of.id) if of.is_in else Money.zero(of.amount.currency)
    if rest:
        yield _Part(returns=of.id, amount=-rest, settles=-rest)
    allocations = [each for member in family for each in paid.by_remittance.get(member.id, ()) if each.invoice]
    for invoice in dict.fromkeys(each.invoice for each in reversed(allocations)):
        mine = [each for each in allocations if each.invoice == invoice]
        amount = total((each.amount for each in mine), remittance.amount.currency)
        settles = total((each.settles for each in mine), mine[0].settles.currency)
        is_refund = remittance.kind == "refund" and not remittance.is_in and settles.amount > 0
        for note, unpaid in notes.get(invoice, ()) if is_refund else ():
            if unpaid.amount < 0 and unpaid.currency == amount.currency and settles.amount > 0:
                given = min(settles, -unpaid)
                yield _Part(invoice=note, amount=-given, settles=-given)
                amount, settles = amount - given, settles - given
        if settles:
            yield _Part(invoice=invoice, amount=-amount, settles=-settles)


def _first(parts: Sequence[_Part], asked: Money) -> list[_Part]:
    """Of all parts the first ones, as far as they reach; nothing where they are of two currencies or directions."""
    if any(each.settles.currency != asked.currency or each.settles.amount * asked.amount < 0 for each in parts):
        return []
    left, found = asked, []
    for each in parts:
        taken = each.settles if abs(each.settles.amount) <= abs(left.amount) else left
        if taken:
            found.append(replace(each, amount=taken, settles=taken))
            left = left - taken
    return found if not left else []


def _allocations(remittance: Remittance, parts: Iterable[_Part], stamp: Stamp) -> Iterator[Allocation]:
    for each in parts:
        same = each.amount.currency == each.settles.currency
        yield Allocation(
            id=record_id("A", stamp.at, remittance.id, each.invoice or each.returns),
            remittance=remittance.id,
            invoice=each.invoice,
            returns=each.returns,
            amount=each.amount,
            settles=each.settles,
            difference=None if each.amount == each.settles else "fee" if same else "exchange",
            how="matched",
            reasons=(f"it takes back {remittance.reverses}",),
            by=stamp.by,
            at=stamp.at,
        )


def transfers(
    remittances: Iterable[Remittance], paid: Booked, stamp: Stamp, opens: Iterable[Open] = ()
) -> tuple[Aside, ...]:
    """Payouts of providers and the bank's credits that they are. `remittances`: new and older ones, undecided.

    `opens`: every document: what names an open one, or comes from a client, is no payout by the provider's name alone.
    """
    undecided = sorted(remittances, key=lambda each: (each.booked, each.id))
    free: dict[Money, list[Remittance]] = {}
    for each in undecided:
        if each.rail == BANK and each.is_in and not paid.is_decided(each.id):
            free.setdefault(each.amount, []).append(each)
    payouts = [each for each in undecided if each.kind == "payout" and each.rail != BANK]
    left = [each for each in payouts if not paid.is_decided(each.id)]
    listed = tuple(opens) if left else ()
    numbers = Numbers.of(each.number for each in listed if each.open)
    clients = frozenset(name.casefold() for each in listed for name in each.names)
    found: list[Aside] = []
    met: set[str] = set()
    for is_it in (_is_named, lambda one, other: _is_from(one, other, numbers, clients)):
        for payout in (each for each in left if each.id not in met):
            same = free.get(-payout.amount, [])
            credit = next((each for each in same if _in_time(each, payout) and is_it(each, payout)), None)
            if credit is not None:
                same.remove(credit)
                met.add(payout.id)
                because = f"payout {payout.bank_reference} of {payout.rail}"
                found += [aside(*pair, "transfer", because, stamp) for pair in ((credit, payout), (payout, credit))]
    return tuple(found)


def _in_time(credit: Remittance, payout: Remittance) -> bool:
    return payout.booked - _BEFORE <= credit.booked <= payout.booked + _PAYOUT


def _is_named(credit: Remittance, payout: Remittance) -> bool:
    """Whether the text has the payout's own id."""
    text = f"{credit.text} {credit.end_to_end} {credit.bank_reference}"
    return bool(payout.bank_reference) and payout.bank_reference.casefold() in _words(text)


def _is_from(credit: Remittance, payout: Remittance, numbers: Numbers, clients: Collection[str]) -> bool:
    """Whether it comes from the provider, as far as the payer's name or the text tells."""
    named = payout.rail in _words(f"{credit.payer} {credit.text}")
    return named and credit.payer.casefold() not in clients and not numbers.named_in(credit)


def _words(text: str) -> frozenset[str]:
    """Whole words, an underscore being a part of one: `po_1`."""
    return frozenset(re.findall(r"\w+", text.casefold()))


def aside(remittance: Remittance, of: Remittance, apart: Apart, because: str, stamp: Stamp) -> Aside:
    """A remittance that is the other side of another one, or the same money."""
    return Aside(remittance=remittance.id, as_=apart, of=of.id, because=because, by=stamp.by, at=stamp.at)
