"""Why an entry has its time: a tree of reasons that ends at commits, people's words and the law."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from git_bill.period import format_duration
from git_bill.worklog import dayoff
from git_bill.worklog.activity import clean
from git_bill.worklog.day import unplaced
from git_bill.worklog.edit import Edit, Made
from git_bill.worklog.effort import Recipe
from git_bill.worklog.entry import Entry, Worked, evidence_name
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.flags import DAY_OFF
from git_bill.worklog.measured import MEASURED
from git_bill.worklog.objection import REPLACED
from git_bill.worklog.outcome import claim_text, span_text, why_lost, won_text
from git_bill.worklog.point import Verdict
from git_bill.worklog.reviewed import MODEL as REVIEWED
from git_bill.worklog.timeline import Allotment, Lost
from git_bill.worklog.told import NOTE, PULL, REVIEW, number_of_review


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

    `verdicts`, `won` and `lost` are those of allocating everything anew; empty where nobody asks for them. `told`:
    commit → what the forge says of it; `about`: what else is known of a fact, as why it is proven or not.
    """

    evidence: Mapping[str, Evidence]
    edits: tuple[Made, ...]
    zones: Mapping[str, tzinfo]
    verdicts: tuple[Verdict, ...] = ()
    won: tuple[Allotment, ...] = ()
    lost: tuple[Lost, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    told: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)

    def name_of(self, key: str, source: str) -> str:
        """How entries name what a fact of a source is made of: it may be another source's."""
        name = evidence_name(source, key)
        return next((n for n, r in self.evidence.items() if r.key == key), name) if name not in self.evidence else name


