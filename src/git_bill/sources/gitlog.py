"""Evidence from a file with the output of one plain `git log`, for machines where nothing else may run.

`LINE` is what to run there; its quotes work in every shell. The default output of `git log` is read too, with
--format=fuller and --date=iso, iso-strict, rfc or raw. It names no committer, so its `Time:` lines stay unproven.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from git_bill.ports import RawCommit
from git_bill.problem import Problem
from git_bill.sources.commit import Found, Reading, collected
from git_bill.worklog.evidence import Evidence

LINE = 'git log --all --date=raw --format="%H%x09%an%x09%ae%x09%ad%x09%cn%x09%ce%x09%cd%x09%P%x09%s" > log.txt'

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_HEAD = re.compile(r"commit (?P<id>[0-9a-f]{4,64})(?: \(.*\))?")
_FIELD = re.compile(r"(?P<name>Merge|Author|AuthorDate|Date|Commit|CommitDate): *(?P<value>.*)")
_PERSON = re.compile(r"(?P<name>[^<]*?) ?<(?P<email>[^>]*)>")

_RAW = re.compile(r"(?P<seconds>-?\d{1,12}) (?P<zone>[+-]\d{4})")
_ISO = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d:\d\d) ?(?P<zone>Z|[+-]\d\d:?\d\d)")
_GIT = re.compile(
    r"\w{3} (?P<month>\w{3}) (?P<day>\d{1,2}) (?P<time>\d\d:\d\d:\d\d) (?P<year>\d{4}) (?P<zone>[+-]\d{4})"
)
_RFC = re.compile(
    r"\w{3}, (?P<day>\d{1,2}) (?P<month>\w{3}) (?P<year>\d{4}) (?P<time>\d\d:\d\d:\d\d) (?P<zone>[+-]\d{4})"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(slots=True)
class _Block:
    """One commit of the file, as far as it was read."""

    line: int
    id: str
    fields: dict[str, str] = field(default_factory=dict)
    message: list[str] = field(default_factory=list)
    ended: bool = False


def read(content: bytes, reading: Reading, *, file: str, known: Iterable[Evidence] = ()) -> Found:
    """New evidence in the file. Commits that can't be read are problems with file and line; the others count."""
    problems: list[Problem] = []
    commits = list(_commits(_text(content).splitlines(), file, problems))
    if not commits and not problems:
        problems.append(_problem(file, 1, "no commit is in this file"))
    start = reading.start
    found = collected((c for c in commits if start is None or c.author_at >= start), reading)
    on_file = {record.key for record in known}
    return Found(
        evidence=tuple(record for record in found.evidence if record.key not in on_file),
        problems=(*problems, *found.problems),
    )


def _text(content: bytes) -> str:
    """PowerShell's `>` writes UTF-16."""
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    return content.decode(encoding, "replace")


def _commits(lines: list[str], file: str, problems: list[Problem]) -> Iterator[RawCommit]:
    first = next((line for line in lines if line.strip()), "")
    for block in _rows(lines) if "\t" in first else _blocks(lines):
        try:
            yield _commit(block)
        except ValueError as error:
            problems.append(_problem(file, block.line, str(error)))


def _rows(lines: Iterable[str]) -> Iterator[_Block]:
    """The output of `LINE`: nine columns, the last of which may hold tabs."""
    for number, line in enumerate(lines, 1):
        columns = line.split("\t", 8)
        if len(columns) == 9:
            commit, name, email, at, committer, committer_email, committed, parents, subject = columns
            people = {"Author": f"{name} <{email}>", "Commit": f"{committer} <{committer_email}>"}
            dates = {"AuthorDate": at, "CommitDate": committed}
            yield _Block(number, commit, {**people, **dates, "Merge": parents}, [subject])
        elif line.strip():
            yield _Block(number, line)


def _blocks(lines: Iterable[str]) -> Iterator[_Block]:
    """The default output: message lines are indented, so none can look like the next commit's head."""
    block: _Block | None = None
    for number, line in enumerate(lines, 1):
        if head := _HEAD.fullmatch(line):
            if block:
                yield block
            block = _Block(number, head["id"])
        elif block:
            _take(block, line)
        elif line.strip():
            yield _Block(number, line)
            return
    if block:
        yield block


def _take(block: _Block, line: str) -> None:
    """What belongs to the message ends with notes, a patch or a table of files, which are passed over."""
    if line.startswith("    ") and not block.ended:
        block.message.append(line[4:])
    elif part := _FIELD.fullmatch(line):
        block.fields.setdefault(part["name"], part["value"])
    elif not line and block.message:
        block.message.append("")
    elif line:
        block.ended = True


def _commit(block: _Block) -> RawCommit:
    """Raises ValueError with what is wrong."""
    if not _ID.fullmatch(block.id):
        raise ValueError(f"{_short(block.id)!r} is not a full commit id")
    fields = block.fields
    name, email = _person(fields.get("Author", ""))
    at = _instant(fields.get("AuthorDate") or fields.get("Date") or "")
    committer, committer_email = _person(fields["Commit"]) if "Commit" in fields else ("", "")
    return RawCommit(
        id=block.id,
        # The default output shows the parents of merges alone; any other commit has one, or is the first.
        parents=tuple(fields["Merge"].split()) if "Merge" in fields else ("",),
        author_name=name,
        author_email=email,
        author_at=at,
        committer_name=committer,
        committer_email=committer_email,
        committer_at=_instant(fields["CommitDate"]) if "CommitDate" in fields else at,
        message="\n".join(block.message).strip("\n"),
    )


def _person(text: str) -> tuple[str, str]:
    if match := _PERSON.fullmatch(text):
        return match["name"], match["email"]
    raise ValueError(f"no author like `Name <e-mail>` but {_short(text)!r}")


def _instant(text: str) -> datetime:
    """Git writes these forms in English whatever the language. Raises ValueError for dates without time or offset."""
    text = text.strip()
    try:
        if match := _RAW.fullmatch(text):
            return datetime.fromtimestamp(int(match["seconds"]), datetime.strptime(match["zone"], "%z").tzinfo)
        if match := _ISO.fullmatch(text):
            return datetime.fromisoformat(f"{match['day']}T{match['time']}{match['zone']}")
        if match := _GIT.fullmatch(text) or _RFC.fullmatch(text):
            day = f"{match['year']}-{_MONTHS.index(match['month']) + 1:02}-{int(match['day']):02}"
            return datetime.fromisoformat(f"{day}T{match['time']}{match['zone']}")
    except (ValueError, OverflowError, OSError):
        pass
    raise ValueError(f"no date with time and offset but {_short(text)!r}")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


def _problem(file: str, line: int, message: str) -> Problem:
    return Problem(rule="unreadable-log", message=message, hint=f"write the file by: {LINE}", file=file, line=line)
