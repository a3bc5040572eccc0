"""Requests to PayPal's REST API: its token, patience, and what its errors mean to a person."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from git_bill.adapters.credentials import in_private
from git_bill.adapters.mishaps import broken
from git_bill.adapters.patience import Patience
from git_bill.adapters.rendering import plain
from git_bill.problem import Exit, Problem, Stop, stop

Mode = Literal["live", "sandbox"]
CLIENT, SECRET = "GIT_BILL_PAYPAL_CLIENT", "GIT_BILL_PAYPAL_SECRET"
HOSTS: Mapping[Mode, str] = {"live": "https://api-m.paypal.com", "sandbox": "https://api-m.sandbox.paypal.com"}
_SHOWN: Mapping[Mode, str] = {"live": "www.paypal.com", "sandbox": "www.sandbox.paypal.com"}  # where payers pay
_APPS = "https://developer.paypal.com/dashboard/applications"
_TIMEOUT = 30  # seconds
_SPARE = 60  # seconds before its end from which on a token is not used any more
_MOST = 64 * 1024 * 1024  # bytes of an answer; 500 movements have about one million
_PIECE = 65_536
_KEY = re.compile(r"[A-Za-z0-9_-]{16,256}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """An app's client id and secret, of the live world or of the sandbox: each host knows only its own."""

    client: str
    secret: str = field(repr=False)


class Denied(Stop):
    """PayPal says no to one request. `name` and `issues`: its words for why, such as RESULTSET_TOO_LARGE."""

    def __init__(self, problem: Problem, status: int, name: str, issues: tuple[str, ...]) -> None:
        super().__init__(Exit.PAYMENT_OR_MAIL, [problem])
        self.status, self.name, self.issues = status, name, issues


class _Bearer(AuthBase):
    """Sets the header itself: without it, `requests` would take what a `.netrc` has for the host instead."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    data: Mapping[str, Any]


class Client:
    """One app at one account. `api` names another server, for tests. `learned` gets the token, for nobody to print."""

    def __init__(
        self,
        keys: Keys,
        mode: Mode,
        *,
        api: str | None = None,
        learned: Callable[[str], None] = lambda secret: None,
        waiting: Callable[[str], None] = lambda line: None,
        sleep: Callable[[float], None] = time.sleep,
        timeout: float = _TIMEOUT,
    ) -> None:
        """Raises Stop (exit 3) at keys that are none, and where they would go over a network in clear."""
        for name, text in ((CLIENT, keys.client), (SECRET, keys.secret)):
            if not _KEY.fullmatch(text):
                raise stop(Exit.SETTINGS, "paypal-key", f"{name} is no key of PayPal's", f"copy it from {_APPS}/{mode}")
        if api is not None and not in_private(api):
            raise stop(Exit.SETTINGS, "clear-api", f"{api} would send the keys in clear", "write https:// there")
        self.mode: Mode = mode
        self._keys, self._learned, self._timeout = keys, learned, timeout
        self._api = (api or HOSTS[mode]).rstrip("/")
        self._shown = {_SHOWN[mode]} if api is None else {urlsplit(api).netloc}
        self._patience = Patience("PayPal", waiting, sleep)
        self._session = requests.Session()
        self._session.headers.update({"Accept": "application/json", "User-Agent": "git-bill"})
        self._token, self._until = "", 0.0

    def is_payer_page(self, url: str) -> bool:
        """Whether an address is of the pages on which PayPal takes payments, and so may be printed on an invoice."""
        parts = urlsplit(url)
        return in_private(url) and parts.netloc in self._shown

    def ask(
        self,
        what: str,
        method: Literal["GET", "POST", "DELETE"],
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        body: Mapping[str, Any] | None = None,
        again: bool = False,
    ) -> Mapping[str, Any]:
        """The answer to a request. `what` goes on after "can't"; `again`: it changes nothing, whatever its method.

        Raises Denied where PayPal says no to this request, and Stop (exit 6) where it can't be asked.
        """
        was_fresh = self._renew()
        while True:
            answer = self._exchange(
                what, method, path, _Bearer(self._token), params=params, json=body, again=again or method == "GET"
            )
            if answer.status == 401 and not was_fresh:
                self._until = 0.0
                was_fresh = self._renew()
                continue
            if answer.status >= 300:
                raise self._told(what, answer)
            return answer.data

    def _renew(self) -> bool:
        """Get a token unless there is one that still holds: whether it is new. It is kept in memory alone."""
        if time.monotonic() < self._until:
            return False
        what = "get a token"
        answer = self._exchange(
            what,
            "POST",
            "/v1/oauth2/token",
            (self._keys.client, self._keys.secret),
            data={"grant_type": "client_credentials"},
            again=True,
        )
        if answer.status >= 300:
            raise self._told(what, answer)
        token, seconds = answer.data.get("access_token"), answer.data.get("expires_in")
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token) or not isinstance(seconds, int):
            raise _unreadable(what)
        self._learned(token)
        self._token, self._until = token, time.monotonic() + seconds - _SPARE
        return True

    def _exchange(
        self, what: str, method: str, path: str, auth: AuthBase | tuple[str, str], *, again: bool, **sent: Any
    ) -> _Answer:
        """One request, repeated where that does no harm. No redirection is followed: it would take the token along."""
        stumbles = self._patience.stumbles() if again else self._patience.stumbles(0)
        while True:
            try:
                with self._session.request(
                    method,
                    self._api + path,
                    auth=auth,
                    timeout=self._timeout,
                    allow_redirects=False,
                    stream=True,
                    **sent,
                ) as response:
                    content = _content(response)
            except OSError as error:  # every way in which a connection fails
                kind, words = broken(error)
                if kind == "timeout" and next(stumbles):
                    continue
                raise _unreached(what, kind == "timeout", words) from None
            wait = response.headers.get("Retry-After", "")
            if response.status_code == 429 and self._patience.granted(int(wait) if wait.isdecimal() else 5):
                continue
            if response.status_code >= 500 and next(stumbles):
                continue
            return _Answer(response.status_code, response.headers, _data(what, response.status_code, content))

    def _told(self, what: str, answer: _Answer) -> Stop:
        """What PayPal's answer means. Its debug id is what its support asks for."""
        name, issues, words = _reasons(answer.data)
        debug = plain(answer.headers.get("PayPal-Debug-Id", ""))
        asked = f" (debug id {debug})" if debug else ""
        other = "sandbox" if self.mode == "live" else "live"
        match answer.status:
            case 401:
                message = f'PayPal does not know these keys as {self.mode} ones; are they of mode = "{other}"?'
                hint = f"take those of an app of {_APPS}/{self.mode}: export {CLIENT}=… {SECRET}=…"
            case 403:
                message = f"the app may not {what}: {words or name}{asked}"
                hint = (
                    f"switch on Transaction search and Invoicing: {_APPS}/{self.mode}; it may take nine hours to count"
                )
            case 429:
                message, hint = "PayPal's limit of requests is reached", "run again in a few minutes"
            case status if status >= 500:
                message, hint = f"PayPal answers {status}{asked}", "run again later: https://www.paypal-status.com"
            case status if status < 400:
                message, hint = f"can't {what}: PayPal's API has moved", "update git-bill"
            case status:
                message = f"can't {what}: PayPal says: {words or name or status}{asked}"
                problem = Problem(
                    rule="paypal", message=message, hint="docs/paypal.md tells what the account must allow"
                )
                return Denied(problem, status, name, issues)
        return stop(Exit.PAYMENT_OR_MAIL, "paypal", message, hint)


