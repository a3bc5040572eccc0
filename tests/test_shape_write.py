"""Canonical TOML: one record has one text, that reads back as the record and hides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from git_bill.money import Money
from git_bill.shape import Minutes, Percent, key, read, write


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    to: Minutes = key("Step.", default=15)
    mode: Literal["nearest", "up"] = key("Which way.", default="nearest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    hourly: Money = key("Price.")
    steps: tuple[Rounding, ...] = key("Inline.", default=(), one_line=True)
    rounding: Rounding | None = key("A table of its own.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    day: date = key("Day.")
    by: str = key("Who.", default="")
    minutes: Minutes = key("How long.", default=0)
    at: tuple[str, ...] = key("When.", default=())
    weights: Mapping[str, Decimal] = key("Shares.", default_factory=dict)
    rounding: Rounding = key("How.", default=Rounding())


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    schema: int = key("Version.", default=1)
    rates: tuple[Rate, ...] = key("Tables.", default=())
    name: str = key("Text.", default="")
    from_: date | None = key("Day.", name="from", default=None)
    seen: datetime | None = key("Instant.", default=None)
    off: Percent = key("Percentage.", default=Decimal(0))
    factor: Decimal | None = key("Number.", default=None)
    count: int = key("Whole number.", default=3)
    open: bool = key("Flag.", default=True)
    tags: tuple[str, ...] = key("Texts.", default=("a",))
    rounding: Rounding | None = key("Inline.", default=None, one_line=True)
    applies: Mapping[str, tuple[str, ...]] = key("Inline.", default_factory=dict, one_line=True)
    entries: dict[str, Work] = key("A line each.", default_factory=dict, one_line=True)
    clients: dict[str, Rate] = key("A table each.", default_factory=dict)
    pins: dict[str, dict[str, Minutes]] = key("Tables of tables.", default_factory=dict)
    lists: dict[str, tuple[Rate, ...]] = key("Arrays of tables by name.", default_factory=dict)


RECORD = File(
    rates=(
        Rate(hourly=Money.parse("95.00 EUR"), rounding=Rounding(to=30)),
        Rate(hourly=Money.parse("80.00 EUR"), steps=(Rounding(), Rounding(to=5, mode="up"))),
    ),
    name='Acme "GmbH"\nWerkstr. 1',
    from_=date(2026, 1, 1),
    seen=datetime(2026, 10, 5, 9, 10, tzinfo=timezone(timedelta(hours=2))),
    off=Decimal("2.5"),
    factor=Decimal("1E+1"),
    count=0,
    open=False,
    tags=(),
    rounding=Rounding(),
    applies={"project": ("web-shop", "b")},
    entries={
        "W-k3v9q2m7x4ab": Work(day=date(2026, 10, 5), by="mira", minutes=45, at=("09:10/09:55",)),
        "two words": Work(day=date(2026, 10, 6), weights={"a.b": Decimal("0.5")}, rounding=Rounding(to=60)),
    },
    clients={"acme": Rate(hourly=Money.parse("1.00 EUR"), rounding=Rounding(mode="up"))},
    pins={"D-1": {"W-1": 45, "W-2": 90}, "D-2": {}},
    lists={"some": (Rate(hourly=Money.parse("2.00 EUR")),), "none": ()},
)
TEXT = r"""schema = 1
name = "Acme \"GmbH\"\nWerkstr. 1"
from = 2026-01-01
seen = 2026-10-05T09:10:00+02:00
off = "2.5%"
factor = "10"
count = 0
open = false
tags = []
rounding = {}
applies = { project = ["web-shop", "b"] }

[[rates]]
hourly = "95.00 EUR"

[rates.rounding]
to = "30m"

[[rates]]
hourly = "80.00 EUR"
steps = [{}, { to = "5m", mode = "up" }]

[entries]
W-k3v9q2m7x4ab = { day = 2026-10-05, by = "mira", minutes = "45m", at = ["09:10/09:55"] }
"two words" = { day = 2026-10-06, weights = { "a.b" = "0.5" }, rounding = { to = "1h" } }

[clients.acme]
hourly = "1.00 EUR"

[clients.acme.rounding]
mode = "up"

[pins.D-1]
W-1 = "45m"
W-2 = "1h30m"

[pins.D-2]

[lists]
none = []

