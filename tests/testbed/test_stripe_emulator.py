"""Stripe as others emulate it: a second opinion on deliveries, on charges, and on how we ask."""

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.testbed.emulator import Emulator
from tests.testbed.stripe_server import ENDPOINT_SECRET
from tests.testbed.tools import absent, require

from git_bill.adapters.stripe.client import Client
from git_bill.adapters.stripe.delivery import verify
from git_bill.adapters.stripe.movements import remittance
from git_bill.problem import Stop
from git_bill.receivable.rail import StripeSettings

pytestmark = pytest.mark.testbed

Delivered = Queue[tuple[bytes, str]]
KEY = "sk_test_admin"


@pytest.fixture(scope="module")
def delivered() -> Iterator[tuple[str, Delivered]]:
    """The address of an endpoint, and what came there."""
    found: Delivered = Queue()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.put((body, self.headers.get("Stripe-Signature", "")))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is told."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook", found
        server.shutdown()


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory, delivered: tuple[str, Delivered]) -> Iterator[Emulator]:
    require(absent())
    folder: Path = tmp_path_factory.mktemp("stripe")
    webhooks = [{"url": delivered[0], "events": ["*"], "secret": ENDPOINT_SECRET}]
    found = Emulator(folder, "", {"stripe": {"webhooks": webhooks}}, "stripe")
    yield found
    found.stop()


@pytest.fixture
def client(emulator: Emulator) -> Client:
    return Client(KEY, StripeSettings(mode="test"), api=emulator.api, retries=0)


def test_its_deliveries_are_genuine_and_changed_ones_are_not(
    emulator: Emulator, client: Client, delivered: tuple[str, Delivered]
) -> None:
    product = client.ask("make a product", lambda api: api.v1.products.create({"name": "INV-2026-0032"}))
    wanted: Any = {"currency": "eur", "unit_amount": 119_000, "product": product["id"]}
    price = client.ask("make a price", lambda api: api.v1.prices.create(wanted))
    asked: Any = {
        "mode": "payment",
        "line_items": [{"price": price["id"], "quantity": 1}],
        "metadata": {"git_bill_invoice": "INV-2026-0032"},
    }
    session = client.ask("make a session", lambda api: api.v1.checkout.sessions.create(asked))
    connection = HTTPConnection("127.0.0.1", emulator.port, timeout=10)
    connection.request("POST", f"/checkout/{session['id']}/complete", "", {"Content-Length": "0"})
    assert connection.getresponse().status == 200
    connection.close()
    kinds = {}
    for _ in range(3):  # product, price, session
        body, header = delivered[1].get(timeout=10)
        verify(header, body, secret=ENDPOINT_SECRET, is_live=False)
        event = json.loads(body)
        kinds[event["type"]] = event["data"]["object"]["id"]
        for changed, secret in ((body + b" ", ENDPOINT_SECRET), (body, "whsec_another")):
            with pytest.raises(Stop, match="no delivery"):
                verify(header, changed, secret=secret, is_live=False)
    assert kinds["checkout.session.completed"] == session["id"]


def test_its_charges_are_read_as_ours(client: Client) -> None:
    asked: Any = {"amount": 119_000, "currency": "eur", "confirm": True, "metadata": {"git_bill_invoice": "INV-1"}}
    intent = client.ask("make a payment", lambda api: api.v1.payment_intents.create(asked))
    if intent["status"] != "succeeded":
        client.ask(
            "confirm it", lambda api: api.v1.payment_intents.confirm(intent["id"], {"payment_method": "pm_card"})
        )
    charges = client.each("read charges", lambda api, page: api.v1.charges.list(page))
    charge = next(each for each in charges if each["payment_intent"] == intent["id"])
    movement = {
        "id": "txn_1",
        "amount": charge["amount"],
        "fee": 2_000,
        "net": charge["amount"] - 2_000,
        "currency": charge["currency"],
        "created": charge["created"],
        "available_on": charge["created"],
        "reporting_category": "charge",
        "source": charge,
    }
    found = remittance(movement, ZoneInfo("Europe/Berlin"))
    assert found is not None
    assert (str(found.amount), found.kind, found.end_to_end) == ("1170.00 EUR", "payment", charge["id"])
    assert found.reference == "INV-1"  # a payment hands its metadata on to its charge