def entry_reason(item: Worked, facts: Facts, pinned: int | None = None) -> Reason:
    """An entry: where its minutes come from. `pinned`: minutes of it that a document bills."""
    entry = item.entry
    time = f"{format_duration(entry.minutes)} {_STATES.get(entry.standing, entry.standing)}"
    if entry.state == "dropped":
        time = next((REPLACED[flag] for flag in entry.flags if flag in REPLACED), "dropped, so it is not billed")
    if pinned is not None and pinned != entry.minutes:
        time = f"{format_duration(pinned)} of {time}"
    who = facts.names.get(entry.by, entry.by) + (f" with {entry.agent}" if entry.agent else "")
    because = (*_edits(item, facts), *_time(item, facts), *_behind(item, facts))
    return Reason(
        text=f"{item.id}  {entry.day:%a} {entry.day}, {who}: {time}, {_what(entry)}",
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


_STATES = {"unproven": "unproven, so it is not billed"}


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
        spans = ", ".join(text.replace("/", " to ") for text in entry.at)
        beside = unplaced(entry.minutes, entry.at, entry.day, facts.zones[entry.by]) if entry.by in facts.zones else 0
        more = f", and {format_duration(beside)} more of that day" if beside else ""
        yield Reason(text=f"worked {spans}{more}", kind="interval")
    yield from _day_off(entry, facts)
    if "minutes" not in entry.set and entry.low != entry.high:
        spread = f"{format_duration(entry.low)} to {format_duration(entry.high)}"
        recipe = Recipe.parse(entry.model) if entry.model else None
        by = f" by {recipe.model}" if recipe else ""
        because = (*(_calibration(recipe) if recipe else ()), *_spread(item, facts))
        what = "reviews" if recipe and recipe.model == REVIEWED else "commits"
        text = f"estimated{by} from its {what}: {spread} in four of five cases"
        yield Reason(text=text, kind="estimate", because=because)
    if not entry.evidence and entry.state != "dropped":
        yield Reason(text="no commit is behind it: somebody added it", kind="no-evidence")


def _day_off(entry: Entry, facts: Facts) -> Iterator[Reason]:
    """Who says that its day is off."""
    if DAY_OFF in entry.flags:
        sources = {
            record.source
            for record in facts.evidence.values()
            if record.kind == dayoff.KIND
            and record.contributor == entry.by
            and record.at.astimezone(facts.zones.get(entry.by)).date() == entry.day
        }
        others = sorted(sources - {dayoff.SOURCE})
        who = f"in your calendar {others[0]!r}" if others and dayoff.SOURCE not in sources else "as you said"
        text = f"{format_duration(entry.minutes)} on {entry.day.day} {entry.day:%b}, a day off {who}"
        yield Reason(text=text, kind=DAY_OFF, ref=str(entry.day))


def _spread(item: Worked, facts: Facts) -> Iterator[Reason]:
    """Why the range of several claims is narrower than theirs together."""
    count = sum(won.claim.entry == item.id and won.minutes > 0 for won in facts.won)
    if count > 1:
        text = f"the ranges of its {count} claims partly cancel out; the error that they share does not"
        yield Reason(text=text, kind="range")


def _calibration(recipe: Recipe) -> Iterator[Reason]:
    """What the person's confirmed days did to the estimate."""
    own = recipe.own
    if own.days:
        told = f"own confirmed time over {own.days} days makes it {own.factor / 100:.2f} of the plain estimate"
        spread = f"the range {own.low / 100:.1f} times as wide below, {own.high / 100:.1f} above"
        yield Reason(text=f"{told}, {spread}", kind="calibration", ref=recipe.name)


def _behind(item: Worked, facts: Facts) -> Iterator[Reason]:
    """The facts behind it with what each claimed and won; then what people claimed, and what others claim of it."""
    claims: dict[str, list[Reason]] = defaultdict(list)
    for allotment in facts.won:
        claim = allotment.claim
        if claim.entry == item.id and claim.contributor in facts.zones:
            claims[claim.evidence[0] if claim.evidence else ""].append(_claim(allotment, facts))
    for name in item.entry.evidence:
        record = facts.evidence.get(name)
        if record is None:
            found = Reason(text=f"{name}, which is not in the evidence files", kind="commit", ref=name)
        else:
            found = commit_reason(record, name, facts, item.entry.by)
        yield replace(found, because=(*claims.pop(name, ()), *found.because))
    yield from (reason for some in claims.values() for reason in some)
    yield from _yielded(item, facts)


def _claim(allotment: Allotment, facts: Facts) -> Reason:
    """What a claim asked for and why, what it got, and who has the rest."""
    claim = allotment.claim
    zone = facts.zones[claim.contributor]
    whole = allotment.minutes == claim.expected
    because = [] if whole else [Reason(text=won_text(allotment, zone), kind="won", ref=claim.entry)]
    for loss in facts.lost:
        if loss.claim is claim:
            who = f"{loss.to} has" if loss.to else "nobody has"
            at = f", {span_text(loss.at, zone)}" if loss.at else ""
            text = f"{who} {format_duration(loss.minutes)} of it{at}: {why_lost(loss)}"
            because.append(Reason(text=text, kind="lost", ref=loss.to or ""))
    return Reason(text=claim_text(allotment, zone), kind="claim", ref=claim.entry, because=tuple(because))


def _yielded(item: Worked, facts: Facts) -> Iterator[Reason]:
    """Its minutes that others claim too, by who and why."""
    found: Counter[tuple[str, str]] = Counter()
    for loss in facts.lost:
        if loss.to == item.id and loss.claim.entry != item.id:
            found[loss.claim.entry, why_lost(loss)] += loss.minutes
    for (other, why), minutes in found.items():
        yield Reason(text=f"{other} claims {format_duration(minutes)} of it too: {why}", kind="claimed", ref=other)


def commit_reason(record: Evidence, name: str, facts: Facts, by: str) -> Reason:
    """A commit; below it what it states by itself and the commits that repeat it."""
    if record.kind in MEASURED:
        return _recorded(record, name, facts.zones.get(by))
    if record.kind == REVIEW:
        return _review(record, facts, of=f'#{number_of_review(record)} "{brief(clean(record.text))}"')
    zone = facts.zones.get(by)
    at = record.at.astimezone(zone) if zone else record.at
    size = "" if record.added is None or record.deleted is None else f", +{record.added} −{record.deleted}"
    branch = f", on {brief(clean(record.branch), 40)}" if record.branch else ""
    text = f'  "{brief(clean(record.text))}"' if record.text else ""
    because = []
    if record.minutes is not None or record.squashed:
        stated = format_duration((record.minutes or 0) + record.squashed)
        because.append(Reason(text=f"its message says: Time: {stated}", kind="directive"))
    for day, minutes in record.spent:
        because.append(Reason(text=f"its message says: {format_duration(minutes)} on {day}", kind="directive"))
    if record.agent:
        because.append(Reason(text=f"{record.agent} took part: its author or its message says so", kind="agent"))
    if record.partly:
        of = ", ".join(facts.name_of(key, record.source) for key in record.partly[:3])
        text = f"a good part of its lines was seen before, in {of}: only the low end of its estimate counts"
        because.append(Reason(text=text, kind="partly", ref=name))
    because += facts.about.get(name, ())
    if not record.proven and not any(reason.kind == "unproven" for reason in facts.about.get(name, ())):
        because.append(Reason(text=_unproven(record), kind="unproven"))
    because += (
        Reason(text=f"{verdict.evidence} adds nothing: {verdict.why}", kind=verdict.rule, ref=verdict.evidence)
        for verdict in facts.verdicts
        if verdict.rule in {"same-moment", "repeats"} and name in verdict.why
    )
    because += _told(record, facts)
    return Reason(
        text=f"{name}  {at:%a %Y-%m-%d %H:%M %z}{text}{size}{branch}",
        kind="commit",
        ref=name,
        because=tuple(because),
    )


def _unproven(record: Evidence) -> str:
    """Why anyone could have made it; a key with a contributor in it is of somebody else's commit."""
    if "+" in record.key:
        return "its author is another: nothing proves that they took part"
    return "anyone could have made it: author and committer are not the same"


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
    """What an editor measured for a commit, the pull requests that it came with, and who reviewed them."""
    told = facts.told.get(record.key.partition("+")[0], ())
    for note in (one for one in told if one.kind == NOTE):
        for day, minutes in note.spent:
            text = f"its note of gtm says: {format_duration(minutes)} on {day}"
            yield Reason(text=text, kind=NOTE, ref=evidence_name(note.source, note.key))
    for pull in (one for one in told if one.kind == PULL):
        number = pull.key.partition("@")[0].partition(":")[2]
        title = f'#{number} "{brief(clean(pull.text))}"' if pull.text else f"#{number}"
        count = len(pull.covers)
        of = f"{count} commit{'' if count == 1 else 's'}"
        text = f"the forge has it in {title}, {of}, {pull.state}"
        if pull.commit == record.key and record.key not in pull.covers:
            text = f"the forge made it of {title}, {of}"
        reviews = (one for one in told if one.kind == REVIEW and number_of_review(one) == number)
        yield Reason(text=text, kind=PULL, ref=f"#{number}", because=tuple(_review(one, facts) for one in reviews))


def _review(record: Evidence, facts: Facts, of: str = "it") -> Reason:
    zone = facts.zones.get(record.contributor)
    at = record.at.astimezone(zone) if zone else record.at
    who = facts.names.get(record.contributor, record.contributor)
    return Reason(text=f"{who} reviewed {of} on {at:%a %Y-%m-%d %H:%M}: {record.state}", kind=REVIEW, ref=record.key)
