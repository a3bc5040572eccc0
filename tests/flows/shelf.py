"""Books with issued documents in a real repository, written as `issue` writes them, for tests of what reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tests.repositories import commit, now, repository, run

from git_bill.adapters.git.books import GitBooks, open_books
from git_bill.contract.party import Bank, Client, Issuer
from git_bill.contract.tax.treatment import Tax
from git_bill.custody.ledger import START, append, sha256, short
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.issued import Claim, Invoice, InvoiceLine
from git_bill.invoice.totals import Sums, net_of, totals
from git_bill.layout import invoice_folder, ledger_file
from git_bill.money import Money
from git_bill.shape import write

ISSUER = Issuer(
    name="Mira Kovac Software",
    country="DE",
    timezone="Europe/Berlin",
    street="Lindenweg 4",
    postcode="10115",
    city="Berlin",
    vat_id="DE136695976",
    bank=Bank(iban="DE02120300000000202051"),
)
CLIENT = Client(name="Acme GmbH", country="DE", street="Werkstr. 1", postcode="80331", city="München", language="de")
TAX = Tax(category="S", rate=Decimal(19), source="UStG § 12(1): standard rate of DE since 2007-01-01")
SETTINGS = """schema = 1

[issuer]
name = "Mira Kovac Software"
street = "Lindenweg 4"
postcode = "10115"
city = "Berlin"
country = "DE"
timezone = "Europe/Berlin"
email = "mira@example.net"
vat_id = "DE136695976"

[issuer.bank]
iban = "DE02120300000000202051"

[numbering]
last = "INV-2026-0031"

[[contributors]]
id = "mira"
name = "Mira Kovac"
emails = ["mira@example.net"]
timezone = "Europe/Berlin"
roles = ["owner"]

[[sources]]
kind = "git"
url = "https://git.example.com/acme/web-shop.git"
client = "acme"
project = "web-shop"
since = 2026-10-01
"""
ACME = """schema = 1

[client]
name = "Acme GmbH"
country = "DE"
street = "Werkstr. 1"
postcode = "80331"
city = "München"
language = "de"
vat_id = "DE129274202"

[[contracts]]
id = "acme-2026"
from = 2026-01-01
currency = "EUR"
rounding = { to = "15m" }

[[contracts.rates]]
hourly = "95.00 EUR"
activity = "development"

