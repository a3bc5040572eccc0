"""Remittances × open invoices → what is applied, what is proposed, what nobody can tell. Precision first.

Applied is only what reaches the threshold without a rival and breaks none of the rules of `obstacle`, whatever its
probability: law 9 does not hang on weights.
"""

import contextlib
import gc
from collections.abc import Collection, Iterator, Mapping, Sequence

from git_bill.contract.exchange import Quotes
from git_bill.receivable.matching.amount import explained, money, shares
from git_bill.receivable.matching.assign import Assignment, Rated, assign
from git_bill.receivable.matching.assign import propose as consistent
from git_bill.receivable.matching.blocks import Blocks
from git_bill.receivable.matching.candidate import Candidate, Found
from git_bill.receivable.matching.match import (
    Applied,
    Explained,
    Match,
    Outcome,
    Proposed,
    Reason,
    Share,
    Unmatched,
)
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.payer import Habits, Payer
from git_bill.receivable.matching.reference import Named
from git_bill.receivable.matching.score import Weights
from git_bill.receivable.remittance import BANK, Remittance

_NO_PAYMENT = {"refund": "a refund", "chargeback": "a chargeback", "fee": "a fee", "payout": "a payout"}
_LEAST = 0.02  # a probability below which nothing is proposed
_OTHERS = 3  # rivals that are shown
_NAMED = {
    Named.EXACT: "names {}",
    Named.DIGITS: "names {} by its digits",
    Named.SHORT: "names {} in short",
    Named.RUNNING: "names the running number of {}",
    Named.BARE: "holds the running number of {}",
    Named.DATE: "names the date of {}",
    Named.ORDER: "names the order of {}",
    Named.TYPO: "names a number that is one slip from {}",
    Named.NOT: "names no open invoice; it may be {}",
}
_PAYER = {
    Payer.ACCOUNT: "comes from the account of {name}",
    Payer.HABIT: "comes from an account that has paid for {name} before",
    Payer.NAME: "{payer} is {name}",
    Payer.SIMILAR: "{payer} is like {name}",
    Payer.UNKNOWN: "says nothing of who paid",
    Payer.UNLIKE: "{payer} is no client's name",
    Payer.OTHER: "name or account are another client's than {name}'s",
}
_AMOUNT = {
    None: "is the open amount",
    "fee": "is the open amount less what a bank kept",
    "discount": "is the open amount less the discount for paying early",
    "late-discount": "is the open amount less the discount for paying early, too late",
    "withholding": "is the open amount less withholding tax",
    "exchange": "is the open amount in another currency",
    "part": "is less than the open amount",
    "over": "is more than the open amount",
    "slip": "is the open amount with two digits swapped",
}


def propose(
    remittances: Sequence[Remittance],
    opens: Sequence[Open],
    *,
    weights: Weights,
    quotes: Quotes,
    habits: Habits,
    decided: Collection[str] = (),
) -> tuple[Outcome, ...]:
    """One outcome for each remittance that nobody has decided on, oldest first; the order of what is given is nothing.

    `decided`: ids of remittances that a person, or an earlier run, has matched or set aside: they are not looked at.
    """
    with _uncollected():
        return _propose(
            remittances, Blocks(sorted(opens, key=lambda each: each.number), habits, quotes), weights, decided
        )


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing here makes cycles, and looking for some takes a fifth of the time where there are 100,000 remittances."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _propose(
    remittances: Sequence[Remittance], blocks: Blocks, weights: Weights, decided: Collection[str]
) -> tuple[Outcome, ...]:
    listed = sorted((each for each in remittances if each.id not in decided), key=lambda each: (each.booked, each.id))
    paying = [at for at, each in enumerate(listed) if _no_payment(each) is None]
    found = {at: blocks.find(listed[at]) for at in paying}
    rated = {at: _rated(found[at], blocks, weights) for at in paying}
    done = assign(rated, paying, weights.threshold, weights.rival)
    proposed = consistent(rated, paying, done)
    return tuple(
        Unmatched(remittance=each.id, because=why)
        if (why := _no_payment(each)) is not None
        else _outcome(at, each, found[at], rated[at], blocks, done, proposed)
        for at, each in enumerate(listed)
    )


def _no_payment(remittance: Remittance) -> str | None:
    """Why a remittance pays no invoice, whatever it says; None where it may."""
    if remittance.rail == BANK and remittance.kind == "chargeback" and not remittance.is_in:
        told = "the bank took a payment back, and it is not known which"
        return f"{told}: git bill paid INV-… --from {remittance.id}"
    if remittance.kind in _NO_PAYMENT:
        return f"it is {_NO_PAYMENT[remittance.kind]}, not a payment of a client"
    if remittance.reverses:
        return f"it takes back {remittance.reverses}"
    if not remittance.is_in:
        return "money that left the account pays no invoice"
    is_own = remittance.kind == "other"  # a conversion of currency, a deposit, a transfer that came back
    return "it is a movement of its own, not a payment of a client" if is_own else None


def _rated(found: Found, blocks: Blocks, weights: Weights) -> list[Rated]:
    """The likeliest first; of equal ones the one that is older, then of fewer invoices."""
    rated = [
        Rated(candidate=each, probability=weights.probability(each.facts), obstacle=obstacle(each, found))
        for each in found.candidates
    ]
    return sorted(
        rated,
        key=lambda each: (
            -round(each.probability, 6),
            [blocks.age(at) for at in each.candidate.invoices],
        ),
    )


