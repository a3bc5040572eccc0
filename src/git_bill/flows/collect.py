"""Collect: gather what the sources show into the evidence files, then allocate all of it into the manifests.

Gathering only appends; the keys on file are the watermark. Allocating is a pure function of the files, so that a
second run changes nothing. A source that can't be reached keeps its entries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from git_bill.effects import Configure, Flow, Plan, WriteFile
from git_bill.flows import load
from git_bill.flows.gather import INTERNAL, Gathering, Log, evidence_files, gather
from git_bill.flows.gather_recorded import Export, put_by
from git_bill.flows.writing import written
from git_bill.forge import Forge
from git_bill.invoice.billed import standing
from git_bill.ports import Books, History, Snapshot
from git_bill.problem import Exit, Problem, Stop
from git_bill.shape import write
from git_bill.worklog import rewrite
from git_bill.worklog.edit import Made
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.manifest import Collected, collect_worklog
from git_bill.worklog.piece import Origin
from git_bill.worklog.timesheet import Billed, read_timesheet
from git_bill.workspace import Source, Workspace, manifest_file


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectResult:
    """`gathered`: new facts by source. `files`: what was written. `collected` is None if only gathering was asked.

    `marks`: by source, how its clone was when all it shows was put on file.
    """

    gathered: Mapping[str, int]
    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    collected: Collected | None = None
    marks: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def new(self) -> int:
        """New facts of all sources."""
        return sum(self.gathered.values())


def collect(
    books: Books,
    histories: Mapping[str, History | Problem],
    actor: str,
    *,
    gather_only: bool = False,
    logs: Sequence[Log] = (),
    forges: Mapping[str, Forge] | None = None,
    exports: Mapping[str, Export | Problem] | None = None,
    now: datetime | None = None,
    reestimate: bool = False,
) -> Flow[CollectResult]:
    """Gather from clones by source name (a problem says why one is out of reach) and from logs, then allocate.

    `forges`: by source, what tells of its tickets and pull requests as of `now`; `exports`: what timers recorded.
    `actor`: who gathers, the one writer of its files. `reestimate`: what is neither billed nor confirmed is estimated
    anew. Nothing new, nothing written. Where somebody else wrote meanwhile, all is computed again. Stops (exit 3) at
    settings, (exit 4) where nothing can be written.
    """

    marks = {name: mark for name in histories if (mark := books.configured(_mark_of(name)))}

    def computed(state: Snapshot) -> tuple[CollectResult, Sequence[WriteFile]]:
        workspace = load.workspace(state)
        known = load.evidence(state)
        gathering = Gathering(
            workspace=workspace,
            top=books.top,
            histories=histories,
            logs=tuple(logs),
            known=known,
            marks=marks,
            forges=forges or {},
            now=now,
            exports=exports or {},
            mine=put_by(state, actor, exports or {}),
        )
        gathered = gather(gathering)
        new = {source: each.evidence for source, each in gathered.found.items()}
        effects = list(evidence_files(state, actor, new))
        problems = [problem for each in gathered.found.values() for problem in each.problems]
        collected = None
        if not gather_only:
            fresh = (record for records in new.values() for record in records)
            collected = allocated(state, workspace, evidence=(*known, *fresh), reestimate=reestimate)
            effects += manifest_files(state, collected)
            problems += collected.problems
        result = CollectResult(
            gathered={name: sum(r.kind != rewrite.KIND for r in records) for name, records in new.items()},
            files=tuple(effect.path for effect in effects),
            problems=tuple(problems),
            marks=gathered.marks,
            collected=collected,
        )
        return result, effects

    result = yield from written(books, _why, computed)
    changed = tuple(Configure(name=_mark_of(n), value=m) for n, m in result.marks.items() if marks.get(n) != m)
    if changed:
        yield Plan(why="remember how the clones were, so that nothing is read twice", effects=changed)
    return result


def allocated(
    state: Snapshot,
    workspace: Workspace,
    *,
    evidence: Iterable[Evidence] | None = None,
    edits: Iterable[Made] | None = None,
    reestimate: bool = False,
) -> Collected:
    """The worklog that follows from a state's files; evidence and edits may be given in their stead."""
    settings = workspace.settings
    return collect_worklog(
        evidence=load.evidence(state) if evidence is None else evidence,
        edits=load.edits(state) if edits is None else edits,
        previous=load.manifests(state),
        billed=_billed(state),
        origins={source.name: _origin(source) for source in settings.sources},
        zones={person.id: ZoneInfo(person.timezone) for person in settings.contributors},
        clients={*workspace.engagements, INTERNAL},
        reestimate=reestimate,
        regions={person.id: person.holidays for person in settings.contributors if person.holidays},
    )


def _origin(source: Source) -> Origin:
    """Busy hours are nobody's work here: they use minutes and are never billed."""
    client = INTERNAL if source.kind == "busy" else source.client
    return Origin(client=client, project=source.project, since=source.since, routes=source.routes)


def manifest_files(state: Snapshot, collected: Collected) -> tuple[WriteFile, ...]:
    """The manifests that differ from a state's, by path; one without entries is removed."""
    now = {manifest_file(*month): write(manifest).encode() for month, manifest in collected.manifests.items()}
    paths = sorted({*now, *(path for path in state.paths("billing/manifest") if path.endswith(".toml"))})
    return tuple(WriteFile(path=path, content=now.get(path)) for path in paths if state.read(path) != now.get(path))


def _billed(state: Snapshot) -> list[Billed]:
    """Issued, not reversed invoices with their timesheets. Stops (exit 3) at one that is missing or was changed."""
    numbered = {item.invoice.number: item for item in load.numbered(state) if item.invoice is not None}
    billed: list[Billed] = []
    problems: list[Problem] = []
    for invoice in standing(item.invoice for item in numbered.values() if item.invoice is not None):
        path = f"{numbered[invoice.number].folder}/timesheet.csv"
        content = state.read(path)
        if content is None:
            hint = f"an issued file never goes away: git restore --source=HEAD -- {path}"
            problems.append(Problem(rule="no-timesheet", message="this frozen file is missing", hint=hint, file=path))
            continue
        rows, wrong = read_timesheet(content, path)
        problems += wrong
        billed.append(
            Billed(
                number=invoice.number,
                client=invoice.client_id,
                first=invoice.first,
                last=invoice.last,
                issued=invoice.issue_date,
                rows=rows,
            )
        )
    if problems:
        raise Stop(Exit.SETTINGS, problems)
    return billed


def _mark_of(source: str) -> str:
    """The name in git's configuration under which a clone's mark is kept. Without it all is read again, no more."""
    return f"bill.source.{source}.mark"


def _why(result: CollectResult) -> str:
    count = result.new
    return f"collect {count} new fact{'' if count == 1 else 's'}" if count else "allocate the evidence again"
