"""Show: what a word means, and what is told of it."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.flows.desk import CLOCK, Desk, desk
from tests.flows.journey import TODAY, approved, drafted, issued
from tests.repositories import live_in, now, run

from git_bill.adapters import pdf
from git_bill.adapters.tables import vat_table, wording
from git_bill.adapters.typst import Typst
from git_bill.flows.show import Shown, ShownDraft, ShownEntry, ShownNumber, preview, show
from git_bill.flows.void import void
from git_bill.invoice.document.review import review_text
from git_bill.layout import draft_file
from git_bill.problem import Stop


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def mira(tmp_path: Path) -> Desk:
    """October as a draft for Acme."""
    made = desk(tmp_path / "books")
    drafted(made)
    return made


def shown(mira: Desk, word: str) -> Shown:
    return show(mira.books, vat_table(), word, TODAY)


@pytest.mark.parametrize("word", ["acme-2026-10", "bill/acme-2026-10"])
def test_an_open_draft_is_its_review(mira: Desk, word: str) -> None:
    found = shown(mira, word)
    assert isinstance(found, ShownDraft)
    assert found.waiting.state == "open"
    assert "**Acme GmbH pays " in review_text(found.review)
    assert "first-invoice" in {problem.rule for problem in found.review.problems}


def test_a_draft_by_its_id(mira: Desk) -> None:
    first = shown(mira, "acme-2026-10")
    assert isinstance(first, ShownDraft)
    assert shown(mira, first.review.draft.id) == first


def test_an_approved_draft_is_shown_from_the_books_branch(mira: Desk) -> None:
    approved(mira)
    found = shown(mira, "acme-2026-10")
    assert isinstance(found, ShownDraft)
    assert found.waiting.state == "approved"


def test_a_preview_is_marked_and_has_no_number(mira: Desk) -> None:
    found = shown(mira, "acme-2026-10")
    assert isinstance(found, ShownDraft)
    text = pdf.text(preview(found, Typst(pdf.text), wording(), now()))
    assert "ENTWURF" in text
    assert "INV-2026" not in text
    assert "DE02 1203" not in text  # nothing to pay to: it is no invoice (UStG § 14c)


@pytest.mark.parametrize("word", ["INV-2026-0032", "inv-2026-0032", "acme-2026-10"])
def test_an_issued_invoice_by_number_or_its_drafts_name(mira: Desk, word: str) -> None:
    approved(mira)
    issued(mira)
    found = shown(mira, word)
    assert isinstance(found, ShownNumber)
    assert found.numbered.claim.number == "INV-2026-0032"
    assert found.numbered.invoice is not None
    assert found.pdf is not None
    assert found.pdf.startswith(b"%PDF")
    assert [path.rpartition("/")[2] for path in found.files] == [
        "claim.toml",
        "invoice.pdf",
        "invoice.toml",
        "timesheet.csv",
    ]


def test_an_entry_by_the_beginning_of_its_id(mira: Desk) -> None:
    entry = mira.id_of("Login form")
    found = shown(mira, entry[2:8])
    assert isinstance(found, ShownEntry)
    assert found.item.id == entry
    assert [fact.text for fact in found.evidence] == ["Login form", "Login tests"]
    assert found.overview.drafted[entry] == "acme-2026-10"


def test_a_word_that_means_nothing_names_the_nearest(mira: Desk) -> None:
    with pytest.raises(Stop) as stopped:
        shown(mira, "acme-2026-11")
    [problem] = stopped.value.problems
    assert (problem.rule, problem.hint) == ("unknown-subject", "did you mean acme-2026-10?")


def test_a_beginning_that_many_entries_share_lists_them(mira: Desk) -> None:
    entry = mira.id_of("Login form")
    path = mira.top / "billing/manifest/acme/2026-10.toml"
    path.write_text(path.read_text().replace(entry, f"{entry[:8]}aaaaaa").rstrip() + "\n" + line_of(path, entry))
    with pytest.raises(Stop) as stopped:
        shown(mira, entry[:8])
    assert stopped.value.problems[0].rule == "ambiguous-entry"


def line_of(path: Path, entry: str) -> str:
    return next(line for line in path.read_text().splitlines() if line.startswith(entry)) + "\n"


def test_a_draft_that_can_not_be_read_tells_why(mira: Desk) -> None:
    run(mira.top, "checkout", "-q", "bill/acme-2026-10")
    file = mira.top / draft_file("acme-2026-10")
    file.write_text(file.read_text().replace("quantity", "quantitty"))
    run(mira.top, "commit", "-qam", "by hand")
    run(mira.top, "checkout", "-q", "main")
    with pytest.raises(Stop) as stopped:
        shown(mira, "acme-2026-10")
    assert {problem.rule for problem in stopped.value.problems} == {"unknown-key", "missing-key"}


def test_a_draft_for_a_client_that_is_gone(mira: Desk) -> None:
    run(mira.top, "rm", "-q", "billing/clients/acme.toml")
    run(mira.top, "commit", "-qm", "no more of them")
    with pytest.raises(Stop) as stopped:
        shown(mira, "acme-2026-10")
    assert [problem.rule for problem in stopped.value.problems] == ["unknown-client"]


def test_a_void_number(mira: Desk) -> None:
    from tests.flows.shelf import Shelf

    Shelf(mira.top).claim("INV-2026-0032")
    books = mira.books
    mira.do(void(books, CLOCK, "INV-2026-0032", because="withdrawn", by="mira"), books)
    found = shown(mira, "INV-2026-0032")
    assert isinstance(found, ShownNumber)
    assert (found.numbered.claim.void, found.numbered.invoice, found.pdf) == ("withdrawn", None, None)
