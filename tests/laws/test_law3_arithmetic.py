"""Law 3: line nets, taxes and totals satisfy EN 16931's BR-CO rules exactly; rounding happens once and is half up."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.allowance import Allowance, of_document
from git_bill.invoice.totals import Sums, line_net, totals
from git_bill.money import Money, minor_units, split, total

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "USD"])
QUANTITIES = st.decimals(Decimal(-10_000), Decimal(10_000), places=3)
PRICES = st.decimals(Decimal(0), Decimal(5_000), places=4)
BASES = st.sampled_from([Decimal(1), Decimal(60), Decimal(100), Decimal(7)])
RATES = st.sampled_from(["0", "5.5", "8.1", "19", "20", "25.5", "27"]).map(Decimal)


def exactly(value: Fraction, currency: str) -> Decimal:
    """Half away from zero at the currency's decimals, in exact fractions: an independent second opinion."""
    decimals = min(2, minor_units(currency))
    scaled = abs(value) * 10**decimals
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(units if value >= 0 else -units).scaleb(-decimals)


@given(quantity=QUANTITIES, price=PRICES, base=BASES, currency=CURRENCIES)
def test_line_nets_are_rounded_once_half_up(quantity: Decimal, price: Decimal, base: Decimal, currency: str) -> None:
    exact = Fraction(quantity) * Fraction(price) / Fraction(base)
    assert line_net(quantity, Money(price, currency), base).amount == exactly(exact, currency)


@given(lines=st.lists(st.tuples(QUANTITIES, PRICES, BASES), min_size=1, max_size=20), rate=RATES, currency=CURRENCIES)
def test_totals_satisfy_the_br_co_rules(
    lines: list[tuple[Decimal, Decimal, Decimal]], rate: Decimal, currency: str
) -> None:
    nets = [line_net(quantity, Money(price, currency), base) for quantity, price, base in lines]
    tax = Tax(category="S" if rate else "Z", rate=rate)
    found = totals(Sums(currency=currency, tax=tax, nets=[(tax, net) for net in nets]))
    base = sum((net.amount for net in nets), Decimal(0))
    assert found.lines.amount == base  # BR-CO-10
    assert found.net == found.lines  # BR-CO-13 without allowances
    assert found.tax.amount == exactly(Fraction(base) * Fraction(rate) / 100, currency)  # BR-CO-17
    assert found.tax == total((group.tax for group in found.groups), currency)  # BR-CO-14
    assert found.gross == found.net + found.tax  # BR-CO-15
    assert found.payable == found.gross  # BR-CO-16 without prepayment
    assert sum((group.base.amount for group in found.groups), Decimal(0)) == found.net.amount


AMOUNTS = st.decimals(Decimal(0), Decimal(5_000), places=2)


@given(
    nets=st.lists(st.tuples(RATES, st.decimals(Decimal(-1000), Decimal(1000), places=2)), min_size=1, max_size=12),
    given=st.lists(st.tuples(st.booleans(), st.booleans(), AMOUNTS), max_size=4),
    prepaid=st.none() | AMOUNTS,
    currency=CURRENCIES,
)
def test_totals_with_several_rates_discounts_and_prepayment(
    nets: list[tuple[Decimal, Decimal]],
    given: list[tuple[bool, bool, Decimal]],
    prepaid: Decimal | None,
    currency: str,
) -> None:
    """BR-CO-11 to 17, BR-S-08: each group's base is its lines less its discounts plus its surcharges."""
    lines = [(Tax(category="S" if rate else "Z", rate=rate), Money(net, currency).rounded()) for rate, net in nets]
    wanted = [
        Allowance(
            charge=charge,
            reason="agreed",
            percent=value % 100 if percentage else None,
            amount=None if percentage else Money(value, currency).rounded(),
        )
        for charge, percentage, value in given
    ]
    stated = of_document(wanted, lines)
    paid = None if prepaid is None else Money(prepaid, currency).rounded()
    found = totals(Sums(currency=currency, tax=lines[0][0], nets=lines, allowances=stated, prepaid=paid))
    assert found.lines == total((net for _, net in lines), currency)
    down = total((a.amount for a in stated if a.amount and not a.charge), currency)
    up = total((a.amount for a in stated if a.amount and a.charge), currency)
    assert (found.allowances or Money.zero(currency), found.charges or Money.zero(currency)) == (down, up)
    assert found.net == found.lines - down + up
    assert total((group.base for group in found.groups), currency) == found.net
    for group in found.groups:
        assert group.tax.amount == exactly(Fraction(group.base.amount) * Fraction(group.rate) / 100, currency)
    assert found.tax == total((group.tax for group in found.groups), currency)
    assert found.gross == found.net + found.tax
    assert found.payable == found.gross - (paid or Money.zero(currency))
    for allowance in stated:
        if allowance.percent is not None and allowance.base and allowance.amount:
            exact = Fraction(allowance.base.amount) * Fraction(allowance.percent) / 100
            assert allowance.amount.amount == exactly(exact, currency)


@given(nets=st.lists(st.decimals(Decimal(-1000), Decimal(1000), places=2), max_size=20), rate=RATES, data=st.data())
def test_the_order_of_lines_changes_nothing(nets: list[Decimal], rate: Decimal, data: st.DataObject) -> None:
    tax = Tax(category="S", rate=rate)
    shuffled = data.draw(st.permutations(nets))
    one, other = (
        Sums(currency="EUR", tax=tax, nets=[(tax, Money(n, "EUR")) for n in some]) for some in (shuffled, nets)
    )
    assert totals(one) == totals(other)


@given(
    amount=st.decimals(Decimal("-99999.99"), Decimal("99999.99"), places=2),
    weights=st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any),
    currency=st.sampled_from(["EUR", "KWD"]),
)
def test_splitting_loses_no_cent(amount: Decimal, weights: list[int], currency: str) -> None:
    money = Money(amount, currency)
    assert total(split(money, weights), currency) == money
