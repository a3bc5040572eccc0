"""Prices in another currency, and prices with tax: derived once at line level, the agreed ones kept beside them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.invoice.conftest import ACME, ISSUER, OCTOBER, S19, World

from git_bill.contract.agreement import Contract
from git_bill.contract.exchange import Quote, none_known
from git_bill.contract.expense import Expense
from git_bill.contract.limit import Cap
from git_bill.contract.rate import Rate
from git_bill.contract.terms import Discount, Milestone, Rounding
from git_bill.invoice.as_agreed import agreed_invoice
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.conversion import accounting_currency, conversion_for, exchange_for
from git_bill.invoice.draft import Conversion, Draft, Exchange
from git_bill.invoice.drafting import build
from git_bill.invoice.issuing import invoice_problems
from git_bill.invoice.totals import draft_totals, net_of
from git_bill.invoice.updating import redraft
from git_bill.money import Money, total
from git_bill.problem import Problem, errors

ECB = Conversion(currency="EUR", rate=Decimal("1.0895"), on=date(2026, 10, 30), source="ECB")
WELCOME = Discount(amount=Money.parse("10.00 EUR"), reason="Welcome")
LOYALTY = Discount(percent=Decimal(5), reason="Loyalty")
LATER = replace(ECB, rate=Decimal("1.1000"), on=date(2026, 11, 30))


def quotes(base: str, currency: str, day: date) -> Quote:
    """One rate for everything."""
    return Quote(base=base, currency=currency, rate=Decimal("1.0895"), on=date(2026, 10, 30), source="ECB")


def drafted(basis: Basis, conversion: Conversion | None = None) -> Draft:
    """October under the only contract."""
    contract = basis.engagement.contracts[0]
    made = build(basis, contract, OCTOBER, S19, draft_id="D-aaaaaaaaaaaa", conversion=conversion)
    assert errors(made.problems) == ()
    return made.draft


def dollars(world: World, **over: object) -> Contract:
    """Acme pays in dollars what was agreed in euros."""
    return world.contract(invoice_currency="USD", **over)


def gross(world: World, price: str, **over: object) -> Contract:
    """A rate with tax, as consumers are told."""
    exact = Rounding(to=1, mode="nearest", per="line")
    return world.contract(prices="gross", rates=(Rate(hourly=Money.parse(price)),), rounding=exact, **over)


def seen(draft: Draft) -> Money:
    """What the client pays."""
    return draft_totals(draft).payable


class TestCurrency:
    def test_a_line_has_the_converted_price_and_says_from_what(self, world: World) -> None:
        draft = drafted(world.basis(world.entry("W-a", 90), contract=dollars(world)), ECB)
        (line,) = draft.lines
        assert (draft.currency, draft.conversion) == ("USD", ECB)
        assert (line.unit_price, line.agreed) == (Money.parse("103.5025 USD"), Money.parse("95.00 EUR"))
        assert net_of(line) == Money.parse("155.25 USD")  # 1.5 × 103.5025 = 155.25375
        assert line.reason.endswith("; 95.00 EUR is 103.5025 USD at 1 EUR = 1.0895 USD (ECB, 2026-10-30)")

    def test_a_converted_draft_is_right_as_it_was_made(self, world: World) -> None:
        discounts = (WELCOME, LOYALTY)
        contract = dollars(world, discounts=discounts)
        basis = world.basis(world.entry("W-a", 90), contract=contract)
        draft = replace(
            drafted(basis, ECB),
            exchange=Exchange(currency="EUR", rate=Decimal("0.92"), on=date(2026, 10, 30), source="ECB"),
        )
        assert draft.allowances[0].amount == Money.parse("10.90 USD")  # 10.895
        assert errors(draft_problems(draft, basis, name="x")) == ()
        assert errors(invoice_problems(world.issue(draft, basis))) == ()

    def test_without_its_rate_a_draft_is_wrong(self, world: World) -> None:
        basis = world.basis(world.entry("W-a", 90), contract=dollars(world))
        broken = replace(drafted(basis, ECB), conversion=None)
        assert "no-exchange-rate" in {problem.rule for problem in draft_problems(broken, basis, name="x")}

    def test_a_higher_price_than_the_converted_one_is_found(self, world: World) -> None:
        basis = world.basis(world.entry("W-a", 90), contract=dollars(world))
        draft = drafted(basis, ECB)
        dear = replace(draft, lines=(replace(draft.lines[0], unit_price=Money.parse("110.00 USD")),))
        (found,) = (p for p in draft_problems(dear, basis, name="x") if p.rule == "rate-above-card")
        assert found.message == "line 1 asks 100.9637 EUR an hour, the rate card says 95"

    def test_a_cap_counts_in_the_contracts_currency(self, world: World) -> None:
        contract = dollars(world, caps=(Cap(amount=Money.parse("190.00 EUR"), per="contract"),))
        basis = world.basis(world.entry("W-a", 60), contract=contract)
        october = world.issue(drafted(basis, ECB), basis)
        assert agreed_invoice(october).totals.net == Money.parse("95.00 EUR")
        more = world.basis(world.entry("W-a", 60), world.entry("W-b", 90, 6), contract=contract, invoices=(october,))
        draft = drafted(more, LATER)
        assert [net_of(line) for line in draft.lines] == [Money.parse("104.50 USD")]  # 95.00 EUR are left
        assert draft.not_billed["W-b"].because == "cap"

    def test_a_deposit_is_deducted_as_it_was_billed_whatever_the_rate_is_now(self, world: World) -> None:
        parts = (
            Milestone(id="start", amount=Money.parse("1000.00 EUR"), deposit=True, on=date(2026, 10, 1)),
            Milestone(id="end", amount=Money.parse("5000.00 EUR"), on=date(2026, 11, 1)),
        )
        contract = dollars(world, kind="fixed", milestones=parts)
        first = world.basis(contract=contract)
        deposit = world.issue(drafted(first, ECB), first)
        assert deposit.totals.net == Money.parse("1089.50 USD")
        basis = replace(first, invoices=(deposit,))
        november = replace(OCTOBER, first=date(2026, 11, 1), last=date(2026, 11, 30))
        draft = build(basis, contract, november, S19, draft_id="D-b", conversion=LATER).draft
        assert [net_of(line) for line in draft.lines] == [Money.parse("5500.00 USD"), Money.parse("-1089.50 USD")]

    def test_a_line_that_a_person_renamed_follows_the_rate_and_a_price_of_theirs_stays(self, world: World) -> None:
        contract = dollars(world)
        basis = world.basis(world.entry("W-a", 90), world.entry("W-b", 60, ticket="WEB-6"), contract=contract)
        base = drafted(basis, ECB)
        renamed = replace(base.lines[0], description="Checkout")
        cheaper = replace(base.lines[1], unit_price=Money.parse("90.00 USD"))
        current = replace(base, lines=(renamed, cheaper))
        again = redraft(basis, contract, OCTOBER, S19, base=base, current=current, conversion=LATER).draft
        assert [line.unit_price for line in again.lines] == [Money.parse("104.50 USD"), Money.parse("90.00 USD")]
        assert again.conversion == LATER

    def test_a_rate_that_a_person_set_stays(self, world: World) -> None:
        contract = dollars(world)
        basis = world.basis(world.entry("W-a", 60), contract=contract)
        base = drafted(basis, ECB)
        agreed = replace(ECB, rate=Decimal("1.2"), source="agreed with Acme")
        current = replace(base, conversion=agreed)
        again = redraft(basis, contract, OCTOBER, S19, base=base, current=current, conversion=LATER).draft
        assert (again.conversion, again.lines[0].unit_price) == (agreed, Money.parse("114.00 USD"))

    def test_the_rate_is_asked_for_where_the_currencies_differ(self, world: World) -> None:
        assert conversion_for(world.contract(), none_known, OCTOBER.last) is None
        assert conversion_for(dollars(world), quotes, OCTOBER.last) == ECB
        assert isinstance(conversion_for(dollars(world), none_known, OCTOBER.last), Problem)


class TestTaxInTheOwnCurrency:
    """Directive 2006/112/EC Art. 230: whatever the currency, the tax is stated in the issuer's."""

    def test_it_is_stated_where_it_is_charged_in_another_one(self, world: World) -> None:
        basis = world.basis(world.entry("W-a", 60), contract=dollars(world))
        draft = drafted(basis, ECB)
        found = exchange_for(
            draft,
            ISSUER,
            lambda *_: Quote(
                base="USD", currency="EUR", rate=Decimal("0.91785222"), on=date(2026, 10, 30), source="ECB"
            ),
            OCTOBER.last,
        )
        assert isinstance(found, Exchange)
        whole = replace(draft, exchange=found)
        assert draft_totals(whole).tax == Money.parse("19.67 USD")
        assert draft_totals(whole).exchanged_tax == Money.parse("18.05 EUR")  # 19.67 × 0.91785222 = 18.0542
        assert errors(draft_problems(whole, basis, name="x", final=True)) == ()
        said = {problem.rule for problem in draft_problems(draft, basis, name="x", final=True)}
        assert "no-exchange-rate" in said

    def test_it_is_not_where_none_is_charged_or_it_is_the_same(self, world: World) -> None:
        basis = world.basis(world.entry("W-a", 60), contract=dollars(world))
        untaxed = replace(drafted(basis, ECB), tax=replace(S19, category="AE", rate=Decimal(0)))
        assert exchange_for(untaxed, ISSUER, none_known, OCTOBER.last) is None
        own = replace(ISSUER, currency="USD")
        assert exchange_for(drafted(basis, ECB), own, none_known, OCTOBER.last) is None
        assert isinstance(exchange_for(drafted(basis, ECB), ISSUER, none_known, OCTOBER.last), Problem)

    @pytest.mark.parametrize(
        ("country", "day", "currency"),
        [
            ("DE", date(2026, 10, 31), "EUR"),
            ("DK", date(2026, 10, 31), "DKK"),
            ("GB", date(2026, 10, 31), "GBP"),
            ("BG", date(2025, 12, 31), "BGN"),
            ("BG", date(2026, 1, 1), "EUR"),
            ("HR", date(2022, 12, 31), "HRK"),
            ("PA", date(2026, 10, 31), None),  # has two
        ],
    )
    def test_the_accounting_currency_is_the_countrys(self, country: str, day: date, currency: str | None) -> None:
        assert accounting_currency(replace(ISSUER, country=country), day) == currency


