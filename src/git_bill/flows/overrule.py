"""Count a commit that adds no minutes by itself: a person's word over the verdict that it only repeats other work."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import tzinfo
from zoneinfo import ZoneInfo

from git_bill.effects import Flow
from git_bill.flows import load
from git_bill.flows.correct import Corrected, Hand, Scene, correct
from git_bill.flows.corrections import Facts
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.worklog.activity import activity_of
from git_bill.worklog.edit import Edit
from git_bill.worklog.entry import entry_id, evidence_name
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.query import short_ids

_SHORTEST = 7  # characters of a commit id
_HEXADECIMAL = frozenset("0123456789abcdef")


def counted_as(name: str) -> str:
    """The id of the entry that a person's word gives a commit, by the name that entries give it."""
    return entry_id("counted", name)


def commits_named(state: Snapshot, words: Sequence[str]) -> tuple[Evidence, ...]:
    """The commits on file that beginnings of ids name; none where a word is not one. Stops (exit 1) at several."""
    keys = [word.rpartition(":")[2].lower() for word in words]
    if not keys or any(len(key) < _SHORTEST or not set(key) <= _HEXADECIMAL for key in keys):
        return ()
    commits = [record for record in load.evidence(state) if record.kind == "commit"]
    found = [_only(word, [r for r in commits if r.key.startswith(key)]) for word, key in zip(words, keys, strict=True)]
    return tuple(record for record in found if record is not None) if all(found) else ()


def _only(word: str, fitting: Sequence[Evidence]) -> Evidence | None:
    if len({record.key for record in fitting}) > 1:
        raise stop(Exit.PROBLEMS, "ambiguous-commit", f"{word} names {len(fitting)} commits", "give more of the id")
    return fitting[0] if fitting else None


def count(
    books: Books, clock: Clock, commits: Sequence[Evidence], facts: Facts, *, by: str, because: str
) -> Flow[Corrected]:
    """Give each commit an entry of its own with the minutes that a person says. Said again it is an edit of that entry.

    Stops (exit 1) where a commit has an entry, (exit 2) without minutes.
    """
    if facts.minutes is None:
        raise stop(Exit.USAGE, "usage", "a commit without an entry has no time to be changed", "say it: --minutes 45m")

    def making(scene: Scene, hand: Hand) -> Iterator[tuple[str, Edit]]:
        wrong = [problem for record in commits for problem in _listed(scene, record)]
        if wrong:
            raise Stop(Exit.PROBLEMS, wrong)
        for record in commits:
            yield _counting(scene, hand, record, facts)

    return correct(books, clock, making, by=by, because=because, why=f"count {len(commits)} more commits")


def _counting(scene: Scene, hand: Hand, record: Evidence, facts: Facts) -> tuple[str, Edit]:
    told = {f.name: value for f in fields(Facts) if (value := getattr(facts, f.name)) is not None}
    entry = counted_as(evidence_name(record.source, record.key))
    if entry in scene.overview.worked:
        return scene.overview.worked[entry].client, hand.edit("set", entry, facts=0, **told)
    source = next((s for s in scene.workspace.settings.sources if s.name == record.source), None)
    zone = _zone(scene, record)
    if source is None or zone is None:
        message = f"{record.key[:12]} is of no source or contributor of these books"
        raise stop(Exit.PROBLEMS, "unknown-commit", message, 'add the work: git bill add 45m "what was done"')
    known = {
        "day": record.at.astimezone(zone).date(),
        "worker": record.contributor,
        "text": record.text,
        "ticket": record.ticket,
        "activity": activity_of(record.text),
        "project": source.project or None,
    }
    return source.client, hand.edit("add", entry, **{**known, **told})


def _zone(scene: Scene, record: Evidence) -> tzinfo | None:
    people = {person.id: person.timezone for person in scene.workspace.settings.contributors}
    return ZoneInfo(people[record.contributor]) if record.contributor in people else None


def _listed(scene: Scene, record: Evidence) -> Iterator[Problem]:
    """Entries that a commit stands behind, which are to be edited instead."""
    name = evidence_name(record.source, record.key)
    short = short_ids(scene.overview.worked)
    for item in scene.overview.worked.values():
        if name in item.entry.evidence:
            yield Problem(
                rule="listed-commit",
                message=f"{name} stands behind {item.id} already",
                hint=f"edit that: git bill edit {short[item.id]} --minutes 45m",
            )
