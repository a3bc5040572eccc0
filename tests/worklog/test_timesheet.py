"""timesheet.csv: written and read back exactly, and safe in a spreadsheet."""

import csv
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.timesheet import COLUMNS, TimesheetRow, read_timesheet, write_timesheet

WORKED = Worked(
    id="W-k3v9q2m7x4ab",
    client="acme",
    entry=Entry(
        day=date(2026, 10, 5),
        by="mira",
        project="web-shop",
        ticket="WEB-5",
        minutes=87,
        at=("09:00/10:00", "10:13/10:40"),
        text='Add "coupons", twice',
    ),
)


def test_a_row_of_an_entry() -> None:
    content = write_timesheet([TimesheetRow.of(WORKED, billed=90)])
    assert content == (
        b"entry,day,contributor,client,project,ticket,activity,worked_minutes,billed_minutes,intervals,text\r\n"
        b"W-k3v9q2m7x4ab,2026-10-05,mira,acme,web-shop,WEB-5,development,87,90,09:00/10:00 10:13/10:40,"
        b'"Add ""coupons"", twice"\r\n'
    )
    assert read_timesheet(content, "t.csv") == ((TimesheetRow.of(WORKED, billed=90),), ())


ROWS = st.builds(
    TimesheetRow,
    entry=st.text(),
    day=st.dates(),
    contributor=st.text(),
    client=st.text(),
    project=st.text(),
    ticket=st.text(),
    activity=st.sampled_from(("development", "review", "other")),
    worked_minutes=st.integers(0, 3000),
    billed_minutes=st.integers(-3000, 3000),
    intervals=st.lists(st.sampled_from(("09:00/10:00", "23:10/24:00", "02:30+02:00/02:30+01:00"))).map(tuple),
    text=st.text() | st.sampled_from(("=1+1", "@x", "-1", "'=1", "''", "\t=1", "\r\n", ' "a" ', "＝1")),
)


@settings(deadline=None)
@given(st.lists(ROWS))
def test_what_is_written_is_read_back(rows: list[TimesheetRow]) -> None:
    assert read_timesheet(write_timesheet(rows), "t.csv") == (tuple(rows), ())


@settings(deadline=None)
@given(st.lists(ROWS))
def test_no_cell_is_a_formula_and_every_csv_reader_agrees(rows: list[TimesheetRow]) -> None:
    text = write_timesheet(rows).decode()
    cells = list(csv.reader([line + "\n" for line in text.split("\n")[:-1]]))
    assert len(cells) == len(rows) + 1
    assert all(len(row) == len(COLUMNS) for row in cells)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in cells for cell in row)


@pytest.mark.parametrize(
    ("old", "new", "says", "line"),
    [
        ("2026-10-05", "5.10.2026", "Invalid isoformat", 2),
        (",87,", ",many,", "invalid literal", 2),
        ("development", "sleep", "'sleep' is not an activity", 2),
        ("09:00/10:00", "9-10", "'9-10' is not an interval of a day", 2),
        (",87,90,", ",87,", "it has not 11 cells", 2),
        (",87,90,", ",87,90,,", "it has not 11 cells", 2),
        ("entry,day", "day,entry", "its head line is not entry,day", 1),
    ],
)
def test_a_changed_timesheet_is_told_with_its_line(old: str, new: str, says: str, line: int) -> None:
    content = write_timesheet([TimesheetRow.of(WORKED, billed=90)]).decode().replace(old, new).encode()
    rows, problems = read_timesheet(content, "t.csv")
    assert rows == ()
    (problem,) = problems
    assert (problem.rule, problem.file, problem.line) == ("broken-timesheet", "t.csv", line)
    assert says in problem.message


def test_an_empty_file_is_no_timesheet() -> None:
    assert read_timesheet(b"", "t.csv")[1][0].rule == "broken-timesheet"


def test_agents_have_a_column_where_there_are_any() -> None:
    own = TimesheetRow(
        entry="W-a", day=date(2026, 10, 5), contributor="mira", client="acme", worked_minutes=60, billed_minutes=60
    )
    helped = replace(own, entry="W-b", agent="Claude, Copilot")
    assert write_timesheet([own]).splitlines()[0].decode() == ",".join(COLUMNS)
    both = write_timesheet([own, helped])
    assert both.splitlines()[0].decode() == ",".join((*COLUMNS, "agent"))
    assert read_timesheet(both, "timesheet.csv") == ((own, helped), ())
