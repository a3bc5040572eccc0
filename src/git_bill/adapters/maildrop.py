"""A mailer that drops each mail as an `.eml` file into a folder: no account, no network, never the same mail twice.

RFC 5322 with a fixed Message-ID; `X-Unsent` lets mail programs open it as a draft to be sent.
"""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from git_bill.effects import Deliver, Done, Refused

_TYPES = {".pdf": "application/pdf", ".xml": "application/xml", ".csv": "text/csv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDrop:
    """`folder`: where the files go; it lies outside the repository, since mails name what books keep private."""

    folder: Path

    def deliver(self, effect: Deliver) -> Done | Refused:
        """Write the mail; its key is the Message-ID, so a second time finds the file and does nothing."""
        target = self.folder / _file_name(effect.key)
        if target.exists():
            return Done(ref=str(target), already=True)
        try:
            content = message(effect).as_bytes(policy=SMTP)
        except (ValueError, IndexError, HeaderParseError) as error:
            return Refused(
                reason=f"no mail can be written to {effect.recipient!r} from {effect.sender!r}: {error}",
                remedy='write addresses like email = "ap@acme.example"',
            )
        try:
            _write(target, content)
        except OSError as error:
            return Refused(
                reason=f"{self.folder} can't be written: {error.strerror}",
                remedy="name another folder: git config bill.outbox ~/outbox",
            )
        return Done(ref=str(target))

    def delivered(self, key: str) -> bool | None:
        """Whether the file is there; None (not known) where it is not, since a person may have sent and moved it."""
        return True if (self.folder / _file_name(key)).exists() else None


def message(effect: Deliver) -> EmailMessage:
    """The mail, the same bytes every time. Raises ValueError for what is no address."""
    mail = EmailMessage(policy=SMTP)
    if effect.sender is not None:
        mail["From"] = Address(addr_spec=effect.sender)
    mail["To"] = Address(addr_spec=effect.recipient)
    mail["Subject"] = " ".join(effect.subject.split())
    if effect.at is not None:
        mail["Date"] = effect.at
    mail["Message-ID"] = f"<{effect.key}>"
    mail["X-Unsent"] = "1"
    mail.set_content(effect.body)
    for name, content in effect.attachments.items():
        main, _, sub = _TYPES.get(Path(name).suffix, "application/octet-stream").partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    if effect.attachments:
        mail.set_boundary(hashlib.sha256(effect.key.encode()).hexdigest()[:32])
    return mail


def _file_name(key: str) -> str:
    """Readable, and never the same for two keys."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", key).strip("-.")[:80]
    return f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:8]}.eml"


def _write(target: Path, content: bytes) -> None:
    """All of it or nothing, also when the machine stops."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
