"""Whether what a PDF states of itself is right: its arithmetic, and that a reader sees the same."""

from collections.abc import Iterator

from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.allowance import of_document, of_line, signed
from git_bill.invoice.document.attachment import StatedLine, Statement
from git_bill.invoice.document.locale import amount_text, date_text, days_text, money_text
from git_bill.invoice.totals import Sums, line_net, totals
from git_bill.money import Money, total
from git_bill.problem import Problem

_LONGEST = 48  # characters of a description in a list of checks


def line_problem(number: int, line: StatedLine, currency: str) -> Problem | None:
    """A net that is not what quantity, price and discounts give (BT-131), or not in the document's currency."""
    amounts = (line.net, line.unit_price, *(a.amount for a in line.allowances), *(a.base for a in line.allowances))
    if any(amount is not None and amount.currency != currency for amount in amounts):
        return _wrong("line-currency", f"line {number} is not in {currency}")
    if line.quantity is None or line.unit_price is None:
        return None
    if line.base_quantity <= 0:
        return _wrong("line-net", f"line {number} has a price per {line.base_quantity}")
    if any(a.amount is None for a in line.allowances):
        return _wrong("line-net", f"line {number} has a discount or surcharge without an amount")
    net = line_net(line.quantity, line.unit_price, line.base_quantity)
    net = total((net, *map(signed, of_line(line.allowances, net))), currency)
    if net == line.net:
        return None
    return _wrong("line-net", f"line {number} states {line.net}, its quantity and price come to {net}")


def total_problems(statement: Statement) -> Iterator[Problem]:
    """Totals that do not follow from the line nets (BR-CO-10 to 17)."""
    currency = statement.currency
    amounts = (*(line.net for line in statement.lines), *(a.amount for a in statement.allowances))
    if any(amount is None or amount.currency != currency for amount in amounts):
        return
    tax = statement.tax or Tax(category=statement.tax_category, rate=statement.tax_rate)
    nets = [(line.tax or tax, line.net) for line in statement.lines]
    right = totals(
        Sums(
            currency=currency,
            tax=tax,
            nets=nets,
            labour=statement.labour,
            allowances=of_document(statement.allowances, nets),
            prepaid=statement.totals.prepaid,
            rounding=statement.totals.rounding,
            exchange=statement.exchange,
        )
    )
    for name, said in _NAMES.items():
        stated, computed = getattr(statement.totals, name), getattr(right, name)
        if stated != computed:
            yield _wrong("total", f"the {said} is stated as {stated}, the lines come to {computed}")
    if statement.totals.groups != right.groups:
        yield _wrong("total", "the tax breakdown does not follow from the lines")


_NAMES = {
    "lines": "sum of the lines",
    "allowances": "sum of discounts",
    "charges": "sum of surcharges",
    "net": "total without tax",
    "tax": "tax",
    "exchanged_tax": "tax in the other currency",
    "gross": "total with tax",
    "payable": "amount due",
    "withheld": "amount that the client withholds",
    "receivable": "amount to transfer",
}


def unseen(statement: Statement, text: str) -> Iterator[Problem]:
    """What is stated as data and a reader of the PDF does not see. `text`: of the PDF."""
    seen = _squeezed(text)
    for what, shown in _visible(statement):
        if _squeezed(shown) not in seen:
            yield _wrong("not-shown", f"the PDF does not show the {what} that it carries as data: {shown}")


def _visible(statement: Statement) -> Iterator[tuple[str, str]]:
    language, sums = statement.language, statement.totals
    yield "number", statement.number
    yield "issuer", statement.issuer.name
    yield "client", statement.client.name
    yield "issue date", date_text(statement.issue_date, language)
    if statement.kind != "credit-note":
        yield "due date", date_text(statement.due_date, language)
    yield "service period", days_text(statement.first, statement.last, language)
    for number, line in enumerate(statement.lines, 1):
        yield f"description of line {number}", line.description
        yield f"net of line {number}", amount_text(line.net, language)
    yield "total without tax", amount_text(sums.net, language)
    yield "tax", amount_text(sums.tax, language)
    if sums.receivable is None:
        yield "amount due", money_text(sums.payable, language)
    else:
        yield "amount due", amount_text(sums.payable, language)
        yield "amount to transfer", money_text(sums.receivable, language)
    yield "ledger head", statement.ledger_head


def _squeezed(text: str) -> str:
    return "".join(text.split())


def sums_text(statement: Statement) -> str:
    """`1,400.00 + 19 % tax 266.00 = 1,666.00 EUR`"""
    sums = statement.totals
    rate = f"{statement.tax_rate.normalize():f} % tax" if statement.tax_rate else "no tax"
    return f"{_figure(sums.net)} + {rate} {_figure(sums.tax)} = {_figure(sums.gross)} {statement.currency}"


def line_text(number: int, line: StatedLine) -> str:
    """`line 1, WEB-5 Add totals: 12.5 h × 95.00 = 1,187.50 EUR`; without hours the net alone."""
    about = line.description if len(line.description) <= _LONGEST else line.description[: _LONGEST - 1].rstrip() + "…"
    words = f"line {number}, {about}: "
    if line.quantity is not None and line.unit_price is not None:
        base = f" / {line.base_quantity.normalize():f}" if line.base_quantity != 1 else ""
        unit = _UNITS.get(line.unit or "C62", "")
        words += f"{line.quantity.normalize():f}{unit} × {_figure(line.unit_price)}{base} = "
    return f"{words}{_figure(line.net)} {line.net.currency}"


_UNITS = {"HUR": " h", "MIN": " min", "DAY": " days", "C62": "", "KMT": " km", "SMI": " mi"}


def _figure(money: Money) -> str:
    return f"{money.amount:,f}"


def _wrong(rule: str, message: str) -> Problem:
    return Problem(rule=f"invoice-{rule}", message=message, hint="ask the issuer; do not pay before it is explained")
