"""The open side of matching: an invoice and what a remittance for it may look like."""

from dataclasses import dataclass
from datetime import date

from git_bill.contract.terms import EarlyPayment
from git_bill.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An invoice that may be paid. One that is paid is listed with `open` zero: a second payment is then seen as one.

    `client`: id of who pays (BT-7's, or who the bill goes to). `open`: what is left to be transferred; below zero for
    a credit note that may be set off. `withheld`: what the client may still keep of it for the tax office.
    `references`: structured ones printed on it (ISO 11649, QRR). `links`: ids of its payment link at a provider.
    """

    number: str
    client: str
    names: tuple[str, ...]
    accounts: tuple[str, ...] = ()
    open: Money
    gross: Money
    issued: date
    due: date
    early: EarlyPayment | None = None
    withheld: Money | None = None
    order: str = ""
    references: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
