"""Additions to text that people wrote."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.shape import key, read, write
from git_bill.shape_amend import Unamendable, amend


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    iban: str | None = key("account", default=None)
    bic: str | None = key("bank", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    hourly: str = key("price")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    url: str = key("address")
    since: str | None = key("first day", default=None)
    rates: tuple[Rate, ...] = key("prices", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    schema: int = key("version", default=1)
    name: str = key("name")
    emails: tuple[str, ...] = key("addresses", default=())
    bank: Bank | None = key("account", default=None)
    limits: Bank = key("a table with a default", default=Bank())
    places: tuple[Place, ...] = key("places", default=())


def amended(text: str, **changes: object) -> str:
    """The text with changed fields; checks what every result must satisfy."""
    old = read(Book, text, "f").value
    assert old is not None
    new = replace(old, **changes)  # type: ignore[arg-type]
    result = amend(text, old, new)
    assert read(Book, result, "f").value == new
    return result


TEXT = """\
# my books
schema = 1  # the first
name = 'Mira'   # me
emails = ["a@b.c"]

[[places]]  # web
url = "x"
# since = "2026"

# what follows is said of limits
[limits]
bic = "B"
"""


def test_a_key_joins_its_table_and_nothing_else_changes() -> None:
    assert amended(TEXT, limits=Bank(bic="B", iban="I")) == TEXT + 'iban = "I"\n'


def test_a_table_joins_its_relatives_behind_their_comments() -> None:
    places = (Place(url="x"), Place(url="y", rates=(Rate(hourly="1"),)))
    block = '[[places]]\nurl = "y"\n\n[[places.rates]]\nhourly = "1"\n\n'
    expected = TEXT.replace("# what follows", f"{block}# what follows")
    assert amended(TEXT, places=places) == expected


def test_an_inner_table_joins_its_own_element() -> None:
    text = TEXT + '\n[[places]]\nurl = "y"\n'
    places = (Place(url="x", rates=(Rate(hourly="1"),)), Place(url="y"))
    result = amended(text, places=places)
    assert '# since = "2026"\n\n[[places.rates]]\nhourly = "1"\n\n# what follows' in result


def test_a_new_table_goes_to_the_end() -> None:
    assert amended(TEXT, bank=Bank(iban="I")) == TEXT + '\n[bank]\niban = "I"\n'


def test_a_plain_value_changes_on_its_line() -> None:
    assert amended(TEXT, emails=("a@b.c", "d@e.f")) == TEXT.replace('["a@b.c"]', '["a@b.c", "d@e.f"]')


def test_a_stated_table_of_defaults_is_used() -> None:
    text = 'schema = 1\nname = "Mira"\n\n[limits]\n# none yet\n\n[[places]]\nurl = "x"\n'
    assert amended(text, limits=Bank(bic="B")) == text.replace("[limits]\n", '[limits]\nbic = "B"\n')


def test_a_long_array_is_added_whole() -> None:
    emails = tuple(f"somebody-with-a-long-name-{n}@example.net" for n in range(4))
    text = 'schema = 1\nname = "Mira"\n\n[limits]\nbic = "B"\n'
    assert amended(text, emails=emails).startswith('schema = 1\nname = "Mira"\nemails = [\n  "somebody')


def test_nothing_to_add_changes_nothing() -> None:
    assert amended(TEXT) == TEXT


def test_text_without_a_last_line_end() -> None:
    assert (
        amended('schema = 1\nname = "Mira"', bank=Bank(bic="B")) == 'schema = 1\nname = "Mira"\n\n[bank]\nbic = "B"\n'
    )


@pytest.mark.parametrize(
    ("text", "changes", "lines"),
    [
        ('schema = 1\nname = "M"\nlimits = { bic = "B" }\n', {"limits": Bank(bic="B", iban="I")}, 'iban = "I"'),
        ('schema = 1\nname = "M"\nlimits.bic = "B"\n', {"limits": Bank(bic="B", iban="I")}, 'iban = "I"'),
        (
            'schema = 1\nname = "M"\nplaces = [{ url = "x" }]\n',
            {"places": (Place(url="x"), Place(url="y"))},
            '[[places]]\nurl = "y"',
        ),
        ('schema = 1\nname = "M" # not you\n', {"name": "N"}, 'name = "N"'),
        ('schema = 1\nname = "M"\n\n[limits]\nbic = "B"\n', {"limits": Bank()}, ""),
    ],
)
def test_where_it_can_not_join_in_it_says_what_to_write(text: str, changes: dict[str, object], lines: str) -> None:
    old = read(Book, text, "f").value
    assert old is not None
    with pytest.raises(Unamendable) as raised:
        amend(text, old, replace(old, **changes))  # type: ignore[arg-type]
    assert raised.value.lines == lines


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
banks = st.builds(Bank, iban=st.none() | words, bic=st.none() | words)
places = st.builds(
    Place,
    url=words,
    since=st.none() | words,
    rates=st.lists(st.builds(Rate, hourly=words), max_size=2).map(tuple),
)
comments = st.lists(st.sampled_from(["", "# note", "# [limits]", '# name = "x"']), max_size=3)


@given(
    st.builds(Book, name=words, limits=banks, places=st.lists(places, max_size=2).map(tuple)),
    banks,
    st.lists(places, max_size=2),
    comments,
)
def test_additions_read_as_wanted_and_keep_every_line(
    old: Book, bank: Bank, more: list[Place], notes: list[str]
) -> None:
    lines = write(old).splitlines()
    text = "\n".join([*notes, *(line for written in lines for line in (written, *notes))]) + "\n"
    assert read(Book, text, "f").value == old
    new = replace(old, bank=bank, places=(*old.places, *more))
    result = amend(text, old, new)
    assert read(Book, result, "f").value == new
    kept = iter(result.splitlines())
    assert all(line in kept for line in text.splitlines()), "every line stays, in its order"
