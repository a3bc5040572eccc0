"""Sign-offs on file. A record counts only where it came as this program brings it: in a push of its own.

One that came by a pull request, or together with a draft or settings, was never said by whom it names: whoever merged
that looked at something else. A signature proves itself, however it came.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from git_bill.custody.client_word import ClientWord, client_word_file
from git_bill.custody.signed_timesheet import SignedTimesheet, timesheet_file
from git_bill.custody.signoff import Signatures, Signer, SignOff, signed_text, signoff_file
from git_bill.flows import load
from git_bill.flows.bringing import alone
from git_bill.forge import Forge
from git_bill.layout import ATTRIBUTES
from git_bill.ports import Books, Snapshot
from git_bill.problem import Problem
from git_bill.workspace import Contributor

_OWN = ("billing/signoffs/", "billing/ledger/", ATTRIBUTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What counts. `signatures`: by the id of who is said to have signed, with the instant when it came."""

    records: tuple[SignOff, ...] = ()
    signatures: Mapping[str, tuple[bytes, datetime]] = field(default_factory=dict)
    client: ClientWord | None = None
    timesheet: SignedTimesheet | None = None

    def signed(self, blob: str, people: Sequence[Signer], signatures: Signatures | None) -> frozenset[str]:
        """Ids of those whose signature is valid for a content."""
        return frozenset(
            person.id
            for person in people
            if signatures is not None
            and person.keys
            and (given := self.signatures.get(person.id))
            and person.serves(given[1])
            and signatures.valid(signed_text(blob), given[0], person.keys)
        )


def filed(books: Books, snapshot: Snapshot, subject: str, forge: Forge | None) -> Filed:
    """What is on file at a commit for a draft's id, or what stands for one. Stops (exit 5) as the forge does."""
    records: list[SignOff] = []
    signatures: dict[str, tuple[bytes, datetime]] = {}
    client: ClientWord | None = None
    timesheet: SignedTimesheet | None = None
    for path in snapshot.paths(f"billing/signoffs/{subject}"):
        place = PurePosixPath(path)
        if place.suffix not in {".toml", ".sig"}:
            continue
        arrival = books.landed((path,), None, snapshot.revision or "")[-1]
        if place.suffix == ".sig":
            signatures[place.stem] = (snapshot.read(path) or b"", arrival.at)
        elif alone(books, forge, arrival, _OWN):
            if path == client_word_file(subject):
                word = load.read_file(snapshot, ClientWord, path)
                client = word.value if word else None
            elif path == timesheet_file(subject):
                sheet = load.read_file(snapshot, SignedTimesheet, path)
                timesheet = sheet.value if sheet else None
            elif (record := load.read_file(snapshot, SignOff, path)) and record.value:
                records.append(record.value)
    return Filed(records=tuple(records), signatures=signatures, client=client, timesheet=timesheet)


def invalid_signatures(
    books: Books,
    snapshot: Snapshot,
    subject: str,
    blob: str,
    *,
    people: Sequence[Contributor],
    signatures: Signatures,
) -> Iterator[Problem]:
    """Signatures on file that do not count for a content, whose they are said to be, and why."""
    known = {person.id: person for person in people}
    for name, (signature, came) in filed(books, snapshot, subject, None).signatures.items():
        person = known.get(name)
        if person is None:
            why = f"nobody in the settings is {name}"
        elif not person.keys:
            why = f"{name} lists no keys"
        elif not person.signs or not person.signer.serves(came):
            why = f"{name} had no role that signs off when it came"
        elif not signatures.valid(signed_text(blob), signature, person.keys):
            why = f"it is over another content, by a key that {name} does not list, or not made for git-bill"
        else:
            continue
        yield Problem(
            rule="signature-invalid",
            severity="warning",
            message=f"this signature does not count: {why}",
            hint=f"look who brought it: git log -- billing/signoffs/{subject}; a new one: git bill approve",
            file=signoff_file(subject, name, "sig"),
        )
