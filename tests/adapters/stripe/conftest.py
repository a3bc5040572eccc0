"""One Stripe of the testbed for each test; what it would not have let pass fails the test."""

from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest
from tests.testbed.stripe_server import StripeServer

from git_bill.adapters.stripe.client import Client
from git_bill.adapters.stripe.rail import Stripe
from git_bill.receivable.rail import StripeSettings

Rail = Callable[..., Stripe]


@pytest.fixture
def server() -> Iterator[StripeServer]:
    with StripeServer() as found:
        yield found
        assert found.violations == []


@pytest.fixture
def rail(server: StripeServer) -> Rail:
    """`rail(mirror=True, …)`: with settings of test mode."""

    def opened(*, zone: str = "Europe/Berlin", retries: int = 0, **settings: object) -> Stripe:
        said = StripeSettings(mode="test", **settings)  # type: ignore[arg-type]
        return Stripe(Client(server.key, said, api=server.api, retries=retries), said, ZoneInfo(zone))

    return opened
