"""Answers that are not Stripe's: nothing is taken from them, and the run ends with one problem in plain words."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from tests.contracts.test_rail_contract import LINK

from git_bill.adapters.stripe import connection
from git_bill.adapters.stripe.client import Client
from git_bill.adapters.stripe.rail import Stripe
from git_bill.effects import Refused
from git_bill.problem import Exit, Stop
from git_bill.receivable.rail import StripeSettings

SETTINGS = StripeSettings(mode="test")
KEY = "rk_test_abc"
Answer = tuple[int, dict[str, str], bytes]
Said = Callable[..., tuple[Stripe, list[str]]]


def listed(*found: Any, more: bool = False) -> bytes:
    return json.dumps({"object": "list", "has_more": more, "data": found}).encode()


def movement(**changed: Any) -> dict[str, Any]:
    facts = {"id": "txn_1", "object": "balance_transaction", "net": 100, "fee": 0, "amount": 100, "currency": "eur"}
    times = {"created": 1_795_400_000, "available_on": 1_795_400_000}
    return {**facts, **times, "reporting_category": "charge", "source": None, "description": "", **changed}


@pytest.fixture
def said() -> Iterator[Said]:
    """`said(body, status=…, **headers)`: the rail at a server that always answers that, and what it was asked for."""
    running: list[ThreadingHTTPServer] = []

    def opened(body: bytes, status: int = 200, **headers: str) -> tuple[Stripe, list[str]]:
        asked: list[str] = []

        class Server(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):  # the other side may have read enough
                    self.wfile.write(body)

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = Client(KEY, SETTINGS, api=f"http://127.0.0.1:{server.server_port}", retries=0)
        return Stripe(client, SETTINGS, ZoneInfo("Europe/Berlin")), asked

    yield opened
    for server in running:
        server.shutdown()
        server.server_close()


def refused(rail: Stripe, cursor: str = "") -> str:
    with pytest.raises(Stop) as stopped:
        rail.pull(cursor)
    (problem,) = stopped.value.problems
    assert (stopped.value.exit_code, problem.rule) == (Exit.PAYMENT_OR_MAIL, "stripe")
    assert problem.hint
    return problem.message


def test_what_can_be_read_is_read(said: Said) -> None:
    assert [str(each.amount) for each in said(listed(movement()))[0].pull("").remittances] == ["1.00 EUR"]


@pytest.mark.parametrize(
    "body",
    [
        b"\x00\xff<html>",
        b"",
        b"[1,2]",
        b"null",
        b'"text"',
        b'{"object":"list"}',
        b'{"object":"list","has_more":false,"data":{"a":1}}',
        b"[" * 100_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        listed(None),
        listed({"id": "txn_1"}),
        listed(movement(id=5)),
        listed(movement(id="")),
        listed(movement(net=10**30, amount=10**30)),
        listed(movement(net=1.5)),
        listed(movement(net="100")),
        listed(movement(net=True)),
        listed(movement(fee=None)),
        listed(movement(currency="e")),
        listed(movement(currency=7)),
        listed(movement(created=10**20)),
        listed(movement(created=-(10**11))),
        listed(movement(created="now")),
        listed(movement(exchange_rate="NaN")),
        listed(movement(exchange_rate=-2)),
        listed(movement(source={"id": "ch_1", "billing_details": []}), movement(source={"billing_details": ["x"]})),
        listed(movement(reporting_category=["charge"])),
    ],
)
def test_what_is_no_answer_of_stripes(said: Said, body: bytes) -> None:
    assert "Stripe's answer can't be read" in refused(said(body)[0])


@pytest.mark.parametrize("cursor", ["", "100/txn_1/0"])
@pytest.mark.parametrize("page", [listed(more=True), listed(movement(), more=True)])
def test_pages_that_lead_nowhere_are_not_asked_for_for_ever(said: Said, page: bytes, cursor: str) -> None:
    rail, asked = said(page)
    assert "can't be read" in refused(rail, cursor)
    assert len(asked) < 4


def test_a_redirection_is_not_followed(said: Said) -> None:
    for body in (b"", listed(movement())):
        rail, asked = said(body, 302, Location="https://user@elsewhere.example/\x1b[31m")
        message = refused(rail)
        assert "sends elsewhere" in message
        assert KEY not in message
        assert len(asked) == 1
    rail, asked = said(b"", 307, Location="/v1/elsewhere")
    assert isinstance(rail.ensure_link(LINK), Refused)
    assert len(asked) == 1


def test_an_answer_has_a_bound(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_MOST", 100_000)
    body = b'{"object":"list","has_more":false,"data":[],"x":"' + b"A" * 100_000 + b'"}'
    assert "can't be read" in refused(said(body)[0])
    assert said(body[:90_000] + b'"}')[0].pull("").remittances == ()


@pytest.mark.parametrize(
    "body",
    [b"{}", b'{"error": null}', b'{"error": []}', b'{"error": {"message": 5, "code": ["x"]}}', b'{"error": "x"}'],
)
def test_refusals_that_make_no_sense(said: Said, body: bytes) -> None:
    assert refused(said(body, 402)[0])


@pytest.mark.parametrize("body", [b"{}", b'{"data": 1}', listed(None), listed({"id": "price_1"})])
def test_a_link_is_refused_where_the_answer_can_not_be_read(said: Said, body: bytes) -> None:
    found = said(body)[0].ensure_link(LINK)
    assert isinstance(found, Refused)
    assert "can't be read" in found.reason


def test_what_a_netrc_says_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    request = connection.Session().prepare_request(
        requests.Request("GET", "http://127.0.0.1/", headers={"Authorization": "Bearer x"})
    )
    assert request.headers["Authorization"] == "Bearer x"
