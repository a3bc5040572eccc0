"""Decision D3: with a payment rail the number is claimed first, and a crashed issue is resumed with number and date."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.flows.desk import CLOCK, Desk, desk
from tests.flows.journey import approved, drafted
from tests.repositories import live_in, now
from tests.twins.rail import MemoryRail

from git_bill.adapters import pdf
from git_bill.adapters.clock import SystemClock
from git_bill.adapters.jinja import Jinja
from git_bill.adapters.tables import vat_table, wording
from git_bill.adapters.typst import Typst
from git_bill.effects import Unsure
from git_bill.flows import apply, load
from git_bill.flows.issue import Issued, Issuing, issue
from git_bill.flows.void import void
from git_bill.problem import Exit, Stop, stop

TOMORROW = SystemClock(fixed=now() + timedelta(days=1))


class Killed(Exception):  # noqa: N818  it stands for a signal
    """The process ends here."""


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def mira(tmp_path: Path) -> Desk:
    books = desk(tmp_path / "books")
    drafted(books)
    approved(books)
    return books


def nothing() -> None:
    """A rail that is ready."""


def run(
    mira: Desk,
    provider: MemoryRail,
    *,
    clock: SystemClock = CLOCK,
    kill: str | None = None,
    ready: Callable[[], object] = nothing,
) -> Issued:
    """One run of issue, killed where a step's key begins with `kill`."""

    def between(step: str) -> None:
        if kill is not None and step.startswith(kill):
            raise Killed

    books = mira.books
    need = Issuing(
        books=books,
        clock=clock,
        typesetter=Typst(pdf.text, fonts=()),
        wording=wording(),
        mailer=None,
        renderer=Jinja(),
        vat=vat_table(),
        by="mira",
        made_with="git-bill 0.1.0",
        rail=ready,
    )
    return apply.run(issue(need), apply.Actors(books=books, rail=provider, between=between))


def claims(mira: Desk) -> list[tuple[str, date, bool]]:
    """Number, date and whether it is issued, of every claim at the tip."""
    books = mira.books
    found = load.numbered(books.at(books.tip() or ""))
    return [(item.claim.number, item.claim.issue_date, item.invoice is not None) for item in found]


def test_the_link_is_in_the_document(mira: Desk) -> None:
    provider = MemoryRail()
    (document,) = run(mira, provider).issued
    assert document.invoice.payment_link == "https://pay.example/1"
    assert provider.asked == 1


def test_a_script_without_a_font_is_found_before_a_number_is_claimed(tmp_path: Path) -> None:
    books = desk(tmp_path / "books")
    file = tmp_path / "books" / "billing/clients/acme.toml"
    named = file.read_text(encoding="utf-8").replace('name = "Acme GmbH"', 'name = "株式会社アクメ"')
    file.write_text(named, encoding="utf-8")
    drafted(books)
    approved(books)
    provider = MemoryRail()
    (refused,) = run(books, provider).refused
    assert [problem.rule for problem in refused.problems] == ["missing-glyph"]
    assert "fonts-noto-cjk" in refused.problems[0].hint
    assert claims(books) == []
    assert provider.asked == 0


@pytest.mark.parametrize("step", ["before:D-", "after:D-"])
def test_a_killed_issue_is_resumed_with_its_number_its_date_and_its_link(mira: Desk, step: str) -> None:
    provider = MemoryRail()
    with pytest.raises(Killed):
        run(mira, provider, kill=step)
    ((number, day, issued),) = claims(mira)
    assert not issued
    (document,) = run(mira, provider, clock=TOMORROW).issued
    assert claims(mira) == [(number, day, True)]
    assert (document.invoice.number, document.invoice.issue_date) == (number, day)
    assert len(provider.links) == 1


def test_a_provider_that_is_down_leaves_the_claim_and_a_later_run_finishes(mira: Desk) -> None:
    provider = MemoryRail(away=True)
    with pytest.raises(Stop, match="does not answer"):
        run(mira, provider)
    ((number, day, issued),) = claims(mira)
    assert not issued
    provider.away = False
    run(mira, provider)
    assert claims(mira) == [(number, day, True)]


def test_a_rail_without_a_key_stops_before_a_number_is_claimed(mira: Desk) -> None:
    def closed() -> object:
        raise stop(Exit.SETTINGS, "no-key", "there is no key", "export one")

    provider = MemoryRail()
    with pytest.raises(Stop, match="there is no key"):
        run(mira, provider, ready=closed)
    assert (claims(mira), provider.asked) == ([], 0)


def test_a_link_that_nobody_can_tell_of_stops_the_sweep(mira: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = MemoryRail()
    monkeypatch.setattr(provider, "ensure_link", lambda effect: Unsure(reason="it may have been made", remedy="look"))
    with pytest.raises(Stop, match="waits for its payment link: it may have been made") as stopped:
        run(mira, provider)
    assert stopped.value.exit_code == Exit.PAYMENT_OR_MAIL
    assert [issued for _, _, issued in claims(mira)] == [False]


def test_a_client_who_pays_by_transfer_gets_no_link_and_needs_no_claim(tmp_path: Path) -> None:
    books = desk(tmp_path / "books")
    file = tmp_path / "books" / "billing/clients/acme.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('name = "Acme GmbH"', 'name = "Acme GmbH"\npay_online = false'), encoding="utf-8")
    drafted(books)
    approved(books)
    provider = MemoryRail()
    (document,) = run(books, provider).issued
    assert (document.invoice.payment_link, provider.asked) == (None, 0)


def test_a_person_gives_a_number_up_and_the_draft_gets_the_next(mira: Desk) -> None:
    provider = MemoryRail()
    with pytest.raises(Killed):
        run(mira, provider, kill="before:D-")
    ((number, day, _),) = claims(mira)
    mira.do(void(mira.books, CLOCK, number, because="the client withdrew", by="mira"))
    (document,) = run(mira, provider).issued
    assert claims(mira) == [(number, day, False), (document.invoice.number, document.invoice.issue_date, True)]
    assert document.invoice.number != number
    with pytest.raises(Stop, match="is issued and never changes"):
        mira.do(void(mira.books, CLOCK, document.invoice.number, because="no", by="mira"))
