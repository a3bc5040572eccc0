"""Doctor: a healthy desk has nothing in its way; each ailment is named with its remedy, and the remedy cures it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.flows.shelf import ACME, SETTINGS, Shelf, shelf
from tests.repositories import live_in, now, repository, run

from git_bill.adapters.git.books import open_books
from git_bill.adapters.git.health import git_version, health, remote_tip
from git_bill.clone import Health
from git_bill.flows.checklist import Check, problems_of
from git_bill.flows.doctor import Around, Machine, books_checks, machine_checks, settings_check
from git_bill.flows.init import ATTRIBUTE_LINES
from git_bill.problem import Problem

ATTRIBUTES = "".join(f"{line}\n" for line in ATTRIBUTE_LINES)
MACHINE = Machine(now=now(), git=(2, 39), typst="0.15.2", fonts=3, email="mira@example.net")


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def books(tmp_path: Path) -> Shelf:
    """Books with a remote that has all they have, and a clone of their source."""
    made = shelf(tmp_path / "books")
    made.put({".gitattributes": ATTRIBUTES})
    repository(tmp_path / "web-shop")
    run(tmp_path, "clone", "-q", "--bare", "books", "origin.git")
    run(made.top, "remote", "add", "origin", str(tmp_path / "origin.git"))
    run(made.top, "fetch", "-q", "origin")
    return made


def around(books: Shelf) -> Around:
    clone = health(books.top.parent / "web-shop")
    assert clone is not None
    there = remote_tip(books.top, "origin", "main")
    return Around(books=health(books.top), clones={"web-shop": clone}, remote_tip=there)


def found(
    books: Shelf, machine: Machine = MACHINE, beside: Around | None = None, remote: str = "origin"
) -> tuple[Problem, ...]:
    view = open_books(books.top, now=now, remote=remote)
    workspace, settings = settings_check(view.here())
    assert workspace is not None
    return problems_of([settings, *books_checks(view, workspace, machine, beside or around(books))])


def rules(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.rule for problem in problems]


def test_a_healthy_desk(books: Shelf) -> None:
    assert found(books) == ()
    assert [check.state for check in machine_checks(MACHINE)] == ["ok", "ok"]


def test_this_machine_is_what_it_says() -> None:
    version = git_version()
    assert isinstance(version, tuple)
    assert version >= (2, 30)


@pytest.mark.parametrize(
    ("machine", "rule"),
    [
        (replace(MACHINE, git=(2, 20)), "old-git"),
        (replace(MACHINE, git=Problem(rule="no-git", message="the program git was not found")), "no-git"),
        (replace(MACHINE, typst=None), "no-typesetter"),
        (replace(MACHINE, fonts=0), "no-typesetter"),
    ],
)
def test_programs_that_are_missing(machine: Machine, rule: str) -> None:
    [problem] = problems_of(machine_checks(machine))
    assert (problem.rule, problem.severity) == (rule, "error")


def test_settings_that_can_not_be_read(books: Shelf) -> None:
    books.put({"billing/billing.toml": "schema = 1\n"})
    workspace, check = settings_check(books.books().here())
    assert workspace is None
    assert check.state == "failed"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('street = "Lindenweg 4"\n', "", "[issuer] has no street"),
        ('vat_id = "DE136695976"\n', "", "[issuer] has no vat_id or tax_number"),
        ('iban = "DE02120300000000202051"\n', "", "[issuer] has no bank"),
        ('roles = ["owner"]', 'roles = ["contributor"]', "nobody has a role that may issue"),
    ],
)
def test_what_issuing_lacks(books: Shelf, old: str, new: str, message: str) -> None:
    (books.top / "billing/billing.toml").write_text(SETTINGS.replace(old, new))
    [problem] = found(books)
    assert (problem.message, problem.file) == (message, "billing/billing.toml")


def test_what_a_client_lacks(books: Shelf) -> None:
    text = ACME.replace('city = "München"\n', "").partition("[[contracts]]")[0]
    (books.top / "billing/clients/acme.toml").write_text(text)
    assert [p.message for p in found(books)] == ["[client] has no city", "there is no contract"]


@pytest.mark.parametrize("email", [None, "mira@elsewhere.example"])
def test_a_caller_whom_nobody_knows(books: Shelf, email: str | None) -> None:
    assert rules(found(books, replace(MACHINE, email=email))) == ["unknown-caller"]


def test_a_shallow_clone_is_cured_by_its_remedy(books: Shelf, tmp_path: Path) -> None:
    run(tmp_path / "web-shop", "commit", "-q", "--allow-empty", "-m", "one")
    run(tmp_path / "web-shop", "commit", "-q", "--allow-empty", "-m", "two")
    run(tmp_path, "clone", "-q", "--depth=1", f"file://{tmp_path}/web-shop", "shallow")
    clone = health(tmp_path / "shallow")
    assert clone is not None
    [problem] = found(books, beside=replace(around(books), clones={"web-shop": clone}))
    assert problem.rule == "shallow"
    run(tmp_path, *problem.hint.removeprefix("git ").split())
    assert health(tmp_path / "shallow") == replace(clone, shallow=False)


def test_a_partial_clone(tmp_path: Path) -> None:
    top = repository(tmp_path / "web-shop")
    run(top, "config", "uploadpack.allowFilter", "true")
    run(top, "commit", "-q", "--allow-empty", "-m", "one")
    run(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{top}", "partial")
    clone = health(tmp_path / "partial")
    assert clone is not None
    assert clone.partial


def test_a_reflog_that_is_off_or_short(books: Shelf, tmp_path: Path) -> None:
    clone = tmp_path / "web-shop"
    run(clone, "config", "gc.reflogExpireUnreachable", "3.days")
    [short] = found(books)
    assert (short.rule, short.message) == ("short-reflog", "web-shop forgets amended and dropped commits after 3 days")
    run(clone, "config", "gc.reflogExpireUnreachable", "never")
    assert found(books) == ()
    run(clone, "config", "core.logAllRefUpdates", "false")
    [off] = found(books)
    assert off.rule == "no-reflog"
    run(tmp_path, *off.hint.removeprefix("git ").split())
    assert found(books) == ()


def test_a_source_that_is_out_of_reach_is_told_as_collect_tells_it(books: Shelf) -> None:
    away = Problem(rule="source-out-of-reach", severity="warning", message="no clone of it is known")
    assert found(books, beside=replace(around(books), clones={"web-shop": away})) == (away,)


def test_what_is_no_repository(tmp_path: Path) -> None:
    assert health(tmp_path) is None
    assert health(tmp_path / "nowhere") is None


def test_books_that_a_ci_system_checked_out_shallow(books: Shelf) -> None:
    seen = around(books)
    assert seen.books is not None
    [problem] = found(books, beside=replace(seen, books=replace(seen.books, shallow=True)))
    assert (problem.rule, problem.severity) == ("shallow-books", "error")


def test_a_clock_behind_the_ledger(books: Shelf) -> None:
    books.issue("INV-2026-0032")
    run(books.top, "push", "-q", "origin", "main")
    last = datetime.fromisoformat("2026-11-02T08:05:00+00:00")
    assert found(books, replace(MACHINE, now=last)) == ()
    [problem] = found(books, replace(MACHINE, now=last - timedelta(minutes=1)))
    assert (problem.rule, problem.severity, problem.file, problem.line) == (
        ("clock-behind", "error", "billing/ledger/2026.jsonl", 1)
    )


def test_attributes_that_are_missing(books: Shelf) -> None:
    (books.top / ".gitattributes").write_text("*.png binary\n")
    [problem] = found(books)
    assert (problem.rule, problem.file) == ("attributes", ".gitattributes")


def test_commits_that_are_not_pushed(books: Shelf) -> None:
    books.put({"billing/clients/acme.toml": ACME + "\n"})
    [problem] = found(books)
    assert problem.rule == "not-pushed"
    run(books.top, *problem.hint.removeprefix("git ").split())
    assert found(books) == ()


def test_commits_that_were_not_fetched(books: Shelf, tmp_path: Path) -> None:
    run(tmp_path, "clone", "-q", "origin.git", "other")
    run(tmp_path / "other", "commit", "-q", "--allow-empty", "-m", "from elsewhere")
    run(tmp_path / "other", "push", "-q")
    [problem] = found(books)
    assert (problem.rule, problem.severity) == ("behind", "info")
    run(books.top, *problem.hint.removeprefix("git ").split())
    assert found(books) == ()


def test_a_remote_that_can_not_be_reached(books: Shelf, tmp_path: Path) -> None:
    (tmp_path / "origin.git").rename(tmp_path / "gone.git")
    [problem] = found(books)
    assert problem.rule == "remote-unreachable"


def test_books_without_a_remote_are_the_only_copy(books: Shelf) -> None:
    [problem] = found(books, remote="")
    assert (problem.rule, problem.severity) == ("no-remote", "info")


def test_a_check_says_how_it_went() -> None:
    wrong = Problem(rule="x", message="y")
    assert Check(what="a").state == "ok"
    assert Check(what="a", problems=(wrong,)).state == "failed"
    assert Check(what="a", problems=(replace(wrong, severity="warning"),)).state == "warning"
    assert Check(what="a", skipped="why").state == "skipped"


def test_health_of_a_bare_repository_expects_no_reflog(tmp_path: Path) -> None:
    top = repository(tmp_path / "mirror.git", "--bare")
    assert health(top) == Health(path=top, shallow=False, partial=False, reflog=True, graph=True, reflog_days=None)
