"""What a correction did, for people and scripts."""

from collections.abc import Iterable, Sequence
from typing import Any

from git_bill.cli.entry_text import about_text, data, day_text, legend, time_text
from git_bill.cli.output import Line, Report, Span, bold, dim, table
from git_bill.cli.session import Session
from git_bill.flows.correct import Corrected
from git_bill.worklog.entry import Worked
from git_bill.worklog.query import short_ids

Row = Sequence[str | Span]


def report(session: Session, corrected: Corrected, did: str, ids: Iterable[str], **more: Any) -> Report:
    """The entries as they are now, and what else changed because two entries never hold the same minute.

    `did`: the verb, like `Changed`; `ids`: the entries that were named.
    """
    touched = tuple(dict.fromkeys((*ids, *_made(corrected))))
    before, after = corrected.before.worked, corrected.after.worked
    rows = [_row(session, corrected, entry) for entry in touched]
    others = list(_others(corrected, touched))
    lines: list[Line] = [bold(did if corrected.edits else f"{did} before; nothing to do")]
    lines += table(rows, align="llr", indent=2)
    if others:
        lines.append("As two entries never hold the same minute:")
        lines += table([_row(session, corrected, entry) for entry in others], align="llr", indent=2)
    if marks := legend(after[entry].entry for entry in (*touched, *others) if entry in after):
        lines.append(dim(marks))
    return Report(
        data={
            "entries": [data(after[entry], corrected.after) for entry in touched if entry in after],
            "before": [data(before[entry], corrected.before) for entry in touched if entry in before],
            "edits": [edit_id for _, edit_id, _ in corrected.edits],
            "already": not corrected.edits,
            "files": list(corrected.files),
            **more,
        },
        text=lines,
        problems=corrected.problems,
    )


def _made(corrected: Corrected) -> Iterable[str]:
    """Entries that edits made or gave more work to."""
    for _, _, edit in corrected.edits:
        yield edit.entry
        yield from (part.id for part in edit.parts)


def _others(corrected: Corrected, touched: Sequence[str]) -> Iterable[str]:
    """Other entries of the same person and day whose time is another one now."""
    before, after = corrected.before.worked, corrected.after.worked
    days = {(w.entry.by, w.entry.day) for worked in (before, after) for e in touched if (w := worked.get(e))}
    for entry, now in after.items():
        was = before.get(entry, now)
        same_day = (now.entry.by, now.entry.day) in days
        if same_day and entry not in touched and was.entry.minutes != now.entry.minutes:
            yield entry


def _row(session: Session, corrected: Corrected, entry: str) -> Row:
    """Id, day, the time as it was and is, the client where it changed, and what it is about."""
    was, now = corrected.before.worked.get(entry), corrected.after.worked.get(entry)
    item = now or was
    assert item is not None
    name = short_ids(corrected.after.worked).get(entry, entry)
    if was is None or now is None or was.entry.minutes == now.entry.minutes:
        time = time_text(item.entry)
    else:
        time = f"{time_text(was.entry)} → {time_text(now.entry)}"
    return name, day_text(item.entry.day, session.today), time, _client(was, item), about_text(item.entry)


def _client(was: Worked | None, now: Worked) -> Span:
    return dim(now.client if was is None or was.client == now.client else f"{was.client} → {now.client}")
