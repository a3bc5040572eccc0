"""GitLab's REST API v4 over real bare repositories with real `git http-backend` transport, on one origin.

No server or emulator of GitLab runs on a developer's machine, so this is a facade: what it answers is judged by
python-gitlab's own functional tests (tests/testbed/test_gitlab.py), by its declarations and by a published description.
"""

import base64
import json
import re
import threading
import traceback
from collections.abc import Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from tests.testbed import gitlab_projects, gitlab_repository, gitlab_requests, gitlab_timelogs
from tests.testbed.faults import Faults
from tests.testbed.gitlab_store import Call, Endpoint, Failed, Json, Project, Store, Token
from tests.testbed.transport import backend
from tests.testbed.web import Answer, Request

API = "/api/v4/"
_TABLE = gitlab_projects.ENDPOINTS | gitlab_repository.ENDPOINTS | gitlab_requests.ENDPOINTS | gitlab_timelogs.ENDPOINTS
_ROUTES: list[tuple[str, re.Pattern[str], Endpoint]] = [
    (method, re.compile(path.replace(":x", "([^/]+)")), endpoint)
    for method, _, path, endpoint in ((*name.partition(" "), endpoint) for name, endpoint in _TABLE.items())
]
_GIT = re.compile(r"/(?P<path>.+?)\.git(?P<rest>/(info/refs|git-upload-pack|git-receive-pack))")
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}


