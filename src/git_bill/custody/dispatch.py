"""Dispatch: what the ledger says of how a document left the house, attempt by attempt.

An attempt begins with a `send-intent` and ends with what became of it: `send-done`, `send-deferred` (nothing left,
for now), `send-refused` (for good) or `send-bounced`. One without an end was perhaps made. `sent`: a person says so.
Thanks for a payment with the receipt go in the same way, as `thank-intent` …; `thank-wanted` says that they are to go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from git_bill.custody.ledger import ISSUED, Record, sha256

MAIL = "mail"
BY_HAND = ("portal", "post", "mail")
State = Literal["open", "done", "deferred", "refused", "bounced"]
Errand = Literal["send", "thank"]
_ENDS: Mapping[str, State] = {"done": "done", "deferred": "deferred", "refused": "refused", "bounced": "bounced"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`copy`: 1 for the first. `place`: of the carrier. `to`: mark of an address that is not the usual one, else "".

    `on`: the day it was done. `because`: why it was refused or came back. `ref`: what the other side calls it.
    """

    copy: int
    via: str = MAIL
    place: str = ""
    to: str = ""
    state: State = "open"
    at: datetime
    on: date
    because: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Of one issued number. `wanted`: it is to be mailed. `files`: name → SHA-256 of what was frozen."""

    wanted: bool = False
    attempts: tuple[Attempt, ...] = ()
    files: Mapping[str, str]

    @property
    def newest(self) -> Attempt | None:
        """The last attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def delivered(self) -> Attempt | None:
        """The last attempt that arrived, as far as is known: what bounced did not."""
        return next((each for each in reversed(self.attempts) if each.state == "done"), None)

    @property
    def perhaps(self) -> bool:
        """Whether something may have arrived."""
        return any(each.state in {"open", "done"} for each in self.attempts)

    @property
    def next_copy(self) -> int:
        """The number of one more."""
        return max((each.copy for each in self.attempts), default=0) + 1


def mark_of(address: str) -> str:
    """An address in the ledger, where no personal data stand."""
    return sha256(address.lower().encode())[:12]


def dispatches(records: Iterable[Record], errand: Errand = "send") -> Mapping[str, Dispatch]:
    """Issued numbers in order → how each left the house, or its thanks did."""
    found: dict[str, Dispatch] = {}
    for record in records:
        facts, number = record.facts, str(record.facts.get("number"))
        if record.kind in ISSUED:
            files = facts.get("files")
            kept = {str(name): str(digest) for name, digest in files.items()} if isinstance(files, dict) else {}
            found[number] = Dispatch(wanted=errand == "send" and bool(facts.get("mail")), files=kept)
        elif number in found:
            attempts = _with(found[number].attempts, record, errand)
            wanted = found[number].wanted or record.kind == f"{errand}-wanted"
            found[number] = replace(found[number], attempts=attempts, wanted=wanted)
    return found


def _with(attempts: tuple[Attempt, ...], record: Record, errand: Errand) -> tuple[Attempt, ...]:
    facts, copy = record.facts, _copy(record)
    if record.kind == f"{errand}-intent":
        begun = Attempt(
            copy=copy,
            via=str(facts.get("via", MAIL)),
            place=str(facts.get("place")),
            to=str(facts.get("to", "")),
            at=record.at,
            on=record.at.date(),
        )
        return (*(each for each in attempts if each.copy != copy), begun)
    if record.kind == "sent" and errand == "send":
        said = Attempt(
            copy=copy,
            via=str(facts.get("via", MAIL)),
            state="done",
            at=record.at,
            on=_day(facts.get("on"), record.at),
            ref=str(facts.get("ref", "")),
        )
        return (*(each for each in attempts if each.copy != copy), said)
    begun_as, _, ended = record.kind.partition("-")
    if begun_as == errand and ended in _ENDS:
        end, because, ref = _ENDS[ended], str(facts.get("because", "")), str(facts.get("ref", ""))
        return tuple(
            replace(each, state=end, because=because, ref=ref) if each.copy == copy else each for each in attempts
        )
    return attempts


def _copy(record: Record) -> int:
    copy = record.facts.get("copy")
    return copy if isinstance(copy, int) else 1


def _day(text: object, at: datetime) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return at.date()
