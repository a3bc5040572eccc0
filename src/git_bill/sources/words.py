"""Time that new commits state beside other commits' words: what was made in one second, and what is said anew.

An author second is a commit, however often it is rewritten. Two that one history holds were never one; of others,
whose changes have nothing in common, only a person can tell.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from git_bill.period import format_duration
from git_bill.ports import Graph
from git_bill.problem import Problem
from git_bill.sources.ancestry import Ancestry
from git_bill.sources.commit import Found, commit_of
from git_bill.worklog.entry import evidence_name
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.rewrite import rewriting
from git_bill.worklog.sketch import PARTLY, parse
from git_bill.worklog.statement import apart, states

_Moment = tuple[str, datetime]


def read(new: Sequence[Evidence], known: Iterable[Evidence], graph: Graph) -> Found:
    """What the words of new evidence are beside others'. `known`: the source's evidence on file."""
    if not any(map(states, new)):
        return Found(evidence=())
    on_file = tuple(known)
    evidence, problems = list(_anew(new, on_file, graph)), list[Problem]()
    moments: dict[_Moment, list[Evidence]] = defaultdict(list)
    for record in (*on_file, *new):
        moments[_moment(record)].append(record)
    shared = [same for same in moments.values() if len(same) > 1]
    if not shared:
        return Found(evidence=tuple(evidence))
    fresh, ancestry = {record.key for record in new}, Ancestry(graph)
    for same in shared:
        for place, record in enumerate(same):
            others = [other for other in same[:place] if record.key in fresh and _differ(record, other)]
            beside = [other for other in others if _stand_beside(record, other, same, ancestry)]
            evidence += [apart(record, beside)] if beside else []
            problems += (_unclear(record, o) for o in others if o not in beside and _have_nothing(record, o))
    return Found(evidence=tuple(evidence), problems=tuple(problems))


def _anew(new: Iterable[Evidence], known: Sequence[Evidence], graph: Graph) -> Iterator[Evidence]:
    """New evidence that states time and is one commit made again, of which nothing else is left in the clone."""
    there = {_moment(record) for record in known if commit_of(record.key) in graph}
    by_key = {record.key: record for record in known}
    for record in new:
        old = by_key.get(record.covers[0]) if len(record.covers) == 1 and states(record) else None
        if old is not None and old.at != record.at and _moment(old) not in there:
            yield rewriting(record, [old])


def _differ(one: Evidence, two: Evidence) -> bool:
    """Whether time is stated for two commits that are not one by their changes or their words."""
    if not states(one) and not states(two):
        return False
    same_words = (one.text, one.minutes, one.spent) == (two.text, two.minutes, two.spent)
    return not same_words and (one.patch is None or one.patch != two.patch)


def _stand_beside(one: Evidence, two: Evidence, same: Iterable[Evidence], ancestry: Ancestry) -> bool:
    """Whether one history holds both, and both are not parts of a commit that was split."""
    if not _are_related(one, two, ancestry):
        return False
    return not any(
        _share(one, each) >= PARTLY and _share(two, each) >= PARTLY
        for each in same
        if each.key not in {one.key, two.key} and not _are_related(one, each, ancestry)
    )


def _are_related(one: Evidence, two: Evidence, ancestry: Ancestry) -> bool:
    here, there = commit_of(one.key), commit_of(two.key)
    return here != there and (ancestry.reaches(here, there) or ancestry.reaches(there, here))


def _have_nothing(one: Evidence, two: Evidence) -> bool:
    """Whether two that state different time have no lines in common."""
    differ = states(one) and states(two) and (one.minutes, one.spent) != (two.minutes, two.spent)
    return differ and max(_share(one, two), _share(two, one)) < PARTLY


def _share(one: Evidence, two: Evidence) -> float:
    return parse(one.sketch).known([parse(two.sketch)])


def _unclear(new: Evidence, old: Evidence) -> Problem:
    both = sorted((new, old), key=lambda record: ((record.minutes or 0) + record.squashed, record.key))
    names = " and ".join(evidence_name(each.source, each.key) for each in both)
    times = " and ".join(format_duration((each.minutes or 0) + each.squashed) for each in both)
    return Problem(
        rule="same-second",
        severity="warning",
        message=f"{names} have one author second and state {times}: one of them is counted, as of a commit rewritten",
        hint=f"if both are work, see which one adds nothing: git bill explain {both[0].key[:12]}; "
        'then: git bill edit COMMIT --minutes 1h --because "other work"',
    )


def _moment(record: Evidence) -> _Moment:
    return record.contributor, record.at
