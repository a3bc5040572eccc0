"""`git bill client`: who is billed."""

from typing import Any

import click

from git_bill.adapters import system
from git_bill.cli import values
from git_bill.cli.options import common, with_common_options
from git_bill.cli.output import Report, bold, money, table
from git_bill.cli.session import Session
from git_bill.contract.agreement import Engagement
from git_bill.flows.client import ClientWish, Guesses, add_client
from git_bill.workspace import client_file


@click.group("client", invoke_without_command=True)
@with_common_options
@click.pass_context
def command(ctx: click.Context) -> Report | None:
    """Add or list clients. What is agreed with one is in billing/clients/ID.toml."""
    report: Report | None = None if ctx.invoked_subcommand else ctx.invoke(list_clients)
    return report


@command.command("list")
@common
def list_clients(session: Session) -> Report:
    """List the clients with their newest contract."""
    engagements = session.workspace.engagements
    cells = [(key, e.client.name, e.client.country, *_terms(e)) for key, e in sorted(engagements.items())]
    text = table(cells, head=("id", "name", "country", "contract", "per hour"), align="llllr")
    add = () if cells else (('git bill client add "Acme GmbH" --rate "95.00 EUR"', "add one"),)
    return Report(
        data={"clients": [_data(key, e) for key, e in sorted(engagements.items())]},
        text=tuple(text or ["No clients yet."]),
        next=add,
    )


@command.command("add")
@click.argument("name")
@click.option(
    "--id",
    metavar="ID",
    callback=values.checked(values.identifier),
    help="Short name used in files and commands. [made of NAME]",
)
@click.option("--country", metavar="CODE", callback=values.checked(values.country), help="Country, like DE. [yours]")
@click.option("--vat-id", metavar="ID", callback=values.checked(values.squeezed), help="VAT id.")
@click.option("--email", metavar="ADDRESS", help="Where invoices are sent.")
@click.option("--street", metavar="TEXT", help="Street and number.")
@click.option("--postcode", metavar="TEXT", help="Post code.")
@click.option("--city", metavar="TEXT", help="City.")
@click.option("--language", metavar="CODE", help="Language of documents, like de.")
@click.option("--rate", metavar="AMOUNT", help='Net price of an hour, like "95.00 EUR".')
@click.option(
    "--rounding",
    metavar="STEP",
    callback=values.checked(values.rounding),
    help="Round billed time to the nearest STEP per ticket and day, like 15m. [not rounded]",
)
@click.option("--currency", metavar="CODE", callback=values.checked(values.currency), help="Currency, like EUR.")
@click.option("--payment-terms", metavar="TERMS", callback=values.checked(values.terms), help='Like "30 days".')
@click.option("--since", metavar="DATE", callback=values.checked(values.day), help="First day of work for the client.")
@common
def add(session: Session, /, name: str, rate: str | None, **given: Any) -> Report:
    """Add the client called NAME, with a first contract by the hour.

    A second time it adds what is not stated yet; what the file says stays.

    \b
    git bill client add "Acme GmbH" --country DE --vat-id DE129274202 --rate "95.00 EUR"
    """
    country = session.workspace.settings.issuer.country
    currency = given["currency"] or system.currency(country) or "EUR"
    try:
        price = None if rate is None else values.rate(rate, currency)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--rate") from None
    wish = ClientWish(name=name, rate=price, **given)
    guesses = Guesses(country=country, currency=currency, today=session.today)
    result = session.run(add_client(session.state, wish, guesses))
    state = "is added" if result.new else "was changed" if result.written else "was there already"
    return Report(
        data={"client": result.id, "new": result.new, "written": list(result.written)},
        text=((bold(f"{result.id} {state}"), f", see {client_file(result.id)}."),),
        problems=result.kept,
        next=((f"git bill source add PATH --client {result.id}", "where the work is done"),),
    )


def _terms(engagement: Engagement) -> tuple[str, str]:
    if not engagement.contracts:
        return "", ""
    contract = engagement.contracts[-1]
    rate = next((r.hourly for r in contract.rates if r.contributor is None and r.activity is None), None)
    return contract.id, money(rate) if rate else ""


def _data(key: str, engagement: Engagement) -> dict[str, object]:
    client = engagement.client
    contracts = [{"id": c.id, "from": c.from_, "until": c.until, "currency": c.currency} for c in engagement.contracts]
    return {"client": key, "name": client.name, "country": client.country, "contracts": contracts}
