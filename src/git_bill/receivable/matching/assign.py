"""Who gets which invoice where several remittances may pay it: the sure ones first, each seeing what those left over.

Remittances that share an invoice, directly or through others, hang together; nothing else is compared. One of them is
looked at again only when an invoice that it may pay has gone to another.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from git_bill.receivable.matching.candidate import Candidate
from git_bill.receivable.matching.reference import Named

_MOST = 2_000  # remittances that may pay one invoice; where there are more, nobody can tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A candidate, how likely it is right, and what forbids to apply it ("" for nothing)."""

    candidate: Candidate
    probability: float
    obstacle: str

    @property
    def clear(self) -> bool:
        """Whether its invoices are named, so that another remittance with the same amount is no rival."""
        return self.candidate.named >= Named.SHORT


@dataclass(slots=True, kw_only=True)
class Assignment:
    """What was applied, by remittance; invoices that are settled by it; and why others were not."""

    applied: dict[int, Rated] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)
    contested: dict[int, str] = field(default_factory=dict)

    def free(self, rated: Sequence[Rated]) -> list[Rated]:
        """Candidates all of whose invoices are still open, the likeliest first, then the oldest."""
        return [each for each in rated if not any(at in self.taken for at in each.candidate.invoices)]


def assign(rated: Mapping[int, Sequence[Rated]], order: Sequence[int], threshold: float, rival: float) -> Assignment:
    """Apply what is sure. `rated`: by remittance, likeliest first. `order`: remittances, the oldest first.

    A remittance is applied when its likeliest free candidate reaches the threshold, nothing forbids it, no other free
    candidate of it reaches `rival`, and no other remittance has as good a claim on the same invoices.
    """
    done = Assignment()
    wanting: dict[int, list[int]] = defaultdict(list)
    for remittance in order:
        for at in sorted({at for each in rated[remittance] for at in each.candidate.invoices}):
            wanting[at].append(remittance)
    clear_first = sorted(order, key=lambda each: not (rated[each] and rated[each][0].clear))
    waiting = deque(clear_first)
    queued = set(clear_first)
    while waiting:
        remittance = waiting.popleft()
        queued.discard(remittance)
        if remittance in done.applied or not (free := done.free(rated[remittance])):
            continue
        why = _why_not(remittance, free, rated, wanting, done, threshold, rival)
        done.contested[remittance] = why
        if why:
            continue
        done.applied[remittance] = free[0]
        done.taken.update(dict.fromkeys(free[0].candidate.invoices, remittance))
        for other in _touched(free[0], wanting):
            if other not in queued and other not in done.applied:
                waiting.append(other)
                queued.add(other)
    return done


def _touched(chosen: Rated, wanting: Mapping[int, Sequence[int]]) -> Iterator[int]:
    """Remittances that have lost a candidate, where they are few enough to look at again."""
    for at in chosen.candidate.invoices:
        if len(wanting[at]) <= _MOST:
            yield from wanting[at]


def _why_not(  # noqa: PLR0917
    remittance: int,
    free: Sequence[Rated],
    rated: Mapping[int, Sequence[Rated]],
    wanting: Mapping[int, Sequence[int]],
    done: Assignment,
    threshold: float,
    rival: float,
) -> str:
    """What keeps the likeliest free candidate from being applied, in words; "" where nothing does."""
    best = free[0]
    if best.obstacle:
        return best.obstacle
    if best.probability < threshold:
        return f"it is right with a probability of {best.probability:.0%}, and {threshold:.1%} is asked for"
    if any(each.probability >= rival and _is_rival(best.candidate, each.candidate) for each in free[1:]):
        return "something else is about as likely"
    for at in best.candidate.invoices:
        if len(wanting[at]) > _MOST:
            return f"more than {_MOST} remittances may pay the same invoice"
        for other in wanting[at]:
            if other != remittance and other not in done.applied and _claims(rated[other], at, best, done, rival):
                return "another remittance may pay the same invoice"
    return ""


def _is_rival(best: Candidate, other: Candidate) -> bool:
    """What the amount fits less well is none."""
    return other.fit.rank >= best.fit.rank


def _claims(rated: Sequence[Rated], at: int, best: Rated, done: Assignment, rival: float) -> bool:
    """Whether another remittance's likeliest candidate holds the invoice as well, and not less clearly.

    Where both name it, the one that was booked first has it; the second pays what is paid.
    """
    free = done.free(rated)
    if not free or at not in free[0].candidate.invoices or free[0].probability < rival:
        return False
    return not best.clear


def propose(rated: Mapping[int, Sequence[Rated]], order: Sequence[int], done: Assignment) -> dict[int, Rated]:
    """Of what is not applied the likeliest, no invoice proposed twice where that can be helped."""
    left = [each for each in order if each not in done.applied and rated[each]]
    proposed: dict[int, Rated] = {}
    promised: set[int] = set()
    for remittance in sorted(left, key=lambda each: -rated[each][0].probability):
        free = done.free(rated[remittance]) or list(rated[remittance])
        unpromised = [each for each in free if not promised & set(each.candidate.invoices)]
        likely = [each for each in unpromised if each.probability >= free[0].probability / 2]
        proposed[remittance] = (likely or free)[0]
        promised |= set(proposed[remittance].candidate.invoices)
    return proposed
