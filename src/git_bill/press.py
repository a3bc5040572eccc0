"""The ports that make documents and check them: PDF, the XML inside it, the official rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from git_bill.invoice.document.sheet_table import Table
from git_bill.invoice.en16931.profile import National, Profile
from git_bill.problem import Problem

FacturXLevel = Literal["MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED"]


class Typesetter(Protocol):
    """Makes PDF from a template and formatted text."""

    def typeset(
        self,
        template: str,
        page: Mapping[str, Any],
        files: Mapping[str, bytes],
        *,
        at: datetime,
        beside: Mapping[str, bytes] = ...,
    ) -> bytes:
        """The PDF's bytes, equal for equal input. Raises Stop where a character can't be shown.

        `files` are attached. `beside`: what the template may read by path; one of its own name takes its place.
        """

    def text(self, pdf: bytes) -> str:
        """The text that a reader of the PDF sees, for the check after typesetting."""


class Combiner(Protocol):
    """Makes one file of an invoice's two forms."""

    def combine(self, pdf: bytes, xml: bytes, *, level: FacturXLevel, at: datetime) -> bytes:
        """The Factur-X PDF: the PDF/A-3 with the XML attached and declared. Equal bytes for equal input."""


class RuleBook(Protocol):
    """The official rules of e-invoices."""

    def validate(self, xml: bytes, profile: Profile, national: Sequence[National] = ()) -> tuple[Problem, ...]:
        """What they find, and, as severity info, which of them are not on this machine."""


class Spreadsheet(Protocol):
    """Makes workbooks of tables."""

    def workbook(self, table: Table, *, at: datetime) -> bytes:
        """The .xlsx file's bytes, equal for equal input: real dates and numbers, and no text is a formula."""
