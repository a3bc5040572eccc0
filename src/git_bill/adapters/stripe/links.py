"""Payment links of Stripe that can be paid once, found before they are made: header keys lapse after a day.

A link can't be looked up by its metadata. So it sells a price with our lookup key, and the price remembers the link;
only where a run was killed between the two, all links are looked through.
"""

from collections.abc import Mapping
from typing import Any

from git_bill.adapters.rendering import line
from git_bill.adapters.stripe.amounts import minor
from git_bill.adapters.stripe.client import Client
from git_bill.adapters.stripe.marks import KEY, LINK, mark, marks, own
from git_bill.effects import CloseLink, Done, EnsureLink, Refused
from git_bill.receivable.rail import StripeSettings

_LONGEST_NAME = 250
_DASHBOARD = "https://dashboard.stripe.com/payment-links/"


def ensure(client: Client, settings: StripeSettings, effect: EnsureLink) -> Done | Refused:
    """The link of an effect's key. Raises Stop (exit 6) where Stripe can't be asked or says no."""
    amount = minor(effect.amount)
    lookup = f"git-bill:{own(effect)}"
    looked = client.ask("look for its price", lambda api: api.v1.prices.list({"lookup_keys": [lookup], "limit": 1}))
    price = looked["data"][0] if looked["data"] else _new_price(client, effect, amount, lookup)
    if (price["unit_amount"], price["currency"].upper()) != (amount, effect.amount.currency):
        return _changed(effect, f"its price at Stripe is not {effect.amount}", price["id"])
    known = mark(price, LINK) or (_of_key(client, own(effect)) if looked["data"] else "")
    link = _link(client, known) if known else _new_link(client, settings, effect, price["id"])
    if mark(price, LINK) != link["id"]:
        client.ask("note the link", lambda api: api.v1.prices.update(price["id"], {"metadata": {LINK: link["id"]}}))
    wrong = _wrong(link, price["id"], is_live=client.is_live)
    return _changed(effect, wrong, link["id"]) if wrong else Done(ref=link["url"], already=bool(known))


def close(client: Client, effect: CloseLink) -> Done | None:
    """Switch a link off; None where no open link has this address."""
    links = client.each("look for its link", lambda api, page: api.v1.payment_links.list(page), active=True)
    found = next((str(each["id"]) for each in links if each["url"] == effect.link), None)
    if found is None:
        return None
    client.ask("close the link", lambda api: api.v1.payment_links.update(found, {"active": False}))
    return Done(ref=found)


def name_of(effect: EnsureLink) -> str:
    """What the payer reads: the number, and whose invoice it is."""
    return line(f"{effect.number} {effect.issuer}".strip(), _LONGEST_NAME)


def _new_price(client: Client, effect: EnsureLink, amount: int, lookup: str) -> dict[str, Any]:
    return client.ask(
        "make its price",
        lambda api: api.v1.prices.create(
            {
                "currency": effect.amount.currency.lower(),
                "unit_amount": amount,
                "lookup_key": lookup,
                "metadata": marks(effect),
                "product_data": {"name": name_of(effect), "metadata": marks(effect)},
            },
            {"idempotency_key": f"{lookup}:price:{amount}{effect.amount.currency}"},
        ),
    )


def _new_link(client: Client, settings: StripeSettings, effect: EnsureLink, price: str) -> dict[str, Any]:
    wanted: Any = {
        "line_items": [{"price": price, "quantity": 1}],
        "restrictions": {"completed_sessions": {"limit": 1}},
        "metadata": marks(effect),
        "payment_intent_data": {"description": name_of(effect), "metadata": marks(effect)},
        "inactive_message": f"{effect.number} is not to be paid here any more.",
        "invoice_creation": {"enabled": False},
        "submit_type": "pay",
        "expand": ["line_items"],
    }
    if settings.methods:
        wanted["payment_method_types"] = list(settings.methods)
    once = f"git-bill:{own(effect)}:link:{price}:{'+'.join(settings.methods)}"
    return client.ask(
        "make the payment link", lambda api: api.v1.payment_links.create(wanted, {"idempotency_key": once})
    )


def _of_key(client: Client, key: str) -> str:
    """The id of a link that was made for a key while nothing remembered it; "" for none."""
    links = client.each("look for its link", lambda api, page: api.v1.payment_links.list(page))
    return next((str(each["id"]) for each in links if mark(each, KEY) == key), "")


def _link(client: Client, known: str) -> dict[str, Any]:
    return client.ask(
        "read the payment link", lambda api: api.v1.payment_links.retrieve(known, {"expand": ["line_items"]})
    )


def _wrong(link: Mapping[str, Any], price: str, *, is_live: bool) -> str:
    """How a link differs from what was made; "" for not at all."""
    items = link["line_items"]["data"]
    limit = ((link.get("restrictions") or {}).get("completed_sessions") or {}).get("limit")
    if link["livemode"] is not is_live:
        return "its payment link is of the other mode"
    if not link["active"]:
        return "its payment link was switched off at Stripe, or paid"
    sells = [((item.get("price") or {}).get("id"), item["quantity"]) for item in items]
    if sells != [(price, 1)] or any((item.get("adjustable_quantity") or {}).get("enabled") for item in items):
        return "its payment link at Stripe sells something else"
    return "" if limit == 1 else "its payment link at Stripe can be paid more than once"


def _changed(effect: EnsureLink, what: str, thing: str) -> Refused:
    place = f"set it right: {_DASHBOARD}{thing}" if thing.startswith("plink_") else "somebody changed it there"
    give_up = f'git bill issue --void {effect.number} --because "…"'
    return Refused(reason=what, remedy=f"{place}; or give the number up: {give_up}", lasting=True)
