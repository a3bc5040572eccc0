"""Payment links of what is not open any more, closed after money was recorded."""

from dataclasses import replace

from git_bill.cli.session import Session


def close_pay_links(session: Session) -> None:
    """Close the payment links of what is not open any more; a link that can't be closed is a warning."""
    if not session.workspace.settings.has_rail or session.options.dry_run:
        return
    from git_bill.cli.rails import open_rails
    from git_bill.flows.pay_links import close_links

    actors = replace(session.actors, rail=open_rails(session))
    for problem in session.run(close_links(session.books, session.clock, by=session.person), actors).problems:
        session.warn(problem)
