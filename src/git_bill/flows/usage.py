"""Usage: record what a client used of a meter, by hand or from a file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from git_bill.contract.agreement import Engagement
from git_bill.contract.usage import Reading, Usage
from git_bill.effects import Flow, WriteFile
from git_bill.flows import load
from git_bill.flows.noted import renewed
from git_bill.flows.stated import stated
from git_bill.flows.writing import written
from git_bill.invoice.recorded import unknown_meter
from git_bill.layout import usage_file
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, Stop
from git_bill.worklog.entry import short_hash

IMPORTED = "import"  # what names a file's readings, with the name that tells one program's files from another's


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Readings that were written. `known`: days of meters that were there already; `changed`: that had another sum."""

    readings: Mapping[str, Reading]
    known: int
    changed: int
    files: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def add_usage(
    books: Books, clock: Clock, client: str, day: date, used: Mapping[str, Decimal], *, by: str
) -> Flow[Said]:
    """Record what was used on a day, beside what is there. Stops (exit 1) at a meter that no contract has."""

    def computed(state: Snapshot) -> tuple[Said, Sequence[WriteFile]]:
        engagement = load.workspace(state).engagements[client]
        _refuse_unknown(engagement, client, used)
        at, known = clock.now(), load.readings(state).get(client, {})
        new = {
            _id(known, client, meter, str(day), by, _text(quantity), at.isoformat()): Reading(
                meter=meter, day=day, quantity=quantity, at=at, source=by
            )
            for meter, quantity in used.items()
        }
        return _said(state, client, engagement, new)

    return (yield from written(books, lambda _: f"add the usage of {day} for {client}", computed))


def import_usage(
    books: Books, clock: Clock, client: str, told: Mapping[tuple[str, date], Decimal], *, name: str = ""
) -> Flow[Said]:
    """Record what a file says in all of each meter and day.

    A day that a file of this name told of before is corrected to what it says now, so the same file adds nothing
    again and overlapping ones nothing twice. What people added by hand stands beside it.
    Stops (exit 1) at a meter that no contract has.
    """
    source = f"{IMPORTED}:{name}" if name else IMPORTED

    def computed(state: Snapshot) -> tuple[Said, Sequence[WriteFile]]:
        engagement = load.workspace(state).engagements[client]
        _refuse_unknown(engagement, client, {meter for meter, _ in told})
        before: dict[tuple[str, date], Decimal] = {}
        known = load.readings(state).get(client, {})
        for reading in known.values():
            if reading.source == source:
                key = reading.meter, reading.day
                before[key] = before.get(key, Decimal(0)) + reading.quantity
        at = clock.now()
        news = {key: quantity - before.get(key, Decimal(0)) for key, quantity in told.items()}
        new = {
            _id(known, client, meter, str(day), source, _text(more), _text(told[meter, day])): Reading(
                meter=meter, day=day, quantity=more, at=at, source=source
            )
            for (meter, day), more in news.items()
            if more
        }
        changed = sum(1 for key, more in news.items() if more and key in before)
        said, effects = _said(state, client, engagement, new)
        return replace(said, known=sum(1 for more in news.values() if not more), changed=changed), effects

    return (yield from written(books, lambda _: f"import usage for {client}", computed))


def _said(
    state: Snapshot, client: str, engagement: Engagement, new: Mapping[str, Reading]
) -> tuple[Said, Sequence[WriteFile]]:
    """New readings in the files of their months."""
    by_file: dict[str, dict[str, Reading]] = {}
    for reading_id, reading in new.items():
        by_file.setdefault(usage_file(client, f"{reading.day:%Y-%m}"), {})[reading_id] = reading
    effects: list[WriteFile] = []
    for path, some in by_file.items():
        file = stated(state, path, Usage)
        before = file.value or Usage()
        effects += renewed(file, replace(before, readings={**before.readings, **some}))
    files = tuple(effect.path for effect in effects)
    problems = tuple(_outside(engagement, new.values()))
    return Said(readings=new, known=0, changed=0, files=files, problems=problems), effects


def _refuse_unknown(engagement: Engagement, client: str, meters: Iterable[str]) -> None:
    known = {meter.id for contract in engagement.contracts for meter in contract.meters}
    problems = [unknown_meter(engagement, client, meter) for meter in meters if meter not in known]
    if problems:
        raise Stop(Exit.PROBLEMS, problems)


def _outside(engagement: Engagement, readings: Iterable[Reading]) -> Iterable[Problem]:
    """Days for which no contract with the meter holds: nothing bills them."""
    for reading in readings:
        contracts = [c for c in engagement.contracts if any(m.id == reading.meter for m in c.meters)]
        if not any(contract.covers(reading.day) for contract in contracts):
            yield Problem(
                rule="usage-without-contract",
                severity="warning",
                message=f"nothing bills {reading.meter} on {reading.day}: no contract with that meter covers the day",
                hint=f"let it begin earlier: from = {reading.day.replace(day=1)}",
            )


def _id(known: Collection[str], *facts: str) -> str:
    """The same for the same fact, wherever it is recorded; another one where that is there already."""
    ids = ("U-" + short_hash("\x1f".join((*facts, str(number)))) for number in range(len(known) + 1))
    return next(each for each in ids if each not in known)


def _text(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"
