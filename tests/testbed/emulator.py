"""GitHub and Stripe as others emulate them (npm `emulate`): one process on a free port of this machine."""

import json
import socket
import subprocess
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.testbed.tools import MODULES, node

Json = dict[str, Any]
START_SECONDS = 20
# It ends with the process that holds the other end of its standard input, however that one ends.
_TIED = "data:text/javascript,process.stdin.on('close',()=>process.exit()).resume()"


class Emulator:
    """Of GitHub: accounts, repositories, issues, pull requests, comments, labels, reviews; the bridge knows git.

    Of Stripe: customers, prices, checkout sessions, payment intents, charges and signed webhooks.
    """

    def __init__(self, folder: Path, origin: str, seed: Json, service: str = "github") -> None:
        """`origin`: the address that its answers name, "" for its own. `seed`: accounts and tokens."""
        self.port = free_port()
        self.api = f"http://127.0.0.1:{self.port}"
        seeds, self.log = folder / "seed.yaml", folder / "emulator.log"
        seeds.write_text(json.dumps(seed), encoding="utf-8")  # JSON is YAML
        script = MODULES / "emulate/dist/index.js"
        how = ["start", "--service", service, "--port", str(self.port), "--base-url", origin or self.api]
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [node(), "--import", _TIED, script, *how, "--seed", seeds],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
            )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise RuntimeError(f"the emulator did not start:\n{self.log.read_text(encoding='utf-8')}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()

    def send(self, method: str, path: str, token: str, body: bytes = b"") -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers (lower case) and body of one answer. `path` with its query."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, body or None, headers if token else {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def json(self, method: str, path: str, token: str, body: Any = None) -> Any:
        """The document of an answer that has to be good."""
        status, _, content = self.send(method, path, token, b"" if body is None else json.dumps(body).encode())
        if status >= 400:
            raise RuntimeError(f"emulator: {method} {path} -> {status} {content[:300]!r}")
        return json.loads(content) if content else None


def free_port() -> int:
    """A port of the loopback interface that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
