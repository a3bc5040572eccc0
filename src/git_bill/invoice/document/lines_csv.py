"""The lines of a document as CSV, and all of a draft as JSON: what programs read that take no e-invoice."""

import json

from git_bill.invoice.document.attachment import attachment
from git_bill.invoice.issued import Invoice
from git_bill.worklog.timesheet import cell

NO_INVOICE = "DRAFT, not an invoice"
_HEAD = (
    "document",
    "line",
    "description",
    "detail",
    "quantity",
    "unit",
    "unit_price",
    "base_quantity",
    "tax_category",
    "tax_rate",
    "net",
    "currency",
    "first",
    "last",
)


def lines_csv(invoice: Invoice) -> bytes:
    """UTF-8 CSV (RFC 4180), one row for each line. What the contract does not show is empty; no cell is a formula."""
    hours, days = "hours" in invoice.show, "days" in invoice.show
    rows: list[tuple[object, ...]] = [_HEAD]
    for number, line in enumerate(invoice.lines, 1):
        tax = line.tax or invoice.tax
        priced = (f"{line.quantity:f}", line.unit, f"{line.unit_price.amount:f}", f"{line.base_quantity:f}")
        rows.append(
            (
                invoice.number or NO_INVOICE,
                number,
                line.description,
                line.detail or "",
                *(priced if hours else ("", "", "", "")),
                tax.category,
                f"{tax.rate.normalize():f}",
                f"{line.net.amount:f}",
                invoice.currency,
                *((line.first or "", line.last or "") if days else ("", "")),
            )
        )
    return "".join(",".join(cell(str(value)) for value in row) + "\r\n" for row in rows).encode("utf-8", "replace")


def draft_json(invoice: Invoice) -> bytes:
    """What a draft states, without what only an issued document has; it says that it is none."""
    told = json.loads(attachment(invoice, {}))
    rest = {key: value for key, value in told.items() if key not in {"number", "issue_date", "due_date", "ledger_head"}}
    found = {"schema": rest.pop("schema", 1), "notice": NO_INVOICE, **rest}
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
