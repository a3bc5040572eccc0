"""Calendars at an address: what is fetched, and what never is."""

import contextlib
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from tests.webserver import serving

from git_bill.adapters import feed
from git_bill.problem import Problem

BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Answers(BaseHTTPRequestHandler):
    """A calendar, things that move, and one that never ends."""

    def do_GET(self) -> None:
        moved = {"/moved": "/cal.ics?key=1", "/round": "/round", "/away": "file:///etc/passwd"}
        if self.path in moved:
            self.send_response(302)
            self.send_header("Location", moved[self.path])
            self.end_headers()
        elif self.path.startswith("/cal.ics"):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(BODY)
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                while True:
                    self.wfile.write(b"x" * 65536)
        else:
            self.send_error(403)


@pytest.fixture(scope="module")
def place() -> Iterator[str]:
    with serving(Answers) as address:
        yield address


@pytest.mark.parametrize("path", ["/cal.ics", "/moved"])
def test_a_calendar_is_fetched_where_it_lies(place: str, path: str) -> None:
    assert feed.fetch(place + path, "cal", private=True) == BODY


@pytest.mark.parametrize(
    ("path", "why"),
    [("/none", "the server answers 403"), ("/round", "moved too often"), ("/away", "does not begin with https://")],
)
def test_what_can_not_be_read_is_told(place: str, path: str, why: str) -> None:
    problem = feed.fetch(place + path, "cal", private=True)
    assert isinstance(problem, Problem)
    assert (problem.rule, problem.severity) == ("calendar-out-of-reach", "warning")
    assert why in problem.message


def test_what_never_ends_is_left(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "_MOST", 1024 * 1024)
    problem = feed.fetch(f"{place}/endless", "cal", private=True)
    assert isinstance(problem, Problem)
    assert "larger than 1 MB" in problem.message


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.5", "169.254.169.254", "[::1]", "[::ffff:10.0.0.5]", "2130706433"],
)
def test_machines_of_the_inner_network_are_not_asked(host: str) -> None:
    problem = feed.fetch(f"https://{host}/cal.ics", "cal")
    assert isinstance(problem, Problem)
    assert "git config bill.privateHosts true" in problem.message


@pytest.mark.parametrize(
    "address",
    [
        "http://calendar.example.net/x",
        "file:///etc/passwd",
        "https://",
        "https://me:word@example.net/",
        "https://[",
        "x",
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    problem = feed.fetch(address, "cal")
    assert isinstance(problem, Problem)
    assert "its address" in problem.message


def test_nobody_answers_and_the_address_is_told_to_nobody() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    problem = feed.fetch(f"http://127.0.0.1:{port}/private-3f9a/basic.ics", "cal", private=True)
    assert isinstance(problem, Problem)
    assert "no answer" in problem.message
    assert "3f9a" not in f"{problem.message}{problem.hint}"
