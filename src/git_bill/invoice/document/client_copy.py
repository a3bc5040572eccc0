"""A draft for the client's eyes, as Markdown and as a list of days: what the invoice would show, and nothing else.

It is made from the page of the invoice, so the contract's `show` decides here too; no ids of the books stand in it.
"""

from collections.abc import Iterable, Iterator, Mapping

from git_bill.contract.agreement import Contract, term_days
from git_bill.invoice.document.markdown import markdown, narrow, plain
from git_bill.invoice.document.page_data import Annex, Line, PageData
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Draft
from git_bill.invoice.draft import Line as LineItem
from git_bill.period import format_duration
from git_bill.worklog.entry import Worked
from git_bill.worklog.timesheet import cell

_DAYS = ("day:", "half-day:")  # what a line of work by the day bills


def client_title(page: PageData, wording: Wording) -> str:
    """`Draft invoice of Mira Kovac Software, October 2026: EUR 1,666.00`"""
    language = page["language"]
    total = next((total for total in reversed(page["totals"]) if total["strong"]), page["totals"][-1])
    amount = f"{total['currency']} {total['value']}"
    return plain(wording.say("client_title", language, issuer=page["issuer"][0], amount=amount))


def client_text(page: PageData, draft: Draft, wording: Wording) -> str:
    """What it bills, what it comes to, and how to answer, in the client's language; at most four columns."""
    return "\n\n".join("\n".join(part) for part in _parts(page, draft, wording)) + "\n"


def _parts(page: PageData, draft: Draft, wording: Wording) -> Iterator[Iterable[str]]:
    language = page["language"]
    yield [f"**{markdown(page['watermark'])}**"]
    yield [markdown(wording.say("client_ask", language, issuer=page["issuer"][0]))]
    yield [f"- {markdown(fact['label'])}: {markdown(fact['value'])}" for fact in page["facts"]]
    yield [markdown(line) for line in page["intro"]]
    yield _table(page)
    totals = [(total, f"{total['currency']} {total['value']}".strip()) for total in page["totals"]]
    yield [
        f"- **{markdown(total['label'])}: {markdown(value)}**"
        if total["strong"]
        else f"- {markdown(total['label'])}: {markdown(value)}"
        for total, value in totals
    ]
    if page["notes"]:
        yield [markdown(line) for line in page["notes"]]
    if page["annex"] is not None:
        yield from _annex(page["annex"])
    days = term_days(draft.payment_terms)
    yield [markdown(wording.say("client_terms" if days else "client_terms_now", language, count=days))]
    yield [markdown(wording.say("client_answer", language))]


def _annex(annex: Annex) -> Iterator[Iterable[str]]:
    """The timesheet, folded up."""
    for group in annex["groups"]:
        yield [f"<details><summary>{markdown(group['head'])}</summary>"]
        table = [f"| {' | '.join(markdown(head) for head in annex['heads'])} | |", "| :-- | :-- | --: |"]
        yield table + [
            f"| {markdown(row['day'])} | {narrow(markdown(row['what']))} | {markdown(row['time'])} |"
            for row in group["rows"]
        ]
        yield [*([markdown(group["sum"]), ""] if group["sum"] else []), "</details>"]


def _table(page: PageData) -> Iterator[str]:
    """Number, what, how much (where the contract shows it), net."""
    heads, shows = page["heads"], any(line["quantity"] for line in page["lines"])
    columns = [heads["no"], heads["description"], *([heads["quantity"]] if shows else []), heads["net"]]
    yield "| " + " | ".join(markdown(head) for head in columns) + " |"
    yield "| " + " | ".join("--:" if at != 1 else ":--" for at in range(len(columns))) + " |"
    for line in page["lines"]:
        cells = [markdown(line["no"]), _what(line), *([_much(line)] if shows else []), markdown(line["net"])]
        yield "| " + " | ".join(cells) + " |"


def _what(line: Line) -> str:
    small = f"<br>{narrow(markdown(line['detail']))}" if line["detail"] else ""
    return narrow(markdown(line["description"])) + small


def _much(line: Line) -> str:
    """`2 h × 95.00`"""
    words = " ".join(part for part in (line["quantity"], line["unit"]) if part)
    return markdown(f"{words} × {line['price']}" if words and line["price"] else words)


def client_timesheet(draft: Draft, worked: Mapping[str, Worked], contract: Contract | None) -> bytes | None:
    """A CSV of the billed work by day, ticket and text, where the contract shows hours and days; else None.

    With `times` it has the times of day too; work by the day has days and halves and no minutes. No cell is a formula.
    """
    show = contract.show if contract else ()
    if "hours" not in show or not {"days", "times"} & set(show):
        return None
    if days := [line for line in draft.lines if any(item.startswith(_DAYS) for item in line.bills)]:
        return _csv([["day", "days", "work"], *sorted(row for line in days for row in _day_rows(line, worked))])
    times = "times" in show
    rows = [
        [str(entry.day), entry.ticket or "", printable(entry.text), format_duration(minutes), " ".join(entry.at)]
        for line in draft.lines
        for pinned, minutes in line.entries.items()
        if pinned in worked and (entry := worked[pinned].entry)
    ]
    heads = ["day", "ticket", "work", "time", "at"]
    return _csv(row if times else row[:-1] for row in (heads, *sorted(rows)))


def _day_rows(line: LineItem, worked: Mapping[str, Worked]) -> Iterator[list[str]]:
    """A row for each day that a line sells, whole or half, with what was done."""
    for item in (item for item in line.bills if item.startswith(_DAYS)):
        kind, person, day = item.split(":")[:3]
        mine = (worked[pinned].entry for pinned in line.entries if pinned in worked)
        done = (entry for entry in mine if (entry.by, str(entry.day)) == (person, day))
        texts = (" ".join(filter(None, (entry.ticket, printable(entry.text)))) for entry in done)
        yield [day, "1" if kind == "day" else "0.5", "; ".join(dict.fromkeys(texts))]


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    return "".join(",".join(map(cell, row)) + "\r\n" for row in rows).encode("utf-8", "replace")
