"""Mails that came back: delivery status notifications (RFC 3464), told apart from anything else a person may name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from git_bill.problem import Exit, stop

_KEY = re.compile(r"<([^<>\s]+@git-bill)>")
# RFC 3463, 3.2 to 3.8: what the first two figures of a status say
_WHY = {
    "5.1": "there is no such address",
    "5.2": "the mailbox takes no mail",
    "5.3": "the mail system takes no such mail",
    "5.4": "the way there is closed",
    "5.5": "the servers did not understand each other",
    "5.6": "the mail's form was not taken",
    "5.7": "it was not let in",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """`key`: the Message-ID of the mail that came back, None where it is not ours. `status`: RFC 3463, "5.1.1"."""

    key: str | None
    status: str

    @property
    def because(self) -> str:
        """The status, and what it says; nothing of what the servers wrote, which may name people."""
        return f"{self.status} {_WHY.get(self.status[:3], 'it was not delivered')}"


def read_bounce(content: bytes, name: str) -> Bounce:
    """What a message says that tells of a mail's failure. Stops (exit 1) at one that does not."""
    mail = message_from_bytes(content, policy=policy.compat32)
    failed = [part for part in _statuses(mail) if str(part.get("Action", "")).strip().lower() == "failed"]
    if not failed:
        delayed = any(str(part.get("Action", "")).strip().lower() == "delayed" for part in _statuses(mail))
        message = (
            f"{name} tells of a delay, and the mail may still arrive" if delayed else f"{name} tells of no failure"
        )
        hint = "a message with the part message/delivery-status does; or say it yourself: --bounced --because TEXT"
        raise stop(Exit.PROBLEMS, "no-bounce", message, hint)
    found = re.search(r"\b([245]\.\d{1,3}\.\d{1,3})\b", str(failed[0].get("Status", "")))
    return Bounce(key=_key(mail), status=found[1] if found else "5.0.0")


def _statuses(mail: Message) -> Iterator[Message]:
    """The groups of fields of its delivery status: of the message, then of each recipient."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            yield from (group for group in groups if isinstance(group, Message)) if isinstance(groups, list) else ()


def _key(mail: Message) -> str | None:
    """Our Message-ID in what was returned: a whole message, or its headers."""
    for part in mail.walk():
        kind = part.get_content_type()
        if part is not mail and (told := part.get("Message-ID")) and (found := _KEY.search(str(told))):
            return found[1]
        if kind == "text/rfc822-headers":
            raw = part.get_payload(decode=True)
            text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
            if found := re.search(rf"(?im)^Message-ID:\s*{_KEY.pattern}", text):
                return found[1]
    return None
