"""Deliveries: genuine ones start a pull, others are told apart. https://docs.stripe.com/webhooks#verify-manually"""

import time

import pytest
from tests.testbed.stripe_server import ENDPOINT_SECRET, StripeServer

from git_bill.adapters.stripe.delivery import Delivery, verified
from git_bill.problem import Exit, Stop

ABOUT = {"id": "ch_1", "object": "charge"}


@pytest.fixture
def delivery(server: StripeServer) -> tuple[bytes, str]:
    return server.delivery("charge.succeeded", ABOUT, at=int(time.time()))


def test_a_genuine_one(delivery: tuple[bytes, str]) -> None:
    assert verified(*delivery, ENDPOINT_SECRET) == Delivery(
        id="evt_1", kind="charge.succeeded", about="ch_1", live=False
    )


def test_one_of_last_night(server: StripeServer) -> None:
    body, header = server.delivery("payout.paid", {"id": "po_1"}, at=int(time.time()) - 10_000)
    with pytest.raises(Stop, match="tolerance"):
        verified(body, header, ENDPOINT_SECRET)
    assert verified(body, header, ENDPOINT_SECRET, tolerance=86_400).about == "po_1"


@pytest.mark.parametrize(
    "header", ["", "t=1", "v1=abc", "t=abc,v1=abc", "nothing", "t=9999999999,v1=", "t=9999999999,v0=abc", "=,=,="]
)
def test_other_headers(delivery: tuple[bytes, str], header: str) -> None:
    with pytest.raises(Stop) as stopped:
        verified(delivery[0], header, ENDPOINT_SECRET)
    assert stopped.value.exit_code == Exit.PROBLEMS


def test_a_changed_body_another_secret_and_another_time(delivery: tuple[bytes, str]) -> None:
    body, header = delivery
    later = header.replace(header[2:12], str(int(header[2:12]) + 1))
    for changed in ((body + b" ", header, ENDPOINT_SECRET), (body, header, "whsec_x"), (body, later, ENDPOINT_SECRET)):
        with pytest.raises(Stop, match="no delivery"):
            verified(*changed)
    with pytest.raises(Stop, match="no delivery"):
        verified(body, header, "")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b"\xff\xfe", b'{"data": 1}', b'{"id": 1, "data": {}}'])
def test_what_is_no_event_is_told_so_even_when_it_is_signed(server: StripeServer, body: bytes) -> None:
    import hashlib
    import hmac

    at = int(time.time())
    signed = hmac.new(ENDPOINT_SECRET.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    with pytest.raises(Stop, match="no delivery"):
        verified(body, f"t={at},v1={signed}", ENDPOINT_SECRET)
