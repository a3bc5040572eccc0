"""A PayPal account for a test, and its rail as git-bill opens it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.testbed.paypal_fake import CLIENT, SECRET, Account
from tests.testbed.paypal_server import serving

from git_bill.adapters.paypal.client import Client, Keys
from git_bill.adapters.paypal.rail import PayPal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@contextmanager
def opened(*, is_linked: bool = True) -> Iterator[tuple[Account, PayPal]]:
    """The account and the rail. At the end nothing that was asked or answered may be what PayPal does not know."""
    account = Account(now=NOW)
    with serving(account) as api:
        yield account, rail(account, api, is_linked=is_linked)
    assert account.wrong == []


def rail(account: Account, api: str, *, is_linked: bool = True) -> PayPal:
    """One more rail at the same account."""
    client = Client(Keys(client=CLIENT, secret=SECRET), "sandbox", api=api, sleep=lambda seconds: None)
    return PayPal(client, is_linked=is_linked, zone=BERLIN, now=lambda: account.now)
