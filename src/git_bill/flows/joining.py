"""Bring what was changed here together with what others published meanwhile, file by file; nothing is lost.

Edits, expenses and readings are facts with ids, one a line: both sides' lines stand. The manifest follows from
evidence and edits, so it is computed again. Settings are a person's words: where both sides changed them, that person
joins them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from git_bill.flows import load
from git_bill.flows.collect import allocated, manifest_files
from git_bill.ports import Snapshot
from git_bill.problem import Exit, stop

Files = Mapping[str, bytes | None]
_FACTS = ("billing/edits/", "billing/expenses/", "billing/usage/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """A snapshot with some files in another state."""

    base: Snapshot
    files: Files

    @property
    def revision(self) -> str | None:
        """The commit below."""
        return self.base.revision

    def read(self, path: str) -> bytes | None:
        """A file's bytes, or None where there is none."""
        return self.files[path] if path in self.files else self.base.read(path)

    def opened(self, path: str) -> bytes | None:
        """As `read`: nobody asks it for what is sealed."""
        return self.read(path)

    def paths(self, folder: str) -> tuple[str, ...]:
        """All files below a folder, sorted."""
        own = {path for path in self.files if path.startswith(f"{folder}/")}
        kept = {path for path in own if self.files[path] is not None}
        return tuple(sorted({*self.base.paths(folder)} - own | kept))


def join(old: Snapshot, new: Snapshot, files: Files, remote: str | None) -> Files:
    """`files` were changed since `old`, while the remote went on to `new`: what they are on top of `new`.

    Stops (exit 4) at a file that both sides changed and that a person has to join.
    """
    clashes = [path for path in files if old.read(path) not in (new.read(path), files[path])]
    clashes = [path for path in clashes if new.read(path) != files[path]]
    if not clashes:
        return files
    joined = {path: content for path, content in files.items() if not path.startswith("billing/manifest/")}
    for path in clashes:
        lines = _lines(old.read(path), new.read(path), files[path]) if path.startswith(_FACTS) else b""
        if lines and not _twice(lines):
            joined[path] = lines
        elif path in joined:
            raise stop(
                Exit.REPOSITORY,
                "outdated",
                f"{path} changed here and on {remote}",
                f"join them: git add billing && git commit -m 'My changes' && git pull --rebase {remote}",
                path,
            )
    state = Overlay(base=new, files=joined)
    manifests = manifest_files(state, allocated(state, load.workspace(state)))
    return {**joined, **{effect.path: effect.content for effect in manifests}}


def _lines(old: bytes | None, theirs: bytes | None, mine: bytes | None) -> bytes:
    """Their lines without those that were removed here, then the lines that were added here.

    Of what both sides added under one id theirs stands: equal ids are equal facts.
    """
    before, there, here = ((text or b"").splitlines() for text in (old, theirs, mine))
    removed = {*before} - {*here}
    known = {_name(line) for line in there} - {_name(line) for line in before}
    added = [line for line in here if line not in before and line not in there and _name(line) not in known]
    return b"".join(line + b"\n" for line in [*(line for line in there if line not in removed), *added])


def _twice(content: bytes) -> bool:
    """Whether both sides changed the same fact."""
    names = [_name(line) for line in content.splitlines() if b" = {" in line]
    return len(names) != len(set(names))


def _name(line: bytes) -> bytes:
    return line.partition(b" = ")[0]
