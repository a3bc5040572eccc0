"""Law 1: no minute of a contributor lies in two entries, billed minutes never move, and the order of arrival changes
nothing but frozen ground.
"""

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worklog.workday import ZONES, Workday, commit

from git_bill.worklog.day import ground, whole_day
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.interval import Interval, common, length, merged
from git_bill.worklog.timeline import Allocation, Claim, Frozen, Precedence, allocate

DAY = 24 * 60
PEOPLE = ("jonas", "mira")


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """An interval or a duration of one of two people on one of two days."""
    start = draw(st.integers(0, 1)) * DAY
    interval, anchor, expected = None, None, draw(st.integers(0, 700))
    if draw(st.booleans()):
        first = draw(st.integers(start, start + DAY - 1))
        interval = Interval(first, draw(st.integers(first + 1, start + DAY)))
        expected = interval.minutes
    else:
        anchor = draw(st.none() | st.integers(start, start + DAY))
    places = draw(st.lists(st.tuples(st.integers(0, DAY - 1), st.integers(1, 300)), max_size=2)) if not interval else []
    return Claim(
        entry=draw(st.sampled_from(("W-1", "W-2", "W-3", "W-4"))),
        contributor=draw(st.sampled_from(PEOPLE)),
        precedence=draw(st.sampled_from(list(Precedence))),
        day=Interval(start, start + DAY),
        interval=interval,
        anchor=anchor,
        places=merged(Interval(start + at, start + min(DAY, at + much)) for at, much in places),
        instead=draw(st.frozensets(st.sampled_from(("W-1", "W-2", "W-3")), max_size=2)) if places else frozenset(),
        low=draw(st.integers(0, expected)),
        expected=expected,
        high=expected + draw(st.integers(0, 60)),
        proven=draw(st.booleans()),
    )


@st.composite
def invoices(draw: st.DrawFn) -> list[Frozen]:
    """Billed entries on disjoint ground, and some minutes without a place."""
    found: list[Frozen] = []
    for person in PEOPLE:
        for start in (0, DAY):
            cuts = sorted(draw(st.sets(st.integers(start, start + DAY), max_size=6)))
            floating = draw(st.integers(0, 30))
            found.extend(
                Frozen(
                    entry=draw(st.sampled_from(("W-1", "W-9"))) + f"-{person}-{first}",
                    invoice="INV-2026-0032",
                    contributor=person,
                    day=Interval(start, start + DAY),
                    intervals=(Interval(first, last),),
                    minutes=last - first + floating,
                    family=frozenset({draw(st.sampled_from(("W-1", "W-7")))}),
                )
                for first, last in zip(cuts[::2], cuts[1::2], strict=False)
            )
    return found


def families(frozen: Iterable[Frozen]) -> dict[str, set[str]]:
    """Person → entries that were billed, with those they were made of."""
    found: dict[str, set[str]] = defaultdict(set)
    for item in frozen:
        found[item.contributor] |= item.family | {item.entry}
    return found


def disjoint(intervals: Iterable[Interval]) -> bool:
    """Whether no minute lies in two."""
    intervals = list(intervals)
    return length(merged(intervals)) == length(intervals)


@settings(deadline=None)
@given(invoices(), st.lists(claims(), max_size=12))
def test_no_minute_is_given_twice_and_frozen_ground_is_never_given(frozen: list[Frozen], asked: list[Claim]) -> None:
    won = allocate(frozen, asked).won
    for person in PEOPLE:
        own = [a for a in won if a.claim.contributor == person]
        assert disjoint(i for a in own for i in a.intervals)
        for item in frozen:
            if item.contributor == person:
                others = [i for a in own if a.claim.entry not in item.family for i in a.intervals]
                assert not any(common(one, other) for one in item.intervals for other in others)


