"""Disputes and evidence packs for tests: one is like the books have it, the other with as many lines as wanted."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from git_bill.invoice.document.attachment import Party
from git_bill.money import Money
from git_bill.receivable.dispute.pack import (
    Approval,
    Commit,
    Pack,
    PackLine,
    PackReview,
    PackTicket,
    Paid,
    Piece,
    Proof,
    Said,
    Sent,
    Sums,
    Terms,
)
from git_bill.receivable.dispute.record import Act, Dispute, Step

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 20)
HOSTILE = """#panic("x") *bold* $x$ <script>alert(1)</script> =1+1 \u202egnp.exe\x1b[31m #import "/etc/passwd" """


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def dispute(**changed: Any) -> Dispute:
    """Two lines of an invoice, 595 EUR with tax."""
    facts: dict[str, Any] = {
        "id": "DS-INV-2026-0032-1",
        "invoice": "INV-2026-0032",
        "lines": (1, 3),
        "amount": euro("595.00"),
        "reason": "hours",
        "on": DAY,
        "by": "mira",
        "at": AT,
        **changed,
    }
    return Dispute(**facts)


def step(do: Act, days: int = 1, **changed: Any) -> Step:
    """A step some days after it was opened."""
    facts: dict[str, Any] = {"do": do, "on": DAY + timedelta(days=days), "by": "mira", "at": AT, **changed}
    if do == "resolve":
        facts.setdefault("result", "rejected")
    if do == "escalate":
        facts.setdefault("to", "court")
    return Step(**facts)


def pack(lines: int = 1, language: str = "en", words: str = "Checkout: totals with tax", **changed: Any) -> Pack:
    """An evidence pack of so many lines, each with three pieces of work, and all that a pack can hold."""
    amount = euro("238.00") * lines
    facts: dict[str, Any] = {
        "dispute": "DS-INV-2026-0032-1",
        "invoice": "INV-2026-0032",
        "issued": date(2026, 11, 2),
        "first": date(2026, 10, 1),
        "last": date(2026, 10, 31),
        "language": language,
        "issuer": Party(name="Mira Kovac Software", vat_id="DE136695976"),
        "client": Party(name="Acme GmbH", vat_id="DE129274202"),
        "as_of": date(2026, 11, 24),
        "reason": "hours",
        "opened_by": "chargeback",
        "on": DAY,
        "channel": "provider",
        "provider_reason": "product_not_received",
        "evidence_due": date(2026, 12, 5),
        "state": "answered",
        "sums": Sums(
            invoiced=amount + euro("119.00"),
            settled=euro("0.00"),
            credited=euro("59.50"),
            open=amount + euro("59.50"),
            disputed=amount,
            undisputed=euro("59.50"),
        ),
        "terms": Terms(contract="acme-2026", order="4500012345", payment_terms="30 days", due=date(2026, 12, 2)),
        "lines": tuple(_line(number, words) for number in range(1, lines + 1)),
        "commits": tuple(
            Commit(
                commit=f"web-shop:{number:012x}",
                at=datetime(2026, 10, 5, 9, number % 60, tzinfo=UTC),
                author="Mira Kovac",
                subject=f"WEB-{number} {words}",
                pull=f"#{number}",
            )
            for number in range(1, 3 * lines + 1)
        ),
        "tickets": (PackTicket(ticket="WEB-1", title=words, state="closed"),),
        "reviews": (PackReview(pull="#12", by="Jonas Weber", at=AT, verdict="approved"),),
        "approvals": (
            Approval(what="merged", who="Mira Kovac", at=AT, ref="blob 3f2a9c1d4e5f"),
            Approval(what="client", who="Anna Schmidt", at=AT, ref="client-reply.eml", sha256="a" * 64),
        ),
        "sent": (Sent(on=date(2026, 11, 2), via="mail", state="done"),),
        "said": (
            Said(on=DAY, what="objection", text=words, files=("b" * 64,)),
            Said(on=DAY, what="answer", text=words),
        ),
        "paid": (Paid(on=DAY, what="credit-note", amount=euro("59.50"), ref="CN-2026-0001"),),
        "proof": Proof(
            printed="3f2a9c1d4e5f",
            recorded="c" * 64,
            at=AT,
            head="d" * 64,
            files=(f"{'e' * 64}  originals/INV-2026-0032.pdf",),
            verify=("git bill verify originals/INV-2026-0032.pdf --repo CLONE", "sha256sum -c SHA256SUMS"),
        ),
        **changed,
    }
    return Pack(**facts)


def _line(number: int, words: str) -> PackLine:
    return PackLine(
        number=number,
        description=f"WEB-{number} {words}",
        quantity=Decimal("2.5"),
        unit="HUR",
        unit_price=euro("80.00"),
        net=euro("200.00"),
        reason="80.00 EUR an hour: the default rate; 2h25m rounded to 2h30m",
        work=tuple(
            Piece(
                day=date(2026, 10, 5 + piece),
                by="Mira Kovac",
                ticket=f"WEB-{number}",
                activity="development",
                what=words,
                minutes=50,
                times=("09:10–10:00",),
                facts=(f"web-shop:{3 * number + piece:012x}",),
            )
            for piece in range(3)
        ),
    )
