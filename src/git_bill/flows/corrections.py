"""The corrections that people make: each decides on edits, from the entries as they are at that moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from git_bill.effects import Flow, WriteFile
from git_bill.flows import load
from git_bill.flows.adding import Work, added, only_project, parted
from git_bill.flows.correct import Corrected, Hand, Scene, after, appended, correct, edit_id
from git_bill.flows.writing import written
from git_bill.layout import edits_file
from git_bill.period import format_duration
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.worklog.edit import Edit, Edits, Part
from git_bill.worklog.entry import Activity, Worked, entry_id
from git_bill.worklog.objection import REPLACED


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is to be set; None stays as it is. An empty ticket removes it. `start`: `14:00` in the worker's zone."""

    minutes: int | None = None
    day: date | None = None
    start: str | None = None
    ticket: str | None = None
    activity: Activity | None = None
    project: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of an entry as asked for; `minutes` None: the rest."""

    minutes: int | None
    text: str | None


def edit(books: Books, clock: Clock, ids: Sequence[str], facts: Facts, *, by: str, because: str) -> Flow[Corrected]:
    """Set facts of entries. What a person set stays, whatever evidence comes later.

    What then runs past midnight from a start that a person said is an entry of the next day.
    """
    told = {f.name: value for f in fields(Facts) if (value := getattr(facts, f.name)) is not None}

    def making(scene: Scene, hand: Hand) -> Iterator[tuple[str, Edit]]:
        for item in _present(scene, ids):
            here, later = _by_day(scene, item, facts)
            own = told if here is None else {**told, "minutes": here}
            if not _is_said(item, own):
                behind = None if "minutes" not in own else len(item.entry.evidence)
                yield item.client, hand.edit("set", item.id, facts=behind, **own)
            for known, work in later.items():
                if known not in scene.overview.worked:
                    yield work.client, added(hand, known, work)
                    continue
                (rest,) = _present(scene, [known])
                if rest.entry.minutes != work.minutes:
                    yield rest.client, hand.edit("set", known, minutes=work.minutes)

    return correct(books, clock, making, by=by, because=because, why=f"edit {_count(ids)}")


def _by_day(scene: Scene, item: Worked, facts: Facts) -> tuple[int | None, Mapping[str, Work]]:
    """The minutes up to midnight, None where it ends before, and the work of the next day by id."""
    entry = item.entry
    said = [made.start for _, _, made in scene.edits if made.entry == item.id and made.start is not None]
    if facts.minutes is None and facts.start is None:
        return None, {}
    work = Work(
        client=item.client,
        worker=entry.by,
        day=facts.day or entry.day,
        minutes=entry.minutes if facts.minutes is None else facts.minutes,
        text=entry.text if facts.text is None else facts.text,
        start=facts.start or next(reversed(said), None),
        ticket=(entry.ticket if facts.ticket is None else facts.ticket) or None,
        activity=facts.activity or entry.activity,
        project=(entry.project if facts.project is None else facts.project) or None,
    )
    later = dict(parted(work, item.id, scene.workspace.settings.zones.get(entry.by)))
    here = later.pop(item.id).minutes
    return (here if later else None), later


def _is_said(item: Worked, told: Mapping[str, object]) -> bool:
    """Whether people set these very facts before. Where an entry starts is not among what it lists."""
    entry = item.entry
    return all(
        name in entry.set and getattr(entry, name) == (value or None if name == "ticket" else value)
        for name, value in told.items()
    )


def confirm(books: Books, clock: Clock, ids: Sequence[str], *, by: str) -> Flow[Corrected]:
    """Say that entries are right as they are."""

    def making(scene: Scene, hand: Hand) -> Iterator[tuple[str, Edit]]:
        for item in _present(scene, ids):
            if item.entry.state != "confirmed":
                yield item.client, _confirmed(item, hand)

    return correct(books, clock, making, by=by, why=f"confirm {_count(ids)}")


def _confirmed(item: Worked, hand: Hand) -> Edit:
    return hand.edit("confirm", item.id, minutes=item.entry.minutes, facts=len(item.entry.evidence))


def note(books: Books, clock: Clock, item: Worked, *, by: str) -> Flow[None]:
    """Write one confirmation alone, which takes no time; `folded` then lets the manifests follow."""

    def computed(state: Snapshot) -> tuple[None, Sequence[WriteFile]]:
        path = edits_file(item.client, f"{item.entry.day:%Y-%m}")
        there = load.read_file(state, Edits, path)
        known = there.value.edits if there is not None and there.value is not None else {}
        made = [(item.client, *pair) for pair in known.items()]
        edit = _confirmed(item, Hand(at=after(made, clock.now()), by=by, because=""))
        return None, appended(state, path, {edit_id(edit): edit})

    return (yield from written(books, lambda _: f"confirm {item.id}", computed))


def drop(books: Books, clock: Clock, ids: Sequence[str], *, by: str, because: str) -> Flow[Corrected]:
    """Say that entries are no work to be billed. They stay listed without minutes; dropped again is done already."""

    def making(scene: Scene, hand: Hand) -> Iterator[tuple[str, Edit]]:
        for item in scene.entries(ids):
            if item.entry.state != "dropped":
                yield item.client, hand.edit("drop", item.id, facts=len(item.entry.evidence))

    return correct(books, clock, making, by=by, because=because, why=f"drop {_count(ids)}")


def move(
    books: Books, clock: Clock, ids: Sequence[str], to: str, *, by: str, because: str, project: str | None = None
) -> Flow[Corrected]:
    """Give entries to another client, and to its project where it has only one. `to` must be a client."""

    def making(scene: Scene, hand: Hand) -> Iterator[tuple[str, Edit]]:
        there = only_project(scene.workspace, to) if project is None else project
        for item in _present(scene, ids):
            if item.client != to:
                yield item.client, hand.edit("move", item.id, to=to, project=there)

    return correct(books, clock, making, by=by, because=because, why=f"move {_count(ids)} to {to}")


def merge(books: Books, clock: Clock, ids: Sequence[str], into: str, *, by: str, because: str) -> Flow[Corrected]:
    """Make one entry of several of the same client, person and day."""
    others = tuple(known for known in ids if known != into)

    def making(scene: Scene, hand: Hand) -> Iterator[tuple[str, Edit]]:
        target, *rest = _present(scene, (into, *others))
        if not rest:
            raise stop(Exit.USAGE, "wrong-merge", "one entry alone can't be merged", "name two: git bill merge W-… W-…")
        problems = [_unlike(target, other) for other in rest if _mark(other) != _mark(target)]
        if problems:
            raise Stop(Exit.PROBLEMS, problems)
        yield target.client, hand.edit("merge", target.id, entries=others)

    return correct(books, clock, making, by=by, because=because, why=f"merge {_count(ids)} into {into}")


def split(books: Books, clock: Clock, entry: str, shares: Sequence[Share], *, by: str, because: str) -> Flow[Corrected]:
    """Make several entries of one. What the shares leave over is a last part with the entry's own text."""

    def making(scene: Scene, hand: Hand) -> Iterator[tuple[str, Edit]]:
        (item,) = _present(scene, [entry])
        parts = tuple(
            Part(id=entry_id(item.id, hand.at.isoformat(), str(number)), minutes=share.minutes or 0, text=share.text)
            for number, share in enumerate(_portions(item, shares), 1)
        )
        yield item.client, hand.edit("split", item.id, parts=parts)

    return correct(books, clock, making, by=by, because=because, why=f"split {entry}")


