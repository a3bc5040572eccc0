"""The HTTP server: one origin for git and for the REST API, as GitHub Enterprise has it (`/api/v3`)."""

import re
import socket
import struct
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.testbed import (
    git_data_endpoints,
    git_endpoints,
    pull_endpoints,
    repository_endpoints,
    status_endpoints,
    transport,
)
from tests.testbed.accounts import Access, needs
from tests.testbed.apps import Apps
from tests.testbed.contract import Contract, Exchange
from tests.testbed.faults import Fault, Faults
from tests.testbed.routes import Call, find
from tests.testbed.site import Site
from tests.testbed.web import Answer, Refusal, Request, said

ROUTES = (
    *status_endpoints.ROUTES,  # before /commits/{ref}, whose ref may hold slashes
    *pull_endpoints.ROUTES,
    *repository_endpoints.ROUTES,
    *git_data_endpoints.ROUTES,
    *git_endpoints.ROUTES,
)
LONGEST_HANG = 60  # seconds


class Bridge:
    """Answers requests: faults first, then git or the API; every exchange with the API is held to the contract."""

    def __init__(self, site: Site, contract: Contract) -> None:
        self.site, self.contract = site, contract
        self.apps = Apps(site)
        self.faults = Faults()
        self.exchanges: list[Exchange] = []
        self.violations: list[str] = []
        self.closing = threading.Event()

    def answer(self, request: Request) -> Answer | Fault:
        """What goes back, or how the connection fails."""
        api = request.path.startswith("/api/v3")
        path = request.path.removeprefix("/api/v3")
        fault = self.faults.take(request.method, path)
        if fault and fault.undone:
            return self._faulty(fault)
        if request.path == "/api/graphql":
            return self._viewer(request)
        if not api:
            return transport.serve(self.site, request)
        inner = Request(
            method=request.method, path=path, query=request.query, headers=request.headers, body=request.body
        )
        with self.site.lock:
            answer = self.ask(inner)
            self._judge(inner, answer)
        return self._faulty(fault) if fault else answer

    @staticmethod
    def _faulty(fault: Fault) -> Answer | Fault:
        if fault.kind == "answer":
            return said(dict(fault.document), fault.status, fault.headers)
        if fault.kind == "malformed":
            return Answer(body=b'{"number": 1, "title": "cut of')
        return fault

    def _judge(self, request: Request, answer: Answer) -> None:
        exchange = Exchange(
            method=request.method,
            path=request.path,
            query=request.query,
            sent=request.body,
            status=answer.status,
            answered=answer.body,
        )
        self.exchanges.append(exchange)
        self.violations.extend(self.contract.violations(exchange))

    def ask(self, request: Request) -> Answer:
        """The answer of the API, without faults and without judging it."""
        try:
            answer = self.apps.answer(request)
            if answer:
                return answer
            access = self._access(request)
            answer = self._rooted(request, access)
            scopes = {"x-oauth-scopes": "repo, workflow"} if access and access.kind == "classic" else {}
            answer = Answer(status=answer.status, body=answer.body, headers={**answer.headers, **scopes})
        except Refusal as refusal:
            answer = refusal.answer
        limits = {"limit": "5000", "remaining": "4990", "used": "10", "reset": str(int(time.time()) + 3600)}
        rates = {f"x-ratelimit-{name}": value for name, value in limits.items()}
        return Answer(status=answer.status, body=answer.body, headers={**rates, **answer.headers})

    def _access(self, request: Request) -> Access | None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if not kind:
            return None
        access = self.site.tokens.get(token.strip())
        if access is None or kind.lower() not in {"bearer", "token"}:
            raise Refusal(401, "Bad credentials")
        return access

    def _viewer(self, request: Request) -> Answer:
        """The one query of GraphQL that the testbed knows: who a token speaks for. It is not held to a contract."""
        try:
            access = self._access(request)
        except Refusal as refusal:
            return refusal.answer
        if access is None or re.sub(r"\s+", "", request.document.get("query", "")) != "query{viewer{login}}":
            return Refusal(401 if access is None else 501, "the testbed has no such query").answer
        return said({"data": {"viewer": {"login": access.account.login}}})

    def _rooted(self, request: Request, access: Access | None) -> Answer:
        if request.path == "/rate_limit":
            core = {"limit": 5000, "used": 10, "remaining": 4990, "reset": int(time.time()) + 3600}
            return said({"resources": {"core": core, "search": core}, "rate": core})
        if request.path == "/user":
            if access is None:
                raise Refusal(401, "Requires authentication")
            if access.kind in {"job", "app"}:
                raise Refusal(403, "Resource not accessible by integration")
            return self.site.forward(access.account, request)
        found = re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?", request.path)
        if not found:
            raise Refusal(404, "Not Found")
        return self._repository(request, access, unquote(found[1]), found[2] or "")

    def _repository(self, request: Request, access: Access | None, name: str, below: str) -> Answer:
        hosted = self.site.repositories.get(name)
        visible = hosted is not None and (not hosted.private or (access is not None and _sees(hosted, access, name)))
        if hosted is None or not visible:
            raise Refusal(404, "Not Found")
        endpoint = find(ROUTES, request.method, below)
        if endpoint is None:
            self.violations.append(f"{request.method} {request.path}: the testbed has no such endpoint; add it")
            raise Refusal(501, "the testbed has no such endpoint")
        if access is None:
            if request.method != "GET":
                raise Refusal(401, "Requires authentication")
            access = Access(account=hosted.owner, permissions={})  # a reader without a name
        _require(access, name, request.method, below, private=hosted.private, pulls=set(hosted.pulls))
        act, words = endpoint
        return act(Call(site=self.site, hosted=hosted, access=access, request=request, words=words))


def _sees(hosted: Any, access: Access, name: str) -> bool:
    if access.repository is not None:
        return access.repository == name
    return access.kind in {"job", "app"} or hosted.role(access.account) is not None


def _require(access: Access, name: str, method: str, below: str, *, private: bool, pulls: set[int]) -> None:
    """What the token itself must allow, beside what its account may."""
    reading = method == "GET"
    if access.permissions is None or (reading and not private):
        return
    wanted = needs(below)
    numbered = re.match(r"/issues/(\d+)", below)
    if numbered and int(numbered[1]) not in pulls:
        wanted = ("issues",)
    granted = access.repository in {None, name} and any(
        access.may(need, "read" if reading else "write") for need in wanted
    )
    if not granted:
        raise Refusal(403, access.refusal)


class Listener(ThreadingHTTPServer):
    """Serves a bridge on the loopback interface, in threads, until `shutdown`."""

    daemon_threads = True

    def __init__(self, bridge: Bridge, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.bridge = bridge
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """A defect of the testbed fails the test; somebody who hung up does not."""
        error = sys.exception()
        if not isinstance(error, OSError):
            self.bridge.violations.append("".join(traceback.format_exception(error)))


class Handler(BaseHTTPRequestHandler):
    """HTTP in front of the bridge."""

    server: Listener
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=b"".join(self._body()),
        )
        answer = self.server.bridge.answer(request)
        if isinstance(answer, Fault):
            self._fail(answer)
        else:
            self._send(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 (names that the library asks for)

    def _body(self) -> Iterator[bytes]:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            yield self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def _fail(self, fault: Fault) -> None:
        """Say nothing for long, or break the connection off."""
        if fault.kind == "hang":
            self.server.bridge.closing.wait(LONGEST_HANG)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
