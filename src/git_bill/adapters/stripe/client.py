"""Requests to Stripe by its own library: a pinned version, a time limit, repeated under the same key, no telemetry."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from git_bill.adapters.credentials import in_private
from git_bill.adapters.rendering import plain
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.receivable.rail import StripeSettings

if TYPE_CHECKING:
    from stripe import StripeClient, StripeError

API_VERSION = "2026-10-28.endive"  # what this code was written for; the library is of the same
VARIABLE = "GIT_BILL_STRIPE_KEY"
_TIMEOUT = 20  # seconds
_RETRIES = 2
_PAGE = 100
_KEY = re.compile(r"(sk|rk)_(live|test)_[A-Za-z0-9_]+")
AMOUNT = "stripe-amount"  # the rule of a problem with one invoice alone
_AMOUNTS = frozenset({"amount_too_large", "amount_too_small"})
_PROXY = "is there a proxy on the way? run again later: nothing is done twice"
_KEYS = "https://dashboard.stripe.com/apikeys"


def key_problem(key: str, settings: StripeSettings) -> Problem | None:
    """What is wrong with a key, seen from itself alone: nothing is sent with it."""
    found = _KEY.fullmatch(key)
    example = f"export {VARIABLE}=rk_{settings.mode}_…   ({_KEYS})"
    if found is None:
        is_public = key.startswith("pk_")
        message = "it is a publishable key, which can't make anything" if is_public else "it is no key of Stripe's"
        return Problem(rule="stripe-key", message=f"{VARIABLE}: {message}", hint=f"take a restricted key: {example}")
    if found[2] != settings.mode:
        message = f"{VARIABLE} is a {found[2]} key, but [stripe] mode is {settings.mode}: nothing was sent"
        return Problem(rule="stripe-mode", message=message, hint=f'{example}; or write mode = "{found[2]}" in [stripe]')
    return None


class Client:
    """One key at one account. `api` names another server, for tests: `GIT_BILL_STRIPE_API`."""

    def __init__(self, key: str, settings: StripeSettings, *, api: str | None = None, retries: int = _RETRIES) -> None:
        """Raises Stop (exit 3) at a key of the other mode, and where it would go over a network in clear."""
        if wrong := key_problem(key, settings):
            raise Stop(Exit.SETTINGS, [wrong])
        if api is not None and not in_private(api):
            raise stop(Exit.SETTINGS, "clear-api", f"{api} would send the key in clear", "write https:// there")
        import stripe

        from git_bill.adapters.stripe.connection import Session

        stripe.enable_telemetry = False  # the library has no other switch; it would keep an id of this machine
        self.is_live = settings.mode == "live"
        self._secret = key
        self._account = settings.account
        self._is_checked = False
        self._library = stripe
        self._api = stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            base_addresses={"api": api.rstrip("/")} if api else None,
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=_TIMEOUT, session=Session()),
        )

    def ask(self, what: str, call: "Callable[[StripeClient], Any]") -> dict[str, Any]:
        """The answer of one request. `what` goes on after "can't". Raises Stop (exit 6).

        The first one asks whose key it is, where the settings name an account.
        """
        self._check_account()
        return self._ask(what, call)

    def each(self, what: str, call: "Callable[[StripeClient, Any], Any]", **wanted: object) -> Iterator[dict[str, Any]]:
        """All elements of a list, page by page as they are wanted. Raises Stop (exit 6)."""
        for page in self.pages(what, call, **wanted):
            yield from page["data"]

    def pages(
        self, what: str, call: "Callable[[StripeClient, Any], Any]", **wanted: object
    ) -> Iterator[dict[str, Any]]:
        """All pages of a list. Raises Stop (exit 6), also where a page leads nowhere."""
        seen: set[str] = set()
        while True:
            page = self.page(what, call, **wanted)
            yield page
            if not page["has_more"]:
                return
            wanted["starting_after"] = last = page["data"][-1]["id"]
            if last in seen:
                raise unreadable(what)
            seen.add(last)

    def page(self, what: str, call: "Callable[[StripeClient, Any], Any]", **wanted: object) -> dict[str, Any]:
        """One page of a list, whose elements have ids; more follow one that has some. Raises Stop (exit 6)."""
        params = {"limit": _PAGE, **{name: value for name, value in wanted.items() if value is not None}}
        found = self.ask(what, lambda api: call(api, params))
        data, more = found.get("data"), found.get("has_more")
        if not isinstance(data, list) or not isinstance(more, bool) or (more and not data):
            raise unreadable(what)
        if not all(isinstance(each, Mapping) and isinstance(each.get("id"), str) and each["id"] for each in data):
            raise unreadable(what)
        return found

    def _check_account(self) -> None:
        if self._is_checked or self._account is None:
            return
        found = self._ask("see which account the key is of", lambda api: api.v1.accounts.retrieve_current())
        if found.get("id") != self._account:
            raise stop(
                Exit.SETTINGS,
                "stripe-account",
                f"{VARIABLE} is of the account {plain(str(found.get('id')))}, but [stripe] account is {self._account}",
                f"take a key of {self._account}: {_KEYS}; nothing was made",
            )
        self._is_checked = True

    def _ask(self, what: str, call: "Callable[[StripeClient], Any]") -> dict[str, Any]:
        try:
            with reading(what, ValueError, RecursionError):
                found = call(self._api).to_dict()
        except self._library.StripeError as error:
            raise Stop(Exit.PAYMENT_OR_MAIL, [self._told(what, error)]) from None
        if not isinstance(found, dict):
            raise unreadable(what)
        return found

    def _told(self, what: str, error: "StripeError") -> Problem:
        words = plain(str(error.user_message or "").replace(self._secret, "…"))
        lib = self._library
        match error:
            case lib.AuthenticationError():
                message, hint = "Stripe does not know the key", f"make a new one ({_KEYS}) and export {VARIABLE}=…"
            case lib.PermissionError():
                message, hint = f"the key may not {what}: {words}", "give it that right: docs/rails.md lists them"
            case lib.RateLimitError():
                message, hint = "Stripe's limit of requests is reached", "run again in a minute"
            case lib.APIConnectionError():
                message, hint = "Stripe can't be reached", "run again when there is a network: nothing is done twice"
            case _ if (error.http_status or 500) >= 500:
                message, hint = f"Stripe answers {error.http_status}", "run again later: https://status.stripe.com"
            case _ if (error.http_status or 0) < 300:
                return unreadable(what).problems[0]
            case _ if (error.http_status or 0) < 400:
                message, hint = f"can't {what}: what answers sends elsewhere, and nothing went there", _PROXY
            case _:
                message, hint = f"can't {what}: Stripe says: {words}", "docs/rails.md tells what the account must allow"
        return Problem(rule=AMOUNT if str(error.code) in _AMOUNTS else "stripe", message=message, hint=hint)


@contextmanager
def reading(what: str, *also: type[Exception]) -> Iterator[None]:
    """What is not in an answer, or not of its kind, is a Stop (exit 6). `also`: what else tells of it."""
    unfit: tuple[type[Exception], ...] = (LookupError, TypeError, AttributeError, ArithmeticError, *also)
    try:
        yield
    except unfit:
        raise unreadable(what) from None


def unreadable(what: str) -> Stop:
    """Of an answer that is not Stripe's, or of another form than its version has. `what` goes on after "can't"."""
    return stop(
        Exit.PAYMENT_OR_MAIL,
        "stripe",
        f"can't {what}: Stripe's answer can't be read",
        f"nothing was taken from it; {_PROXY}",
    )
