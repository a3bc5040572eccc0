"""Evidence from a git repository: every commit of a contributor, with what it changed and what it repeats."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from git_bill.ports import Change, Graph, History, Node, RawCommit
from git_bill.problem import Problem
from git_bill.sources import words
from git_bill.sources.commit import Found, Reading, commit_of, evidence_of, in_order, is_undated
from git_bill.sources.repeats import Repeats, repeated
from git_bill.worklog import directives
from git_bill.worklog.assignment import paths_of
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.ticket import ticket_in


def read(
    history: History,
    reading: Reading,
    *,
    known: Iterable[Evidence] = (),
    lines: bool = True,
    branches: bool = True,
    books: str | None = None,
    commits: Iterable[RawCommit] | None = None,
) -> Found:
    """New evidence in a clone. `known`: the source's evidence on file, which is not returned again.

    `lines` False leaves out what needs diffs: counts, patches, repetitions. `books`: the workspace's folder in this
    repository (`"billing/"`): a commit that touches nothing else is no work, unless it says `Time:` (law 2).
    `commits`: the history's, where they were read before.
    """
    on_file = {record.key: record for record in known}
    walk = history.commits(since=reading.start) if commits is None else commits
    graph, new, problems = _walked(walk, reading, on_file, with_graph=lines or branches or books is not None)
    changes = history.changes(_touched(new, graph, books)) if lines or books or reading.paths else {}
    records = [
        r for r in new.values() if not books or r.minutes is not None or not _keeps_books(r, graph, changes, books)
    ]
    if reading.paths:
        records = [_placed(record, changes.get(commit_of(record.key)), reading.paths) for record in records]
    if branches:
        names = history.branch_of([commit_of(record.key) for record in records], graph)
        records = [_on_branch(record, names.get(commit_of(record.key)), reading) for record in records]
    if lines:
        problems += _unmeasured(records, changes, history, reading)
        records = _measured(records, changes)
        found = repeated(records, tuple(on_file.values()), graph, changes, history)
        records = [_repeating(record, found) for record in records]
        said = words.read(records, tuple(on_file.values()), graph)
        records = [*records, *said.evidence]
        problems += said.problems
    return Found(evidence=in_order(records), problems=tuple(problems))


def _walked(
    commits: Iterable[RawCommit], reading: Reading, known: Container[str], *, with_graph: bool
) -> tuple[dict[str, Node], dict[str, Evidence], list[Problem]]:
    """How commits hang together, the new evidence among them by key, and what is wrong with it."""
    graph: dict[str, Node] = {}
    new: dict[str, Evidence] = {}
    problems: list[Problem] = []
    undated: list[str] = []
    start = reading.start
    for commit in commits:
        if with_graph:
            graph[commit.id] = _node(commit)
        if is_undated(commit) and reading.person(commit.author_name, commit.author_email):
            undated.append(commit.id)
        if start is not None and commit.author_at < start:
            continue
        wrong: list[Problem] = []
        for record in evidence_of(commit, reading, wrong):
            if record.key not in known:
                new[record.key] = record
                problems += wrong
    return graph, new, [*problems, *_undated(undated, reading)]


def _node(commit: RawCommit) -> Node:
    subject = directives.subject(commit.message) if len(commit.parents) > 1 else ""
    return Node(commit.parents, int(commit.committer_at.timestamp()), subject)


def _undated(commits: Sequence[str], reading: Reading) -> Iterator[Problem]:
    """Git reads a date that nobody can read as the epoch."""
    if commits and not reading.everyone:
        some = ", ".join(commit[:12] for commit in commits[:3]) + (", …" if len(commits) > 3 else "")
        yield Problem(
            rule="undated-commits",
            severity="warning",
            message=f"{len(commits)} of the contributors' commits in {reading.source} can't be counted, "
            f"for no date can be read there: {some}",
            hint=f'bill what they took by hand: git bill add 45m "…"; see one: git bill explain {commits[0][:12]}',
        )


def _unmeasured(
    records: Iterable[Evidence], changes: Mapping[str, Change], history: History, reading: Reading
) -> Iterator[Problem]:
    """Sizes count for the hours, and patches tell repetitions. Merges have none; a shallow clone is told of as such."""
    told = [changes.get(commit_of(record.key)) for record in records if record.parents < 2]
    unknown = [
        change for change in told if (change is None and not history.shallow) or (change and change.added is None)
    ]
    if unknown:
        yield Problem(
            rule="sizes-unknown",
            severity="warning",
            message=f"{len(unknown)} of {len(told)} new commits of {reading.source} are judged by their times alone: "
            "the clone lacks their files",
            hint=f"fetch these first: git -C {history.path} fetch --refetch --no-filter",
        )


def _touched(new: Mapping[str, Evidence], graph: Graph, books: str | None) -> list[str]:
    """The commits whose changes are asked for; where books are kept here, also what merges brought in."""
    commits = dict.fromkeys(commit_of(key) for key in new)
    sides = (side for commit in commits for side in graph[commit].parents[1:]) if books else ()
    return list(commits | dict.fromkeys(side for side in sides if side in graph))


def _keeps_books(record: Evidence, graph: Graph, changes: Mapping[str, Change], books: str) -> bool:
    """Whether a commit, or all that a merge brought in, touches the workspace alone."""
    commit = commit_of(record.key)
    touched = [changes.get(each) for each in graph[commit].parents[1:] or (commit,)]
    return all(change and change.files and _of_books(change.paths, books) for change in touched)


def _of_books(paths: Iterable[str], books: str) -> bool:
    """Whether paths are the workspace's, with what git itself is told of them (`init` writes .gitattributes)."""
    inside = [path for path in paths if path.startswith(books)]
    return bool(inside) and all(path in inside or path == ".gitattributes" for path in paths)


def _placed(record: Evidence, change: Change | None, patterns: Sequence[str]) -> Evidence:
    return replace(record, paths=paths_of(change.paths, patterns)) if change else record


def _on_branch(record: Evidence, branch: str | None, reading: Reading) -> Evidence:
    if branch is None:
        return record
    return replace(record, branch=branch, ticket=record.ticket or ticket_in(branch, reading.ticket_pattern))


def _repeating(record: Evidence, found: Repeats) -> Evidence:
    covers, partly = found.covers.get(record.key, ()), found.partly.get(record.key, ())
    return replace(record, covers=covers, partly=partly) if covers or partly else record


def _measured(records: Iterable[Evidence], changes: Mapping[str, Change]) -> list[Evidence]:
    listed = [(record, changes.get(commit_of(record.key))) for record in records]
    return [
        replace(r, files=c.files, added=c.added, deleted=c.deleted, patch=c.patch, sketch=c.sketch) if c else r
        for r, c in listed
    ]
