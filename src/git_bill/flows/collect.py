"""Collect: gather what the sources show into the evidence files, then allocate all of it into the manifests.

Gathering only appends; the keys on file are the watermark. Allocating is a pure function of the files, so that a
second run changes nothing. A source that can't be reached keeps its entries.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from git_bill.effects import Configure, Flow, Plan, WriteFile
from git_bill.flows import load
from git_bill.flows.gather import Gathered, Gathering, Log, evidence_files, gather
from git_bill.flows.gather_recorded import Export, put_by
from git_bill.flows.proof import facts
from git_bill.flows.writing import written
from git_bill.forge import Forge
from git_bill.invoice.billed import standing
from git_bill.layout import manifest_file
from git_bill.ports import Books, History, Snapshot
from git_bill.problem import Exit, Problem, Stop
from git_bill.shape import write
from git_bill.worklog import proof, rewrite, statement
from git_bill.worklog.assignment import INTERNAL
from git_bill.worklog.edit import Made
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.keyed import EvidenceKey
from git_bill.worklog.manifest import Collected, collect_worklog
from git_bill.worklog.point import name_of
from git_bill.worklog.timesheet import Billed, read_timesheet
from git_bill.worklog.told import VISIT
from git_bill.workspace import Workspace

_ABOUT = frozenset({rewrite.KIND, proof.KIND, statement.KIND, VISIT})  # what is said of commits, no fact beside them


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectResult:
    """`counts`: new facts by source and kind. `files`: what was written.

    `collected` is None if only gathering was asked. `repeats`: new commits that only repeat others.

    `marks`: by source, how its clone was when all it shows was put on file.
    """

    counts: Mapping[str, Counter[str]]
    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    collected: Collected | None = None
    repeats: int = 0
    marks: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def gathered(self) -> Mapping[str, int]:
        """New facts by source."""
        return {name: kinds.total() for name, kinds in self.counts.items()}

    @property
    def kinds(self) -> Counter[str]:
        """New facts of all sources by kind."""
        return sum(self.counts.values(), Counter[str]())

    @property
    def new(self) -> int:
        """New facts of all sources."""
        return self.kinds.total()


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
    key: EvidenceKey | None = None,
    reestimate: bool = False,
) -> Flow[CollectResult]:
    """Gather from clones by source name (a problem says why one is out of reach) and from logs, then allocate.

    `forges`: by source, what tells of its tickets and pull requests as of `now`; `exports`: what timers recorded.
    `key`: of sources with keyed evidence. `actor`: who gathers, the one writer of its files. `reestimate`: what is
    neither billed nor confirmed is estimated anew. Nothing new, nothing written. Where somebody else wrote meanwhile,
    all is computed again. Stops (exit 3) at settings, (exit 4) where nothing can be written.
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
            key=key,
        )
        gathered = gather(gathering)
        effects = list(evidence_files(state, actor, gathered.new))
        collected = None
        if not gather_only:
            collected = allocated(
                state, workspace, evidence=chain(known, *gathered.new.values()), reestimate=reestimate
            )
            effects += manifest_files(state, collected)
        return _result(gathered, collected, effects), effects

    result = yield from written(books, _why, computed)
    yield from _remember({name: mark for name, mark in result.marks.items() if marks.get(name) != mark})
    return result


def _result(gathered: Gathered, collected: Collected | None, effects: Iterable[WriteFile]) -> CollectResult:
    new = gathered.new
    problems = [problem for each in gathered.found.values() for problem in each.problems]
    return CollectResult(
        repeats=_repeats(new, collected) if collected else 0,
        counts={name: Counter(r.kind for r in some if r.kind not in _ABOUT) for name, some in new.items()},
        files=tuple(effect.path for effect in effects),
        problems=(*problems, *(collected.problems if collected else ())),
        marks=gathered.marks,
        collected=collected,
    )


def _repeats(new: Mapping[str, Sequence[Evidence]], collected: Collected) -> int:
    """How many new commits add nothing, for others have their work."""
    commits = {name_of(record) for some in new.values() for record in some if record.kind == "commit"}
    silent = {v.evidence for v in collected.verdicts if v.rule in {"repeats", "same-moment"}}
    return len(commits & silent)


def _remember(marks: Mapping[str, str]) -> Flow[None]:
    """How clones were, by source, so that nothing is read twice."""
    if marks:
        changed = tuple(Configure(name=_mark_of(name), value=mark) for name, mark in marks.items())
        yield Plan(why="remember how the clones were, so that nothing is read twice", effects=changed)


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
        evidence=facts(load.evidence(state) if evidence is None else evidence, workspace),
        edits=load.edits(state) if edits is None else edits,
        previous=load.manifests(state),
        billed=_billed(state),
        origins=load.origins(workspace),
        zones=settings.zones,
        clients={*workspace.engagements, INTERNAL},
        reestimate=reestimate,
        regions={person.id: person.holidays for person in settings.contributors if person.holidays},
        longest=settings.guardrails.max_hours_per_day,
    )


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
        held = {entry for line in invoice.lines for entry in line.entries}  # a credit note gave the others back
        billed.append(
            Billed(
                number=invoice.number,
                client=invoice.client_id,
                first=invoice.first,
                last=invoice.last,
                issued=invoice.issue_date,
                rows=tuple(row for row in rows if row.entry in held),
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
