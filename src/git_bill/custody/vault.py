"""The vault as the flows see it: adapters/age, and a twin in tests."""

from collections.abc import Sequence
from typing import Protocol

from git_bill.custody.sealing import Sealed


class Vault(Protocol):
    """Seals values to public keys and opens them with the private keys of this machine."""

    def seal(self, plain: str, recipients: Sequence[str]) -> Sealed:
        """Encrypt to public keys, age's and SSH's. Raises Stop (exit 3) at one that can't be encrypted to."""

    def open(self, sealed: Sealed) -> str | None:
        """The plaintext; None where no key on this machine opens it."""

    def holds(self, sealed: Sealed) -> bool:
        """Whether a key that it names as its reader's is on this machine and can be used, so that it should open."""

    def new_identity(self) -> tuple[str, str]:
        """A new key pair: the identity, which is secret, and its recipient."""
