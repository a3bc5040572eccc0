"""Rates of exchange of the books themselves, in `billing/rates.toml`: they go before what is published."""

from git_bill.contract.exchange import OwnRates, Quotes, with_own
from git_bill.flows import load
from git_bill.layout import RATES
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Stop


def own_first(snapshot: Snapshot, published: Quotes) -> Quotes:
    """What counts on a day: the books' own rate, else the published one. Stops (exit 3) at a file that is wrong."""
    found = load.read_file(snapshot, OwnRates, RATES)
    if found is None:
        return published
    if found.value is None:
        raise Stop(Exit.SETTINGS, found.problems)
    return with_own(found.value.rates, published)
