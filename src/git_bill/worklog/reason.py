"""Why an entry has its time: a tree of reasons that ends at commits, people's words and the law."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from git_bill.period import format_duration
from git_bill.worklog.activity import clean
from git_bill.worklog.edit import Edit, Made
from git_bill.worklog.effort import Recipe
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.measured import MEASURED
from git_bill.worklog.point import Verdict
from git_bill.worklog.timeline import Lost
from git_bill.worklog.told import PULL, REVIEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A statement and what it rests on. `kind`: a stable name; `ref`: the id, number or file that it is about."""

    text: str
    kind: str
    ref: str = ""
    because: tuple["Reason", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is on file about entries. `evidence`: by the name that entries give it; `zones`: contributor → zone.

    `verdicts` and `lost` are those of allocating everything anew; empty where nobody asks for them. `told`: commit →
    what the forge says of it.
    """

    evidence: Mapping[str, Evidence]
    edits: tuple[Made, ...]
    zones: Mapping[str, tzinfo]
    verdicts: tuple[Verdict, ...] = ()
    lost: tuple[Lost, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)


def entry_reason(item: Worked, facts: Facts, pinned: int | None = None) -> Reason:
    """An entry: where its minutes come from. `pinned`: minutes of it that a document bills."""
    entry = item.entry
    time = format_duration(entry.minutes)
    if pinned is not None and pinned != entry.minutes:
        time = f"{format_duration(pinned)} of {time}"
    who = facts.names.get(entry.by, entry.by)
    because = (*_edits(item, facts), *_time(item, facts), *_commits(item, facts), *_lost(item, facts))
    return Reason(
        text=f"{item.id}  {entry.day:%a} {entry.day}, {who}: {time} {_STATES[entry.state]}, {_what(entry)}",
        kind="entry",
        ref=item.id,
        because=because,
    )


def _what(entry: Entry) -> str:
    """Ticket and what was done, once each."""
    told = (clean(part).removeprefix(entry.ticket or "").lstrip(" :-") for part in entry.text.split(";"))
    return brief(" ".join(filter(None, (entry.ticket, "; ".join(filter(None, told))))) or entry.activity)


def brief(text: str, most: int = 64) -> str:
    """A text cut to a number of characters, for a statement that has more to say."""
    return text if len(text) <= most else text[: most - 1].rstrip(" ;,") + "…"


_STATES = {
    "estimated": "estimated",
    "confirmed": "confirmed",
    "unproven": "unproven, so it is not billed",
    "dropped": "dropped, so it is not billed",
}


def _edits(item: Worked, facts: Facts) -> Iterator[Reason]:
    """What people said of it, in order."""
    for _, edit_id, edit in facts.edits:
        if item.id in (edit.entry, *edit.entries, *(part.id for part in edit.parts)):
            because = f': "{clean(edit.because)}"' if edit.because else ""
            zone = facts.zones.get(edit.by)
            at = edit.at.astimezone(zone) if zone else edit.at
            who = facts.names.get(edit.by, edit.by)
            yield Reason(text=f"{who} {_done(item.id, edit)} on {at:%Y-%m-%d %H:%M}{because}", kind="edit", ref=edit_id)


def _done(entry: str, edit: Edit) -> str:
    """`set it to 45m, WEB-5`"""
    if edit.do in {"add", "set"}:
        told = [
            *([format_duration(edit.minutes)] if edit.minutes is not None else []),
            *(str(value) for value in (edit.day, edit.start, edit.ticket, edit.activity, edit.worker) if value),
            *([f'"{clean(edit.text)}"'] if edit.text else []),
        ]
        return f"{'added it' if edit.do == 'add' else 'set it to'} {', '.join(told)}".replace("added it ", "added it: ")
    if edit.do == "split":
        return f"split it into {len(edit.parts)}" if edit.entry == entry else f"split it off {edit.entry}"
    if edit.do == "merge":
        others = [other for other in edit.entries if other != edit.entry]
        return f"merged it into {edit.entry}" if edit.entry != entry else f"merged {', '.join(others)} into it"
    return {"confirm": "confirmed it", "drop": "dropped it", "move": f"moved it to {edit.to}"}[edit.do]


def _time(item: Worked, facts: Facts) -> Iterator[Reason]:
    """When it was, and how its minutes were found."""
    entry = item.entry
    if entry.at:
        yield Reason(text=f"worked {', '.join(text.replace('/', ' to ') for text in entry.at)}", kind="interval")
    if "minutes" not in entry.set and entry.low != entry.high:
        spread = f"{format_duration(entry.low)} to {format_duration(entry.high)}"
        recipe = Recipe.parse(entry.model) if entry.model else None
        by = f" by {recipe.model}" if recipe else ""
        because = tuple(_calibration(recipe)) if recipe else ()
        text = f"estimated{by} from its commits: {spread} in four of five cases"
        yield Reason(text=text, kind="estimate", because=because)
    if not entry.evidence and entry.state != "dropped":
        yield Reason(text="no commit is behind it: somebody added it", kind="no-evidence")


def _calibration(recipe: Recipe) -> Iterator[Reason]:
    """What the person's confirmed days did to the estimate."""
    own = recipe.own
    if own.days:
        told = f"own confirmed time over {own.days} days makes it {own.factor / 100:.2f} of the plain estimate"
        spread = f"the range {own.low / 100:.1f} times as wide below, {own.high / 100:.1f} above"
        yield Reason(text=f"{told}, {spread}", kind="calibration", ref=recipe.name)


def _commits(item: Worked, facts: Facts) -> Iterator[Reason]:
    """The commits behind it, with their time in the contributor's zone."""
    for name in item.entry.evidence:
        record = facts.evidence.get(name)
        if record is None:
            yield Reason(text=f"{name}, which is not in the evidence files", kind="commit", ref=name)
        else:
            yield commit_reason(record, name, facts, item.entry.by)


def commit_reason(record: Evidence, name: str, facts: Facts, by: str) -> Reason:
    """A commit; below it what it states by itself and the commits that repeat it."""
    if record.kind in MEASURED:
        return _recorded(record, name, facts.zones.get(by))
    zone = facts.zones.get(by)
    at = record.at.astimezone(zone) if zone else record.at
    size = "" if record.added is None or record.deleted is None else f", +{record.added} −{record.deleted}"
    branch = f", on {brief(clean(record.branch), 40)}" if record.branch else ""
    because = []
    if record.minutes is not None:
        because.append(Reason(text=f"its message says: Time: {format_duration(record.minutes)}", kind="directive"))
    for day, minutes in record.spent:
        because.append(Reason(text=f"its message says: {format_duration(minutes)} on {day}", kind="directive"))
    if not record.proven:
        because.append(Reason(text="anyone could have made it: author and committer are not the same", kind="unproven"))
    because += (
        Reason(text=f"{verdict.evidence} adds nothing: {verdict.why}", kind=verdict.rule, ref=verdict.evidence)
        for verdict in facts.verdicts
        if verdict.rule in {"same-moment", "repeats"} and name in verdict.why
    )
    because += _told(record, facts)
    return Reason(
        text=f'{name}  {at:%a %Y-%m-%d %H:%M %z}  "{brief(clean(record.text))}"{size}{branch}',
        kind="commit",
        ref=name,
        because=tuple(because),
    )


def _recorded(record: Evidence, name: str, zone: tzinfo | None) -> Reason:
    """Time that a program recorded: `timers:k3v9q2m7x4ab  timer of Mon 2026-10-05, 09:10 to 10:15 "call", acme`."""
    begin = record.at.astimezone(zone)
    what = f"{format_duration(record.minutes or 0)} without a time of day"
    if record.until is not None:
        what = f"{begin:%H:%M} to {record.until.astimezone(zone):%H:%M}"
    text = f' "{brief(clean(record.text))}"' if record.text else ""
    about = "".join(f", {brief(clean(word), 40)}" for word in (record.client, record.project, *record.labels) if word)
    told = f"{name}  {record.kind} of {begin:%a %Y-%m-%d}, {what}{text}{about}"
    return Reason(text=told, kind=record.kind, ref=name)


def _told(record: Evidence, facts: Facts) -> Iterator[Reason]:
    """The pull requests that a commit came with, and who reviewed them."""
    told = facts.told.get(record.key.partition("+")[0], ())
    for pull in (one for one in told if one.kind == PULL):
        number = pull.key.partition("@")[0].partition(":")[2]
        title = f'#{number} "{brief(clean(pull.text))}"'
        count = len(pull.covers)
        of = f"{count} commit{'' if count == 1 else 's'}"
        text = f"the forge has it in {title}, {of}, {pull.state}"
        if pull.commit == record.key and record.key not in pull.covers:
            text = f"the forge made it of {title}, {of}"
        reviews = (one for one in told if one.kind == REVIEW and one.key.split(":")[1] == number)
        yield Reason(text=text, kind=PULL, ref=f"#{number}", because=tuple(_review(one, facts) for one in reviews))


def _review(record: Evidence, facts: Facts) -> Reason:
    zone = facts.zones.get(record.contributor)
    at = record.at.astimezone(zone) if zone else record.at
    who = facts.names.get(record.contributor, record.contributor)
    return Reason(text=f"{who} reviewed it on {at:%a %Y-%m-%d %H:%M}: {record.state}", kind=REVIEW, ref=record.key)


def _lost(item: Worked, facts: Facts) -> Iterable[Reason]:
    """Minutes that its evidence claimed and others have."""
    for loss in facts.lost:
        if loss.claim.entry == item.id:
            to = f" {loss.to} has them" if loss.to else ""
            text = f"{format_duration(loss.minutes)} more are not counted:{to} ({loss.why})"
            yield Reason(text=text, kind="lost", ref=loss.to or "")
