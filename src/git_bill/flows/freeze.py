"""From an approved draft and the claim of its number to the bytes of the issued directory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from git_bill.contract.agreement import Engagement
from git_bill.contract.party import Issuer
from git_bill.contract.tax.table import VatTable
from git_bill.flows.electronic import NOTHING, Electronics, forms
from git_bill.invoice.document import attachment
from git_bill.invoice.document.branding import PLAIN, Look
from git_bill.invoice.document.page import invoice_page
from git_bill.invoice.document.stated import unstated
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.issuing import invoice_problems, issue_invoice
from git_bill.invoice.legal import legal_notes, legal_problems
from git_bill.layout import TEMPLATES
from git_bill.press import Typesetter
from git_bill.problem import Exit, Problem, Stop, errors, stop
from git_bill.shape import write
from git_bill.worklog.entry import Worked
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.timesheet import TimesheetRow, write_timesheet

ONLY_PDF = Electronics()


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
    vat: VatTable,
    made_with: str,
    look: Look = PLAIN,
    electronics: Electronics = ONLY_PDF,
    attached: Mapping[str, bytes] = NOTHING,
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
    invoice = replace(invoice, legal=legal_notes(invoice, vat, wording))
    problems = (*invoice_problems(invoice), *legal_problems(invoice, vat))
    if errors(problems):
        raise Stop(Exit.PROBLEMS, problems)
    pdf = typesetter.typeset(
        "invoice.typ",
        invoice_page(invoice, worked, wording, look=look),
        {attachment.NAME: attachment.attachment(invoice, worked, evidence), **attached},
        at=claim.at,
        beside=look.files,
    )
    _check_pdf(invoice, typesetter.text(pdf))
    made = forms(invoice, pdf, electronics, wording, at=claim.at, attached=attached)
    problems = (*problems, *made.problems)
    if errors(made.problems):
        raise Stop(Exit.PROBLEMS, problems)
    return Frozen(
        invoice=invoice,
        problems=problems,
        files={
            "claim.toml": write(claim).encode(),
            "invoice.toml": write(invoice).encode(),
            "invoice.pdf": made.pdf,
            **made.files,
            **attached,
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
    """Its number and every total of its XML stand in the PDF as a reader sees it."""
    missing = "; ".join(f"{what} {value}" for what, value in unstated(invoice, text))
    if missing:
        raise stop(
            Exit.PROBLEMS,
            "pdf-incomplete",
            f"the PDF of {invoice.number} does not show: {missing}",
            f"the template leaves it out; if it is your own, compare {TEMPLATES}/invoice.typ with docs/pdf.md",
        )
