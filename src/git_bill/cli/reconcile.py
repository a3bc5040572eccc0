"""`git bill reconcile`: remittances of banks and providers against open invoices."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from git_bill.cli.deliveries import refuse_forged
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.pay_links import close_pay_links
from git_bill.cli.presented import presented_proposal
from git_bill.cli.reconciled import data, text
from git_bill.cli.session import Session
from git_bill.cli.thanking import THANK_HELP, thank_now, wants_thanks, with_thanks
from git_bill.layout import PROPOSED
from git_bill.problem import Exit, Stop, stop

if TYPE_CHECKING:
    from git_bill.adapters.statement_file import StatementFile
    from git_bill.flows.reconcile import Reconciled, Reconciling
    from git_bill.flows.statements import Statements
    from git_bill.rail import Rail
    from git_bill.receivable.payment import Apart
    from git_bill.receivable.settling import Proposal
    from git_bill.receivable.verdict import Verdict

_APART = ("transfer", "credit", "private", "other")


@click.command("reconcile")
@click.argument("files", nargs=-1, metavar="[FILES]", type=click.Path(path_type=Path))
@click.option("--rail", "rails", metavar="NAME", multiple=True, help="Ask only this provider: stripe, paypal.")
@click.option("--confirm", "asks", is_flag=True, help="Go through what is not sure, one by one.")
@click.option("--accept", metavar="R-…", multiple=True, help="Take this remittance as it is proposed.")
@click.option("--reject", metavar="R-…", multiple=True, help="It is not for what is proposed; it stays unknown.")
@click.option("--aside", metavar="R-…", multiple=True, help="It pays no invoice; say what it is with --as.")
@click.option("--as", "apart", type=click.Choice(_APART), help="What a remittance is that pays no invoice.")
@click.option("-c", "--client", metavar="ID", default="", help="With --as credit: whose money it is.")
@click.option("--because", metavar="TEXT", default="", help="Why, with --aside and --reject.")
@click.option("--thank/--no-thank", "thank", default=None, help=THANK_HELP)
@click.option(
    "--delivery",
    "body",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Body of a webhook: ask --rail only if it is genuine.",
)
@click.option("--header", "headers", metavar="TEXT", multiple=True, help="Header that came with it, again.")
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session,
    /,
    files: tuple[Path, ...],
    rails: tuple[str, ...],
    asks: bool,
    accept: tuple[str, ...],
    reject: tuple[str, ...],
    aside: tuple[str, ...],
    apart: str | None,
    client: str,
    because: str,
    thank: bool | None,
    **delivery: Any,
) -> Report:
    """Read bank statements and ask payment providers, and match what came in with open invoices.

    FILES are camt.053, camt.052, camt.054, MT940, OFX, QFX, QIF or CSV, also zipped; what was read before comes once.
    Without FILES and --rail, all providers of the settings are asked. A match is applied only where it is sure and
    nothing else fits; the rest is proposed: in a pull request, where there is a forge, else with --confirm. What a
    person decided is never changed. Merging a proposal confirms what its file says. With --thank, who paid an invoice
    in full gets one mail with the receipt; never while it is disputed, on hold, or its client is insolvent.

    \b
    git bill reconcile november.xml
    git bill reconcile --rail stripe --thank
    git bill reconcile --confirm
    git bill reconcile --accept R-k3v9q2m7x4ab
    git bill reconcile --aside R-k3v9q2m7x4ab --as private
    git bill reconcile --rail stripe --delivery body.json --header "Stripe-Signature: t=…,v1=…"
    """
    if any(delivery.values()):
        refuse_forged(session, rails, **delivery)
    _check_aside(session, aside, apart, client)
    named = (*accept, *reject, *aside)
    if twice := next((name for name in named if sum(other.startswith(name) for other in named) > 1), None):
        hint = f"say one thing of it: git bill reconcile --accept {twice}"
        raise stop(Exit.USAGE, "usage", f"{twice} is named more than once", hint)
    said = bool(accept or reject or asks)
    thanks = wants_thanks(session, thank)
    need = _need(session, files, rails, forge=not said, thank=thanks)
    words = asides(session, aside, cast("Apart", apart), client, because) if aside else ()
    found = _run(session, need, words, again=said)
    if said:
        verdicts = [*_taken(session, found, accept, reject, because), *(_asked(session, found) if asks else ())]
        if verdicts:
            later = _run(session, _need(session, (), None, forge=False, thank=thanks), verdicts, again=True)
            found = _both(found, later)
    close_pay_links(session)
    if found.pull is not None:
        name = found.pull.branch.removeprefix(PROPOSED)
        found = replace(found, problems=(*found.problems, *presented_proposal(session, name)))
    return with_thanks(_report(found), thank_now(session, found.unthanked)) if thanks else _report(found)


def _check_aside(session: Session, aside: Sequence[str], apart: str | None, client: str) -> None:
    """Stops (exit 2) where --aside, --as and --client don't go together."""
    name = aside[0] if aside else "R-…"
    credit = f"git bill reconcile --aside {name} --as credit --client {_any_client(session)}"
    if aside and apart is None:
        hint = f"git bill reconcile --aside {name} --as private; or transfer, other; or --as credit --client ID"
        raise stop(Exit.USAGE, "usage", "--aside needs what it is, with --as", hint)
    if apart is not None and not aside:
        hint = f"git bill reconcile --aside {name} --as {apart}"
        raise stop(Exit.USAGE, "usage", "--as needs which one, with --aside", hint)
    if apart == "credit" and not client:
        raise stop(Exit.USAGE, "usage", "--as credit needs whose credit it is, with --client", credit)
    if client and apart != "credit":
        raise stop(Exit.USAGE, "usage", "--client is for --as credit: whose credit it is", credit)


