"""How a document left the house, for people and scripts."""

from typing import Any

from git_bill.cli.output import Line, bold
from git_bill.custody.dispatch import Dispatch
from git_bill.flows.dispatched import Delivery
from git_bill.problem import Problem


def delivery_text(delivery: Delivery) -> Line:
    """What left; a mail that lies in a folder is still to be sent."""
    where = f", {delivery.ref}" if delivery.ref and not delivery.ref.endswith("@git-bill") else ""
    return (bold(f"{delivery.number} sent"), f"  to {delivery.recipient}{where}")


def delivery_data(delivery: Delivery) -> dict[str, Any]:
    """For scripts."""
    return {
        "number": delivery.number,
        "to": delivery.recipient,
        "state": delivery.state,
        "file": delivery.ref,
        "refused_copies": list(delivery.without),
    }


def delivery_problem(delivery: Delivery) -> Problem | None:
    """That something did not leave, or perhaps did, with what to do."""
    number, to = delivery.number, delivery.recipient
    if delivery.state == "sent":
        return None
    if delivery.state == "perhaps-sent":
        message = f"{number} perhaps went to {to}: {delivery.reason}"
        hint = f"ask the client; then git bill sent {number} --via mail, or git bill send {number} --again"
    elif delivery.state == "refused":
        message = f"{number} was not sent to {to}: {delivery.reason}"
        hint = delivery.remedy or f"name another address: git bill send {number} --to ap@acme.example"
    else:
        message = f"{number} was not sent to {to}: {delivery.reason}"
        hint = delivery.remedy or "the next git bill issue tries again"
    return Problem(rule=f"mail-{delivery.state}", severity="warning", message=message, hint=hint)


def dispatch_text(dispatch: Dispatch | None) -> str:
    """`mailed 2026-11-02`, `by portal 2026-11-02, 4711`, `came back: …`; what is wrong comes first."""
    newest = dispatch.newest if dispatch else None
    if dispatch is None or newest is None:
        return "not sent"
    way = "mailed" if newest.via == "mail" else f"by {newest.via}"
    arrived = dispatch.delivered
    match newest.state:
        case "done":
            return f"{way} {newest.on}{f', {newest.ref}' if newest.ref else ''}"
        case "open":
            return f"perhaps {way} {newest.on}"
        case "deferred":
            return f"put off by the other side ({newest.because})" if newest.because else "put off by the other side"
        case "refused":
            told = f"refused ({newest.because})" if newest.because else "refused"
        case _:
            told = f"came back: {newest.because}"
    return f"{told}; {'mailed' if arrived.via == 'mail' else f'by {arrived.via}'} {arrived.on}" if arrived else told


def dispatch_data(dispatch: Dispatch | None) -> list[dict[str, Any]]:
    """Each attempt, for scripts."""
    return [
        {
            "copy": each.copy,
            "via": each.via,
            "state": each.state,
            "on": each.on,
            "because": each.because,
            "ref": each.ref,
        }
        for each in (dispatch.attempts if dispatch else ())
    ]
