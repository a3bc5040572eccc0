"""One commit → evidence. Shared by every source that sees commits; what the commit changed is not known here."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from git_bill.period import format_duration
from git_bill.ports import RawCommit
from git_bill.problem import Problem
from git_bill.worklog import directives
from git_bill.worklog.agent import agent_of, agents_in, apart, is_program, joined
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.identity import address
from git_bill.worklog.spend import Agreed, Stated, stated, units_on
from git_bill.worklog.ticket import ticket_in

# Forges make these on their own, to try whether a branch still merges; checkouts of CI leave HEAD there.
_TRIAL_MERGE = re.compile(r"Merge [0-9a-f]{40,64} into [0-9a-f]{40,64}")

_CO_AUTHOR = re.compile(r"^co-authored-by[ \t]*:", re.IGNORECASE | re.MULTILINE)
_STATEMENT = re.compile(r"^ *(?:time|spent|time-spent)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a source looks for. `identity`: address (`identity.address`) → contributor id; nobody else is copied.

    `everyone` takes all people who are no programs under their addresses instead. `since`: the first day, by author
    date in `timezone`. `agreed`: what days and weeks in statements of time are worth. `paths`: what its routes ask for.
    """

    source: str
    identity: Mapping[str, str] = field(default_factory=dict)
    everyone: bool = False
    ticket_pattern: str = r"[A-Z][A-Z0-9]+-\d+"
    since: date | None = None
    timezone: str = "UTC"
    agreed: tuple[Agreed, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def start(self) -> datetime | None:
        """The first instant."""
        if self.since is None:
            return None
        return datetime(self.since.year, self.since.month, self.since.day, tzinfo=ZoneInfo(self.timezone))

    def person(self, name: str, email: str) -> str | None:
        """The contributor that an author line names."""
        if not self.everyone:
            return self.identity.get(address(email))
        return None if is_program(name, email) else address(email) or name.strip().lower() or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was read, oldest first, and what was wrong with it."""

    evidence: tuple[Evidence, ...]
    problems: tuple[Problem, ...] = ()


def collected(commits: Iterable[RawCommit], reading: Reading) -> Found:
    """Evidence of these commits, each (commit, contributor) once."""
    evidence: dict[str, Evidence] = {}
    problems: list[Problem] = []
    for commit in commits:
        for record in evidence_of(commit, reading, problems):
            evidence.setdefault(record.key, record)
    return Found(evidence=in_order(evidence.values()), problems=tuple(problems))


def in_order(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """By instant, then key: equal input in any order gives equal files."""
    return tuple(sorted(evidence, key=lambda record: (record.at, record.key)))


def evidence_of(commit: RawCommit, reading: Reading, problems: list[Problem]) -> Iterator[Evidence]:
    """The evidence in one commit; a malformed statement of time is added to the problems.

    A known author gets one record (key: the commit's id) with known co-authors in `together`. Without a known author
    each known co-author gets one (key `<id>+<contributor>`), unproven: the trailer is another's word (law 11). So does
    the committer of an agent's commit, proven where they made it at the author's instant; who committed it later may
    have rebased what an agent wrote overnight.
    """
    author = reading.person(commit.author_name, commit.author_email)
    agent = agent_of(commit.author_name, commit.author_email)
    if author is None and not agent and not _CO_AUTHOR.search(commit.message):
        return
    if is_undated(commit) or _is_trial(commit):
        return
    found = directives.trailers(commit.message)
    named = (reading.person(*person) for person in directives.people(found))
    partners = tuple(sorted({person for person in named if person and person != author}))
    committer = reading.person(commit.committer_name, commit.committer_email)
    if author is not None:
        record = _record(commit, reading, found, author, partners)
        said = _stated(commit, found, reading, problems)
        squashed = _squashed(commit, found, reading, problems)
        if said.spends or squashed:
            own = committer == author
            record = replace(record, minutes=said.minutes, spent=said.elsewhere, squashed=squashed, proven=own)
        yield record
        return
    present = committer if agent and commit.committer_at == commit.author_at else None
    for person in sorted({*partners, *([committer] if agent and committer else [])}):
        others = tuple(partner for partner in partners if partner != person)
        record = _record(commit, reading, found, person, () if person == present else others)
        yield replace(record, key=f"{commit.id}+{person}", proven=person == present)


def is_undated(commit: RawCommit) -> bool:
    """Whether its author date says no time: git reads a broken one as the epoch."""
    return commit.author_at <= _EPOCH


def commit_of(key: str) -> str:
    """The commit id in an evidence key; a co-author's key names the person too."""
    return key.partition("+")[0]


def _record(
    commit: RawCommit, reading: Reading, found: directives.Trailers, contributor: str, together: tuple[str, ...]
) -> Evidence:
    subject = directives.subject(commit.message)
    return Evidence(
        key=commit.id,
        kind="commit",
        source=reading.source,
        contributor=contributor,
        at=commit.author_at,
        text=subject,
        ticket=_stated_ticket(found, reading.ticket_pattern) or ticket_in(subject, reading.ticket_pattern),
        parents=len(commit.parents),
        together=together,
        committed=commit.committer_at if commit.committer_at != commit.author_at else None,
        agent=_agent(commit, found),
    )


def _agent(commit: RawCommit, found: directives.Trailers) -> str:
    """The agents that wrote a commit or helped to."""
    name, email = commit.author_name, commit.author_email
    return joined((agent_of(name, email), apart(name)[1], *agents_in(commit.message, found)))


def _stated(commit: RawCommit, found: directives.Trailers, reading: Reading, problems: list[Problem]) -> Stated:
    """What the message states; nobody has worked on a day after it."""
    today = commit.author_at.date()
    said = stated(commit.message, found, units_on(today, reading.agreed))
    late = [
        (f"time of {spend.day}", "it is of a later day than its commit")
        for spend in said.spends
        if spend.day and spend.day > today
    ]
    problems.extend(_malformed(commit, directive, why) for directive, why in (*said.wrong, *late))
    return replace(said, spends=tuple(spend for spend in said.spends if spend.day is None or spend.day <= today))


def _squashed(commit: RawCommit, found: directives.Trailers, reading: Reading, problems: list[Problem]) -> int:
    """Minutes that a message put together of several states for all but the last, if they are all the author's."""
    if not _STATEMENT.search(commit.message):
        return 0
    units = units_on(commit.author_at.date(), reading.agreed)
    parts = [stated("", section, units) for section in directives.sections(commit.message)]
    last = stated("", found, units)
    several = sum(bool(part.spends) for part in (*parts, last)) > 1
    minutes = sum(spend.minutes for part in parts for spend in part.spends)
    if not minutes or not (several or directives.is_of_commits(commit.message)):
        return 0
    author = address(commit.author_email)
    if directives.people(found) or {address(email) for email in directives.authors(commit.message)} - {author}:
        what = f"{format_duration(minutes)} of the commits in the message"
        problems.append(_malformed(commit, what, "others took part in them"))
        return 0
    problems.extend(_malformed(commit, directive, why) for part in parts for directive, why in part.wrong)
    return minutes


def _malformed(commit: RawCommit, directive: str, why: str) -> Problem:
    return Problem(
        rule="malformed-directive",
        severity="warning",
        message=f"the {directive} of commit {commit.id[:12]} is not counted: {why}",
        hint="write it like `Time: 1h30m`; for a commit that stays as it is: git bill add 1h30m",
    )


def _stated_ticket(found: directives.Trailers, pattern: str) -> str | None:
    for value in directives.values(found, "Ticket"):
        if words := re.split(r"[,;\s]+", value.strip(), maxsplit=1)[0]:
            return ticket_in(value, pattern) or words[:64]
    return None


def _is_trial(commit: RawCommit) -> bool:
    return len(commit.parents) > 1 and _TRIAL_MERGE.match(commit.message) is not None
