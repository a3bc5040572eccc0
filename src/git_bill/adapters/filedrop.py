"""A network that is a folder: the program that takes e-invoices there picks them up."""

from dataclasses import dataclass
from pathlib import Path

from git_bill.adapters.dropping import Drop
from git_bill.effects import Done, Refused, Submit


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDrop(Drop):
    """Implements `git_bill.post.Network`."""

    def submit(self, effect: Submit) -> Done | Refused:
        """Drop the file; a second time with its key does nothing, whoever took the file away since."""
        name = Path(effect.file).name
        try:
            already = self.put(name, effect.content, effect.key)
        except OSError as error:
            return Refused(
                reason=f"{self.folder} can't be written: {error.strerror}", remedy="name another: --drop DIR"
            )
        return Done(ref=name, already=already)

    def delivered(self, key: str) -> bool:
        """Whether the file was dropped."""
        return self.holds(key)
