"""`git bill estimate`: hours from commits, nothing set up, nothing written, offline."""

import gc
import os
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from git_bill.adapters import system
from git_bill.adapters.git.find import repositories
from git_bill.adapters.git.history import GitHistory
from git_bill.adapters.git.place import git_config, git_email
from git_bill.cli import estimate_text, values
from git_bill.cli.destination import put
from git_bill.cli.estimate_sheet import sheet
from git_bill.cli.estimate_text import Told
from git_bill.cli.estimate_view import View
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.progress import progress
from git_bill.cli.session import Session
from git_bill.flows.estimate import Estimate, Repository, Wanted, estimate, glance
from git_bill.flows.estimate_rows import By, Row
from git_bill.layout import SETTINGS
from git_bill.money import Money
from git_bill.period import Period, month, parse_day, parse_period
from git_bill.problem import Problem
from git_bill.sources.commit import commit_of
from git_bill.worklog.people import Person

_BY = ("day", "ticket", "contributor", "commit")


@click.command("estimate")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--since", metavar="DAY", help="First day: 2026-10-05, 2026-10, mon, last-month. [first of last month]")
@click.option("--until", metavar="DAY", help="Last day, included. [end of this month]")
@click.option("--author", "authors", metavar="WHO", multiple=True, help="Part of a name or address; repeatable.")
@click.option("--all", "everything", is_flag=True, help="Every contributor and the whole history.")
@click.option("--by", type=click.Choice(_BY), help="What the rows tell apart. [day and ticket]")
@click.option("--rate", metavar="AMOUNT", help='Net price of an hour, like "95.00 EUR".')
@click.option("--timezone", metavar="ZONE", callback=values.checked(values.zone), help="Whose days. [the system's]")
@click.option("--pdf", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write a PDF to look at.")
@common
def command(
    session: Session,
    /,
    *,
    paths: tuple[Path, ...],
    since: str | None,
    until: str | None,
    authors: tuple[str, ...],
    everything: bool,
    by: By | None,
    rate: str | None,
    timezone: str | None,
    pdf: Path | None,
) -> Report:
    """Estimate your hours in this and last month from commits: in this repository, or in all in and below each PATH.

    Nothing is set up and nothing leaves the machine; only --pdf writes a file. You are who git says (user.email), with
    the other addresses that commit there under your full name. All repositories share one timeline: an hour counts
    once. Days are those of your system's time zone. The numbers are those that `git bill collect` would give.

    \b
    git bill estimate
    git bill estimate ~/code --rate "95.00 EUR"
    git bill estimate --since 2026-01 --by ticket
    git bill estimate --all --by contributor --json
    """
    gc.disable()  # a large history makes millions of objects and no cycles
    zone = timezone or system.time_zone(os.environ)
    hourly = _rate(rate, zone)
    days = _days(session.clock.today(zone), since, until, everything=everything)
    found = _repositories(session, paths)
    wanted = _wanted(found, zone, days, authors, everyone=everything and not authors)
    with progress("Reading commits") as advance:
        result = estimate(found, wanted, advance)
    typed = shlex.join(["git", "bill", "estimate", *map(str, paths)])
    view = View(
        result=result,
        wanted=wanted,
        by=by,
        rate=hourly,
        today=session.clock.today(zone),
        typed=typed,
        again=shlex.join([*shlex.split(typed), *_asked(since, until, authors, everything=everything)]),
    )
    if not result.evidence:
        return _report(session, paths, view, None, estimate_text.nothing(view, glance(result.read, wanted)))
    drawn = _pdf(session, view, pdf) if pdf else None
    return _report(session, paths, view, drawn, estimate_text.found(view, drawn))


def _report(session: Session, paths: tuple[Path, ...], view: View, drawn: Path | None, told: Told) -> Report:
    result, days = view.result, view.wanted.days
    asked = [str((session.start / path).resolve()) for path in paths] or [str(session.start)]
    return Report(
        data={
            "repository": str(result.read[0].history.path) if len(result.read) == 1 else asked[0],
            "repositories": [_repository(repository, result) for repository in result.read],
            "since": days and days.first,
            "until": days and days.last,
            "timezone": view.wanted.timezone,
            "commits": view.commits,
            "minutes": view.whole._asdict(),
            "contributors": [_contributor(view.person(row), row) for row in view.people],
            "by": view.by or "day-ticket",
            "rows": [_row(row, view) for row in view.rows],
            "rate": view.rate,
            "net": view.net,
            "single_commit_days": sum(share.minutes for share in result.worked.shares if share.alone),
            "with_agents": sum(share.minutes for share in result.worked.shares if share.agent),
            "unproven": result.worked.unproven,
            "overlap": result.worked.overlap,
            "pdf": drawn,
        },
        text=told.text,
        problems=(*_shallow(result), *told.problems, *estimate_text.few(result.problems)),
        next=told.next,
    )


def _asked(since: str | None, until: str | None, authors: tuple[str, ...], *, everything: bool) -> Iterator[str]:
    """The options that say whose hours of which days."""
    for option, value in (("--since", since), ("--until", until), *(("--author", author) for author in authors)):
        if value is not None:
            yield from (option, value)
    if everything:
        yield "--all"


def _repository(repository: Repository, result: Estimate) -> dict[str, Any]:
    commits = {commit_of(record.key) for record in result.evidence if record.source == repository.name}
    return {"name": repository.name, "path": repository.history.path, "commits": len(commits)}


def _contributor(person: Person, row: Row) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.names[0] if person.names else None,
        "emails": list(person.emails),
        "commits": row.commits,
        "minutes": row.minutes.expected,
        "low": row.minutes.low,
        "high": row.minutes.high,
        "net": row.net,
    }