class TestGross:
    """Rule 15: the net is derived once at line level; what a consumer reckons is what is to pay."""

    @pytest.mark.parametrize(
        ("price", "minutes", "expected"),  # net price, net, tax, rounding, to pay
        [
            ("119.00", 60, ("100.00", "100.00", "19.00", None, "119.00")),
            ("99.99", 60, ("84.02521008", "84.03", "15.97", "-0.01", "99.99")),  # 100.00 by the rules
            ("99.99", 180, ("84.02521008", "252.08", "47.90", "-0.01", "299.97")),  # 299.98
            ("0.01", 60, ("0.00840336", "0.01", "0.00", None, "0.01")),
            ("120.00", 50, ("100.84033613", "84.03", "15.97", None, "100.00")),
        ],
    )
    def test_worked_examples(self, world: World, price: str, minutes: int, expected: tuple[str | None, ...]) -> None:
        basis = world.basis(world.entry("W-a", minutes), contract=gross(world, f"{price} EUR"))
        draft = drafted(basis)
        (line,) = draft.lines
        found = draft_totals(draft)
        amounts = (line.unit_price, found.net, found.tax, found.rounding, seen(draft))
        assert tuple(map(str, amounts)) == tuple(str(each and f"{each} EUR") for each in expected)
        assert line.agreed == Money.parse(f"{price} EUR")
        assert errors(draft_problems(draft, basis, name="x")) == ()
        assert errors(invoice_problems(world.issue(draft, basis))) == ()

    @given(
        prices=st.lists(st.decimals("0.01", "999.99", places=2), min_size=1, max_size=6),
        minutes=st.lists(st.integers(1, 6000), min_size=6, max_size=6),
    )
    def test_the_client_pays_quantity_times_price_to_the_cent(self, prices: list[Decimal], minutes: list[int]) -> None:
        world = World()
        rates = tuple(Rate(hourly=Money(price, "EUR"), label=f"l{n}") for n, price in enumerate(prices))
        contract = replace(gross(world, "1.00 EUR"), rates=rates)
        entries = [world.entry(f"W-{n}", minutes[n], ticket=f"WEB-{n}") for n in range(len(prices))]
        labels = {("web-shop", f"WEB-{n}"): (f"l{n}",) for n in range(len(prices))}
        basis = world.basis(*entries, contract=contract, labels=labels)
        draft = drafted(basis)
        whole = [Money(price * n / 60, "EUR").rounded() for price, n in zip(prices, minutes, strict=False)]
        assert seen(draft) == total(whole, "EUR")
        assert abs((draft.rounding or Money.zero("EUR")).amount) <= Decimal("0.01") * (len(prices) + 1)
        assert errors(draft_problems(draft, basis, name="x")) == ()

    def test_a_discount_is_of_the_price_with_tax(self, world: World) -> None:
        discounts = (WELCOME, LOYALTY)
        basis = world.basis(world.entry("W-a", 60), contract=gross(world, "119.00 EUR", discounts=discounts))
        draft = drafted(basis)
        assert seen(draft) == Money.parse("103.05 EUR")  # 119.00 − 10.00 − 5.95
        assert errors(invoice_problems(world.issue(draft, basis))) == ()

    def test_a_deposit_with_tax_is_deducted_once(self, world: World) -> None:
        parts = (
            Milestone(id="start", amount=Money.parse("999.99 EUR"), deposit=True, on=date(2026, 10, 1)),
            Milestone(id="end", amount=Money.parse("5950.00 EUR"), on=date(2026, 11, 1)),
        )
        contract = gross(world, "119.00 EUR", kind="fixed", milestones=parts)
        first = world.basis(contract=contract)
        deposit = world.issue(drafted(first), first)
        assert deposit.totals.payable == Money.parse("999.99 EUR")
        basis = replace(first, invoices=(deposit,))
        november = replace(OCTOBER, first=date(2026, 11, 1), last=date(2026, 11, 30))
        draft = build(basis, contract, november, S19, draft_id="D-b").draft
        assert net_of(draft.lines[1]) == -deposit.totals.net
        assert seen(draft) == Money.parse("4950.01 EUR")
        assert errors(draft_problems(draft, basis, name="x")) == ()

    def test_costs_are_net_as_ever(self, world: World) -> None:
        spent = Expense(
            day=date(2026, 10, 6),
            text="Domain",
            amount=Money.parse("23.80 EUR"),
            by="mira",
            tax=Decimal(19),
            at=datetime(2026, 10, 6, tzinfo=UTC),
        )
        basis = world.basis(world.entry("W-a", 60), contract=gross(world, "119.00 EUR"), expenses={"X-1": spent})
        draft = drafted(basis)
        assert draft.lines[-1].unit_price == Money.parse("20.00 EUR")
        assert seen(draft) == Money.parse("142.80 EUR")

    def test_without_tax_the_price_is_the_price(self, world: World) -> None:
        contract = gross(world, "119.00 EUR")
        basis = world.basis(world.entry("W-a", 60), contract=contract, client=replace(ACME, country="AT"))
        reverse = replace(S19, category="AE", rate=Decimal(0), note="Reverse charge")
        draft = build(basis, contract, OCTOBER, reverse, draft_id="D-a").draft
        assert seen(draft) == Money.parse("119.00 EUR")
        assert draft.rounding is None

    def test_drafting_again_keeps_the_rounding_right(self, world: World) -> None:
        contract = gross(world, "99.99 EUR")
        basis = world.basis(world.entry("W-a", 60), world.entry("W-b", 60, ticket="WEB-6"), contract=contract)
        base = drafted(basis)
        current = replace(base, lines=base.lines[:1], not_billed={})
        again = redraft(basis, contract, OCTOBER, S19, base=base, current=current).draft
        assert seen(again) == Money.parse("99.99 EUR")


