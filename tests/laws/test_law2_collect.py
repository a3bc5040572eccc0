"""Law 2, as far as it is decided without git: collect twice is once; rewriting adds no minute; what a person said of
an entry stays; nothing seen and no correction is lost.
"""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.test_law1_timeline import assert_lawful, disjoint, work
from tests.worklog.workday import ZONES, Workday, commit, key, minutes, name

from git_bill.problem import Problem
from git_bill.worklog.day import ground
from git_bill.worklog.edit import Part
from git_bill.worklog.entry import Worked, entry_id
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.interval import Interval
from git_bill.worklog.manifest import Collected

Commits = st.lists(work(), max_size=12, unique_by=lambda e: e.key)


@settings(deadline=None)
@given(Commits)
def test_collect_twice_is_once(evidence: list[Evidence]) -> None:
    day = Workday()
    first = day.collect(*evidence)
    second = day.collect()
    assert second.manifests == first.manifests
    assert (second.added, second.changed) == (0, 0)


def rewritten(record: Evidence, number: int, order: random.Random) -> Evidence:
    """The same author second, but all else may differ: an amend, a rebase with conflicts, a cherry-pick."""
    return replace(
        record,
        key=key(f"{record.key}{number}"),
        ticket=order.choice((record.ticket, "WEB-7")),
        added=order.choice((record.added, 0, 5000)),
        files=order.choice((record.files, 0)),
        proven=order.choice((record.proven, False)),
        committed=record.at + timedelta(minutes=order.randint(1, 5000)),
    )


def squashed(records: list[Evidence], number: int, order: random.Random) -> Evidence:
    """A squash of some commits at a new time."""
    some = order.sample(records, order.randint(1, len(records)))
    latest = max(some, key=lambda r: r.at)
    return replace(
        latest,
        key=key(f"squash{number}"),
        at=latest.at + timedelta(minutes=order.randint(1, 300)),
        minutes=None,
        covers=tuple(r.key for r in some),
    )


@settings(deadline=None)
@given(Commits, st.randoms(use_true_random=False))
def test_rewriting_adds_no_minute_and_loses_no_evidence(evidence: list[Evidence], order: random.Random) -> None:
    evidence = [replace(record, minutes=None, proven=True) for record in evidence]
    day = Workday()
    day.collect(*evidence)
    before, seen = minutes(day.live), len(day.evidence)
    for number in range(order.randint(1, 5) if evidence else 0):
        if order.random() < 0.5:
            rewrite = rewritten(order.choice(evidence), number, order)
        else:
            rewrite = squashed(evidence, number, order)
        result = day.collect(rewrite)
        assert minutes(day.live) <= before
        told = {fact for w in day.worked.values() for fact in w.entry.evidence}
        told |= {verdict.evidence for verdict in result.verdicts}
        assert {f"{r.source}:{r.key[:12]}" for r in day.evidence} <= told
    assert len(day.evidence) >= seen
    assert_lawful(day.worked.values())


@settings(deadline=None)
@given(Commits, st.randoms(use_true_random=False))
def test_an_entry_keeps_its_id_whatever_evidence_comes(evidence: list[Evidence], order: random.Random) -> None:
    day = Workday()
    homes: dict[tuple[str, str, Any], str] = {}
    for record in order.sample(evidence, len(evidence)):
        day.collect(record)
        for worked in day.worked.values():
            for fact in worked.entry.evidence:
                place = (fact, worked.entry.by, worked.entry.day)
                assert homes.setdefault(place, worked.id) == worked.id


def correct(day: Workday, number: int, order: random.Random) -> None:
    """One correction of a random entry, at a later instant than the ones before."""
    worked = order.choice(day.live)
    entry, when = worked.id, f"2026-11-01 12:{number:02}"
    others = [w.id for w in day.live if w.entry.by == worked.entry.by and w.id != entry]
    new = entry_id("part", str(number))
    choices: list[tuple[str, dict[str, Any]]] = [
        ("confirm", {"minutes": worked.entry.minutes, "facts": len(worked.entry.evidence)}),
        ("confirm", {"minutes": order.randint(0, 90)}),
        ("set", {"minutes": order.randint(0, 90)}),
        ("set", {"ticket": "WEB-9", "text": "As I said"}),
        ("drop", {}),
        ("move", {"to": order.choice(("acme", "beta"))}),
        ("split", {"parts": (Part(id=new, minutes=10), Part(id=new + "b", minutes=20))}),
        (
            "add",
            {"day": worked.entry.day, "minutes": 30, "worker": worked.entry.by, "start": order.choice((None, "12:00"))},
        ),
    ]
    if others:
        choices.append(("merge", {"entries": (order.choice(others),)}))
    do, facts = order.choice(choices)
    day.edit(do, new if do == "add" else entry, when, **facts)


