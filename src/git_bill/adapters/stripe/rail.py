"""Stripe as a rail: links or mirrored invoices, and what its balance moved since the last pull."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from git_bill.adapters.mishaps import refusing
from git_bill.adapters.stripe import links, mirror
from git_bill.adapters.stripe.client import AMOUNT, Client, reading, unreadable
from git_bill.adapters.stripe.movements import RAIL, is_pending, remittance, wants_invoice
from git_bill.effects import CloseLink, Done, EnsureLink, Refused
from git_bill.problem import Exit, Stop, stop
from git_bill.receivable.rail import Pulled, StripeSettings, of_world
from git_bill.receivable.remittance import Remittance

if TYPE_CHECKING:
    from stripe import StripeClient

_PULL = "read what was booked"
_OVERLAP = 3600  # seconds that are read again: what is known comes once


class Stripe:
    """`Rail`. `zone`: the issuer's, for the days on which something was booked."""

    def __init__(self, client: Client, settings: StripeSettings, zone: ZoneInfo) -> None:
        self._client = client
        self._settings = settings
        self._zone = zone

    @property
    def name(self) -> str:
        """As settings and remittances call it."""
        return RAIL

    def ensure_link(self, effect: EnsureLink) -> Done | Refused:
        """A payment link, or the page of a mirrored invoice. It is found again, so a lost answer is no doubt."""
        make = mirror.ensure if self._settings.mirror else links.ensure
        try:
            with reading("make its link"):
                return make(self._client, self._settings, effect)
        except Stop as stopped:
            problem = stopped.problems[0]
            return Refused(reason=problem.message, remedy=problem.hint, lasting=problem.rule == AMOUNT)
        except ValueError as error:
            return Refused(reason=str(error), remedy="write pay_online = false in the client's file", lasting=True)

    def close_link(self, effect: CloseLink) -> Done | Refused:
        """Of a link or of a mirrored invoice, whichever has this address; a key for links may not see invoices."""
        may_be_invoice = self._settings.mirror or effect.link.startswith(mirror.PAGES)

        def closed() -> Done | Refused:
            with reading("close its link"):
                found = links.close(self._client, effect)
                if found is None and may_be_invoice:
                    return mirror.close(self._client, effect)
                return found or Done(already=True)

        return refusing(closed)

    def pull(self, cursor: str) -> Pulled:
        """Up to a hundred movements, oldest first. Raises Stop (exit 6).

        A cursor is the second to read from; on the way through a window, the last movement as well, and the second of
        the oldest debit that is still pending: from there the next window begins. Before it stands the mode.
        """
        return of_world(self._settings.mode, self._pulled, cursor)

    def _pulled(self, cursor: str) -> Pulled:
        since, after, held = _position(cursor)
        with reading(_PULL, ValueError):
            return self._page(since, after, held)

    def _page(self, since: int, after: str, held: int) -> Pulled:
        listed = self._listed(since, ending_before=after) if after else self._oldest(since)
        page: list[Mapping[str, Any]] = list(reversed(listed["data"]))
        held = min([*([held] if held else []), *(each["created"] for each in page if is_pending(each))], default=0)
        found = tuple(each for each in map(self._remittance, page) if each is not None)
        if listed["has_more"] and page:
            if page[-1]["id"] == after:
                raise unreadable(_PULL)
            return Pulled(remittances=found, cursor=f"{since}/{page[-1]['id']}/{held}", more=True)
        newest = page[-1]["created"] - _OVERLAP if page else since
        return Pulled(remittances=found, cursor=str(max(since, min(newest, held or newest))))

    def _remittance(self, movement: Mapping[str, Any]) -> Remittance | None:
        intent = wants_invoice(movement) if self._settings.mirror else ""
        return remittance(movement, self._zone, mirror.number_of(self._client, intent) if intent else "")

    def _oldest(self, since: int) -> dict[str, Any]:
        """The oldest of a window, which Stripe lists last; `has_more`: newer ones follow."""
        page: dict[str, Any] = {}
        newer = -1
        for page in self._client.pages(_PULL, _movements, **_window(since)):  # noqa: B007  the last is wanted
            newer += 1
        return {**page, "has_more": newer > 0}

    def _listed(self, since: int, **where: str) -> dict[str, Any]:
        """A page, newest first, as Stripe lists."""
        return self._client.page(_PULL, _movements, **_window(since), **where)


def _movements(api: "StripeClient", page: Any) -> object:
    return api.v1.balance_transactions.list(page)


def _window(since: int) -> dict[str, object]:
    return {"created": {"gte": since}, "expand": ["data.source"]}


def _position(cursor: str) -> tuple[int, str, int]:
    since, _, rest = cursor.partition("/")
    after, _, held = rest.partition("/")
    try:
        return int(since or 0), after, int(held or 0)
    except ValueError:
        hint = "take its line out of billing/rails.toml: all is read again, and nothing comes twice"
        raise stop(Exit.SETTINGS, "bad-cursor", f"{cursor!r} is no cursor of Stripe's", hint) from None
