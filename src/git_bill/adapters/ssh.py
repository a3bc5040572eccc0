"""Signatures over short texts by `ssh-keygen -Y`, with keys that people have for git anyway."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from git_bill.custody.signoff import NAMESPACE
from git_bill.custody.ssh_key import plain
from git_bill.problem import Exit, Stop, stop

_WHO = "signer"
_SECONDS = 30  # a verification that takes longer hangs


class SshSignatures:
    """`Signatures` by the programs of OpenSSH. `configured`: git's `user.signingkey`, a file or `key::` and a key.

    `own`: folder of the caller's keys, looked into where neither that nor the agent has one.
    """

    def __init__(self, configured: str | None = None, own: Path | None = None) -> None:
        self._configured = configured
        self._own = own

    def valid(self, text: bytes, signature: bytes, keys: Sequence[str]) -> bool:
        """Whether one of the public keys made this signature over the text, for us and not for something else."""
        lines = [f'{_WHO} namespaces="{NAMESPACE}" {key}\n' for each in keys if (key := plain(each))]
        if not lines:
            return False
        with _folder() as folder:
            allowed, signed = folder / "allowed", folder / "text.sig"
            allowed.write_text("".join(lines), encoding="ascii")
            signed.write_bytes(signature)
            words = ("-Y", "verify", "-f", str(allowed), "-I", _WHO, "-n", NAMESPACE, "-s", str(signed))
            return _keygen(*words, given=text).returncode == 0

    def sign(self, text: bytes, keys: Sequence[str]) -> bytes:
        """An armoured signature over the text by one of the public keys.

        Raises Stop (exit 3) where this machine has the private half of none of them.
        """
        wanted = [key for each in keys if (key := plain(each))]
        with _folder() as folder:
            for place in self._places(folder, wanted):
                message, made = folder / "text", folder / "text.sig"
                message.write_bytes(text)
                made.unlink(missing_ok=True)
                done = _keygen("-Y", "sign", "-q", "-f", str(place), "-n", NAMESPACE, str(message))
                if done.returncode == 0 and made.exists() and self.valid(text, made.read_bytes(), wanted):
                    return made.read_bytes()
        raise stop(
            Exit.SETTINGS,
            "no-signing-key",
            "none of your keys in the settings can sign here",
            "name the key to git: git config user.signingkey ~/.ssh/id_ed25519.pub (or load it: ssh-add)",
        )

    def _places(self, folder: Path, wanted: Sequence[str]) -> Iterator[Path]:
        """Files that ssh-keygen may sign with: what git is told to sign with, then the agent's, then the caller's."""
        told = self._configured or ""
        if literal := plain(told.removeprefix("key::")):
            wanted = [literal, *wanted]
        elif told and Path(told).expanduser().is_file():
            yield Path(told).expanduser()
        for number, key in enumerate(wanted):  # a public key alone is signed for by the agent
            public = folder / f"key-{number}.pub"
            public.write_text(f"{key}\n", encoding="ascii")
            yield public
        for public in sorted(self._own.glob("*.pub")) if self._own else ():
            if public.is_file() and plain(public.read_text("utf-8", "replace")) in wanted:
                yield public


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="git-bill-") as name:
        yield Path(name)


def _keygen(*words: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            ["ssh-keygen", *words],
            input=given,
            capture_output=True,
            check=False,
            timeout=None if "sign" in words else _SECONDS,  # a person may have to touch a key
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise _missing() from None
    except subprocess.TimeoutExpired:
        raise stop(Exit.SETTINGS, "ssh-keygen-hangs", f"ssh-keygen did not answer within {_SECONDS} s") from None


def _missing() -> Stop:
    return stop(
        Exit.SETTINGS,
        "no-ssh-keygen",
        "the program ssh-keygen was not found, and sign-offs by key need it",
        "install OpenSSH 8.2 or newer, for example: apt install openssh-client",
    )
