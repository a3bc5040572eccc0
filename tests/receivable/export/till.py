"""Documents and payments for tests of exports, made as `issue` and `reconcile` make them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from git_bill.contract.exchange import Quote
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import EarlyPayment
from git_bill.invoice.draft import Exchange, Reversal
from git_bill.invoice.issued import Invoice, InvoiceLine
from git_bill.invoice.totals import Sums, totals
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.receivable.booked import Booked, booked
from git_bill.receivable.export.document import Document, documents
from git_bill.receivable.export.entry import Entry
from git_bill.receivable.export.journal import journal
from git_bill.receivable.export.move import every_move
from git_bill.receivable.export.settings import Basis, Relief
from git_bill.receivable.export.taxed import Taxed, taxed
from git_bill.receivable.export.worths import Worths
from git_bill.receivable.payment import Allocation, Aside, Payments, SetOff, WriteOff
from git_bill.receivable.remittance import Remittance

ISSUER = Issuer(name="Mira Kovac Software", country="DE", timezone="Europe/Berlin", vat_id="DE136695976")
ACME = Client(name="Acme GmbH", country="DE", vat_id="DE129274202")
LYON = Client(name="Lyon SARL", country="FR", vat_id="FR40303265045")
USA = Client(name="Initech Inc.", country="US")
S19, S7 = Tax(category="S", rate=Decimal(19)), Tax(category="S", rate=Decimal(7))
AE, OUT = Tax(category="AE", rate=Decimal(0)), Tax(category="O", rate=Decimal(0))
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
EU = frozenset({"DE", "FR", "AT", "NL"})


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def usd(text: str) -> Money:
    return Money(Decimal(text), "USD")


def bill(number: str, day: date, *nets: tuple[str, Tax], client: Client = ACME, **changed: Any) -> Invoice:
    """An invoice; `currency`, `reverses` (a number), `early`, `rate` (to EUR, stated), `last`, `kind` as given."""
    currency = changed.pop("currency", "EUR")
    items = [(tax, Money(Decimal(net), currency)) for net, tax in nets]
    exchange = None
    if (rate := changed.pop("rate", None)) is not None:
        exchange = Exchange(currency="EUR", rate=Decimal(rate), on=day, source="ECB")
    found = totals(Sums(currency=currency, tax=items[0][0], nets=items, exchange=exchange))
    reverses = changed.pop("reverses", None)
    early = changed.pop("early", None)
    lines = tuple(
        InvoiceLine(
            description="Work",
            quantity=Decimal(1),
            unit="C62",
            unit_price=net,
            base_quantity=Decimal(1),
            tax=tax,
            net=net,
        )
        for tax, net in items
    )
    return Invoice(
        number=number,
        kind=changed.pop("kind", "credit-note" if reverses else "invoice"),
        draft=f"D-{number.lower()}",
        issue_date=day,
        due_date=day + timedelta(days=30),
        first=day.replace(day=1),
        last=changed.pop("last", day),
        currency=currency,
        contract="acme-2026",
        client_id=client.name.split()[0].lower(),
        payment_terms="30 days",
        early_payment=EarlyPayment(percent=Decimal(early), days=10) if early else None,
        ledger_head="0" * 12,
        made_with="git-bill 0.1.0",
        issuer=ISSUER,
        client=client,
        tax=items[0][0],
        exchange=exchange,
        reverses=Reversal(number=reverses, issue_date=day, entries="waive") if reverses else None,
        lines=lines,
        totals=found,
        **changed,
    )


_SERIAL = iter(range(1, 10**9))


def _id(letter: str) -> str:
    number, text = next(_SERIAL), ""
    for _ in range(12):
        number, rest = divmod(number, 24)
        text = chr(ord("a") + rest) + text
    return f"{letter}-{text}"


def came(day: date, amount: Money, **changed: Any) -> Remittance:
    """Money on the bank account, unless another rail is given."""
    facts = {"rail": "bank", "account": "DE02120300000000202051", "payer": "Acme GmbH", **changed}
    return Remittance(id=_id("R"), booked=day, amount=amount, **facts)


def settles(remittance: Remittance, number: str, amount: Money, off: Money | None = None, **changed: Any) -> Allocation:
    """An allocation; `off`: what it takes off the invoice, where that is another amount."""
    return Allocation(
        id=_id("A"), remittance=remittance.id, invoice=number, amount=amount, settles=off or amount, at=AT, **changed
    )


def lost(number: str, amount: Money, on: date, why: Any = "uncollectable") -> WriteOff:
    return WriteOff(id=_id("O"), invoice=number, amount=amount, as_=why, because="gone", on=on, by="mira", at=AT)


def offset(credit: str, number: str, amount: Money, on: date) -> SetOff:
    return SetOff(id=_id("S"), credit=credit, invoice=number, amount=amount, on=on, by="mira", at=AT)


def kept(
    remittances: Iterable[Remittance] = (),
    allocations: Iterable[Allocation] = (),
    write_offs: Iterable[WriteOff] = (),
    set_offs: Iterable[SetOff] = (),
    aside: Iterable[Aside] = (),
) -> Booked:
    """What stands."""
    return booked(
        [
            Payments(
                remittances=tuple(remittances),
                allocations=tuple(allocations),
                write_offs=tuple(write_offs),
                set_offs=tuple(set_offs),
                aside=tuple(aside),
            )
        ]
    )


def paid(day: date, number: str, amount: Money) -> Booked:
    """One payment."""
    money = came(day, amount)
    return kept([money], [settles(money, number, amount)])


def rates(base: str, currency: str, day: date) -> Quote | Problem:
    """One dollar is 0.90 EUR in the first half of a month, 0.80 EUR in the second."""
    rate = Decimal("0.90") if day.day < 16 else Decimal("0.80")
    if (base, currency) != ("USD", "EUR"):
        return Problem(rule="no-exchange-rate", message=f"no rate between {base} and {currency}")
    return Quote(base=base, currency=currency, rate=rate, on=day, source="ECB")


def known(*invoices: Invoice) -> dict[str, Document]:
    """Documents in euros."""
    found, problems = documents(invoices, "EUR", rates)
    assert problems == []
    return found


def entries(
    invoices: Iterable[Invoice],
    booked_: Booked | None = None,
    basis: Basis = "invoice",
    relief: Relief = "at-once",
) -> tuple[Entry, ...]:
    """The journal in euros."""
    worths = Worths(currency="EUR", quotes=rates)
    stands, every = booked_ or kept(), known(*invoices)
    moved = every_move(every, stands, relief)
    found = journal(every, moved, stands, basis=basis, is_eu=EU.__contains__, worths=worths)
    assert worths.problems == []
    return found


def due(
    invoices: Iterable[Invoice],
    booked_: Booked | None = None,
    basis: Basis = "invoice",
    relief: Relief = "at-once",
) -> tuple[Taxed, ...]:
    """What tax falls due when."""
    every = known(*invoices)
    return taxed(every.values(), every_move(every, booked_ or kept(), relief), basis, EU.__contains__)


def balance(found: Iterable[Entry], role: str, *, worth: bool = True) -> Decimal:
    """Of all accounts of a role, in the books' currency or as stated."""
    sums = (each.amount for entry in found for each in entry.postings if each.account.role == role)
    return sum(((each.worth if worth else each.stated).amount for each in sums), Decimal(0))
