"""Law 3: line nets, taxes and totals satisfy EN 16931's BR-CO rules exactly; rounding happens once and is half up."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.totals import line_net, totals
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
    found = totals(nets, Tax(category="S" if rate else "Z", rate=rate), currency)
    base = sum((net.amount for net in nets), Decimal(0))
    assert found.lines.amount == base  # BR-CO-10
    assert found.net == found.lines  # BR-CO-13 without allowances
    assert found.tax.amount == exactly(Fraction(base) * Fraction(rate) / 100, currency)  # BR-CO-17
    assert found.tax == total((group.tax for group in found.groups), currency)  # BR-CO-14
    assert found.gross == found.net + found.tax  # BR-CO-15
    assert found.payable == found.gross  # BR-CO-16 without prepayment
    assert sum((group.base.amount for group in found.groups), Decimal(0)) == found.net.amount


@given(nets=st.lists(st.decimals(Decimal(-1000), Decimal(1000), places=2), max_size=20), rate=RATES, data=st.data())
def test_the_order_of_lines_changes_nothing(nets: list[Decimal], rate: Decimal, data: st.DataObject) -> None:
    tax = Tax(category="S", rate=rate)
    shuffled = data.draw(st.permutations(nets))
    assert totals([Money(n, "EUR") for n in shuffled], tax, "EUR") == totals(
        [Money(n, "EUR") for n in nets], tax, "EUR"
    )


@given(
    amount=st.decimals(Decimal("-99999.99"), Decimal("99999.99"), places=2),
    weights=st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any),
    currency=st.sampled_from(["EUR", "KWD"]),
)
def test_splitting_loses_no_cent(amount: Decimal, weights: list[int], currency: str) -> None:
    money = Money(amount, currency)
    assert total(split(money, weights), currency) == money
