"""Watson's `frames`: a JSON list of `[start, stop, project, id, tags, updated]` in Unix seconds (td-watson).

What `watson log --json` prints is read too: objects with ISO instants.
"""

from collections.abc import Mapping
from datetime import tzinfo

from git_bill.sources.faults import Faults
from git_bill.sources.timers.timed import Timed, Timers, in_order, instant, records, wrong

_EXAMPLE = '[1790751000, 1790754300, "web-shop", "9b1f…", ["checkout"], 1790754300]'


def read(text: str, file: str, zone: tzinfo) -> Timers:
    """Every frame; `zone` matters only where an instant has no offset."""
    frames, broken = records(text, file, _EXAMPLE)
    if broken:
        return Timers(problems=broken)
    if not isinstance(frames, list | None):
        return Timers(problems=(wrong(file, 1, "this is no list of frames", _EXAMPLE, error=True),))
    times: list[Timed] = []
    faults = Faults()
    for number, frame in faults.watched(enumerate(frames or (), 1)):
        try:
            times.append(_timed(frame, zone))
        except ValueError as error:
            faults.append(wrong(file, None, f"frame {number} can't be read: {error}", _EXAMPLE))
    return in_order(times, faults)


def _timed(frame: object, zone: tzinfo) -> Timed:
    if isinstance(frame, Mapping):
        names = ("start", "stop", "project", "id", "tags")
        begin, end, project, key, tags = (frame.get(name) for name in names)
    elif isinstance(frame, list) and len(frame) >= 4:
        begin, end, project, key = frame[:4]
        tags = frame[4] if len(frame) > 4 else None
    else:
        raise ValueError("it is neither a list of four or more nor an object")
    starts = instant(begin, zone)
    words = tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()
    return Timed(
        key=f"watson:{key or starts.isoformat()}",
        begin=starts,
        end=instant(end, zone),
        text=" ".join(words),
        tags=words,
        project=str(project or ""),
    )
