"""Files of the project that follow from the code: manual pages, the reference of keys, JSON Schemas.

`python -m git_bill.cli.generated` writes them.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from git_bill.cli import manual
from git_bill.cli.reference import reference
from git_bill.contract.agreement import Engagement
from git_bill.contract.exchange import OwnRates
from git_bill.contract.expense import Expenses
from git_bill.contract.tax.table import VatTable
from git_bill.contract.usage import Usage
from git_bill.invoice.document.attachment import Statement
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Claim, Invoice
from git_bill.receivable.dispute.pack import Pack
from git_bill.receivable.dispute.record import Dispute
from git_bill.receivable.pause import Holds
from git_bill.shape import json_schema
from git_bill.vat_registry import VatProof
from git_bill.worklog.edit import Edits
from git_bill.worklog.entry import Manifest
from git_bill.workspace import Settings

SCHEMAS: Mapping[str, tuple[type, str]] = {
    "billing": (Settings, "billing/billing.toml"),
    "client": (Engagement, "billing/clients/*.toml"),
    "edits": (Edits, "billing/edits/*/*.toml"),
    "expenses": (Expenses, "billing/expenses/*/*.toml"),
    "usage": (Usage, "billing/usage/*/*.toml"),
    "manifest": (Manifest, "billing/manifest/*/*.toml"),
    "draft": (Draft, "billing/drafts/*.toml"),
    "rates": (OwnRates, "billing/rates.toml"),
    "tax": (VatTable, "billing/tax/*.toml"),
    "proof": (VatProof, "billing/proofs/*/*.toml"),
    "claim": (Claim, "billing/invoices/*/*/claim.toml"),
    "invoice": (Invoice, "billing/invoices/*/*/invoice.toml"),
    "dispute": (Dispute, "billing/disputes/*.toml"),
    "holds": (Holds, "billing/holds.toml"),
    "evidence": (Pack, "evidence.json, of the evidence pack of a dispute"),
    "statement": (Statement, "invoice.json, attached to the PDF of an invoice"),
}
FOLDERS = ("docs/man", "docs/commands", "src/git_bill/tables/schemas")


def generated() -> dict[str, str]:
    """Path from the project's top → text."""
    pages = manual.pages()
    files = {"docs/man/git-bill.1": manual.man(pages), "docs/commands/README.md": manual.index(pages)}
    files["docs/reference.md"] = reference()
    for page in pages:
        files[f"docs/commands/{page.name.removeprefix('git bill ')}.md"] = manual.markdown(page)
    for name, (shape, title) in SCHEMAS.items():
        schema = json_schema(shape, title=title)
        files[f"src/git_bill/tables/schemas/{name}.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return files


def main(top: Path) -> None:
    """Write them."""
    for path, text in generated().items():
        file = top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path())
