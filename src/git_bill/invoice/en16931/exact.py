"""The arithmetic of EN 16931 over the business terms, with zero tolerance: the official rules let up to 0.99 pass.

Each amount is rounded once, half up, to the currency's decimals and at most two (BR-DEC-01 to 28).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from git_bill.contract.tax.levy import Component, taxed
from git_bill.invoice.en16931.model import Change, Line, Model, TaxGroup
from git_bill.money import Money, minor_units, round_half_up

_EXACT = 120  # digits: more than any product of two amounts that a file can hold
Group = tuple[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A rule that is not kept. `term`: the business term to change; `message`: in words for people."""

    rule: str
    term: str
    message: str
    example: str = ""


def arithmetic(model: Model, parts: Mapping[Group, Sequence[Component]]) -> Iterator[Broken]:
    """Everything that does not add up. `parts`: of a group's rate, where each tax is rounded by itself."""
    yield from _decimals(model)
    for line in model.lines:
        yield from _line(line, model.currency)
    for term, each in (
        *(("BT-92", each) for each in model.allowances),
        *(("BT-99", each) for each in model.charges),
    ):
        yield from _change(term, each, "the document's", model.currency)
    yield from _totals(model)
    yield from _groups(model, parts)


def _rounded(value: Decimal, currency: str) -> Decimal:
    return round_half_up(value, min(2, minor_units(currency)))


