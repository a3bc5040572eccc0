"""From matches to allocations, and what a person is asked: the file of a proposal and what it says once confirmed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from git_bill.money import Money, minor_units, round_half_up, split, total
from git_bill.problem import Problem
from git_bill.receivable.booked import Booked
from git_bill.receivable.matching.match import Applied, Difference, Match, Outcome, Proposed, Unmatched
from git_bill.receivable.matching.open import Open
from git_bill.receivable.payment import Allocation, How, Stamp, WriteOff, record_id
from git_bill.receivable.recognised import whole
from git_bill.receivable.remittance import Remittance
from git_bill.shape import key

_FOUR = Decimal("0.0001")
_EXPLAINS = frozenset({"fee", "discount", "late-discount", "withholding", "exchange"})  # why less settles more


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One remittance and what it most likely pays, for a person to confirm. Said is what stands in the file.

    `money` and `because` are there to be read. To reject it, write `take = false`.
    """

    remittance: str = key("the remittance", example='"R-k3v4q2m7x5ab"', pattern=r"R-[a-z2-7]{12}(-\d+)?")
    money: str = key("what came, when and from whom", default="")
    take: bool = key("false: it is not for these invoices", example="true")
    invoices: Mapping[str, Money] = key(
        "what it takes off each invoice", one_line=True, example='{ INV-2026-0032 = "1190.00 EUR" }'
    )
    difference: Difference | None = key("why it is not the open amount", default=None)
    score: Decimal | None = key("probability that it is right", default=None)
    because: str = key("why it was not applied", default="")
    reasons: tuple[str, ...] = key("what speaks for it", default=())
    others: tuple[str, ...] = key("what else it may be", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """`billing/proposals/<name>.toml`: on a branch until merged, which confirms what it says."""

    schema: int = key("version of this file's form", default=1)
    matches: tuple[Proposal, ...] = key("remittances and what they pay", default=())
    write_offs: tuple[WriteOff, ...] = key("what is not expected any more; who merges it signs it off", default=())


def applied(found: Applied, stamp: Stamp) -> tuple[Allocation, ...]:
    """The allocations of a match that is sure."""
    match = found.match
    return tuple(
        Allocation(
            id=record_id("A", stamp.at, match.remittance, share.invoice),
            remittance=match.remittance,
            invoice=share.invoice,
            amount=share.amount,
            settles=share.settles,
            difference=_difference(match) if share.amount != share.settles else None,
            how="matched",
            score=score(match),
            reasons=tuple(reason.text for reason in match.reasons),
            by=stamp.by,
            at=stamp.at,
        )
        for share in match.shares
    )


def unless_refused(found: Outcome, refused: Collection[tuple[str, str]]) -> Outcome:
    """A match that a person has taken back before is asked about, however sure it is."""
    if isinstance(found, Applied) and any((found.remittance, number) in refused for number in found.match.invoices):
        return Proposed(match=found.match, because="a person took this back before")
    return found


def unless_rejected(found: Outcome, paid: Booked) -> Outcome:
    """Of a match that a person said no to, the next likely one is asked about; without one, nothing is."""
    if isinstance(found, Unmatched) or not paid.is_rejected(found.remittance, _taken(found.match)):
        return found
    because = f"a person said that it is not for {', '.join(_taken(found.match)) or 'these'}"
    others = found.others if isinstance(found, Proposed) else ()
    left = tuple(each for each in others if not paid.is_rejected(found.remittance, _taken(each)))
    if not left:
        return Unmatched(remittance=found.remittance, because=because)
    return Proposed(match=left[0], because=because, others=left[1:])


def _taken(match: Match) -> tuple[str, ...]:
    """The invoices that it takes something off."""
    return tuple(share.invoice for share in match.shares if share.settles)


def score(match: Match) -> Decimal:
    """To four decimals."""
    return Decimal(match.probability).quantize(_FOUR)


def _difference(match: Match) -> Difference | None:
    return match.difference.kind if match.difference is not None else None


def proposal(found: Proposed, remittance: Remittance) -> Proposal:
    """What a person is asked. Where nothing is open, no invoice is named: it is more than was asked for."""
    match = found.match
    return Proposal(
        remittance=remittance.id,
        money=told(remittance),
        take=True,
        invoices={share.invoice: share.settles for share in match.shares if share.settles},
        difference=_difference(match),
        score=score(match),
        because=found.because,
        reasons=tuple(reason.text for reason in match.reasons),
        others=tuple(f"{', '.join(each.invoices)}: {score(each)}" for each in found.others),
    )


def told(remittance: Remittance) -> str:
    """A remittance in one line; what strangers wrote stands in quotes."""
    payer = f" from {remittance.payer!r}" if remittance.payer else ""
    text = remittance.text or remittance.reference
    return f"{remittance.amount} on {remittance.booked}{payer}{f': {text!r}' if text else ''}"


def settle(
    remittance: Remittance,
    free: Money,
    invoices: Mapping[str, Money],
    opens: Mapping[str, Open],
    *,
    how: How,
    stamp: Stamp,
    difference: Difference | None = None,
    given: Decimal | None = None,
    because: str = "",
    reasons: Sequence[str] = (),
) -> tuple[Allocation, ...] | Problem:
    """A remittance's free amount shared over invoices as a person says. `invoices`: number → what it takes off.

    Never more than is open of one. Where the sum is what was paid, fee included, or less, the money goes as said;
    where it is more, `difference` must say why (fee, discount, withholding …). In another currency the whole free
    amount is shared by what it settles.
    """
    wrong = _wrong(remittance, free, invoices, opens)
    if wrong is not None:
        return wrong
    currency = next(iter(invoices.values())).currency
    asked = total(invoices.values(), currency)
    if asked.amount * free.amount <= 0:
        message = f"{free} does not settle {asked}"
        hint = "money that came settles invoices, money that went out credit notes"
        return Problem(rule="wrong-direction", message=message, hint=hint)
    if currency != free.currency:
        shares = _shared(free, list(invoices.values()))
        difference = "exchange"
    elif abs(asked.amount) <= abs(free.amount):
        shares = tuple(invoices.values())
        difference = None
    else:
        known_fee = whole(remittance) - remittance.amount
        if difference is None and abs(asked.amount) <= abs((free + known_fee).amount):
            difference = "fee"
        if difference not in _EXPLAINS:
            more = f"{free} does not settle {asked}"
            hint = f"say what the difference is: a fee, a discount …; or let it settle {free} of it"
            return Problem(rule="too-much-settled", message=more, hint=hint)
        shares = _shared(free, list(invoices.values()))
    return tuple(
        Allocation(
            id=record_id("A", stamp.at, remittance.id, number),
            remittance=remittance.id,
            invoice=number,
            amount=amount,
            settles=settles,
            difference=difference if amount != settles else None,
            how=how,
            score=given,
            because=because,
            reasons=tuple(reasons),
            by=stamp.by,
            at=stamp.at,
        )
        for (number, settles), amount in zip(invoices.items(), shares, strict=True)
    )


def _shared(free: Money, settles: Sequence[Money]) -> tuple[Money, ...]:
    """By what each settles. What goes the other way, such as a credit note among invoices, gives all of its own."""
    taken = [each if each.amount * free.amount < 0 else None for each in settles]
    rest = free - total((each for each in taken if each is not None), free.currency)
    weights = [abs(each.amount) for each, own in zip(settles, taken, strict=True) if own is None]
    parts = iter(split(rest, weights, minor_units(free.currency)))
    return tuple(own if own is not None else next(parts) for own in taken)


def _wrong(
    remittance: Remittance, free: Money, invoices: Mapping[str, Money], opens: Mapping[str, Open]
) -> Problem | None:
    if not free or free.amount * remittance.amount.amount < 0:
        message = f"{remittance.id} of {remittance.amount} has nothing left"
        return Problem(rule="nothing-left", message=message, hint="see what it pays: git bill explain " + remittance.id)
    if not invoices:
        hint = 'name one: invoices = { INV-2026-0032 = "100.00 EUR" }; or write take = false'
        return Problem(rule="no-invoice", message=f"{remittance.id} is taken for no invoice", hint=hint)
    if len({each.currency for each in invoices.values()}) > 1:
        message = "one remittance pays invoices of one currency"
        return Problem(rule="two-currencies", message=message, hint="name invoices of one currency")
    mixed = len({each.amount > 0 for each in invoices.values()}) > 1
    if mixed and any(each.currency != free.currency for each in invoices.values()):
        message = f"a credit note is not taken off invoices that are paid in {free.currency}"
        hint = "set it off first: git bill paid INV-2026-0032 --credit CN-2026-0002"
        return Problem(rule="two-currencies", message=message, hint=hint)
    found = (_wrong_amount(remittance, number, settles, opens) for number, settles in invoices.items())
    return next((each for each in found if each is not None), None)


def _wrong_amount(remittance: Remittance, number: str, settles: Money, opens: Mapping[str, Open]) -> Problem | None:
    """Of one document."""
    found = opens.get(number)
    if found is None:
        return Problem(rule="unknown-number", message=f"{number} was not issued", hint="git bill status --receivables")
    if settles.currency != found.open.currency:
        message = f"{number} is in {found.open.currency}, not in {settles.currency}"
        return Problem(rule="wrong-currency", message=message, hint=f'write it like "{found.open}"')
    whole = Money(round_half_up(settles.amount, minor_units(settles.currency)), settles.currency)
    if not settles or whole != settles:
        message = f"{settles} is no amount that {number} can be settled by"
        return Problem(rule="wrong-amount", message=message, hint=f'write it like "{found.open}", or less')
    is_open = settles.amount * found.open.amount > 0 and abs(settles.amount) <= abs(found.open.amount)
    opens_again = not remittance.is_in and settles.amount < 0 <= found.open.amount
    if not (is_open or opens_again):
        message = f"{settles} is more than is open of {number}: {found.open}"
        hint = "let the rest stay the client's credit: take no more than is open"
        return Problem(rule="over-paid", message=message, hint=hint)
    return None


def numbers(allocations: Iterable[Allocation]) -> tuple[str, ...]:
    """Of the documents that they settle, each once."""
    return tuple(dict.fromkeys(each.invoice for each in allocations if each.invoice))
