"""`git bill status`: what is unbilled, open and overdue, and what comes next."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from git_bill.cli.delivered import dispatch_data, dispatch_text
from git_bill.cli.draft_list import draft_data, draft_table
from git_bill.cli.options import common
from git_bill.cli.outlook_text import outlook_data, outlook_table
from git_bill.cli.output import Line, Report, Span, bold, dim, money, table
from git_bill.cli.session import Session
from git_bill.flows.receivables import Receivable
from git_bill.flows.status import Status, Step, Unbilled, status
from git_bill.money import Money, by_currency
from git_bill.period import format_duration
from git_bill.problem import Stop, errors


@click.command("status")
@click.option("--overlaps", "claimed_twice", is_flag=True, help="Show instead which minutes were claimed twice.")
@click.option("--margin", "left", is_flag=True, help="Show instead what was billed less what its time costs you.")
@common
def command(session: Session, /, *, claimed_twice: bool = False, left: bool = False) -> Report:
    """Show what is unbilled by client, which drafts wait, who owes what since when, and the next step.

    It says what is left of retainers, caps and orders, and which milestones and fees come next, too.
    Nothing is fetched or changed: it tells what is here. Amounts are net, by the contracts' rates and rounding.
    With --overlaps, by day: which entry did not get minutes that it claims, which one has them, why, and the commands
    that decide otherwise. With --margin, for owners and accountants: by client, what issued invoices brought, what
    their time costs by [[contributors.costs]], and what is left.
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

    found = status(session.books, vat_table(), session.today)
    step = _awaited(session, found) or found.step
    return Report(
        data=_data(found, step),
        text=tuple(_text(found)),
        problems=found.problems,
        next=((step.command, step.why),),
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
    parts = (_unbilled(found), _drafts(found), _receivables(found), outlook_table(found.clients))
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
        _amounts(client.net),
        *([_amounts(client.expenses)] if "expenses" in shown else []),
        *([_amounts(client.usage)] if "usage" in shown else []),
        dim(format_duration(client.drafted)) if client.drafted else "",
    ]


def _drafts(found: Status) -> list[Line]:
    if not found.drafts:
        return []
    return draft_table(found.drafts, found.worked, head="drafts")


def _receivables(found: Status) -> list[Line]:
    if not found.receivables:
        return []
    rows = [
        [
            bold(r.number),
            r.client,
            f"due {r.due}",
            money(r.open),
            _lateness(r),
            dim(dispatch_text(found.sent[r.number])) if r.number in found.sent else "",
        ]
        for r in found.receivables
    ]
    return [*table(rows, head=("owed", "", "", "open", "", "sent"), align="lllrll"), *_claimable(found)]


def _claimable(found: Status) -> Iterator[Line]:
    """What is open does not ask for it: it is the issuer's to claim."""
    late = [(r.number, r.late) for r in found.receivables if r.late is not None]
    interest = _amounts(by_currency(claim.interest for _, claim in late))
    cost = _amounts(by_currency(claim.cost for _, claim in late if claim.cost is not None))
    if interest:
        yield dim(
            f"For that you may claim {interest} of late interest{f' and {cost} for recovery costs' if cost else ''}"
            f" beside it: git bill explain {late[0][0]}"
        )


def _lateness(receivable: Receivable) -> str | Span:
    days = receivable.days_late
    return Span(f"{days} {'day' if days == 1 else 'days'} late", "red") if days else ""


def _amounts(amounts: tuple[Money, ...]) -> str:
    return " + ".join(money(amount) for amount in amounts)


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
        "receivables": [
            {
                "invoice": r.number,
                "client": r.client,
                "due": r.due,
                "open": r.open,
                "days_late": r.days_late,
                "late_interest": r.late.interest if r.late else None,
                "late_rate": f"{r.late.rate:f}" if r.late else None,
                "compensation": r.late.cost if r.late else None,
                "sent": dispatch_data(found.sent.get(r.number)),
            }
            for r in found.receivables
        ],
        "claimed": list(found.claimed),
        "next": {"command": step.command, "why": step.why},
    }