def _any_client(session: Session) -> str:
    return next(iter(session.workspace.engagements), "acme")


def _run(session: Session, need: "Reconciling", words: "Sequence[Verdict]", *, again: bool) -> "Reconciled":
    from git_bill.flows.reconcile import reconcile

    return session.run(reconcile(need, words, again=again))


def _need(
    session: Session, files: Sequence[Path], rails: Sequence[str] | None, *, forge: bool, thank: bool
) -> "Reconciling":
    """`rails`: None for none; empty: all of the settings, where there are no files."""
    from git_bill.adapters.tables import matching_weights
    from git_bill.cli.exchange import published
    from git_bill.flows.reconcile import Reconciling

    return Reconciling(
        books=session.books,
        clock=session.clock,
        by=session.person,
        weights=matching_weights(),
        quotes=published(),
        statements=_statements(files),
        thank=thank,
        rails=_rails(session, rails, bool(files)) if rails is not None else {},
        forge=session.forge if forge else None,
        witness=session.forge,
    )


def _rails(session: Session, named: Sequence[str], files: bool) -> "Mapping[str, Rail]":
    """Those that are named; else, without files, all that are set up. Stops (exit 3) at one that is not."""
    settings = session.workspace.settings
    known = [name for name, found in (("stripe", settings.stripe), ("paypal", settings.paypal)) if found is not None]
    for name in named:
        if name not in known:
            hint = f"add it to billing/billing.toml: [{name}]" if name in {"stripe", "paypal"} else "stripe, paypal"
            raise stop(Exit.SETTINGS, "no-rail", f"there is no payment provider {name!r} in the settings", hint)
    wanted = list(dict.fromkeys(named)) or ([] if files else known)
    if not wanted:
        return {}
    from git_bill.cli.rails import open_rails

    opened = open_rails(session)
    return {name: opened[name] for name in wanted} if named else opened  # by itself, one without a key stops nothing


def _statements(files: Sequence[Path]) -> "Statements":
    from git_bill.adapters.statement_file import statement_files
    from git_bill.adapters.tables import headings
    from git_bill.cli.progress import progress
    from git_bill.flows.statements import Statements

    def opened() -> "Iterator[StatementFile]":
        for path in files:
            with ExitStack() as stack:
                whole = path.stat().st_size if path.is_file() else 0
                advance = stack.enter_context(progress(f"reading {path.name}", whole))
                done = 0

                def told(read: int, _: int) -> None:
                    nonlocal done
                    advance(read - done)  # noqa: B023  used before the next file is opened
                    done = read

                yield from statement_files(path, told)

    return Statements(files=opened, headings=headings())


def asides(session: Session, names: Sequence[str], apart: "Apart", client: str, because: str) -> "tuple[Verdict, ...]":
    """That they pay no invoice. Stops (exit 1) at a client that is not known."""
    from git_bill.receivable.verdict import Verdict
    from git_bill.workspace import unknown_client

    if apart == "credit" and client not in session.workspace.engagements:
        raise Stop(Exit.PROBLEMS, [unknown_client(client, session.workspace.engagements)])
    return tuple(
        Verdict(remittance=name, invoices={}, by=session.person, aside=apart, of=client, because=because)
        for name in names
    )


