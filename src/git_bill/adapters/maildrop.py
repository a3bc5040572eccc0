"""A mailer that drops each mail as an `.eml` file into a folder: no account, no network, never the same mail twice.

RFC 5322 with a fixed Message-ID; `X-Unsent` lets mail programs open it as a draft to be sent.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from git_bill.effects import Deliver, Done, Refused

_OWN = ".git-bill"  # below the folder: what is being written, and a mark for each mail that was dropped
_TYPES = {".pdf": "application/pdf", ".xml": "application/xml", ".csv": "text/csv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDrop:
    """`folder`: where the files go; it lies outside the repository, since mails name what books keep private.

    `machine` sets the same path on two machines apart. `between` hears the name of each step, so that tests can
    kill it there.
    """

    folder: Path
    machine: str = ""
    between: Callable[[str], None] = lambda step: None

    @property
    def place(self) -> str:
        """Names this folder on this machine, without saying where it is."""
        return hashlib.sha256(f"{self.machine}\0{self.folder}".encode()).hexdigest()[:12]

    def deliver(self, effect: Deliver) -> Done | Refused:
        """Drop the mail; its key is the Message-ID, so a second time does nothing, whoever took the file away since."""
        target = self.folder / _file_name(effect.key)
        if self.delivered(effect.key):
            return Done(ref=str(target), already=True)
        try:
            content = message(effect).as_bytes(policy=SMTP)
        except (ValueError, IndexError, HeaderParseError) as error:
            return Refused(
                reason=f"no mail can be written to {effect.recipient!r} from {effect.sender!r}: {error}",
                remedy='write addresses like email = "ap@acme.example"',
            )
        try:
            with _alone(self.folder):
                already = self.delivered(effect.key)
                if not already:
                    self._drop(target, content)
        except OSError as error:
            return Refused(
                reason=f"{self.folder} can't be written: {error.strerror}",
                remedy="name another folder: git config bill.outbox ~/outbox",
            )
        return Done(ref=str(target), already=already)

    def delivered(self, key: str) -> bool:
        """Whether the mail was dropped. A kill on the way leaves it either dropped or to be dropped."""
        name = _file_name(key)
        return (self.folder / name).exists() or (self._mark(name).exists() and not self._part(name).exists())

    def _drop(self, target: Path, content: bytes) -> None:
        """The mail appears by one rename. The mark outlives it; as long as there is the part, it means nothing."""
        part = self._part(target.name)
        _store(part, content)
        self.between("mail-written")
        _store(self._mark(target.name), b"")
        self.between("mail-marked")
        part.replace(target)
        _sync(self.folder)
        _sync(part.parent)

    def _mark(self, name: str) -> Path:
        return self.folder / _OWN / name

    def _part(self, name: str) -> Path:
        return self.folder / _OWN / f"{name}.part"


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


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Make the folders, and keep other processes out; the kernel frees the lock of a killed one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / _OWN).mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder / _OWN, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _store(path: Path, content: bytes) -> None:
    """Write a file so that it is there, in full, before what is written after it; also when the machine stops."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
