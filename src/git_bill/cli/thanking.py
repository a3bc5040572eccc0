"""Thanks for payments, for `reconcile` and `paid`: the mails go out, and what became of them is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from git_bill.cli.output import Line, Report, bold
from git_bill.cli.session import Session
from git_bill.problem import Exit, Problem

if TYPE_CHECKING:
    from git_bill.flows.dispatched import Delivery

THANK_HELP = "Mail a receipt with thanks for what is paid in full now. Default: [mail] thank."


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanked:
    """`mails`: what became of each. `not_these`: number → why nobody is thanked for it."""

    mails: "tuple[Delivery, ...]" = ()
    not_these: Mapping[str, str] = field(default_factory=dict)


def wants_thanks(session: Session, said: bool | None) -> bool:
    """As said now, else as the settings say."""
    return session.workspace.settings.mail.thank if said is None else said


def thank_now(session: Session, not_these: Mapping[str, str]) -> Thanked:
    """Mail what is wanted and did not go yet, that of an earlier run too."""
    from git_bill.cli.mailing import mailer
    from git_bill.cli.rendering import render_tools
    from git_bill.flows.outbox import Office
    from git_bill.flows.parcel import Stationery
    from git_bill.flows.thanks import thank

    session.unlock()
    tools = render_tools(session)
    carrier = mailer(session)
    office = Office(books=session.books, clock=session.clock, carrier=carrier, by=session.person)
    stationery = Stationery(renderer=tools.renderer, wording=tools.wording)
    mails = session.run(thank(office, stationery, tools), replace(session.actors, mailer=carrier))
    return Thanked(mails=mails, not_these=not_these)


def with_thanks(report: Report, found: Thanked) -> Report:
    """A report with what became of the thanks: exit 6 where one did not leave."""
    from git_bill.cli.delivered import delivery_data

    sent = [each for each in found.mails if each.state == "sent"]
    lines: list[Line] = [(bold(f"Thanks for {each.number}"), f"  mailed to {each.recipient}") for each in sent]
    lines += [f"No thanks are mailed: {why}." for why in found.not_these.values()]
    data = {
        "thanked": [delivery_data(each) for each in found.mails],
        "unthanked": [{"invoice": number, "because": why} for number, why in found.not_these.items()],
    }
    wrong = tuple(_problem(each) for each in found.mails if each.state != "sent")
    return replace(
        report,
        data={**report.data, **data},
        text=(*report.text, *([""] if lines else []), *lines),
        problems=(*report.problems, *wrong),
        exit_code=Exit.PAYMENT_OR_MAIL if wrong and report.exit_code is None else report.exit_code,
    )


def _problem(mail: "Delivery") -> Problem:
    """That thanks did not leave, or perhaps did. What was booked is booked."""
    if mail.state == "perhaps-sent":
        message = f"the thanks for {mail.number} perhaps went to {mail.recipient}: {mail.reason}"
        hint = "they are not sent twice; the receipt again: git bill render " + f"{mail.number} --as receipt"
    else:
        message = f"the thanks for {mail.number} did not go to {mail.recipient}: {mail.reason}"
        again = "the next git bill reconcile --thank tries again"
        hint = mail.remedy or (f"git bill render {mail.number} --as receipt" if mail.state == "refused" else again)
    return Problem(rule=f"thanks-{mail.state}", severity="warning", message=message, hint=hint)
