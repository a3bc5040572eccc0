"""Where rates of exchange come from: the books' own, then the European Central Bank's newest file on this machine."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from git_bill.contract.exchange import Quotes

if TYPE_CHECKING:
    from datetime import date

    from git_bill.contract.exchange import Quote
    from git_bill.problem import Problem


def kept() -> Path:
    """Where a newer file of the Bank's is kept."""
    from git_bill.adapters.exchange import kept_file

    return kept_file(os.environ, Path.home())


def published() -> Quotes:
    """What the Bank published; its file is read when a rate is asked for."""

    def quotes(base: str, currency: str, day: "date") -> "Quote | Problem":
        from git_bill.adapters.exchange import newest

        return newest(kept())(base, currency, day)

    return quotes
