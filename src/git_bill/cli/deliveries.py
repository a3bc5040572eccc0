"""Deliveries of webhooks on the command line: only one that its provider signed starts a pull."""

import os
from collections.abc import Sequence
from pathlib import Path

from git_bill.adapters import credentials
from git_bill.adapters.regular_file import MEGABYTE, content
from git_bill.cli.session import Session
from git_bill.problem import Exit, stop

STRIPE_SECRET = "GIT_BILL_STRIPE_WEBHOOK"  # noqa: S105  the name of a variable
PAYPAL_WEBHOOK = "GIT_BILL_PAYPAL_WEBHOOK"
_EXAMPLE = 'git bill reconcile --rail stripe --delivery body.json --header "Stripe-Signature: t=…,v1=…"'


def refuse_forged(session: Session, rails: Sequence[str], *, body: Path | None, headers: Sequence[str]) -> None:
    """Stops (exit 6) at a delivery that the one rail did not sign; (exit 2) where it is not all there."""
    told = dict(_header(each) for each in headers)
    if body is None or not told or len(rails) != 1:
        raise stop(Exit.USAGE, "usage", "a delivery has one --rail, its body and its headers", _EXAMPLE)
    try:
        found = content(session.start / body, MEGABYTE)
    except OSError as error:
        raise stop(Exit.USAGE, "no-delivery", f"{body} can't be read: {error.strerror}", _EXAMPLE) from None
    settings = session.workspace.settings
    if rails[0] == "stripe" and settings.stripe is not None:
        from git_bill.adapters.stripe import delivery as stripe

        header, secret = told.get(stripe.SIGNATURE, ""), _known(STRIPE_SECRET, "whsec_…")
        session.secrets.learn(secret)
        stripe.verify(header, found, secret=secret, is_live=settings.stripe.mode == "live")
    elif rails[0] == "paypal" and settings.paypal is not None:
        from git_bill.adapters.paypal.client import certificate
        from git_bill.adapters.paypal.delivery import verify

        webhook = _known(PAYPAL_WEBHOOK, "1JE4291016473214C")
        verify(told, found, webhook=webhook, mode=settings.paypal.mode, certificate=certificate)


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise stop(Exit.USAGE, "usage", f"{text[:60]!r} is no header", _EXAMPLE)
    return name.strip().lower(), value.strip()


def _known(name: str, example: str) -> str:
    found = credentials.secret_of(os.environ, name)
    if found is None:
        hint = f"export {name}={example}   (docs/rails.md, Deliveries)"
        raise stop(Exit.SETTINGS, "no-webhook", f"a delivery can't be told from a forged one: {name} is empty", hint)
    return found
