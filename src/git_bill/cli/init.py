"""`git bill init`: set up books."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from git_bill.adapters.git.clone import found_repository
from git_bill.adapters.tables import vat_table
from git_bill.cli import questions
from git_bill.cli.jobs import SetUpJobs, set_up, wants_jobs
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold, dim
from git_bill.cli.scene import Scene, is_repository, place
from git_bill.cli.session import Session
from git_bill.cli.values import checked, country, currency, day, rounding, squeezed, terms, zone
from git_bill.cli.wishes import Asked, wishes
from git_bill.contract.party import Issuer
from git_bill.contract.tax.region import home_unsaid
from git_bill.contract.tax.worth import coming_problem, worth_problem
from git_bill.flows import load
from git_bill.flows.apply import Actors
from git_bill.flows.init import SetUp, found, init
from git_bill.flows.workflow import Kind
from git_bill.layout import SETTINGS, client_file
from git_bill.problem import Problem
from git_bill.workspace import Settings


@click.command("init")
@click.option("--here", is_flag=True, help="Keep the books in this repository; it is the first source.")
@click.option(
    "--books", metavar="DIR", type=click.Path(path_type=Path), help="Keep the books in a repository of their own."
)
@click.option("--issuer", metavar="NAME", help="Name on your invoices. [git's user.name]")
@click.option("--email", metavar="ADDRESS", help="Your e-mail address. [git's user.email]")
@click.option("--country", metavar="CODE", callback=checked(country), help="Your country, like DE.")
@click.option("--street", metavar="TEXT", help="Your street and number.")
@click.option("--postcode", metavar="TEXT", help="Your post code.")
@click.option("--city", metavar="TEXT", help="Your city.")
@click.option("--region", metavar="CODE", help="Your state or province, like WA or QC, where taxes depend on it.")
@click.option("--phone", metavar="TEXT", help="Your telephone number.")
@click.option("--vat-id", metavar="ID", callback=checked(squeezed), help="Your VAT id, like DE136695976.")
@click.option("--tax-number", metavar="NUMBER", help="Your local tax number, where you have no VAT id.")
@click.option("--small-business", is_flag=True, help="You charge no VAT as a small business.")
@click.option("--iban", metavar="IBAN", callback=checked(squeezed), help="Your account.")
@click.option("--bic", metavar="BIC", callback=checked(squeezed), help="Your bank.")
@click.option(
    "--timezone", metavar="ZONE", callback=checked(zone), help="Where you work, like Europe/Berlin. [the system's]"
)
@click.option("--client", metavar="NAME", help="Your first client.")
@click.option("--client-country", metavar="CODE", callback=checked(country), help="The client's country. [yours]")
@click.option("--client-vat-id", metavar="ID", callback=checked(squeezed), help="The client's VAT id.")
@click.option("--client-email", metavar="ADDRESS", help="Where the client wants invoices.")
@click.option("--client-street", metavar="TEXT", help="The client's street and number.")
@click.option("--client-postcode", metavar="TEXT", help="The client's post code.")
@click.option("--client-city", metavar="TEXT", help="The client's city.")
@click.option("--client-region", metavar="CODE", help="The client's state or province, like WA or QC.")
@click.option("--language", metavar="CODE", help="Language of the client's documents, like de.")
@click.option("--rate", metavar="AMOUNT", help='Net price of an hour, like "95.00 EUR".')
@click.option(
    "--rounding",
    metavar="STEP",
    callback=checked(rounding),
    help="Round billed time to the nearest STEP per ticket and day, like 15m. [not rounded]",
)
@click.option("--currency", metavar="CODE", callback=checked(currency), help="Currency of the contract, like EUR.")
@click.option("--payment-terms", metavar="TERMS", callback=checked(terms), help='Like "30 days" or "on receipt".')
@click.option("--since", metavar="DATE", callback=checked(day), help="First day that is billed; older work is history.")
@click.option("--last-number", metavar="NUMBER", help="Last invoice number given before git-bill.")
@click.option("--ticket-pattern", metavar="REGEX", help="What ticket ids look like, like '[A-Z]+-\\d+'.")
@click.option("--ci", type=click.Choice(["github", "gitlab"]), help="Write the jobs that run git-bill on this forge.")
@click.option("--action-ref", metavar="REF", help="With --ci, the commit of git-bill that the jobs run. [this one]")
@common
def command(session: Session, /, *, ci: Kind | None, action_ref: str | None, **given: Any) -> Report:
    """Set up books: who bills, who works, the first client and the first source.

    On a terminal it asks for what no option says; with --yes it takes defaults. Who can read the repository that holds
    the books sees rates, bank data and all invoices, so where others read this one it proposes a private repository
    beside it. Nothing is committed or pushed. A second time it adds what is new and overwrites nothing.

    \b
    git bill init
    git bill init --yes --here --client "Acme GmbH" --rate "95.00 EUR"
    git bill init --yes --books ../books --client "Acme GmbH" --last-number RE-2026-031
    git bill init --ci github
    """
    scene, asked = Scene(session), Asked(**given)
    if session.interactive:
        asked = questions.where(scene, asked)
    top = place(scene, here=asked.here, books=asked.books)
    founder = Actors(found=found_repository, between=session.between)
    if not is_repository(top):
        session.run(found(str(top)), founder)
    books = session.open(top)
    state = books.here()
    there = load.read_file(state, Settings, SETTINGS)
    settings = there.value if there else None
    if session.interactive:
        asked = questions.who(scene, asked, books, settings)
    wanted = wishes(asked, scene, books, settings, scene.today(asked.timezone))
    actors = replace(founder, books=books)
    result = session.run(
        init(
            books,
            state,
            wanted.issuer,
            person=wanted.person,
            client=wanted.client,
            guesses=wanted.guesses,
            source=wanted.source,
            books_at=wanted.books_at,
        ),
        actors,
    )
    branch = None if books.here().revision is None else books.branch
    kind = ci or wants_jobs(session, books)
    if kind is None:
        made = report(result, top, branch, wanted.guesses.today)
    else:
        done = set_up(session, kind, actors=actors, books=books, settings=result.settings, action=action_ref)
        made = with_jobs(result, top, branch, wanted.guesses.today, done)
    said = _worth(result.settings.issuer, wanted.guesses.today)
    return replace(made, problems=(*wanted.warnings, *said, *result.kept, *made.problems))


def _worth(issuer: Issuer, today: date) -> tuple[Problem, ...]:
    """What a document is worth where the issuer is, now and within a year, as far as it is not simply the invoice.

    And that its state must be said, where taxes depend on it.
    """
    table = vat_table()
    found = (
        home_unsaid(table, issuer),
        worth_problem(table, issuer, "B2B", today),
        coming_problem(table, issuer, "B2B", today),
    )
    return tuple(replace(each, severity="warning") for each in found if each is not None and each.severity != "info")


def with_jobs(result: SetUp, top: Path, branch: str | None, today: date, done: SetUpJobs) -> Report:
    """The report, with the jobs' file and what they need of a person."""
    jobs, needed = done.jobs, [command for command, _ in done.needed]
    files = (*result.written, jobs.file) if jobs.written else result.written
    made = report(replace(result, written=files), top, branch, today)
    return replace(
        made,
        data={
            **made.data,
            "written": list(result.written),
            "jobs": {"file": jobs.file, "written": jobs.written, "needed": needed},
        },
        text=made.text if jobs.written else (*made.text, f"  jobs     {jobs.file}"),
        problems=done.problems,
        next=(*(made.next if result.new else ()), *done.needed),
    )


