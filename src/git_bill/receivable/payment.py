"""`billing/payments/<month>.toml`: remittances and what became of them. The month is that of the booked day.

Nothing is taken out: an allocation that was wrong stays, and an `Undo` names it. What stands is a fold (`booked.py`).
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeVar

from git_bill.money import Money
from git_bill.receivable.matching.match import Difference
from git_bill.receivable.remittance import Remittance
from git_bill.shape import key

T = TypeVar("T")
How = Literal["matched", "confirmed", "by-hand"]
Apart = Literal["transfer", "same", "credit", "private", "other"]
Lost = Literal["uncollectable", "small", "fee", "discount", "goodwill"]
_ID = r"-[a-z2-7]{12}"
_NUMBER = '"INV-2026-0032"'
_BECAUSE = "a person's reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who decided, or ran the match, and when. `by`: a contributor's id."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """A part of a remittance that settles an invoice or a credit note, or that returns what another one had left over.

    `amount` is of the remittance, in its currency and with its sign; `settles` is what that takes off the open amount,
    in the invoice's currency: more than `amount` where `difference` explains the rest. Of money that went back (a
    refund, a chargeback) both are below zero: the invoice is open again by it, or the credit note is paid out.
    """

    id: str = key("made once", example='"A-k3v4q2m7x5ab"', pattern=f"A{_ID}")
    remittance: str = key("the remittance", example='"R-k3v4q2m7x5ab"')
    invoice: str = key("number of the invoice or credit note", example=_NUMBER, default="")
    returns: str = key("the remittance of which it returns what was left over", default="")
    amount: Money = key("of the remittance", example='"1172.50 EUR"')
    settles: Money = key("of the invoice", example='"1190.00 EUR"')
    difference: Difference | None = key("why the two are not equal", default=None)
    how: How = key("matched by itself, confirmed by a person, or said by a person", default="by-hand")
    score: Decimal | None = key("probability that it is right, as it was reckoned", default=None)
    reasons: tuple[str, ...] = key("what speaks for it", default=())
    because: str = key(_BECAUSE, default="")
    by: str = key("who decided, or ran the match", default="")
    at: datetime = key("when")

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Of an invoice or of a remittance, and something, in one direction."""
        if bool(self.invoice) == bool(self.returns):
            yield "invoice", "an allocation has either an invoice or what it returns", f"write it like {_NUMBER}"
        if not self.settles or self.amount.amount * self.settles.amount < 0:
            yield "settles", "is nothing, or of another sign than amount", 'write it like settles = "1190.00 EUR"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A remittance that pays no invoice. `of`: what it is the other side of (transfer), the same money as (same), or
    the client whose credit it is (credit).
    """

    remittance: str = key("the remittance", example='"R-k3v4q2m7x5ab"')
    as_: Apart = key("what it is", name="as", example='"private"')
    of: str = key("a remittance, or a client's id", default="")
    because: str = key(_BECAUSE, default="")
    by: str = key("who said so", default="")
    at: datetime = key("when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A person's no to a match: this remittance is not for just these invoices. The money stays undecided."""

    remittance: str = key("the remittance", example='"R-k3v4q2m7x5ab"')
    invoices: tuple[str, ...] = key("what was proposed; none where nothing was open", default=())
    because: str = key(_BECAUSE, default="")
    by: str = key("who said so", default="")
    at: datetime = key("when")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOff:
    """An amount of an invoice that is not expected any more. Only a person who may sign off says so."""

    id: str = key("made once", example='"O-k3v4q2m7x5ab"', pattern=f"O{_ID}")
    invoice: str = key("its number", example=_NUMBER)
    amount: Money = key("what is given up", example='"17.50 EUR"')
    as_: Lost = key("why it is lost", name="as", example='"uncollectable"')
    because: str = key(_BECAUSE)
    on: date = key("the day from which it counts", example="2026-12-31")
    by: str = key("who signed it off")
    at: datetime = key("when")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOff:
    """A credit note taken off another invoice of the same client: no money moves."""

    id: str = key("made once", example='"S-k3v4q2m7x5ab"', pattern=f"S{_ID}")
    credit: str = key("number of the credit note", example='"CN-2026-0002"')
    invoice: str = key("number of the invoice that it is taken off", example=_NUMBER)
    amount: Money = key("how much", example='"119.00 EUR"')
    on: date = key("the day from which it counts", example="2026-12-01")
    because: str = key(_BECAUSE, default="")
    by: str = key("who said so")
    at: datetime = key("when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """What is named does not stand any more: an allocation, a write-off, a set-off, or a remittance's being aside."""

    names: str = key("its id; of what was put aside, the remittance", example='"A-k3v4q2m7x5ab"')
    because: str = key(_BECAUSE, default="")
    by: str = key("who took it back")
    at: datetime = key("when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A statement that was read: what the bank says it held. So a missing one between two is noticed."""

    file: str = key("name of the file", example='"november.xml"')
    feed: str = key("its format", example='"camt.053"')
    account: str = key("the own account", example='"DE02120300000000202051"')
    currency: str = key("of the account", example='"EUR"')
    number: str = key("as the bank counts", default="")
    opening: Money | None = key("held before", default=None)
    closing: Money | None = key("held after", default=None)
    first: date | None = key("day of the first entry", default=None)
    last: date | None = key("day of the last entry", default=None)
    entries: int = key("booked entries", default=0)
    missing: Money | None = key("what its entries do not explain of closing - opening", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """A month's file. Each part in the order in which it was recorded."""

    schema: int = key("version of this file's form", default=1)
    statements: tuple[Seen, ...] = key("statements that were read", one_line=True, default=())
    remittances: tuple[Remittance, ...] = key("money that was booked", default=())
    allocations: tuple[Allocation, ...] = key("what it settles", default=())
    aside: tuple[Aside, ...] = key("money that pays no invoice", default=())
    rejected: tuple[Rejected, ...] = key("what it is not for", default=())
    write_offs: tuple[WriteOff, ...] = key("what is not expected any more", default=())
    set_offs: tuple[SetOff, ...] = key("credits taken off invoices", default=())
    undone: tuple[Undo, ...] = key("what does not stand any more", default=())

    @property
    def is_empty(self) -> bool:
        """Whether nothing is recorded."""
        decided = self.allocations or self.aside or self.write_offs or self.set_offs or self.undone
        return not (self.statements or self.remittances or self.rejected or decided)

    def joined(self, other: "Payments") -> "Payments":
        """What is recorded here, then what is there."""
        return Payments(
            statements=(*self.statements, *other.statements),
            remittances=(*self.remittances, *other.remittances),
            allocations=(*self.allocations, *other.allocations),
            aside=(*self.aside, *other.aside),
            rejected=(*self.rejected, *other.rejected),
            write_offs=(*self.write_offs, *other.write_offs),
            set_offs=(*self.set_offs, *other.set_offs),
            undone=(*self.undone, *other.undone),
        )


def by_month(new: Payments, booked: Mapping[str, date], at: datetime) -> Mapping[str, Payments]:
    """Month (`yyyy-mm`) → what goes to its file. `booked`: the day of every remittance, those of `new` too.

    An allocation, what is put aside and what is rejected go with their remittance; the rest by the day from which it
    counts.
    """
    today = at.date()
    statements = _filed(new.statements, lambda each: each.last or each.first or today)
    remittances = _filed(new.remittances, lambda each: each.booked)
    allocations = _filed(new.allocations, lambda each: booked[each.remittance])
    aside = _filed(new.aside, lambda each: booked[each.remittance])
    rejected = _filed(new.rejected, lambda each: booked[each.remittance])
    write_offs = _filed(new.write_offs, lambda each: each.on)
    set_offs = _filed(new.set_offs, lambda each: each.on)
    undone = _filed(new.undone, lambda each: today)
    months = sorted({*statements, *remittances, *allocations, *aside, *rejected, *write_offs, *set_offs, *undone})
    return {
        month: Payments(
            statements=tuple(statements.get(month, ())),
            remittances=tuple(remittances.get(month, ())),
            allocations=tuple(allocations.get(month, ())),
            aside=tuple(aside.get(month, ())),
            rejected=tuple(rejected.get(month, ())),
            write_offs=tuple(write_offs.get(month, ())),
            set_offs=tuple(set_offs.get(month, ())),
            undone=tuple(undone.get(month, ())),
        )
        for month in months
    }


def _filed(records: Iterable[T], day: Callable[[T], date]) -> Mapping[str, Sequence[T]]:
    found: dict[str, list[T]] = {}
    for each in records:
        found.setdefault(f"{day(each):%Y-%m}", []).append(each)
    return found


def record_id(letter: str, at: datetime, *facts: object) -> str:
    """`A-` and 12 base32 characters: a hash over what is recorded and when. `letter`: A, O or S."""
    text = "\x1f".join((letter, at.isoformat(), *map(str, facts)))
    return f"{letter}-" + base64.b32encode(hashlib.sha256(text.encode()).digest()[:10]).decode()[:12].lower()
