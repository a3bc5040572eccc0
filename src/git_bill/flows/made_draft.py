"""One draft's content: made anew or brought up to date, with the rates of exchange that it needs."""

from dataclasses import dataclass, replace
from datetime import date

from git_bill.contract.agreement import Contract
from git_bill.contract.exchange import Quotes
from git_bill.contract.party import Issuer
from git_bill.flows.open_drafts import AtTip
from git_bill.invoice.conversion import conversion_for, exchange_for
from git_bill.invoice.draft import Draft
from git_bill.invoice.drafting import Drafted, build
from git_bill.invoice.kind import kind_of
from git_bill.invoice.tax_point import decided
from git_bill.invoice.updating import redraft
from git_bill.layout import draft_file
from git_bill.period import Period
from git_bill.ports import Books, Clock, DraftBranch
from git_bill.problem import Exit, Problem, Stop, located
from git_bill.shape import read
from git_bill.worklog.entry import short_hash
from git_bill.workspace import DRAFTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One draft that is to be made: a contract's work in a period. `only`, `asked`: as in `build`."""

    client: str
    contract: Contract
    period: Period
    only: frozenset[str] | None = None
    asked: frozenset[str] | None = None

    @property
    def partial(self) -> bool:
        """Whether it is to bill only a part of what is due."""
        return self.only is not None or self.asked is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A draft's name, and the branch and content it has already."""

    name: str
    branch: DraftBranch | None = None
    draft: Draft | None = None


def drafted(books: Books, clock: Clock, found: AtTip, due: Due, at: Place) -> Drafted:
    """What is due as a draft. Stops (exit 1) at an undecided tax or a rate of exchange that prices need and is missing.

    The rate is of the last day of the work, or for what is billed in advance the last one that was published.
    """
    basis = found.basis(due.client, without=at.name)
    tax = decided(basis, due.period)
    if isinstance(tax, Problem):
        raise Stop(Exit.PROBLEMS, [located(tax, basis.where)])
    day = min(due.period.last, clock.today(basis.issuer.timezone))
    conversion = conversion_for(due.contract, found.quotes, day)
    if isinstance(conversion, Problem):
        raise Stop(Exit.PROBLEMS, [conversion])
    if at.branch is None or at.draft is None:
        facts = (due.client, due.contract.id, at.name, clock.now().isoformat())
        draft_id = "D-" + short_hash("\x1f".join(facts))
        made = build(
            basis,
            due.contract,
            due.period,
            tax,
            draft_id=draft_id,
            only=due.only,
            asked=due.asked,
            conversion=conversion,
        )
    else:
        base = _base(books, at.branch, at.name)
        made = redraft(
            basis,
            due.contract,
            due.period,
            tax,
            base=base,
            current=at.draft,
            only=due.only,
            asked=due.asked,
            conversion=conversion,
        )
    made = replace(made, draft=replace(made.draft, kind=kind_of(made.draft, basis, due.contract)))
    return _stated(made, basis.issuer, found.quotes, day)


def _stated(made: Drafted, issuer: Issuer, quotes: Quotes, day: date) -> Drafted:
    """With the tax in the issuer's own currency, where that is another one and nobody set it."""
    exchange = None if "exchange" in made.draft.set else exchange_for(made.draft, issuer, quotes, day)
    if isinstance(exchange, Problem):
        return replace(made, problems=(*made.problems, exchange))
    return replace(made, draft=replace(made.draft, exchange=exchange or made.draft.exchange))


def _base(books: Books, branch: DraftBranch, name: str) -> Draft | None:
    """The draft as git-bill wrote it last on this branch; None where its commit is gone (a squash, a rebase)."""
    path = draft_file(name)
    for message, content in books.versions(branch.commit, path):
        if DRAFTED in message.splitlines() and content is not None:
            return read(Draft, content.decode("utf-8", "replace"), path).value
    return None
