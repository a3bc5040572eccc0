"""Currencies: agreed in euros, billed in dollars, VAT stated in euros, all from one rate that is written down."""

import tomllib
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from tests.stories.freelancer import Freelancer

from git_bill.adapters.pdf import text as text_of

pytestmark = pytest.mark.slow

RATES = """schema = 1
rates = [
    { on = 2026-10-30, base = "EUR", currency = "USD", rate = "1.0895", source = "my bank" },
    { on = 2026-10-30, base = "EUR", currency = "DKK", rate = "7.4600", source = "my bank" },
]
"""


def agree(mira: Freelancer, key: str) -> None:
    """One more key in Acme's contract."""
    client = mira.books / "billing" / "clients" / "acme.toml"
    text = client.read_text(encoding="utf-8")
    assert "\n[[contracts.rates]]" in text
    client.write_text(text.replace("\n[[contracts.rates]]", f"{key}\n\n[[contracts.rates]]", 1), encoding="utf-8")


def rates(mira: Freelancer) -> None:
    """Rates of her own bank."""
    (mira.books / "billing" / "rates.toml").write_text(RATES, encoding="utf-8")


def issued(mira: Freelancer, draft: str) -> dict[str, Any]:
    """The invoice as it is frozen."""
    done = mira.json("issue", draft)["issued"][0]
    path = mira.books / done["files"]["toml"]
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_agreed_in_euros_billed_in_dollars(mira: Freelancer) -> None:
    rates(mira)
    agree(mira, 'invoice_currency = "USD"')
    draft = mira.draft()
    assert draft["currency"] == "USD"
    assert {line["unit_price"] for line in draft["lines"]} == {"103.5025 USD"}
    review = mira.bill("show", draft["draft"]).stdout
    assert "Prices are agreed in EUR: 1 EUR = 1.0895 USD (my bank, 2026-10-30)" in review
    assert "VAT is also stated in EUR: 1 USD = 0.91785223 EUR (my bank, 2026-10-30)" in review
    invoice = issued(mira, draft["draft"])
    tax, stated = (invoice["totals"][name].split()[0] for name in ("tax", "exchanged_tax"))
    assert abs(float(tax) / 1.0895 - float(stated)) < 0.01
    assert invoice["conversion"] == {
        "currency": "EUR",
        "rate": "1.0895",
        "on": invoice["conversion"]["on"],
        "source": "my bank",
    }
    pdf = next((mira.books / "billing" / "invoices").rglob("invoice.pdf")).read_bytes()
    text = " ".join(text_of(pdf).split())
    assert "1 EUR = 1.0895 USD (my bank, 2026-10-30)" in text
    told = mira.bill("explain", invoice["number"], "--line", "1").stdout
    assert "95.00 EUR is 103.5025 USD at 1 EUR = 1.0895 USD (my bank, 2026-10-30)" in " ".join(told.split())
    assert mira.json("status")["receivables"][0]["open"].endswith(" USD")
    assert mira.bill("check").returncode == 0


def test_a_danish_issuer_states_vat_in_kroner_without_being_told(mira: Freelancer) -> None:
    rates(mira)
    settings = mira.books / "billing" / "billing.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[issuer]\n", '[issuer]\ncurrency = "DKK"\n', 1), encoding="utf-8")
    invoice = issued(mira, mira.draft()["draft"])
    assert invoice["exchange"]["currency"] == "DKK"
    assert invoice["totals"]["exchanged_tax"].endswith(" DKK")


def test_a_rate_that_nobody_knows_stops_the_draft_with_the_command(mira: Freelancer) -> None:
    agree(mira, 'invoice_currency = "ARS"')  # the Bank has none
    told = mira.json("draft", "--period", "2026-10", code=1)
    (problem,) = (p for p in told["problems"] if p["rule"] == "no-exchange-rate")
    assert problem["message"].endswith("the European Central Bank publishes none for ARS")
    assert problem["hint"].startswith("write your own into billing/rates.toml: ")
    assert mira.git(mira.books, "branch", "--list", "bill/*") == ""


def test_prices_with_tax_are_what_a_consumer_pays(mira: Freelancer) -> None:
    price = "99.99 EUR"
    client = mira.books / "billing" / "clients" / "acme.toml"
    agree(mira, 'prices = "gross"')
    text = client.read_text(encoding="utf-8").replace("95.00 EUR", price)
    client.write_text(text, encoding="utf-8")
    draft = mira.draft()
    invoice = issued(mira, draft["draft"])
    whole = Decimal(0)
    for line in invoice["lines"]:
        hours = Decimal(line["quantity"]) / Decimal(line.get("base_quantity", "1"))
        whole += (hours * Decimal("99.99")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert invoice["totals"]["payable"] == f"{whole} EUR"
    pdf = next((mira.books / "billing" / "invoices").rglob("invoice.pdf")).read_bytes()
    assert f"{price} with VAT" in " ".join(text_of(pdf).split())
