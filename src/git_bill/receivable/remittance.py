"""Remittances: money that a bank or a payment provider says was booked."""

import base64
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from git_bill.money import Money
from git_bill.shape import key

Kind = Literal["payment", "refund", "chargeback", "fee", "payout", "other"]
BANK = "bank"  # the rail of every bank statement
HAND = "hand"  # the rail of what a person recorded
_ID_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Remittance:
    """One booked movement of money, or one part of an entry that a bank booked as a batch.

    `amount` is what reached (or left) the account; `fee` was kept by the bank or provider on the way and is not in
    it. Texts are what a stranger wrote: data wherever they go.
    """

    id: str = key("made from its content: see `identify`", example='"R-k3v4q2m7x5ab"', pattern=r"R-[a-z2-7]{12}(-\d+)?")
    rail: str = key("bank, stripe, paypal", example='"bank"')
    feed: str = key("the format it was read from", example='"camt.053"', default="")
    account: str = key("IBAN or number of the own account", example='"DE02120300000000202051"', default="")
    booked: date = key("the day on which it was booked", example="2026-11-20")
    value_date: date | None = key("the day from which it counts", default=None)
    amount: Money = key("above zero: received; below: paid out", example='"1190.00 EUR"')
    kind: Kind = key("what it is, as far as the feed tells", default="payment")
    payer: str = key("name of the other side", example='"Acme GmbH"', default="")
    payer_account: str = key("IBAN, account number or e-mail of the other side", default="")
    text: str = key("what the payer wrote, lines joined as the bank means", default="")
    reference: str = key("structured reference: ISO 11649, QRR, KID, OGM …", example='"RF18539007547034"', default="")
    end_to_end: str = key("id that the payer gave it", default="")
    mandate: str = key("mandate of a direct debit", default="")
    bank_reference: str = key("id that the bank or provider gave it", default="")
    fee: Money | None = key("kept by bank or provider on the way", default=None)
    original: Money | None = key("what the payer sent, in another currency", default=None)
    rate: Decimal | None = key("rate of exchange that the bank used", default=None)
    reverses: str = key("bank reference or end-to-end id of what it takes back", default="")
    reason: str = key("why the payer took it back, as the provider calls it", default="")
    answer_by: date | None = key("last day on which the provider takes evidence against that", default=None)
    entry: Money | None = key("the booked entry that it is a part of", default=None)
    place: str = key("where in the account's history it stands, as a digest", default="")

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A remittance moves something."""
        if not self.amount:
            yield "amount", "nothing was moved", 'write it like amount = "1190.00 EUR"'

    @property
    def booked_amount(self) -> Money:
        """What the bank booked in one line of the account."""
        return self.entry or self.amount

    @property
    def part_of_batch(self) -> bool:
        """Whether it is one of several remittances that the bank booked as one entry."""
        return self.entry is not None

    @property
    def is_in(self) -> bool:
        """Whether money was received."""
        return self.amount.amount > 0


def identify(rail: str, account: str, *facts: object) -> str:
    """`R-` and 12 base32 characters: 60 bits of a hash over facts that every feed tells in the same way."""
    text = "\x1f".join((rail, account, *map(str, facts)))
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    return "R-" + base64.b32encode(digest[:10]).decode()[:_ID_LENGTH].lower()


def provider_id(rail: str, reference: str) -> str:
    """The id of what a payment provider names itself: the same from its report and from its API."""
    return identify(rail, "", reference)


def entry_id(remittance: Remittance) -> str:
    """The id of the booked entry: its own, or of a part (`R-abc-2`) that of the whole."""
    return remittance.id.rpartition("-")[0] if remittance.part_of_batch else remittance.id


def standing(remittances: Iterable[Remittance], decided: Collection[str] = ()) -> tuple[Remittance, ...]:
    """Without what is told twice: a sum `R-abc` whose details `R-abc-1` … came later, or, where somebody has decided
    on the sum, its details.
    """
    listed = tuple(remittances)
    detailed = {entry_id(each) for each in listed if each.part_of_batch and entry_id(each) not in decided}
    sums = {each.id for each in listed if not each.part_of_batch} - detailed
    return tuple(each for each in listed if (entry_id(each) in sums) != each.part_of_batch)


def linked(kind: Kind, other: str, *, is_in: bool) -> tuple[str, str]:
    """What a provider's id of another movement makes of one: (`reverses`, `end_to_end`).

    Of a payment it may name anything. Money that was taken back is found by the id of its payment, too, by what gives
    it back again.
    """
    if kind not in {"refund", "chargeback"}:
        return "", ""
    return other, "" if is_in else other


def plain_amount(amount: Money) -> str:
    """One text for 1.5, 1.50 and 01.500: feeds differ in the zeros they write."""
    number = amount.amount.normalize() + 0
    return f"{number:f} {amount.currency}"
