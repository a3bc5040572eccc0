"""Forgoing: whose word it takes to settle more than came, and whose word a merged proposal of payments has.

What is missing is given up by an owner or approver, as with a write-off, whatever it is called. A merge confirms
payments where who merged keeps the accounts: the forge tells who, else git's author, for people who list no keys.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from git_bill.contract.exchange import Quotes
from git_bill.flows.assent import able, tells
from git_bill.flows.bringing import brought
from git_bill.flows.write_off import approvers, asked
from git_bill.forge import Forge
from git_bill.money import Money
from git_bill.ports import Arrival, Books
from git_bill.problem import Problem
from git_bill.receivable.forgone import forgone
from git_bill.receivable.matching.open import Open
from git_bill.receivable.payment import Allocation
from git_bill.receivable.remittance import Remittance
from git_bill.receivable.settling import numbers
from git_bill.workspace import Role, Workspace

KEEPING: frozenset[Role] = frozenset({"owner", "accountant"})  # roles that record payments


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Who merged a proposal, and who of those that may sign off agreed to it, by merging or approving it."""

    by: str
    signed: frozenset[str] = frozenset()


def merged_word(
    books: Books, forge: Forge | None, arrival: Arrival | None, path: str, workspace: Workspace
) -> Word | Problem:
    """Whose word merged matches have; a problem where it is not enough. Stops (exit 5) at an absent forge."""
    people = workspace.settings.contributors
    if not people:
        return Word(by="unknown")
    if arrival is None:
        return _nobody(path, workspace)
    came = brought(books, forge, arrival)
    merger = came.merger(listed=tells(workspace, came.pull.merged_by if came.pull else None))
    by = next((each.id for each in able(workspace, KEEPING) if each.is_merger(merger)), None)
    if by is None:
        return _nobody(path, workspace, merger.account or merger.email)
    signed = {each.id for each in able(workspace) if each.is_merger(merger)}
    return Word(by=by, signed=frozenset(signed) | approvers(forge, came, path, workspace))


def _nobody(path: str, workspace: Workspace, who: str = "nobody that git knows") -> Problem:
    may = ", ".join(each.id for each in workspace.settings.contributors if KEEPING & set(each.roles)) or "nobody"
    return Problem(
        rule="not-theirs-to-confirm",
        severity="warning",
        message=f"{path} was merged by {who!r}, who does not keep the accounts: nothing of it is recorded",
        hint=f"{may} may: git bill reconcile --accept R-…; or take the file out: git rm {path}",
        file=path,
    )


def unsigned(
    made: Collection[Allocation],
    remittances: Mapping[str, Remittance],
    opens: Mapping[str, Open],
    quotes: Quotes,
    *,
    workspace: Workspace,
    signed: Collection[str],
) -> Problem | None:
    """What allocations forgo without the word of those who may sign it off. `signed`: ids of who said so."""
    people = workspace.settings.contributors
    able_to = {each.id for each in people if each.signs}
    for name in dict.fromkeys(each.remittance for each in made):
        own = [each for each in made if each.remittance == name]
        lost = forgone(own, remittances[name], opens, quotes)
        if people and lost is not None and len(able_to.intersection(signed)) < asked(workspace, lost):
            return _unsigned(lost, own, asked(workspace, lost), sorted(able_to.difference(signed)))
    return None


def _unsigned(lost: Money, made: Collection[Allocation], many: int, others: Collection[str]) -> Problem:
    settled, kind = numbers(made), next((each.difference for each in made if each.difference), "fee")
    who = "an owner or approver signs off" if many == 1 else f"{many} people sign off"
    less = f'git bill write-off {settled[0]} --amount "{lost}" --as fee --propose --because …'
    return Problem(
        rule="no-sign-off",
        severity="warning",
        message=f"{lost} of {', '.join(settled)} would be given up as {kind}, which {who}",
        hint=f"ask {', '.join(others) or 'another one'}; or record what came as a part, and propose the rest: {less}",
    )
