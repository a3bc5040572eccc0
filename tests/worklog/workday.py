"""Mira's days for tests: commits, corrections and invoices in few words, in Berlin."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha1
from typing import Any
from zoneinfo import ZoneInfo

from git_bill.worklog.edit import Edit, Made
from git_bill.worklog.entry import Entry, Manifest, Worked
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.manifest import Collected, Month, collect_worklog
from git_bill.worklog.piece import Origin
from git_bill.worklog.timesheet import Billed, TimesheetRow

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = {"mira": BERLIN, "jonas": NEW_YORK}
ORIGINS = {
    "web-shop": Origin(client="acme", project="web-shop"),
    "api": Origin(client="acme", project="api"),
    "beta-app": Origin(client="beta", project="beta-app"),
}
CLIENTS = frozenset({"acme", "beta", "internal"})


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """`"2026-10-05 10:00"` in a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def key(name: str) -> str:
    """A commit id for a short name."""
    return sha1(name.encode(), usedforsecurity=False).hexdigest()


def commit(name: str, when: str, text: str = "Work", **facts: Any) -> Evidence:
    """A commit of Mira's on the web shop, of medium size: 60 minutes where it opens a session."""
    given: dict[str, Any] = {
        "key": key(name),
        "kind": "commit",
        "source": "web-shop",
        "contributor": "mira",
        "at": at(when, ZONES[facts.get("contributor", "mira")]),
        "text": text,
        "files": 2,
        "added": 80,
        "deleted": 20,
    }
    return Evidence(**{**given, **facts})


def name(short: str, source: str = "web-shop") -> str:
    """How entries name a commit."""
    return f"{source}:{key(short)[:12]}"


@dataclass(slots=True)
class Workday:
    """A workspace in memory: evidence and corrections come, invoices are issued, `collect` runs."""

    evidence: list[Evidence] = field(default_factory=list)
    edits: list[Made] = field(default_factory=list)
    invoices: list[Billed] = field(default_factory=list)
    manifests: Mapping[Month, Manifest] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=lambda: dict(ORIGINS))

    def collect(self, *commits: Evidence) -> Collected:
        """Gather these, then allocate."""
        self.evidence.extend(commits)
        result = collect_worklog(
            evidence=self.evidence,
            edits=self.edits,
            previous=self.manifests,
            billed=self.invoices,
            origins=self.origins,
            zones=ZONES,
            clients=CLIENTS,
        )
        self.manifests = result.manifests
        return result

    @property
    def worked(self) -> dict[str, Worked]:
        """All entries by id."""
        return {
            entry_id: Worked(id=entry_id, client=client, entry=entry)
            for (client, _), manifest in self.manifests.items()
            for entry_id, entry in manifest.entries.items()
        }

    @property
    def live(self) -> list[Worked]:
        """Entries that were not dropped, by day, time and id."""
        found = [w for w in self.worked.values() if w.entry.state != "dropped"]
        return sorted(found, key=lambda w: (w.entry.day, w.entry.at, w.id))

    def only(self) -> Worked:
        """The one entry that there is."""
        (found,) = self.live
        return found

    def of(self, short: str, source: str = "web-shop") -> Worked:
        """The entry that lists a commit and was not dropped."""
        (found,) = (w for w in self.live if name(short, source) in w.entry.evidence)
        return found

    def edit(self, do: Any, entry: str, when: str = "2026-11-01 12:00", client: str = "acme", **facts: Any) -> str:
        """Mira corrects an entry; returns the edit's id."""
        edit_id = f"E-{len(self.edits):04}"
        self.edits.append((client, edit_id, Edit(do=do, entry=entry, at=at(when), by="mira", **facts)))
        return edit_id

    def bill(self, number: str, entries: Iterable[Worked], issued: str = "2026-11-02", client: str = "acme") -> None:
        """Issue an invoice over entries, of their month."""
        rows = tuple(TimesheetRow.of(w, billed=w.entry.minutes) for w in entries)
        days = [row.day for row in rows]
        self.invoices.append(
            Billed(
                number=number,
                client=client,
                first=min(days).replace(day=1),
                last=max(days),
                issued=date.fromisoformat(issued),
                rows=rows,
            )
        )


def minutes(entries: Iterable[Worked]) -> int:
    """Worked time of entries."""
    return sum(w.entry.minutes for w in entries)


def shape_of(worked: Worked) -> Entry:
    """An entry for comparisons."""
    return worked.entry
