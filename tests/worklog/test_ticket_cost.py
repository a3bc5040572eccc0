"""Patterns that could search for ever are known by their form; those that people write are not."""

import re
import time

import pytest

from git_bill.worklog.ticket import ticket_in
from git_bill.worklog.ticket_cost import LONGEST, costly

_FINE = r"""
[A-Z][A-Z0-9]+-\d+ [A-Z]+-\d+ #\d+ (?:WEB|API)-\d+|#\d{2,4} \b[A-Z]+-\d+\b \w+-\d+ (?i)web-\d+ (?i:web)-\d+ [^/]+-\d+
.+-\d+ (WEB-)+\d [A-Z]+?-\d+ \w+-\w+-\w+-\d+ (?P<team>[A-Z]+)-\d+ (?<![A-Z])[A-Z]{2,5}-[1-9]\d* #?[A-Z]+-?\d+ (\d+-)+\d
[]a]+\] \x41+- (?:PROJ|proj|Proj)[-_]?\d{1,6} [A-Z]+[A-Z0-9]*-\d+ (?:[A-Z]{2,}-\d+)(?=[/_-]|$) (?>[A-Z]+)-\d+
"""
_COSTLY = r"""
(a+)+$ (a|a)*b ([a-zA-Z]+)*!! (a?){40}a{40} a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaaaaaaaaaa
\w+\w+\w+\w+! .*.*.*.*= (?i)[a-z]*K*k*\w*- (?:(?:a*)*)* (?x)a+ (a)(?(1)b|c)+ (ab?)+(ab?)+$ (?=(a+)+b)
a*\x61*a*\u0061*b (a)\1*\1*\1*\1*b [a-z]{0,99}[a-z]{0,99}[a-z]{0,99}[a-z]{0,99}! (a|b)+(a|b)+- (\d+-?)+x
"""


@pytest.mark.parametrize("pattern", _FINE.split())
def test_what_people_write_is_fine(pattern: str) -> None:
    re.compile(pattern)
    assert costly(pattern) is None
    worst = [text[:LONGEST] for text in ("a" * 300, "A1-" * 99, "A-" * 150, "1" * 300, "-" * 300, "WEB-" * 99)]
    began = time.process_time()
    for text in worst:
        ticket_in(text + "!", pattern)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("pattern", _COSTLY.split())
def test_what_could_take_for_ever_is_refused_with_a_way_to_write_it(pattern: str) -> None:
    re.compile(pattern)
    found = costly(pattern)
    assert found is not None
    assert "[A-Z" in found[1]


def test_brackets_without_end() -> None:
    assert costly("(" * 5000 + "a" + ")" * 5000) is not None


@pytest.mark.parametrize(
    ("text", "ticket"),
    [
        ("200MB-1-line", None),
        ("xWEB-12", None),
        ("größeWEB-12 API-3", "API-3"),
        ("feature_WEB-12", "WEB-12"),
        ("UTF-8WEB-1", None),
        ("UTF-8 WEB-1", "WEB-1"),
    ],
)
def test_an_id_has_no_letter_or_digit_before_it(text: str, ticket: str | None) -> None:
    assert ticket_in(text, r"[A-Z][A-Z0-9]+-\d+") == ticket
    assert ticket_in("fix#12", r"#\d+") == "#12"
