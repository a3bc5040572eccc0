"""What `git rev-list` prints about commits → RawCommit. Nothing here fails: old and foreign tools wrote odd headers.

One git process that formats is as fast as walk and objects in two where there is no commit-graph, and asks half
the work of Python (`benchmarks/read_history.py`).
"""

import codecs
import functools
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import IO

from git_bill.ports import RawCommit

# Git re-encodes to UTF-8 by the commit's own `encoding` header and ends a message at a NUL, so nothing that a
# commit holds can look like the end of a field.
FORMAT = (
    "--no-commit-header",
    "--encoding=UTF-8",
    "--date=raw",
    "--format=tformat:%H%x00%P%x00%an%x00%ae%x00%ad%x00%cn%x00%ce%x00%cd%x00%B%x00",
)
_FIELDS = 9

_PIECE = 1 << 17  # bytes read at once
_NAP = 0.001  # seconds

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FARTHEST_OFFSET = timedelta(hours=14)  # of any zone that exists


def read(output: IO[bytes]) -> Iterator[RawCommit]:
    """The commits in the output of `git rev-list` with `FORMAT`; memory holds a few hundred at a time."""
    for fields in _records(output):
        commit, parents, author, author_email, author_date, committer, committer_email, date, message = fields
        author_at = _instant(author_date)
        yield RawCommit(
            id=commit,
            parents=tuple(parents.split()),
            author_name=author,
            author_email=author_email,
            author_at=author_at,
            committer_name=committer,
            committer_email=committer_email,
            committer_at=author_at if date == author_date else _instant(date),
            message=message,
        )


def _records(output: IO[bytes]) -> Iterator[tuple[str, ...]]:
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    pending: list[str] = []  # pieces of a record that has not ended yet
    for chunk in _chunks(output):
        piece = decode(chunk)
        pending.append(piece)
        if "\0" not in piece:
            continue
        parts = "".join(pending).split("\0")
        whole = (len(parts) - 1) // _FIELDS * _FIELDS
        pending = ["\0".join(parts[whole:])]
        fields = iter(parts[:whole])
        for record in zip(*[fields] * _FIELDS, strict=True):
            yield (record[0].removeprefix("\n"), *record[1:])  # a newline ended the record before


def _chunks(output: IO[bytes]) -> Iterator[bytes]:
    """What git wrote meanwhile. It writes 4 kB at a time: to be woken up for each costs both a tenth of their time."""
    while chunk := os.read(output.fileno(), _PIECE):
        yield chunk
        if len(chunk) < _PIECE // 2:
            time.sleep(_NAP)


def _instant(raw: str) -> datetime:
    """`1790000000 +0200` → instant. One that can't be read is the epoch, as in git; a wild offset is UTC."""
    seconds, _, offset = raw.partition(" ")
    try:
        return datetime.fromtimestamp(int(seconds), _zone(offset))
    except (ValueError, OverflowError, OSError):
        return _EPOCH


@functools.lru_cache(maxsize=256)
def _zone(offset: str) -> tzinfo:
    number = int(offset)
    hours, minutes = divmod(abs(number), 100)
    distance = timedelta(hours=min(hours, 99), minutes=minutes)
    if distance > _FARTHEST_OFFSET:
        return UTC  # the instant is right, its offset says nothing
    return timezone(distance if number > 0 else -distance)
