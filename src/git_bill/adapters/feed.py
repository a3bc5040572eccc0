"""What is at an address: fetched over HTTPS, within limits, and from no machine of the inner network."""

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from git_bill.problem import Problem

_SECONDS = 20  # for each step
_IN_ALL = 60
_MOST = 20 * 1024 * 1024  # bytes
_REDIRECTS = 4
_MOVED = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Unread:
    """Why an address was not read, for people; the address, which may be a secret, is not in it."""

    why: str


class _Refused(Exception):  # noqa: N818  it is no fault
    """Why an address is not read, for people."""


@dataclass(frozen=True, slots=True)
class _Answer:
    content: bytes
    moved: str | None


def fetch(url: str, source: str, *, private: bool = False, context: ssl.SSLContext | None = None) -> bytes | Problem:
    """A calendar at an address, or why it can't be read; the address, which may be a secret, is in no message."""
    found = get(url, accept="text/calendar", private=private, context=context)
    if isinstance(found, bytes):
        return found
    return Problem(
        rule="calendar-out-of-reach",
        severity="warning",
        message=f"the calendar of source {source!r} was not read: {found.why}; what was seen of it before stays",
        hint=f"try it again, or give a new address: git bill source add https://… --kind calendar --id {source}",
    )


def get(url: str, *, accept: str, private: bool = False, context: ssl.SSLContext | None = None) -> bytes | Unread:
    """What an address answers.

    `private`: machines of the inner network are asked too, and without TLS; the machine's own settings say so.
    """
    address = url
    try:
        for _ in range(_REDIRECTS + 1):
            answer = _get(_split(address, private=private), accept, private=private, context=context)
            if answer.moved is None:
                return answer.content
            address = urljoin(address, answer.moved)
        raise _Refused("it is moved too often")
    except _Refused as refused:
        return Unread(str(refused))
    except (OSError, http.client.HTTPException) as error:
        return Unread(f"no answer ({getattr(error, 'strerror', None) or type(error).__name__})")


def _split(address: str, *, private: bool) -> SplitResult:
    try:
        found = urlsplit(address.strip().replace("webcal://", "https://", 1))
        port = found.port
    except ValueError:
        raise _Refused("its address is none") from None
    if found.scheme != "https" and not (private and found.scheme == "http"):
        raise _Refused("its address does not begin with https://")
    if not found.hostname or port == 0 or found.username:
        raise _Refused("its address names no host, or a user with a password")
    return found


def _get(address: SplitResult, accept: str, *, private: bool, context: ssl.SSLContext | None) -> _Answer:
    """One request, to the machine that was looked at, whatever its name means a moment later."""
    host = address.hostname or ""
    secure = address.scheme == "https"
    port = address.port or (443 if secure else 80)
    connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.sock = socket.create_connection((_machine(host, port, private=private), port), timeout=_SECONDS)
        if secure:
            context = context or ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        path = (address.path or "/") + (f"?{address.query}" if address.query else "")
        connection.request("GET", path, headers={"Accept": accept, "User-Agent": "git-bill"})
        return _answer(connection)
    finally:
        connection.close()


def _answer(connection: http.client.HTTPConnection) -> _Answer:
    answer = connection.getresponse()
    if answer.status in _MOVED and (where := answer.getheader("Location")):
        return _Answer(b"", where)
    if answer.status != http.client.OK:
        raise _Refused(f"the server answers {answer.status} {answer.reason}"[:80])
    content = bytearray()
    until = time.monotonic() + _IN_ALL
    while part := answer.read1(65536):
        content += part
        if len(content) > _MOST:
            raise _Refused(f"it is larger than {_MOST // 1024 // 1024} MB")
        if time.monotonic() > until:
            raise _Refused(f"it took longer than {_IN_ALL} s")
    return _Answer(bytes(content), None)


def _machine(host: str, port: int, *, private: bool) -> str:
    """The address of a host, all of whose addresses are public."""
    found = list(dict.fromkeys(str(place[4][0]) for place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    inner = [place for place in found if not ipaddress.ip_address(place.partition("%")[0]).is_global]
    if inner and not private:
        raise _Refused("its host is in the inner network; allow it on this machine: git config bill.privateHosts true")
    return found[0]
