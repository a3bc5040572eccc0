"""A network that is a program of the user's: it gets the file, and its exit code says what became of it."""

import hashlib
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from git_bill.effects import Done, Refused, Submit, Unsure

_FILE = "{file}"
_SECONDS = 300
_MOST = 200  # characters of its output that are kept
_READ = 64 * 1024  # bytes of it that are looked at
_LATER = 75  # EX_TEMPFAIL of sysexits.h


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierProgram:
    """`command`: its words, `{file}` among them; no shell reads them. GIT_BILL_NETWORK tells it the network's name."""

    command: tuple[str, ...]
    environment: dict[str, str]
    between: Callable[[str], None] = lambda step: None

    @property
    def place(self) -> str:
        """Names the program, without saying which."""
        return hashlib.sha256("\0".join(("command", *self.command)).encode()).hexdigest()[:12]

    def delivered(self, key: str) -> None:
        """A program can't be asked what it did."""

    def submit(self, effect: Submit) -> Done | Refused | Unsure:
        """0: done, and the last line of its output is what the other side calls it. 75: not now. Else: refused."""
        with tempfile.TemporaryDirectory(prefix="git-bill-") as folder, tempfile.TemporaryFile() as output:
            file = Path(folder) / effect.file
            file.write_bytes(effect.content)
            words = [word.replace(_FILE, str(file)) for word in self.command]
            named = {**self.environment, "GIT_BILL_NETWORK": effect.network}
            try:
                ran = subprocess.run(
                    words,
                    env=named,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    timeout=_SECONDS,
                    check=False,
                )
            except OSError as error:
                reason = f"{self.command[0]} can't be run: {error.strerror}"
                return Refused(reason=reason, remedy=f"git config bill.network.{effect.network} 'program {_FILE}'")
            except subprocess.TimeoutExpired:
                return Unsure(reason=f"{self.command[0]} took more than {_SECONDS} seconds and was ended")
            self.between("program-ended")
            output.seek(0)
            said = _last_line(output.read(_READ))
        if ran.returncode < 0:
            return Unsure(reason=f"{self.command[0]} was ended by signal {-ran.returncode}")
        if ran.returncode == 0:
            return Done(ref=said)
        reason = f"{shlex.join(self.command)} ended with {ran.returncode}: {said or 'it said nothing'}"
        return Refused(reason=reason, lasting=ran.returncode != _LATER, code=f"exit {ran.returncode}")


def _last_line(output: bytes) -> str:
    """What it said last, as one line that is safe to show."""
    lines = [line for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    shown = "".join(char if char.isprintable() else "\ufffd" for char in lines[-1]) if lines else ""
    return " ".join(shown.split())[:_MOST]