def _row(row: Row, view: View) -> dict[str, Any]:
    """A row with what it tells apart first; a commit's with all that is known of it."""
    group = row.group
    first: dict[str, Any] = {}
    if view.by == "commit":
        record = row.evidence[0]
        first = {
            "sha": group.commit,
            "repository": record.source,
            "at": record.at.isoformat(),
            "contributor": record.contributor,
            "ticket": record.ticket,
            "text": record.text,
            "because": row.rule,
        }
    elif view.by == "contributor":
        first = {"contributor": group.contributor}
    else:
        if group.day:
            first["day"] = group.day
        if view.by != "day":
            first |= {"ticket": group.ticket or None, "repository": group.source or None}
    figures = {"minutes": row.minutes.expected, "low": row.minutes.low, "high": row.minutes.high}
    return first | figures | ({} if view.by == "commit" else {"commits": row.commits}) | {"net": row.net}


def _rate(text: str | None, zone: str) -> Money | None:
    """The rate; an amount alone is in the currency of the zone's country."""
    if text is None:
        return None
    home = system.country(zone, os.environ)
    try:
        return values.rate(text, (home and system.currency(home)) or "EUR")
    except ValueError as error:
        raise click.UsageError(f"--rate: {error}") from None


def _days(today: date, since: str | None, until: str | None, *, everything: bool) -> Period | None:
    """The days asked for: those of last month and this one, unless something else is said."""
    if everything and since is None and until is None:
        return None
    last = month(today).last if until is None else _period("--until", until, today).last
    if since is not None:
        first = _period("--since", since, today).first
    else:
        first = date.min if everything else month(last.replace(day=1) - timedelta(days=1)).first
    if first > last:
        raise click.UsageError(f"--since {first} is later than --until {last}")
    return Period(first, last)


def _period(option: str, text: str, today: date) -> Period:
    """A day, or a period such as 2026-10, of which the first or last day counts."""
    try:
        day = parse_day(text, today)
        return Period(day, day)
    except ValueError:
        pass
    try:
        return parse_period(text, today)
    except ValueError:
        hint = "write it like 2026-10-05, 2026-10, yesterday or mon"
        raise click.UsageError(f"{option} {text!r} is not a day; {hint}") from None


def _repositories(session: Session, paths: tuple[Path, ...]) -> tuple[Repository, ...]:
    """The repositories, each under a name of its own: as much of its path as tells it from the others."""
    tops = repositories([session.start / path for path in paths] or [session.start])
    names = {top: _name(top, 1) for top in tops}
    for length in range(2, max(len(top.parts) for top in tops)):
        twice = Counter(names.values())
        names = {top: _name(top, length) if twice[name] > 1 else name for top, name in names.items()}
    return tuple(
        Repository(name=name, history=GitHistory(top), books=(top / SETTINGS).is_file()) for top, name in names.items()
    )


def _name(top: Path, length: int) -> str:
    return "/".join(top.parts[-length:]).removesuffix("/.git").removesuffix(".git")


def _wanted(
    found: Iterable[Repository], zone: str, days: Period | None, authors: tuple[str, ...], *, everyone: bool
) -> Wanted:
    """With the caller's addresses and names, as git's configuration tells in each of the repositories."""
    tops = [repository.history.path for repository in found]
    emails = [git_email(top, os.environ) for top in tops]
    names = [os.environ.get("GIT_AUTHOR_NAME") or git_config(top, "user.name") for top in tops]
    return Wanted(
        days=days,
        timezone=zone,
        emails=tuple(dict.fromkeys(filter(None, emails))),
        names=tuple(dict.fromkeys(filter(None, names))),
        authors=authors,
        everyone=everyone,
    )


def _shallow(result: Estimate) -> Iterable[Problem]:
    for repository in result.read:
        if repository.history.shallow:
            yield Problem(
                rule="shallow-clone",
                severity="warning",
                message=f"{repository.name} is a shallow clone: commits are missing, the hours may be too few",
                hint=f"fetch the rest: git -C {shlex.quote(str(repository.history.path))} fetch --unshallow",
            )


def _pdf(session: Session, view: View, file: Path) -> Path:
    """Write the estimate as a PDF. Stops (exit 2) where the file can't be written."""
    from git_bill.adapters import pdf
    from git_bill.adapters.tables import wording
    from git_bill.adapters.typst import Typst
    from git_bill.invoice.document.estimate_page import estimate_page

    country = system.country(view.wanted.timezone, os.environ)
    page = estimate_page(sheet(view, country), wording())
    content = Typst(pdf.text).typeset("invoice.typ", page, {}, at=session.clock.now())
    return put(session, file, content, force=True)
