"""The page of an invoice, or of a draft as a preview that is none: what the template shows, formatted and printable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from git_bill.contract.agreement import Engagement
from git_bill.contract.party import Issuer
from git_bill.contract.tax.seller_id import is_abn
from git_bill.contract.tax.table import VatTable
from git_bill.custody.sealing import veiled
from git_bill.invoice.document.annex import annex_page
from git_bill.invoice.document.blank import blank_page
from git_bill.invoice.document.branding import PLAIN, Look
from git_bill.invoice.document.locale import amount_text, country_text, date_text, days_text
from git_bill.invoice.document.page_data import Fact, PageData, Payment, Total
from git_bill.invoice.document.page_lines import hourly, page_lines
from git_bill.invoice.document.payment import payment_of, slip_of
from git_bill.invoice.document.postal import address_lines, client_lines, shown
from git_bill.invoice.document.receipt import Receipt, receipt_intro, receipt_sums
from git_bill.invoice.document.sentences import early_payment_told, rates_told
from git_bill.invoice.document.sum_label import law_name, sum_label
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.title import title_of
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice
from git_bill.invoice.issuing import preview
from git_bill.invoice.legal import legal_notes
from git_bill.invoice.summary import Row, rows
from git_bill.money import Money
from git_bill.worklog.entry import Worked

Form = Literal["invoice", "receipt", "draft", "pro-forma"]
_TITLES = {"receipt": "title_receipt", "draft": "draft_title", "pro-forma": "title_pro_forma"}
_INTROS = {"deposit": "intro_deposit", "credit-note": "intro_credit"}
_WATERMARKS = {"draft": "watermark", "pro-forma": "watermark_pro_forma"}


def invoice_page(
    invoice: Invoice,
    worked: Mapping[str, Worked],
    wording: Wording,
    *,
    look: Look = PLAIN,
    receipt: Receipt | None = None,
) -> PageData:
    """An issued invoice. `worked`: the entries that its lines pin, as far as they are known.

    `receipt`: makes it the receipt for what was paid.
    """
    form: Form = "invoice" if receipt is None else "receipt"
    return _Page(invoice=invoice, worked=worked, wording=wording, look=look, form=form, receipt=receipt).data()


def draft_page(
    draft: Draft,
    issuer: Issuer,
    engagement: Engagement,
    worked: Mapping[str, Worked],
    wording: Wording,
    *,
    look: Look = PLAIN,
    today: date,
    form: Literal["draft", "pro-forma"] = "draft",
    vat: VatTable | None = None,
) -> PageData:
    """A draft as it would look: marked as no invoice, without number, date and bank data (UStG § 14c).

    What is sealed and can't be opened here is shown as such. `vat`: knows what the law wants said.
    """
    invoice = preview(draft, veiled(issuer), replace(engagement, client=veiled(engagement.client)), today=today)
    invoice = replace(invoice, legal=legal_notes(invoice, vat or VatTable(), wording))
    return _Page(invoice=invoice, worked=worked, wording=wording, look=look, form=form).data()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One page in the making."""

    invoice: Invoice
    worked: Mapping[str, Worked]
    wording: Wording
    look: Look
    form: Form
    receipt: Receipt | None = None

    @property
    def language(self) -> str:
        return self.invoice.client.language

    @property
    def preview(self) -> bool:
        """Whether there is no invoice yet."""
        return self.form in {"draft", "pro-forma"}

    def say(self, name: str, **facts: object) -> str:
        return self.wording.say(name, self.language, **facts)

    def data(self) -> PageData:
        invoice, issuer = self.invoice, self.invoice.issuer
        blank = blank_page(self.language, self.wording, self.look, country=issuer.country, issuer=issuer.name)
        return {
            **blank,
            "title": self.title(),
            "number": invoice.number if self.receipt is None else "",
            "watermark": self.say(_WATERMARKS[self.form]) if self.preview else "",
            "issuer": shown(issuer.name, *address_lines(issuer), self.abroad(), issuer.email, issuer.phone),
            "return_line": " · ".join(shown(issuer.name, *address_lines(issuer))),
            "client": client_lines(invoice.client, issuer.country),
            "facts": list(self.facts()),
            "intro": shown(*self.intro()),
            "heads": {
                "no": self.say("no"),
                "description": self.say("description"),
                "quantity": self.say("quantity"),
                "unit": "",
                "price": self.say("per_hour" if hourly(invoice) else "unit_price"),
                "tax": self.say("tax_head"),
                "net": self.say("net_head", currency=invoice.currency),
            },
            "lines": list(page_lines(invoice, self.worked, self.wording)),
            "totals": self.totals(),
            "notes": shown(*self.notes()),
            "payment": self.payment(),
            "legal": shown(*(note.text for note in invoice.legal)),
            "slip": slip_of(invoice) if self.form == "invoice" and blank["paper"] == "a4" else None,
            "annex": annex_page(invoice, self.worked, self.wording) if self.receipt is None else None,
            "footer": self.footer(),
            "ledger": self.say("ledger", head=invoice.ledger_head) if invoice.ledger_head else "",
        }

    def title(self) -> str:
        return self.say(_TITLES[self.form]) if self.form in _TITLES else title_of(self.invoice, self.wording)

    def days(self, first: date, last: date) -> str:
        return days_text(first, last, self.language)

    def abroad(self) -> str:
        """The issuer's country, for a client in another one."""
        here, there = self.invoice.issuer.country, self.invoice.client.country
        return country_text(here, self.language) if here != there else ""

    def facts(self) -> Iterable[Fact]:
        invoice = self.invoice
        asks = not self.preview and self.receipt is None and invoice.kind != "credit-note"
        day = invoice.issue_date if self.receipt is None else self.receipt.on
        dated = None if self.preview else date_text(day, self.language)
        for name, value in (
            ("issue_date" if asks else "date", dated),
            ("due_date", date_text(invoice.due_date, self.language) if asks else None),
            ("period", self.days(invoice.first, invoice.last) if invoice.kind != "deposit" else None),
            ("client_vat_id", invoice.client.vat_id),
            ("order", invoice.order),
            ("buyer_reference", invoice.client.buyer_reference),
            *self.precedents(),
        ):
            if value:
                yield {"label": self.say(name), "value": printable(value)}

    def precedents(self) -> Iterable[tuple[str, str | None]]:
        """The invoice that it takes back or stands for (Directive 2006/112/EC, Art. 219), and why; or that was paid."""
        invoice = self.invoice
        for name, other in (("preceding_invoice", invoice.reverses), ("replaces", invoice.corrects)):
            if other is not None:
                yield name, self.numbered(other.number, other.issue_date)
                yield "reason", other.because
        if self.receipt is not None:
            yield "paid_invoice", self.numbered(invoice.number, invoice.issue_date)

    def numbered(self, number: str, day: date) -> str:
        unbroken = date_text(day, self.language).replace(" ", "\u00a0")
        return self.say("number_and_date", number=number, date=unbroken)

    def intro(self) -> Iterable[str | None]:
        invoice = self.invoice
        yield invoice.note
        if self.receipt is not None:
            yield from receipt_intro(self.receipt, self.wording, self.language)
        yield self.say(_INTROS.get(invoice.kind, "intro"), period=self.days(invoice.first, invoice.last))

    def totals(self) -> list[Total]:
        """Each sum, and after several discounts, surcharges or taxes what they come to (BT-107, BT-108, BT-110)."""
        found, sums = rows(self.invoice), self.invoice.totals
        taxes = [row for row in found if row.kind == "tax"]
        changed = [row for row in found if row.kind in {"changed", "added"}]
        minus = -sums.allowances if sums.allowances and sum(row.amount.amount < 0 for row in changed) > 1 else None
        plus = sums.charges if sum(row.amount.amount > 0 for row in changed) > 1 else None
        shown: list[Total] = []
        for row in found:
            strong = row.kind in {"due", "receivable"}
            shown.append(self.sum(self.label(row, several=len(taxes) > 1), row.amount, strong=strong))
            if changed and row is changed[-1]:
                together = (("allowances_total", minus), ("charges_total", plus))
                shown += [self.sum(self.say(name), money) for name, money in together if money is not None]
            if len(taxes) > 1 and row is taxes[-1]:
                law = law_name(self.invoice.tax, self.wording, self.language)
                shown.append(self.sum(self.say("tax_total", tax=law), sums.tax))
        if self.receipt is not None:
            shown += receipt_sums(self.receipt, self.wording, self.language)
        return shown

    def label(self, row: Row, *, several: bool = False) -> str:
        if row.kind == "due" and self.invoice.kind == "credit-note":
            return self.say("due_credit")
        return sum_label(row, self.wording, self.language, tax=self.invoice.tax, several=several)

    def sum(self, label: str, money: Money, *, strong: bool = False) -> Total:
        value = amount_text(money, self.language)
        return {"label": label, "value": value, "currency": money.currency if strong else "", "strong": strong}

    def notes(self) -> Iterable[str | None]:
        """What the law wants said, the rate of exchange, and what paying early is worth."""
        invoice = self.invoice
        lines = dict.fromkeys(line.tax.note for line in invoice.lines if line.tax is not None)
        yield from dict.fromkeys((invoice.tax.note, *lines, *invoice.tax.must_state))
        yield from rates_told(invoice, self.wording)
        yield from early_payment_told(invoice, self.wording)

    def payment(self) -> Payment | None:
        return payment_of(self.invoice, self.wording) if self.form == "invoice" else None

    def footer(self) -> list[str]:
        issuer, country = self.invoice.issuer, self.invoice.issuer.country
        ids = [
            f"{self.say('abn') if is_abn(issuer, value) else self.wording.found(own, self.language) or self.say(name)}"
            f" {value}"
            for name, own, value in (
                ("vat_id", f"vat_id_{country}", issuer.vat_id),
                ("tax_number", f"tax_number_{country}", issuer.tax_number),
                ("registration", f"registration_{country}", issuer.registration),
            )
            if value
        ]
        legal = " · ".join(shown(issuer.name, *address_lines(issuer), *ids))
        return shown(legal, issuer.footer)
