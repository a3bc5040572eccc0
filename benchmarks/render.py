"""How long a document takes: PDF, XML and both in one file; `python benchmarks/render.py [LINES] [DOCUMENTS]`.

Target: below 100 ms for each of a batch of 200 with 8 lines, warm. Of one process; `cpu` is what is left of the time
by the wall where other programs are at work, too.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from git_bill.adapters import pdf as reader
from git_bill.adapters.hybrid import Hybrid
from git_bill.adapters.tables import einvoicing, wording
from git_bill.adapters.typst import Typst
from git_bill.contract.party import Bank, Client, Issuer
from git_bill.contract.tax.treatment import Tax
from git_bill.flows.electronic import Electronics, forms
from git_bill.invoice.document.page import invoice_page
from git_bill.invoice.document.stated import unstated
from git_bill.invoice.issued import Invoice, InvoiceLine, TaxTotal, Totals
from git_bill.money import Money

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
ISSUER = Issuer(
    name="Mira Kovac Software",
    country="DE",
    timezone="Europe/Berlin",
    contact="Mira Kovac",
    street="Lindenweg 4",
    postcode="10115",
    city="Berlin",
    email="mira@example.net",
    phone="+49 30 1234567",
    vat_id="DE136695976",
    bank=Bank(iban="DE02120300000000202051", bic="BYLADEM1001"),
)
CLIENT = Client(
    name="Acme GmbH",
    country="DE",
    street="Werkstr. 1",
    postcode="80331",
    city="München",
    vat_id="DE129274202",
    email="ap@acme.example",
    language="de",
    formats=("pdf", "facturx"),
)


def euros(amount: Decimal | int) -> Money:
    """An amount to the cent."""
    return Money(Decimal(amount), "EUR").rounded()


def invoice(lines: int) -> Invoice:
    """One of so many lines at 19 percent."""
    every = tuple(
        InvoiceLine(
            description=f"WEB-{number} Checkout, part {number}",
            detail="6 commits, payment page and refunds",
            quantity=Decimal("2.5"),
            unit="HUR",
            unit_price=euros(95),
            net=euros(Decimal("237.50")),
            first=date(2026, 10, 5),
            last=date(2026, 10, 9),
        )
        for number in range(1, lines + 1)
    )
    net = Decimal("237.50") * lines
    tax = euros(net * 19 / 100)
    gross = euros(net) + tax
    group = TaxTotal(category="S", rate=Decimal(19), base=euros(net), tax=tax)
    return Invoice(
        number="INV-2026-0032",
        draft="D-k3v9q2m7x4ab",
        issue_date=date(2026, 11, 2),
        due_date=date(2026, 12, 2),
        first=date(2026, 10, 1),
        last=date(2026, 10, 31),
        currency="EUR",
        contract="acme-2026",
        client_id="acme",
        payment_terms="30 days",
        ledger_head="3f2a9c41d07b",
        made_with="benchmark",
        issuer=ISSUER,
        client=CLIENT,
        tax=Tax(category="S", rate=Decimal(19)),
        lines=every,
        totals=Totals(lines=euros(net), net=euros(net), tax=tax, gross=gross, payable=gross, groups=(group,)),
    )


def timed(work: Callable[[Invoice], object], documents: list[Invoice]) -> list[tuple[float, float]]:
    """Milliseconds of each, by the wall and of the processor."""
    taken = []
    for document in documents:
        start, spent = time.perf_counter(), time.process_time()
        work(document)
        taken.append(((time.perf_counter() - start) * 1000, (time.process_time() - spent) * 1000))
    return taken


def main() -> None:
    """A table: the first document; of the rest the median, the slowest, and the median of the processor's time."""
    told = [int(word) for word in sys.argv[1:] if word.isdecimal()]  # `make bench` names repositories, too
    count, documents = (*told, *(8, 200)[len(told) :])[:2]
    typesetter, words = Typst(reader.text), wording()
    office = Electronics(known=einvoicing(), combiner=Hybrid())
    batch = [replace(invoice(count), number=f"INV-2026-{n:04}") for n in range(1, documents + 1)]

    def pdf(each: Invoice) -> bytes:
        return typesetter.typeset("invoice.typ", invoice_page(each, {}, words), {}, at=AT)

    def whole(each: Invoice) -> None:
        made = pdf(each)
        if missing := list(unstated(each, typesetter.text(made))):
            sys.exit(f"{each.number} lacks {missing}")
        if problems := forms(each, made, office, words, at=AT).problems:
            sys.exit(str(problems))

    print(f"{documents} documents of {count} lines; milliseconds each")
    print(f"{'':24}{'first':>8}{'median':>8}{'slowest':>9}{'cpu':>8}")
    for name, work in (("PDF", pdf), ("PDF + XML, checked", whole)):
        first, *rest = timed(work, batch)
        walls, spent = zip(*(rest or [first]), strict=True)
        middle, processor = statistics.median(walls), statistics.median(spent)
        print(f"{name:24}{first[0]:8.0f}{middle:8.1f}{max(walls):9.1f}{processor:8.1f}")


if __name__ == "__main__":
    main()
