"""Rates of exchange of the books themselves, in `billing/rates.toml`: they go before what is published."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from git_bill.contract.exchange import OwnRates, Quotes, with_own
from git_bill.flows import load
from git_bill.invoice.conversion import accounting_currency
from git_bill.layout import RATES
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Problem, Stop
from git_bill.receivable.export.document import documents


def own_first(snapshot: Snapshot, published: Quotes) -> Quotes:
    """What counts on a day: the books' own rate, else the published one. Stops (exit 3) at a file that is wrong."""
    found = load.read_file(snapshot, OwnRates, RATES)
    if found is None:
        return published
    if found.value is None:
        raise Stop(Exit.SETTINGS, found.problems)
    return with_own(found.value.rates, published)


def unrecorded(problems: Iterable[Problem], here: Snapshot, tip: Snapshot) -> Iterator[Problem]:
    """Problems of rates that are not known; where the own rates lie here and only there, that they must be recorded."""
    is_here = here.read(RATES) not in {None, tip.read(RATES)}
    hint = f"{RATES} is here and not recorded on the books branch yet: git bill draft or git commit"
    for each in problems:
        yield replace(each, hint=f"{hint}\n{each.hint}", file=RATES) if is_here else each


def worthless(here: Snapshot, tip: Snapshot, published: Quotes) -> Iterator[Problem]:
    """Warnings: issued documents whose worth in the books' currency nobody knows, so that nothing can be exported."""
    invoices = [each.invoice for each in load.numbered(tip) if each.invoice is not None]
    if not invoices:
        return
    currency = accounting_currency(load.workspace(here).settings.issuer, max(each.issue_date for each in invoices))
    if currency is not None:
        missing = documents(invoices, currency, own_first(tip, published))[1]
        for each in unrecorded(dict.fromkeys(missing), here, tip):
            yield replace(each, severity="warning")
