"""Keys that must not be mixed, and what Stripe's refusals mean to a person."""

import socket

import pytest
import stripe
from tests.testbed.stripe_server import LIVE_KEY, StripeServer
from tests.testbed.stripe_store import ACCOUNT

from git_bill.adapters.stripe.client import API_VERSION, Client, key_problem
from git_bill.problem import Exit, Stop
from git_bill.receivable.rail import StripeSettings

TEST = StripeSettings(mode="test")


def prices(client: Client) -> object:
    return client.ask("look for a price", lambda api: api.v1.prices.list({"limit": 1}))


def test_the_pinned_version_is_the_one_that_the_library_was_made_for() -> None:
    assert stripe.api_version == API_VERSION


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("sk_test_abc", None),
        ("rk_test_abc", None),
        ("sk_live_abc", "stripe-mode"),
        ("rk_live_abc", "stripe-mode"),
        ("pk_test_abc", "stripe-key"),
        ("whsec_abc", "stripe-key"),
        ("sk_test_", "stripe-key"),
        ("", "stripe-key"),
    ],
)
def test_what_a_key_shows_by_itself(key: str, rule: str | None) -> None:
    found = key_problem(key, TEST)
    assert (found and found.rule) == rule
    if found is not None:
        assert "rk_test_" in found.hint


def test_a_live_key_in_test_mode_sends_nothing(server: StripeServer) -> None:
    with pytest.raises(Stop) as stopped:
        Client(LIVE_KEY, TEST, api=server.api)
    assert stopped.value.exit_code == Exit.SETTINGS
    assert server.requests == []
    assert LIVE_KEY not in str(stopped.value.problems)


def test_a_key_of_another_account_makes_nothing(server: StripeServer) -> None:
    client = Client(server.key, StripeSettings(mode="test", account="acct_other"), api=server.api)
    for _ in range(2):
        with pytest.raises(Stop, match=f"of the account {ACCOUNT}") as stopped:
            prices(client)
        assert stopped.value.exit_code == Exit.SETTINGS
    assert set(server.requests) == {"GET /v1/account"}


def test_the_right_account_is_asked_for_once(server: StripeServer) -> None:
    client = Client(server.key, StripeSettings(mode="test", account=ACCOUNT), api=server.api)
    prices(client)
    prices(client)
    assert server.requests == ["GET /v1/account", "GET /v1/prices", "GET /v1/prices"]


def test_a_key_goes_over_no_network_in_clear() -> None:
    with pytest.raises(Stop, match="in clear"):
        Client("rk_test_abc", TEST, api="http://stripe.example")


@pytest.mark.parametrize(
    ("status", "said"), [(429, "limit of requests"), (500, "answers 500"), (503, "answers 503"), (403, "may not look")]
)
def test_what_a_refusal_means(server: StripeServer, status: int, said: str) -> None:
    server.faults.append(status)
    with pytest.raises(Stop, match=said) as stopped:
        prices(Client(server.key, TEST, api=server.api, retries=0))
    assert stopped.value.exit_code == Exit.PAYMENT_OR_MAIL
    assert stopped.value.problems[0].hint


def test_a_key_that_is_not_known(server: StripeServer) -> None:
    with pytest.raises(Stop, match="does not know the key"):
        prices(Client("rk_test_another", TEST, api=server.api, retries=0))


def test_what_stumbles_is_asked_again_under_the_same_key(server: StripeServer) -> None:
    server.faults.append("lost")
    client = Client(server.key, TEST, api=server.api)
    made = client.ask(
        "make a price",
        lambda api: api.v1.prices.create({"currency": "eur", "unit_amount": 100, "product_data": {"name": "x"}}),
    )
    assert server.requests == ["POST /v1/prices"] * 2
    assert [each["id"] for each in server.store.of("price")] == [made["id"]]


def test_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Stop, match="can't be reached"):
        prices(Client("rk_test_abc", TEST, api=f"http://127.0.0.1:{port}", retries=0))
