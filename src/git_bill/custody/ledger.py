"""The ledger: a linear hash chain of irreversible effects and judgements, one JSON line each.

Rule. Each line carries in `prev` the SHA-256 of the line before it (64 zeros at the very start; the first line of a
year names the last of the year before). It is written only on the books branch, in the commit that does what it
records. Lines hold ids, amounts and hashes, no personal data. Relative to an anchor (a head that has left the house,
on a document or as a tag) any edit, removal or reordering up to it is found; what lies after the last anchor is
protected by the branch alone. A union of side branches was measured and refused: a cut of the last lines, a
reordering and a dropped side branch all passed its verifier.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from git_bill.problem import Problem

START = "0" * 64
ISSUED = frozenset({"issue", "credit"})  # lines that record a document with its files
_FIELDS = {"at", "kind", "by", "facts", "prev"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line. `kind`: claim issue credit void send-intent send-done sign-off … ; `facts`: ids, amounts, hashes.

    `file` and `line` (1-based) say where it stands.
    """

    at: datetime
    kind: str
    by: str
    facts: Mapping[str, Any]
    prev: str
    hash: str
    file: str
    line: int


def sha256(content: bytes) -> str:
    """The digest that ledger lines use, as 64 hex characters."""
    return hashlib.sha256(content).hexdigest()


def short(head: str) -> str:
    """The 12 characters of a head that are printed on documents."""
    return head[:12]


def append(text: str, head: str, *, at: datetime, kind: str, by: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """A year's file with one more line, and the new head. `head` is the chain's head before it."""
    values = {"at": at.isoformat(), "kind": kind, "by": by, "facts": dict(facts), "prev": head}
    line = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return text + line + "\n", sha256(line.encode())


def head_of(files: Mapping[int, str]) -> str:
    """The head of the chain over all years' files: the hash of the very last line."""
    for year in sorted(files, reverse=True):
        lines = _lines(files[year])
        if lines:
            return sha256(lines[-1].encode())
    return START


def read(files: Mapping[int, str], name: Mapping[int, str]) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """All records in order, and a problem for each line that is broken or does not follow from the one before.

    `name`: year → the file's path, for messages.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    head = START
    for year in sorted(files):
        text = files[year]
        if text and not text.endswith("\n"):
            problems.append(_broken(name[year], text.count("\n") + 1, "the last line was cut"))
        for number, line in enumerate(_lines(text), 1):
            record = _parse(line, name[year], number)
            if record is None:
                problems.append(_broken(name[year], number, "this line is not a ledger record"))
            else:
                if record.prev != head:
                    problems.append(
                        _broken(
                            name[year],
                            number,
                            f"this line follows {short(record.prev)}, but the line before it is {short(head)}: "
                            "a line before it was changed, removed or moved",
                        )
                    )
                records.append(record)
            head = sha256(line.encode())
    return tuple(records), tuple(problems)


def heads(records: Iterable[Record]) -> frozenset[str]:
    """Every head that the chain ever had, the start included."""
    return frozenset({START, *(record.hash for record in records)})


def continues(older: str, newer: str) -> bool:
    """Whether one version of a file is the beginning of another, line by line."""
    return newer.startswith(older) and (older == "" or older.endswith("\n"))


def _lines(text: str) -> list[str]:
    """By line feed alone: a crafted line may hold other characters that `splitlines` breaks at."""
    return text.split("\n")[:-1] if text.endswith("\n") else text.split("\n") if text else []


def _parse(line: str, file: str, number: int) -> Record | None:
    try:
        values = json.loads(line)
        if not isinstance(values, dict) or set(values) != _FIELDS or not isinstance(values["facts"], dict):
            return None
        at = datetime.fromisoformat(values["at"])
        texts = [values[name] for name in ("kind", "by", "prev")]
    except (ValueError, TypeError, RecursionError):
        return None
    if at.tzinfo is None or not all(isinstance(text, str) for text in texts):
        return None
    kind, by, prev = texts
    return Record(
        at=at,
        kind=kind,
        by=by,
        facts=values["facts"],
        prev=prev,
        hash=sha256(line.encode()),
        file=file,
        line=number,
    )


def _broken(file: str, line: int, message: str) -> Problem:
    return Problem(
        rule="ledger-broken",
        message=message,
        hint=f"compare with the last version that was right: git log -p --first-parent -- {file}",
        file=file,
        line=line,
    )
