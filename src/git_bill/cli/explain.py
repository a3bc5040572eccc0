"""`git bill explain`: why an amount is what it is, down to the commits."""

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import click

from git_bill.cli.clones import clones
from git_bill.cli.evidence_key import key_needed
from git_bill.cli.exchange import published
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold, dim, terminal_width
from git_bill.cli.session import Session
from git_bill.flows.explain import explain
from git_bill.flows.explain_identity import Commits
from git_bill.flows.keyed import no_key, resolved
from git_bill.flows.receivables import Lateness
from git_bill.worklog.reason import Reason

_WHOLE_DOCUMENT = 2  # levels that are shown of a document unless more are asked for


@click.command("explain")
@click.argument("subject", metavar="SUBJECT")
@click.option("--line", metavar="N", type=click.IntRange(min=1), help="Only this line of the invoice or draft.")
@click.option("--depth", metavar="N", type=click.IntRange(min=1), help="Only so many levels.")
@common
def command(session: Session, subject: str, line: int | None, depth: int | None) -> Report:
    """Show why SUBJECT is what it is: an invoice, a draft, an entry, an expense, a payment, a commit, `ledger`.

    A total rests on lines, a line on time and price, time on entries, an entry on commits and on what people said;
    a tax on a law, a number on an approval. What is not billed or counted says why. Of an overdue invoice it tells the
    late interest and the fixed sum that you may claim beside it; of a paid one each payment, what it was matched by,
    what its difference was, and what was taken back by whom. Nothing is changed.

    \b
    git bill explain INV-2026-0032
    git bill explain INV-2026-0032 --line 2
    git bill explain W-k3v9
    git bill explain X-2f7c
    git bill explain R-k3v9q2m7x4ab                a payment: what it is for, and what is left
    git bill explain 3f2a9c1d
    """
    there = clones(session.books, session.workspace.settings.sources)
    from git_bill.adapters.tables import vat_table

    lateness = Lateness(shipped=vat_table(), today=session.today)
    reason = explain(
        session.books,
        subject.removeprefix("bill/"),
        line,
        _commits(session),
        there,
        lateness=lateness,
        quotes=published(),
    )
    cut = _WHOLE_DOCUMENT if depth is None and reason.kind == "document" else depth
    hidden = cut is not None and _deeper(reason, cut)
    more = ((f"git bill explain {subject} --line 1", "down to the commits"),) if hidden and depth is None else ()
    return Report(
        data={"subject": reason.ref or subject, **_data(reason, depth)},
        text=tuple(_tree(reason, cut)),
        next=more,
    )


def _commits(session: Session) -> Commits:
    """The commits of keyed sources, where this machine has key and clones; without the key only names are told."""
    sources = tuple(source for source in session.workspace.settings.sources if source.evidence == "keyed")
    if not sources:
        return {}
    key = key_needed(session)
    if key is None:
        session.warn(replace(no_key(sources[0].name, "has no ids and messages here"), severity="info"))
    return resolved(sources, clones(session.books, sources), key)


def _deeper(reason: Reason, depth: int) -> bool:
    return bool(reason.because) if depth == 0 else any(_deeper(child, depth - 1) for child in reason.because)


def _tree(reason: Reason, depth: int | None) -> Iterator[Line]:
    yield from _wrapped(reason.text, "", "", strong=True)
    yield from _branches(reason, "", depth)


def _branches(reason: Reason, stem: str, depth: int | None) -> Iterator[Line]:
    """The reasons below one, each with its twig; what is too deep is counted."""
    if depth == 0:
        return
    below = None if depth is None else depth - 1
    for number, child in enumerate(reason.because, 1):
        last = number == len(reason.because)
        hidden = len(child.because) if below == 0 else 0
        mark = f"  (+{hidden})" if hidden else ""
        yield from _wrapped(child.text + mark, stem + ("└─ " if last else "├─ "), stem + ("   " if last else "│  "))
        yield from _branches(child, stem + ("   " if last else "│  "), below)


def _wrapped(text: str, twig: str, stem: str, *, strong: bool = False) -> Iterator[Line]:
    """A statement in the terminal's width, the stem going on beside its further lines."""
    width = max(24, terminal_width() - len(twig))
    for number, part in enumerate(textwrap.wrap(text, width, break_on_hyphens=False) or [""]):
        yield (dim(stem if number else twig), bold(part) if strong else part)


def _data(reason: Reason, depth: int | None) -> dict[str, Any]:
    below = None if depth is None else depth - 1
    because = [] if depth == 0 else [_data(child, below) for child in reason.because]
    return {"text": reason.text, "kind": reason.kind, "ref": reason.ref, "because": because}
