"""Deliveries of webhooks: only what PayPal signed for this webhook is taken."""

import base64
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from git_bill.adapters.paypal.client import Mode
from git_bill.adapters.paypal.client import certificate as fetched_from
from git_bill.adapters.paypal.delivery import verify
from git_bill.problem import Exit, Stop

WEBHOOK = "1JE4291016473214C"
BODY = b'{"id":"WH-1","event_type":"INVOICING.INVOICE.PAID"}'
ADDRESS = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-7a8e2c5e"


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(of: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "messageverificationcerts.paypal.com")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(subject_name=name, issuer_name=name).public_key(of.public_key()).serial_number(1)
    return (
        made.not_valid_before(start)
        .not_valid_after(start + timedelta(days=900))
        .sign(of, SHA256())
        .public_bytes(Encoding.PEM)
    )


@dataclass
class Fetched:
    """Gives a certificate, and notes where from."""

    pem: bytes
    asked: list[str]

    def __call__(self, address: str) -> bytes:
        self.asked.append(address)
        return self.pem


def headers(body: bytes = BODY, webhook: str = WEBHOOK, **other: str) -> dict[str, str]:
    at = "2026-11-23T09:00:00Z"
    signed = f"69cd13f0-d67a|{at}|{webhook}|{zlib.crc32(body)}".encode()
    signature = base64.b64encode(key().sign(signed, padding.PKCS1v15(), SHA256())).decode()
    told = {
        "PAYPAL-TRANSMISSION-ID": "69cd13f0-d67a",
        "PAYPAL-TRANSMISSION-TIME": at,
        "PAYPAL-TRANSMISSION-SIG": signature,
        "PAYPAL-CERT-URL": ADDRESS,
        "PAYPAL-AUTH-ALGO": "SHA256withRSA",
    }
    return told | {name.replace("_", "-"): value for name, value in other.items()}


def refused(told: dict[str, str], body: bytes = BODY, *, mode: Mode = "live", pem: bytes | None = None) -> list[str]:
    """Where its certificate was asked for, of a delivery that is not taken."""
    fetched = Fetched(certificate(key()) if pem is None else pem, [])
    with pytest.raises(Stop) as caught:
        verify(told, body, webhook=WEBHOOK, mode=mode, certificate=fetched)
    assert caught.value.exit_code == Exit.PAYMENT_OR_MAIL
    return fetched.asked


def test_a_genuine_one() -> None:
    fetched = Fetched(certificate(key()), [])
    verify(
        {name.lower(): text for name, text in headers().items()},
        BODY,
        webhook=WEBHOOK,
        mode="live",
        certificate=fetched,
    )
    assert fetched.asked == [ADDRESS]


def test_another_body_webhook_time_or_signature() -> None:
    assert refused(headers(), BODY + b" ") == [ADDRESS]
    refused(headers(webhook="2JE4291016473214C"))
    refused(headers(PAYPAL_TRANSMISSION_TIME="2026-11-23T09:00:01Z"))
    refused(headers(PAYPAL_TRANSMISSION_SIG="AAAA"))
    refused(headers(PAYPAL_TRANSMISSION_SIG="not base64"))
    refused({})


def test_another_certificate() -> None:
    refused(headers(), pem=certificate(rsa.generate_private_key(public_exponent=65537, key_size=2048)))
    refused(headers(), pem=certificate(ec.generate_private_key(ec.SECP256R1())))
    refused(headers(), pem=b"no certificate")


@pytest.mark.parametrize(
    "address",
    [
        "http://api.paypal.com/v1/notifications/certs/C",
        "https://api.paypal.com.evil.example/v1/notifications/certs/C",
        "https://evil.example/v1/notifications/certs/C",
        "https://api.paypal.com@evil.example/v1/notifications/certs/C",
        "https://api.paypal.com/v1/notifications/certs/../../evil",
        "https://api.paypal.com/redirect?to=evil",
        "https://api.sandbox.paypal.com/v1/notifications/certs/C",
        "https://[",
        "",
    ],
)
def test_a_certificate_of_another_place_is_not_even_asked_for(address: str) -> None:
    assert refused(headers(PAYPAL_CERT_URL=address)) == []


def test_another_algorithm_is_not_even_looked_at() -> None:
    assert refused(headers(PAYPAL_AUTH_ALGO="SHA1withRSA")) == []
    assert refused(headers(), mode="sandbox") == []


class Shelf(BaseHTTPRequestHandler):
    """Two certificates: one is there, one has moved."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/there" else 302)
        self.send_header("Location", "/there")
        self.end_headers()
        self.wfile.write(b"PEM" + (self.headers.get("Authorization") or "").encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is told."""


def test_a_certificate_is_asked_for_without_a_key_and_no_redirection_is_followed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login mira password hunter2\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with HTTPServer(("127.0.0.1", 0), Shelf) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        place = f"http://127.0.0.1:{server.server_port}"
        assert fetched_from(f"{place}/there") == b"PEM"
        with pytest.raises(Stop, match="fetch the certificate"):
            fetched_from(f"{place}/moved")
        server.shutdown()
    with pytest.raises(Stop, match="can't be reached") as caught:
        fetched_from(f"{place}/there")
    assert caught.value.exit_code == Exit.PAYMENT_OR_MAIL
