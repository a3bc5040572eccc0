"""`git bill credit`: a credit note on an issued invoice, drafted for review."""

import click

from git_bill.cli.draft import report
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.presented import presented
from git_bill.cli.session import Session
from git_bill.flows.credit import credit_note
from git_bill.invoice.crediting import Wish
from git_bill.money import Money
from git_bill.problem import Exit, stop


@click.command("credit")
@click.argument("number", metavar="INVOICE")
@click.option("--line", "lines", metavar="N", type=click.IntRange(min=1), multiple=True, help="Only this line, again.")
@click.option("--amount", metavar="MONEY", help='Only so much, without tax, shared by all tax rates: "100.00 EUR".')
@click.option("--because", help="Why, in words for the client.")
@click.option("--rebill", "entries", flag_value="rebill", help="The work behind it can be billed again.")
@click.option("--waive", "entries", flag_value="waive", help="The work behind it is settled and never billed again.")
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session,
    number: str,
    lines: tuple[int, ...],
    amount: str | None,
    because: str | None,
    entries: str | None,
) -> Report:
    """Draft a credit note on an issued invoice: in full, by line, or an amount without tax.

    It is a draft like any: a branch to review, approved and issued in the same way, with a number of the series of
    credit notes. It never takes back more than is still open of the invoice. --rebill or --waive says what becomes of
    the hours, milestones, expenses and fees behind it. What was paid on the invoice is owed back to the client.

    \b
    git bill credit INV-2026-0032 --rebill --because "wrong month"
    git bill credit INV-2026-0032 --line 2 --waive --because "not accepted"
    git bill credit INV-2026-0032 --amount "100.00 EUR" --waive --because "late delivery"
    """
    if entries not in {"rebill", "waive"}:
        hint = "--rebill: the next draft bills it again; --waive: it is settled"
        raise stop(Exit.USAGE, "usage", "say what becomes of the work behind it", hint)
    wish = Wish(
        entries="rebill" if entries == "rebill" else "waive",
        lines=tuple(dict.fromkeys(lines)),
        amount=_money(amount),
        because=because,
    )
    from git_bill.adapters.tables import vat_table, wording

    result = session.run(credit_note(session.books, session.clock, vat_table(), number, wish, words=wording()))
    return report(session, result, presented(session, [made.name for made in result.made if made.commit is not None]))


def _money(text: str | None) -> Money | None:
    if text is None:
        return None
    try:
        return Money.parse(text)
    except ValueError as error:
        raise stop(Exit.USAGE, "usage", str(error), '--amount "100.00 EUR"') from None
