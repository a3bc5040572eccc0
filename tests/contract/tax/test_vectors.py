"""Worked examples with their sources, from the project's shared file: each gives the same treatment and amounts."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.contract.tax.parties import OCTOBER, chosen, client, decided, issuer, on

from git_bill.contract.tax.levy import Component, surcharged, taxed, withheld, withheld_net
from git_bill.contract.tax.treatment import Tax
from git_bill.money import Money, round_half_up, total

VECTORS = Path(__file__).parents[4] / "shared" / "data" / "tax_vectors.json"
FOUND = {v["id"]: v for v in json.loads(VECTORS.read_text())["vectors"]} if VECTORS.exists() else {}
TREATMENTS = [pytest.param(v, id=i) for i, v in FOUND.items() if v["kind"] == "treatment"]
pytestmark = pytest.mark.skipif(not FOUND, reason="the shared tax vectors are not on this machine")


def amounts(net: Money, tax: Tax, labour: Money | None = None) -> dict[str, Decimal]:
    """What a net comes to under a treatment."""
    base = total((net, *(each.amount for each in surcharged(net, tax.surcharges))), net.currency)
    parts = tax.components or (Component(name="VAT", rate=tax.rate),)
    levied = total((each.amount for each in taxed(base, parts)), net.currency)
    kept = withheld(withheld_net(net, tax.surcharges), levied, tax.withholding, labour=labour)
    paid = total((base, levied, *(-each.amount for each in kept)), net.currency)
    found = {each.name: each.amount.amount for each in kept}
    return {"net": base.amount, "tax": levied.amount, "gross": (base + levied).amount, "paid": paid.amount, **found}


def net_of(lines: list[dict[str, Any]], currency: str) -> Money:
    nets = (round_half_up(Decimal(line["qty"]) * Decimal(line["price"]), 2) for line in lines)
    return Money(sum(nets, Decimal(0)), currency)


@pytest.mark.parametrize("vector", TREATMENTS)
def test_treatments(vector: Any) -> None:
    given, expected = vector["input"], vector["expected"]
    seller, buyer = given["seller_country"], given["buyer_country"]
    title = vector["title"]
    status = {"fund": "inps"} if "INPS" in title else {}
    found = decided(
        issuer(
            seller,
            tax_scheme="small-business" if expected["category"] == "E" else "standard",
            tax=status,
        ),
        client(buyer) if given["buyer_vat_id"] else client(buyer, vat_id=None, business=given["buyer_business"]),
    )
    assert (found.category, found.rate) == (expected["category"], Decimal(expected["rate"] or 0))
    assert found.reason_code == expected["reason_code"]
    assert (expected["note_text"] or "") in (found.note or "")
    assert found.source
    sums = amounts(net_of(given["lines"], given["currency"]), found)
    assert sums["net"] == Decimal(expected["tax_exclusive"])
    assert sums["tax"] == Decimal(expected["tax"])
    assert sums["gross"] == Decimal(expected["tax_inclusive"]) == Decimal(expected["amount_due_BT115"])
    assert sums["paid"] == Decimal(expected["net_receivable"])


def engine(name: str) -> tuple[Any, Any]:
    return FOUND[name]["input"], FOUND[name]["expected"]


def test_b01_spanish_freelancer() -> None:
    given, expected = engine("B01")
    sums = amounts(Money.parse("1620.00 EUR"), decided(issuer("ES"), client("ES"), on(2022, 2, 1)))
    assert given["lines"][0]["net"] == "1620.00"
    assert sums["tax"] == Decimal(expected["tax"])
    assert sums["IRPF"] == Decimal(expected["retained_tax"])
    assert sums["paid"] == Decimal(expected["payable"])


def test_b05_canary_islands() -> None:
    given, _ = engine("B05")
    found = decided(issuer("ES", postcode="35001"), client("ES", postcode="38003"), on(2022, 2, 1))
    assert (found.category, found.rate) == ("L", Decimal(7))
    assert amounts(Money.parse(f"{given['lines'][0]['net']} EUR"), found)["tax"] == Decimal("113.40")


def test_b08_one_stop_shop() -> None:
    _, expected = engine("B08")
    seller = issuer("ES", legal_form="company", tax={"oss": True})
    buyer = client("PT", business=False, vat_id=None)
    found = decided(seller, buyer, on(2022, 2, 1), supply="electronic")
    assert (found.category, found.rate) == ("S", Decimal(23))
    assert amounts(Money.parse(f"{expected['sum']} EUR"), found)["tax"] == Decimal(expected["tax"])


def test_b13_forfettario() -> None:
    _, expected = engine("B13")
    found = decided(issuer("IT", tax_scheme="small-business"), client("IT"), on(2023, 8, 1))
    sums = amounts(Money.parse(f"{expected['sum']} EUR"), found)
    assert sums["paid"] == Decimal(expected["payable"]) == Decimal("127.00")


@pytest.mark.parametrize(
    ("name", "country", "currency"),
    [("B16", "GB", "GBP"), ("B25", "AE", "AED"), ("B26", "SG", "SGD"), ("B21", "PL", "PLN"), ("B03", "ES", "EUR")],
)
def test_other_engines_agree(name: str, country: str, currency: str) -> None:
    given, expected = engine(name)
    found = decided(
        issuer(country, legal_form="company"),
        client(given.get("customer", country)),
        on(*map(int, given["date"].split("-"))),
    )
    assert amounts(Money.parse(f"{expected['sum']} {currency}"), found)["tax"] == Decimal(expected["tax"])


def test_b15_within_an_indian_state() -> None:
    _, expected = engine("B15")
    found = decided(issuer("IN", region="KA"), client("IN", region="KA"), on(2022, 2, 1))
    assert [(each.name, each.rate) for each in found.components] == [("CGST", Decimal(9)), ("SGST", Decimal(9))]
    assert amounts(Money.parse("1710.00 INR"), found)["tax"] == Decimal(expected["tax"])


def test_b28_b30_what_only_a_person_knows() -> None:
    """Rates of islands and of another year are written into the client's file."""
    for name, country, rate in (("B28", "GR", "17"), ("B30", "CA", "8.5")):
        given, expected = engine(name)
        found = decided(issuer(country), client(country), OCTOBER, choice=chosen(category="S", rate=rate))
        net = Money.parse(f"{expected['sum']} {given['currency']}")
        assert amounts(net, found)["tax"] == Decimal(expected["tax"])


