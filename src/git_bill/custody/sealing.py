"""Sealing: values of the settings that only some people can read, as text that names its readers' keys.

    iban = "sealed:3f9a1c2e.b81d00fa:YWdlLWVuY3J5cHRpb24u…"

Between the colons stand fingerprints of the keys it was sealed to, so that everybody sees who can open it; then the
age ciphertext in base64. What is sealed is bound to its place: copied to another key, it does not open.
"""

import base64
import dataclasses
import hashlib
import re
import tomllib
from binascii import Error as NotBase64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from git_bill.shape import Path, locate
from git_bill.shape_scalars import quoted

R = TypeVar("R")
MARK = "sealed:"
VEILED = "(sealed)"
_FORM = re.compile(r"sealed:(?P<readers>[0-9a-f]{8}(?:\.[0-9a-f]{8})*):(?P<text>[A-Za-z0-9+/]+={0,2})")
_NAME = r"(?<![\w.-])(?:[\w-]+\s*\.\s*)*[\"']?{}[\"']?\s*=\s*"
_LITERAL = r"(?!\"\"\"|''')(?:\"(?:[^\"\\]|\\.)*\"|'[^']*')"

# Nothing is decided by these: amounts, taxes, dates and languages come out alike whether they can be read or not.
_BANK = ("iban", "bic", "holder", "account", "routing", "creditor", "instructions")
_ISSUER = ("contact", "street", "city", "email", "phone", "tax_number", "registration", "footer")
_DEBIT = ("client", "direct_debit", "iban")
_COST = ("contributors", "*", "costs", "*", "hourly")
SEALABLE: frozenset[Path] = frozenset(
    {
        _COST,
        _DEBIT,
        *(("issuer", "bank", name) for name in _BANK),
        *(("issuer", name) for name in _ISSUER),
        *(("client", name) for name in ("street", "city", "attention", "email", "buyer_reference")),
        *(("client", "mail", name) for name in ("invoices", "reminders", "contact")),
    }
)
USUAL: frozenset[Path] = frozenset(
    {
        _COST,
        _DEBIT,
        *(("issuer", "bank", name) for name in _BANK),
        *(("issuer", name) for name in ("phone", "street", "tax_number")),
        *(("client", name) for name in ("attention", "email", "street")),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed value. `readers`: fingerprints of the keys that open it, sorted."""

    readers: tuple[str, ...]
    ciphertext: bytes

    def __str__(self) -> str:
        """As it stands in a file."""
        return f"{MARK}{'.'.join(self.readers)}:{base64.b64encode(self.ciphertext).decode('ascii')}"


def among(path: Path, known: frozenset[Path]) -> bool:
    """Whether a path is one of those; `*` stands for any place in a list."""
    return tuple("*" if isinstance(part, int) else part for part in path) in known


def is_sealed(text: object) -> bool:
    """Whether a value of a record is sealed, and was not opened on this machine."""
    return isinstance(text, str) and text.startswith(MARK)


def parsed(text: str) -> Sealed | None:
    """A sealed value as it stands in a file; None where it is not one, or cut."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    try:
        ciphertext = base64.b64decode(found["text"], validate=True)
    except (NotBase64, ValueError):
        return None
    return Sealed(readers=tuple(found["readers"].split(".")), ciphertext=ciphertext)


def fingerprint(key: str) -> str:
    """Eight hex digits of a public key; an SSH key's comment does not count."""
    return hashlib.sha256(" ".join(key.split()[:2]).encode()).hexdigest()[:8]


def unusable(key: str) -> str | None:
    """Why nothing can be sealed to a public key of this kind; None where it can (age-encryption.org/v1)."""
    if key.startswith("sk-"):
        return "a hardware key signs and can't decrypt"
    if key.startswith(("ssh-ed25519 ", "ssh-rsa ", "age1")):
        return None
    return "age seals to ssh-ed25519, ssh-rsa and age1 keys alone"


def bound(file: str, path: Path, value: str) -> str:
    """What is encrypted: the place, then the value."""
    return f"{_place(file, path)}\n{value}"


def unbound(file: str, path: Path, plain: str) -> str | None:
    """The value, if it was sealed for this place."""
    place, _, value = plain.partition("\n")
    return value if place == _place(file, path) else None


def dotted(path: Path) -> str:
    """`issuer.bank.iban`"""
    return ".".join(map(str, path))


def sealed_values(text: str) -> Mapping[Path, str]:
    """Every sealed value of TOML text, well-formed or not, by its path. Raises ValueError for text that is no TOML."""
    return {path: value for path, value in texts(text).items() if is_sealed(value)}


def texts(text: str) -> Mapping[Path, str]:
    """Every text in TOML text by its path. Raises ValueError for text that is no TOML."""
    return dict(_texts(tomllib.loads(text.removeprefix("\ufeff")), ()))


def opened(text: str, file: str, open_: Callable[[Sealed], str | None]) -> str:
    """TOML text with what can be opened in clear, every line where it was. `open_`: the plaintext, if it can."""
    if MARK not in text:
        return text
    try:
        found = sealed_values(text)
    except (ValueError, RecursionError):  # the reader says what is wrong with it
        return text
    clear: dict[Path, str] = {}
    for path, value in found.items():
        sealed = parsed(value) if among(path, SEALABLE) else None
        plain = open_(sealed) if sealed else None
        value_here = None if plain is None else unbound(file, path, plain)
        if value_here is not None:
            clear[path] = value_here
    return rewritten(text, clear)


def rewritten(text: str, values: Mapping[Path, str]) -> str:
    """TOML text with other texts at some paths, each on its line; what can't be put there stays as it is."""
    lines = text.split("\n")
    where = locate(text) if values else {}
    for path, value in values.items():
        number = where[path] - 1
        place = re.compile(f"(?P<key>{_NAME.format(re.escape(str(path[-1])))}){_LITERAL}")
        before, after = lines[number], place.sub(lambda m, v=value: m["key"] + quoted(v), lines[number], count=1)  # type: ignore[misc]
        lines[number] = after
        if texts("\n".join(lines)) != {
            **texts("\n".join([*lines[:number], before, *lines[number + 1 :]])),
            path: value,
        }:
            lines[number] = before
    return "\n".join(lines)


def veiled(record: R) -> R:
    """A record with what is still sealed in it shown as such, for a preview."""
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        if is_sealed(value):
            changes[field.name] = VEILED
        elif dataclasses.is_dataclass(value) and not isinstance(value, type) and any(unopened(value)):
            changes[field.name] = veiled(value)
    return dataclasses.replace(record, **changes) if changes else record  # type: ignore[type-var]


def unopened(record: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Values of a record that are still sealed, by their path."""
    for field in dataclasses.fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        if is_sealed(value):
            yield (*path, field.name), value
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            yield from unopened(value, (*path, field.name))


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))


def _place(file: str, path: Path) -> str:
    return f"{file} {dotted(path)}"
