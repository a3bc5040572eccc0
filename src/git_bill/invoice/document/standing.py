"""Where a draft stands, as the one comment below its pull request and as the statuses of its commit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from git_bill.custody.signoff import Assent, How
from git_bill.invoice.command import EXAMPLES, Verb
from git_bill.invoice.document.locale import date_text, money_text
from git_bill.invoice.document.markdown import markdown
from git_bill.invoice.document.text import printable
from git_bill.invoice.hold import PROPOSED, Hold
from git_bill.invoice.issued import Invoice
from git_bill.problem import Problem, errors

CHECK = "git-bill/check"
SIGN_OFF = "git-bill/sign-off"
_LANGUAGE = "en"
_MOST = 140  # characters of a status's description
_HOW: Mapping[How, str] = {
    "signature": "by signature",
    "review": "by review",
    "record": "by approving",
    "merge": "by merging",
}
_VERBS: tuple[Verb, ...] = ("minutes", "drop", "defer", "hold", "approve", "help")

State = Literal["success", "failure", "pending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is told. `problems`: of `check`; `many`: sign-offs that are needed, `why`, and by whom they may be given.

    `names`: contributors' names by id; `may`: ids; `proposal`: whose amounts these are, where that person may not set
    them; `merged`: it is on the books branch.
    """

    problems: tuple[Problem, ...] = ()
    given: tuple[Assent, ...] = ()
    many: int = 0
    missing: int = 0
    why: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    names: Mapping[str, str]
    holds: tuple[Hold, ...] = ()
    proposal: str | None = None
    merged: bool = False

    @property
    def by_merging(self) -> bool:
        """Whether the merge, by one of those who may, gives all that is missing."""
        return self.missing == 1 and bool(self.may) and not self.merged


def standing_text(standing: Standing) -> str:
    """The comment of a draft that is not issued; ends with a line end. Every text from outside is escaped."""
    return "\n".join(_told(standing)) + "\n"


def issued_text(invoice: Invoice) -> str:
    """The comment once it is issued."""
    payable = money_text(invoice.totals.to_transfer, _LANGUAGE)
    told = f"{markdown(invoice.client.name)} pays {payable} by {date_text(invoice.due_date, _LANGUAGE)}."
    if invoice.reverses is not None:
        told = f"{markdown(invoice.client.name)} is credited {payable} of {markdown(invoice.reverses.number)}."
    return (
        f"**Issued as {markdown(invoice.number)}.** {told}\n\n"
        "It can't be changed any more; a mistake is corrected by a credit note.\n"
    )


def check_status(standing: Standing) -> tuple[State, str]:
    """State and description of `git-bill/check`."""
    wrong = [problem for problem in errors(standing.problems) if problem.rule != "on-hold"]
    if wrong:
        return "failure", cut(f"{_counted(len(wrong), 'problem')}: {wrong[0].message}")
    return "success", cut(_checked(standing))


def sign_off_status(standing: Standing) -> tuple[State, str]:
    """State and description of `git-bill/sign-off`. The merge itself may be what is missing: then it is no obstacle."""
    if standing.holds:
        waits = all(hold.kind == "client" for hold in standing.holds)
        return "pending" if waits else "failure", cut(f"on hold: {_why(standing.holds[0])}")
    if standing.missing and not standing.by_merging:
        return "pending", cut(
            f"{_counted(standing.missing, 'sign-off')} missing: {_who(standing)} may give {_it(standing)}"
        )
    if standing.missing:
        return "success", cut(f"merging by {_who(standing)} is the sign-off")
    return "success", cut(f"signed off by {_signed(standing)}" if standing.many else "none is needed")


