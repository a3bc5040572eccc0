"""A candidate: invoices that a remittance may pay together, and the facts that speak for it and against it."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from git_bill.receivable.matching.amount import Fit, Received, Terms, too_small
from git_bill.receivable.matching.number import Form
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.payer import HABIT, Payer
from git_bill.receivable.matching.reference import Named, Naming
from git_bill.receivable.matching.score import several
from git_bill.receivable.matching.typo import is_typo

_LATE = timedelta(days=120)
Together = tuple[int, ...]
Words = tuple[tuple[str, str], ...]  # see `Naming.words`


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Invoices that a remittance may pay together. `invoices`: places in the list, oldest first.

    `another`: the text names more; `across`: they are two clients'; `same`: how many others fit as well.
    `turn`: one of several equal invoices of a client whose account is known by habit; it counts as the only one once
    the others are paid.
    """

    invoices: Together
    fit: Fit
    named: Named
    payer: Payer
    source: str
    circumstances: tuple[str, ...]
    small: bool
    another: bool
    across: bool
    turn: bool
    same: int

    @property
    def facts(self) -> tuple[str, ...]:
        """What speaks for it and against it, of text, amount and payer, and of what they say together."""
        named, payer = self.named.name.lower(), self.payer.name.lower()
        amount = (self.fit.kind or "exact") + (" by rate" if self.fit.kind == "exchange" and not self.fit.sure else "")
        clear = "named" if self.named >= Named.SHORT else "unnamed"
        rivals = f"{clear}, rivals {several(0 if self.turn else self.same)}"
        together = f"amount {amount}, payer {payer}"
        facts = [f"found {self.source}", f"named {named}", f"amount {amount}", f"payer {payer}", rivals]
        facts += [f"{clear}, {together}", *self.circumstances]
        if self.named <= Named.DATE:
            facts.append(f"{rivals}, {together}")
        facts += ["names another"] * self.another + ["two clients"] * self.across
        return tuple(facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known of a remittance before anything is decided.

    `clear`: invoices that it clearly names; `unknown`: numbers of our series that it names and nobody knows;
    `clients`: who may have paid, where that was asked.
    """

    got: Received
    clear: tuple[int, ...]
    unknown: tuple[str, ...]
    clients: Mapping[str, Payer]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A remittance beside all invoices that it may pay, by how its amount fits them.

    `equal`: invoices of a client that the amount settles; `habit`: payments of the account that were confirmed.
    """

    opens: Sequence[Open]
    terms: Sequence[Terms]
    forms: Sequence[Form]
    got: Received
    naming: Naming
    fits: Mapping[Together, Fit]
    payer: Callable[[str], Payer]
    equal: Callable[[str], Sequence[int]]
    habit: Mapping[str, int]


def candidates(view: View, found: Mapping[Together, str]) -> tuple[Candidate, ...]:
    """All of them, each with its facts. `found`: how each was found."""
    words = functools.cache(view.naming.words)
    names = {together: _named(view, together, how, words) for together, how in view.fits.items()}
    return tuple(_candidate(view, together, names, words, found[together]) for together in view.fits)


def _candidate(
    view: View, together: Together, names: Mapping[Together, Named], words: Callable[[], Words], source: str
) -> Candidate:
    how, named, client = view.fits[together], names[together], view.opens[together[0]].client
    same = _same(view, together, names, client)
    alone = named <= Named.ORDER and len(together) == 1 and how.sure
    turn = same > 0 and alone and view.habit.get(client, 0) >= HABIT
    less = any(each > named and view.fits[other].sure for other, each in names.items())
    return Candidate(
        invoices=together,
        fit=how,
        named=named,
        payer=view.payer(client),
        small=too_small(view.got, [view.terms[at] for at in together]),
        another=_names_another(view.naming, together, named) or _is_near_another(view, together, named, words),
        across=len({view.opens[at].client for at in together}) > 1,
        turn=turn,
        same=same,
        circumstances=_circumstances(view, together, less=less),
        source=source,
    )


def _named(view: View, together: Together, how: Fit, words: Callable[[], Words]) -> Named:
    """How clearly the least clear of them is named; a misspelt one counts only where the amount fits."""
    least = min(view.naming.named.get(at, Named.NOT) for at in together)
    if least <= Named.ORDER and {view.opens[at].issued for at in together} <= set(view.naming.days):
        return Named.DATE
    if least is Named.NOT and len(together) == 1 and how.rank and is_typo(view.forms[together[0]], words()):
        return Named.TYPO
    return least


def _same(view: View, together: Together, names: Mapping[Together, Named], client: str) -> int:
    """Other candidates that the amount fits as well and that are named as clearly."""
    others = sum(
        1 for each, how in view.fits.items() if each != together and how.sure and names[each] >= names[together]
    )
    equal = len(view.equal(client)) - 1 if names[together] <= Named.ORDER and len(together) == 1 else 0
    return max(others, equal)


def _names_another(naming: Naming, together: Together, named: Named) -> bool:
    """Whether the text clearly names an invoice that is not among them, or one of our series that nobody knows."""
    clear = any(how >= Named.SHORT and at not in together for at, how in naming.named.items())
    return clear or bool(naming.past) or (bool(naming.unknown) and named is not Named.TYPO)


def _is_near_another(view: View, together: Together, named: Named, words: Callable[[], Words]) -> bool:
    """Whether what leaves out zeros or more (K35/26) is one slip from another (K375/26) that the amount settles."""
    if not Named.BARE <= named < Named.DIGITS or len(together) > 1:
        return False
    others = (at for at in view.equal(view.opens[together[0]].client) if at != together[0])
    return any(is_typo(view.forms[at], words()) for at in others)


def _circumstances(view: View, together: Together, *, less: bool) -> tuple[str, ...]:
    """Of the rest: how many invoices, what else is named, when."""
    issued = min(view.opens[at].issued for at in together)
    due = max(view.opens[at].due for at in together)
    told = (
        (f"several {several(len(together))}", len(together) > 1),
        ("another is named more clearly", less),
        ("before issue", view.got.booked < issued),
        ("long after", view.got.booked > due + _LATE),
    )
    return tuple(fact for fact, is_so in told if is_so)
