"""Gather: what clones and logs show that is not on file yet, and the evidence files that it is appended to."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from git_bill import __version__
from git_bill.custody.redaction import masked
from git_bill.effects import WriteFile
from git_bill.flows import gather_told
from git_bill.flows.gather_recorded import Export, recorded
from git_bill.flows.keyed import kept, seen, seen_by, tracker, withheld
from git_bill.flows.proof import UNTOLD, holders, signed
from git_bill.forge import Forge
from git_bill.layout import SETTINGS, evidence_file
from git_bill.ports import History, Snapshot
from git_bill.problem import Exit, Problem, Stop, located, nearest, stop
from git_bill.sources import elsewhere, events, git, gitlog, journal, notes, reflog
from git_bill.sources.commit import Found, Reading
from git_bill.worklog.assignment import INTERNAL
from git_bill.worklog.evidence import Evidence, to_line
from git_bill.worklog.identity import addresses
from git_bill.worklog.keyed import EvidenceKey
from git_bill.worklog.measured import MEASURED
from git_bill.worklog.spend import Agreed
from git_bill.worklog.told import OF_FORGES
from git_bill.workspace import Source, Workspace

_BOOKS_FOLDER = "billing/"
_OF_FORGES = OF_FORGES | MEASURED.keys()  # not what a clone shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The output of one plain `git log` of a source, from a machine where nothing else may run."""

    source: str
    file: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Where to look: clones by source name (a problem says why one is out of reach) and logs.

    `top`: the workspace's folder; in a source that is the workspace, work on the books alone is no work.
    `known`: all evidence on file. `marks`: by source, how its clone was when all it shows was put on file.
    `forges`: by source, asked as of `now`. `exports`: what programs that record time wrote, by source; `mine`: what of
    the evidence on file the actor put there. `key`: of sources with keyed evidence, where this machine has it.
    """

    workspace: Workspace
    top: Path
    histories: Mapping[str, History | Problem]
    logs: tuple[Log, ...]
    known: tuple[Evidence, ...]
    marks: Mapping[str, str] = field(default_factory=dict)
    forges: Mapping[str, Forge] = field(default_factory=dict)
    now: datetime | None = None
    exports: Mapping[str, Export | Problem] = field(default_factory=dict)
    mine: tuple[Evidence, ...] = ()
    key: EvidenceKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What is new, by source name; and the marks to keep once it is on file: a clone of an equal mark shows no more."""

    found: Mapping[str, Found]
    marks: Mapping[str, str]

    @property
    def new(self) -> Mapping[str, tuple[Evidence, ...]]:
        """The evidence by source."""
        return {source: each.evidence for source, each in self.found.items()}


def gather(where: Gathering) -> Gathered:
    """What the sources show. Stops (exit 3) where nobody works here or a source's client is unknown."""
    if not where.workspace.settings.contributors:
        raise stop(
            Exit.SETTINGS,
            "no-contributors",
            "nobody is listed whose commits are work",
            'add: [[contributors]] with id = "mira", name, emails and timezone',
            SETTINGS,
        )
    found: dict[str, Found] = {}
    marks: dict[str, str] = {}
    for source in _sources(where.workspace):
        own = [record for record in where.known if record.source == source.name]
        if not source.is_repository:
            mine = [record for record in where.mine if record.source == source.name]
            export = where.exports.get(source.name)
            found[source.name] = recorded(source, where.workspace, export, known=own, mine=mine, now=where.now)
            continue
        marks[source.name], found[source.name] = _repository(source, where, own)
    told = elsewhere.judged({name: some.evidence for name, some in found.items()}, where.known)
    found = {name: replace(some, evidence=told[name]) for name, some in found.items()}
    secret_free = {name: _without_secrets(some) for name, some in found.items()}
    return Gathered(found=secret_free, marks={name: mark for name, mark in marks.items() if mark})


