"""The walk through unconfirmed entries, in the manner of `git add -p`. Every answer is saved as it is given."""

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import click

from git_bill.cli import ask
from git_bill.cli.entries import known_client
from git_bill.cli.entry_text import about_text, agent_text, day_text, range_text, time_text
from git_bill.cli.entry_values import minutes
from git_bill.cli.output import bold, dim, print_line, shorten, show_problem, terminal_width
from git_bill.cli.session import Session
from git_bill.cli.split import shares
from git_bill.effects import Flow
from git_bill.flows.correct import Corrected
from git_bill.flows.corrections import Facts, confirm, drop, edit, move, note, split
from git_bill.flows.overview import Overview
from git_bill.period import format_duration
from git_bill.problem import Stop
from git_bill.worklog.day import clock_text, ground, unplaced
from git_bill.worklog.entry import Worked
from git_bill.worklog.interval import Interval

KEYS: Mapping[str, str] = {
    "y": "yes, it is right: confirm it",
    "n": "not now, ask again another time",
    "e": "edit its time, then it is confirmed",
    "s": "split it into several",
    "m": "move it to another client",
    "d": "drop it, it was no work",
    "a": "all: confirm this one and those that follow",
    "q": "quit; what you answered is saved",
    "?": "show this",
}
_GAP = 30  # minutes without work that are worth a look
_GAPS = _STRETCHES = 3


@dataclass(slots=True)
class Walk:
    """Entries that are left to ask about, and what became of the others. `view` follows every answer."""

    session: Session
    view: Overview
    left: list[str]
    confirmed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Ask until nothing is left, or until the person or the input has enough."""
        total, shown = len(self.left), None
        while self.left:
            item = self.view.worked[self.left[0]]
            if shown != (item.entry.day, item.entry.by):
                _say_day(self.session, self.view, item)
            shown = item.entry.day, item.entry.by
            _say_entry(self.session, item, total - len(self.left) + 1, total)
            try:
                key = _key()
                if key == "q":
                    return
                self._answer(key, item)
            except EOFError:
                return

    def confirm_rest(self) -> None:
        """Confirm all that are left, but no unproven ones: each of them needs a look."""
        ids = [entry for entry in self.left if self.view.worked[entry].entry.state != "unproven"]
        if ids:
            self._save(confirm(self.session.books, self.session.clock, ids, by=self.session.person))
        self.confirmed += ids
        self.skipped += [entry for entry in self.left if entry not in ids]
        self.left = []

    def _answer(self, key: str, item: Worked) -> None:
        answers: Mapping[str, Callable[[Worked], None]] = {
            "y": self._yes,
            "n": self._no,
            "e": self._edit,
            "s": self._split,
            "m": self._move,
            "d": self._drop,
            "a": lambda _: self.confirm_rest(),
        }
        if key not in answers:
            for name, meaning in KEYS.items():
                print_line((bold(f"    {name}"), f"  {meaning}"), sys.stderr)
            return
        try:
            answers[key](item)
        except Stop as stopped:  # the answer can't be; the entry is asked about again
            for problem in stopped.problems:
                show_problem(problem, sys.stderr)

    def _yes(self, item: Worked) -> None:
        self.session.run(note(self.session.books, self.session.clock, item, by=self.session.person))
        said = replace(item, entry=replace(item.entry, state="confirmed", range=()))
        self.view = replace(self.view, worked={**self.view.worked, item.id: said})
        self.confirmed.append(self.left.pop(0))

    def _no(self, item: Worked) -> None:
        self.skipped.append(self.left.pop(0))

    def _edit(self, item: Worked) -> None:
        time = minutes(_asked("Time worked, like 45m", _wrong_minutes))
        flow = edit(
            self.session.books,
            self.session.clock,
            [item.id],
            Facts(minutes=time),
            by=self.session.person,
            because=_why(),
        )
        self._save(flow)
        self.changed.append(self.left.pop(0))

    def _split(self, item: Worked) -> None:
        parts = shares(tuple(_words(_asked('Parts, like 30m "login" rest "search"'))))
        books, clock = self.session.books, self.session.clock
        self._save(split(books, clock, item.id, parts, by=self.session.person, because=_why()))
        self.changed.append(self.left.pop(0))

    def _move(self, item: Worked) -> None:
        client = known_client(self.session, _asked("To which client"))
        books, clock = self.session.books, self.session.clock
        self._save(move(books, clock, [item.id], client, by=self.session.person, because=_why()))
        self.changed.append(item.id)

    def _drop(self, item: Worked) -> None:
        self._save(drop(self.session.books, self.session.clock, [item.id], by=self.session.person, because=_why()))
        self.dropped.append(self.left.pop(0))

    def _save(self, flow: Flow[Corrected]) -> None:
        result = self.session.run(flow)
        self.view = result.after
        for problem in result.problems:
            self.session.warn(problem)


def _say_day(session: Session, view: Overview, item: Worked) -> None:
    """`Mon 5 Oct · 6h15m · no work 12:10–13:00`: all that the person worked that day, for whichever client."""
    by, day = item.entry.by, item.entry.day
    same = [w for w in view.worked.values() if (w.entry.by, w.entry.day) == (by, day)]
    told = [format_duration(sum(w.entry.minutes for w in same))]
    if by != (session.caller.id if session.caller else by):
        told.append(by)
    if gaps := _gaps(session, same, by, day):
        told.append(f"no work {gaps}")
    print_line("", sys.stderr)
    print_line((bold(day_text(day, session.today)), dim("".join(f" · {part}" for part in told))), sys.stderr)


def _gaps(session: Session, items: Sequence[Worked], by: str, day: date) -> str:
    """The longest gaps between a day's intervals, in order."""
    person = next((p for p in session.workspace.settings.contributors if p.id == by), None)
    if person is None:
        return ""
    zone = ZoneInfo(person.timezone)
    busy = ground((text for item in items for text in item.entry.at), day, zone)
    gaps = [Interval(one.end, other.start) for one, other in pairwise(busy)]
    longest = sorted((gap for gap in gaps if gap.minutes >= _GAP), key=lambda gap: -gap.minutes)[:_GAPS]
    return ", ".join(_clock(clock_text(gap, zone)) for gap in sorted(longest))


