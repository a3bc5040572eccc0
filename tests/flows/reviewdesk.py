"""A draft with three lines under review on the forge: Mira owns the books, Anna speaks for Acme. All in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from tests.flows.shelf import ACME, SETTINGS, draft
from tests.twins.books import MemoryBooks
from tests.twins.forge import EPOCH, MemoryForge

from git_bill.adapters.tables import vat_table
from git_bill.effects import EnsurePullRequest, Flow, Publish
from git_bill.flows import apply
from git_bill.flows.answer import Answers, answer
from git_bill.forge import Comment, PullRequest
from git_bill.invoice.draft import Draft, Line
from git_bill.layout import draft_branch, draft_file
from git_bill.money import Money
from git_bill.post import Mailer
from git_bill.shape import read, write

T = TypeVar("T")
NAME = "acme-2026-10"
PEOPLE = """
[[contributors]]
id = "otto"
name = "Otto Books"
emails = ["otto@example.net"]
timezone = "Europe/Berlin"
roles = ["accountant"]
accounts = ["otto"]

[[contributors]]
id = "jonas"
name = "Jonas Weber"
emails = ["jonas@example.net"]
timezone = "Europe/Berlin"
accounts = ["jonas"]
"""
STATED = {
    "billing/billing.toml": SETTINGS.replace('roles = ["owner"]', 'roles = ["owner"]\naccounts = ["Mira"]') + PEOPLE,
    "billing/clients/acme.toml": ACME.replace("vat_id", 'accounts = ["anna"]\nemail = "ap@acme.example"\nvat_id'),
}


def work(number: int) -> Line:
    """A line of two hours."""
    return Line(
        description=f"WEB-{number} Page {number}",
        quantity=Decimal(2),
        unit_price=Money.parse("95.00 EUR"),
        raw=120,
        entries={f"W-{number}" + "a" * 11: 120},
    )


@dataclass(slots=True)
class Watch:
    """A clock that a test sets."""

    at: datetime = datetime(2026, 11, 1, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def today(self, timezone: str) -> date:
        return self.at.date()

    def clock_today(self, timezone: str) -> date:
        return self.at.date()


@dataclass(slots=True)
class ReviewDesk:
    """The books, the forge and what people do there. A run of `answer` comes 30 seconds after the last word."""

    books: MemoryBooks
    forge: MemoryForge
    clock: Watch = field(default_factory=Watch)
    pull: PullRequest | None = None
    mailer: Mailer | None = None

    @property
    def number(self) -> int:
        """Of the pull request."""
        assert self.pull is not None
        return self.pull.number

    def do(self, flow: Flow[T]) -> T:
        """Carry a flow out."""
        return apply.run(flow, apply.Actors(books=self.books, forge=lambda: self.forge, mailer=self.mailer))

    def say(self, account: str, text: str, *, edited: bool = False) -> Comment:
        """Somebody comments."""
        return self.forge.comment(self.number, account, text, edited=edited)

    def answer(self, only: str | None = None, number: int | None = None) -> Answers:
        """The next run."""
        last = max((c.at for each in self.forge.hosted.comments.values() for c in each if not c.ours), default=EPOCH)
        self.clock.at = max(self.clock.at, last + timedelta(seconds=30))
        return self.do(answer(self.books, self.forge, self.clock, vat_table(), only=only, number=number))

    def said(self, account: str, text: str) -> str:
        """Somebody comments, and the reply to it."""
        self.say(account, text)
        self.answer()
        return self.replies()[-1]

    def replies(self) -> list[str]:
        """What we wrote below the pull request."""
        return self.forge.ours(self.number)

    @property
    def draft(self) -> Draft:
        """As its branch has it."""
        tip = self.books.store.branches[draft_branch(NAME)]
        content = self.books.store.commits[tip].files[draft_file(NAME)]
        found = read(Draft, content.decode(), NAME).value
        assert found is not None
        return found

    @property
    def lines(self) -> list[str]:
        """Descriptions of its lines."""
        return [line.description for line in self.draft.lines]

    @property
    def tip(self) -> str:
        """The draft's branch."""
        return self.books.store.branches[draft_branch(NAME)]

    def put(self, branch: str, files: dict[str, bytes | None], message: str = "by hand") -> str:
        """A commit on a branch."""
        made = self.books.publish(
            Publish(
                branch=branch,
                expect=self.books.store.branches.get(branch),
                also=() if branch in self.books.store.branches else (self.books.tip() or "",),
                files=files,
                message=message,
                at=self.clock.at,
            )
        )
        return getattr(made, "ref", "")

    def change(self, **changed: object) -> None:
        """Somebody edits the draft on its branch."""
        new = replace(self.draft, **changed)  # type: ignore[arg-type]
        self.put(draft_branch(NAME), {draft_file(NAME): write(new).encode()})


def review_desk(lines: Sequence[Line] = (work(1), work(2), work(3)), **stated: str) -> ReviewDesk:
    """Books with one open draft and its pull request. `stated`: other text of the client's file (`acme`)."""
    books = MemoryBooks(remote="origin")
    made = ReviewDesk(books=books, forge=MemoryForge(books))
    files = {**STATED, **{f"billing/clients/{name}.toml": text for name, text in stated.items()}}
    first = {path: text.encode() for path, text in files.items()}
    books.publish(Publish(branch="main", expect=None, files=first, message="Record the books", at=made.clock.at))
    new = draft(lines=tuple(lines))
    made.put(draft_branch(NAME), {draft_file(NAME): write(new).encode()}, "Draft\n\nDrafted-by: git-bill")
    effect = EnsurePullRequest(branch=draft_branch(NAME), base="main", title="Invoice", body="Body")
    made.forge.ensure_pull_request(effect)
    made.pull = made.forge.pull_requests(draft_branch(NAME))[0]
    return made
