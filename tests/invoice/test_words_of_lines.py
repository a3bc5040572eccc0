"""Names of lines that nobody gave: in the client's language; those that somebody gave stay as they are."""

from dataclasses import replace

import pytest
from tests.invoice.conftest import World

from git_bill.adapters.tables import wording
from git_bill.contract.agreement import Contract
from git_bill.contract.terms import CallOut, Retainer, Rounding
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Draft
from git_bill.money import Money

CARE = Retainer(fee=Money.parse("800.00 EUR"), amount=Money.parse("800.00 EUR"))
VISIT = CallOut(fee=Money.parse("80.00 EUR"), activity=("development",))


def drafted(world: World, contract: Contract, language: str) -> Draft:
    """Five hours, as a client of that language reads them."""
    basis: Basis = world.basis(world.entry("W-a", 300), contract=contract)
    client = replace(basis.engagement.client, language=language)
    engagement = replace(basis.engagement, client=client)
    return world.draft(replace(basis, engagement=engagement, words=wording()))


@pytest.mark.parametrize(
    ("language", "retainer", "visit"),
    [
        ("en", "Retainer", "Call-out"),
        ("de-AT", "Monatspauschale", "Anfahrt"),
        ("fr", "Forfait mensuel", "Déplacement"),
        ("pl", "Abonament", "Dojazd"),
    ],
)
def test_a_line_without_a_name_of_its_own_is_in_the_clients_language(language: str, retainer: str, visit: str) -> None:
    world = World()
    held = world.contract(kind="retainer", retainer=CARE, rounding=Rounding())
    assert {line.description for line in drafted(world, held, language).lines if not line.entries} == {retainer}
    assert drafted(world, world.contract(call_out=VISIT), language).lines[-1].description == visit


def test_a_name_that_somebody_gave_stays() -> None:
    world = World()
    held = world.contract(kind="retainer", retainer=replace(CARE, name="Retainer"), rounding=Rounding())
    assert {line.description for line in drafted(world, held, "de").lines if not line.entries} == {"Retainer"}
    visit = world.contract(call_out=replace(VISIT, name="Call-out"))
    assert drafted(world, visit, "de").lines[-1].description == "Call-out"
