"""The audit: every way of changing books by hand is found, with its file and line; honest books are clean."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from tests.flows.shelf import Shelf, shelf
from tests.repositories import commit, live_in, run

from git_bill.flows.audit import audit, examine
from git_bill.problem import Problem

LEDGER = "billing/ledger/2026.jsonl"
FIRST = "billing/invoices/2026/INV-2026-0032"


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def books(tmp_path: Path) -> Shelf:
    """Two invoices, the second after a void number, and a sign-off after them."""
    made = shelf(tmp_path / "books")
    made.issue("INV-2026-0032")
    made.claim("INV-2026-0033", void="the client withdrew")
    made.issue("INV-2026-0034", day=date(2026, 11, 3))
    made.put(made.record("sign-off", draft="D-b", blob="1" * 40), "Sign off")
    return made


def only(problems: tuple[Problem, ...]) -> Problem:
    assert len(problems) == 1, problems
    return problems[0]


def ledger_lines(books: Shelf) -> list[str]:
    return (books.top / LEDGER).read_text().splitlines(keepends=True)


def test_honest_books_are_clean(books: Shelf) -> None:
    found = examine(books.books())
    assert found.problems == ()
    assert [record.kind for record in found.records] == ["issue", "claim", "void", "issue", "sign-off"]
    assert found.head == books.head


def test_what_no_anchor_covers_is_named(books: Shelf) -> None:
    found = examine(books.books())
    assert found.anchor is not None
    assert (found.anchor.name, found.anchor.lines) == ("invoice/INV-2026-0034", 4)
    assert [record.kind for record in found.after_anchor] == ["sign-off"]


def test_a_printed_head_anchors_without_any_tag(tmp_path: Path) -> None:
    made = shelf(tmp_path / "books")
    made.issue("INV-2026-0032", tag=False)
    made.issue("INV-2026-0033", tag=False)
    found = examine(made.books())
    assert found.anchor is not None
    assert (found.anchor.name, found.anchor.lines) == ("INV-2026-0033", 1)
    missing = only(found.problems)
    assert (missing.rule, missing.severity) == ("anchor-missing", "warning")
    assert "INV-2026-0032 and 1 more have no tag" in missing.message


def test_books_without_a_commit_have_nothing_to_audit(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    run(tmp_path / "empty", "init", "-q", "-b", "main")
    assert examine(Shelf(tmp_path / "empty").books()).records == ()


@pytest.mark.parametrize("name", ["invoice.pdf", "invoice.toml", "timesheet.csv", "claim.toml"])
def test_a_committed_change_of_a_frozen_file(books: Shelf, name: str) -> None:
    path = f"{FIRST}/{name}"
    before = (books.top / path).read_bytes()
    books.put({path: before + b"\n"})
    found = only(audit(books.books()))
    assert (found.rule, found.file) == ("frozen-file-tampered", path)
    assert f"{name} was changed after INV-2026-0032 was issued" in found.message
    run(books.top, *found.hint.partition("git ")[2].split())
    books.put({path: (books.top / path).read_bytes()})
    assert audit(books.books()) == ()


def test_a_frozen_file_changed_in_the_work_tree(books: Shelf) -> None:
    (books.top / FIRST / "invoice.pdf").write_bytes(b"%PDF another")
    found = only(audit(books.books()))
    assert (found.rule, found.file) == ("frozen-file-edited", f"{FIRST}/invoice.pdf")
    run(books.top, *found.hint.partition("put it back: git ")[2].split())
    assert audit(books.books()) == ()


def test_a_frozen_file_emptied_in_the_work_tree(books: Shelf) -> None:
    (books.top / FIRST / "invoice.pdf").write_bytes(b"")
    assert only(audit(books.books())).file == f"{FIRST}/invoice.pdf"


def test_a_frozen_file_removed_in_the_work_tree(books: Shelf) -> None:
    (books.top / FIRST / "invoice.pdf").unlink()
    assert "removed in the work tree" in only(audit(books.books())).message


def test_a_removed_frozen_file_and_a_removed_folder(books: Shelf) -> None:
    books.put({f"{FIRST}/invoice.pdf": None})
    gone = only(audit(books.books()))
    assert (gone.rule, gone.file, gone.line) == ("frozen-file-gone", LEDGER, 1)
    for name in ("invoice.toml", "claim.toml", "timesheet.csv"):
        books.put({f"{FIRST}/{name}": None})
    assert [p.message for p in audit(books.books())] == ["the folder of INV-2026-0032, which was issued, is gone"]


def test_a_file_added_to_an_issued_folder(books: Shelf) -> None:
    books.put({f"{FIRST}/note.txt": "paid in cash"})
    found = only(audit(books.books()))
    assert (found.rule, found.file) == ("frozen-folder-changed", f"{FIRST}/note.txt")


def test_an_invoice_that_nobody_recorded(books: Shelf) -> None:
    forged = "billing/invoices/2026/INV-2026-0035"
    for name in ("claim.toml", "invoice.toml"):
        text = (books.top / FIRST / name).read_text().replace("INV-2026-0032", "INV-2026-0035")
        books.put({f"{forged}/{name}": text})
    rules = {(p.rule, p.file) for p in audit(books.books())}
    assert ("issue-not-recorded", f"{forged}/invoice.toml") in rules
    assert ("claim-not-recorded", f"{forged}/claim.toml") in rules


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [lines[0].replace('"mira"', '"eve"'), *lines[1:]], 1),
        (lambda lines: lines[:3], 4),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2),
        (lambda lines: [*lines[:1], *lines[2:]], 2),
    ],
    ids=["edited", "cut", "reordered", "removed"],
)
def test_a_changed_ledger(books: Shelf, change: Callable[[list[str]], list[str]], line: int) -> None:
    lines = ledger_lines(books)
    rewriting = books.put({LEDGER: "".join(change(lines))})
    found = audit(books.books())
    by_rule = {p.rule: p for p in found}
    assert by_rule["ledger-rewritten"].line == line
    assert rewriting[:12] in by_rule["ledger-rewritten"].message
    assert by_rule["ledger-not-anchored"].line == line
    assert all(p.file == LEDGER for p in (by_rule["ledger-rewritten"], by_rule["ledger-not-anchored"]))


def test_lines_cut_after_the_last_anchor_are_found_in_the_history_alone(books: Shelf) -> None:
    books.put({LEDGER: "".join(ledger_lines(books)[:4])})
    assert [p.rule for p in audit(books.books())] == ["ledger-rewritten"]


def test_a_history_rewritten_with_the_ledger_is_found_by_the_tags(books: Shelf) -> None:
    """Everything recomputed and pushed by force: the branch alone looks right, the anchors do not."""
    forged = shelf(books.top.parent / "forged")
    forged.issue("INV-2026-0032", pdf=b"%PDF forged")
    run(books.top, "fetch", "-q", str(forged.top), "main")
    run(books.top, "reset", "-q", "--hard", "FETCH_HEAD")
    rules = {p.rule for p in audit(books.books())}
    assert "ledger-not-anchored" in rules
    assert "issue-not-recorded" in rules  # the tag of INV-2026-0034


def test_a_rewritten_history_is_found_by_the_heads_that_documents_print(tmp_path: Path) -> None:
    made = shelf(tmp_path / "books")
    made.put(made.record("sign-off", draft="D-a", blob="1" * 40))
    folder = made.issue("INV-2026-0032", tag=False)
    issue = json.loads(ledger_lines(made)[1])
    forged = Shelf(made.top)
    forged.record("sign-off", draft="D-x", blob="1" * 40)
    made.put(forged.record("issue", **issue["facts"]))
    found = {p.rule: p for p in audit(made.books())}
    assert found.keys() == {"ledger-rewritten", "head-not-in-chain", "anchor-missing"}
    head = found["head-not-in-chain"]
    assert head.file == f"{folder}/invoice.toml"
    assert (made.top / folder / "invoice.toml").read_text().splitlines()[(head.line or 0) - 1].startswith("ledger_head")


def test_a_number_that_is_missing(books: Shelf) -> None:
    books.issue("INV-2026-0036", day=date(2026, 11, 4))
    found = only(audit(books.books()))
    assert (found.rule, found.message) == (
        "number-gap",
        "the number INV-2026-0035 is missing and no void explains it",
    )


def test_the_first_number_follows_the_last_one_given_before(tmp_path: Path) -> None:
    made = shelf(tmp_path / "books")
    made.issue("INV-2026-0033")
    assert "INV-2026-0032 is missing" in only(audit(made.books())).message


def test_a_later_number_with_an_earlier_date(books: Shelf) -> None:
    books.issue("INV-2026-0035", day=date(2026, 10, 30))
    found = only(audit(books.books()))
    assert (found.rule, found.file) == ("dated-back", "billing/invoices/2026/INV-2026-0035/claim.toml")


def test_a_void_that_only_the_claim_states(books: Shelf) -> None:
    books.claim("INV-2026-0035", day=date(2026, 11, 4))
    path = "billing/invoices/2026/INV-2026-0035/claim.toml"
    assert audit(books.books()) == ()
    books.put({path: (books.top / path).read_text() + 'void = "never mind"\n'})
    assert only(audit(books.books())).message == "INV-2026-0035 is void by its claim, but not by the ledger"


def test_a_ledger_that_was_pushed_by_force_differs_from_the_clones(books: Shelf, tmp_path: Path) -> None:
    """The clone still has what the remote's branch lost."""
    run(tmp_path, "clone", "-q", "--bare", "books", "origin.git")
    run(books.top, "remote", "add", "origin", str(tmp_path / "origin.git"))
    run(tmp_path, "clone", "-q", "origin.git", "other")
    run(tmp_path / "other", "reset", "-q", "--hard", "HEAD~1")
    books.ledger[2026] = "".join(ledger_lines(books)[:4])
    other = books.record("sign-off", draft="D-c", blob="1" * 40)
    commit(tmp_path / "other", other)
    run(tmp_path / "other", "push", "-q", "--force", "origin", "main")
    view = books.books(remote="origin")
    view.fetch()
    found = {p.rule: p for p in audit(view)}
    assert (found["ledger-differs-here"].file, found["ledger-differs-here"].line) == (LEDGER, 5)


def test_a_ledger_that_is_not_text_stops_the_audit_with_its_place(books: Shelf) -> None:
    books.put({LEDGER: b"\xff" + (books.top / LEDGER).read_bytes()})
    found = audit(books.books())
    assert [(p.rule, p.file, p.line) for p in found] == [("not-utf-8", LEDGER, 1)]


def test_an_unreadable_claim_hides_nothing_else(books: Shelf) -> None:
    books.put({f"{FIRST}/claim.toml": "schema = 1\nnumber = \n"})
    rules = {p.rule for p in audit(books.books())}
    assert {"broken-toml", "frozen-file-tampered"} <= rules
