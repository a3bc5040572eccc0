"""`git bill send`: hand an issued document over, by mail or to a network."""

from dataclasses import replace
from pathlib import Path

import click

from git_bill.adapters.tables import wording
from git_bill.cli.delivered import delivery_data, delivery_problem, delivery_text
from git_bill.cli.destination import put
from git_bill.cli.mailing import mailer, network
from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.effects import Deliver, Refused
from git_bill.flows.apply import Actors
from git_bill.flows.dispatched import Delivery
from git_bill.flows.outbox import Office
from git_bill.flows.parcel import Parcel, Stationery
from git_bill.flows.send import Going, letter, newer_address, send, submission, written
from git_bill.post import Carrier
from git_bill.problem import Exit, Problem, stop


@click.command("send")
@click.argument("number")
@click.option("--to", "address", metavar="ADDRESS", help="Mail it there instead of to the client's address.")
@click.option("--again", is_flag=True, help="Send one more copy, which says that it is one.")
@click.option(
    "--eml", "file", metavar="FILE", help="Write the mail to FILE for your own mail program; nothing is sent."
)
@click.option("--via", metavar="NETWORK", help="peppol, nemhandel, pdp or chorus-pro, instead of mail.")
@click.option("--drop", type=click.Path(path_type=Path), metavar="DIR", help="With --via: put the file there.")
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session,
    number: str,
    address: str | None,
    again: bool,
    file: str | None,
    via: str | None,
    drop: Path | None,
) -> Report:
    """Send an issued document: the files that its client wants, with what was attached to it.

    The mail goes over the server in [mail] of billing.toml; without one it becomes a file in the outbox, to be sent by
    your own program. Each step stands in the ledger, so nothing leaves twice by itself: what was put off is tried again
    by the next git bill issue, and where a run ended before it could tell, you are asked. Drafts, void numbers and
    changed files are never sent.

    To a network the file goes by a folder (--drop) that your access point's program watches, or by a program that this
    machine's git configuration names; its exit code 0 says that it took the file, 75 that it could not just now.

    \b
    git bill send INV-2026-0032
    git bill send INV-2026-0032 --to accounting@acme.example
    git bill send INV-2026-0032 --eml invoice.eml
    git bill send INV-2026-0032 --via peppol --drop ~/peppol/out
    git config bill.network.peppol 'as4-send {file}'
    """
    _refuse_both(address, file, via, drop)
    session.unlock()
    session.books.fetch()
    if via is not None:
        return _to_network(session, number, via, drop, again=again)
    from git_bill.adapters.jinja import Jinja

    stationery = Stationery(renderer=Jinja(), wording=wording())
    mail, found = letter(session.books, number, stationery, address=address)
    if changed := newer_address(session.books, mail):
        session.warn(changed)
    if file is not None:
        return _written(session, mail.invoice.number, file, written(mail, found, session.clock))
    carrier = mailer(session)
    return _handed_over(session, carrier, mail, found, replace(session.actors, mailer=carrier), again=again)


def _to_network(session: Session, number: str, via: str, drop: Path | None, *, again: bool) -> Report:
    parcel, found = submission(session.books, number, via)
    carrier = network(session, via, drop)
    return _handed_over(session, carrier, parcel, found, replace(session.actors, network=carrier), again=again)


def _handed_over(
    session: Session, carrier: Carrier, parcel: Parcel, found: Going, actors: Actors, *, again: bool
) -> Report:
    books, clock = session.books, session.clock
    office = Office(books=books, clock=clock, carrier=carrier, by=session.person)
    return report(session.run(send(books, clock, office, parcel, found, again=again), actors))


def report(delivery: Delivery) -> Report:
    """What became of it: exit 6 where it did not leave."""
    problem = delivery_problem(delivery)
    problems: tuple[Problem, ...] = (replace(problem, severity="error"),) if problem else ()
    copies = [Problem(rule="copy-refused", severity="warning", message=each) for each in delivery.without]
    return Report(
        data=delivery_data(delivery),
        text=(delivery_text(delivery),) if delivery.state == "sent" else (),
        problems=(*problems, *copies),
        exit_code=Exit.PAYMENT_OR_MAIL if problem else None,
    )


def _written(session: Session, number: str, file: str, mail: Deliver) -> Report:
    from git_bill.adapters.mail_message import as_bytes

    content = as_bytes(mail, unsent=True)
    if isinstance(content, Refused):
        raise stop(Exit.PAYMENT_OR_MAIL, "mail-refused", content.reason, content.remedy)
    path = put(session, file, content)
    return Report(
        data={"number": number, "state": "written", "file": str(path)},
        text=(f"{path}: the mail with {number}. Nothing is sent or recorded.",),
        next=((f"git bill sent {number} --via mail", "when your mail program has sent it"),),
    )


def _refuse_both(address: str | None, file: str | None, via: str | None, drop: Path | None) -> None:
    if via is not None and (address or file):
        raise stop(Exit.USAGE, "usage", "--to and --eml are for mail, --via is for networks", "leave one of them out")
    if drop is not None and via is None:
        raise stop(Exit.USAGE, "usage", "--drop says where a network's files go", "name it: --via peppol --drop DIR")
    if via in {"portal", "post", "mail"}:
        hint = f"say that you did: git bill sent NUMBER --via {via}"
        raise stop(Exit.USAGE, "usage", f"{via} is something that you do", hint)
