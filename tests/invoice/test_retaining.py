"""Retainers: the fee in advance, work that it holds at a price of nothing, what is left, and what is above."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.contract.terms import Retainer, Rounding
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice
from git_bill.invoice.quantity import in_minutes
from git_bill.invoice.totals import net_of
from git_bill.money import Money, total
from git_bill.period import month

if TYPE_CHECKING:
    from tests.invoice.conftest import World

NOVEMBER, DECEMBER = month(date(2026, 11, 1)), month(date(2026, 12, 1))
TWENTY = Retainer(fee=Money.parse("1800.00 EUR"), time=20 * 60)
PLAIN = Rounding()


def shown(draft: Draft) -> list[tuple[str, str, str]]:
    """What each line bills, without the entry that tells drawdowns apart; its quantity and net."""
    bills = [next(iter(line.bills), "").partition(":W-")[0] for line in draft.lines]
    return [(what, f"{line.quantity:f}", str(net_of(line))) for what, line in zip(bills, draft.lines, strict=True)]


def test_work_is_held_up_to_the_retainer_and_the_rest_is_billed_by_the_card(world: "World") -> None:
    """22 h in October: 20 h are held, 2 h × 95.00 are billed, and November's fee in advance."""
    contract = world.contract(kind="retainer", retainer=TWENTY, rounding=PLAIN)
    work = [world.entry(f"W-{n}", 11 * 60, n) for n in (5, 6)]
    draft = world.draft(world.basis(*work, contract=contract))
    assert shown(draft) == [
        ("drawdown:2026-10", "20", "0.00 EUR"),
        ("", "2", "190.00 EUR"),
        ("retainer:2026-10", "1", "1800.00 EUR"),
        ("retainer:2026-11", "1", "1800.00 EUR"),
    ]
    held = "held by the retainer: 20h of the 20h left in October 2026; after it nothing is left"
    assert draft.lines[0].reason == held
    assert sum(sum(line.entries.values()) for line in draft.lines) == 22 * 60


def test_what_is_above_may_have_its_own_price(world: "World") -> None:
    from dataclasses import replace

    dear = replace(TWENTY, overage=Money.parse("120.00 EUR"))
    contract = world.contract(kind="retainer", retainer=dear, rounding=PLAIN)
    draft = world.draft(world.basis(world.entry("W-a", 21 * 60), contract=contract))
    assert shown(draft)[1] == ("", "1", "120.00 EUR")


def test_what_is_left_can_be_carried_and_expires(world: "World") -> None:
    """October leaves 6 h. Carried for one month, November holds 26 h; in December they are gone."""
    from dataclasses import replace

    contract = world.contract(kind="retainer", retainer=replace(TWENTY, carry=1), rounding=PLAIN)
    work = [
        world.entry("W-a", 14 * 60, 5),
        world.entry("W-b", 27 * 60, date(2026, 11, 5)),
        world.entry("W-c", 21 * 60, date(2026, 12, 5)),
    ]
    invoices: tuple[Invoice, ...] = ()
    found = []
    for number, period in enumerate((world.period, NOVEMBER, DECEMBER)):
        basis = world.basis(*work, contract=contract, invoices=invoices)
        draft = world.draft(basis, period)
        found.append([row for row in shown(draft) if not row[0].startswith("retainer:")])
        invoices = (*invoices, world.issue(draft, basis, f"INV-2026-{number + 32:04}", period.last))
    assert found == [
        [("drawdown:2026-10", "14", "0.00 EUR")],
        [("drawdown:2026-11", "26", "0.00 EUR"), ("", "1", "95.00 EUR")],
        [("drawdown:2026-12", "20", "0.00 EUR"), ("", "1", "95.00 EUR")],
    ]


def test_an_amount_is_taken_off_work_at_its_price(world: "World") -> None:
    """10 h × 95.00 against 800.00 prepaid: 8 h 25 min come to 799.58 and are taken off, the rest is billed."""
    terms = Retainer(fee=Money.parse("800.00 EUR"), amount=Money.parse("800.00 EUR"))
    contract = world.contract(kind="retainer", retainer=terms, rounding=PLAIN)
    draft = world.draft(world.basis(world.entry("W-a", 600), contract=contract))
    assert shown(draft)[:3] == [
        ("drawdown:2026-10", "505", "799.58 EUR"),
        ("drawdown:2026-10", "-1", "-799.58 EUR"),
        ("", "95", "150.42 EUR"),
    ]


