"""The files of an issued folder by name: PDF, XML of each format, what was attached."""

from collections.abc import Mapping

from git_bill.invoice.draft import Attached
from git_bill.invoice.issued import Invoice
from git_bill.press import FacturXLevel

PLAIN = "pdf"
ATTACHED = "attached-"
HYBRIDS: Mapping[str, FacturXLevel] = {
    "facturx": "EN 16931",
    "facturx-basic": "BASIC",
    "facturx-extended": "EXTENDED",
}


def is_hybrid(wanted: str) -> bool:
    """Whether a format is a PDF with the XML inside."""
    return wanted in HYBRIDS


def frozen_xml(invoice: Invoice, wanted: str) -> str:
    """The file that the folder has of a format; "" for none of its own."""
    kept = [each for each in dict.fromkeys(invoice.client.formats) if each != PLAIN and not is_hybrid(each)]
    if wanted not in kept:
        return ""
    return "invoice.xml" if kept[0] == wanted else f"invoice-{wanted}.xml"


def frozen_attachment(attached: Attached) -> str:
    """The file that the folder has of what was attached."""
    return f"{ATTACHED}{attached.file.rpartition('/')[2]}"
