"""`git bill approve`: sign off a draft, or changed settings."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import click

from git_bill.adapters.regular_file import MEGABYTE, content
from git_bill.adapters.tables import vat_table
from git_bill.cli.ask import confirm
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold, print_line
from git_bill.cli.presented import presented, witnesses
from git_bill.cli.session import Session
from git_bill.custody.signed_timesheet import TIMESHEET
from git_bill.custody.signoff import SETTINGS
from git_bill.flows.approve import Approved, approve, approve_settings, waiting_settings
from git_bill.flows.assent import Witnesses
from git_bill.flows.client_word import Given, record_word
from git_bill.flows.gate import said_problems
from git_bill.flows.open_drafts import read_books
from git_bill.flows.safeguard import Change
from git_bill.flows.signed_timesheet import record_timesheet
from git_bill.invoice.document.text import printable
from git_bill.problem import Exit, Problem, errors, stop

_LARGEST = 64 * MEGABYTE  # to be read; what may be kept is decided later
_NOT_YET = "Nothing was signed off."
_TAKE_BACK = "if it is wrong, take it back: git revert COMMIT"


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
@click.option(
    "--as",
    "what",
    type=click.Choice(["approval", TIMESHEET]),
    default="approval",
    help="What the attached file is.",
    show_default=True,
)
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session, draft: str, note: str | None, by: str | None, attach: Path | None, what: str
) -> Report:
    """Sign off DRAFT as it stands now; or, with the word settings, what changed in them without an owner's word.

    For the settings it shows what is another one, part by part, and asks; --dry-run only shows it.

    A sign-off is for a content: when the draft changes it needs a new one. It is recorded on the books branch; where
    the settings list your SSH keys, it is signed with one of them. Merging a draft is the sign-off of whoever merges;
    you need this command where a guardrail asks for more than that.

    With --by and --attach it is the client who approved DRAFT as it stands now, and the file is kept as the proof. With
    --as signed-timesheet the file is the timesheet that the client signed; some contracts are not billed without it.

    \b
    git bill approve acme-2026-10
    git bill approve settings
    git bill approve acme-2026-10 --by "Anna Schmidt" --attach reply.eml
    git bill approve acme-2026-10 --as signed-timesheet --attach timesheet.pdf
    """
    if what == TIMESHEET:
        return _timesheet(session, draft.removeprefix("bill/"), printable(by or ""), attach)
    if by is not None or attach is not None:
        return _for_client(session, draft.removeprefix("bill/"), by, attach)
    if draft == SETTINGS:
        return _settings(session, note)
    name = draft.removeprefix("bill/")
    heard = witnesses(session)
    done = session.run(approve(session.books, session.clock, name, by=session.person, note=note, witnesses=heard))
    shown = presented(session, [done.name])
    waits, next_step = _next(session, done.name, heard)
    return Report(
        data=_data(done),
        text=(f"{done.name} {_told(done)} by {done.by}, content {done.blob[:12]}.",),
        problems=(*(problem for each in shown.values() for problem in each.problems), *waits),
        next=(next_step,),
    )


def _for_client(session: Session, name: str, by: str | None, attach: Path | None) -> Report:
    """Record what the client wrote."""
    who = printable(by or "")
    if not who or attach is None:
        hint = f'git bill approve {name} --by "Anna Schmidt" --attach reply.eml'
        raise stop(Exit.USAGE, "which-word", "the client's word needs --by and --attach", hint)
    proof = _attached(attach, "save the mail as a file of at most 10 MB, and name it: --attach reply.eml")
    given = Given(who=who, way="attachment", attachment=(attach.name, proof))
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


def _timesheet(session: Session, name: str, who: str, attach: Path | None) -> Report:
    """Keep the timesheet that the client signed."""
    if attach is None:
        hint = f"git bill approve {name} --as signed-timesheet --attach timesheet.pdf"
        raise stop(Exit.USAGE, "no-attachment", "a signed timesheet needs its file", hint)
    scan = _attached(attach, "scan it as a file of at most 10 MB, and name it: --attach timesheet.pdf")
    flow = record_timesheet(session.books, session.clock, name, (attach.name, scan), by=session.person, who=who)
    sheet = session.run(flow)
    return Report(
        data={"draft": name, "id": sheet.draft, "attachment": sheet.ref, "sha256": sheet.sha256, "work": sheet.work},
        text=(f"The signed timesheet of {name} is kept, SHA-256 {sheet.sha256[:12]}.",),
        next=((f"git bill issue {name}", "merge it, if it is not merged, and issue it"),),
    )


def _attached(file: Path, hint: str) -> bytes:
    try:
        return content(file, _LARGEST)
    except OSError as error:
        raise stop(Exit.USAGE, "no-attachment", f"{file} can't be kept: {error.strerror}", hint) from None


def _settings(session: Session, note: str | None) -> Report:
    """What changed is told before it is asked about, and part by part: a sign-off of a file is for all of it."""
    heard = witnesses(session)
    changes = waiting_settings(session.books, vat_table(), heard)
    if not changes:
        nothing = "Nothing in the settings waits for an owner's word."
        return Report(data={"draft": SETTINGS, "already": True, "changes": []}, text=(nothing,))
    told, listed = tuple(_changes(changes)), [_change(change) for change in changes]
    if session.options.dry_run:
        return Report(data={"dry_run": True, "draft": SETTINGS, "changes": listed}, text=(*told, "", _NOT_YET))
    if session.interactive:
        for line in told:
            print_line(line, sys.stderr)
        if not confirm("Do you stand by all of this?", default=False):
            raise stop(Exit.DONE, "not-approved", "nothing was signed off", _TAKE_BACK)
    flow = approve_settings(
        session.books, session.clock, vat_table(), changes, by=session.person, note=note, witnesses=heard
    )
    done = session.run(flow)
    text = f"The settings as they are are signed off by {done.by}."
    return Report(
        data={**_data(done), "changes": listed},
        text=(text,) if session.interactive else (*told, "", text),
        next=(("git bill issue", "issue what waits for it"),),
    )


def _changes(changes: Iterable[Change]) -> Iterator[Line]:
    for change in changes:
        commit, by = change.by.commit[:12], f"{change.by.name} <{change.by.email}>"
        yield (bold(change.guarded.about), f"  {change.guarded.file}, {commit} by {by}")
        yield from (f"  {part}" for part in change.parts)


def _change(change: Change) -> dict[str, object]:
    return {
        "rule": change.guarded.rule,
        "about": change.guarded.about,
        "file": change.guarded.file,
        "commit": change.by.commit,
        "by": change.by.email,
        "parts": [{"part": part.part, "old": part.old, "new": part.new} for part in change.parts],
    }


def _next(session: Session, name: str, heard: Witnesses) -> tuple[tuple[Problem, ...], tuple[str, str]]:
    """What a draft still waits for, and the next step."""
    state = read_books(session.books, vat_table())
    waits = said_problems(session.books, state, [name], heard, by=session.person)
    if errors(waits):
        told = tuple(replace(problem, severity="info") for problem in waits)
        return told, (f"git bill check {name}", "what it still waits for")
    return (), (f"git bill issue {name}", "merge it, if it is not merged, and issue it")


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
