"""Evidence from the notes that gtm leaves beside commits: how long an editor was at work for each of them.

A note is one or more blocks, `[ver:1,total:213]` and a line for each file with its seconds by hour:
`src/cart.py:213,1791180000:93,1791183600:120,m`. A fork of it adds `,branch:cart` to the first line. Where a commit is
rewritten git adds the old note to the new one's.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from git_bill.problem import Problem
from git_bill.sources.commit import Found, in_order
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.told import NOTE

REF = "gtm-data"  # below refs/notes/
_HEAD = re.compile(r"\[ver:[0-9]{1,3},total:([0-9]{1,9})(?:,.*)?\]")
_FILE = re.compile(r".+?:[0-9]{1,9}((?:,[0-9]{1,12}:[0-9]{1,9})*),[a-z]")
_HOUR = re.compile(r",([0-9]+):([0-9]+)")
_MOST = 7 * 24 * 60 * 60  # seconds of one block: nobody works a week for one commit without a pause
_ROUNDED = 60  # seconds that the sum of a block may lack
_SKEW = 24 * 60 * 60  # clocks differ
_EXAMPLE = "[ver:1,total:213]\n  src/cart.py:213,1791180000:93,1791183600:120,m"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What one run of gtm wrote. `digest`: of its text; `days`: minutes by local day."""

    digest: str
    days: Mapping[date, int]


def read(notes: Iterable[tuple[str, str]], evidence: Iterable[Evidence], zones: Mapping[str, tzinfo]) -> Found:
    """What notes tell of a source's commits that is not on file. `zones`: contributor → zone of the days.

    A note counts for the author of its commit, who is a contributor. A broken one is a problem and costs only itself.
    """
    records = tuple(evidence)
    known = {record.key for record in records}
    commits = {record.key: record for record in records if record.kind == "commit" and record.contributor in zones}
    found: list[Evidence] = []
    problems: list[Problem] = []
    for commit, text in notes:
        record = commits.get(commit)
        if record is None:
            continue
        try:
            told = (_evidence(record, block) for block in blocks(text, zones[record.contributor], record.as_of))
            found += (note for note in told if note.key not in known)
        except ValueError as error:
            problems.append(_broken(record, str(error)))
    return Found(evidence=in_order(found), problems=tuple(problems))


def blocks(text: str, zone: tzinfo, at: datetime) -> tuple[Block, ...]:
    """The different blocks of a note of a commit that was last rewritten then. Raises ValueError with the line."""
    found: dict[str, Block] = {}
    for start, lines in _parts(text):
        seconds = _seconds(lines, start, zone, at)
        digest = hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:12]
        days = {day: minutes for day, each in sorted(seconds.items()) if (minutes := (each + 30) // 60)}
        found.setdefault(digest, Block(digest=digest, days=days))
    return tuple(found.values())


def _parts(text: str) -> Iterator[tuple[int, list[str]]]:
    """The number of a block's first line, and its lines."""
    part: list[str] = []
    start = 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if _HEAD.fullmatch(line):
            if part:
                yield start, part
            start, part = number, [line]
        elif line and not part:
            raise ValueError(f"line {number} is no beginning of a note")
        elif line:
            part.append(line)
    if part:
        yield start, part


def _seconds(lines: list[str], start: int, zone: tzinfo, at: datetime) -> Counter[date]:
    """Seconds by day, as the files' hours tell; what these leave open is of the commit's own day."""
    head = _HEAD.fullmatch(lines[0])
    total = int(head[1]) if head else 0
    if total > _MOST:
        raise ValueError(f"line {start} tells of more than a week")
    days: Counter[date] = Counter()
    for number, line in enumerate(lines[1:], start + 1):
        match = _FILE.fullmatch(line)
        if match is None:
            raise ValueError(f"line {number} is no file with its seconds by hour")
        for hour, seconds in _HOUR.findall(match[1]):
            days[_day(int(hour), zone, at, number)] += int(seconds)
    told = sum(days.values())
    if told > total + _ROUNDED:
        raise ValueError(f"line {start} says {total} s, and its files {told} s")
    days[at.astimezone(zone).date()] += max(0, total - told)
    return days


def _day(hour: int, zone: tzinfo, at: datetime, line: int) -> date:
    """The local day of an hour, which is not after the commit."""
    if hour > at.timestamp() + _SKEW:
        raise ValueError(f"line {line} tells of an hour after the commit")
    return datetime.fromtimestamp(hour, UTC).astimezone(zone).date()


def _evidence(commit: Evidence, block: Block) -> Evidence:
    return Evidence(
        key=f"{NOTE}:{commit.key}@{block.digest}",
        kind=NOTE,
        source=commit.source,
        contributor=commit.contributor,
        at=commit.at,
        spent=tuple(block.days.items()),
        commit=commit.key,
        proven=commit.proven,
    )


def _broken(commit: Evidence, why: str) -> Problem:
    return Problem(
        rule="broken-note",
        severity="warning",
        message=f"the note of gtm at commit {commit.key[:12]} of {commit.source!r} is not counted: {why}",
        hint=f"look at it: git notes --ref={REF} show {commit.key[:12]}; it should look like:\n  {_EXAMPLE}",
        file=f"refs/notes/{REF}:{commit.key[:12]}",
        line=next((int(word) for word in re.findall(r"^line ([0-9]+)", why)), None),
    )
