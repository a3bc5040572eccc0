"""`git bill check`: check the books and the drafts."""

from collections import Counter

import click

from git_bill.cli.options import common
from git_bill.cli.output import Report, Span
from git_bill.cli.session import Session
from git_bill.flows.check import CHECKS, check
from git_bill.problem import Exit, errors


@click.command("check")
@click.argument("draft", required=False)
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.option("--list", "listed", is_flag=True, help="Name the checks.")
@common
def command(session: Session, draft: str | None, strict: bool, listed: bool) -> Report:
    """Check everything: settings, records, drafts, numbers, frozen files and the ledger. Nothing is changed.

    With DRAFT: what would keep this draft from being issued, and what is unusual about it. Exit 1 where something is
    wrong; warnings and notes don't fail.
    """
    if listed:
        return Report(data={"checks": CHECKS}, text=[f"{name:9} {what}" for name, what in CHECKS.items()])
    from git_bill.adapters.tables import vat_table, wording

    problems = check(session.books, vat_table(), wording(), draft.removeprefix("bill/") if draft else None)
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
