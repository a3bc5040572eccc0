"""A timesheet that the client signed: of which work it is, and the hash of the file that is kept."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from git_bill.custody.client_word import kind_of_file
from git_bill.custody.signoff import signoff_file
from git_bill.shape import key

TIMESHEET = "signed-timesheet"  # stands for a person's id in the path of a sign-off; no contributor has it


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedTimesheet:
    """`billing/signoffs/<draft id>/signed-timesheet.toml`. It holds while the draft bills the same time."""

    schema: int = key("version of this file's form", default=1)
    draft: str = key("id of the draft", example='"D-k3v9q2m7x4ab"')
    work: str = key("hash of the entries and minutes that the draft had then")
    who: str = key("who signed it, as far as that was told", default="")
    ref: str = key("the file", example='"signed-timesheet.pdf"')
    sha256: str = key("hash of the file")
    recorded_by: str = key("id of the contributor who recorded it")
    at: datetime = key("when it was recorded")


def timesheet_file(draft: str) -> str:
    """Path of the record."""
    return signoff_file(draft, TIMESHEET)


def scan_file(draft: str, name: str) -> str:
    """Path of the file itself, beside it; of its name only the kind is kept."""
    return signoff_file(draft, TIMESHEET, kind_of_file(name))


def work_hash(minutes: Mapping[str, int]) -> str:
    """Of entries with their billed minutes, in whatever order."""
    text = "".join(f"{entry} {m}\n" for entry, m in sorted(minutes.items()))
    return hashlib.sha256(text.encode()).hexdigest()
