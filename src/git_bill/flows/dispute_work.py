"""The work behind disputed lines, as far as the client may see it: pieces, commits, tickets, reviews.

Left out: times and hours that the contract does not show, ranges of estimates, facts that are no commit and no review,
what a calendar or another program calls a thing, and tickets that the work does not name.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from git_bill.flows import load
from git_bill.flows.lookup import Known
from git_bill.invoice.document.text import printable
from git_bill.invoice.issued import Invoice, InvoiceLine
from git_bill.invoice.subject import readable
from git_bill.receivable.dispute.pack import Commit, PackLine, PackReview, PackTicket, Piece
from git_bill.receivable.dispute.record import Dispute
from git_bill.worklog.entry import Entry, Worked, evidence_name
from git_bill.worklog.evidence import Evidence, newest
from git_bill.worklog.told import PULL, REVIEW, TICKET, by_commit, number_of_review
from git_bill.workspace import Workspace

_COMMIT = "commit"
_SHOWN = frozenset({_COMMIT, REVIEW})
_TIME = frozenset({"HUR", "MIN", "DAY"})
_LENGTH = 12  # characters of a commit's id that tell it apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What stands behind the disputed lines. `pieces`: by the line's number."""

    pieces: Mapping[int, tuple[Piece, ...]]
    commits: tuple[Commit, ...]
    tickets: tuple[PackTicket, ...]
    reviews: tuple[PackReview, ...]


def work_behind(
    names: Known, workspace: Workspace, invoice: Invoice, dispute: Dispute, people: Mapping[str, str]
) -> Behind:
    """Of the lines that are disputed. `people`: contributor → name."""
    evidence = load.evidence(names.here)
    facts = {evidence_name(r.source, r.key): r for r in sorted(evidence, key=lambda r: ("+" not in r.key, r.as_of))}
    numbers = dispute.lines or tuple(range(1, len(invoice.lines) + 1))
    worked = {
        number: _known(invoice.lines[number - 1], names.worked, invoice)
        for number in numbers
        if number <= len(invoice.lines)
    }
    found = list(dict.fromkeys(name for some in worked.values() for each in some for name in each.entry.evidence))
    commits = [record for name in found if (record := facts.get(name)) is not None and record.kind == _COMMIT]
    told = by_commit(evidence)
    return Behind(
        pieces={
            number: tuple(_piece(each, invoice, number, facts, people) for each in some)
            for number, some in worked.items()
        },
        commits=tuple(_commit(each, told.get(_plain(each), ()), people) for each in _in_order(commits)),
        tickets=tuple(_tickets(evidence, workspace, invoice, [w.entry for some in worked.values() for w in some])),
        reviews=tuple(_reviews(commits, told, people)),
    )


def shown_lines(invoice: Invoice, dispute: Dispute, behind: Behind) -> tuple[PackLine, ...]:
    """The disputed lines as the invoice shows them: without hours in the contract's `show` by their net alone."""
    hours = "hours" in invoice.show
    return tuple(
        PackLine(
            number=number,
            description=printable(line.description),
            quantity=line.quantity if hours else None,
            unit=line.unit if hours else None,
            unit_price=line.unit_price if hours else None,
            net=line.net,
            reason=printable(line.reason) if hours or line.unit not in _TIME else "",
            work=behind.pieces.get(number, ()),
        )
        for number, line in enumerate(invoice.lines, 1)
        if number in dispute.lines or not dispute.lines
    )


def _known(line: InvoiceLine, worked: Mapping[str, Worked], invoice: Invoice) -> list[Worked]:
    """The entries that a line pins, of this client alone, by day."""
    found = (worked[each] for each in line.entries if each in worked)
    return sorted(
        (w for w in found if w.client == invoice.client_id), key=lambda w: (w.entry.day, w.entry.at[:1], w.id)
    )


def _piece(
    item: Worked, invoice: Invoice, number: int, facts: Mapping[str, Evidence], people: Mapping[str, str]
) -> Piece:
    entry, line = item.entry, invoice.lines[number - 1]
    return Piece(
        day=entry.day,
        by=printable(people.get(entry.by, entry.by)),
        ticket=printable(entry.ticket or ""),
        activity=entry.activity,
        what=printable(readable(entry.text, entry.ticket)) if _is_own(entry, facts) else "",
        minutes=line.entries[item.id] if "hours" in invoice.show else None,
        times=tuple(each.replace("/", "–") for each in entry.at) if "times" in invoice.show else (),
        facts=tuple(_name(facts[each]) for each in entry.evidence if each in facts and facts[each].kind in _SHOWN),
    )


def _is_own(entry: Entry, facts: Mapping[str, Evidence]) -> bool:
    """Whether its words are those of commits or of a person who wrote them here, and none of a private calendar."""
    if "text" in entry.set:
        return True
    return all(name in facts and facts[name].kind in _SHOWN for name in entry.evidence)


def _commit(record: Evidence, told: Iterable[Evidence], people: Mapping[str, str]) -> Commit:
    pull = next((f"#{_number(one)}" for one in told if one.kind == PULL), "")
    return Commit(
        commit=_name(record),
        at=record.at,
        author=printable(people.get(record.contributor, "")),
        subject=printable(record.text),
        pull=pull,
    )


def _tickets(
    evidence: Iterable[Evidence], workspace: Workspace, invoice: Invoice, entries: Iterable[Entry]
) -> Iterator[PackTicket]:
    """Tickets that the work names, of sources where all work is this client's."""
    wanted = {entry.ticket for entry in entries if entry.ticket}
    own = {s.name for s in workspace.settings.sources if s.client == invoice.client_id and not s.routes}
    for (source, _), record in sorted(newest(evidence, TICKET).items()):
        if source in own and record.ticket in wanted:
            yield PackTicket(
                ticket=printable(record.ticket or ""), title=printable(record.text), state=printable(record.state or "")
            )


def _reviews(
    commits: Iterable[Evidence], told: Mapping[str, tuple[Evidence, ...]], people: Mapping[str, str]
) -> Iterator[PackReview]:
    found = {
        (one.source, one.key.partition("@")[0]): one
        for record in commits
        for one in told.get(_plain(record), ())
        if one.kind == REVIEW and one.source == record.source
    }
    for one in sorted(found.values(), key=lambda r: (r.at, r.key)):
        yield PackReview(
            pull=f"#{number_of_review(one)}",
            by=printable(people.get(one.contributor, one.contributor)),
            at=one.at,
            verdict=printable(one.state or ""),
        )


def _in_order(commits: Iterable[Evidence]) -> list[Evidence]:
    return sorted(commits, key=lambda record: (record.at, record.key))


def _plain(record: Evidence) -> str:
    return record.key.partition("+")[0]


def _name(record: Evidence) -> str:
    if record.kind == REVIEW:
        return f"#{number_of_review(record)}"
    return f"{record.source}:{_plain(record)[:_LENGTH]}"


def _number(pull: Evidence) -> str:
    return pull.key.partition("@")[0].partition(":")[2]
