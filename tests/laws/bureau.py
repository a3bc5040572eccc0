"""Mira's office without git and typesetter: the real flows on books in memory, for long random runs."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from unittest.mock import patch
from zoneinfo import ZoneInfo

from tests.flows.shelf import ACME, SETTINGS
from tests.twins.books import MemoryBooks
from tests.twins.rail import MemoryRail

from git_bill.adapters.tables import vat_table, wording
from git_bill.custody.ledger import read
from git_bill.effects import Flow, Plan, Publish, WriteFile
from git_bill.flows import apply, load
from git_bill.flows.adding import Work, add
from git_bill.flows.draft import Drafts, Wanted, draft
from git_bill.flows.issue import Issued, Issuing, issue
from git_bill.flows.merge import merge
from git_bill.layout import ledger_file
from git_bill.period import Period, month
from git_bill.problem import Stop

T = TypeVar("T")
STATED = {"billing/billing.toml": SETTINGS, "billing/clients/acme.toml": ACME}
VAT = vat_table()


@dataclass(slots=True)
class Calendar:
    """A clock that tests turn."""

    at: datetime = datetime(2026, 11, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def today(self, timezone: str) -> date:
        return self.at.astimezone(ZoneInfo(timezone)).date()

    clock_today = today


class Type:
    """A typesetter that sets all a page says on one line."""

    def typeset(
        self,
        template: str,
        page: Mapping[str, Any],
        files: Mapping[str, bytes],
        *,
        at: datetime,
        beside: Mapping[str, bytes] | None = None,
    ) -> bytes:
        return json.dumps([template, page, sorted(files)]).encode()

    def text(self, pdf: bytes) -> str:
        return " ".join(_texts(json.loads(pdf)))

    def render(self, template: str, facts: Mapping[str, str]) -> str:
        return json.dumps([template, dict(facts)])


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [str(value)]


@dataclass(slots=True)
class Bureau:
    """The books, and what is done with them. Wrong requests are refused and change nothing that is published."""

    books: MemoryBooks = field(default_factory=MemoryBooks)
    clock: Calendar = field(default_factory=Calendar)
    till: MemoryRail = field(default_factory=MemoryRail)
    added: int = 0

    def state(self, files: Mapping[str, str]) -> None:
        """Write files as a person does."""
        self.do(_written(files))

    def put(self, files: Mapping[str, str]) -> None:
        """Commit files onto the books branch, as anybody can who may write there."""
        tip = self.books.tip()
        content = {path: text.encode() for path, text in files.items()}
        self.books.publish(
            Publish(branch=self.books.branch, expect=tip, files=content, message="by hand", at=self.clock.now())
        )

    def do(self, flow: Flow[T], books: MemoryBooks | None = None) -> T:
        """Carry a flow out; who loses a race does not wait."""
        with patch.object(time, "sleep"):
            return apply.run(flow, apply.Actors(books=books or self.books, rail=self.till))

    def may(self, flow: Callable[[], Flow[T]]) -> T | None:
        """Carry a flow out; None where it is refused."""
        try:
            return self.do(flow())
        except Stop:
            return None

    def work(self, day: date, minutes: int, client: str = "acme") -> str:
        """An entry."""
        self.added += 1
        work = Work(client=client, worker="mira", day=day, minutes=minutes, text=f"Call {self.added}")
        return self.do(add(self.books, self.clock, work, by="mira")).entry

    def draft(self, day: date, client: str | None = None) -> Drafts:
        """The drafts of a day's month."""
        first = month(day)
        period = Period(first.first, first.last)
        return self.do(draft(self.books, self.clock, VAT, Wanted(client=client, period=period)))

    def approve(self, name: str) -> None:
        """Merge a draft by the program, which refuses what can't be issued."""
        self.may(lambda: merge(self.books, self.clock, VAT, name, by="mira"))

    def issuing(self, books: MemoryBooks, *, rail: bool = False) -> Issuing:
        return Issuing(
            books=books,
            clock=self.clock,
            typesetter=Type(),
            wording=wording(),
            mailer=None,
            renderer=Type(),
            vat=VAT,
            by="mira",
            made_with="git-bill",
            rail=(lambda: None) if rail else None,
        )

    def issue(self, *, rail: bool = False, rivals: int = 0) -> Issued | None:
        """A sweep; `rivals` others sweep just before each of its pushes."""
        self.books.rivals[:] = [self._rival(rail=rail)] * rivals
        found = self.may(lambda: issue(self.issuing(self.books, rail=rail)))
        self.books.rivals.clear()
        return found

    def _rival(self, *, rail: bool) -> Callable[[], object]:
        def sweep() -> object:
            books = self.books.another()
            return self.may(lambda: issue(self.issuing(books, rail=rail)))

        return sweep

    @property
    def numbered(self) -> tuple[load.Numbered, ...]:
        """Claimed and issued numbers on the books branch."""
        tip = self.books.tip()
        return load.numbered(self.books.at(tip)) if tip else ()

    @property
    def open_drafts(self) -> list[str]:
        return [branch.name for branch in self.books.drafts()]

    @property
    def chain_is_whole(self) -> bool:
        """Whether each line of the ledger follows from the one before."""
        tip = self.books.tip()
        files = load.ledger(self.books.at(tip)) if tip else {}
        return read(files, {year: ledger_file(year) for year in files})[1] == ()


def _written(files: Mapping[str, str]) -> Flow[None]:
    yield Plan(why="by hand", effects=tuple(WriteFile(path=p, content=text.encode()) for p, text in files.items()))
