"""`git bill correct`: cancel an issued invoice and replace it, in one draft."""

import click

from git_bill.cli.draft import report
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.presented import presented
from git_bill.cli.session import Session
from git_bill.flows.credit import correction
from git_bill.invoice.replacing import Wish
from git_bill.problem import Exit, stop


@click.command("correct")
@click.argument("number", metavar="INVOICE")
@click.option("--set", "texts", metavar="KEY=VALUE", multiple=True, help="order, note, client.street, …; empty: none.")
@click.option("-c", "--client", metavar="ID", help="The client who should have had the invoice.")
@click.option("--because", help="Why, in words for the client.")
@common
def command(session: Session, number: str, texts: tuple[str, ...], client: str | None, because: str | None) -> Report:
    """Draft what replaces an issued invoice: one draft, one review.

    Issuing it issues two documents: the credit note that takes the invoice back in full, then the replacement, which
    names both. The invoice itself never changes. Lines, prices and work stay what they were, unless you change them in
    the draft's file; issuer and client are as the settings have them now. What was paid on the invoice counts for the
    replacement. One that is partly credited can't be replaced: credit the rest and bill it again.

    \b
    git bill correct INV-2026-0032 --set order=4711 --because "order number was missing"
    git bill correct INV-2026-0032 --set "client.street=Ring 5" --set note=
    git bill correct INV-2026-0032 --client globex --because "billed to the wrong company"
    """
    pairs = [text.partition("=") for text in texts]
    if wrong := next((text for text, (_, sign, _) in zip(texts, pairs, strict=True) if not sign), None):
        raise stop(Exit.USAGE, "usage", f"{wrong!r} has no value", "write it like --set order=4711")
    given = {key.strip(): value.strip() for key, _, value in pairs}
    from git_bill.adapters.tables import vat_table, wording

    wish = Wish(set=given, bill_to=client, because=because)
    result = session.run(correction(session.books, session.clock, vat_table(), number, wish, words=wording()))
    return report(session, result, presented(session, [made.name for made in result.made if made.commit is not None]))
