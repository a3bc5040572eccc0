"""Replays the demo's timetable for one repository: a `git fast-import` stream, and the reflog of the clone."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby

from git_bill.adapters.git.demo_reflog import Reflog
from git_bill.adapters.git.demo_timetable import Edit, Step, Timetable

_ME, _FORGE = "mira", "forge"
_ARRIVAL = timedelta(minutes=4)  # from checking a branch out to the commit on it
_SCRATCH = "refs/demo/scratch"  # carries every commit into the clone, also those that no branch shall keep


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """`stream`: input of git fast-import. `pulls`: number of a pull request → its head at the origin."""

    stream: bytes
    reflog: Mapping[str, str]
    pulls: Mapping[int, str]


def replay(timetable: Timetable, project: str) -> Replayed:
    """Tell the steps of one repository in the order of time."""
    telling = _Telling(timetable, project)
    steps = [step for step in timetable.steps if step.project == project]
    for step in steps:
        telling.tell(step)
    return telling.finish(steps[-1].at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Commit:
    """`files`: the whole tree, path → text. `mark`: its number in the stream."""

    id: str
    mark: int
    parent: "_Commit | None"
    author: str
    message: str
    edits: tuple[Edit, ...]
    files: Mapping[str, str]

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]


class _Telling:
    def __init__(self, timetable: Timetable, project: str) -> None:
        self._people, self._owner = timetable.people, timetable.repositories[project]
        self._pieces = {path: iter(pieces) for path, pieces in timetable.pieces[project].items()}
        self._reflog = Reflog(self._people[_ME], f"{self._owner}/{project}.git")
        self._tips: dict[str, _Commit] = {}
        self._own: dict[str, list[_Commit]] = {}  # what a branch has that main has not
        self._told: list[_Commit] = []
        self._pulls: dict[int, str] = {}
        self._stream: list[str] = []

    def tell(self, step: Step) -> None:
        deeds: dict[str, Callable[[Step], None]] = {
            "commit": self._commit,
            "amend": self._amend,
            "rebase": self._rebase,
            "merge": self._merge,
            "squash": self._squash,
            "pick": self._pick,
            "revert": self._revert,
            "tag": self._tag,
        }
        if self._tips and step.branch not in self._tips:
            self._tips[step.branch], self._own[step.branch] = self._tips["main"], []
        if step.by == _ME:
            self._visit("main" if step.do == "merge" else step.branch, step.at - _ARRIVAL)
        deeds[step.do](step)

    def finish(self, last: datetime) -> Replayed:
        """The clone ends on main, up to date; refs for what is left, none for what was left behind."""
        self._visit("main", last + _ARRIVAL)
        for branch, commit in self._tips.items():
            self._stream.append(f"reset refs/heads/{branch}\nfrom :{commit.mark}\n")
        self._stream.append(f"reset {_SCRATCH}\nfrom {'0' * 40}\n")
        return Replayed(stream="".join(self._stream).encode(), reflog=self._reflog.texts(self._tips), pulls=self._pulls)

    def _visit(self, branch: str, at: datetime) -> None:
        self._reflog.visit(branch, {name: commit.id for name, commit in self._tips.items()}, at)

    def _commit(self, step: Step) -> None:
        made = self._make(self._tips.get(step.branch), self._signatures(step), step.message, self._edits(step))
        self._land(step, made, step.branch, f"commit: {made.subject}")

    def _amend(self, step: Step) -> None:
        old = self._own[step.branch].pop()
        signatures = (old.author, self._signatures(step)[1])
        made = self._make(old.parent, signatures, step.message, [*old.edits, *self._edits(step)])
        self._land(step, made, step.branch, f"commit (amend): {made.subject}")

    def _rebase(self, step: Step) -> None:
        old, moved = self._tips[step.branch], [self._tips["main"]]
        for commit in self._own[step.branch]:
            signatures = (commit.author, self._signatures(step)[1])
            moved.append(self._make(moved[-1], signatures, commit.message, commit.edits))
        self._tips[step.branch], self._own[step.branch] = moved[-1], moved[1:]
        self._reflog.rebase(old.id, [(commit.id, commit.subject) for commit in moved], step.at)

    def _merge(self, step: Step) -> None:
        tip, edits, _ = self._retire(step)
        message = f"Merge branch '{step.branch}'"
        if step.pull:
            message = f"Merge pull request #{step.pull} from {self._owner}/{step.branch}\n\n{step.say}"
        made = self._make(self._tips["main"], self._signatures(step), message, edits, second=tip)
        self._land(step, made, "main", f"merge {step.branch}: Merge made by the 'ort' strategy.")

    def _squash(self, step: Step) -> None:
        _, edits, subjects = self._retire(step)
        message = "\n\n".join([step.say, *(f"* {subject}" for subject in subjects), step.tail])
        self._land(step, self._make(self._tips["main"], self._signatures(step), message, edits), "main")

    def _pick(self, step: Step) -> None:
        found = self._find(step)
        signatures = (found.author, self._signatures(step)[1])
        made = self._make(self._tips[step.branch], signatures, found.message, found.edits)
        self._land(step, made, step.branch, f"cherry-pick: {made.subject}")

    def _revert(self, step: Step) -> None:
        found = self._find(step)
        message = f'Revert "{found.subject}"\n\nThis reverts commit {found.id}.\n\n{step.say}'
        edits = [(path, new, old) for path, old, new in found.edits]
        made = self._make(self._tips[step.branch], self._signatures(step), message, edits)
        self._land(step, made, step.branch, f"revert: {made.subject}")

    def _tag(self, step: Step) -> None:
        head = f"tag {step.name}\nfrom :{self._tips[step.branch].mark}\ntagger {self._signatures(step)[0]}\n"
        self._stream.append(head + _counted(step.say + "\n"))

    def _signatures(self, step: Step) -> tuple[str, str]:
        person = self._people[step.by]
        committer = self._people[_FORGE] if person.web or step.pull else person
        return person.sign(step.at), committer.sign(step.at, person.zone)

    def _edits(self, step: Step) -> list[Edit]:
        return [(path, "", next(self._pieces[path])) for path in step.add] + list(step.fix)

    def _find(self, step: Step) -> _Commit:
        return next(commit for commit in reversed(self._told) if commit.subject.startswith(step.of))

    def _retire(self, step: Step) -> tuple[_Commit, list[Edit], list[str]]:
        """A branch ends: its tip, all its edits, its subjects. The forge keeps the head of a pull request."""
        tip, own = self._tips.pop(step.branch), self._own.pop(step.branch)
        if step.pull:
            self._pulls[step.pull] = tip.id
        return tip, [edit for commit in own for edit in commit.edits], [commit.subject for commit in own]

    def _land(self, step: Step, made: _Commit, branch: str, deed: str = "") -> None:
        self._tips[branch] = made
        self._own.setdefault(branch, []).append(made)
        if step.by == _ME:
            self._reflog.move(made.id, step.at, deed)

    def _make(
        self,
        onto: _Commit | None,
        signatures: tuple[str, str],
        message: str,
        edits: Sequence[Edit],
        second: _Commit | None = None,
    ) -> _Commit:
        """A commit with `edits` on the tree of `onto`; `second`: the merged branch. Raises ValueError on a misfit."""
        before = onto.files if onto else {}
        files = _edited(before, edits)
        parents = [parent for parent in (onto, second) if parent]
        head = f"author {signatures[0]}\ncommitter {signatures[1]}\n"
        made = _Commit(
            id=_commit_id(files, [parent.id for parent in parents], head, message + "\n"),
            mark=len(self._told) + 1,
            parent=onto,
            author=signatures[0],
            message=message,
            edits=tuple(edits),
            files=files,
        )
        self._told.append(made)
        self._stream += [f"commit {_SCRATCH}\nmark :{made.mark}\n{head}", _counted(message + "\n")]
        self._stream += [f"{word} :{parent.mark}\n" for word, parent in zip(("from", "merge"), parents, strict=False)]
        changed = [path for path, text in files.items() if before.get(path) != text]
        self._stream += [f"M {_mode(path)} inline {path}\n{_counted(files[path])}" for path in changed]
        return made


def _edited(files: Mapping[str, str], edits: Sequence[Edit]) -> dict[str, str]:
    edited = dict(files)
    for path, old, new in edits:
        text = edited.get(path, "")
        if old not in text:
            raise ValueError(f"{path} does not hold {old!r}")
        edited[path] = text.replace(old, new, 1) if old else text + new
    return edited


def _counted(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"


def _mode(path: str) -> str:
    return "100755" if path.endswith(".sh") else "100644"


def _commit_id(files: Mapping[str, str], parents: Sequence[str], head: str, message: str) -> str:
    """What git will call the commit: a revert and the reflog name it before git has seen it."""
    lines = [f"tree {_tree_id(files)}", *(f"parent {parent}" for parent in parents)]
    return _object_id("commit", ("\n".join(lines) + f"\n{head}\n{message}").encode())


def _tree_id(files: Mapping[str, str]) -> str:
    """Entries sort as if a folder's name ended in a slash, which is how the paths sort that are grouped here."""
    raw = b""
    for name, group in groupby(sorted(files), key=lambda path: path.partition("/")[0]):
        paths = list(group)
        inner = {path.partition("/")[2]: files[path] for path in paths if "/" in path}
        mode, found = ("40000", _tree_id(inner)) if inner else (_mode(name), _blob_id(files[name]))
        raw += f"{mode} {name}\0".encode() + bytes.fromhex(found)
    return _object_id("tree", raw)


@cache
def _blob_id(text: str) -> str:
    return _object_id("blob", text.encode())


def _object_id(kind: str, raw: bytes) -> str:
    return hashlib.sha1(f"{kind} {len(raw)}\0".encode() + raw, usedforsecurity=False).hexdigest()
