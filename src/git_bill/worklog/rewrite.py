"""Commits that a person rewrote under a new author time: the journal of the post-rewrite hook names their origin.

A rewriting is evidence of its own, not a fact of the commit: the clone that has the journal may be read after another
one showed the commit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from git_bill.worklog.evidence import Evidence
from git_bill.worklog.sketch import KNOWN, parse
from git_bill.worklog.told import TOLD, covered

KIND = "rewrite"
_PREFIX = f"{KIND}:"


def rewriting(new: Evidence, origins: Sequence[Evidence]) -> Evidence:
    """The evidence that a commit was made of others, whenever its author line says that it was.

    It was made of them partly where too many of its lines are new: somebody worked on and amended.
    """
    keys = tuple(sorted(origin.key for origin in origins))
    whole = parse(new.sketch).known(parse(origin.sketch) for origin in origins) >= KNOWN
    return Evidence(
        key=_PREFIX + new.key,
        kind=KIND,
        source=new.source,
        contributor=new.contributor,
        at=new.at,
        covers=keys if whole else (),
        partly=() if whole else keys,
    )


def traced(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The facts alone, each commit that was made of others covering them, by the journal or by the forge.

    Of rewritings that go round in a circle the last, by instant and key, is left out: one of its commits counts.
    """
    facts, rewritings, told = list[Evidence](), list[Evidence](), list[Evidence]()
    for record in evidence:
        (rewritings if record.kind == KIND else told if record.kind in TOLD else facts).append(record)
    facts = list(covered(facts, told)) if told else facts
    if not rewritings:
        return tuple(facts)
    covers: dict[str, tuple[str, ...]] = {}
    partly = {record.key.removeprefix(_PREFIX): record.partly for record in rewritings if record.partly}
    for record in facts:
        covers[record.key] = (*covers.get(record.key, ()), *record.covers)
    more: dict[str, tuple[str, ...]] = {}
    for record in sorted(rewritings, key=lambda r: (r.at, r.key, r.covers)):
        new = record.key.removeprefix(_PREFIX)
        for old in record.covers:
            if new in covers and old in covers and not leads_to(old, new, covers):
                covers[new] = (*covers[new], old)
                more[new] = (*more.get(new, ()), old)
    facts = [replace(r, covers=_both(r.covers, more[r.key])) if r.key in more else r for r in facts]
    return tuple(replace(r, partly=_both(r.partly, partly[r.key])) if r.key in partly else r for r in facts)


def _both(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *others)))


def leads_to(start: str, goal: str, covers: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a commit repeats another one, directly or by others."""
    seen, left = {start}, [start]
    while left:
        here = left.pop()
        if here == goal:
            return True
        for there in covers.get(here, ()):
            if there not in seen:
                seen.add(there)
                left.append(there)
    return False
