"""`git bill issue`: number, freeze and deliver what was merged."""

import os
from dataclasses import replace

import click

from git_bill.adapters.tables import vat_table, wording
from git_bill.cli.ask import confirm
from git_bill.cli.delivered import delivery_data, delivery_problem, delivery_text
from git_bill.cli.electronics import electronics
from git_bill.cli.exchange import published
from git_bill.cli.mailing import mailer
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold, dim, money
from git_bill.cli.presented import hear_clients, presented, witnesses
from git_bill.cli.rails import Rails, open_rails
from git_bill.cli.session import Session
from git_bill.cli.sums import sums_data
from git_bill.custody.exposure import exposed, paying_secrets
from git_bill.flows.approved import RefusedDraft
from git_bill.flows.gate import PERSONS_WORD
from git_bill.flows.issue import Document, Issued, Issuing, issue
from git_bill.flows.merge import merge
from git_bill.flows.pay_links import close_links
from git_bill.flows.record import unrecorded
from git_bill.flows.void import void
from git_bill.invoice.related import asked
from git_bill.post import Mailer
from git_bill.problem import Exit, Problem, Stop, errors, stop


@click.command("issue")
@click.argument("draft", required=False)
@click.option("--void", "number", metavar="NUMBER", help="Give up a number that was claimed and never issued.")
@click.option("--because", default="", help="The reason, with --void.")
@common
def command(session: Session, draft: str | None, number: str | None, because: str) -> Report:
    """Issue every draft that is merged into the books branch; or DRAFT, which is merged first where it is not.

    Each gets the next number of the series, its PDF and its timesheet, in one commit that is pushed atomically. Run it
    as often as you like: what is issued stays as it is, and what a killed run left is finished with its number.

    With [stripe] or [paypal] in the settings an invoice has a link by which it can be paid once; a link that asks for
    what is not open any more is closed.

    \b
    git bill issue                      issue all that is merged
    git bill issue acme-2026-10         approve, merge and issue this one
    git bill issue --void INV-2026-0034 --because "the client withdrew"
    """
    session.unlock()
    if number is not None:
        session.run(void(session.books, session.clock, number, because=because, by=session.person))
        return Report(data={"voided": number}, text=(f"{number} is void: {because}",))
    if draft is not None and draft.startswith("bill/"):
        draft = draft.removeprefix("bill/")
    for problem in unrecorded(session.books):
        session.warn(problem)
    _refuse_exposed_secrets(session)
    if draft is not None and not _on_a_forge():
        _ask_about_first_number(session)
        refused = session.run(
            merge(
                session.books,
                session.clock,
                vat_table(),
                draft,
                by=session.person,
                witnesses=witnesses(session),
                wording=wording(),
                electronics=electronics(session),
            )
        )
        if refused is not None:
            return report(Issued(refused=(refused,)))
    hear_clients(session)
    carrier = mailer(session)
    rails = open_rails(session)
    actors = replace(session.actors, mailer=carrier, rail=rails)
    result = session.run(issue(_issuing(session, carrier, rails), draft), actors)
    for problem in session.run(close_links(session.books, session.clock, by=session.person), actors).problems:
        session.warn(problem)
    names = [*(each.name for each in result.issued if not each.already), *(each.name for each in result.refused)]
    shown = presented(session, names)
    untold = tuple(problem for each in shown.values() for problem in each.problems)
    return report(result, untold)


def report(result: Issued, untold: tuple[Problem, ...] = ()) -> Report:
    """The result for people and scripts. `untold`: what could not be said on the forge.

    Exit 7 where nothing but a person's word is missing, 5 where the forge could not be asked for it, 6 where a mail
    failed.
    """
    first = _document(result.issued[0]) if result.issued else {}
    found = (*(each.problems for each in result.refused), *(each.problems for each in result.issued))
    problems = tuple(problem for some in found for problem in some if problem.severity != "info")
    unsent = tuple(problem for each in result.delivered if (problem := delivery_problem(each)) is not None)
    rules = {p.rule for p in errors(problems)}
    code = Exit.SIGN_OFF_MISSING if rules and rules <= PERSONS_WORD else None
    if not result.issued and any(each.unasked for each in result.refused):
        code = Exit.FORGE
    if rules == {"sealed-here"}:
        code = Exit.SETTINGS
    if rules == {"no-payment-link"}:
        code = Exit.PAYMENT_OR_MAIL
    if not errors(problems) and any(delivery.state in {"failed", "refused"} for delivery in result.delivered):
        code = Exit.PAYMENT_OR_MAIL
    return Report(
        data={
            **first,
            "issued": [_document(document) for document in result.issued],
            "refused": [_refused(refused) for refused in result.refused],
            "delivered": [delivery_data(each) for each in result.delivered],
        },
        text=_text(result),
        problems=(*problems, *unsent, *untold),
        exit_code=code,
    )


