"""A network that is a folder: the program that takes e-invoices there picks them up."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from git_bill.adapters.dropping import Drop
from git_bill.effects import Done, Refused, Submit


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDrop:
    """`folder`: where the files go. `machine` sets the same path on two machines apart."""

    folder: Path
    machine: str = ""
    between: Callable[[str], None] = lambda step: None

    @property
    def place(self) -> str:
        """Names this folder on this machine, without saying where it is."""
        return self._drop.place

    def submit(self, effect: Submit) -> Done | Refused:
        """Drop the file; a second time with its key does nothing, whoever took the file away since."""
        target = self.folder / effect.file
        try:
            already = self._drop.put(target.name, effect.content, effect.key)
        except OSError as error:
            return Refused(
                reason=f"{self.folder} can't be written: {error.strerror}", remedy="name another: --drop DIR"
            )
        return Done(ref=target.name, already=already)

    def delivered(self, key: str) -> bool:
        """Whether the file was dropped."""
        return self._drop.holds(key)

    @property
    def _drop(self) -> Drop:
        return Drop(folder=self.folder, machine=self.machine, between=self.between)