def not_applied(result: Collected) -> list[Problem]:
    """Problems with edits. People may say more than a day has; that is told too."""
    return [problem for problem in result.problems if problem.rule != "overfull-day"]


@settings(deadline=None)
@given(st.lists(work(), min_size=1, max_size=8, unique_by=lambda e: e.key), Commits, st.randoms(use_true_random=False))
def test_what_people_said_survives_any_collect(
    early: list[Evidence], late: list[Evidence], order: random.Random
) -> None:
    day = Workday()
    day.collect(*early)
    for number in range(order.randint(1, 6)):
        if day.live:
            correct(day, number, order)
            assert not_applied(day.collect()) == []
    said = {w.id: w for w in day.worked.values() if w.entry.state in {"confirmed", "dropped"}}
    told = {w.id: (w.entry.ticket, w.entry.text) for w in day.worked.values() if "text" in w.entry.set}
    for record in order.sample(late, len(late)):
        if all(record.key != other.key for other in early):
            rewritten_too = order.random() < 0.3
            day.collect(record, *([rewritten(order.choice(early), len(day.evidence), order)] if rewritten_too else []))
    result = day.collect()
    assert not_applied(result) == []
    assert (result.added, result.changed) == (0, 0)
    for entry, worked in said.items():
        now = day.worked[entry]
        assert (now.client, now.entry.minutes, now.entry.state) == (
            worked.client,
            worked.entry.minutes,
            worked.entry.state,
        )
    for entry, words in told.items():
        assert (day.worked[entry].entry.ticket, day.worked[entry].entry.text) == words


@settings(deadline=None)
@given(st.lists(work(), min_size=1, max_size=8, unique_by=lambda e: e.key), st.randoms(use_true_random=False))
def test_the_order_of_edits_on_file_does_not_matter(evidence: list[Evidence], order: random.Random) -> None:
    day = Workday()
    day.collect(*evidence)
    for number in range(4):
        if day.live:
            correct(day, number, order)
            day.collect()
    before = day.manifests
    order.shuffle(day.edits)
    day.collect()
    assert day.manifests == before


@settings(deadline=None)
@given(st.lists(work(), max_size=14, unique_by=lambda e: e.key), st.randoms(use_true_random=False))
def test_collects_corrections_and_invoices_in_any_order(evidence: list[Evidence], order: random.Random) -> None:
    day = Workday()
    billed: dict[str, Worked] = {}
    for number in range(12):
        act = order.random()
        if act < 0.5 and evidence:
            day.collect(evidence.pop())
        elif act < 0.8 and day.live:
            correct(day, number, order)
            day.collect()
        elif day.live:
            client = order.choice(day.live).client
            due = [w for w in day.live if w.client == client and w.id not in billed and w.entry.state != "unproven"]
            if due:
                day.bill(f"INV-2026-{number:04}", due, "2026-11-01", client)
                billed |= {w.id: w for w in due}
        day.collect()
        assert {entry: day.worked[entry] for entry in billed} == billed
        assert (again := day.collect()).added == again.changed == 0
        held: dict[str, list[Interval]] = defaultdict(list)
        for worked in day.worked.values():
            held[worked.entry.by].extend(ground(worked.entry.at, worked.entry.day, ZONES[worked.entry.by]))
        assert all(disjoint(intervals) for intervals in held.values())


def test_dropped_work_stays_dropped_when_its_evidence_grows() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", ticket="WEB-5"))
    dropped = day.only().id
    day.edit("drop", dropped)
    day.collect(commit("b", "2026-10-05 10:30", ticket="WEB-5"))
    day.collect(
        replace(commit("a2", "2026-10-05 10:00", ticket="WEB-6"), committed=day.evidence[0].at + timedelta(days=1))
    )
    assert day.live == []
    assert day.worked[dropped].entry.minutes == 0
    assert set(day.worked[dropped].entry.evidence) == {name("a2"), name("b")}


def test_no_id_is_used_twice_when_tickets_change_places() -> None:
    day = Workday()
    one, two = commit("a", "2026-10-05 10:00", ticket="WEB-5"), commit("b", "2026-10-05 10:30", ticket="WEB-6")
    day.collect(one, two)
    before = {w.entry.evidence: w.id for w in day.live}
    later = one.at + timedelta(days=1)
    day.collect(
        replace(one, key=key("a2"), ticket="WEB-6", committed=later),
        replace(two, key=key("b2"), ticket="WEB-5", committed=later),
    )
    after = {w.id: w.entry.evidence for w in day.live}
    assert after == {before[(name("a"),)]: (name("a2"),), before[(name("b"),)]: (name("b2"),)}
