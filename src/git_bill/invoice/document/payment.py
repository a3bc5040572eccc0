"""How an invoice is paid: what its page says of it, codes for banking apps, and the Swiss payment slip."""

from collections.abc import Iterator

from git_bill.contract.party import Bank, Client, DebitMandate, Issuer
from git_bill.invoice.document.epc_qr import MOST_VERSION, epc_payload
from git_bill.invoice.document.locale import date_text, money_text
from git_bill.invoice.document.page_data import Code, Fact, Link, Payment, Slip
from git_bill.invoice.document.qr_code import qr_code
from git_bill.invoice.document.swiss_qr import Address, Bill, address, in_groups, swiss_bill
from git_bill.invoice.document.swiss_slip import swiss_slip
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issued import Invoice

_NOBODY = Bank()


def payment_of(invoice: Invoice, wording: Wording) -> Payment:
    """The heading, where to pay, and codes that spare typing. Of a credit note only what is credited; what a direct
    debit takes nobody is asked to transfer.
    """
    language = invoice.client.language
    amount = money_text(invoice.totals.to_transfer, language).replace(" ", "\u00a0")
    if invoice.kind == "credit-note" or invoice.totals.to_transfer.amount <= 0:
        name = "credited" if invoice.kind == "credit-note" else "nothing_to_pay"
        return {"heading": wording.say(name, language, amount=amount), "facts": [], "link": None, "codes": []}
    date = date_text(invoice.due_date, language)
    if (debit := invoice.client.direct_debit) is not None:
        heading = wording.say("debit", language, amount=amount, date=date)
        return {"heading": heading, "facts": list(_mandate(invoice, debit, wording)), "link": None, "codes": []}
    name = "pay_now" if invoice.due_date == invoice.issue_date else "pay"
    link: Link | None = None
    if invoice.payment_link and invoice.payment_link.startswith("https://"):  # anything else is no button
        link = {"label": wording.say("link", language), "url": printable(invoice.payment_link)}
    return {
        "heading": wording.say(name, language, amount=amount, date=date),
        "facts": list(_facts(invoice, wording)),
        "link": link,
        "codes": list(_codes(invoice, wording)),
    }


def payment_reference(invoice: Invoice) -> str:
    """What a payment names (BT-83): that of the Swiss slip where there is one, else the number."""
    bill = _bill(invoice)
    return bill.reference if bill is not None and bill.reference else printable(invoice.number)


def slip_of(invoice: Invoice) -> Slip | None:
    """The payment part of a Swiss QR-bill, where the standard allows one."""
    bill = _bill(invoice)
    return None if bill is None else swiss_slip(bill, invoice.client.language)


def _facts(invoice: Invoice, wording: Wording) -> Iterator[Fact]:
    bank, bill = invoice.issuer.bank or _NOBODY, _bill(invoice)
    reference = bill.shown_reference if bill is not None and bill.reference else invoice.number

    def say(name: str) -> str:
        return wording.say(name, invoice.client.language)

    for label, value in (
        ("IBAN", in_groups("".join(bank.iban.split()).upper(), 4) if bank.iban else None),
        ("BIC", bank.bic),
        (say("account"), bank.account),
        (wording.found(f"routing_{invoice.issuer.country}", invoice.client.language) or say("routing"), bank.routing),
        (say("reference"), reference),
        (say("holder"), bank.holder),
        (say("instructions"), bank.instructions),
    ):
        if value:
            yield {"label": label, "value": printable(value)}


def _mandate(invoice: Invoice, debit: DebitMandate, wording: Wording) -> Iterator[Fact]:
    """What announces a direct debit: account, mandate and creditor (SEPA Core Rulebook, pre-notification)."""
    language, bank = invoice.client.language, invoice.issuer.bank
    for label, value in (
        ("IBAN", in_groups("".join(debit.iban.split()).upper(), 4)),
        (wording.say("mandate", language), debit.mandate),
        (wording.say("creditor", language), bank.creditor if bank else None),
    ):
        if value:
            yield {"label": label, "value": printable(value)}


def _codes(invoice: Invoice, wording: Wording) -> Iterator[Code]:
    """A GiroCode for a SEPA transfer (a Swiss bill has its own), and one that opens the payment link."""
    bank, language = invoice.issuer.bank or _NOBODY, invoice.client.language
    if bank.iban and _bill(invoice) is None:
        payload = epc_payload(
            name=printable(bank.holder or invoice.issuer.name),
            iban=bank.iban,
            bic=bank.bic,
            amount=invoice.totals.to_transfer,
            text=invoice.number,
        )
        if payload is not None:
            yield from _code(payload, MOST_VERSION, "scan_transfer", wording, language)
    if invoice.payment_link:
        yield from _code(invoice.payment_link, 20, "scan_link", wording, language)


def _code(payload: str, most: int, name: str, wording: Wording, language: str) -> Iterator[Code]:
    made = qr_code(payload, most=most)
    if made is not None:
        label = wording.say(name, language)
        yield {"label": label, "alt": f"{label} (QR)", "side": made.side, "path": made.path}


def _bill(invoice: Invoice) -> Bill | None:
    bank, issuer = invoice.issuer.bank or _NOBODY, invoice.issuer
    if not bank.iban or invoice.kind == "credit-note" or invoice.client.direct_debit is not None:
        return None
    return swiss_bill(
        iban=bank.iban,
        creditor=_structured(issuer, bank.holder),
        amount=invoice.totals.to_transfer,
        debtor=_structured(invoice.client),
        number=invoice.number,
        message=invoice.number,
    )


def _structured(party: Issuer | Client, name: str | None = None) -> Address | None:
    return address(name or party.name, party.street, party.postcode, party.city, party.country)
