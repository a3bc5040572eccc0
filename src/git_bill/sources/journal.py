"""Evidence from the journal that the post-rewrite hook keeps in a clone: which commit was made of which."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from git_bill.sources.commit import commit_of
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.rewrite import rewriting

_ID = "([0-9a-f]{40}|[0-9a-f]{64}|k[0-9a-f]{48})"  # the last where the source is keyed
_LINE = re.compile(f"(?:amend|rebase) {_ID} {_ID}")

Origins = Mapping[str, Sequence[str]]  # commit → the commits that it was made of


def read(journal: str, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The rewritings that are not among a source's `evidence` yet, of commits that are there with what they rewrote.

    A commit that kept an author second needs none: one moment counts once anyway. Lines of another form are left out.
    """
    origins = _origins(journal)
    if not origins:
        return ()
    records = tuple(evidence)
    known = {record.key for record in records}
    commits = {record.key: record for record in records if record.kind == "commit"}
    found = (_rewriting(record, origins, commits) for record in commits.values() if commit_of(record.key) in origins)
    return tuple(record for record in found if record is not None and record.key not in known)


def _origins(journal: str) -> Origins:
    origins: dict[str, list[str]] = defaultdict(list)
    for line in journal.splitlines():
        match = _LINE.fullmatch(line)
        if match and match[1] != match[2] and match[1] not in origins[match[2]]:
            origins[match[2]].append(match[1])
    return origins


def _rewriting(new: Evidence, origins: Origins, commits: Mapping[str, Evidence]) -> Evidence | None:
    olds = tuple(_nearest(new, origins, commits))
    if not olds or any(old.at == new.at for old in olds):
        return None
    return rewriting(new, olds)


def _nearest(new: Evidence, origins: Origins, commits: Mapping[str, Evidence]) -> Iterator[Evidence]:
    """What it was made of as far as it was seen: past commits that nobody saw, to those that they were made of."""
    commit = commit_of(new.key)
    person = new.key.removeprefix(commit)  # names a co-author
    seen, left = {commit}, list(origins[commit])
    while left:
        old = left.pop()
        if old in seen:
            continue
        seen.add(old)
        record = commits.get(old + person)
        if record is not None:
            yield record
        else:
            left += origins.get(old, ())
