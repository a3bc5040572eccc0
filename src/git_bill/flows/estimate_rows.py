"""An estimate's rows: its minutes by day, ticket, contributor or commit, each with its part of the price."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from git_bill.flows.estimate import Estimate, Wanted
from git_bill.invoice.quantity import of_minutes
from git_bill.invoice.totals import line_net
from git_bill.money import Money, split
from git_bill.sources.commit import commit_of
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
    """`net`: its part of the whole price, None without a rate. `evidence`: that of its commits, oldest first.

    `rule`: why a single commit adds no minutes of its own.
    """

    group: Group
    minutes: Range
    evidence: tuple[Evidence, ...]
    commits: int
    net: Money | None
    rule: Rule | None = None


def price(rate: Money, minutes: int) -> Money:
    """What so many minutes cost, rounded once."""
    quantity, _, base = of_minutes(minutes)
    return line_net(quantity, rate, base)


class Rows:
    """The rows of one estimate, by whatever is asked for."""

    def __init__(self, found: Estimate, wanted: Wanted, rate: Money | None = None) -> None:
        self._rate, self._silent = rate, found.worked.silent
        zone, ids = ZoneInfo(wanted.timezone), {person.id for person in found.who}
        facts = {name_of(record): record for record in found.evidence}
        self._shares = [(_of_share(share, facts[share.fact]), share) for share in found.worked.shares]
        within = [(record.at.astimezone(zone).date(), record) for record in found.evidence]
        self._records = [
            (Group(day, record.ticket or "", record.source, person, commit_of(record.key)), record)
            for day, record in within
            if wanted.days is None or day in wanted.days
            for person in ids & {record.contributor, *record.together}
        ]
        # A commit after the last midnight counts on the day that its minutes are of.
        listed = {record.key for _, record in self._records}
        late = [(told, facts[share.fact]) for told, share in self._shares]
        self._records += [(told, record) for told, record in late if record.key not in listed]
        self._records.sort(key=lambda pair: (pair[1].at, pair[1].key))

    def by(self, by: By) -> tuple[Row, ...]:
        """Days and commits from the first on, tickets and contributors from the largest.

        Minutes and nets add up to those of the whole.
        """
        shares: dict[Group, list[Share]] = defaultdict(list)
        records: dict[Group, list[Evidence]] = defaultdict(list)
        for told, record in self._records:
            records[_group(by, told)].append(record)
        for told, share in self._shares:
            shares[_group(by, told)].append(share)
        groups = sorted({*shares, *records})
        minutes = [total(shares[group]) for group in groups]
        nets = _nets([part.expected for part in minutes], self._rate)
        found = zip(groups, minutes, nets, strict=True)
        made = [self._row(group, part, net, records[group]) for group, part, net in found]
        return tuple(sorted(made, key=lambda row: _place(by, row)))

    def _row(self, group: Group, minutes: Range, net: Money | None, records: list[Evidence]) -> Row:
        evidence = tuple({record.key: record for record in records}.values())
        silent = group.commit and not minutes.expected
        return Row(
            group=group,
            minutes=minutes,
            evidence=evidence,
            commits=len({commit_of(record.key) for record in evidence}),
            net=net,
            rule=self._silent.get(name_of(evidence[0])) if silent else None,
        )


def _of_share(share: Share, record: Evidence) -> Group:
    return Group(share.day, share.ticket, share.source, share.contributor, commit_of(record.key))


def _group(by: By, told: Group) -> Group:
    """A row's group: the facts that it tells apart."""
    match by:
        case "day-ticket":
            return Group(told.day, told.ticket, "" if told.ticket else told.source)
        case "day":
            return Group(told.day)
        case "ticket":
            return Group(None, told.ticket, "" if told.ticket else told.source)
        case "contributor":
            return Group(contributor=told.contributor)
        case "commit":
            return Group(commit=told.commit)


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
