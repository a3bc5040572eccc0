"""PDFs as `issue` makes them, for tests of what reads them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from tests.flows.shelf import invoice

from git_bill.adapters import pdf
from git_bill.adapters.tables import wording
from git_bill.adapters.typst import Typst
from git_bill.flows.verify import Document
from git_bill.invoice.document.attachment import NAME, attachment
from git_bill.invoice.document.page import invoice_page
from git_bill.invoice.issued import Invoice, InvoiceLine
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.evidence import Evidence

SHOW = ("hours", "days", "evidence")


def worked(entry: str, *commits: str, day: date = date(2026, 10, 5)) -> Worked:
    """An entry of two hours with commits of web-shop behind it."""
    names = tuple(f"web-shop:{commit[:12]}" for commit in commits)
    return Worked(id=entry, client="acme", entry=Entry(day=day, by="mira", minutes=120, evidence=names))


def evidence(commit: str, at: str = "2026-10-05T09:52:00+02:00", covers: tuple[str, ...] = ()) -> Evidence:
    """A commit of web-shop as it was seen."""
    when = datetime.fromisoformat(at)
    return Evidence(key=commit, kind="commit", source="web-shop", contributor="mira", at=when, covers=covers)


def to_client(*lines: InvoiceLine, head: str = "0" * 12, show: tuple[str, ...] = SHOW, **changed: object) -> Invoice:
    """An invoice that shows its evidence."""
    shown = replace(invoice("INV-2026-0032", *lines, head=head), show=show)
    return replace(shown, **changed)  # type: ignore[arg-type]


def typeset(issued: Invoice, entries: Iterable[Worked] = (), known: Iterable[Evidence] = ()) -> bytes:
    """The PDF of an invoice."""
    by_id = {item.id: item for item in entries}
    files = {NAME: attachment(issued, by_id, known)}
    page = invoice_page(issued, by_id, wording())
    return Typst(pdf.text).typeset("invoice.typ", page, files, at=datetime(2026, 11, 2, tzinfo=UTC))


def document(content: bytes, file: str = "INV-2026-0032.pdf") -> Document:
    """A PDF as the command reads it."""
    return Document(file=file, content=content, text=pdf.text(content), attached=pdf.attached(content))
