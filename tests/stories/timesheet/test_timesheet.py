"""A timesheet for the client: looked at before billing, confirmed, signed, and then what the invoice needs."""

import io
import json
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from tests.stories.freelancer import Freelancer

from git_bill.adapters.pdf import text

pytestmark = pytest.mark.slow


def change(mira: Freelancer, old: str, new: str) -> None:
    path = mira.books / "billing/clients/acme.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def sheet(mira: Freelancer, *words: str, name: str) -> Path:
    mira.json("timesheet", *words, "-o", str(mira.folder / name))
    return mira.folder / name


def test_a_month_to_be_signed(mira: Freelancer) -> None:
    change(mira, "[[contracts]]\n", '[[contracts]]\nshow = ["hours", "times", "evidence"]\n')
    change(mira, "[client]\n", '[client]\nlanguage = "de"\n')
    pdf = sheet(mira, "acme", "2026-10", name="sheet.pdf")
    shown = text(pdf.read_bytes())
    for words in ("Stundennachweis", "WEB-2", "Acme GmbH", "13:30–14:00", "Nach Ticket", "Datum und Unterschrift"):
        assert words in shown, words
    assert "NICHT BESTÄTIGT" not in shown
    assert pdf.read_bytes() == sheet(mira, "acme", "2026-10", name="again.pdf").read_bytes()


def test_what_nobody_confirmed_is_marked(mira: Freelancer) -> None:
    mira.commit("2026-10-12T10:00:00+02:00", "WEB-9 Count what is left", "left.py")
    mira.json("collect")
    found = mira.json("timesheet", "acme", "2026-10", "-o", str(mira.folder / "sheet.pdf"))
    assert found["estimated"] > 0
    shown = text((mira.folder / "sheet.pdf").read_bytes())
    assert "NOT CONFIRMED" in shown
    assert "estimated, not confirmed" in shown
    mira.json("confirm", "--yes")
    assert "NOT CONFIRMED" not in text(sheet(mira, "acme", "2026-10", name="confirmed.pdf").read_bytes())


def test_a_workbook_has_dates_and_numbers_and_no_formula_of_a_strangers(mira: Freelancer) -> None:
    mira.json("add", "30m", '=HYPERLINK("https://evil.example","x")', "--on", "2026-10-09", "-c", "acme")
    path = sheet(mira, "acme", "2026-10", name="sheet.xlsx")
    book = openpyxl.load_workbook(path)
    page = book.active
    assert page is not None
    top = next(row for row in range(1, 12) if page.cell(row, 1).value == "Day")
    assert page.freeze_panes == f"A{top + 1}"
    heads = [cell.value for cell in page[top]]
    first = [cell.value for cell in page[top + 1]]
    assert isinstance(first[0], datetime)
    assert first[0].date() == date(2026, 10, 5)
    hours = heads.index("Time (h)")
    assert isinstance(first[hours], (int, float))
    cells = [cell for row in page.iter_rows() for cell in row]
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert [str(each)[:5] for each in formulas] == ["=SUM("]
    assert any(str(cell.value).startswith("=HYPERLINK") and cell.data_type == "s" for cell in cells)
    assert path.read_bytes() == sheet(mira, "acme", "2026-10", name="again.xlsx").read_bytes()


def test_csv_has_no_formula_and_the_same_time(mira: Freelancer) -> None:
    mira.json("add", "30m", "=1+1", "--on", "2026-10-09", "-c", "acme")
    lines = sheet(mira, "acme", "2026-10", name="sheet.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "day,contributor,project,ticket,activity,work,minutes,confirmed"
    assert not any(cell.startswith("=") for line in lines for cell in line.split(","))
    total = sum(int(line.split(",")[-2]) for line in lines[1:])
    assert total == mira.json("timesheet", "acme", "2026-10", "-o", str(mira.folder / "x.pdf"))["minutes"]


def test_a_fixed_price_shows_no_hours(mira: Freelancer) -> None:
    change(mira, "[[contracts]]\n", "[[contracts]]\nshow = []\n")
    assert "minutes" not in sheet(mira, "acme", "2026-10", name="sheet.csv").read_text(encoding="utf-8").splitlines()[0]
    shown = text(sheet(mira, "acme", "2026-10", name="sheet.pdf").read_bytes())
    assert "Total" not in shown
    assert " h" not in shown.replace(" h.", "")


def test_the_signed_sheet_lets_the_invoice_out(mira: Freelancer) -> None:
    change(mira, "[[contracts]]\n", '[[contracts]]\nrequires = ["signed-timesheet"]\n')
    name = str(mira.draft()["draft"])
    assert "timesheet-missing" in {p["rule"] for p in mira.json("issue", name, code=7)["problems"]}
    signed = sheet(mira, name, name="signed.pdf")
    mira.json("attach", name, str(signed), "--as", "timesheet")
    number = mira.json("issue", name)["number"]
    issued = text(sheet(mira, number, name="issued.pdf").read_bytes())
    assert number in issued


@pytest.mark.parametrize(
    ("words", "rule", "code"),
    [
        (("acme",), "usage", 2),
        (("acme", "2025-01"), "no-work", 1),
        (("acne", "2026-10"), "unknown-client", 2),
        (("acme", "winter"), "wrong-period", 2),
        (("INV-1",), "unknown-subject", 1),
    ],
)
def test_what_can_not_be_made_is_said(mira: Freelancer, words: tuple[str, ...], rule: str, code: int) -> None:
    assert [p["rule"] for p in mira.json("timesheet", *words, code=code)["problems"]] == [rule]


def test_the_pipe(mira: Freelancer) -> None:
    ran = mira.bill("timesheet", "acme", "2026-10", "--format", "csv", "-o", "-")
    assert ran.stdout.startswith("day,contributor")
    assert json.loads(mira.bill("timesheet", "acme", "2026-10", "-o", "-", "--json").stdout)["ok"] is False
    assert io.StringIO(ran.stdout).readline().strip().endswith("confirmed")
    assert date.fromisoformat(ran.stdout.splitlines()[1][:10]) == date(2026, 10, 5)
