"""The page of an invoice, or of a draft as a preview that is none: what the template shows, formatted and printable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from git_bill.contract.agreement import Engagement
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.seller_id import is_abn
from git_bill.contract.terms import early_amount
from git_bill.custody.sealing import veiled
from git_bill.invoice.conversion import conversion_text
from git_bill.invoice.document.annex import annex_page
from git_bill.invoice.document.locale import (
    amount_text,
    country_text,
    date_text,
    days_text,
    decimal_mark,
    hours_text,
    money_text,
    percent_text,
    price_text,
    quantity_text,
)
from git_bill.invoice.document.page_data import Fact, Line, PageData, Payment, Total
from git_bill.invoice.document.sum_label import law_name, sum_label
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice, InvoiceLine
from git_bill.invoice.issuing import preview
from git_bill.invoice.summary import Row, changes, exchange_text, rows
from git_bill.money import Money, total
from git_bill.worklog.entry import Entry, Worked, short_name

_ACCENT = "#0b5a6b"
LETTER = frozenset({"US", "CA", "MX", "CL", "CO", "PH"})  # countries that write on US Letter
# Where the words "tax invoice" are asked for (AU: GST Act 1999 s. 29-70(1); SG: GST (General) Regulations reg. 11)
TAX_INVOICE = frozenset({"AU", "SG"})
_MOST_EVIDENCE = 6  # commit ids named below a line


def invoice_page(invoice: Invoice, worked: Mapping[str, Worked], wording: Wording) -> PageData:
    """An issued invoice. `worked`: the entries that its lines pin, as far as they are known."""
    return _Page(invoice=invoice, worked=worked, wording=wording, preview=False).data()


def draft_page(
    draft: Draft, issuer: Issuer, engagement: Engagement, worked: Mapping[str, Worked], wording: Wording, *, today: date
) -> PageData:
    """A draft as it would look: marked as no invoice, without number, date and bank data (UStG § 14c).

    What is sealed and can't be opened here is shown as such.
    """
    invoice = preview(draft, veiled(issuer), replace(engagement, client=veiled(engagement.client)), today=today)
    return _Page(invoice=invoice, worked=worked, wording=wording, preview=True).data()


def money_in(invoice: Invoice, money: Money) -> str:
    """An amount as the invoice's page states it, without the currency."""
    return amount_text(money, invoice.client.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One page in the making."""

    invoice: Invoice
    worked: Mapping[str, Worked]
    wording: Wording
    preview: bool

    @property
    def language(self) -> str:
        return self.invoice.client.language

    def say(self, name: str, **facts: object) -> str:
        return self.wording.say(name, self.language, **facts)

    def data(self) -> PageData:
        invoice, issuer = self.invoice, self.invoice.issuer
        address = _address(issuer, issuer.country)
        return {
            "language": self.language,
            "paper": "us-letter" if issuer.country in LETTER else "a4",
            "accent": _ACCENT,
            "decimal": decimal_mark(self.language),
            "title": self.title(),
            "number": invoice.number,
            "watermark": self.say("watermark") if self.preview else "",
            "issuer": _shown(issuer.name, *address, issuer.email, issuer.phone),
            "return_line": " · ".join(_shown(issuer.name, *address)),
            "client": self.client(),
            "facts": list(self.facts()),
            "intro": _shown(invoice.note, self.say("intro", period=self.days(invoice.first, invoice.last))),
            "heads": {
                "no": self.say("no"),
                "description": self.say("description"),
                "quantity": self.say("quantity"),
                "unit": "",
                "price": self.say("per_hour" if self.hourly() else "unit_price"),
                "tax": self.say("tax_head"),
                "net": self.say("net_head", currency=invoice.currency),
            },
            "lines": list(self.lines()),
            "totals": self.totals(),
            "notes": _shown(*self.notes()),
            "payment": None if self.preview else self.payment(),
            "annex": annex_page(invoice, self.worked, self.wording),
            "footer": self.footer(),
            "ledger": self.say("ledger", head=invoice.ledger_head) if invoice.ledger_head else "",
            "labels": {
                "page": self.say("page", page="{page}", pages="{pages}"),
                "carried_forward": self.say("carried_forward"),
                "brought_forward": self.say("brought_forward"),
            },
        }

    def title(self) -> str:
        """A document that charges GST must say what it is in some countries."""
        if self.preview:
            return self.say("draft_title")
        taxed = self.invoice.issuer.country in TAX_INVOICE and self.invoice.totals.tax
        return self.say("tax_title" if taxed else "title")

    def days(self, first: date, last: date) -> str:
        return days_text(first, last, self.language)

    def client(self) -> list[str]:
        client = self.invoice.client
        lines = _shown(client.name, client.attention, *_address(client, client.country))
        if client.country != self.invoice.issuer.country:
            lines.append(country_text(client.country, self.language))
        return lines

    def facts(self) -> Iterable[Fact]:
        invoice = self.invoice
        for name, value in (
            ("issue_date", None if self.preview else date_text(invoice.issue_date, self.language)),
            ("due_date", None if self.preview else date_text(invoice.due_date, self.language)),
            ("period", self.days(invoice.first, invoice.last)),
            ("client_vat_id", invoice.client.vat_id),
            ("order", invoice.order),
            ("buyer_reference", invoice.client.buyer_reference),
        ):
            if value:
                yield {"label": self.say(name), "value": printable(value)}

    def hourly(self) -> bool:
        """Whether every price is one of an hour."""
        return all({"HUR": 1, "MIN": 60}.get(line.unit) == line.base_quantity for line in self.invoice.lines)

    def lines(self) -> Iterable[Line]:
        shows_hours, hourly = "hours" in self.invoice.show, self.hourly()
        for number, line in enumerate(self.invoice.lines, 1):
            price = price_text(line.unit_price, self.language)
            if line.base_quantity != 1 and not hourly:
                price += f" / {quantity_text(line.base_quantity, self.language)}"
            carried = total((item.net for item in self.invoice.lines[:number]), self.invoice.currency)
            yield {
                "no": str(number),
                "description": printable(line.description),
                "detail": " · ".join(self.detail(line)),
                "quantity": quantity_text(line.quantity, self.language) if shows_hours else "",
                "unit": self.say(f"unit_{line.unit}") if shows_hours else "",
                "price": price if shows_hours else "",
                "tax": "",
                "net": amount_text(line.net, self.language),
                "carried": amount_text(carried, self.language),
            }

    def detail(self, line: InvoiceLine) -> Iterable[str]:
        """The small print below a description, as far as the contract's `show` allows it."""
        show = self.invoice.show
        entries = [self.worked[entry].entry for entry in line.entries if entry in self.worked]
        if line.detail:
            yield printable(line.detail)
        if (
            line.agreed is not None
            and line.agreed.currency == line.unit_price.currency
            and line.agreed != line.unit_price
        ):
            law = law_name(line.tax or self.invoice.tax, self.wording, self.language)
            yield self.say("with_tax", price=money_text(line.agreed, self.language), tax=law)
        for row in changes(line):
            yield f"{self.label(row)}: {amount_text(row.amount, self.language)}"
        if line.first and line.last and line.last < self.invoice.first:
            yield self.say("late", days=self.days(line.first, line.last))
        elif "days" in show and line.first and line.last:
            yield self.days(line.first, line.last)
        timed = line.unit != "DAY"  # a day is sold as a day, whatever its hours were
        if timed and "raw" in show and line.raw is not None:
            yield self.say("raw", time=hours_text(line.raw))
        if timed and "range" in show and entries:
            low, high = sum(entry.low for entry in entries), sum(entry.high for entry in entries)
            yield self.say("range", low=hours_text(low), high=hours_text(high))
        if "evidence" in show:
            yield from _commits(entries)

    def totals(self) -> list[Total]:
        found = rows(self.invoice)
        several = sum(row.kind == "tax" for row in found) > 1
        return [
            self.sum(self.label(row, several=several), row.amount, strong=row.kind in {"due", "receivable"})
            for row in found
        ]

    def label(self, row: Row, *, several: bool = False) -> str:
        return sum_label(row, self.wording, self.language, tax=self.invoice.tax, several=several)

    def sum(self, label: str, money: Money, *, strong: bool = False) -> Total:
        value = amount_text(money, self.language)
        return {"label": label, "value": value, "currency": money.currency if strong else "", "strong": strong}

    def notes(self) -> Iterable[str | None]:
        """What the law wants said, the rate of exchange, and what paying early is worth."""
        invoice = self.invoice
        lines = dict.fromkeys(line.tax.note for line in invoice.lines if line.tax is not None)
        yield from dict.fromkeys((invoice.tax.note, *lines, *invoice.tax.must_state))
        if invoice.conversion is not None:
            rate = conversion_text(invoice.conversion, invoice.currency)
            yield self.say("converted", currency=invoice.conversion.currency, rate=rate)
        if invoice.exchange is not None and invoice.totals.exchanged_tax is not None:
            amount = money_text(invoice.totals.exchanged_tax, self.language)
            law = law_name(invoice.tax, self.wording, self.language)
            yield self.say("exchanged", tax=law, amount=amount, rate=exchange_text(invoice.exchange, invoice.currency))
        if invoice.early_payment is not None:
            terms = invoice.early_payment
            yield self.say(
                "early_payment",
                percent=percent_text(terms.percent, self.language),
                days=terms.days,
                date=date_text(invoice.issue_date + timedelta(days=terms.days), self.language),
                amount=money_text(early_amount(terms, invoice.totals.to_transfer), self.language),
            )

    def payment(self) -> Payment | None:
        invoice, bank = self.invoice, self.invoice.issuer.bank
        amount = money_text(invoice.totals.to_transfer, self.language).replace(" ", "\u00a0")
        name = "pay_now" if invoice.due_date == invoice.issue_date else "pay"
        facts: list[Fact] = []
        for label, value in (
            ("IBAN", _grouped(bank.iban) if bank and bank.iban else None),
            ("BIC", bank.bic if bank else None),
            (self.say("account"), bank.account if bank else None),
            (self.say("routing"), bank.routing if bank else None),
            (self.say("reference"), invoice.number),
            (self.say("holder"), bank.holder if bank else None),
            (self.say("instructions"), bank.instructions if bank else None),
            (self.say("link"), invoice.payment_link),
        ):
            if value:
                facts.append({"label": label, "value": printable(value)})
        return {
            "heading": self.say(name, amount=amount, date=date_text(invoice.due_date, self.language)),
            "facts": facts,
        }

    def footer(self) -> list[str]:
        issuer = self.invoice.issuer
        ids = [
            f"{self.say('abn' if is_abn(issuer, value) else name)} {value}"
            for name, value in (
                ("vat_id", issuer.vat_id),
                ("tax_number", issuer.tax_number),
                ("registration", issuer.registration),
            )
            if value
        ]
        legal = " · ".join(_shown(issuer.name, *_address(issuer, issuer.country), *ids))
        return _shown(legal, issuer.footer)


def _shown(*texts: str | None) -> list[str]:
    return [line for text in texts if text and (line := printable(text))]


def _address(party: Issuer | Client, country: str) -> list[str]:
    """Street and place in the country's order (UPU): code before the city, in the US behind, in GB on its own line."""
    place = [party.postcode, party.city]
    if country in {"US", "CA", "AU"}:
        places = [", ".join(_shown(party.city, " ".join(_shown(party.region, party.postcode))))]
    elif country in {"GB", "IE"}:
        places = _shown(party.city, party.region, party.postcode)
    else:
        places = [" ".join(_shown(*place))]
    return _shown(party.street, *places)


def _grouped(iban: str) -> str:
    """In groups of four (ISO 13616, paper form)."""
    plain = "".join(iban.split()).upper()
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def _commits(entries: Iterable[Entry]) -> Iterable[str]:
    ids = dict.fromkeys(short_name(fact) for entry in entries for fact in entry.evidence)
    if ids:
        yield printable(" ".join(list(ids)[:_MOST_EVIDENCE]) + (" …" if len(ids) > _MOST_EVIDENCE else ""))
