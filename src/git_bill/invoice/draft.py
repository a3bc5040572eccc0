"""The draft: one TOML file on a branch. It pins what it bills; nets and totals follow from it and are not stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from git_bill.contract.agreement import TERMS
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import EarlyPayment
from git_bill.invoice.allowance import Allowance
from git_bill.money import Money
from git_bill.shape import Minutes, key

Unit = Literal["HUR", "MIN", "DAY", "C62", "KMT", "SMI"]
Kind = Literal["invoice", "deposit", "part", "final", "credit-note", "simplified"]
Entries = Literal["rebill", "waive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """What a credit note takes back (BG-3), and what becomes of the entries and items that it takes off the invoice."""

    number: str = key("number of the invoice (BT-25)", example='"INV-2026-0032"')
    issue_date: date = key("its issue date (BT-26)", example="2026-11-02")
    entries: Entries = key("billed again with the next draft, or never", example='"rebill"')
    because: str | None = key("why, in words for the client", default=None)
    whole: bool = key("takes back all of it: a cancellation", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The invoice that a replacement stands for (BG-3). Issuing the draft issues the credit note that cancels it first.

    `client`: what is told of the client in another way than by its file.
    """

    number: str = key("number of the cancelled invoice (BT-25)", example='"INV-2026-0032"')
    issue_date: date = key("its issue date (BT-26)", example="2026-11-02")
    credit_note: str | None = key("the credit note that cancels it, once issued (BT-25)", default=None)
    because: str | None = key("why, in words for the client", default=None)
    client: Mapping[str, str] = key("other data of the client", example='{ street = "Ring 5" }', default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line item (BG-25): `quantity` × `unit_price` ÷ `base_quantity` is its net. Minutes are in MIN per 60.

    `raw` is the worked time before rounding. `entries` pins the billed entries and how many of their minutes the
    line stands for; `bills` what else is billed with it, each once. `because` is a person's reason for billing more
    than these say. A line that takes back has a negative quantity, never a negative price (BR-27). On a credit note
    `credits` are lines of its invoice (`"2" = "95.00 EUR"`), entries and items those that come off it.
    """

    description: str = key("what was done (BT-153)", example='"WEB-12 Checkout"')
    detail: str | None = key("more about it (BT-154)", default=None)
    quantity: Decimal = key("how much (BT-129)", example='"12.5"')
    unit: Unit = key("UNECE Rec 20 code (BT-130)", example='"HUR"', default="HUR")
    unit_price: Money = key("net price (BT-146)", example='"95.00 EUR"')
    base_quantity: Decimal = key("how many units the price is for (BT-149)", default=Decimal(1))
    agreed: Money | None = key("price as agreed, where that is with tax or in another currency", default=None)
    allowances: tuple[Allowance, ...] = key("discounts and surcharges of this line", one_line=True, default=())
    tax: Tax | None = key("its own tax treatment, where it is not the draft's", one_line=True, default=None)
    first: date | None = key("first day of the work (BT-134)", default=None)
    last: date | None = key("last day of the work (BT-135)", default=None)
    raw: Minutes | None = key("worked time before rounding", example='"12h18m"', default=None)
    reason: str = key("why it costs what it costs", default="")
    because: str | None = key("a person's reason for billing more than its entries", default=None)
    entries: Mapping[str, Minutes] = key("pinned entries and their worked minutes", default_factory=dict)
    bills: tuple[str, ...] = key("what else it bills", example='["milestone:beta"]', default=())
    credits: Mapping[str, Money] = key("lines that it credits, and how much of each", default_factory=dict)
    set: tuple[str, ...] = key("what a person changed; such a line is never written again", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A rate of exchange as it was used: one unit of the document's currency is `rate` units of `currency`."""

    currency: str = key("ISO 4217 code (BT-6)", example='"DKK"', pattern=r"[A-Z]{3}")
    rate: Decimal = key("units of it for one unit of the document's currency", example='"7.4600"')
    on: date = key("the day the rate is of", example="2026-10-30")
    source: str = key("who published it", example='"ECB"')

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A rate is positive."""
        if self.rate <= 0:
            yield "rate", f"the rate {self.rate} is not positive", 'write it like rate = "7.4600"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """The rate that agreed prices were converted with: one unit of `currency` is `rate` units of the document's."""

    currency: str = key("ISO 4217 code of the contract's prices", example='"EUR"', pattern=r"[A-Z]{3}")
    rate: Decimal = key("units of the document's currency for one of it", example='"1.0895"')
    on: date = key("the day the rate is of", example="2026-10-30")
    source: str = key("who published it", example='"ECB"')

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A rate is positive."""
        if self.rate <= 0:
            yield "rate", f"the rate {self.rate} is not positive", 'write it like rate = "1.0895"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that goes with the document (BG-24). It lies on the books branch; approving the draft approves it."""

    kind: Literal["receipt", "timesheet", "order", "other"] = key("what it is", example='"receipt"')
    name: str = key("its name for the client (BT-122)", example='"hotel.pdf"')
    file: str = key("where it lies")
    sha256: str = key("hash of its bytes", pattern="[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBilled:
    """An entry, or part of it, that the draft lists and does not bill."""

    minutes: Minutes = key("time that is not billed", example='"2h"')
    because: str = key("the reason", example='"cap"')
    then: Literal["carry", "waive"] = key("comes back with the next draft, or never", default="carry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`billing/drafts/<name>.toml`. `id` is made once and binds the number later."""

    schema: int = key("version of this file's form", default=1)
    id: str = key("made once", example='"D-k3v9q2m7x4ab"')
    kind: Kind = key("what it becomes (BT-3)", default="invoice")
    client: str = key("id of the client", example='"acme"')
    contract: str = key("the contract it is billed under", example='"acme-2026"')
    first: date = key("first day billed", example="2026-10-01")
    last: date = key("last day billed", example="2026-10-31")
    currency: str = key("ISO 4217 code (BT-5)", example='"EUR"', pattern=r"[A-Z]{3}")
    payment_terms: str = key("when payment is due", example='"30 days"', pattern=TERMS)
    early_payment: EarlyPayment | None = key("less for paying early", one_line=True, default=None)
    order: str | None = key("the client's purchase order (BT-13)", default=None)
    note: str | None = key("a sentence for the client (BT-22)", default=None)
    hold: str | None = key("why it has to wait: it can't be issued while this stands", default=None)
    proposed: tuple[str, ...] = key("comments in which the client asks for changes, not answered yet", default=())
    answered: tuple[str, ...] = key("comments that were carried out; none is carried out twice", default=())
    bill_to: str | None = key("id of the client who pays, where that is another one", default=None)
    reverses: Reversal | None = key("what a credit note takes back", default=None)
    corrects: Correction | None = key("the invoice that it replaces", default=None)
    tax: Tax = key("tax treatment of all lines", one_line=True)
    allowances: tuple[Allowance, ...] = key("discounts and surcharges of the whole", one_line=True, default=())
    prepaid: Money | None = key("what was paid before (BT-113)", default=None)
    rounding: Money | None = key("what rounds the amount due (BT-114)", default=None)
    exchange: Exchange | None = key("the tax in another currency (BT-6, BT-111)", one_line=True, default=None)
    conversion: Conversion | None = key("what converted the agreed prices", one_line=True, default=None)
    annex: bool = key("the work stands on a timesheet behind the invoice", default=False)
    attached: tuple[Attached, ...] = key("files that go with it", one_line=True, default=())
    partial: bool = key("bills some of the period's entries on purpose: others are no news", default=False)
    set: tuple[str, ...] = key("what a person changed above; it is never written again", default=())
    lines: tuple[Line, ...] = key("line items", default=())
    not_billed: Mapping[str, NotBilled] = key("listed and not billed", one_line=True, default_factory=dict)
