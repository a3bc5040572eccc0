"""What a draft's amounts may be: none below nothing, but for what takes back, and none that no document can hold."""

from collections.abc import Iterator

from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.finding import Finding, finding
from git_bill.invoice.totals import draft_totals, net_of, other_amounts
from git_bill.money import DIGITS


def amount_findings(draft: Draft) -> Iterator[Finding]:
    """Nobody can pay less than nothing, nor what has more digits than an amount."""
    totals = draft_totals(draft)
    for amount in (*map(net_of, draft.lines), totals.lines, totals.gross):
        if abs(amount.amount) >= 10**DIGITS:
            message = f"{amount} has more than {DIGITS} digits before the point"
            yield finding("too-large", message, "look for a slip in a price or a quantity", at=())
            return
    payable = totals.payable
    if payable.amount < 0:
        message = f"the invoice asks the client to pay {payable}"
        hint = "put the rest of a deposit on another milestone; a credit note is what takes money back"
        yield finding("below-zero", message, hint, at=())
    elif not payable:
        hint = "nothing to do, if the client is to have it"
        yield finding("zero-total", "the invoice asks for nothing", hint, severity="warning", at=())
    for index, line in enumerate(draft.lines):
        if net_of(line).amount < 0 and not takes_back(line):
            message = f"line {index + 1} comes to {net_of(line)}: its discounts are more than it is"
            yield finding("below-zero", message, "lower them", at=("lines", index, "allowances"))


def form_findings(draft: Draft) -> Iterator[Finding]:
    """What is added up is in the draft's currency and in whole cents (BR-DEC); a line's days are in order (BR-30)."""
    for path, amount in other_amounts(draft):
        name, right = ".".join(map(str, path)), amount.rounded().amount
        if amount.currency != draft.currency:
            message = f"{name} is in {amount.currency}, the draft in {draft.currency}"
            yield finding("wrong-currency", message, f'{path[-1]} = "{right} {draft.currency}"', at=path)
        elif amount != amount.rounded():
            message = f"{name} is {amount}, which is no amount in whole cents (BR-DEC)"
            yield finding("not-in-cents", message, f'{path[-1]} = "{right} {draft.currency}"', at=path)
    for index, line in enumerate(draft.lines):
        if line.first and line.last and line.last < line.first:
            message = f"line {index + 1} ends ({line.last}) before it starts ({line.first}) (BR-30, BT-135)"
            yield finding("period", message, f"last = {line.first}", at=("lines", index, "last"))


def takes_back(line: Line) -> bool:
    """Whether a line stands against what was paid before, or takes back what a person says: below zero (BR-27)."""
    paid = any(item.startswith(("deduct:", "drawdown:")) for item in line.bills)
    said = bool(line.because) and not line.entries and not line.bills
    return line.quantity < 0 and (paid or said)