@settings(deadline=None)
@given(invoices(), st.lists(claims(), max_size=12))
def test_every_claimed_minute_is_won_or_told_lost(frozen: list[Frozen], asked: list[Claim]) -> None:
    result = allocate(frozen, asked)
    assert len(result.won) == len(asked)
    lost: dict[int, int] = defaultdict(int)
    for loss in result.lost:
        assert loss.minutes > 0
        lost[id(loss.claim)] += loss.minutes
    for allotment in result.won:
        assert allotment.minutes + lost[id(allotment.claim)] == allotment.claim.expected
        assert allotment.low <= allotment.minutes <= allotment.high or allotment.minutes == 0
        if allotment.claim.interval:
            assert all(common(i, allotment.claim.interval) == i for i in allotment.intervals)


@settings(deadline=None)
@given(invoices(), st.lists(claims(), max_size=12))
def test_a_day_has_no_more_minutes_than_its_wall_clock(frozen: list[Frozen], asked: list[Claim]) -> None:
    billed = families(frozen)
    used: dict[tuple[str, Interval], int] = defaultdict(int)
    for item in frozen:
        used[item.contributor, item.day] += item.minutes
    before = dict(used)
    for allotment in allocate(frozen, asked).won:
        claim = allotment.claim
        if claim.entry not in billed[claim.contributor]:
            used[claim.contributor, claim.day] += allotment.minutes
    for place, minutes in used.items():
        assert minutes <= max(DAY, before.get(place, 0))


