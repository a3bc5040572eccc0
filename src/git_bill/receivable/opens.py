"""What matching compares remittances with: every issued document as it stands."""

from collections.abc import Iterable, Mapping

from git_bill.contract.agreement import Engagement
from git_bill.invoice.document.reference import creditor_reference, qr_reference
from git_bill.invoice.issued import Invoice
from git_bill.receivable.booked import Booked
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.payer import Habits, habits
from git_bill.receivable.receivable import Receivable, payer_of


def opens(
    invoices: Iterable[Invoice], owed: Iterable[Receivable], engagements: Mapping[str, Engagement]
) -> tuple[Open, ...]:
    """One of each document of `owed`; those that are paid too, so that a second payment is seen as one."""
    by_number = {each.number: each for each in owed}
    return tuple(
        _open(invoice, by_number[invoice.number], engagements) for invoice in invoices if invoice.number in by_number
    )


def _open(invoice: Invoice, owed: Receivable, engagements: Mapping[str, Engagement]) -> Open:
    """Names and accounts of the client as on the document and as they are now."""
    known = [invoice.client]
    if owed.client in engagements:
        known.append(engagements[owed.client].client)
    printed = (creditor_reference(invoice.number), qr_reference(invoice.number))
    return Open(
        number=invoice.number,
        client=owed.client,
        names=tuple(dict.fromkeys(each.name for each in known)),
        accounts=tuple(dict.fromkeys(each.direct_debit.iban for each in known if each.direct_debit is not None)),
        open=owed.open,
        gross=invoice.totals.gross,
        issued=invoice.issue_date,
        due=invoice.due_date,
        early=invoice.early_payment if not owed.settled else None,
        order=invoice.order or "",
        references=tuple(each for each in printed if each is not None),
        links=(invoice.payment_link,) if invoice.payment_link else (),
    )


def known_habits(invoices: Iterable[Invoice], paid: Booked) -> Habits:
    """Of accounts whose payments a person assigned or confirmed: how many of which client."""
    payers = {each.number: payer_of(each) for each in invoices}
    return habits(
        (paid.remittances[each.remittance], payers[each.invoice])
        for each in paid.allocations
        if each.how != "matched" and each.invoice in payers and each.settles.amount > 0
    )
