"""What somebody asks to be billed by name: a milestone, a deposit, a month of a retainer."""

from collections.abc import Iterable
from datetime import date

from git_bill.contract.agreement import Contract
from git_bill.contract.route import fits
from git_bill.flows.made_draft import Due
from git_bill.flows.open_drafts import AtTip
from git_bill.invoice.basis import Basis
from git_bill.invoice.drafting import asked_of
from git_bill.invoice.fixed import due_on, item
from git_bill.layout import client_file
from git_bill.period import Period, month
from git_bill.problem import Problem, nearest


def asked_for(
    found: AtTip, client: str, asked: frozenset[str], period: Period | None, today: date
) -> tuple[list[Due], tuple[Problem, ...]]:
    """A draft for each of the client's contracts that has one of the items; what was billed before is a problem."""
    basis = found.basis(client)
    due: list[Due] = []
    problems: list[Problem] = []
    for contract in basis.engagement.contracts:
        mine = frozenset(each for each in asked if _has(contract, each))
        billed = basis.billed(contract)
        problems += (_billed(client, each, billed[each]) for each in sorted(mine & billed.keys()))
        if wanted := mine - billed.keys():
            days = _open_period(found, client, contract, wanted) or period or _period(basis, contract, wanted, today)
            settles = contract.kind == "fixed" and any(each.startswith("milestone:") for each in wanted)
            only = None if settles else frozenset[str]()
            due.append(Due(client=client, contract=contract, period=days, only=only, asked=wanted))
    return due, tuple(problems)


def unknown_item(found: AtTip, clients: Iterable[str], asked: str) -> Problem:
    """That no contract has what somebody asks for."""
    names = list(clients)
    contracts = (contract for client in names for contract in found.workspace.engagements[client].contracts)
    known = {item(each) for contract in contracts for each in contract.milestones}
    kind, _, name = asked.partition(":")
    near = nearest(asked, known)
    flag, _, like = (near or next(iter(sorted(known)), "")).partition(":")
    said = {"milestone": "milestone", "deposit": "deposit", "retainer": "retainer for"}[kind]
    return Problem(
        rule="unknown-item",
        message=f"no contract has a {said} {name!r}",
        hint=f"git bill draft --{flag} {like}"
        if flag
        else "list it in the contract: [[contracts.milestones]] id, amount",
        file=client_file(names[0]) if len(names) == 1 else None,
    )


def _has(contract: Contract, asked: str) -> bool:
    """Whether a contract has a milestone or deposit of that name, or its retainer covers days of that month."""
    kind, _, name = asked.partition(":")
    if kind != "retainer":
        return any(item(each) == asked for each in contract.milestones)
    days = _month(name)
    return contract.retainer is not None and contract.from_ <= days.last and days.first <= (contract.until or date.max)


def _month(name: str) -> Period:
    return month(date.fromisoformat(f"{name}-01"))


def _open_period(found: AtTip, client: str, contract: Contract, wanted: frozenset[str]) -> Period | None:
    """The days of the open draft that was asked for the same before."""
    for _, draft in found.open.values():
        if (draft.client, draft.contract, asked_of(draft)) == (client, contract.id, wanted):
            return Period(draft.first, draft.last)
    return None


def _period(basis: Basis, contract: Contract, wanted: frozenset[str], today: date) -> Period:
    """A retainer's own months; else the days from the first work that is open to the completion, or to today."""
    months = [_month(each.partition(":")[2]) for each in wanted if each.startswith("retainer:")]
    if months:
        return Period(min(each.first for each in months), max(each.last for each in months))
    done = [day for each in contract.milestones if item(each) in wanted and (day := due_on(basis, each)) is not None]
    last = max((day for day in done if day <= today), default=today)
    settled_ones = basis.settled.by
    mine = (w for w in basis.worked.values() if w.client == basis.client and w.id not in settled_ones)
    work = [w.entry.day for w in mine if fits(w.entry, contract) and contract.covers(w.entry.day)]
    deposit = all(each.startswith("deposit:") for each in wanted)
    return Period(last if deposit else min([last, *work]), last)


def _billed(client: str, asked: str, number: str) -> Problem:
    return Problem(
        rule="billed-before",
        message=f"{asked} was billed with {number}",
        hint=f"see it: git bill show {number}",
        file=client_file(client),
    )
