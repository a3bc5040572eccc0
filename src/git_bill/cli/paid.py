"""`git bill paid`: record what became of money, without a statement at hand."""

from datetime import date
from decimal import Context
from typing import TYPE_CHECKING, Any, cast

import click

from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold, dim, money, table
from git_bill.cli.pay_links import close_pay_links
from git_bill.cli.session import Session
from git_bill.cli.thanking import THANK_HELP, thank_now, wants_thanks, with_thanks
from git_bill.cli.values import amount as parsed
from git_bill.cli.values import checked, day
from git_bill.problem import Exit, stop

if TYPE_CHECKING:
    from git_bill.flows.desk import Desk, Recorded
    from git_bill.flows.paid import Said
    from git_bill.money import Money
    from git_bill.receivable.matching.match import Difference
    from git_bill.receivable.payment import Allocation, Payments

_WHY_LESS = ("fee", "discount", "withholding", "exchange")


@click.command("paid")
@click.argument("numbers", metavar="[INVOICE]...", nargs=-1)
@click.option("--date", "on", metavar="DATE", callback=checked(day), help="The day it was booked. Default: today.")
@click.option(
    "--amount", metavar="MONEY", callback=checked(parsed), help="What reached you. Default: all that is open."
)
@click.option("--settles", metavar="MONEY", callback=checked(parsed), help="Of another currency: what it takes off.")
@click.option("--fee", metavar="MONEY", callback=checked(parsed), help="What a bank or provider kept of it.")
@click.option("--full", type=click.Choice(_WHY_LESS), help="It settles all of it: the difference is this.")
@click.option("--method", default="", metavar="TEXT", help="How it came: cash, cheque, Wise …")
@click.option("--over", is_flag=True, help="It is more than is open; the rest stays the client's credit.")
@click.option("--from", "source", metavar="R-…", help="Take it from this remittance, or from what is left of it.")
@click.option("--credit", metavar="CN-…", help="Take it off by this credit note, or by what a remittance has left.")
@click.option("--returned", metavar="R-…", help="What was left of this remittance went back to the payer.")
@click.option("--undo", metavar="ID", multiple=True, help="Take back an allocation, a write-off, all of a remittance.")
@click.option("--again", is_flag=True, help="One more, equal to one that is recorded.")
@click.option("--because", default="", metavar="TEXT", help="Why, in your words.")
@click.option("--thank/--no-thank", "thank", default=None, help=THANK_HELP)
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session,
    numbers: tuple[str, ...],
    on: date | None,
    amount: "Money | None",
    settles: "Money | None",
    fee: "Money | None",
    full: str | None,
    method: str,
    over: bool,
    source: str | None,
    credit: str | None,
    returned: str | None,
    undo: tuple[str, ...],
    again: bool,
    because: str,
    thank: bool | None,
) -> Report:
    """Record that INVOICEs were paid; without --amount in full. Several are paid by one transfer, the first ones first.

    A credit note is paid out in the same way. What you record here is a person's word: a statement that tells of the
    same money later is recognised and not counted twice. --undo takes back what was wrong; both stay in the books.

    \b
    git bill paid INV-2026-0032 --date 2026-11-20 --thank
    git bill paid INV-2026-0032 INV-2026-0033 --amount "2362.50 EUR" --fee "17.50 EUR"
    git bill paid INV-2026-0032 --amount "500.00 EUR"          a part of it
    git bill paid INV-2026-0034 --amount "460.00 EUR" --settles "500.00 USD"
    git bill paid INV-2026-0032 --from R-k3v9q2m7x4ab          this remittance was for it
    git bill paid INV-2026-0033 --credit CN-2026-0002          set off a credit note
    git bill paid --undo A-k3v9q2m7x4ab --because "another client's"
    """
    if on is not None and on > session.today:
        raise stop(Exit.USAGE, "usage", f"{on} is after today, {session.today}", f"--date {session.today} or earlier")
    ways = [each for each in (source, credit, returned, undo or None) if each is not None]
    if len(ways) > 1 or (bool(numbers) == (returned is not None or bool(undo))):
        hint = "git bill paid INV-2026-0032, or git bill paid --undo A-…"
        raise stop(Exit.USAGE, "usage", "name the invoices and one way in which they were paid", hint)
    if credit is not None and len(numbers) > 1:
        raise stop(
            Exit.USAGE, "usage", "a credit is taken off one invoice", f"git bill paid {numbers[0]} --credit {credit}"
        )
    from git_bill.flows.paid import Said

    said = Said(
        on=on or session.today,
        amount=amount,
        settles=settles,
        fee=fee,
        method=method,
        difference=cast("Difference | None", full),
        over=over,
        again=again,
        because=because,
    )
    if undo:
        return _recorded(session, _undo(undo, because), f"Take back {', '.join(undo)}")
    if returned is not None:
        return _recorded(session, _returned(returned, said), f"Record money returned of {returned}")
    why = f"Record a payment of {', '.join(numbers)}"
    return _recorded(session, _paid(numbers, said, source, credit), why, thanks=wants_thanks(session, thank))