def _told(standing: Standing) -> Iterator[str]:
    yield f"**{_headline(standing)}**\n"
    yield f"- Check: {_checked(standing)}."
    yield from (
        f"  - {markdown(problem.message)}" for problem in errors(standing.problems) if problem.rule != "on-hold"
    )
    yield f"- Sign-off: {_sign_offs(standing)}"
    for hold in standing.holds:
        yield f"- On hold: {markdown(_why(hold))}  \n  {_answer(hold)}"
    if standing.proposal is not None:
        yield f"- Proposed by {markdown(standing.proposal)}: these amounts count once an owner has signed them off."
    if not standing.merged:
        yield "\n<details><summary>What you can write in a comment</summary>\n"
        yield "Anything, in your own words; and on lines of their own, where 1 is the number of a line in the table:\n"
        yield from (f"- `{EXAMPLES[verb].replace(' 3', ' 1')}`" for verb in _VERBS)
        yield "\n</details>"


def _headline(standing: Standing) -> str:
    if any(problem.rule != "on-hold" for problem in errors(standing.problems)):
        return "It can't be issued as it is: something must be mended first."
    if standing.holds:
        waits = all(hold.kind == "client" for hold in standing.holds)
        return f"{'It waits for the client' if waits else 'On hold'}: it is not issued before this is answered."
    if standing.missing and not standing.by_merging:
        needs = _counted(standing.missing, "sign-off", "a")
        return f"Merged, but it waits for {needs}." if standing.merged else f"It needs {needs}."
    return "Merged: it is issued by the next run." if standing.merged else "Ready: merging it issues the invoice."


def _checked(standing: Standing) -> str:
    wrong = [problem for problem in errors(standing.problems) if problem.rule != "on-hold"]
    look = sum(problem.severity != "error" for problem in standing.problems)
    worth = f"{_counted(look, 'thing')} worth a look" if look else ""
    if wrong:
        return f"{_counted(len(wrong), 'thing')} to mend" + (f", {worth}" if worth else "")
    return f"nothing is wrong; {worth}" if worth else "nothing is wrong"


def _sign_offs(standing: Standing) -> str:
    """What is given, what is missing and why, and who may give it how."""
    given = f"given by {markdown(_signed(standing))}. " if standing.given else ""
    if not standing.many:
        return given or "none is needed beside the merge."
    why = markdown("; ".join(standing.why))
    if not standing.missing:
        return f"{given}That is enough ({why})."
    told = f"{given}{_counted(standing.missing, 'sign-off')} missing ({why})."
    if not standing.may:
        return f"{told} Nobody who is listed may give {_it(standing)}."
    how = f"{'merging, ' if standing.by_merging else ''}approving this or writing `/bill approve`"
    return f"{told} {markdown(_who(standing))} may give {_it(standing)} by {how}."


def _signed(standing: Standing) -> str:
    told = [f"{standing.names.get(assent.by, assent.by)} ({_HOW[assent.how]})" for assent in standing.given]
    return ", ".join(told) or "nobody"


def _who(standing: Standing) -> str:
    """Who may give what is missing: one of them, or all."""
    every = len(standing.may) == standing.missing
    return (" and " if every else " or ").join(standing.names.get(each, each) for each in standing.may) or (
        "nobody who is listed"
    )


def _it(standing: Standing) -> str:
    return "it" if standing.missing == 1 else "them"


def _why(hold: Hold) -> str:
    """Without the words that it stands behind."""
    return str(hold).removeprefix("it is on hold: ").removeprefix("it is on hold") or "no reason was given"


def _answer(hold: Hold) -> str:
    if hold.kind == "draft" and hold.text == PROPOSED:
        return "The owner or an approver answers it below."
    if hold.kind == "draft":
        return "The owner or an approver lets it go on with `/bill release`."
    if hold.kind == "comment":
        return "It goes on when the issuer has answered here."
    if hold.kind == "client":
        return "It goes on when the client has approved what it was shown."
    return "It goes on when the same person approves, or when the review is dismissed and answered."


def _counted(number: int, what: str, one: str = "1") -> str:
    return f"{one} {what}" if number == 1 else f"{number} {what}s"


def cut(text: str) -> str:
    words = printable(text)
    return words if len(words) <= _MOST else words[: _MOST - 1].rstrip() + "…"
