"""Estimate: hours from commits alone. Nothing is set up, nothing is written; the numbers are those of `collect`."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from itertools import chain, islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from git_bill.period import Period
from git_bill.ports import History, RawCommit
from git_bill.problem import Exit, Problem, Stop
from git_bill.sources import elsewhere, git, journal, reflog
from git_bill.sources.commit import Found, Reading
from git_bill.worklog.estimate import Estimated, estimated
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.people import Person, caller, matching, owners, people
from git_bill.worklog.point import name_of

MOST_CLOSELY = 10_000  # commits: diffs of more would take more than some seconds
_BEFORE = timedelta(days=31)  # a session, and a branch that is squashed, may have begun before the first day
_MOST_HELD = 20_000  # commits kept in memory rather than read twice
_MOST_GLANCED = 2_000

T = TypeVar("T")
Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A clone under a name of its own. `books`: it is a workspace too, where work on the books alone is no work."""

    name: str
    history: History
    books: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose hours of which days. `days` None: the whole history.

    Those of `everyone`, else of the `authors` (parts of names and addresses), else the caller's, whom git knows by
    `emails` and `names`.
    """

    days: Period | None
    timezone: str
    emails: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    everyone: bool = False

    @property
    def since(self) -> date | None:
        """The first day that is read."""
        if self.days is None or self.days.first - date.min < _BEFORE:
            return None
        return self.days.first - _BEFORE


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """`who`: whose hours; `seen`: everybody with commits of the days. `evidence`: that of the days, and what
    adds minutes to them.

    `read`: the repositories that could be read; `problems` says why others could not. `closely`: whether sizes of
    changes, repetitions and branches were looked at.
    """

    who: tuple[Person, ...]
    seen: tuple[Person, ...]
    evidence: tuple[Evidence, ...]
    worked: Estimated
    read: tuple[Repository, ...]
    problems: tuple[Problem, ...]
    closely: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """The newest commits. `newest`: the day of the last one, `own`: of the caller's last one."""

    seen: tuple[Person, ...]
    newest: date | None
    own: date | None


def estimate(repositories: Sequence[Repository], wanted: Wanted, tick: Tick = lambda n: None) -> Estimate:
    """One timeline over all repositories. `tick` is told how many commits were read.

    A repository that can't be read is left out with a problem. Raises Stop (exit 4) where that is so of all.
    """
    run = _Run(wanted, tick)
    found = run.everyone(repositories) if wanted.everyone else run.some(repositories)
    if run.problems and not found:
        raise Stop(Exit.REPOSITORY, run.problems)
    told = elsewhere.judged({name: each.evidence for name, each in found.items()}, ())
    records = [record for some in told.values() for record in some]
    zone = ZoneInfo(wanted.timezone)
    own = owners(run.who)
    rewritten = [r for at in repositories if at.name in found for r in _rewritten(at, found[at.name], own)]
    worked = estimated([*records, *rewritten], [person.id for person in run.who], zone, wanted.days)
    return Estimate(
        who=run.who,
        seen=run.seen,
        evidence=tuple(_of_the_days(records, worked, zone, wanted.days, run.who)),
        worked=worked,
        read=tuple(repository for repository in repositories if repository.name in found),
        problems=(
            *(replace(problem, severity="warning") for problem in run.problems),
            *(problem for each in found.values() for problem in each.problems),
        ),
        closely=run.closely,
    )


def _rewritten(repository: Repository, found: Found, identity: Mapping[str, str]) -> tuple[Evidence, ...]:
    """What the clone tells beside its commits: what was rewritten, and when its people went to a branch."""
    history = repository.history
    reading = Reading(source=repository.name, identity=identity)
    return (*journal.read(history.journal(), found.evidence), *reflog.read(history.visits(), reading, found.evidence))


def _of_the_days(
    records: Iterable[Evidence], worked: Estimated, zone: tzinfo, days: Period | None, who: Iterable[Person]
) -> Iterator[Evidence]:
    ids = {person.id for person in who}
    facts = {share.fact for share in worked.shares}
    for record in records:
        own = not ids.isdisjoint((record.contributor, *record.together))
        if own and (days is None or record.at.astimezone(zone).date() in days or name_of(record) in facts):
            yield record


