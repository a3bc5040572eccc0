"""A draft's tax is the decided one; the exemption still holds; the document may be used where it is made."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.invoice.conftest import ACME, ISSUER, World

from git_bill.contract.tax.levy import Withholding
from git_bill.contract.tax.status import TaxStatus
from git_bill.contract.tax.treatment import Tax, decide
from git_bill.invoice.draft import Draft
from git_bill.invoice.tax_point import decided
from git_bill.invoice.taxing import tax_findings
from git_bill.money import Money
from git_bill.period import Period
from git_bill.problem import Problem

SMALL = replace(ISSUER, tax_scheme="small-business")
EXEMPT = Tax(category="E", note="Steuerbefreiung für Kleinunternehmer gemäß § 19 UStG", source="x")


@pytest.fixture
def world() -> World:
    return World()


def found(draft: Draft, basis: Any) -> list[tuple[str, str]]:
    return [(problem.rule, problem.severity) for _, problem in tax_findings(draft, basis)]


def abroad(country: str, **issuer: Any) -> dict[str, Any]:
    vat_id = f"{country}501964843"
    return {
        "issuer": replace(ISSUER, country=country, vat_id=vat_id, **issuer),
        "client": replace(ACME, country=country, vat_id=vat_id),
    }


def test_nothing_is_said_of_what_is_right(world: World) -> None:
    basis = world.basis(world.entry("W-a", 60))
    assert found(world.draft(basis), basis) == []


def test_withholding_is_part_of_the_treatment(world: World) -> None:
    """ES: the law's 15 % are missing in the draft, and one that is right has nothing wrong."""
    basis = world.basis(world.entry("W-a", 60), **abroad("ES"))
    draft = world.draft(basis)
    wrong = replace(draft, tax=Tax(category="S", rate=Decimal(21), source="x"))
    [(path, problem)] = tax_findings(wrong, basis)
    assert (path, problem.rule) == (("tax",), "tax-differs")
    assert "the rules give S 21 % and IRPF 15/100 withheld" in problem.message
    irpf = (Withholding(name="IRPF", rate=Decimal(15), law="RIRPF art. 95(1)"),)
    assert found(replace(draft, tax=replace(wrong.tax, withholding=irpf)), basis) == []


def test_problems_name_the_file_where_they_are_mended(world: World) -> None:
    client_side = decided(world.basis(client=replace(ACME, country="AT", vat_id=None)), World.period)
    assert isinstance(client_side, Problem)
    assert (client_side.file, client_side.at) == ("billing/clients/acme.toml", ("client", "country"))
    india = replace(ISSUER, country="IN", vat_id=None)
    unsaid = decided(world.basis(issuer=india, client=replace(ACME, country="US", vat_id=None)), World.period)
    assert isinstance(unsaid, Problem)
    assert unsaid.file == "billing/billing.toml"


@pytest.mark.parametrize(("before", "rules"), [("99900.00", []), ("99950.00", [("small-business-limit", "error")])])
def test_the_invoice_that_crosses_the_limit_of_the_year(
    world: World, before: str, rules: list[tuple[str, str]]
) -> None:
    """UStG § 19(1): 95.00 more than 99,900 stay below 100,000; credit notes and other years do not count."""
    basis = world.basis(world.entry("W-a", 60), issuer=SMALL)
    draft = replace(world.draft(basis), tax=EXEMPT)
    one = world.issue(draft, basis)
    first = replace(one, totals=replace(one.totals, net=Money.parse(f"{before} EUR")))
    earlier = replace(first, number="INV-2025-0001", issue_date=date(2025, 12, 31))
    told = replace(basis, invoices=(first, earlier))
    assert found(draft, told) == rules


def test_a_limit_is_the_small_businesses_alone(world: World) -> None:
    basis = world.basis(world.entry("W-a", 60))
    draft = world.draft(basis)
    one = world.issue(draft, basis)
    much = replace(one, totals=replace(one.totals, net=Money.parse("500000.00 EUR")))
    assert found(draft, replace(basis, invoices=(much,))) == []


@pytest.mark.parametrize(
    ("country", "said", "rules"),
    [
        ("PT", None, [("document-forbidden", "error")]),
        ("PT", "a copy of the recibo verde", [("document-forbidden", "info")]),
        ("IT", None, [("document-copy", "warning")]),
        ("BE", None, [("document-network", "warning")]),
        ("SE", None, []),
    ],
)
def test_what_the_document_is_worth(world: World, country: str, said: str | None, rules: list[tuple[str, str]]) -> None:
    basis = world.basis(world.entry("W-a", 60), **abroad(country, tax=TaxStatus(document=said)))
    tax = decide(basis.issuer, basis.engagement.client, World.period, basis.vat)
    assert isinstance(tax, Tax)
    assert found(replace(world.draft(basis), tax=tax), basis) == rules


def test_india_is_asked_without_being_held_up(world: World) -> None:
    sides = abroad("IN", region="KA")
    basis = world.basis(world.entry("W-a", 60), issuer=sides["issuer"], client=replace(sides["client"], region="KA"))
    tax = decide(basis.issuer, basis.engagement.client, Period(World.period.first, World.period.last), basis.vat)
    assert isinstance(tax, Tax)
    assert found(replace(world.draft(basis), tax=tax), basis) == [("withholding-unsaid", "warning")]
