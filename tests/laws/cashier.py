"""A cashier who does anything with money that the desk allows: payments, parts, refunds, credit, loss, undo."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from tests.flows.shelf import invoice

from git_bill.flows.bookkeeping import Till
from git_bill.flows.desk import Desk
from git_bill.flows.paid import Said, by_hand, from_remittance
from git_bill.flows.paid_back import returned, set_off, undone, write_off
from git_bill.invoice.draft import Reversal
from git_bill.invoice.issued import Invoice
from git_bill.money import Money
from git_bill.problem import Stop
from git_bill.receivable.booked import booked
from git_bill.receivable.credit import credits
from git_bill.receivable.opens import opens
from git_bill.receivable.payment import Payments, Stamp
from git_bill.receivable.receivable import receivables
from git_bill.receivable.recognised import origin, taken_back
from git_bill.receivable.remittance import Remittance

FIRST = date(2026, 10, 1)
LAST = FIRST + timedelta(days=120)
AMOUNTS = ("0.01", "40.00", "100.00", "119.00", "250.00")


def document(number: str, amount: str, *, client: str = "acme", day: date = FIRST, of: str = "") -> Invoice:
    """An invoice over an amount, or a credit note `of` one."""
    made = invoice(number, day=day, head="0" * 12)
    asked = Money(Decimal(amount), "EUR")
    totals = replace(made.totals, payable=asked, gross=asked)
    reverses = Reversal(number=of, issue_date=FIRST, entries="waive", because="less") if of else None
    return replace(made, client_id=client, totals=totals, reverses=reverses)


@dataclass(slots=True)
class Cashier:
    """`till`: what stands. `names`: ids of all records so far. `refused`: how often something could not be done."""

    till: Till
    day: date = FIRST
    names: list[str] = field(default_factory=list)
    refused: int = 0

    def desk(self) -> Desk:
        """As the commands meet it."""
        owed = receivables(self.till.invoices, self.till.paid)
        at = datetime(self.day.year, self.day.month, self.day.day, 9, 0, len(self.names) % 60, tzinfo=UTC)
        return Desk(
            till=self.till,
            opens={each.number: each for each in opens(self.till.invoices, owed, {})},
            stamp=Stamp(at=at + timedelta(hours=len(self.names) // 60), by="mira"),
            today=self.day,
        )

    def take(self, new: Payments) -> None:
        """Record it as the flows do."""
        self.till = self.till.with_(new)
        self.names += [each.id for each in new.allocations] + [each.id for each in new.remittances]
        self.names += [each.id for each in new.write_offs] + [each.id for each in new.set_offs]

    def issue(self, made: Invoice) -> None:
        """One more document."""
        self.till = replace(self.till, invoices=(*self.till.invoices, made))

    def act(self, what: str, number: int, other: int, amount: str) -> None:
        """Do one thing, or have it refused."""
        try:
            self._act(what, number, other, Money(Decimal(amount), "EUR"))
        except Stop:
            self.refused += 1

    def _act(self, what: str, number: int, other: int, amount: Money) -> None:
        documents = self.till.invoices
        one, another = documents[number % len(documents)], documents[other % len(documents)]
        desk = self.desk()
        said = Said(on=self.day, amount=amount, over=True, because="law", again=True)
        names = [each for each in self.names if each.startswith("R-")]
        if what in {"use", "return"}:
            names = [each.remittance for each in credits(documents, self.till.paid)]
        elif what == "undo":
            names = self.names
        name = names[other % len(names)] if names else "R-none"
        whole = replace(said, amount=None)
        doing: dict[str, Callable[[], Payments]] = {
            "pay": lambda: by_hand(desk, [one.number], whole),
            "part": lambda: by_hand(desk, [one.number, another.number], said),
            "use": lambda: from_remittance(desk, [one.number], name, whole),
            "return": lambda: returned(desk, name, whole),
            "set off": lambda: self._set_off(desk, number, other, whole),
            "write off": lambda: write_off(desk, one.number, amount, "small", said),
            "undo": lambda: undone(desk, [name], "law"),
        }
        if what in doing:
            self.take(doing[what]())
        elif what == "credit":
            if other % 2 and one.reverses is None and desk.opens[one.number].open:
                self.take(by_hand(desk, [one.number], whole))
            self._credit(one, amount)
        else:
            self._back(what, name, amount)

    def _set_off(self, desk: Desk, number: int, other: int, said: Said) -> Payments:
        notes = [each for each in desk.opens.values() if each.open.amount < 0]
        note = notes[other % len(notes)] if notes else None
        owed = [each for each in desk.opens.values() if each.open.amount > 0 and note and each.client == note.client]
        if note is None or not owed:
            return Payments()
        return set_off(desk, owed[number % len(owed)].number, note.number, said)

    def _credit(self, of: Invoice, amount: Money) -> None:
        """A credit note, as `issue` allows one: never more than the invoice."""
        notes = [each for each in self.till.invoices if each.reverses and each.reverses.number == of.number]
        given = sum(each.totals.payable.amount for each in notes)
        if of.reverses is None and given + amount.amount <= of.totals.payable.amount:
            number = f"CN-{len(self.till.invoices):04}"
            made = document(number, str(amount.amount), client=of.client_id, day=self.day, of=of.number)
            self.issue(made)

    def _back(self, what: str, name: str, amount: Money) -> None:
        """A refund or a chargeback of a remittance, in full or in part, that a statement tells of."""
        of = self.till.paid.remittances.get(name)
        if of is None:
            return
        moved = -of.amount if amount.amount > 100 else Money(min(amount.amount, abs(of.amount.amount)), "EUR")
        moved = moved if moved.amount * of.amount.amount < 0 else -moved
        remittance = Remittance(
            id=f"R-{len(self.names):012}".translate(str.maketrans("0189", "abcd")),
            rail=of.rail,
            booked=self.day,
            amount=moved,
            kind="refund" if what == "refund" else "chargeback",
            reverses=of.id,
        )
        self.take(Payments(remittances=(remittance,)))
        found = origin(remittance, self.till.paid.remittances.values())
        if found is not None:
            owed = receivables(self.till.invoices, self.till.paid)
            notes: dict[str, list[tuple[str, Money]]] = {}
            for each in self.till.invoices:
                if each.reverses is not None:
                    open_ones = [(r.number, r.open) for r in owed if r.number == each.number]
                    notes.setdefault(each.reverses.number, []).extend(open_ones)
            made = taken_back(remittance, found, self.till.paid, notes, self.desk().stamp)
            self.take(Payments(allocations=made))


DEEDS = ("pay", "part", "use", "return", "set off", "write off", "undo", "credit", "refund", "chargeback")


@st.composite
def cashiers(draw: st.DrawFn) -> Cashier:
    """One who has done up to two dozen things over four months, with two clients."""
    clients = ("acme", "globex")
    made = [
        document(f"INV-{n:04}", draw(st.sampled_from(AMOUNTS)), client=clients[n % 2], day=FIRST + timedelta(days=n))
        for n in range(1, draw(st.integers(2, 5)) + 1)
    ]
    cashier = Cashier(till=Till(invoices=tuple(made), paid=booked(()), months=()))
    for _ in range(draw(st.integers(4, 24))):
        cashier.day = min(LAST, cashier.day + timedelta(days=draw(st.integers(0, 15))))
        deed, one, other = draw(st.sampled_from(DEEDS)), draw(st.integers(0, 9)), draw(st.integers(0, 30))
        cashier.act(deed, one, other, draw(st.sampled_from(AMOUNTS)))
    return cashier
