"""Links to pay by: made once, found again, never mended by force, closed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from tests.adapters.paypal.account import opened, rail
from tests.testbed.paypal_fake import Account

from git_bill.adapters.paypal.rail import PayPal
from git_bill.effects import CloseLink, Done, EnsureLink, Refused
from git_bill.money import Money

NUMBER = "INV-2026-0007"
LINK = EnsureLink(
    key="2026-11-acme",
    number=NUMBER,
    amount=Money.parse("1190.00 EUR"),
    issuer="Mira Kovac",
    payer="Acme GmbH",
    email="ap@acme.example",
    due=date(2026, 12, 7),
)


@pytest.fixture
def place() -> Iterator[tuple[Account, PayPal]]:
    with opened() as found:
        yield found


def url(outcome: object) -> str:
    assert isinstance(outcome, Done), outcome
    return outcome.ref


def reason(outcome: object) -> str:
    assert isinstance(outcome, Refused), outcome
    assert outcome.remedy
    return outcome.reason


def test_a_link_is_made_once(place: tuple[Account, PayPal]) -> None:
    account, paypal = place
    first = paypal.ensure_link(LINK)
    again = rail(account, account.payer_page).ensure_link(LINK)
    assert url(first).startswith(f"{account.payer_page}/invoice/p/#")
    assert (url(again), isinstance(again, Done) and again.already) == (url(first), True)
    (made,) = account.invoices.values()
    assert (made["status"], made["amount"]) == ("SENT", {"currency_code": "EUR", "value": "1190.00"})
    assert made["detail"]["payment_term"]["due_date"] == "2026-12-07"
    assert "ap@acme.example" not in str(account.asked), "PayPal is to write to nobody"


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
def test_a_run_that_lost_an_answer_makes_no_second_link(place: tuple[Account, PayPal], steps: int) -> None:
    """The connection breaks after each of the five requests that a link takes: look, make, read, open, read."""
    account, paypal = place
    account.lost = steps
    assert isinstance(paypal.ensure_link(LINK), Done if steps in {1, 3, 5} else Refused)
    assert isinstance(rail(account, account.payer_page).ensure_link(LINK), Done)
    assert [each["status"] for each in account.invoices.values()] == ["SENT"]


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("1190.00 XAF", "PayPal takes no XAF"),
        ("1000.50 HUF", "PayPal takes no part of a HUF: 1000.50 HUF"),
        ("1000000.01 EUR", "PayPal takes at most 1,000,000 EUR"),
        ("0.00 EUR", "nothing below zero"),
    ],
)
def test_what_paypal_can_t_take_is_not_asked_for(place: tuple[Account, PayPal], amount: str, told: str) -> None:
    account, paypal = place
    outcome = paypal.ensure_link(replace(LINK, amount=Money.parse(amount)))
    assert told in reason(outcome)
    assert isinstance(outcome, Refused)
    assert outcome.lasting
    assert account.asked == []


@pytest.mark.parametrize(("amount", "value"), [("1000.00 HUF", "1000"), ("1000 JPY", "1000"), ("12.5 EUR", "12.50")])
def test_amounts_as_paypal_writes_them(place: tuple[Account, PayPal], amount: str, value: str) -> None:
    account, paypal = place
    url(paypal.ensure_link(replace(LINK, amount=Money.parse(amount))))
    assert account.invoice(NUMBER)["items"][0]["unit_amount"]["value"] == value
    assert isinstance(paypal.ensure_link(replace(LINK, amount=Money.parse(amount))), Done)


def test_a_long_number_can_t_be_found_again(place: tuple[Account, PayPal]) -> None:
    assert "25 characters" in reason(place[1].ensure_link(replace(LINK, number="INV-2026-0007-of-the-branch")))


def test_a_number_that_begins_alike_is_another(place: tuple[Account, PayPal]) -> None:
    account, paypal = place
    longer = url(paypal.ensure_link(replace(LINK, number="INV-2026-00071")))
    assert url(paypal.ensure_link(LINK)) != longer
    assert len(account.invoices) == 2


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        (("amount", "value"), "119.00", "is not of 1190.00 EUR"),
        (("amount", "currency_code"), "USD", "is not of 1190.00 EUR"),
        (("detail", "memo"), "mine", "that git-bill did not make"),
        (("configuration", "partial_payment"), {"allow_partial_payment": True}, "paid in parts"),
    ],
)
def test_what_somebody_changed_is_refused(
    place: tuple[Account, PayPal], field: tuple[str, str], value: object, told: str
) -> None:
    account, paypal = place
    paypal.ensure_link(LINK)
    account.invoice(NUMBER)[field[0]][field[1]] = value
    outcome = paypal.ensure_link(LINK)
    assert told in reason(outcome)
    assert isinstance(outcome, Refused)
    assert outcome.lasting


def test_a_link_of_another_draft_of_the_number_is_refused(place: tuple[Account, PayPal]) -> None:
    place[1].ensure_link(LINK)
    assert "did not make" in reason(place[1].ensure_link(replace(LINK, key="2026-12-acme")))


def test_an_address_elsewhere_is_never_printed(place: tuple[Account, PayPal]) -> None:
    account, paypal = place
    paypal.ensure_link(LINK)
    for address in ("https://paypal.example/pay", "https://www.paypal.com.evil.example/", "javascript:alert(1)"):
        account.invoice(NUMBER)["detail"]["metadata"]["recipient_view_url"] = address
        assert "no address" in reason(paypal.ensure_link(LINK))


def test_a_paid_link_is_still_the_link(place: tuple[Account, PayPal]) -> None:
    account, paypal = place
    first = url(paypal.ensure_link(LINK))
    account.pay(NUMBER, "-29.99")
    assert url(paypal.ensure_link(LINK)) == first


def test_closing(place: tuple[Account, PayPal]) -> None:
    account, paypal = place
    close = CloseLink(number=NUMBER, link=url(paypal.ensure_link(LINK)))
    first, again = paypal.close_link(close), paypal.close_link(close)
    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert (first.already, again.already) == (False, True)
    assert account.invoice(NUMBER)["status"] == "CANCELLED"
    assert "was cancelled" in reason(paypal.ensure_link(LINK))


def test_closing_what_is_paid_there_or_was_never_opened(place: tuple[Account, PayPal]) -> None:
    account, paypal = place
    close = CloseLink(number=NUMBER, link=url(paypal.ensure_link(LINK)))
    found = account.invoice(NUMBER)
    found["status"] = "PAYMENT_PENDING"
    assert "under way" in reason(paypal.close_link(close))
    found["status"] = "DRAFT"
    assert paypal.close_link(close) == Done(ref=found["id"])
    assert account.invoices == {}
    assert paypal.close_link(close) == Done(already=True)
    paypal.ensure_link(LINK)
    account.pay(NUMBER, "-29.99")
    paid = paypal.close_link(close)
    assert isinstance(paid, Done)
    assert paid.already
    assert account.invoice(NUMBER)["status"] == "PAID"


def test_closing_leaves_what_is_not_ours(place: tuple[Account, PayPal]) -> None:
    account, paypal = place
    close = CloseLink(number=NUMBER, link=url(paypal.ensure_link(LINK)))
    account.invoice(NUMBER)["detail"]["memo"] = "mine"
    assert paypal.close_link(close) == Done(already=True)
    account.asked.clear()
    assert paypal.close_link(replace(close, link="https://buy.stripe.com/abc")) == Done(already=True)
    assert account.asked == []


def test_a_due_day_that_has_passed_is_not_told(place: tuple[Account, PayPal]) -> None:
    account, paypal = place
    url(paypal.ensure_link(replace(LINK, due=date(2026, 11, 1))))
    assert "payment_term" not in account.invoice(NUMBER)["detail"]
