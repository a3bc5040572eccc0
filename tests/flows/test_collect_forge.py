"""Collect with a forge: a squash that git can't tell, titles for lines, and what `explain` says of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.flows.shelf import SETTINGS, TAX
from tests.flows.test_collect import Git, books, make, run, shop, worked
from tests.repositories import now
from tests.twins.books import MemoryBooks
from tests.twins.forge import MemoryForge

from git_bill.adapters.tables import vat_table
from git_bill.contract.rate import Multiplier, Rate
from git_bill.effects import Publish
from git_bill.flows import load
from git_bill.flows.collect import CollectResult
from git_bill.flows.explain import explain
from git_bill.flows.open_drafts import read_books
from git_bill.forge import Booking, Review, Submission, Ticket
from git_bill.invoice.drafting import build
from git_bill.money import Money
from git_bill.period import Period
from git_bill.worklog.reason import Reason

__all__ = ["shop"]

MERGED = "2026-10-06T11:00:00+02:00"


@pytest.fixture
def forge(shop: Path, git: Git) -> MemoryForge:
    """A pull request of three commits that was squashed together with a change of the merger's."""
    git(shop, "switch", "-q", "-c", "cart")
    made = [make(git, shop, f"2026-10-06T{hour}:00:00+02:00", f"Cart {hour} #5", "cart.txt") for hour in ("09", "10")]
    git(shop, "switch", "-q", "main")
    git(shop, "merge", "-q", "--squash", "cart")
    (shop / "more.txt").write_text("".join(f"conflict {n} resolved by hand\n" for n in range(60)))
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "The cart (#12)", at=MERGED)
    there = MemoryForge(repository="acme/web-shop")
    there.ticket(Ticket(key="#5", title="A cart for *guests*", url="", state="closed"), now())
    there.submission(
        Submission(
            number=12,
            title="The cart",
            url="https://forge.example/12",
            branch="cart",
            author="mira-k",
            at=datetime.fromisoformat(MERGED),
            commits=tuple(made),
            reviews=(
                Review(
                    id="1",
                    account="mira-k",
                    commit=made[-1],
                    verdict="approved",
                    text="",
                    at=datetime.fromisoformat(MERGED),
                ),
            ),
            merged_as=git(shop, "rev-parse", "HEAD"),
            merged_at=datetime.fromisoformat(MERGED),
        ),
        now(),
    )
    return there


def told(on: MemoryBooks, shop: Path, forge: MemoryForge | None) -> CollectResult:
    return run(on, shop, forges={"web-shop": forge} if forge else {}, now=now())


def mine() -> MemoryBooks:
    settings = SETTINGS.replace('id = "mira"', 'id = "mira"\naccounts = ["mira-k"]').replace(
        'client = "acme"', 'client = "acme"\nticket_pattern = "#5|WEB-\\\\d+"'
    )
    assert "mira-k" in settings
    assert "#5" in settings
    return books(settings)


def minutes(on: MemoryBooks) -> int:
    return sum(item.entry.minutes for item in worked(on).values())


def reasons(reason: Reason) -> Iterator[str]:
    yield reason.text
    for each in reason.because:
        yield from reasons(each)


def test_what_the_forge_squashed_adds_nothing(shop: Path, forge: MemoryForge) -> None:
    alone, with_forge = mine(), mine()
    told(alone, shop, None)
    result = told(with_forge, shop, forge)
    assert minutes(with_forge) < minutes(alone)
    assert result.problems == ()
    once = dict(with_forge.store.files)
    again = told(with_forge, shop, forge)
    assert (again.files, dict(with_forge.store.files)) == ((), once)
    assert told(with_forge, shop, None).files == (), "offline it stays as it was"


def test_a_forge_that_is_away_holds_up_nothing(shop: Path, forge: MemoryForge) -> None:
    forge.away = True
    on = mine()
    result = told(on, shop, forge)
    assert worked(on)
    [problem] = result.problems
    assert (problem.rule, problem.severity) == ("forge-not-read", "info")


def test_lines_bear_the_tickets_titles(shop: Path, forge: MemoryForge) -> None:
    on = mine()
    told(on, shop, forge)
    files = {path: content for path, content in on.store.files.items() if path.startswith("billing/")}
    publish = Publish(branch="main", expect=on.tip(), files=files, message="Record", at=now())
    on.publish(publish)
    state = read_books(on, vat_table())
    basis = state.basis("acme")
    [contract] = basis.engagement.contracts
    period = Period(date(2026, 10, 1), date(2026, 10, 31))
    drafted = build(basis, contract, period, TAX, draft_id="D-test")
    assert "#5 A cart for *guests*" in [line.description for line in drafted.draft.lines]
    untitled = build(replace(basis, titles={}), contract, period, TAX, draft_id="D-test")
    assert "#5 A cart for *guests*" not in [line.description for line in untitled.draft.lines]


