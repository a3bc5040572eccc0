"""The key of keyed evidence: a file that only its owner can read, outside of any repository, or a variable."""

import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from git_bill.adapters.regular_file import content
from git_bill.problem import Exit, Stop, stop
from git_bill.worklog.keyed import VARIABLE, EvidenceKey

SETTING = "bill.evidenceKey"  # of git's configuration: another place of the file
_BYTES = 32
_HEXADECIMAL = re.compile(rf"[0-9a-f]{{{2 * _BYTES}}}")
_MOST = 4096  # bytes of a file that holds a key and a comment


def place(environment: Mapping[str, str], home: Path, configured: Path | None) -> Path:
    """Where the file is, or would be."""
    if configured is not None:
        return configured
    folder = environment.get("XDG_CONFIG_HOME")
    return (Path(folder) if folder else home / ".config") / "git-bill" / "evidence.key"


def find(
    environment: Mapping[str, str],
    file: Path,
    books: Path | None,
    *,
    learned: Callable[[str], None] = lambda text: None,
) -> EvidenceKey | None:
    """The key in the variable, else in the file; None without either. `learned` is told what must not be printed.

    Raises Stop (exit 3) at a file that others can read or that lies in the books, and at what is no key.
    """
    given = environment.get(VARIABLE, "").strip()
    if given:
        return _parsed(given, VARIABLE, learned)
    try:
        mode = file.stat().st_mode
        text = content(file, _MOST).decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise stop(Exit.SETTINGS, "evidence-key-unreadable", f"{file} can't be read: {error.strerror}") from None
    _outside(file, books)
    if stat.S_IMODE(mode) & 0o077:
        hint = f"let it be yours alone: chmod 600 {file}; if others may have read it, it keeps nothing from them"
        raise stop(Exit.SETTINGS, "evidence-key-open", f"others on this machine can read {file}", hint)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return _parsed(lines[0] if len(lines) == 1 else "", str(file), learned)


def make(file: Path, books: Path | None, *, learned: Callable[[str], None]) -> EvidenceKey:
    """A new key in a new file of mode 600. Raises Stop (exit 2) where there is a file already or can't be one."""
    _outside(file, books)
    text = secrets.token_hex(_BYTES)
    learned(text)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        hint = "a second one would make the same work look new; move the file away if no evidence was keyed with it"
        raise stop(Exit.USAGE, "evidence-key-exists", f"there is a key in {file} already", hint) from None
    except OSError as error:
        raise stop(Exit.USAGE, "no-place", f"{file} can't be made: {error.strerror}") from None
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(
            f"# Keys the evidence of git-bill's books. Keep a copy, and keep it from whoever reads the books.\n{text}\n"
        )
    return EvidenceKey(bytes.fromhex(text))


def _outside(file: Path, books: Path | None) -> None:
    if books is not None and file.resolve().is_relative_to(books.resolve()):
        hint = f"put it elsewhere, for example: git config {SETTING} ~/.config/git-bill/acme.key"
        raise stop(
            Exit.SETTINGS, "evidence-key-inside", f"{file} lies in the repository that it is to say nothing to", hint
        )


def _parsed(text: str, where: str, learned: Callable[[str], None]) -> EvidenceKey:
    if not _HEXADECIMAL.fullmatch(text):
        raise _no_key(where)
    learned(text)
    return EvidenceKey(bytes.fromhex(text))


def _no_key(where: str) -> Stop:
    return stop(
        Exit.SETTINGS,
        "wrong-evidence-key",
        f"{where} holds no evidence key: that is {2 * _BYTES} hexadecimal digits",
        "take the line that `git bill source key --new` wrote where the first evidence was gathered",
    )
