"""Evidence: one observed fact with its time, its contributor and its origin. Gathered, never invented.

An evidence file `billing/evidence/<source>/<actor>/<yyyy-mm>.jsonl` has one writer, only grows, and its keys are the
watermark of what was seen (design decision D4).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, get_args

from git_bill.problem import Problem
from git_bill.worklog.entry import Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One fact. For a commit: `key` is its full object id and `at` its author instant with the author's offset.

    `contributor` is the contributor's id, or the bare e-mail where nobody in the settings owns it. `files`, `added`
    and `deleted` count changed paths and lines, not those of lock files (None: unknown, as in a partial clone).
    `patch` is the stable patch id of `git diff-tree -U0`, `sketch` which lines it changed. `proven` is False where
    anyone could have forged author line and trailers.

    A ticket, pull request or review of a forge is one record for each of its states, told apart by its key: see `told`.
    So is time that was measured: see `measured`.
    """

    key: str
    kind: str
    source: str
    contributor: str
    at: datetime
    text: str = ""
    activity: Activity | None = None  # of a commit whose message is not kept, unless it is development
    ticket: str | None = None
    branch: str | None = None
    paths: tuple[str, ...] = ()  # of the routes of its source, those that its changed files fit: see `paths_of`
    minutes: int | None = None  # an explicit directive such as `Time: 1h30m`; what a timer tells without a place
    until: datetime | None = None  # the end of what began at `at`: a timer's interval, a meeting
    project: str = ""  # this and the next as the program that recorded it has them
    client: str = ""
    parents: int = 1
    files: int | None = None
    added: int | None = None
    deleted: int | None = None
    patch: str | None = None
    sketch: str = ""
    covers: tuple[str, ...] = ()  # keys of the commits whose joint change this one repeats (a squash)
    partly: tuple[str, ...] = ()  # keys of the commits that a good part of its lines are from, the rest being new
    together: tuple[str, ...] = ()  # ids of contributors who worked on it too
    proven: bool = True
    commit: str | None = None  # that a pull request became, or that a review is of
    state: str | None = None  # of a ticket, a pull request or a review
    labels: tuple[str, ...] = ()  # tags, too
    milestone: str | None = None
    estimate: int | None = None  # of a ticket, in minutes
    spent: tuple[tuple[date, int], ...] = ()  # minutes that a message states for other days
    committed: datetime | None = None  # a commit's committer instant, where it is not `at`: the latest rewrite speaks
    squashed: int = 0  # minutes that a message states for other commits that it was made of, beside `minutes`
    agent: str = ""  # the program that wrote it, or helped to, as its author line or trailers say

    @property
    def as_of(self) -> datetime:
        """Since when it is as it is here: of a commit its last rewriting, of what is told when somebody looked."""
        return self.committed or self.at


_SKETCH = re.compile("[A-Za-z0-9+/]*")  # see `sketch.parse`

_LISTS = ("paths", "covers", "partly", "together", "labels")
_DEFAULTS: Mapping[str, Any] = {
    f.name: f.default for f in fields(Evidence) if f.name not in {"key", "kind", "source", "contributor", "at"}
}


def to_line(evidence: Evidence) -> str:
    """One JSON line in canonical form: fields in declared order, defaults left out, no spaces, ASCII only."""
    values: dict[str, Any] = {}
    for field in fields(Evidence):
        value = getattr(evidence, field.name)
        if field.name in _DEFAULTS and value == _DEFAULTS[field.name]:
            continue
        values[field.name] = _plain(value)
    return json.dumps(values, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def from_lines(text: str, file: str) -> tuple[tuple[Evidence, ...], tuple[Problem, ...]]:
    """Every readable line of an evidence file, and a problem for each line that is not (`broken-evidence`)."""
    found: list[Evidence] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(_from_values(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            why = "not JSON" if isinstance(error, json.JSONDecodeError) else str(error)
            problems.append(
                Problem(
                    rule="broken-evidence",
                    message=f"this line is not an evidence record: {why}",
                    hint="evidence files only grow, written by `git bill collect`; restore it with `git restore`",
                    file=file,
                    line=number,
                )
            )
    return tuple(found), tuple(problems)


def _from_values(values: Any) -> Evidence:
    if not isinstance(values, dict):
        raise ValueError("not a JSON object")
    unknown = set(values) - {f.name for f in fields(Evidence)}
    if unknown:
        raise ValueError(f"unknown field {min(unknown)!r}")
    instants = {name: _instant(name, values[name]) for name in ("at", "until", "committed") if name in values}
    for name in ("key", "kind", "source", "contributor"):
        if not isinstance(values[name], str):
            raise ValueError(f"`{name}` is not text")
    if len(values.get("sketch", "")) % 4 or not _SKETCH.fullmatch(values.get("sketch", "")):
        raise ValueError("`sketch` is none")
    if values.get("activity") not in {None, *get_args(Activity)}:
        raise ValueError("`activity` is none")
    lists = {name: tuple(values[name]) for name in _LISTS if name in values}
    spent = {"spent": tuple(_spent(*pair) for pair in values["spent"])} if "spent" in values else {}
    return Evidence(**{**values, **instants, **lists, **spent})


def _spent(day: str, minutes: int) -> tuple[date, int]:
    if isinstance(minutes, bool) or not isinstance(minutes, int):
        raise ValueError("`spent` is not days with minutes")
    return date.fromisoformat(day), minutes


def _instant(name: str, text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"`{name}` has no offset")
    return instant


def unique(records: Iterable[Evidence]) -> Iterator[Evidence]:
    """Each (source, key) once; several actors may have seen the same fact."""
    seen: set[tuple[str, str]] = set()
    for record in records:
        if (record.source, record.key) not in seen:
            seen.add((record.source, record.key))
            yield record


def newest(records: Iterable[Evidence], kind: str | None = None) -> Mapping[tuple[str, str], Evidence]:
    """The latest record of each thing (of a kind), by source and what comes before the `@` of its key."""
    wanted = (record for record in records if kind in {None, record.kind})
    by_time = sorted(wanted, key=lambda r: (r.as_of, r.key))
    return {(record.source, record.key.partition("@")[0]): record for record in by_time}
