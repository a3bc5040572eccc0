"""The lines of a page: what was done, how much of it, what it costs, and what the contract's `show` tells of it."""

from collections.abc import Iterator, Mapping

from git_bill.invoice.document.locale import amount_text, days_text, hours_text, money_text, price_text, quantity_text
from git_bill.invoice.document.page_data import Line
from git_bill.invoice.document.sum_label import law_name, sum_label
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issued import Invoice, InvoiceLine
from git_bill.invoice.summary import changes
from git_bill.money import Money
from git_bill.worklog.entry import Entry, Worked, short_name

_MOST_EVIDENCE = 6  # commit ids named below a line


def hourly(invoice: Invoice) -> bool:
    """Whether every price is one of an hour."""
    return all({"HUR": 1, "MIN": 60}.get(line.unit) == line.base_quantity for line in invoice.lines)


def page_lines(invoice: Invoice, worked: Mapping[str, Worked], wording: Wording) -> Iterator[Line]:
    """Each line with what the lines up to it sum to. `worked`: the entries that they pin, as far as they are known."""
    language = invoice.client.language
    shows_hours, per_hour = "hours" in invoice.show, hourly(invoice)
    carried = Money.zero(invoice.currency)
    for number, line in enumerate(invoice.lines, 1):
        carried += line.net
        price = price_text(line.unit_price, language)
        if line.base_quantity != 1 and not per_hour:
            price += f" / {quantity_text(line.base_quantity, language)}"
        yield {
            "no": str(number),
            "description": printable(line.description),
            "detail": " · ".join(_detail(invoice, line, worked, wording)),
            "quantity": quantity_text(line.quantity, language) if shows_hours else "",
            "unit": wording.say(f"unit_{line.unit}", language) if shows_hours else "",
            "price": price if shows_hours else "",
            "tax": "",
            "net": amount_text(line.net, language),
            "carried": amount_text(carried, language),
        }


def _detail(invoice: Invoice, line: InvoiceLine, worked: Mapping[str, Worked], wording: Wording) -> Iterator[str]:
    """The small print below a description, as far as the contract's `show` allows it."""
    language, show = invoice.client.language, invoice.show
    entries = [worked[entry].entry for entry in line.entries if entry in worked]
    if line.detail:
        yield printable(line.detail)
    if line.agreed is not None and line.agreed.currency == line.unit_price.currency and line.agreed != line.unit_price:
        law = law_name(line.tax or invoice.tax, wording, language)
        yield wording.say("with_tax", language, price=money_text(line.agreed, language), tax=law)
    for row in changes(line):
        yield f"{sum_label(row, wording, language, tax=invoice.tax)}: {amount_text(row.amount, language)}"
    if line.first and line.last and line.last < invoice.first:
        yield wording.say("late", language, days=days_text(line.first, line.last, language))
    elif "days" in show and line.first and line.last:
        yield days_text(line.first, line.last, language)
    timed = line.unit != "DAY"  # a day is sold as a day, whatever its hours were
    if timed and "raw" in show and line.raw is not None:
        yield wording.say("raw", language, time=hours_text(line.raw))
    if timed and "range" in show and entries:
        low, high = sum(entry.low for entry in entries), sum(entry.high for entry in entries)
        yield wording.say("range", language, low=hours_text(low), high=hours_text(high))
    if "evidence" in show and (commits := commits_of(*entries)):
        yield printable(" ".join(commits[:_MOST_EVIDENCE]) + (" …" if len(commits) > _MOST_EVIDENCE else ""))


def commits_of(*entries: Entry) -> list[str]:
    """The short names of the evidence behind entries, each once."""
    return list(dict.fromkeys(short_name(fact) for entry in entries for fact in entry.evidence))
