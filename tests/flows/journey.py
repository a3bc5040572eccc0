"""The way of a draft through Mira's books, carried out by the real flows."""

from datetime import date

from tests.flows.desk import CLOCK, Desk

from git_bill.adapters import pdf
from git_bill.adapters.jinja import Jinja
from git_bill.adapters.tables import vat_table, wording
from git_bill.adapters.typst import Typst
from git_bill.flows.draft import Drafts, Wanted, draft
from git_bill.flows.issue import Issued, Issuing, issue
from git_bill.flows.merge import merge
from git_bill.period import Period

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
TODAY = date(2026, 11, 2)


def drafted(desk: Desk, client: str = "acme") -> Drafts:
    """October of a client as a draft on its branch, named like `acme-2026-10`."""
    return desk.do(draft(desk.books, CLOCK, vat_table(), Wanted(client=client, period=OCTOBER)))


def approved(desk: Desk, name: str = "acme-2026-10") -> None:
    """The draft, merged."""
    books = desk.books
    desk.do(merge(books, CLOCK, vat_table(), name, by="mira"), books)


def issued(desk: Desk) -> Issued:
    """Everything that is approved, issued."""
    books = desk.books
    need = Issuing(
        books=books,
        clock=CLOCK,
        typesetter=Typst(pdf.text),
        wording=wording(),
        mailer=None,
        renderer=Jinja(),
        vat=vat_table(),
        by="mira",
        made_with="git-bill 0.1.0",
    )
    return desk.do(issue(need), books)
