"""What became of claims, in words: each claim with its reason, and each loss with who won and why."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.worklog.test_measured import timer
from tests.worklog.test_reviewed import review
from tests.worklog.workday import BERLIN, ORIGINS, ZONES, Workday, commit

from git_bill.worklog.entry import Worked, evidence_name
from git_bill.worklog.manifest import Collected
from git_bill.worklog.outcome import claim_text, why_lost, won_text
from git_bill.worklog.piece import Origin
from git_bill.worklog.reason import Facts, Reason, entry_reason
from git_bill.worklog.timeline import Lost, Precedence


def workday() -> Workday:
    return Workday(origins={**ORIGINS, "timers": Origin(client="beta")})


def told(day: Workday, item: Worked) -> list[str]:
    """The tree of an entry's reasons as lines, indented."""
    found = day.collect()
    facts = Facts(
        evidence={evidence_name(r.source, r.key): r for r in day.evidence},
        edits=tuple(day.edits),
        zones=ZONES,
        won=found.won,
        lost=found.lost,
    )
    return list(_lines(entry_reason(item, facts), 0))


def _lines(reason: Reason, depth: int) -> Any:
    yield "  " * depth + reason.text
    for child in reason.because:
        yield from _lines(child, depth + 1)


def texts(found: Collected) -> list[str]:
    return [claim_text(won, BERLIN) for won in found.won]


def test_a_claim_says_what_it_asks_for_and_why() -> None:
    day = workday()
    found = day.collect(
        commit("one", "2026-10-05 10:00"),
        commit("two", "2026-10-05 10:40"),
        commit("three", "2026-10-05 16:00", minutes=30),
        timer("12:00", "13:00"),
        review(7, "2026-10-05 18:00"),
    )
    assert set(texts(found)) == {
        "claims 09:00 to 10:00, 1h (5m to 2h), and has it: the first of a session, by the size of the change",
        "claims 10:13 to 10:40, 27m (4m to 40m), and has it: 40m after the work before it",
        "claims 30m, laid into 15:30 to 16:00, and has it: as its message states",
        "claims 12:00 to 13:00, 1h, and has it: as a timer recorded it",
        "claims 17:50 to 18:00, 10m (2m to 30m), and has it: the minutes before a review",
    }


def test_explain_shows_claims_who_won_the_range_and_why() -> None:
    day = workday()
    day.collect(
        commit("one", "2026-10-05 10:00", ticket="WEB-5"),
        commit("two", "2026-10-05 10:40", ticket="WEB-5"),
        timer("09:30", "10:20", text="call"),
    )
    shop = day.of("one")
    (call,) = (item for item in day.live if item.client == "beta")
    lines = told(day, shop)
    assert "  worked 09:00 to 09:30, 10:20 to 10:40" in lines
    assert any(line.startswith("  estimated by session-2026.11 from its commits: ") for line in lines)
    assert "    the ranges of its 2 claims partly cancel out; the error that they share does not" in lines
    assert "    claims 09:00 to 10:00, 1h (5m to 2h): the first of a session, by the size of the change" in lines
    assert "      it has 30m: 09:00 to 09:30" in lines
    why = "a timer comes before an estimate from commits"
    assert f"      {call.id} has 30m of it, 09:30 to 10:00: {why}" in lines
    assert f"      {call.id} has 7m of it, 10:13 to 10:20: {why}" in lines
    assert f"  {shop.id} claims 37m of it too: {why}" in told(day, call)


def test_a_review_is_named_with_its_pull_request() -> None:
    day = workday()
    day.collect(review(7, "2026-10-05 18:00"))
    lines = told(day, day.only())
    assert '  mira reviewed #7 "Keep the cart" on Mon 2026-10-05 18:00: approved' in lines
    assert "  estimated by review-2026.11 from its reviews: 2m to 30m in four of five cases" in lines


def test_what_a_person_set_is_a_claim_without_a_fact() -> None:
    day = workday()
    day.collect(commit("one", "2026-10-05 10:00"))
    day.edit("set", day.only().id, minutes=30)
    assert "  claims 09:00 to 09:30, 30m, and has it: as a person set it" in told(day, day.only())


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (
            {"to": "W-b", "holder": Precedence.SESSION},
            "both rest on an estimate from commits: the earlier claim has them",
        ),
        ({"to": "W-t", "holder": Precedence.TIMER}, "a timer comes before an estimate from commits"),
        ({"to": None, "why": "the day has no room for it"}, "the day has no room for it"),
        ({"to": "W-i", "why": "already billed on INV-1"}, "already billed on INV-1"),
        ({"to": "W-gone"}, "overlap"),
    ],
)
def test_why_minutes_are_lost(facts: dict[str, Any], why: str) -> None:
    claim = Workday().collect(commit("one", "2026-10-05 10:00")).won[0].claim
    given: dict[str, Any] = {"claim": claim, "minutes": 5, "why": "overlap"}
    loss = Lost(**(given | facts))
    assert why_lost(loss) == why
    unproven = why_lost(replace(loss, claim=replace(claim, proven=False)))
    assert unproven == ("unproven work yields" if "holder" in facts else loss.why)


def test_what_a_claim_has_of_it() -> None:
    day = workday()
    day.collect(commit("one", "2026-10-05 10:00"), timer("08:00", "09:50"))
    found = day.collect()
    (weak,) = (won for won in found.won if won.claim.precedence is Precedence.SESSION)
    assert won_text(weak, BERLIN) == "it has 10m: 09:50 to 10:00"
    assert won_text(replace(weak, intervals=()), BERLIN) == "it has none of it"
    (loss,) = found.lost
    assert loss.holder is Precedence.TIMER
    assert day.of("one").entry.day == date(2026, 10, 5)
