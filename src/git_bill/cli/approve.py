"""`git bill approve`: sign off a draft, or changed settings."""

from pathlib import Path

import click

from git_bill.cli.options import common
from git_bill.cli.output import Report
from git_bill.cli.presented import presented, witnesses
from git_bill.cli.session import Session
from git_bill.custody.signoff import SETTINGS
from git_bill.flows.approve import Approved, approve, approve_settings
from git_bill.flows.client_word import Given, record_word
from git_bill.invoice.document.text import printable
from git_bill.problem import Exit, stop


@click.command("approve")
@click.argument("draft", metavar="DRAFT|settings")
@click.option("--note", help="A sentence that is kept with the sign-off.")
@click.option("--by", metavar="NAME", help="Record the word of the client's NAME, with --attach.")
@click.option(
    "--attach",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What proves it: the mail, saved as a file; it is kept in the books.",
)
@common
def command(session: Session, draft: str, note: str | None, by: str | None, attach: Path | None) -> Report:
    """Sign off DRAFT as it stands now; or, with the word settings, what changed in them without an owner's word.

    A sign-off is for a content: when the draft changes it needs a new one. It is recorded on the books branch; where
    the settings list your SSH keys, it is signed with one of them. Merging a draft is the sign-off of whoever merges;
    you need this command where a guardrail asks for more than that.

    With --by and --attach it is the client who approved DRAFT as it stands now, and the file is kept as the proof.

    \b
    git bill approve acme-2026-10
    git bill approve settings
    git bill approve acme-2026-10 --by "Anna Schmidt" --attach reply.eml
    """
    if by is not None or attach is not None:
        return _for_client(session, draft.removeprefix("bill/"), by, attach)
    if draft == SETTINGS:
        return _settings(session, note)
    name = draft.removeprefix("bill/")
    heard = witnesses(session)
    done = session.run(approve(session.books, session.clock, name, by=session.person, note=note, witnesses=heard))
    shown = presented(session, [done.name])
    next_step = (f"git bill issue {done.name}", "merge it, if it is not merged, and issue it")
    return Report(
        data=_data(done),
        text=(f"{done.name} {_told(done)} by {done.by}, content {done.blob[:12]}.",),
        problems=tuple(problem for each in shown.values() for problem in each.problems),
        next=(next_step,),
    )


def _for_client(session: Session, name: str, by: str | None, attach: Path | None) -> Report:
    """Record what the client wrote."""
    who = printable(by or "")
    if not who or attach is None:
        hint = f'git bill approve {name} --by "Anna Schmidt" --attach reply.eml'
        raise stop(Exit.USAGE, "which-word", "the client's word needs --by and --attach", hint)
    given = Given(who=who, way="attachment", attachment=(attach.name, attach.read_bytes()))
    flow = record_word(session.books, session.clock, name, given, by=session.person, forge=session.forge)
    done = session.run(flow)
    shown = presented(session, [name])
    word = done.word
    return Report(
        data={
            "draft": name,
            "id": word.draft,
            "blob": word.blob,
            "client": word.who,
            "attachment": word.ref,
            "sha256": word.sha256,
            "already": done.already,
        },
        text=(
            f"{name} {'was approved before' if done.already else 'is approved'} by {who}, content {word.blob[:12]}.",
        ),
        problems=tuple(problem for each in shown.values() for problem in each.problems),
        next=((f"git bill issue {name}", "merge it, if it is not merged, and issue it"),),
    )


def _settings(session: Session, note: str | None) -> Report:
    from git_bill.adapters.tables import vat_table

    heard = witnesses(session)
    done = session.run(
        approve_settings(session.books, session.clock, vat_table(), by=session.person, note=note, witnesses=heard)
    )
    if done is None:
        nothing = "Nothing in the settings waits for an owner's word."
        return Report(data={"draft": SETTINGS, "already": True}, text=(nothing,))
    text = (f"The settings as they are {'were signed off before' if done.already else 'are signed off'} by {done.by}.",)
    return Report(data=_data(done), text=text, next=(("git bill issue", "issue what waits for it"),))


def _data(done: Approved) -> dict[str, object]:
    return {
        "draft": done.name,
        "id": done.draft,
        "blob": done.blob,
        "by": done.by,
        "signed": done.signed,
        "already": done.already,
    }


def _told(done: Approved) -> str:
    if done.already:
        return "had been signed off before"
    return "is signed off with a key" if done.signed else "is signed off"
