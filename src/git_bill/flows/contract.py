"""Contracts to look at: what holds on a day, and what the work of a period would have cost under other terms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from git_bill.contract.agreement import Contract
from git_bill.contract.plain import Term
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import Applies
from git_bill.flows.open_drafts import AtTip
from git_bill.invoice.agreed import agreed
from git_bill.invoice.basis import Basis, item_key
from git_bill.invoice.billed import settled
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.drafting import Drafted, build
from git_bill.invoice.issued import InvoiceLine
from git_bill.invoice.summary import Row, rows
from git_bill.invoice.tax_point import decided
from git_bill.invoice.totals import draft_totals, net_of
from git_bill.money import Money, total
from git_bill.period import Period
from git_bill.problem import Exit, Problem, Stop, located, nearest, stop
from git_bill.shape import key, read
from git_bill.workspace import unknown_client


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A contract and its terms on a day. `covers`: whether it holds on that day at all."""

    client: str
    contract: Contract
    covers: bool
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A file with one contract in it, as it would stand in a client's file."""

    contracts: tuple[Contract, ...] = key("the one contract", default=())

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Exactly one."""
        if len(self.contracts) != 1:
            message = f"one contract can be compared with, here are {len(self.contracts)}"
            yield "contracts", message, 'write one table: [[contracts]] id = "acme-2027"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What a period comes to under some contracts. `lines`: net by description, in order; `sums`: the rows below them.

    `left`: minutes that are listed and not billed.
    """

    contracts: tuple[str, ...]
    lines: Mapping[str, Money]
    sums: tuple[Row, ...]
    net: Money
    gross: Money
    minutes: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """The work of a period as agreed and under another contract. `difference`: of the nets; None for two currencies."""

    client: str
    period: Period
    entries: int
    minutes: int
    now: tuple[Side, ...]
    then: Side
    difference: Money | None
    problems: tuple[Problem, ...]


def terms_on(state: AtTip, on: date, client: str | None = None, contract: str | None = None) -> tuple[Shown, ...]:
    """The contracts that hold on a day, or the one that is named, whether it holds or not. Stops at unknown names."""
    found = []
    for name in [client] if client is not None else sorted(state.workspace.engagements):
        basis = basis_of(state, name)
        if contract is not None and basis.contract(contract) is None:
            raise Stop(Exit.USAGE, [_unknown(contract, [each.id for each in basis.engagement.contracts])])
        for each in basis.engagement.contracts:
            if each.id == contract or (contract is None and each.covers(on)):
                terms = agreed(basis, each, on)
                found.append(Shown(client=name, contract=each, covers=each.covers(on), terms=terms))
    return tuple(found)


def proposed(text: str, file: str) -> Contract:
    """The contract of a file. Stops (exit 3) with everything that is wrong with it."""
    found = read(Proposal, text, file)
    if found.value is None:
        raise Stop(Exit.SETTINGS, found.problems)
    return found.value.contracts[0]


def contract_of(state: AtTip, name: str, client: str) -> Contract:
    """A contract by id: the client's own, else the one of another client. Stops where there is none, or are several."""
    own = basis_of(state, client).contract(name)
    if own is not None:
        return own
    found = {
        f"{other}/{each.id}": each
        for other, engagement in state.workspace.engagements.items()
        for each in engagement.contracts
        if name in {each.id, f"{other}/{each.id}"}
    }
    if not found:
        known = [each.id for engagement in state.workspace.engagements.values() for each in engagement.contracts]
        raise Stop(Exit.USAGE, [_unknown(name, known)])
    if len(found) > 1:
        message = f"{len(found)} clients have a contract {name!r}"
        raise stop(Exit.USAGE, "which-contract", message, f"say whose: --with {min(found)}")
    return next(iter(found.values()))


