"""`git bill answer`: carry out what people ask for in comments about drafts."""

from dataclasses import replace

import click

from git_bill.adapters.tables import vat_table
from git_bill.cli.markdown_lines import laid_out
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold, dim
from git_bill.cli.presented import hear_clients, presented
from git_bill.cli.session import Session
from git_bill.flows.answer import Answered, answer
from git_bill.problem import Exit, stop


@click.command("answer")
@click.argument("draft", required=False)
@click.option("--pull-request", "number", metavar="NUMBER", type=click.IntRange(min=1), help="Only what is said there.")
@common
def command(session: Session, draft: str | None, number: int | None) -> Report:
    """Carry out what people ask for in comments below the pull requests of drafts; or of DRAFT alone.

    An owner or approver writes a command on a line of its own, with the number of a line as the review shows it; it is
    committed on the draft's branch in that person's name. What the client asks for is a proposal until an owner
    accepts it. Accounts that the settings don't list change nothing. The Action runs this for each comment; run it as
    often as you like, nothing is carried out twice.

    \b
    /bill drop 3 because it was a favour
    /bill minutes 3 45m because the rest was our mistake
    /bill defer 3                       leave it for the next draft
    /bill hold because the order number is missing
    /bill release                       lift a hold; decline what the client proposes
    /bill approve                       sign the draft off as it is now
    /bill accept                        do what the client proposes
    /bill help
    """
    forge = session.forge
    if forge is None:
        if session.forge_missing is not None and session.forge_missing.severity == "info":
            return Report(data={"answered": []}, problems=(session.forge_missing,), text=("There are no comments.",))
        raise stop(Exit.FORGE, "no-forge", *_why(session))
    name = draft.removeprefix("bill/") if draft else None
    # Each comment is carried out by the word of its writer, whoever runs this.
    anybody = replace(session.actors, roles=None)
    result = session.run(
        answer(session.books, forge, session.clock, vat_table(), only=name, number=number), actors=anybody
    )
    names = [each.name for each in result.answered]
    heard = hear_clients(session, [name] if name else None)
    shown = presented(session, dict.fromkeys((*names, *heard)))
    problems = (*result.problems, *(problem for each in shown.values() for problem in each.problems))
    return Report(
        data={"answered": [_data(each) for each in result.answered], "approved_by_client": list(heard)},
        text=tuple(line for each in result.answered for line in _text(each))
        + tuple(f"The client approved {each}." for each in heard)
        or ("Nothing new was asked for.",),
        problems=problems,
    )


def _why(session: Session) -> tuple[str, str]:
    missing = session.forge_missing
    return (missing.message, missing.hint) if missing else ("the books are on no forge", "")


def _data(answered: Answered) -> dict[str, object]:
    return {
        "draft": answered.name,
        "account": answered.account,
        "comment": answered.comment,
        "changed": answered.changed,
        "approved": answered.approved,
        "reply": answered.text,
    }


def _text(answered: Answered) -> list[Line]:
    head: Line = (bold(answered.name), f"  {answered.account} ", dim(f"comment {answered.comment}"))
    return [head, *(f"  {line}" if isinstance(line, str) else line for line in laid_out(answered.text))]
