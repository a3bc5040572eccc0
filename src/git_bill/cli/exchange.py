"""Where rates of exchange come from: the books' own, then the European Central Bank's newest file on this machine."""

import functools
import os
from pathlib import Path

from git_bill.contract.exchange import Quotes


def kept() -> Path:
    """Where a newer file of the Bank's is kept."""
    from git_bill.adapters.exchange import kept_file

    return kept_file(os.environ, Path.home())


def published() -> Quotes:
    """What the Bank published; its file is read once, when the first rate is asked for."""

    @functools.cache
    def bank() -> Quotes:
        from git_bill.adapters.exchange import newest

        return newest(kept())

    return lambda base, currency, day: bank()(base, currency, day)  # noqa: PLW0108  that is when the file is read
