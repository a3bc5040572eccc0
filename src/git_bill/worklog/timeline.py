"""The timeline: law 1. Every minute of a contributor goes to at most one claim; billed minutes never move."""

import bisect
import enum
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from git_bill.worklog.interval import Interval, common, last_minutes, length, merged, without


class Precedence(enum.IntEnum):
    """Who wins a contested minute: the lower number."""

    EDIT = 0
    MANUAL = 1
    DIRECTIVE = 2
    TIMER = 3
    CALENDAR = 4
    JOURNAL = 5
    REVIEW = 6
    SESSION = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An interval, or `expected` minutes without a start, that evidence supports for one entry on one local day.

    `day` is that local day in UTC minutes; the interval lies inside it. Minutes without a start are laid into free
    time before `anchor`, or in `places`; without these they only take part in the day's sum. They keep all of `places`
    from the claims of the entries that they stand `instead` of. Unproven claims yield to all others. An interval claims
    exactly its own minutes: `expected` equals its length. `gap`: see `effort.Estimate`.
    """

    entry: str
    contributor: str
    precedence: Precedence
    day: Interval
    interval: Interval | None = None
    anchor: int | None = None
    places: tuple[Interval, ...] = ()
    instead: frozenset[str] = frozenset()
    low: int
    expected: int
    high: int
    evidence: tuple[str, ...] = ()
    text: str = ""
    model: str | None = None
    gap: int | None = None
    proven: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What an issued invoice says of one entry: its intervals never move. `family`: entries it was made from."""

    entry: str
    invoice: str
    contributor: str
    day: Interval
    intervals: tuple[Interval, ...]
    minutes: int
    family: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """What a claim won: intervals, and minutes that have no place in the day (`floating`)."""

    claim: Claim
    intervals: tuple[Interval, ...]
    floating: int = 0

    @property
    def minutes(self) -> int:
        """All it won."""
        return length(self.intervals) + self.floating

    @property
    def low(self) -> int:
        """The claim's low end, at most what it won."""
        return min(self.claim.low, self.minutes)

    @property
    def high(self) -> int:
        """The claim's high end less what it lost, at least what it won."""
        lost = self.claim.expected - self.minutes
        return max(self.minutes, self.claim.high - lost) if self.minutes else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Minutes that a claim did not get. `to`: the entry that holds them, None where the day has no room.

    `at`: which ones, where they have a place. `holder`: how strong the claim is that has them, None of billed work.
    """

    claim: Claim
    minutes: int
    to: str | None
    why: str
    at: tuple[Interval, ...] = field(default=(), compare=False)
    holder: Precedence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Who won what and who lost what, in a total order that does not depend on the order of the claims."""

    won: tuple[Allotment, ...]
    lost: tuple[Lost, ...]


def allocate(frozen: Iterable[Frozen], claims: Iterable[Claim]) -> Allocation:
    """Give every minute to the claim of highest precedence. A minute frozen for another entry is never given.

    Per contributor and day, frozen and won minutes together never exceed the wall clock of that day.
    """
    ground: dict[str, _Ground] = defaultdict(_Ground)
    for item in sorted(frozen, key=lambda f: (f.contributor, f.day, f.entry, f.invoice, f.intervals)):
        ground[item.contributor].freeze(item)
    won: list[Allotment] = []
    lost: list[Lost] = []
    for claim in sorted(claims, key=_rank):
        allotment, losses = ground[claim.contributor].settle(claim)
        won.append(allotment)
        lost.extend(losses)
    return Allocation(won=tuple(won), lost=tuple(lost))