[[lists.some]]
hourly = "2.00 EUR"
"""


def test_the_layout_of_every_kind_of_field() -> None:
    assert write(RECORD) == TEXT
    assert read(File, TEXT, "f.toml").value == RECORD


def test_a_file_names_its_version_even_if_all_else_is_default() -> None:
    assert write(File()) == "schema = 1\n"
    assert write(Rounding()) == ""


def test_long_arrays_get_a_line_per_element() -> None:
    tags = ("x" * 45, "y" * 45)
    assert write(File(tags=tags)) == f'schema = 1\ntags = [\n  "{tags[0]}",\n  "{tags[1]}",\n]\n'
    fitting = ("x" * 42, "y" * 43)
    assert write(File(tags=fitting)).splitlines()[1] == f'tags = ["{fitting[0]}", "{fitting[1]}"]'
    assert len(write(File(tags=fitting)).splitlines()[1]) == 100


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("\u202egnp.exe", r'"\u202Egnp.exe"'),
        ("a\u2028b\u2029c\x85d", r'"a\u2028b\u2029c\u0085d"'),
        ("\x00\x1b[31m\x7f", r'"\u0000\u001B[31m\u007F"'),
        ('\b\t\n\f\r"\\', r'"\b\t\n\f\r\"\\"'),
        ("zero\u200bwidth\ufeff", r'"zero\u200Bwidth\uFEFF"'),
        ("tag\U000e0041", r'"tag\U000E0041"'),
        ("Ünï → 漢字 😀", '"Ünï → 漢字 😀"'),
        ("'''\"\"\"", r"""'''\"\"\"""".join('""')),
    ],
)
def test_nothing_in_a_text_hides(text: str, written: str) -> None:
    assert write(File(name=text)) == f"schema = 1\nname = {written}\n"
    assert read(File, write(File(name=text)), "f.toml").value == File(name=text)
    assert write(File(applies={text: ()})) == f"schema = 1\napplies = {{ {written} = [] }}\n"


def test_a_lone_surrogate_is_replaced_because_no_file_can_hold_it() -> None:
    assert write(File(name="a\udc80b")).encode() == 'schema = 1\nname = "a\ufffdb"\n'.encode()


def test_offsets_of_old_zones_are_written_in_utc() -> None:
    old = datetime(1880, 1, 1, tzinfo=ZoneInfo("Europe/Berlin"))  # local mean time, +00:53:28
    assert write(File(seen=old)) == "schema = 1\nseen = 1879-12-31T23:06:32+00:00\n"


@pytest.mark.parametrize(
    "record",
    [
        File(seen=datetime(2026, 1, 1)),  # noqa: DTZ001  without a zone is what is refused
        File(factor=Decimal("NaN")),
        File(factor=Decimal("0.1") ** 29),
        File(off=Decimal(10) ** 5),
        File(rounding=Rounding(mode="down")),  # type: ignore[arg-type]
        File(count=True),
        File(name=None),  # type: ignore[arg-type]
        Rate(hourly="95.00 EUR"),  # type: ignore[arg-type]
        Rate(hourly=Money(Decimal(1) / 3, "EUR")),
        Rate(hourly=Money(Decimal(1), "euro")),
    ],
)
def test_what_could_not_be_read_is_not_written(record: object) -> None:
    with pytest.raises(ValueError, match="can't be written"):
        write(record)


TEXTS = st.text(max_size=20) | st.text("\\\"'#=[]{}.,\n\t\r\x00\u202e ", max_size=8)
DAYS = st.dates()
DURATIONS = st.integers(-10_000, 10_000)
INSTANTS = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001  the strategy adds the zone
    max_value=datetime(9998, 12, 30),  # noqa: DTZ001
    timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))) | st.just(UTC),
)
NUMBERS = st.decimals(-(10**9), 10**9, places=5)
AMOUNTS = st.builds(Money, st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["EUR", "USD"]))
ROUNDINGS = st.builds(Rounding, to=DURATIONS, mode=st.sampled_from(["nearest", "up"]))
RATES = st.builds(
    Rate,
    hourly=AMOUNTS,
    steps=st.lists(ROUNDINGS, max_size=2).map(tuple),
    rounding=st.none() | ROUNDINGS,
)
WORKS = st.builds(
    Work,
    day=DAYS,
    by=TEXTS,
    minutes=DURATIONS,
    at=st.lists(TEXTS, max_size=3).map(tuple),
    weights=st.dictionaries(TEXTS, NUMBERS, max_size=2),
    rounding=ROUNDINGS,
)
FILES = st.builds(
    File,
    rates=st.lists(RATES, max_size=2).map(tuple),
    name=TEXTS,
    from_=st.none() | DAYS,
    seen=st.none() | INSTANTS,
    off=st.decimals(-100, 100, places=3),
    factor=st.none() | NUMBERS,
    count=st.integers(),
    open=st.booleans(),
    tags=st.lists(TEXTS, max_size=8).map(tuple),
    rounding=st.none() | ROUNDINGS,
    applies=st.dictionaries(TEXTS, st.lists(TEXTS, max_size=2).map(tuple), max_size=2),
    entries=st.dictionaries(TEXTS, WORKS, max_size=2),
    clients=st.dictionaries(TEXTS, RATES, max_size=2),
    pins=st.dictionaries(TEXTS, st.dictionaries(TEXTS, DURATIONS, max_size=2), max_size=2),
    lists=st.dictionaries(TEXTS, st.lists(RATES, max_size=2).map(tuple), max_size=2),
)


@given(FILES)
@example(RECORD)
def test_reading_undoes_writing_and_writing_again_changes_nothing(record: Any) -> None:
    text = write(record)
    again = read(File, text, "f.toml")
    assert again.problems == ()
    assert again.value == record
    assert write(again.value) == text


@given(FILES)
def test_a_written_file_shows_all_it_holds(record: Any) -> None:
    hidden = {char for char in write(record) if not char.isprintable() and char != "\n"}
    assert not hidden & set(
        "\x00\t\r\x1b\x7f\x85\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\ufeff"
    )
