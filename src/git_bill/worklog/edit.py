"""Edits: what people confirmed or corrected, each a fact of its own with a reason. The manifest is folded from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from git_bill.shape import Minutes, key
from git_bill.worklog.entry import Activity

Verb = Literal["add", "confirm", "set", "drop", "split", "merge", "move"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One piece that an entry is split into."""

    id: str = key("id of the new entry", example='"W-k3v9q2m7x4ab"')
    minutes: Minutes = key("its time", example='"30m"')
    text: str | None = key("what was done in it", default=None)
    ticket: str | None = key("its ticket", default=None)
    activity: Activity | None = key("its activity", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One correction by a person. `do` says which of the other fields count.

    add: a new entry `entry` with day, worker, minutes, text …; confirm: `entry` is right as it is, with the `minutes`
    it has; set: the given fields replace the entry's; drop: it is not work to be billed; split: into `parts`;
    merge: `entries` into `entry`; move: `entry` to the client `to`.
    """

    do: Verb = key("what the person did", example='"set"')
    entry: str = key("the entry it is about", example='"W-k3v9q2m7x4ab"')
    at: datetime = key("when it was made", example="2026-11-02T09:00:00+01:00")
    by: str = key("who made it", example='"mira"')
    because: str = key("the reason", default="")
    day: date | None = key("the date of the work", default=None)
    worker: str | None = key("contributor who did the work", default=None)
    minutes: Minutes | None = key("the time", example='"45m"', default=None)
    start: str | None = key(
        "start in the contributor's zone, where known", example='"14:00"', pattern=r"\d\d:\d\d", default=None
    )
    text: str | None = key("what was done", default=None)
    ticket: str | None = key("ticket id", default=None)
    activity: Activity | None = key("task code", default=None)
    project: str | None = key("the project", default=None)
    to: str | None = key("client it moves to", default=None)
    facts: int | None = key("how many facts were behind it at that time", default=None)
    entries: tuple[str, ...] = key("entries that are merged into it", default=())
    parts: tuple[Part, ...] = key("what it is split into", one_line=True, default=())

    @property
    def subjects(self) -> tuple[str, ...]:
        """The entries that must exist for it."""
        return () if self.do == "add" else tuple(dict.fromkeys((self.entry, *self.entries)))


Made = tuple[str, str, Edit]  # the client whose file it stands in, its id, and the edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """`billing/edits/<client>/<yyyy-mm>.toml` (month of the work): edits by id, in the order they were made."""

    schema: int = key("version of this file's form", default=1)
    edits: Mapping[str, Edit] = key("edits by id", one_line=True, default_factory=dict)
