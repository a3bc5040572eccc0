"""`git bill client`: who is billed."""

from typing import Any

import click

from git_bill.adapters import system
from git_bill.cli import values
from git_bill.cli.options import common, group
from git_bill.cli.output import Report, bold, dim, money, table
from git_bill.cli.session import Session
from git_bill.contract.agreement import Engagement
from git_bill.contract.identifier import has_rule, is_of_eu
from git_bill.flows.client import ClientWish, Guesses, add_client
from git_bill.flows.vat_proof import Proven, prove_vat_id
from git_bill.layout import client_file
from git_bill.problem import Exit, Problem, Stop, located
from git_bill.workspace import unknown_client


@group("client", alone="list")
def command() -> None:
    """Add or list clients. What is agreed with one is in billing/clients/ID.toml."""


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
@click.option("--region", metavar="CODE", help="State or province, like WA or QC, where taxes depend on it.")
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
        text=(
            (bold(f"{result.id} {state}"), f", see {client_file(result.id)}."),
            *((dim(f"  {result.proposal}"),) if result.proposal else ()),
        ),
        problems=result.kept,
        next=((f"git bill source add PATH --client {result.id}", "where the work is done"),),
    )


@command.command("check")
@click.argument("client", required=False, metavar="[ID]")
@click.option("--vies", is_flag=True, help="Ask the EU's register too, and keep its answer.")
@common
def check(session: Session, /, client: str | None, vies: bool) -> Report:
    """Check clients' VAT ids: their check digits, and with --vies whether the EU's register knows them.

    What the register answered is kept in billing/proofs, with the number of the request where you have a VAT id of the
    EU yourself: proof that you asked before you billed without VAT.
    """
    engagements = session.workspace.engagements
    if client is not None and client not in engagements:
        raise Stop(Exit.USAGE, [unknown_client(client, engagements)])
    rows, problems = [], []
    for key, engagement in sorted(engagements.items()):
        if client not in {None, key}:
            continue
        vat_id = engagement.client.vat_id
        said = (
            "no VAT id"
            if vat_id is None
            else "its check digits fit"
            if has_rule(vat_id, engagement.client.country)
            else "no rule"
        )
        row: dict[str, object] = {"client": key, "vat_id": vat_id, "offline": said, "vies": None, "file": None}
        if vies and vat_id is not None and is_of_eu(vat_id):
            proven = _asked(session, key, vat_id)
            row |= {"vies": proven.proof.valid, "file": proven.file, "name": proven.proof.name}
            if not proven.proof.valid:
                problems.append(located(_unregistered(key, vat_id), session.workspace.where))
        rows.append(row)
    cells = [
        [str(row[n] if row[n] is not None else "") for n in ("client", "vat_id", "offline", "vies")] for row in rows
    ]
    text = table(cells, head=("id", "VAT id", "offline", "registered")) or ["No clients yet."]
    return Report(data={"clients": rows}, text=tuple(text), problems=tuple(problems))


def _asked(session: Session, client: str, vat_id: str) -> Proven:
    """The register's answer, kept."""
    from git_bill.adapters.vies import ADDRESS, Vies

    own = session.workspace.settings.issuer.vat_id
    requester = own if own is not None and is_of_eu(own) else None
    registry = Vies(session.books.configured("bill.vies") or ADDRESS)
    at = session.clock.now()
    return session.run(prove_vat_id(session.books, registry, client, vat_id, requester=requester, at=at))


def _unregistered(client: str, vat_id: str) -> Problem:
    return Problem(
        rule="vat-id-unregistered",
        message=f"VIES does not know {vat_id}: without it the client can't owe the VAT",
        hint="ask the client; until then bill it like a consumer: business = false",
        file=client_file(client),
        at=("client", "vat_id"),
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
