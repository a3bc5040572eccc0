"""Keys and tokens: where they go, where they never go, and what PayPal's errors mean."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.adapters.paypal.account import NOW
from tests.testbed.paypal_fake import CLIENT, SECRET, Account
from tests.testbed.paypal_server import serving

from git_bill.adapters.paypal.client import Client, Denied, Keys
from git_bill.problem import Exit, Stop

KEYS = Keys(client=CLIENT, secret=SECRET)
PATH = "/v1/reporting/transactions"
WINDOW = {"start_date": "2026-11-01T00:00:00Z", "end_date": "2026-11-02T00:00:00Z"}
HTML = (200, {"Content-Type": "text/html"}, b"<html>busy</html>")


@pytest.fixture
def account() -> Iterator[Account]:
    account = Account(now=NOW)
    with serving(account):
        yield account


def client(account: Account, keys: Keys = KEYS, **other: object) -> Client:
    return Client(keys, "sandbox", api=account.payer_page, sleep=lambda seconds: None, **other)  # type: ignore[arg-type]


def listed(asking: Client) -> None:
    asking.ask("list transactions", "GET", PATH, params=WINDOW)


def stopped(asking: Client) -> Stop:
    with pytest.raises(Stop) as caught:
        listed(asking)
    assert caught.value.exit_code == Exit.PAYMENT_OR_MAIL
    assert all(each.hint for each in caught.value.problems)
    assert SECRET not in str(caught.value)
    return caught.value


def test_one_token_for_many_requests_and_it_is_learned(account: Account) -> None:
    learned: list[str] = []
    asking = client(account, learned=learned.append)
    listed(asking)
    listed(asking)
    assert learned == list(account.tokens)
    assert len(learned) == 1


def test_a_token_that_has_ended_is_got_anew(account: Account) -> None:
    asking = client(account)
    listed(asking)
    account.tokens = {"another"}
    listed(asking)
    assert len(account.asked) == 3


def test_keys_of_the_other_world(account: Account) -> None:
    told = stopped(client(account, Keys(client=CLIENT, secret="Esecret-of-the-live-account")))
    assert 'are they of mode = "live"?' in str(told)
    assert account.asked == []


@pytest.mark.parametrize("secret", ["", "short", "with white space in it", "line\nend-of-a-secret-key", "ключ" * 8])
def test_what_is_no_key_is_sent_nowhere(account: Account, secret: str) -> None:
    with pytest.raises(Stop, match="no key of PayPal's") as caught:
        client(account, Keys(client=CLIENT, secret=secret))
    assert caught.value.exit_code == Exit.SETTINGS


def test_keys_go_over_no_network_in_clear() -> None:
    with pytest.raises(Stop, match="in clear"):
        Client(KEYS, "live", api="http://api-m.paypal.com")


def test_a_netrc_is_not_asked(account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    listed(client(account))


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (HTML, "not PayPal's API"),
        ((200, {}, b"[]"), "not PayPal's API"),
        ((302, {"Location": "https://evil.example/"}, b""), "has moved"),
        ((403, {}, b'{"name": "NOT_AUTHORIZED", "message": "no right"}'), "may not list transactions: no right"),
        ((403, {}, b"<html>"), "may not list transactions"),
        ((429, {"Retry-After": "600"}, b"{}"), "limit of requests"),
    ],
)
def test_errors(account: Account, fault: tuple[int, dict[str, str], bytes], told: str) -> None:
    asking = client(account)
    listed(asking)
    account.faults = [fault]
    assert told in str(stopped(asking))


def test_words_of_an_error_stay_words(account: Account) -> None:
    asking = client(account)
    listed(asking)
    details = [{"issue": "BAD", "description": "\x1b[2J::error::x\n" + "y" * 900}]
    account.faults = [(400, {"PayPal-Debug-Id": "f0\x1b0d"}, json.dumps({"name": "X", "details": details}).encode())]
    with pytest.raises(Denied) as caught:
        listed(asking)
    message = caught.value.problems[0].message
    assert caught.value.issues == ("BAD",)
    assert "\x1b" not in message
    assert "::" not in message
    assert len(message) < 500


def test_it_waits_as_long_as_paypal_asks_and_stumbles_a_little(account: Account) -> None:
    asking = client(account)
    account.faults = [(503, {}, b""), (500, {}, b"")]  # of the token
    listed(asking)
    account.faults = [(429, {"Retry-After": "7"}, b"{}"), (502, {}, b"<html>")]
    listed(asking)
    account.faults = [(500, {}, b"{}")] * 4
    assert "answers 500" in str(stopped(asking))


def test_what_changes_something_is_not_repeated(account: Account) -> None:
    asking = client(account)
    listed(asking)
    account.faults = [(500, {}, b"{}"), (200, {}, b"{}")]
    with pytest.raises(Stop, match="answers 500"):
        asking.ask("make the payment link", "POST", "/v2/invoicing/invoices", body={"detail": {}})
    assert len(account.faults) == 1


def test_nobody_is_there() -> None:
    account = Account(now=NOW)
    with serving(account):
        asking = client(account)
    assert "can't be reached" in str(stopped(asking))


def test_keys_are_not_shown() -> None:
    assert SECRET not in repr(KEYS)


@pytest.mark.parametrize(
    ("mode", "url", "fits"),
    [
        ("live", "https://www.paypal.com/invoice/p/#A1", True),
        ("live", "https://www.sandbox.paypal.com/invoice/p/#A1", False),
        ("sandbox", "https://www.sandbox.paypal.com/invoice/p/#A1", True),
        ("live", "http://www.paypal.com/invoice/p/#A1", False),
        ("live", "https://www.paypal.com@evil.example/", False),
        ("live", "https://www.paypal.com:8443/", False),
        ("live", "", False),
    ],
)
def test_where_payers_pay(mode: str, url: str, fits: bool) -> None:
    assert Client(KEYS, mode).is_payer_page(url) is fits  # type: ignore[arg-type]
