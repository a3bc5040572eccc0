"""Whose token is for which server: looked up in the environment, and never given to another host.

In order: `GIT_BILL_TOKEN`, an App's `GIT_BILL_APP_ID` and `GIT_BILL_APP_KEY`, the CI's own token on the CI's own
server, `GH_TOKEN`, and what git's credential helpers know.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from git_bill.problem import Exit, Stop, stop

Kind = Literal["github", "gitlab"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token for one host. `user`: what git's transport says beside it. `job`: made by the CI for this one job.

    `transport`: whether git is to use it too; what git's own helpers know, or a person has set for another program,
    stays out of it.
    """

    secret: str = field(repr=False)
    host: str
    user: str
    job: bool = False
    transport: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AppKey:
    """A GitHub App of the user's own: id and private key (PEM text)."""

    number: str
    secret: str = field(repr=False)
    host: str


Credential = Token | AppKey

# Of an address nothing is left to interpretation: programs differ in which host `https://a\\@b` has.
_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:/[A-Za-z0-9._~/-]*)?")
_PORTS = {"https": 443, "http": 80}


def find(
    environment: Mapping[str, str], kind: Kind, host: str, helper: Callable[[], str | None] = lambda: None
) -> Credential | None:
    """What to show to a forge on a host, None where there is nothing for it. `helper`: git's, asked last.

    `GIT_BILL_TOKEN` and the App's key are the user's word for the forge of the books, whichever host that is.
    """
    user = "x-access-token" if kind == "github" else "oauth2"
    if own := secret_of(environment, "GIT_BILL_TOKEN"):
        return Token(secret=own, host=host, user=user)
    number, key = secret_of(environment, "GIT_BILL_APP_ID"), environment.get("GIT_BILL_APP_KEY")
    if kind == "github" and number and key:
        return AppKey(number=number, secret=key, host=host)
    found = _of_ci(environment, kind, host) or _of_person(environment, kind, host)
    if found is not None:
        return found
    known = helper()
    return Token(secret=known, host=host, user=user, transport=False) if known else None


def secret_of(environment: Mapping[str, str], name: str) -> str | None:
    """A variable that is sent as a header, without the line end that is often stored along with it; None without one.

    Raises Stop (exit 3) where it holds what no header can.
    """
    found = environment.get(name, "").strip()
    if re.search(r"[^!-~]", found):
        hint = f"store the token alone, for example: gh secret set {name} < token.txt"
        raise stop(Exit.SETTINGS, "bad-token", f"{name} is no token: it holds white space or other than ASCII", hint)
    return found or None


def server_host(environment: Mapping[str, str], kind: Kind) -> str | None:
    """The host of the server that this CI job belongs to, None outside such a CI."""
    if kind == "github":
        found = environment.get("GITHUB_SERVER_URL") if environment.get("GITHUB_ACTIONS") else None
    else:
        found = environment.get("CI_SERVER_URL") if environment.get("GITLAB_CI") else None
    return host_of(found) if found else None


def api_for(environment: Mapping[str, str], kind: Kind, scheme: str, host: str, said: str | None) -> str:
    """The address of a host's API. `said` is `[forge] api`, from a file: it must be of the same host.

    Raises Stop (exit 3) where it is not, or where the token would go in clear over a network.
    """
    if said and not _ADDRESS.fullmatch(said):
        raise _stop(
            "bad-api", f"[forge] api is no address: {said!r}", f'write it so: api = "{_usual_api(kind, scheme, host)}"'
        )
    api = said or _own_api(environment, kind, host) or _usual_api(kind, scheme, host)
    own = _own_api(environment, kind, host)
    if host_of(api) not in {host, f"api.{host}", own and host_of(own)}:
        raise _stop(
            "foreign-api",
            f"[forge] api is on {host_of(api) or api}, but the books are on {host}: it is not given the token",
            f'let it be of the same host, for example: api = "{_usual_api(kind, scheme, host)}"',
        )
    if not in_private(api):
        raise _stop("clear-api", f"{api} would send the token in clear", "write https:// there")
    return api


def host_of(url: str) -> str:
    """A URL's host with its port, in lower case; "" where it has none."""
    try:
        parts = urlsplit(url)
        name = (parts.hostname or "").lower()
        return f"{name}:{parts.port}" if parts.port not in {None, _PORTS.get(parts.scheme)} else name
    except ValueError:
        return ""


def in_private(url: str) -> bool:
    """Whether nobody on the way can read what is sent there: https, or this very machine."""
    parts = urlsplit(url)
    try:
        return parts.scheme == "https" or parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _of_ci(environment: Mapping[str, str], kind: Kind, host: str) -> Token | None:
    """The job's own token, on its own server alone: elsewhere it would be shown to a stranger."""
    if server_host(environment, kind) != host:
        return None
    if kind == "github":
        job, user = secret_of(environment, "GITHUB_TOKEN") or secret_of(environment, "GH_TOKEN"), "x-access-token"
        return Token(secret=job, host=host, user=user, job=job.startswith("ghs_")) if job else None
    if own := secret_of(environment, "GITLAB_TOKEN"):
        return Token(secret=own, host=host, user="oauth2")
    job = secret_of(environment, "CI_JOB_TOKEN")
    return Token(secret=job, host=host, user="gitlab-ci-token", job=True) if job else None


def _of_person(environment: Mapping[str, str], kind: Kind, host: str) -> Token | None:
    """As the forges' own programs take them: `GH_TOKEN` is for github.com, or the host that `GH_HOST` names."""
    names = ("GH_TOKEN", "GH_HOST", "github.com") if kind == "github" else ("GITLAB_TOKEN", "GITLAB_HOST", "gitlab.com")
    secret, place = secret_of(environment, names[0]), environment.get(names[1]) or names[2]
    if not secret or (host_of(place) or place.lower()) != host:
        return None
    user = "x-access-token" if kind == "github" else "oauth2"
    return Token(secret=secret, host=host, user=user, transport=False)


def _own_api(environment: Mapping[str, str], kind: Kind, host: str) -> str | None:
    """What the CI says its server's API is."""
    if server_host(environment, kind) != host:
        return None
    return environment.get("GITHUB_API_URL" if kind == "github" else "CI_API_V4_URL")


def _usual_api(kind: Kind, scheme: str, host: str) -> str:
    if kind == "github":
        return "https://api.github.com" if host == "github.com" else f"{scheme}://{host}/api/v3"
    return f"{scheme}://{host}"


def _stop(rule: str, message: str, hint: str) -> Stop:
    return stop(Exit.SETTINGS, rule, message, hint, file="billing/billing.toml")
