"""Brings a source that is known by its address alone: a bare clone of it, kept up to date in a folder of ours.

Addresses come from settings that others may write, so only https and ssh are spoken, to public hosts, without
redirects; the forge that the books are on is the one exception.
"""

import ipaddress
import re
import socket
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from git_bill.adapters.git.address import parse
from git_bill.adapters.git.clone import without_password
from git_bill.adapters.git.run import attempt, git
from git_bill.adapters.git.transport import by_token
from git_bill.layout import SETTINGS
from git_bill.problem import Problem

# Pull requests keep the commits that a squash merge hid. Branches that are gone stay: what was seen is not lost.
_REFS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*", "+refs/pull/*/head:refs/pull/*/head")
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
_PLAIN = re.compile(r"[A-Za-z0-9_@:/.~+%\[\]-]+")  # no character that programs understand differently
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_PORTS = {"https": 443, "ssh": 22}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The forge that the books are on: its address, and a token that may read the sources there; "" for none."""

    url: str = ""
    token: str = ""

    def holds(self, address: str) -> bool:
        """Whether an address is of this server: scheme, host and port."""
        here, there = parse(f"{self.url}/"), parse(address) if _PLAIN.fullmatch(address) else None
        return here is not None and there is not None and (here.scheme, here.host) == (there.scheme, there.host)


def bring(name: str, address: str, folder: Path, server: Server) -> Problem | None:
    """Clone the source into a folder, or fetch what is new; why that can't be, where it can't."""
    ours, shown = server.holds(address), without_password(address)
    refused = None if ours else refusal(address)
    if refused:
        return _problem(name, "source-refused", f"{refused}: {shown}", "only https and ssh to public hosts are read")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "HEAD").is_file():
        git(folder, "init", "--quiet", "--bare")
    git(folder, "config", "remote.origin.url", address)
    host = urlsplit(server.url).netloc
    transport = by_token("x-access-token", lambda: server.token, host) if ours and server.token else None
    allowed = {"GIT_ALLOW_PROTOCOL": "https:ssh:http" if ours else "https:ssh"}
    with transport(folder, "origin") if transport else nullcontext({}) as spoken:
        options = ("-c", "http.followRedirects=false", "-c", "credential.interactive=false")
        ran = attempt(folder, *options, *_FETCH, "origin", *_REFS, env={**allowed, **spoken}, network=True)
    if not ran.code:
        return None
    said = next((line for line in reversed(ran.err.splitlines()) if line.strip()), f"exit code {ran.code}")
    hint = "in a job, give it a token that may read it: gh secret set GIT_BILL_SOURCES_TOKEN"
    return _problem(name, "source-out-of-reach", f"{shown} can't be read: {without_password(said)}", hint)


def refusal(address: str) -> str | None:
    """Why an address is not read from; None where it may be. Looks its host up."""
    there = parse(address)
    if there is None or there.scheme not in _PORTS or not there.path or not _PLAIN.fullmatch(address):
        return "this is no https or ssh address of a repository"
    if not _HOST.fullmatch(there.name) or there.path.startswith("-"):
        return "this is no address of a repository"
    if "://" in address and urlsplit(address).password is not None:
        return "an address must hold no password"
    port = urlsplit(f"//{there.host}").port or _PORTS[there.scheme]
    try:
        found = socket.getaddrinfo(there.name, port, type=socket.SOCK_STREAM)
    except OSError:
        return "its host is not known"
    places = [ipaddress.ip_address(each[4][0]) for each in found]
    if not all(place.is_global and not place.is_multicast for place in places):
        return "its host is in a private network"
    return None


def _problem(name: str, rule: str, message: str, hint: str) -> Problem:
    return Problem(
        rule=rule,
        severity="warning",
        message=f"source {name} was not brought here: {message}",
        hint=hint,
        file=SETTINGS,
    )