def _taken(
    session: Session, found: "Reconciled", accept: Sequence[str], reject: Sequence[str], because: str
) -> "Iterator[Verdict]":
    """What is accepted or rejected of what is proposed. Stops (exit 1) at what is not."""
    proposed = {each.remittance: each for each in found.proposed}
    for name in (*accept, *reject):
        meant = [each for key, each in proposed.items() if key.startswith(name)]
        if len(meant) != 1:
            message = f"{name} is not proposed" if not meant else f"several begin with {name}"
            hint = "see what is: git bill reconcile; or name its invoice: git bill paid INV-… --from " + name
            raise stop(Exit.PROBLEMS, "not-proposed", message, hint)
        yield verdict(meant[0], session.person, take=name in accept, because=because)


def verdict(proposal: "Proposal", by: str, *, take: bool, because: str = "") -> "Verdict":
    """Yes or no to what is proposed."""
    from git_bill.receivable.verdict import Verdict

    if take and not proposal.invoices:
        message = f"{proposal.remittance}: {proposal.because}"
        hint = f"git bill reconcile --aside {proposal.remittance} --as credit --client ID, or give it back"
        raise stop(Exit.PROBLEMS, "nothing-open", message, hint)
    return Verdict(
        remittance=proposal.remittance,
        invoices=proposal.invoices if take else {},
        by=by,
        rejects=None if take else tuple(proposal.invoices),
        difference=proposal.difference if take else None,
        score=proposal.score if take else None,
        because=because or ("" if take else "not for these invoices"),
        reasons=proposal.reasons if take else (),
    )


def _asked(session: Session, found: "Reconciled") -> "list[Verdict]":
    if not session.interactive:
        hint = "or name them: git bill reconcile --accept R-… --reject R-…"
        raise stop(Exit.USAGE, "usage", "--confirm asks on a terminal", hint)
    from git_bill.cli.confirm_payments import ask

    return ask(session, found)


def _both(one: "Reconciled", other: "Reconciled") -> "Reconciled":
    """What both runs did, and what is left after the second."""
    return replace(
        other,
        read=one.read,
        new=one.new,
        known=one.known,
        matched=(*one.matched, *other.matched),
        confirmed=(*one.confirmed, *other.confirmed),
        aside=(*one.aside, *other.aside),
        written_off=(*one.written_off, *other.written_off),
        paid=(*one.paid, *other.paid),
        disputes=(*one.disputes, *other.disputes),
        won=tuple(dict.fromkeys((*one.won, *other.won))),
        unthanked={**one.unthanked, **other.unthanked},
        unasked=one.unasked,
        problems=(*one.problems, *other.problems),
    )


def _example(found: "Reconciled", remittance: str) -> str:
    """An open invoice in its currency, the one that is due first."""
    currency = found.remittances[remittance].amount.currency
    return next((number for number, amount in found.open.items() if amount.currency == currency), "INV-…")


def _report(found: "Reconciled") -> Report:
    steps = []
    if (found.proposed or found.unmatched) and found.pull is None:
        steps.append(("git bill reconcile --confirm", "say what the unsure ones are for"))
    if found.unmatched:
        first = next(iter(found.unmatched))
        steps.append((f"git bill paid {_example(found, first)} --from {first}", "say which invoice it is for"))
        steps.append((f"git bill reconcile --aside {first} --as private", "or that it is for none"))
    if found.uses:
        use = found.uses[0]
        told = f"take {use.amount} off it, of what {use.client} has to its credit"
        steps.append((f"git bill paid {use.invoice} --credit {use.credit}", told))
    if found.disputes:
        steps.append((f"git bill dispute pack {found.disputes[0]}", "the evidence, to answer it"))
    if found.won:
        steps.append((f"git bill dispute resolve {found.won[0]} --rejected", "end it: the provider decided for you"))
    if found.paid:
        steps.append((f"git bill render {found.paid[0]} --as receipt", "a receipt for the client"))
    code = int(Exit.PAYMENT_OR_MAIL) if found.unasked else None
    return Report(data=data(found), text=tuple(text(found)), problems=found.problems, next=tuple(steps), exit_code=code)
