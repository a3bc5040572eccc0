"""Money that settles no document: over-payments, what belongs to nobody yet, fees, payouts, private money."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from git_bill.money import Money, total
from git_bill.period import Period
from git_bill.receivable.booked import Booked
from git_bill.receivable.export.document import Amount
from git_bill.receivable.export.entry import Account, Entry, Posting, closed, own
from git_bill.receivable.export.move import portion
from git_bill.receivable.export.worths import Worths, account_of
from git_bill.receivable.remittance import Remittance

_TRANSFER = Account(role="transfer")


def parked(paid: Booked, payers: Mapping[str, str], worths: Worths) -> Iterator[Entry]:
    """What of each remittance settles no document, on its booked day; then what went back to the payer.

    `payers`: number of a document → id of who pays. The same money that two feeds tell of is booked once.
    """
    for name, remittance in paid.remittances.items():
        left = left_over(paid, name)
        aside = paid.aside.get(name)
        if left and not (aside is not None and aside.as_ == "same"):
            account = account_for(paid, remittance, payers)
            got = worths.on(left, remittance.booked)
            gone = own(-got.worth) if account.role == "fees" else -got
            yield _entry(paid, remittance, name, account, (got, gone), worths.currency)
    for each in paid.allocations:
        if each.returns and each.returns in paid.remittances:
            remittance = paid.remittances[each.remittance]
            account = account_for(paid, paid.remittances[each.returns], payers)
            amounts = worths.on(each.amount, remittance.booked), -held(paid, each.returns, each.settles, worths)
            yield _entry(paid, remittance, each.id, account, amounts, worths.currency)


def left_over(paid: Booked, remittance: str) -> Money:
    """What of a remittance its allocations leave; what was given back or set off later is not taken off."""
    amount = paid.remittances[remittance].amount
    return amount - total((each.amount for each in paid.by_remittance.get(remittance, ())), amount.currency)


def held(paid: Booked, remittance: str, part: Money, worths: Worths) -> Amount:
    """A part of what was left over, with the worth that it was booked with."""
    left = left_over(paid, remittance)
    whole = worths.on(left, paid.remittances[remittance].booked)
    return Amount(stated=part, worth=portion(whole.worth, whole.stated, Fraction(part.amount)))


def account_for(paid: Booked, remittance: Remittance, payers: Mapping[str, str]) -> Account:
    """Where what is left over of a remittance belongs."""
    aside = paid.aside.get(remittance.id)
    if aside is not None and aside.as_ in {"transfer", "private"}:
        return Account(role=aside.as_)
    if aside is not None and aside.as_ == "credit":
        return Account(role="credit", of=(aside.of,))
    if remittance.kind == "fee":
        return Account(role="fees")
    if remittance.kind == "payout":
        return _TRANSFER
    client = _client(payers, (each.invoice for each in paid.by_remittance.get(remittance.id, ())))
    return Account(role="credit", of=(client,)) if client else Account(role="unassigned")


def told(paid: Booked, name: str) -> tuple[str, str]:
    """Payer and text of a remittance, a stranger's words, for every export alike: of private money neither."""
    found = paid.remittances[name]
    return ("", "") if _is_private(paid, name) else (found.payer, found.text)


def undecided(paid: Booked, period: Period) -> tuple[Remittance, ...]:
    """Money of a period that nobody has decided on; what a provider kept or paid out needs no decision."""
    return tuple(
        each
        for name, each in paid.remittances.items()
        if each.booked in period and not paid.is_decided(name) and each.kind not in {"fee", "payout"}
    )


def _is_private(paid: Booked, name: str) -> bool:
    """Whether it was put aside as private, tells of the same money as such, or sends such back."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        aside = paid.aside.get(each)
        if aside is not None and aside.as_ == "private":
            return True
        seen.add(each)
        more = [aside.of] if aside is not None and aside.as_ == "same" else []
        more += [back.returns for back in paid.by_remittance.get(each, ()) if back.returns]
        waiting += [other for other in more if other not in seen]
    return False


def _client(payers: Mapping[str, str], numbers: Iterable[str]) -> str:
    return next((payers[number] for number in numbers if number in payers), "")


def _entry(  # noqa: PLR0917  in the order of an entry
    paid: Booked, remittance: Remittance, name: str, account: Account, amounts: tuple[Amount, Amount], currency: str
) -> Entry:
    payer, text = told(paid, remittance.id)
    client = account.of[0] if account.role == "credit" else ""
    postings = (
        Posting(account=account_of(remittance), amount=amounts[0]),
        Posting(account=account, amount=amounts[1]),
    )
    return Entry(
        day=remittance.booked,
        id=name,
        kind="money",
        number="",
        client=client,
        payee=payer or text,
        text=remittance.kind,
        postings=closed(postings, currency),
    )
