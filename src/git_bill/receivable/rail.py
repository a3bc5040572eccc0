"""Rails: what the settings say of payment providers. Keys are never here: see docs/rails.md."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from git_bill.receivable.remittance import Remittance
from git_bill.shape import key

Method = Literal["card", "sepa_debit", "us_bank_account", "bacs_debit", "paypal", "link"]
_WORLDS = frozenset({"live", "test", "sandbox"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeSettings:
    """`[stripe]` of `billing.toml`. A key of the other mode, or of another account, is refused before anything is sent.

    `methods` empty: as the account is set up.
    """

    mode: Literal["live", "test"] = key("which keys count", example='"live"', default="live")
    account: str | None = key(
        "the account that keys must be of", example='"acct_1032D82eZvKYlo2C"', pattern=r"acct_\w+", default=None
    )
    links: bool = key("make a payment link for every invoice", default=True)
    methods: tuple[Method, ...] = key("how clients may pay", example='["card", "sepa_debit"]', default=())
    mirror: bool = key("mirror each invoice as one of Stripe's, which is then the link; no mails", default=False)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A mirrored invoice is its own link."""
        if self.mirror and not self.links:
            yield "mirror", "a mirrored invoice is made to be paid by its link", "take out links = false"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaypalSettings:
    """`[paypal]` of `billing.toml`."""

    mode: Literal["live", "sandbox"] = key("which API counts", example='"live"', default="live")
    links: bool = key("make a link to pay by for every invoice", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """A page of what a rail booked, oldest first. `cursor`: where the next pull goes on; opaque outside the rail."""

    remittances: tuple[Remittance, ...]
    cursor: str
    more: bool = False


def of_world(world: str, pull: Callable[[str], Pulled], cursor: str) -> Pulled:
    """A page of one world. How far another one was read says nothing: test and live money are not the same."""
    told, _, rest = cursor.partition(":")
    position = cursor if told not in _WORLDS else rest if told == world else ""
    page = pull(position)
    return replace(page, cursor=f"{world}:{page.cursor}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursors:
    """`billing/rails.toml`: how far each rail was read. Without it all is read again, and nothing comes twice."""

    schema: int = key("version of this file's form", default=1)
    rails: Mapping[str, str] = key("rail → where the next pull goes on", default_factory=dict)
