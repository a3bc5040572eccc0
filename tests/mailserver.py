"""A real mail server on this machine (aiosmtpd) with STARTTLS and AUTH, that greylists, refuses or hangs up if told."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from tempfile import mkdtemp
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "mira@example.net", "correct horse"


@dataclass(kw_only=True)
class Mailbox:
    """What came in, and how the server is to behave. `later`: times that each recipient is put off.

    `refused`: recipients that there are not. `hangs_up`: "before" it has the mail, or "after" that without a word.
    """

    host: str = "localhost"
    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    later: int = 0
    refused: frozenset[str] = frozenset()
    hangs_up: str = ""
    reply: str = "250 2.0.0 taken"

    @property
    def mails(self) -> list[EmailMessage]:
        found = [message_from_bytes(content, policy=policy.default) for content in self.raw]
        return [mail for mail in found if isinstance(mail, EmailMessage)]

    async def handle_RCPT(  # noqa: N802  as the library calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return f"550 5.1.1 <{address}>: no such user here"
        if self.later > 0:
            self.later -= 1
            return "450 4.2.0 greylisted, come back in five minutes"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        transport: Any = server.transport
        if self.hangs_up == "before":
            transport.abort()
            return "451 gone"
        if self.reply.startswith("250"):
            self.raw.append(envelope.original_content or b"")
            self.to.append(list(envelope.rcpt_tos))
        if self.hangs_up == "after":
            transport.abort()
            await asyncio.sleep(0)
        return self.reply


def _let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False)


@cache
def certificate() -> tuple[Path, Path]:
    """Certificate and key for localhost, signed by itself: made once a run."""
    folder = Path(mkdtemp(prefix="git-bill-tls-"))
    pem, key = folder / "cert.pem", folder / "key.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(
        ["openssl", *words.split(), "-keyout", str(key), "-out", str(pem)], check=True, capture_output=True, timeout=60
    )
    return pem, key


@contextmanager
def mailserver(box: Mailbox | None = None, *, tls: str = "starttls", size: int = 33554432) -> Iterator[Mailbox]:
    """`tls`: "starttls", "tls" from the first byte, or "none"."""
    box = box or Mailbox()
    pem, key = certificate()
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    settings: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0, "data_size_limit": size, "enable_SMTPUTF8": True}
    if tls == "starttls":
        settings |= {"tls_context": context, "require_starttls": True}
    if tls == "tls":
        settings |= {"ssl_context": context, "auth_require_tls": False}
    if tls != "none":
        settings |= {"authenticator": _let_in, "auth_required": True}
    server = _Controller(box, **settings)
    server.start()
    try:
        box.port = server.port
        yield box
    finally:
        server.stop(no_assert=True)


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """The library would ask port 0 whether it is there; the system chose another one."""
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]
