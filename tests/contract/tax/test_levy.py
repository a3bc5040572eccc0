"""The arithmetic of several taxes, surcharges and withholding, each with a worked example from its source."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.contract.tax.levy import Component, Surcharge, Withholding, surcharged, taxed, withheld, withheld_net
from git_bill.money import Money, total

INPS = Surcharge(name="Rivalsa INPS 4%", rate=Decimal(4), withheld=True)
CASSA = Surcharge(name="Contributo integrativo cassa 5%", rate=Decimal(5))
STAMP = Surcharge(name="Imposta di bollo", amount=Money.parse("2.00 EUR"), above=Decimal("77.47"))
RITENUTA = Withholding(name="Ritenuta", rate=Decimal(20))


def euro(text: str) -> Money:
    return Money.parse(f"{text} EUR")


def test_irpf_is_of_the_net_after_discounts() -> None:
    """gobl examples/es/out/invoice-es-es-freelance.json: 1620.00, IVA 340.20, IRPF 243.00, paid 1717.20."""
    net, tax = euro("1620.00"), euro("340.20")
    [irpf] = withheld(net, tax, [Withholding(name="IRPF", rate=Decimal(15))])
    assert (irpf.base, irpf.rate, irpf.amount) == (net, Decimal(15), euro("243.00"))
    assert net + tax - irpf.amount == euro("1717.20")


def test_inps_enters_the_base_of_iva_and_of_the_ritenuta() -> None:
    """L. 662/1996 art. 1(212): 1000 + 40 = 1040, IVA 228.80, ritenuta 208.00, paid 1060.80."""
    net = euro("1000.00")
    [inps] = surcharged(net, [INPS])
    base = net + inps.amount
    [iva] = taxed(base, [Component(name="IVA", rate=Decimal(22))])
    [kept] = withheld(withheld_net(net, [INPS]), iva.amount, [RITENUTA])
    assert (inps.amount, iva.amount, kept.amount) == (euro("40.00"), euro("228.80"), euro("208.00"))
    assert base + iva.amount - kept.amount == euro("1060.80")


def test_a_cassas_contribution_is_taxed_and_not_withheld_from() -> None:
    """DPR 600/1973 art. 25, circ. 8/1996: 1000 + 50, IVA 231.00, ritenuta 200.00 of the fee alone."""
    net = euro("1000.00")
    [cassa] = surcharged(net, [CASSA])
    [iva] = taxed(net + cassa.amount, [Component(name="IVA", rate=Decimal(22))])
    [kept] = withheld(withheld_net(net, [CASSA]), iva.amount, [RITENUTA])
    assert (cassa.amount, iva.amount, kept.amount) == (euro("50.00"), euro("231.00"), euro("200.00"))


@pytest.mark.parametrize(
    ("net", "stamps"), [("77.47", []), ("77.48", ["2.00"]), ("125.00", ["2.00"]), ("-125.00", ["-2.00"])]
)
def test_the_stamp_is_due_above_its_threshold_and_taken_back_with_a_credit(net: str, stamps: list[str]) -> None:
    """DPR 642/1972 art. 13 of the tariff; gobl examples/it/out/flat-rate.json: 125.00 + 2.00 = 127.00."""
    assert [each.amount for each in surcharged(euro(net), [STAMP])] == [euro(amount) for amount in stamps]


def test_a_stamp_is_not_passed_on_in_another_currency() -> None:
    found = surcharged(Money.parse("500.00 USD"), [STAMP, INPS])
    assert [each.amount for each in found] == [Money.parse("20.00 USD")]


def test_each_of_two_taxes_is_rounded_by_itself() -> None:
    """CGST Act s. 170; gobl examples/in/out/invoice-in-in-stdr.json: 1710.00 gives 153.90 twice."""
    halves = (Component(name="CGST", rate=Decimal(9)), Component(name="SGST", rate=Decimal(9)))
    assert [each.amount.amount for each in taxed(Money.parse("1710.00 INR"), halves)] == [Decimal("153.90")] * 2
    assert [each.amount.amount for each in taxed(Money.parse("100.05 INR"), halves)] == [Decimal("9.00")] * 2


def test_recargo_de_equivalencia_stands_on_top() -> None:
    """gobl examples/es/out/invoice-es-es-tbai-equivalence.json: 500.00, IVA 105.00, recargo 26.00."""
    both = (Component(name="IVA", rate=Decimal(21)), Component(name="Recargo", rate=Decimal("5.2")))
    assert [each.amount for each in taxed(euro("500.00"), both)] == [euro("105.00"), euro("26.00")]


def test_four_fifths_of_data_processing_are_taxed_in_texas() -> None:
    """Tex. Tax Code § 151.351: of 1000.00 are 800.00 taxable, 66.00 at 8.25 %."""
    part = Component(name="Texas sales tax", rate=Decimal("8.25"), taxed=Decimal(80))
    [tax] = taxed(Money.parse("1000.00 USD"), [part])
    assert (tax.base, tax.amount) == (Money.parse("800.00 USD"), Money.parse("66.00 USD"))
    assert part.effective == Decimal("6.6")


@pytest.mark.parametrize(
    ("net", "isr", "kept"), [("10000.00", "10", ["1000.00", "1066.67"]), ("1000.00", "1.25", ["12.50", "106.67"])]
)
def test_two_thirds_of_the_iva_are_exact_thirds(net: str, isr: str, kept: list[str]) -> None:
    """LISR art. 106, 113-J, RLIVA art. 3: 10000.00 pays 9533.33; under RESICO 1000.00 pays 1040.83."""
    amount, iva = Money.parse(f"{net} MXN"), Money.parse(f"{net} MXN") * Decimal("0.16")
    rules = (
        Withholding(name="ISR", rate=Decimal(isr)),
        Withholding(name="IVA", rate=Decimal(2), over=Decimal(3), of="tax"),
    )
    found = withheld(amount, iva.rounded(), rules)
    assert [f"{each.amount.amount}" for each in found] == kept
    assert found[1].rate == Decimal("66.6667")
    paid = amount + iva.rounded() - total((each.amount for each in found), "MXN")
    assert paid.rounded().amount == Decimal({"10000.00": "9533.33", "1000.00": "1040.83"}[net])


def test_cis_is_of_the_labour_and_vat_of_all() -> None:
    """HMRC CISR13070: labour 500, materials 200, VAT 140, deducted 100, paid 740."""
    net, labour = Money.parse("700.00 GBP"), Money.parse("500.00 GBP")
    [vat] = taxed(net, [Component(name="VAT", rate=Decimal(20))])
    [cis] = withheld(net, vat.amount, [Withholding(name="CIS", rate=Decimal(20), of="labour")], labour=labour)
    assert (vat.amount.amount, cis.amount.amount) == (Decimal("140.00"), Decimal("100.00"))
    assert (net + vat.amount - cis.amount).amount == Decimal("740.00")


def test_nothing_is_withheld_up_to_a_threshold_or_of_nothing() -> None:
    rule = Withholding(name="Tax", rate=Decimal(20), above=Decimal(300))
    assert withheld(euro("300.00"), euro("72.00"), [rule]) == ()
    assert len(withheld(euro("300.01"), euro("72.00"), [rule])) == 1
    assert withheld(euro("100.00"), euro("0.00"), [Withholding(name="IVA", rate=Decimal(1), of="tax")]) == ()


@given(cents=st.integers(-(10**12), 10**12), rates=st.lists(st.integers(1, 4000), min_size=1, max_size=4))
def test_taxes_of_a_credit_are_those_of_the_invoice_negated(cents: int, rates: list[int]) -> None:
    parts = [Component(name=str(n), rate=Decimal(rate) / 100) for n, rate in enumerate(rates)]
    net = Money(Decimal(cents).scaleb(-2), "EUR")
    there, back = taxed(net, parts), taxed(-net, parts)
    assert [each.amount for each in there] == [-each.amount for each in back]
    exact = sum((net.amount * part.rate / 100 for part in parts), Decimal(0))
    assert abs(total((each.amount for each in there), "EUR").amount - exact) <= Decimal("0.005") * len(parts)