def _portions(item: Worked, shares: Sequence[Share]) -> Iterator[Share]:
    """The shares with the rest filled in, after all are seen to fit."""
    rest = item.entry.minutes - sum(share.minutes or 0 for share in shares)
    open_ended = [share for share in shares if share.minutes is None]
    if rest < 0 or (open_ended and rest == 0):
        asked = format_duration(item.entry.minutes - rest)
        left = "more than" if rest < 0 else "all of"
        raise stop(
            Exit.PROBLEMS,
            "wrong-split",
            f"the parts take {asked}, {left} the {format_duration(item.entry.minutes)} of {item.id}",
            f"give them less, or correct its time first: git bill edit {item.id} --minutes {asked}"
            if rest < 0
            else "leave `rest` out",
        )
    for share in shares:
        yield share if share.minutes is not None else Share(minutes=rest, text=share.text)
    if rest and not open_ended:
        yield Share(minutes=rest, text=None)


def _present(scene: Scene, ids: Sequence[str]) -> tuple[Worked, ...]:
    """Entries that were neither split nor merged away. Stops (exit 1) at one that was."""
    found = scene.entries(ids)
    problems = [
        Problem(rule="replaced-entry", message=f"{item.id} {why}", hint="see what came of it with: git bill log")
        for item in found
        for flag, why in REPLACED.items()
        if flag in item.entry.flags
    ]
    if problems:
        raise Stop(Exit.PROBLEMS, problems)
    return found


def _mark(item: Worked) -> tuple[object, ...]:
    return item.client, item.entry.by, item.entry.day


def _unlike(target: Worked, other: Worked) -> Problem:
    for what, here, there, hint in (
        ("client", target.client, other.client, f"git bill move {other.id} --to {target.client}"),
        ("day", target.entry.day, other.entry.day, f"git bill edit {other.id} --day {target.entry.day}"),
        ("contributor", target.entry.by, other.entry.by, ""),
    ):
        if here != there:
            return Problem(
                rule="wrong-merge",
                message=f"{other.id} is of another {what} than {target.id}: {there}, not {here}",
                hint=f"if that is wrong: {hint}" if hint else "an entry is one person's work",
            )
    raise AssertionError("asked only of entries that differ")


def _count(ids: Sequence[str]) -> str:
    return f"{len(ids)} entries" if len(ids) != 1 else ids[0]
