"""The page of a timesheet: the invoice's, with a line for each piece of work, its sums, and places to sign."""

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate

from git_bill.contract.party import Client, Issuer
from git_bill.invoice.document.blank import blank_page
from git_bill.invoice.document.branding import PLAIN, Look
from git_bill.invoice.document.locale import days_text, hours_text
from git_bill.invoice.document.page_data import Annex, AnnexGroup, AnnexRow, Fact, Line, PageData, Total
from git_bill.invoice.document.postal import address_lines, client_lines, shown
from git_bill.invoice.document.sheet_table import commits_of, notes_of, times_of, work_of
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.worklog.sheet import Piece, Sheet, of_day, sums

_MOST_WEEKS = 6  # sums of more stand behind, with the others


def sheet_page(sheet: Sheet, issuer: Issuer, client: Client, wording: Wording, *, look: Look = PLAIN) -> PageData:
    """In the client's language; with a watermark where nobody has confirmed some of it."""
    language = client.language

    def say(name: str, **facts: object) -> str:
        return wording.say(name, language, **facts)

    weeks = sums(sheet.pieces, lambda piece: _week(piece, wording, language)) if sheet.shows_time else {}
    blank = blank_page(language, wording, look, country=issuer.country, issuer=issuer.name)
    time = say("sheet_time") if sheet.shows_time else ""
    return {
        **blank,
        "title": say("title_timesheet"),
        "watermark": say("sheet_unconfirmed") if sheet.estimated else "",
        "issuer": shown(issuer.name, *address_lines(issuer), issuer.email, issuer.phone),
        "return_line": " · ".join(shown(issuer.name, *address_lines(issuer))),
        "client": client_lines(client, issuer.country),
        "facts": list(_facts(sheet, language, say)),
        "heads": {**blank["heads"], "no": say("annex_day"), "description": say("description"), "net": time},
        "lines": list(_lines(sheet, language, wording)),
        "totals": _totals(sheet, weeks, say) if sheet.shows_time else [],
        "notes": list(notes_of(sheet, language, wording)),
        "annex": _behind(sheet, weeks, wording, language) if sheet.shows_time else None,
        "footer": shown(issuer.footer),
        "signatures": [
            {"name": printable(client.name), "label": say("signature_client")},
            {"name": printable(issuer.contact or issuer.name), "label": say("signature_contributor")},
        ],
    }


def _facts(sheet: Sheet, language: str, say: Callable[..., str]) -> Iterator[Fact]:
    yield {"label": say("period"), "value": days_text(sheet.first, sheet.last, language)}
    if sheet.number:
        yield {"label": say("title"), "value": printable(sheet.number)}
    if len(sheet.people) == 1:
        yield {"label": say("sheet_contributor"), "value": printable(sheet.people[0])}


def _lines(sheet: Sheet, language: str, wording: Wording) -> Iterator[Line]:
    """The day stands at its first piece of work alone."""
    carried = accumulate(piece.minutes for piece in sheet.pieces)
    for day, pieces in of_day(sheet).items():
        for number, piece in enumerate(pieces):
            sum_ = next(carried)
            words = [printable(piece.ticket), work_of(piece)]
            yield {
                "no": "" if number else days_text(day, day, language),
                "description": " ".join(filter(None, words)) or wording.say(f"activity_{piece.activity}", language),
                "detail": " · ".join(_detail(piece, sheet, language, wording)),
                "quantity": "",
                "unit": "",
                "price": "",
                "tax": "",
                "net": hours_text(piece.minutes) if sheet.shows_time else "",
                "carried": hours_text(sum_) if sheet.shows_time else "",
            }


def _detail(piece: Piece, sheet: Sheet, language: str, wording: Wording) -> Iterator[str]:
    if len(sheet.people) > 1:
        yield printable(piece.by)
    if "times" in sheet.show and piece.at:
        yield times_of(piece)
    if "evidence" in sheet.show and piece.evidence:
        yield commits_of(piece)
    if piece.estimated:
        yield wording.say("sheet_estimated", language)


def _totals(sheet: Sheet, weeks: Mapping[str, int], say: Callable[..., str]) -> list[Total]:
    rows: list[Total] = []
    if 1 < len(weeks) <= _MOST_WEEKS:
        rows = [{"label": w, "value": hours_text(m), "currency": "", "strong": False} for w, m in weeks.items()]
    return [*rows, {"label": say("sheet_total"), "value": hours_text(sheet.minutes), "currency": "", "strong": True}]


def _behind(sheet: Sheet, weeks: Mapping[str, int], wording: Wording, language: str) -> Annex | None:
    """Sums that say more than the total: of more than one ticket, activity, person, and of many weeks."""
    other = wording.say("sheet_no_ticket", language)
    found = {
        "sheet_by_week": weeks if len(weeks) > _MOST_WEEKS else {},
        "sheet_by_ticket": sums(sheet.pieces, lambda p: printable(p.ticket) or other),
        "sheet_by_activity": sums(sheet.pieces, lambda p: wording.say(f"activity_{p.activity}", language)),
        "sheet_by_contributor": sums(sheet.pieces, lambda p: printable(p.by)),
    }
    groups = [_group(wording.say(name, language), each) for name, each in found.items() if len(each) > 1]
    if not groups:
        return None
    return {"title": wording.say("sheet_sums", language), "heads": ["", ""], "groups": groups}


def _group(head: str, found: Mapping[str, int]) -> AnnexGroup:
    rows = sorted(found.items(), key=lambda item: -item[1])
    listed: list[AnnexRow] = [{"day": "", "what": what, "detail": "", "time": hours_text(m)} for what, m in rows]
    return {"head": head, "rows": listed, "sum": ""}


def _week(piece: Piece, wording: Wording, language: str) -> str:
    year, week, _ = piece.day.isocalendar()
    return wording.say("week", language, week=week, year=year)
