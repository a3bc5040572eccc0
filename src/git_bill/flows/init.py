"""Set up books: who bills, who works, the first client and the first source. Twice is once; nothing is overwritten."""

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from git_bill.clone import Clone
from git_bill.contract.agreement import Engagement
from git_bill.contract.party import Bank, Issuer
from git_bill.effects import Flow, FoundRepository, Plan, WriteFile
from git_bill.flows.client import ClientWish, Guesses, engagement, proposed_format
from git_bill.flows.naming import contributor_id
from git_bill.flows.source import HERE, SourceWish, configuration, same_repository, with_source
from git_bill.flows.stated import Stated, must, stated
from git_bill.invoice.numbering import Numbering, parse_number
from git_bill.layout import ATTRIBUTES, SETTINGS, client_file
from git_bill.ports import Books, Snapshot
from git_bill.problem import Problem
from git_bill.worklog.agent import is_program
from git_bill.workspace import BooksSettings, Contributor, Settings, Source

# The last of two lines that fit a path wins: frozen files are never converted, the rest has one kind of line end.
ATTRIBUTE_LINES = (
    "billing/** text eol=lf",
    "billing/invoices/** -text",
    "billing/manifest/** merge=binary",
    "billing/**/*.png -text",  # pictures: a logo, receipts
    "billing/**/*.jp*g -text",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked of the issuer; None is not asked."""

    name: str | None = None
    email: str | None = None
    country: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    region: str | None = None
    phone: str | None = None
    timezone: str | None = None
    vat_id: str | None = None
    tax_number: str | None = None
    tax_scheme: Literal["standard", "small-business"] | None = None
    iban: str | None = None
    bic: str | None = None
    last_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The caller as git and the machine know her. `emails`: her addresses in commits."""

    name: str
    emails: tuple[str, ...]
    country: str
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """`new`: there were no books before. `source`: the first source, None where no client is known yet.

    `proposal`: the e-invoice that the client expects, in words.
    """

    new: bool
    settings: Settings
    client: str | None
    source: Source | None
    written: tuple[str, ...]
    kept: tuple[Problem, ...]
    proposal: str | None = None


def found(path: str) -> Flow[None]:
    """Make the repository that private books live in."""
    plan = Plan(
        why=f"make private books in {path}",
        effects=(FoundRepository(path=path),),
        then=f"{SETTINGS}, the client's file and {ATTRIBUTES} are written there, and git's configuration",
    )
    must((yield plan))


def init(
    books: Books,
    state: Snapshot,
    wish: Wish,
    *,
    person: Person,
    client: ClientWish | None,
    guesses: Guesses,
    source: SourceWish | None,
    books_at: BooksSettings,
) -> Flow[SetUp]:
    """Write the settings. `books_at`: where new books are kept; `source` needs a client."""
    file = stated(state, SETTINGS, Settings)
    settings = _settings(file, wish, person, books_at)
    party = None if client is None else stated(state, client_file(client.slug), Engagement)
    if source is not None:
        settings = with_source(file, settings, source, guesses.today)
    listed = None
    if source is not None:
        listed = next(s for s in settings.sources if same_repository(s.url, source.url))
    effects = [*file.changed_to(settings), *_attributes(state)]
    if party is not None and client is not None:
        since = client.since or (listed.since if listed else None)
        effects += party.changed_to(engagement(party, dataclasses.replace(client, since=since), guesses))
    if effects:
        must((yield Plan(why="set up the books", effects=tuple(effects), then=_then(source))))
    if source is not None and listed is not None:
        settled = tuple(configuration(books, listed, source.clone))
        if settled:
            must((yield Plan(why="tell git where books and source lie on this machine", effects=settled)))
    return SetUp(
        new=file.value is None,
        settings=settings,
        client=client.slug if client else None,
        source=listed,
        written=tuple(effect.path for effect in effects),
        kept=(*file.kept, *(party.kept if party else ())),
        proposal=proposed_format(client, party.value, guesses.country) if client and party else None,
    )


def _settings(file: Stated[Settings], wish: Wish, person: Person, books_at: BooksSettings) -> Settings:
    old = file.value
    asked = {f.name: getattr(wish, f.name) for f in dataclasses.fields(wish)}
    bank = {name: asked.pop(name) for name in ("iban", "bic")}
    last = asked.pop("last_number")
    issuer = file.joined(
        old.issuer if old else None,
        Issuer,
        ("issuer",),
        asked,
        name=person.name,
        country=person.country,
        timezone=person.timezone,
        email=person.emails[0] if person.emails else None,
    )
    if any(bank.values()):
        joined = file.joined(issuer.bank, Bank, ("issuer", "bank"), bank)
        issuer = dataclasses.replace(issuer, bank=joined)
    numbering = _numbering(file, last)
    if old is not None:
        people = _people(old.contributors, person)
        return dataclasses.replace(old, issuer=issuer, numbering=numbering, contributors=people)
    return Settings(
        issuer=issuer,
        numbering=numbering,
        books=books_at,
        contributors=_people((), person),
    )


def _numbering(file: Stated[Settings], last: str | None) -> Numbering:
    """The series goes on after the last number; where that has another form than the usual one, it tells the form."""
    old = file.value.numbering if file.value else None
    form = (old or Numbering()).invoice
    if last is not None and parse_number(form, last) is None and (form_ := form_of(last)):
        form = form_
    asked = {"last": last, "invoice": form if last else None}
    return file.joined(old, Numbering, ("numbering",), asked)


_YEAR = r"(?:19|20)\d\d"


def form_of(number: str) -> str | None:
    """`RE-2026-031` → `RE-{year}-{seq:03}`, `FV/7/2026` → `FV/{seq}/{year}`; None without a running number."""
    year_last = re.fullmatch(rf"(.*?)(?!{_YEAR}\D)(\d+)(\D+)({_YEAR})", number)
    if year_last is not None:
        return f"{year_last[1]}{_seq(year_last[2])}{year_last[3]}{{year}}"
    found = re.fullmatch(r"(.*?)(\d+)", number)
    if found is None:
        return None
    before = re.sub(rf"(?<!\d){_YEAR}(?!\d)", "{year}", found[1], count=1)
    return before + _seq(found[2])


def _seq(digits: str) -> str:
    return f"{{seq:0{min(len(digits), 9)}}}" if len(digits) > 1 else "{seq}"


def _people(listed: tuple[Contributor, ...], person: Person) -> tuple[Contributor, ...]:
    """The first one is the owner. Later only an address that git uses now is added, to the one who has the name."""
    if not listed:
        if not person.emails:
            return ()
        name = contributor_id(person.name, person.emails[0])
        return (
            Contributor(id=name, name=person.name, emails=person.emails, timezone=person.timezone, roles=("owner",)),
        )
    known = {email.lower() for one in listed for email in one.emails}
    new = tuple(email for email in person.emails[:1] if email.lower() not in known)
    return tuple(
        dataclasses.replace(one, emails=(*one.emails, *new)) if new and one.name == person.name else one
        for one in listed
    )


def _attributes(state: Snapshot) -> Iterable[WriteFile]:
    """What git must know of the files, after what the file says already."""
    before = state.read(ATTRIBUTES) or b""
    lines = [line.strip().decode("utf-8", "replace") for line in before.splitlines()]
    last = {line: number for number, line in enumerate(lines)}
    places = [last.get(line, -1) for line in ATTRIBUTE_LINES]
    if -1 in places or places[0] > places[1]:
        gap = b"" if not before or before.endswith(b"\n") else b"\n"
        yield WriteFile(
            path=ATTRIBUTES, content=before + gap + "".join(f"{line}\n" for line in ATTRIBUTE_LINES).encode()
        )


def _then(source: SourceWish | None) -> str:
    if source is None or source.clone is None or source.url == HERE:
        return ""
    return f"git's configuration says where {source.clone.top} and the books lie"


def shared_with(clone: Clone, name: str, emails: Iterable[str]) -> tuple[str, ...]:
    """Who else commits here: names of authors in the last year of work that are neither the caller nor a program."""
    own = {email.lower() for email in emails}
    others = (
        author
        for author, email in clone.people
        if author != name and email.lower() not in own and not is_program(author, email)
    )
    return tuple(dict.fromkeys(others))
