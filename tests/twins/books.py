"""Books in memory: the same contract as in git, with faults to order. For tests of flows."""

import copy
import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Literal

from git_bill.effects import Configure, Done, DropBranch, Moved, Publish, Refused, WriteFile
from git_bill.ports import Ahead, Arrival, Books, DraftBranch
from git_bill.problem import Exit, stop

ROBOT = ("git-bill", "git-bill@localhost")
Method = Literal["merge", "squash", "rebase"]
EPOCH = datetime(2026, 11, 2, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit: all files, parents, author and date."""

    files: Mapping[str, bytes]
    parents: tuple[str, ...]
    message: str
    author: tuple[str, str]
    at: datetime

    @property
    def id(self) -> str:
        content = (sorted(self.files.items()), self.parents, self.message, self.author, self.at)
        return hashlib.sha1(repr(content).encode(), usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class Store:
    """What all views of one repository share. `files` is the work tree, with the books branch checked out."""

    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    config: dict[tuple[str | None, str], str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


class MemorySnapshot:
    """Files of a commit, or (revision None) the work tree as it is when asked."""

    def __init__(self, files: Mapping[str, bytes], revision: str | None) -> None:
        self._files = files
        self._revision = revision
        self.seen: dict[str, bytes | None] = {}

    @property
    def revision(self) -> str | None:
        return self._revision

    def read(self, path: str) -> bytes | None:
        self.seen[path] = self._files.get(_checked(path))
        return self.seen[path]

    def opened(self, path: str) -> bytes | None:
        """As `read`: the twin has no keys."""
        return self.read(path)

    def paths(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(path for path in self._files if path.startswith(f"{folder}/" if folder else "")))


class MemoryBooks:
    """`Books` without git.

    Faults: `offline` (the remote can't be reached), `protected` (why it takes no push), `rivals` (each is called
    once, before a publish is judged: somebody who is faster).
    """

    def __init__(self, *, branch: str = "main", remote: str | None = None) -> None:
        self.store = Store()
        self.offline = False
        self.protected: str | None = None
        self.rivals: list[Callable[[], object]] = []
        self._branch = branch
        self._remote = remote
        self._shown: MemorySnapshot | None = None

    def another(self) -> "MemoryBooks":
        """A second process at work in the same repository."""
        twin = copy.copy(self)
        twin._shown, twin.rivals = None, []
        return twin

    def merge(
        self, branch: str, *, how: Method = "merge", author: tuple[str, str] = ("Mira", "mira@example.net")
    ) -> list[str]:
        """What a person does with a branch: merge it into the books branch; the commits that landed there.

        A rebase keeps the authors of the branch's commits.
        """
        tip, head = self.store.branches[self._branch], self.store.branches[branch]
        base = self.fork_point(head)
        assert base is not None
        steps = [(base, head)]
        if how == "rebase":
            own = self._first_parents(head)
            own = own[own.index(base) :]
            steps = list(pairwise(own))
        landed = list[str]()
        for before, after in steps:
            files, made = dict(self.store.commits[tip].files), self.store.commits[after]
            for path in self.changed(before, after):
                _put(files, path, made.files.get(path))
            merged = Commit(
                files=files,
                parents=(tip, head) if how == "merge" else (tip,),
                message=made.message if how == "rebase" else f"Merge {branch}",
                author=made.author if how == "rebase" else author,
                at=EPOCH,
            )
            self._land(self._branch, tip, merged)
            tip = merged.id
            landed.append(tip)
        return landed

    @property
    def top(self) -> Path:
        return Path("/memory")

    @property
    def branch(self) -> str:
        return self._branch

    @property
    def remote(self) -> str | None:
        return self._remote

    def here(self) -> MemorySnapshot:
        self._shown = MemorySnapshot(self.store.files, None)
        return self._shown

    def fetch(self) -> None:
        self._reach()

    def settle(self) -> None:
        """Nothing is ever half done here."""

    def tip(self) -> str | None:
        return self.store.branches.get(self._branch)

    def local(self) -> str | None:
        return self.tip()

    def ahead(self) -> Ahead | None:
        """Never: here the local branch is the remote's."""
        return None

    def pending(self) -> Mapping[str, bytes | None]:
        tip = self.tip()
        before = self.store.commits[tip].files if tip else {}
        paths = sorted(
            p for p in before.keys() | self.store.files.keys() if p.startswith(("billing/", ".gitattributes"))
        )
        return {p: self.store.files.get(p) for p in paths if self.store.files.get(p) != before.get(p)}

    def unseen(self) -> tuple[str, ...]:
        """Nothing: the twin has one work tree."""
        return ()

    def versions(self, commit: str, path: str) -> Iterator[tuple[str, bytes | None]]:
        order = self._first_parents(commit)
        for before, each in reversed(list(zip([None, *order], order, strict=False))):
            old = self.store.commits[before].files.get(path) if before else None
            new = self.store.commits[each]
            if new.files.get(path) != old:
                yield new.message, new.files.get(path)

    def at(self, commit: str) -> MemorySnapshot:
        return MemorySnapshot(self.store.commits[commit].files, commit)

    def drafts(self) -> tuple[DraftBranch, ...]:
        return self._branches("bill/")

    def proposals(self) -> tuple[DraftBranch, ...]:
        return self._branches("pay/")

    def _branches(self, folder: str) -> tuple[DraftBranch, ...]:
        return tuple(
            DraftBranch(name=branch.removeprefix(folder), commit=commit)
            for branch, commit in sorted(self.store.branches.items())
            if branch.startswith(folder)
        )

    def fork_point(self, commit: str) -> str | None:
        tip = self.tip()
        ours = set(self._ancestors(tip)) if tip else set()
        if commit not in self.store.commits:
            return None
        common = [found for found in self._ancestors(commit) if found in ours]
        older = {parent for found in common for parent in self._ancestors(found) if parent != found}
        return next((found for found in common if found not in older), None)

    def changed(self, old: str, new: str) -> tuple[str, ...]:
        before, after = self.store.commits[old].files, self.store.commits[new].files
        return tuple(sorted(p for p in before.keys() | after.keys() if before.get(p) != after.get(p)))

    def history(self, path: str) -> Iterator[tuple[str, bytes]]:
        before: bytes | None = None
        for commit in self._first_parents(self.tip()):
            content = self.store.commits[commit].files.get(path)
            if content is not None and content != before:
                yield commit, content
            before = content

    def arrivals(self, folder: str, commit: str | None = None) -> Mapping[str, Arrival]:
        added: dict[str, str] = {}
        tip = commit or self.tip()
        order = self._first_parents(tip)
        for before, each in zip([None, *order], order, strict=False):
            known = self.store.commits[before].files if before else {}
            added |= {path: each for path in self.at(each).paths(folder) if path not in known}
        present = {path: added[path] for path in (self.at(tip).paths(folder) if tip else ())}
        ranks = {found: rank for rank, found in enumerate(each for each in order if each in present.values())}
        return {path: self._arrival(found, ranks[found]) for path, found in present.items()}

    def landed(self, paths: Sequence[str], since: str | None, commit: str) -> tuple[Arrival, ...]:
        order = self._first_parents(commit)
        older = set(self._ancestors(since)) if since else set()
        found = [
            each
            for before, each in zip([None, *order], order, strict=False)
            if each not in older and self._touched(before, each, paths)
        ]
        return tuple(
            replace(self._arrival(each, rank), message=self.store.commits[each].message.rstrip("\n"))
            for rank, each in enumerate(found)
        )

    def _touched(self, before: str | None, commit: str, paths: Sequence[str]) -> bool:
        old = self.store.commits[before].files if before else {}
        new = self.store.commits[commit].files
        changed = [path for path in old.keys() | new.keys() if old.get(path) != new.get(path)]
        return any(path == each or path.startswith(f"{each}/") for path in changed for each in paths)

    def blob_id(self, content: bytes) -> str:
        return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()

    def tags(self, prefix: str) -> Mapping[str, str]:
        return {name: commit for name, commit in sorted(self.store.tags.items()) if name.startswith(prefix)}

    def write_all(self, effects: Sequence[WriteFile]) -> Done | Refused:
        files, seen = self.store.files, self._shown.seen if self._shown else {}
        changed = [effect for effect in effects if files.get(_checked(effect.path)) != effect.content]
        for effect in changed:
            if effect.path in seen and seen[effect.path] != files.get(effect.path):
                return Refused(reason=f"{effect.path} was changed by somebody else since it was read")
        for effect in changed:
            _put(files, effect.path, effect.content)
            seen |= {effect.path: effect.content}
        return Done(ref=effects[0].path if effects else "", already=not changed)

    def publish(self, effect: Publish) -> Done | Moved | Refused:
        if effect.push:
            self._reach()
        if self.rivals:
            self.rivals.pop(0)()
        parents = tuple(parent for parent in (effect.expect, *effect.also) if parent)
        files = dict(self.store.commits[parents[0]].files) if parents else {}
        for path, content in effect.files.items():
            _put(files, _checked(path), content)
        made = Commit(files=files, parents=parents, message=effect.message, author=effect.author or ROBOT, at=effect.at)
        tip = self.store.branches.get(effect.branch)
        if tip == made.id:
            return Done(ref=made.id, already=True)
        if tip != effect.expect:
            return Moved(tip=tip)
        refused = self._refusal(effect, made)
        if refused is not None:
            return refused
        self._land(effect.branch, tip, made)
        self.store.tags |= dict.fromkeys(effect.tags, made.id)
        return Done(ref=made.id)

    def drop(self, effect: DropBranch) -> Done | Moved | Refused:
        self._reach()
        if effect.branch == self._branch:
            return Refused(reason=f"{effect.branch} is checked out")
        tip = self.store.branches.get(effect.branch)
        if tip not in (None, effect.expect):
            return Moved(tip=tip)
        self.store.branches.pop(effect.branch, None)
        return Done(ref=effect.expect, already=tip is None)

    def configure(self, effect: Configure) -> Done:
        place = (effect.repository, effect.name)
        already = self.store.config.get(place) == effect.value
        self.store.config[place] = effect.value
        return Done(ref=effect.name, already=already)

    def configured(self, name: str) -> str | None:
        return self.store.config.get((None, name))

    def _reach(self) -> None:
        if self._remote is not None and self.offline:
            raise stop(Exit.REPOSITORY, "remote-unreachable", f"the books remote {self._remote} can't be reached")

    def _refusal(self, effect: Publish, made: Commit) -> Refused | None:
        taken = [tag for tag in effect.tags if tag in self.store.tags]
        if taken:
            return Refused(reason=f"the tag {taken[0]} is there already, on something else")
        if self._remote is not None and effect.push and self.protected is not None:
            return Refused(reason=self.protected, remedy="let this user or key push")
        if effect.branch == self._branch:
            old = self.store.commits[effect.expect].files if effect.expect else {}
            here = self.store.files
            dirty = [p for p in effect.files if here.get(p) not in (old.get(p), made.files.get(p))]
            if dirty:
                return Refused(reason=f"changed here and not committed: {', '.join(dirty)}")
        return None

    def _land(self, branch: str, old: str | None, made: Commit) -> None:
        """Move a branch; where it is checked out, what changed and is not edited there follows."""
        before = self.store.commits[old].files if old else {}
        self.store.commits[made.id] = made
        self.store.branches[branch] = made.id
        if branch == self._branch:
            for path in before.keys() | made.files.keys():
                if self.store.files.get(path) == before.get(path):
                    _put(self.store.files, path, made.files.get(path))

    def _first_parents(self, commit: str | None) -> list[str]:
        """A commit and its history along first parents, oldest first."""
        found = list[str]()
        while commit is not None:
            found.append(commit)
            commit = next(iter(self.store.commits[commit].parents), None)
        return found[::-1]

    def _ancestors(self, commit: str) -> list[str]:
        """A commit and its history, each once, near ones first."""
        found: dict[str, None] = {}
        queue = deque([commit])
        while queue:
            each = queue.popleft()
            if each not in found:
                found[each] = None
                queue.extend(self.store.commits[each].parents)
        return list(found)

    def _arrival(self, commit: str, rank: int) -> Arrival:
        made = self.store.commits[commit]
        name, email = made.author
        parent = next(iter(made.parents), None)
        return Arrival(rank=rank, commit=commit, parent=parent, name=name, email=email, at=made.at)


def _put(files: dict[str, bytes], path: str, content: bytes | None) -> None:
    if content is None:
        files.pop(path, None)
    else:
        files[path] = content


def _checked(path: str) -> str:
    if any(part in ("", ".", "..") or part.lower() == ".git" for part in path.split("/")) or "\n" in path:
        raise stop(Exit.REPOSITORY, "unsafe-path", f"{path!r} is not a path that git-bill writes to or reads from")
    return path


_: type[Books] = MemoryBooks