@settings(deadline=None)
@given(invoices(), st.lists(claims(), max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(frozen: list[Frozen], asked: list[Claim], order: random.Random) -> None:
    def told(result: Allocation) -> list[str]:
        return sorted(map(repr, (*result.won, *result.lost)))

    first = told(allocate(frozen, asked))
    order.shuffle(frozen)
    order.shuffle(asked)
    assert told(allocate(frozen, asked)) == first


@settings(deadline=None)
@given(st.lists(claims(), max_size=10))
def test_nobody_loses_to_a_weaker_claim(asked: list[Claim]) -> None:
    result = allocate((), asked)
    strength = {(a.claim.proven, a.claim.precedence) for a in result.won}
    for loss in result.lost:
        if loss.to is not None:
            winners = [a.claim for a in result.won if a.claim.entry == loss.to]
            assert any((not w.proven, w.precedence) <= (not loss.claim.proven, loss.claim.precedence) for w in winners)
    assert strength == {(c.proven, c.precedence) for c in asked}


# The same over evidence, corrections and invoices, checked from the manifests alone.


@st.composite
def work(draw: st.DrawFn) -> Evidence:
    """A commit within three days, two people, two clients; some state their time or can't be proven."""
    minute = draw(st.integers(0, 3 * DAY - 1))
    when = f"2026-10-{23 + minute // DAY} {minute % DAY // 60:02}:{minute % 60:02}"
    return commit(
        f"{when}{draw(st.integers(0, 5))}",
        when,
        contributor=draw(st.sampled_from(PEOPLE)),
        source=draw(st.sampled_from(("web-shop", "api", "beta-app"))),
        ticket=draw(st.sampled_from((None, "WEB-5", "WEB-6"))),
        minutes=draw(st.sampled_from((None, None, None, 30, 500))),
        added=draw(st.sampled_from((0, 3, 40, 900))),
        parents=draw(st.sampled_from((1, 1, 1, 2))),
        proven=draw(st.sampled_from((True, True, True, False))),
        together=draw(st.sampled_from(((), (), ("mira",), ("jonas",)))),
    )


@st.composite
def recorded(draw: st.DrawFn) -> Evidence:
    """A timer, a meeting, a heartbeat, busy hours or a day's sum within these days, in one of two states."""
    minute, much = draw(st.integers(0, 3 * DAY - 1)), draw(st.integers(0, 400))
    begin = datetime(2026, 10, 23, tzinfo=UTC) + timedelta(minutes=minute)
    placed = draw(st.booleans())
    return Evidence(
        key=f"{draw(st.integers(0, 5)):012}@{draw(st.integers(0, 99))}",
        kind=draw(st.sampled_from(("timer", "timer", "calendar", "heartbeat", "busy"))),
        source=draw(st.sampled_from(("web-shop", "api", "beta-app"))),
        contributor=draw(st.sampled_from(PEOPLE)),
        at=begin,
        until=begin + timedelta(minutes=much) if placed else None,
        minutes=None if placed else much,
        ticket=draw(st.sampled_from((None, "WEB-5"))),
        state=draw(st.sampled_from((None, None, None, "removed"))),
        committed=begin + timedelta(days=draw(st.integers(4, 9))),
    )


EVIDENCE = work() | recorded()


def assert_lawful(entries: Iterable[Worked]) -> None:
    """Disjoint intervals, and no day longer than it is."""
    held: dict[str, list[Interval]] = defaultdict(list)
    sums: dict[tuple[str, Interval], int] = defaultdict(int)
    for worked in entries:
        entry = worked.entry
        zone = ZONES[entry.by]
        intervals = ground(entry.at, entry.day, zone)
        assert length(intervals) <= entry.minutes
        assert entry.low <= entry.minutes <= entry.high
        held[entry.by].extend(intervals)
        sums[entry.by, whole_day(entry.day, zone)] += entry.minutes
    assert all(disjoint(intervals) for intervals in held.values())
    assert all(minutes <= day.minutes for (_, day), minutes in sums.items())


def in_any_order(evidence: list[Evidence], order: random.Random) -> tuple[list[Entry], list[Entry]]:
    """The entries of evidence that is collected bit by bit in some order, and of all of it at once."""
    whole = Workday()
    whole.collect(*evidence)
    assert_lawful(whole.worked.values())
    bits = Workday()
    shuffled = order.sample(evidence, len(evidence))
    while shuffled:
        count = order.randint(1, len(shuffled))
        bits.collect(*shuffled[:count])
        shuffled = shuffled[count:]
    return [w.entry for w in bits.live], [w.entry for w in whole.live]


@settings(deadline=None)
@given(st.lists(work(), max_size=14, unique_by=lambda e: e.key), st.randoms(use_true_random=False))
def test_commits_in_any_order_give_the_same_manifests(evidence: list[Evidence], order: random.Random) -> None:
    bits, whole = in_any_order(evidence, order)
    assert bits == whole


@settings(deadline=None)
@given(st.lists(EVIDENCE, max_size=14, unique_by=lambda e: (e.source, e.key)), st.randoms(use_true_random=False))
def test_evidence_in_any_order_gives_the_same_entries(evidence: list[Evidence], order: random.Random) -> None:
    """Corrected records too: ids are given at first sight, when a record may have said another thing, so the order of
    entries is not compared."""
    bits, whole = in_any_order(evidence, order)
    assert sorted(map(repr, bits)) == sorted(map(repr, whole))


@settings(deadline=None)
@given(
    st.lists(EVIDENCE, max_size=12, unique_by=lambda e: (e.source, e.key)),
    st.lists(EVIDENCE, max_size=12, unique_by=lambda e: (e.source, e.key)),
    st.randoms(use_true_random=False),
)
def test_billed_entries_never_change_and_nothing_overlaps_them(
    early: list[Evidence], late: list[Evidence], order: random.Random
) -> None:
    day = Workday()
    day.collect(*early)
    billed = [w for w in day.live if w.client == "acme" and w.entry.state != "unproven" and order.random() < 0.7]
    if billed:
        day.bill("INV-2026-0032", billed)
    for record in order.sample(late, len(late)):
        if all((record.source, record.key) != (other.source, other.key) for other in early):
            day.collect(record)
    day.collect()
    for item in billed:
        assert day.worked[item.id].entry == item.entry
    assert_lawful(day.worked.values())
    again = day.collect()
    assert (again.added, again.changed) == (0, 0)
