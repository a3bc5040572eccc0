"""The timesheet behind an invoice that has too many pieces of work for its lines: each line's work, day by day."""

from collections.abc import Collection, Iterator, Mapping

from git_bill.invoice.document.locale import days_text, hours_text
from git_bill.invoice.document.page_data import Annex, AnnexGroup, AnnexRow
from git_bill.invoice.document.page_lines import commits_of
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issued import Invoice, InvoiceLine
from git_bill.invoice.quantity import in_minutes
from git_bill.invoice.subject import readable
from git_bill.worklog.entry import Entry, Worked


def annex_page(invoice: Invoice, worked: Mapping[str, Worked], wording: Wording) -> Annex | None:
    """The work that the lines pin, as far as it is known; None where the lines say it all themselves.

    With `times` in the contract's `show` each piece has its times of day, with `evidence` its commits.
    """
    if not invoice.annex and "times" not in invoice.show:
        return None
    language = invoice.client.language
    return {
        "title": wording.say("annex", language),
        "heads": [wording.say(name, language) for name in ("annex_day", "description")],
        "groups": [
            _group(invoice, number, line, worked, wording)
            for number, line in enumerate(invoice.lines, 1)
            if line.entries
        ],
    }


def _group(
    invoice: Invoice, number: int, line: InvoiceLine, worked: Mapping[str, Worked], wording: Wording
) -> AnnexGroup:
    language, shows_hours = invoice.client.language, "hours" in invoice.show
    head = wording.say("annex_head", language, number=number, what=printable(line.description))
    raw, billed = sum(line.entries.values()), in_minutes(line)
    told = {"time": hours_text(raw), "billed": hours_text(int(billed)) if billed is not None else ""}
    name = "annex_sum" if billed is None or billed == raw else "annex_billed"
    return {
        "head": head,
        "rows": list(_rows(line, worked, language, invoice.show)),
        "sum": wording.say(name, language, **told) if shows_hours else "",
    }


def _rows(line: InvoiceLine, worked: Mapping[str, Worked], language: str, show: Collection[str]) -> Iterator[AnnexRow]:
    """By day and id. Times are those that the line stands for: they sum to its worked time."""
    known = sorted((worked[entry] for entry in line.entries if entry in worked), key=lambda w: (w.entry.day, w.id))
    for each in known:
        entry = each.entry
        text = readable(entry.text, entry.ticket)
        yield {
            "day": days_text(entry.day, entry.day, language),
            "what": printable(" ".join(filter(None, (entry.ticket, text)))),
            "detail": printable(" · ".join(_detail(entry, show))),
            "time": hours_text(line.entries[each.id]) if "hours" in show else "",
        }


def _detail(entry: Entry, show: Collection[str]) -> Iterator[str]:
    if "times" in show and entry.at:
        yield ", ".join(each.replace("/", "–") for each in entry.at)
    if "evidence" in show and entry.evidence:
        yield " ".join(commits_of(entry))