def _rank(claim: Claim) -> tuple[object, ...]:
    """Stronger claims first; equals by time, then by everything else, so that the order is total."""
    at = claim.interval.start if claim.interval else claim.day.end if claim.anchor is None else claim.anchor
    return (
        claim.contributor,
        not claim.proven,
        claim.precedence,
        claim.interval is None,
        at,
        claim.entry,
        claim.evidence,
        claim.interval or claim.day,
        claim.anchor is None,
        claim.places,
        sorted(claim.instead),
        claim.expected,
        claim.low,
        claim.high,
        claim.text,
        claim.model or "",
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """Minutes that somebody holds. `family`: the entries that may use them too, as they were billed for them.

    `against`: the only entries that may not, where it says so.
    """

    interval: Interval
    entry: str
    why: str
    family: frozenset[str] = frozenset()
    against: frozenset[str] | None = None
    precedence: Precedence | None = None

    def contests(self, entry: str) -> bool:
        """Whether an entry can't have these minutes."""
        return entry not in self.family and (self.against is None or entry in self.against)


class _Ground:
    """One contributor's minutes: who holds which, and how much of each day is used."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._held: list[_Held] = []  # in the order of `_starts`
        self._longest = 0
        self._used: dict[Interval, int] = defaultdict(int)
        self._billed: set[str] = set()

    def freeze(self, item: Frozen) -> None:
        family = item.family | {item.entry}
        self._billed |= family
        self._used[item.day] += item.minutes
        for interval in item.intervals:
            self._hold(_Held(interval, item.entry, f"already billed on {item.invoice}", family))

    def settle(self, claim: Claim) -> tuple[Allotment, list[Lost]]:
        """What a claim gets of what the stronger ones left. Billed work is in the day's sum already."""
        billed = claim.entry in self._billed
        room = claim.expected if billed else max(0, claim.day.minutes - self._used[claim.day])
        if claim.interval is None:
            kept = last_minutes(self._free_before(claim), min(room, claim.expected))
            floating, losses = min(room, claim.expected) - length(kept), []
        else:
            contested = self._against(claim, claim.interval)
            kept = last_minutes(without(claim.interval, (part for part, _ in contested)), room)
            floating, losses = 0, _losses(claim, contested)
        short = claim.expected - length(kept) - floating - sum(loss.minutes for loss in losses)
        if short:
            losses.append(Lost(claim=claim, minutes=short, to=None, why="the day has no room for it"))
        for interval in kept:
            self._hold(_Held(interval, claim.entry, "overlap", precedence=claim.precedence))
        for place in claim.places:
            for rest in without(place, kept):
                self._hold(_Held(rest, claim.entry, "it tells the day's sum", against=claim.instead))
        if not billed:
            self._used[claim.day] += length(kept) + floating
        return Allotment(claim=claim, intervals=kept, floating=floating), losses

    def _free_before(self, claim: Claim) -> tuple[Interval, ...]:
        places = list(claim.places)
        if claim.anchor is not None and claim.anchor > claim.day.start:
            places.append(Interval(claim.day.start, min(claim.anchor, claim.day.end)))
        free = (rest for place in places for rest in without(place, (part for part, _ in self._against(claim, place))))
        return merged(free)

    def _against(self, claim: Claim, interval: Interval) -> list[tuple[Interval, _Held]]:
        """The parts of an interval that others hold, each with its holder."""
        first = bisect.bisect_left(self._starts, interval.start - self._longest)
        last = bisect.bisect_left(self._starts, interval.end)
        return [
            (part, held)
            for held in self._held[first:last]
            if held.contests(claim.entry) and (part := common(held.interval, interval))
        ]

    def _hold(self, held: _Held) -> None:
        index = bisect.bisect_right(self._starts, held.interval.start)
        self._starts.insert(index, held.interval.start)
        self._held.insert(index, held)
        self._longest = max(self._longest, held.interval.minutes)


def _losses(claim: Claim, contested: list[tuple[Interval, _Held]]) -> list[Lost]:
    """One loss per holder. Where two hold the same minute (billed work and its own claim), the first counts."""
    losses: dict[tuple[str, str, Precedence | None], tuple[Interval, ...]] = defaultdict(tuple)
    counted: tuple[Interval, ...] = ()
    for part, held in contested:
        losses[held.entry, held.why, held.precedence] += without(part, counted)
        counted = merged((*counted, part))
    return [
        Lost(claim=claim, minutes=length(at), to=entry, why=why, at=merged(at), holder=holder)
        for (entry, why, holder), at in losses.items()
        if at
    ]
