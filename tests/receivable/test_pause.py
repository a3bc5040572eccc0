"""Nobody in dispute, insolvent or on hold is reminded (and why is told)."""

from datetime import date, timedelta
from typing import Any

from tests.receivable.dispute.cases import AT, DAY, dispute, euro, step

from git_bill.receivable.pause import Hold, held, reminders_stopped, thanks_stopped

NUMBER = "INV-2026-0032"


def hold(**changed: Any) -> Hold:
    facts: dict[str, Any] = {"invoice": NUMBER, "on": DAY, "until": date(2026, 12, 31), "by": "mira", "at": AT}
    return Hold(**{**facts, **changed})


def why(open_: str = "1190.00", day: date = DAY, **facts: Any) -> str | None:
    found = reminders_stopped(NUMBER, euro(open_), as_of=day, **facts)
    return found.text if found is not None else None


def test_a_hold_lasts_until_its_day_and_the_newest_counts() -> None:
    first = hold(because="their accountant is ill")
    assert why(holds=[first]) == f"{NUMBER} is on hold until 2026-12-31: their accountant is ill"
    assert why(holds=[first], day=date(2026, 12, 31))
    assert why(holds=[first], day=date(2027, 1, 1)) is None
    assert why(holds=[first], day=DAY - timedelta(days=1)) is None
    assert why(holds=[first, hold(off=True, until=None)]) is None
    assert why(holds=[first, hold(off=True, until=None), hold(until=None)]) == f"{NUMBER} is on hold"
    assert held([hold(invoice="INV-2026-0033")], NUMBER, DAY) is None


def test_an_insolvent_client_is_left_alone_from_that_day_on() -> None:
    assert why(insolvent=DAY) == "the client is insolvent since 2026-11-20"
    assert why(insolvent=DAY, day=DAY - timedelta(days=1)) is None
    assert thanks_stopped(NUMBER, as_of=DAY, insolvent=DAY)


def test_a_dispute_stops_only_what_is_disputed() -> None:
    assert why(disputes=[dispute()]) is None  # 595.00 of it may be asked for
    assert why("595.00", disputes=[dispute()]) == f"{NUMBER} is disputed: DS-{NUMBER}-1"
    assert thanks_stopped(NUMBER, as_of=DAY) is None
    given = dispute(steps=(step("resolve", 0, result="upheld", amount=euro("595.00"), draft="D-x"),))
    assert "its credit note is not issued yet" in (why("595.00", disputes=[given]) or "")
    assert why("595.00", disputes=[given], credited={"D-x"}) is None
