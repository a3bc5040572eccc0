"""A mail as bytes (RFC 5322, RFC 6532): the same ones every time, and no text of it can become a header."""

import hashlib
import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path

from git_bill.contract.mail import is_address
from git_bill.effects import Deliver, Refused

_PLAIN = SMTP.clone(cte_type="7bit")  # every server takes it
_TYPES = {
    ".pdf": "application/pdf",
    ".xml": "application/xml",
    ".csv": "text/csv",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST = 25 * 1024 * 1024  # bytes of a whole mail that the large providers take
_MEGABYTE = 1024 * 1024


def as_bytes(effect: Deliver, *, unsent: bool = False) -> bytes | Refused:
    """The mail, ready for the wire. `unsent`: mail programs open it as a draft to be sent."""
    try:
        mail = _message(effect)
        if unsent:
            mail["X-Unsent"] = "1"
        content = mail.as_bytes(policy=mail.policy)
    except (ValueError, IndexError, HeaderParseError) as error:
        return Refused(
            reason=f"no mail can be written to {effect.recipient!r} from {effect.sender!r}: {error}",
            remedy='write addresses like email = "ap@acme.example"',
            lasting=True,
            code="address",
        )
    if len(content) > MOST:
        return Refused(
            reason=f"the mail has {len(content) / _MEGABYTE:.0f} MB, and few servers take more than 25",
            remedy="send it another way: git bill sent NUMBER --via portal",
            lasting=True,
            code="size",
        )
    return content


def in_ascii(address: str) -> str:
    """An address with its domain in ASCII (IDNA). Raises ValueError for a domain that there can't be."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"


def needs_utf8(*addresses: str) -> bool:
    """Whether a name before the @ is not ASCII: only some servers take these (SMTPUTF8, RFC 6531)."""
    return not all(address.rpartition("@")[0].isascii() for address in addresses)


def _message(effect: Deliver) -> EmailMessage:
    """Raises ValueError for what is no address."""
    people = (effect.recipient, *effect.cc, *([effect.sender] if effect.sender else []))
    mail = EmailMessage(policy=SMTPUTF8 if needs_utf8(*people) else _PLAIN)
    if effect.sender is not None:
        mail["From"] = _address(effect.sender, _line(effect.sender_name))
    mail["To"] = _address(effect.recipient)
    if effect.cc:
        mail["Cc"] = [_address(each) for each in effect.cc]
    mail["Subject"] = _line(effect.subject)
    if effect.at is not None:
        mail["Date"] = effect.at
    mail["Message-ID"] = f"<{effect.key}>"
    mail.set_content(effect.body)
    for name, content in effect.attachments.items():
        main, _, sub = _TYPES.get(Path(name).suffix.lower(), "application/octet-stream").partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=_line(name))
    if effect.attachments:
        mail.set_boundary(hashlib.sha256(effect.key.encode()).hexdigest()[:32])
    return mail


def _address(text: str, name: str = "") -> Address:
    """Raises ValueError for what is no address. The library takes a name beyond ASCII only in two parts."""
    plain = in_ascii(text)
    if not needs_utf8(plain):
        return Address(name, addr_spec=plain)
    if not is_address(plain):
        raise ValueError(f"{plain!r} is no address")
    local, _, domain = plain.rpartition("@")
    return Address(name, username=local, domain=domain)


def _line(text: str) -> str:
    """One line without control characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())
