"""Margin: what issued documents brought and what their time costs, for owners and accountants."""

from git_bill.flows import load
from git_bill.invoice.margin import Margin, margins
from git_bill.ports import Books
from git_bill.problem import Exit, stop
from git_bill.workspace import Role

_MAY = frozenset[Role]({"owner", "accountant"})


def margin(books: Books, roles: tuple[Role, ...] | None) -> tuple[Margin, ...]:
    """By client and currency, over all standing documents. `roles`: the caller's, None while nobody is listed.

    Stops (exit 7) for everybody else. Who reads the books can read `billing.toml` all the same: see docs/margin.md.
    """
    if roles is not None and _MAY.isdisjoint(roles):
        hint = 'an owner may say so in billing.toml: roles = ["accountant"]'
        raise stop(Exit.SIGN_OFF_MISSING, "not-allowed", "only owners and accountants see the margin", hint)
    here, tip = books.here(), books.tip()
    settings = load.workspace(here).settings
    numbered = load.numbered(books.at(tip) if tip else here)
    return margins(
        [item.invoice for item in numbered if item.invoice is not None],
        {item.id: item for item in load.worked(here)},
        {person.id: person.costs for person in settings.contributors},
    )
