"""Ask the register for a client's VAT id and keep the answer as a file of the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from git_bill.effects import Flow, WriteFile
from git_bill.flows.writing import written
from git_bill.layout import proof_file
from git_bill.ports import Books, Snapshot
from git_bill.shape import write
from git_bill.vat_registry import VatProof, VatRegistry


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What the register said, and where that is kept."""

    client: str
    proof: VatProof
    file: str


def prove_vat_id(
    books: Books, registry: VatRegistry, client: str, vat_id: str, *, requester: str | None, at: datetime
) -> Flow[Proven]:
    """One question; a second one on the same day replaces the day's file. Stops (exit 5) where nobody answers."""
    proof = registry.look_up(vat_id, requester=requester, at=at)
    proven = Proven(client=client, proof=proof, file=proof_file(client, at.date()))

    def computed(state: Snapshot) -> tuple[Proven, Sequence[WriteFile]]:
        return proven, [WriteFile(path=proven.file, content=write(proof).encode())]

    return (yield from written(books, lambda _: f"keep what {proof.source} says of {client}", computed))
