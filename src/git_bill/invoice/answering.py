"""What a comment with commands comes to: by whose word, and for the draft that its writer saw. Nothing acts here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from git_bill.invoice.amend import Amended, amend, counterpart, no_such_line, not_on_hold
from git_bill.invoice.command import EXAMPLES, Command
from git_bill.invoice.draft import Draft
from git_bill.problem import Problem

Standing = Literal["signer", "contributor", "client", "stranger"]
Answer: TypeAlias = str | Problem

APPROVED = "The draft as it stands now is approved."
HELP = "These commands are understood from you; 3 is the number of a line:"  # which ones: `MAY`
_MARGIN = timedelta(minutes=1)  # what is shown follows the draft's branch so much later at most
MAY: Mapping[Standing, frozenset[str]] = {
    "signer": frozenset(EXAMPLES),
    "contributor": frozenset({"hold", "help"}),
    "client": frozenset({"hold", "help", "approve", "drop", "minutes", "defer"}),
    "stranger": frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A draft as a commit left it (None: it can't be read).

    `said`: the instant of the comment that the commit carries out, else the commit's own.
    """

    at: datetime
    said: datetime
    blob: str
    draft: Draft | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A comment with commands. `ref`: its name in the books; `standing`: that of the account which wrote it."""

    ref: str
    by: str
    standing: Standing
    at: datetime
    commands: tuple[Command | Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """`answers`: one or more for each command. `draft`: what it becomes, None where it stays.

    `approves`: the content as it is now has this person's word. `proposes`: changes wait for an owner's answer.
    """

    answers: tuple[Answer, ...]
    draft: Draft | None = None
    approves: bool = False
    proposes: bool = False


def rule(said: Said, history: Sequence[Seen], now: Draft, proposals: Sequence[Said] = ()) -> Ruling:
    """Judge a comment on an open draft. `history`: its versions, oldest first; the last is `now`.

    `proposals`: comments of the client, as far as they still say what they said; those that wait are in the draft.
    """
    draft = wish = now
    approves = proposes = False
    answers: list[Answer] = []
    for command in said.commands:
        if isinstance(command, Problem):
            answers.append(command)
        elif command.verb not in MAY[said.standing]:
            answers.append(_not_allowed(command))
        elif command.verb == "help":
            answers.append(HELP)
        elif command.verb == "approve":
            wrong = _unapproved(said, history)
            approves = approves or wrong is None
            answers.append(wrong or APPROVED)
        elif command.verb == "accept":
            told, draft = _accepted(said, history, draft, proposals)
            answers += told
        elif command.changes and said.standing == "client":
            done = _carried_out(said, command, history, wish)
            wish, proposes = (wish, proposes) if isinstance(done, Problem) else (done.draft, True)
            answers.append(done if isinstance(done, Problem) else done.told)
        else:
            done = _carried_out(said, command, history, draft)
            draft = draft if isinstance(done, Problem) else done.draft
            answers.append(done if isinstance(done, Problem) else done.told)
    if proposes:
        draft = replace(draft, proposed=(*draft.proposed, said.ref))
    if draft == now:
        return Ruling(answers=tuple(answers), approves=approves)
    draft = replace(draft, answered=(*draft.answered, said.ref))
    return Ruling(answers=tuple(answers), draft=draft, approves=approves, proposes=proposes)


def seen_by(history: Sequence[Seen], at: datetime) -> tuple[Seen, ...]:
    """The versions that somebody may have had before their eyes at an instant; none where history was rewritten."""
    ends = [*(version.at for version in history[1:]), None]
    return tuple(
        version
        for version, end in zip(history, ends, strict=True)
        if version.at <= at and (end is None or end > at - _MARGIN)
    )


def approved_blob(history: Sequence[Seen], at: datetime) -> str | None:
    """The content that a word of approval was about; None where it can't be told which one was seen."""
    blobs = {version.blob for version in seen_by(history, at)}
    return blobs.pop() if len(blobs) == 1 else None


def _carried_out(said: Said, command: Command, history: Sequence[Seen], draft: Draft) -> Amended | Problem:
    """A command that changes the draft; a line's number is the one that the review showed when it was written."""
    if command.verb == "release" and not _held_before(history, said.at):
        return not_on_hold()
    if not command.changes:
        return amend(draft, command, by=said.by)
    place = _place(command, seen_by(history, said.at), draft)
    return place if isinstance(place, Problem) else amend(draft, command, by=said.by, place=place)


def _place(command: Command, seen: Sequence[Seen], now: Draft) -> int | Problem:
    """Where a line of the review stands now."""
    shown = [version.draft for version in seen if version.draft is not None]
    if not shown:
        return _wrong("rewritten", "the draft was written anew since", _AGAIN)
    number = command.line or 0
    if not 0 < number <= len(shown[-1].lines):
        return no_such_line(shown[-1], command)
    places = {counterpart(draft, number, now) for draft in shown}
    if len(places) > 1:
        return _wrong("renumbered", f"the lines got new numbers while you wrote of line {number}", _AGAIN)
    place = places.pop()
    return place or _wrong("no-such-line", f"line {number} is not in the draft any more", _AGAIN)


def _held_before(history: Sequence[Seen], at: datetime) -> bool:
    """Whether the hold that stands now stood when somebody wrote that it may go."""
    since: datetime | None = None
    for version in reversed(history):
        if version.draft is None or (version.draft.hold is None and not version.draft.proposed):
            break
        since = version.said
    return since is not None and since <= at


def _unapproved(said: Said, history: Sequence[Seen]) -> Problem | None:
    """Why a word of approval is for no content, or for another one than the draft has now."""
    if any(isinstance(one, Command) and one.verb not in {"approve", "help"} for one in said.commands):
        message = "a comment that changes the draft can't approve it"
        return _wrong("approved-unseen", message, "look at the draft as it is now, then approve it in a new comment")
    if approved_blob(history, said.at) == history[-1].blob:
        return None
    return _wrong("approved-unseen", "the draft changed since", "look at it as it is now and approve it again")


def _accepted(
    said: Said, history: Sequence[Seen], draft: Draft, proposals: Sequence[Said]
) -> tuple[list[Answer], Draft]:
    """Carry out what the client proposed before this was said."""
    known = {proposal.ref: proposal for proposal in proposals}
    answers: list[Answer] = []
    left = []
    for ref in draft.proposed:
        proposal = known.get(ref)
        if proposal is None:
            message = "a proposal of the client was changed or deleted after it was written"
            answers.append(_wrong("proposal-changed", message, f"to leave the draft as it is: {EXAMPLES['release']!r}"))
            left.append(ref)
        elif proposal.at >= said.at:
            left.append(ref)
        else:
            for command in proposal.commands:
                if isinstance(command, Command) and command.changes:
                    done = _carried_out(proposal, command, history, draft)
                    draft = draft if isinstance(done, Problem) else done.draft
                    answers.append(done if isinstance(done, Problem) else done.told)
    if not answers:
        return [
            _wrong("no-proposal", "the client proposes nothing", f"to say it yourself: {EXAMPLES['drop']!r}")
        ], draft
    return answers, replace(draft, proposed=tuple(left))


def _not_allowed(command: Command) -> Problem:
    message = f"/bill {command.verb} is for the issuer's owner and approvers"
    return _wrong("not-allowed", message, "tell them in a comment what you would like")


_AGAIN = "look at the draft as it is now and write a new comment"


def _wrong(rule: str, message: str, hint: str) -> Problem:
    return Problem(rule=rule, message=message, hint=hint)
