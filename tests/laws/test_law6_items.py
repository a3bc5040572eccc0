"""Law 6 for items: over half a year nothing is billed twice, no cap is exceeded, nothing is drawn beyond its grant.

Contracts and months are made up at random; each month's draft is issued, left open a month, or thrown away.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.invoice.conftest import S19, World

from git_bill.contract.agreement import Contract, Kind
from git_bill.contract.expense import Expense
from git_bill.contract.limit import Cap
from git_bill.contract.meter import Meter, Tier
from git_bill.contract.rate import Rate
from git_bill.contract.terms import CallOut, Discount, Fee, Milestone, Order, Retainer, Rounding
from git_bill.contract.usage import Reading
from git_bill.invoice.basis import Basis, held_by, pins_of
from git_bill.invoice.capping import limits
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Draft
from git_bill.invoice.drafting import build
from git_bill.invoice.issued import Invoice
from git_bill.invoice.retaining import drawn_in, granted
from git_bill.money import Money
from git_bill.period import Period, month
from git_bill.problem import Problem, errors
from git_bill.worklog.entry import Worked

START = date(2026, 1, 1)
MONTHS = tuple(month(date(2026, n, 1)) for n in range(1, 7))
WORLD = World()


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


RATES = (
    Rate(hourly=eur("95.00"), daily=eur("760.00"), activity="development"),
    Rate(hourly=eur("80.00"), daily=eur("640.00")),
)
STEPS = st.sampled_from([1, 6, 15, 30])
ROUNDINGS = st.builds(
    Rounding,
    to=STEPS,
    mode=st.sampled_from(["nearest", "up", "down"]),
    per=st.sampled_from(["entry", "ticket", "ticket-day", "day", "line", "invoice"]),
)
SPANS = st.sampled_from(["invoice", "month", "ticket", "project", "contract"])
CAPS = st.one_of(
    st.builds(
        Cap,
        amount=st.integers(50, 4000).map(lambda n: eur(f"{n}.00")),
        per=SPANS,
        then=st.sampled_from(["carry", "waive"]),
    ),
    st.builds(Cap, time=st.integers(30, 40 * 60), per=SPANS, then=st.sampled_from(["carry", "waive"])),
)
RETAINERS = st.one_of(
    st.builds(
        Retainer,
        fee=st.just(eur("900.00")),
        time=st.integers(60, 1200),
        carry=st.integers(0, 2),
        overage=st.none() | st.just(eur("120.00")),
    ),
    st.builds(
        Retainer,
        fee=st.just(eur("900.00")),
        amount=st.integers(100, 1500).map(lambda n: eur(f"{n}.00")),
        carry=st.integers(0, 2),
    ),
)
FEES = st.builds(
    Fee,
    id=st.sampled_from(["support", "hosting"]),
    amount=st.integers(10, 500).map(lambda n: eur(f"{n}.00")),
    every=st.sampled_from(["month", "quarter"]),
    in_advance=st.booleans(),
    from_=st.none() | st.dates(START, date(2026, 4, 1)),
)
MILESTONES = (
    Milestone(id="start", amount=eur("1000.00"), on=date(2026, 1, 10), deposit=True),
    Milestone(id="alpha", amount=eur("2000.00"), tag="v0.1"),
    Milestone(id="beta", amount=eur("3000.00"), pull_request=12),
)
METER = Meter(
    id="requests", mode="graduated", tiers=(Tier(up_to=Decimal(100), price=eur("0.10")), Tier(price=eur("0.05")))
)


@st.composite
def contracts(draw: st.DrawFn, kinds: Sequence[Kind]) -> Contract:
    kind = draw(st.sampled_from(kinds))
    fees = draw(st.lists(FEES, max_size=2, unique_by=lambda fee: fee.id))
    order = Order(number="4500", budget=draw(st.none() | st.integers(1000, 20000).map(lambda n: eur(f"{n}.00"))))
    return WORLD.contract(
        kind=kind,
        rates=RATES,
        rounding=draw(ROUNDINGS),
        retainer=draw(RETAINERS) if kind == "retainer" else None,
        fees=tuple(fees),
        caps=tuple(draw(st.lists(CAPS, max_size=2))),
        milestones=draw(st.sampled_from([(), MILESTONES])),
        meters=draw(st.sampled_from([(), (METER,)])),
        call_out=draw(st.none() | st.just(CallOut(fee=eur("80.00")))),
        minimum=draw(st.none() | st.just(eur("200.00"))),
        orders=draw(st.sampled_from([(), (order,)])),
        discounts=draw(st.sampled_from([(), (Discount(percent=Decimal(5), of="lines", reason="Loyalty"),)])),
    )


WORK = st.lists(
    st.tuples(
        st.integers(0, 5),  # its month
        st.integers(1, 28),
        st.integers(1, 600),
        st.sampled_from(["WEB-1", "WEB-2", None]),
        st.sampled_from(["mira", "jonas"]),
        st.sampled_from(["development", "support"]),
        st.integers(0, 2),  # so many months late
    ),
    max_size=25,
)
FATES = st.lists(st.sampled_from(["issued", "issued", "issued", "open", "closed"]), min_size=6, max_size=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What happened: work with the month in which it is known, and what became of each month's draft."""

    contract: Contract
    work: tuple[tuple[int, Worked], ...]
    fates: tuple[str, ...]
    readings: tuple[int, ...]
    expenses: tuple[int, ...]


