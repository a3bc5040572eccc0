"""Law 4: what is written reads back as the same record, and written again it has the same bytes."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.laws.records import records

from git_bill.contract.agreement import Engagement
from git_bill.custody.client_word import ClientWord
from git_bill.custody.signoff import SignOff
from git_bill.invoice.document.attachment import Statement, read_statement
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Claim, Invoice
from git_bill.shape import Read, read, write
from git_bill.shape_json import write_json
from git_bill.worklog.edit import Edits
from git_bill.worklog.entry import Manifest
from git_bill.worklog.evidence import Evidence, from_lines, to_line
from git_bill.worklog.timesheet import TimesheetRow, read_timesheet, write_timesheet
from git_bill.workspace import Settings

FILES: tuple[type, ...] = (Settings, Engagement, Edits, Manifest, Draft, Claim, SignOff, ClientWord, Invoice)
LAW = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("shape", FILES, ids=lambda shape: shape.__name__)
def test_toml(shape: type) -> None:
    @LAW
    @given(records(shape))
    def law(record: object) -> None:
        text = write(record)
        found: Read[object] = read(shape, text, "file.toml")
        assert found.problems == ()
        assert found.value == record
        assert write(found.value) == text

    law()


@LAW
@given(records(Statement))
def test_the_attached_json(statement: Statement) -> None:
    content = write_json(statement)
    found = read_statement(content, "invoice.json")
    assert found.problems == ()
    assert found.value == statement
    assert write_json(found.value) == content


@LAW
@given(st.lists(records(Evidence), max_size=4))
def test_evidence(evidence: list[Evidence]) -> None:
    text = "".join(f"{to_line(record)}\n" for record in evidence)
    found, problems = from_lines(text, "2026-10.jsonl")
    assert problems == ()
    assert list(found) == evidence
    assert text.isascii()


@LAW
@given(st.lists(records(TimesheetRow), max_size=4))
def test_the_timesheet(rows: list[TimesheetRow]) -> None:
    given_rows = [replace(row, intervals=("09:10/09:55",)) for row in rows]
    content = write_timesheet(given_rows)
    found, problems = read_timesheet(content, "timesheet.csv")
    assert problems == ()
    assert list(found) == given_rows
    assert write_timesheet(found) == content
