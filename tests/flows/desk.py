"""Mira's books with a few days of evidence in a real repository, for tests of what people do with the entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from tests.flows.shelf import ACME, SETTINGS, draft, invoice, line, shelf
from tests.repositories import now
from tests.worklog.workday import commit

from git_bill.adapters.clock import SystemClock
from git_bill.adapters.git.books import GitBooks, open_books
from git_bill.effects import Flow
from git_bill.flows import apply, load
from git_bill.flows.correct import folded
from git_bill.flows.overview import Overview, overview
from git_bill.invoice.issued import Claim
from git_bill.layout import draft_branch, draft_file
from git_bill.shape import write
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.evidence import Evidence, to_line
from git_bill.worklog.timesheet import TimesheetRow, write_timesheet

T = TypeVar("T")
CLOCK = SystemClock(fixed=now())
JONAS = """
[[contributors]]
id = "jonas"
name = "Jonas Weber"
emails = ["jonas@example.net"]
timezone = "Europe/Berlin"
"""
GLOBEX = ACME.replace("Acme GmbH", "Globex AG").replace("acme-2026", "globex-2026")
API = """
[[sources]]
kind = "git"
url = "https://git.example.com/globex/api.git"
client = "globex"
project = "api"
since = 2026-10-01
"""
EVIDENCE = (
    commit("login", "2026-10-05 10:00", "Login form", ticket="WEB-5"),
    commit("login2", "2026-10-05 10:30", "Login tests", ticket="WEB-5"),
    commit("search", "2026-10-05 14:00", "Search index", ticket="WEB-7"),
    commit("docs", "2026-10-06 11:00", "docs: how to search"),
    commit("api", "2026-10-07 09:30", "Paging", source="api"),
    commit("pair", "2026-10-06 15:00", "Review of the index", contributor="jonas"),
    commit("forged", "2026-10-08 12:00", "Who made this", proven=False),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """The books, and how flows are carried out on them."""

    top: Path

    @property
    def books(self) -> GitBooks:
        """As a process of its own opens them."""
        return open_books(self.top, now=now)

    def do(self, flow: Flow[T], books: GitBooks | None = None) -> T:
        """Carry a flow out."""
        return apply.run(flow, apply.Actors(books=books or self.books))

    @property
    def view(self) -> Overview:
        """What is listed now."""
        return overview(self.books, self.books.here())

    @property
    def worked(self) -> Mapping[str, Worked]:
        """Entries by id as the manifests have them."""
        return {item.id: item for item in load.worked(self.books.here())}

    def entry(self, entry_id: str) -> Entry:
        """One of them."""
        return self.worked[entry_id].entry

    def id_of(self, text: str) -> str:
        """The entry that a commit's subject is in."""
        (found,) = [item.id for item in self.worked.values() if text in item.entry.text]
        return found

    def text(self, path: str) -> str:
        """A file."""
        return (self.top / path).read_text(encoding="utf-8")

    def files(self) -> Mapping[str, bytes]:
        """All that lies below `billing/`."""
        return {str(p.relative_to(self.top)): p.read_bytes() for p in (self.top / "billing").rglob("*") if p.is_file()}

    def see(self, *evidence: Evidence, source: str = "web-shop") -> None:
        """Evidence is gathered and allocated."""
        path = self.top / f"billing/evidence/{source}/laptop/2026-10.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{to_line(record)}\n" for record in evidence if record.source == source)
        self.do(folded(self.books))

    def issue(self, entries: Sequence[str], number: str = "INV-2026-0032") -> None:
        """An invoice lists entries with all their time."""
        rows = [TimesheetRow.of(self.worked[e], billed=self.entry(e).minutes) for e in entries]
        told = line(entries={row.entry: row.worked_minutes for row in rows})
        made = invoice(number, told, head="0" * 12)
        claim = Claim(
            number=number,
            draft=made.draft,
            name="acme-2026-10",
            blob="0" * 40,
            issue_date=date(2026, 11, 2),
            at=now(),
        )
        folder = self.top / f"billing/invoices/2026/{number}"
        folder.mkdir(parents=True)
        (folder / "claim.toml").write_text(write(claim))
        (folder / "invoice.toml").write_text(write(made))
        (folder / "timesheet.csv").write_bytes(write_timesheet(rows))

    def open_draft(self, entries: Sequence[str], name: str = "acme-2026-10") -> None:
        """A draft on a branch of its own lists entries."""
        from dataclasses import replace

        from git_bill.effects import Publish

        found = draft()
        lines = tuple(replace(one, entries={e: self.entry(e).minutes for e in entries}) for one in found.lines)
        books = self.books
        tip = books.tip()
        assert tip is not None
        effect = Publish(
            branch=draft_branch(name),
            expect=None,
            also=(tip,),
            files={draft_file(name): write(replace(found, lines=lines)).encode()},
            message="Draft",
            at=now(),
        )
        books.publish(effect)


def desk(folder: Path) -> Desk:
    """Books with two clients, two people and the evidence of a week."""
    shelf(folder).put(
        {
            "billing/billing.toml": SETTINGS + API + JONAS,
            "billing/clients/globex.toml": GLOBEX,
        }
    )
    made = Desk(folder)
    for source in ("web-shop", "api"):
        made.see(*EVIDENCE, source=source)
    return made
