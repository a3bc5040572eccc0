"""What the PDF carries as data: all of what it shows, nothing that the contract hides."""

import json
from datetime import date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.flows.issued_pdf import evidence, to_client, worked
from tests.flows.shelf import line

from git_bill.invoice.document.attachment import attachment, read_statement
from git_bill.invoice.issued import InvoiceLine

A, B, SQUASH = "a" * 40, "b" * 40, "c" * 40
ENTRY = worked("W-aaaaaaaaaaaa", A, B)
KNOWN = [evidence(A), evidence(B, "2026-10-05T11:00:00+02:00"), evidence(SQUASH, covers=(A, B))]


def stated(*lines: InvoiceLine, show: tuple[str, ...] = ("hours",)) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(attachment(to_client(*lines, show=show), {ENTRY.id: ENTRY}, KNOWN))
    return found


def test_by_default_hours_and_prices_but_no_days_and_no_commits() -> None:
    [only] = stated()["lines"]
    assert only == {
        "description": "WEB-5 Add totals",
        "quantity": "2",
        "unit": "HUR",
        "unit_price": "95.00 EUR",
        "net": "190.00 EUR",
    }


def test_a_contract_that_hides_hours_shows_the_net_alone() -> None:
    [only] = stated(show=())["lines"]
    assert only == {"description": "WEB-5 Add totals", "net": "190.00 EUR"}


def test_commits_only_where_the_contract_shows_evidence() -> None:
    assert "aaaaaaaaaaaa" not in json.dumps(stated(show=("hours", "days", "times", "raw", "range")))
    [only] = stated(show=("evidence",))["lines"]
    assert only["commits"] == [
        {"commit": "web-shop:aaaaaaaaaaaa", "at": "2026-10-05T09:52:00+02:00", "within": ["web-shop:cccccccccccc"]},
        {"commit": "web-shop:bbbbbbbbbbbb", "at": "2026-10-05T11:00:00+02:00", "within": ["web-shop:cccccccccccc"]},
    ]


def test_a_commit_is_cited_on_the_first_line_that_it_stands_behind() -> None:
    """The work of a pair at two rates, or an entry that was split."""
    other = worked("W-bbbbbbbbbbbb", A)
    lines = (line(), line(entries={other.id: 120}))
    found = json.loads(attachment(to_client(*lines), {ENTRY.id: ENTRY, other.id: other}, KNOWN))
    assert [len(item.get("commits", ())) for item in found["lines"]] == [2, 0]


def test_a_commit_that_was_rewritten_is_cited_once() -> None:
    """An amend keeps the author's second; the old id is nowhere but in the contributor's reflog."""
    amended = worked("W-aaaaaaaaaaaa", A, B)
    found = json.loads(attachment(to_client(), {amended.id: amended}, [evidence(A), evidence(B)]))
    assert [cited["commit"] for cited in found["lines"][0]["commits"]] == ["web-shop:aaaaaaaaaaaa"]


def test_what_no_commit_is_behind_cites_none() -> None:
    calendar = worked("W-aaaaaaaaaaaa")
    found = json.loads(attachment(to_client(), {calendar.id: calendar}))
    assert "commits" not in found["lines"][0]


def test_without_the_evidence_commits_are_cited_by_name_alone() -> None:
    found = json.loads(attachment(to_client(), {ENTRY.id: ENTRY}))
    assert found["lines"][0]["commits"][0] == {"commit": "web-shop:aaaaaaaaaaaa"}


def test_nothing_internal_is_in_it() -> None:
    told = json.dumps(stated(show=("hours", "days", "evidence")))
    for internal in ("W-aaaaaaaaaaaa", "rate for development", "D-inv", "mira@", "DE02120300000000202051"):
        assert internal not in told


def test_hostile_text_is_made_harmless() -> None:
    [only] = stated(line(description="a\u202eb\x1b[31mc\nd"))["lines"]
    assert only["description"] == "abc d"


@given(st.text(max_size=30), st.sampled_from([(), ("hours",), ("hours", "days", "evidence")]))
def test_what_is_written_is_read_as_the_same(text: str, show: tuple[str, ...]) -> None:
    content = attachment(to_client(line(description=text), show=show), {ENTRY.id: ENTRY}, KNOWN)
    found = read_statement(content, "a.pdf")
    assert found.problems == ()
    assert found.value is not None
    assert (found.value.number, found.value.issue_date) == ("INV-2026-0032", date(2026, 11, 2))
    if "evidence" in show:
        assert found.value.lines[0].commits[0].at == datetime.fromisoformat("2026-10-05T09:52:00+02:00")


def test_equal_invoices_give_equal_bytes() -> None:
    assert attachment(to_client(), {ENTRY.id: ENTRY}, KNOWN) == attachment(to_client(), {ENTRY.id: ENTRY}, KNOWN[::-1])
