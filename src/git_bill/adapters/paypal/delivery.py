"""Deliveries of PayPal's webhooks. One that is genuine tells that something happened: it starts a pull.

Nothing that stands in it is booked, so one that is late, repeated or out of order does no harm.
"""

import base64
import zlib
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from git_bill.adapters.paypal.client import HOSTS, Mode
from git_bill.problem import Exit, Stop, stop

_CERTIFICATES = "/v1/notifications/certs/"
_ALGORITHM = "SHA256withRSA"


def verify(
    headers: Mapping[str, str], body: bytes, *, webhook: str, mode: Mode, certificate: Callable[[str], bytes]
) -> None:
    """Raises Stop (exit 6) where the signature is not PayPal's over this body and webhook.

    `webhook`: its id in PayPal's dashboard. `certificate`: fetches a PEM by HTTPS from an address of PayPal's API; that
    of no other host is asked for. Source: PayPal's reference of webhooks, RSA-SHA256 over `id|time|webhook|crc32`.
    """
    told = {name.lower(): value for name, value in headers.items()}
    address = told.get("paypal-cert-url", "")
    if not _is_of_paypal(address, mode):
        raise _not_taken(f"its certificate is not of PayPal's {mode} API")
    if told.get("paypal-auth-algo") != _ALGORITHM:
        raise _not_taken(f"it is not signed by {_ALGORITHM}")
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509 import load_pem_x509_certificate

    signed = "|".join(
        (
            told.get("paypal-transmission-id", ""),
            told.get("paypal-transmission-time", ""),
            webhook,
            str(zlib.crc32(body)),
        )
    )
    try:
        key = load_pem_x509_certificate(certificate(address)).public_key()
        if not isinstance(key, RSAPublicKey):
            raise _not_taken("its certificate has no RSA key")
        signature = base64.b64decode(told.get("paypal-transmission-sig", ""), validate=True)
        key.verify(signature, signed.encode(), PKCS1v15(), SHA256())
    except (ValueError, InvalidSignature):
        raise _not_taken("its signature does not fit") from None


def _is_of_paypal(address: str, mode: Mode) -> bool:
    """`https://api.paypal.com/v1/notifications/certs/…`, in the old spelling of the host and in the new one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    host = urlsplit(HOSTS[mode]).netloc
    return (
        parts.scheme == "https"
        and parts.netloc in {host, host.replace("api-m", "api")}
        and parts.path.startswith(_CERTIFICATES)
        and ".." not in parts.path
    )


def _not_taken(why: str) -> Stop:
    hint = "give the body byte for byte, all PayPal-… headers, and the id of that webhook"
    message = f"this is no delivery of PayPal's: {why}; nothing was read"
    return stop(Exit.PAYMENT_OR_MAIL, "bad-delivery", message, hint)
