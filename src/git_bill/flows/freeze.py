"""From an approved draft and the claim of its number to the bytes of the issued directory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from git_bill.contract.agreement import Engagement
from git_bill.contract.party import Issuer
from git_bill.invoice.document import attachment
from git_bill.invoice.document.page import invoice_page, money_in
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.issuing import invoice_problems, issue_invoice
from git_bill.ports import Typesetter
from git_bill.problem import Exit, Problem, Stop, errors, stop
from git_bill.shape import write
from git_bill.worklog.entry import Worked
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.timesheet import TimesheetRow, write_timesheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """The document and its files by name; they never change again. `problems`: what it should have and may lack."""

    invoice: Invoice
    files: Mapping[str, bytes]
    problems: tuple[Problem, ...]


def freeze(
    draft: Draft,
    claim: Claim,
    *,
    issuer: Issuer,
    engagement: Engagement,
    worked: Mapping[str, Worked],
    evidence: Iterable[Evidence],
    ledger_head: str,
    payment_link: str | None,
    typesetter: Typesetter,
    wording: Wording,
    made_with: str,
) -> Frozen:
    """All bytes follow from the draft, the claim, the settings and the versions. Stops (exit 1) at a wrong document."""
    invoice = issue_invoice(
        draft,
        claim,
        issuer=issuer,
        engagement=engagement,
        ledger_head=ledger_head,
        payment_link=payment_link,
        made_with=made_with,
    )
    problems = invoice_problems(invoice)
    if errors(problems):
        raise Stop(Exit.PROBLEMS, problems)
    pdf = typesetter.typeset(
        "invoice.typ",
        invoice_page(invoice, worked, wording),
        {attachment.NAME: attachment.attachment(invoice, worked, evidence)},
        at=claim.at,
    )
    _check_pdf(invoice, typesetter.text(pdf))
    return Frozen(
        invoice=invoice,
        problems=problems,
        files={
            "claim.toml": write(claim).encode(),
            "invoice.toml": write(invoice).encode(),
            "invoice.pdf": pdf,
            "timesheet.csv": write_timesheet(_rows(draft, worked)),
        },
    )


def _rows(draft: Draft, worked: Mapping[str, Worked]) -> list[TimesheetRow]:
    """One row per pinned entry, by day and id: what was worked, when, and how much of it the invoice stands for."""
    rows = [
        TimesheetRow.of(worked[entry_id], billed=minutes)
        for line in draft.lines
        for entry_id, minutes in line.entries.items()
        if entry_id in worked
    ]
    return sorted(rows, key=lambda row: (row.day, row.entry))


def _check_pdf(invoice: Invoice, text: str) -> None:
    """The number and the amount due stand in the PDF as a reader sees it."""
    squeezed = "".join(text.split())
    for what, value in (
        ("number", invoice.number),
        ("amount due", money_in(invoice, invoice.totals.payable)),
    ):
        if "".join(value.split()) not in squeezed:
            raise stop(
                Exit.PROBLEMS,
                "pdf-incomplete",
                f"the PDF of {invoice.number} does not show its {what} ({value})",
                "the template templates/invoice.typ leaves it out",
            )
