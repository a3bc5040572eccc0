"""Whose record by hand a payment may be: never another client's."""

from datetime import UTC, date, datetime

import pytest

from git_bill.money import Money
from git_bill.receivable.booked import booked
from git_bill.receivable.matching.match import Unmatched
from git_bill.receivable.matching.open import Open
from git_bill.receivable.payment import Allocation, Payments
from git_bill.receivable.remittance import Remittance
from git_bill.receivable.told_before import ToldBefore

DAY, EUROS = date(2026, 11, 20), Money.parse("226.10 EUR")
RECORD = Remittance(id="R-aaaaaaaaaaaa", rail="hand", booked=DAY, amount=EUROS, payer="Acme GmbH", text="INV-1")


def bill(number: str, client: str, name: str) -> Open:
    return Open(number=number, client=client, names=(name,), open=EUROS * 0, gross=EUROS, issued=DAY, due=DAY)


OPENS = {each.number: each for each in (bill("INV-1", "acme", "Acme GmbH"), bill("INV-2", "nord", "Nordwind KG"))}


@pytest.mark.parametrize(
    ("payer", "text", "sure", "maybe"),
    [
        ("Acme GmbH", "", True, False),
        ("Nordwind KG", "", False, False),
        ("Nordwind KG", "Rechnung 1", False, False),  # a bare number does not make it another client's
        ("", "", False, True),
        ("Nobody", "", False, True),
        ("Nobody", "INV-2", False, False),
        ("Nobody", "INV-1", True, False),
    ],
)
def test_whose_it_is(payer: str, text: str, sure: bool, maybe: bool) -> None:
    allocation = Allocation(
        id="A-aaaaaaaaaaaa",
        remittance=RECORD.id,
        invoice="INV-1",
        amount=EUROS,
        settles=EUROS,
        at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    new = Remittance(id="R-bbbbbbbbbbbb", rail="bank", booked=DAY, amount=EUROS, payer=payer, text=text)
    paid = booked([Payments(remittances=(RECORD, new), allocations=(allocation,))])
    met = ToldBefore.of(paid, OPENS, {}).meet(new, Unmatched(remittance=new.id, because=""))
    assert (met.sure is not None, bool(met.maybe)) == (sure, maybe)
