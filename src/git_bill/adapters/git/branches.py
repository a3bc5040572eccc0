"""On which branch a commit was made, as far as reflogs, merge subjects and refs tell.

The reflog of HEAD says it for commits made here, even when the branch is gone. For the others the first-parent
chains are claimed: the trunk's first, then each merged side by the name in the merge's subject, then every branch
that still exists. Commits on the trunk itself stay untold.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from git_bill.adapters.git.reflog import Entry, Head
from git_bill.adapters.git.run import attempt, text
from git_bill.ports import Graph

_MADE_HERE = re.compile(r"(commit|cherry-pick|revert|am|rebase)\b(?! \((?:start|finish)\))")
_MOVED = re.compile(r"checkout: moving from (\S+) to ")
_RENAMED = re.compile(r"Branch: renamed \S+ to refs/heads/(\S+)")
_RETURNED = re.compile(r"rebase (?:-\w+ )?\(finish\): returning to refs/heads/(\S+)")
_OBJECT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")

_PULL_REQUEST = re.compile(r"Merge pull request #\d+ from [^/\s]+/(\S+)")
_MERGED_IN = re.compile(r"Merged in (\S+) \(pull request #\d+\)")
_BRANCHES = re.compile(r"Merge (remote-tracking )?(?:branch|branches) ('.+')")

_TRUNKS = ("main", "master", "trunk", "develop")


def branch_of(repository: Path, ids: Sequence[str], graph: Graph, heads: Iterable[Head]) -> dict[str, str]:
    """Branch names of those of these commits that can be told. `graph`: what the refs reach, back to the oldest."""
    told = _claimed(graph, *_tips(repository))
    told |= _journal(repository, heads)
    return {commit: told[commit] for commit in ids if commit in told}


def merged_names(subject: str) -> tuple[str, ...]:
    """The branches that a merge's subject names, in order of its parents from the second on."""
    if found := _PULL_REQUEST.match(subject) or _MERGED_IN.match(subject):
        return (found[1],)
    if found := _BRANCHES.match(subject):
        names = re.findall(r"'([^']+)'", re.split(r" (?:into|of) ", found[2])[0])
        return tuple(name.partition("/")[2] or name for name in names) if found[1] else tuple(names)
    return ()


def _journal(repository: Path, heads: Iterable[Head]) -> dict[str, str]:
    """Commits made in this clone → the branch that was checked out in that worktree."""
    made: dict[str, str] = {}
    for head, entries in heads:
        current = attempt(repository, "symbolic-ref", "--quiet", "--short", head)
        made |= _made_on(current.out.decode("utf-8", "replace").strip(), entries)
    return made


def _made_on(branch: str, entries: Iterable[Entry]) -> dict[str, str]:
    """Reads a HEAD reflog backwards in time, from the branch that is checked out now ("" where none is)."""
    made: dict[str, str] = {}
    for entry in entries:
        if branch and _MADE_HERE.match(entry.what):
            made.setdefault(entry.commit, branch)
        elif found := _MOVED.match(entry.what):
            branch = "" if _OBJECT_ID.fullmatch(found[1]) else found[1]
        elif found := _RETURNED.match(entry.what) or _RENAMED.match(entry.what):
            branch = found[1]
    return made


def _tips(repository: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """Tips of the trunk, and (name, tip) of the other branches, local ones first."""
    shape = "--format=%(objectname) %(refname) %(symref)"
    branches: list[tuple[str, str]] = []
    defaults: list[str] = []
    for line in text(repository, "for-each-ref", shape, "refs/heads", "refs/remotes").splitlines():
        tip, ref, target = line.split(" ")
        if target:  # refs/remotes/origin/HEAD
            defaults.append(_short(target))
        else:
            branches.append((_short(ref), tip))
    names = {name for name, _ in branches}
    current = attempt(repository, "symbolic-ref", "--quiet", "--short", "HEAD").out.decode("utf-8", "replace")
    trunk = next((name for name in (*defaults, *_TRUNKS, current.strip()) if name in names), None)
    return [tip for name, tip in branches if name == trunk], [pair for pair in branches if pair[0] != trunk]


def _short(ref: str) -> str:
    return ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else ref.split("/", 3)[-1]


def _claimed(graph: Graph, trunk: Iterable[str], branches: Iterable[tuple[str, str]]) -> dict[str, str]:
    claims: dict[str, str] = {}
    for name, start in (*(("", tip) for tip in trunk), *branches):
        pending = [(name, start)]
        while pending:
            owner, commit = pending.pop()
            # Newest merges are pushed first and so the oldest is popped first: of stacked branches the lower one,
            # merged before, claims its commits before the upper one's chain runs through them.
            while commit in graph and commit not in claims:
                claims[commit] = owner
                node = graph[commit]
                sides = merged_names(node.subject) if node.subject else ()
                for place, side in enumerate(node.parents[1:]):
                    pending.append((sides[place] if place < len(sides) else "", side))
                commit = node.parents[0] if node.parents else ""
    return {commit: owner for commit, owner in claims.items() if owner}