def _repository(source: Source, where: Gathering, own: Sequence[Evidence]) -> tuple[str, Found]:
    """The mark of its clone, empty where it could not be read; what is new there, in logs and on its forge."""
    why_not = withheld(source, own, where.key)
    if why_not is not None:
        return "", Found(evidence=(), problems=(why_not,))
    key = where.key if source.evidence == "keyed" else None
    shown = seen(own, key)
    looked, read = _found(source, where, [record for record in shown if record.kind not in _OF_FORGES])
    there = tracker(source, where.forges.get(source.name), where.key)
    told = Found(evidence=())
    if there is not None and where.now is not None:
        told = gather_told.told(there, source, where.workspace, (*shown, *read.evidence), where.now)
    tags = _tags(source, where, shown)
    new = Found(evidence=(*read.evidence, *tags, *told.evidence), problems=(*read.problems, *told.problems))
    if key is not None:
        new = kept(new, own, key)
    return _mark(looked, (*shown, *seen(new.evidence, key))) if looked else "", new


def _tags(source: Source, where: Gathering, on_file: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Tags that complete milestones: a contract may name one that was there before."""
    names = gather_told.named(where.workspace, source, "tag")
    history = seen_by(source, where.histories.get(source.name), where.key) if names else None
    if history is None or isinstance(history, Problem):
        return ()
    try:
        return events.tags(sorted(history.tagged(names).items()), source.name, on_file)
    except Stop:  # that the clone can't be read is said where its commits are looked for
        return ()


def _without_secrets(found: Found) -> Found:
    """A token in somebody's commit message is no reason to keep it, nor to refuse the books for ever."""
    return replace(found, evidence=tuple(_without_secret(record) for record in found.evidence))


def _without_secret(record: Evidence) -> Evidence:
    text, branch = masked(record.text, ()), record.branch and masked(record.branch, ())
    return record if (text, branch) == (record.text, record.branch) else replace(record, text=text, branch=branch)


def _sources(workspace: Workspace) -> tuple[Source, ...]:
    """The sources. Stops (exit 3) where one is for a client that there is not."""
    clients = {*workspace.engagements, INTERNAL}
    wrong = [
        Problem(
            rule="unknown-client",
            message=f"source {source.name!r} is for client {client!r}, which there is not",
            hint=f'write client = "{nearest(client, clients) or min(clients)}", or add it: git bill client add',
            file=SETTINGS,
            at=("sources", index, *at),
        )
        for index, source in enumerate(workspace.settings.sources)
        for client, at in _named_clients(source)
        if client not in clients
    ]
    if wrong:
        raise Stop(Exit.SETTINGS, [located(problem, workspace.where) for problem in wrong])
    return workspace.settings.sources


def _named_clients(source: Source) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Every client that a source names, and where."""
    if source.client:
        yield source.client, ("client",)
    for index, route in enumerate(source.routes):
        yield route.client, ("routes", index, "client")


def _found(source: Source, where: Gathering, on_file: Sequence[Evidence]) -> tuple[str, Found]:
    """How the clone was and what was looked for (empty: it could not be read); what is new there and in logs."""
    settings = where.workspace.settings
    reading = reading_of(source, where.workspace)
    own = [log for log in where.logs if log.source == source.name]
    history = seen_by(source, where.histories.get(source.name), where.key)
    looked = ""
    if history is None:
        found = Found(evidence=(), problems=() if own else (_out_of_reach(source),))
    elif isinstance(history, Problem):
        found = Found(evidence=(), problems=(history,))
    else:
        inside = _BOOKS_FOLDER if source.url == "." or history.path == where.top else None
        try:
            asked = sorted(holders(settings)) if source.identity == "proven" else ()
            # Before it is read: what comes later is new.
            now = f"{__version__} {history.state()} {reading} {inside} {source.evidence} {asked}"
            same = _mark(now, on_file) == where.marks.get(source.name)
            found = Found(evidence=()) if same else _read(history, reading, on_file, inside, _zones(where))
            if asked and not same:
                found = signed(source, history, on_file, found, settings)
            looked = "" if any(problem.rule == UNTOLD for problem in found.problems) else now
            if history.shallow:
                found = Found(evidence=found.evidence, problems=(*found.problems, _shallow(source, history)))
        except Stop as broken:  # one clone that can't be read does not keep the others from being read
            found = Found(evidence=(), problems=tuple(_unreadable(source, history, p) for p in broken.problems))
    for log in own:
        more = gitlog.read(log.content, reading, file=log.file, known=(*on_file, *found.evidence))
        found = Found(evidence=(*found.evidence, *more.evidence), problems=(*found.problems, *more.problems))
    return looked, found


def reading_of(source: Source, workspace: Workspace) -> Reading:
    """What a source's commits are read by."""
    settings = workspace.settings
    return Reading(
        source=source.name,
        identity=addresses({person.id: person.emails for person in settings.contributors}),
        ticket_pattern=source.ticket_pattern,
        since=source.since,
        timezone=settings.issuer.timezone,
        agreed=_agreed(source, workspace),
        paths=tuple(dict.fromkeys(route.match.path for route in source.routes if route.match.path)),
    )


def _agreed(source: Source, workspace: Workspace) -> tuple[Agreed, ...]:
    """What days and weeks are worth by the contracts that a source's project may be billed under."""
    whose = dict.fromkeys([(r.client, r.project or source.project) for r in source.routes])
    engagements = workspace.engagements
    return tuple(
        contract.agreed
        for client, project in (*whose, (source.client, source.project))
        for contract in (engagements[client].contracts if client in engagements else ())
        if not contract.applies.project or project in contract.applies.project
    )


def _read(
    history: History, reading: Reading, on_file: Sequence[Evidence], books: str | None, zones: Mapping[str, tzinfo]
) -> Found:
    commits = [record for record in on_file if record.kind == "commit"]
    found = git.read(history, reading, known=commits, books=books)
    seen = (*on_file, *found.evidence)
    rewritten = journal.read(history.journal(), seen)
    noted = notes.read(history.notes(notes.REF), seen, zones)
    went = reflog.read(history.visits(), reading, found.evidence)
    evidence = (*found.evidence, *rewritten, *noted.evidence, *went)
    return Found(evidence=evidence, problems=(*found.problems, *noted.problems))


def _zones(where: Gathering) -> Mapping[str, tzinfo]:
    return {person.id: ZoneInfo(person.timezone) for person in where.workspace.settings.contributors}


def _mark(looked: str, on_file: Iterable[Evidence]) -> str:
    """Of how a clone was, what was looked for there, and what is on file of it."""
    keys = "\n".join(sorted(record.key for record in on_file if record.kind not in _OF_FORGES))
    return hashlib.sha256(f"{looked}\n{keys}".encode()).hexdigest()


def _out_of_reach(source: Source) -> Problem:
    return Problem(
        rule="source-out-of-reach",
        severity="warning",
        message=f"no clone of source {source.name!r} is known here; what was gathered before is kept",
        hint=f"tell where it lies: git bill source add PATH --client {source.client}",
    )


def _unreadable(source: Source, history: History, problem: Problem) -> Problem:
    return Problem(
        rule="source-unreadable",
        message=f"source {source.name!r} was not read: {problem.message}",
        hint=problem.hint or f"look at the clone: git -C {history.path} fsck; or clone it again",
    )


def _shallow(source: Source, history: History) -> Problem:
    return Problem(
        rule="shallow-clone",
        severity="warning",
        message=f"the clone of source {source.name!r} is shallow: older commits are not seen, times may be too long",
        hint=f"fetch them: git -C {history.path} fetch --unshallow",
    )


def evidence_files(state: Snapshot, actor: str, new: Mapping[str, Iterable[Evidence]]) -> Iterator[WriteFile]:
    """Each file with its new lines at the end, by instant and key; the month is the author date's in UTC."""
    months: dict[str, list[Evidence]] = defaultdict(list)
    for source, records in new.items():
        for record in records:
            months[evidence_file(source, actor, f"{record.at.astimezone(UTC):%Y-%m}")].append(record)
    for path, records in sorted(months.items()):
        old = state.read(path) or b""
        lines = "".join(f"{to_line(record)}\n" for record in sorted(records, key=lambda r: (r.at, r.key)))
        gap = b"" if not old or old.endswith(b"\n") else b"\n"
        yield WriteFile(path=path, content=old + gap + lines.encode())
