"""What clients keep of fees: only where the law says it is retained, and by that kind of client."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.contract.tax.parties import OCTOBER, asked, chosen, client, decided, issuer, on

from git_bill.adapters.tables import vat_table
from git_bill.contract.tax.levy import Withholding
from git_bill.contract.tax.treatment import open_questions


def kept(country: str, status: dict[str, Any] | None = None, **buyer: Any) -> list[tuple[str, str, str]]:
    there = buyer.pop("there", country)
    found = decided(issuer(country, region="KA", tax=status or {}), client(there, region="KA", **buyer))
    return [(each.name, f"{each.rate}/{each.over}", each.of) for each in found.withholding]


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("ES", [("IRPF", "15/100", "net")]),
        ("IT", [("Ritenuta d'acconto IRPEF", "20/100", "net")]),
        ("PT", [("IRS", "23/100", "net")]),
        ("GR", [("Παρακράτηση φόρου", "20/100", "net")]),
        ("MX", [("ISR", "10/100", "net"), ("IVA retenido", "2/3", "tax")]),
        ("GB", []),
        ("IN", []),
        ("AU", []),
        ("DE", []),
        ("FR", []),
    ],
)
def test_usual_rates_of_businesses_at_home(country: str, expected: list[tuple[str, str, str]]) -> None:
    assert kept(country) == expected


@pytest.mark.parametrize("country", ["ES", "IT", "PT", "GR", "MX"])
def test_consumers_clients_abroad_and_fees_of_companies_have_none(country: str) -> None:
    assert kept(country, business=False, vat_id=None) == []
    assert kept(country, there="US") == []
    assert decided(issuer(country, legal_form="company"), client(country)).withholding == ()


def test_only_companies_keep_in_mexico() -> None:
    """LISR art. 106, last paragraph: personas morales."""
    assert kept("MX", legal_form="person") == []


@pytest.mark.parametrize(
    ("country", "variant", "expected"),
    [
        ("MX", "resico", [("ISR", "1.25/100", "net"), ("IVA retenido", "2/3", "tax")]),
        ("IN", "professional", [("TDS", "10/100", "net")]),
        ("IN", "technical", [("TDS", "2/100", "net")]),
        ("GB", "cis-20", [("CIS deduction", "20/100", "labour")]),
        ("GB", "cis-30", [("CIS deduction", "30/100", "labour")]),
        ("GB", "none", []),
        ("ES", "none", []),
        ("ES", "usual", [("IRPF", "15/100", "net")]),
    ],
)
def test_a_variant_is_chosen_in_the_settings(country: str, variant: str, expected: list[tuple[str, str, str]]) -> None:
    assert kept(country, {"withholding": variant}) == expected


def test_an_unknown_variant_names_those_there_are() -> None:
    found = asked(issuer("ES", tax={"withholding": "startin"}), client("ES"))
    assert found.hint == 'did you mean withholding = "starting"? There is: none, starting, usual'


@pytest.mark.parametrize(("year", "rate"), [(2024, 7), (2026, 7), (2027, 15)])
def test_spains_seven_percent_end_with_the_second_year_after_the_first(year: int, rate: int) -> None:
    """RIRPF art. 95(1): the period of the start and the two following."""
    seller = issuer("ES", tax={"withholding": "starting", "since": date(2024, 3, 1)})
    [irpf] = decided(seller, client("ES"), on(year, 12, 1)).withholding
    assert irpf.rate == rate


def test_the_start_must_be_said() -> None:
    assert "since = 2026-01-01" in asked(issuer("ES", tax={"withholding": "starting"}), client("ES")).hint


@pytest.mark.parametrize(("day", "rate"), [((2024, 12, 31), 25), ((2025, 1, 1), 23)])
def test_portugals_rate_by_day(day: tuple[int, int, int], rate: int) -> None:
    """Lei 45-A/2024."""
    [irs] = decided(issuer("PT"), client("PT"), on(*day)).withholding
    assert irs.rate == rate


def test_greece_keeps_nothing_of_up_to_300_euro() -> None:
    [found] = decided(issuer("GR"), client("GR")).withholding
    assert found.above == 300


def test_small_businesses_are_not_withheld_from_unless_they_say_so() -> None:
    """L. 190/2014 art. 1(67); CIRS art. 101-B."""
    for country in ("IT", "PT"):
        assert decided(issuer(country, tax_scheme="small-business"), client(country)).withholding == ()
    usual = issuer("PT", tax_scheme="small-business", tax={"withholding": "usual"})
    assert [each.name for each in decided(usual, client("PT")).withholding] == ["IRS"]


def test_without_an_abn_nearly_half_is_kept() -> None:
    """TAA 1953 sch. 1 s. 12-190: 47 % above 75 AUD."""
    seller = issuer("AU", tax_number=None, tax_scheme="small-business")
    [found] = decided(seller, client("AU")).withholding
    assert (found.rate, found.above) == (Decimal(47), Decimal(75))
    assert decided(seller, client("AU", business=False)).withholding == ()


def test_a_person_decides_otherwise_for_one_client() -> None:
    seven = Withholding(name="IRPF", rate=Decimal(7))
    told = chosen(withholds=True, withholding=(seven,))
    assert decided(issuer("ES"), client("ES"), choice=told).withholding == (seven,)
    assert decided(issuer("ES"), client("ES"), choice=chosen(withholds=False)).withholding == ()
    assert decided(issuer("ES"), client("ES"), choice=told).category == "S"


def test_india_says_that_nothing_is_stated_while_nobody_chose() -> None:
    seller, buyer = issuer("IN", region="KA"), client("IN", region="KA")
    (question,) = open_questions(seller, buyer, OCTOBER, vat_table())
    assert (question.severity, question.rule) == ("warning", "withholding-unsaid")
    assert '"professional"' in question.hint
    for settled in (
        open_questions(issuer("IN", tax={"withholding": "none"}), buyer, OCTOBER, vat_table()),
        open_questions(seller, client("DE"), OCTOBER, vat_table()),
        open_questions(seller, buyer, OCTOBER, vat_table(), chosen(withholds=False)),
        open_questions(issuer("ES"), client("ES"), OCTOBER, vat_table()),
    ):
        assert list(settled) == []


def test_a_rule_that_is_not_certain_is_told_until_somebody_chose() -> None:
    """GR: the 20 % are kept of listed professions."""
    seller, buyer = issuer("GR"), client("GR")
    (doubt,) = open_questions(seller, buyer, OCTOBER, vat_table())
    assert (doubt.severity, doubt.rule) == ("warning", "tax-uncertain")
    assert doubt.message.startswith("check this with your adviser: Law 4172/2013 art. 64")
    for said in ("usual", "none"):
        assert not list(open_questions(issuer("GR", tax={"withholding": said}), buyer, OCTOBER, vat_table()))
    assert not list(open_questions(issuer("GR", legal_form="company"), buyer, OCTOBER, vat_table()))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"fund": "inps"}, [("Rivalsa INPS 4%", Decimal(4), True)]),
        ({"fund": "cassa", "fund_rate": Decimal(5)}, [("Contributo integrativo cassa 5%", Decimal(5), False)]),
        ({}, []),
    ],
)
def test_italian_funds(status: dict[str, Any], expected: list[tuple[str, Decimal, bool]]) -> None:
    for buyer in (client("IT"), client("DE")):
        found = decided(issuer("IT", tax=status), buyer)
        assert [(each.name, each.rate, each.withheld) for each in found.surcharges] == expected
    assert decided(issuer("DE", tax={"fund": "inps"}), client("DE")).surcharges == ()


def test_forfettari_add_fund_and_stamp() -> None:
    found = decided(issuer("IT", tax_scheme="small-business", tax={"fund": "inps"}), client("IT"))
    assert [each.name for each in found.surcharges] == ["Rivalsa INPS 4%", "Imposta di bollo"]
    assert found.must_state[0].startswith("Compenso non soggetto a ritenuta")
