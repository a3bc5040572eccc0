"""Timesheet: what was done for a client in a period, or for one draft or invoice, to be looked at and signed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from git_bill.contract.agreement import Contract, Engagement
from git_bill.contract.party import Client, Issuer
from git_bill.contract.route import route
from git_bill.flows import load
from git_bill.flows.look import look_of
from git_bill.flows.lookup import known
from git_bill.flows.own_words import worded
from git_bill.flows.waiting import Waiting
from git_bill.invoice.basis import billable_minutes
from git_bill.invoice.document.branding import Look
from git_bill.invoice.document.sheet_page import sheet_page
from git_bill.invoice.document.sheet_table import sheet_csv, sheet_table
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Line
from git_bill.invoice.issued import InvoiceLine
from git_bill.period import Period
from git_bill.ports import Books, Clock
from git_bill.press import Spreadsheet, Typesetter
from git_bill.problem import Exit, Stop, stop
from git_bill.worklog.entry import Worked
from git_bill.worklog.sheet import Piece, Sheet, in_order
from git_bill.workspace import Workspace, unknown_client

FORMATS = ("pdf", "xlsx", "csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A sheet with whom it is between, and how its documents look. `name`: for a file."""

    sheet: Sheet
    issuer: Issuer
    client: Client
    look: Look
    wording: Wording
    name: str


def of_period(books: Books, wording: Wording, client: str, period: Period, *, contract: str | None = None) -> Made:
    """A client's work of some days, before it is billed or after. Stops (exit 1) where there is none.

    Of work under several contracts it needs `contract`, where they show different things. Stops (exit 2) otherwise.
    """
    here = books.here()
    workspace = load.workspace(here)
    if client not in workspace.engagements:
        raise Stop(Exit.USAGE, [unknown_client(client, workspace.engagements)])
    engagement = workspace.engagements[client]
    mine = [
        each
        for each in load.worked(here)
        if each.client == client and each.entry.day in period and each.entry.state not in {"dropped", "unproven"}
    ]
    routed = route([each for each in mine if each.entry.minutes], engagement).entries
    chosen = {name: entries for name, entries in routed.items() if contract in {None, name}}
    shows = {tuple(sorted(each.show)) for each in engagement.contracts if each.id in chosen}
    if not chosen:
        message = f"nothing was done for {client} in {period}" + (f" under {contract}" if contract else "")
        raise stop(Exit.PROBLEMS, "no-work", message, f"see what there is: git bill log --client {client}")
    if len(shows) > 1:
        names = ", ".join(sorted(chosen))
        message = f"{client} has work under {names}, and they show clients different things"
        raise stop(Exit.USAGE, "which-contract", message, f"make one for each: --contract {min(chosen)}")
    contracts = {each.id: each for each in engagement.contracts}
    pieces = [piece for name, some in chosen.items() for piece in _pieces(workspace, contracts[name], some)]
    sheet = Sheet(
        first=period.first,
        last=period.last,
        pieces=in_order(pieces),
        show=contracts[next(iter(chosen))].show,
    )
    return _made(books, workspace, wording, engagement, sheet=sheet, name=f"{client}-{period.first:%Y-%m}-timesheet")


def of_document(books: Books, wording: Wording, word: str) -> Made:
    """The work behind a draft or an issued invoice: as much of it as is billed. Stops (exit 1) at what is neither."""
    names = known(books)
    meant = names.find(word)
    workspace = load.workspace(names.here)
    lines: Iterable[Line | InvoiceLine]
    if isinstance(meant, Waiting) and meant.draft is not None:
        draft = meant.draft
        engagement = workspace.engagements[draft.client]
        contract = next((each for each in engagement.contracts if each.id == draft.contract), None)
        first, last, lines, number, name = draft.first, draft.last, draft.lines, "", meant.name
        shown: Sequence[str] = contract.show if contract else ("hours",)
    elif isinstance(meant, load.Numbered) and meant.invoice is not None:
        invoice = meant.invoice
        engagement = workspace.engagements.get(invoice.client_id, Engagement(client=invoice.client))
        engagement = replace(engagement, client=invoice.client)
        first, last, lines, number, name = invoice.first, invoice.last, invoice.lines, invoice.number, invoice.number
        shown = invoice.show
    else:
        raise names.nothing(word)
    people = _names(workspace)
    billed = [(each, minutes) for line in lines for each, minutes in line.entries.items() if each in names.worked]
    entries = [(names.worked[each].entry, minutes) for each, minutes in billed]
    pieces = [Piece.of(entry, minutes, people.get(entry.by, entry.by)) for entry, minutes in entries]
    if number:  # who approved it confirmed it
        pieces = [replace(piece, estimated=0) for piece in pieces]
    if not pieces:
        raise stop(Exit.PROBLEMS, "no-work", f"{word} bills no work", "a timesheet is about work")
    sheet = Sheet(first=first, last=last, pieces=in_order(pieces), show=tuple(shown), number=number)
    return _made(books, workspace, wording, engagement, sheet=sheet, name=f"{name.replace('/', '-')}-timesheet")


def rendered(made: Made, wanted: str, clock: Clock, typesetter: Typesetter, spreadsheet: Spreadsheet) -> bytes:
    """The bytes; the same for the same work, as the instant that they carry is the end of the last day."""
    sheet, client = made.sheet, made.client
    if wanted == "csv":
        return sheet_csv(sheet)
    at = clock.now().replace(
        year=sheet.last.year, month=sheet.last.month, day=sheet.last.day, hour=12, minute=0, second=0, microsecond=0
    )
    if wanted == "xlsx":
        table = sheet_table(sheet, made.issuer.name, client.name, client.language, made.wording)
        return spreadsheet.workbook(table, at=at)
    page = sheet_page(sheet, made.issuer, client, made.wording, look=made.look)
    return typesetter.typeset("invoice.typ", page, {}, at=at, beside=made.look.files)


def _pieces(workspace: Workspace, contract: Contract, entries: Iterable[Worked]) -> Iterator[Piece]:
    """What each entry is worth under its contract; what comes to nothing is left out."""
    people = _names(workspace)
    for each in entries:
        minutes = billable_minutes(each.entry, contract)
        if minutes and not (each.entry.agent and contract.agents == "none"):
            yield Piece.of(each.entry, minutes, people.get(each.entry.by, each.entry.by))


def _names(workspace: Workspace) -> dict[str, str]:
    return {person.id: person.name for person in workspace.settings.contributors}


def _made(
    books: Books, workspace: Workspace, wording: Wording, engagement: Engagement, *, sheet: Sheet, name: str
) -> Made:
    here = books.here()
    return Made(
        sheet=sheet,
        issuer=workspace.settings.issuer,
        client=engagement.client,
        look=look_of(here, workspace.settings),
        wording=worded(here, wording),
        name=name,
    )
