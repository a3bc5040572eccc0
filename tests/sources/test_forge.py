"""Evidence from a forge: once for each change, contributors alone, and what no clone shows."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.twins.forge import MemoryForge

from git_bill.forge import Review, Submission, Ticket
from git_bill.problem import Stop
from git_bill.sources import forge
from git_bill.sources.commit import Found
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.piece import Origin
from git_bill.worklog.told import titles

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
MERGED = datetime(2026, 10, 9, 16, tzinfo=UTC)
PEOPLE = {"mira-k": "mira", "jan": "jan"}
SQUASH = Evidence(key="c" * 40, kind="commit", source="shop", contributor="mira", at=MERGED)
CART = Ticket(key="#5", title="The cart", url="https://forge.example/5", state="open", labels=("b", "a"), estimate=90)
PULL = Submission(
    number=12,
    title="Keep the cart",
    url="https://forge.example/12",
    branch="cart",
    author="Mira-K",
    at=MERGED - timedelta(days=3),
    commits=("a" * 40, "b" * 40),
    reviews=(
        Review(id="7", account="jan", commit="b" * 40, verdict="approved", text="fine", at=MERGED),
        Review(id="8", account="rita-acme", commit="b" * 40, verdict="commented", text="hm", at=MERGED),
    ),
    merged_as=SQUASH.key,
    merged_at=MERGED,
)


@pytest.fixture
def shop() -> MemoryForge:
    made = MemoryForge(repository="acme/web-shop")
    made.ticket(CART, MERGED)
    made.submission(PULL, MERGED)
    return made


def read(shop: MemoryForge, *known: Evidence, now: datetime = NOW, start: datetime | None = None) -> Found:
    return forge.read(shop, "shop", people=PEOPLE, ticket_pattern=r"[A-Z]+-\d+", known=known, start=start, now=now)


def test_a_ticket_a_pull_request_and_a_contributors_review(shop: MemoryForge) -> None:
    found = read(shop, SQUASH)
    ticket, pull, review = sorted(found.evidence, key=lambda r: ["ticket", "pull", "review"].index(r.kind))
    assert (ticket.ticket, ticket.text, ticket.labels, ticket.estimate) == ("#5", "The cart", ("a", "b"), 90)
    assert (pull.contributor, pull.covers, pull.commit, pull.state) == ("mira", PULL.commits, SQUASH.key, "merged")
    assert (review.contributor, review.state, review.commit) == ("jan", "approved", "b" * 40)
    [problem] = found.problems
    assert problem.rule == "originals-missing"
    assert "2 commits of #12" in problem.message
    assert "refs/pull/12/head" in problem.hint


def test_a_second_look_adds_nothing_and_a_change_adds_a_record(shop: MemoryForge) -> None:
    first = read(shop, SQUASH).evidence
    later = NOW + timedelta(days=1)
    assert read(shop, SQUASH, *first, now=later).evidence == ()
    shop.ticket(Ticket(key="#5", title="The basket", url="", state="closed"), later)
    [changed] = read(shop, SQUASH, *first, now=later).evidence
    assert changed.key.startswith("ticket:#5@")
    assert titles((*first, changed), {"shop": Origin(client="acme", project="web")}) == {("web", "5"): "The basket"}


def test_only_what_changed_since_is_asked_for(shop: MemoryForge) -> None:
    assert read(shop, start=NOW).evidence == ()
    first = read(shop, SQUASH).evidence
    shop.ticket(Ticket(key="#1", title="Old", url="", state="open"), NOW - timedelta(days=30))
    assert read(shop, SQUASH, *first, now=NOW + timedelta(days=1)).evidence == ()


def test_pull_requests_of_strangers_count_where_a_contributor_worked_on_them(shop: MemoryForge) -> None:
    shop.hosted.submissions.clear()
    theirs = Submission(number=3, title="x", url="", branch="x", author="stranger", at=MERGED, commits=("a" * 40,))
    shop.submission(theirs, MERGED)
    assert [record.kind for record in read(shop).evidence] == ["ticket"]
    mine = Evidence(key="a" * 40, kind="commit", source="shop", contributor="mira", at=MERGED)
    found = read(shop, mine)
    assert [(r.kind, r.contributor) for r in found.evidence] == [("pull", ""), ("ticket", "")]
    assert found.problems == ()


def test_nothing_is_missing_where_the_clone_has_it_all(shop: MemoryForge) -> None:
    originals = (
        Evidence(key=key, kind="commit", source="shop", contributor="mira", at=MERGED - timedelta(days=1))
        for key in PULL.commits
    )
    assert read(shop, SQUASH, *originals).problems == ()


def test_a_forge_that_is_away_is_said(shop: MemoryForge) -> None:
    shop.away = True
    with pytest.raises(Stop):
        read(shop, SQUASH)


def test_long_and_hostile_texts_are_data(shop: MemoryForge) -> None:
    shop.hosted.tickets.clear()
    shop.ticket(Ticket(key="#9", title='"\n::set-output]]' + "x" * 10_000, url="", state="open"), MERGED)
    [ticket] = [r for r in read(shop).evidence if r.kind == "ticket"]
    assert len(ticket.text) == 200
