"""Sealing with age (age-encryption.org) to age and SSH keys. The key that opens is this machine's, never printed."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from git_bill.custody.sealing import Sealed, fingerprint, opened, unusable
from git_bill.problem import Exit, stop

VARIABLE = "GIT_BILL_IDENTITY"
_FILES = ("id_ed25519", "id_rsa")
_AGE = re.compile(r"AGE-SECRET-KEY-1[A-Z0-9]+")


class Age:
    """`Vault` with pyrage. `home`: where `.ssh` lies; `unlock` asks for the passphrase of a key file, None: nobody can.

    `learned` is told every value that was opened, so that it is never printed.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        home: Path,
        *,
        learned: Callable[[str], None] = lambda text: None,
        unlock: Callable[[Path], bytes | None] | None = None,
    ) -> None:
        self._given = environment.get(VARIABLE, "").strip()
        self._folder = home / ".ssh"
        self._learned = learned
        self._unlock = unlock
        self._plain: dict[bytes, str | None] = {}
        self._known: dict[Path | None, list[Any]] = {}

    def asks(self, unlock: Callable[[Path], bytes | None]) -> None:
        """From now on a person may be asked for the passphrase of a key; what could not be opened is tried again."""
        self._unlock = unlock
        self._plain = {text: plain for text, plain in self._plain.items() if plain is not None}
        self._known.clear()

    def seal(self, plain: str, recipients: Sequence[str]) -> Sealed:
        """Encrypt to public keys. Raises Stop (exit 3) at one that can't be encrypted to."""
        import pyrage

        keys = []
        for recipient in recipients:
            try:
                kind = pyrage.x25519 if recipient.startswith("age1") else pyrage.ssh
                keys.append(kind.Recipient.from_str(recipient))
            except pyrage.RecipientError:
                why = unusable(recipient) or "it is cut or mistyped"
                raise stop(Exit.SETTINGS, "not-a-recipient", f"{_short(recipient)} can't be sealed to: {why}") from None
        ciphertext = pyrage.encrypt(plain.encode(), keys)
        return Sealed(readers=tuple(sorted(set(map(fingerprint, recipients)))), ciphertext=ciphertext)

    def open(self, sealed: Sealed) -> str | None:
        """The plaintext; None where no key on this machine opens it."""
        if sealed.ciphertext not in self._plain:
            self._plain[sealed.ciphertext] = plain = self._opened(sealed)
            if plain is not None:
                self._learned(plain.partition("\n")[2] or plain)
        return self._plain[sealed.ciphertext]

    def holds(self, sealed: Sealed) -> bool:
        """Whether a key that it names as its reader's is on this machine and can be used, so that it should open."""
        if self._given:
            made = _AGE.findall(self._given)
            return any(fingerprint(str(_age(line).to_public())) in sealed.readers for line in made)
        files = ((file, _text(file.with_name(f"{file.name}.pub"))) for file in self._files(sealed))
        return any(public is not None and self._identities(file) for file, public in files)

    def opened(self, content: bytes, path: str) -> bytes:
        """A file of the books with what this machine can open in clear, for reading alone."""
        if b"sealed:" not in content:
            return content
        try:
            return opened(content.decode("utf-8"), path, self.open).encode()
        except UnicodeDecodeError:  # the reader says what is wrong with it
            return content

    def new_identity(self) -> tuple[str, str]:
        """A new key pair: the identity, which is secret, and its recipient."""
        import pyrage

        made = pyrage.x25519.Identity.generate()
        return str(made), str(made.to_public())

    def _opened(self, sealed: Sealed) -> str | None:
        import pyrage

        for file in (None,) if self._given else self._files(sealed):
            for identity in self._identities(file):
                try:
                    return str(pyrage.decrypt(sealed.ciphertext, [identity]), "utf-8")
                except (pyrage.DecryptError, UnicodeDecodeError):
                    continue
        return None

    def _files(self, sealed: Sealed) -> list[Path]:
        """The key files that may open it: those whose public half says so, and those without one."""
        found = []
        for file in (self._folder / name for name in _FILES):
            public = _text(file.with_name(f"{file.name}.pub"))
            if file.is_file() and (public is None or fingerprint(public) in sealed.readers):
                found.append(file)
        return found

    def _identities(self, file: Path | None) -> list[Any]:
        """The identities in a key file; None: in the variable, which stops (exit 3) where it holds none."""
        if file not in self._known:
            self._known[file] = self._read(file)
        return self._known[file]

    def _read(self, file: Path | None) -> list[Any]:
        import pyrage

        if file is None:
            if lines := _AGE.findall(self._given):
                return [_age(line) for line in lines]
            content: bytes | None = self._given.encode() + b"\n"
        else:
            content = file.read_bytes()
        try:
            return [pyrage.ssh.Identity.from_buffer(content)]
        except (pyrage.IdentityError, ValueError):
            if file is None:
                raise _wrong_variable() from None
        content = self._unlock(file) if self._unlock else None
        try:
            return [pyrage.ssh.Identity.from_buffer(content)] if content else []
        except (pyrage.IdentityError, ValueError):
            return []


def _age(line: str) -> Any:
    import pyrage

    try:
        return pyrage.x25519.Identity.from_str(line)
    except pyrage.IdentityError:
        raise _wrong_variable() from None


def _wrong_variable() -> Exception:
    return stop(
        Exit.SETTINGS,
        "wrong-identity",
        f"{VARIABLE} is neither an age identity nor an SSH private key without passphrase",
        "give it the text of one: AGE-SECRET-KEY-1… as `git bill seal --recovery FILE` writes it",
    )


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _short(key: str) -> str:
    return key if len(key) <= 40 else f"{key[:30]}…{key[-8:]}"
