"""How an invoice is paid, and what it says beside its figures, as EN 16931 names it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from git_bill.contract.agreement import term_days
from git_bill.contract.party import Bank
from git_bill.custody.sealing import is_sealed
from git_bill.invoice.document.locale import amount_text
from git_bill.invoice.document.payment import payment_reference
from git_bill.invoice.document.sentences import early_payment_told, rates_told
from git_bill.invoice.document.sum_label import sum_label
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.en16931.made_parties import readable
from git_bill.invoice.en16931.made_sums import UNEXPLAINED
from git_bill.invoice.en16931.model import Account, DirectDebit, Note, Payment
from git_bill.invoice.en16931.profile import National, Profile
from git_bill.invoice.issued import Invoice
from git_bill.invoice.summary import rows
from git_bill.invoice.totals import sums_of, treatments

# UNTDID 4461
_UNDEFINED, _TRANSFER, _SEPA_TRANSFER, _SEPA_DEBIT, _ONLINE = "1", "30", "58", "59", "68"


def payment(invoice: Invoice, national: Sequence[National], *, always: bool) -> Payment | None:
    """BG-16: direct debit, else the issuer's account, else the link.

    Where nothing is to be paid to the issuer there is none, or with `always` one that says so little.
    """
    bank, debit, link = invoice.issuer.bank, invoice.client.direct_debit, invoice.payment_link
    reference = payment_reference(invoice)
    if invoice.totals.payable.amount <= 0 or invoice.kind == "credit-note":
        return Payment(means=_UNDEFINED) if always else None
    if debit is not None:
        creditor = readable(bank.creditor) if bank else None
        taken = DirectDebit(
            mandate=printable(debit.mandate), creditor=creditor, account=_compact(readable(debit.iban) or "") or None
        )
        return Payment(means=_SEPA_DEBIT, reference=reference, debit=taken)
    own = {way: code for each in national for way, code in each.means.items()}
    account = _account(bank) if bank else None
    if account is not None and bank is not None:
        means = _transfer(invoice.currency, own, iban=bool(bank.iban), branch=bool(account.bic))
        return Payment(means=means, text=link, reference=reference, accounts=(account,))
    if link:
        return Payment(means=own.get("link", _ONLINE), text=link, reference=reference)
    words = printable(bank.instructions or "") if bank else ""
    return Payment(means=_UNDEFINED, text=words or None, reference=reference)


def _transfer(currency: str, own: Mapping[str, str], *, iban: bool, branch: bool) -> str:
    """The code of a transfer. Denmark takes 31 and 42 only with the bank beside the account (Peppol DK-R-006)."""
    if iban and currency == "EUR":
        return _SEPA_TRANSFER
    code = own.get("transfer" if iban else "account")
    return (code if branch else _UNDEFINED) if code else _TRANSFER


def _account(bank: Bank) -> Account | None:
    """BG-17. A sort code or routing number stands where a BIC would (BT-86)."""
    number = _compact(bank.iban) if bank.iban else bank.account
    if not number or is_sealed(bank.iban) or is_sealed(bank.account):
        return None
    branch = readable(bank.bic) or readable(bank.routing)
    return Account(id=number, holder=readable(bank.holder), bic=_compact(branch) if branch else None)


def _compact(number: str) -> str:
    return re.sub(r"\s", "", number).upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What makes texts of an invoice, in the client's language."""

    invoice: Invoice
    wording: Wording
    profile: Profile

    def _say(self, name: str, **facts: object) -> str:
        return self.wording.say(name, self.invoice.client.language, **facts)

    def terms(self) -> str:
        """BT-20, with what paying early is worth (XRechnung BR-DE-18: `#SKONTO#TAGE=10#PROZENT=2.00#`)."""
        days = term_days(self.invoice.payment_terms)
        lines = [self._say("client_terms", count=days) if days else self._say("client_terms_now")]
        lines += early_payment_told(self.invoice, self.wording)
        early = self.invoice.early_payment
        if early is not None and self.profile.discount_syntax and self.invoice.issuer.country == "DE":
            lines.append(f"#SKONTO#TAGE={early.days}#PROZENT={early.percent:.2f}#")
        return "\n".join(lines)

    def notes(self, mentions: Iterable[Note]) -> tuple[Note, ...]:
        """BG-1: the sentence for the client, what the law wants said, rates, and what the client keeps."""
        own = (Note(text=text) for text in dict.fromkeys(self._texts()) if text)
        found = (*own, *mentions)
        if not self.profile.one_note or len(found) < 2:
            return found
        return (Note(text="\n".join(note.text for note in found)),)

    def _texts(self) -> Iterator[str]:
        invoice = self.invoice
        yield printable(invoice.note or "")
        for reversal in (invoice.reverses, invoice.corrects):
            yield printable(reversal.because or "") if reversal else ""
        used = [tax for taxes in treatments(sums_of(invoice)).values() for tax in taxes]
        yield from (printable(tax.note or "") for tax in used if tax.category in UNEXPLAINED)
        yield from (printable(text) for tax in dict.fromkeys((invoice.tax, *used)) for text in tax.must_state)
        yield from self._taxes()
        yield from rates_told(invoice, self.wording)

    def _taxes(self) -> Iterator[str]:
        """Taxes that share a group (CGST, SGST), and what the client keeps: EN 16931 has no term for them."""
        language, taxes = self.invoice.client.language, {self.invoice.tax, *(line.tax for line in self.invoice.lines)}
        if not any(tax and (tax.components or tax.withholding) for tax in taxes):
            return
        for row in rows(self.invoice):
            if row.kind in {"withheld", "receivable"} or (row.kind == "tax" and row.text):
                label = sum_label(row, self.wording, language, tax=self.invoice.tax)
                yield f"{label}: {amount_text(row.amount, language)} {row.amount.currency}"
