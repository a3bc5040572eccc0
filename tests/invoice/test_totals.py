"""Totals against the official test files, recomputed exactly."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from git_bill.contract.tax.treatment import Category, Tax
from git_bill.invoice.totals import line_net, totals
from git_bill.money import Money

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "tax_vectors.json"
PLAIN = {"currency", "type", "lines"}  # without allowances, charges, prepayments: those are not built yet


def test_the_half_cent_goes_up() -> None:
    """11.25 × 96.50 = 1085.625; Babel and half-even would say 1085.62."""
    assert line_net(Decimal("11.25"), Money.parse("96.50 EUR")) == Money.parse("1085.63 EUR")
    assert line_net(Decimal("-11.25"), Money.parse("96.50 EUR")) == Money.parse("-1085.63 EUR")


def test_vat_is_taken_from_the_sum_and_not_per_line() -> None:
    """BR-CO-17: three lines of 0.05 at 19 % are 0.0285; of 0.08 the lines would give 0.06, their sum 0.05."""
    tax = Tax(category="S", rate=Decimal(19))
    assert totals([Money.parse("0.05 EUR")] * 3, tax, "EUR").tax == Money.parse("0.03 EUR")
    assert totals([Money.parse("0.08 EUR")] * 3, tax, "EUR").tax == Money.parse("0.05 EUR")


@pytest.mark.parametrize(
    ("currency", "net", "tax"),
    [("JPY", "1055 JPY", "106 JPY"), ("EUR", "1054.50 EUR", "105.45 EUR"), ("KWD", "1054.50 KWD", "105.45 KWD")],
)
def test_currencies_with_none_two_and_three_decimals(currency: str, net: str, tax: str) -> None:
    """BR-DEC: at most two decimals, also for the dinars with three."""
    line = line_net(Decimal(1), Money(Decimal("1054.5"), currency))
    assert line == Money.parse(net)
    assert str(line) == net
    assert totals([line], Tax(category="S", rate=Decimal(10)), currency).tax == Money.parse(tax)


def test_another_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="different currencies"):
        totals([Money.parse("1.00 USD")], Tax(category="S", rate=Decimal(19)), "EUR")


def _vectors() -> list[Any]:
    if not VECTORS.exists():
        return []
    found = json.loads(VECTORS.read_text())["vectors"]
    plain = [
        v
        for v in found
        if v["kind"] == "en16931-arithmetic"
        and set(v["input"]) == PLAIN
        and len({(line["cat"], line.get("rate")) for line in v["input"]["lines"]}) == 1
        and not any(set(line) - {"qty", "unit", "price", "cat", "rate", "base_qty"} for line in v["input"]["lines"])
    ]
    plain += [v for v in found if v["kind"] == "treatment" and not v["input"]["charges"]]
    return [pytest.param(v, id=v["id"]) for v in plain]


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared tax vectors are not on this machine")
@pytest.mark.parametrize("vector", _vectors())
def test_official_examples(vector: Any) -> None:
    given, expected = vector["input"], vector["expected"]
    first = given["lines"][0]
    category: Category = first.get("cat") or expected["category"]
    rate = Decimal(first.get("rate") or expected.get("rate") or 0)
    nets = [
        line_net(Decimal(n["qty"]), Money(Decimal(n["price"]), given["currency"]), Decimal(n.get("base_qty", 1)))
        for n in given["lines"]
    ]
    found = totals(nets, Tax(category=category, rate=rate), given["currency"])
    if "line_nets" in expected:
        assert [net.amount for net in nets] == [Decimal(n) for n in expected["line_nets"]]
    assert found.net.amount == Decimal(expected["tax_exclusive"])
    assert found.tax.amount == Decimal(expected["tax"])
    assert found.gross.amount == Decimal(expected["tax_inclusive"])
    assert found.payable.amount == Decimal(expected.get("payable") or expected["amount_due_BT115"])


def test_there_are_official_examples_where_the_data_is() -> None:
    assert not VECTORS.exists() or len(_vectors()) > 20
