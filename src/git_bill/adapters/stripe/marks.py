"""Our marks on Stripe's objects: only who has a key of the account can write them."""

from collections.abc import Mapping
from typing import Any

from git_bill.effects import EnsureLink

KEY = "git_bill_key"  # finds what was made for an effect, however long ago
NUMBER = "git_bill_invoice"
LINK = "git_bill_link"  # on a price: the payment link that sells it
LINE = "git_bill_line"  # on a line of a mirrored invoice: which one it is


def own(effect: EnsureLink) -> str:
    """Names what is made for an effect. With the number: one that was given up leaves its link to itself."""
    return f"{effect.key}:{effect.number}"


def marks(effect: EnsureLink) -> dict[str, str]:
    """What everything bears that is made for an invoice."""
    return {KEY: own(effect), NUMBER: effect.number}


def mark(thing: Mapping[str, Any], name: str) -> str:
    """One of an object's marks, "" without."""
    found = (thing.get("metadata") or {}).get(name)
    return found if isinstance(found, str) else ""


def ident(thing: object) -> str:
    """The id of what a field names, expanded or not; "" for nothing."""
    found = thing.get("id") if isinstance(thing, Mapping) else thing
    return found if isinstance(found, str) else ""
