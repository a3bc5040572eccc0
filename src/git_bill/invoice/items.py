"""Items: what a draft bills beside hours, judged against what the terms give for the same today."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.terms import Milestone
from git_bill.invoice.basis import Basis, item_key
from git_bill.invoice.deposit import is_deduction
from git_bill.invoice.discounting import on_lines
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.drafting import after, at_days, beside, late_of, time_of, update_command
from git_bill.invoice.finding import Finding, finding
from git_bill.invoice.fixed import completed, deductions, item, late_deposits
from git_bill.invoice.grouping import Item
from git_bill.invoice.metered import uses_of
from git_bill.invoice.part import OF_TIME, Kept, Scope
from git_bill.invoice.retaining import drawn_in
from git_bill.invoice.totals import net_of
from git_bill.money import total
from git_bill.period import Period
from git_bill.problem import Severity

_BECAUSE = 'say why in the line: because = "agreed by phone on 3 November"'


def item_findings(draft: Draft, basis: Basis, contract: Contract) -> Iterator[Finding]:
    """Law 6: each item once. A line costs what the terms give for its items, or a person says why it does not."""
    yield from _once(draft, basis, contract)
    yield from _deposits(draft, basis, contract)
    judged = _Judged(draft=draft, basis=replace(basis, held={}), contract=contract)
    yield from judged.single_lines()
    yield from judged.time()
    yield from judged.deducted()
    yield from judged.asked_for()
    yield from judged.overbilled()


def _once(draft: Draft, basis: Basis, contract: Contract) -> Iterator[Finding]:
    """Items that something else bills, or two lines."""
    billed, seen = basis.billed(contract), dict[str, int]()
    again = f"bring the draft up to date: {update_command(draft)}"
    for index, line in enumerate(draft.lines):
        at = ("lines", index, "bills")
        for each in line.bills:
            if each in billed:
                yield finding("billed-before", f"{each} was billed with {billed[each]}", again, at=at)
            elif (other := basis.held.get(item_key(draft.client, contract.id, each))) is not None:
                message = f"{each} is also on the open draft {other}; only one of them can be issued"
                yield finding("on-two-drafts", message, again, severity="warning", at=at)
            if each in seen:
                message = f"lines {seen[each] + 1} and {index + 1} both bill {each}"
                yield finding("billed-before", message, "take one of them out", at=at)
            seen.setdefault(each, index)


def _deposits(draft: Draft, basis: Basis, contract: Contract) -> Iterator[Finding]:
    """Deposits that nothing is left to be deducted from, and those that another draft would bill too late."""
    named = {item(each): each.deposit for each in contract.milestones}
    here = {each for line in draft.lines for each in line.bills}
    parts = {each for each, deposit in named.items() if not deposit}
    if not parts:
        return
    for index in late_deposits(draft, basis, contract):
        hint = "delete the draft" if len(draft.lines) == 1 else "take the line out"
        message = f"the contract is fully billed; {hint}"
        why = "what is paid in advance now could not be deducted from anything"
        yield finding("deposit-too-late", message, why, at=("lines", index, "bills"))
    if not parts.isdisjoint(here) and parts <= basis.billed(contract).keys() | here:
        for each in (name for name, deposit in named.items() if deposit):
            other = basis.held.get(item_key(draft.client, contract.id, each))
            if other is not None:
                message = f"{each} is on the open draft {other}, which can't be issued after this one"
                hint = f"issue {other} first, or delete it"
                yield finding("deposit-on-a-draft", message, hint, severity="warning", at=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A draft beside what the terms give for its items and its pinned work now."""

    draft: Draft
    basis: Basis
    contract: Contract

    def scope(self, lines: Sequence[Line], kept: Kept | None = None) -> Scope:
        """All items of the draft are asked for; the work is what some lines pin."""
        pins: dict[str, int] = defaultdict(int)
        for line in lines:
            for entry, minutes in line.entries.items():
                pins[entry] += minutes
        draft, basis = self.draft, self.basis
        period = Period(draft.first, draft.last)
        worked = ((basis.worked[entry], minutes) for entry, minutes in pins.items() if entry in basis.worked)
        items = (
            Item(worked=w, minutes=m, late=late_of(basis, self.contract, period, w.entry.day))
            for w, m in worked
            if m > 0
        )
        return Scope(
            basis=basis,
            contract=self.contract,
            period=period,
            items=tuple(items),
            kept=kept or Kept(),
            asked=frozenset(each for line in draft.lines for each in line.bills),
            tax=draft.tax,
            conversion=draft.conversion,
        )

    def single_lines(self) -> Iterator[Finding]:
        """Lines of items that are no time: each against the one that the terms give."""
        lines = self.draft.lines
        billed = self.basis.billed(self.contract)
        expected = {frozenset(line.bills): line for line in self._given()}
        late = late_deposits(self.draft, self.basis, self.contract)
        for index, line in enumerate(lines):
            if index in late or not line.bills or _is_time(line) or not billed.keys().isdisjoint(line.bills):
                continue
            given = expected.get(frozenset(line.bills))
            at = ("lines", index)
            if given is None:
                message = f"line {index + 1} bills {', '.join(line.bills)}, which {self.contract.id} does not give now"
                yield _said(line, finding("unknown-item", message, _BECAUSE, at=(*at, "bills")))
            elif line.tax != given.tax:
                message = f"line {index + 1} has another tax treatment than {', '.join(line.bills)}"
                yield _said(line, finding("other-tax", message, _BECAUSE, at=(*at, "tax")))
            elif _price(line) != _price(given):
                asks, gives = net_of(line), net_of(given)
                message = f"line {index + 1} bills {asks}, the terms give {gives} for {', '.join(line.bills)}"
                severity: Severity = "error" if gives < asks else "warning"
                hint = _BECAUSE if gives < asks else "a discount, if it is meant"
                yield _said(line, finding("not-as-agreed", message, hint, severity=severity, at=(*at, "unit_price")))

    def _given(self) -> Iterator[Line]:
        lines = self.draft.lines
        scope = self.scope(lines)
        others = tuple(line for line in lines if not (_follows(line) or is_deduction(line)))
        yield from at_days((*beside(scope).lines, *after(scope, others)), scope)

    def time(self) -> Iterator[Finding]:
        """Days and what a retainer holds: the work as a whole, for a person may have parted it in another way."""
        if self.contract.kind not in {"daily", "retainer"}:
            return
        lines = [(n, line) for n, line in enumerate(self.draft.lines) if line.entries or _is_time(line)]
        own = tuple(line for _, line in lines if line.because or line.set)
        mine = [line for _, line in lines if line not in own]
        scope = self.scope(mine, Kept(lines=own))
        reserved = (net_of(line) for line in self.draft.lines if not (line.entries or _is_time(line) or _follows(line)))
        scope = replace(scope, asked=None, reserved=total(reserved, self.draft.currency))
        given = on_lines(scope, time_of(scope).lines)
        asks, gives = (total(map(net_of, some), self.draft.currency) for some in (mine, given))
        if gives < asks:
            message = f"the work is billed at {asks}, the terms give {gives} for it"
            yield finding("not-as-agreed", message, f"bring it up to date: {update_command(self.draft)}", at=())
        retainer = self.contract.retainer
        if retainer is not None:
            have = drawn_in(given, retainer)
            for month, drawn in drawn_in(mine, retainer).items():
                if have.get(month, Decimal(0)) < drawn:
                    message = f"more is taken from the retainer for {month} than it has left"
                    hint = f"bring it up to date: {update_command(self.draft)}"
                    yield finding("retainer-overdrawn", message, hint, at=())

    def deducted(self) -> Iterator[Finding]:
        """What was paid in advance and the terms deduct with what the draft bills, as long as nobody took it out."""
        there = {each for line in self.draft.lines for each in line.bills} | self.draft.not_billed.keys()
        for line in deductions(self.scope(()), tuple(line for line in self.draft.lines if not is_deduction(line))):
            for each in line.bills:
                if each not in there:
                    message = f"{net_of(line)} is not deducted: {line.reason}"
                    hint = f"bring it up to date: {update_command(self.draft)}"
                    yield finding("not-deducted", message, hint, at=())

    def overbilled(self) -> Iterator[Finding]:
        """Usage that earlier invoices billed at more than its readings come to now."""
        for use in uses_of(self.scope(())):
            if use.excess:
                name = f"{use.meter.name or use.meter.id} of {use.days}"
                message = f"{name}: billed {use.excess} more than the readings come to now"
                hint = "agree with the client; take it off with a discount: allowances"
                yield finding("usage-overbilled", message, hint, severity="warning", at=())

    def asked_for(self) -> Iterator[Finding]:
        """Milestones that nothing says are completed: somebody asked for them."""
        scope = self.scope(())
        named: Mapping[str, Milestone] = {item(each): each for each in self.contract.milestones}
        for index, line in enumerate(self.draft.lines):
            for each in (named[name] for name in line.bills if name in named):
                if not each.deposit and completed(scope, each) is None:
                    message = f"nothing says that milestone {each.id!r} is completed by {self.draft.last}"
                    hint = "nothing to do, if it is: somebody asked for it"
                    yield finding("milestone-open", message, hint, severity="info", at=("lines", index, "bills"))


_AFTER = ("call-out:", "minimum:")


def _follows(line: Line) -> bool:
    """Whether a line depends on what the others bill."""
    return any(each.startswith(_AFTER) for each in line.bills)


def _is_time(line: Line) -> bool:
    return any(each.startswith(OF_TIME) for each in line.bills)


def _price(line: Line) -> tuple[object, ...]:
    """What must be as agreed."""
    return line.quantity, line.unit, line.unit_price, line.base_quantity, line.allowances


def _said(line: Line, found: Finding) -> Finding:
    """A finding that a person's reason answers is worth no more than a word."""
    path, problem = found
    return (path, replace(problem, severity="info", hint=f"because: {line.because}")) if line.because else found


def order_findings(draft: Draft, contract: Contract, *, final: bool) -> Iterable[Finding]:
    """That a contract which is billed under an order has none here (`order-missing`)."""
    if "order" in contract.requires and not draft.order:
        message = f"contract {contract.id} is billed under the client's purchase order, and none is for {draft.last}"
        hint = f"{update_command(draft)} --order 4500012345; or list it: [[contracts.orders]] number, from, until"
        severity: Severity = "error" if final else "warning"
        yield finding("order-missing", message, hint, severity=severity, at=())
