"""A timesheet as a table: for CSV, and for spreadsheets with real dates and numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from git_bill.invoice.document.locale import days_text, hours_text
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.subject import readable
from git_bill.worklog.entry import short_name
from git_bill.worklog.sheet import Piece, Sheet
from git_bill.worklog.timesheet import cell

Value = str | date | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`width` in characters. `summed`: hours, of which the sum stands below."""

    head: str
    width: int
    summed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`title` and `facts` above it, `notes` below; `total`: how the row of sums is called; `sign`: lines to sign."""

    title: str
    name: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: str
    notes: tuple[str, ...]
    sign: tuple[tuple[str, str], ...]
    author: str


def sheet_table(sheet: Sheet, issuer: str, client: str, language: str, wording: Wording) -> Table:
    """In the client's language."""

    def say(word: str, **facts: object) -> str:
        return wording.say(word, language, **facts)

    columns = [Column(head=say("annex_day"), width=12)]
    if len(sheet.people) > 1:
        columns.append(Column(head=say("sheet_contributor"), width=20))
    if any(piece.project for piece in sheet.pieces):
        columns.append(Column(head=say("sheet_project"), width=16))
    columns += [Column(head="Ticket", width=12), Column(head=say("sheet_activity"), width=16)]
    columns.append(Column(head=say("description"), width=60))
    if "times" in sheet.show:
        columns.append(Column(head=say("sheet_times"), width=22))
    if "evidence" in sheet.show:
        columns.append(Column(head="Commits", width=24))
    if sheet.shows_time:
        columns.append(Column(head=f"{say('sheet_time')} (h)", width=10, summed=True))
    if sheet.estimated:
        columns.append(Column(head=say("sheet_state"), width=24))
    period = days_text(sheet.first, sheet.last, language)
    facts = [(say("sheet_client"), client), (say("sheet_issuer"), issuer), (say("period"), period)]
    return Table(
        title=say("title_timesheet") + (f" {sheet.number}" if sheet.number else ""),
        name=say("title_timesheet"),
        facts=tuple((label, printable(value)) for label, value in facts),
        columns=tuple(columns),
        rows=tuple(tuple(_values(piece, sheet, language, wording)) for piece in sheet.pieces),
        total=say("sheet_total"),
        notes=notes_of(sheet, language, wording),
        sign=((printable(client), say("signature_client")), (printable(issuer), say("signature_contributor"))),
        author=printable(issuer),
    )


def sheet_csv(sheet: Sheet) -> bytes:
    """UTF-8 CSV (RFC 4180), the same heads in every language; no cell is a formula."""
    heads = ["day", "contributor", "project", "ticket", "activity", "work"]
    heads += ["times"] * ("times" in sheet.show) + ["commits"] * ("evidence" in sheet.show)
    heads += ["minutes"] * sheet.shows_time + ["confirmed"]
    lines = [heads]
    for piece in sheet.pieces:
        row = [str(piece.day), piece.by, piece.project, piece.ticket, piece.activity, work_of(piece)]
        row += [times_of(piece)] * ("times" in sheet.show) + [commits_of(piece)] * ("evidence" in sheet.show)
        row += [str(piece.minutes)] * sheet.shows_time + ["no" if piece.estimated else "yes"]
        lines.append(row)
    return "".join(",".join(map(cell, line)) + "\r\n" for line in lines).encode("utf-8", "replace")


def notes_of(sheet: Sheet, language: str, wording: Wording) -> tuple[str, ...]:
    """That some of it is an estimate; with its time where the client sees time."""
    if not sheet.estimated:
        return ()
    if not sheet.shows_time:
        return (wording.say("sheet_estimated", language),)
    return (wording.say("sheet_note", language, time=hours_text(sheet.estimated)),)


def work_of(piece: Piece) -> str:
    """What was done, without the technical parts of a commit's subject."""
    parts = (readable(part, piece.ticket or None) for part in piece.text.split("; "))
    return "; ".join(dict.fromkeys(filter(None, parts)))


def times_of(piece: Piece) -> str:
    """`09:10–09:55, 14:00–15:20`"""
    return ", ".join(each.replace("/", "–") for each in piece.at)


def commits_of(piece: Piece) -> str:
    """Short names of the facts behind it."""
    return printable(" ".join(short_name(fact) for fact in piece.evidence))


def _values(piece: Piece, sheet: Sheet, language: str, wording: Wording) -> Iterable[Value]:
    yield piece.day
    if len(sheet.people) > 1:
        yield printable(piece.by)
    if any(each.project for each in sheet.pieces):
        yield printable(piece.project)
    yield printable(piece.ticket)
    yield wording.say(f"activity_{piece.activity}", language)
    yield work_of(piece)
    if "times" in sheet.show:
        yield times_of(piece)
    if "evidence" in sheet.show:
        yield commits_of(piece)
    if sheet.shows_time:
        yield Decimal(piece.minutes) / 60
    if sheet.estimated:
        yield wording.say("sheet_estimated", language) if piece.estimated else ""
