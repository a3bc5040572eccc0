"""Deliveries of Stripe's webhooks. One that is genuine tells that something happened: it starts a pull.

Nothing that stands in it is booked, so one that is late, repeated or out of order does no harm.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from git_bill.adapters.rendering import plain
from git_bill.problem import Exit, Stop, stop

TOLERANCE = 300  # seconds from when it was signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a delivery is about: the kind of event (`charge.succeeded`), and the object that it happened to."""

    id: str
    kind: str
    about: str
    live: bool


def verified(payload: bytes, header: str, secret: str, *, tolerance: int = TOLERANCE) -> Delivery:
    """A delivery's event, once its `Stripe-Signature` fits. Raises Stop (exit 1) where it does not.

    `payload`: the body, byte for byte. `secret`: of the endpoint (`whsec_…`). `tolerance`: seconds that it may be old.
    """
    import stripe

    try:
        stripe.WebhookSignature.verify_header(payload, header, secret, tolerance)
        event = json.loads(payload)
        found = event["data"]["object"]
        return Delivery(
            id=plain(str(event.get("id", ""))),
            kind=plain(str(event["type"])),
            about=plain(str(found.get("id", ""))) if isinstance(found, Mapping) else "",
            live=event.get("livemode") is True,
        )
    except stripe.SignatureVerificationError as error:
        raise _not_taken(plain(error.user_message or "its signature does not fit")) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _not_taken("it is no event") from None


def _not_taken(why: str) -> Stop:
    hint = "give the body byte for byte, its Stripe-Signature header, and the secret of that endpoint (whsec_…)"
    return stop(Exit.PROBLEMS, "bad-delivery", f"this is no delivery of Stripe's: {why}", hint)
