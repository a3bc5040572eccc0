"""From evidence, corrections and issued invoices to the manifests: a pure function, so that collect twice is once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from git_bill.period import format_duration
from git_bill.problem import Problem
from git_bill.worklog.calibrated import recipes
from git_bill.worklog.claims import Claims, claims_of
from git_bill.worklog.cut import cut
from git_bill.worklog.day import ground, whole_day
from git_bill.worklog.dayoff import days_off
from git_bill.worklog.edit import Made
from git_bill.worklog.entry import Entry, Manifest, Worked
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.family import Family, family
from git_bill.worklog.flags import DAY_OFF, HOLIDAY, LONGEST, flagged
from git_bill.worklog.fold import fold
from git_bill.worklog.holiday import public_holidays
from git_bill.worklog.naming import name_pieces
from git_bill.worklog.natural import natural_entries
from git_bill.worklog.notice import notices
from git_bill.worklog.outcome import is_expected
from git_bill.worklog.piece import Origin
from git_bill.worklog.point import Verdict
from git_bill.worklog.timeline import Allotment, Frozen, Lost, allocate
from git_bill.worklog.timesheet import Billed

Month = tuple[str, str]  # client and yyyy-mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """`manifests`: one for each client and month that has work. `won` and `lost`: who got which minutes, and who
    lost them to whom.

    `fresh`: entries that are new against the previous manifests, or changed; `added` and `changed` count them.
    `unknown` counts evidence of nobody known.
    """

    manifests: Mapping[Month, Manifest]
    won: tuple[Allotment, ...]
    lost: tuple[Lost, ...]
    verdicts: tuple[Verdict, ...]
    problems: tuple[Problem, ...]
    fresh: frozenset[str]
    added: int
    changed: int
    unknown: int

    @property
    def worked(self) -> Mapping[str, Worked]:
        """All entries by id."""
        return {
            entry_id: Worked(id=entry_id, client=client, entry=entry)
            for (client, _), manifest in self.manifests.items()
            for entry_id, entry in manifest.entries.items()
        }

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person is told of the fresh ones."""
        return notices(self.fresh, self.worked, self.lost)

    @property
    def minutes(self) -> int:
        """Worked time of all entries."""
        return sum(e.minutes for m in self.manifests.values() for e in m.entries.values())


def collect_worklog(
    *,
    evidence: Iterable[Evidence],
    edits: Iterable[Made] = (),
    previous: Mapping[Month, Manifest],
    billed: Iterable[Billed] = (),
    origins: Mapping[str, Origin],
    zones: Mapping[str, tzinfo],
    clients: Collection[str],
    reestimate: bool = False,
    regions: Mapping[str, str] | None = None,
    longest: int | None = None,
) -> Collected:
    """Allocate all evidence anew. `origins`: source → client; `zones`: contributor → zone.

    A written estimate stays as it was made, unless `reestimate`. `regions`: contributor → whose public holidays count.
    `longest`: minutes of a day, above which it is flagged; None: 12 hours.
    """
    facts, invoices = tuple(evidence), tuple(billed)
    before = {
        entry_id: Worked(id=entry_id, client=client, entry=entry)
        for (client, _), manifest in sorted(previous.items())
        for entry_id, entry in manifest.entries.items()
    }
    made = tuple(sorted(edits, key=lambda item: (item[2].at, item[1])))
    related = family(made, {entry for entry, worked in before.items() if worked.entry.evidence})
    settled = {row.entry: (invoice.number, invoice.issued) for invoice in invoices for row in invoice.rows}
    pieces = cut(facts, origins, zones)
    named = name_pieces(pieces.pieces, before, related, settled)
    recipe = recipes(named, before, made, related, zones, again=reestimate)
    if recipe is not None:
        pieces = cut(facts, origins, zones, recipe)
        named = name_pieces(pieces.pieces, before, related, settled)
    claims = claims_of(named, made, related, zones)
    allocation = allocate(_frozen(invoices, related, zones), claims.claims)
    natural = natural_entries(claims.about, named, allocation.won, zones)
    valid = [item for item in made if item[1] not in claims.refused]
    folded = fold(natural, valid, billed=settled, clients=clients, zones=zones)
    worked = {**folded.worked, **_settled(invoices, before, folded.worked)}
    families = frozenset().union(*(related.ancestors(entry) for entry in settled))
    lost = tuple(loss for loss in allocation.lost if loss.claim.entry not in families)
    off = _off(facts, worked.values(), regions or {}, zones)
    now = flagged(worked, invoices, _contested(lost, claims), off, LONGEST if longest is None else longest)
    return Collected(
        manifests=_by_month(now.values()),
        won=allocation.won,
        lost=lost,
        verdicts=pieces.verdicts,
        problems=(
            *(_no_source(source, count) for source, count in pieces.unplaced.items()),
            *pieces.problems,
            *claims.problems,
            *folded.problems,
            *_overfull(now.values(), zones),
        ),
        fresh=frozenset(entry for entry, item in now.items() if before.get(entry) != item),
        added=len(now.keys() - before.keys()),
        changed=sum(w != now.get(w.id) for w in before.values()),
        unknown=pieces.unknown,
    )


