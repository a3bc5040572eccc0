"""A client and an owner talk about a draft in comments; the books are a real repository, the forge is in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from tests.flows.desk import API, EVIDENCE, GLOBEX, JONAS, Desk
from tests.flows.shelf import ACME, SETTINGS, shelf
from tests.repositories import AT, live_in, run
from tests.twins.forge import MemoryForge

from git_bill.adapters.tables import vat_table
from git_bill.effects import EnsurePullRequest, Flow
from git_bill.flows import apply
from git_bill.flows.answer import Answers, answer
from git_bill.flows.assent import Witnesses
from git_bill.flows.draft import Wanted, draft
from git_bill.flows.gate import issue_problems
from git_bill.flows.open_drafts import draft_on, read_books
from git_bill.forge import PullRequest
from git_bill.invoice.draft import Draft
from git_bill.layout import draft_branch, draft_file
from git_bill.period import Period
from git_bill.problem import errors

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
NAME = "acme-2026-10"
T = TypeVar("T")


@dataclass(slots=True)
class Hours:
    """A clock that goes on by ten minutes whenever somebody acts."""

    at: datetime = AT

    def now(self) -> datetime:
        return self.at

    def today(self, timezone: str) -> date:
        return self.at.date()

    def clock_today(self, timezone: str) -> date:
        return self.at.date()

    def later(self) -> datetime:
        self.at += timedelta(minutes=10)
        return self.at


@dataclass(slots=True)
class Review:
    """Mira's desk with a forge."""

    desk: Desk
    forge: MemoryForge
    clock: Hours = field(default_factory=Hours)

    def do(self, flow: Flow[T]) -> T:
        """Carry a flow out."""
        return apply.run(flow, apply.Actors(books=self.desk.books, forge=lambda: self.forge))

    def draft_again(self) -> None:
        """`git bill draft`, and its pull request."""
        self.clock.later()
        wanted = Wanted(client="acme", period=OCTOBER)
        self.do(draft(self.desk.books, self.clock, vat_table(), wanted))
        effect = EnsurePullRequest(branch=draft_branch(NAME), base="main", title="Invoice", body="Body")
        self.forge.ensure_pull_request(effect)

    def says(self, account: str, text: str) -> str:
        """Somebody comments, the job runs, and replies."""
        made = self.forge.comment(self.pull.number, account, text)
        comments = self.forge.hosted.comments[self.pull.number]
        comments[-1] = replace(made, at=self.clock.later())
        self.clock.later()
        found: Answers = self.do(answer(self.desk.books, self.forge, self.clock, vat_table()))
        return found.answered[-1].text if found.answered else ""

    @property
    def pull(self) -> PullRequest:
        """The draft's pull request."""
        return self.forge.pull_requests(draft_branch(NAME))[0]

    @property
    def draft(self) -> Draft:
        """As its branch has it."""
        found = draft_on(self.desk.books.at(self.head(draft_branch(NAME)) or ""), NAME)
        assert found is not None
        return found

    @property
    def billed(self) -> Mapping[str, str]:
        """Lines with their quantities."""
        return {line.description: f"{line.quantity.normalize():f} {line.unit}" for line in self.draft.lines}

    def head(self, branch: str) -> str | None:
        """A branch's commit."""
        return run(self.desk.top, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}") or None

    def blob(self, commit: str, path: str) -> str | None:
        """The blob id of a file at a commit."""
        return run(self.desk.top, "ls-tree", "--format=%(objectname)", commit, "--", path) or None

    def waits(self) -> set[str]:
        """Why the merged draft is not issued."""
        books = self.desk.books
        state = read_books(books, vat_table())
        arrival = books.arrivals("billing/drafts", state.tip)[draft_file(NAME)]
        found, _ = issue_problems(books, state, NAME, arrival, Witnesses(forge=self.forge))
        return {problem.rule for problem in errors(found)}


@pytest.fixture
def review(tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Review:
    live_in(environment, monkeypatch)
    top = tmp_path / "books"
    accounts = SETTINGS.replace('roles = ["owner"]', 'roles = ["owner"]\naccounts = ["mira"]')
    shelf(top).put(
        {
            "billing/billing.toml": accounts + API + JONAS,
            "billing/clients/acme.toml": ACME.replace("vat_id", 'accounts = ["anna"]\nvat_id'),
            "billing/clients/globex.toml": GLOBEX,
        }
    )
    desk = Desk(top)
    for source in ("web-shop", "api"):
        desk.see(*EVIDENCE, source=source)
    forge = MemoryForge()
    made = Review(desk=desk, forge=forge)
    forge._head, forge._blob = made.head, made.blob
    forge._within = lambda commit, branch: commit == made.head(branch)
    made.draft_again()
    return made


def test_a_client_and_an_owner_come_to_terms(review: Review) -> None:
    lines = list(review.billed)
    assert len(lines) == 4
    assert review.says("anna", "Line 2 was never ordered.\n\n/bill drop 2 because we did not order it").startswith(
        "Thank you. This is a proposal"
    )
    assert list(review.billed) == lines
    assert "Done" not in review.says(
        "mira", "Fair enough, Anna.\n/bill accept\n/bill minutes 1 30m because it was slow"
    )
    assert list(review.billed) == [lines[0], *lines[2:]]
    assert review.billed[lines[0]] == "0.5 HUR"

    authors = run(review.desk.top, "log", "--format=%an <%ae>", "-3", draft_branch(NAME)).splitlines()
    assert authors[0] == "Mira Kovac <mira@example.net>"
    assert authors[1].startswith("anna <")
    assert authors[1].endswith("+anna@users.noreply.github.com>")

    before = review.billed
    review.draft_again()  # nothing of it comes back
    assert review.billed == before
    assert [left.because for left in review.draft.not_billed.values()].count("we did not order it") == 1

    assert review.says("anna", "/bill approve") == "- The draft as it stands now is approved.\n"
    assert review.says("mallory", "/bill approve").startswith("Thank you, mallory.")


def test_after_the_merge_a_word_of_the_client_still_stops_it(review: Review) -> None:
    number = review.pull.number
    run(review.desk.top, "merge", "-q", "--no-ff", "-m", "Approve", draft_branch(NAME))
    review.forge.merge(number, by="mira", merged_as=review.head("main"))
    assert review.waits() == set()
    assert review.says("anna", "/bill hold because the order number is wrong").startswith("It is on hold")
    assert review.waits() == {"on-hold"}  # and our reply does not lift it
    review.says("mira", "I am looking into it.")
    assert review.waits() == {"on-hold"}
    assert review.says("mira", "It is right: 4711.\n/bill release") == "It is no longer on hold.\n"
    assert review.waits() == set()
    assert review.says("mira", "/bill hold").startswith("It is on hold")
    assert review.waits() == {"on-hold"}
