"""A payment provider in memory: the same contract as Stripe's, with what payers do and faults to order."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from git_bill.effects import CloseLink, Done, EnsureLink, Refused
from git_bill.money import Money
from git_bill.problem import Exit, stop
from git_bill.receivable.rail import Pulled
from git_bill.receivable.remittance import Kind, Remittance, provider_id

EPOCH = datetime(2026, 11, 2, 9, tzinfo=UTC)


@dataclass(slots=True)
class Link:
    """One payment link and what became of it."""

    number: str
    amount: Money
    address: str
    is_open: bool = True


@dataclass(slots=True)
class Movement:
    """One movement of the balance; None: a debit that is pending."""

    at: datetime
    booked: Remittance | None
    held: Remittance | None = None


@dataclass
class MemoryRail:
    """`Rail` without a server. `away`: nothing answers; `asked` counts questions about links."""

    name: str = "stripe"
    page: int = 100
    away: bool = False
    asked: int = 0
    links: dict[tuple[str, str], Link] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)
    now: datetime = EPOCH

    def ensure_link(self, effect: EnsureLink) -> Done | Refused:
        self.asked += 1
        if self.away:
            return Refused(reason=f"{self.name} does not answer", remedy="run git bill issue again")
        name = effect.key, effect.number
        already = name in self.links
        address = f"https://pay.example/{len(self.links) + 1}"
        link = self.links.setdefault(name, Link(number=effect.number, amount=effect.amount, address=address))
        if link.amount != effect.amount:
            return Refused(reason=f"the link of {link.number} asks for {link.amount}", remedy="mend it", lasting=True)
        if not link.is_open:
            return Refused(reason=f"the link of {link.number} is closed", remedy="open it there", lasting=True)
        return Done(ref=link.address, already=already)

    def close_link(self, effect: CloseLink) -> Done | Refused:
        self.asked += 1
        if self.away:
            return Refused(reason=f"{self.name} does not answer", remedy="run it again")
        link = self._at(effect.link)
        if link is None or not link.is_open:
            return Done(already=True)
        link.is_open = False
        return Done(ref=link.address)

    def pull(self, cursor: str) -> Pulled:
        if self.away:
            raise stop(Exit.PAYMENT_OR_MAIL, self.name, f"{self.name} can't be reached", "run again")
        start = int(cursor or 0)
        part = self.movements[start : start + self.page]
        found = tuple(each.booked for each in part if each.booked is not None)
        end = start + len(part)
        if end < len(self.movements):
            return Pulled(remittances=found, cursor=str(end), more=True)
        pending = (at for at, each in enumerate(self.movements) if each.booked is None and each.held is not None)
        return Pulled(remittances=found, cursor=str(min(end, next(pending, end))))

    # What others do

    def pay(self, address: str, *, fee: str = "0", payer: str = "Acme GmbH", is_debit: bool = False) -> str:
        """Pay a link; the id of the payment, "" where it can't be paid. A debit is not booked before it is settled."""
        link = self._at(address)
        if link is None or not link.is_open:
            return ""
        link.is_open = False
        kept = Money(Decimal(fee), link.amount.currency)
        made = self._made("payment", link.amount - kept, f"ch_{self._next}", fee=kept, text=link.number)
        made = replace(made, reference=link.number, payer=payer)
        self._book(None if is_debit else made, held=made if is_debit else None)
        return made.end_to_end

    def settle(self, payment: str, *, works: bool = True) -> None:
        """The payer's bank pays a debit, or does not: then it and its failure take back each other."""
        movement = next(each for each in self.movements if each.held is not None and each.held.end_to_end == payment)
        assert movement.held is not None
        movement.booked, movement.held = movement.held, None
        if not works:
            failed = self._made("chargeback", -movement.booked.amount, payment, reverses=payment)
            movement.booked = replace(movement.booked, kind="other", reference="", reverses=failed.bank_reference)
            self._book(failed)

    def refund(self, payment: str, amount: str) -> str:
        """Give back a part of a payment; the id of the refund."""
        paid = self._of(payment)
        back = Money(-Decimal(amount), paid.amount.currency)
        self._book(self._made("refund", back, f"re_{self._next}", reverses=payment))
        return f"re_{self._next - 1}"

    def charge_back(self, payment: str, *, part: str = "", fee: str = "15.00") -> str:
        """The payer's bank takes a payment back, or a part of it; the id of the dispute."""
        paid = self._of(payment)
        kept = Money(Decimal(fee), paid.amount.currency)
        whole = paid.amount + (paid.fee or Money.zero(paid.amount.currency))
        whole = Money(Decimal(part), whole.currency) if part else whole
        made = self._made("chargeback", -whole - kept, f"dp_{self._next}", fee=kept, reverses=payment)
        self._book(replace(made, reason="fraudulent", answer_by=date(2026, 12, 1)))
        return f"dp_{self._next - 1}"

    def win(self, dispute: str) -> None:
        """The provider gives back what a chargeback took, the fee too."""
        lost = self._of(dispute)
        assert lost.fee is not None
        self._book(self._made("chargeback", -lost.amount, dispute, fee=-lost.fee, reverses=lost.bank_reference))

    def pay_out(self, amount: str, currency: str = "EUR") -> None:
        """To the issuer's bank."""
        self._book(self._made("payout", Money(-Decimal(amount), currency), f"po_{self._next}"))

    def _at(self, address: str) -> Link | None:
        return next((each for each in self.links.values() if each.address == address), None)

    def _of(self, name: str) -> Remittance:
        return next(each for each in self._booked() if each.end_to_end == name)

    def _booked(self) -> Iterator[Remittance]:
        return (each.booked for each in self.movements if each.booked is not None)

    @property
    def _next(self) -> int:
        return len(self.movements) + 1

    @property
    def today(self) -> date:
        return self.now.date()

    def _made(
        self, kind: Kind, amount: Money, source: str, *, fee: Money | None = None, reverses: str = "", text: str = ""
    ) -> Remittance:
        name = f"txn_{self._next}"
        return Remittance(
            id=provider_id(self.name, name),
            rail=self.name,
            feed=f"{self.name}-api",
            account=self.name,
            booked=self.today,
            amount=amount,
            kind=kind,
            fee=fee or None,
            text=text,
            end_to_end=source,
            bank_reference=name,
            reverses=reverses,
        )

    def _book(self, made: Remittance | None, held: Remittance | None = None) -> None:
        self.movements.append(Movement(at=self.now, booked=made, held=held))
        self.now += timedelta(seconds=1)
