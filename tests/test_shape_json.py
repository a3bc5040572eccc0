"""Records as JSON: what is written is read as the same; nothing that is read makes it raise."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.money import Money
from git_bill.shape import Minutes, key
from git_bill.shape_json import read_json, write_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    text: str = key("what")
    net: Money = key("how much")
    time: Minutes | None = key("how long", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    schema: int = key("version", default=1)
    day: date = key("when")
    at: datetime | None = key("exactly when", default=None)
    rate: Decimal = key("percent", default=Decimal(0))
    items: tuple[Item, ...] = key("things", default=())
    by_id: Mapping[str, Item] = key("things by id", default_factory=dict)


def whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
items = st.builds(
    Item,
    text=st.text(max_size=20),
    net=st.builds(Money, st.decimals(-1000, 1000, places=2), st.just("EUR")),
    time=st.none() | st.integers(0, 9999),
)
files = st.builds(
    File,
    day=st.dates(),
    at=st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2999, 1, 1), timezones=zones).map(whole),  # noqa: DTZ001
    rate=st.decimals(0, 100, places=2),
    items=st.lists(items, max_size=3).map(tuple),
    by_id=st.dictionaries(st.text(max_size=8), items, max_size=3),
)


@given(files)
def test_what_is_written_is_read_as_the_same(file: File) -> None:
    content = write_json(file)
    found = read_json(File, content, "a.json")
    assert (found.value, found.problems) == (file, ())
    assert found.value is not None
    assert write_json(found.value) == content


def test_the_bytes() -> None:
    file = File(day=date(2026, 11, 2), items=(Item(text="Büro", net=Money.parse("9.50 EUR"), time=90),))
    assert write_json(file) == (
        b'{\n "schema": 1,\n "day": "2026-11-02",\n "items": [\n  {\n   "text": "B\\u00fcro",\n'
        b'   "net": "9.50 EUR",\n   "time": "1h30m"\n  }\n ]\n}\n'
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "must be a table, not an array"),
        (b'{"schema": 1, "schema": 1}', "a key is there twice"),
        (b'{"schema": 2, "day": "2026-11-02"}', "schema 2 is of another version of git-bill"),
        (b'{"schema": [], "day": "2026-11-02"}', "schema"),
        (b'{"schema": 1}', "day is missing"),
        (b'{"schema": 1, "day": "2026-02-30"}', "day must be a day, not text"),
        (b'{"schema": 1, "day": "20261102"}', "day must be a day, not text"),
        (b'{"schema": 1, "day": null}', "day must be a day"),
        (b'{"schema": 1, "day": "2026-11-02", "rate": 1.5}', "rate must be text, not a floating-point number"),
        (b'{"schema": 1, "day": "2026-11-02", "rate": NaN}', "rate must be text"),
        (b'{"schema": 1, "day": "2026-11-02", "at": "2026-11-02T09:00:00"}', "at must be an instant"),
        (b'{"schema": 1, "day": "2026-11-02", "items": [{"text": "a"}]}', "items[0].net is missing"),
        (b'{"schema": 1, "day": "2026-11-02", "more": 1}', "more is not a known key"),
        (b'{"schema": ' + b"9" * 5000 + b"}", "not JSON"),
    ],
)
def test_what_is_wrong_is_told(content: bytes, message: str) -> None:
    found = read_json(File, content, "a.json")
    assert found.value is None
    assert message in found.problems[0].message
    assert {(p.rule, p.file) for p in found.problems} == {("broken-json", "a.json")}


@given(st.binary(max_size=60) | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(
    lambda value: json.dumps(value).encode()
))  # fmt: skip
def test_no_bytes_make_it_raise(content: bytes) -> None:
    found = read_json(File, content, "a.json")
    assert (found.value is None) == bool(found.problems)