def _frozen(invoices: Iterable[Billed], related: Family, zones: Mapping[str, tzinfo]) -> Iterable[Frozen]:
    """The ground that invoices hold, each entry's once. People who left the settings hold none: nobody claims there."""
    done: set[str] = set()
    for invoice in invoices:
        for row in invoice.rows:
            zone = zones.get(row.contributor)
            if zone is not None and row.entry not in done:
                done.add(row.entry)
                yield Frozen(
                    entry=row.entry,
                    invoice=invoice.number,
                    contributor=row.contributor,
                    day=whole_day(row.day, zone),
                    intervals=ground(row.intervals, row.day, zone),
                    minutes=row.worked_minutes,
                    family=related.ancestors(row.entry),
                )


def _settled(
    invoices: Iterable[Billed], before: Mapping[str, Worked], folded: Mapping[str, Worked]
) -> Mapping[str, Worked]:
    """Billed entries as their invoices state them, with what is remembered of their evidence."""
    result: dict[str, Worked] = {}
    for invoice in invoices:
        for row in invoice.rows:
            known = before.get(row.entry) or folded.get(row.entry)
            entry = known.entry if known else Entry(day=row.day, by=row.contributor, minutes=0)
            stated = replace(
                entry,
                day=row.day,
                by=row.contributor,
                project=row.project,
                ticket=row.ticket or None,
                activity=row.activity,
                minutes=row.worked_minutes,
                at=row.intervals,
                text=row.text,
                agent=row.agent,
            )
            result[row.entry] = Worked(id=row.entry, client=invoice.client, entry=stated)
    return result


def _off(
    facts: Iterable[Evidence], worked: Iterable[Worked], regions: Mapping[str, str], zones: Mapping[str, tzinfo]
) -> Mapping[tuple[str, date], str]:
    """Days without work on which somebody worked, by what they are."""
    told = days_off(facts, zones)
    found: dict[tuple[str, date], str] = {}
    for item in worked:
        person, day = item.entry.by, item.entry.day
        if (person, day) in told:
            found[person, day] = DAY_OFF
        elif person in regions and day in public_holidays(regions[person], day.year):
            found[person, day] = HOLIDAY
    return found


def _contested(lost: Iterable[Lost], claims: Claims) -> frozenset[str]:
    """Entries that lost minutes to others; not estimates that lost to what was recorded of the same client's work."""
    about = claims.about
    return frozenset(
        loss.claim.entry
        for loss in lost
        if loss.to != loss.claim.entry
        and not (is_expected(loss) and loss.to and about[loss.to].client == about[loss.claim.entry].client)
    )


def _by_month(worked: Iterable[Worked]) -> Mapping[Month, Manifest]:
    months: dict[Month, dict[str, Entry]] = defaultdict(dict)
    for item in sorted(worked, key=lambda w: (w.client, w.entry.day, w.id)):
        months[item.client, f"{item.entry.day:%Y-%m}"][item.id] = item.entry
    return {month: Manifest(entries=entries) for month, entries in months.items()}


def _no_source(source: str, count: int) -> Problem:
    return Problem(
        rule="no-source",
        severity="warning",
        message=f"evidence of {source!r} ({count}) is not counted: no source has that name",
        hint=f'add it with `git bill source add URL --client acme`, or give a [[sources]] table id = "{source}"',
    )


def _overfull(worked: Iterable[Worked], zones: Mapping[str, tzinfo]) -> Iterable[Problem]:
    """More worked time than a day has, which only people's own values can bring about."""
    days: dict[tuple[str, date], int] = defaultdict(int)
    for item in worked:
        days[item.entry.by, item.entry.day] += item.entry.minutes
    for (person, day), minutes in sorted(days.items()):
        if person in zones and minutes > whole_day(day, zones[person]).minutes:
            yield Problem(
                rule="overfull-day",
                message=f"{person} has {format_duration(minutes)} on {day}, more than the day has",
                hint=f"see the day with `git bill log --period {day}` and correct an entry with `git bill edit`",
            )
