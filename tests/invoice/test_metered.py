"""Usage on a draft: each meter's calendar months, once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from tests.invoice.conftest import CONTRACT, World

from git_bill.contract.agreement import Contract, Engagement
from git_bill.contract.meter import Meter, Tier
from git_bill.contract.metering import charges
from git_bill.contract.usage import Reading
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.issued import Invoice
from git_bill.invoice.metered import metered
from git_bill.invoice.part import Kept, Scope
from git_bill.invoice.totals import net_of
from git_bill.money import Money, total
from git_bill.period import Period, month
from git_bill.problem import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

AT = datetime(2026, 11, 1, tzinfo=UTC)
TIERS = (
    Tier(up_to=Decimal(1000), price=Money.parse("0.10 EUR")),
    Tier(up_to=Decimal(5000), price=Money.parse("0.08 EUR")),
    Tier(price=Money.parse("0.05 EUR")),
)
REQUESTS = Meter(id="requests", name="API requests", mode="graduated", tiers=TIERS)
OCTOBER, NOVEMBER, DECEMBER = (month(date(2026, each, 1)) for each in (10, 11, 12))


def readings(*read: tuple[date, int | str], meter: str = "requests") -> Mapping[str, Reading]:
    """Quantities of days."""
    return {
        f"U-{n}": Reading(meter=meter, day=day, quantity=Decimal(quantity), at=AT)
        for n, (day, quantity) in enumerate(read)
    }


def metering(world: World, meter: Meter, read: Mapping[str, Reading], **over: object) -> Basis:
    """Books with a contract that has a meter."""
    contract = over.pop("contract", CONTRACT)
    assert isinstance(contract, Contract)
    return world.basis(contract=replace(contract, meters=(meter,)), readings=read, **over)


def lines(basis: Basis, period: Period = OCTOBER) -> "Sequence[Line]":
    """What the meter of the first contract bills."""
    contract = basis.engagement.contracts[0]
    return metered(Scope(basis=basis, contract=contract, period=period, items=(), kept=Kept())).lines


def nets(found: Iterable[Line]) -> list[str]:
    return [str(net_of(line)) for line in found]


def test_graduated_has_a_line_for_each_tier_that_is_used(world: World) -> None:
    """6,000 requests: 1,000 × 0.10 + 4,000 × 0.08 + 1,000 × 0.05 = 470.00."""
    found = lines(metering(world, REQUESTS, readings((date(2026, 10, 5), 2500), (date(2026, 10, 31), 3500))))
    assert [(line.quantity, str(line.unit_price)) for line in found] == [
        (Decimal(1000), "0.10 EUR"),
        (Decimal(4000), "0.08 EUR"),
        (Decimal(1000), "0.05 EUR"),
    ]
    assert nets(found) == ["100.00 EUR", "320.00 EUR", "50.00 EUR"]
    assert [line.description for line in found] == ["API requests"] * 3
    assert [line.detail for line in found] == [
        "October 2026, 0 – 1,000",
        "October 2026, 1,000 – 5,000",
        "October 2026, > 5,000",
    ]
    assert {(line.first, line.last) for line in found} == {(OCTOBER.first, OCTOBER.last)}
    assert [line.bills for line in found] == [
        ("usage:requests:2026-10", "usage:requests:2026-10:read:6000"),
        ("usage:requests:2026-10:read:6000:2",),
        ("usage:requests:2026-10:read:6000:3",),
    ]


def test_volume_bills_all_at_the_price_that_the_whole_reaches(world: World) -> None:
    """5,001 × 0.05 = 250.05, less than 5,000 × 0.08 = 400.00: that is how volume prices are."""
    volume = replace(REQUESTS, mode="volume")
    assert nets(lines(metering(world, volume, readings((date(2026, 10, 5), 5000))))) == ["400.00 EUR"]
    assert nets(lines(metering(world, volume, readings((date(2026, 10, 5), 5001))))) == ["250.05 EUR"]


def test_begun_packages_are_billed_whole_after_what_is_included(world: World) -> None:
    """12,500 requests, 2,000 included: 10,500 are 11 packages of 1,000 at 9.00 = 99.00."""
    packages = Meter(
        id="requests",
        mode="package",
        size=Decimal(1000),
        included=Decimal(2000),
        tiers=(Tier(price=Money.parse("9.00 EUR")),),
    )
    (line,) = lines(metering(world, packages, readings((date(2026, 10, 5), 12500))))
    assert (line.quantity, str(net_of(line))) == (Decimal(11), "99.00 EUR")
    assert line.reason == "9.00 EUR each, package: packages of 1000, 12500 used; 2000 of a month are included"
    assert not lines(metering(world, packages, readings((date(2026, 10, 5), 2000))))


def test_a_price_of_fractions_of_a_cent_is_rounded_once(world: World) -> None:
    """1,000.5 × 0.0125 = 12.50625, billed as 12.51."""
    flat = Meter(id="requests", tiers=(Tier(price=Money.parse("0.0125 EUR")),))
    assert nets(lines(metering(world, flat, readings((date(2026, 10, 5), "1000.5"))))) == ["12.51 EUR"]


def test_a_minimum_is_a_line_of_its_own_and_holds_without_any_use(world: World) -> None:
    least = replace(REQUESTS, minimum=Money.parse("50.00 EUR"))
    used = lines(metering(world, least, readings((date(2026, 10, 5), 100))))
    assert nets(used) == ["10.00 EUR", "40.00 EUR"]
    assert used[1].reason == "at least 50.00 EUR a month"
    unused = lines(metering(world, least, {}))
    assert nets(unused) == ["50.00 EUR"]
    assert unused[0].bills == ("usage:requests:2026-10", "usage:requests:2026-10:read:0")
    assert nets(lines(metering(world, least, readings((date(2026, 10, 5), 9000))))) == [
        "100.00 EUR",
        "320.00 EUR",
        "200.00 EUR",
    ]


def test_a_month_at_the_edge_of_the_contract_counts_its_days_alone(world: World) -> None:
    """From the 17th on: 15 of 31 days, 50.00 × 15 ÷ 31 = 24.19 are the least; what was read before is not billed."""
    least = replace(REQUESTS, minimum=Money.parse("50.00 EUR"))
    late = replace(CONTRACT, from_=date(2026, 10, 17))
    read = readings((date(2026, 10, 16), 5000), (date(2026, 10, 17), 100))
    assert nets(lines(metering(world, least, read, contract=late))) == ["10.00 EUR", "14.19 EUR"]
    ended = replace(CONTRACT, until=date(2026, 10, 16))
    assert nets(lines(metering(world, least, read, contract=ended))) == ["100.00 EUR", "320.00 EUR"]
    gone = replace(CONTRACT, until=date(2026, 9, 30))
    assert not lines(metering(world, least, read, contract=gone))


def test_only_months_that_end_in_the_drafts_days_are_billed(world: World) -> None:
    read = readings((date(2026, 10, 5), 100), (date(2026, 11, 3), 200))
    basis = metering(world, REQUESTS, read)
    assert not lines(basis, Period(date(2026, 10, 1), date(2026, 10, 15)))
    assert nets(lines(basis, Period(date(2026, 10, 16), date(2026, 10, 31)))) == ["10.00 EUR"]
    assert nets(lines(basis, Period(OCTOBER.first, NOVEMBER.last))) == ["10.00 EUR", "20.00 EUR"]


def test_two_contracts_with_one_meter_never_bill_the_same_reading(world: World) -> None:
    """The first in the file that covers the day does."""
    old = replace(CONTRACT, until=date(2026, 10, 15), meters=(REQUESTS,))
    new = replace(CONTRACT, id="acme-b", from_=date(2026, 10, 10), meters=(REQUESTS,))
    read = readings((date(2026, 10, 12), 100), (date(2026, 10, 20), 300))
    basis = world.basis(contract=old, readings=read)
    both = replace(basis, engagement=Engagement(client=world.client, contracts=(old, new)))
    assert nets(lines(both)) == ["10.00 EUR"]
    scope = Scope(basis=both, contract=new, period=OCTOBER, items=(), kept=Kept())
    assert nets(metered(scope).lines) == ["30.00 EUR"]


def test_late_readings_bill_what_they_add_with_the_next_draft(world: World) -> None:
    """900 billed at 0.10; 300 more turn up: 100 × 0.10 + 200 × 0.08 = 26.00."""
    first = metering(world, REQUESTS, readings((date(2026, 10, 5), 900)))
    october = world.issue(world.draft(first), first)
    read = readings((date(2026, 10, 5), 900), (date(2026, 10, 30), 300))
    late = metering(world, REQUESTS, read, invoices=(october,))
    (line,) = lines(late, NOVEMBER)
    assert (str(net_of(line)), line.bills) == ("26.00 EUR", ("usage:requests:2026-10:read:1200",))
    assert line.reason == "300 used in 2026-10 were read after that was billed"
    november = world.issue(world.draft(late, NOVEMBER), late, "INV-2026-0033", date(2026, 12, 1))
    settled = metering(world, REQUESTS, read, invoices=(october, november))
    assert not lines(settled, DECEMBER)
    assert not lines(settled, OCTOBER)


def test_what_was_billed_is_settled_whatever_a_person_took_for_it(world: World) -> None:
    """A line that was made cheaper in review, or removed, is not made up for by the next draft."""
    basis = metering(world, REQUESTS, readings((date(2026, 10, 5), 1500)))
    draft = world.draft(basis)
    cheaper = replace(draft.lines[0], unit_price=Money.parse("0.01 EUR"), because="a bad month")
    invoice = world.issue(replace(draft, lines=(cheaper,)), basis)
    again = metering(world, REQUESTS, readings((date(2026, 10, 5), 1500)), invoices=(invoice,))
    assert not lines(again, NOVEMBER)


def test_less_than_was_billed_bills_nothing(world: World) -> None:
    basis = metering(world, REQUESTS, readings((date(2026, 10, 5), 900)))
    invoice = world.issue(world.draft(basis), basis)
    less = readings((date(2026, 10, 5), 900), (date(2026, 10, 6), -200))
    assert not lines(metering(world, REQUESTS, less, invoices=(invoice,)), NOVEMBER)


def test_a_draft_stays_right_while_more_is_read_and_says_so(world: World) -> None:
    basis = metering(world, REQUESTS, readings((date(2026, 10, 5), 1500)))
    draft = world.draft(basis)
    assert not errors(draft_problems(draft, basis, name="acme-2026-10"))
    more = metering(world, REQUESTS, readings((date(2026, 10, 5), 1500), (date(2026, 10, 6), 10)))
    found = draft_problems(draft, more, name="acme-2026-10")
    assert not errors(found)
    assert [p.message for p in found if p.rule == "usage-moved"] == [
        "1510 of requests are read for 2026-10 now, the draft bills 1500"
    ]
    less = metering(world, REQUESTS, readings((date(2026, 10, 5), 1400)))
    assert "unknown-item" in {p.rule for p in errors(draft_problems(draft, less, name="acme-2026-10"))}


def test_a_draft_that_bills_more_than_was_read_is_wrong(world: World) -> None:
    basis = metering(world, REQUESTS, readings((date(2026, 10, 5), 100)))
    draft = world.draft(basis)
    more = replace(draft, lines=(replace(draft.lines[0], quantity=Decimal(200)),))
    assert "not-as-agreed" in {p.rule for p in errors(draft_problems(more, basis, name="acme-2026-10"))}


QUANTITIES = st.lists(st.decimals(Decimal(0), Decimal(4000), places=2), min_size=1, max_size=6)


@given(QUANTITIES, st.sampled_from(["graduated", "flat"]))
def test_months_of_late_readings_come_to_what_all_of_them_cost(quantities: list[Decimal], mode: str) -> None:
    """Law: however October's readings spread over later drafts, it costs what they cost in one."""
    world = World()
    tiers = TIERS if mode == "graduated" else TIERS[-1:]
    meter = replace(REQUESTS, mode=mode, tiers=tiers, minimum=Money.parse("20.00 EUR"))  # type: ignore[arg-type]
    invoices: list[Invoice] = []
    seen: list[tuple[date, str]] = []
    for number, quantity in enumerate(quantities):
        seen.append((date(2026, 10, number + 1), str(quantity)))
        period = month(date(2026 + (9 + number) // 12, (9 + number) % 12 + 1, 1))
        basis = metering(world, replace(meter, minimum=None) if number else meter, readings(*seen))
        basis = replace(basis, invoices=tuple(invoices))
        full = replace(basis, engagement=metering(world, meter, {}).engagement)
        found = [line for line in lines(full, period) if any("2026-10" in each for each in line.bills)]
        if found:
            draft = replace(_empty(world, full, period), lines=tuple(found))
            invoices.append(world.issue(draft, full, f"INV-{number}", period.last))
    asked = [item for invoice in invoices for line in invoice.lines for item in line.bills]
    assert len(asked) == len(set(asked))
    billed = total((line.net for invoice in invoices for line in invoice.lines), "EUR")
    whole = metering(world, meter, readings(*seen))
    assert billed == total(map(net_of, lines(whole)), "EUR")


def _empty(world: World, basis: Basis, period: Period) -> Draft:
    return replace(world.draft(basis, period), lines=())


@given(st.lists(st.decimals(Decimal(0), Decimal(20_000), places=3), min_size=2, max_size=20))
def test_graduated_prices_rise_without_jumps(used: list[Decimal]) -> None:
    """Law: one more unit costs at most the dearest price, and never less than nothing."""
    dearest = max(tier.price.amount for tier in TIERS)
    costs = [(each, sum((c.quantity * c.price.amount for c in charges(REQUESTS, each)), Decimal(0))) for each in used]
    for (less, cheaper), (more, dearer) in pairwise(sorted(costs)):
        assert 0 <= dearer - cheaper <= (more - less) * dearest


def test_a_volume_price_that_falls_is_told(world: World) -> None:
    """5,100 used were billed at 408.00; two more reach the tier that makes it 255.10 in all."""
    tiers = (Tier(up_to=Decimal(5100), price=Money.parse("0.08 EUR")), Tier(price=Money.parse("0.05 EUR")))
    meter = replace(REQUESTS, mode="volume", tiers=tiers)
    before = metering(world, meter, readings((date(2026, 10, 5), 5100)))
    october = world.issue(world.draft(before), before)
    both = readings((date(2026, 10, 5), 5100), (date(2026, 10, 31), 2), (date(2026, 11, 3), 10))
    basis = metering(world, meter, both, invoices=(october,))
    draft = world.draft(basis, NOVEMBER)
    (told,) = [each for each in draft_problems(draft, basis, name="d") if each.rule == "usage-overbilled"]
    assert told.severity == "warning"
    assert "billed 152.90 EUR more than the readings come to now" in told.message
