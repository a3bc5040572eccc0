"""An estimate's rows: its minutes by day, ticket, contributor or commit, each with its part of the price."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from git_bill.flows.estimate import Estimate
from git_bill.invoice.quantity import of_minutes
from git_bill.invoice.totals import line_net
from git_bill.money import Money, split
from git_bill.sources.repeats import commit_of
from git_bill.worklog.day import day_of, minute_of
from git_bill.worklog.estimate import Range, Share, total
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.point import Rule, name_of

By = Literal["day-ticket", "day", "ticket", "contributor", "commit"]


class Group(NamedTuple):
    """What a row is about; what it does not tell apart is empty. `source`: of one commit, or of work without ticket."""

    day: date | None = None
    ticket: str = ""
    source: str = ""
    contributor: str = ""
    commit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`net`: its part of the whole price, None without a rate. `evidence`: the commits, oldest first.

    `rule`: why a single commit adds no minutes of its own.
    """

    group: Group
    minutes: Range
    evidence: tuple[Evidence, ...]
    net: Money | None
    rule: Rule | None = None

    @property
    def commits(self) -> int:
        """How many."""
        return len({commit_of(record.key) for record in self.evidence})


def price(rate: Money, minutes: int) -> Money:
    """What so many minutes cost, rounded once."""
    quantity, _, base = of_minutes(minutes)
    return line_net(quantity, rate, base)


def rows(found: Estimate, by: By, timezone: str, rate: Money | None = None) -> tuple[Row, ...]:
    """Days and commits from the first on, tickets and contributors from the largest.

    Minutes and nets add up to those of the whole.
    """
    zone = ZoneInfo(timezone)
    shares: dict[Group, list[Share]] = defaultdict(list)
    records: dict[Group, list[Evidence]] = defaultdict(list)
    keys: dict[str, str] = {}
    ids = {person.id for person in found.who}
    for record in found.evidence:
        day = day_of(minute_of(record.at), zone)
        commit = keys[name_of(record)] = commit_of(record.key)
        for person in ids & {record.contributor, *record.together}:
            group = _group(by, Group(day, record.ticket or "", record.source, person, commit))
            records[group].append(record)
    for share in found.worked.shares:
        told = Group(share.day, share.ticket, share.source, share.contributor, keys[share.fact])
        shares[_group(by, told)].append(share)
    groups = sorted({*shares, *records})
    minutes = [total(shares[group]) for group in groups]
    nets = _nets([part.expected for part in minutes], rate)
    made = [
        _row(group, part, net, records[group], found) for group, part, net in zip(groups, minutes, nets, strict=True)
    ]
    return tuple(sorted(made, key=lambda row: _place(by, row)))


def _group(by: By, told: Group) -> Group:
    """A row's group: the facts that it tells apart."""
    work = Group(ticket=told.ticket) if told.ticket else Group(source=told.source)
    match by:
        case "day-ticket":
            return work._replace(day=told.day)
        case "day":
            return Group(day=told.day)
        case "ticket":
            return work
        case "contributor":
            return Group(contributor=told.contributor)
        case "commit":
            return Group(commit=told.commit)


def _row(group: Group, minutes: Range, net: Money | None, records: list[Evidence], found: Estimate) -> Row:
    evidence = tuple(sorted({record.key: record for record in records}.values(), key=lambda r: (r.at, r.key)))
    silent = group.commit and not minutes.expected
    rule = found.worked.silent.get(name_of(evidence[0])) if silent else None
    return Row(group=group, minutes=minutes, evidence=evidence, net=net, rule=rule)


def _nets(minutes: Sequence[int], rate: Money | None) -> Sequence[Money | None]:
    """The parts of the whole price: rounded prices of parts would not sum to it."""
    if rate is None:
        return [None] * len(minutes)
    whole = price(rate, sum(minutes))
    return split(whole, minutes) if sum(minutes) else [whole] * len(minutes)


def _place(by: By, row: Row) -> tuple[object, ...]:
    if by == "commit":
        return row.evidence[0].at, row.group.commit
    if by in {"ticket", "contributor"}:
        return -row.minutes.expected, row.group
    return row.group
