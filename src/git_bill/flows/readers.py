"""Who can open what is sealed: owners and accountants with a key, and the recipients that the settings name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from git_bill.custody.redaction import live_secret
from git_bill.custody.sealing import dotted, fingerprint, parsed, sealed_values, unbound, unopened, unusable
from git_bill.custody.vault import Vault
from git_bill.flows import load
from git_bill.layout import SETTINGS, client_file
from git_bill.ports import Snapshot
from git_bill.problem import Problem
from git_bill.shape import locate
from git_bill.workspace import Contributor, Settings, Workspace

ROLES = frozenset({"owner", "accountant"})
RECOVERY = "recovery key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A public key and whose it is: a contributor's id, or a recovery key. `why_not`: why it can't open anything."""

    name: str
    key: str
    why_not: str | None = None

    @property
    def fingerprint(self) -> str:
        """As sealed values name it."""
        return fingerprint(self.key)


def readers(settings: Settings, today: date) -> tuple[Reader, ...]:
    """Everybody who may read, with every key; keys that can't open are listed with the reason."""
    people = [person for person in settings.contributors if _may(person, today)]
    return (
        *(Reader(name=p.id, key=k.strip(), why_not=unusable(k.strip())) for p in people for k in p.keys),
        *(Reader(name=RECOVERY, key=key) for key in settings.sealing.recipients),
    )


def able(found: Iterable[Reader]) -> tuple[Reader, ...]:
    """Those whose key opens what is sealed to it."""
    return tuple(reader for reader in found if reader.why_not is None)


def holders(found: Iterable[Reader]) -> frozenset[str]:
    """People and recovery keys apart: who would have to be lost for a value to be lost."""
    return frozenset(f"{r.name} {r.fingerprint}" if r.name == RECOVERY else r.name for r in found)


def closed(workspace: Workspace, client: str, today: date) -> tuple[Problem, ...]:
    """What an invoice to a client needs and this machine can't open (`sealed-here`), by file."""
    issuer = (SETTINGS, [(("issuer", *path), value) for path, value in unopened(workspace.settings.issuer)])
    engagement = workspace.engagements.get(client)
    own = [(("client", *path), value) for path, value in unopened(engagement.client)] if engagement else []
    return tuple(
        sealed_here(file, [path for path, _ in found], [value for _, value in found], workspace.settings, today)
        for file, found in (issuer, (client_file(client), own))
        if found
    )


def sealed_here(
    file: str, paths: Iterable[tuple[str | int, ...]], values: Iterable[str], settings: Settings, today: date
) -> Problem:
    """That sealed values can't be opened on this machine, and who could."""
    listed = sorted(paths)
    named = _names(settings, today)
    prints = {each for value in values if (found := parsed(value)) for each in found.readers}
    who = sorted({named[each].name for each in prints if each in named}) or ["nobody who is listed now"]
    verb = "is" if len(listed) == 1 else "are"
    return Problem(
        rule="sealed-here",
        message=f"{', '.join(map(dotted, listed))} {verb} sealed, and no key on this machine opens it",
        hint=f"{' or '.join(who)} can: run it where that key is, or give its text in GIT_BILL_IDENTITY;\n"
        "where the key is here, it was tampered with: git bill check",
        file=file,
        at=listed[0],
    )


def tampered(file: str, text: str, vault: Vault) -> Iterator[Problem]:
    """Sealed values of a file that a key of this machine should open and that don't open there.

    They were sealed for another place, by somebody else, or were cut. Each machine can tell of its own keys alone.
    """
    for at, value in sealed_values(text).items():
        sealed = parsed(value)
        if sealed is None:  # who reads the file says so
            continue
        plain = vault.open(sealed)
        if plain is None and vault.holds(sealed):
            why = "does not open with the key that it names: somebody cut or replaced it"
        elif plain is not None and unbound(file, at, plain) is None:
            why = "opens, but was not sealed for this place: somebody moved or replaced it"
        else:
            continue
        yield Problem(
            rule="tampered-seal",
            message=f"{dotted(at)} {why}",
            hint=f"bring it back: git restore {file}; or write it in clear and run: git bill seal",
            file=file,
            line=locate(text)[at],
            at=at,
        )


def sealing_problems(state: Snapshot, settings: Settings, today: date, vault: Vault) -> Iterator[Problem]:
    """Sealed values that were tampered with; that nobody who is there opens, one holder alone, or others than should.

    The latter are warnings.
    """
    now = able(readers(settings, today))
    wanted, named = {reader.fingerprint for reader in now}, _names(settings, today)
    for path in settings_files(state):
        text = load.text_of(state, path) or ""
        yield from tampered(path, text, vault)
        sealed = {at: found for at, value in sealed_values(text).items() if (found := parsed(value))}
        for prints in sorted({found.readers for found in sealed.values()}):
            what = ", ".join(dotted(at) for at, found in sealed.items() if found.readers == prints)
            present = [named[each] for each in prints if each in wanted]
            if not present:
                message = f"only somebody who left, or whose role does not allow it, can open {what}"
                yield _warning("no-reader", message, "have them run: git bill seal", path)
            elif len(holders(present)) == 1:
                message = f"only {present[0].name} can open {what}: with that key it is lost"
                yield _warning("one-reader", message, "add a recovery key: git bill seal --recovery FILE", path)
            if present and set(prints) != wanted:
                message = f"{what} was sealed for others than may read it now"
                yield _warning("other-readers", message, "seal it again: git bill seal; then change what leaked", path)


def secret_problems(state: Snapshot, paths: Iterable[str] | None = None) -> Iterator[Problem]:
    """Lines of the books' TOML files that look like a live secret: who can read the repository could use it."""
    tomls = (path for path in (state.paths("billing") if paths is None else paths) if path.endswith(".toml"))
    for path in tomls:
        if not path.startswith("billing/invoices/"):
            yield from secret_lines(path, state.read(path) or b"")


def secret_lines(path: str, content: bytes) -> Iterator[Problem]:
    """Lines of one file that look like a live secret."""
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), 1):
        kind = live_secret(line)
        if kind is not None:
            yield Problem(
                rule="live-secret",
                message=f"this looks like {kind}: everybody who can read the repository could use it",
                hint="take it out and revoke it; secrets belong into the environment: gh secret set GIT_BILL_TOKEN",
                file=path,
                line=number,
            )


def settings_files(state: Snapshot) -> tuple[str, ...]:
    """The files that may hold sealed values."""
    clients = (path for path in state.paths("billing/clients") if path.endswith(".toml"))
    return tuple(path for path in (SETTINGS, *clients) if state.read(path) is not None)


def _names(settings: Settings, today: date) -> Mapping[str, Reader]:
    """Fingerprint → whose key it is, for those who may read."""
    return {reader.fingerprint: reader for reader in readers(settings, today)}


def _may(person: Contributor, today: date) -> bool:
    present = (person.from_ is None or person.from_ <= today) and (person.until is None or today <= person.until)
    return present and not ROLES.isdisjoint(person.roles)


def _warning(rule: str, message: str, hint: str, file: str) -> Problem:
    return Problem(rule=rule, severity="warning", message=message, hint=hint, file=file)
