"""Exports as text: what is none, and what is too much, says so instead of being read."""

import pytest

from git_bill.problem import Problem
from git_bill.sources.text import text_of

TABLE = "User,Email,Client\nMíra,mira@example.net,Acme\n"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-16", "UTF-16"), ("utf-32", "UTF-32"), ("utf-16-le", "UTF-16LE"), ("utf-16-be", "UTF-16BE")],
)
def test_another_encoding_is_named_with_the_command_that_converts_it(encoding: str, named: str) -> None:
    refused = text_of(TABLE.encode(encoding), "/home/mira/my toggl.csv")
    assert isinstance(refused, Problem)
    assert refused.message == f"it is {named}, not UTF-8: nothing of it is counted"
    assert refused.hint == f"convert it: iconv -f {named} -t UTF-8 'my toggl.csv' > converted.csv"


@pytest.mark.parametrize("junk", [bytes(range(256)), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xfd\xfc" * 20])
def test_what_is_no_text_is_refused(junk: bytes) -> None:
    refused = text_of(junk, "notes.org")
    assert isinstance(refused, Problem)
    assert (refused.severity, refused.message) == ("error", "it is no text: nothing of it is counted")


def test_a_letter_of_another_encoding_is_no_reason_to_refuse_a_file() -> None:
    assert text_of(TABLE.encode(), "x") == TABLE
    assert text_of(TABLE.encode("latin-1"), "x") == TABLE.replace("í", "\ufffd")
    assert text_of(b"", "x") == ""


@pytest.mark.parametrize(
    ("much", "what"),
    [(b"[" + b"0," * 20_000_000 + b"0]", "10,000,000 values"), (b"x\n" * 1_000_001, "1,000,000 lines")],
)
def test_more_than_memory_should_hold_is_refused_at_once(much: bytes, what: str) -> None:
    refused = text_of(much, "general.json")
    assert isinstance(refused, Problem)
    assert refused.message == f"it holds more than {what}: nothing of it is counted"
