"""The port to a register of VAT ids, such as the EU's VIES, and the proof that it was asked (Regulation 904/2010)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from git_bill.shape import key


@dataclass(frozen=True, slots=True, kw_only=True)
class VatProof:
    """`billing/proofs/<client>/vat-<date>.toml`: what a register answered about a VAT id, and when.

    `request`: the number under which the register keeps the request; it gives one where the asker named itself.
    """

    schema: int = key("version of this file's form", default=1)
    vat_id: str = key("the VAT id that was asked for", example='"ATU13585627"')
    valid: bool = key("whether it is registered")
    at: datetime = key("when it was asked")
    name: str = key("who it belongs to, as far as the register says", default="")
    address: str = key("where", default="")
    requester: str = key("VAT id of who asked", default="")
    request: str = key("number of the request", default="")
    source: str = key("which register answered", example='"VIES"')


class VatRegistry(Protocol):
    """A register of VAT ids."""

    def look_up(self, vat_id: str, *, requester: str | None, at: datetime) -> VatProof:
        """What it says of a VAT id. Raises Stop (exit 5) where it can't be reached or does not answer."""