@st.composite
def years(draw: st.DrawFn, kinds: Sequence[Kind] = get_args(Kind)) -> Year:
    work = [
        (
            min(5, m + late),
            WORLD.entry(f"W-{n:012}", minutes, date(2026, m + 1, day), ticket=ticket, by=by, activity=activity),
        )
        for n, (m, day, minutes, ticket, by, activity, late) in enumerate(draw(WORK))
    ]
    return Year(
        contract=draw(contracts(kinds)),
        work=tuple(work),
        fates=tuple(draw(FATES)),
        readings=tuple(draw(st.lists(st.integers(0, 300), max_size=6))),
        expenses=tuple(draw(st.lists(st.integers(1, 300), max_size=4))),
    )


@dataclass(slots=True)
class Books:
    """A year of books in memory: each month's draft is made from what is known, and issued if nothing is wrong."""

    year: Year
    invoices: tuple[Invoice, ...] = ()
    open: tuple[Draft, ...] = ()

    def basis(self, number: int, *, without: Draft | None = None) -> Basis:
        drafts = {draft.id: draft for draft in self.open if draft is not without}
        at = datetime(2026, 1, 1, tzinfo=UTC)
        return WORLD.basis(
            *(worked for known, worked in self.year.work if known <= number),
            contract=self.year.contract,
            invoices=self.invoices,
            pins=pins_of(drafts),
            held=held_by(drafts),
            happened={"tag:v0.1": date(2026, 2, 3), "pull:12": date(2026, 4, 20)},
            readings={
                f"R-{n}": Reading(meter="requests", day=date(2026, n + 1, 15), quantity=Decimal(q), at=at)
                for n, q in enumerate(self.year.readings)
            },
            expenses={
                f"X-{n}": Expense(day=date(2026, n + 1, 9), by="mira", at=at, text="train", amount=eur(f"{q}.00"))
                for n, q in enumerate(self.year.expenses)
            },
        )

    def draft(self, number: int, period: Period) -> Draft:
        basis = self.basis(number)
        return build(basis, self.year.contract, period, S19, draft_id=f"D-{number:012}").draft

    def settle(self, draft: Draft, number: int) -> None:
        """Issue it, unless the checks keep it back."""
        basis = self.basis(number, without=draft)
        if not errors(draft_problems(draft, basis, name=draft.id, final=True)):
            issued = WORLD.issue(draft, basis, f"INV-2026-{len(self.invoices) + 1:04}", MONTHS[number].last)
            self.invoices = (*self.invoices, issued)

    def play(self) -> None:
        for number, (period, fate) in enumerate(zip(MONTHS, self.year.fates, strict=True)):
            waiting, self.open = self.open, ()
            draft = self.draft(number, period)
            if draft.lines and fate == "issued":
                problems = errors(draft_problems(draft, self.basis(number), name="d", final=True))
                assert [p for p in problems if not _is_beyond_a_budget(p)] == []
                self.settle(draft, number)
            for late in waiting:  # made a month ago, merged only now
                self.settle(late, number)
            self.open = (draft,) if draft.lines and fate == "open" else ()

    @property
    def items(self) -> list[str]:
        return [item for invoice in self.invoices for line in invoice.lines for item in line.bills]


