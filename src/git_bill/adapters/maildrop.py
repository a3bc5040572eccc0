"""A mailer that drops each mail as an `.eml` file into a folder: no account, no network, never the same mail twice.

RFC 5322 with a fixed Message-ID; `X-Unsent` lets mail programs open it as a draft to be sent.
"""

from dataclasses import dataclass

from git_bill.adapters.dropping import Drop, marked_name
from git_bill.adapters.mail_message import as_bytes
from git_bill.effects import Deliver, Done, Refused

_REMEDY = "name another folder: git config bill.outbox ~/outbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDrop(Drop):
    """Implements `git_bill.post.Mailer`. Its folder lies outside the repository: mails name what books keep private."""

    def deliver(self, effect: Deliver) -> Done | Refused:
        """Drop the mail; its key is the Message-ID, so a second time does nothing, whoever took the file away since."""
        target = self.folder / f"{marked_name(effect.key)}.eml"
        if self.delivered(effect.key):
            return Done(ref=str(target), already=True)
        content = as_bytes(effect, unsent=True)
        if isinstance(content, Refused):
            return content
        try:
            already = self.put(target.name, content, effect.key)
        except OSError as error:
            return Refused(reason=f"{self.folder} can't be written: {error.strerror}", remedy=_REMEDY)
        return Done(ref=str(target), already=already)

    def delivered(self, key: str) -> bool:
        """Whether the mail was dropped. A kill on the way leaves it either dropped or to be dropped."""
        return self.holds(key)

    def check(self) -> Done | Refused:
        """Whether the folder is one, or can be made."""
        there = next((each for each in (self.folder, *self.folder.parents) if each.exists()), self.folder)
        if not there.is_dir():
            return Refused(reason=f"{there} is no folder", remedy=_REMEDY)
        return Done(ref=str(self.folder))
