"""Money for a document that asks for nothing any more: another one replaced it, or it was written off."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from git_bill.invoice.issued import Invoice
from git_bill.money import Money, total
from git_bill.receivable.booked import Booked
from git_bill.receivable.matching.match import Match, Outcome, Proposed, Reason, Share
from git_bill.receivable.matching.open import Open
from git_bill.receivable.remittance import Remittance


def heirs(invoices: Iterable[Invoice]) -> Mapping[str, str]:
    """Number of a cancelled invoice → that of what stands for it now, through all corrections."""
    next_one = {each.corrects.number: each.number for each in invoices if each.corrects is not None}
    found = {}
    for number, own in next_one.items():
        last = own
        while last in next_one:
            last = next_one[last]
        found[number] = last
    return found


def redirected(
    found: Outcome, remittance: Remittance, heir: Mapping[str, str], opens: Mapping[str, Open], paid: Booked
) -> Outcome:
    """Of what names only documents that are settled: the replacement is proposed, a loss is told; else as it was."""
    difference = found.match.difference if isinstance(found, Proposed) else None
    if not isinstance(found, Proposed) or difference is None or difference.kind != "twice":
        return found
    named = found.match.invoices
    new = tuple(dict.fromkeys(heir[each] for each in named if each in heir))
    if len(new) == len(named) and all(_takes(opens.get(each), remittance) for each in new):
        return _for_heirs(remittance, named, [opens[each] for each in new])
    lost = [each.id for number in named for each in paid.given_up.get(number, ())]
    if lost:
        return replace(found, because=f"it was written off: git bill paid --undo {lost[0]} first, then it is matched")
    return found


def _takes(document: Open | None, remittance: Remittance) -> bool:
    """Whether something is open of it in the money that came."""
    return document is not None and document.open.amount > 0 and document.open.currency == remittance.amount.currency


def _for_heirs(remittance: Remittance, named: tuple[str, ...], documents: list[Open]) -> Proposed:
    left, shares = remittance.amount, []
    for each in documents:
        taken = min(left, each.open)
        if taken:
            shares.append(Share(invoice=each.number, amount=taken, settles=taken))
        left = left - taken
    exact = remittance.amount == total((each.open for each in documents), left.currency)
    numbers, old = ", ".join(each.number for each in documents), ", ".join(named)
    amount = "is the open amount" if exact else _unlike(remittance.amount, documents)
    reasons = (Reason(kind="reference", text=f"names {old}"), Reason(kind="amount", text=amount))
    match = Match(remittance=remittance.id, shares=tuple(shares), probability=0.9 if exact else 0.5, reasons=reasons)
    return Proposed(match=match, because=f"it names {old}, which {numbers} replaces")


def _unlike(amount: Money, documents: list[Open]) -> str:
    whole = total((each.open for each in documents), amount.currency)
    return "is less than the open amount" if amount < whole else "is more than the open amount"
