"""What e-invoices are made and checked with on this machine."""

import os
from pathlib import Path

from git_bill.cli.session import Session
from git_bill.flows.electronic import Electronics

_RULES = "GIT_BILL_RULES"


def electronics(session: Session) -> Electronics:
    """The shipped profiles; official rules where the extra `validate` is installed.

    Rule files of the user: the folder that `GIT_BILL_RULES` or `git config bill.rules` names.
    """
    from git_bill.adapters.git.place import git_config
    from git_bill.adapters.hybrid import Hybrid
    from git_bill.adapters.schematron import OfficialRules
    from git_bill.adapters.tables import einvoicing

    known = einvoicing()
    folder = os.environ.get(_RULES) or git_config(session.start, "bill.rules")
    rules = OfficialRules(known, Path(folder) if folder else None)
    return Electronics(known=known, combiner=Hybrid(), rules=rules)