def _say_entry(session: Session, item: Worked, number: int, total: int) -> None:
    entry = item.entry
    spread = f" ({range_text(entry)})" if range_text(entry) else ""
    told = (_when(entry.at), _beside(session, item), entry.activity, item.client, agent_text(entry), *entry.flags)
    facts = "  ".join(filter(None, told))
    place = f"  {number}/{total}  "
    indent = " " * len(place)
    about = session.secrets.masked(about_text(entry))
    print_line((dim(place), shorten(about, terminal_width() - len(place))), sys.stderr)
    print_line((indent, bold(time_text(entry)), f"{spread}  ", dim(facts)), sys.stderr)
    if entry.state == "unproven":
        plain = "anyone could have made this commit; was it you?"
        why = f"nothing proves that you worked with {entry.agent} here; did you?" if entry.agent else plain
        print_line(f"{indent}unproven: {why}", sys.stderr)


def _when(at: Sequence[str]) -> str:
    """Up to three intervals, else from when to when."""
    if len(at) <= _STRETCHES:
        return " ".join(map(_clock, at))
    return f"{at[0].partition('/')[0]}–{at[-1].partition('/')[2]} in {len(at)} stretches"


def _beside(session: Session, item: Worked) -> str:
    """`and 1h more that day` of what has no place; nothing of what has none at all."""
    entry = item.entry
    person = next((p for p in session.workspace.settings.contributors if p.id == entry.by), None)
    if person is None or not entry.at:
        return ""
    minutes = unplaced(entry.minutes, entry.at, entry.day, ZoneInfo(person.timezone))
    return f"and {format_duration(minutes)} more that day" if minutes else ""


def _clock(text: str) -> str:
    return text.replace("/", "–")


def _key() -> str:
    """One key on a terminal, else the first character of a line. Raises EOFError at the end of the input."""
    click.echo(f"  Confirm this entry [{','.join(KEYS)}]? ", nl=False, err=True)
    if not _on_terminal():
        return _line()[:1].lower()
    key = click.getchar().lower()
    click.echo(key if key.isprintable() else "", err=True)
    return key


def _asked(question: str, check: Callable[[str], str | None] = lambda answer: None) -> str:
    """A line of text that `check` has nothing against. Raises EOFError at the end of the input."""
    if _on_terminal():
        return ask.text(f"    {question}", check=check)
    while True:
        click.echo(f"    {question}: ", nl=False, err=True)
        answer = _line()
        wrong = check(answer)
        if wrong is None:
            return answer
        print_line(f"      {wrong}", sys.stderr)


def _line() -> str:
    line = sys.stdin.readline()
    click.echo(err=True)
    if not line:
        raise EOFError
    return line.strip()


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _why() -> str:
    return _asked("Why?", lambda answer: None if answer else "a few words that you will understand later")


def _wrong_minutes(text: str) -> str | None:
    try:
        minutes(text)
    except ValueError as error:
        return str(error)
    return None


def _words(text: str) -> list[str]:
    """As a shell would part them; an open quote is closed."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
