"""The reflog of the demo's clone: what was done there, also to commits that no branch reaches any more."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from git_bill.adapters.git.demo_timetable import Person

_NOTHING = "0" * 40


class Reflog:
    """Lines as git-update-ref(1) defines them, for HEAD and the branches of one person's clone."""

    def __init__(self, person: Person, source: str) -> None:
        self._person, self._source = person, source
        self._on = "main"
        self._tips: dict[str, str] = {}
        self._lines: dict[str, list[str]] = {}

    def visit(self, branch: str, remote: Mapping[str, str], at: datetime) -> None:
        """Check a branch out; clone, make it, bring it up to date where that is needed."""
        if not self._tips:
            self.move(remote["main"], at, f"clone: from {self._source}")
        if branch not in self._tips:
            self.visit("main", remote, at)
            self._tips[branch] = self._tips["main"]
            self._note(f"refs/heads/{branch}", _NOTHING, self._tips[branch], at, "branch: Created from main")
        if branch != self._on:
            text = f"checkout: moving from {self._on} to {branch}"
            self._note("HEAD", self._tips[self._on], self._tips[branch], at, text)
            self._on = branch
        if self._tips[branch] != remote[branch]:
            self.move(remote[branch], at, "pull: Fast-forward")

    def move(self, new: str, at: datetime, text: str) -> None:
        """HEAD and the branch that is checked out come to be at `new`."""
        old = self._tips.get(self._on, _NOTHING)
        for ref in ("HEAD", f"refs/heads/{self._on}"):
            self._note(ref, old, new, at, text)
        self._tips[self._on] = new

    def rebase(self, old: str, moved: Sequence[tuple[str, str]], at: datetime) -> None:
        """The branch that is checked out is moved: `moved` is its new base and its commits, each (id, subject)."""
        ref, (base, _), (tip, _) = f"refs/heads/{self._on}", moved[0], moved[-1]
        self._note("HEAD", old, base, at, "rebase (start): checkout origin/main")
        for (before, _), (after, subject) in pairwise(moved):
            self._note("HEAD", before, after, at, f"rebase (pick): {subject}")
        self._note("HEAD", tip, tip, at, f"rebase (finish): returning to {ref}")
        self._note(ref, old, tip, at, f"rebase (finish): {ref} onto {base}")
        self._tips[self._on] = tip

    def texts(self, branches: Collection[str]) -> dict[str, str]:
        """Ref → content of its log; a branch that is gone took its log along."""
        kept = {"HEAD", *(f"refs/heads/{branch}" for branch in branches)}
        return {ref: "".join(lines) for ref, lines in self._lines.items() if ref in kept}

    def _note(self, ref: str, old: str, new: str, at: datetime, text: str) -> None:
        self._lines.setdefault(ref, []).append(f"{old} {new} {self._person.sign(at)}\t{text}\n")
