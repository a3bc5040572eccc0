"""What is guarded in the settings: where money and mail go, and who may say so. Each thing with its parts in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from git_bill.contract.party import Bank, Client
from git_bill.custody.sealing import is_sealed
from git_bill.custody.signoff import Signer
from git_bill.layout import SETTINGS, client_file
from git_bill.shape_scalars import quoted
from git_bill.workspace import Contributor, Workspace

_POWERS = frozenset({"owner", "approver", "accountant"})
_HANDED = frozenset({"server", "port", "user", "security", "from_"})
_LONG = 40  # characters of a part that are shown whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """One thing that is guarded. `about`: in words; the rule that its change breaks; the file it stands in."""

    file: str
    rule: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A guarded thing as it is: its parts by name, as they are compared. `owner`: whom it is about, if an owner."""

    parts: Mapping[str, str]
    owner: Signer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A part that is another one. `old`, `new`: short, and of an account only its ends; "none" where there is none."""

    part: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.part}: {self.old} → {self.new}"


Facts = Mapping[Guarded, Fact]


def facts(workspace: Workspace) -> Facts:
    """Everything guarded, as it is."""
    settings = workspace.settings
    books = {**_parts(settings.books), **_parts(settings.forge)}
    found = {
        _of("payee-changed", "the account that clients pay to"): Fact(parts=_parts(settings.issuer.bank)),
        _of("roles-changed", "a guardrail"): Fact(parts=_parts(settings.guardrails)),
        _of("roles-changed", "where the books and their reviews are"): Fact(parts=books),
        _of("roles-changed", "who opens what is sealed"): Fact(parts=_parts(settings.sealing)),
        _of("recipient-changed", "the server that mail is given to"): Fact(parts=_parts(settings.mail, _HANDED)),
    }
    for person in settings.contributors:
        if _POWERS & set(person.roles):
            thing = _of("roles-changed", f"what {person.id} may do, or how {person.id} is known")
            found[thing] = _of_person(person)
    for client, engagement in workspace.engagements.items():
        file, party = client_file(client), engagement.client
        mail = {f"mail.{name}": part for name, part in _parts(party.mail).items()}
        where = {**_named(party, "email", "review", "review_repository"), **mail}
        found[_of("recipient-changed", f"where invoices to {client} go", file)] = Fact(parts=where)
        speak = _named(party, "accounts")
        found[_of("roles-changed", f"which accounts speak for {client}", file)] = Fact(parts=speak)
    return found


def owners(found: Facts) -> tuple[Signer, ...]:
    """The owners among what is guarded."""
    return tuple(fact.owner for fact in found.values() if fact.owner is not None)


def differences(old: Fact | None, new: Fact | None) -> tuple[Difference, ...]:
    """What is another one, part by part; of texts that look alike when cut it says so."""
    before, now = old.parts if old else {}, new.parts if new else {}
    return tuple(
        _difference(part, before.get(part, ""), now.get(part, ""))
        for part in dict.fromkeys((*before, *now))
        if before.get(part) != now.get(part)
    )


def _of(rule: str, about: str, file: str = SETTINGS) -> Guarded:
    return Guarded(file=file, rule=rule, about=about)


def _of_person(person: Contributor) -> Fact:
    known = {**_parts(person.signer), "roles": _text(sorted(person.roles))}
    return Fact(parts=known, owner=person.signer if "owner" in person.roles else None)


def _named(party: Client, *names: str) -> Mapping[str, str]:
    return {name: part for name, part in _parts(party).items() if name in names}


def _parts(record: Any, names: Collection[str] | None = None) -> dict[str, str]:
    """The keys of a settings record that say something; of all, or of these."""
    values = {each.name: getattr(record, each.name) for each in fields(record)} if record is not None else {}
    said = {name: value for name, value in values.items() if value not in (None, ())}
    return {name.rstrip("_"): _text(value) for name, value in said.items() if names is None or name in names}


def _text(value: object) -> str:
    """As TOML has it, except that a single text stands without quotes: one that is two in a list is another one."""
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(quoted(each) for each in value)}]"
    return str(value) or '""'


def _difference(part: str, old: str, new: str) -> Difference:
    before, now = _short(part, old), _short(part, new)
    return Difference(part=part, old=before, new=f"{now} (another one)" if before == now else now)


def _short(part: str, text: str) -> str:
    if not text:
        return "none"
    if is_sealed(text):
        return "sealed"
    if part in {"iban", "account"}:
        return Bank(**{part: text}).short
    return text if len(text) <= _LONG else f"{text[: _LONG // 2]}…{text[-_LONG // 2 :]}"
