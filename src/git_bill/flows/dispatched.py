"""How documents left the house: what became of one just now, and of all of them by the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from git_bill.custody.dispatch import Dispatch, Errand, dispatches
from git_bill.custody.ledger import read
from git_bill.flows import load
from git_bill.layout import ledger_file
from git_bill.ports import Snapshot

Sent = Literal["sent", "perhaps-sent", "failed", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one parcel. `recipient`: the address or the network. `ref`: what the carrier calls it.

    `failed`: not now, tried again by itself where it was begun. `without`: copies that were refused, in words.
    """

    number: str
    recipient: str
    state: Sent
    reason: str = ""
    remedy: str = ""
    ref: str = ""
    without: tuple[str, ...] = ()


def sent_of(snapshot: Snapshot, errand: Errand = "send") -> Mapping[str, Dispatch]:
    """Issued numbers in order → how each left the house, or its thanks did."""
    files = load.ledger(snapshot)
    return dispatches(read(files, {year: ledger_file(year) for year in files})[0], errand)
