"""`git bill contract`: what was agreed, in plain words, and what it would have cost otherwise."""

import itertools
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from git_bill.cli.options import common, group
from git_bill.cli.output import Line, Report, Span, bold, dim, money, table, terminal_width
from git_bill.cli.session import Session
from git_bill.cli.values import checked, day
from git_bill.contract.agreement import Contract
from git_bill.contract.plain import Term
from git_bill.flows.contract import Shown, Side, Simulated, basis_of, contract_of, proposed, simulate, terms_on
from git_bill.flows.open_drafts import AtTip, read_here
from git_bill.invoice.summary import Row
from git_bill.money import Money
from git_bill.period import format_duration, parse_period
from git_bill.problem import Exit, stop

_MOST = 10**6  # bytes of a file with a contract
_NONE = "–"
_INDENT = 14  # columns before the words of a term


@group("contract", alone="show")
def command() -> None:
    """Show what was agreed with clients, or what other terms would have come to."""


@command.command("show")
@click.argument("client", required=False, metavar="[CLIENT")
@click.argument("contract", required=False, metavar="CONTRACT]")
@click.option("--on", metavar="DATE", callback=checked(day), help="The terms of that day. [today]")
@common
def show(session: Session, /, client: str | None = None, contract: str | None = None, on: date | None = None) -> Report:
    """Show the terms that hold on a day: what an hour costs for whom and why, what is billed beside it, what is left.

    \b
    git bill contract show
    git bill contract show acme
    git bill contract show acme acme-2026 --on 2026-07-01
    """
    when = on or session.today
    found = terms_on(_state(session), when, client, contract)
    text = [line for each in found for line in _told(each, when)]
    return Report(
        data={"on": when, "contracts": [_data(each) for each in found]},
        text=tuple(text[:-1] if text else [f"No contract holds on {when}."]),
        next=() if found else (("git bill contract show CLIENT CONTRACT", "one that holds on other days"),),
    )


@command.command("simulate")
@click.argument("client", metavar="CLIENT")
@click.option(
    "--with",
    "other",
    metavar="FILE|CONTRACT",
    required=True,
    help="A file with one [[contracts]] table, or a contract of any client.",
)
@click.option("-p", "--period", default="last-month", help="2026-10, last-month, 2026-Q4 or A..B. [last-month]")
@common
def simulated(session: Session, /, client: str, other: str, period: str) -> Report:
    """Show what CLIENT's work of a period would have cost under another contract. Nothing is written.

    What was billed already counts as if it had not been; balances and caps are those from before the period.

    \b
    git bill contract simulate acme --with acme-2027
    git bill contract simulate acme --with retainer.toml --period 2026-Q3
    """
    try:
        days = parse_period(period, session.today)
    except ValueError as error:
        raise stop(Exit.USAGE, "wrong-period", str(error)) from None
    state = _state(session)
    found = simulate(basis_of(state, client), _other(session, state, other, client), days)
    return Report(data=_figures(found), text=tuple(_compared(found)), problems=found.problems)


def _state(session: Session) -> AtTip:
    from git_bill.adapters.tables import vat_table, wording

    return read_here(session.books, vat_table(), wording())


def _other(session: Session, state: AtTip, other: str, client: str) -> Contract:
    """What looks like a file is one."""
    file = session.start / other
    if not file.is_file() and not other.endswith(".toml"):
        return contract_of(state, other, client)
    return proposed(_content(file, other), other)


def _content(file: Path, said: str) -> str:
    from git_bill.adapters.regular_file import content

    try:
        return content(file, _MOST).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        hint = "name a TOML file with one [[contracts]] table, or a contract: --with acme-2027"
        raise stop(Exit.USAGE, "no-contract-file", f"{said} can't be read: {why}", hint) from None


def _told(found: Shown, on: date) -> Iterator[Line]:
    contract = found.contract
    until = f" to {contract.until}" if contract.until else ", open end"
    away = "" if found.covers else f"; does not hold on {on}"
    yield (bold(contract.id), f"  {found.client}, from {contract.from_}{until}{away}")
    width = terminal_width() - _INDENT
    for topic, terms in itertools.groupby(found.terms, key=lambda term: term.topic):
        words = [part for term in terms for part in _wrapped(_words(term), width)]
        for number, part in enumerate(words):
            yield (dim(f"  {topic if number == 0 else '':{_INDENT - 2}}"), part)
    yield ""


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent="  ", break_on_hyphens=False)


def _words(term: Term) -> str:
    return f"{term.text} ({term.state})" if term.state and term.state != "missing" else term.text


def _data(found: Shown) -> dict[str, object]:
    contract = found.contract
    terms = [{"topic": t.topic, "text": t.text, "ref": t.ref, "state": t.state} for t in found.terms]
    return {
        "client": found.client,
        "contract": contract.id,
        "kind": contract.kind,
        "currency": contract.currency,
        "from": contract.from_,
        "until": contract.until,
        "holds": found.covers,
        "terms": terms,
    }


def _compared(found: Simulated) -> Iterator[Line]:
    """Line totals side by side, what is taken off or added, and the totals."""
    sides = (*found.now, found.then)
    work = f"{found.entries} {'entry' if found.entries == 1 else 'entries'} with {format_duration(found.minutes)}"
    yield (bold(found.client), f"  {found.period}: {work}, billed under other terms")
    yield ""
    names = list(dict.fromkeys(name for side in sides for name in side.lines))
    rows: list[list[str | Span]] = [[name, *(_cell(side.lines.get(name)) for side in sides)] for name in names]
    texts = list(dict.fromkeys(row.text for side in sides for row in side.sums))
    rows += [[text, *(_cell(_sum(side.sums, text)) for side in sides)] for text in texts]
    rows.append([bold("net"), *(bold(money(side.net)) for side in sides)])
    rows.append(["with tax", *(money(side.gross) for side in sides)])
    rows.append(["time not billed", *(format_duration(side.left) if side.left else _NONE for side in sides)])
    head = ("", *(" + ".join(side.contracts) for side in found.now), found.then.contracts[0])
    yield from table(rows, head=head, align="l" + "r" * len(sides), indent=2)
    yield ""
    if found.difference is None:
        yield "The currencies differ, so there is no difference to tell."
    elif not found.difference:
        yield "It would have cost the same."
    else:
        more = "more" if found.difference.amount > 0 else "less"
        much = Money(abs(found.difference.amount), found.difference.currency)
        yield ("It would have cost ", bold(money(much)), f" {more}, net.")


def _cell(amount: Money | None) -> str:
    return _NONE if amount is None else money(amount)


def _sum(sums: tuple[Row, ...], text: str) -> Money | None:
    amounts = [row.amount for row in sums if row.text == text]
    return sum(amounts[1:], amounts[0]) if amounts else None


def _figures(found: Simulated) -> dict[str, object]:
    return {
        "client": found.client,
        "period": str(found.period),
        "entries": found.entries,
        "minutes": found.minutes,
        "now": [_side(side) for side in found.now],
        "then": _side(found.then),
        "difference": found.difference,
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "contracts": list(side.contracts),
        "lines": [{"description": name, "net": net} for name, net in side.lines.items()],
        "sums": [{"text": row.text, "amount": row.amount} for row in side.sums],
        "net": side.net,
        "gross": side.gross,
        "billed_minutes": side.minutes,
        "not_billed_minutes": side.left,
    }
