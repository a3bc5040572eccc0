"""`git bill whoami`: who the caller is to these books, and what that allows."""

import click

from git_bill.cli.options import common
from git_bill.cli.output import Line, Report
from git_bill.cli.session import Session

MAY = {
    "owner": "everything, issuing and voiding included",
    "approver": "record work, sign off drafts",
    "contributor": "record work, make drafts",
    "accountant": "record payments, issue and send",
    "auditor": "look at everything, change nothing",
}


@click.command("whoami")
@common
def command(session: Session) -> Report:
    """Show who you are to these books, by the e-mail that git knows, and what your roles allow.

    Roles decide what git-bill does for you. Who can write the repository can also change its files by hand.
    """
    listed = session.workspace.settings.contributors
    caller = session.caller
    roles = list(session.actors.roles or ())
    data = {
        "workspace": str(session.books.top),
        "email": session.email,
        "contributor": caller.id if caller else None,
        "roles": roles if listed else None,
    }
    text: list[Line] = [f"books: {session.books.top}"]
    if caller is not None:
        text.append(f"you are {caller.name} ({caller.id}), {session.email}")
        text += [f"  {role}: {MAY[role]}" for role in caller.roles]
    elif roles:
        text.append(f"nobody else is listed, so you act with the roles of {listed[0].name}: {', '.join(roles)}")
    elif not listed:
        text.append("nobody is listed in billing/billing.toml yet, so everything is allowed")
    return Report(data=data, text=tuple(text))
