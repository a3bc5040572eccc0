"""Reading a file: the record, or every problem with its line and an example of the fix."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, make_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from git_bill.money import Money
from git_bill.problem import Problem
from git_bill.shape import Codec, Minutes, Percent, Read, key, read, write


def _parse_zone(text: str) -> str:
    if "/" not in text:
        raise ValueError(f"{text!r} is not a time zone")
    return text


Zone = Annotated[str, Codec(_parse_zone, str, {"examples": ["Europe/Berlin"]})]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    to: Minutes = key("Step.", default=15)
    mode: Literal["nearest", "up"] = key("Which way.", default="nearest")

    def __post_init__(self) -> None:
        if self.to < 1:
            raise ValueError("a step is at least a minute")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    hourly: Money = key("Price of an hour.", example='"95.00 EUR"')
    activity: str | None = key("Only for this activity.", default=None)
    range: tuple[Minutes, ...] = key("Bounds.", default=(), example='["30m", "1h"]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    id: str = key("Name.", pattern="[a-z0-9-]+", example='"acme-2026"')
    from_: date = key("First day.", name="from")
    kind: Literal["hourly", "daily"] = key("How work is priced.", default="hourly")
    signed: datetime | None = key("When.", default=None)
    discount: Percent | None = key("Off every line.", default=None)
    factor: Decimal = key("Times the price.", default=Decimal(1))
    seats: int = key("People.", default=1)
    open: bool = key("Not ended.", default=True)
    rounding: Rounding = key("Of minutes.", default=Rounding(), one_line=True)
    rates: tuple[Rate, ...] = key("Prices.")
    applies: Mapping[str, tuple[str, ...]] = key("What it is for.", default_factory=dict)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        if not self.rates:
            yield "rates", "a contract needs a rate", 'add [[contracts.rates]] with hourly = "95.00 EUR"'
        if self.from_ > date(2099, 1, 1):
            yield "from_", "too far away", "from = 2026-01-01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    schema: int = key("Version.", default=1)
    name: str | None = key("What it is called.")
    zone: Zone = key("Where it lies.", default="Europe/Berlin")
    budget: dict[str, Money] = key("Per project.", default_factory=dict)
    contracts: tuple[Contract, ...] = key("Terms.", default=())

    def problems(self) -> Iterable[tuple[str, str, str]]:
        if len({contract.id for contract in self.contracts}) < len(self.contracts):
            yield "", "two contracts have one id", 'give one another: id = "acme-2027"'


FULL = """schema = 1
name = "Acme GmbH"
zone = "Europe/Paris"

[budget]
web-shop = "12000.00 EUR"

[[contracts]]
id = "acme-2026"
from = 2026-01-01
kind = "daily"
signed = 2025-12-01T10:00:00+01:00
discount = "2.5%"
factor = "1.10"
seats = 3
open = false
rounding = { to = "1h", mode = "up" }

[[contracts.rates]]
hourly = "95.00 EUR"
activity = "development"
range = ["30m", "1.5h"]

[[contracts.rates]]
hourly = "80.00 EUR"

