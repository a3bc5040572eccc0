"""Deliveries: genuine ones start a pull, others are told apart. https://docs.stripe.com/webhooks#verify-manually"""

import time

import pytest
from tests.testbed.stripe_server import ENDPOINT_SECRET, StripeServer

from git_bill.adapters.stripe.delivery import verify
from git_bill.problem import Exit, Stop

ABOUT = {"id": "ch_1", "object": "charge"}


@pytest.fixture
def delivery(server: StripeServer) -> tuple[bytes, str]:
    return server.delivery("charge.succeeded", ABOUT, at=int(time.time()))


def refused(body: bytes, header: str, secret: str = ENDPOINT_SECRET, *, is_live: bool = False) -> str:
    """Why."""
    with pytest.raises(Stop) as stopped:
        verify(header, body, secret=secret, is_live=is_live)
    assert stopped.value.exit_code == Exit.PAYMENT_OR_MAIL
    (problem,) = stopped.value.problems
    assert "no delivery of Stripe's" in problem.message
    return problem.message


def test_a_genuine_one(delivery: tuple[bytes, str]) -> None:
    body, header = delivery
    verify(header, body, secret=ENDPOINT_SECRET, is_live=False)
    assert "other mode" in refused(body, header, is_live=True)


def test_one_of_last_night(server: StripeServer) -> None:
    assert "tolerance" in refused(*server.delivery("payout.paid", {"id": "po_1"}, at=int(time.time()) - 10_000))


@pytest.mark.parametrize(
    "header", ["", "t=1", "v1=abc", "t=abc,v1=abc", "nothing", "t=9999999999,v1=", "t=9999999999,v0=abc", "=,=,="]
)
def test_other_headers(delivery: tuple[bytes, str], header: str) -> None:
    refused(delivery[0], header)


def test_a_changed_body_another_secret_and_another_time(delivery: tuple[bytes, str]) -> None:
    body, header = delivery
    later = header.replace(header[2:12], str(int(header[2:12]) + 1))
    refused(body + b" ", header)
    refused(body, header, "whsec_x")
    refused(body, header, "")
    refused(body, later)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"null", b"\xff\xfe", b'{"livemode": 1}', b'{"id": 1, "data": {}}']
)
def test_what_is_no_event_is_told_so_even_when_it_is_signed(body: bytes) -> None:
    import hashlib
    import hmac

    at = int(time.time())
    signed = hmac.new(ENDPOINT_SECRET.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    refused(body, f"t={at},v1={signed}")
