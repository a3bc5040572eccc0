"""Law 5: the numbers of a series are gap-free and unique under any interleaving; a closed draft consumes none."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.laws.bureau import STATED, Bureau

from git_bill.flows.close import close
from git_bill.flows.void import void
from git_bill.invoice.numbering import Numbering, format_number, gaps, next_number, parse_number

FIRST = {2026: 32}  # the settings say that INV-2026-0031 was given before


class Series(RuleBasedStateMachine):
    """Drafts come, are closed or approved; issuers race each other; the till fails between claim and document; numbers
    are voided; years pass.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bureau = Bureau()
        self.bureau.state(STATED)
        self.bound: dict[str, str] = {}

    @property
    def today(self) -> date:
        return self.bureau.clock.today("Europe/Berlin")

    @initialize(months=st.integers(1, 3))
    def begin(self, months: int) -> None:
        """A draft for each of some months."""
        for number in range(months):
            self.propose(30 * number, 60)

    @rule(back=st.sampled_from([0, 10, 30, 60]), minutes=st.integers(1, 600))
    def propose(self, back: int, minutes: int) -> None:
        """Work, and the draft of its month, new or brought up to date."""
        day = self.today - timedelta(days=back)
        self.bureau.work(day, minutes)
        self.bureau.draft(day)

    @rule(back=st.sampled_from([0, 30]), rail=st.booleans(), works=st.booleans(), rivals=st.integers(0, 3))
    def bill(self, back: int, rail: bool, works: bool, rivals: int) -> None:
        """All in one go."""
        self.propose(back, 60)
        for name in self.bureau.open_drafts:
            self.bureau.approve(name)
        self.issue(rail, works, rivals)

    @precondition(lambda self: self.bureau.open_drafts)
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        before = self.numbers
        name = data.draw(st.sampled_from(self.bureau.open_drafts))
        self.bureau.do(close(self.bureau.books, name))
        assert self.numbers == before

    @precondition(lambda self: self.bureau.open_drafts)
    @rule(data=st.data(), by_git=st.booleans())
    def approve(self, data: st.DataObject, by_git: bool) -> None:
        name = data.draw(st.sampled_from(self.bureau.open_drafts))
        if by_git:
            self.bureau.books.merge(f"bill/{name}", how=data.draw(st.sampled_from(["merge", "squash"])))
        else:
            self.bureau.approve(name)

    @rule(rail=st.booleans(), works=st.booleans(), rivals=st.integers(0, 3))
    def issue(self, rail: bool, works: bool, rivals: int) -> None:
        self.bureau.till.away = not works
        self.bureau.issue(rail=rail, rivals=rivals)

    @precondition(lambda self: self.bureau.numbered)
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.numbers))
        books, clock = self.bureau.books, self.bureau.clock
        self.bureau.may(lambda: void(books, clock, number, because="the client withdrew", by="mira"))

    @rule(days=st.sampled_from([1, 20, 59]))
    def time_passes(self, days: int) -> None:
        self.bureau.clock.at += timedelta(days=days)

    @property
    def numbers(self) -> list[str]:
        return [item.claim.number for item in self.bureau.numbered]

    @invariant()
    def numbers_are_unique_and_without_gap(self) -> None:
        given = [parse_number("INV-{year}-{seq:04}", number) for number in self.numbers]
        assert None not in given
        for year in {number.year for number in given if number}:
            counts = sorted(number.seq for number in given if number and number.year == year)
            first = FIRST.get(year or 0, 1)
            assert counts == list(range(first, first + len(counts)))

    @invariant()
    def what_is_issued_has_its_claim_and_dates_rise(self) -> None:
        found = self.bureau.numbered
        for item in found:
            assert item.folder.endswith(f"/{item.claim.issue_date.year}/{item.claim.number}")
            if item.invoice is not None:
                claim = (item.claim.number, item.claim.draft, item.claim.issue_date)
                assert (item.invoice.number, item.invoice.draft, item.invoice.issue_date) == claim
                assert item.claim.void is None
        ordered = sorted(found, key=lambda item: (item.claim.issue_date.year, item.claim.number))
        dates = [item.claim.issue_date for item in ordered]
        assert dates == sorted(dates)

    @invariant()
    def a_draft_keeps_its_number(self) -> None:
        """Until a person voids it, and an issued one for good."""
        live = {item.claim.draft: item.claim.number for item in self.bureau.numbered if item.claim.void is None}
        voided = {item.claim.number for item in self.bureau.numbered if item.claim.void is not None}
        assert len(live) == len([item for item in self.bureau.numbered if item.claim.void is None])
        for draft, number in self.bound.items():
            assert live.get(draft) == number or number in voided
        self.bound |= live

    @invariant()
    def the_ledger_is_whole(self) -> None:
        assert self.bureau.chain_is_whole


TestSeries = Series.TestCase
TestSeries.settings = settings(max_examples=5, stateful_step_count=20, deadline=None)


@pytest.mark.slow
def test_a_long_series() -> None:
    run_state_machine_as_test(Series, settings=settings(max_examples=40, stateful_step_count=50, deadline=None))


FORMS = st.sampled_from(["INV-{year}-{seq:04}", "{seq}", "R{year}/{seq:02}", "2026-{seq:03}"])


@given(form=FORMS, years=st.lists(st.integers(2024, 2031), min_size=1, max_size=40).map(sorted))
def test_each_year_of_a_series_counts_from_one(form: str, years: list[int]) -> None:
    numbers: list[str] = []
    for year in years:
        number = next_number(form, year, numbers)
        assert isinstance(number, str)
        numbers.append(number)
    assert len(set(numbers)) == len(numbers)
    assert gaps(form, numbers) == ()
    first = format_number(form, years[0], 1)
    assert numbers[0] == first


@given(form=FORMS, taken=st.sets(st.integers(1, 30), min_size=1), last=st.none() | st.integers(1, 50))
def test_the_next_number_is_above_all_that_were_given(form: str, taken: set[int], last: int | None) -> None:
    before = [format_number(form, 2026, seq) for seq in taken]
    number = next_number(form, 2026, before, None if last is None else format_number(form, 2026, last))
    assert isinstance(number, str)
    parsed = parse_number(form, number)
    assert parsed is not None
    assert parsed.seq == max(*taken, last or 0) + 1


def test_the_settings_example_is_the_series_under_test() -> None:
    assert next_number(Numbering().invoice, 2026, [], "INV-2026-0031") == "INV-2026-0032"
