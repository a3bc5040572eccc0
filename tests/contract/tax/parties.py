"""Issuers and clients by country, and what the rules say of them."""

from datetime import date
from decimal import Decimal
from typing import Any

from git_bill.adapters.tables import vat_table
from git_bill.contract.agreement import TaxChoice
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.status import TaxStatus
from git_bill.contract.tax.treatment import Tax, decide
from git_bill.period import Period
from git_bill.problem import Problem

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
IDS = {"DE": "DE136695976", "AT": "ATU13585627", "FR": "FR40303265045", "GB": "GB980780684", "GR": "EL094259216"}
EU = sorted(code for code, country in vat_table().countries.items() if country.eu)


def issuer(country: str = "DE", **over: Any) -> Issuer:
    """One with an id of its country; `tax`: keys of `[issuer.tax]`."""
    status = over.pop("tax", {})
    vat_id = IDS.get(country, f"{country}123456789") if country in {*EU, "GB"} else None
    given: dict[str, Any] = {"name": "Mira", "country": country, "timezone": "Europe/Berlin", "vat_id": vat_id}
    return Issuer(**given | {"tax_number": "12/345"} | over, tax=TaxStatus(**status))


def client(country: str = "DE", **over: Any) -> Client:
    vat_id = IDS.get(country, f"{country}123456789") if country in {*EU, "GB"} else None
    return Client(**{"name": "Acme", "country": country, "vat_id": vat_id} | over)


def decided(seller: Issuer, buyer: Client, period: Period = OCTOBER, **more: Any) -> Tax:
    """The treatment; fails where there is none. `choice` and `supply` as for `decide`."""
    found = decide(seller, buyer, period, vat_table(), **more)
    assert isinstance(found, Tax), found
    return found


def asked(seller: Issuer, buyer: Client, period: Period = OCTOBER, **more: Any) -> Problem:
    """What a person is asked; fails where there is a treatment."""
    found = decide(seller, buyer, period, vat_table(), **more)
    assert isinstance(found, Problem), found
    return found


def on(year: int, month: int, day: int) -> Period:
    return Period(date(year, month, day), date(year, month, day))


def chosen(**given: Any) -> TaxChoice:
    return TaxChoice(because="advice of 3 March", **given)


def names(tax: Tax) -> list[tuple[str, Decimal]]:
    """Each component with its rate."""
    return [(each.name, each.rate) for each in tax.components]
