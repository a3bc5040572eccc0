"""Line nets and document totals: EN 16931's arithmetic, exact in Decimal. Each amount is rounded once, half up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from git_bill.contract.tax.case import PASSED_THROUGH
from git_bill.contract.tax.levy import Levied, surcharged, taxed, withheld, withheld_net
from git_bill.contract.tax.treatment import Category, Tax
from git_bill.invoice.allowance import Allowance, of_document, of_line, signed
from git_bill.invoice.draft import Draft, Exchange, Line
from git_bill.invoice.issued import Invoice, InvoiceLine, TaxTotal, Totals
from git_bill.money import Money, total
from git_bill.shape import Path

_EXACT = 120  # digits: more than any product of two amounts that a file can hold


def line_net(quantity: Decimal, unit_price: Money, base_quantity: Decimal = Decimal(1)) -> Money:
    """round(BT-129 × BT-146 ÷ BT-149) (Peppol BIS R120), to the currency's decimals, at most two (BR-DEC-23).

    Raises ZeroDivisionError for a base quantity of zero.
    """
    with localcontext(prec=_EXACT):
        return Money(quantity * unit_price.amount / base_quantity, unit_price.currency).rounded()


def net_of(line: Line | InvoiceLine) -> Money:
    """BT-131: what a line's own quantity and price give, with its surcharges and without its discounts."""
    net = line_net(line.quantity, line.unit_price, line.base_quantity)
    return total((net, *map(signed, changes_of(line))), net.currency)


def changes_of(line: Line | InvoiceLine) -> tuple[Allowance, ...]:
    """A line's discounts and surcharges with their amounts (BG-27, BG-28)."""
    return of_line(line.allowances, line_net(line.quantity, line.unit_price, line.base_quantity))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What totals are computed from: line nets and document discounts, each under its tax treatment.

    `tax` is the document's: it says what the law adds and what the client keeps. `labour`: the lines' net without
    materials and expenses.
    """

    currency: str
    tax: Tax
    nets: Sequence[tuple[Tax, Money]]
    allowances: Sequence[Allowance] = ()
    labour: Money | None = None
    prepaid: Money | None = None
    rounding: Money | None = None
    exchange: Exchange | None = None


def sums_of(document: Draft | Invoice) -> Sums:
    """What a draft or an issued document comes to is computed from this, and from nothing else."""
    nets = [(line.tax or document.tax, net_of(line)) for line in document.lines]
    allowances = of_document(document.allowances, nets)
    rests = document if isinstance(document, Draft) else document.totals
    return Sums(
        currency=document.currency,
        tax=document.tax,
        nets=nets,
        allowances=allowances,
        labour=_labour(document, allowances),
        prepaid=rests.prepaid,
        rounding=rests.rounding,
        exchange=document.exchange,
    )


def _labour(document: Draft | Invoice, allowances: Iterable[Allowance]) -> Money:
    """The lines' net without materials and expenses, with its part of the document's discounts and surcharges."""
    nets = [(net_of(line), any(each.startswith("expense:") for each in line.bills)) for line in document.lines]
    whole = total((net for net, _ in nets), document.currency)
    labour = total((net for net, is_cost in nets if not is_cost), document.currency)
    more = total(map(signed, allowances), document.currency)
    if not whole or not more:
        return labour
    with localcontext(prec=_EXACT):
        return labour + Money(more.amount * labour.amount / whole.amount, document.currency).rounded()


def totals(sums: Sums) -> Totals:
    """Document totals. Raises ValueError when an amount is in another currency.

    BR-CO-10 (BT-106 = Σ BT-131), BR-CO-11 and 12 (BT-107, BT-108), BR-CO-13 (BT-109), BR-CO-17 (BT-117 =
    round(BT-116 × BT-119 ÷ 100) on the sum of the group, never per line), BR-CO-14 (BT-110), BR-CO-15 (BT-112),
    BR-CO-16 (BT-115). What the client withholds is outside of EN 16931: BT-115 is before it.
    """
    currency = sums.currency
    lines = total((net for _, net in sums.nets), currency)
    discounts = [a.amount for a in sums.allowances if a.amount is not None and not a.charge]
    charges = [a.amount for a in sums.allowances if a.amount is not None and a.charge]
    charges += [each.amount for each in by_law(sums)]
    net = total((lines, *(-amount for amount in discounts), *charges), currency)
    groups = _groups(sums)
    tax = total((group.tax for group in groups), currency)
    gross = net + tax
    rests = [-sums.prepaid] if sums.prepaid else []
    payable = total((gross, *rests, *([sums.rounding] if sums.rounding else [])), currency)
    kept = [each.amount for each in kept_by_client(sums)]
    return Totals(
        lines=lines,
        allowances=total(discounts, currency) if discounts else None,
        charges=total(charges, currency) if charges else None,
        net=net,
        tax=tax,
        exchanged_tax=_exchanged(tax, sums.exchange),
        gross=gross,
        prepaid=sums.prepaid,
        rounding=sums.rounding,
        payable=payable,
        withheld=total(kept, currency) if kept else None,
        receivable=total((payable, *(-amount for amount in kept)), currency) if kept else None,
        groups=groups,
    )


def by_law(sums: Sums) -> tuple[Levied, ...]:
    """What the law adds to the price, as charges of the document: a fund's percentage of the fee, a stamp."""
    fee, whole = _fee(sums), _priced(sums)
    return tuple(
        found for each in sums.tax.surcharges for found in surcharged(fee if each.amount is None else whole, (each,))
    )


