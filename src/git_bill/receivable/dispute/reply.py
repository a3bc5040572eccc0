"""What to answer to an objection: short wordings in three tones and the client's language, which own words go before.

They recognise nothing and threaten with nothing; an offer says that it obliges to nothing.
"""

from typing import Literal, get_args

from git_bill.invoice.document.locale import date_text, money_text
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.issued import Invoice
from git_bill.money import Money
from git_bill.receivable.dispute.record import Dispute

Tone = Literal["firm", "neutral", "conciliatory"]
TEMPLATES = ("received", "details", "evidence", "undisputed", "offer", "credit")
TONES: tuple[Tone, ...] = get_args(Tone)
OWN_OFFER = "offer-own"  # stands for a wording where a person offers in words of its own
OFFERS = ("offer-",)  # how the names of wordings begin that are left out of what a third party sees


def reply_text(
    dispute: Dispute,
    invoice: Invoice,
    wording: Wording,
    *,
    template: str,
    tone: Tone,
    undisputed: Money,
    offer: Money | None = None,
    language: str | None = None,
) -> str:
    """The answer, from its greeting to the name below it. `offer`: what is given up, else all that is disputed."""
    used = language or invoice.client.language
    told = {
        "number": printable(invoice.number),
        "objected": date_text(dispute.on, used),
        "amount": money_text(dispute.amount, used),
        "undisputed": money_text(undisputed, used),
        "due": date_text(invoice.due_date, used),
        "offer": money_text(offer or dispute.amount, used),
    }
    key = f"{template}_{tone}"
    who = printable(invoice.client.attention or invoice.client.name)
    return "\n\n".join(
        (
            wording.say("mail_greeting", used, who=who),
            wording.say(f"dispute_say_{key}", used, **told),
            f"{wording.say('mail_closing', used)}\n{printable(invoice.issuer.contact or invoice.issuer.name)}",
        )
    )
