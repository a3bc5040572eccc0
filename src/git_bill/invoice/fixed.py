"""Fixed prices on a draft: milestones that are completed, deposits, and what was paid in advance, deducted once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.terms import Milestone
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Line
from git_bill.invoice.part import Part, Scope
from git_bill.money import Money, split


def fixed(scope: Scope) -> Part:
    """Time under a fixed price has none of its own: it is settled with the first milestone that the draft bills.

    Until one is completed, entries stay open.
    """
    return Part()


def milestones(scope: Scope) -> Part:
    """The milestones that are completed by the draft's last day, or that somebody asks for, each once.

    Deposits are deducted with the last of them, or with the last invoice of the contract's term. Under a fixed price
    the first one that is no deposit settles the work.
    """
    contract, kept = scope.contract, scope.kept
    due = [each for each in contract.milestones if _is_due(scope, each)]
    lines = [_line(scope, each) for each in due]
    first = next((number for number, each in enumerate(due) if not each.deposit), None)
    if first is not None and contract.kind == "fixed":
        work = {item.worked.id: item.minutes for item in scope.items}
        lines[first] = replace(lines[first], entries=work)
    parts = [each for each in contract.milestones if not each.deposit]
    rest = [each for each in parts if each not in due and scope.open(item(each))]
    last = any(each in due or item(each) in kept.bills for each in parts)
    over = not parts and scope.asked is None and contract.until is not None and contract.until <= scope.period.last
    if (last or over) and not rest:
        lines += _deductions(scope)
    return Part(lines=tuple(lines))


def item(milestone: Milestone) -> str:
    """What a line bills of it."""
    return f"{'deposit' if milestone.deposit else 'milestone'}:{milestone.id}"


def completed(scope: Scope, milestone: Milestone) -> str | None:
    """Why a milestone is due in words, None while it is not."""
    day = due_on(scope.basis, milestone)
    if day is None or day > scope.period.last:
        return None
    if milestone.on is not None:
        return f"due on {day}"
    kind, _, name = (milestone.event or "").partition(":")
    what = {"tag": f"tag {name}", "pull": f"pull request #{name}", "milestone": f"milestone {name!r}"}[kind]
    return f"completed by {what} on {day}"


def due_on(basis: Basis, milestone: Milestone) -> date | None:
    """The day on which a milestone is due as far as it is known; None until something completes it."""
    if milestone.on is not None:
        return milestone.on
    if milestone.event is None:
        return None
    place = f"{milestone.source}/" if milestone.source else ""
    return basis.happened.get(f"{place}{milestone.event}")


def price_of(contract: Contract, milestone: Milestone) -> Money:
    """Its amount, or its part of the contract's price; parts that make up the whole sum to it exactly."""
    if milestone.amount is not None:
        return milestone.amount
    assert contract.price is not None  # the contract's own checks say so
    parts = [each for each in contract.milestones if each.percent is not None and each.deposit == milestone.deposit]
    shares = [each.percent or Decimal(0) for each in parts]
    rest = Decimal(100) - sum(shares)
    whole = split(contract.price, [*shares, max(rest, Decimal(0))]) if rest >= 0 else ()
    if not whole:
        return (contract.price * ((milestone.percent or Decimal(0)) / 100)).rounded()
    return whole[parts.index(milestone)]


def _is_due(scope: Scope, milestone: Milestone) -> bool:
    """A deposit is not due any more where everything that it could be deducted from was billed without it."""
    parts = {item(each) for each in scope.contract.milestones if not each.deposit}
    if milestone.deposit and parts and parts <= scope.basis.billed(scope.contract).keys():
        return False
    return scope.due(item(milestone), by_itself=completed(scope, milestone) is not None)


def _line(scope: Scope, milestone: Milestone) -> Line:
    share = f"{milestone.percent.normalize():f} % of {scope.contract.price}: " if milestone.percent else ""
    why = completed(scope, milestone) or "billed because somebody asked for it"
    return Line(
        description=milestone.name or milestone.id,
        quantity=Decimal(1),
        unit="C62",
        unit_price=price_of(scope.contract, milestone),
        reason=f"fixed price, {share}{why}",
        bills=(item(milestone),),
    )


def _deductions(scope: Scope) -> Iterator[Line]:
    """Deposits that were billed and not yet deducted, each under its own invoice's tax (UStG § 14(5), Directive
    2006/112/EC Art. 65 and 73): what is left is taxed once.
    """
    for invoice in scope.basis.earlier:
        if invoice.contract != scope.contract.id:
            continue
        for line in invoice.lines:
            for paid in (each for each in line.bills if each.startswith("deposit:")):
                name = f"deduct:{paid.removeprefix('deposit:')}"
                if scope.open(name):
                    yield Line(
                        description=line.description,
                        detail=f"{invoice.number}, {invoice.issue_date}",
                        quantity=Decimal(-1),
                        unit="C62",
                        unit_price=line.net,
                        tax=line.tax or invoice.tax,
                        reason=f"paid in advance with {invoice.number}, deducted once",
                        bills=(name,),
                    )
