"""Export: the books of a period as others take them. Everything is read at the tip of the books branch, and only from
books that nobody changed: what the ledger did not record is not handed on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from git_bill.contract.exchange import Quote, Quotes
from git_bill.contract.tax.table import VatTable
from git_bill.flows import load, load_payments
from git_bill.flows.audit import Audit, examine
from git_bill.flows.exchange_rates import own_first, unrecorded
from git_bill.flows.landing import at_tip
from git_bill.flows.tax_files import tax_table
from git_bill.invoice.conversion import accounting_currency
from git_bill.period import Period
from git_bill.ports import Books, Snapshot
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.receivable.ageing import Aged, ageing
from git_bill.receivable.booked import Booked
from git_bill.receivable.credit import credits
from git_bill.receivable.export.beancount import beancount_ledger
from git_bill.receivable.export.datev import Batch, batch
from git_bill.receivable.export.datev_accounts import Area, Chart, shared
from git_bill.receivable.export.document import Document, documents
from git_bill.receivable.export.entry import Entry
from git_bill.receivable.export.hledger import hledger_journal
from git_bill.receivable.export.journal import journal
from git_bill.receivable.export.move import every_move
from git_bill.receivable.export.plain_text import Book
from git_bill.receivable.export.register import Given, register, register_sheet
from git_bill.receivable.export.settings import Basis, bad_debt_relief, vat_due
from git_bill.receivable.export.sheet import Sheet
from git_bill.receivable.export.tables import (
    ageing_sheet,
    invoices_sheet,
    journal_sheet,
    lines_sheet,
    payments_sheet,
    recapitulative_sheet,
    receivables_sheet,
    tax_sheet,
    tax_sums_sheet,
)
from git_bill.receivable.export.taxed import Declared, Taxed, TaxSum, declared, recapitulative, tax_sums, taxed
from git_bill.receivable.export.worths import Worths
from git_bill.receivable.receivable import Receivable, excess, receivables
from git_bill.workspace import Workspace

For = Literal["adviser", "datev", "hledger", "beancount", "csv"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The books as of the end of a period. `documents`: all by number; `entries` and `taxed`: of the period."""

    workspace: Workspace
    snapshot: Snapshot
    audit: Audit
    period: Period
    basis: Basis
    currency: str
    vat: VatTable
    paid: Booked
    documents: Mapping[str, Document]
    entries: tuple[Entry, ...]
    taxed: tuple[Taxed, ...]
    declared: tuple[Declared, ...]
    owed: tuple[Receivable, ...]
    aged: tuple[Aged, ...]
    given: tuple[Given, ...]
    quotes: tuple[Quote, ...]

    @property
    def issued(self) -> tuple[Document, ...]:
        """Documents of the period."""
        return tuple(each for each in self.documents.values() if each.invoice.issue_date in self.period)

    @property
    def at(self) -> datetime:
        """The instant of the newest line of the ledger: the same books give the same bytes."""
        return self.audit.records[-1].at

    @property
    def by_month(self) -> tuple[TaxSum, ...]:
        """Tax by month."""
        return tax_sums(self.taxed, self.period, "month")

    @property
    def by_quarter(self) -> tuple[TaxSum, ...]:
        """Tax by quarter."""
        return tax_sums(self.taxed, self.period, "quarter")

    @property
    def title(self) -> str:
        """`Mira Kovac Software, 2026`."""
        return f"{self.workspace.settings.issuer.name}, {named(self.period)}"

    def area(self, country: str) -> Area:
        """Where a country lies, seen from the issuer."""
        home = self.workspace.settings.issuer.country
        if self.vat.code(country) == self.vat.code(home):
            return "home"
        return "eu" if self.vat.is_eu(country) and self.vat.is_eu(home) else "third"


