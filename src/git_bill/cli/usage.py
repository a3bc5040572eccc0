"""`git bill usage`: what clients used of what is metered."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from git_bill.cli.entries import known_client
from git_bill.cli.options import common, group
from git_bill.cli.output import Report, bold, table
from git_bill.cli.session import Session
from git_bill.contract.usage import FORM, quantity
from git_bill.contract.usage_file import daily, rows
from git_bill.flows import load
from git_bill.flows.usage import Said, add_usage, import_usage
from git_bill.period import month
from git_bill.problem import Exit, Stop, stop

_LARGEST = 64  # megabytes of a file


@group("usage", alone="list")
def command() -> None:
    """Import or list what clients used of the meters in their contracts.

    One reading by hand: git bill add --usage requests=12500 -c acme
    """


@command.command("list")
@click.option("-c", "--client", metavar="NAME", help="Only of this client.")
@common
def list_usage(session: Session, /, client: str | None = None) -> Report:
    """List what was used, by client, month and meter."""
    only = None if client is None else known_client(session, client)
    sums: dict[tuple[str, str, str], Decimal] = {}
    for whose, readings in load.readings(session.state).items():
        for reading in readings.values():
            key = whose, str(month(reading.day)), reading.meter
            if only in {None, whose}:
                sums[key] = sums.get(key, Decimal(0)) + reading.quantity
    found = sorted(sums.items())
    cells = [(whose, when, meter, f"{used.normalize():f}") for (whose, when, meter), used in found]
    return Report(
        data={
            "usage": [
                {"client": whose, "month": when, "meter": meter, "quantity": f"{used.normalize():f}"}
                for (whose, when, meter), used in found
            ]
        },
        text=table(cells, head=("client", "month", "meter", "used"), align="lllr") or ["Nothing was used yet."],
    )


@command.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("-c", "--client", metavar="NAME", help="Who used it. [the only one]")
@click.option("--source", metavar="NAME", default="", help="Which program it is from, where there are several.")
@common
def import_file(session: Session, /, file: Path, client: str | None, source: str) -> Report:
    """Record what FILE says: a table with the columns day, meter and quantity, or JSON with these keys, one a line.

    What it says of a day is all of that day: the same file again adds nothing, a newer one corrects. Files of several
    programs that meter the same are told apart by --source.

    \b
    git bill usage import october.csv -c acme
    git bill usage import host-a.jsonl -c acme --source host-a
    """
    from git_bill.adapters.regular_file import MEGABYTE, content

    whom = client_of(session, client)
    try:
        text = content(session.start / file.expanduser(), _LARGEST * MEGABYTE).decode("utf-8")
    except OSError as error:
        hint = "name it: git bill usage import october.csv -c acme"
        raise stop(Exit.USAGE, "no-such-file", f"{file} can't be read: {error.strerror}", hint) from None
    except UnicodeDecodeError as error:
        raise stop(
            Exit.PROBLEMS, "not-utf-8", f"{file} is not UTF-8: {error.reason}", "save it as UTF-8, or with CSV UTF-8"
        ) from None
    found, problems = rows(text, str(file))
    if problems:
        raise Stop(Exit.PROBLEMS, problems)
    said = session.run(import_usage(session.books, session.clock, whom, daily(found), name=source))
    return report(said, whom, len(found))


def added_usage(session: Session, client: str, day: date, used: tuple[str, ...], *, by: str) -> Report:
    """`git bill add --usage requests=12500`."""
    told: dict[str, Decimal] = {}
    for each in used:
        meter, _, much = each.partition("=")
        try:
            told[meter.strip()] = told.get(meter.strip(), Decimal(0)) + _number(much)
        except ValueError as error:
            raise stop(Exit.USAGE, "usage", str(error), "git bill add --usage requests=12500 -c acme") from None
    said = session.run(add_usage(session.books, session.clock, client, day, told, by=by))
    return report(said, client, len(told))


def report(said: Said, client: str, lines: int) -> Report:
    """What was recorded."""
    count = len(said.readings)
    head = f"{count} {'reading' if count == 1 else 'readings'} for {client}" if count else "Nothing is new"
    facts = [f"{lines} {'line' if lines == 1 else 'lines'} read"]
    if said.known:
        facts.append(f"{said.known} {'day was' if said.known == 1 else 'days were'} there already")
    if said.changed:
        facts.append(f"{said.changed} corrected")
    return Report(
        data={
            "client": client,
            "readings": [
                {"id": key, "meter": r.meter, "day": r.day, "quantity": f"{r.quantity.normalize():f}"}
                for key, r in said.readings.items()
            ],
            "known": said.known,
            "corrected": said.changed,
            "already": not count,
            "files": list(said.files),
        },
        text=(bold(head), f"  {', '.join(facts)}."),
        problems=said.problems,
    )


def client_of(session: Session, asked: str | None) -> str:
    """The client that is named, or the only one. Stops (exit 2) where there are several."""
    clients = sorted(session.workspace.engagements)
    if asked is not None and known_client(session, asked) in clients:
        return asked
    if asked is None and len(clients) == 1:
        return clients[0]
    hint = f"say who: -c {clients[0]}" if clients else 'git bill client add "Acme GmbH"'
    raise stop(Exit.USAGE, "which-client", "who used it?", hint)


def _number(text: str) -> Decimal:
    found = quantity(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a quantity: {FORM}")
    return found