[[contracts.rates]]
hourly = "80.00 EUR"
"""
STATED = {"billing/billing.toml": SETTINGS, "billing/clients/acme.toml": ACME}


def line(net_hours: str = "2", **changed: object) -> InvoiceLine:
    """A line of some hours at 95.00 EUR."""
    facts: dict[str, object] = {
        "description": "WEB-5 Add totals",
        "quantity": Decimal(net_hours),
        "unit": "HUR",
        "unit_price": Money.parse("95.00 EUR"),
        "first": date(2026, 10, 5),
        "last": date(2026, 10, 6),
        "raw": int(Decimal(net_hours) * 60),
        "reason": "95.00 EUR an hour: rate for development",
        "entries": {"W-aaaaaaaaaaaa": int(Decimal(net_hours) * 60)},
        **changed,
    }
    as_drafted = Line(**{name: value for name, value in facts.items() if name != "net"})  # type: ignore[arg-type]
    facts.setdefault("net", net_of(as_drafted))
    return InvoiceLine(**facts)  # type: ignore[arg-type]


def invoice(number: str = "INV-2026-0032", *lines: InvoiceLine, day: date = date(2026, 11, 2), head: str) -> Invoice:
    """An issued invoice of one line, unless others are given."""
    items = lines or (line(),)
    return Invoice(
        number=number,
        draft=f"D-{number.lower()}",
        issue_date=day,
        due_date=day + timedelta(days=30),
        first=date(2026, 10, 1),
        last=date(2026, 10, 31),
        currency="EUR",
        contract="acme-2026",
        client_id="acme",
        payment_terms="30 days",
        ledger_head=head,
        made_with="git-bill 0.1.0",
        issuer=ISSUER,
        client=CLIENT,
        tax=TAX,
        lines=items,
        totals=totals(Sums(currency="EUR", tax=TAX, nets=[(TAX, item.net) for item in items])),
    )


@dataclass(slots=True)
class Shelf:
    """The books. `head`: of the ledger so far."""

    top: Path
    head: str = START
    at: datetime = datetime(2026, 11, 2, 8, tzinfo=UTC)
    ledger: dict[int, str] = field(default_factory=dict)

    def books(self, remote: str | None = None) -> GitBooks:
        """A process's view of them."""
        return open_books(self.top, now=now, remote=remote)

    def put(self, files: Mapping[str, str | bytes | None], message: str = "by hand") -> str:
        """Commit files with git."""
        return commit(self.top, files, message)

    def record(self, kind: str, **facts: object) -> dict[str, str | bytes | None]:
        """The ledger file with one more line, not committed yet."""
        self.at += timedelta(minutes=5)
        year = self.at.year
        text = self.ledger.get(year, "")
        self.ledger[year], self.head = append(text, self.head, at=self.at, kind=kind, by="mira", facts=facts)
        return {ledger_file(year): self.ledger[year]}

    def claim(self, number: str, day: date = date(2026, 11, 2), void: str | None = None) -> None:
        """Claim a number, and void it where there is a reason."""
        claim = Claim(number=number, draft="D-claimed", name="acme-2026-10", blob="0" * 40, issue_date=day, at=self.at)
        path = f"{invoice_folder(number, day.year)}/claim.toml"
        self.put({path: write(claim), **self.record("claim", number=number)}, f"Claim {number}")
        if void is not None:
            voided = write(Claim(**{**_fields(claim), "void": void}))  # type: ignore[arg-type]
            self.put({path: voided, **self.record("void", number=number)}, f"Void {number}")

    def issue(
        self,
        number: str,
        *lines: InvoiceLine,
        day: date = date(2026, 11, 2),
        pdf: bytes = b"%PDF-1.7 none",
        tag: bool = True,
    ) -> str:
        """Issue an invoice as one commit with its ledger line and tag; the folder's path."""
        return self.freeze(invoice(number, *lines, day=day, head=short(self.head)), pdf=pdf, tag=tag)

    def freeze(
        self,
        issued: Invoice,
        pdf: bytes = b"%PDF-1.7 none",
        *,
        tag: bool = True,
        timesheet: bytes = b"day,minutes\n",
    ) -> str:
        """The same with an invoice that is made already."""
        number, day = issued.number, issued.issue_date
        claim = Claim(
            number=number,
            draft=issued.draft,
            name="acme-2026-10",
            blob="0" * 40,
            issue_date=day,
            at=self.at,
            approved_by="mira",
        )
        files = {
            "claim.toml": write(claim).encode(),
            "invoice.toml": write(issued).encode(),
            "invoice.pdf": pdf,
            "timesheet.csv": timesheet,
        }
        folder = invoice_folder(number, day.year)
        ledger = self.record(
            "issue",
            number=number,
            draft=issued.draft,
            gross=str(issued.totals.gross),
            payable=str(issued.totals.payable),
            approved_by="mira",
            files={name: sha256(content) for name, content in files.items()},
        )
        self.put({**{f"{folder}/{name}": content for name, content in files.items()}, **ledger}, f"Issue {number}")
        if tag:
            run(self.top, "tag", f"invoice/{number}")
        return folder


def shelf(folder: Path) -> Shelf:
    """Books with settings and a client."""
    made = Shelf(repository(folder))
    made.put(STATED, "Record the books")
    return made


def draft(**changed: object) -> Draft:
    """A draft of two hours for Acme."""
    facts: dict[str, object] = {
        "id": "D-aaaaaaaaaaaa",
        "client": "acme",
        "contract": "acme-2026",
        "first": date(2026, 10, 1),
        "last": date(2026, 10, 31),
        "currency": "EUR",
        "payment_terms": "30 days",
        "tax": TAX,
        "lines": (
            Line(
                description="WEB-5 Add totals",
                quantity=Decimal(2),
                unit_price=Money.parse("95.00 EUR"),
                raw=118,
                reason="95.00 EUR an hour: rate for development",
                entries={"W-aaaaaaaaaaaa": 118},
            ),
        ),
        **changed,
    }
    return Draft(**facts)  # type: ignore[arg-type]


def _fields(claim: Claim) -> dict[str, object]:
    return {name: getattr(claim, name) for name in Claim.__dataclass_fields__}
