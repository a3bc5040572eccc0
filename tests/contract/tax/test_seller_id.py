"""Which number a taxed document must state of its seller."""

import pytest

from git_bill.contract.party import Issuer
from git_bill.contract.tax.case import Category
from git_bill.contract.tax.seller_id import lacks_seller_id, seller_id_example


def issuer(country: str, **over: str) -> Issuer:
    given = {"tax_scheme": "standard"} | over
    return Issuer(name="Mira", country=country, timezone="Europe/Berlin", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("who", "category", "lacks"),
    [
        (issuer("DE"), "S", True),
        (issuer("DE", registration="HRB 1234"), "E", True),
        (issuer("DE", tax_number="12/345/67890"), "S", False),
        (issuer("FR", tax_scheme="small-business"), "E", True),
        (issuer("FR", tax_scheme="small-business", registration="732829320"), "E", False),
        (issuer("FR", registration="732829320"), "S", True),
        (issuer("US"), "S", False),
        (issuer("US"), "O", False),
        (issuer("AU"), "S", True),
        (issuer("AU", registration="51 824 753 556"), "S", False),
        (issuer("AU", registration="004 085 616"), "S", True),
    ],
)
def test_who_must_add_a_number(who: Issuer, category: Category, *, lacks: bool) -> None:
    assert lacks_seller_id(who, category) == lacks


@pytest.mark.parametrize(
    ("country", "says"), [("DE", "DE136695976"), ("FR", "SIREN"), ("AU", "ABN"), ("IN", "GSTIN"), ("PL", "vat_id")]
)
def test_the_hint_names_what_the_country_uses(country: str, says: str) -> None:
    example = seller_id_example(issuer(country, tax_scheme="small-business"), "E")
    assert says in example
    assert ("DE136695976" in example) == (country == "DE")
