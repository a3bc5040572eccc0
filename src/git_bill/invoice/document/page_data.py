"""What a page shows: the contract between the invoice and `templates/invoice.typ`, pure JSON.

Every string is one line, ready to show: amounts, dates and numbers are formatted for the reader's language,
text from outside went through `printable`. An empty string or list leaves its place out. The template
computes no amount.
"""

from typing import Literal, NotRequired, TypedDict


class Fact(TypedDict):
    """A label and its value: "Due date", "7 December 2026"."""

    label: str
    value: str


class Heads(TypedDict):
    """Heads of the columns. `net` names the currency: "Net EUR"."""

    no: str
    description: str
    quantity: str
    unit: str
    price: str
    tax: str
    net: str


class Line(TypedDict):
    """One line item. A column that is empty in every line is left out (except `description` and `net`).

    `detail`: the small print below the description, "WEB-12 · 6 entries · 5–9 Oct". `tax`: the rate, for
    invoices with several. `carried`: the sum of the nets up to and including this line, for the carry-over.
    """

    no: str
    description: str
    detail: str
    quantity: str
    unit: str
    price: str
    tax: str
    net: str
    carried: str


class Total(TypedDict):
    """One row of the sums, `strong` if it is the one that matters. `currency`: small before the value."""

    label: str
    value: str
    currency: str
    strong: bool


class Picture(TypedDict):
    """A picture beside the page, and what it shows in words."""

    file: str
    alt: str


class Code(TypedDict):
    """A QR code: `side` in modules without its quiet zone, `path` of the dark ones as SVG path data."""

    label: str
    alt: str
    side: int
    path: str


class Link(TypedDict):
    """A button that opens an address."""

    label: str
    url: str


class Payment(TypedDict):
    """How to pay: "Please pay EUR 1,666.00 by 7 December 2026", IBAN (in groups of four), BIC, reference."""

    heading: str
    facts: list[Fact]
    link: Link | None
    codes: list[Code]


class SlipWords(TypedDict):
    """The headings of a Swiss payment slip, as the standard words them."""

    payment_part: str
    account: str
    reference: str
    further: str
    currency: str
    amount: str
    receipt: str
    acceptance: str
    separate: str
    payable_by: str
    payable_by_blank: str


class Slip(TypedDict):
    """A Swiss payment slip. `account`, `debtor`: number, name, address; without a debtor a field is left to fill in."""

    words: SlipWords
    account: list[str]
    reference: str
    message: str
    debtor: list[str]
    currency: str
    amount: str
    code: Code


class AnnexRow(TypedDict):
    """A piece of work: "12 Oct 2026", "WEB-12 Checkout", small below it times of day and commits, "1 h 30 min"."""

    day: str
    what: str
    detail: str
    time: str


class AnnexGroup(TypedDict):
    """The work behind one line, and what it sums to."""

    head: str
    rows: list[AnnexRow]
    sum: str


class Annex(TypedDict):
    """A timesheet on pages of its own. `heads`: of the days and of the work."""

    title: str
    heads: list[str]
    groups: list[AnnexGroup]


class Signature(TypedDict):
    """A place to sign: whose it is, and what stands below the line."""

    name: str
    label: str


class Labels(TypedDict):
    """Words that the template places itself. `page` holds {page} and {pages}: "Page {page} of {pages}"."""

    page: str
    carried_forward: str
    brought_forward: str


class PageData(TypedDict):
    """A document on A4 or US Letter.

    With a `watermark` ("DRAFT, not an invoice") it is no invoice: `number` must be "", `payment` None, and
    the `title` must not claim to be one. `issuer`: the name, then address and contact, one line each.
    `client`: the lines in the envelope's window, `return_line` small above them; an estimate may have none,
    then the body moves up. `notes`: tax wording and the like. `legal`: what the law wants said at the end.
    `slip`: on a page of its own. `footer`: the issuer's legal lines.
    """

    language: str  # BCP 47: "de", "en-GB"
    direction: Literal["ltr", "rtl"]
    paper: Literal["a4", "us-letter"]
    accent: str  # "#0b5a6b"; dark enough to be read on white
    logo: Picture | None
    decimal: str  # the decimal mark of the figures below, "," or "."
    title: str
    number: str
    watermark: str
    issuer: list[str]
    return_line: str
    client: list[str]
    facts: list[Fact]
    intro: list[str]
    heads: Heads
    lines: list[Line]
    totals: list[Total]
    notes: list[str]
    payment: Payment | None
    legal: list[str]
    slip: Slip | None
    annex: Annex | None
    footer: list[str]
    ledger: str  # "Ledger 3f2a9c…"
    labels: Labels
    signatures: NotRequired[list[Signature]]  # of a timesheet
