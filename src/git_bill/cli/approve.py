"""`git bill approve`: sign off a draft."""

import click

from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.session import Session
from git_bill.flows.approve import approve


@click.command("approve")
@click.argument("draft")
@click.option("--note", help="A sentence that is kept with the sign-off.")
@common
def command(session: Session, draft: str, note: str | None) -> Report:
    """Sign off DRAFT as it stands now.

    A sign-off is for a content: when the draft changes it needs a new one. It is recorded on the books branch. Merging
    a draft is the sign-off of whoever merges; you need this command where a guardrail asks for more than that.
    """
    result = session.run(approve(session.books, session.clock, draft, by=session.person, note=note))
    done = "had been signed off before" if result.already else "is signed off"
    return Report(
        data={
            "draft": result.name,
            "id": result.draft,
            "blob": result.blob,
            "by": result.by,
            "already": result.already,
        },
        text=(f"{result.name} {done} by {result.by}, content {result.blob[:12]}.",),
        next=((f"git bill issue {result.name}", "merge it, if it is not merged, and issue it"),),
    )
