"""What the forge is told of drafts after a command changed them, and who can tell what people said about them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from git_bill.adapters.tables import vat_table, wording
from git_bill.cli.session import Session
from git_bill.custody.signoff import Signatures
from git_bill.flows.assent import Witnesses
from git_bill.flows.client_review import Showing, client_approvals, show_clients
from git_bill.flows.client_word import reviews
from git_bill.flows.present import Presented, present
from git_bill.problem import Exit, Problem, Stop


def witnesses(session: Session) -> Witnesses:
    """The forge, and the program that makes and verifies signatures."""
    return Witnesses(forge=session.forge, signatures=signatures(session))


def signatures(session: Session) -> Signatures:
    """The program that makes and verifies signatures, with the keys of this machine."""
    from git_bill.adapters.git.place import git_config
    from git_bill.adapters.ssh import SshSignatures

    configured = git_config(session.start, "user.signingkey")
    return SshSignatures(configured, Path.home() / ".ssh")


def presented(session: Session, names: Iterable[str]) -> Mapping[str, Presented]:
    """Pull request, comment and statuses of drafts, brought up to date; none without a forge."""
    wanted = tuple(names)
    for problem in _shown_to_clients(session, wanted):
        session.warn(problem)
    if not wanted or session.forge is None:
        return {}
    found = session.run(present(session.books, vat_table(), witnesses(session), wanted, clock=session.clock))
    return {one.name: one for one in found}


def presented_proposal(session: Session, name: str) -> tuple[Problem, ...]:
    """The status of payments to confirm; nothing without a forge."""
    from git_bill.flows.check_payments import say_of_proposal

    if session.forge is None or session.options.dry_run:
        return ()
    return session.run(say_of_proposal(session.books, session.forge, name))


def _shown_to_clients(session: Session, names: tuple[str, ...]) -> tuple[Problem, ...]:
    """What clients see of drafts that they review themselves, brought up to date."""
    if not any(reviews(engagement.client) for engagement in session.workspace.engagements.values()):
        return ()
    from git_bill.adapters import pdf
    from git_bill.adapters.jinja import Jinja
    from git_bill.adapters.typst import Typst

    need = Showing(
        books=session.books,
        vat=vat_table(),
        wording=wording(),
        typesetter=Typst(pdf.text),
        renderer=Jinja(),
        forge=session.forge,
        clock=session.clock,
    )
    return session.run(show_clients(need, names))


def hear_clients(session: Session, names: Iterable[str] | None = None) -> tuple[str, ...]:
    """Record what clients approved in their own repositories; the names of these drafts."""
    clients = (engagement.client for engagement in session.workspace.engagements.values())
    if session.forge is None or not any(client.review == "repository" for client in clients):
        return ()
    anybody = replace(session.actors, roles=None)  # it is the client's word, whoever runs this
    heard = client_approvals(
        session.books, session.forge, session.clock, vat=vat_table(), wording=wording(), names=names
    )
    try:
        return session.run(heard, actors=anybody)
    except Stop as stopped:  # what is missing keeps these drafts back, and no others
        if stopped.exit_code != Exit.FORGE:
            raise
        for problem in stopped.problems:
            session.warn(replace(problem, severity="warning"))
        return ()
