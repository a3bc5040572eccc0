"""Evidence of hours that another workspace uses: the times of its entries, nothing else of them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from git_bill.shape import read
from git_bill.sources.recorded import Recording, Seen, name_of_thing
from git_bill.worklog.day import ground
from git_bill.worklog.entry import Manifest
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.flags import BUSY_FLAG
from git_bill.worklog.interval import Interval, merged
from git_bill.worklog.measured import BUSY

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seen(manifests: Iterable[tuple[str, bytes]], recording: Recording) -> Seen:
    """The contributor's minutes there, by the id that both workspaces know them under, joined where they touch.

    What is busy there because of others is left out: two workspaces that look at each other would never end.
    """
    held: list[Interval] = []
    for file, content in manifests:
        manifest = read(Manifest, content.decode("utf-8", "replace"), file).value
        for entry in manifest.entries.values() if manifest else ():
            if entry.by == recording.contributor and BUSY_FLAG not in entry.flags:
                held += ground(entry.at, entry.day, recording.zone)
    records = tuple(_record(interval, recording) for interval in merged(held))
    begins = [record.at for record in records]
    return Seen(records=records, spans=((min(begins), max(begins)),) if begins else ())


def _record(interval: Interval, recording: Recording) -> Evidence:
    begin, end = (_EPOCH + timedelta(minutes=minute) for minute in (interval.start, interval.end))
    return Evidence(
        key=name_of_thing(recording, begin.isoformat()),
        kind=BUSY,
        source=recording.source,
        contributor=recording.contributor,
        at=begin.astimezone(recording.zone),
        until=end.astimezone(recording.zone),
    )
