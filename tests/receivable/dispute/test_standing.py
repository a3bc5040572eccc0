"""What may be asked for: disputed parts rest, the rest does not, whatever was paid and decided."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.receivable.dispute.cases import DAY, dispute, euro, step
from tests.receivable.export.till import S19, bill

from git_bill.money import Money
from git_bill.receivable.dispute.standing import claimable, given_drafts, outcomes

NUMBER = "INV-2026-0032"
GIVEN = step("resolve", 5, result="partly", amount=euro("119.00"), draft="D-aaaaaaaaaaaa")


def part(open_: str, *disputes: object, day: date = DAY, credited: tuple[str, ...] = ()) -> tuple[str, str]:
    found = claimable(NUMBER, euro(open_), disputes, day, credited)  # type: ignore[arg-type]
    return f"{found.undisputed.amount:f}", f"{found.disputed.amount:f}"


def test_the_undisputed_part_is_asked_for() -> None:
    one = dispute()
    assert part("1190.00", one) == ("595.00", "595.00")
    assert part("595.00", one) == ("0.00", "595.00")  # the client paid the rest
    assert part("100.00", one) == ("0.00", "100.00")
    assert part("0.00", one) == ("0.00", "0.00")
    assert part("-20.00", one) == ("0.00", "0.00")
    assert part("1190.00", one, day=DAY - timedelta(days=1)) == ("1190.00", "0.00")
    assert part("1190.00", dispute(invoice="INV-2026-0033")) == ("1190.00", "0.00")


def test_it_is_asked_for_again_when_the_client_was_wrong() -> None:
    rejected = dispute(steps=(step("resolve", 5),))
    assert part("1190.00", rejected, day=DAY + timedelta(days=4)) == ("595.00", "595.00")
    assert part("1190.00", rejected, day=DAY + timedelta(days=5)) == ("1190.00", "0.00")
    assert part("1190.00", dispute(steps=(step("withdraw", 5),)), day=DAY + timedelta(days=5)) == ("1190.00", "0.00")


def test_what_was_given_up_is_not_asked_for_before_its_credit_note_is_issued() -> None:
    given_up = dispute(steps=(GIVEN,))
    day = DAY + timedelta(days=5)
    assert part("1190.00", given_up, day=day) == ("1071.00", "119.00")
    assert part("1071.00", given_up, day=day, credited=("D-aaaaaaaaaaaa",)) == ("1071.00", "0.00")
    assert claimable(NUMBER, euro("119.00"), [given_up], day).stops_all


@pytest.mark.parametrize(
    ("days", "net", "is_given"),
    [
        (5, "100.00", True),
        (6, "99.99", True),  # no net comes to it exactly
        (4, "100.00", False),  # it was there before
        (6, "50.00", False),  # it is about something else
    ],
)
def test_a_credit_note_that_a_person_made_instead_gives_what_was_given_up(days: int, net: str, is_given: bool) -> None:
    """The draft of the resolution was thrown away: else that part would never be asked for, or given, again."""
    given_up = dispute(steps=(GIVEN,))
    note = bill("CN-2026-0001", DAY + timedelta(days=days), (net, S19), reverses=NUMBER)
    later = DAY + timedelta(days=9)
    assert given_drafts([note], [given_up], later) == {note.draft, *(("D-aaaaaaaaaaaa",) if is_given else ())}
    assert given_drafts([note], [given_up], DAY) == frozenset()
    twice = [given_up, dispute(id=f"DS-{NUMBER}-2", steps=(replace(GIVEN, draft="D-bbbbbbbbbbbb"),))]
    assert len(given_drafts([note], twice, later)) == 1 + is_given  # one note gives once
    own = replace(note, draft="D-aaaaaaaaaaaa")
    assert given_drafts([own], twice, later) == {"D-aaaaaaaaaaaa"}


@given(
    st.lists(st.tuples(st.integers(1, 50000), st.integers(0, 9), st.booleans()), max_size=5), st.integers(-5000, 90000)
)
def test_the_parts_are_what_is_open(told: list[tuple[int, int, bool]], cents: int) -> None:
    open_ = Money(Decimal(cents) / 100, "EUR")
    found = [
        dispute(
            id=f"DS-{NUMBER}-{number}",
            amount=Money(Decimal(amount) / 100, "EUR"),
            on=DAY + timedelta(days=days),
            steps=(step("withdraw", days),) if ended else (),
        )
        for number, (amount, days, ended) in enumerate(told, 1)
    ]
    day = DAY + timedelta(days=4)
    parts = claimable(NUMBER, open_, found, day)
    assert parts.undisputed + parts.disputed == max(open_, Money.zero("EUR"))
    assert parts.undisputed.amount >= 0
    assert parts.disputed.amount >= 0
    assert parts == claimable(NUMBER, open_, found[::-1], day) or len(parts.live) > 1
    assert bool(parts.disputed) is (cents > 0 and bool(parts.live))


def test_outcomes_tell_days_and_what_was_lost() -> None:
    (one, other) = outcomes([dispute(id="DS-X-2", steps=(step("withdraw", 9),)), dispute(steps=(GIVEN,)), dispute()])
    assert (one.result, one.lost, one.days) == ("partly", euro("119.00"), 5)
    assert (other.result, other.lost, other.days) == ("withdrawn", euro("0.00"), 9)
