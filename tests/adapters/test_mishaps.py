"""How a connection fails is told without the address, the proxy's password or the token."""

import socket
import threading
from collections.abc import Iterator

import pytest
import requests

from git_bill.adapters.mishaps import broken, moved


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where whoever comes is shown out."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)


def failed(url: str, *, proxy: str = "", header: str = "t0ken") -> tuple[str, str]:
    session = requests.Session()
    session.trust_env = False
    with pytest.raises(OSError) as caught:  # noqa: PT011  what is raised is the question
        session.get(url, proxies={"https": proxy} if proxy else {}, headers={"Authorization": header}, timeout=5)
    return broken(caught.value)


def test_each_break_has_its_words(silent: int) -> None:
    assert failed("http://127.0.0.1:9/") == ("offline", "Failed to establish a new connection: Connection refused")
    assert failed(f"http://127.0.0.1:{silent}/") == ("timeout", "")
    assert failed(f"https://127.0.0.1:{silent}/")[0] in {"certificate", "timeout"}


def test_nothing_secret_is_told(silent: int) -> None:
    kind, words = failed("https://127.0.0.1:1/", proxy="http://mira:pa55@127.0.0.1:9")
    assert (kind, "the proxy does not let it through" in words, "pa55" in words) == ("offline", True, False)
    kind, words = failed(f"http://127.0.0.1:{silent}/", header="t0ken\n")
    assert (kind, "t0ken" in words) == ("offline", False)


def test_a_move_names_the_host_alone() -> None:
    told = moved("GitHub", "read it", "https://x:pa55@other.example:8443/api?y#z").message
    assert told == "GitHub can't read it: it has moved (other.example is to be asked)"
    assert moved("GitHub", "read it", "https://[").message == "GitHub can't read it: it has moved"
    assert moved("GitHub", "read it", "").message == "GitHub can't read it: it has moved"
