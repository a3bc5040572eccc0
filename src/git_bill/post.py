"""The ports that hand documents over: mail, and networks for e-invoices."""

from typing import Protocol

from git_bill.effects import Deliver, Done, Refused, Submit, Unsure


class Carrier(Protocol):
    """Takes something out of the house."""

    @property
    def place(self) -> str:
        """Names where it hands over, without personal data: what another one did, this one can't tell."""

    def delivered(self, key: str) -> bool | None:
        """Whether what has this key left before; None where the carrier can't tell."""


class Mailer(Carrier, Protocol):
    """Hands mail over."""

    def deliver(self, effect: Deliver) -> Done | Refused | Unsure:
        """Deliver once; the key is the Message-ID. `Unsure`: it may have left."""

    def check(self) -> Done | Refused:
        """Whether it would take mail now, without sending any."""


class Network(Carrier, Protocol):
    """Hands e-invoices to a network, or to what takes them there."""

    def submit(self, effect: Submit) -> Done | Refused | Unsure:
        """Hand over once; `Done.ref` is what the other side called it. `Unsure`: it may have left."""