def certificate(address: str) -> bytes:
    """What lies at an address of PayPal's, asked for without any key. Raises Stop (exit 6)."""
    what = "fetch the certificate of a delivery"
    try:
        with requests.get(
            address, timeout=_TIMEOUT, auth=lambda request: request, allow_redirects=False, stream=True
        ) as response:
            content = _content(response)
    except OSError as error:
        kind, words = broken(error)
        raise _unreached(what, kind == "timeout", words) from None
    if response.status_code != 200:
        raise _unreadable(what)
    return content


def _content(response: requests.Response) -> bytes:
    content = bytearray()
    for piece in response.iter_content(_PIECE):
        content += piece
        if len(content) > _MOST:
            break
    return bytes(content)


def _data(what: str, status: int, content: bytes) -> Mapping[str, Any]:
    if len(content) > _MOST:
        raise _unreadable(what)
    try:
        found = json.loads(content) if content.strip() else {}
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    if status >= 300:
        return {}  # its status says enough
    raise _unreadable(what)


def _reasons(data: Mapping[str, Any]) -> tuple[str, tuple[str, ...], str]:
    """Name, issues, and words of an error, which are of PayPal or of what stands between."""
    details = [each for each in data.get("details") or () if isinstance(each, Mapping)]
    issues = tuple(plain(str(each.get("issue", ""))) for each in details)
    said = [str(each.get("description") or each.get("issue") or "") for each in details]
    words = "; ".join(said) or str(data.get("message") or data.get("error_description") or "")
    return plain(str(data.get("name") or data.get("error") or "")), issues, plain(words)


def _unreadable(what: str) -> Stop:
    hint = "is there a proxy on the way? run again later: nothing is done twice"
    return stop(Exit.PAYMENT_OR_MAIL, "paypal", f"can't {what}: what answers is not PayPal's API", hint)


def _unreached(what: str, is_slow: bool, words: str) -> Stop:
    message = f"can't {what}: PayPal " + ("did not answer in time" if is_slow else f"can't be reached: {words}")
    return stop(Exit.PAYMENT_OR_MAIL, "paypal", message, "run again when there is a network: nothing is done twice")
