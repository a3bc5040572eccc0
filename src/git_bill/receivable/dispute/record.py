"""`billing/disputes/<id>.toml`: what is disputed of an invoice, why and by whom, and every step since.

Nothing is taken out and no state is stored: it is a fold over the steps (`course.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from git_bill.money import Money
from git_bill.shape import key

Why = Literal["hours", "quality", "scope", "price", "not-ordered", "duplicate", "not-received", "tax", "other"]
Opener = Literal["client", "chargeback", "issue"]
Channel = Literal["mail", "letter", "phone", "meeting", "forge", "provider", "other"]
Act = Literal["answer", "reply", "escalate", "resolve", "withdraw"]
Result = Literal["upheld", "partly", "rejected"]
Court = Literal["court", "collection", "arbitration"]
ID = r"DS-[^\s/\\]{1,80}-[1-9][0-9]{0,3}"
_SHA = "[0-9a-f]{64}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that belongs to a step, kept on the books branch. `name`: as it was given; a stranger may have made it."""

    name: str = key("its name as it was given", example='"letter.pdf"')
    file: str = key("where it lies")
    sha256: str = key("hash of its bytes", pattern=_SHA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened. `reply`: the client's words; the other acts are the issuer's, or what was found out.

    `credit`: of a resolution that gives something up the draft of the credit note, and its id.
    """

    do: Act = key("what happened", example='"answer"')
    on: date = key("the day of it", example="2026-11-24")
    text: str = key("what was said", default="")
    template: str = key("the wording that it was made from", example='"evidence-firm"', default="")
    to: Court | None = key("whom it was brought before", default=None)
    result: Result | None = key("whether the client was right", default=None)
    amount: Money | None = key("what is given up, with tax", example='"119.00 EUR"', default=None)
    credit: str = key("name of the draft of the credit note", default="")
    draft: str = key("id of that draft", default="")
    files: tuple[Kept, ...] = key("files that belong to it", one_line=True, default=())
    by: str = key("who recorded it")
    at: datetime = key("when it was recorded")

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A resolution says how it ended, an escalation before whom."""
        if (self.do == "resolve") != (self.result is not None):
            yield "result", "a resolution has a result, and nothing else has", 'write it like result = "rejected"'
        if (self.do == "escalate") != (self.to is not None):
            yield "to", "an escalation says before whom, and nothing else does", 'write it like to = "court"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One objection. `lines` empty: the whole document. `amount`: with tax, in the invoice's currency.

    Of a chargeback `remittance` is the money that was taken back, `provider_reason` what the provider calls the
    reason, `evidence_due` the last day on which it takes evidence.
    """

    schema: int = key("version of this file's form", default=1)
    id: str = key("the invoice's number and a count", example='"DS-INV-2026-0032-1"', pattern=ID)
    invoice: str = key("number of the invoice", example='"INV-2026-0032"')
    lines: tuple[int, ...] = key("numbers of the disputed lines", example="[1, 3]", default=())
    amount: Money = key("what is disputed, with tax", example='"595.00 EUR"')
    reason: Why = key("what it is about", example='"hours"')
    opened_by: Opener = key("who objected", default="client")
    on: date = key("since when", example="2026-11-20")
    channel: Channel = key("how it reached us", default="mail")
    said: str = key("in the client's words", default="")
    issue: str = key("the issue of the forge that it came from", example='"web-shop:#12"', default="")
    remittance: str = key("the chargeback", example='"R-k3v4q2m7x5ab"', default="")
    provider_reason: str = key("what the payment provider calls the reason", default="")
    evidence_due: date | None = key("last day on which the provider takes evidence", default=None)
    files: tuple[Kept, ...] = key("files that came with it", one_line=True, default=())
    by: str = key("who recorded it")
    at: datetime = key("when it was recorded")
    steps: tuple[Step, ...] = key("what happened since", default=())

    @property
    def what(self) -> str:
        """`line 2`, `lines 1, 3`, `all of it`"""
        if not self.lines:
            return "all of it"
        return f"line{'' if len(self.lines) == 1 else 's'} {', '.join(map(str, self.lines))}"

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Something is disputed, and each line once."""
        if self.amount.amount <= 0:
            yield "amount", "nothing is disputed", 'write it like amount = "595.00 EUR"'
        if any(line < 1 for line in self.lines) or len(set(self.lines)) < len(self.lines):
            yield "lines", "are numbers of lines from 1 on, each once", "write it like lines = [1, 3]"
