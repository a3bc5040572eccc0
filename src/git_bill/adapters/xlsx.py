"""Workbooks by xlsxwriter: real dates and numbers, sums as formulas of ours, text that stays text."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from git_bill.invoice.document.sheet_table import Table, Value

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_FONT = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_MOST_NAME = 31  # characters of a sheet's name
_PAPER_A4 = 9


class Xlsx:
    """The port Spreadsheet."""

    def __init__(self, accent: str = "#0b5a6b") -> None:
        self._accent = accent

    def workbook(self, table: Table, *, at: datetime) -> bytes:
        """One sheet: title, facts, the table with its head frozen, sums, notes, lines to sign."""
        import xlsxwriter

        output = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        }
        book = xlsxwriter.Workbook(output, options)
        created = at.replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": table.title, "author": table.author, "created": created})
        sheet = book.add_worksheet(_sheet_name(table.name))
        styles = {name: book.add_format({**_FONT, **style}) for name, style in self._styles().items()}
        row = _above(sheet, table, styles)
        row = _rows(sheet, table, styles, row)
        _below(sheet, table, styles, row + 2)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_PAPER_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&R&P / &N")
        book.close()
        return output.getvalue()

    def _styles(self) -> dict[str, dict[str, Any]]:
        head = {"bold": True, "font_color": "#ffffff", "bg_color": self._accent, "text_wrap": True}
        line = {"bottom": 1, "bottom_color": "#d9dde2"}
        total = {"bold": True, "top": 2, "top_color": self._accent}
        return {
            "title": {"bold": True, "font_size": 18, "font_color": self._accent},
            "label": {"font_color": "#5b6470"},
            "fact": {"bold": True},
            "head": head,
            "head_number": {**head, "align": "right"},
            "text": {**line, "text_wrap": True},
            "date": {**line, "num_format": "yyyy-mm-dd", "align": "left"},
            "number": {**line, "num_format": "0.00"},
            "total": total,
            "total_number": {**total, "num_format": "0.00"},
            "note": {"italic": True, "font_color": "#5b6470"},
            "sign": {"top": 1, "font_size": 8, "font_color": "#5b6470"},
        }


def _above(sheet: "Worksheet", table: Table, styles: dict[str, Any]) -> int:
    """Title and facts; the row of the table's head."""
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, table.title, styles["title"])
    for number, (label, value) in enumerate(table.facts, 1):
        sheet.write_string(number, 0, label, styles["label"])
        sheet.write_string(number, 1, value, styles["fact"])
    return len(table.facts) + 2


def _rows(sheet: "Worksheet", table: Table, styles: dict[str, Any], top: int) -> int:
    """Head, rows and sums; the row of the sums."""
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(top, number, column.head, styles["head_number" if column.summed else "head"])
    for down, row in enumerate(table.rows, top + 1):
        for across, value in enumerate(row):
            _write(sheet, down, across, value, styles)
    last = top + len(table.rows)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    if table.rows:
        sheet.autofilter(top, 0, last, len(table.columns) - 1)
    for number, column in enumerate(table.columns):
        if column.summed:
            from xlsxwriter.utility import xl_rowcol_to_cell

            span = f"{xl_rowcol_to_cell(top + 1, number)}:{xl_rowcol_to_cell(max(last, top + 1), number)}"
            known = sum((value for row in table.rows if isinstance(value := row[number], Decimal)), Decimal(0))
            sheet.write_formula(last + 1, number, f"=SUM({span})", styles["total_number"], float(known))
        else:
            sheet.write_string(last + 1, number, "" if number else table.total, styles["total"])
    return last + 1


def _below(sheet: "Worksheet", table: Table, styles: dict[str, Any], row: int) -> None:
    for number, note in enumerate(table.notes):
        sheet.write_string(row + number, 0, note, styles["note"])
    row += len(table.notes) + 3
    middle = max(3, len(table.columns) // 2)
    for start, (name, label) in zip((0, middle), table.sign, strict=False):
        sheet.write_string(row - 1, start, name, styles["fact"])
        sheet.set_row(row, 34)
        for across in range(start, start + 2):
            sheet.write_string(row + 1, across, label if across == start else "", styles["sign"])


def _write(sheet: "Worksheet", row: int, column: int, value: Value, styles: dict[str, Any]) -> None:
    """By its type; no text becomes anything else."""
    if isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), styles["number"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), styles["date"])  # noqa: DTZ001
    else:
        sheet.write_string(row, column, value, styles["text"])


def _sheet_name(text: str) -> str:
    return "".join("-" if char in "[]:*?/\\" else char for char in text)[:_MOST_NAME].strip("'") or "Sheet"