def glance(repositories: Iterable[Repository], wanted: Wanted) -> Glance:
    """Who works in these repositories, whenever that was: for a person whose hours were not found."""
    authors = Counter[tuple[str, str]]()
    last: dict[str, date] = {}
    zone = ZoneInfo(wanted.timezone)
    for repository in repositories:
        for commit in islice(repository.history.commits(), _MOST_GLANCED):
            authors[commit.author_name, commit.author_email] += 1
            day = commit.author_at.astimezone(zone).date()
            for person in people({(commit.author_name, commit.author_email): 1}):
                last[person.id] = max(day, last.get(person.id, day))
    seen = people(authors)
    own = caller(seen, wanted.emails, wanted.names)
    return Glance(
        seen=seen,
        newest=max(last.values(), default=None),
        own=max((last[email] for email in (own.emails if own else ()) if email in last), default=None),
    )


class _Run:
    """One estimate in the making: who was seen, and what could not be read."""

    def __init__(self, wanted: Wanted, tick: Tick) -> None:
        self._wanted, self._tick = wanted, tick
        self._zone = ZoneInfo(wanted.timezone)
        self._authors, self._seen = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        self.who: tuple[Person, ...] = ()
        self.problems: list[Problem] = []
        self.closely = True

    @property
    def seen(self) -> tuple[Person, ...]:
        return people(self._seen)

    def everyone(self, repositories: Iterable[Repository]) -> dict[str, Found]:
        """All evidence, read while it streams: who is who is known only at the end."""
        left = MOST_CLOSELY

        def read(repository: Repository) -> Found:
            nonlocal left
            commits = self._noted(repository)
            first = list(islice(commits, left + 1))
            left -= len(first)
            self.closely &= left >= 0
            return self._read(repository, chain(first, commits), closely=left >= 0, everyone=True)

        found = self._each(repositories, read)
        self.who = people(self._authors)
        known = owners(self.who)
        return {name: _renamed(each, known) for name, each in found.items()}

    def some(self, repositories: Iterable[Repository]) -> dict[str, Found]:
        """The evidence of the people asked for: everybody's names are read first, for they tell who is who."""
        kept = self._each(repositories, self._held)
        seen, wanted = people(self._authors), self._wanted
        own = caller(seen, wanted.emails, wanted.names)
        self.who = matching(seen, wanted.authors) if wanted.authors else (own,) if own else ()
        self.closely = sum(person.commits for person in self.who) <= MOST_CLOSELY

        def read(repository: Repository) -> Found:
            return self._read(repository, kept[repository.name], closely=self.closely)

        return self._each([r for r in repositories if r.name in kept], read)

    def _read(
        self, repository: Repository, commits: Iterable[RawCommit] | None, *, closely: bool, everyone: bool = False
    ) -> Found:
        reading = Reading(
            source=repository.name,
            identity=owners(self.who),
            everyone=everyone,
            since=self._wanted.since,
            timezone=self._wanted.timezone,
        )
        books = "billing/" if repository.books else None
        history = repository.history
        return git.read(history, reading, lines=closely, branches=closely, books=books, commits=commits)

    def _held(self, repository: Repository) -> list[RawCommit] | None:
        """The commits; None for more than memory should hold."""
        commits = self._noted(repository)
        first = list(islice(commits, _MOST_HELD))
        more = sum(1 for _ in commits)
        return None if more else first

    def _noted(self, repository: Repository) -> Iterator[RawCommit]:
        start = Reading(source="", since=self._wanted.since, timezone=self._wanted.timezone).start
        days = self._wanted.days
        for commit in repository.history.commits(since=start):
            author = commit.author_name, commit.author_email
            if start is None or commit.author_at >= start:
                self._authors[author] += 1
            if days is None or commit.author_at.astimezone(self._zone).date() in days:
                self._seen[author] += 1
            self._tick(1)
            yield commit

    def _each(self, repositories: Iterable[Repository], read: Callable[[Repository], T]) -> dict[str, T]:
        done: dict[str, T] = {}
        for repository in repositories:
            try:
                done[repository.name] = read(repository)
            except Stop as stopped:
                self.problems.extend(stopped.problems)
        return done


def _renamed(found: Found, known: dict[str, str]) -> Found:
    """With people for addresses."""
    return replace(found, evidence=tuple(_of_person(record, known) for record in found.evidence))


def _of_person(record: Evidence, known: dict[str, str]) -> Evidence:
    contributor = known.get(record.contributor, record.contributor)
    if contributor == record.contributor and not record.together:
        return record
    others = dict.fromkeys(known.get(person, person) for person in record.together)
    return replace(
        record, contributor=contributor, together=tuple(person for person in others if person != contributor)
    )