class GitLabServer:
    """A running facade. `origin`: its address. Accounts and projects are added by tests; `faults` are ordered."""

    def __init__(self, folder: Path) -> None:
        self.store, self.faults = Store(folder), Faults()
        self.asked: list[tuple[str, str]] = []
        self.closed = threading.Event()
        self.lock = threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()

    def account(self, username: str, name: str, email: str, *, admin: bool = False) -> str:
        """An account; its personal token with the scope api."""
        user = gitlab_projects.add_user(self.store, self.origin, username, name, email, admin=admin)
        self.store.tokens[f"glpat-{username}"] = Token(user=user)
        return f"glpat-{username}"

    def project(self, path: str, owner: str, **settings: Any) -> Project:
        """A project of an account, with an empty repository."""
        user = self.store.users[owner]
        return gitlab_projects.add_project(self.store, self.origin, path, user, **settings)

    def rest(self, token: str, method: str, path: str, **data: Any) -> Any:
        """What an account does on the web pages, by the API's path."""
        user = self.store.tokens[token]
        answer = self._act(Call(store=self.store, origin=self.origin, user=user.user, token=user, args=(), data=data,
                                method=method), path)  # fmt: skip
        document = json.loads(answer.body) if answer.body else None
        if answer.status >= 400:
            raise Failed(answer.status, document)
        return document

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """To one request."""
        path, _, query = target.partition("?")
        with self.lock:
            self.asked.append((method, path))
            git = _GIT.fullmatch(unquote(path))
            if git:
                return self._git(method, git, query, headers, body)
            return self._api(method, path, query, headers, body)

    def _api(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        named = headers.get("PRIVATE-TOKEN") or headers.get("JOB-TOKEN") or headers.get("Authorization", "")[7:]
        token = self.store.tokens.get(named)
        if token is None or (token.job and not path.endswith("/job")):
            return _said(401, {"message": "401 Unauthorized"})
        reads = method in {"GET", "HEAD"}
        if (
            "api" not in token.scopes
            and not (reads and "read_api" in token.scopes)
            and not path.endswith("tokens/self")
        ):
            scopes = {"error": "insufficient_scope", "error_description": "needs higher privileges", "scope": "api"}
            return _said(403, scopes)
        data = _data(query)
        data |= json.loads(body) if body else {}
        user = self.store.users.get(_sudo(self.store, data), token.user) if token.user["is_admin"] else token.user
        call = Call(store=self.store, origin=self.origin, user=user, token=token, args=(), data=data, method=method)
        return self._act(call, path.removeprefix(API), f"{self.origin}{path}")

    def _act(self, call: Call, path: str, url: str = "") -> Answer:
        if call.method in _WRITES:
            self.store.clock.tick()
        try:
            document = self._find(call, path)(call)
        except Failed as failed:
            shown = {key: value for key, value in failed.document.items() if value is not None}
            return _said(failed.status, shown)
        except (LookupError, TypeError, ValueError):  # a gap of the facade: say where
            return _said(500, {"message": traceback.format_exc()})
        finally:
            if call.method in _WRITES:
                self.follow()
        if isinstance(document, bytes):
            return Answer(status=200, headers={"Content-Type": "application/octet-stream"}, body=document)
        if isinstance(document, list):
            document = _page(call, document, url)
        return _said(call.status, document, call.headers)

    def _find(self, call: Call, path: str) -> Endpoint:
        for method, pattern, endpoint in _ROUTES:
            found = pattern.fullmatch(path)
            if found and method == call.method:
                call.args = tuple(unquote(arg) for arg in found.groups())
                return endpoint
        raise Failed(404, None, error="404 Not Found")

    def _git(self, method: str, found: re.Match[str], query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One step of a transport by the git program, after GitLab's questions of who may do it."""
        _, _, secret = base64.b64decode(headers.get("Authorization", "Basic ")[6:]).decode().partition(":")
        token = self.store.tokens.get(secret)
        if token is None:
            return Answer(status=401, headers={"WWW-Authenticate": 'Basic realm="GitLab"'})
        try:
            project = self.store.project(found["path"], token.user)
        except Failed:
            return Answer(status=404, headers={}, body=b"The project you were looking for could not be found.")
        push = "git-receive-pack" in found["rest"] + query
        if push and token.job and not project.facts["ci_push_repository_for_job_token_allowed"]:
            return Answer(status=403, headers={}, body=b"You are not allowed to upload code.")
        if push and project.level(token.user) < 30:
            return Answer(status=403, headers={}, body=b"You are not allowed to push code to this project.")
        guarded = [name for name in project.protected if not project.may_push(token.user, name)]
        told = {name.lower(): value for name, value in headers.items()}
        path = f"/{found['path']}.git{found['rest']}"
        request = Request(method=method, path=path, query=dict(parse_qsl(query)), headers=told, body=body)
        refs = " ".join(f"refs/heads/{name}" for name in guarded)
        answer = backend(self.store.folder, path, request, FACADE_PROTECTED=refs)
        if push and method == "POST":
            self.store.clock.tick()
            self.follow()
        return answer

    def follow(self) -> None:
        """Open merge requests follow their branches."""
        for project in self.store.projects.values():
            for request in project.requests:
                gitlab_requests.add_version(project, request, str(self.store.clock), self.store.number())


class _Handler(BaseHTTPRequestHandler):
    """Reads a request and writes the answer; a fault takes its place where one is ordered."""

    protocol_version = "HTTP/1.1"

    def __init__(self, server: GitLabServer, *args: Any) -> None:
        self.gitlab = server
        super().__init__(*args)

    def log_message(self, *args: Any) -> None:
        """Nothing on the terminal."""

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        content = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return content

    def _any(self) -> None:
        body = self._body()
        fault = self.gitlab.faults.take(self.command, self.path.partition("?")[0])
        answer = None
        if fault is None or not fault.undone:
            answer = self.gitlab.answer(self.command, self.path, dict(self.headers), body)
        if fault is not None and fault.kind != "answer":
            if fault.kind == "hang":
                self.gitlab.closed.wait()
            self.close_connection = True
            if fault.kind == "malformed":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n<htm>")
            return
        if fault is not None:
            answer = _said(fault.status, dict(fault.document), dict(fault.headers))
        assert answer is not None
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value.encode().decode("latin-1"))
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _any  # noqa: N815  names that http.server asks for


def _said(status: int, document: Any, headers: Mapping[str, str] | None = None) -> Answer:
    body = b"" if status == 204 else json.dumps(_shown(document)).encode()
    return Answer(status=status, headers={"Content-Type": "application/json", **(headers or {})}, body=body)


def _shown(document: Any) -> Any:
    """Without what the facade notes for itself."""
    if isinstance(document, list):
        return [_shown(each) for each in document]
    if isinstance(document, Mapping):
        return {key: _shown(value) for key, value in document.items() if not key.startswith("_")}
    return document


def _data(query: str) -> Json:
    """Query parameters; `name[]` gathers a list."""
    data: Json = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name.endswith("[]"):
            data.setdefault(name[:-2], []).append(value)
        else:
            data[name] = value
    return data


def _sudo(store: Store, data: Json) -> str:
    named = str(data.pop("sudo", ""))
    return next((name for name, user in store.users.items() if named in {name, str(user["id"])}), "")


def _page(call: Call, found: list[Any], url: str) -> list[Any]:
    """One page of a list, with GitLab's headers."""
    size, page = int(call.data.get("per_page", 20)), int(call.data.get("page", 1))
    pages = max(1, -(-len(found) // size))
    call.headers |= {"X-Total": str(len(found)), "X-Total-Pages": str(pages), "X-Page": str(page),
                     "X-Per-Page": str(size), "X-Next-Page": str(page + 1) if page < pages else "",
                     "X-Prev-Page": str(page - 1) if page > 1 else ""}  # fmt: skip
    if page < pages:
        query = urlencode({**call.data, "page": page + 1, "per_page": size}, doseq=True)
        call.headers["Link"] = f'<{url}?{query}>; rel="next"'
    return found[(page - 1) * size : page * size]
