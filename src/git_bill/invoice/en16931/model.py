"""The semantic model of EN 16931-1:2017: one record for each business group (BG), a field for each business term (BT).

Amounts are decimals in the document's currency (BT-5), except BT-111 (BT-6). What is None or empty is not stated.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from git_bill.invoice.en16931.parties import Address, Identifier, Party, Payee, TaxRepresentative
from git_bill.shape import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """BG-1."""

    text: str = key("BT-22")
    subject: str | None = key("BT-21, UNTDID 4451", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preceding:
    """BG-3: an invoice that this one is about."""

    number: str = key("BT-25")
    issue_date: date | None = key("BT-26", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """BG-14, BG-26."""

    first: date | None = key("BT-73, BT-134", default=None)
    last: date | None = key("BT-74, BT-135", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """BG-13."""

    name: str | None = key("BT-70", default=None)
    location: Identifier | None = key("BT-71", default=None)
    on: date | None = key("BT-72", default=None)
    address: Address | None = key("BG-15", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """BG-17: where to transfer to."""

    id: str = key("BT-84, the IBAN or another account number")
    holder: str | None = key("BT-85", default=None)
    bic: str | None = key("BT-86", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """BG-18."""

    number: str = key("BT-87, its last digits")
    holder: str | None = key("BT-88", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectDebit:
    """BG-19."""

    mandate: str | None = key("BT-89", default=None)
    creditor: str | None = key("BT-90", default=None)
    account: str | None = key("BT-91", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """BG-16."""

    means: str = key("BT-81, UNTDID 4461")
    text: str | None = key("BT-82", default=None)
    reference: str | None = key("BT-83", default=None)
    accounts: tuple[Account, ...] = key("BG-17", default=())
    card: Card | None = key("BG-18", default=None)
    debit: DirectDebit | None = key("BG-19", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """BG-20, BG-21, BG-27, BG-28: a discount or a surcharge, of a line without `category` and `rate`."""

    amount: Decimal = key("BT-92, BT-99, BT-136, BT-141")
    base: Decimal | None = key("BT-93, BT-100, BT-137, BT-142", default=None)
    percent: Decimal | None = key("BT-94, BT-101, BT-138, BT-143", default=None)
    category: str | None = key("BT-95, BT-102", default=None)
    rate: Decimal | None = key("BT-96, BT-103", default=None)
    reason: str | None = key("BT-97, BT-104, BT-139, BT-144", default=None)
    code: str | None = key("BT-98, BT-105, BT-140, BT-145", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """BG-22, with the total tax in two currencies."""

    lines: Decimal = key("BT-106")
    allowances: Decimal | None = key("BT-107", default=None)
    charges: Decimal | None = key("BT-108", default=None)
    net: Decimal = key("BT-109")
    gross: Decimal = key("BT-112")
    prepaid: Decimal | None = key("BT-113", default=None)
    rounding: Decimal | None = key("BT-114", default=None)
    payable: Decimal = key("BT-115")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxGroup:
    """BG-23. `rate` is None for what is outside the scope (BR-O-05)."""

    base: Decimal = key("BT-116")
    tax: Decimal = key("BT-117")
    category: str = key("BT-118, UNTDID 5305")
    rate: Decimal | None = key("BT-119", default=None)
    reason: str | None = key("BT-120", default=None)
    reason_code: str | None = key("BT-121, VATEX", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """BT-125: a file inside of the document."""

    content: bytes = key("BT-125")
    mime: str = key("BT-125-1")
    name: str = key("BT-125-2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """BG-24: what supports the invoice."""

    reference: str = key("BT-122")
    description: str | None = key("BT-123", default=None)
    url: str | None = key("BT-124", default=None)
    embedded: Embedded | None = key("BT-125", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """BG-29."""

    net: Decimal = key("BT-146")
    discount: Decimal | None = key("BT-147", default=None)
    gross: Decimal | None = key("BT-148", default=None)
    base_quantity: Decimal | None = key("BT-149", default=None)
    base_unit: str | None = key("BT-150", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """BG-32."""

    name: str = key("BT-160")
    value: str = key("BT-161")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """BG-31."""

    name: str = key("BT-153")
    description: str | None = key("BT-154", default=None)
    seller_id: str | None = key("BT-155", default=None)
    buyer_id: str | None = key("BT-156", default=None)
    standard_id: Identifier | None = key("BT-157", default=None)
    classes: tuple[Identifier, ...] = key("BT-158", default=())
    origin: str | None = key("BT-159", default=None)
    attributes: tuple[Attribute, ...] = key("BG-32", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """BG-25, with BG-30."""

    id: str = key("BT-126")
    note: str | None = key("BT-127", default=None)
    object: Identifier | None = key("BT-128", default=None)
    quantity: Decimal = key("BT-129")
    unit: str = key("BT-130, UNECE Rec 20")
    net: Decimal = key("BT-131")
    order_line: str | None = key("BT-132", default=None)
    accounting: str | None = key("BT-133", default=None)
    period: Period | None = key("BG-26", default=None)
    allowances: tuple[Change, ...] = key("BG-27", default=())
    charges: tuple[Change, ...] = key("BG-28", default=())
    price: Price = key("BG-29")
    category: str = key("BT-151, UNTDID 5305")
    rate: Decimal | None = key("BT-152", default=None)
    item: Item = key("BG-31")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """An invoice or a credit note."""

    number: str = key("BT-1")
    issue_date: date = key("BT-2")
    type: str = key("BT-3, UNTDID 1001")
    currency: str = key("BT-5, ISO 4217")
    tax_currency: str | None = key("BT-6", default=None)
    tax_date: date | None = key("BT-7", default=None)
    tax_date_code: str | None = key("BT-8, UNTDID 2005: 3, 35 or 432", default=None)
    due_date: date | None = key("BT-9", default=None)
    buyer_reference: str | None = key("BT-10", default=None)
    project: str | None = key("BT-11", default=None)
    contract: str | None = key("BT-12", default=None)
    order: str | None = key("BT-13", default=None)
    sales_order: str | None = key("BT-14", default=None)
    receipt: str | None = key("BT-15, receiving advice", default=None)
    despatch: str | None = key("BT-16, despatch advice", default=None)
    tender: str | None = key("BT-17", default=None)
    object: Identifier | None = key("BT-18", default=None)
    accounting: str | None = key("BT-19", default=None)
    terms: str | None = key("BT-20", default=None)
    notes: tuple[Note, ...] = key("BG-1", default=())
    process: str | None = key("BT-23", default=None)
    specification: str = key("BT-24")
    preceding: tuple[Preceding, ...] = key("BG-3", default=())
    seller: Party = key("BG-4")
    buyer: Party = key("BG-7")
    payee: Payee | None = key("BG-10", default=None)
    representative: TaxRepresentative | None = key("BG-11", default=None)
    delivery: Delivery | None = key("BG-13", default=None)
    period: Period | None = key("BG-14", default=None)
    payment: Payment | None = key("BG-16", default=None)
    allowances: tuple[Change, ...] = key("BG-20", default=())
    charges: tuple[Change, ...] = key("BG-21", default=())
    totals: Totals = key("BG-22")
    tax: Decimal | None = key("BT-110", default=None)
    exchanged_tax: Decimal | None = key("BT-111, in BT-6", default=None)
    tax_scheme: str = key("what the tax is called: VAT, or GST where a profile of PINT says so", default="VAT")
    groups: tuple[TaxGroup, ...] = key("BG-23", default=())
    documents: tuple[Document, ...] = key("BG-24", default=())
    lines: tuple[Line, ...] = key("BG-25", default=())
