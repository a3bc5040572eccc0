"""What somebody who wants an invoice to look paid might send, and what fools a reader of numbers by itself."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from git_bill.adapters.tables import matching_weights
from git_bill.contract.exchange import Quote, none_known
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.receivable.matching.match import Applied, Outcome, Proposed
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.propose import propose
from git_bill.receivable.remittance import Remittance

ISSUED = date(2026, 10, 1)
QRR, RF = "210000000003139471430009017", "RF18539007547034"
STRANGER = "DE02500105170137075030"


def rates(base: str, currency: str, day: date) -> Quote | Problem:
    """A dollar is 0.92 euros."""
    if (base, currency) == ("USD", "EUR"):
        return Quote(base=base, currency=currency, rate=Decimal("0.92"), on=day, source="ECB")
    return none_known(base, currency, day)


def invoice(  # noqa: PLR0917
    number: str, amount: str = "1190.00", client: str = "acme", name: str = "Acme GmbH", days: int = 0, ref: str = ""
) -> Open:
    """Issued some days after the first of October."""
    money = Money(Decimal(amount), "EUR")
    return Open(
        number=number,
        client=client,
        names=(name,),
        accounts=(STRANGER,) if client == "beta" else (),
        open=money,
        gross=money,
        issued=ISSUED + timedelta(days=days),
        due=ISSUED + timedelta(days=days + 30),
        references=(ref,) if ref else (),
    )


def paid(  # noqa: PLR0917
    amount: str, text: str = "", payer: str = "Acme GmbH", account: str = "", reference: str = "", day: int = 20
) -> Remittance:
    """In October 2026."""
    return Remittance(
        id="R-" + "a" * 12,
        rail="bank",
        booked=ISSUED + timedelta(days=day - 1),
        amount=Money.parse(amount if " " in amount else f"{amount} EUR"),
        payer=payer,
        payer_account=account,
        text=text,
        reference=reference,
    )


def outcome(remittance: Remittance, *opens: Open) -> Outcome:
    """Of one remittance."""
    (found,) = propose([remittance], opens, weights=matching_weights(), quotes=rates, habits={})
    return found


ONE, TWO = invoice("INV-2026-0007"), invoice("INV-2026-0008", "2380.00")
BETA = invoice("INV-2026-0009", "595.00", "beta", "Beta AG")
LARGE = invoice("INV-2026-0020", "10000.00")
GROWING = tuple(
    invoice(f"INV-{n}", amount) for n, amount in ((1, "100"), (2, "100"), (11, "110"), (12, "100"), (111, "120"))
)
LETTERED = (invoice("2026/001/A", "100"), invoice("2026/001/B", "100"), invoice("2026/002", "100"))
PRINTED = (invoice("INV-2026-0007", ref=QRR), invoice("INV-2026-0008", "500.00", ref=RF))
NEVER: dict[str, tuple[Remittance, tuple[Open, ...]]] = {
    "a cent": (paid("0.01", "INV-2026-0007", "Mallory"), (ONE, TWO)),
    "less than a hundredth, from an account of nobody": (paid("11.89", "INV-2026-0007"), (ONE,)),
    "a reference without a fitting amount": (paid("300.00", "INV-2026-0007"), (ONE, TWO)),
    "a sum of two clients": (paid("1785.00", "INV-2026-0007 INV-2026-0009"), (ONE, BETA)),
    "two numbers, the amount of one": (paid("1190.00", "INV-2026-0007 INV-2026-0008"), (ONE, TWO)),
    "not this one but that one": (paid("1190.00", "nicht INV-2026-0007 sondern INV-2026-0008"), (ONE, TWO)),
    "all numbers there are": (paid("1190.00", " ".join(f"INV-2026-{n:04}" for n in range(60)), "X"), (ONE, TWO)),
    "orders to the reader": (paid("1190.00", "INV-2026-0007\n; apply INV-2026-0008"), (ONE, TWO)),
    "from another client's account": (paid("1190.00", "INV-2026-0007", account=STRANGER), (ONE, BETA)),
    "a client's name in the text of a stranger": (paid("1190.00", "Acme GmbH pays", "Mallory"), (ONE,)),
    "less 50.01, which no bank keeps": (paid("9949.99", "INV-2026-0020"), (LARGE,)),
    "less a fee, from a stranger": (paid("9985.00", "INV-2026-0020", "Mallory"), (LARGE,)),
    "less a fee, from another client's account": (paid("9985.00", "INV-2026-0020", account=STRANGER), (LARGE, BETA)),
    "the same digits in another currency": (paid("1190.00 USD", "INV-2026-0007"), (ONE,)),
    "a longer number": (paid("100.00", "INV-11"), GROWING),
    "the start of a number": (paid("110.00", "INV-1"), GROWING),
    "a number that nobody knows": (paid("100.00", "INV-112"), GROWING),
    "a number taken apart that is two": (paid("110.00", "INV-1 1"), GROWING),
    "the same number of the year before": (paid("1190.00", "INV-2025-0007"), (ONE,)),
    "a number before the latest that is not listed": (paid("1190.00", "INV-2026-0006"), (ONE,)),
    "another issuer's QR reference": (paid("1190.00", payer="Zzz AG", reference=QRR[:-4] + "9999"), PRINTED),
    "another issuer's creditor reference": (paid("500.00", payer="Zzz AG", reference="RF712348231"), PRINTED),
    "reference and text that disagree": (paid("500.00", "INV-2026-0007", reference=RF), PRINTED),
    "a reference with another one's amount": (paid("1190.00", reference=RF), PRINTED),
    "booked before it was issued": (paid("1190.00", "INV-2026-0007", day=-30), (ONE,)),
    "paid again": (paid("1190.00", "INV-2026-0007"), (replace(ONE, open=ONE.open * 0), TWO)),
    "more than is open": (paid("1200.00", "INV-2026-0007"), (ONE,)),
    "a number without its zero, or another one with a slip": (
        paid("100.00", "K35/26"),
        (invoice("K035/26", "100"), invoice("K375/26", "100", days=1)),
    ),
    "a number of long ago, without letters": (paid("100.00", "2024/00293"), (invoice("2026/00124", "100"),)),
    "a day that is one slip from a number": (
        paid("100.00", "Rechnung vom 09.09.2026"),
        (invoice("099-2026", "100"), invoice("835-2026", "100", days=1)),
    ),
    "every month the same": (paid("1190.00", "Rechnung"), (ONE, invoice("INV-2026-0010", days=5))),
    "a name that two clients begin with": (
        paid("1190.00", "", "Acme"),
        (ONE, invoice("INV-2026-0010", client="holding", name="Acme Holding AG")),
    ),
    "one running number in two series": (
        paid("1190.00", "Rechnung 7", "Treuhand"),
        (ONE, invoice("DE-2026-0007", client="beta", name="Beta AG")),
    ),
}
APPLIED: dict[str, tuple[Remittance, tuple[Open, ...], str]] = {
    "the shorter of two": (paid("100.00", "INV-1"), GROWING, "INV-1"),
    "a list that grows by a digit": (paid("210.00", "INV-1, 11"), GROWING, "INV-1 INV-11"),
    "a number with a letter behind": (paid("100.00", "2026/001/B"), LETTERED, "2026/001/B"),
    "a QR reference alone": (paid("1190.00", payer="", reference=QRR), PRINTED, "INV-2026-0007"),
    "less 25.00": (paid("9975.00", "INV-2026-0020"), (LARGE,), "INV-2026-0020"),
    "a name with its address": (
        paid("1190.00", "INV-2026-0007", "ACME GMBH BAHNHOFSTRASSE 1 8001 ZUERICH"),
        (ONE, TWO),
        "INV-2026-0007",
    ),
    "a credit note set off": (
        paid("1000.00", "INV-2026-0007 CN-2026-0001"),
        (ONE, invoice("CN-2026-0001", "-190.00", days=3)),
        "INV-2026-0007 CN-2026-0001",
    ),
}


@pytest.mark.parametrize("name", NEVER)
def test_what_is_never_applied(name: str) -> None:
    remittance, opens = NEVER[name]
    assert not isinstance(outcome(remittance, *opens), Applied)


@pytest.mark.parametrize("name", APPLIED)
def test_what_is_applied_all_the_same(name: str) -> None:
    remittance, opens, expected = APPLIED[name]
    found = outcome(remittance, *opens)
    assert isinstance(found, Applied), found
    assert " ".join(found.match.invoices) == expected
    assert sum((share.settles.amount for share in found.match.shares), Decimal(0)) == sum(
        (each.open.amount for each in opens if each.number in expected.split()), Decimal(0)
    )


def test_no_share_is_more_than_what_is_open_or_was_received() -> None:
    for remittance, opens in NEVER.values():
        found = outcome(remittance, *opens)
        if isinstance(found, Proposed):
            by_number = {each.number: each for each in opens}
            assert all(share.settles.amount <= by_number[share.invoice].open.amount for share in found.match.shares)
            assert sum(share.amount.amount for share in found.match.shares) <= remittance.amount.amount


def test_payments_of_a_retainer_in_one_run_take_the_invoice_that_they_name() -> None:
    opens = [invoice(f"INV-2026-{n:04}", days=30 * (n - 1)) for n in range(1, 7)]
    given = [replace(paid("1190.00", f"INV-2026-{n:04}", day=30 * n), id=f"R-{'abcdef'[n] * 12}") for n in (3, 1, 2)]
    found = propose(given, opens, weights=matching_weights(), quotes=rates, habits={})
    assert [(each.remittance[2], each.match.invoices) for each in found if isinstance(each, Applied)] == [
        ("b", ("INV-2026-0001",)),
        ("c", ("INV-2026-0002",)),
        ("d", ("INV-2026-0003",)),
    ]
