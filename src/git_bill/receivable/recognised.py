"""What a remittance is without any guess: money that goes back, money between own accounts, money known already.

1. What takes back a known remittance (`reverses`: the bank's or provider's own id, or the payer's end-to-end id) undoes
   its allocations from the last to the first, as far as it reaches; a refund first returns what was left over, and pays
   out credit notes before it opens an invoice again. In another currency only the whole of it is undone.
2. A provider's payout and the bank's credit of the same amount up to a week later are two sides of one transfer, where
   the bank's text names the provider or the payout; the oldest first.
3. A payment that a person recorded by hand, and one of a statement or provider that names the same invoice with the
   same amount within ten days, are the same money. Each meets one other at most.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from git_bill.money import Money, total
from git_bill.receivable.booked import Booked
from git_bill.receivable.matching.match import Match, Outcome, Proposed, Reason, Share
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.payer import account_key
from git_bill.receivable.payment import Allocation, Apart, Aside, Stamp, record_id
from git_bill.receivable.remittance import BANK, Remittance

HAND = "hand"  # the rail of what a person recorded
_BACK = frozenset({"refund", "chargeback"})
_PAYOUT = timedelta(days=7)
_BEFORE = timedelta(days=2)
_SAME = timedelta(days=10)


def is_back(remittance: Remittance) -> bool:
    """Whether it takes another one back, or gives back what was taken back."""
    return remittance.kind in _BACK or bool(remittance.reverses)


def named_in(remittance: Remittance, numbers: Iterable[str]) -> tuple[str, ...]:
    """Documents whose whole number stands in its text, whatever is between the letters and digits."""
    text = _plain(f"{remittance.text} {remittance.reference} {remittance.end_to_end}")
    return tuple(number for number in numbers if _plain(number) in text)


def _plain(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())


def paid_out(remittance: Remittance, opens: Mapping[str, Open], paid: Booked) -> Proposed | None:
    """Money that went out and names a credit note whose open amount it is: for a person to confirm, always."""
    named = named_in(remittance, opens)
    fits = [number for number in named if opens[number].open == remittance.amount]
    if remittance.is_in or is_back(remittance) or len(fits) != 1:
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
    """The one remittance that it takes back by name; None where none or several have that name."""
    if not remittance.reverses:
        return None
    name = remittance.reverses
    found = [
        each
        for each in known
        if each.id != remittance.id
        and each.rail == remittance.rail
        and name in {each.bank_reference, each.end_to_end, each.id}
        and each.amount.amount * remittance.amount.amount < 0
    ]
    return found[0] if len(found) == 1 else None


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
    family = [of, *(each for each in paid.remittances.values() if _takes(each, of) and each.id in paid.by_remittance)]
    standing = total((whole(each) for each in family), of.amount.currency)
    asked = -whole(remittance)
    if asked.currency != standing.currency or asked.amount * standing.amount <= 0:
        return ()
    if abs(asked.amount) > abs(standing.amount):
        return ()
    parts = list(_all_parts(remittance, of, family, paid, notes))
    if asked != standing:
        parts = _first(parts, -asked)
    if not parts:
        return ()
    extra = remittance.amount - total((each.amount for each in parts), remittance.amount.currency)
    parts[0] = replace(parts[0], amount=parts[0].amount + extra)  # the fee that goes with it
    return tuple(_allocations(remittance, parts, stamp))


def _takes(remittance: Remittance, of: Remittance) -> bool:
    names = {of.bank_reference, of.end_to_end, of.id} - {""}
    return remittance.id != of.id and remittance.rail == of.rail and remittance.reverses in names


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


def transfers(remittances: Iterable[Remittance], paid: Booked, stamp: Stamp) -> tuple[Aside, ...]:
    """Payouts of providers and the bank's credits that they are. `remittances`: new and older ones, undecided."""
    undecided = sorted(remittances, key=lambda each: (each.booked, each.id))
    free = [each for each in undecided if each.rail == BANK and each.is_in and each.id not in paid.decided]
    found: list[Aside] = []
    for payout in undecided:
        if payout.kind != "payout" or payout.rail == BANK or payout.id in paid.decided:
            continue
        credit = next((each for each in free if _is_payout(each, payout)), None)
        if credit is not None:
            free.remove(credit)
            because = f"payout {payout.bank_reference} of {payout.rail}"
            for one, other in ((credit, payout), (payout, credit)):
                found.append(
                    Aside(remittance=one.id, as_="transfer", of=other.id, because=because, by=stamp.by, at=stamp.at)
                )
    return tuple(found)


def _is_payout(credit: Remittance, payout: Remittance) -> bool:
    told = f"{credit.payer} {credit.text} {credit.end_to_end} {credit.bank_reference}".casefold()
    named = payout.rail in told or (bool(payout.bank_reference) and payout.bank_reference.casefold() in told)
    in_time = payout.booked - _BEFORE <= credit.booked <= payout.booked + _PAYOUT
    return named and in_time and credit.amount == -payout.amount


def same_money(outcomes: Iterable[Outcome], paid: Booked, stamp: Stamp) -> tuple[Aside, ...]:
    """Payments that a person recorded by hand before the bank told of them. `outcomes`: of what is new."""
    met = {each.of for each in paid.aside.values() if each.as_ == "same"}
    found: list[Aside] = []
    for outcome in outcomes:
        difference = outcome.match.difference if isinstance(outcome, Proposed) else None
        if not isinstance(outcome, Proposed) or difference is None or difference.kind != "twice":
            continue
        new = paid.remittances[outcome.remittance]
        hand = (each for number in outcome.match.invoices for each in _by_hand(number, paid))
        old = next((each for each in hand if each.id not in met and _same(each, new)), None)
        if old is not None:
            met.add(old.id)
            because = f"recorded by hand for {', '.join(outcome.match.invoices)}"
            found.append(_aside(new, "same", old, because, stamp))
    return tuple(found)


def _by_hand(number: str, paid: Booked) -> Iterator[Remittance]:
    remittances = (paid.remittances[each.remittance] for each in paid.by_invoice.get(number, ()))
    return (each for each in remittances if each.rail == HAND)


def _same(old: Remittance, new: Remittance) -> bool:
    amounts = {old.amount, whole(old)} & {new.amount, whole(new)}
    return bool(amounts) and new.rail != HAND and abs(old.booked - new.booked) <= _SAME


def _aside(remittance: Remittance, apart: Apart, of: Remittance, because: str, stamp: Stamp) -> Aside:
    return Aside(remittance=remittance.id, as_=apart, of=of.id, because=because, by=stamp.by, at=stamp.at)
