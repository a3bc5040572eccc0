"""Sources whose commits the books do not name (`evidence = "keyed"`): when they may be read here, and what is kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from git_bill.forge import Tracker
from git_bill.layout import SETTINGS
from git_bill.ports import History, RawCommit
from git_bill.problem import Problem
from git_bill.sources.commit import Found
from git_bill.sources.keyed import KeyedHistory, KeyedTracker
from git_bill.worklog.entry import evidence_name
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.keyed import VARIABLE, EvidenceKey, fingerprints, named_as
from git_bill.worklog.told import TICKET
from git_bill.workspace import Source


def no_key(source: str, what: str = "was not read") -> Problem:
    """A machine without the key reads nothing of such a source: it could neither keep a secret nor tell what is new."""
    return Problem(
        rule="no-evidence-key",
        message=f"source {source!r} {what}: its evidence is keyed, and the key is not on this machine",
        hint=f"bring the file from where it is (git bill source key says where), or set {VARIABLE}; "
        "for the first source of your books: git bill source key --new",
        file=SETTINGS,
    )


def withheld(source: Source, on_file: Iterable[Evidence], key: EvidenceKey | None) -> Problem | None:
    """Why a source must not be read here: written plainly, or under a second key, its work would be billed twice."""
    made_with = fingerprints(on_file)
    if source.evidence == "full":
        return _keyed_before(source) if made_with else None
    if key is None:
        return no_key(source.name)
    other = sorted(made_with - {key.fingerprint})
    if not other:
        return None
    return Problem(
        rule="other-evidence-key",
        message=f"source {source.name!r} was not read: its evidence has the key {', '.join(other)}, "
        f"and the one here is {key.fingerprint}",
        hint=f"bring the right one here: git bill source key says where it is looked for; or set {VARIABLE}",
        file=SETTINGS,
    )


def _keyed_before(source: Source) -> Problem:
    return Problem(
        rule="evidence-keyed-before",
        message=f"source {source.name!r} was not read: its evidence on file is keyed, and plain one would count twice",
        hint='let it be evidence = "keyed"; or list the repository once more, with an id and a `since` of its own',
        file=SETTINGS,
    )


def seen(evidence: Sequence[Evidence], key: EvidenceKey | None) -> Sequence[Evidence]:
    """Evidence by keyed ids, whatever form it is on file in."""
    return evidence if key is None else [key.keyed(record) for record in evidence]


def seen_by(source: Source, history: History | Problem | None, key: EvidenceKey | None) -> History | Problem | None:
    """A source's clone by the ids that its evidence has; a problem where the key for that is missing."""
    if source.evidence == "full" or history is None or isinstance(history, Problem):
        return history
    return no_key(source.name) if key is None else KeyedHistory(history, key)


def tracker(source: Source, there: Tracker | None, key: EvidenceKey | None) -> Tracker | None:
    """A source's forge by the ids that its evidence has."""
    if source.evidence == "full" or there is None:
        return there
    return None if key is None else KeyedTracker(there, key)


def histories(
    sources: Iterable[Source], clones: Mapping[str, History | Problem], key: EvidenceKey | None
) -> dict[str, History | Problem]:
    """All clones so, by source."""
    found = {source.name: seen_by(source, clones.get(source.name), key) for source in sources}
    return {name: history for name, history in found.items() if history is not None}


def kept(found: Found, on_file: Iterable[Evidence], key: EvidenceKey) -> Found:
    """What was found, as it may be kept, less what is on file in either form.

    What was put on file before the source was keyed keeps its name there, so new evidence speaks of it by that name.
    """
    names = {key.keyed(record).key: record.key for record in on_file}
    fresh: dict[str, Evidence] = {}
    for record in map(key.keyed, found.evidence):
        if record.key not in names and record.kind != TICKET:
            fresh.setdefault(
                record.key,
                replace(
                    record,
                    key=named_as(record.key, names),
                    covers=tuple(named_as(each, names) for each in record.covers),
                    partly=tuple(named_as(each, names) for each in record.partly),
                    commit=record.commit and named_as(record.commit, names),
                ),
            )
    return Found(evidence=tuple(fresh.values()), problems=found.problems)


def resolved(
    sources: Iterable[Source], clones: Mapping[str, History | Problem], key: EvidenceKey | None
) -> Mapping[str, RawCommit]:
    """How evidence names the commits of keyed sources → the commits, as far as clones here show them."""
    found: dict[str, RawCommit] = {}
    for source in sources:
        clone = clones.get(source.name)
        if key is not None and source.evidence == "keyed" and clone is not None and not isinstance(clone, Problem):
            found.update((evidence_name(source.name, key.commit(commit.id)), commit) for commit in clone.commits())
    return found