[contracts.applies]
project = ["web-shop"]
"""
CONTRACT = """schema = 1
[[contracts]]
id = "a"
from = 2026-01-01
rates = [{ hourly = "80.00 EUR" }]
"""


def told(text: str, cls: type[Any] = Client) -> list[tuple[str, int | None, str, str]]:
    result: Read[Any] = read(cls, text, "acme.toml")
    assert result.value is None
    assert {(problem.file, problem.severity) for problem in result.problems} == {("acme.toml", "error")}
    return [(p.rule, p.line, p.message, p.hint) for p in result.problems]


def test_a_file_becomes_its_record() -> None:
    result = read(Client, FULL, "acme.toml")
    assert result.problems == ()
    assert result.value == Client(
        name="Acme GmbH",
        zone="Europe/Paris",
        budget={"web-shop": Money(Decimal("12000.00"), "EUR")},
        contracts=(
            Contract(
                id="acme-2026",
                from_=date(2026, 1, 1),
                kind="daily",
                signed=datetime(2025, 12, 1, 9, tzinfo=UTC),
                discount=Decimal("2.5"),
                factor=Decimal("1.10"),
                seats=3,
                open=False,
                rounding=Rounding(to=60, mode="up"),
                rates=(
                    Rate(hourly=Money(Decimal("95.00"), "EUR"), activity="development", range=(30, 90)),
                    Rate(hourly=Money(Decimal("80.00"), "EUR")),
                ),
                applies={"project": ("web-shop",)},
            ),
        ),
    )


def test_keys_have_lines_when_asked_for() -> None:
    where = read(Client, FULL, "acme.toml").where
    assert where["contracts", 0, "rates", 1, "hourly"] == 25
    assert ("contracts", 1) not in where
    assert len(where) == len(list(where)) > 20


def test_what_a_file_leaves_out_has_its_default() -> None:
    result = read(Client, "schema = 1\n", "acme.toml")
    assert result.value == Client(name=None)


def test_a_byte_order_mark_is_no_problem() -> None:
    assert read(Client, "\ufeffschema = 1\n", "acme.toml").value == Client(name=None)


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    text = """nam = "Acme"
zone = "Berlin"
[budget]
a = 95.0
b = "95 €"
[[contracts]]
id = "A B"
from = "2026-01-01"
kind = "hourli"
seats = true
rounding = 15
[[contracts.rates]]
hourli = "80.00 EUR"
[[contracts.rates]]
hourly = "80"
range = ["30m", "x"]
[contracts.applies]
project = ["a", 1]
[[contracts]]
id = "b"
rates = { hourly = "80.00 EUR" }
"""
    assert told(text) == [
        ("missing-key", 1, "schema is missing", "add `schema = 1` as the first line"),
        ("unknown-key", 1, "nam is not a known key", 'did you mean "name"?'),
        ("wrong-value", 2, "zone: 'Berlin' is not a time zone", 'write it like: zone = "Europe/Berlin"'),
        (
            "wrong-type",
            4,
            "budget.a must be text, not a floating-point number",
            'write it like: a = "95.00 EUR"',
        ),
        (
            "wrong-value",
            5,
            "budget.b: '95 €' is not an amount; write it like \"95.00 EUR\"",
            'write it like: b = "95.00 EUR"',
        ),
        (
            "wrong-value",
            7,
            'contracts[0].id: "A B" is not in the right form',
            'write it like: id = "acme-2026"',
        ),
        ("wrong-type", 8, "contracts[0].from must be a day, not text", "write it like: from = 2026-10-05"),
        (
            "wrong-value",
            9,
            'contracts[0].kind: "hourli" is not one of "hourly", "daily"',
            'did you mean "hourly"?',
        ),
        (
            "wrong-type",
            10,
            "contracts[0].seats must be a whole number, not true or false",
            "write it like: seats = 1",
        ),
        (
            "wrong-type",
            11,
            "contracts[0].rounding must be a table, not a whole number",
            "write it as a table: [contracts.rounding]",
        ),
        (
            "missing-key",
            12,
            "contracts[0].rates[0].hourly is missing",
            'write it like: hourly = "95.00 EUR"',
        ),
        ("unknown-key", 13, "contracts[0].rates[0].hourli is not a known key", 'did you mean "hourly"?'),
        (
            "wrong-value",
            15,
            "contracts[0].rates[1].hourly: '80' is not an amount; write it like \"95.00 EUR\"",
            'write it like: hourly = "95.00 EUR"',
        ),
        (
            "wrong-value",
            16,
            'contracts[0].rates[1].range[1]: \'x\' is not a duration; write it like "1h30m", "45m" or "1.5h"',
            'write it like: range = ["30m", "1h"]',
        ),
        (
            "wrong-type",
            18,
            "contracts[0].applies.project[1] must be text, not a whole number",
            'write 1 as text: "1"',
        ),
        ("missing-key", 19, "contracts[1].from is missing", "write it like: from = 2026-10-05"),
        (
            "wrong-type",
            21,
            "contracts[1].rates must be an array, not a table",
            "write it as a table: [[contracts.rates]]",
        ),
    ]


@pytest.mark.parametrize(
    ("line", "rule", "message", "hint"),
    [
        (
            "factor = 12.5",
            "wrong-type",
            "must be text, not a floating-point number",
            'write 12.5 as text: "12.5"',
        ),
        ("factor = 1", "wrong-type", "must be text, not a whole number", 'write 1 as text: "1"'),
        (
            "factor = 1e3",
            "wrong-type",
            "must be text, not a floating-point number",
            'write it like: factor = "12.5"',
        ),
        (
            "factor = '1e3'",
            "wrong-value",
            ": '1e3' is not a decimal number; write it like \"12.5\"",
            'write it like: factor = "12.5"',
        ),
        (
            "discount = '٥%'",
            "wrong-value",
            ": '٥%' is not a percentage; write it like \"15%\"",
            'write it like: discount = "15%"',
        ),
        (
            "discount = 15",
            "wrong-type",
            "must be text, not a whole number",
            'write it like: discount = "15%"',
        ),
        (
            "seats = 1.0",
            "wrong-type",
            "must be a whole number, not a floating-point number",
            "write it like: seats = 1",
        ),
        ("open = 'yes'", "wrong-type", "must be true or false, not text", "write it like: open = true"),
        ("open = 10:00:00", "wrong-type", "must be true or false, not a time of day", "write it like: open = true"),
        (
            "signed = 2026-01-01T10:00:00",
            "wrong-type",
            "must be an instant with its offset, not a date and time without offset",
            "write it like: signed = 2026-10-05T09:10:00+02:00",
        ),
        (
            "signed = 2026-01-01",
            "wrong-type",
            "must be an instant with its offset, not a day",
            "write it like: signed = 2026-10-05T09:10:00+02:00",
        ),
        (
            "signed = 9999-12-31T23:59:59-10:00",
            "wrong-value",
            ": there is no instant 9999-12-31T23:59:59-10:00 in every time zone",
            "write it like: signed = 2026-10-05T09:10:00+02:00",
        ),
        (
            "signed = 0001-01-01T00:00:00+10:00",
            "wrong-value",
            ": there is no instant 0001-01-01T00:00:00+10:00 in every time zone",
            "write it like: signed = 2026-10-05T09:10:00+02:00",
        ),
        (
            "rounding = { to = '0m' }",
            "wrong-value",
            ": a step is at least a minute",
            "",
        ),
        (
            "kind = 'xyz'",
            "wrong-value",
            ': "xyz" is not one of "hourly", "daily"',
            'write it like: kind = "hourly"',
        ),
        (
            "applies = { project = 'a' }",
            "wrong-type",
            ".project must be an array, not text",
            'write it like: project = ["text"]',
        ),
        ("applies = []", "wrong-type", "must be a table, not an array", "write it as a table: [contracts.applies]"),
    ],
)
def test_each_kind_of_wrong_value_has_its_words(line: str, rule: str, message: str, hint: str) -> None:
    name = line.partition(" ")[0]
    ((found_rule, found_line, found_message, found_hint),) = told(CONTRACT + line)
    assert (found_rule, found_line, found_hint) == (rule, 6, hint)
    assert found_message.replace(f"contracts[0].{name}", "", 1).lstrip() == message


@pytest.mark.parametrize(("value", "kind"), [("true", "true or false"), ("[1]", "an array"), ("2026-01-01", "a day")])
def test_only_a_number_is_told_to_put_on_quotes(value: str, kind: str) -> None:
    assert told(f"schema = 1\nname = {value}\n") == [
        ("wrong-type", 2, f"name must be text, not {kind}", 'write it like: name = "text"')
    ]


def test_an_unknown_key_like_no_other_lists_the_known_ones() -> None:
    assert told("schema = 1\nxyzzy = 1\n") == [
        ("unknown-key", 2, "xyzzy is not a known key", "known keys: schema, name, zone, budget, contracts")
    ]


def test_hostile_keys_and_values_are_shown_escaped_and_short() -> None:
    long, bidi = "x" * 100_000, "\\u202e"
    contract = CONTRACT.replace('"a"', f'"{bidi}\\u001b[31m{long}"')
    problems = told(contract.replace("[[", f'"{bidi}{long}" = 1\n[[', 1))
    assert [problem[:2] for problem in problems] == [("unknown-key", 2), ("wrong-value", 4)]
    for _, _, message, hint in problems:
        assert len(message + hint) < 600
        assert (message + hint).isprintable()


@pytest.mark.parametrize(
    ("version", "message", "hint"),
    [
        ("2", "schema: written by a newer git-bill", "upgrade git-bill: this one reads `schema = 1`"),
        ("0", "schema: there is no such version", "write it like: schema = 1"),
    ],
)
def test_another_version_is_the_only_problem_told(version: str, message: str, hint: str) -> None:
    assert told(f"schema = {version}\nx = 1\n") == [("wrong-value", 1, message, hint)]


def test_the_version_is_a_number() -> None:
    assert told("name = 'a'\nschema = '1'\n") == [
        ("wrong-type", 2, "schema must be a whole number, not text", "write it like: schema = 1")
    ]


def test_a_record_that_is_no_file_has_no_version() -> None:
    assert read(Rounding, "to = '5m'", "r.toml").value == Rounding(to=5)
    assert told("schema = 1", Rounding) == [("unknown-key", 1, "schema is not a known key", "known keys: to, mode")]


def test_what_only_the_whole_record_shows_is_told_at_its_key() -> None:
    text = CONTRACT.replace('[{ hourly = "80.00 EUR" }]', "[]").replace("2026-01-01", "2100-01-01")
    assert told(text) == [
        ("wrong-value", 4, "contracts[0].from: too far away", "from = 2026-01-01"),
        (
            "wrong-value",
            5,
            "contracts[0].rates: a contract needs a rate",
            'add [[contracts.rates]] with hourly = "95.00 EUR"',
        ),
    ]
    assert told(CONTRACT + CONTRACT.removeprefix("schema = 1\n")) == [
        ("wrong-value", 1, "two contracts have one id", 'give one another: id = "acme-2027"')
    ]


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        (
            "schema = 1\nname = Acme\n",
            2,
            "not TOML: Invalid value",
            'text needs quotes and every key its own line, like: name = "Acme GmbH"',
        ),
        (
            'schema = 1\n\nname = "Acme\n',
            3,
            "not TOML: a text has no end",
            'close it with a quote: name = "Acme GmbH"',
        ),
        (
            'name = "a"\nticket_pattern = "[A-Z]+-\\d+"\n',
            2,
            "not TOML: a backslash between double quotes",
            "use single quotes: ticket_pattern = '[A-Z]+-\\d+'",
        ),
        (
            "schema = 1\nlist = [\n  1\n\n",
            3,
            "not TOML: Unclosed array",
            'text needs quotes and every key its own line, like: name = "Acme GmbH"',
        ),
        ("name = 'a'\nname = 'b'\n", 2, "not TOML: a key is there twice", "remove one of the two lines"),
        (
            "[budget]\n[name]\n[budget]\n",
            3,
            "not TOML: a table is there twice",
            "join the two, or write [[name]] for a list of tables",
        ),
        (
            "a = { b = 1 }\n[a.c]\n",
            2,
            "not TOML: a table is there twice",
            "join the two, or write [[name]] for a list of tables",
        ),
        (
            "schema = 1\n[[contracts]]\nfrom = 2026-02-29  # not 2028-02-29\n",
            3,
            "not TOML: there is no day 2026-02-29",
            "write a day of the calendar, like: 2026-02-28",
        ),
        (
            "a = { until = 2026-02-30T10:00:00Z }\n",
            1,
            "not TOML: there is no day 2026-02-30",
            "write a day of the calendar, like: 2026-02-28",
        ),
        (
            "days = [2026-01-01, 2026-13-01]\n",
            1,
            "not TOML: there is no day 2026-13-01",
            "write a day of the calendar, like: 2026-02-28",
        ),
        (
            'name = "2026-02-29" x\n',
            1,
            "not TOML: Expected newline or end of document after a statement",
            'text needs quotes and every key its own line, like: name = "Acme GmbH"',
        ),
        (
            "a = " + "9" * 5000,
            None,
            "not TOML: a number is too long",
            'a number this long must be text, like: id = "123"',
        ),
        (
            "a = " + "[" * 5000,
            None,
            "not TOML: arrays or tables are nested too deep",
            "write them as tables: [a.b]",
        ),
    ],
)
def test_broken_toml_is_one_problem_with_its_line(text: str, line: int | None, message: str, hint: str) -> None:
    result = read(Client, text, "acme.toml")
    assert result.problems == (Problem(rule="broken-toml", message=message, hint=hint, file="acme.toml", line=line),)
    assert result.value is None
    assert dict(result.where) == {}


# fmt: off
TOML_WORDS = st.sampled_from([
    "schema = 1\n", "name", "zone", "budget", "contracts", "rates", "hourly", "from", "kind", "applies", "id", "a",
    " = ", "[", "]", "[[", "]]", "{ ", " }", ", ", "\n", "\n", ".", '"', "'", '"""', "\\", "#", "1", "1.5", "true",
    '"95.00 EUR"', "2026-01-01", "2026-01-01T10:00:00", "2026-01-01T10:00:00Z", "inf", "0x1f", "\ud800", "\x00",
])
VALUES = st.sampled_from([
    "1", "1.5", "nan", "true", "'a'", "''", "[]", "{}", "[[]]", "[{}]", "{ a = {} }", "[1, 'a']", "2026-01-01",
    "07:32:00", "2026-01-01T00:00:00", "0001-01-01T00:00:00+10:00", "'1h'", "'5.00 EUR'", "'hourly'", "'1%'",
    "{ to = '-1h' }",
])
KEYS = st.sampled_from([
    "schema", "name", "zone", "budget", "budget.a", "contracts", "id", "from", "kind", "signed", "discount", "factor",
    "seats", "open", "rounding", "rates", "applies", "hourly", "activity", "range", "to", "mode", "a.b",
])
# fmt: on
ASSIGNMENTS = st.tuples(KEYS, VALUES).map(" = ".join)
HEADERS = st.sampled_from(
    ["[[contracts]]", "[[contracts.rates]]", "[contracts.applies]", "[budget]", "[contracts.rounding]"]
)


