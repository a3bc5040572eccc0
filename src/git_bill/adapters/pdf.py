"""Reading PDF files with PDFium: their text, and what is attached."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from git_bill.problem import Exit, stop

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# Where a long word may break (set by the template), and PDFium's sign for a hyphen at a line's end.
_INVISIBLE = str.maketrans("", "", "\u200b\ufffe\r")
# Where the whole document is said to run from right to left, PDFium turns figures and Latin words around, too; without
# that it goes by the characters. As many bytes, so that every place in the file stays where it is.
_DIRECTION = (b"/Direction/R2L", b"/Direction/L2R")


def text(pdf: bytes) -> str:
    """The text of all pages, lines separated by newlines. Raises `Stop` if it can't be read."""
    return "\n".join(page_texts(pdf))


def page_texts(pdf: bytes) -> tuple[str, ...]:
    """The text of each page. Raises `Stop` if it can't be read."""
    with _opened(pdf) as document:
        return tuple(page.get_textpage().get_text_range().translate(_INVISIBLE) for page in document)


def attached(pdf: bytes) -> dict[str, bytes]:
    """The files inside the PDF, by name. Raises `Stop` if it can't be read, or if two have one name."""
    with _opened(pdf) as document:
        files = [document.get_attachment(index) for index in range(document.count_attachments())]
        found = {file.get_name(): bytes(file.get_data()) for file in files}
    if len(found) < len(files):  # programs differ in which one they take
        raise stop(Exit.PROBLEMS, "unreadable-pdf", "two of the files inside the PDF have the same name")
    return found


@contextlib.contextmanager
def _opened(pdf: bytes) -> "Iterator[PdfDocument]":
    import pypdfium2

    try:
        with contextlib.closing(pypdfium2.PdfDocument(pdf.replace(*_DIRECTION))) as document:
            yield document
    except pypdfium2.PdfiumError as error:
        raise stop(Exit.PROBLEMS, "unreadable-pdf", f"the file can't be read as a PDF: {error}") from error
