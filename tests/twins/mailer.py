"""A mailer in memory that can be asked what left."""

from dataclasses import dataclass, field

from git_bill.contract.mail import is_address
from git_bill.effects import Deliver, Done, Refused


@dataclass(kw_only=True)
class MemoryMailer:
    """`mails`: Message-ID → mail."""

    mails: dict[str, Deliver] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return "memory"

    def deliver(self, effect: Deliver) -> Done | Refused:
        if not is_address(effect.recipient):
            return Refused(reason=f"{effect.recipient!r} is no address", lasting=True, code="address")
        already = effect.key in self.mails
        self.mails.setdefault(effect.key, effect)
        return Done(ref=effect.key, already=already)

    def delivered(self, key: str) -> bool:
        return key in self.mails

    def check(self) -> Done | Refused:
        return Done(ref="memory")
