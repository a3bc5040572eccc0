"""The files of an issued folder by name: PDF, XML of each format, what was attached."""

from collections.abc import Mapping

from git_bill.custody.ledger import sha256
from git_bill.invoice.draft import Attached, Draft
from git_bill.invoice.issued import Invoice
from git_bill.layout import RECEIPTS
from git_bill.ports import Snapshot
from git_bill.press import FacturXLevel
from git_bill.problem import Problem

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


def attached_files(snapshot: Snapshot, draft: Draft) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
    """What goes with a draft, by the names that it is frozen under; a problem for each that is gone or another one."""
    found: dict[str, bytes] = {}
    problems = []
    for index, each in enumerate(draft.attached):
        content = snapshot.read(each.file) if each.file.startswith(f"{RECEIPTS}/") else None
        if content is not None and sha256(content) == each.sha256:
            found[frozen_attachment(each)] = content
            continue
        said = "is gone" if content is None else "was changed since it was attached"
        problem = Problem(
            rule="attachment-differs",
            message=f"{each.file} {said}",
            hint=f"bring it back: git log -- {each.file}; or take its line out",
            at=("attached", index, "file"),
        )
        problems.append(problem)
    return found, tuple(problems)
