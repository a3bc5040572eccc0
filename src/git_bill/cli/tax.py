"""`git bill tax`: what the tax rules say, and newer rules than those that ship."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal, get_args

import click

from git_bill.adapters.tables import vat_table
from git_bill.cli.options import common, group
from git_bill.cli.output import Line, Report, bold, dim
from git_bill.cli.session import Session
from git_bill.cli.values import checked, country, day
from git_bill.contract.agreement import TaxChoice
from git_bill.contract.country import UNKNOWN
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.table import VatTable
from git_bill.contract.tax.treatment import Supply, Tax, decide, open_questions
from git_bill.contract.tax.worth import kind_of_client, standing_of_document, worth_problem
from git_bill.flows.tax_files import tax_table, update_tax
from git_bill.layout import client_file
from git_bill.period import Period
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.workspace import unknown_client


def percent(text: str) -> Decimal:
    """A rate in percent. Raises ValueError with an example."""
    try:
        rate = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        rate = Decimal(-1)
    if not 0 < rate < 100:
        raise ValueError(f"{text!r} is not a rate in percent; write it like 8.25")
    return rate


@group("tax", alone="show")
def command() -> None:
    """Show how work is taxed, or bring newer rules than those that ship."""


@command.command("show")
@click.argument("issuer", required=False, callback=checked(country), metavar="[FROM")
@click.argument("to", required=False, callback=checked(country), metavar="TO]")
@click.option("--client", metavar="ID", help="A client of these books, in place of FROM and TO.")
@click.option("--on", metavar="DATE", callback=checked(day), help="Day of supply. [today]")
@click.option("--consumer", is_flag=True, help="The client is a consumer.")
@click.option("--without-id", is_flag=True, help="The client has no VAT id.")
@click.option("--small-business", is_flag=True, help="The issuer is a small business, or not registered.")
@click.option("--supply", type=click.Choice(get_args(Supply)), default="services", help="What is supplied. [services]")
@click.option("--region", metavar="CODE", help="State or province of the client, like WA.")
@click.option("--own-region", metavar="CODE", help="The issuer's state or province. [the client's]")
@click.option("--postcode", metavar="TEXT", help="Post code of the client: some places have rules of their own.")
@click.option("--own-postcode", metavar="TEXT", help="The issuer's post code.")
@click.option(
    "--combined-rate",
    metavar="RATE",
    callback=checked(percent),
    help="US sales tax at the client's address, in percent.",
)
@click.option("--company", is_flag=True, help="The issuer is a company.")
@common
def show(session: Session, /, issuer: str | None = None, to: str | None = None, **given: Any) -> Report:
    """Show the treatment of services, with the law behind it and what the document is worth.

    \b
    git bill tax show DE AT
    git bill tax show DE DE --on 2020-12-01
    git bill tax show US US --region WA
    git bill tax show ES ES --postcode 35001
    git bill tax show --client acme
    """
    table = tax_table(session.state, vat_table()) if session.found is not None else vat_table()
    on = given.get("on") or (session.today if session.found is not None else session.clock.today("UTC"))
    client_id = given.get("client")
    if issuer is None or to is None:
        who, client, choice = _of_books(session, client_id, issuer)
    else:
        who, client, choice = (*_made_up(table, issuer, to, given), _combined(given.get("combined_rate")))
    tax = decide(who, client, Period(on, on), table, choice, supply=given.get("supply") or "services")
    kind = kind_of_client(who, client)
    worth = standing_of_document(table, who, kind, on)
    document = worth and {"worth": worth.worth, "since": worth.since, "needs": worth.needs, "source": worth.source}
    data = {"issuer": who.country, "client": client.country, "on": on, "kind": kind, "document": document}
    said = worth_problem(table, who, kind, on)
    questions = open_questions(who, client, Period(on, on), table, choice)
    problems = tuple(replace(each, severity="warning") for each in (*questions, said) if each is not None)
    if isinstance(tax, Problem):
        file = client_file(client_id) if client_id and tax.file is None else tax.file
        return Report(data={**data, "treatment": None}, problems=(replace(tax, file=file), *problems))
    text: list[Line] = [*_told(tax)]
    if worth is not None:
        text.append(dim(f"  document   {worth.worth} ({worth.source})"))
    return Report(data={**data, "treatment": _data(tax)}, text=tuple(text), problems=problems)


@command.command("update")
@click.argument("file", type=click.Path(path_type=Path))
@common
def update(session: Session, /, file: Path) -> Report:
    """Check a file of dated tax rules and keep it in billing/tax, where it goes before the rules that ship.

    It holds any part of the table; entries from the same day replace the shipped ones, others join them. Its `source`
    says where it is from. See the form in the shipped files, tables/tax/*.toml.

    \b
    schema = 1
    source = "BGBl. 2027 I Nr. 12"
    [countries.DE]
    rates = [{ from = 2028-01-01, rate = "20" }]
    """
    path = session.start / file
    try:
        content = path.read_bytes()
    except OSError as error:
        raise stop(Exit.USAGE, "no-such-file", f"{file} can't be read: {error.strerror}", "name a TOML file") from None
    done = session.run(update_tax(session.books, vat_table(), content, given=file.name))
    state = "is kept" if done.changed else "was there already"
    none = "; it changes no rule" if done.changed else ""
    changed = f"; other rules now: {', '.join(done.countries)}" if done.countries else none
    return Report(
        data={"file": done.file, "changed": done.changed, "countries": list(done.countries), "source": done.source},
        text=((bold(f"{done.file} {state}"), f"{changed}."),),
        next=(("git bill check", "see what it does to open drafts"),) if done.changed else (),
    )


def _of_books(session: Session, client_id: str | None, issuer: str | None) -> tuple[Issuer, Client, TaxChoice | None]:
    """The issuer of these books and one of the clients. Stops (exit 2) where no client and no countries are named."""
    if client_id is None or issuer is not None:
        raise stop(
            Exit.USAGE, "which-countries", "say from where to where", "like git bill tax show DE AT, or --client acme"
        )
    workspace = session.workspace
    engagement = workspace.engagements.get(client_id)
    if engagement is None:
        raise Stop(Exit.USAGE, [unknown_client(client_id, workspace.engagements)])
    return workspace.settings.issuer, engagement.client, engagement.tax


def _made_up(table: VatTable, issuer: str, to: str, given: dict[str, Any]) -> tuple[Issuer, Client]:
    """Parties as the options say them; their ids only have the right beginning."""
    scheme: Literal["standard", "small-business"] = "small-business" if given.get("small_business") else "standard"
    region, postcode = given.get("region"), given.get("postcode")
    business = not given.get("consumer")
    own = None if UNKNOWN in {issuer, to} else _number(table, issuer)
    client_id = _number(table, to) if business and not given.get("without_id") else None
    who = Issuer(
        name="issuer",
        country=issuer,
        timezone="UTC",
        vat_id=own,
        tax_number="1",
        tax_scheme=scheme,
        legal_form="company" if given.get("company") else "person",
        region=given.get("own_region") or (region if to == issuer else None),
        postcode=given.get("own_postcode"),
    )
    client = Client(name="client", country=to, vat_id=client_id, business=business, region=region, postcode=postcode)
    return who, client


def _combined(rate: Decimal | None) -> TaxChoice | None:
    return None if rate is None else TaxChoice(combined_rate=f"{rate:f}", because="said on the command line")


def _number(table: VatTable, code: str) -> str | None:
    country_ = table.countries.get(table.code(code))
    prefix = country_.prefix or table.code(code) * country_.eu if country_ is not None else ""
    return f"{prefix}1" if prefix else None


def _data(tax: Tax) -> dict[str, object]:
    return {
        "category": tax.category,
        "rate": f"{tax.rate:f}",
        "reason_code": tax.reason_code,
        "note": tax.note,
        "source": tax.source,
        "components": [{"name": c.name, "rate": f"{c.rate:f}", "taxed": f"{c.taxed:f}"} for c in tax.components],
        "surcharges": [
            {"name": s.name, "rate": f"{s.rate:f}", "amount": s.amount, "above": f"{s.above:f}", "law": s.law}
            for s in tax.surcharges
        ],
        "withholding": [
            {"name": w.name, "rate": f"{w.rate:f}", "over": f"{w.over:f}", "of": w.of, "above": f"{w.above:f}"}
            for w in tax.withholding
        ],
        "must_state": list(tax.must_state),
    }


def _told(tax: Tax) -> Iterator[Line]:
    yield (bold(f"{tax.category} {tax.rate.normalize():f} %"), f"  {tax.source}")
    for each in tax.components:
        share = f" of {each.taxed.normalize():f} % of the price" if each.taxed != 100 else ""
        yield f"  tax        {each.name} {each.rate.normalize():f} %{share}"
    for surcharge in tax.surcharges:
        much = surcharge.amount or f"{surcharge.rate.normalize():f} %"
        above = f" above {surcharge.above}" if surcharge.above else ""
        yield f"  surcharge  {surcharge.name} {much}{above} ({surcharge.law})"
    for kept in tax.withholding:
        rate = f"{kept.rate.normalize():f} %" if kept.over == 100 else f"{kept.rate}/{kept.over}"
        yield f"  withheld   {kept.name} {rate} of the {kept.of} ({kept.law})"
    for note in (tax.note, *tax.must_state):
        if note:
            yield f"  states     {note}"
    if tax.reason_code:
        yield f"  code       {tax.reason_code}"