class TestChecks:
    """What somebody writes into a draft's file about rates and rounding is looked at."""

    def test_a_rate_far_from_the_published_one(self, world: World) -> None:
        basis = replace(world.basis(world.entry("W-a", 60), contract=dollars(world)), quotes=quotes)
        for rate, severity in (("1.0895", None), ("1.11", None), ("1.20", "warning"), ("5", "error")):
            draft = drafted(basis, replace(ECB, rate=Decimal(rate)))
            found = [p.severity for p in draft_problems(draft, basis, name="x") if p.rule == "rate-off"]
            assert found == ([severity] if severity else [])

    def test_a_rounding_of_a_unit_is_a_discount_by_another_name(self, world: World) -> None:
        basis = world.basis(world.entry("W-a", 60))
        draft = drafted(basis)
        for amount, wrong in (("-0.05", False), ("0.99", False), ("-1.00", True), ("500.00", True)):
            rounded = replace(draft, rounding=Money.parse(f"{amount} EUR"))
            assert ("rounding" in {p.rule for p in draft_problems(rounded, basis, name="x")}) is wrong

    def test_a_rounding_that_the_prices_with_tax_do_not_give(self, world: World) -> None:
        basis = world.basis(world.entry("W-a", 60), contract=gross(world, "99.99 EUR"))
        draft = drafted(basis)
        other = replace(draft, rounding=Money.parse("0.50 EUR"), set=("rounding",))
        (found,) = (p for p in draft_problems(other, basis, name="x") if p.rule == "rounding")
        assert found.message == "the amount due is rounded by 0.50 EUR, its prices with tax leave -0.01 EUR open"


@pytest.mark.parametrize("conversion", [ECB, None])
def test_discounts_of_issued_lines_count_at_the_agreed_price(world: World, conversion: Conversion | None) -> None:
    """10 h × 95.00 less 10 %: whatever the document states, 855.00 were agreed."""
    ten = Discount(percent=Decimal(10), of="lines", reason="Friends")
    contract = dollars(world, discounts=(ten,)) if conversion else gross(world, "95.00 EUR", discounts=(ten,))
    basis = world.basis(world.entry("W-a", 600), contract=contract)
    issued = world.issue(drafted(basis, conversion), basis)
    (line,) = agreed_invoice(issued).lines
    assert str(line.net) == "855.00 EUR"
