"""`git bill status`: what is unbilled, open and overdue, and what comes next."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import click

from git_bill.cli.draft_list import draft_data, draft_table
from git_bill.cli.options import common
from git_bill.cli.outlook_text import outlook_data, outlook_table
from git_bill.cli.output import Line, Report, Span, bold, dim, table
from git_bill.cli.owed import ageing_data, ageing_text, amounts, receivables_data, receivables_text
from git_bill.cli.pending_text import pending_data, pending_text
from git_bill.cli.session import Session
from git_bill.cli.values import checked, day
from git_bill.flows.status import Status, Step, Unbilled, status
from git_bill.period import format_duration
from git_bill.problem import Exit, Stop, errors, stop


@click.command("status")
@click.option("--overlaps", "claimed_twice", is_flag=True, help="Show instead which minutes were claimed twice.")
@click.option("--margin", "left", is_flag=True, help="Show instead what was billed less what its time costs you.")
@click.option("--receivables", "owing", is_flag=True, help="Show instead who owes what, and for how long.")
@click.option("--as-of", metavar="DATE", callback=checked(day), help="With --receivables: as it stood on this day.")
@common
def command(
    session: Session,
    /,
    *,
    claimed_twice: bool = False,
    left: bool = False,
    owing: bool = False,
    as_of: date | None = None,
) -> Report:
    """Show what is unbilled by client, which drafts wait, who owes what since when, and the next step.

    It says what is left of retainers, caps and orders, and which milestones and fees come next, too.
    Nothing is fetched or changed: it tells what is here. Amounts are net, by the contracts' rates and rounding.
    With --overlaps, by day: which entry did not get minutes that it claims, which one has them, why, and the commands
    that decide otherwise. With --margin, for owners and accountants: by client, what issued invoices brought, what
    their time costs by [[contributors.costs]], and what is left. With --receivables, what every issued document still
    asks for, the ageing of it by client, and money of which nobody knows what it is for; --as-of shows any day.
    """
    if session.found is None:
        return nothing_here()
    if claimed_twice:
        from git_bill.cli.overlaps import report
        from git_bill.flows.overlaps import overlaps

        return report(overlaps(session.books), session.today)
    if left:
        from git_bill.cli.margin import report as margin_report
        from git_bill.flows.margin import margin

        return margin_report(margin(session.books, session.actors.roles))
    from git_bill.adapters.tables import vat_table

    if owing:
        return _owing(session, as_of)
    if as_of is not None:
        raise stop(Exit.USAGE, "usage", "--as-of is for receivables", f"git bill status --receivables --as-of {as_of}")
    found = status(session.books, vat_table(), session.today)
    step = _awaited(session, found) or found.step
    return Report(
        data=_data(found, step),
        text=tuple(_text(found)),
        problems=found.problems,
        next=((step.command, step.why),),
    )


def _owing(session: Session, as_of: date | None) -> Report:
    from git_bill.adapters.tables import vat_table
    from git_bill.flows import load
    from git_bill.flows.bookkeeping import till
    from git_bill.flows.dispatched import sent_of
    from git_bill.flows.receivables import owed
    from git_bill.flows.tax_files import tax_table

    tip, here = session.books.tip(), session.books.here()
    state = session.books.at(tip) if tip else here
    found = owed(till(state), load.workspace(here), tax_table(here, vat_table()), as_of or session.today)
    sent = sent_of(state)
    return Report(
        data={"as_of": found.as_of, "receivables": receivables_data(found, sent), **ageing_data(found)},
        text=(*(receivables_text(found, sent) or ["Nothing is owed."]), *ageing_text(found)),
        problems=found.problems,
    )


def _awaited(session: Session, found: Status) -> Step | None:
    """The next step where all that is approved waits for somebody's word, as far as it is known without the forge."""
    names = [draft.name for draft in found.drafts if draft.state != "open"]
    if not names or found.claimed:
        return None
    from git_bill.adapters.tables import vat_table
    from git_bill.cli.presented import signatures
    from git_bill.flows.assent import Witnesses
    from git_bill.flows.gate import said_problems
    from git_bill.flows.open_drafts import read_books

    heard = Witnesses(signatures=signatures(session))
    try:
        state = read_books(session.books, vat_table())
        told = [errors(said_problems(session.books, state, [name], heard)) for name in names]
    except Stop:  # `check` and `issue` tell why
        return None
    return Step(command=f"git bill check {names[0]}", why=told[0][0].message) if all(told) else None


def nothing_here() -> Report:
    """How to begin where nothing is set up."""
    return Report(
        data={"workspace": None, "clients": [], "receivables": []},
        text=("Nothing is set up here yet.",),
        next=(
            ("git bill estimate", "your hours in this and last month, nothing is written"),
            ("git bill init", "set up books for this repository"),
            ("git bill demo", "see the whole job in a scratch folder"),
        ),
    )


def _text(found: Status) -> Iterator[Line]:
    parts = (
        _unbilled(found),
        _drafts(found),
        receivables_text(found.owed, found.sent),
        pending_text(found.pending, found.owed.as_of),
        outlook_table(found.clients),
    )
    shown = [part for part in parts if part]
    if not shown:
        yield "Nothing is unbilled, waiting or owed."
    for number, part in enumerate(shown):
        yield from ([""] if number else [])
        yield from part


def _unbilled(found: Status) -> list[Line]:
    if not found.unbilled:
        return []
    shown = [name for name in ("agents", "expenses", "usage") if any(getattr(each, name) for each in found.unbilled)]
    agents = ["with AI agents"] if "agents" in shown else []
    beside = [name for name in shown if name != "agents"]
    head = ("unbilled", "time", "confirmed", *agents, "net", *beside, "on drafts")
    rows = [_unbilled_row(client, shown) for client in found.unbilled]
    return table(rows, head=head, align="l" + "r" * (len(head) - 1))


def _unbilled_row(client: Unbilled, shown: Sequence[str]) -> list[str | Span]:
    return [
        client.name,
        bold(format_duration(client.minutes)),
        format_duration(client.confirmed),
        *([format_duration(client.agents) if client.agents else ""] if "agents" in shown else []),
        amounts(client.net),
        *([amounts(client.expenses)] if "expenses" in shown else []),
        *([amounts(client.usage)] if "usage" in shown else []),
        dim(format_duration(client.drafted)) if client.drafted else "",
    ]


def _drafts(found: Status) -> list[Line]:
    if not found.drafts:
        return []
    return draft_table(found.drafts, found.worked, head="drafts")


def _data(found: Status, step: Step) -> dict[str, Any]:
    return {
        "clients": [
            {
                "client": client.client,
                "name": client.name,
                "minutes": client.minutes,
                "confirmed": client.confirmed,
                "with_agents": client.agents,
                "drafted": client.drafted,
                "net": list(client.net),
                "expenses": list(client.expenses),
                "usage": list(client.usage),
            }
            for client in found.unbilled
        ],
        "agreed": [
            {"client": client.client, **outlook_data(each)}
            for client in found.clients
            for each in client.outlooks
            if not each.is_empty
        ],
        "drafts": [draft_data(draft, found.worked) for draft in found.drafts],
        "receivables": receivables_data(found.owed, found.sent),
        **pending_data(found.pending),
        "claimed": list(found.claimed),
        "next": {"command": step.command, "why": step.why},
    }
