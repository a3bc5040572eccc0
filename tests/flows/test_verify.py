"""A client checks an invoice's PDF in its own clone: honest ones hold, and each way of cheating is found."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flows.issued_pdf import document, evidence, to_client, typeset, worked
from tests.flows.shelf import Shelf, line, shelf
from tests.repositories import live_in, repository, run

from git_bill.adapters import pdf
from git_bill.adapters.git.history import GitHistory
from git_bill.custody.ledger import short
from git_bill.flows.verify import Document, Verified, verify
from git_bill.invoice.document.attachment import NAME
from git_bill.problem import Stop
from git_bill.worklog.evidence import Evidence


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The client's clone: two commits of October."""
    top = repository(tmp_path / "web-shop")
    made(top, "2026-10-05T09:52:00+02:00", "a")
    made(top, "2026-10-05T11:00:00+02:00", "b")
    return top


def made(top: Path, at: str, name: str) -> str:
    (top / name).write_text(name)
    run(top, "add", name)
    os.environ.update(GIT_AUTHOR_DATE=at, GIT_COMMITTER_DATE=at)
    run(top, "commit", "-q", "-m", f"WEB-5 {name}")
    return run(top, "rev-parse", "HEAD")


def seen(top: Path) -> list[Evidence]:
    """What the issuer saw of the clone's commits."""
    rows = [row.split() for row in run(top, "log", "--format=%H %aI", "--reverse").splitlines()]
    return [evidence(commit, at) for commit, at in rows]


def issued(known: list[Evidence], **changed: object) -> bytes:
    entry = worked("W-aaaaaaaaaaaa", *(record.key for record in known))
    return typeset(to_client(**changed), [entry], known)  # type: ignore[arg-type]


def forged(content: bytes, change: Callable[[dict[str, object]], object]) -> Document:
    """The PDF with other data attached."""
    read = document(content)
    data = json.loads(read.attached[NAME])
    change(data)
    return replace(read, attached={NAME: json.dumps(data).encode()})


def rules(found: Verified) -> set[str]:
    return {problem.rule for problem in found.problems}


def only(found: tuple[Verified, ...]) -> Verified:
    assert len(found) == 1
    return found[0]


def test_an_honest_invoice_in_the_clients_clone(clone: Path) -> None:
    found = only(verify([document(issued(seen(clone)))], [GitHistory(clone)], None))
    assert found.problems == ()
    assert [check.state for check in found.checks] == ["ok"] * 6 + ["skipped"]
    assert found.checks[5].what == "they are in your clone and of the service period: 2 commits"


def test_without_a_clone_it_says_that_commits_were_not_checked(clone: Path) -> None:
    found = only(verify([document(issued(seen(clone)))], [], None))
    assert found.problems == ()
    assert next(c.skipped for c in found.checks if c.state == "skipped") == "name the clone: --repo PATH"


def test_a_contract_that_does_not_show_commits(clone: Path) -> None:
    found = only(verify([document(issued(seen(clone), show=("hours",)))], [GitHistory(clone)], None))
    assert found.problems == ()
    assert "the contract does not show them" in [c.skipped for c in found.checks]


def test_a_commit_that_is_not_in_the_clone(clone: Path) -> None:
    gone = evidence("d" * 40, "2026-10-05T10:00:00+02:00")
    found = only(verify([document(issued([*seen(clone), gone]))], [GitHistory(clone)], None))
    [missing] = found.problems
    assert (missing.rule, missing.message) == (
        "invoice-commit-missing",
        "1 cited commit can't be found in your clone: web-shop:dddddddddddd (line 1)",
    )


def test_an_invented_commit_of_a_real_ones_second(clone: Path) -> None:
    """A commit of the clone stands for one citation, whatever the others are called."""

    def invent(data: dict[str, object]) -> None:
        lines = data["lines"]
        assert isinstance(lines, list)
        first = lines[0]["commits"][0]
        lines[0]["commits"].append({**first, "commit": "web-shop:dddddddddddd"})

    found = only(verify([forged(issued(seen(clone)), invent)], [GitHistory(clone)], None))
    assert rules(found) == {"invoice-commit-missing"}


