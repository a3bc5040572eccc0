"""The terms of a contract on a day, in plain words and with what was billed under them so far."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from git_bill.contract.agreement import Contract
from git_bill.contract.balance import available, month_number
from git_bill.contract.plain import (
    PRICED,
    Term,
    cap_text,
    discount_text,
    event_text,
    expense_terms,
    fee_text,
    left_text,
    meter_text,
    multiplier_text,
    payment_terms,
    prices,
    retainer_text,
    rounding_text,
    shown_terms,
    work_terms,
)
from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import Milestone, Order
from git_bill.invoice.basis import Basis, item_key
from git_bill.invoice.capping import rooms
from git_bill.invoice.fixed import due_on, item, price_of
from git_bill.invoice.ordering import ordered
from git_bill.invoice.retaining import drawn_before, granted
from git_bill.invoice.tax_point import decided
from git_bill.period import Period, month
from git_bill.problem import Problem


def agreed(basis: Basis, contract: Contract, on: date) -> tuple[Term, ...]:
    """Everything that holds on a day. Costs of contributors are no terms and are not in it."""
    return (
        *work_terms(contract),
        *_rates(basis, contract, on),
        *_limits(basis, contract, on),
        *_retainer(basis, contract, on),
        *(_milestone(basis, contract, each) for each in contract.milestones),
        *(Term(topic="fee", text=fee_text(each), ref=each.id) for each in contract.fees),
        *(Term(topic="meter", text=meter_text(each), ref=each.id) for each in contract.meters),
        *_discounts(contract, on),
        *(_order(basis, contract, each, on) for each in contract.orders),
        *expense_terms(contract),
        *payment_terms(contract),
        *_tax(basis, on),
        *shown_terms(contract),
    )


def _rates(basis: Basis, contract: Contract, on: date) -> Iterator[Term]:
    """What time costs, for whom and why; how it is multiplied and rounded."""
    if contract.kind not in PRICED:
        return
    found, missing = prices(contract, basis.names or ("anyone",), on)
    for each in found:
        everyone = len(each.people) >= len(basis.names)
        who = "" if everyone else " for " + ", ".join(basis.names[person] for person in each.people)
        yield Term(topic="rate", text=f"{each.amount} {_an(each.per)}{who}: {each.reason}")
    if missing:
        text = f"no price for {', '.join(missing[:3])}" + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        yield Term(topic="rate", text=text, state="missing")
    yield from (Term(topic="multiplier", text=multiplier_text(each)) for each in contract.multipliers)
    if rounded := rounding_text(contract):
        yield Term(topic="rounding", text=rounded)


def _an(per: str) -> str:
    return "an hour" if per == "hour" else "a day"


def _limits(basis: Basis, contract: Contract, on: date) -> Iterator[Term]:
    """Caps; of those for all work, what invoices leave of them."""
    left = {room.limit.cap: room for room in rooms(basis, contract, month(on), ()) if not room.about}
    for limit in contract.limits:
        room = left.get(limit) if limit.per != "invoice" else None
        state = f"{room.limit.text(room.left)} left" if room else ""
        yield Term(topic="cap", text=cap_text(limit), state=state)


def _retainer(basis: Basis, contract: Contract, on: date) -> Iterator[Term]:
    retainer = contract.retainer
    if retainer is None:
        return
    this = month(on)
    free = available(granted(basis, contract, this), drawn_before(basis, contract), month_number(on))
    state = f"{left_text(retainer, free)} left in {this}, as billed so far"
    yield Term(topic="retainer", text=retainer_text(retainer), ref="retainer", state=state)


def _milestone(basis: Basis, contract: Contract, each: Milestone) -> Term:
    what = "paid in advance, deducted from the last one" if each.deposit else ""
    share = f"{each.percent.normalize():f} % of {contract.price}" if each.percent is not None else ""
    more = "; ".join(filter(None, (share, what)))
    text = f"{each.name or each.id}: {price_of(contract, each)}" + (f" ({more})" if more else "")
    return Term(topic="milestone", text=text, ref=each.id, state=_state(basis, contract, each))


def _state(basis: Basis, contract: Contract, each: Milestone) -> str:
    """Billed, drafted, due, or what it waits for."""
    name = item(each)
    if number := basis.billed(contract).get(name):
        return f"billed with {number}"
    if draft := basis.held.get(item_key(basis.client, contract.id, name)):
        return f"on the draft {draft}"
    day = due_on(basis, each)
    if event := event_text(each):
        return f"completed by {event} on {day}" if day else f"waits for {event}"
    kind = "deposit" if each.deposit else "milestone"
    return f"due on {day}" if day else f"billed when you ask for it: git bill draft --{kind} {each.id}"


def _discounts(contract: Contract, on: date) -> Iterator[Term]:
    """Those that have not ended."""
    for each in contract.discounts:
        if each.until is None or on <= each.until:
            later = each.from_ is not None and on < each.from_
            yield Term(topic="discount", text=discount_text(each), state="not yet" if later else "")


def _order(basis: Basis, contract: Contract, order: Order, on: date) -> Term:
    dates = f", from {order.from_}" if order.from_ else ""
    dates += f", until {order.until}" if order.until else ""
    budget = f", at most {order.budget} net" if order.budget else ""
    left = order.budget - ordered(basis, order.number, contract) if order.budget else None
    states = ["" if order.covers(on) else "not for this day", f"{left} left" if left is not None else ""]
    return Term(
        topic="order",
        text=f"{order.number}{dates}{budget}",
        ref=order.number,
        state=", ".join(filter(None, states)),
    )


def _tax(basis: Basis, on: date) -> Iterator[Term]:
    """The treatment, by which law, and what the client keeps."""
    found = decided(basis, Period(on, on))
    if isinstance(found, Problem):
        yield Term(topic="tax", text=f"not decided: {found.message}", state="missing")
        return
    yield Term(topic="tax", text=_treatment(found), ref=str(found.category))
    for each in found.surcharges:
        much = each.amount or f"{each.rate.normalize():f} %"
        yield Term(topic="tax", text=f"{each.name} {much} on top ({each.law})")
    for kept in found.withholding:
        rate = f"{kept.rate.normalize():f}" + (" %" if kept.over == Decimal(100) else f"/{kept.over.normalize():f}")
        yield Term(topic="tax", text=f"the client keeps {kept.name}: {rate} of the {kept.of} ({kept.law})")


def _treatment(tax: Tax) -> str:
    parts = ", ".join(f"{each.name} {each.rate.normalize():f} %" for each in tax.components)
    rate = parts or (f"{tax.rate.normalize():f} %" if tax.rate else "none is charged")
    source = f" ({tax.source})" if tax.source else ""
    return f"{rate}{source}" + (f'; the invoice says: "{tax.note}"' if tax.note else "")
