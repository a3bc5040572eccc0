"""A receipt: what was paid of an invoice, when and how, what else took it down, and what is still open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from git_bill.invoice.document.locale import amount_text, date_text, money_text
from git_bill.invoice.document.page_data import Total
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issued import Invoice
from git_bill.money import Money, total

_METHODS = frozenset({"bank", "debit"})  # that have a name of their own in each language


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Money of one day. `amount`: of the invoice, below zero where it went back. `sent`: as it came, in another
    currency. `method`: bank, debit, or in a person's words.
    """

    on: date
    amount: Money
    method: str = ""
    sent: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Of one invoice: asked = received + credited + discount + withheld + conceded + open, each in its currency.

    `credited`: by credit notes; `conceded`: small amounts that are not asked for any more. `left`: what came beside
    it and stays the client's credit.
    """

    received: tuple[Received, ...]
    credited: Money
    discount: Money
    withheld: Money
    conceded: Money
    open: Money
    left: tuple[Money, ...] = ()

    @property
    def on(self) -> date:
        """The day of the newest payment."""
        return max(each.on for each in self.received if each.amount.amount > 0)

    @property
    def paid(self) -> Money:
        """In all, less what went back."""
        return total((each.amount for each in self.received), self.open.currency)


def paid_whole(invoice: Invoice, on: date) -> Receipt:
    """As a person says it: all that the invoice asks for, by one payment."""
    nothing = Money.zero(invoice.currency)
    return Receipt(
        received=(Received(on=on, amount=invoice.totals.to_transfer),),
        credited=nothing,
        discount=nothing,
        withheld=nothing,
        conceded=nothing,
        open=nothing,
    )


def receipt_intro(receipt: Receipt, wording: Wording, language: str) -> Iterator[str]:
    """What came, whether anything is open, and what is left of it."""
    amount = money_text(receipt.paid, language)
    if len(receipt.received) == 1:
        yield wording.say("intro_receipt", language, amount=amount, date=date_text(receipt.on, language))
    else:
        yield wording.say("intro_receipt_sum", language, amount=amount)
    if receipt.open:
        yield wording.say("receipt_part", language, amount=money_text(receipt.open, language))
    else:
        yield wording.say("receipt_settled", language)
    for left in receipt.left:
        yield wording.say("receipt_left", language, amount=money_text(left, language))


def receipt_sums(receipt: Receipt, wording: Wording, language: str) -> Iterator[Total]:
    """Below what the invoice asks for: what took it down, and what is open."""
    for each in receipt.received:
        name = "receipt_back" if each.amount.amount < 0 else "receipt_paid"
        label = wording.say(name, language, date=date_text(each.on, language))
        sent = f"({money_text(each.sent, language)})" if each.sent is not None else ""
        told = [label, *filter(None, (_method(each, wording, language),))]
        yield _sum(f"{', '.join(told)} {sent}".strip(), -each.amount, language)
    for name in ("discount", "withheld", "credited", "conceded"):
        amount: Money = getattr(receipt, name)
        if amount:
            yield _sum(wording.say(f"receipt_{name}", language), -amount, language)
    opened = _sum(wording.say("receipt_open", language), receipt.open, language)
    yield {**opened, "currency": receipt.open.currency, "strong": True}


def _method(received: Received, wording: Wording, language: str) -> str:
    """A person's own words stay as they are."""
    known = received.method in _METHODS
    return wording.say(f"receipt_by_{received.method}", language) if known else printable(received.method)


def _sum(label: str, money: Money, language: str) -> Total:
    return {"label": label, "value": amount_text(money, language), "currency": "", "strong": False}
