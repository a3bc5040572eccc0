"""`git bill doctor`: look for what would get in the way."""

import click

from git_bill.cli import checklist
from git_bill.cli.jobs import out_of_reach
from git_bill.cli.mailing import mailer
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, Span
from git_bill.cli.session import Session
from git_bill.flows.checklist import Check, problems_of
from git_bill.flows.doctor import Around, Machine, books_checks, machine_checks, mail_check, settings_check
from git_bill.flows.standing import standing_checks
from git_bill.problem import Problem, errors
from git_bill.workspace import Workspace


@click.command("doctor")
@click.option("--ci", is_flag=True, help="Ask the forge too: what the token may do, rules, settings, who can write.")
@common
def command(session: Session, ci: bool) -> Report:
    """Look for what would get in the way: programs, settings, clones, the clock, the books remote, roles.

    Each finding comes with its remedy. The books remote is asked for its branch, and the mail server whether it lets
    you in; nothing is fetched, sent or changed. With
    --ci the forge is asked what its rules and settings let a job do: run it before the first draft, here with your own
    token, or in a job with the job's. What a token is not shown is said and is no finding.
    """
    machine = _machine(session)
    checks = [*machine_checks(machine), *_books(session, machine, ci=ci)]
    problems = problems_of(checks)
    verdict: Line = Span("Nothing is in the way.", "green")
    if problems:
        verdict = Span("This needs a look:", "red" if errors(problems) else "yellow")
    return Report(
        data={"workspace": session.found and str(session.found), "checks": checklist.data(checks)},
        text=(*checklist.lines(checks), "", verdict),
        problems=problems,
    )


def _books(session: Session, machine: Machine, *, ci: bool) -> list[Check]:
    if session.found is None:
        return [Check(what="books", skipped=f"{session.start} belongs to none; make some: git bill init")]
    workspace, settings = settings_check(session.state)
    if workspace is None:
        return [settings]
    found = [settings, *books_checks(session.books, workspace, machine, _around(session, workspace))]
    found.append(mail_check(mailer(session), workspace.settings))
    if ci:
        unreachable = out_of_reach(workspace.settings.sources)
        found.append(Check(what="a job can read every source", problems=(unreachable,) if unreachable else ()))
        found += standing_checks(session.forge or session.forge_missing, session.books.branch, workspace.settings)
    return found


def _machine(session: Session) -> Machine:
    from git_bill.adapters import typst
    from git_bill.adapters.git.health import git_version

    return Machine(
        now=session.clock.now(),
        git=git_version(),
        typst=typst.version(),
        fonts=len(typst.packaged_fonts()),
        email=session.email,
    )


def _around(session: Session, workspace: Workspace) -> Around:
    from git_bill.adapters.git.health import health, remote_tip
    from git_bill.cli.clones import clones
    from git_bill.cli.forges import git_transport

    books = session.books
    found = {
        name: clone if isinstance(clone, Problem) else health(clone.path) or _no_repository(name, str(clone.path))
        for name, clone in clones(books, workspace.settings.sources).items()
    }
    there = remote_tip(books.top, books.remote, books.branch, git_transport()) if books.remote else None
    return Around(books=health(books.top), clones=found, remote_tip=there)


def _no_repository(name: str, path: str) -> Problem:
    return Problem(
        rule="source-out-of-reach",
        severity="warning",
        message=f"{path} is no git repository, but the clone of {name} should be there",
        hint=f"say where it is: git bill source add PATH-OF-THE-CLONE --id {name}",
    )
