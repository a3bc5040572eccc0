"""What is written below a comment with commands: what was done, or why not, as Markdown. Nothing of it is read back."""

from collections.abc import Iterable, Iterator

from git_bill.invoice.answering import HELP, MAY, Answer, Ruling, Said
from git_bill.invoice.command import EXAMPLES, Command, Verb
from git_bill.invoice.document.locale import money_text
from git_bill.invoice.document.markdown import markdown
from git_bill.invoice.draft import Draft
from git_bill.invoice.totals import draft_totals, is_computable
from git_bill.problem import Problem

EDITED = "This comment was changed after it was written, so it is not carried out. Please write it in a new comment."
CLOSED = (
    "This pull request is closed, so nothing was changed. Open it again, or make the draft anew with `git bill draft`."
)
_MERGED = (
    "This draft is merged: what was approved is issued as it is, so nothing was changed. "
    "As long as it has no number yet, `/bill hold` stops it."
)
UNREADABLE = "The draft's file can't be read as it is now, so nothing was changed. `git bill check` says why."
_HELD = "It is on hold: no invoice is issued until an owner or approver writes `/bill release`."
_AMOUNTS: frozenset[Verb] = frozenset({"drop", "minutes", "defer", "accept"})


def ruling_text(said: Said, ruling: Ruling, now: Draft) -> str:
    """The answer to a comment on an open draft. `now`: the draft after it."""
    return "\n\n".join(_paragraphs(said, ruling, now)) + "\n"


def refusal_text(account: str) -> str:
    """The one answer to an account that the settings don't list."""
    return (
        f"Thank you, {markdown(account)}. Only the issuer's owner and approvers and the client's people can change or "
        "approve this draft, and the books do not list this account, so nothing was done. "
        "What you write is read by people all the same.\n\n"
        "If the account should be listed: the owner adds it to `accounts`, of a contributor or of the client.\n"
    )


def merged_text(said: Said) -> str:
    """The answer once the draft is merged: what was approved stays, and a hold is a word that stands below it."""
    verbs = [command.verb for command in said.commands if isinstance(command, Command)]
    if "hold" in verbs:
        return f"{_HELD}\n"
    if "release" in verbs and said.standing == "signer":
        return "It is no longer on hold.\n"
    return f"{_MERGED}\n"


def issued_text(number: str) -> str:
    """The answer where there is a document already."""
    return f"This draft was issued as {markdown(number)}, which never changes. A correction is a new document.\n"


def _paragraphs(said: Said, ruling: Ruling, now: Draft) -> Iterator[str]:
    if ruling.proposes:
        yield (
            "Thank you. This is a proposal: no amount has changed, and the draft is on hold until it is answered. "
            "An owner or approver answers with `/bill accept`, or with `/bill release` to leave the draft as it is."
        )
        yield "If it is accepted:"
    yield "\n".join(_items(said, ruling.answers))
    amounts = {command.verb for command in said.commands if isinstance(command, Command)} & _AMOUNTS
    if amounts and ruling.draft is not None and not ruling.proposes and is_computable(now):
        yield f"It comes to {money_text(draft_totals(now).to_transfer, 'en')} now."
    undone = any(isinstance(answer, Problem) for answer in ruling.answers)
    if undone and ruling.draft is None and not ruling.approves and said.standing == "client":
        yield "Nothing has changed."


def _items(said: Said, answers: Iterable[Answer]) -> Iterator[str]:
    for answer in answers:
        if isinstance(answer, Problem):
            message = answer.message[:1].upper() + answer.message[1:]
            yield f"- **Not done:** {markdown(message)} ({markdown(answer.hint)})"
        else:
            yield f"- {markdown(answer)}"
        if answer == HELP:
            yield from (f"  - `{example}`" for verb, example in EXAMPLES.items() if verb in MAY[said.standing])
