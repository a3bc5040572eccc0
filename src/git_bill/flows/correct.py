"""How a correction is made: edits with a reason are written, and with them the manifests that follow from them.

Nobody edits manifest lines. An entry on an issued invoice is immovable (decision D6).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from git_bill.effects import Done, Flow, Plan, WriteFile
from git_bill.flows import load
from git_bill.flows.collect import allocated, manifest_files
from git_bill.flows.overview import Overview, overview
from git_bill.period import format_duration
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.shape import write
from git_bill.worklog.edit import Edit, Edits, Made, Verb
from git_bill.worklog.entry import Worked, short_hash
from git_bill.worklog.timeline import Lost
from git_bill.workspace import Workspace, edits_file

MOST_RACES = 20
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
    refused = None
    for _ in range(MOST_RACES):
        state = books.here()
        scene = Scene(overview=overview(books, state), edits=load.edits(state), workspace=load.workspace(state))
        hand = Hand(at=_after(scene.edits, clock.now()), by=by, because=because.strip())
        new = tuple((client, _edit_id(edit), edit) for client, edit in making(scene, hand))
        if not new:
            return Corrected(edits=(), before=scene.overview, after=scene.overview, problems=(), files=())
        result, effects = _consequences(state, scene, new)
        outcomes = yield Plan(why=why, effects=effects)
        refused = next((outcome for outcome in outcomes if not isinstance(outcome, Done)), None)
        if refused is None:
            return replace(result, files=tuple(effect.path for effect in effects))
    reason, remedy = getattr(refused, "reason", "the books kept moving"), getattr(refused, "remedy", "")
    raise stop(Exit.REPOSITORY, "not-written", reason, remedy or "run the command again")


def _consequences(state: Snapshot, scene: Scene, new: tuple[Made, ...]) -> tuple[Corrected, tuple[WriteFile, ...]]:
    """The entries that follow from new edits, and the files to write."""
    found = allocated(state, scene.workspace, edits=(*scene.edits, *new))
    worked = {
        entry_id: Worked(id=entry_id, client=client, entry=entry)
        for (client, _), manifest in found.manifests.items()
        for entry_id, entry in manifest.entries.items()
    }
    ids = {edit_id for _, edit_id, _ in new}
    touched = {entry for _, _, edit in new for entry in (edit.entry, *edit.entries)}
    against = [p for p in found.problems if any(edit_id in p.message for edit_id in ids)]
    against += _overfull(scene.overview.worked, worked, touched)
    if against:
        raise Stop(Exit.PROBLEMS, against)
    lost = [_lost(loss) for loss in found.lost if loss.claim.entry in touched]
    result = Corrected(
        edits=new,
        before=scene.overview,
        after=replace(scene.overview, worked=worked),
        problems=(*lost, *_drafted(scene.overview, touched)),
        files=(),
    )
    return result, (*_edit_files(state, scene, new), *manifest_files(state, found))


def _edit_files(state: Snapshot, scene: Scene, new: Iterable[Made]) -> Iterator[WriteFile]:
    """The edits behind those that are there, each in the file of its client and of the month of the work."""
    by_file: dict[str, dict[str, Edit]] = defaultdict(dict)
    for client, edit_id, edit in new:
        item = scene.overview.worked.get(edit.entry)
        day = edit.day if item is None else item.entry.day
        by_file[edits_file(client, f"{day:%Y-%m}")][edit_id] = edit
    for path, edits in by_file.items():
        there = load.read_file(state, Edits, path)
        known = there.value if there is not None and there.value is not None else Edits()
        yield WriteFile(path=path, content=write(replace(known, edits={**known.edits, **edits})).encode())


def _after(edits: Sequence[Made], now: datetime) -> datetime:
    """An instant after every edit that is there: edits apply in the order of their instants."""
    return max([now, *(edit.at + _TICK for _, _, edit in edits)])


def _edit_id(edit: Edit) -> str:
    """The same for the same edit at the same instant."""
    return "E-" + short_hash(write(edit))


def _gone(entry: str) -> Problem:
    return Problem(rule="unknown-entry", message=f"there is no entry {entry} any more", hint="see: git bill log")


def _invoiced(item: Worked, number: str) -> Problem:
    return Problem(
        rule="billed-entry",
        message=f"{item.id} is on {number}, which never changes",
        hint=f"an issued invoice is corrected by a credit note that names it: git bill credit {number}",
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


def _lost(loss: Lost) -> Problem:
    return Problem(
        rule="lost-minutes",
        severity="warning",
        message=f"{loss.claim.entry} loses {format_duration(loss.minutes)}: {loss.why}"
        + (f" ({loss.to})" if loss.to else ""),
        hint="two entries never hold the same minute; see the day with: git bill log --period YYYY-MM-DD",
    )


def _drafted(before: Overview, touched: Collection[str]) -> Iterator[Problem]:
    for name in sorted({before.drafted[entry] for entry in touched if entry in before.drafted}):
        yield Problem(
            rule="drafted-entry",
            severity="info",
            message=f"the draft {name} lists what you changed",
            hint="bring it up to date with: git bill draft",
        )