def obstacle(candidate: Candidate, found: Found) -> str:  # noqa: PLR0911  one line a rule
    """The rule that forbids to apply a match, however likely it is; "" where none does."""
    if candidate.small:
        return "it is less than a hundredth of what is open"
    if candidate.across:
        return "it names invoices of two clients"
    if candidate.payer is Payer.OTHER:
        return "account or name are another client's"
    if candidate.another:
        return "it names another invoice, too"
    if not candidate.fit.sure and (why := _unsure(candidate)):
        return why
    if candidate.named <= Named.DATE and candidate.payer < Payer.NAME:
        return "neither text nor payer tells which invoice is meant"
    if candidate.named is Named.BARE and candidate.payer < Payer.SIMILAR:
        return "the number may mean something else, and the payer is not known"
    if "before issue" in candidate.circumstances:
        return "it was booked before the invoice was issued"
    if candidate.same and candidate.named <= Named.DATE and not candidate.turn:
        return "it fits several open invoices as well"
    return ""


def _unsure(candidate: Candidate) -> str:
    """An amount that only may be right counts with a number and a payer that are."""
    kind = candidate.fit.kind
    if candidate.fit.why:
        return candidate.fit.why
    if kind not in {"fee", "exchange"}:
        return {
            "late-discount": "the discount was taken too late",
            "slip": "two digits of the amount changed places",
            "over": "it is more than is open",
        }.get(kind or "", "it is less than is open, and nothing says why")
    known = candidate.payer >= Payer.SIMILAR and candidate.named >= Named.SHORT
    return "" if known else "the amount is not exact, and number and payer are not both known"


def _outcome(  # noqa: PLR0917
    at: int,
    remittance: Remittance,
    found: Found,
    rated: Sequence[Rated],
    blocks: Blocks,
    done: Assignment,
    proposed: Mapping[int, Rated],
) -> Outcome:
    if at in done.applied:
        return Applied(match=_match(remittance, found, done.applied[at], blocks))
    best = proposed.get(at)
    misspelt = best is not None and best.candidate.named is Named.TYPO and best.candidate.payer >= Payer.SIMILAR
    if not misspelt and (again := _again(remittance, found, blocks, done)) is not None:
        return again
    if best is None or (best.probability < _LEAST and best.candidate.named < Named.SHORT):
        return Unmatched(remittance=remittance.id, because=_nothing(found, blocks))
    others = [each for each in done.free(rated) if each is not best and each.probability >= _LEAST]
    return Proposed(
        match=_match(remittance, found, best, blocks),
        because=done.contested.get(at) or best.obstacle or "another remittance has paid it",
        others=tuple(_match(remittance, found, each, blocks) for each in others[:_OTHERS]),
    )


def _again(remittance: Remittance, found: Found, blocks: Blocks, done: Assignment) -> Proposed | None:
    """A payment for an invoice that is paid, here or before: over-payment, which a person decides on."""
    paid = [at for at in found.clear if at in done.taken or not blocks.opens[at].open]
    if not paid or len(paid) < len(found.clear):
        return None
    numbers = ", ".join(blocks.opens[at].number for at in paid)
    nothing = money(0, found.got.currency)
    none_open = (
        Share(invoice=blocks.opens[at].number, amount=nothing, settles=blocks.opens[at].open * 0) for at in paid
    )
    return Proposed(
        match=Match(
            remittance=remittance.id,
            shares=tuple(none_open),
            probability=0.5,
            reasons=(Reason(kind="reference", text=f"names {numbers}, which is paid"),),
            difference=Explained(kind="twice", amount=remittance.amount, text=f"{numbers} was paid before"),
        ),
        because="what it names is paid already",
    )


def _nothing(found: Found, blocks: Blocks) -> str:
    """Why nothing is proposed."""
    if unrated := blocks.unrated(found):
        return unrated
    if found.unknown:
        return f"it names {', '.join(found.unknown)}, which is not open"
    likely = sorted(client for client, how in found.clients.items() if how >= Payer.NAME)
    if likely:
        return f"it is from {', '.join(likely)}, but the amount fits nothing that is open there"
    return "no open invoice fits its text, payer or amount"


def _match(remittance: Remittance, found: Found, rated: Rated, blocks: Blocks) -> Match:
    opens = [blocks.opens[at] for at in rated.candidate.invoices]
    bills = [blocks.terms[at] for at in rated.candidate.invoices]
    return Match(
        remittance=remittance.id,
        shares=shares(found.got, opens, bills, rated.candidate.fit),
        probability=round(rated.probability, 4),
        reasons=tuple(_reasons(remittance, found, rated.candidate, opens)),
        difference=explained(found.got, bills[0].currency, rated.candidate.fit),
    )


def _reasons(remittance: Remittance, found: Found, candidate: Candidate, opens: Sequence[Open]) -> list[Reason]:
    numbers = ", ".join(each.number for each in opens)
    name = opens[0].names[0] if opens[0].names else opens[0].client
    payer = _PAYER[candidate.payer].format(payer=repr(remittance.payer), name=name)
    if candidate.payer is Payer.SIMILAR and not remittance.payer:
        payer = f"the text holds {name}"
    reasons = [
        Reason(kind="reference", text=_NAMED[candidate.named].format(numbers)),
        Reason(kind="amount", text=_AMOUNT[candidate.fit.kind]),
    ]
    reasons.append(Reason(kind="payer", text=payer))
    if candidate.another:
        reasons.append(Reason(kind="reference", text="names another invoice, too"))
    if candidate.turn:
        reasons.append(
            Reason(kind="rival", text=f"one of {candidate.same + 1} equal ones, the oldest that is not paid")
        )
    elif candidate.same:
        reasons.append(Reason(kind="rival", text=f"{candidate.same} others fit as well"))
    reasons += [
        Reason(kind="date", text=fact) for fact in ("before issue", "long after") if fact in candidate.circumstances
    ]
    return reasons
