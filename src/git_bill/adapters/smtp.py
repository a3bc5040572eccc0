"""A mailer that speaks SMTP (RFC 5321) to the server that the settings name, signed in, over TLS that is verified.

What a server said before the end of the mail binds nobody: nothing left. Between that end and the server's answer
nobody can tell, and the outcome says so.
"""

import hashlib
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from git_bill.adapters.mail_message import as_bytes, in_ascii, needs_utf8
from git_bill.effects import Deliver, Done, Refused, Unsure

_SECONDS = 30
_LAST = 300  # seconds for the answer to a whole mail: servers look for viruses meanwhile (RFC 5321, 4.5.3.2.6: 600)
_SAID = 200  # characters of a server's words that are passed on
_HOW_TO_SIGN_IN = (
    "let GIT_BILL_SMTP_PASSWORD hold it, or tell git: "
    "printf 'protocol=smtp\\nhost={host}\\nusername={user}\\npassword=…\\n\\n' | git credential approve"
)


class _Declined(Exception):  # noqa: N818  a word of the other side
    """The other side, or this one, ended it before anything left."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """`password` is asked for when a mail leaves; None where there is none. `sender`: for mails that name none."""

    server: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str | None = None
    password: Callable[[], str | None] = lambda: None
    sender: str | None = None
    between: Callable[[str], None] = lambda step: None

    @property
    def place(self) -> str:
        """Names the account, without saying which."""
        return hashlib.sha256(f"smtp\0{self.server}\0{self.port}\0{self.user}".encode()).hexdigest()[:12]

    def delivered(self, key: str) -> None:
        """SMTP can't be asked what it took."""

    def deliver(self, effect: Deliver) -> Done | Refused | Unsure:
        """Hand the mail over. A refused copy does not hold it up and is told; a refused recipient does."""
        sender = effect.sender or self.sender
        content = as_bytes(effect)
        if isinstance(content, Refused):
            return content
        if sender is None:
            return Refused(reason="the mail has no sender", remedy='set email = "mira@example.net" in [issuer]')
        try:
            with self._connected() as smtp:
                without = _envelope(smtp, effect, sender, len(content))
                return _sent(smtp, content, effect.key, without, self.between)
        except _Declined as declined:
            return declined.refused
        except (smtplib.SMTPException, OSError) as error:
            return self._away(error)

    def check(self) -> Done | Refused:
        """Connect, and sign in."""
        try:
            with self._connected():
                return Done(ref=f"{self.server}:{self.port}")
        except _Declined as declined:
            return declined.refused
        except (smtplib.SMTPException, OSError) as error:
            return self._away(error)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(self.server, self.port, timeout=_SECONDS, context=context)
        else:
            smtp = smtplib.SMTP(self.server, self.port, timeout=_SECONDS)
        try:
            smtp.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                self._secure(smtp, context)
            if self.user is not None:
                self._sign_in(smtp, self.user)
            yield smtp
        finally:
            _leave(smtp)

    def _secure(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        """Without TLS nothing goes on: whoever strips it off the offer gets neither password nor invoice."""
        if not smtp.has_extn("starttls"):
            hint = 'if it takes TLS from the first byte, write port = 465 and security = "tls" in [mail]'
            raise _Declined(Refused(reason=f"{self.server} offers no STARTTLS", remedy=hint, code="tls"))
        smtp.starttls(context=context)
        smtp.ehlo()

    def _sign_in(self, smtp: smtplib.SMTP, user: str) -> None:
        secret = self.password()
        remedy = _HOW_TO_SIGN_IN.format(host=f"{self.server}:{self.port}", user=user)
        if secret is None:
            raise _Declined(Refused(reason=f"the password of {user} is not known here", remedy=remedy, code="password"))
        try:
            smtp.login(user, secret)
        except smtplib.SMTPAuthenticationError as error:
            reason = f"{self.server} does not let {user} in: {_words(error.smtp_code, error.smtp_error)}"
            raise _Declined(Refused(reason=reason, remedy=remedy, code=str(error.smtp_code))) from None
        except UnicodeEncodeError:
            reason = f"the password of {user} has other than ASCII characters, which SMTP does not take"
            raise _Declined(
                Refused(reason=reason, remedy="set another one at your provider", code="password")
            ) from None

    def _away(self, error: Exception) -> Refused:
        """The way there is closed, for now."""
        where = f"{self.server}:{self.port}"
        if isinstance(error, ssl.SSLCertVerificationError):
            hint = "write the name that is in its certificate as server, or trust its authority: SSL_CERT_FILE=ca.pem"
            return Refused(
                reason=f"the certificate of {where} is not good: {error.verify_message}", remedy=hint, code="tls"
            )
        if isinstance(error, smtplib.SMTPResponseException):
            return Refused(
                reason=f"{where} said {_words(error.smtp_code, error.smtp_error)}", code=str(error.smtp_code)
            )
        told = getattr(error, "strerror", None) or str(error)
        return Refused(reason=f"{where} can't be reached: {told}", remedy="check server, port and security in [mail]")


def _envelope(smtp: smtplib.SMTP, effect: Deliver, sender: str, size: int) -> tuple[str, ...]:
    """Sender and recipients (RFC 5321, 3.3); the copies that were refused, in words."""
    options = [f"SIZE={size}"] if smtp.has_extn("size") else []
    most = smtp.esmtp_features.get("size", "")
    if most.isdigit() and 0 < int(most) < size:
        reason = f"the server takes mails of {int(most) // 1024} KB, and this one has {size // 1024}"
        hint = "send it another way: git bill sent NUMBER --via portal"
        raise _Declined(Refused(reason=reason, remedy=hint, lasting=True, code="size"))
    if needs_utf8(sender, effect.recipient, *effect.cc):
        if not smtp.has_extn("smtputf8"):
            reason = f"the server takes no addresses beyond ASCII, such as {effect.recipient}"
            raise _Declined(Refused(reason=reason, remedy="name another address: --to", lasting=True, code="address"))
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    _expect(smtp.mail(in_ascii(sender), options), f"it does not take mail from {sender}")
    _expect(smtp.rcpt(in_ascii(effect.recipient)), f"it does not take mail to {effect.recipient}")
    copies = ((each, smtp.rcpt(in_ascii(each))) for each in effect.cc)
    return tuple(f"no copy to {each}: {_words(*reply)}" for each, reply in copies if reply[0] not in {250, 251})


def _sent(
    smtp: smtplib.SMTP, content: bytes, key: str, without: tuple[str, ...], between: Callable[[str], None]
) -> Done | Refused | Unsure:
    """The mail itself. Once its end is on the way, only the server's answer tells."""
    code, said = smtp.docmd("DATA")
    if code != 354:
        raise _Declined(_refused(code, said, "it does not take the mail"))
    smtp.send(re.sub(rb"(?m)^\.", b"..", content))
    between("mail-written")
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(_LAST)
        smtp.send(b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")
        code, said = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        reason = f"the connection ended after the mail and before the server's word: {error}"
        return Unsure(reason=reason, remedy="ask the client")
    between("mail-taken")
    if code == 250:
        return Done(ref=key, without=without)
    return _refused(code, said, "it does not take the mail")


def _expect(reply: tuple[int, bytes], otherwise: str) -> None:
    if reply[0] not in {250, 251}:
        raise _Declined(_refused(*reply, otherwise))


def _refused(code: int, said: bytes, what: str) -> Refused:
    """4xx: for now; 5xx: for good (RFC 5321, 4.2.1)."""
    return Refused(reason=f"{what}: {_words(code, said)}", lasting=code >= 500, code=str(code))


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    shown = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return f"{code} {shown[:_SAID]}".strip()


def _leave(smtp: smtplib.SMTP) -> None:
    """A server that does not say goodbye has taken the mail all the same."""
    try:
        smtp.quit()
    except (smtplib.SMTPException, OSError):
        smtp.close()
