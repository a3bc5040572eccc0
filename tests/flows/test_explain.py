"""Explain: from cents to commits, and why something is nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.flows.desk import CLOCK, Desk, desk
from tests.flows.journey import approved, drafted, issued
from tests.repositories import live_in
from tests.worklog.workday import commit, key

from git_bill.flows.corrections import Facts, drop, edit
from git_bill.flows.explain import explain
from git_bill.problem import Stop
from git_bill.worklog.reason import Reason


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def mira(tmp_path: Path) -> Desk:
    """A week of evidence."""
    return desk(tmp_path / "books")


@pytest.fixture
def done(mira: Desk) -> Desk:
    """October of Acme, issued."""
    drafted(mira)
    approved(mira)
    issued(mira)
    return mira


def below(reason: Reason) -> Iterator[Reason]:
    yield reason
    for child in reason.because:
        yield from below(child)


def of(reason: Reason, kind: str) -> list[Reason]:
    return [found for found in below(reason) if found.kind == kind]


def texts(reason: Reason) -> list[str]:
    return [child.text for child in reason.because]


def test_an_invoice_rests_on_lines_law_terms_and_a_number(done: Desk) -> None:
    found = explain(done.books, "INV-2026-0032")
    assert [child.kind for child in found.because] == ["net", "tax", "not-billed", "terms", "number"]
    net, tax, _, terms, number = found.because
    assert net.because == tuple(of(found, "line"))
    assert texts(tax) == ["UStG § 12(1): standard rate of DE since 2021-01-01"]
    assert terms.text == "due 2026-12-02: 30 days from 2026-11-02"
    assert number.because[0].text.startswith("claimed for acme-2026-10 (D-")
    assert number.because[0].text.endswith(", approved by mira")
    assert [child.kind for child in number.because] == ["claim", "claim", "issue", "anchor"]
    assert number.because[2].text.startswith("issue INV-2026-0032 D-")


def test_a_line_goes_down_to_its_commits_in_the_contributors_zone(done: Desk) -> None:
    found = explain(done.books, "INV-2026-0032", line=line_with(done, "Login form"))
    assert (found.kind, found.ref) == ("line", "INV-2026-0032#2")
    assert found.text.startswith("line 2, WEB-5 Login form")
    assert found.text.endswith(": 1.25 h × 95.00 EUR = 118.75 EUR")
    assert [child.kind for child in found.because] == ["price", "rounding", "entry"]
    assert found.because[0].text == "95.00 EUR an hour: rate for development (contract acme-2026)"
    assert found.because[1].text == "1h22m rounded to 1h15m (15m, nearest, per ticket and day)"
    commits = of(found, "commit")
    assert [c.ref for c in commits] == [f"web-shop:{key(name)[:12]}" for name in ("login", "login2")]
    assert commits[0].text == f'web-shop:{key("login")[:12]}  Mon 2026-10-05 10:00 +0200  "Login form", +80 −20'


def line_with(desk: Desk, text: str) -> int:
    lines = of(explain(desk.books, "INV-2026-0032"), "line")
    return next(number for number, line in enumerate(lines, 1) if text in line.text)


def test_the_lines_of_a_draft(mira: Desk) -> None:
    drafted(mira)
    whole = explain(mira.books, "acme-2026-10")
    assert whole.text.startswith("draft acme-2026-10 for acme: ")
    assert explain(mira.books, "acme-2026-10", line=2) == of(whole, "line")[1]


def test_what_a_document_lists_and_does_not_bill(mira: Desk) -> None:
    [made] = drafted(mira).made
    [entry] = made.draft.not_billed
    [left] = [found for found in of(explain(mira.books, "acme-2026-10"), "not-billed") if found.ref == entry]
    assert left.text == f"1h of {entry}: unproven; it comes back with the next draft"
    assert "anyone could have made it: author and committer are not the same" in [r.text for r in below(left)]


def test_a_line_that_there_is_not(done: Desk) -> None:
    with pytest.raises(Stop, match="INV-2026-0032 has 4 lines, none is number 9") as stopped:
        explain(done.books, "INV-2026-0032", line=9)
    assert stopped.value.exit_code == 1


def test_a_line_of_what_has_none(mira: Desk) -> None:
    with pytest.raises(Stop, match="has no lines") as stopped:
        explain(mira.books, mira.id_of("Login form"), line=1)
    assert stopped.value.exit_code == 2


def test_an_entry_and_what_people_said_of_it(mira: Desk) -> None:
    entry = mira.id_of("Login form")
    books = mira.books
    mira.do(edit(books, CLOCK, [entry], Facts(minutes=45), by="mira", because="lunch"), books)
    found = explain(mira.books, entry)
    assert found.text == f"{entry}  Mon 2026-10-05, Mira Kovac: 45m confirmed, WEB-5 Login form; Login tests"
    assert texts(found)[0] == 'Mira Kovac set it to 45m on 2026-11-02 09:00: "lunch"'
    assert texts(found)[-1] == "45m are unbilled"
    assert len(of(found, "commit")) == 2


def test_an_entry_that_was_dropped(mira: Desk) -> None:
    entry = mira.id_of("Login form")
    books = mira.books
    mira.do(drop(books, CLOCK, [entry], by="mira", because="private"), books)
    found = explain(mira.books, entry)
    assert "dropped, so it is not billed" in found.text
    assert 'Mira Kovac dropped it on 2026-11-02 09:00: "private"' in texts(found)


def test_an_entry_that_is_billed_or_drafted(mira: Desk) -> None:
    entry = mira.id_of("Login form")
    drafted(mira)
    assert of(explain(mira.books, entry), "draft")[0].text == "on the draft acme-2026-10"
    approved(mira)
    issued(mira)
    line = line_with(mira, "Login form")
    assert of(explain(mira.books, entry), "invoice")[0].text == f"billed on INV-2026-0032, line {line}"


def test_an_estimate_tells_its_range_and_model(mira: Desk) -> None:
    [estimate] = of(explain(mira.books, mira.id_of("Search index")), "estimate")
    assert "in four of five cases" in estimate.text


def test_a_commit_and_the_entry_that_it_stands_behind(mira: Desk) -> None:
    found = explain(mira.books, key("login")[:8])
    assert found.ref == f"web-shop:{key('login')[:12]}"
    assert texts(found)[0].startswith(f"it stands behind {mira.id_of('Login form')}  Mon 2026-10-05")


def test_a_commit_that_was_rewritten_adds_nothing(mira: Desk) -> None:
    mira.see(commit("again", "2026-10-05 10:00", "Login form", ticket="WEB-5"))
    old = [explain(mira.books, key(name)) for name in ("login", "again")]
    silent = [found for found in old if of(found, "same-moment") and "adds nothing" in texts(found)[0]]
    assert len(silent) == 1
    assert "the same author time" in texts(silent[0])[0]


def test_a_squash_that_repeats_commits_names_them(mira: Desk) -> None:
    covers = (key("login"), key("login2"))
    mira.see(commit("squash", "2026-10-09 17:00", "Login (#12)", covers=covers))
    found = explain(mira.books, key("squash"))
    assert found.because[0].kind == "repeats"
    assert [reason.ref for reason in found.because[0].because] == [f"web-shop:{c[:12]}" for c in covers]


def test_a_commit_before_the_first_day_that_is_billed(mira: Desk) -> None:
    mira.see(commit("old", "2026-09-30 10:00", "Long ago"))
    assert "before the day from which" in texts(explain(mira.books, key("old")))[0]


def test_a_commit_of_a_stranger(mira: Desk) -> None:
    mira.see(replace(commit("eve", "2026-10-09 10:00", "Hello"), contributor="eve@example.net"))
    assert texts(explain(mira.books, key("eve"))) == [
        "eve@example.net is no contributor of these books, so it is not counted"
    ]


def test_the_ledger(done: Desk) -> None:
    found = explain(done.books, "ledger")
    assert [child.kind for child in found.because] == ["checks", "anchor", "lines"]
    assert {check.kind for check in found.because[0].because} == {"ok"}
    assert found.because[1].text.startswith("invoice/INV-2026-0032 anchors it up to line 2")
    assert [line.kind for line in found.because[2].because] == ["claim", "issue"]


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        (
            "INV-2026-0031",
            "before",
            "INV-2026-0031 was given before git-bill: the last one of that time is INV-2026-0031",
        ),
        ("INV-2026-0033", "next", "INV-2026-0033 is not given yet; the next one is INV-2026-0033"),
        ("INV-2026-0040", "next", "INV-2026-0040 is not given yet; the next one is INV-2026-0033"),
        ("CN-2026-0001", "next", "CN-2026-0001 is not given yet; the next one is CN-2026-0001"),
    ],
)
def test_a_number_that_there_is_not(done: Desk, number: str, kind: str, text: str) -> None:
    found = explain(done.books, number)
    assert (found.kind, found.text, found.because) == (kind, text, ())


def test_a_gap(tmp_path: Path) -> None:
    from tests.flows.shelf import shelf

    books = shelf(tmp_path / "books")
    books.issue("INV-2026-0032")
    books.issue("INV-2026-0034")
    found = explain(books.books(), "INV-2026-0033")
    assert (found.kind, found.text) == ("gap", "INV-2026-0033 is missing in its series")
    assert [reason.kind for reason in found.because] == ["number-gap"]


def test_a_void_number(tmp_path: Path) -> None:
    from tests.flows.shelf import shelf

    books = shelf(tmp_path / "books")
    books.claim("INV-2026-0032", void="the client withdrew")
    found = explain(books.books(), "INV-2026-0032")
    assert [reason.kind for reason in found.because] == ["claim", "void", "claim", "void"]
    assert found.because[1].text == 'void: "the client withdrew"'


def test_a_word_that_means_nothing(mira: Desk) -> None:
    with pytest.raises(Stop) as stopped:
        explain(mira.books, "leger")
    assert stopped.value.problems[0].hint == "did you mean ledger?"


def test_hostile_text_stays_on_one_line(mira: Desk) -> None:
    mira.see(commit("evil", "2026-10-09 10:00", "x\n::error::y\x1b[31m\u202e", ticket="WEB-9"))
    found = explain(mira.books, key("evil"))
    assert not any(set(reason.text) & set("\n\x1b\u202e") for reason in below(found))