def test_d01_construction() -> None:
    given, expected = engine("D01")
    seller = issuer("GB", tax={"withholding": "cis-20"})
    net = Money.parse(f"{Decimal(given['labour']) + Decimal(given['materials'])} GBP")
    sums = amounts(net, decided(seller, client("GB")), Money.parse(f"{given['labour']} GBP"))
    assert sums["CIS deduction"] == Decimal(expected["cis_deduction"])
    assert sums["paid"] == Decimal(expected["cash_received"])


def test_d08_export_from_india() -> None:
    _, expected = engine("D08")
    found = decided(issuer("IN", region="KA", tax={"lut": "AD270326012345X"}), client("US"))
    assert (found.category, found.rate, found.note) == ("G", Decimal(expected["igst"]), expected["text"])
    assert found.must_state == ("LUT AD270326012345X",)


@pytest.mark.parametrize(("name", "tax"), [("D10", {}), ("D11", {"withholding": "resico"})])
def test_d10_d11_mexican_fees(name: str, tax: dict[str, Any]) -> None:
    given, expected = engine(name)
    sums = amounts(Money.parse(f"{given['net']} MXN"), decided(issuer("MX", tax=tax), client("MX")))
    assert sums["tax"] == Decimal(expected["iva"])
    assert sums["ISR"] == Decimal(expected["ret_isr"])
    assert sums["IVA retenido"] == Decimal(expected["ret_iva"])
    assert sums["paid"] == Decimal(expected["total"])


def test_d13_texas() -> None:
    given, expected = engine("D13")
    seller, buyer = issuer("US", region="TX"), client("US", region="TX")
    found = decided(seller, buyer, choice=chosen(combined_rate=given["combined_rate"]))
    sums = amounts(Money.parse(f"{given['charge']} USD"), found)
    assert (sums["tax"], sums["gross"]) == (Decimal(expected["tax"]), Decimal(expected["total"]))


def test_d15_d16_states_and_days_without_sales_tax() -> None:
    for name, state, period in (("D15", "WA", on(2025, 9, 30)), ("D16", "CA", OCTOBER)):
        given, expected = engine(name)
        found = decided(issuer("US", region=state), client("US", region=state), period)
        sums = amounts(Money.parse(f"{given['charge']} USD"), found)
        assert (found.category, sums["tax"], sums["gross"]) == (
            "O",
            Decimal(expected["tax"]),
            Decimal(expected["total"]),
        )


def test_d18_no_abn_quoted() -> None:
    given, expected = engine("D18")
    seller = issuer("AU", vat_id=None, tax_number=None, tax_scheme="small-business")
    sums = amounts(Money.parse(f"{given['net']} AUD"), decided(seller, client("AU")))
    assert sums["tax"] == Decimal(expected["gst"])
    assert sums["No-ABN withholding"] == Decimal(expected["withheld"])
    assert sums["paid"] == Decimal(expected["cash_received"])
