"""`git bill check`: check the books and the drafts."""

from collections import Counter
from pathlib import Path

import click

from git_bill.adapters.regular_file import MEGABYTE, content
from git_bill.cli.electronics import electronics
from git_bill.cli.options import common
from git_bill.cli.output import Report, Span
from git_bill.cli.presented import witnesses
from git_bill.cli.session import Session
from git_bill.flows.assent import NOBODY
from git_bill.flows.check import CHECKS, check
from git_bill.layout import PROPOSED
from git_bill.problem import Exit, Problem, Stop, errors, stop
from git_bill.worklog.message import check_message


@click.command("check")
@click.argument("draft", required=False)
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.option("--list", "listed", is_flag=True, help="Name the checks.")
@click.option(
    "--message",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Look at a commit message's trailers instead; for hooks.",
)
@common
def command(session: Session, draft: str | None, strict: bool, listed: bool, message: Path | None) -> Report:
    """Check everything: settings, records, drafts, sign-offs, numbers, frozen files, the ledger. Nothing is changed.

    With DRAFT: what would keep this draft from being issued, and what is unusual about it. With the branch of payments
    to confirm, pay/…: whether a merge could record what its file says. Exit 1 where something is wrong; warnings and
    notes don't fail.

    With --message: what git-bill would not read in a message that is about to be committed. Needs no books.
    """
    if message is not None:
        return _of_message(session, message, strict=strict)
    if listed:
        return Report(data={"checks": CHECKS}, text=[f"{name:9} {what}" for name, what in CHECKS.items()])
    if draft is not None and draft.startswith(PROPOSED):
        from git_bill.flows.check_payments import proposal_problems

        return report(tuple(proposal_problems(session.books, draft.removeprefix(PROPOSED))), strict=strict)
    from git_bill.adapters.tables import vat_table, wording
    from git_bill.cli.exchange import published

    name = draft.removeprefix("bill/") if draft else None
    try:
        heard = witnesses(session)
    except Stop:  # settings that can't be read are among what is found
        heard = NOBODY
    today, vault = session.clock.today("UTC"), session.vault
    problems = check(
        session.books,
        vat_table(),
        wording(),
        name,
        today=today,
        vault=vault,
        witnesses=heard,
        quotes=published(),
        electronics=electronics(session),
    )
    return report(problems, strict=strict)


def report(problems: tuple[Problem, ...], *, strict: bool) -> Report:
    """How many of each severity; exit 1 at an error, with `strict` at a warning, too."""
    counts = Counter(problem.severity for problem in problems)
    failed = bool(errors(problems)) or (strict and counts["warning"] > 0)
    said = [f"{counts[s]} {s}{'s' if counts[s] > 1 else ''}" for s in ("error", "warning") if counts[s]]
    notes = f", {counts['info']} notes" if counts["info"] > 1 else ", 1 note" if counts["info"] else ""
    verdict = (
        Span(" and ".join(said) + notes, "red" if failed else "yellow")
        if said
        else Span(f"All is well{notes}", "green")
    )
    return Report(
        data={"counts": dict(counts)},
        text=((verdict, "."),),
        problems=problems,
        exit_code=int(Exit.PROBLEMS) if failed else int(Exit.DONE),
    )


def _of_message(session: Session, file: Path, *, strict: bool) -> Report:
    """Silent where nothing is wrong: it runs at every commit."""
    from git_bill.adapters.git.clone import repository_top
    from git_bill.adapters.git.place import git_config
    from git_bill.cli.tickets import USUAL, ticket_pattern

    clone = repository_top(session.start)
    mark = git_config(session.start, "core.commentChar") or "#"
    try:
        pattern = ticket_pattern(session, clone) if clone else USUAL
    except Stop:  # books that can't be read are told of by other commands
        pattern = USUAL
    try:
        text = content(file, MEGABYTE).decode("utf-8", "replace")
    except OSError as error:
        hint = "name the file of a message: git bill check --message .git/COMMIT_EDITMSG"
        raise stop(Exit.USAGE, "no-message", f"{file} can't be read: {error.strerror}", hint) from None
    problems = check_message(text, pattern, comment="#" if mark == "auto" else mark, file=str(file))
    return Report(
        data={"file": str(file), "ticket_pattern": pattern},
        problems=problems,
        exit_code=int(Exit.PROBLEMS if problems and strict else Exit.DONE),
    )
