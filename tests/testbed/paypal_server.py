"""PayPal's API over an account on this machine, with tokens, faults, and lost answers.

Each request and answer is judged by its published fields. What one breaks is kept in the account's `wrong`, which a
test finds empty.
"""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.testbed.paypal_contract import Json, wrong_answer, wrong_request
from tests.testbed.paypal_fake import CLIENT, SECRET, Account, Asked, Failed


class _Handler(BaseHTTPRequestHandler):
    account: Account

    def _serve(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        if self.account.faults:
            status, headers, content = self.account.faults.pop(0)
            self._send(status, content, headers)
            return
        if parts.path == "/v1/oauth2/token":
            self._token(sent)
            return
        body = json.loads(sent) if sent else None
        asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), body)
        self.account.asked.append(asked)
        self.account.wrong += wrong_request(asked.method, asked.path, asked.query, asked.body)
        data: Json | None
        try:
            if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.account.tokens:
                raise Failed(401, "AUTHENTICATION_FAILURE", words="Authentication failed")
            status, data = self.account.answer(asked)
        except Failed as failed:
            status, data = failed.status, failed.data
        if status != 201:  # of a new invoice PayPal tells the address alone, unless it is asked for all of it
            self.account.wrong += wrong_answer(asked.method, asked.path, status, data)
        if self.account.lost:
            self.account.lost -= 1
            if not self.account.lost:
                self.close_connection = True
                return
        self._send(status, b"" if data is None else json.dumps(data).encode(), {"PayPal-Debug-Id": "f00d"})

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815 (names that the library asks for)

    def _token(self, sent: bytes) -> None:
        basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if self.headers.get("Authorization") != basic or dict(parse_qsl(sent.decode())) != {
            "grant_type": "client_credentials"
        }:
            error = {"error": "invalid_client", "error_description": "Client Authentication failed"}
            self._send(401, json.dumps(error).encode(), {})
            return
        token = f"A21A-test-token-{len(self.account.tokens)}"
        self.account.tokens.add(token)
        told: dict[str, Any] = {"access_token": token, "token_type": "Bearer", "app_id": "APP-1", "expires_in": 32400}
        self._send(200, json.dumps(told | {"scope": " ".join(self.account.scopes)}).encode(), {})

    def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(account: Account) -> Iterator[str]:
    """The address of the account's server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"account": account}))
    account.payer_page = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield account.payer_page
    server.shutdown()
    server.server_close()
