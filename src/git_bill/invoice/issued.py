"""The issued invoice: a complete snapshot that is checked from itself alone, and the claim of its number."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from git_bill.contract.legal import Note
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import EarlyPayment
from git_bill.invoice.allowance import Allowance
from git_bill.invoice.draft import Attached, Conversion, Correction, Exchange, Kind, NotBilled, Reversal, Unit
from git_bill.money import Money
from git_bill.shape import Minutes, key


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """`claim.toml`: a number bound to a draft and an issue date. A crashed issue is resumed with it (decision D3)."""

    schema: int = key("version of this file's form", default=1)
    number: str = key("the number", example='"INV-2026-0032"')
    draft: str = key("id of the draft", example='"D-k3v9q2m7x4ab"')
    name: str = key("the draft's file name", example='"acme-2026-10"')
    blob: str = key("blob id of the approved draft")
    issue_date: date = key("in the issuer's zone", example="2026-11-02")
    at: datetime = key("when it was claimed; the time of its commits")
    approved_by: str = key("who merged or approved it", default="")
    cancels: str | None = key("the invoice that a correction's credit note cancels", default=None)
    void: str | None = key("a person's reason for never using the number", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """A line as issued. `net` = round(quantity × unit_price ÷ base_quantity) + surcharges − discounts (BT-131)."""

    description: str = key("BT-153")
    detail: str | None = key("BT-154", default=None)
    quantity: Decimal = key("BT-129")
    unit: Unit = key("BT-130")
    unit_price: Money = key("BT-146")
    base_quantity: Decimal = key("BT-149", default=Decimal(1))
    agreed: Money | None = key("price as agreed, where that is with tax or in another currency", default=None)
    allowances: tuple[Allowance, ...] = key("BG-27, BG-28", one_line=True, default=())
    tax: Tax | None = key("its own tax treatment (BG-30)", one_line=True, default=None)
    net: Money = key("BT-131")
    first: date | None = key("BT-134", default=None)
    last: date | None = key("BT-135", default=None)
    raw: Minutes | None = key("worked time before rounding", default=None)
    reason: str = key("why it costs what it costs", default="")
    because: str | None = key("a person's reason", default=None)
    entries: Mapping[str, Minutes] = key("pinned entries and their worked minutes", default_factory=dict)
    bills: tuple[str, ...] = key("what else it bills", default=())
    credits: Mapping[str, Money] = key("lines that it credits, and how much of each", default_factory=dict)


SAME_ON_LINES = tuple(field.name for field in fields(InvoiceLine) if field.name != "net")  # as a draft's have it


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTotal:
    """One VAT group (BG-23)."""

    category: str = key("BT-118")
    rate: Decimal = key("BT-119")
    base: Money = key("BT-116")
    tax: Money = key("BT-117")


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Document totals (BG-22), exact to the cent by BR-CO-10 to 17. What is None there is none of."""

    lines: Money = key("sum of line nets (BT-106)")
    allowances: Money | None = key("discounts of the document (BT-107)", default=None)
    charges: Money | None = key("surcharges of the document (BT-108)", default=None)
    net: Money = key("total without tax (BT-109)")
    tax: Money = key("total tax (BT-110)")
    exchanged_tax: Money | None = key("total tax in the accounting currency (BT-111)", default=None)
    gross: Money = key("total with tax (BT-112)")
    prepaid: Money | None = key("paid before (BT-113)", default=None)
    rounding: Money | None = key("rounding (BT-114)", default=None)
    payable: Money = key("amount due (BT-115)")
    withheld: Money | None = key("what the client keeps for the tax office", default=None)
    receivable: Money | None = key("what is left to be paid to the issuer", default=None)
    groups: tuple[TaxTotal, ...] = key("VAT breakdown", default=())

    @property
    def to_transfer(self) -> Money:
        """What the client is asked to pay: the amount due (BT-115) without what it keeps for the tax office."""
        return self.payable if self.receivable is None else self.receivable


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """`invoice.toml`: an issued document. `ledger_head` is the chain's head before it, printed in its footer."""

    schema: int = key("version of this file's form", default=1)
    number: str = key("BT-1")
    kind: Kind = key("BT-3", default="invoice")
    draft: str = key("id of the draft")
    issue_date: date = key("BT-2")
    due_date: date = key("BT-9")
    first: date = key("BT-73")
    last: date = key("BT-74")
    currency: str = key("BT-5")
    contract: str = key("BT-12")
    client_id: str = key("id of the client whose work it is")
    bill_to: str | None = key("id of the client who pays, where that is another one", default=None)
    payment_terms: str = key("BT-20")
    early_payment: EarlyPayment | None = key("less for paying early (BT-20)", one_line=True, default=None)
    order: str | None = key("BT-13", default=None)
    note: str | None = key("BT-22", default=None)
    payment_link: str | None = key("where the client can pay online", default=None)
    ledger_head: str = key("head of the ledger before this document, 12 characters")
    made_with: str = key("versions of git-bill, template and engine")
    show: tuple[str, ...] = key("what client documents show", default=("hours",))
    reverses: Reversal | None = key("what a credit note takes back (BG-3)", default=None)
    corrects: Correction | None = key("the invoice that it replaces (BG-3)", default=None)
    issuer: Issuer = key("BG-4")
    client: Client = key("BG-7")
    tax: Tax = key("tax treatment", one_line=True)
    allowances: tuple[Allowance, ...] = key("BG-20, BG-21", one_line=True, default=())
    exchange: Exchange | None = key("BT-6 and the rate of exchange", one_line=True, default=None)
    conversion: Conversion | None = key("what converted the agreed prices", one_line=True, default=None)
    annex: bool = key("the work stands on a timesheet behind it", default=False)
    attached: tuple[Attached, ...] = key("files that go with it (BG-24)", one_line=True, default=())
    legal: tuple[Note, ...] = key("what the law wants said (BG-1)", one_line=True, default=())
    lines: tuple[InvoiceLine, ...] = key("BG-25", default=())
    totals: Totals = key("BG-22")
    not_billed: Mapping[str, NotBilled] = key("listed and not billed", one_line=True, default_factory=dict)
