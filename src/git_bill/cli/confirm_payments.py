"""Walking through money that nobody has decided on: one key each, as `git add -p` asks with single keys."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from git_bill.cli.output import neutral, show_problem
from git_bill.cli.session import Session
from git_bill.flows.desk import Desk, desk_at
from git_bill.flows.landing import at_tip
from git_bill.money import Money, total
from git_bill.problem import Exit, Stop, stop
from git_bill.receivable.settling import Proposal, told
from git_bill.receivable.verdict import Verdict

if TYPE_CHECKING:
    from git_bill.flows.reconcile import Reconciled
    from git_bill.receivable.payment import Apart

KEYS: Mapping[str, str] = {
    "y": "yes, for these",
    "n": "not for these: it stays unknown, and is not proposed for them again",
    "i": "for another invoice: type its number",
    "c": "a client's credit: type who",
    "p": "private",
    "t": "between own accounts",
    "s": "later",
    "q": "stop here; what you answered is recorded",
}
_APART: "Mapping[str, Apart]" = {"p": "private", "t": "transfer"}


def ask(session: Session, found: "Reconciled") -> list[Verdict]:
    """What a person says of each, proposals first; nothing of those that are left for later."""
    desk = desk_at(at_tip(session.books)[1], session.clock, session.person)
    proposed = {each.remittance: each for each in found.proposed}
    names = [*proposed, *(name for name in found.unmatched if name not in proposed)]
    said: list[Verdict] = []
    for number, name in enumerate(names, 1):
        click.echo("", err=True)
        click.echo(f"{number} of {len(names)}  {neutral(told(desk.till.paid.remittances[name]))}", err=True)
        proposal = proposed.get(name)
        _show(desk, name, proposal, found.unmatched.get(name, ""))
        try:
            verdict = _verdict(session, desk, name, proposal)
        except EOFError:
            break
        if isinstance(verdict, Verdict):
            said.append(verdict)
        elif verdict == "q":
            break
    return said


def _show(desk: Desk, name: str, proposal: Proposal | None, why: str) -> None:
    """What it may pay and why, and what a yes does with the rest of it."""
    if proposal is None:
        click.echo(f"  {neutral(why)}", err=True)
        return
    score = f" ({proposal.score:.0%})" if proposal.score is not None else ""
    for invoice, amount in proposal.invoices.items():
        click.echo(f"  {neutral(invoice)}: {amount}{score}", err=True)
    for reason in (*proposal.reasons, proposal.because, *(f"or {other}" for other in proposal.others)):
        click.echo(f"  {neutral(reason)}", err=True)
    _say_rest(desk, name, proposal.invoices, "y: ")


def _say_rest(desk: Desk, name: str, invoices: Mapping[str, Money], key: str = "") -> None:
    rest = desk.till.paid.rest(name)
    if invoices and all(each.currency == rest.currency for each in invoices.values()):
        left = rest - total(invoices.values(), rest.currency)
        if left.amount > 0:
            click.echo(f"  {key}the rest, {left}, stays the client's credit", err=True)


def _verdict(session: Session, desk: Desk, name: str, proposal: Proposal | None) -> Verdict | str:
    """The answer, asked for until it can be; `s` or `q` where there is none."""
    keys = [key for key in KEYS if proposal is not None or key not in {"y", "n"}]
    if proposal is not None and not proposal.invoices:
        keys.remove("y")
    while True:
        key = _key("For these" if "y" in keys else "What is it", keys)
        try:
            if key in {"s", "q"}:
                return key
            if key in keys:
                return _said(session, desk, name, proposal, key)
        except Stop as stopped:  # it can't be; asked again
            for problem in stopped.problems:
                show_problem(problem, sys.stderr)
            continue
        for each in keys:
            click.echo(f"    {each}  {KEYS[each]}", err=True)


def _said(session: Session, desk: Desk, name: str, proposal: Proposal | None, key: str) -> Verdict:
    from git_bill.cli.reconcile import asides, verdict

    if proposal is not None and key in {"y", "n"}:
        return verdict(proposal, session.person, take=key == "y")
    if key == "i":
        invoices = _for(desk, name, _line("Invoice"))
        _say_rest(desk, name, invoices)
        return Verdict(remittance=name, invoices=invoices, by=session.person)
    if key == "c":
        return asides(session, (name,), "credit", _line("Client"), "")[0]
    return asides(session, (name,), _APART[key], "", "")[0]


def _for(desk: Desk, name: str, number: str) -> Mapping[str, Money]:
    """What is left of it, for an invoice, up to what is open. Stops (exit 1) at one that it can't pay."""
    document, rest = desk.document(number), desk.till.paid.rest(name)
    if document.open.currency != rest.currency:
        hint = f"git bill paid {document.number} --from {name}, with --full exchange or --settles"
        message = f"{document.number} is in {document.open.currency}, and this is {rest}"
        raise stop(Exit.PROBLEMS, "wrong-currency", message, hint)
    if document.open.amount * rest.amount <= 0:
        hint = "see what is open: git bill status --receivables; or c: the client's credit"
        raise stop(Exit.PROBLEMS, "nothing-open", f"nothing is open of {document.number} that this could pay", hint)
    return {document.number: min(document.open, rest, key=lambda each: abs(each.amount))}


def _key(question: str, keys: list[str]) -> str:
    """One key without Enter. Raises EOFError at the end of the input."""
    click.echo(f"  {question} [{','.join(keys)},?]? ", nl=False, err=True)
    key = click.getchar().lower()
    click.echo(key if key.isprintable() else "", err=True)
    return key


def _line(question: str) -> str:
    answer: str = click.prompt(f"  {question}", default="", show_default=False, err=True)
    return answer.strip()