def _paid(numbers: tuple[str, ...], said: "Said", source: str | None, credit: str | None) -> Any:
    from git_bill.flows import paid, paid_back

    def make(desk: "Desk") -> "Payments":
        if credit is not None:
            return paid_back.set_off(desk, numbers[0], credit, said)
        if source is not None:
            return paid.from_remittance(desk, numbers, source, said)
        return paid.by_hand(desk, numbers, said)

    return make


def _undo(names: tuple[str, ...], because: str) -> Any:
    from git_bill.flows import paid_back

    return lambda desk: paid_back.undone(desk, names, because)


def _returned(name: str, said: "Said") -> Any:
    from git_bill.flows import paid_back

    return lambda desk: paid_back.returned(desk, name, said)


def _recorded(session: Session, make: Any, why: str, *, thanks: bool = False) -> Report:
    from git_bill.cli.exchange import published
    from git_bill.flows.desk import record_said

    flow = record_said(session.books, session.clock, session.person, make, why, thanks=thanks, quotes=published())
    found = session.run(flow)
    close_pay_links(session)
    report = recorded_report(found)
    return with_thanks(report, thank_now(session, found.unthanked)) if thanks else report


def recorded_report(found: "Recorded") -> Report:
    """What was recorded, and how the documents that it is about stand now."""
    new, now = found.records, found.about
    recorded = (
        *((each.id, each.settles, _less(each, found), each.because) for each in new.allocations),
        *((each.id, each.amount, "", each.because) for each in new.write_offs),
        *((each.id, each.amount, "", each.because) for each in new.set_offs),
    )
    data = {
        "recorded": [name for name, _, _, _ in recorded],
        "remittances": [each.id for each in new.remittances],
        "undone": [each.names for each in new.undone],
        "invoices": [{"invoice": each.number, "open": str(each.open), "paid": each.is_paid} for each in now],
    }
    text: list[Line] = [
        (bold(name), f"  {_way(amount)}{less}  ", dim(because)) for name, amount, less, because in recorded
    ]
    text += [(bold(undo.names), "  taken back  ", dim(undo.because)) for undo in new.undone]
    if new.is_empty:
        text = ["This is recorded already: nothing changed. One more that looks the same is recorded with --again."]
    elif now:
        rows = [[bold(each.number), money(each.open), "paid" if each.is_paid else ""] for each in now]
        text += ["", *table(rows, head=("document", "open", ""), align="lrl")]
    steps = [
        (f"git bill render {each.number} --as receipt", "a receipt for the client") for each in now if each.is_paid
    ]
    return Report(data=data, text=tuple(text), next=tuple(steps[:1]))


def _way(amount: "Money") -> str:
    """Without a sign."""
    return str(amount) if amount.amount >= 0 else f"{-amount} went out"


def _less(each: "Allocation", found: "Recorded") -> str:
    """Why it is not what reached the account: a fee and the like, or the rate of exchange that this implies."""
    if each.difference is None:
        return ""
    if each.amount.currency == each.settles.currency:
        return f", of which {each.difference} {money(each.settles - each.amount)}"
    rate = Context(prec=6).divide(each.amount.amount, each.settles.amount).normalize()
    gained = found.gains.get(each.id)
    word = "gained" if gained is not None and gained.amount > 0 else "lost"
    change = f"; {money(max(gained, -gained))} {word} by that" if gained else ""
    return f", by {money(each.amount)}: 1 {each.settles.currency} = {rate:f} {each.amount.currency}{change}"
