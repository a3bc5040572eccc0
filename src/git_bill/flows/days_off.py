"""Days off: say that a person does not work on some days, or does after all; work on them is flagged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from git_bill.effects import Flow, WriteFile
from git_bill.flows import load
from git_bill.flows.collect import allocated, manifest_files
from git_bill.flows.gather import evidence_files
from git_bill.flows.writing import written
from git_bill.period import Period
from git_bill.ports import Books, Clock, Snapshot
from git_bill.worklog.dayoff import SOURCE, told
from git_bill.workspace import Contributor


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOff:
    """`days`: how many changed. `worked`: ids of entries on days that are off now."""

    days: int
    worked: tuple[str, ...]
    files: tuple[str, ...]


def set_off(
    books: Books, clock: Clock, person: Contributor, period: Period, *, actor: str, because: str, off: bool
) -> Flow[DaysOff]:
    """Put it on file and flag the entries on these days. Twice is once."""
    count = (period.last - period.first).days + 1
    days = [period.first + timedelta(days=number) for number in range(count)]

    def computed(state: Snapshot) -> tuple[DaysOff, Sequence[WriteFile]]:
        known = load.evidence(state)
        zone = ZoneInfo(person.timezone)
        new = tuple(told(days, person.id, zone, because=because, off=off, known=known, now=clock.now()))
        effects = list(evidence_files(state, actor, {SOURCE: new}))
        collected = allocated(state, load.workspace(state), evidence=(*known, *new))
        effects += manifest_files(state, collected)
        worked = [
            entry_id
            for manifest in collected.manifests.values()
            for entry_id, entry in manifest.entries.items()
            if off and entry.by == person.id and entry.day in period and entry.minutes
        ]
        files = tuple(effect.path for effect in effects)
        return DaysOff(days=len(new), worked=tuple(worked), files=files), effects

    what = "off" if off else "worked"
    return (yield from written(books, lambda _: f"{period} is {what} for {person.id}", computed))
