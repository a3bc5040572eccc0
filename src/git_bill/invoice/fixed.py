"""Fixed prices on a draft: milestones that are completed, deposits, and what was paid in advance, deducted once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.terms import Milestone
from git_bill.invoice.basis import Basis, item_key
from git_bill.invoice.deposit import Deposit, deposits, is_deduction
from git_bill.invoice.discounting import discounted
from git_bill.invoice.document.locale import date_text
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.part import Part, Scope
from git_bill.invoice.totals import net_of
from git_bill.money import Money, split, total


def fixed(scope: Scope) -> Part:
    """Time under a fixed price has none of its own: it is settled with the first milestone that the draft bills.

    Until one is completed, entries stay open.
    """
    return Part()


def milestones(scope: Scope) -> Part:
    """The milestones that are completed by the draft's last day, or that somebody asks for, each once.

    Under a fixed price the first one that is no deposit settles the work.
    """
    contract = scope.contract
    due = [each for each in contract.milestones if _is_due(scope, each)]
    lines = [_line(scope, each) for each in due]
    first = next((number for number, each in enumerate(due) if not each.deposit), None)
    if first is not None and contract.kind == "fixed":
        work = {item.worked.id: item.minutes for item in scope.items}
        lines[first] = replace(lines[first], entries=work)
    return Part(lines=tuple(lines))


def deductions(scope: Scope, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Deposits, deducted with the contract's last milestone or the last invoice of its term: as much of them as the
    `lines` come to after discounts of the whole, the rest with the next invoice.

    Each as it was billed: after its own invoice's discounts, at its rate of exchange and under its tax (UStG § 14(5),
    Directive 2006/112/EC Art. 65 and 73), so that what is left is taxed once. Of 20,000.00 less 10 %, 5,000.00 were
    billed in advance at 4,500.00: 18,000.00 − 4,500.00 are due.
    """
    contract, every = scope.contract, (*scope.kept.lines, *lines)
    here = {each for line in every for each in line.bills} | scope.kept.bills
    parts = _parts(contract)
    last = not parts.isdisjoint(here) or fully_billed(scope.basis, contract)
    if not (last or _is_over(scope)) or any(scope.open(each) for each in parts - here):
        return ()
    found: list[Line] = []
    room = discounted(scope, total((net_of(each) for each in every if not is_deduction(each)), contract.currency))
    room = total((room, *(net_of(each) for each in every if is_deduction(each))), contract.currency)
    for deposit in deposits(scope.basis.issued, contract.id):
        then = _dearer(scope, deposit)
        most = Money(room.amount / then, room.currency).rounded()
        take = min(deposit.agreed, most, key=lambda each: each.amount)
        if take.amount > 0 and not _is_taken(scope, deposit.name):
            whole = not deposit.parts and take == deposit.agreed
            bills = deposit.name if whole else f"{deposit.name}:{deposit.parts + 1}"
            found.append(_deduction(deposit, take, bills, scope))
            room -= Money(take.amount * then, room.currency).rounded()
    return tuple(found)


def fully_billed(basis: Basis, contract: Contract) -> bool:
    """Whether invoices billed every milestone that is no deposit: no deposit can be deducted from one any more."""
    parts = _parts(contract)
    return bool(parts) and parts <= basis.billed(contract).keys()


def late_deposits(draft: Draft, basis: Basis, contract: Contract) -> tuple[int, ...]:
    """Places of a draft's lines with a deposit that can't be deducted from anything any more."""
    if draft.reverses is not None or not fully_billed(basis, contract):  # what takes one back bills none
        return ()
    deposits = {item(each) for each in contract.milestones if each.deposit}
    return tuple(n for n, line in enumerate(draft.lines) if not deposits.isdisjoint(line.bills))


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
    """A deposit is due only while something is billed after it that it can be deducted from."""
    if milestone.deposit and _is_last(scope):
        return False
    return scope.due(item(milestone), by_itself=completed(scope, milestone) is not None)


def _is_last(scope: Scope) -> bool:
    """Whether nothing stays open after the draft: no milestone, or without any no day of the term."""
    parts = [each for each in scope.contract.milestones if not each.deposit]
    if not parts:
        return _is_over(scope)
    done = scope.basis.billed(scope.contract).keys() | scope.kept.bills
    return all(item(each) in done or _is_due(scope, each) for each in parts)


def _is_over(scope: Scope) -> bool:
    """Whether the draft is the last one of the term of a contract without milestones."""
    until = scope.contract.until
    return not _parts(scope.contract) and scope.asked is None and until is not None and until <= scope.period.last


def _parts(contract: Contract) -> frozenset[str]:
    """What bills the milestones that are no deposit."""
    return frozenset(item(each) for each in contract.milestones if not each.deposit)


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


def _dearer(scope: Scope, deposit: Deposit) -> Decimal:
    """How many times today's rate of exchange a deposit was billed at."""
    then, now = deposit.invoice.conversion, scope.conversion
    same = now is not None and deposit.billed.currency == scope.contract.invoice_currency
    return then.rate / now.rate if then is not None and now is not None and same else Decimal(1)


def _deduction(deposit: Deposit, take: Money, bills: str, scope: Scope) -> Line:
    language = scope.basis.engagement.client.language
    text = scope.basis.words.found("deducted_deposit", language) or "{number}, {date}"
    return Line(
        description=deposit.line.description,
        detail=text.format(number=deposit.invoice.number, date=date_text(deposit.invoice.issue_date, language)),
        quantity=Decimal(-1),
        unit="C62",
        unit_price=take,
        tax=deposit.line.tax or deposit.invoice.tax,
        reason=f"paid in advance with {deposit.invoice.number}, deducted once",
        bills=(bills,),
    )


def _is_taken(scope: Scope, name: str) -> bool:
    """Whether a line of a person's or another draft deducts a deposit, or somebody waived that."""
    deducted = {each for line in scope.basis.billed_for(scope.contract, name) for each in line.bills}
    waived = scope.basis.billed(scope.contract).keys() - deducted
    held = item_key(scope.basis.client, scope.contract.id, name)
    return any(
        each in {name, held} or each.startswith((f"{name}:", f"{held}:"))
        for each in (*scope.kept.bills, *waived, *scope.basis.held)
    )