def test_a_part_of_a_month_holds_its_part(world: "World") -> None:
    contract = world.contract(kind="retainer", retainer=TWENTY, rounding=PLAIN, from_=date(2026, 10, 16))
    draft = world.draft(world.basis(world.entry("W-a", 20 * 60, 20), contract=contract))
    assert shown(draft) == [
        ("drawdown:2026-10", "619", "0.00 EUR"),  # 1200 × 16 ÷ 31 minutes
        ("", "581", "919.92 EUR"),
        ("retainer:2026-10", "1", "929.03 EUR"),
        ("retainer:2026-11", "1", "1800.00 EUR"),
    ]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(10, 12), st.integers(1, 28), st.integers(1, 900)), max_size=14), st.integers(0, 2)
)
def test_no_minute_is_lost_or_held_twice(work: list[tuple[int, int, int]], carry: int) -> None:
    from tests.invoice.conftest import World

    world = World()
    terms = Retainer(fee=Money.parse("1000.00 EUR"), time=600, carry=carry)
    contract = world.contract(kind="retainer", retainer=terms, rounding=PLAIN)
    entries = [world.entry(f"W-{n:02}", minutes, date(2026, m, d)) for n, (m, d, minutes) in enumerate(work)]
    invoices: tuple[Invoice, ...] = ()
    for number, period in enumerate((world.period, NOVEMBER, DECEMBER)):
        basis = world.basis(*entries, contract=contract, invoices=invoices)
        draft = world.draft(basis, period)
        invoices = (*invoices, world.issue(draft, basis, f"INV-2026-{number + 32:04}", period.last))
    lines = [line for invoice in invoices for line in invoice.lines]
    drawn = (line for line in lines if any(b.startswith("drawdown:") for b in line.bills))
    held = sum((in_minutes(line) or Decimal(0) for line in drawn), Decimal(0))
    assert held <= 3 * 600
    assert sum(sum(line.entries.values()) for line in lines) == sum(minutes for *_, minutes in work)
    fees = total((line.net for line in lines if any(b.startswith("retainer:") for b in line.bills)), "EUR")
    assert fees == Money.parse("4000.00 EUR")  # October to January


def test_each_line_tells_what_was_left_before_and_after_it_and_until_when(world: "World") -> None:
    """October leaves 6 h of 20; in November they go first, and what is left of November's lasts until December."""
    from dataclasses import replace

    contract = world.contract(kind="retainer", retainer=replace(TWENTY, carry=1), rounding=PLAIN)
    november = date(2026, 11, 5)
    work = [
        world.entry("W-a", 14 * 60, 5),
        world.entry("W-b", 4 * 60, november),
        world.entry("W-c", 12 * 60, november, ticket="WEB-9"),
    ]
    first = world.basis(*work, contract=contract)
    basis = replace(first, invoices=(world.issue(world.draft(first), first),))
    assert [line.reason for line in world.draft(basis, NOVEMBER).lines[:2]] == [
        "held by the retainer: 4h of the 26h left in November 2026 (6h from October 2026, 20h from November 2026); "
        "after it can be used: 2h until the end of November 2026, 20h until the end of December 2026",
        "held by the retainer: 12h of the 22h left in November 2026 (2h from October 2026, 20h from November 2026); "
        "after it can be used: 10h until the end of December 2026",
    ]


def test_work_that_a_retainer_holds_in_part_is_no_duplicate(world: "World") -> None:
    """6h 19m of ten hours at 95.00 are held by 600.00; the rest has the same text and price, and is no mistake."""
    terms = Retainer(fee=Money.parse("500.00 EUR"), amount=Money.parse("600.00 EUR"))
    contract = world.contract(kind="retainer", retainer=terms, rounding=PLAIN)
    basis = world.basis(world.entry("W-a", 600), contract=contract)
    assert "duplicate-line" not in {p.rule for p in draft_problems(world.draft(basis), basis, name="x")}


def test_an_amount_tells_what_is_left_too(world: "World") -> None:
    terms = Retainer(fee=Money.parse("800.00 EUR"), amount=Money.parse("800.00 EUR"))
    contract = world.contract(kind="retainer", retainer=terms, rounding=PLAIN)
    _, off, above, *_ = world.draft(world.basis(world.entry("W-a", 600), contract=contract)).lines
    assert off.reason == (
        "held by the retainer: 799.58 EUR of the 800.00 EUR left in October 2026; "
        "after it can be used: 0.42 EUR until the end of October 2026"
    )
    assert above.reason == "95.00 EUR an hour: above the retainer, rate for development"
