"""PayPal as a rail. What it booked is asked for in windows; the last weeks are asked for again and again."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from git_bill.adapters.mishaps import refusing
from git_bill.adapters.paypal import links, movements
from git_bill.adapters.paypal.client import Client, Denied
from git_bill.adapters.rendering import plain
from git_bill.effects import CloseLink, Done, EnsureLink, Refused
from git_bill.problem import Exit, stop
from git_bill.receivable.rail import Pulled, of_world

_WINDOW = timedelta(days=31)  # that one request may ask for
_AGAIN = timedelta(days=21)  # movements are shown hours after they took place, and pending ones are done days later
_LONGEST_WAIT = timedelta(days=180)  # for one that stays pending
_REACH = timedelta(days=3 * 365 - 1)  # what PayPal lists
_SHORTEST = timedelta(minutes=10)  # a window that is not halved any more
_AROUND = timedelta(days=1)  # PayPal notes the day on which a link was paid in a zone of its own
_PAGE = 500
_TOO_MANY = "RESULTSET_TOO_LARGE"  # more than 10,000


class PayPal:
    """`Rail`. `is_linked`: whether links are made here. `zone`: the issuer's, for the days on which it was booked."""

    def __init__(self, client: Client, *, is_linked: bool, zone: ZoneInfo, now: Callable[[], datetime]) -> None:
        self._client, self._is_linked, self._zone, self._now = client, is_linked, zone, now

    @property
    def name(self) -> str:
        """As settings and remittances call it."""
        return movements.RAIL

    def ensure_link(self, effect: EnsureLink) -> Done | Refused:
        """A PayPal invoice's page. It is found again by its number, so a lost answer is no doubt."""
        return refusing(lambda: self._ensured(effect))

    def close_link(self, effect: CloseLink) -> Done | Refused:
        """Cancel the PayPal invoice of a number, where the address is one of PayPal's."""
        return refusing(lambda: self._closed(effect))

    def pull(self, cursor: str) -> Pulled:
        """A window of 31 days, oldest first. Raises Stop (exit 6).

        The last weeks are read again next time, from the oldest that is pending: ids tell what is new. On the way
        through windows the cursor is where the next one begins and, behind it, since when one is pending. Before it
        stands the mode.
        """
        return of_world(self._client.mode, self._pulled, cursor)

    def _pulled(self, cursor: str) -> Pulled:
        now = self._now().astimezone(UTC).replace(microsecond=0)
        start, waits = _read(cursor, now)
        end = min(start + _WINDOW, now)
        with _reading():
            details = self._details(start, end)
            numbers = self._numbers(start, end)
            found = movements.remittances(details, numbers, self._zone)
            since = movements.waiting_since(details)
        waits = min(filter(None, (waits, since)), default=None)
        if end < now:
            return Pulled(remittances=found, cursor=_written(end, waits), more=True)
        # It stays where it is while one window reaches from there to now: the books change only where money came.
        return Pulled(remittances=found, cursor=_written(min(start, max(waits or now, now - _LONGEST_WAIT)), None))

    def _ensured(self, effect: EnsureLink) -> Done | Refused:
        with _reading():
            return links.ensure(self._client, effect, self._now().astimezone(self._zone).date())

    def _closed(self, effect: CloseLink) -> Done | Refused:
        if not self._client.is_payer_page(effect.link):
            return Done(already=True)
        with _reading():
            return links.close(self._client, effect)

    def _numbers(self, start: datetime, end: datetime) -> Mapping[str, str]:
        return links.paid_numbers(self._client, start - _AROUND, end + _AROUND) if self._is_linked else {}

    def _details(self, start: datetime, end: datetime) -> list[movements.Detail]:
        """All that a window has. One that has too much for PayPal is asked for by halves."""
        found: list[movements.Detail] = []
        page, pages = 1, 1
        while page <= pages:
            params = {
                "start_date": links.instant(start),
                "end_date": links.instant(end),
                "fields": "transaction_info,payer_info",  # not where clients live, nor what they bought
                "page_size": _PAGE,
                "page": page,
            }
            try:
                answer = self._client.ask("list transactions", "GET", "/v1/reporting/transactions", params=params)
            except Denied as denied:
                if _TOO_MANY not in {denied.name, *denied.issues} or end - start < _SHORTEST:
                    raise
                half = (start + (end - start) / 2).replace(microsecond=0)
                return self._details(start, half) + self._details(half + timedelta(seconds=1), end)
            listed = answer.get("transaction_details", ())
            found += listed
            page, pages = page + 1, answer.get("total_pages", 1)
            if page <= pages and not listed:
                raise ValueError("more pages are told of than there are")
        return found


def _read(cursor: str, now: datetime) -> tuple[datetime, datetime | None]:
    """Where to begin, never before what PayPal lists. Raises Stop (exit 3)."""
    earliest = now - _REACH
    try:
        told = [datetime.fromisoformat(each) for each in cursor.split()]
        begin = min(max(told[0], earliest), now - _AGAIN) if told else earliest
    except (ValueError, TypeError):
        hint = "take its line out of billing/rails.toml: all is read again, and nothing comes twice"
        raise stop(Exit.SETTINGS, "bad-cursor", f"{cursor[:60]!r} is no cursor of PayPal's", hint) from None
    return begin, told[1] if len(told) > 1 else None


def _written(start: datetime, waits: datetime | None) -> str:
    return " ".join(links.instant(each) for each in (start, waits) if each is not None)


@contextmanager
def _reading() -> Iterator[None]:
    """What is not in an answer, or not of its kind, is a Stop (exit 6)."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        hint = "nothing was taken from it; run again later, and report it if it stays"
        message = f"an answer of PayPal's can't be read: {plain(repr(error))}"
        raise stop(Exit.PAYMENT_OR_MAIL, "paypal", message, hint) from None
