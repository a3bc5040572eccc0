"""Totals against the official test files, recomputed exactly."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from git_bill.contract.tax.levy import Surcharge, Withholding
from git_bill.contract.tax.treatment import Category, Tax
from git_bill.invoice.allowance import Allowance, of_document
from git_bill.invoice.draft import Exchange, Line
from git_bill.invoice.issued import Totals
from git_bill.invoice.totals import Sums, line_net, net_of, totals
from git_bill.money import Money

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "tax_vectors.json"


def test_the_half_cent_goes_up() -> None:
    """11.25 × 96.50 = 1085.625; Babel and half-even would say 1085.62."""
    assert line_net(Decimal("11.25"), Money.parse("96.50 EUR")) == Money.parse("1085.63 EUR")
    assert line_net(Decimal("-11.25"), Money.parse("96.50 EUR")) == Money.parse("-1085.63 EUR")


def summed(tax: Tax, *nets: str) -> Totals:
    amounts = [Money.parse(net) for net in nets]
    return totals(Sums(currency=amounts[0].currency, tax=tax, nets=[(tax, net) for net in amounts]))


def test_vat_is_taken_from_the_sum_and_not_per_line() -> None:
    """BR-CO-17: three lines of 0.05 at 19 % are 0.0285; of 0.08 the lines would give 0.06, their sum 0.05."""
    tax = Tax(category="S", rate=Decimal(19))
    assert summed(tax, *["0.05 EUR"] * 3).tax == Money.parse("0.03 EUR")
    assert summed(tax, *["0.08 EUR"] * 3).tax == Money.parse("0.05 EUR")


@pytest.mark.parametrize(
    ("currency", "net", "tax"),
    [("JPY", "1055 JPY", "106 JPY"), ("EUR", "1054.50 EUR", "105.45 EUR"), ("KWD", "1054.50 KWD", "105.45 KWD")],
)
def test_currencies_with_none_two_and_three_decimals(currency: str, net: str, tax: str) -> None:
    """BR-DEC: at most two decimals, also for the dinars with three."""
    line = line_net(Decimal(1), Money(Decimal("1054.5"), currency))
    assert line == Money.parse(net)
    assert str(line) == net
    assert summed(Tax(category="S", rate=Decimal(10)), str(line)).tax == Money.parse(tax)


def test_another_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="different currencies"):
        totals(Sums(currency="EUR", tax=Tax(category="O"), nets=[(Tax(category="O"), Money.parse("1.00 USD"))]))


def test_the_tax_is_told_in_the_accounting_currency() -> None:
    """BT-111, Directive 2006/112/EC Art. 230: 250.00 EUR of Danish VAT at 7.4600 are 1,865.00 DKK."""
    tax = Tax(category="S", rate=Decimal(25))
    rate = Exchange(currency="DKK", rate=Decimal("7.4600"), on=date(2026, 10, 30), source="ECB")
    found = totals(Sums(currency="EUR", tax=tax, nets=[(tax, Money.parse("1000.00 EUR"))], exchange=rate))
    assert str(found.exchanged_tax) == "1865.00 DKK"


def _vectors() -> list[Any]:
    if not VECTORS.exists():
        return []
    found = json.loads(VECTORS.read_text())["vectors"]
    return [pytest.param(v, id=v["id"]) for v in found if v["kind"] in {"en16931-arithmetic", "treatment"}]


def _tax(given: Any, expected: Any) -> Tax:
    category: Category = given.get("cat") or expected["category"]
    return Tax(category=category, rate=Decimal(given.get("rate") or expected.get("rate") or 0))


def _allowances(given: Any, currency: str, expected: Any) -> tuple[Allowance, ...]:
    return tuple(
        Allowance(
            charge=charge,
            reason="as agreed",
            percent=Decimal(each["pct"]) if "pct" in each else None,
            base=Money(Decimal(each["base"]), currency) if "base" in each else None,
            amount=None if "pct" in each else Money(Decimal(each["amount"]), currency),
            tax=_tax(each, expected) if "cat" in each else None,
        )
        for charge, key in ((False, "allowances"), (True, "charges"))
        for each in given.get(key) or ()
    )


def _line(given: Any, currency: str, expected: Any) -> Line:
    return Line(
        description="as agreed",
        quantity=Decimal(given["qty"]),
        unit_price=Money(Decimal(given["price"]), currency),
        base_quantity=Decimal(given.get("base_qty", 1)),
        allowances=_allowances(given, currency, expected),
        tax=_tax(given, expected),
    )


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared tax vectors are not on this machine")
@pytest.mark.parametrize("vector", _vectors())
def test_official_examples(vector: Any) -> None:
    given, expected = vector["input"], vector["expected"]
    currency = given["currency"]
    lines = [_line(each, currency, expected) for each in given["lines"]]
    nets = [(line.tax or Tax(category="O"), net_of(line)) for line in lines]
    prepaid, rounding = (Money(Decimal(given[k]), currency) if k in given else None for k in ("prepaid", "rounding"))
    allowances = of_document(_allowances(given, currency, expected), nets)
    found = totals(
        Sums(currency=currency, tax=nets[0][0], nets=nets, allowances=allowances, prepaid=prepaid, rounding=rounding)
    )
    if "line_nets" in expected:
        assert [net.amount for _, net in nets] == [Decimal(n) for n in expected["line_nets"]]
    for key, amount in (("allowance_total", found.allowances), ("charge_total", found.charges)):
        if key in expected:
            assert amount is not None
            assert amount.amount == Decimal(expected[key])
    assert found.net.amount == Decimal(expected["tax_exclusive"])
    assert found.tax.amount == Decimal(expected["tax"])
    assert found.gross.amount == Decimal(expected["tax_inclusive"])
    assert found.payable.amount == Decimal(expected.get("payable") or expected["amount_due_BT115"])
    if "vat" in expected:
        stated = {
            (v["cat"], Decimal(v.get("rate") or 0), Decimal(v["base"]), Decimal(v["tax"])) for v in expected["vat"]
        }
        assert {(g.category, g.rate, g.base.amount, g.tax.amount) for g in found.groups} == stated


def test_there_are_official_examples_where_the_data_is() -> None:
    assert not VECTORS.exists() or len(_vectors()) > 30


def test_nothing_is_withheld_of_what_was_paid_in_the_clients_name() -> None:
    """ES: IRPF 15 % is of the fee; suplidos are no income."""
    fee = Tax(category="S", rate=Decimal(21), withholding=(Withholding(name="IRPF", rate=Decimal(15)),))
    paid = Tax(category="E", reason_code="VATEX-EU-79-C", note="Suplido")
    nets = [(fee, Money.parse("1000.00 EUR")), (paid, Money.parse("100.00 EUR"))]
    found = totals(Sums(currency="EUR", tax=fee, nets=nets))
    assert (str(found.payable), str(found.withheld), str(found.receivable)) == (
        "1310.00 EUR",
        "150.00 EUR",
        "1160.00 EUR",
    )


def test_a_fund_takes_its_part_of_the_fee_alone_and_a_stamp_looks_at_all() -> None:
    """IT: INPS 4 % of 70.00, and the stamp for 90.00, for it is of sums without VAT together."""
    fund = Surcharge(name="Rivalsa INPS 4%", rate=Decimal(4))
    stamp = Surcharge(name="Imposta di bollo", amount=Money.parse("2.00 EUR"), above=Decimal("77.47"))
    fee = Tax(category="E", note="regime forfettario", surcharges=(fund, stamp))
    paid = Tax(category="E", reason_code="VATEX-EU-79-C", note="art. 15")
    nets = [(fee, Money.parse("70.00 EUR")), (paid, Money.parse("20.00 EUR"))]
    assert str(totals(Sums(currency="EUR", tax=fee, nets=nets)).charges) == "4.80 EUR"


@pytest.mark.parametrize(
    ("tax", "own", "charges", "vat", "withheld"),
    [
        (
            Tax(category="S", rate=Decimal(21), withholding=(Withholding(name="IRPF", rate=Decimal(15)),)),
            ("200.00 EUR",),
            "None",
            "42.00 EUR",
            "30.00 EUR",
        ),
        (
            Tax(
                category="S",
                rate=Decimal(22),
                surcharges=(Surcharge(name="Rivalsa INPS 4%", rate=Decimal(4), withheld=True),),
                withholding=(Withholding(name="Ritenuta d'acconto", rate=Decimal(20)),),
            ),
            ("200.00 EUR", "42.00 EUR"),  # kilometres are the issuer's own expense
            "9.68 EUR",
            "55.37 EUR",
            "50.34 EUR",
        ),
    ],
)
def test_funds_tax_and_withholding_beside_what_was_passed_through(
    tax: Tax, own: tuple[str, ...], charges: str, vat: str, withheld: str
) -> None:
    """50.00 EUR paid in the client's name are on the document and in none of the bases; its discount neither."""
    paid = Tax(category="E", reason_code="VATEX-EU-79-C", note="paid in your name")
    nets = [*((tax, Money.parse(net)) for net in own), (paid, Money.parse("50.00 EUR"))]
    found = totals(Sums(currency="EUR", tax=tax, nets=nets))
    assert (str(found.charges), str(found.tax), str(found.withheld)) == (charges, vat, withheld)
    off = Allowance(amount=Money.parse("100.00 EUR"), reason="Discount", tax=tax)
    less = totals(Sums(currency="EUR", tax=tax, nets=nets, allowances=(off,)))
    assert less.withheld is not None
    assert found.withheld is not None
    assert less.withheld < found.withheld
    of_paid = Allowance(amount=Money.parse("10.00 EUR"), reason="Discount", tax=paid)
    assert totals(Sums(currency="EUR", tax=tax, nets=nets, allowances=(of_paid,))).withheld == found.withheld
