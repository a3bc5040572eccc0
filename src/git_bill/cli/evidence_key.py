"""The key of keyed evidence, as this machine has it."""

import os
from pathlib import Path

from git_bill.adapters import evidence_key
from git_bill.adapters.git.place import git_config
from git_bill.cli.session import Session
from git_bill.worklog.keyed import EvidenceKey


def key_file(session: Session) -> Path:
    """Where its file is, or would be: `git config bill.evidenceKey` of the books, else one for all books."""
    around = session.books.top if session.found is not None else session.start
    told = git_config(around, evidence_key.SETTING)
    return evidence_key.place(os.environ, Path.home(), around / Path(told).expanduser() if told else None)


def key_here(session: Session) -> EvidenceKey | None:
    """The key, None where this machine has none. Stops (exit 3) where it is not kept as a secret must be."""
    books = session.books.top if session.found is not None else None
    return evidence_key.find(os.environ, key_file(session), books, learned=session.secrets.learn)


def key_needed(session: Session) -> EvidenceKey | None:
    """The same for books that have keyed sources; others never look for one."""
    keyed = any(source.evidence == "keyed" for source in session.workspace.settings.sources)
    return key_here(session) if keyed else None