def kept_by_client(sums: Sums) -> tuple[Levied, ...]:
    """What the client keeps for the tax office."""
    net = withheld_net(_fee(sums), sums.tax.surcharges)
    tax = total((group.tax for group in _groups(sums)), sums.currency)
    return withheld(net, tax, sums.tax.withholding, labour=sums.labour)


def _priced(sums: Sums) -> Money:
    """The net before what the law adds."""
    return total((*(net for _, net in sums.nets), *map(signed, sums.allowances)), sums.currency)


def _fee(sums: Sums) -> Money:
    """What a fund's percentage and withholding are of: the net without what was paid in the client's name.

    That stands under a treatment of its own and is no income (ES RIRPF art. 93; IT DPR 600/1973 art. 25, DPR 633/1972
    art. 15(1) No. 3); discounts of that treatment go out with it, those of the rest count.
    """
    passed = [net for tax, net in sums.nets if tax.reason_code == PASSED_THROUGH]
    passed += [signed(each) for each in sums.allowances if each.tax and each.tax.reason_code == PASSED_THROUGH]
    return _priced(sums) - total(passed, sums.currency)


def _groups(sums: Sums) -> tuple[TaxTotal, ...]:
    """One VAT group for each category and rate, in the order of the document (BG-23)."""
    parts: dict[tuple[Category, Decimal], list[tuple[Tax, Money]]] = {}
    for tax, amount in _taxed(sums):
        parts.setdefault((tax.category, tax.rate.normalize()), []).append((tax, amount))
    found: list[TaxTotal] = []
    for some in parts.values():
        tax, base = some[0][0], total((amount for _, amount in some), sums.currency)
        found.append(TaxTotal(category=tax.category, rate=tax.rate, base=base, tax=tax_on(base, tax)))
    return tuple(found)


def _taxed(sums: Sums) -> Iterator[tuple[Tax, Money]]:
    """Each amount under its treatment, in the order of the document: lines, discounts and surcharges, the law's."""
    yield from sums.nets
    yield from ((each.tax or sums.tax, signed(each)) for each in sums.allowances)
    yield from ((sums.tax, each.amount) for each in by_law(sums))


def treatments(sums: Sums) -> Mapping[tuple[str, Decimal], tuple[Tax, ...]]:
    """The treatments that stand behind each VAT group, in the order of the document."""
    found: dict[tuple[str, Decimal], tuple[Tax, ...]] = {}
    for tax in dict.fromkeys(tax for tax, _ in _taxed(sums)):
        group = (tax.category, tax.rate.normalize())
        found[group] = (*found.get(group, ()), tax)
    return found


def tax_on(base: Money, tax: Tax) -> Money:
    """BT-117 = round(BT-116 × BT-119 ÷ 100) (BR-CO-17), without the tolerance of the official rules.

    Of several taxes each is rounded by itself, as their laws say.
    """
    if tax.components:
        return total((each.amount for each in taxed(base, tax.components)), base.currency)
    with localcontext(prec=_EXACT):
        return (base * (tax.rate / 100)).rounded()


def _exchanged(tax: Money, exchange: Exchange | None) -> Money | None:
    """BT-111: the total tax in the accounting currency (Directive 2006/112/EC Art. 230 and 91(2))."""
    return None if exchange is None else Money((tax * exchange.rate).amount, exchange.currency).rounded()


def draft_totals(draft: Draft) -> Totals:
    """What a draft comes to. Raises ValueError when a line is in another currency than the draft."""
    return totals(sums_of(draft))


def settled_line(line: InvoiceLine) -> InvoiceLine:
    """With the amounts of its discounts and surcharges, as an issued line states them."""
    return replace(line, allowances=changes_of(line))


def is_computable(draft: Draft) -> bool:
    """Whether a draft has totals and a period: a person may have edited it into something that has none."""
    return (
        draft.first <= draft.last
        and all(line.unit_price.currency == draft.currency and line.base_quantity != 0 for line in draft.lines)
        and all(amount.currency == draft.currency for _, amount in other_amounts(draft))
    )


def other_amounts(draft: Draft) -> Iterator[tuple[Path, Money]]:
    """Every amount that is added up beside prices, with its place in the draft."""
    owners: list[tuple[Path, Sequence[Allowance]]] = [((), draft.allowances)]
    owners += [(("lines", index), line.allowances) for index, line in enumerate(draft.lines)]
    for owner, allowances in owners:
        for index, each in enumerate(allowances):
            for name, amount in (("amount", each.amount), ("base", each.base)):
                if amount is not None:
                    yield (*owner, "allowances", index, name), amount
    for name, amount in (("prepaid", draft.prepaid), ("rounding", draft.rounding)):
        if amount is not None:
            yield (name,), amount
