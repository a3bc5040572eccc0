"""Secrets that pay or mail, where a client can write."""

import pytest

from git_bill.custody.exposure import exposed, paying_secrets

STRIPE = {
    "GIT_BILL_STRIPE_KEY": "sk",
    "SMTP_PASSWORD": "x",
    "SMTP_HOST": "mail",
    "GIT_BILL_TOKEN": "t",
    "STRIPE_KEY": "",
}
CLIENTS = {"rita-acme": "acme"}


def test_which_variables_take_money_or_send_mail() -> None:
    assert paying_secrets(STRIPE) == ("GIT_BILL_STRIPE_KEY", "SMTP_PASSWORD")


def test_a_client_who_can_write_stops_it() -> None:
    found = exposed(("SMTP_PASSWORD",), ("mira", "Rita-Acme"), CLIENTS)
    assert found is not None
    assert found.severity == "error"
    assert "Rita-Acme of acme" in found.message
    assert "SMTP_PASSWORD" in found.message


@pytest.mark.parametrize("writers", [("mira",), ()])
def test_nobody_of_a_client_can_write(writers: tuple[str, ...]) -> None:
    assert exposed(("SMTP_PASSWORD",), writers, CLIENTS) is None


def test_where_it_cannot_be_told() -> None:
    found = exposed(("SMTP_PASSWORD",), None, CLIENTS)
    assert found is not None
    assert found.severity == "warning"
    assert exposed(("SMTP_PASSWORD",), None, {}) is None
    assert exposed((), ("rita-acme",), CLIENTS) is None
