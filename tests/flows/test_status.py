"""Status: what is unbilled, what waits, what is owed, and the one next step."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.flows.desk import CLOCK, Desk, desk
from tests.flows.journey import TODAY, approved, drafted, issued
from tests.flows.shelf import SETTINGS, STATED, Shelf, shelf
from tests.repositories import live_in, now, run

from git_bill.adapters.git.books import open_books
from git_bill.adapters.tables import vat_table
from git_bill.flows.corrections import confirm
from git_bill.flows.sent import Word, arrived
from git_bill.flows.status import Status, status
from git_bill.invoice.totals import draft_totals
from git_bill.layout import draft_file
from git_bill.money import Money
from git_bill.problem import Stop


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def mira(tmp_path: Path) -> Desk:
    """Evidence of October, collected and not yet drafted."""
    return desk(tmp_path / "books")


def seen(mira: Desk, today: date = TODAY) -> Status:
    return status(mira.books, vat_table(), today)


def confirmed(mira: Desk) -> None:
    ids = [entry for entry, item in mira.worked.items() if item.entry.state == "estimated"]
    books = mira.books
    mira.do(confirm(books, CLOCK, ids, by="mira"), books)


def test_unbilled_time_by_client(mira: Desk) -> None:
    acme, globex = seen(mira).unbilled
    mine = [item.entry for item in mira.worked.values() if item.client == "acme"]
    assert acme.minutes == sum(entry.minutes for entry in mine if entry.state == "estimated")
    assert sum(entry.minutes for entry in mine if entry.state == "unproven") > 0  # not in it
    assert (acme.name, acme.confirmed, acme.drafted, acme.due, acme.unsure) == (
        ("Acme GmbH", 0, 0, acme.minutes, acme.minutes)
    )
    assert globex.client == "globex"


def test_it_is_worth_what_the_draft_comes_to(mira: Desk) -> None:
    [worth] = seen(mira).unbilled[0].net
    [made] = drafted(mira).made
    assert worth == draft_totals(made.draft).net


def test_what_is_confirmed_and_on_a_draft(mira: Desk) -> None:
    confirmed(mira)
    drafted(mira)
    acme = seen(mira).unbilled[0]
    assert acme.confirmed == acme.drafted == acme.minutes > 0
    assert (acme.due, acme.unsure) == (0, 0)


def test_this_months_work_is_unbilled_and_not_due(mira: Desk) -> None:
    acme = seen(mira, date(2026, 10, 31)).unbilled[0]
    assert acme.minutes > 0
    assert acme.due == 0


def test_two_currencies_are_two_amounts(mira: Desk) -> None:
    path = mira.top / "billing/clients/acme.toml"
    second = path.read_text().partition("[[contracts]]")[2].replace("acme-2026", "acme-usd").replace("EUR", "USD")
    text = path.read_text().replace('currency = "EUR"\n', 'currency = "EUR"\napplies = { ticket = ["WEB-5"] }\n')
    path.write_text(text + "\n[[contracts]]" + second.replace('"USD"\n', '"USD"\napplies = { ticket = ["WEB-7"] }\n'))
    acme = seen(mira).unbilled[0]
    assert [amount.currency for amount in acme.net] == ["EUR", "USD"]


def test_entries_without_a_contract_count_and_are_told(mira: Desk) -> None:
    path = mira.top / "billing/clients/acme.toml"
    path.write_text(path.read_text().replace("from = 2026-01-01", "from = 2027-01-01"))
    found = seen(mira)
    assert found.unbilled[0].net == ()
    assert found.unbilled[0].minutes > 0
    assert {(p.rule, p.severity) for p in found.problems} == {("no-contract", "warning")}


def test_drafts_on_their_way(mira: Desk) -> None:
    drafted(mira)
    drafted(mira, "globex")
    assert [(d.name, d.state) for d in seen(mira).drafts] == [("acme-2026-10", "open"), ("globex-2026-10", "open")]
    approved(mira)
    assert [(d.name, d.state) for d in seen(mira).drafts] == [("acme-2026-10", "approved"), ("globex-2026-10", "open")]
    issued(mira)
    assert [d.name for d in seen(mira).drafts] == ["globex-2026-10"]


def test_a_draft_that_changed_after_its_approval(mira: Desk) -> None:
    drafted(mira)
    approved(mira)
    run(mira.top, "checkout", "-q", "bill/acme-2026-10")
    file = mira.top / draft_file("acme-2026-10")
    file.write_text(file.read_text().replace("[[lines]]", 'note = "in haste"\n\n[[lines]]', 1))
    run(mira.top, "commit", "-qam", "by hand")
    run(mira.top, "checkout", "-q", "main")
    [waits] = seen(mira).drafts
    assert waits.state == "changed"
    assert waits.draft is not None
    assert waits.draft.note is None  # what was approved is what counts


def test_a_draft_that_can_not_be_read(mira: Desk) -> None:
    drafted(mira)
    run(mira.top, "checkout", "-q", "bill/acme-2026-10")
    (mira.top / draft_file("acme-2026-10")).write_text("schema = ")
    run(mira.top, "commit", "-qam", "by hand")
    run(mira.top, "checkout", "-q", "main")
    found = seen(mira)
    assert [(d.name, d.draft, d.gross, d.period) for d in found.drafts] == [("acme-2026-10", None, None, None)]
    assert [p.rule for p in found.problems] == ["broken-toml"]


@pytest.fixture
def owed(tmp_path: Path) -> Shelf:
    """Two invoices, due on 2 December and 5 December."""
    made = shelf(tmp_path / "owed")
    made.issue("INV-2026-0032")
    made.issue("INV-2026-0033", day=date(2026, 11, 5))
    return made


@pytest.mark.parametrize(("today", "late"), [("2026-12-02", (0, 0)), ("2026-12-03", (1, 0)), ("2027-01-04", (33, 30))])
def test_receivables_and_how_late_they_are(owed: Shelf, today: str, late: tuple[int, ...]) -> None:
    found = status(owed.books(), vat_table(), date.fromisoformat(today)).owed.rows
    assert [r.number for r in found] == ["INV-2026-0032", "INV-2026-0033"]
    assert [r.due for r in found] == [date(2026, 12, 2), date(2026, 12, 5)]
    assert {r.open for r in found} == {Money.parse("226.10 EUR")}
    assert tuple(r.days_late for r in found) == late


def step(mira: Desk) -> str:
    return seen(mira).step.command


def test_the_next_step_goes_from_collect_to_issue(mira: Desk, tmp_path: Path) -> None:
    bare = shelf(tmp_path / "new")
    assert status(bare.books(), vat_table(), TODAY).step.command == "git bill collect"
    assert step(mira) == "git bill confirm"
    confirmed(mira)
    assert step(mira) == "git bill draft"
    drafted(mira)
    drafted(mira, "globex")
    assert step(mira) == "git bill show acme-2026-10"
    approved(mira)
    assert step(mira) == "git bill issue"
    issued(mira)
    assert step(mira) == "git bill sent INV-2026-0032 --via portal"
    mira.do(arrived(mira.books, CLOCK, "INV-2026-0032", Word(via="portal", on=date(2099, 1, 1)), by="mira"))
    assert step(mira) == "git bill show globex-2026-10"


def test_the_next_step_without_a_source(tmp_path: Path) -> None:
    books = shelf(tmp_path / "new")
    books.put({"billing/billing.toml": SETTINGS.partition("[[sources]]")[0]})
    assert status(books.books(), vat_table(), TODAY).step.command == "git bill source add PATH --client ID"


def test_a_claimed_number_is_finished_first(owed: Shelf) -> None:
    owed.claim("INV-2026-0034", day=date(2026, 11, 6))
    found = status(owed.books(), vat_table(), TODAY)
    assert found.claimed == ("INV-2026-0034",)
    assert (found.step.command, found.step.why) == ("git bill issue", "INV-2026-0034 was claimed and is not finished")


def test_a_merge_that_is_not_pushed_is_no_approval_yet(mira: Desk, tmp_path: Path) -> None:
    drafted(mira)
    run(tmp_path, "clone", "-q", "--bare", str(mira.top), "origin.git")
    run(mira.top, "remote", "add", "origin", str(tmp_path / "origin.git"))
    run(mira.top, "fetch", "-q", "origin")
    run(mira.top, "merge", "-q", "--no-edit", "bill/acme-2026-10")
    books = open_books(mira.top, now=now, remote="origin")
    found = status(books, vat_table(), TODAY)
    assert [(d.name, d.state) for d in found.drafts] == [("acme-2026-10", "open")]
    [warning] = found.problems
    assert (warning.rule, warning.severity, warning.hint) == (
        ("not-pushed", "warning", "push it: git push origin main")
    )
    run(mira.top, "push", "-q", "origin", "main")
    found = status(open_books(mira.top, now=now, remote="origin"), vat_table(), TODAY)
    assert ([d.state for d in found.drafts], found.problems) == (["approved"], ())


def test_broken_settings_stop_it(tmp_path: Path) -> None:
    books = shelf(tmp_path / "books")
    books.put({"billing/billing.toml": STATED["billing/billing.toml"] + "\ncolour = 1\n"})
    with pytest.raises(Stop, match="colour"):
        status(books.books(), vat_table(), TODAY)


def test_nothing_is_changed(mira: Desk) -> None:
    before = (mira.files(), run(mira.top, "for-each-ref"), run(mira.top, "status", "--porcelain"))
    seen(mira, TODAY + timedelta(days=400))
    assert (mira.files(), run(mira.top, "for-each-ref"), run(mira.top, "status", "--porcelain")) == before
