"""What a file is, by its content, and all feeds behind one shape."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from operator import itemgetter

from git_bill.problem import Problem, errors
from git_bill.receivable.account import Statement, discontinuity, gaps
from git_bill.receivable.feeds.feed import Chunks, Entry, Item, Source, watched
from git_bill.receivable.feeds.mapping import NO_HEADINGS, Account, Headings
from git_bill.receivable.feeds.overlap import Seen
from git_bill.receivable.feeds.text import decode, encoding_of
from git_bill.receivable.remittance import Remittance
from git_bill.shape import Read

_HEAD = 8192  # bytes that show what a file is
_PIECE = 65_536
_MOST_PROBLEMS = 20
_TOMORROW = timedelta(days=1)  # a bank in another time zone
FEEDS: Mapping[str, tuple[str, str]] = {  # where to look: module, what it reads
    "camt": ("git_bill.receivable.feeds.camt", "camt.053, camt.052, camt.054"),
    "mt940": ("git_bill.receivable.feeds.mt940", "MT940, MT942"),
    "ofx": ("git_bill.receivable.feeds.ofx", "OFX, QFX"),
    "qif": ("git_bill.receivable.feeds.qif", "QIF"),
    "csv": ("git_bill.receivable.feeds.csv_statement", "CSV of banks, PayPal and Stripe"),
}
_MT940 = re.compile(r"^(?:\{4:\s*)?:(?:20|25|28C?|60[FM]|61|62[FM]|86|940|34F|13D?):", re.MULTILINE)
_KINDS = (
    (b"PK\x03\x04", "a zip archive", "unpack it and give the files in it"),
    (b"\x1f\x8b", "a gzip archive", "unpack it: gunzip FILE"),
    (b"%PDF", "a PDF", "download the statement as camt.053, MT940, OFX or CSV"),
    (b"\xd0\xcf\x11\xe0", "an Excel file", "save it as CSV"),
    (b'{"', "JSON", "download the statement as camt.053, MT940, OFX or CSV"),
    *(
        (mark, "an archive", "unpack it and give the files in it")
        for mark in (b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
    ),
)
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype )?html\b", re.IGNORECASE)
_TAR, _TAR_AT = b"ustar", 257


def feed_of(head: bytes) -> str:
    """Which feed reads a file that begins with these bytes; "" for none."""
    encoding, mark = encoding_of(head)
    text = decode(head[mark:], encoding).replace("\r\n", "\n").replace("\r", "\n")
    begin = text.lstrip("\ufeff \t\n")
    upper = begin[:2000].upper()
    if re.match(r"(OFXHEADER|<\?OFX|<OFX)", upper) or "<OFX>" in upper or "<?OFX" in upper:
        return "ofx"
    if begin.startswith("<"):
        return "ofx" if "OFX" in upper or "OFC" in upper or "<STATUS>" in upper else "camt"
    if _MT940.search(text) and ":" in begin[:200]:
        return "mt940"
    if begin.startswith("!") and re.match(r"!(?:type|account|option|clear)", begin, re.IGNORECASE):
        return "qif"
    return "csv" if any(mark in text for mark in ";,\t|") else ""


def stream(
    content: bytes | Chunks, file: str, *, own: Iterable[Account] = (), headings: Headings = NO_HEADINGS
) -> Iterator[Item]:
    """Entries, each statement after its entries, and problems, one at a time and in bounded memory.

    Nothing of a file may be kept if one of the problems is an error. `content`: bytes, or chunks of them.
    """
    source = Source(file=file, own=tuple(own), headings=headings)
    yield from watched(_stream(_chunks(content), source))


def _stream(chunks: Iterator[bytes], source: Source) -> Iterator[Item]:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= _HEAD:
            break
    if not head.strip():
        raise source.unreadable("empty-file", "the file is empty", "download the statement again")
    other = _other_kind(head)
    feed = feed_of(head[:_HEAD]) if other is None else ""
    if not feed:
        known = ", ".join(what for _, what in FEEDS.values())
        said, hint = (f"{other[0]}, which is not read", other[1]) if other else ("no statement", f"known: {known}")
        raise source.unreadable("unknown-format", f"this is {said}", hint)
    read_feed: Callable[[Chunks, Source], Iterator[Item]] = import_module(FEEDS[feed][0]).stream
    yield from read_feed(itertools.chain((head,), chunks), source)


def _other_kind(head: bytes) -> tuple[str, str] | None:
    """What it is that is no statement, and what to do; None where it may be one."""
    if _WEB_PAGE.match(head):
        return "a web page", "log in at the bank again, and download the statement"
    if head[_TAR_AT:].startswith(_TAR):
        return "an archive", "unpack it and give the files in it"
    return next(((said, hint) for mark, said, hint in _KINDS if head.startswith(mark)), None)


def _chunks(content: bytes | Chunks) -> Iterator[bytes]:
    if not isinstance(content, bytes):
        yield from content
        return
    for at in range(0, len(content), _PIECE):
        yield content[at : at + _PIECE]


def read(
    content: bytes | Chunks,
    file: str,
    *,
    own: Iterable[Account] = (),
    headings: Headings = NO_HEADINGS,
    today: date | None = None,
) -> Read[tuple[Statement, ...]]:
    """All statements of a file with their remittances, or none and everything that is wrong.

    A statement that the file has twice is told and taken once. Warnings (balances that do not meet) come with a value.
    """
    return collected(stream(content, file, own=own, headings=headings), file, today=today)


def collected(
    items: Iterable[Item],
    file: str,
    *,
    today: date | None = None,
    seen: Seen | None = None,
    keep: Callable[[Remittance], bool] = lambda remittance: True,
) -> Read[tuple[Statement, ...]]:
    """What a stream hands out, as a whole. `seen`: what is there already, of which nothing comes again.

    `keep`: which new remittances are; the others are counted and forgotten.
    """
    seen = seen or Seen()
    found: dict[tuple[str, str], list[tuple[int, Remittance]]] = {}
    statements: list[Statement] = []
    problems: list[Problem] = []
    seen.next_file()
    for item in items:
        if isinstance(item, Problem):
            problems.append(item)
        elif isinstance(item, Statement):
            for told, fresh in seen.settled():
                _into(found, told, fresh, keep)
            own = sorted(found.pop((item.account, item.currency), []), key=itemgetter(0))
            statements.append(replace(item, remittances=tuple(each for _, each in own)))
            seen.next_statement()
        else:
            if today is not None and (late := _too_late(item, file, today)) is not None:
                problems.append(late)
            new = seen.fresh(item)
            if new is not None:
                _into(found, item, new, keep)
    problems += filter(None, map(discontinuity, statements))
    problems += gaps(statements)
    failed = bool(errors(problems))
    assert failed or not any(found.values()), "every entry is of a statement"
    problems += _doubts(seen, statements, file)
    if failed:
        seen.forget_file()
    return Read(value=None if failed else tuple(statements), problems=_shortened(problems, file), where={})


def _into(
    found: dict[tuple[str, str], list[tuple[int, Remittance]]],
    told: Entry,
    fresh: Entry,
    keep: Callable[[Remittance], bool],
) -> None:
    """What is kept of a new entry, with the others of its account as the file names it."""
    first = told.remittances[0]
    own = found.setdefault((first.account, first.amount.currency), [])
    own += ((told.line, each) for each in fresh.remittances if keep(each))


def _doubts(seen: Seen, statements: Iterable[Statement], file: str) -> Iterator[Problem]:
    """Of what is kept: a person can put one of the two aside."""
    kept = {each.id for statement in statements for each in statement.remittances}
    for doubt in seen.doubts():
        if doubt.fresh in kept:
            yield Problem(
                rule="may-be-told-twice",
                severity="warning",
                message=f"may be told twice: {doubt.known} and {doubt.fresh} have one day and amount in two formats,"
                " but differ in payer, document or reference",
                hint=f"if they are one payment, put one aside: git bill reconcile --aside {doubt.fresh} --as other",
                file=file,
                line=doubt.line,
            )


def _too_late(entry: Entry, file: str, today: date) -> Problem | None:
    booked = entry.remittances[0].booked
    if booked <= today + _TOMORROW:
        return None
    return Problem(
        rule="booked-in-the-future",
        message=f"an entry is booked on {booked}, after today ({today})",
        hint='is the order of day and month right? declare it: [[accounts]] account = "DE02…", dates = "dmy"',
        file=file,
        line=entry.line,
    )


def _shortened(problems: list[Problem], file: str) -> tuple[Problem, ...]:
    """Not more than can be read; errors first."""
    ordered = sorted(problems, key=lambda each: each.severity != "error")
    if len(ordered) <= _MOST_PROBLEMS:
        return tuple(ordered)
    left = len(ordered) - _MOST_PROBLEMS
    severity = ordered[_MOST_PROBLEMS].severity
    more = Problem(rule="more-problems", severity=severity, message=f"{left} more problems", file=file)
    return (*ordered[:_MOST_PROBLEMS], more)
