"""`git bill verify`: check an invoice's PDF, with or without books."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from git_bill.cli import checklist
from git_bill.cli.evidence_key import key_here
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, Span, bold, dim, money
from git_bill.cli.session import Session
from git_bill.flows.verify import Document, Verified, verify
from git_bill.problem import Exit, Stop, errors, stop

if TYPE_CHECKING:
    from git_bill.ports import Books, History

_PATH = click.Path(path_type=Path)
_MOST_BYTES = 10_000_000  # an invoice has some tens of kilobytes


@click.command("verify")
@click.argument("files", metavar="FILE.pdf...", nargs=-1, required=True, type=_PATH)
@click.option("--repo", "repos", metavar="PATH", multiple=True, type=_PATH, help="Your clone of what was worked on.")
@click.option("--books", "place", metavar="PATH", type=_PATH, help="The issuer's books, where you have them.")
@common
def command(session: Session, files: tuple[Path, ...], repos: tuple[Path, ...], place: Path | None) -> Report:
    """Check the PDF of an invoice. It needs no books: it is for whoever receives the invoice.

    Checked are its arithmetic, and that a reader sees the amounts that it carries as data; with --repo (given once or
    more), that each commit it cites is in your clone, cited once and made in the service period; with --books, or
    inside the books, that the file is the one that was issued and that the ledger is whole. Several invoices are
    compared with each other too.

    \b
    git bill verify INV-2026-0032.pdf
    git bill verify INV-2026-0032.pdf --repo ~/code/web-shop --repo ~/code/api
    """
    clones = [_clone(session, repo) for repo in repos]
    documents = [_document(session, file) for file in files]
    found = verify(
        documents, clones, _books(session, place), ours=place is not None, key=key_here(session) if clones else None
    )
    described = [_data(one) for one in found]
    return Report(
        data={**described[0], "invoices": described},
        text=tuple(line for one in found for line in _text(one)),
        problems=tuple(problem for one in found for problem in one.problems),
    )


def _clone(session: Session, repo: Path) -> "History":
    from git_bill.adapters.git.clone import repository_top
    from git_bill.adapters.git.history import GitHistory

    top = repository_top((session.start / repo).resolve())
    if top is None:
        hint = "name your clone, for example: --repo ~/code/web-shop"
        raise stop(Exit.REPOSITORY, "not-a-repository", f"{repo} is not in a git repository", hint)
    return GitHistory(top)


def _document(session: Session, file: Path) -> Document:
    """The PDF as read. Stops (exit 1) at a file that is none, is too big, or is not there."""
    from git_bill.adapters import pdf

    try:
        with (session.start / file).open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(file, f"it can't be read: {error.strerror}") from None
    if len(content) > _MOST_BYTES:
        raise _unreadable(file, f"it has more than {_MOST_BYTES // 1_000_000} MB; an invoice has less than one")
    try:
        return Document(file=str(file), content=content, text=pdf.text(content), attached=pdf.attached(content))
    except Stop as stopped:
        raise _unreadable(file, stopped.problems[0].message) from None


def _unreadable(file: Path, message: str) -> Stop:
    hint = "name the PDF that the issuer sent: git bill verify INV-2026-0032.pdf"
    return stop(Exit.PROBLEMS, "unreadable-pdf", message, hint, str(file))


def _books(session: Session, place: Path | None) -> "Books | None":
    if place is not None:
        return session.open((session.start / place).resolve())
    return session.books if session.found is not None else None


def _text(one: Verified) -> list[Line]:
    failed = errors(one.problems)
    verdict = Span("It does not hold: see below.", "red") if failed else Span("It holds.", "green")
    stated = one.statement
    head: list[Line] = [bold(one.file)]
    if stated is not None:
        asked = "credited" if stated.kind == "credit-note" else f"due {stated.due_date}"
        head = [
            (bold(stated.number), f"  {stated.issuer.name} to {stated.client.name}, {stated.issue_date}"),
            ("  ", money(stated.totals.to_transfer), dim(f" {asked}")),
        ]
    return [*head, "", *checklist.lines(one.checks), "", verdict]


def _data(one: Verified) -> dict[str, Any]:
    stated = one.statement
    return {
        "file": one.file,
        "number": stated and stated.number,
        "issuer": stated and stated.issuer.name,
        "client": stated and stated.client.name,
        "issue_date": stated and stated.issue_date,
        "payable": stated and stated.totals.payable,
        "ledger_head": stated and stated.ledger_head,
        "checks": checklist.data(one.checks),
    }
