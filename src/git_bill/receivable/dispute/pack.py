"""The evidence pack of a dispute as data: what the client, a provider or a court may see, and nothing else.

It holds what the client's own documents say, the commits, tickets and reviews behind the disputed lines, and what was
said since. It never holds costs, ranges of estimates, other clients' work, or what a private calendar calls a thing.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from git_bill.invoice.document.attachment import Party
from git_bill.invoice.draft import Unit
from git_bill.money import Money
from git_bill.receivable.dispute.record import Channel, Opener, Result, Why
from git_bill.shape import Minutes, key

NAME = "evidence.json"
_SHA = "[0-9a-f]{64}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of work behind a line, as the contract shows work to the client. `facts`: commits and reviews."""

    day: date = key("day of the work")
    by: str = key("who worked")
    ticket: str = key("its ticket", default="")
    activity: str = key("task code")
    what: str = key("what was done", default="")
    minutes: Minutes | None = key("billed time, where the contract shows hours", default=None)
    times: tuple[str, ...] = key("times of day, where it shows times", default=())
    facts: tuple[str, ...] = key("commits and reviews behind it", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLine:
    """A line that is disputed. `reason`: why it costs what it costs, as it was frozen."""

    number: int = key("number on the invoice")
    description: str = key("BT-153")
    quantity: Decimal | None = key("BT-129", default=None)
    unit: Unit | None = key("BT-130", default=None)
    unit_price: Money | None = key("BT-146", default=None)
    net: Money = key("BT-131")
    reason: str = key("why it costs that", default="")
    work: tuple[Piece, ...] = key("the work behind it", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit behind a disputed line. `pull`: the pull request that it came with."""

    commit: str = key("source and id", example='"web-shop:3f2a9c1d4e5f"')
    at: datetime = key("its author's time")
    author: str = key("who made it")
    subject: str = key("first line of its message", default="")
    pull: str = key("pull request", example='"#12"', default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackTicket:
    """A ticket that the work names, as the tracker had it last."""

    ticket: str = key("its key", example='"WEB-5"')
    title: str = key("its title", default="")
    state: str = key("open or closed", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackReview:
    """A review of a pull request with such a commit."""

    pull: str = key("pull request", example='"#12"')
    by: str = key("who reviewed")
    at: datetime = key("when")
    verdict: str = key("what was said of it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who stood by the invoice before it was issued. `sha256`: of the file that shows it."""

    what: Literal["merged", "signed-off", "client", "timesheet"] = key("what it is")
    who: str = key("who", default="")
    at: datetime | None = key("when it was recorded", default=None)
    ref: str = key("where it stands", default="")
    sha256: str | None = key("hash of the file", pattern=_SHA, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How the invoice was delivered, attempt by attempt."""

    on: date = key("the day")
    via: str = key("mail, portal, post, or a network")
    state: str = key("what became of it")
    ref: str = key("what the other side calls it", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said and done about the dispute, in order."""

    on: date = key("the day")
    what: str = key("objection, answer, reply, escalate, resolve, withdraw")
    text: str = key("in whose words it was said", default="")
    files: tuple[str, ...] = key("SHA-256 of the files that belong to it", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Money for the invoice, or a credit note on it. Below zero: it went back."""

    on: date = key("the day")
    what: Literal["payment", "chargeback", "refund", "credit-note", "set-off"] = key("what it is")
    amount: Money = key("of the invoice")
    ref: str = key("number of the credit note", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Where the ledger records the invoice, and how anyone checks it."""

    printed: str = key("head of the ledger that the invoice prints")
    recorded: str | None = key("hash of the line that records it", pattern=_SHA, default=None)
    at: datetime | None = key("time of that line", default=None)
    head: str = key("head of the ledger as this was made", pattern=_SHA)
    files: tuple[str, ...] = key("`SHA-256  name` of the frozen files that are in the pack", default=())
    verify: tuple[str, ...] = key("commands that check it", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The invoice's money on `as_of`, with tax."""

    invoiced: Money = key("what was asked for")
    settled: Money = key("paid, less what was taken back")
    credited: Money = key("credit notes and set-offs")
    open: Money = key("what is open")
    disputed: Money = key("what this dispute is about")
    undisputed: Money = key("what is open and in no dispute")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed, as the invoice froze it."""

    contract: str = key("BT-12")
    order: str = key("BT-13", default="")
    payment_terms: str = key("BT-20")
    due: date = key("BT-9")
    early_payment: str = key("less for paying early", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """`evidence.json`. `whole`: all of the invoice is disputed. `language`: of the PDF beside it."""

    schema: int = key("version of this file's form", default=1)
    dispute: str = key("its id")
    invoice: str = key("number of the invoice (BT-1)")
    issued: date = key("BT-2")
    first: date = key("BT-73")
    last: date = key("BT-74")
    language: str = key("language of the PDF")
    issuer: Party = key("BG-4")
    client: Party = key("BG-7")
    as_of: date = key("day of the books that it is made from")
    reason: Why = key("what the dispute is about")
    opened_by: Opener = key("who opened it")
    on: date = key("since when")
    channel: Channel = key("how it reached the issuer")
    provider_reason: str = key("what the provider calls the reason", default="")
    evidence_due: date | None = key("last day on which the provider takes evidence", default=None)
    state: str = key("where the dispute stands")
    result: Result | None = key("how it ended", default=None)
    whole: bool = key("all of the invoice is disputed", default=False)
    sums: Sums = key("the money")
    terms: Terms = key("what was agreed")
    lines: tuple[PackLine, ...] = key("the disputed lines", default=())
    commits: tuple[Commit, ...] = key("commits behind them", default=())
    tickets: tuple[PackTicket, ...] = key("tickets behind them", default=())
    reviews: tuple[PackReview, ...] = key("reviews of their pull requests", default=())
    approvals: tuple[Approval, ...] = key("who stood by the invoice", default=())
    sent: tuple[Sent, ...] = key("how it was delivered", default=())
    said: tuple[Said, ...] = key("what was said", default=())
    paid: tuple[Paid, ...] = key("what was paid", default=())
    proof: Proof = key("how it can be checked")
