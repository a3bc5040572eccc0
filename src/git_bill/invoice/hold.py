"""Holds: what keeps a draft from being issued until somebody answers; and amounts that somebody else proposed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from git_bill.invoice.answering import Standing
from git_bill.invoice.command import Command, commands
from git_bill.invoice.draft import Draft

Voice = Literal[Standing, "ours"]
_LISTED: frozenset[Voice] = frozenset({"signer", "contributor", "client"})
PROPOSED = "the client proposes changes that wait for /bill accept or /bill release"  # the text of such a hold
_WORDS = {
    "changes-requested": "asked for changes",
    "comment": "said something that nobody answered",
    "client": "has not approved it yet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What somebody said in a review. `voice`: a signer may sign off; a stranger's account is not in the settings.

    `done`: the draft itself says that it was carried out; `edited`: changed since, by whoever may, so no command in it
    counts; `url`: of the pull request.
    """

    account: str
    voice: Voice
    kind: Literal["approved", "changes-requested", "dismissed", "comment"]
    text: str
    at: datetime
    done: bool = False
    edited: bool = False
    url: str = ""

    @property
    def verbs(self) -> frozenset[str]:
        """Of the commands in it."""
        found = () if self.edited else commands(self.text)
        return frozenset(one.verb for one in found if isinstance(one, Command))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why a draft waits. `by`: an account, None for the draft's own `hold`; `text`: in that person's words.

    `url`: where it was said.
    """

    kind: Literal["draft", "changes-requested", "comment", "client"]
    text: str
    by: str | None = None
    url: str = ""

    def __str__(self) -> str:
        words = " ".join(self.text.split())
        short = words if len(words) <= 120 else words[:119] + "…"
        said = f": {short}" if short else ""
        return f"{self.by} {_WORDS[self.kind]}{said}" if self.by else f"it is on hold{said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A draft as one commit of its branch has it. `trusted`: its author is a contributor, or this program."""

    draft: Draft
    author: str
    trusted: bool


def holds(draft: Draft, remarks: Iterable[Remark]) -> tuple[Hold, ...]:
    """Everything that holds a draft: its own `hold`, the client's proposals in it, and what was said.

    "Changes requested" by a listed account holds until that account approves. What such a review said when somebody
    dismissed it, and a client's comment, hold until a signer says something after it, its writer approves, or the draft
    says that it was carried out; `/bill hold` that came too late for the draft's branch until a signer's
    `/bill release`.
    """
    spoken = sorted(remarks, key=lambda remark: remark.at)
    own = [Hold(kind="draft", text=draft.hold)] if draft.hold is not None else []
    if draft.proposed:
        own.append(Hold(kind="draft", text=PROPOSED))
    return (*own, *_objections(spoken), *_unanswered(spoken), *_commanded(spoken))


def _objections(spoken: list[Remark]) -> Iterator[Hold]:
    listed = [r for r in spoken if r.kind != "comment" and r.voice in _LISTED]
    for last in {remark.account.lower(): remark for remark in listed}.values():
        if last.kind == "changes-requested":
            yield Hold(kind="changes-requested", by=last.account, text=last.text, url=last.url)


def _unanswered(spoken: list[Remark]) -> Iterator[Hold]:
    """Each account's last comment, or dismissed review with words, that stands without an answer.

    Everybody who may push can dismiss a review, and the forge does not tell whether it was an objection.
    """
    waiting: dict[str, Remark] = {}
    for remark in spoken:
        account = remark.account.lower()
        if remark.kind == "dismissed" and remark.voice in _LISTED and remark.text.strip():
            waiting[account] = remark
        elif remark.kind == "approved" or "approve" in remark.verbs:
            waiting.pop(account, None)
        if remark.voice == "signer" and remark.kind != "dismissed":
            waiting.clear()
        elif remark.voice == "client" and remark.kind == "comment" and _asks(remark):
            waiting[account] = remark
    for said in waiting.values():
        yield Hold(kind="comment", by=said.account, text=said.text, url=said.url)


def _asks(remark: Remark) -> bool:
    """Whether a comment waits for an answer: it says something, and not only `/bill help` or what was carried out."""
    carried_out = remark.done and remark.verbs  # a question can't be, whatever a draft says
    return bool(remark.text.strip()) and not carried_out and remark.verbs != {"help"}


def _commanded(spoken: list[Remark]) -> Iterator[Hold]:
    """The last `/bill hold` of a listed account that is not in the draft, unless a signer released it."""
    waiting: Remark | None = None
    for remark in spoken:
        if remark.voice == "signer" and "release" in remark.verbs:
            waiting = None
        elif remark.voice in _LISTED and "hold" in remark.verbs and not remark.done:
            waiting = remark
    if waiting is not None:
        yield Hold(kind="comment", by=waiting.account, text=waiting.text, url=waiting.url)


def proposed_by(versions: Iterable[Version]) -> str | None:
    """Whose amounts a draft has, where it is nobody's who may set them. `versions`: oldest first."""
    before: object = None
    proposed: str | None = None
    for version in versions:
        amounts = _amounts(version.draft)
        if amounts != before:
            proposed = None if version.trusted else version.author
        before = amounts
    return proposed


def _amounts(draft: Draft) -> object:
    """All that the draft's totals follow from."""
    lines = tuple(
        (line.quantity, line.unit, line.unit_price, line.base_quantity, line.tax, line.allowances)
        for line in draft.lines
    )
    rests = (draft.allowances, draft.prepaid, draft.rounding, draft.early_payment)
    return draft.currency, draft.tax, lines, rests, draft.exchange, draft.conversion