def test_many_missing_commits_are_one_problem(clone: Path) -> None:
    gone = [evidence(digit * 40, f"2026-10-05T0{digit}:00:00+02:00") for digit in "123456"]
    [missing] = only(verify([document(issued(gone))], [GitHistory(clone)], None)).problems
    assert missing.message.startswith("6 cited commits can't be found in your clone: web-shop:111111111111 (line 1), ")
    assert missing.message.endswith(" and 2 more")


def test_a_commit_in_any_of_several_clones(clone: Path, tmp_path: Path) -> None:
    other = repository(tmp_path / "api")
    made(other, "2026-10-06T09:00:00+02:00", "c")
    content = issued([*seen(clone), *seen(other)])
    assert only(verify([document(content)], [GitHistory(clone), GitHistory(other)], None)).problems == ()


def test_a_commit_that_was_rebased_since_keeps_its_second(clone: Path) -> None:
    content = issued(seen(clone))
    run(clone, "commit", "-q", "--amend", "-m", "WEB-5 better words")
    run(clone, "reflog", "expire", "--expire=now", "--all")
    run(clone, "gc", "-q", "--prune=now")
    assert only(verify([document(content)], [GitHistory(clone)], None)).problems == ()


def test_commits_that_were_squashed(clone: Path) -> None:
    gone = [evidence("d" * 40, "2026-10-05T09:00:00+02:00"), evidence("e" * 40, "2026-10-05T09:10:00+02:00")]
    squash = evidence(run(clone, "rev-parse", "HEAD"), covers=tuple(record.key for record in gone))
    entry = worked("W-aaaaaaaaaaaa", *(record.key for record in gone))
    content = typeset(to_client(), [entry], [*gone, squash])
    assert only(verify([document(content)], [GitHistory(clone)], None)).problems == ()


def test_a_shallow_clone_names_its_remedy(clone: Path, tmp_path: Path) -> None:
    run(tmp_path, "clone", "-q", "--depth=1", f"file://{clone}", "shallow")
    found = only(verify([document(issued(seen(clone)))], [GitHistory(tmp_path / "shallow")], None))
    assert [p.hint for p in found.problems] == ["the clone is shallow: git fetch --unshallow"]


def test_a_commit_of_another_time_than_cited(clone: Path) -> None:
    [first, second] = seen(clone)
    moved = replace(first, at=datetime.fromisoformat("2026-10-05T10:52:00+02:00"))
    assert rules(only(verify([document(issued([moved, second]))], [GitHistory(clone)], None))) == {
        "invoice-commit-time"
    }


def test_a_commit_from_outside_the_service_period(clone: Path) -> None:
    made(clone, "2026-09-28T09:00:00+02:00", "c")
    found = only(verify([document(issued(seen(clone)))], [GitHistory(clone)], None))
    [outside] = found.problems
    assert outside.rule == "invoice-commit-outside"
    assert "is of 2026-09-28, not of 2026-10-01 to 2026-10-31" in outside.message


def test_work_past_midnight_at_the_end_of_the_period(clone: Path) -> None:
    made(clone, "2026-11-01T00:40:00+01:00", "c")
    assert only(verify([document(issued(seen(clone)))], [GitHistory(clone)], None)).problems == ()


def test_a_commit_cited_on_two_lines(clone: Path) -> None:
    def again(data: dict[str, object]) -> None:
        lines = data["lines"]
        assert isinstance(lines, list)
        lines[1]["commits"] = lines[0]["commits"]

    content = typeset(to_client(line(), line(entries={})), [worked("W-aaaaaaaaaaaa", seen(clone)[0].key)], seen(clone))
    assert only(verify([document(content)], [GitHistory(clone)], None)).problems == ()
    assert rules(only(verify([forged(content, again)], [GitHistory(clone)], None))) == {"invoice-cited-twice"}


def test_a_commit_cited_on_two_invoices(clone: Path) -> None:
    first = document(issued(seen(clone)))
    second = document(issued(seen(clone), number="INV-2026-0033"), "second.pdf")
    one, two = verify([first, second], [GitHistory(clone)], None)
    assert one.problems == ()
    assert {(p.rule, p.severity) for p in two.problems} == {("invoice-cited-before", "warning")}


