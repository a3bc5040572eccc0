"""The part of explain that is about commits that the books do not have: why they were left out."""

from collections.abc import Iterator, Mapping

from git_bill.flows.gather import reading_of
from git_bill.ports import History, RawCommit
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.sources.commit import is_undated
from git_bill.worklog.activity import clean
from git_bill.worklog.agent import is_program
from git_bill.worklog.directives import subject
from git_bill.worklog.entry import evidence_name
from git_bill.worklog.reason import Reason, brief
from git_bill.workspace import Source, Workspace

Histories = Mapping[str, History | Problem]  # by source; a problem says why a clone is out of reach


def left_out(workspace: Workspace, key: str, histories: Histories) -> Reason:
    """A commit by the beginning of its id, as the clones here show it. Stops (exit 1) where none does."""
    unseen: list[str] = []
    for source in workspace.settings.sources:
        history = histories.get(source.name)
        if not source.is_repository:
            continue
        try:
            found = None if history is None or isinstance(history, Problem) else _find(history, key)
        except Stop:
            history, found = None, None
        if found is not None:
            name = evidence_name(source.name, found.id)
            text = f'{name}  {found.author_at:%a %Y-%m-%d %H:%M %z}  "{brief(clean(subject(found.message)))}"'
            why = tuple(_why(found, source, workspace))
            return Reason(text=text, kind="left-out", ref=name, because=why)
        if history is None or isinstance(history, Problem):
            unseen.append(source.name)
    where = f"in no clone here; {', '.join(unseen)} can't be looked into" if unseen else "in no clone of a source"
    raise stop(
        Exit.PROBLEMS,
        "unknown-subject",
        f"no commit that begins with {key} is on file, nor is one {where}",
        "it may be older than `since`, of somebody who is not listed, or not fetched yet: git fetch, git bill collect",
    )


def _find(history: History, key: str) -> RawCommit | None:
    return next((commit for commit in history.commits() if commit.id.startswith(key)), None)


def _why(commit: RawCommit, source: Source, workspace: Workspace) -> Iterator[Reason]:
    reading = reading_of(source, workspace)
    author = clean(f"{commit.author_name} <{commit.author_email}>")
    timely = True
    if is_undated(commit):
        timely = False
        text = "it is not counted: its author date can't be read; bill what it took: git bill add"
        yield Reason(text=text, kind="undated")
    elif reading.start is not None and commit.author_at < reading.start:
        timely = False
        text = f"it is not counted: it was made before {source.since}, from which day {source.name} is billed (`since`)"
        yield Reason(text=text, kind="before-since")
    if reading.person(commit.author_name, commit.author_email) is None:
        who = "a program" if is_program(commit.author_name, commit.author_email) else "no contributor of these books"
        yield Reason(text=f"it is not counted: its author, {author}, is {who}", kind="unknown-contributor")
    elif timely:
        text = "it is not on file: it came after the last git bill collect, or touches nothing but the books"
        yield Reason(text=text, kind="not-collected")
