"""What the disputed lines of an invoice are worth with tax, and which credit note gives an amount with tax up."""

from collections.abc import Sequence
from decimal import Decimal

from git_bill.invoice.crediting import Wish, credit
from git_bill.invoice.draft import Entries
from git_bill.invoice.issued import Invoice
from git_bill.invoice.totals import draft_totals
from git_bill.money import Money, minor_units
from git_bill.problem import Problem


def worth(invoice: Invoice, notes: Sequence[Invoice], lines: Sequence[int]) -> Money | Problem:
    """What a credit note on these lines (none: on all) would give back: the claim that is put in question.

    `notes`: the invoice's credit notes. It is less what the client keeps for the tax office, as it would be paid.
    """
    found = credit(invoice, notes, Wish(entries="waive", lines=tuple(lines)), draft_id="")
    return found if isinstance(found, Problem) else draft_totals(found).to_transfer


def wish_for(
    invoice: Invoice,
    notes: Sequence[Invoice],
    lines: Sequence[int],
    gross: Money,
    *,
    entries: Entries,
    because: str | None,
) -> Wish | Problem:
    """The credit note that gives up `gross` of these lines. A credit note states its net: the tax follows from it.

    Where no net comes to it exactly, that which comes nearest without giving up more.
    """
    whole = credit(invoice, notes, Wish(entries=entries, lines=tuple(lines)), draft_id="")
    if isinstance(whole, Problem):
        return whole
    sums = draft_totals(whole)
    if sums.to_transfer == gross:
        return Wish(entries=entries, lines=tuple(lines), because=because)
    if sums.to_transfer < gross:
        message = f"{gross} is more than {sums.to_transfer}, all that is left of it"
        hint = f"see what was credited: git bill explain {invoice.number}; if that gave it up: --no-credit"
        return Problem(rule="more-than-open", message=message, hint=hint)

    def given_up(units: int) -> tuple[Wish, Money | Problem]:
        """What so many cents of net come to with tax."""
        net = Money(Decimal(units).scaleb(-_decimals(gross)), gross.currency)
        wish = Wish(entries=entries, lines=tuple(lines), amount=net, because=because)
        made = credit(invoice, notes, wish, draft_id="")
        return wish, made if isinstance(made, Problem) else draft_totals(made).to_transfer

    low, high = 0, int(gross.amount.scaleb(_decimals(gross)) * 2)  # no tax doubles a price
    while high - low > 1:
        middle = (low + high) // 2
        amount = given_up(middle)[1]
        low, high = (middle, high) if isinstance(amount, Money) and amount <= gross else (low, middle)
    wish, amount = given_up(low or 1)
    if isinstance(amount, Problem):
        return amount
    if gross < amount:
        return Problem(rule="wrong-amount", message=f"no credit note comes to {gross}: the least is {amount}")
    return wish


def _decimals(amount: Money) -> int:
    """Decimals of what a document may state (BR-DEC)."""
    return min(2, minor_units(amount.currency))
