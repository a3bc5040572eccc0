"""Seal values of the settings, open them again, and seal anew for those who may read them now.

Sealing twice changes nothing: a value that is sealed to the right keys stays, byte for byte, even where nobody here
can open it. Older versions of the files stay in git's history as they were.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from git_bill.custody.sealing import (
    MARK,
    SEALABLE,
    USUAL,
    among,
    bound,
    dotted,
    is_sealed,
    parsed,
    rewritten,
    texts,
    unbound,
)
from git_bill.custody.vault import Vault
from git_bill.effects import Flow, Plan, WriteFile
from git_bill.flows import load
from git_bill.flows.readers import Reader, able, holders, readers, sealed_here, settings_files, tampered
from git_bill.flows.stated import must, stated
from git_bill.flows.writing import written
from git_bill.layout import SETTINGS
from git_bill.ports import Books, Snapshot
from git_bill.problem import Exit, Problem, Stop, nearest, stop
from git_bill.shape import Path
from git_bill.workspace import Settings

_ALONE = "add a second person's key or a recovery key (git bill seal --recovery FILE); or seal with --alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealWish:
    """Names of values, none for the usual ones. `alone`: one reader will do; `blind`: none here will."""

    names: tuple[str, ...] = ()
    alone: bool = False
    blind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """`names`: values that were sealed or opened now; `kept`: those that were as they should be. `readers`: of all.

    `committed`: those sealed now that stand in clear in git's history.
    """

    names: tuple[str, ...]
    kept: tuple[str, ...]
    readers: tuple[Reader, ...]
    files: tuple[str, ...]
    committed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """A text of a settings file that may be sealed."""

    file: str
    path: Path
    text: str

    @property
    def name(self) -> str:
        """As commands name it: `issuer.bank.iban`, `acme.email`."""
        if self.file == SETTINGS:
            return dotted(self.path)
        return dotted((PurePosixPath(self.file).stem, *self.path[1:]))


def seal(books: Books, vault: Vault, wish: SealWish, today: date) -> Flow[Changed]:
    """Seal what is asked for, and what is sealed already to the keys of those who may read it now.

    Stops (exit 3) where nobody could open it, (exit 1) where one alone or nobody here could, and was not accepted.
    """

    def computed(state: Snapshot) -> tuple[Changed, Sequence[WriteFile]]:
        settings = load.workspace(state).settings
        found = _chosen(state, wish.names, usual=True)
        _whole(state, found, vault)
        keys = able(readers(settings, today))
        _enough(keys, wish)
        before = _committed(books)
        sealed = {(v.file, v.path): _sealed(v, keys, vault, before, settings=settings, today=today) for v in found}
        new = [value for value in found if sealed[value.file, value.path] != value.text]
        if new and not wish.blind and any(_plain(replace(v, text=sealed[v.file, v.path]), vault) is None for v in new):
            raise stop(
                Exit.PROBLEMS,
                "sealed-to-others",
                "no key on this machine could open it again (age can't use ssh-agent or a hardware key)",
                "put the private key into ~/.ssh/id_ed25519 or GIT_BILL_IDENTITY; or seal with --blind",
            )
        result, effects = _result(state, new, found, sealed, keys)
        committed = tuple(v.name for v in new if not is_sealed(before.get((v.file, v.path), MARK)))
        return replace(result, committed=committed), effects

    return (yield from written(books, lambda result: f"seal {', '.join(result.names)}", computed))


def add_recipient(state: Snapshot, recipient: str) -> Flow[None]:
    """List a recovery key in the settings."""
    file = stated(state, SETTINGS, Settings)
    if file.value is None:
        raise stop(Exit.SETTINGS, "no-workspace", f"there is no {SETTINGS} here", "make one with: git bill init")
    sealing = replace(file.value.sealing, recipients=(*file.value.sealing.recipients, recipient))
    effects = file.changed_to(replace(file.value, sealing=sealing))
    must((yield Plan(why="list a recovery key", effects=effects)))


def unseal(books: Books, vault: Vault, names: tuple[str, ...], today: date) -> Flow[Changed]:
    """Write what is sealed in clear again. Stops (exit 3) where this machine can't open it."""

    def computed(state: Snapshot) -> tuple[Changed, Sequence[WriteFile]]:
        settings = load.workspace(state).settings
        found = _chosen(state, names, usual=False)
        _whole(state, found, vault)
        plain = {(v.file, v.path): _opened(v, vault, settings, today) for v in found}
        new = [value for value in found if is_sealed(value.text)]
        return _result(state, new, found, plain, able(readers(settings, today)))

    return (yield from written(books, lambda result: f"open {', '.join(result.names)}", computed))


def _chosen(state: Snapshot, names: tuple[str, ...], *, usual: bool) -> list[_Value]:
    """The values that names mean; without names the usual ones and all that are sealed. Stops (exit 2) at none."""
    said = [
        _Value(file=file, path=path, text=text)
        for file in settings_files(state)
        for path, text in texts(load.text_of(state, file) or "").items()
    ]
    every = [value for value in said if among(value.path, SEALABLE)]
    if not names:
        return [value for value in every if is_sealed(value.text) or (usual and among(value.path, USUAL))]
    chosen: list[_Value] = []
    for name in names:
        meant = [value for value in every if value.name == name or value.name.startswith(f"{name}.")]
        if not meant:
            known = sorted(value.name for value in every)
            decides = any(value.name == name for value in said)
            near = None if decides else _near(name, known)
            raise stop(
                Exit.USAGE,
                "not-sealable",
                f"{name} can't be sealed: something is decided by it" if decides else f"there is no {name} to seal",
                f"did you mean {near}?" if near else f"these can: {', '.join(known) or 'none is stated yet'}",
            )
        chosen += (value for value in meant if value not in chosen)
    return chosen


