"""Deposits that invoices billed, and what is left of them to be deducted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from git_bill.invoice.allowance import signed
from git_bill.invoice.as_agreed import agreed_line
from git_bill.invoice.draft import Line
from git_bill.invoice.issued import Invoice, InvoiceLine
from git_bill.money import Money, split, total

DEPOSIT, DEDUCTED = "deposit:", "deduct:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """What is left of a deposit. It is deducted as `deduct:start`, a part of it as `deduct:start:1`.

    `agreed`: in the contract's currency; `billed`: as its invoice stated it, without tax. Both with its part of the
    discounts and surcharges of that invoice. `parts`: how often some of it was deducted.
    """

    name: str
    invoice: Invoice
    line: InvoiceLine
    agreed: Money
    billed: Money
    parts: int

    def worth(self, part: Money) -> Money:
        """What a part was billed at. The last part is what is left, so all of them are what was billed."""
        if part == self.agreed:
            return self.billed
        return Money(part.amount * self.billed.amount / self.agreed.amount, self.billed.currency).rounded()


def deposits(invoices: Sequence[Invoice], contract: str) -> Iterator[Deposit]:
    """Those of a client's standing invoices under a contract that are not deducted in full."""
    mine = [invoice for invoice in invoices if invoice.contract == contract]
    for invoice in mine:
        for line in invoice.lines:
            for paid in (each for each in line.bills if each.startswith(DEPOSIT)):
                name = DEDUCTED + paid.removeprefix(DEPOSIT)
                found = _left(name, invoice, line, [each for one in mine for each in one.lines if _is_of(each, name)])
                if found.agreed.amount > 0:
                    yield found


def deducted_with(invoices: Iterable[Invoice], contract: str, item: str) -> tuple[str, ...]:
    """Numbers of the standing invoices under a contract that take a deposit (`deposit:start`) off again."""
    name = DEDUCTED + item.removeprefix(DEPOSIT)
    mine = (invoice for invoice in invoices if invoice.contract == contract)
    return tuple(i.number for i in mine if any(_is_of(each, name) and each.net.amount < 0 for each in i.lines))


def is_deduction(line: Line | InvoiceLine) -> bool:
    """Whether a line takes a deposit off again."""
    return any(each.startswith(DEDUCTED) for each in line.bills)


def deducted_by(line: Line, open_ones: Iterable[Deposit]) -> Deposit | None:
    """The deposit that a line takes off."""
    return next((each for each in open_ones if _is_of(line, each.name)), None)


def _is_of(line: Line | InvoiceLine, name: str) -> bool:
    return any(each == name or each.startswith(f"{name}:") for each in line.bills)


def _left(name: str, invoice: Invoice, line: InvoiceLine, before: Sequence[InvoiceLine]) -> Deposit:
    billed = line.net + _share(invoice, line)
    part = billed.amount / line.net.amount if line.net else Decimal(0)
    at_price = agreed_line(line).net
    agreed = Money(at_price.amount * part, at_price.currency).rounded()
    left = total((agreed, *(agreed_line(each).net for each in before)), agreed.currency)
    if all(each.net.currency == billed.currency for each in before):
        rest = total((billed, *(each.net for each in before)), billed.currency)
    else:
        rest = Money(billed.amount * left.amount / agreed.amount, billed.currency).rounded()
    return Deposit(name=name, invoice=invoice, line=line, agreed=left, billed=rest, parts=len(before))


def _share(invoice: Invoice, line: InvoiceLine) -> Money:
    """A line's part of the discounts and surcharges of the whole, in proportion to the lines under the same tax."""
    tax = line.tax or invoice.tax
    others = [each for each in invoice.lines if (each.tax or invoice.tax) == tax]
    whole = total((signed(each) for each in invoice.allowances if (each.tax or invoice.tax) == tax), invoice.currency)
    weights = [max(each.net.amount, Decimal(0)) for each in others]
    return split(whole, weights)[others.index(line)] if whole and any(weights) else Money.zero(invoice.currency)
