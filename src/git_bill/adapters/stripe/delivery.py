"""Deliveries of Stripe's webhooks. One that is genuine tells that something happened: it starts a pull.

Nothing that stands in it is booked, so one that is late, repeated or out of order does no harm.
"""

import json

from git_bill.adapters.rendering import plain
from git_bill.problem import Exit, Stop, stop

SIGNATURE = "stripe-signature"
_TOLERANCE = 300  # seconds from when it was signed


def verify(header: str, body: bytes, *, secret: str, is_live: bool) -> None:
    """Raises Stop (exit 6) where the signature is not Stripe's over this body, and where it is of the other mode.

    `body`: byte for byte. `secret`: of the endpoint (`whsec_…`). https://docs.stripe.com/webhooks#verify-manually
    """
    import stripe

    try:
        stripe.WebhookSignature.verify_header(body, header, secret, _TOLERANCE)
        event = json.loads(body)
        known, mode = event["type"], event.get("livemode", is_live)  # emulators tell no mode
    except stripe.SignatureVerificationError as error:
        raise _not_taken(plain(error.user_message or "its signature does not fit")) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _not_taken("it is no event") from None
    if mode is not is_live:
        raise _not_taken(f"{plain(str(known))} is of the other mode than [stripe] says")


def _not_taken(why: str) -> Stop:
    hint = "give the body byte for byte, its Stripe-Signature header, and the secret of that endpoint (whsec_…)"
    message = f"this is no delivery of Stripe's: {why}; nothing was read"
    return stop(Exit.PAYMENT_OR_MAIL, "bad-delivery", message, hint)
