"""A bank's debit that returns a payment and does not tell its id: which payment that is, or what a person is asked.

It is the payment of the same account with the whole amount, not taken back yet, that has the payer's account or settles
what the debit names. Only where that is exactly one it is taken back by itself; else it is asked about. A debit that
is no return by any known word, but names what was paid, is only ever asked about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from git_bill.money import Money, total
from git_bill.receivable.booked import Booked
from git_bill.receivable.matching.match import Difference, Explained, Match, Proposed, Reason, Share
from git_bill.receivable.matching.payer import account_key
from git_bill.receivable.payment import Allocation
from git_bill.receivable.recognised import Notes, Numbers, is_back, origin, whole
from git_bill.receivable.remittance import BANK, Remittance

_OTHERS = 3  # that are shown
_PAYING = frozenset({"same", "credit"})  # put aside, and yet a payment of a client


def is_return(remittance: Remittance) -> bool:
    """Whether a bank says that it took a payment back."""
    return remittance.rail == BANK and not remittance.is_in and remittance.kind == "chargeback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Returnable:
    """Payments at banks that were not taken back yet. `numbers`: of all issued documents."""

    paid: Booked
    numbers: Numbers
    by_amount: Mapping[tuple[str, Money], Sequence[Remittance]]

    @classmethod
    def of(cls, paid: Booked, numbers: Iterable[str]) -> "Returnable":
        """As it stands now."""
        found: dict[tuple[str, Money], list[Remittance]] = {}
        for each in sorted(paid.remittances.values(), key=lambda each: (each.booked, each.id)):
            aside = paid.aside.get(each.id)
            if each.rail == BANK and each.is_in and (aside is None or aside.as_ in _PAYING):
                found.setdefault((each.account, whole(each)), []).append(each)
        takers = (each for each in paid.remittances.values() if each.rail == BANK and not each.is_in)
        for taker in sorted(takers, key=lambda each: (each.booked, each.id)):
            listed = found.get((taker.account, -whole(taker)), [])
            if taken := _taken_by(taker, listed, paid):
                listed.remove(taken)
        return cls(paid=paid, numbers=Numbers.of(numbers), by_amount=found)

    def payment(self, back: Remittance) -> Remittance | None:
        """The one payment that it surely returns; of what a person recorded before, that record."""
        found = self.agreeing(back)
        if not is_return(back) or len(found) != 1:
            return None
        of = _recorded(found[0], self.paid)
        invoices = (each.invoice for each in self.paid.by_remittance.get(of.id, ()))
        return None if any((back.id, number) in self.paid.refused for number in invoices) else of

    def same_amount(self, back: Remittance) -> list[Remittance]:
        """Payments that it may return by account, amount and day."""
        listed = self.by_amount.get((back.account, -whole(back)), ())
        return [each for each in listed if each.booked <= back.booked]

    def agreeing(self, back: Remittance) -> list[Remittance]:
        """Those of them that settle what it names; where it names nothing, those of the payer's account."""
        listed = self.same_amount(back)
        if named := set(self.numbers.named_in(back)):
            return [each for each in listed if named & set(self._meant(each))]
        account = account_key(back.payer_account)
        return [each for each in listed if account and account_key(each.payer_account) == account]

    def _meant(self, payment: Remittance) -> Iterable[str]:
        """What it settles; where nobody has decided on it, what it names."""
        settled = [each.invoice for each in _allocations(payment, self.paid)]
        return settled or self.numbers.named_in(payment)

    def asked(self, back: Remittance, notes: Notes) -> Proposed | None:
        """What a person is asked of money that went out; None where nothing shows what it is."""
        if back.rail != BANK or back.is_in or back.kind in {"fee", "payout"}:
            return None
        named = self.numbers.named_in(back)
        credit = [note for number in named for note, unpaid in notes.get(number, ()) if unpaid == back.amount]
        if len(credit) == 1:
            return _note(back, credit[0], named)
        if not is_back(back):
            return self._opening(back, named)
        agreeing = self.agreeing(back)
        matches = [found for each in reversed(agreeing or self.same_amount(back)) if (found := self._match(back, each))]
        if not matches:
            return self._opening(back, named)
        why = "several payments may be the one that it returns"
        if not agreeing:
            why = "neither an account nor a number tells which payment it returns"
        elif len(agreeing) == 1:
            why = "a person took this back before"
        return Proposed(match=matches[0], because=why, others=tuple(matches[1 : 1 + _OTHERS]))

    def _match(self, back: Remittance, payment: Remittance) -> Match | None:
        """It takes back all that the payment settled."""
        settled = [each for each in _allocations(payment, self.paid) if each.invoice and each.settles.amount > 0]
        if not settled:
            return None
        agrees = payment in self.agreeing(back)
        numbers = ", ".join(each.invoice for each in settled)
        told = f"{'returns' if agrees else 'may return'} the payment of {payment.booked} for {numbers}"
        difference = next((each.difference for each in settled if each.difference), None)
        return Match(
            remittance=back.id,
            shares=tuple(Share(invoice=each.invoice, amount=-each.amount, settles=-each.settles) for each in settled),
            probability=0.9 if agrees else 0.5,
            reasons=(Reason(kind="amount", text="is all of a payment"), Reason(kind="reference", text=told)),
            difference=_explained(difference, back.amount),
        )

    def _opening(self, back: Remittance, named: Sequence[str]) -> Proposed | None:
        """What it names was paid, and is open again by it."""
        opened = reopened(-whole(back), named, self.paid)
        if not opened.invoices:
            return None
        shares = (Share(invoice=number, amount=each, settles=each) for number, each in opened.invoices.items())
        match = Match(
            remittance=back.id,
            shares=tuple(shares),
            probability=0.5,
            reasons=(Reason(kind="reference", text=f"names {', '.join(opened.invoices)}, which was paid"),),
            difference=_explained(opened.difference, back.amount),
        )
        return Proposed(match=match, because="money that went out is only ever proposed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """What money that went out opens again: number → what it takes back of it, below zero."""

    invoices: Mapping[str, Money]
    difference: Difference | None = None


def reopened(out: Money, numbers: Sequence[str], paid: Booked) -> Reopened:
    """Of these invoices: all, where it is the money that was paid for them, else the last first as far as it reaches.

    `out`: above zero. Nothing of what was not paid, or is in another currency and is not all of it.
    """
    allocations = {number: paid.by_invoice.get(number, ()) for number in numbers}
    settled = {
        number: total((each.settles for each in own), own[0].settles.currency)
        for number, own in allocations.items()
        if own
    }
    settled = {number: each for number, each in settled.items() if each.amount > 0}
    came = [each for number in settled for each in allocations[number]]
    in_one = {each.amount.currency for each in came} == {out.currency}
    if in_one and total((each.amount for each in came), out.currency) == out:
        difference = next((each.difference for each in came if each.difference), None)
        return Reopened(invoices={number: -each for number, each in settled.items()}, difference=difference)
    left, found = out, {}
    for number, each in reversed(settled.items()):
        if each.currency == out.currency and left:
            found[number] = -min(each, left)
            left = left + found[number]
    return Reopened(invoices=found)


def _taken_by(taker: Remittance, listed: Sequence[Remittance], paid: Booked) -> Remittance | None:
    """The payment that older money took back: by its id, else the last one before it that settled the same."""
    if (known := origin(taker, listed)) is not None:
        return known
    took = paid.by_remittance.get(taker.id, ())
    invoices, returned = {each.invoice for each in took if each.invoice}, {each.returns for each in took}
    fitting = (
        each
        for each in reversed(listed)
        if each.booked <= taker.booked
        and (each.id in returned or invoices & {one.invoice for one in _allocations(each, paid)})
    )
    return next(fitting, None)


def _recorded(payment: Remittance, paid: Booked) -> Remittance:
    """What a person recorded of the same money before, else itself."""
    aside = paid.aside.get(payment.id)
    return paid.remittances.get(aside.of, payment) if aside is not None and aside.as_ == "same" else payment


def _allocations(payment: Remittance, paid: Booked) -> tuple[Allocation, ...]:
    return paid.by_remittance.get(_recorded(payment, paid).id, ())


def _note(back: Remittance, note: str, named: Sequence[str]) -> Proposed:
    """It pays out the credit note of what it names."""
    reasons = (
        Reason(kind="reference", text=f"names {', '.join(named)}, of which {note} gives back a part"),
        Reason(kind="amount", text="is the open amount"),
    )
    shares = (Share(invoice=note, amount=back.amount, settles=back.amount),)
    match = Match(remittance=back.id, shares=shares, probability=0.5, reasons=reasons)
    return Proposed(match=match, because="money that went out is only ever proposed")


def _explained(kind: Difference | None, amount: Money) -> Explained | None:
    return None if kind is None else Explained(kind=kind, amount=amount, text="as the payment was booked")


def traced(back: Iterable[Remittance], found: Returnable) -> Iterator[tuple[Remittance, Remittance]]:
    """Each return with the payment that it surely takes back, no payment twice."""
    taken: set[str] = set()
    for each in back:
        of = found.payment(each)
        if of is not None and of.id not in taken:
            taken.add(of.id)
            yield replace(each, reverses=of.id), of