def read_for_export(
    books: Books, shipped: VatTable, published: Quotes, period: Period, *, basis: Basis | None = None
) -> Exported:
    """Read and reckon. Stops (exit 1) at books that were tampered with, that allocate too much, or where no rate of
    exchange is known; (exit 3) at settings or a currency that are not told.
    """
    _, snapshot = at_tip(books)
    workspace = load.workspace(books.here())
    issuer = workspace.settings.issuer
    currency = accounting_currency(issuer, period.last)
    if currency is None:
        hint = 'write it below [issuer]: currency = "EUR"'
        raise stop(Exit.SETTINGS, "no-currency", f"the currency of {issuer.country} is not known", hint)
    audit, vat = _whole(books), tax_table(snapshot, shipped)
    numbered, paid = load.numbered(snapshot), load_payments.payments(snapshot)
    invoices = [each.invoice for each in numbered if each.invoice is not None]
    if wrong := tuple(excess(invoices, paid)):
        raise Stop(Exit.PROBLEMS, wrong)
    due = basis or vat_due(workspace.settings.export, issuer.country)
    worths = Worths(currency=currency, quotes=own_first(snapshot, published))
    known, missing = documents(invoices, currency, worths.quotes)
    moved = every_move(known, paid, bad_debt_relief(workspace.settings.export, issuer.country))
    entries = () if missing else journal(known, moved, paid, basis=due, is_eu=vat.is_eu, worths=worths)
    if missing or worths.problems:
        wanted = dict.fromkeys((*missing, *worths.problems))
        raise Stop(Exit.PROBLEMS, tuple(unrecorded(wanted, books.here(), snapshot)))
    owed = receivables(invoices, paid, period.last)
    claimed = [(each.claim, each.invoice) for each in numbered]
    return Exported(
        workspace=workspace,
        snapshot=snapshot,
        audit=audit,
        period=period,
        basis=due,
        currency=currency,
        vat=vat,
        paid=paid,
        documents=known,
        entries=tuple(each for each in entries if each.day in period),
        taxed=tuple(each for each in taxed(known.values(), moved, due, vat.is_eu) if each.day in period),
        declared=declared(recapitulative(known.values(), moved, vat.is_eu), period),
        owed=owed,
        aged=ageing(owed, credits(invoices, paid, period.last), period.last),
        given=register(claimed, workspace.settings.numbering, period),
        quotes=_quotes(known, worths, period),
    )


def _whole(books: Books) -> Audit:
    """The audit of books that nobody changed and that something was issued from. Stops (exit 1) at others."""
    audit = examine(books)
    if audit.tampered:
        raise Stop(Exit.PROBLEMS, audit.tampered)
    if not audit.records:
        raise stop(Exit.PROBLEMS, "nothing-issued", "nothing was issued yet", "git bill draft makes the first invoice")
    return audit


def _quotes(known: Mapping[str, Document], worths: Worths, period: Period) -> tuple[Quote, ...]:
    """Rates that count in the period, each once, by day."""
    stated = (each.quote for each in known.values() if each.invoice.issue_date in period)
    every = {(each.on, each.base): each for each in (*stated, *worths.used.values()) if each is not None}
    return tuple(quote for (day, _), quote in sorted(every.items()) if day <= period.last)


def as_hledger(made: Exported) -> bytes:
    """A journal for hledger."""
    return hledger_journal(_book(made))


def as_beancount(made: Exported) -> bytes:
    """A ledger for beancount."""
    return beancount_ledger(_book(made))


def _book(made: Exported) -> Book:
    names = made.workspace.settings.export.names
    return Book(title=made.title, currency=made.currency, entries=made.entries, quotes=made.quotes, names=names)


def as_datev(made: Exported) -> bytes:
    """A booking batch for DATEV. Stops (exit 1) with all accounts that are missing."""
    issuer, settings = made.workspace.settings.issuer, made.workspace.settings.export
    content, problems = batch(
        Batch(
            chart=Chart(settings=settings, small=issuer.tax_scheme == "small-business"),
            period=made.period,
            currency=made.currency,
            entries=made.entries,
            documents=made.documents,
            area=made.area,
            at=made.at,
        )
    )
    if problems:
        raise Stop(Exit.PROBLEMS, problems)
    return content


def shared_accounts(made: Exported) -> tuple[Problem, ...]:
    """A warning for each DATEV account that several clients, banks or providers share."""
    chart = Chart(settings=made.workspace.settings.export)
    return tuple(shared(chart, dict.fromkeys(p.account for entry in made.entries for p in entry.postings)))


def sheets(made: Exported) -> tuple[Sheet, ...]:
    """All tables of the period."""
    names = made.workspace.settings.export.names
    return (
        register_sheet(made.given),
        invoices_sheet(made.issued, made.currency),
        lines_sheet(made.issued),
        payments_sheet(made.documents, made.paid, made.period),
        receivables_sheet(made.owed, made.period),
        ageing_sheet(made.aged),
        tax_sheet(made.taxed),
        tax_sums_sheet("tax-by-month", made.by_month),
        tax_sums_sheet("tax-by-quarter", made.by_quarter),
        recapitulative_sheet(made.declared),
        journal_sheet(made.entries, names),
    )


def named(period: Period) -> str:
    """A period as people write it, good for a file's name: `2026`, `2026-Q3`, `2026-10`, `2026-10-01-to-2026-10-15`."""
    first, last = period.first, period.last
    if (first.month, first.day) == (1, 1) and last == date(first.year, 12, 31):
        return str(first.year)
    quarter = (first.month + 2) // 3
    starts = first == date(first.year, quarter * 3 - 2, 1)
    if starts and last.year == first.year and last.month == quarter * 3 and (last - first).days >= 89:
        return f"{first.year}-Q{quarter}"
    return str(period).replace("..", "-to-")
