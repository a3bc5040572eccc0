"""Law 6 with credit notes and corrections in any order: nothing is billed twice, nothing is credited twice.

Worked ≥ what standing invoices bill of an entry; Σ credits ≤ the invoice, of each line and of the whole, to the cent.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.invoice.conftest import S19, World

from git_bill.contract.rate import Rate
from git_bill.contract.terms import Discount, Fee, Milestone
from git_bill.invoice.basis import Basis
from git_bill.invoice.billed import credit_notes, settled, standing
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.credited import open_of
from git_bill.invoice.crediting import Wish, cancellation, credit
from git_bill.invoice.draft import Draft
from git_bill.invoice.drafting import build
from git_bill.invoice.issued import Invoice
from git_bill.invoice.issuing import invoice_problems
from git_bill.invoice.replacing import Wish as Other
from git_bill.invoice.replacing import replacement
from git_bill.money import Money, total
from git_bill.period import month
from git_bill.problem import Problem, errors
from git_bill.worklog.entry import Worked

WORLD = World()
FULL = replace(S19, source="UStG § 12(1)")


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


CONTRACT = WORLD.contract(
    rates=(Rate(hourly=eur("95.00"), activity="development"), Rate(hourly=eur("83.33"))),
    milestones=(
        Milestone(id="alpha", amount=eur("1999.99"), on=date(2026, 10, 9)),
        Milestone(id="beta", amount=eur("333.33"), on=date(2026, 11, 9)),
    ),
    fees=(Fee(id="support", amount=eur("49.99"), every="month"),),
)
DISCOUNTS = ((), (Discount(percent=Decimal(7), of="invoice", reason="Loyalty"),))
Step = tuple[str, int, int, Literal["rebill", "waive"], int]
STEPS = st.tuples(
    st.sampled_from(["work", "draft", "all", "line", "amount", "amount of line", "correct"]),
    st.integers(0, 5),
    st.integers(1, 400),
    st.sampled_from(["rebill", "waive"]),
    st.integers(1, 400_000),
)


@dataclass
class Office:
    """What was worked and issued, month after month."""

    discounts: tuple[Discount, ...]
    worked: dict[str, Worked] = field(default_factory=dict)
    issued: list[Invoice] = field(default_factory=list)
    day: date = date(2026, 11, 2)

    def basis(self, **over: object) -> Basis:
        contract = replace(CONTRACT, discounts=self.discounts)
        found = WORLD.basis(*self.worked.values(), contract=contract, invoices=tuple(self.issued))
        return replace(found, **over)  # type: ignore[arg-type]

    def work(self, where: int, minutes: int) -> None:
        number = len(self.worked) + 1
        activity = "development" if where % 2 else "meeting"
        entry = WORLD.entry(f"W-{number}", minutes, 1 + number % 28, activity=activity, ticket=f"WEB-{where}")
        self.worked[entry.id] = entry

    def draft(self, number: int) -> None:
        basis = self.basis()
        period = month(date(2026, 10 + number % 2, 1))
        made = build(basis, basis.engagement.contracts[0], period, S19, draft_id=f"D-{len(self.issued)}")
        if made.draft.lines and not errors(made.problems):
            self.issue(made.draft, basis)

    def credit(self, step: Step) -> None:
        kind, place, number, entries, cents = step
        invoices = [invoice for invoice in self.issued if invoice.reverses is None]
        if not invoices:
            return
        invoice = invoices[place % len(invoices)]
        notes = credit_notes(self.issued).get(invoice.number, ())
        if kind == "correct":
            if not notes:
                self.correct(invoice)
            return
        wish = Wish(
            entries=entries,
            lines=(1 + number % len(invoice.lines),) if "line" in kind else (),
            amount=eur(f"{Decimal(cents) / 100:.2f}") if "amount" in kind else None,
        )
        made = credit(invoice, notes, wish, draft_id=f"D-{len(self.issued)}")
        if isinstance(made, Problem):
            left = open_of(invoice, notes)
            assert made.rule in {"nothing-open", "more-than-open", "billed-whole"}
            if made.rule == "nothing-open" and not wish.lines:
                assert not any(left.nets.values())
            return
        self.issue(made, self.basis(), "CN")

    def correct(self, invoice: Invoice) -> None:
        made = replacement(invoice, Other(set={"order": "4711"}), draft_id=f"D-{len(self.issued)}")
        assert isinstance(made, Draft)
        without = tuple(each for each in self.issued if each is not invoice)
        found = errors(draft_problems(made, self.basis(invoices=without, corrected=invoice), name="x"))
        assert found == ()
        self.issue(cancellation(invoice, draft_id=f"{made.id}-cancel", because=None), self.basis(), "CN")
        assert self.issued[-1].totals == invoice.totals
        self.issue(made, self.basis(), judge=False)

    def issue(self, draft: Draft, basis: Basis, series: str = "INV", *, judge: bool = True) -> None:
        if judge:
            assert errors(draft_problems(draft, basis, name="x")) == ()
        number = f"{series}-2026-{len(self.issued) + 1:04}"
        found = WORLD.issue(draft, basis, number, self.day)
        assert errors(invoice_problems(found)) == ()
        self.issued.append(found)

    def holds(self) -> None:
        """What must hold after each step."""
        billed: Counter[str] = Counter()
        items: Counter[str] = Counter()
        for invoice in standing(self.issued):
            for line in invoice.lines:
                billed.update(line.entries)
                items.update(line.bills)
        assert {e: m for e, m in billed.items() if m > self.worked[e].entry.minutes} == {}
        assert {item: count for item, count in items.items() if count > 1} == {}
        done = settled(self.issued)
        assert all(done.open(e, w.entry.minutes) + billed[e] <= w.entry.minutes for e, w in self.worked.items())
        for number, notes in credit_notes(self.issued).items():
            self.credited(next(each for each in self.issued if each.number == number), notes)

    def credited(self, invoice: Invoice, notes: object) -> None:
        """Σ credits of each line and of the whole stay within it; a whole that is taken back comes to it exactly."""
        taken: dict[str, list[Money]] = defaultdict(list)
        mine = [each for each in self.issued if each.reverses and each.reverses.number == invoice.number]
        for note in mine:
            for line in note.lines:
                assert line.net == total(line.credits.values(), "EUR")
                for number, amount in line.credits.items():
                    taken[number].append(amount)
        for number, amounts in taken.items():
            assert Money.zero("EUR") <= total(amounts, "EUR") <= invoice.lines[int(number) - 1].net
        gross = total((note.totals.payable for note in mine), "EUR")
        net = total((note.totals.net for note in mine), "EUR")
        assert net <= invoice.totals.net
        assert gross <= invoice.totals.gross
        if net == invoice.totals.net:
            assert gross == invoice.totals.gross


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=14), st.sampled_from(DISCOUNTS), st.integers(1, 300))
def test_nothing_is_billed_or_credited_twice(steps: list[Step], discounts: tuple[Discount, ...], first: int) -> None:
    office = Office(discounts=discounts)
    office.work(1, first)
    office.work(2, first // 2 + 1)
    office.draft(0)
    for step in steps:
        if step[0] == "work":
            office.work(step[1], step[2])
        elif step[0] == "draft":
            office.draft(step[1])
        else:
            office.credit(step)
        office.holds()
