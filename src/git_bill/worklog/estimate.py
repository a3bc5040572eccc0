"""An estimate without books: evidence → minutes by commit and day, allocated as `collect` would and nothing kept."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import NamedTuple

from git_bill.period import Period
from git_bill.worklog.claims import claims_of
from git_bill.worklog.cut import cut
from git_bill.worklog.effort import combined
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.family import family
from git_bill.worklog.naming import name_pieces
from git_bill.worklog.piece import Group, Origin, Piece
from git_bill.worklog.point import Rule
from git_bill.worklog.timeline import Allotment, allocate


class Range(NamedTuple):
    """Minutes with their 80 % range."""

    low: int
    expected: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Minutes that one commit won for one contributor on one day. `fact`: the commit, as entries name evidence.

    `alone`: an estimate on a day with no other commit of that contributor. `ticket`: empty where none is known.
    `agent`: it was done with an AI agent.
    """

    contributor: str
    day: date
    source: str
    ticket: str
    fact: str
    low: int
    minutes: int
    high: int
    alone: bool
    agent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """`shares` of proven work; minutes of the unproven are only summed. `overlap`: minutes claimed twice, given once.

    `silent`: fact → why it adds no minutes of its own.
    """

    shares: tuple[Share, ...]
    unproven: int
    overlap: int
    silent: dict[str, Rule]


def estimated(
    evidence: Collection[Evidence], contributors: Iterable[str], zone: tzinfo, days: Period | None
) -> Estimated:
    """The contributors' minutes on these days there (None: all), on one timeline each over all sources.

    Evidence from before the first day tells where sessions began and what a commit only repeats.
    """
    sources = sorted({record.source for record in evidence})
    origins = {source: Origin(client="", project=source) for source in sources}
    zones = dict.fromkeys(contributors, zone)
    found = cut(evidence, origins, zones)
    pieces = [piece for piece in found.pieces if days is None or piece.group.day in days]
    named = name_pieces(pieces, {}, family(()), ())
    claims = claims_of(named, (), family(()), zones)
    allocation = allocate((), claims.claims)
    facts = _facts(pieces)
    shares = []
    unproven = 0
    for won in allocation.won:
        group = claims.about[won.claim.entry]
        if not group.proven:
            unproven += won.minutes
        elif won.minutes:
            alone = won.claim.model is not None and facts[group.contributor, group.day] == 1
            shares.append(_share(won, group, alone=alone))
    return Estimated(
        shares=tuple(sorted(shares, key=lambda share: (share.day, share.fact, share.contributor))),
        unproven=unproven,
        overlap=sum(loss.minutes for loss in allocation.lost),
        silent={verdict.evidence: verdict.rule for verdict in found.verdicts},
    )


def total(shares: Iterable[Share]) -> Range:
    """Their sum with its own range, narrower than the sum of theirs."""
    return Range(*combined((share.low, share.minutes, share.high) for share in shares))


def _share(won: Allotment, group: Group, *, alone: bool) -> Share:
    return Share(
        contributor=won.claim.contributor,
        day=group.day,
        source=group.project,
        ticket=group.ticket,
        fact=won.claim.evidence[0],
        low=won.low,
        minutes=won.minutes,
        high=won.high,
        alone=alone,
        agent=group.agent,
    )


def _facts(pieces: Iterable[Piece]) -> Counter[tuple[str, date]]:
    """How many commits each contributor made on each day."""
    found = {(p.group.contributor, p.group.day, p.point.names[0]) for p in pieces}
    return Counter((contributor, day) for contributor, day, _ in found)