def _sum(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def _differs(rule: str, term: str, said: Decimal, right: Decimal, how: str) -> Iterator[Broken]:
    if said != right:
        yield Broken(rule=rule, term=term, message=f"{said:f} is stated where {how} gives {right:f}")


def _decimals(model: Model) -> Iterator[Broken]:
    """BR-DEC-01 to 28."""
    totals = model.totals
    amounts = {
        "BT-106": totals.lines,
        "BT-107": totals.allowances,
        "BT-108": totals.charges,
        "BT-109": totals.net,
        "BT-110": model.tax,
        "BT-112": totals.gross,
        "BT-113": totals.prepaid,
        "BT-114": totals.rounding,
        "BT-115": totals.payable,
        **{f"BT-131 of line {line.id}": line.net for line in model.lines},
        **{f"BT-116 of group {group.category}": group.base for group in model.groups},
        **{f"BT-117 of group {group.category}": group.tax for group in model.groups},
    }
    for term, amount in amounts.items():
        if amount is not None and amount != _rounded(amount, model.currency):
            many = min(2, minor_units(model.currency))
            message = f"{amount:f} has more than {many} decimals"
            yield Broken(rule="BR-DEC", term=term, message=message)


def _line(line: Line, currency: str) -> Iterator[Broken]:
    """BT-131 = round(BT-129 × BT-146 ÷ BT-149) + surcharges − discounts (Peppol R120, here to the cent)."""
    price, where = line.price, f"line {line.id}"
    base = Decimal(1) if price.base_quantity is None else price.base_quantity
    if base <= 0:
        message = f"{where}: the price is for {base:f} units; it must be for more than none"
        yield Broken(rule="PEPPOL-EN16931-R121", term="BT-149", message=message, example='base_quantity = "60"')
        return
    if price.net < 0 or (price.gross is not None and price.gross < 0):
        message = f"{where}: a price is never below zero"
        yield Broken(rule="BR-27", term="BT-146", message=message, example='negate the quantity: quantity = "-2"')
    if price.gross is not None and price.gross - (price.discount or 0) != price.net:
        message = f"{where}: {price.net:f} is not the gross price without its discount"
        yield Broken(rule="PEPPOL-EN16931-R046", term="BT-146", message=message)
    if price.base_unit not in {None, line.unit}:
        message = f"{where}: the price is per {price.base_unit}, the quantity in {line.unit}"
        yield Broken(rule="PEPPOL-EN16931-R130", term="BT-150", message=message)
    for term, each in (*(("BT-136", a) for a in line.allowances), *(("BT-141", c) for c in line.charges)):
        yield from _change(term, each, f"line {line.id}'s", currency)
    with localcontext(prec=_EXACT):
        net = _rounded(line.quantity * price.net / base, currency)
    net += _sum([each.amount for each in line.charges]) - _sum([each.amount for each in line.allowances])
    how = f"line {line.id}: {line.quantity:f} × {price.net:f} ÷ {base:f}, with its surcharges and discounts,"
    yield from _differs("PEPPOL-EN16931-R120", "BT-131", line.net, net, how)


def _change(term: str, change: Change, whose: str, currency: str) -> Iterator[Broken]:
    """round(base × percent ÷ 100) (Peppol R040 to R042); a reason or a code (BR-CO-21 to 24)."""
    if (change.percent is None) != (change.base is None):
        message = f"{whose} discount or surcharge states a percentage or a base without the other"
        yield Broken(rule="PEPPOL-EN16931-R041", term=term, message=message)
    elif change.percent is not None and change.base is not None:
        with localcontext(prec=_EXACT):
            right = _rounded(change.base * change.percent / 100, currency)
        how = f"{whose} {change.percent:f} % of {change.base:f}"
        yield from _differs("PEPPOL-EN16931-R040", term, change.amount, right, how)
    if not change.reason and not change.code:
        message = f"{whose} discount or surcharge of {change.amount:f} has no reason"
        yield Broken(rule="BR-CO-21", term=term, message=message, example='reason = "Loyalty discount"')


def _totals(model: Model) -> Iterator[Broken]:
    """BR-CO-10 to 16."""
    totals, none = model.totals, Decimal(0)
    allowances = _sum([each.amount for each in model.allowances])
    charges = _sum([each.amount for each in model.charges])
    tax = _sum([group.tax for group in model.groups])
    yield from _differs("BR-CO-10", "BT-106", totals.lines, _sum([line.net for line in model.lines]), "the lines' sum")
    yield from _differs("BR-CO-11", "BT-107", totals.allowances or none, allowances, "the discounts' sum")
    yield from _differs("BR-CO-12", "BT-108", totals.charges or none, charges, "the surcharges' sum")
    yield from _differs(
        "BR-CO-13", "BT-109", totals.net, totals.lines - allowances + charges, "BT-106 − BT-107 + BT-108"
    )
    if model.tax is None:
        yield Broken(rule="BR-CO-14", term="BT-110", message="the total tax is missing")
    yield from _differs("BR-CO-14", "BT-110", model.tax or none, tax, "the tax groups' sum")
    yield from _differs("BR-CO-15", "BT-112", totals.gross, totals.net + (model.tax or none), "BT-109 + BT-110")
    right = totals.gross - (totals.prepaid or none) + (totals.rounding or none)
    yield from _differs("BR-CO-16", "BT-115", totals.payable, right, "BT-112 − BT-113 + BT-114")


def _groups(model: Model, parts: Mapping[Group, Sequence[Component]]) -> Iterator[Broken]:
    """BR-S-08 and its like for all categories, BR-CO-17, BR-CO-18; one group for each category and rate."""
    if not model.groups:
        yield Broken(rule="BR-CO-18", term="BG-23", message="there is no VAT breakdown")
    bases: dict[Group, Decimal] = defaultdict(Decimal)
    for line in model.lines:
        bases[_key(line.category, line.rate)] += line.net
    for sign, changes in ((-1, model.allowances), (1, model.charges)):
        for each in changes:
            bases[_key(each.category or "", each.rate)] += sign * each.amount
    seen: set[Group] = set()
    for group in model.groups:
        key = _key(group.category, group.rate)
        name = f"{group.category} {key[1]:f} %"
        if key in seen:
            yield Broken(rule="BR-CO-18", term="BG-23", message=f"there are two VAT groups of {name}")
        seen.add(key)
        how = f"the sum of what is taxed with {name}"
        yield from _differs(f"BR-{group.category}-08", "BT-116", group.base, bases.get(key, Decimal(0)), how)
        yield from _tax(group, parts.get(key, ()), model.currency)
    for key in bases.keys() - seen:
        message = f"there is no VAT group for what is taxed with {key[0]} {key[1]:f} %"
        yield Broken(rule=f"BR-{key[0]}-01", term="BG-23", message=message)


def _tax(group: TaxGroup, parts: Sequence[Component], currency: str) -> Iterator[Broken]:
    """BT-117 = round(BT-116 × BT-119 ÷ 100) (BR-CO-17)."""
    rate = group.rate or Decimal(0)
    if parts:
        right = _sum([each.amount.amount for each in taxed(Money(group.base, currency), parts)])
        how = " + ".join(f"{each.name} {each.rate:f} %" for each in parts)
    else:
        with localcontext(prec=_EXACT):
            right = _rounded(group.base * rate / 100, currency)
        how = f"{rate:f} %"
    yield from _differs("BR-CO-17", "BT-117", group.tax, right, f"{how} of {group.base:f}")


def _key(category: str, rate: Decimal | None) -> Group:
    return category, (rate or Decimal(0)).normalize() + 0
