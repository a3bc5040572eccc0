"""A statement is recomputed to the cent, and compared with what a reader sees."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.flows.issued_pdf import to_client
from tests.flows.shelf import line

from git_bill.invoice.document.attachment import StatedLine, Statement, attachment, read_statement
from git_bill.invoice.statement import line_problem, line_text, sums_text, total_problems, unseen
from git_bill.money import Money

TEXT = """Mira Kovac Software · Acme GmbH · Rechnung INV-2026-0032 · 2. November 2026 · 2. Dezember 2026 · Oktober 2026
WEB-5 Add totals 2 Std. 95,00 190,00 · WEB-12 Cart 12,5 Std. 95,00 1.187,50
Nettobetrag 1.377,50 Umsatzsteuer 19 % 261,73 Gesamtbetrag EUR 1.639,23
Bitte überweisen Sie 1.639,23 EUR · Journal 000000000000"""


@pytest.fixture
def statement() -> Statement:
    lines = (line("2"), line("12.5", description="WEB-12 Cart", entries={}))
    found = read_statement(attachment(to_client(*lines), {}), "a.pdf").value
    assert found is not None
    return found


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def test_a_right_statement(statement: Statement) -> None:
    assert [line_problem(n, item, "EUR") for n, item in enumerate(statement.lines, 1)] == [None, None]
    assert tuple(total_problems(statement)) == ()
    assert tuple(unseen(statement, TEXT)) == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"net": eur("190.01")}, "line 1 states 190.01 EUR, its quantity and price come to 190.00 EUR"),
        ({"quantity": Decimal("2.01")}, "line 1 states 190.00 EUR, its quantity and price come to 190.95 EUR"),
        ({"base_quantity": Decimal(0)}, "line 1 has a price per 0"),
        ({"net": Money(Decimal("190.00"), "USD")}, "line 1 is not in EUR"),
    ],
)
def test_a_wrong_line(statement: Statement, change: dict[str, object], message: str) -> None:
    wrong = line_problem(1, replace(statement.lines[0], **change), "EUR")  # type: ignore[arg-type]
    assert wrong is not None
    assert wrong.message == message


def test_minutes_at_a_price_of_an_hour(statement: Statement) -> None:
    fifty = replace(statement.lines[0], quantity=Decimal(50), unit="MIN", base_quantity=Decimal(60), net=eur("79.17"))
    assert line_problem(1, fifty, "EUR") is None
    assert line_text(1, fifty) == "line 1, WEB-5 Add totals: 50 min × 95.00 / 60 = 79.17 EUR"


def test_a_line_without_hours_can_only_state_its_net(statement: Statement) -> None:
    hidden = replace(statement.lines[0], quantity=None, unit=None, unit_price=None)
    assert line_problem(1, hidden, "EUR") is None
    assert line_text(1, hidden) == "line 1, WEB-5 Add totals: 190.00 EUR"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lines", "the sum of the lines is stated as 1377.51 EUR, the lines come to 1377.50 EUR"),
        ("tax", "the tax is stated as 261.74 EUR, the lines come to 261.73 EUR"),
        ("gross", "the total with tax is stated as 1639.24 EUR, the lines come to 1639.23 EUR"),
        ("payable", "the amount due is stated as 1639.24 EUR, the lines come to 1639.23 EUR"),
    ],
)
def test_a_wrong_total(statement: Statement, name: str, message: str) -> None:
    cent_more = getattr(statement.totals, name) + eur("0.01")
    wrong = replace(statement, totals=replace(statement.totals, **{name: cent_more}))
    assert [p.message for p in total_problems(wrong)] == [message]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda text: text.replace("INV-2026-0032", "INV-2026-0033"), "number"),
        (lambda text: text.replace("Acme GmbH", "Beta GmbH"), "client"),
        (lambda text: text.replace("2. Dezember", "9. November"), "due date"),
        (lambda text: text.replace("Oktober", "September"), "service period"),
        (lambda text: text.replace("1.187,50", "1.287,50"), "net of line 2"),
        (lambda text: text.replace("WEB-12 Cart", "WEB-12 Card"), "description of line 2"),
        (lambda text: text.replace("1.639,23 EUR", "1.739,23 EUR"), "amount due"),
        (lambda text: text.replace("261,73", "262,73"), "tax"),
        (lambda text: text.replace("0" * 12, "1" * 12), "ledger head"),
    ],
)
def test_a_pdf_that_shows_something_else(statement: Statement, change: Callable[[str], str], what: str) -> None:
    [wrong] = unseen(statement, change(TEXT))
    assert wrong.message.startswith(f"the PDF does not show the {what} that it carries as data: ")


def test_texts(statement: Statement) -> None:
    assert sums_text(statement) == "1,377.50 + 19 % tax 261.73 = 1,639.23 EUR"
    long: StatedLine = replace(statement.lines[0], description="x" * 90)
    assert line_text(3, long) == f"line 3, {'x' * 47}…: 2 h × 95.00 = 190.00 EUR"
