"""Payment links: who gets one, that its lines come to its amount, and when it asks for too much."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.flows.shelf import TAX, invoice, line

from git_bill.contract.party import DebitMandate
from git_bill.contract.tax.levy import Surcharge, Withholding
from git_bill.contract.tax.treatment import Tax
from git_bill.effects import CloseLink
from git_bill.invoice.allowance import Allowance, of_document
from git_bill.invoice.draft import Reversal
from git_bill.invoice.issued import Invoice
from git_bill.invoice.totals import sums_of, totals
from git_bill.money import Money, total
from git_bill.receivable.pay_link import gets_link, link_of, links_to_close
from git_bill.receivable.receivable import Receivable

AMOUNTS = st.decimals(Decimal(0), Decimal(500), places=2)
RATES = st.sampled_from(["0", "7", "19"]).map(
    lambda rate: Tax(category="S" if rate != "0" else "Z", rate=Decimal(rate))
)
ITALIAN = Tax(
    category="S",
    rate=Decimal(22),
    surcharges=(
        Surcharge(name="Rivalsa INPS 4%", rate=Decimal(4)),
        Surcharge(name="Bollo", amount=Money.parse("2.00 EUR")),
    ),
    withholding=(Withholding(name="Ritenuta d'acconto", rate=Decimal(20)),),
)
LINK = "https://pay.example/1"


def euro(amount: Decimal | str) -> Money:
    return Money(Decimal(amount), "EUR")


def summed(made: Invoice, *, prepaid: Money, rounding: Money) -> Invoice:
    """With the totals that follow from its lines and discounts, and what was paid or rounded."""
    made = replace(made, totals=replace(made.totals, prepaid=prepaid, rounding=rounding))
    return replace(made, totals=totals(sums_of(made)))


@given(
    nets=st.lists(st.tuples(AMOUNTS, RATES), min_size=1, max_size=6),
    changed=st.lists(st.tuples(st.booleans(), AMOUNTS), max_size=3),
    prepaid=AMOUNTS,
    rounding=st.decimals(Decimal(-1), Decimal(1), places=2),
    tax=st.sampled_from([TAX, ITALIAN]),
)
def test_lines_and_taxes_come_to_the_amount(
    nets: list[tuple[Decimal, Tax]], changed: list[tuple[bool, Decimal]], prepaid: Decimal, rounding: Decimal, tax: Tax
) -> None:
    lines = [line("1", unit_price=euro(net), quantity=Decimal(1), tax=rate) for net, rate in nets]
    wanted = [Allowance(charge=charge, amount=euro(amount), reason="") for charge, amount in changed]
    allowances = of_document(wanted, [(each.tax or tax, each.net) for each in lines])
    made = replace(invoice("INV-1", *lines, head="0" * 12), tax=tax, allowances=allowances)
    made = summed(made, prepaid=euro(prepaid), rounding=euro(rounding))
    link = link_of(made)
    assert total((each.amount for each in link.lines), "EUR") == link.amount == made.totals.to_transfer


def test_what_a_rail_shows() -> None:
    made = replace(invoice("INV-1", line("10"), head="0" * 12), draft="D-1")
    made = replace(made, client=replace(made.client, email="ap@acme.example"))
    link = link_of(made)
    assert (link.key, link.number, str(link.amount)) == ("D-1", "INV-1", "1130.50 EUR")
    assert (link.issuer, link.payer, link.email) == ("Mira Kovac Software", "Acme GmbH", "ap@acme.example")
    assert link.due == date(2026, 12, 2)
    assert [(each.text, str(each.amount)) for each in link.lines] == [
        ("WEB-5 Add totals", "950.00 EUR"),
        ("Tax 19%", "180.50 EUR"),
    ]


def test_who_gets_a_link() -> None:
    made = invoice("INV-1", head="0" * 12)
    assert gets_link(made)
    mandate = DebitMandate(mandate="M-1", iban="DE02120300000000202051")
    others = (
        replace(made, client=replace(made.client, pay_online=False)),
        replace(made, client=replace(made.client, direct_debit=mandate)),
        replace(made, reverses=Reversal(number="INV-0", issue_date=date(2026, 10, 1), entries="waive", because="x")),
        replace(made, totals=replace(made.totals, payable=euro("0.00"))),
    )
    assert not any(map(gets_link, others))


def owed(open_: str, **facts: str) -> Receivable:
    zero = {name: euro("0.00") for name in ("settled", "written_off", "set_off", "credited")}
    day = date(2026, 11, 2)
    asked = euro(facts.pop("asked", "119.00"))
    return Receivable(
        number="INV-1",
        client="acme",
        issued=day,
        due=day,
        asked=asked,
        open=euro(open_),
        **zero,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("open_", "closed", "found"),
    [
        ("119.00", (), False),
        ("0.00", (), True),
        ("100.00", (), True),
        ("-1.00", (), True),
        ("0.00", ("INV-1",), False),
        ("0.00", ("INV-2",), True),
    ],
)
def test_a_link_that_asks_for_what_is_not_open_is_closed(open_: str, closed: tuple[str, ...], found: bool) -> None:
    made = replace(invoice("INV-1", head="0" * 12), payment_link=LINK)
    expected = (CloseLink(number="INV-1", link=LINK),) if found else ()
    assert links_to_close([made], [owed(open_)], closed) == expected


def test_without_a_link_nothing_is_closed() -> None:
    assert links_to_close([invoice("INV-1", head="0" * 12)], [owed("0.00")]) == ()