def _issuing(session: Session, carrier: Mailer, rails: Rails) -> Issuing:
    from git_bill.adapters import pdf
    from git_bill.adapters.jinja import Jinja
    from git_bill.adapters.typst import Typst

    return Issuing(
        books=session.books,
        clock=session.clock,
        typesetter=Typst(pdf.text),
        mailer=carrier,
        renderer=Jinja(),
        vat=vat_table(),
        quotes=published(),
        wording=wording(),
        by=session.person,
        made_with=session.made_with,
        rail=rails.ready,
        witnesses=witnesses(session),
        electronics=electronics(session),
    )


def _refuse_exposed_secrets(session: Session) -> None:
    """Secrets that pay or mail are not for a repository that a client can write. Stops (exit 1), else warns."""
    secrets = paying_secrets(os.environ)
    if not secrets or session.forge is None:
        return
    engagements = session.workspace.engagements.items()
    clients = {account: client for client, each in engagements for account in each.client.accounts}
    found = exposed(secrets, session.forge.standing(session.books.branch).writers, clients)
    if found is not None and found.severity == "error":
        raise Stop(Exit.PROBLEMS, [found])
    if found is not None:
        session.warn(found)


def _on_a_forge() -> bool:
    """In a forge's own CI the merge there is the approval; this command must not make one."""
    return bool(os.environ.get("GITHUB_ACTIONS") or os.environ.get("GITLAB_CI"))


def _ask_about_first_number(session: Session) -> None:
    if session.interactive and not session.state.paths("billing/invoices"):
        numbering = session.workspace.settings.numbering
        after = f"after {numbering.last}" if numbering.last else "the first of your books"
        if not confirm(f"This takes a number for good ({after}). Issue it?", default=True):
            raise stop(Exit.DONE, "not-issued", "nothing was issued", "look at it first: git bill show DRAFT")


def _document(document: Document) -> dict[str, object]:
    invoice = document.invoice
    named = {path.rsplit("/", 1)[-1]: path for path in document.files}
    return {
        "number": invoice.number,
        "draft": document.name,
        "directory": document.folder,
        "files": {
            "toml": named.get("invoice.toml"),
            "pdf": named.get("invoice.pdf"),
            "csv": named.get("timesheet.csv"),
            "xml": [path for name, path in named.items() if name.endswith(".xml")],
        },
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        **sums_data(invoice.totals),
        "already": document.already,
    }


def _refused(refused: RefusedDraft) -> dict[str, object]:
    return {"draft": refused.name, "id": refused.draft, "problems": [p.as_dict() for p in refused.problems]}


def _text(result: Issued) -> list[Line]:
    lines: list[Line] = []
    for document in result.issued:
        invoice = document.invoice
        verb = "was issued before" if document.already else "issued"
        lines.append(
            (
                bold(f"{invoice.number} {verb}"),
                f"  {invoice.client.name}, {money(invoice.totals.to_transfer)}, {asked(invoice)}",
            )
        )
        lines.extend((dim("  "), path) for path in document.files)
    for refused in result.refused:
        place = f"on {refused.branch}, not merged," if refused.branch else "in billing/drafts/"
        lines.append((bold(f"{refused.name} not issued"), f"  it stays {place} until this is mended:"))
    if not lines:
        lines.append("Nothing to issue: no draft is merged into the books branch.")
    lines.extend(delivery_text(delivery) for delivery in result.delivered if delivery.state == "sent")
    return lines
