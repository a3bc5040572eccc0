"""Addresses of remotes, as git would reach them."""

import functools
import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from git_bill.adapters.git.run import attempt

# Hosts that speak ssh for another one, on the web's port.
_WEB = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}
_PORTS = {"https": 443, "http": 80, "ssh": 22}
_SCP = re.compile(r"(?:(?P<user>[^@/:\s]+)@)?(?P<host>\[[^\]]+\]|[^/:\s]+):(?P<path>(?!//|:)\S.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a repository lies. `host` with its port where it has one; `path`: `mira/books`, without `.git`."""

    scheme: str  # https, http or ssh
    host: str
    path: str

    @property
    def name(self) -> str:
        """The host without its port: that of ssh says nothing about the web's."""
        return re.sub(r":\d+$", "", self.host)

    @property
    def web(self) -> bool:
        """Whether git reaches it by http."""
        return self.scheme in {"https", "http"}


def parse(url: str) -> Address | None:
    """An address on a server; None for a folder, a file, and what is no address."""
    if "://" not in url:
        scp = _SCP.fullmatch(url)
        # `C:\books` is a folder.
        return _address("ssh", scp["host"], scp["path"]) if scp and len(scp["host"]) > 1 else None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    scheme = "ssh" if parts.scheme in {"ssh", "git+ssh", "ssh+git"} else parts.scheme
    if scheme not in {"https", "http", "ssh"} or not host:
        return None
    given = "" if port in {None, _PORTS[scheme]} else f":{port}"
    return _address(scheme, f"{host}{given}", unquote(parts.path))


def address_of(repository: Path, remote: str) -> Address | None:
    """Where a remote is fetched from; an alias of the user's ssh configuration is resolved. None: on no server."""
    found = next((place for url in reached(repository, remote) if (place := parse(url))), None)
    if found is None or found.web:
        return found
    return replace(found, host=found.host.replace(found.name, _WEB.get(name := _meant(found.name), name), 1))


def reached(repository: Path, remote: str) -> tuple[str, ...]:
    """Addresses that a remote is fetched from and pushed to, after git's own rewriting (`insteadOf`)."""
    asked = ((), ("--push",))
    ran = [attempt(repository, "remote", "get-url", "--all", *options, "--", remote) for options in asked]
    return tuple(dict.fromkeys(url for each in ran for url in each.out.decode("utf-8", "replace").splitlines()))


def configured(repository: Path, remote: str) -> tuple[str, ...]:
    """The same as git's configuration has them, not rewritten."""
    keys = (f"remote.{remote}.url", f"remote.{remote}.pushurl")
    ran = [attempt(repository, "config", "--get-all", key) for key in keys]
    return tuple(dict.fromkeys(url for each in ran for url in each.out.decode("utf-8", "replace").splitlines()))


@functools.cache
def _meant(host: str) -> str:
    """The host that ssh would go to: an alias such as `github-work` stands for another."""
    try:
        ran = subprocess.run(["ssh", "-G", "--", host], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return host
    lines = ran.stdout.decode("utf-8", "replace").splitlines()
    return next((line.removeprefix("hostname ") for line in lines if line.startswith("hostname ")), host)


def _address(scheme: str, host: str, path: str) -> Address:
    return Address(scheme=scheme, host=host.lower(), path=path.strip("/").removesuffix(".git"))
