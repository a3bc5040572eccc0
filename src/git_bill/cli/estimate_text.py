"""How an estimate is told on a terminal: the total first, then when and on what, then what weakens it."""

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from git_bill.cli.entry_text import day_text
from git_bill.cli.estimate_calendar import bar, calendar, hours
from git_bill.cli.estimate_view import View, listed, range_text, whole_text
from git_bill.cli.output import Line, Span, bold, dim, money, table
from git_bill.flows.estimate import MOST_CLOSELY, Estimate, Glance
from git_bill.flows.estimate_rows import Row, price
from git_bill.problem import Problem
from git_bill.sources.commit import commit_of
from git_bill.worklog.point import Rule, name_of

_MOST_ROWS = 10  # of tickets or people, where they were not asked for
_WORTH_IT = 10  # one in so many hours has a ticket
_MOST_ALIKE = 3  # problems of one rule that are told one by one
_BAR = 16
_BECAUSE = {
    "same-moment": "same commit, rewritten",
    "repeats": "repeats commits before it",
    "presence": "merge or empty commit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Lines, problems and what a person would type next."""

    text: Sequence[Line]
    problems: tuple[Problem, ...] = ()
    next: tuple[tuple[str, str], ...] = ()


def found(view: View, drawn: Path | None) -> Told:
    """An estimate with hours in it."""
    lines: list[Line] = [*_head(view), ""]
    lines += _rows(view)
    lines += ["", *((dim("  · "), note) for note in _notes(view))]
    if drawn is not None:
        lines += ["", ("Written: ", bold(str(drawn)))]
    price_it = () if view.rate else ((f'{view.again} --rate "95.00 EUR"', "what it is worth"),)
    return Told(text=lines, next=(*price_it, ("git bill init", "set up books: confirm these hours, and bill them")))


def nothing(view: View, glance: Glance) -> Told:
    """No commit that was asked for: whose there are, and what to type instead."""
    when, where = view.when(), view.where()
    if glance.newest is None:
        verb = "has" if len(view.result.read) == 1 else "have"
        line = (bold(f"{where} {verb} no commits yet."), " Come back after the first ones.")
        return Told(text=(line,), next=(("git bill init", "set up books; work without commits can be added"),))
    whose = f" by {_either(view.wanted.authors)}" if view.wanted.authors else " of yours" if view.own else ""
    head = bold(f"{when}: no commits{whose} in {where}")
    told = (head, dim(view.whose())) if view.own else (head,)
    return Told(text=told, problems=(_missed(view, glance),), next=_instead(view, glance))


def few(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems, of each rule but the first ones; the rest are counted."""
    seen = Counter[str]()
    for problem in problems:
        seen[problem.rule] += 1
        if seen[problem.rule] <= _MOST_ALIKE:
            yield problem
    for rule, count in seen.items():
        if count > _MOST_ALIKE:
            message = f"{count - _MOST_ALIKE} more like these"
            yield Problem(rule=rule, severity="warning", message=message)


def _head(view: View) -> Iterator[Line]:
    whole = view.whole
    yield (
        bold(f"{view.when()}: {whole_text(whole.expected)}"),
        f" ({range_text(whole.low, whole.high)}) in {view.where()}",
    )
    if view.rate is not None and view.net is not None:
        low, high = (money(price(view.rate, minutes)) for minutes in (whole.low, whole.high))
        span = f" ({low.rpartition(' ')[0]} to {high.rpartition(' ')[0]})"
        yield (bold(f"{money(view.net)} net"), f" at {money(view.rate)} an hour{span}")
    yield dim(view.whose())


def _rows(view: View) -> Iterator[Line]:
    if view.by == "day":
        yield from _by_day(view)
    elif view.by == "commit":
        yield from _by_commit(view)
    elif view.by is not None and view.by != "day-ticket":
        yield from _table(view, view.rows, view.by)
    else:
        yield from calendar(view.result.worked.shares, view.wanted.days, view.today)
        yield from _summary(view)


def _summary(view: View) -> Iterator[Line]:
    """Who and what the hours went to, where that is more than one thing."""
    ticketed = sum(row.minutes.expected for row in view.tickets if row.group.ticket)
    tickets = view.tickets if ticketed * _WORTH_IT > view.whole.expected else ()
    for name, rows in (("contributor", view.people), ("ticket", tickets)):
        if len(rows) > 1:
            yield ""
            yield from _table(view, rows[:_MOST_ROWS], name)
            if len(rows) > _MOST_ROWS:
                rest = sum(row.minutes.expected for row in rows[_MOST_ROWS:])
                more = f"{len(rows) - _MOST_ROWS:,} more, {whole_text(rest)}"
                yield dim(f"  {more}: {view.again} --by {name}")


def _table(view: View, rows: Sequence[Row], name: str) -> list[Line]:
    most = max(row.minutes.expected for row in rows)
    cells = [[_label(view, row), bold(hours(row.minutes.expected)), *_figures(row), _drawn(row, most)] for row in rows]
    return table(cells, head=[name, *_heads(view)], align=f"l{_figure_columns(view)}l", indent=2)


def _figures(row: Row) -> list[str | Span]:
    net = [] if row.net is None else [money(row.net).rpartition(" ")[0]]
    low, _, high = row.minutes
    return [dim(f"{hours(low)}–{hours(high)}" if low < high else ""), *net, dim(f"{row.commits:,}")]


def _heads(view: View) -> list[str]:
    return ["hours", "range", *([f"net {view.rate.currency}"] if view.rate else []), "commits", ""]


def _figure_columns(view: View) -> str:
    return "rrrr" if view.rate else "rrr"


def _drawn(row: Row, most: int) -> Span:
    return Span(bar(row.minutes.expected, most, _BAR), "green")


def _label(view: View, row: Row) -> str | Span:
    group = row.group
    if group.contributor:
        person = view.person(row)
        return f"{person.names[0]} <{person.id}>" if person.names else person.id
    if group.ticket:
        return group.ticket
    return dim("no ticket" if len(view.sources) == 1 else f"{group.source}, no ticket")


def _by_day(view: View) -> list[Line]:
    most = max(row.minutes.expected for row in view.rows)
    tickets = {row.group.day: list[str]() for row in view.rows}
    for share in view.result.worked.shares:
        named = tickets[share.day]
        if share.ticket and share.ticket not in named:
            named.append(share.ticket)
    cells: list[list[str | Span]] = []
    for row in view.rows:
        assert row.group.day is not None  # these rows tell days apart
        day = day_text(row.group.day, view.today)
        figures = _figures(row)
        cells.append(
            [day, bold(hours(row.minutes.expected)), *figures, _drawn(row, most), ", ".join(tickets[row.group.day])]
        )
    return table(cells, head=["day", *_heads(view), "tickets"], align=f"r{_figure_columns(view)}ll", indent=2)


def _by_commit(view: View) -> list[Line]:
    several, zone = len(view.sources) > 1, ZoneInfo(view.wanted.timezone)
    cells: list[list[str | Span]] = []
    for row in view.rows:
        record = row.evidence[0]
        time = hours(row.minutes.expected)
        where = [dim(record.source)] if several else []
        why = _BECAUSE.get(row.rule or "", "")
        told = [dim(f"{record.text} ({why})")] if why else [record.text]
        when = f"{record.at.astimezone(zone):%Y-%m-%d %H:%M}"
        cells.append(
            [dim(row.group.commit[:10]), when, *where, bold(time) if row.minutes.expected else dim(time), *told]
        )
    head = ("commit", "", *(("in",) if several else ()), "hours", "")
    return table(cells, head=head, align="lllrl" if several else "llrl", indent=2)


def _notes(view: View) -> Iterator[str]:
    """What the numbers rest on, and what weakens them."""
    worked = view.result.worked
    rules = _silent(view.result)
    yield f"from the times of {_commits(view.commits)}; the range holds in 8 of 10 cases"
    yield "work that left no commit is missing: calls, reading, what was thrown away"
    if alone := sum(share.minutes for share in worked.shares if share.alone):
        yield f"{whole_text(alone)} of it on days with a single commit, the least certain"
    if helped := sum(share.minutes for share in worked.shares if share.agent):
        yield f"{whole_text(helped)} of it with AI agents, whose lines count for no time"
    if worked.unproven:
        yield f"not counted: {whole_text(worked.unproven)} unproven, which anyone could have written"
    if worked.overlap:
        yield f"{whole_text(worked.overlap)} claimed twice, counted once"
    if again := rules["repeats"] + rules["same-moment"]:
        yield f"not counted: {_commits(again)} repeating others (amended, rebased, squashed)"
    if rules["presence"]:
        merges = "merge or empty commit" if rules["presence"] == 1 else "merges or empty commits"
        yield f"not counted: {rules['presence']:,} {merges} outside of sessions"
    if not view.result.closely:
        yield f"over {MOST_CLOSELY:,} commits: sizes and repetitions were left out, so take it as rough"


def _commits(count: int) -> str:
    return f"{count:,} commit{'' if count == 1 else 's'}"


def _silent(result: Estimate) -> Counter[Rule]:
    """Why commits add nothing, each commit once; one that a second clone has too adds what it adds in the first."""
    silent = result.worked.silent
    loud = {commit_of(record.key) for record in result.evidence if name_of(record) not in silent}
    rules = {commit_of(r.key): silent[name_of(r)] for r in result.evidence if commit_of(r.key) not in loud}
    return Counter(rules.values())


def _missed(view: View, glance: Glance) -> Problem:
    """Why there is nothing, and who has commits here."""
    result = view.result
    own = {*view.wanted.emails} if view.own else set()
    people = [person for person in result.seen or glance.seen if own.isdisjoint(person.emails)]
    known = [f"{person.names[0]} <{person.id}>, {person.commits:,}" for person in people[:_MOST_ROWS]]
    more = [f"and {len(people) - _MOST_ROWS:,} more"] if len(people) > _MOST_ROWS else []
    if view.own and not result.who:
        message = "git does not know your e-mail, so it can't tell which commits are yours"
    elif not result.seen:
        message = f"nobody committed in that time; the newest commit is of {glance.newest}"
    elif view.wanted.authors:
        message = f"no name or address of who committed in that time contains {_either(view.wanted.authors)}"
    else:
        there = _commits(sum(person.commits for person in result.seen))
        message = f"of {there} in that time none is by {_either(result.who[0].emails)}"
    whose = "commits in that time are by:" if result.seen else "the newest commits are by:"
    hint = "\n".join([whose, *(f"  {line}" for line in (*known, *more))]) if known else ""
    return Problem(rule="no-commits", severity="warning", message=message, hint=hint)


def _either(words: Sequence[str]) -> str:
    return listed(words, "or")


def _instead(view: View, glance: Glance) -> tuple[tuple[str, str], ...]:
    """What a person would type to see hours after all."""
    steps: list[tuple[str, str]] = []
    others = [person for person in view.result.seen if person not in view.result.who]
    if view.own and not view.result.who:
        steps.append(("git config user.email mira@example.net", "tell git who you are"))
    if view.own and glance.own:
        steps.append((f"{view.typed} --since {glance.own.replace(day=1)}", f"your newest commit is of {glance.own}"))
    elif glance.newest and not view.result.seen:
        steps.append((f"{view.typed} --since {glance.newest.replace(day=1)} --all", "everyone's newest hours"))
    if others:
        steps.append((f"{view.typed} --author {shlex.quote(others[0].id)}", f"the hours of {others[0].names[0]}"))
    steps.append((f"{view.typed} --all", "everyone, the whole history"))
    return tuple(steps)