def test_data_that_says_something_else_than_the_pdf(clone: Path) -> None:
    found = verify([forged(issued(seen(clone)), lambda data: data.update(number="INV-2026-0001"))], [], None)
    assert rules(only(found)) == {"invoice-not-shown"}


def test_a_pdf_without_data() -> None:
    plain = Document(file="scan.pdf", content=b"", text="", attached={})
    found = only(verify([plain], [], None))
    assert found.statement is None
    assert [(p.rule, p.file) for p in found.problems] == [("invoice-no-data", "scan.pdf")]


@pytest.fixture
def ours(tmp_path: Path) -> Shelf:
    """The issuer's books with one sign-off before the invoice."""
    books = shelf(tmp_path / "books")
    books.put(books.record("sign-off", draft="D-a", blob="1" * 40))
    return books


def test_in_the_issuers_books(ours: Shelf) -> None:
    content = typeset(to_client(head=short(ours.head)))
    ours.issue("INV-2026-0032", pdf=content)
    found = only(verify([document(content)], [], ours.books()))
    assert found.problems == ()
    assert [check.state for check in found.checks[-3:]] == ["ok"] * 3


def test_another_pdf_than_the_one_that_was_issued(ours: Shelf) -> None:
    head = short(ours.head)
    ours.issue("INV-2026-0032", pdf=typeset(to_client(head=head)))
    other = typeset(to_client(line("3"), head=head))
    assert rules(only(verify([document(other)], [], ours.books()))) == {"invoice-differs"}


def test_a_head_that_the_chain_never_had(ours: Shelf) -> None:
    content = typeset(to_client(head="f" * 12))
    ours.issue("INV-2026-0032", pdf=content)
    assert "invoice-head" in rules(only(verify([document(content)], [], ours.books())))


def test_books_that_did_not_issue_it(ours: Shelf) -> None:
    """A client has books too; only who names books says that they are the issuer's."""
    content = document(typeset(to_client()))
    assert only(verify([content], [], ours.books(), ours=False)).problems == ()
    assert rules(only(verify([content], [], ours.books()))) == {"invoice-not-recorded"}


def test_books_that_were_changed(ours: Shelf) -> None:
    content = typeset(to_client(head=short(ours.head)))
    folder = ours.issue("INV-2026-0032", pdf=content)
    ours.put({f"{folder}/timesheet.csv": "day,minutes\n2026-10-05,1\n"})
    assert rules(only(verify([document(content)], [], ours.books()))) == {"frozen-file-tampered"}


CONTENT = typeset(to_client(), [worked("W-aaaaaaaaaaaa", "a" * 40)], [evidence("a" * 40)])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(CONTENT) - 1), st.binary(max_size=20)), min_size=1, max_size=30))
def test_no_damaged_pdf_makes_it_raise(changes: list[tuple[int, bytes]]) -> None:
    damaged = bytearray(CONTENT)
    for place, noise in changes:
        damaged[place : place + len(noise)] = noise
    content = bytes(damaged)
    try:
        read = Document(file="a.pdf", content=content, text=pdf.text(content), attached=pdf.attached(content))
    except Stop as stopped:
        assert stopped.problems[0].rule == "unreadable-pdf"  # noqa: PT017
    else:
        verify([read], [], None)


EXTREMES = [
    {"first": "0001-01-01", "last": "9999-12-31"},
    {"first": "9999-12-31", "last": "0001-01-01"},
    {"tax_rate": "999999999999999999.9999999999999999999999999999"},
    {"language": "zz-ZZ"},
    {"lines": []},
    {"number": "\x1b[31m::error::"},
    {"issue_date": "0001-01-01", "due_date": "9999-12-31"},
]


@pytest.mark.parametrize("change", EXTREMES, ids=lambda change: next(iter(change)))
def test_no_extreme_value_makes_it_raise(change: dict[str, object], clone: Path) -> None:
    found = verify([forged(CONTENT, lambda data: data.update(change))], [GitHistory(clone)], None)
    assert only(found).problems
