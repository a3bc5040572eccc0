"""How a correction is made: edits with a reason are written, and with them the manifests that follow from them.

Nobody edits manifest lines. An entry on an issued invoice is immovable (decision D6).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from git_bill.effects import Flow, WriteFile
from git_bill.flows import load
from git_bill.flows.collect import allocated, manifest_files
from git_bill.flows.overview import Overview, overview
from git_bill.flows.stated import stated
from git_bill.flows.writing import written
from git_bill.layout import edits_file
from git_bill.period import format_duration
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, Stop
from git_bill.shape import read, write
from git_bill.worklog.edit import Edit, Edits, Made, Verb
from git_bill.worklog.entry import Worked, short_hash
from git_bill.worklog.timeline import Lost
from git_bill.workspace import Workspace

_WHOLE_DAY = 24 * 60
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who corrects, when and why: what the edits of one command share."""

    at: datetime
    by: str
    because: str

    def edit(self, do: Verb, entry: str, **facts: Any) -> Edit:
        """An edit by this hand."""
        return Edit(do=do, entry=entry, at=self.at, by=self.by, because=self.because, **facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a correction is decided on: the entries as they are listed, the edits that were made, the settings."""

    overview: Overview
    edits: tuple[Made, ...]
    workspace: Workspace

    def entries(self, ids: Iterable[str]) -> tuple[Worked, ...]:
        """Entries by their whole ids. Stops (exit 1) where one is gone or on an issued invoice."""
        found = [self.overview.worked[known] for known in ids if known in self.overview.worked]
        problems = [_gone(known) for known in ids if known not in self.overview.worked]
        problems += [
            _invoiced(item, self.overview.invoiced[item.id]) for item in found if item.id in self.overview.invoiced
        ]
        if problems:
            raise Stop(Exit.PROBLEMS, problems)
        return tuple(found)


Making = Callable[[Scene, Hand], Iterable[tuple[str, Edit]]]  # edits, each with the client whose file it belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What became of it. `before` and `after`: the entries as they were and are. `edits`: those that were written.

    `problems`: drafts that list a changed entry. `files`: what was written.
    """

    edits: tuple[Made, ...]
    before: Overview
    after: Overview
    problems: tuple[Problem, ...]
    files: tuple[str, ...]


def correct(books: Books, clock: Clock, making: Making, *, by: str, why: str, because: str = "") -> Flow[Corrected]:
    """Write the edits that `making` wants, and the manifests that follow from them.

    Where somebody else wrote meanwhile all is computed again. Stops (exit 1) where an edit can't be applied, (exit 4)
    where nothing can be written.
    """

    def computed(state: Snapshot) -> tuple[Corrected, Sequence[WriteFile]]:
        scene = Scene(overview=overview(books, state), edits=load.edits(state), workspace=load.workspace(state))
        hand = Hand(at=after(scene.edits, clock.now()), by=by, because=because.strip())
        new = tuple((client, edit_id(edit), edit) for client, edit in making(scene, hand))
        return _consequences(state, scene, new)

    return (yield from written(books, lambda _: why, computed))


def folded(books: Books) -> Flow[bool]:
    """Write the manifests again where they don't follow from evidence and edits; whether there was anything."""

    def computed(state: Snapshot) -> tuple[bool, Sequence[WriteFile]]:
        effects = manifest_files(state, allocated(state, load.workspace(state)))
        return bool(effects), effects

    return (yield from written(books, lambda _: "bring the manifests up to date", computed))


def _consequences(state: Snapshot, scene: Scene, new: tuple[Made, ...]) -> tuple[Corrected, Sequence[WriteFile]]:
    """The entries that follow from new edits, and the files to write."""
    if not new:
        return Corrected(edits=(), before=scene.overview, after=scene.overview, problems=(), files=()), ()
    found = allocated(state, scene.workspace, edits=(*scene.edits, *new))
    worked = {
        entry_id: Worked(id=entry_id, client=client, entry=entry)
        for (client, _), manifest in found.manifests.items()
        for entry_id, entry in manifest.entries.items()
    }
    ids = [known for _, known, _ in new]
    touched = {entry for _, _, edit in new for entry in (edit.entry, *edit.entries)}
    against = [p for p in found.problems if any(known in p.message for known in ids)]
    against += _overfull(scene.overview.worked, worked, touched)
    if against:
        raise Stop(Exit.PROBLEMS, against)
    effects = (*_edit_files(state, scene, new), *manifest_files(state, found))
    result = Corrected(
        edits=new,
        before=scene.overview,
        after=replace(scene.overview, worked=worked),
        problems=(*_lost(new, worked, found.lost), *_drafted(scene.overview, touched)),
        files=tuple(effect.path for effect in effects),
    )
    return result, effects


def _edit_files(state: Snapshot, scene: Scene, new: Iterable[Made]) -> Iterator[WriteFile]:
    """The edits behind those that are there, each in the file of its client and of the month of the work."""
    by_file: dict[str, dict[str, Edit]] = defaultdict(dict)
    for client, known, edit in new:
        item = scene.overview.worked.get(edit.entry)
        day = edit.day if item is None else item.entry.day
        by_file[edits_file(client, f"{day:%Y-%m}")][known] = edit
    for path, edits in by_file.items():
        yield from appended(state, path, edits)


def appended(state: Snapshot, path: str, new: Mapping[str, Edit]) -> tuple[WriteFile, ...]:
    """An edits file with new ones at its end; what people wrote in it stays. Stops (exit 3) where it can't be read."""
    file = stated(state, path, Edits)
    wanted = Edits(edits={**(file.value or Edits()).edits, **new})
    if file.text is not None:
        _, _, lines = write(Edits(edits=new)).partition("[edits]\n")
        joined = f"{file.text.rstrip()}\n{lines}"
        if read(Edits, joined, path).value == wanted:
            return (WriteFile(path=path, content=joined.encode()),)
    return file.changed_to(wanted)


def after(edits: Iterable[Made], now: datetime) -> datetime:
    """An instant after every edit that is there: edits apply in the order of their instants."""
    return max([now, *(edit.at + _TICK for _, _, edit in edits)])


def edit_id(edit: Edit) -> str:
    """The same for the same edit at the same instant."""
    return "E-" + short_hash(write(edit))


def _gone(entry: str) -> Problem:
    return Problem(rule="unknown-entry", message=f"there is no entry {entry} any more", hint="see: git bill log")


def _invoiced(item: Worked, number: str) -> Problem:
    return Problem(
        rule="billed-entry",
        message=f"{item.id} is on {number}, which never changes",
        hint="an issued invoice is never edited; it is corrected by a credit note that names it",
    )


def _overfull(before: Mapping[str, Worked], after: Mapping[str, Worked], touched: Collection[str]) -> Iterator[Problem]:
    """Days that a correction gives more time than a day has."""
    for by, day in sorted({(after[entry].entry.by, after[entry].entry.day) for entry in touched if entry in after}):
        was, now = (
            sum(w.entry.minutes for w in worked.values() if (w.entry.by, w.entry.day) == (by, day))
            for worked in (before, after)
        )
        if now > max(was, _WHOLE_DAY):
            yield Problem(
                rule="overfull-day",
                message=f"{by} would have {format_duration(now)} on {day}, more than a day has",
                hint=f"see what is there: git bill log --period {day} --by {by}",
            )


def _lost(new: Iterable[Made], worked: Mapping[str, Worked], lost: Iterable[Lost]) -> Iterator[Problem]:
    """Minutes that a person stated and that an entry did not get."""
    for _, _, edit in new:
        entry = worked[edit.entry].entry
        if edit.minutes is not None and entry.minutes < edit.minutes:
            why = ", ".join(_told(loss) for loss in lost if loss.claim.entry == edit.entry)
            yield Problem(
                rule="lost-minutes",
                severity="warning",
                message=f"{edit.entry} gets {format_duration(entry.minutes)} of {format_duration(edit.minutes)}: {why}",
                hint=f"a minute is in one entry only; see what holds it: git bill log --period {entry.day}",
            )


def _told(loss: Lost) -> str:
    if loss.to is None:
        return f"{loss.why} ({format_duration(loss.minutes)})"
    return f"{format_duration(loss.minutes)} are in {loss.to}, {loss.why}"


def _drafted(before: Overview, touched: Collection[str]) -> Iterator[Problem]:
    for name in sorted({before.drafted[entry] for entry in touched if entry in before.drafted}):
        yield Problem(
            rule="drafted-entry",
            severity="info",
            message=f"the draft {name} lists what you changed",
            hint="bring it up to date with: git bill draft",
        )
