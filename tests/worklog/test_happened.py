"""What completes milestones: the latest word on tags, pull requests and the forge's milestones, by client."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from git_bill.worklog.evidence import Evidence
from git_bill.worklog.happened import event_key, happened
from git_bill.worklog.piece import Origin

BERLIN = ZoneInfo("Europe/Berlin")
LATE = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)  # the first of November in Berlin
SHOP, API = Origin(client="acme", project="shop"), Origin(client="acme", project="api")


def told(key: str, source: str = "shop", at: datetime = LATE, **over: Any) -> Evidence:
    kind = key.partition(":")[0]
    return Evidence(key=f"{key}@{at:%d%H%M}", kind=kind, source=source, contributor="", at=at, **over)


def test_a_tag_happened_on_its_day_in_the_issuers_zone() -> None:
    found = happened([told("tag:v1.0")], {"shop": SHOP}, BERLIN)
    assert found == {"acme": {"tag:v1.0": date(2026, 11, 1), "shop/tag:v1.0": date(2026, 11, 1)}}


@pytest.mark.parametrize(("kind", "done", "other"), [("pull", "merged", "open"), ("milestone", "closed", "open")])
def test_the_last_state_counts(kind: str, done: str, other: str) -> None:
    first = told(f"{kind}:12", state=done, committed=LATE)
    again = told(f"{kind}:12", at=LATE.replace(minute=40), state=other, committed=LATE.replace(minute=40))
    assert list(happened([first], {"shop": SHOP}, BERLIN)["acme"]) == [f"{kind}:12", f"shop/{kind}:12"]
    assert happened([again, first], {"shop": SHOP}, BERLIN) == {}


def test_what_two_sources_tell_needs_the_source() -> None:
    found = happened([told("tag:v1.0"), told("tag:v1.0", "api")], {"shop": SHOP, "api": API}, BERLIN)
    assert sorted(found["acme"]) == ["api/tag:v1.0", "shop/tag:v1.0"]


def test_a_name_may_hold_what_keys_are_made_of() -> None:
    found = happened([told(event_key("tag", "v1@50%"))], {"shop": SHOP}, BERLIN)
    assert "tag:v1@50%" in found["acme"]


def test_a_source_that_is_gone_says_nothing() -> None:
    assert happened([told("tag:v1.0")], {}, BERLIN) == {}
