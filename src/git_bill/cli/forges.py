"""Which forge the books are on, and by which token: the composition of adapters. Looked up when first needed."""

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from git_bill.adapters import credentials
from git_bill.adapters.credentials import AppKey, Credential, Kind, Token
from git_bill.adapters.git import transport
from git_bill.adapters.git.address import Address, address_of
from git_bill.adapters.git.credential import filled
from git_bill.forge import Forge
from git_bill.layout import SETTINGS
from git_bill.problem import Problem, Severity
from git_bill.workspace import ForgeSettings

if TYPE_CHECKING:
    from git_bill.adapters.github.app import App

Hears = Callable[[str], None]

# Name → what makes a forge of (repository, api=, token=, waiting=).
_FORGES: dict[Kind, str] = {
    "github": "git_bill.adapters.github.forge:by_token",
    "gitlab": "git_bill.adapters.gitlab.forge:GitLab",
}
_HOSTS: dict[str, Kind] = {"github.com": "github", "gitlab.com": "gitlab"}


def open_forge(
    top: Path,
    remote: str | None,
    settings: ForgeSettings,
    environment: Mapping[str, str] = os.environ,
    *,
    say: Hears = lambda line: None,
    learned: Hears = lambda secret: None,
) -> Forge | Problem:
    """The forge of a books remote, or why there is none. Stops (exit 3) at a wrong `[forge] api`.

    `say` hears of long waits; `learned` gets each secret that is found, for nobody to print it.
    """
    if settings.kind == "none":
        return _none("info", "[forge] kind is none: drafts are reviewed without a forge", 'kind = "github" in [forge]')
    place = address_of(top, remote) if remote is not None else None
    if remote is None or place is None:
        hint = "put them on one, in a private repository: git remote add origin URL && git push -u origin HEAD"
        return _none("info", "the books have no remote on a server, so on no forge", hint)
    kind = settings.kind or kind_of(place, environment)
    if kind is None:
        message = f"{place.name} is not known as a forge, so drafts get no pull request"
        return _none("info", message, 'if it is one, say so: [forge] kind = "github" or "gitlab"; else "none"')
    host, scheme = (place.host, place.scheme) if place.web else (place.name, "https")
    api = credentials.api_for(environment, kind, scheme, host, settings.api)
    found = credentials.find(environment, kind, host, lambda: filled(top, host, place.path, scheme))
    if found is None:
        return _none(
            "warning", f"there is no token for {host}, so drafts get no pull request", _token_hint(kind, environment)
        )
    learned(found.secret)
    return _made(kind, place.path, api, found, say=say, learned=learned)


def kind_of(place: Address, environment: Mapping[str, str]) -> Kind | None:
    """Which forge a host is, by the CI that this runs in, else by its name."""
    for kind in _FORGES:
        if credentials.server_host(environment, kind) in {place.host, place.name}:
            return kind
    if place.name in _HOSTS or place.name.endswith(".ghe.com"):
        return _HOSTS.get(place.name, "github")
    first = place.name.partition(".")[0]
    return next((kind for kind in _FORGES if kind in first), None)


def git_transport(
    environment: Mapping[str, str] = os.environ, *, learned: Hears = lambda secret: None
) -> transport.Transport:
    """How git speaks to a remote: by a deploy key or token of the environment, else as git is configured."""

    def chosen(repository: Path, remote: str) -> AbstractContextManager[Mapping[str, str]]:
        if key := environment.get("GIT_BILL_KEY"):
            return transport.by_key(key, environment)(repository, remote)
        place = address_of(repository, remote)
        if place is None or not credentials.in_private(f"{place.scheme}://{place.host}"):
            return transport.as_git_does(repository, remote)
        kind = kind_of(place, environment) or "github"
        match credentials.find(environment, kind, place.host):
            case Token(transport=True) as token:
                by = transport.by_token(token.user, lambda: token.secret, place.host, environment)
            case AppKey() as app_key:
                api = credentials.api_for(environment, kind, place.scheme, place.host, None)
                token_of = _app(api, app_key, lambda line: None, learned).token
                by = transport.by_token("x-access-token", lambda: token_of(place.path), place.host, environment)
            case _:
                by = transport.as_git_does
        return by(repository, remote)

    return chosen


def _made(kind: Kind, repository: str, api: str, credential: Credential, *, say: Hears, learned: Hears) -> Forge:
    if isinstance(credential, AppKey):
        from git_bill.adapters.github.forge import by_app

        return by_app(repository, api=api, app=_app(api, credential, say, learned), waiting=say)
    module, _, name = _FORGES[kind].partition(":")
    forge: Forge = getattr(import_module(module), name)(
        repository, api=api, token=credential.secret, waiting=say, job=credential.job
    )
    return forge


def _app(api: str, key: AppKey, say: Hears, learned: Hears) -> "App":
    from git_bill.adapters.github.app import App

    return App(api, key.number, key.secret, waiting=say, learned=learned)


def _token_hint(kind: Kind, environment: Mapping[str, str]) -> str:
    if environment.get("GITHUB_ACTIONS"):
        return "pass the job's token in the workflow: env: GITHUB_TOKEN: ${{ github.token }}"
    example = "$(gh auth token)" if kind == "github" else "glpat-…"
    return f"let git know one (git credential), or: export GIT_BILL_TOKEN={example}"


def _none(severity: Severity, message: str, hint: str) -> Problem:
    return Problem(rule="no-forge", severity=severity, message=message, hint=hint, file=SETTINGS)