def report(result: SetUp, top: Path, branch: str | None, today: date) -> Report:
    """What was set up, what is left for later and the next three commands. `branch`: where it had to be committed."""
    issuer, source = result.settings.issuer, result.source
    data = {
        "workspace": str(top),
        "new": result.new,
        "written": list(result.written),
        "issuer": {"name": issuer.name, "country": issuer.country, "timezone": issuer.timezone},
        "contributors": [{"id": c.id, "emails": list(c.emails)} for c in result.settings.contributors],
        "client": result.client,
        "source": source and {"name": source.name, "url": source.url, "since": source.since},
    }
    state = "are set up" if result.new else "were changed" if result.written else "were set up before, nothing changed"
    text: list[Line] = [bold(f"The books in {top} {state}.")]
    text.append(f"  issuer   {issuer.name}, {issuer.country}, {issuer.timezone}")
    text += [f"  works    {c.name} ({c.id}): {', '.join(c.emails)}" for c in result.settings.contributors]
    if result.client is not None:
        text.append(f"  client   {result.client}, see {client_file(result.client)}")
    if result.proposal is not None:
        text.append(f"  formats  {result.proposal}")
    if source is not None:
        text.append(f"  source   {source.name} ({source.url}), work from {source.since} on")
    if result.settings.numbering.last is not None:
        text.append(f"  numbers  go on after {result.settings.numbering.last}")
    text += [f"  written  {path}" for path in result.written]
    if later := [words for words, there in _needed(result.settings) if not there]:
        text.append(dim(f"Left to fill in before the first invoice, in {SETTINGS}: {', '.join(later)}."))
    if branch is None:
        text.append(dim("Nothing was committed or pushed."))
    elif result.written:
        text.append(dim(f"It is committed on {branch}, which is not checked out."))
    return Report(data=data, text=tuple(text), next=_next(result, today))


def _needed(settings: Settings) -> tuple[tuple[str, bool], ...]:
    """What an invoice must state of its issuer (EU VAT directive Art. 226) and can be said later."""
    issuer = settings.issuer
    return (
        ("your address", bool(issuer.street and issuer.postcode and issuer.city)),
        ("your VAT id or tax number", bool(issuer.vat_id or issuer.tax_number)),
        ("your bank account", issuer.bank is not None),
    )


def _next(result: SetUp, today: date) -> tuple[tuple[str, str], ...]:
    if result.client is None:
        return (
            ('git bill client add "Acme GmbH" --rate "95.00 EUR"', "whom you bill"),
            ("git bill source add . --client acme", "where the work is done"),
            ("git bill collect", "read commits into work entries"),
        )
    if result.source is None:
        return (
            (f"git bill source add PATH --client {result.client}", "where the work is done"),
            ("git bill collect", "read commits into work entries"),
            ("git bill status", "what is unbilled"),
        )
    since = result.source.since
    period = "this-month" if since and since >= today.replace(day=1) else "last-month"
    return (
        ("git bill collect", "read commits into work entries"),
        ("git bill confirm", "say that they are right"),
        (f"git bill draft --client {result.client} --period {period}", "make the invoice to be reviewed"),
    )