@given(st.text() | st.lists(TOML_WORDS).map("".join) | st.lists(ASSIGNMENTS | HEADERS).map("\n".join))
@example("a=" * 3)
def test_no_text_raises_and_each_problem_has_a_line_in_the_text(text: str) -> None:
    result = read(Client, text, "acme.toml")
    assert (result.value is None) == bool(result.problems)
    for problem in result.problems:
        assert problem.line is None or 1 <= problem.line <= text.count("\n") + 1
        assert problem.message
        assert problem.rule in {"broken-toml", "unknown-key", "missing-key", "wrong-type", "wrong-value"}


@given(st.lists(st.integers(0, FULL.count("\n") - 1), unique=True, max_size=4), ASSIGNMENTS)
def test_whatever_line_is_spoiled_the_problem_is_told(lines: list[int], new: str) -> None:
    text = FULL.splitlines()
    for line in lines:
        text[line] = new
    result = read(Client, "\n".join(text), "acme.toml")
    assert result.problems or result.value is not None


@pytest.mark.parametrize("kind", [float, str | int, tuple[int, str], tuple[int], list[str], dict[int, str], Any])
def test_a_type_without_a_form_is_refused_when_the_class_is_first_used(kind: Any) -> None:
    cls = make_dataclass("Odd", [("rate", kind, key("Never."))], kw_only=True)
    with pytest.raises(TypeError, match=r"Odd\.rate: .* has no TOML form"):
        read(cls, "", "f.toml")


def test_none_can_only_be_a_default() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Unsayable:
        name: str | None = key("None can't be written.", default="x")

    with pytest.raises(TypeError, match=r"Unsayable\.name: TOML can't say None, so None must be the default"):
        write(Unsayable())
