"""Reading PDF files. What typst makes is read in test_typst.py."""

import io

import pikepdf
import pytest

from git_bill.adapters import pdf
from git_bill.problem import Exit, Stop


@pytest.fixture(scope="module")
def two_pages() -> bytes:
    document = pikepdf.new()
    for width in (144, 288):
        document.add_blank_page(page_size=(width, 72))
    document.attachments["timesheet.csv"] = b"day,minutes\n"
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def test_text_of_each_page(two_pages: bytes) -> None:
    assert pdf.page_texts(two_pages) == ("", "")
    assert pdf.text(two_pages) == "\n"


def test_attached(two_pages: bytes) -> None:
    assert pdf.attached(two_pages) == {"timesheet.csv": b"day,minutes\n"}


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7\n%%EOF"])
def test_no_pdf(content: bytes) -> None:
    with pytest.raises(Stop, match="can't be read as a PDF") as stopped:
        pdf.text(content)
    assert stopped.value.exit_code == Exit.PROBLEMS
