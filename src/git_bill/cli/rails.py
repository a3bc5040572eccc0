"""Composition: which payment providers there are here, and by which keys. A rail is opened when it is first needed."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from zoneinfo import ZoneInfo

from git_bill.adapters import credentials
from git_bill.cli.session import Session
from git_bill.effects import CloseLink, Done, EnsureLink, Refused, Unsure
from git_bill.layout import SETTINGS
from git_bill.problem import Exit, Stop, stop
from git_bill.rail import Rail
from git_bill.receivable.rail import PaypalSettings, Pulled, StripeSettings
from git_bill.workspace import Settings

_STRIPE = "https://api.stripe.com"


class Rails(Mapping[str, Rail]):
    """Name → rail, of those that the settings name; as a `Rail`, the one that makes payment links.

    Looking one up stops (exit 3) where there is no key for it.
    """

    def __init__(self, settings: Settings, open_: Mapping[str, Callable[[], Rail]]) -> None:
        self._open = {name: make for name, make in open_.items() if getattr(settings, name) is not None}
        self._linking = next((name for name in self._open if getattr(settings, name).links), None)
        self._opened: dict[str, Rail] = {}

    def __getitem__(self, name: str) -> Rail:
        if name not in self._opened:
            self._opened[name] = self._open[name]()
        return self._opened[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._open)

    def __len__(self) -> int:
        return len(self._open)

    @property
    def ready(self) -> Callable[[], object] | None:
        """Called before a number is claimed for a link; None where no rail makes links."""
        name = self._linking
        return None if name is None else lambda: self[name]

    @property
    def name(self) -> str:
        """Of the rail that makes links, "" for none."""
        return self._linking or ""

    def ensure_link(self, effect: EnsureLink) -> Done | Refused | Unsure:
        """By the rail that makes links."""
        if self._linking is None:
            return Refused(reason="no payment provider makes links", remedy=f"set links = true in {SETTINGS}")
        return self._asked(self._linking, lambda rail: rail.ensure_link(effect))

    def close_link(self, effect: CloseLink) -> Done | Refused:
        """By whichever rail has it; an address tells a link apart from those of the others."""
        if not self:
            return Refused(reason="no payment provider is set up", remedy=f"write [stripe] in {SETTINGS}")
        outcomes = [self._asked(name, lambda rail: rail.close_link(effect)) for name in self]
        closed = next((each for each in outcomes if isinstance(each, Done) and not each.already), None)
        wrong = next((each for each in outcomes if not isinstance(each, Done)), None)
        if closed is not None or wrong is None:
            return closed or Done(already=True)
        return wrong if isinstance(wrong, Refused) else Refused(reason=wrong.reason, remedy=wrong.remedy)

    def pull(self, cursor: str) -> Pulled:
        """Of the rail that makes links."""
        return self[self.name].pull(cursor)

    def _asked(self, name: str, ask: "Callable[[Rail], Done | Refused | Unsure]") -> Done | Refused | Unsure:
        try:
            return ask(self[name])
        except Stop as stopped:
            problem = stopped.problems[0]
            return Refused(reason=problem.message, remedy=problem.hint)


def open_rails(session: Session) -> Rails:
    """The rails of the settings. Where two make links, the first of them does."""
    settings = session.workspace.settings
    makers: dict[str, Callable[[], Rail]] = {
        "stripe": lambda: _stripe(session, settings.stripe or StripeSettings()),
        "paypal": lambda: _paypal(session, settings.paypal or PaypalSettings()),
    }
    return Rails(settings, makers)


def _stripe(session: Session, settings: StripeSettings) -> Rail:
    from git_bill.adapters.git.credential import login
    from git_bill.adapters.stripe.client import VARIABLE, Client
    from git_bill.adapters.stripe.rail import Stripe

    key = credentials.secret_of(os.environ, VARIABLE)
    if key is None:
        known = login(session.books.top, credentials.host_of(_STRIPE))
        key = known[1] if known else None
    if key is None:
        message = f"[stripe] is set up, but there is no key of Stripe's here; {VARIABLE} is empty"
        hint = f"export {VARIABLE}=rk_{settings.mode}_…, or let git know one; docs/rails.md tells which rights it needs"
        raise stop(Exit.SETTINGS, "no-stripe-key", message, hint, file=SETTINGS)
    session.secrets.learn(key)
    client = Client(key, settings, api=os.environ.get("GIT_BILL_STRIPE_API"))
    return Stripe(client, settings, ZoneInfo(session.workspace.settings.issuer.timezone))


def _paypal(session: Session, settings: PaypalSettings) -> Rail:
    from git_bill.adapters.git.credential import login
    from git_bill.adapters.paypal.client import CLIENT, HOSTS, SECRET, Client, Keys
    from git_bill.adapters.paypal.rail import PayPal

    name, secret = (credentials.secret_of(os.environ, each) for each in (CLIENT, SECRET))
    if name is None or secret is None:
        known = login(session.books.top, credentials.host_of(HOSTS[settings.mode]))
        if known is None:
            message = f"[paypal] is set up, but there are no keys of PayPal's here; {CLIENT} or {SECRET} is empty"
            hint = f"export {CLIENT}=… {SECRET}=…, or let git know them; docs/paypal.md tells where they are"
            raise stop(Exit.SETTINGS, "no-paypal-key", message, hint, file=SETTINGS)
        name, secret = known
    session.secrets.learn(secret)
    client = Client(
        Keys(client=name, secret=secret),
        settings.mode,
        api=os.environ.get("GIT_BILL_PAYPAL_API"),
        learned=session.secrets.learn,
        waiting=partial(print, file=sys.stderr),
    )
    zone = ZoneInfo(session.workspace.settings.issuer.timezone)
    return PayPal(client, is_linked=settings.links, zone=zone, now=session.clock.now)
