"""Disputes that issues of the forge open: labelled `dispute`, and naming an invoice."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast, get_args

from git_bill.flows import load
from git_bill.flows.dispute import Objection
from git_bill.flows.disputes_at import disputes, issued_in
from git_bill.invoice.document.text import printable
from git_bill.invoice.issued import Invoice
from git_bill.ports import Snapshot
from git_bill.problem import Exit, nearest, stop
from git_bill.receivable.dispute.record import Why
from git_bill.receivable.receivable import payer_of
from git_bill.worklog.evidence import Evidence, newest
from git_bill.worklog.told import TICKET

LABEL = "dispute"
_REASONS = frozenset(get_args(Why))
_NUMBERED = re.compile(r"[#/!](\d{1,9})/?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An issue that names an invoice and was not taken up. `ref`: `web-shop:#12`; `title`: a stranger's words."""

    ref: str
    number: str
    title: str
    reason: Why
    on: date

    @property
    def objection(self) -> Objection:
        """As it is recorded."""
        return Objection(
            number=self.number,
            reason=self.reason,
            said=self.title,
            opened_by="issue",
            on=self.on,
            channel="forge",
            issue=self.ref,
        )


def raised(snapshot: Snapshot) -> tuple[Raised, ...]:
    """Open issues labelled `dispute` that name an issued invoice of the client whose repository they are in.

    One that became a dispute is none of them, however that ended.
    """
    taken = {each.issue for each in disputes(snapshot).values()}
    return tuple(each for each in _raised(snapshot) if each.ref not in taken)


def from_issue(snapshot: Snapshot, word: str) -> Raised:
    """The issue that `#12`, `web-shop:#12` or its address means. Stops (exit 1) at none and at several."""
    found = [each for each in _raised(snapshot) if _is_meant(snapshot, each, word)]
    if len(found) == 1:
        return found[0]
    if found:
        message = f"{word} is an issue of several sources"
        raise stop(Exit.PROBLEMS, "which-issue", message, f"name one: --from-issue {found[0].ref}")
    near = nearest(word, [each.ref for each in _raised(snapshot)])
    hint = (
        f"did you mean {near}?"
        if near
        else f"label it {LABEL!r}, name the invoice in its title, then: git bill collect"
    )
    raise stop(Exit.PROBLEMS, "no-issue", f"no issue {word} that names an invoice is on file", hint)


def taken_up(found: Raised, said: Objection) -> Objection:
    """An issue's objection with what a person says about it. Stops (exit 1) where that names another invoice."""
    own = found.objection
    if said.number not in {"", own.number}:
        message = f"{found.ref} is about {own.number}, not {said.number}"
        raise stop(
            Exit.PROBLEMS, "other-invoice", message, f"git bill dispute open {own.number} --from-issue {found.ref}"
        )
    return replace(
        own,
        reason=said.reason if said.reason != "other" else own.reason,
        lines=said.lines,
        amount=said.amount,
        said=said.said or own.said,
        files=said.files,
    )


def _raised(snapshot: Snapshot) -> Iterator[Raised]:
    invoices = issued_in(snapshot)
    sources = {each.name: each for each in load.workspace(snapshot).settings.sources}
    for (name, _), record in sorted(newest(load.evidence(snapshot), TICKET).items()):
        labels = {each.strip().lower() for each in record.labels}
        source = sources.get(name)
        if source is None or record.state == "closed" or not any(_says(each) for each in labels):
            continue
        mine = {n: i for n, i in invoices.items() if source.client in {i.client_id, payer_of(i)} and not i.reverses}
        number = _number(record, mine)
        if number is not None:
            title = printable(record.text)
            yield Raised(
                ref=f"{name}:{record.ticket}",
                number=number,
                title=title,
                reason=_reason(labels),
                on=record.at.date(),
            )


def _says(label: str) -> bool:
    return label == LABEL or label.startswith((f"{LABEL}:", f"{LABEL}/"))


def _reason(labels: Iterable[str]) -> Why:
    """`dispute: hours`, or beside it `hours` → `hours`"""
    bare = (re.sub(rf"^{LABEL}[:/]", "", label).strip().replace(" ", "-") for label in sorted(labels))
    return next((cast("Why", each) for each in bare if each in _REASONS), "other")


def _number(record: Evidence, mine: Mapping[str, Invoice]) -> str | None:
    """The only invoice that a title names, as a word of its own."""
    text = record.text.upper()
    found = [n for n in mine if re.search(rf"(?<![\w-]){re.escape(n.upper())}(?![\w-])", text)]
    return found[0] if len(found) == 1 else None


def _is_meant(snapshot: Snapshot, each: Raised, word: str) -> bool:
    source, _, ticket = each.ref.partition(":")
    if word in {each.ref, ticket, f"{source}{ticket}"}:
        return True
    number = _NUMBERED.search(word)
    if "://" not in word or number is None or number[1] != ticket.removeprefix("#"):
        return False
    urls = {each.name: each.url for each in load.workspace(snapshot).settings.sources}
    place = urls.get(source, "").removesuffix(".git").rstrip("/").lower()
    return bool(place) and word.lower().startswith(f"{place}/")