def _is_beyond_a_budget(problem: Problem) -> bool:
    """Fees and fixed prices are due whatever an order allows; the draft then waits for a person."""
    return problem.rule == "above-cap" and "of order 4500" in problem.message


@settings(max_examples=60, deadline=None)
@given(years())
def test_no_item_and_no_entry_is_billed_twice(year: Year) -> None:
    books = Books(year=year)
    books.play()
    assert [item for item, count in Counter(books.items).items() if count > 1] == []
    worked = {w.id: w.entry.minutes for _, w in year.work}
    billed: Counter[str] = Counter()
    for invoice in books.invoices:
        for line in invoice.lines:
            billed.update(line.entries)
    assert {entry: minutes for entry, minutes in billed.items() if minutes > worked[entry]} == {}


@settings(max_examples=60, deadline=None)
@given(years())
def test_no_cap_and_no_budget_is_exceeded(year: Year) -> None:
    assume(year.contract.caps or year.contract.orders)
    books = Books(year=year)
    books.play()
    basis = books.basis(5)
    for limit in limits(year.contract, "4500"):
        most = limit.cap.amount.amount if limit.cap.amount is not None else Decimal(limit.cap.time or 0)
        for invoices in _counted_together(limit.cap.per, books.invoices, split=limit.order is None):
            lines = [line for invoice in invoices for line in invoice.lines]
            assert all(used <= most for used in limit.taken(lines, basis).values()), limit.name


def _counted_together(per: str, invoices: Sequence[Invoice], *, split: bool) -> list[list[Invoice]]:
    groups: dict[object, list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        key = {"invoice": invoice.number, "month": (invoice.last.year, invoice.last.month)}.get(per) if split else None
        groups[key].append(invoice)
    return list(groups.values())


@settings(max_examples=60, deadline=None)
@given(years(("retainer",)))
def test_the_balance_of_a_retainer_is_a_fold(year: Year) -> None:
    """What was drawn never exceeds what the months up to it brought; a month's share never what it could still use."""
    books = Books(year=year)
    books.play()
    retainer = year.contract.retainer
    assert retainer is not None
    drawn = drawn_in([line for invoice in books.invoices for line in invoice.lines], retainer)
    grants = granted(books.basis(5), year.contract, Period(START, MONTHS[-1].last))
    for last in range(len(MONTHS)):
        names = [f"{period.first:%Y-%m}" for period in MONTHS[: last + 1]]
        brought = sum(grant.amount for grant in grants if grant.month <= 2026 * 12 + last + 1)
        assert sum(drawn.get(name, Decimal(0)) for name in names) <= brought
        own = sum(grant.amount for grant in grants if grant.usable(2026 * 12 + last + 1))
        assert drawn.get(names[-1], Decimal(0)) <= own


@settings(max_examples=40, deadline=None)
@given(years(), st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(year: Year, random: object) -> None:
    books, shuffled = Books(year=year), list(year.work)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = Books(year=replace(year, work=tuple(shuffled)))
    books.play()
    other.play()
    assert [i.lines for i in books.invoices] == [i.lines for i in other.invoices]
    assert [i.totals for i in books.invoices] == [i.totals for i in other.invoices]