def test_labels_and_milestones_of_tickets_price_and_group_the_work(shop: Path, forge: MemoryForge) -> None:
    later = now() + timedelta(hours=1)
    ticket = Ticket(
        key="#5", title="Cart", url="", state="closed", labels=("Urgent", "bug"), milestone="Autumn release"
    )
    forge.ticket(ticket, later)
    on = mine()
    told(on, shop, forge)
    files = {path: content for path, content in on.store.files.items() if path.startswith("billing/")}
    on.publish(Publish(branch="main", expect=on.tip(), files=files, message="Record", at=now()))
    basis = read_books(on, vat_table()).basis("acme")
    [contract] = basis.engagement.contracts
    urgent = Multiplier(factor=Decimal("1.5"), name="Urgent", labels=("urgent",))
    bug = Rate(hourly=Money.parse("70.00 EUR"), label="bug")
    terms = replace(contract, group=("milestone",), rates=(*contract.rates, bug), multipliers=(urgent,))
    engagement = replace(basis.engagement, contracts=(terms,))
    period = Period(date(2026, 10, 1), date(2026, 10, 31))
    drafted = build(replace(basis, engagement=engagement), terms, period, TAX, draft_id="D-test").draft
    [cart] = [line for line in drafted.lines if line.description == "Autumn release"]
    assert cart.unit_price == Money.parse("105.00 EUR")
    assert "for tickets labelled bug × 1.5 for Urgent" in cart.reason


def test_explain_names_pull_request_and_review(shop: Path, forge: MemoryForge, git: Git) -> None:
    on = mine()
    told(on, shop, forge)
    files = {path: content for path, content in on.store.files.items() if path.startswith("billing/")}
    on.publish(Publish(branch="main", expect=on.tip(), files=files, message="Record", at=now()))
    said = list(reasons(explain(on, git(shop, "rev-parse", "main"))))
    assert 'the forge made it of #12 "The cart", 2 commits' in said
    assert any("adds nothing: its change was seen before" in text for text in said)
    assert any("Mira Kovac reviewed it" in text and text.endswith("approved") for text in said)
    assert load.evidence(on.here())


def test_a_review_of_somebody_elses_pull_request_is_work(shop: Path, forge: MemoryForge) -> None:
    at = datetime.fromisoformat("2026-10-12T11:00:00+02:00")
    given = Review(id="9", account="mira-k", commit="d" * 40, verdict="commented", text="why?", at=at)
    forge.submission(
        Submission(
            number=14,
            title="WEB-8 Labels",
            url="https://forge.example/14",
            branch="labels",
            author="rita-acme",
            at=at,
            commits=("d" * 40,),
            reviews=(given, replace(given, id="10", account="rita-acme")),
        ),
        now(),
    )
    on = mine()
    result = told(on, shop, forge)
    assert result.kinds["review"] == 2, "Mira's approval of her own and this one; Rita's is nobody's"
    [entry] = [item.entry for item in worked(on).values() if item.entry.activity == "review"]
    assert (entry.minutes, entry.ticket, entry.at) == (10, "WEB-8", ("10:50/11:00",))
    assert entry.text == "Review of #14: Labels"
    assert [v.rule for v in (result.collected.verdicts if result.collected else ()) if ":review:" in v.evidence] == [
        "own-pull"
    ]


def test_what_was_booked_is_work_of_its_day(shop: Path, forge: MemoryForge) -> None:
    on = mine()
    gitlab = MemoryForge(repository="acme/web-shop", name="GitLab")
    day = datetime.fromisoformat("2026-10-08T00:00:00+00:00")
    made = Booking(account="Mira-K", ticket="#5", title="A cart", at=day, seconds=5400)
    gitlab.hosted.bookings = [made, replace(made, account="jan")]
    told(on, shop, gitlab)
    (item,) = [item for item in worked(on).values() if item.entry.day == date(2026, 10, 8)]
    assert (item.entry.minutes, item.entry.ticket, item.entry.by) == (90, "#5", "mira")
    assert told(on, shop, gitlab).new == 0
    assert told(on, shop, None).new == 0, "a forge that does not tell takes nothing back"
    assert told(on, shop, forge).new > 0
    gitlab.hosted.bookings.append(replace(made, seconds=-1800))
    run(on, shop, forges={"web-shop": gitlab}, now=now() + timedelta(hours=1))
    assert [item.entry.minutes for item in worked(on).values() if item.entry.day == date(2026, 10, 8)] == [60]
