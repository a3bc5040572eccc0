"""A register of VAT ids in memory: the same contract as VIES."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from git_bill.problem import Exit, stop
from git_bill.vat_registry import VatProof


@dataclass(slots=True)
class MemoryRegistry:
    """`known`: VAT id → name and address; `away`: nobody answers."""

    known: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    away: bool = False
    asked: int = 0

    def look_up(self, vat_id: str, *, requester: str | None, at: datetime) -> VatProof:
        if self.away:
            raise stop(Exit.FORGE, "vat-register", "VIES did not answer: MS_UNAVAILABLE", "ask again later")
        self.asked += 1
        plain = "".join(c for c in vat_id if c.isalnum()).upper()
        name, address = self.known.get(plain, ("", ""))
        return VatProof(
            vat_id=plain,
            valid=plain in self.known,
            at=at,
            name=name,
            address=address,
            requester=requester or "",
            request=f"WAPIAAA{self.asked:09}" if requester else "",
            source="VIES",
        )
