"""Files of usage: tables and JSON lines."""

from datetime import date
from decimal import Decimal

import pytest

from git_bill.contract.usage import Usage
from git_bill.contract.usage_file import Row, daily, rows
from git_bill.shape import read

WANTED = (
    Row(day=date(2026, 10, 5), meter="requests", quantity=Decimal(12500), line=2),
    Row(day=date(2026, 10, 6), meter="storage", quantity=Decimal("1.5"), line=3),
)


@pytest.mark.parametrize(
    "text",
    [
        "day,meter,quantity\n2026-10-05,requests,12500\n2026-10-06,storage,1.5\n",
        "\ufeffDay;Meter;Quantity\r\n2026-10-05;requests;12500\r\n2026-10-06;storage;1,5\r\n",
        "quantity\tday\tmeter\tregion\n12500\t2026-10-05\trequests\teu\n1.5\t2026-10-06\tstorage\tus\n",
        '"day"|"meter"|"quantity"\n"2026-10-05"|"requests"|"12500"\n2026-10-06|storage|1.5\n',
    ],
)
def test_a_tables_separator_is_what_separates_its_header(text: str) -> None:
    assert rows(text, "x.csv") == (WANTED, ())


def test_json_is_one_object_a_line_and_exact() -> None:
    text = (
        '\n{"day": "2026-10-05", "meter": "requests", "quantity": 12500}\n'
        '{"meter": "storage", "quantity": 1.5, "day": "2026-10-06", "host": "a"}\n'
    )
    assert rows(text, "x.jsonl") == (WANTED, ())
    (exact,), _ = rows('{"day": "2026-10-05", "meter": "m", "quantity": 123456789012345.00000001}', "x")
    assert exact.quantity == Decimal("123456789012345.00000001")


@pytest.mark.parametrize(
    "word", ["1e5", "1_000", "１２５００", "٣", "+5", "0x10", "1.", ".5", "0.100000001", "1" * 16, "--1"]
)
def test_a_quantity_is_digits_and_at_most_eight_behind_the_point(word: str) -> None:
    for text in (
        f"day,meter,quantity\n2026-10-05,requests,{word}\n",
        f'{{"day": "2026-10-05", "meter": "requests", "quantity": "{word}"}}\n',
    ):
        found, (problem,) = rows(text, "october.csv")
        assert found == ()
        assert problem.message == f"{word!r} is not a quantity: digits, and at most 8 behind the point"
    found, (_,) = rows('{"day": "2026-10-05", "meter": "requests", "quantity": 1e5}', "x")
    assert found == ()


def test_a_reading_by_hand_has_the_same_form() -> None:
    text = """schema = 1
readings = { "U-1" = { meter = "m", day = 2026-10-05, quantity = "0.1000000000000000055", at = 2026-10-05T09:00:00Z } }
"""
    (problem,) = read(Usage, text, "billing/usage/acme/2026-10.toml").problems
    assert problem.line == 2
    assert problem.message.endswith("0.1000000000000000055 is not a quantity: digits, and at most 8 behind the point")
    assert problem.hint == 'write it like quantity = "12500"'


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("", None, "nothing is in it", "write it like: day,meter,quantity"),
        ("date,meter,quantity\n", 1, "the header has no column day: 'date,meter,quantity'", "write it like: day,"),
        (
            "day,meter,quantity\n2026-10-05,requests,12500\n5.10.2026,requests,1\n",
            3,
            "'5.10.2026' is not a day",
            "like",
        ),
        ("day,meter,quantity\n2026-10-05,requests,many\n", 2, "'many' is not a quantity", "2026-10-05,requests,12500"),
        ("day;meter;quantity\n2026-10-05;requests;1.250,5\n", 2, "'1.250,5' is not a quantity", "2026-10-05;requests"),
        ("day,meter,quantity\n\n2026-10-05,requests\n", 3, "there is no quantity", "2026-10-05,requests,12500"),
        ("day,meter,quantity\n2026-10-05,requests,NaN\n", 2, "'NaN' is not a quantity", "2026"),
        ("day,meter,quantity\n2026-10-05,requests,1e999\n", 2, "'1e999' is not a quantity", "2026"),
        ('day,meter,quantity\n2026-10-05,"requests,1\n', 2, "not a table from here on", "2026"),
        ('{"day": "2026-10-05"', 1, "not JSON: ", '{"day": "2026-10-05", "meter": "requests"'),
        ('{"day": "2026-10-05", "meter": "requests", "quantity": null}', 1, "there is no quantity", '{"day"'),
        ('{"day": "2026-10-05", "meter": "m", "quantity": 1}\n[1]\n', 2, "not an object: '[1]'", '{"day"'),
    ],
)
def test_a_broken_line_is_told_with_file_line_and_example(text: str, line: int | None, message: str, hint: str) -> None:
    _, (problem,) = rows(text, "october.csv")
    assert (problem.file, problem.line, problem.rule) == ("october.csv", line, "broken-usage")
    assert problem.message.startswith(message)
    assert hint in problem.hint


def test_all_broken_lines_are_told_up_to_a_number() -> None:
    found, problems = rows("day,meter,quantity\n" + "x,requests,1\n" * 100, "x.csv")
    assert not found
    assert len(problems) == 21
    assert problems[-1].message == "80 more lines can't be read"


def test_a_day_is_the_sum_of_its_lines() -> None:
    text = "day,meter,quantity\n2026-10-05,requests,1\n2026-10-05,storage,4\n2026-10-05,requests,2.5\n"
    assert daily(rows(text, "x.csv")[0]) == {
        ("requests", date(2026, 10, 5)): Decimal("3.5"),
        ("storage", date(2026, 10, 5)): Decimal(4),
    }
