"""What a spreadsheet, another program or a tax adviser reads: documents, lines, payments, tax. docs/export.md has the
columns. Credit notes and what takes back are below zero.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from git_bill.period import Period
from git_bill.receivable.ageing import BUCKETS, Aged
from git_bill.receivable.booked import Booked
from git_bill.receivable.export.document import Document
from git_bill.receivable.export.entry import Entry
from git_bill.receivable.export.move import Move, moves
from git_bill.receivable.export.parked import left_over, told
from git_bill.receivable.export.plain_text import name_of, one_line
from git_bill.receivable.export.sheet import Sheet, Value, sheet
from git_bill.receivable.export.taxed import Declared, Taxed, TaxSum
from git_bill.receivable.receivable import Receivable

_INVOICES = (
    "number kind issue_date due_date supply_first supply_last client name country vat_id currency net tax gross prepaid"
    " withheld to_pay reverses replaces rate rate_date rate_source books_currency net_in_books tax_in_books"
)
_LINES = (
    "number line description quantity unit unit_price base_quantity tax_category tax_rate net currency first last bills"
)
_PAYMENTS = (
    "day kind id remittance account payer text document amount currency settles settles_currency fee withheld reduced"
    " reason how by"
)


def invoices_sheet(documents: Iterable[Document], currency: str) -> Sheet:
    """One row for each document."""
    return sheet("invoices", _INVOICES, (_invoice(each, currency) for each in documents))


def _invoice(document: Document, currency: str) -> Iterator[Value]:
    invoice, quote = document.invoice, document.quote
    sign = -1 if document.is_credit else 1
    client, totals = invoice.client, invoice.totals
    yield from (document.number, invoice.kind, invoice.issue_date, invoice.due_date, invoice.first, invoice.last)
    yield from (document.client, one_line(client.name), client.country, client.vat_id or "", invoice.currency)
    yield from (totals.net * sign, totals.tax * sign, totals.gross * sign)
    yield from (document.prepaid.stated, document.withheld.stated, document.asked.stated)
    yield invoice.reverses.number if invoice.reverses is not None else ""
    yield invoice.corrects.number if invoice.corrects is not None else ""
    yield from (quote.rate, quote.on, quote.source) if quote is not None else (None, None, "")
    yield currency
    yield sum((group.base.worth.amount for group in document.groups), Decimal(0))
    yield sum((group.tax.worth.amount for group in document.groups), Decimal(0))


def lines_sheet(documents: Iterable[Document]) -> Sheet:
    """One row for each line of each document."""
    return sheet("lines", _LINES, (row for each in documents for row in _lines(each)))


def _lines(document: Document) -> Iterator[tuple[Value, ...]]:
    invoice, sign = document.invoice, -1 if document.is_credit else 1
    for number, line in enumerate(invoice.lines, 1):
        tax = line.tax or invoice.tax
        yield (
            *(document.number, number, one_line(line.description), line.quantity, line.unit, line.unit_price),
            *(line.base_quantity, tax.category, tax.rate, line.net * sign, invoice.currency),
            *(line.first, line.last, " ".join(line.bills)),
        )


def payments_sheet(documents: Mapping[str, Document], paid: Booked, period: Period) -> Sheet:
    """What was booked in a period and what it settles, write-offs and set-offs with it; by day."""
    rows: list[tuple[Value, ...]] = [
        tuple(_moved(each, paid))
        for document in documents.values()
        for each in moves(document, paid)
        if each.day in period and not (each.kind == "set-off" and each.settles.amount < 0)
    ]
    rows += _left(paid, period)
    rows.sort(key=_by_day)
    return sheet("payments", _PAYMENTS, rows)


def _by_day(row: tuple[Value, ...]) -> tuple[str, str]:
    return str(row[0]), str(row[2])


def _moved(moved: Move, paid: Booked) -> Iterator[Value]:
    yield from (moved.day, moved.kind, moved.source)
    allocation = next((each for each in paid.by_invoice.get(moved.number, ()) if each.id == moved.source), None)
    if allocation is None:
        yield from ("", "", "", "", moved.number, None, "")
        how, by = "", _who(moved, paid)
    else:
        remittance = paid.remittances[allocation.remittance]
        yield from (remittance.id, remittance.account or remittance.rail, *map(one_line, told(paid, remittance.id)))
        yield from (moved.number, allocation.amount, allocation.amount.currency)
        how, by = allocation.how, allocation.by
    yield from (moved.settles, moved.settles.currency, moved.fee, moved.withheld, moved.reduced, moved.reason, how, by)


def _who(moved: Move, paid: Booked) -> str:
    by = {each.id: each.by for each in paid.write_offs} | {each.id: each.by for each in paid.set_offs}
    return by.get(moved.source, "")


def _left(paid: Booked, period: Period) -> Iterator[tuple[Value, ...]]:
    """Money that settles no document, or more than one asks for. Private money is listed without its texts."""
    for name, each in paid.remittances.items():
        left, aside = left_over(paid, name), paid.aside.get(name)
        if left and each.booked in period:
            payer, text = map(one_line, told(paid, name))
            reason = aside.as_ if aside is not None else "over" if name in paid.by_remittance else "open"
            how = "by-hand" if aside is not None else ""
            yield (
                *(each.booked, each.kind, name, name, each.account or each.rail, payer, text, "", left, left.currency),
                *(None, "", None, None, None, reason, how, aside.by if aside is not None else ""),
            )


def tax_sheet(items: Iterable[Taxed]) -> Sheet:
    """What of which document falls due on which day."""
    heads = (
        "day number client name country vat_id tax_category tax_rate base tax currency base_in_books tax_in_books why"
    )
    return sheet(
        "tax",
        heads,
        (
            (
                *(each.day, each.number, each.client, one_line(each.name), each.country, each.vat_id, each.category),
                *(each.rate, each.base.stated, each.tax.stated, each.base.stated.currency),
                *(each.base.worth, each.tax.worth, each.why),
            )
            for each in items
        ),
    )


def tax_sums_sheet(name: str, sums: Iterable[TaxSum]) -> Sheet:
    """By month or quarter, country, category and rate."""
    rows = ((s.span, s.country, s.category, s.rate, s.base, s.tax, s.base.currency) for s in sums)
    return sheet(name, "span country tax_category tax_rate base tax currency", rows)


def recapitulative_sheet(rows: Iterable[Declared]) -> Sheet:
    """The recapitulative statement (EC sales list, Zusammenfassende Meldung)."""
    kinds = {"AE": "services", "K": "goods"}
    told = (
        (r.quarter, r.vat_id, r.country, one_line(r.name), kinds[r.category], r.base, r.base.currency) for r in rows
    )
    return sheet("recapitulative-statement", "quarter vat_id country name supply base currency", told)


def receivables_sheet(owed: Sequence[Receivable], period: Period) -> Sheet:
    """What documents asked for and what is open of them at the end of a period; none that was settled before it."""
    heads = "number client issued due currency asked settled written_off set_off credited open last_payment days_late"
    rows = (
        (
            *(each.number, each.client, each.issued, each.due, each.asked.currency, each.asked, each.settled),
            *(each.written_off, each.set_off, each.credited, each.open, each.last, each.days_late(period.last)),
        )
        for each in owed
        if each.open or each.issued in period or (each.last is not None and each.last in period)
    )
    return sheet("receivables", heads, rows)


def ageing_sheet(aged: Iterable[Aged]) -> Sheet:
    """Open amounts by how late they are."""
    heads = " ".join(("client", "currency", *(name.replace(" ", "_") for name in BUCKETS), "open"))
    return sheet(
        "ageing",
        heads,
        ((each.client, each.currency, *(each.amounts[name] for name in BUCKETS), each.open) for each in aged),
    )


def journal_sheet(entries: Iterable[Entry], names: Mapping[str, str]) -> Sheet:
    """Every posting; debits above zero. Each entry sums to zero in every currency, and in the books' own."""
    heads = "day id kind document client payee text account amount currency amount_in_books"
    rows = (
        (
            *(entry.day, entry.id, entry.kind, posting.document or entry.number, entry.client, one_line(entry.payee)),
            one_line(entry.text),
            *(name_of(posting.account, names), posting.amount.stated, posting.amount.stated.currency),
            posting.amount.worth,
        )
        for entry in entries
        for posting in entry.postings
    )
    return sheet("journal", heads, rows)
