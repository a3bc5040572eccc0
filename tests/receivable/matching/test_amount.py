"""How amounts fit what is open, and what each invoice gets."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from git_bill.contract.exchange import Quote, none_known
from git_bill.contract.terms import EarlyPayment
from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.receivable.matching.amount import explained, fit, received, shares, terms, too_small
from git_bill.receivable.matching.match import Difference
from git_bill.receivable.matching.open import Open
from git_bill.receivable.remittance import Remittance

ISSUED = date(2026, 10, 1)


def invoice(amount: str = "1190.00 EUR", number: str = "INV-7", withheld: str = "", percent: int = 0) -> Open:
    """An invoice with its terms."""
    return Open(
        number=number,
        client="acme",
        names=("Acme",),
        open=Money.parse(amount),
        gross=Money.parse(amount),
        issued=ISSUED,
        due=ISSUED + timedelta(days=30),
        early=EarlyPayment(percent=Decimal(percent), days=10) if percent else None,
        withheld=Money.parse(withheld) if withheld else None,
    )


def paid(amount: str, days: int = 5, fee: str = "", sent: str = "") -> Remittance:
    """A remittance some days after the invoice."""
    return Remittance(
        id="R-aaaaaaaaaaaa",
        rail="bank",
        booked=ISSUED + timedelta(days=days),
        amount=Money.parse(amount),
        fee=Money.parse(fee) if fee else None,
        original=Money.parse(sent) if sent else None,
    )


def rates(base: str, currency: str, day: date) -> Quote | Problem:
    """A dollar is 0.92 euros."""
    rate = {("USD", "EUR"): Decimal("0.92"), ("EUR", "USD"): Decimal("1.087")}.get((base, currency))
    return (
        Quote(base=base, currency=currency, rate=rate, on=day, source="ECB")
        if rate
        else none_known(base, currency, day)
    )


@pytest.mark.parametrize(
    ("remittance", "bill", "kind", "sure"),
    [
        (paid("1190.00 EUR"), invoice(), None, True),
        (paid("1166.20 EUR"), invoice(percent=2), "discount", True),
        (paid("1166.20 EUR", days=30), invoice(percent=2), "late-discount", False),
        (paid("1040.00 EUR"), invoice(withheld="150.00 EUR"), "withholding", True),
        (paid("1016.20 EUR"), invoice(withheld="150.00 EUR", percent=2), "withholding", True),
        (paid("1155.15 EUR", fee="34.85 EUR"), invoice(), "fee", True),
        (paid("1175.00 EUR"), invoice(), "fee", False),
        (paid("1139.00 EUR"), invoice(), "part", False),
        (paid("500.00 EUR"), invoice(), "part", False),
        (paid("1290.00 EUR"), invoice(), "over", False),
        (paid("1910.00 EUR"), invoice(), "slip", False),
        (paid("4600.00 EUR", sent="5000.00 USD"), invoice("5000.00 USD"), "exchange", True),
        (paid("4560.00 EUR"), invoice("5000.00 USD"), "exchange", False),
        (paid("4000.00 EUR"), invoice("5000.00 USD"), "part", False),
    ],
)
def test_what_explains_an_amount(remittance: Remittance, bill: Open, kind: Difference | None, sure: bool) -> None:
    how = fit(received(remittance), [terms(bill)], rates)
    assert how is not None
    assert (how.kind, how.sure) == (kind, sure)


GERMAN, FRENCH, SWISS, AMERICAN, ARAB = (
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "CH9300762011623852957",
    "021000021/123456789",
    "AE070331234567890123456",
)


@pytest.mark.parametrize(
    ("amount", "of", "payer", "own", "text", "kind"),
    [
        ("1487.50", "1500.00", GERMAN, GERMAN, "", "fee"),  # twelve and a half of 1,500: within 2 %
        ("1487.50", "1500.00", "", "", "", "fee"),
        ("1174.99", "1199.99", FRENCH, GERMAN, "", "part"),  # 25.00, but more than 2 %
        ("1974.99", "1999.99", FRENCH, GERMAN, "", "fee"),
        ("1974.98", "1999.99", FRENCH, GERMAN, "", "part"),  # more than 25.00
        ("680.00", "707.78", GERMAN, GERMAN, "", "part"),
        ("680.00", "707.78", AMERICAN, GERMAN, "", "part"),  # nobody can tell where that is
        ("680.00", "707.78", ARAB, GERMAN, "", "fee"),
        ("680.00", "707.78", ARAB, "", "", "fee"),
        ("680.00", "707.78", ARAB, ARAB, "", "part"),  # no border between
        ("2949.00", "3000.01", ARAB, GERMAN, "", "part"),
        ("680.00", "707.78", SWISS, GERMAN, "", "part"),
        ("1470.00", "1500.00", ARAB, GERMAN, "", "part"),  # to the cent 2 %
        ("686.55", "707.78", ARAB, GERMAN, "", "part"),  # 3 %, half a cent rounded
        ("1493.00", "1500.00", GERMAN, GERMAN, "abzgl. Skonto", "part"),
        ("1493.00", "1500.00", ARAB, GERMAN, "less early-payment discount", "part"),
        ("1493.00", "1500.00", GERMAN, GERMAN, "avec escompte", "part"),
        ("1493.00", "1500.00", GERMAN, GERMAN, "pronto pago, descuento", "part"),
        ("1493.00", "1500.00", GERMAN, GERMAN, "sconto applicato", "part"),
        ("1493.00", "1500.00", GERMAN, GERMAN, "betalingskorting", "part"),
        ("1493.00", "1500.00", GERMAN, GERMAN, "minus 2 %", "part"),
        ("1493.00", "1500.00", GERMAN, GERMAN, "incl. 19 % USt", "fee"),
    ],
)
def test_only_what_a_bank_may_have_kept_is_a_fee(  # noqa: PLR0917
    amount: str, of: str, payer: str, own: str, text: str, kind: Difference
) -> None:
    remittance = replace(paid(f"{amount} EUR"), payer_account=payer, account=own, text=text)
    how = fit(received(remittance), [terms(invoice(f"{of} EUR"))], rates)
    assert how is not None
    assert (how.kind, how.sure) == (kind, False)
    assert bool(how.why) == (kind == "part" and how.off <= 5000)


def test_dollars_across_a_border_are_no_sepa_transfer() -> None:
    remittance = replace(paid("680.00 USD"), payer_account=FRENCH, account=GERMAN)
    bill = [terms(invoice("707.78 USD"))]
    how, euros = fit(received(remittance), bill, rates), fit(received(replace(remittance, account="")), bill, rates)
    assert how is not None
    assert euros is not None
    assert (how.kind, euros.kind) == ("fee", "part")


def test_what_was_sent_in_another_currency_may_bear_a_fee() -> None:
    how = fit(received(paid("680.00 EUR", sent="740.00 USD")), [terms(invoice("707.78 EUR"))], rates)
    assert how is not None
    assert (how.kind, how.sure) == ("fee", False)


def test_a_fee_that_the_bank_states_is_one_whatever_it_looks_like() -> None:
    remittance = replace(paid("1470.00 EUR", fee="30.00 EUR"), text="2 % Skonto")
    how = fit(received(remittance), [terms(invoice("1500.00 EUR"))], rates)
    assert how is not None
    assert (how.kind, how.sure) == ("fee", True)


def test_a_rate_that_does_not_fit_is_told_with_its_difference() -> None:
    how = fit(received(paid("4000.00 EUR")), [terms(invoice("5000.00 USD"))], rates)
    assert how is not None
    assert "4348.00 USD: 652.00 USD (13.0 %) less than is open" in how.why
    sent = fit(received(paid("4000.00 EUR", sent="5100.00 USD")), [terms(invoice("5000.00 USD"))], rates)
    assert sent is not None
    assert sent.why == "the bank says that 5100.00 USD was sent: 100.00 USD (2.0 %) more than is open"


def test_no_rate_and_nothing_open_fit_nothing() -> None:
    assert fit(received(paid("100.00 SEK")), [terms(invoice("5000.00 USD"))], rates) is None
    assert fit(received(paid("100.00 EUR")), [terms(invoice("0.00 EUR"))], rates) is None


def test_three_invoices_less_a_fee_that_the_last_one_bears() -> None:
    opens = [invoice("1190.00 EUR", "A"), invoice("2380.00 EUR", "B"), invoice("714.00 EUR", "C")]
    got, bills = received(paid("4270.00 EUR")), [terms(each) for each in opens]
    how = fit(got, bills, none_known)
    assert how is not None
    assert [(s.invoice, str(s.amount), str(s.settles)) for s in shares(got, opens, bills, how)] == [
        ("A", "1190.00 EUR", "1190.00 EUR"),
        ("B", "2380.00 EUR", "2380.00 EUR"),
        ("C", "700.00 EUR", "714.00 EUR"),
    ]
    difference = explained(got, "EUR", how)
    assert difference is not None
    assert (difference.kind, str(difference.amount)) == ("fee", "14.00 EUR")


def test_a_credit_note_is_set_off() -> None:
    opens = [invoice("1190.00 EUR", "A"), invoice("-190.00 EUR", "CN")]
    got, bills = received(paid("1000.00 EUR")), [terms(each) for each in opens]
    how = fit(got, bills, none_known)
    assert how is not None
    assert how.kind is None
    assert [str(s.amount) for s in shares(got, opens, bills, how)] == ["1190.00 EUR", "-190.00 EUR"]


def test_a_part_goes_to_the_oldest_first() -> None:
    opens = [invoice("1000.00 EUR", "A"), invoice("1000.00 EUR", "B")]
    got, bills = received(paid("1200.00 EUR")), [terms(each) for each in opens]
    how = fit(got, bills, none_known)
    assert how is not None
    assert [(s.invoice, str(s.settles)) for s in shares(got, opens, bills, how)] == [
        ("A", "1000.00 EUR"),
        ("B", "200.00 EUR"),
    ]


def test_less_than_a_hundredth_is_small() -> None:
    assert too_small(received(paid("0.01 EUR")), [terms(invoice())])
    assert too_small(received(paid("11.89 EUR")), [terms(invoice())])
    assert not too_small(received(paid("11.90 EUR")), [terms(invoice())])
