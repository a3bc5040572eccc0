"""Stripe on this machine: its API over HTTP with keys, versions, repeated requests, and faults to order."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import stripe
from tests.testbed.stripe_contract import Json, Rejected, taken
from tests.testbed.stripe_people import People
from tests.testbed.stripe_store import Store

VERSION = stripe.api_version  # what the installed library speaks
KEY = "rk_test_of_the_testbed"
LIVE_KEY = "rk_live_of_the_testbed"
ENDPOINT_SECRET = "whsec_of_the_testbed"


Answer = tuple[int, Json, Mapping[str, str]]  # status, document, headers
Fault = int | str | Mapping[str, str] | None
LOST = 0  # a status that is never sent


class StripeServer:
    """One account on a free port. `violations`: what a real Stripe would not have let pass.

    `faults`: one for each of the next requests: a status that is answered instead, an error's fields, "lost" (it is
    done, and the connection breaks before the answer), or None. `after` sees each request that was done.
    """

    def __init__(self, *, is_live: bool = False) -> None:
        self.store = Store(is_live=is_live)
        self.people = People(self.store)
        self.key = LIVE_KEY if is_live else KEY
        self.faults: list[Fault] = []
        self.after: Callable[[str, Json], None] = lambda request, document: None
        self.violations: list[str] = []
        self.requests: list[str] = []
        self._repeated: dict[str, tuple[str, int, Json]] = {}
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self.api = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def forget(self) -> None:
        """A day goes by: repeated requests are not known any more. https://docs.stripe.com/api/idempotent_requests"""
        self._repeated.clear()

    def handle(self, verb: str, path: str, encoded: str, headers: Mapping[str, str]) -> Answer:
        """Status, document and headers of an answer."""
        with self._lock:
            self.requests.append(f"{verb} {path}")
            self._look_at(headers)
            if headers.get("authorization") != f"Bearer {self.key}":
                return 401, _error("Invalid API Key provided: rk_test_***", "invalid_request_error"), {}
            fault = self.faults.pop(0) if self.faults else None
            if isinstance(fault, int):
                kind = "rate_limit_error" if fault == 429 else "api_error"
                return fault, _error("out of order", kind), {"Stripe-Should-Retry": "false"}
            if isinstance(fault, Mapping):
                return 400, {"error": dict(fault)}, {}
            status, document, more = self._once(verb, path, encoded, headers)
            return LOST if fault == "lost" else status, document, more

    def _once(self, verb: str, path: str, encoded: str, headers: Mapping[str, str]) -> Answer:
        """A request that came before under its key is answered as it was."""
        once = headers.get("idempotency-key") if verb == "POST" else None
        asked = f"{verb} {path} {encoded}"
        if once is not None and once in self._repeated:
            before, status, document = self._repeated[once]
            if before != asked:
                words = "Keys for idempotent requests can only be used with the same parameters."
                return 400, _error(words, "idempotency_error"), {}
            return status, document, {"Idempotent-Replayed": "true"}
        status, document = self._answered(verb, path, encoded)
        if once is not None and status < 500:
            self._repeated[once] = (asked, status, document)
        self.after(f"{verb} {path}", document)
        return status, document, {}

    def _answered(self, verb: str, path: str, encoded: str) -> tuple[int, Json]:
        try:
            route, names, sent = taken(verb, path, encoded)
            document = self.store.answer(route.verb, route.template, names, sent)
        except Rejected as rejected:
            return rejected.status, _error(str(rejected), "invalid_request_error", param=rejected.parameter)
        self.violations += self.store.wrong_answers
        self.store.wrong_answers.clear()
        return 200, document

    def _look_at(self, headers: Mapping[str, str]) -> None:
        if headers.get("stripe-version") != VERSION:
            self.violations.append(f"another version was asked for: {headers.get('stripe-version')}")
        told = json.loads(headers.get("x-stripe-client-user-agent", "{}"))
        if "x-stripe-client-telemetry" in headers or {"telemetry_id", "platform"} & told.keys():
            self.violations.append("telemetry was sent")

    def delivery(self, kind: str, about: Json, *, at: int, secret: str = ENDPOINT_SECRET) -> tuple[bytes, str]:
        """Body and `Stripe-Signature` of a webhook's delivery. https://docs.stripe.com/webhooks#verify-manually"""
        event = {"id": "evt_1", "object": "event", "type": kind, "livemode": self.store.is_live}
        body = json.dumps({**event, "data": {"object": about}}).encode()
        signed = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
        return body, f"t={at},v1={signed},v0=ignored"


def _error(message: str, kind: str, **more: str) -> Json:
    return {"error": {"message": message, "type": kind, **more}}


def _handler(server: StripeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body leave together: nobody waits for an acknowledgement between them

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is told."""

        def _act(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            path, _, query = self.path.partition("?")
            headers = {name.lower(): value for name, value in self.headers.items()}
            encoded = body if self.command == "POST" else query
            status, document, more = server.handle(self.command, path, encoded, headers)
            if status == LOST:
                self.close_connection = True
                return
            content = json.dumps(document).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Request-Id": "req_1", **more}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = _act  # noqa: N815  names of the library

    return Handler