def _near(name: str, known: Sequence[str]) -> str | None:
    """The known name that a typo on one side of its last dot most likely meant."""
    table, _, last = name.rpartition(".")
    parts = [each.rpartition(".")[::2] for each in known]
    if near := nearest(last, [there for where, there in parts if where == table]):
        return f"{table}.{near}"
    near = nearest(table, [where for where, there in parts if there == last])
    return near and f"{near}.{last}"


def _whole(state: Snapshot, values: Sequence[_Value], vault: Vault) -> None:
    """Stops (exit 3) where a value was tampered with: it does not stay as it is, and no key opens it."""
    asked = {(value.file, value.path) for value in values}
    found = (each for file in settings_files(state) for each in tampered(file, load.text_of(state, file) or "", vault))
    if wrong := [problem for problem in found if (problem.file, problem.at) in asked]:
        raise Stop(Exit.SETTINGS, wrong)


def _enough(keys: Sequence[Reader], wish: SealWish) -> None:
    if not keys:
        hint = 'add the public key to an owner in [[contributors]]: keys = ["ssh-ed25519 AAAA…"]'
        raise stop(Exit.SETTINGS, "no-reader", "no owner or accountant has a key that opens it", hint, SETTINGS)
    if len(holders(keys)) == 1 and not wish.alone:
        message = f"only {keys[0].name} could open it: with that key it would be lost"
        raise stop(Exit.PROBLEMS, "one-reader", message, _ALONE, SETTINGS)


def _sealed(
    value: _Value,
    keys: Sequence[Reader],
    vault: Vault,
    before: Mapping[tuple[str, Path], str],
    *,
    settings: Settings,
    today: date,
) -> str:
    """A value as it stands in the file: as it is, as it was committed, or sealed now."""
    prints = tuple(sorted({reader.fingerprint for reader in keys}))
    now = parsed(value.text)
    if now is not None and now.readers == prints:
        return value.text
    plain = _opened(value, vault, settings, today)
    old = _Value(file=value.file, path=value.path, text=before.get((value.file, value.path), ""))
    earlier = parsed(old.text)
    if earlier is not None and earlier.readers == prints and _plain(old, vault) == plain:
        return old.text
    return str(vault.seal(bound(value.file, value.path, plain), [reader.key for reader in keys]))


def _opened(value: _Value, vault: Vault, settings: Settings, today: date) -> str:
    """A value in clear. Stops (exit 3) where it can't be opened here."""
    plain = _plain(value, vault)
    if plain is None:
        raise Stop(Exit.SETTINGS, [sealed_here(value.file, [value.path], [value.text], settings, today)])
    return plain


def _plain(value: _Value, vault: Vault) -> str | None:
    if not is_sealed(value.text):
        return value.text
    found = parsed(value.text)
    plain = vault.open(found) if found else None
    return None if plain is None else unbound(value.file, value.path, plain)


def _committed(books: Books) -> Mapping[tuple[str, Path], str]:
    """What the settings said in the last commit of the books, so that its bytes can come back."""
    tip = books.tip()
    if tip is None:
        return {}
    state = books.at(tip)
    found: dict[tuple[str, Path], str] = {}
    for file in settings_files(state):
        try:
            found.update(((file, path), text) for path, text in texts(load.text_of(state, file) or "").items())
        except (ValueError, Stop):  # what was broken then is no matter now
            continue
    return found


def _result(
    state: Snapshot,
    new: Sequence[_Value],
    found: Sequence[_Value],
    texts_: Mapping[tuple[str, Path], str],
    keys: tuple[Reader, ...],
) -> tuple[Changed, Sequence[WriteFile]]:
    effects = tuple(_writes(state, new, texts_))
    changed = Changed(
        names=tuple(value.name for value in new),
        kept=tuple(value.name for value in found if value not in new),
        readers=keys,
        files=tuple(effect.path for effect in effects),
    )
    return changed, effects


def _writes(state: Snapshot, new: Sequence[_Value], wanted: Mapping[tuple[str, Path], str]) -> Iterator[WriteFile]:
    """The files with their new values. Stops (exit 3) where one is laid out so that a value can't be put there."""
    for file in dict.fromkeys(value.file for value in new):
        values = {value.path: wanted[file, value.path] for value in new if value.file == file}
        text = rewritten(load.text_of(state, file) or "", values)
        there = texts(text)
        missed = [path for path, value in values.items() if there[path] != value]
        if missed:
            problem = Problem(
                rule="unamendable",
                message=f"{dotted(missed[0])} is written in a way that can't be replaced",
                hint=f'write it on one line of its own: {missed[0][-1]} = "…"',
                file=file,
            )
            raise Stop(Exit.SETTINGS, [problem])
        yield WriteFile(path=file, content=text.encode())
