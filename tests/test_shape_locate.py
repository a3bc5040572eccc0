"""Every key path of TOML text, and only these, with the line it first stands on."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from git_bill.shape import locate

TEXT = '''# a comment = 1
schema = 1   # [not.a.table]

[issuer] # comment
name = "a = 1 # no comment"
bank.iban = 'x'
note = """
[no.table]
key = 1 \\""" ""\\"
"""
raw = \'\'\'
a = ''
\'\'\'
"quoted \\u0041.key" = { a = [1, { b = "}" }], "c d" = { e = 2026-01-01 } }

[[contracts]]
id = "a"
list = [ # comment ]
  1, # one
  [2,
   3],
]
[[contracts.rates]]
hourly = 1
[[ contracts . rates ]]
hourly = 2
[contracts.applies]
project = []
[[contracts]]
[[contracts.rates]]
x.y.z = 2026-01-01 10:00:00
'''


def test_each_key_has_its_line() -> None:
    assert dict(locate(TEXT)) == {
        (): 1,
        ("schema",): 2,
        ("issuer",): 4,
        ("issuer", "name"): 5,
        ("issuer", "bank"): 6,
        ("issuer", "bank", "iban"): 6,
        ("issuer", "note"): 7,
        ("issuer", "raw"): 11,
        ("issuer", "quoted A.key"): 14,
        ("issuer", "quoted A.key", "a"): 14,
        ("issuer", "quoted A.key", "a", 0): 14,
        ("issuer", "quoted A.key", "a", 1): 14,
        ("issuer", "quoted A.key", "a", 1, "b"): 14,
        ("issuer", "quoted A.key", "c d"): 14,
        ("issuer", "quoted A.key", "c d", "e"): 14,
        ("contracts",): 16,
        ("contracts", 0): 16,
        ("contracts", 0, "id"): 17,
        ("contracts", 0, "list"): 18,
        ("contracts", 0, "list", 0): 19,
        ("contracts", 0, "list", 1): 20,
        ("contracts", 0, "list", 1, 0): 20,
        ("contracts", 0, "list", 1, 1): 21,
        ("contracts", 0, "rates"): 23,
        ("contracts", 0, "rates", 0): 23,
        ("contracts", 0, "rates", 0, "hourly"): 24,
        ("contracts", 0, "rates", 1): 25,
        ("contracts", 0, "rates", 1, "hourly"): 26,
        ("contracts", 0, "applies"): 27,
        ("contracts", 0, "applies", "project"): 28,
        ("contracts", 1): 29,
        ("contracts", 1, "rates"): 30,
        ("contracts", 1, "rates", 0): 30,
        ("contracts", 1, "rates", 0, "x"): 31,
        ("contracts", 1, "rates", 0, "x", "y"): 31,
        ("contracts", 1, "rates", 0, "x", "y", "z"): 31,
    }


def test_windows_line_ends_count_once() -> None:
    assert locate(TEXT.replace("\n", "\r\n")) == locate(TEXT)


def _paths(value: Any, base: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield base
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in members:
        yield from _paths(item, (*base, name))


KEY_PARTS = st.sampled_from(
    ["a", "b", "c", "-1", '"a"', "'b'", '"c d"', '"\\u0061"', '"#"', "'.'", '""', '"\\""', '"]"']
)
KEYS = st.lists(KEY_PARTS, min_size=1, max_size=3).map(".".join) | st.lists(KEY_PARTS, min_size=1, max_size=2).map(
    " . ".join
)
SCALARS = st.sampled_from(
    [
        "1",
        "-1.5e3",
        "true",
        "nan",
        "2026-01-01 10:00:00",
        "2026-01-01T10:00:00.5+02:00",
        '"#"',
        "'\\'",
        '"\\""',
        '"a\\\\"',
        '""',
        "''",
        '""""""',
        '"""""a"""""',
        '"""\n"\n""\\"""]"""',
        "''''''",
        "'''''a'''''",
        "'''\n'\\'''",
        '"""\\\n  }"""',
    ]
)
BLANKS = st.sampled_from(["", " ", "\n", " # ] }\n ", "\t"])


def _arrays(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    member = st.tuples(BLANKS, items, BLANKS).map("".join)
    return st.tuples(st.lists(member, max_size=3).map(",".join), BLANKS).map(lambda t: f"[{t[0]}{t[1]}]") | st.lists(
        member, min_size=1, max_size=2
    ).map(lambda found: f"[{','.join(found)},\n]")


def _inline_tables(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(st.tuples(KEYS, items).map(" = ".join), max_size=3)
    return pairs.map(lambda found: f"{{ {', '.join(found)} }}") | pairs.map(lambda found: f"{{{','.join(found)}}}")


VALUES = st.recursive(SCALARS, lambda items: _arrays(items) | _inline_tables(items), max_leaves=6)
LINES = (
    st.tuples(KEYS, VALUES).map(" = ".join)
    | KEYS.map(lambda key: f"[{key}]")
    | KEYS.map(lambda key: f"[[{key}]]#[x]")
    | st.sampled_from(["", "# a = 1", "\t# [[b]]"])
)


@given(st.lists(LINES, max_size=8).map("\n".join))
def test_it_finds_exactly_the_paths_that_tomllib_finds(text: str) -> None:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)
    lines = locate(text)
    assert set(lines) == set(_paths(table))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


@given(st.lists(st.tuples(BLANKS.filter(lambda blank: "\n" in blank or not blank), VALUES), max_size=6))
def test_a_key_stands_on_the_line_after_what_comes_before_it(pairs: list[tuple[str, str]]) -> None:
    text, expected = "", {}
    for number, (blank, value) in enumerate(pairs):
        text += blank + "\n" * bool(blank)
        expected[f"key{number}",] = text.count("\n") + 1
        text += f"key{number} = {value}\n"
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)  # an inline table that sets a key twice
    lines = locate(text)
    assert {path: line for path, line in lines.items() if path in expected} == expected


@pytest.mark.parametrize("depth", [10, 60])
def test_nested_arrays_do_not_exhaust_the_stack(depth: int) -> None:
    lines = locate("a = " + "[" * depth + "]" * depth)
    assert max(map(len, lines)) == depth
