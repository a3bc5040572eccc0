"""Terms of one contract that can't hold together."""

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from git_bill.contract.bounds import meet
from git_bill.contract.rate import Multiplier
from git_bill.contract.terms import Discount, Milestone, Order
from git_bill.money import Money
from git_bill.problem import nearest

_FIELD = re.compile(r"\{([^{}]*)\}")
Wrong = Iterator[tuple[str, str, str]]  # key, message, hint


def kind_problems(kind: str, *, lists: Collection[str], has_retainer: bool, multipliers: Sequence[Multiplier]) -> Wrong:
    """What its kind of contract lives on is there, and nothing that it would pass over. `lists`: what it has any of."""
    if kind == "retainer" and not has_retainer:
        yield "retainer", "is missing", 'like retainer = { fee = "1800.00 EUR", time = "20h" }'
    if kind != "retainer" and has_retainer:
        yield "retainer", f"does nothing in a contract of kind {kind}", 'write kind = "retainer", or take it out'
    if kind == "fixed" and "milestones" not in lists:
        example = 'like [[contracts.milestones]] id = "launch" amount = "5000.00 EUR"'
        yield "milestones", "are missing: a fixed price is billed by them", example
    if kind == "subscription" and "fees" not in lists:
        yield "fees", "are missing", 'like [[contracts.fees]] id = "support" amount = "450.00 EUR"'
    if kind == "daily" and any(each.start for each in multipliers):
        hint = 'leave start and end out, like weekdays = ["sat", "sun"]'
        yield "multipliers", "a day that is billed as a whole has no time of day", hint


def order_problems(orders: Sequence[Order]) -> Wrong:
    """An order without a budget hides those after it that are for its days."""
    for number, order in enumerate(orders):
        hidden = (one for one in orders[:number] if one.budget is None and meet(one, order))
        for one in hidden:
            message = f"orders {one.number} and {order.number} are for the same days, and the first has no budget"
            yield "orders", message, "let one end before the other starts: until = 2026-12-31"


def surcharge_problems(discounts: Sequence[Discount], most: Money | None) -> Wrong:
    """A surcharge of the whole would come on top of what a cap or a budget lets through: 1,000.00 and 5 % are 1,050.00.

    On the lines it is under a cap like the work. `most`: the first of them in money.
    """
    for each in (one for one in discounts if most is not None and one.charge and one.of == "invoice"):
        message = f"the surcharge {each.reason!r} is of the whole invoice, and would come on top of {most}"
        yield "discounts", message, 'put it on the work: of = "lines"' if each.percent else "make it a fee"


def milestone_problems(milestones: Sequence[Milestone], price: Money | None, currency: str) -> Wrong:
    """Parts of a price that there is, and together no more than all of it."""
    if price is None and any(milestone.percent is not None for milestone in milestones):
        hint = f'write it like price = "20000.00 {currency}"'
        yield "price", "is missing: a milestone is a part of it", hint
    for deposits, name in ((False, "milestones"), (True, "deposits")):
        parts = (each.percent for each in milestones if each.deposit == deposits and each.percent is not None)
        if (whole := sum(parts, Decimal(0))) > Decimal(100):
            yield "milestones", f"the {name} are {whole:f} % of the price in all", 'lower one: percent = "30%"'


def describe_problems(template: str | None, known: Sequence[str]) -> Wrong:
    """A text of lines says something, closes each brace, and names only what there is. `known`: what there is."""
    if template is None:
        return
    example = 'write it like describe = "{ticket}: {title}"'
    if not template.strip():
        yield "describe", "says nothing of a line", f"{example}, or take it out"
    elif set("{}") & set(_FIELD.sub("", template)):
        yield "describe", f"a brace of {template!r} has no partner", example
    for name in _FIELD.findall(template):
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean {{{near}}}?" if near else f"there are {', '.join(f'{{{each}}}' for each in known)}"
            yield "describe", f"there is no {{{name}}} to describe a line with", hint
