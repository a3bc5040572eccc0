"""Proof of who made a commit: a good signature by a listed key, for sources that ask for one (`identity = "proven"`).

An author line is anybody's word. A signature that was seen is evidence of its own; whether it counts is decided by the
keys that are listed now, so that a key that is taken out proves nothing any more, and one that is added later does.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from git_bill.worklog import rewrite
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.told import NOTE, OF_FORGES, TAG, VISIT

KIND = "signature"
_PREFIX = f"{KIND}:"
_OTHERWISE = OF_FORGES | {VISIT, TAG, rewrite.KIND}  # the forge's and this machine's word, not the author's


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose key it is, and the first and last day on which what it signs counts."""

    contributor: str
    first: date | None = None
    last: date | None = None

    def serves(self, at: datetime) -> bool:
        """Whether it counts for what was made at an instant. Days are those of the instant's own offset."""
        day = at.date()
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A good signature: whose key made it (contributor's id), and the key's fingerprint (`SHA256:…`)."""

    by: str
    fingerprint: str


Holders = Mapping[str, Holder]  # fingerprint of a public key → who holds it


def signature(commit: Evidence, signed: Signed) -> Evidence:
    """The evidence that a contributor's key has signed a commit."""
    return Evidence(
        key=_PREFIX + commit.key,
        kind=KIND,
        source=commit.source,
        contributor=signed.by,
        at=commit.at,
        text=signed.fingerprint,
    )


def unsigned(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The commits of contributors that no signature is on file of. A co-author is named by another's word alone."""
    records = tuple(evidence)
    signed = {record.key for record in records if record.kind == KIND}
    return tuple(r for r in records if r.kind == "commit" and "+" not in r.key and _PREFIX + r.key not in signed)


def judged(evidence: Iterable[Evidence], asking: Container[str], holders: Holders) -> tuple[Evidence, ...]:
    """The facts without signatures. In sources that are `asking`, nothing is proven but what its contributor signed.

    Who is named beside the author of a commit gets a record of their own there: their time is unproven.
    """
    records = tuple(evidence)
    signed = signatures(records)
    found: list[Evidence] = []
    for record in records:
        if record.kind == KIND or (record.kind == NOTE and record.source in asking):  # who can push can push notes
            continue
        if record.source not in asking or record.kind in _OTHERWISE:
            found.append(record)
        elif record.kind != "commit":
            found.append(replace(record, proven=False))
        else:
            found += _persons(record, proves(signed.get((record.source, record.key)), record, holders))
    return tuple(_outranking(found, asking))


def _outranking(records: Sequence[Evidence], asking: Container[str]) -> Iterator[Evidence]:
    """What is proven repeats nothing unproven, whichever was seen first: that repeats it, or anyone could undo work."""
    bare = {(r.source, r.key) for r in records if r.kind == "commit" and r.source in asking and not r.proven}
    better: dict[tuple[str, str], tuple[str, ...]] = {}
    kept: list[Evidence] = []
    for record in records:
        new = record.key.removeprefix(f"{rewrite.KIND}:")
        undone = [key for key in (*record.covers, *record.partly) if (record.source, key) in bare]
        if undone and record.kind in {"commit", rewrite.KIND} and (record.source, new) not in bare:
            for key in undone:
                better[record.source, key] = (*better.get((record.source, key), ()), new)
            covers, partly = (tuple(k for k in keys if k not in undone) for keys in (record.covers, record.partly))
            kept.append(replace(record, covers=covers, partly=partly))
        else:
            kept.append(record)
    for record in kept:
        more = better.get((record.source, record.key), ())
        yield replace(record, covers=tuple(dict.fromkeys((*record.covers, *more)))) if more else record


def signatures(evidence: Iterable[Evidence]) -> Mapping[tuple[str, str], str]:
    """Source and key of a commit → fingerprint of the key that signed it."""
    return {(r.source, r.key.removeprefix(_PREFIX)): r.text for r in evidence if r.kind == KIND}


def proves(fingerprint: str | None, commit: Evidence, holders: Holders) -> bool:
    """Whether a key that signed a commit is one of its contributor, on the days that the commit says it was made."""
    holder = holders.get(fingerprint or "")
    days = (commit.at, commit.as_of)
    return holder is not None and holder.contributor == commit.contributor and all(map(holder.serves, days))


def standing(fingerprint: str | None, commit: Evidence, holders: Holders, names: Mapping[str, str]) -> str:
    """Why a commit of an asking source is proven or not, as a statement. `names`: of contributors."""
    who = names.get(commit.contributor, commit.contributor)
    if fingerprint is None or "+" in commit.key:
        return f"no listed key of {who} has signed it, and this source believes no author line"
    holder = holders.get(fingerprint)
    if holder is None:
        return f"the key that signed it, {fingerprint}, is not listed any more"
    if holder.contributor != commit.contributor:
        return f"{names.get(holder.contributor, holder.contributor)} has signed it and not {who}"
    if not proves(fingerprint, commit, holders):
        return f"{who} signed it on a day outside of `from` and `until`"
    return f"signed by {who} with the key {fingerprint}"


def _persons(commit: Evidence, proven: bool) -> Iterator[Evidence]:
    yield replace(commit, proven=proven, together=())
    for partner in commit.together:
        key = f"{commit.key}+{partner}"
        yield replace(commit, key=key, contributor=partner, together=(), minutes=None, spent=(), proven=False)