def simulate(books: Basis, other: Contract, period: Period) -> Simulated:
    """The client's work of a period under its own contracts and under another one, as if nothing had billed it yet.

    Invoices from before the period count on both sides: for what a retainer carries over, and for caps. The other
    contract is for all of the work, and taken to hold in that period.
    """
    basis, client = _before(books, period), books.client
    tax = decided(basis, period)
    if isinstance(tax, Problem):
        raise Stop(Exit.PROBLEMS, [located(tax, basis.where)])
    work = [w for w in basis.worked.values() if w.client == client and w.entry.day in period and w.entry.minutes]
    now, problems = _side(basis, basis.engagement.contracts, period, tax)
    until = None if other.until is None or other.until < period.last else other.until
    holding = replace(other, from_=min(other.from_, period.first), until=until, applies=Applies())
    alone = replace(basis, engagement=replace(basis.engagement, contracts=(holding,)), where={})
    (then,), wrong = _side(alone, (holding,), period, tax)
    if any(p.rule == "no-rate" for p in wrong):
        raise Stop(Exit.PROBLEMS, [replace(p, file=None, at=()) for p in wrong])
    same = all(side.net.currency == then.net.currency for side in now)
    before = total((side.net for side in now), then.net.currency) if same else None
    return Simulated(
        client=client,
        period=period,
        entries=len(work),
        minutes=sum(w.entry.minutes for w in work),
        now=now,
        then=then,
        difference=None if before is None else then.net - before,
        problems=problems,
    )


def basis_of(state: AtTip, client: str) -> Basis:
    """What is known of a client's work. Stops (exit 2) where there is no such client."""
    if client not in state.workspace.engagements:
        raise Stop(Exit.USAGE, [unknown_client(client, state.workspace.engagements)])
    return state.basis(client)


def _before(basis: Basis, period: Period) -> Basis:
    """The books as they were when the period was to be billed, without work from before that nothing has billed.

    What was billed in advance for the period is part of what it costs.
    """
    earlier = tuple(
        replace(invoice, lines=tuple(line for line in invoice.lines if line.entries or not _begins(line, period)))
        for invoice in basis.invoices
        if invoice.last < period.first
    )
    done = settled(earlier)
    worked = {
        w.id: w for w in basis.worked.values() if w.entry.day in period or w.id in done.by or w.id in done.minutes
    }
    return replace(basis, invoices=earlier, worked=worked, pins={}, held={})


def _begins(line: Line | InvoiceLine, period: Period) -> bool:
    """Whether a line is for time that begins in a period."""
    return line.first is not None and line.first in period


def _side(
    basis: Basis, contracts: Iterable[Contract], period: Period, tax: Tax
) -> tuple[tuple[Side, ...], tuple[Problem, ...]]:
    """What the contracts come to, those of one currency together."""
    sides: dict[str, list[Draft]] = {}
    problems: dict[Problem, None] = {}
    for contract in contracts:
        made = _built(basis, contract, period, tax)
        problems |= dict.fromkeys(p for p in made.problems if p.rule != "nothing-to-bill")
        sides.setdefault(contract.currency, []).append(made.draft)
    return tuple(_summed(drafts, currency) for currency, drafts in sides.items()), tuple(problems)


def _built(basis: Basis, contract: Contract, period: Period, tax: Tax) -> Drafted:
    """A period's draft without what is billed in advance for later ones."""
    made = build(basis, contract, period, tax, draft_id="D-simulated")
    later = [line for line in made.draft.lines if line.first is not None and line.first > period.last]
    held = {item_key(basis.client, contract.id, item): "later" for line in later for item in line.bills}
    return build(replace(basis, held=held), contract, period, tax, draft_id="D-simulated") if held else made


def _summed(drafts: list[Draft], currency: str) -> Side:
    lines: dict[str, Money] = {}
    for line in (line for draft in drafts for line in draft.lines):
        lines[line.description] = lines.get(line.description, Money.zero(currency)) + net_of(line)
    totals = [draft_totals(draft) for draft in drafts]
    return Side(
        contracts=tuple(draft.contract for draft in drafts),
        lines=lines,
        sums=tuple(row for draft in drafts for row in rows(draft) if row.kind in {"changed", "added"}),
        net=total((each.net for each in totals), currency),
        gross=total((each.gross for each in totals), currency),
        minutes=sum(minutes for draft in drafts for line in draft.lines for minutes in line.entries.values()),
        left=sum(left.minutes for draft in drafts for left in draft.not_billed.values()),
    )


def _unknown(contract: str, known: Iterable[str]) -> Problem:
    names = sorted(known)
    near = nearest(contract, names)
    return Problem(
        rule="unknown-contract",
        message=f"there is no contract {contract!r}" + (f" (known: {', '.join(names)})" if names else ""),
        hint=f"did you mean {near}?" if near else "see them with: git bill contract show",
    )
