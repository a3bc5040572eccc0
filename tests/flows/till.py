"""Books with open invoices, and statements that tell of money for them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from tests.flows.shelf import Shelf, line, shelf

from git_bill.adapters.git.books import GitBooks
from git_bill.adapters.tables import headings, matching_weights
from git_bill.contract.exchange import none_known
from git_bill.effects import Flow
from git_bill.flows import apply, load, load_payments
from git_bill.flows.desk import Desk, Recorded, record_said
from git_bill.flows.reconcile import Reconciled, Reconciling, reconcile
from git_bill.flows.statements import Statements
from git_bill.forge import Forge
from git_bill.money import Money
from git_bill.ports import Snapshot
from git_bill.rail import Rail
from git_bill.receivable.booked import Booked
from git_bill.receivable.payment import Payments
from git_bill.receivable.receivable import Receivable, receivables
from git_bill.receivable.verdict import Verdict
from git_bill.workspace import Role

T = TypeVar("T")
TODAY = date(2026, 12, 10)
OWN = "DE02120300000000202051"
ACME = "DE89370400440532013000"
HEAD = "Buchungstag;Auftraggeber/Empfänger;IBAN;Verwendungszweck;Betrag;Währung\n"


@dataclass(frozen=True, slots=True)
class Noon:
    """A clock that stands still."""

    day: date = TODAY

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 11, tzinfo=UTC)

    def today(self, timezone: str) -> date:
        return self.day

    def clock_today(self, timezone: str) -> date:
        return self.day


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A statement in memory."""

    name: str
    content: str

    @property
    def chunks(self) -> Iterator[bytes]:
        return iter([self.content.encode()])


def row(text: str, amount: str, payer: str = "Acme GmbH", day: str = "20.11.2026", iban: str = ACME) -> str:
    """A line of a German bank's CSV file."""
    return f"{day};{payer};{iban};{text};{amount};EUR\n"


def paper(*rows: str, name: str = "november.csv") -> Paper:
    """A CSV statement of some lines."""
    return Paper(name=name, content=HEAD + "".join(rows))


@dataclass(slots=True)
class Bureau:
    """Mira's books, with what banks and people say of them. `forge`: where proposals are put."""

    shelf: Shelf
    clock: Noon = Noon()
    forge: Forge | None = None
    rails: Mapping[str, Rail] = field(default_factory=dict)
    roles: tuple[Role, ...] = ("owner",)

    @property
    def books(self) -> GitBooks:
        return self.shelf.books()

    @property
    def paid(self) -> Booked:
        return load_payments.payments(self._tip())

    @property
    def owed(self) -> Mapping[str, Receivable]:
        """By number, as it stands at the tip."""
        issued = [each.invoice for each in load.numbered(self._tip()) if each.invoice is not None]
        return {each.number: each for each in receivables(issued, self.paid)}

    def open(self, number: str = "INV-2026-0032") -> str:
        return str(self.owed[number].open)

    def ledger(self) -> list[str]:
        """Kinds of the ledger's lines."""
        text = "".join(load.ledger(self._tip()).values())
        return [line.split('"kind":"')[1].split('"')[0] for line in text.splitlines()]

    def reconcile(
        self, *papers: Paper, words: Sequence[Verdict] = (), again: bool = False, thank: bool = False
    ) -> Reconciled:
        """Read statements, or only sweep."""
        return self.run(reconcile(self.need(*papers, thank=thank), words, again=again))

    def need(self, *papers: Paper, thank: bool = False) -> Reconciling:
        """What a run reads and asks."""
        return Reconciling(
            books=self.books,
            clock=self.clock,
            by="mira",
            weights=matching_weights(),
            quotes=none_known,
            statements=Statements(files=lambda: iter(papers), headings=headings()),
            thank=thank,
            rails=self.rails,
            forge=self.forge,
            witness=self.forge,
        )

    def say(self, make: Callable[[Desk], Payments], *, thank: bool = False) -> Recorded:
        """Record a person's word: `make` gets the desk."""
        return self.run(record_said(self.books, self.clock, "mira", make, "Say so", thanks=thank))

    def run(self, flow: Flow[T]) -> T:
        actors = apply.Actors(books=self.books, forge=self.forge, roles=self.roles)
        return apply.run(flow, actors)

    def _tip(self) -> Snapshot:
        tip = self.books.tip()
        assert tip is not None
        return self.books.at(tip)


def bureau(folder: Path, *hours: str) -> Bureau:
    """Books with one issued invoice for each number of hours at 95.00 EUR and 19 % VAT."""
    made = shelf(folder)
    for at, each in enumerate(hours or ("2",)):
        made.issue(f"INV-2026-{32 + at:04}", line(each, entries={f"W-{at:012}".replace("0", "a"): 60}))
    return Bureau(made)


def euros(text: str) -> Money:
    return Money.parse(f"{text} EUR")
