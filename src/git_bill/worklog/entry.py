"""Work entries: one piece of work for one client, day, ticket and activity, and the manifest that lists them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from git_bill.period import format_duration
from git_bill.shape import Minutes, key
from git_bill.worklog.day import is_clock

Activity = Literal[
    "development",
    "review",
    "testing",
    "operations",
    "documentation",
    "meeting",
    "support",
    "research",
    "management",
    "other",
]
State = Literal["estimated", "confirmed", "unproven", "dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`minutes` is the expected worked time, `range` low and high. `at`: its intervals in the contributor's zone.

    `evidence` names its facts as `<source>:<key>`, shortened to 12 characters of a commit id. `set` lists what a
    person set; such fields are never estimated again. A document never calls an `estimated` entry time worked. What
    was dropped, split or merged away stays listed with no minutes, so that its evidence does not come back as new.
    """

    day: date = key("the date of the work, in the contributor's zone", example="2026-10-05")
    by: str = key("id of the contributor", example='"mira"')
    project: str = key("the project it belongs to", default="")
    ticket: str | None = key("ticket id", example='"WEB-5"', default=None)
    activity: Activity = key("task code", example='"development"', default="development")
    minutes: Minutes = key("worked time, expected", example='"45m"')
    range: tuple[Minutes, ...] = key("low and high of the estimate", example='["30m", "1h"]', default=())
    stated: Minutes = key("how much of it was recorded or stated, where the rest is estimated", default=0)
    at: tuple[str, ...] = key("intervals in the contributor's zone", example='["09:10/09:55"]', default=())
    text: str = key("what was done", default="")
    agent: str = key("the AI agents that it was done with", example='"Claude"', default="")
    state: State = key("estimated, confirmed by a person, unproven (never billed), or dropped", default="estimated")
    evidence: tuple[str, ...] = key("the facts behind it", default=())
    merged: tuple[str, ...] = key("entries that were merged into it; their facts stand there", default=())
    model: str | None = key("the model that estimated it", default=None)
    set: tuple[str, ...] = key("fields that a person set", default=())
    flags: tuple[str, ...] = key("what is unusual about it", default=())

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Intervals are times of day, and a range has two ends."""
        for text in self.at:
            if not is_clock(text):
                yield "at", f"{text!r} is not an interval of a day", 'write it like at = ["09:10/09:55"]'
        if len(self.range) not in {0, 2}:
            yield "range", "a range has a low and a high end", 'write it like range = ["30m", "1h"]'

    @property
    def is_estimate(self) -> bool:
        """Whether its minutes are estimated and nobody confirmed them; recorded and stated time is no estimate."""
        known = self.stated and self.stated >= self.minutes
        return self.state == "estimated" and not known and (self.model is not None or self.low != self.high)

    @property
    def estimated(self) -> int:
        """Minutes of it that are an estimate that nobody confirmed."""
        return self.minutes - self.stated if self.is_estimate else 0

    @property
    def standing(self) -> str:
        """Its state in words: what is neither an estimate nor confirmed was recorded or stated."""
        if self.is_estimate and self.stated:
            return f"estimated, {format_duration(self.stated)} of it stated"
        return "not confirmed" if self.state == "estimated" and not self.is_estimate else self.state

    @property
    def low(self) -> int:
        """Minutes that the evidence supports at least."""
        return self.range[0] if len(self.range) == 2 else self.minutes

    @property
    def high(self) -> int:
        """Minutes that the evidence supports at most."""
        return self.range[1] if len(self.range) == 2 else self.minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`billing/manifest/<client>/<yyyy-mm>.toml`: what was worked. Written by collect alone, sorted by day and id."""

    schema: int = key("version of this file's form", default=1)
    entries: Mapping[str, Entry] = key("work entries by id", one_line=True, default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """An entry with its id and client, as the rest of the program passes it on."""

    id: str
    client: str
    entry: Entry


def evidence_name(source: str, key: str) -> str:
    """How an entry names a fact behind it: `<source>:<name of its key>`."""
    return f"{source}:{key_name(key)}"


def key_name(key: str) -> str:
    """12 characters of a commit id or of a recorded thing's name; all of a forge's: `review:12:7`."""
    name = key.partition("@")[0]
    return name if ":" in name else key[:12]


def short_name(fact: str) -> str:
    """How documents name a fact of an entry: 8 characters of a commit id, `#12` for a review of that pull request."""
    of, _, review = fact.partition(":review:")  # GitLab's own names have a colon, `review:12:approved:mira`
    return f"#{review.partition(':')[0]}" if review else of.rpartition(":")[2][:8]


_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def entry_id(*facts: str) -> str:
    """`W-` and 12 base32 characters (60 bits) from what identified the entry at first sight."""
    return "W-" + short_hash("\x1f".join(facts))


def short_hash(text: str) -> str:
    """12 lower-case base32 characters (60 bits) of a text's SHA-256."""
    import hashlib

    number = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big") >> 4
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(55, -1, -5))
