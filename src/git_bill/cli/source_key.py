"""`git bill source key`: the key of sources with keyed evidence, on this machine."""

import os
from pathlib import Path

import click

from git_bill.adapters import evidence_key
from git_bill.cli.evidence_key import key_file, key_here
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold, dim
from git_bill.cli.session import Session
from git_bill.flows import load
from git_bill.problem import Exit, stop
from git_bill.worklog.keyed import VARIABLE, fingerprints


@click.command("key")
@click.option("--new", is_flag=True, help="Make the key, for the first source of these books that is keyed.")
@common
def command(session: Session, new: bool) -> Report:
    """Show where the key of keyed evidence is looked for, and whether it is the one that the books were kept with.

    A source with `evidence = "keyed"` names no commit, branch or message in the books. Who has the key reads it as any
    other: it is in a file that only you can read, outside of the repository, or in GIT_BILL_EVIDENCE_KEY. It is never
    printed. Make it once, and bring the same file to every machine that collects.

    \b
    git bill source key --new
    gh secret set GIT_BILL_EVIDENCE_KEY < FILE
    git config bill.evidenceKey ~/keys/acme.key
    """
    evidence = load.evidence(session.state)
    used = sorted(fingerprints(evidence))
    file = key_file(session)
    if new:
        if used:
            message = f"these books are kept with the key {', '.join(used)}: with a second one work would count twice"
            raise stop(Exit.USAGE, "evidence-key-exists", message, f"bring that key here, to {file}")
        if not session.options.dry_run:
            evidence_key.make(file, session.books.top, learned=session.secrets.learn)
    key = key_here(session)
    keyed = [source.name for source in session.workspace.settings.sources if source.evidence == "keyed"]
    here = key.fingerprint if key else None
    return Report(
        data={"file": str(file), "fingerprint": here, "used": used, "sources": keyed},
        text=(
            (bold(f"The key {here}" if here else "No key"), f" {_where(here, file)}"),
            *_said(here, used, keyed),
        ),
        next=(("git bill collect", "read the sources"),) if new and keyed else (),
    )


def _where(here: str | None, file: Path) -> str:
    if here is None:
        return f"on this machine: it would be in {file}"
    variable = os.environ.get(VARIABLE, "").strip()
    return f"is in {VARIABLE if variable else file}."


def _said(here: str | None, used: list[str], keyed: list[str]) -> list[Line]:
    sources = ", ".join(keyed)
    if not keyed:
        return [dim('No source is keyed: write evidence = "keyed" in its [[sources]] table.')]
    if used in ([], [here]):
        return [f"It reads {sources}." if here else f"{sources} can't be read here: git bill source key --new"]
    return [
        f"The books were kept with {', '.join(used)}: {sources} can't be read here. Bring that key to this machine."
    ]
