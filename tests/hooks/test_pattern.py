"""The compiled pattern finds in a branch's name what `collect` finds there, in every shell."""

import subprocess
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hooks.conftest import PATTERN, SHELLS

from git_bill.flows.hook_text import checks, with_check, with_pattern
from git_bill.worklog.ticket import STANDARDS, ticket_in, ways
from git_bill.worklog.ticket_cost import LONGEST

SHIPPED = (resources.files("git_bill") / "hooks" / "prepare-commit-msg").read_text()
PATTERNS = [
    PATTERN,
    r"[A-Z]+-\d+",
    r"#\d+",
    r"WEB-\d+",
    r"(?:WEB|API)-\d+|#\d{2,4}",
    r"[A-Z]{2,5}-[1-9]\d*",
    r"([a-z]+_|)\d+",
    r"(SHA|RFC|X)-?[0-9]+",
    r"[A-Z0-9]*#",
    r"a{2}b{,2}\-",
    r"T\.[A-Za-z.]+-",
]
_NAMES = """
feature/WEB-12-cart WEB-12 web-12 A-1 fix/A1-2 UTF-8/WEB-7 SHA256-ABC-1 sha-1-X-2 ISO8601 WEB--12 WEB- WEB-x/ABC-3
AWEB-1 WEBAPI-22 #1 #12#345 #12345 api_7 _7 7 ab-ABC-007 AAb- aab- aabb- aabbb- T.a.b- (1) RFC-2119/RFC-x/X-3 X3RFC1
200MB-1-line A1WEB-12/API-3 x#7 x_WEB-12 UTF-8WEB-1
größe/WEB-12 ü/web-x/WEB-12-ü üWEB-12 WEB-12ü WEB-٣ WEB-٣/ABC-12 WEB-1٣ ß# ſHA-1 \u212a-1
"""
NAMES = [*_NAMES.split(), "-" * 195 + "WEB-1", "-" * 199 + "WEB-1", "WEB-1" + "x" * 190, "x" * 100 + "/ABC-99"]
PIECES = st.sampled_from(
    [*"AWEBabx019-#_/.()Tü٣", "WEB", "API", "UTF", "SHA-", "200MB", "RFC", "-1", "-12", "#7", "aab"]
)


def in_shell(shell: str, pattern: str, names: list[str]) -> list[str | None]:
    """What the hook finds in each name; None where it says nothing."""
    text = with_pattern(SHIPPED, pattern)
    assert text is not None
    functions = text.partition("LC_ALL=C")[2].partition("# What merges")[0]
    loop = 'while IFS= read -r n; do (if find "$n"; then echo "+$ticket"; else echo -; fi; exit 1) && echo "?"; done'
    words = [shell, "sh"] if shell == "busybox" else [shell]
    ran = subprocess.run(
        [*words, "-c", f"LC_ALL=C{functions}\n{loop}"],
        input="".join(f"{name}\n" for name in names).encode(),
        capture_output=True,
        check=False,
    )
    assert ran.stderr == b""
    told = ran.stdout.decode().splitlines()
    return [None if line in {"-", "?"} else line.removeprefix("+") for line in told]


def same(pattern: str, names: list[str], found: list[str | None]) -> None:
    assert len(found) == len(names)
    for name, ticket in zip(names, found, strict=True):
        left_to_collect = ticket is None and (not name.isascii() or len(name) > LONGEST)
        assert left_to_collect or ticket == ticket_in(name, pattern), (name, pattern)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_hook_and_collect_agree(shell: str, pattern: str) -> None:
    same(pattern, NAMES, in_shell(shell, pattern, NAMES))


@settings(max_examples=20, deadline=None)
@given(
    pattern=st.sampled_from(PATTERNS),
    names=st.lists(st.lists(PIECES, min_size=1, max_size=10).map("".join), min_size=10, max_size=30),
)
def test_hook_and_collect_agree_on_any_name(pattern: str, names: list[str]) -> None:
    same(pattern, names, in_shell(SHELLS[0], pattern, names))


_ATOM = st.sampled_from(["[A-Z]", "[A-Z0-9]", r"\d", "[a-z_]", "-", "#", "W", r"\.", "(?:WEB|A)", "(a|ab)"])
_TIMES = st.sampled_from(["", "", "+", "*", "?", "{2}", "{1,2}", "{2,}"])
_REGEX = st.lists(st.tuples(_ATOM, _TIMES).map("".join), min_size=1, max_size=5).map("".join)


@settings(max_examples=60, deadline=None)
@given(
    pattern=st.lists(_REGEX, min_size=1, max_size=2).map("|".join),
    names=st.lists(st.lists(PIECES, min_size=1, max_size=8).map("".join), min_size=10, max_size=30),
)
def test_every_pattern_that_has_a_glob_is_followed(pattern: str, names: list[str]) -> None:
    if ways(pattern) is not None:
        same(pattern, names, in_shell(SHELLS[0], pattern, names))


_ONLY_COLLECT = r"""
\b[A-Z]+-\d+\b \w+-\d+ (?i)web-\d+ [A-Z]+?-\d+ [^/]+-\d+ .+-\d+ ^WEB-\d+ (WEB-)+\d \d* A? '\d+ ü\d [ü]\d \(\d\)
[A-Z]+[A-Z0-9]+-\d+ \d+\d (?P<p>WEB)-\d+ (?=A)A\d [A-Z A{40} \d+[A-Z]*1 [A-Z\s]-\d \x41-\d []a]b \$\(id\)\d+ \`id\`
"""
ONLY_COLLECT = [*_ONLY_COLLECT.split(), "|".join(f"P{number}-" for number in range(20)), "", "A\n-"]


@pytest.mark.parametrize("pattern", ONLY_COLLECT)
def test_patterns_that_only_collect_can_follow(pattern: str) -> None:
    assert ways(pattern) is None
    assert with_pattern(SHIPPED, pattern) is None


def test_the_shipped_hook_has_the_usual_pattern() -> None:
    assert with_pattern(SHIPPED, PATTERN) == SHIPPED
    assert all("".join(f"[{c}{c.lower()}]" for c in name) in SHIPPED for name in STANDARDS)


def test_checking_is_a_line_of_its_own() -> None:
    shipped = (resources.files("git_bill") / "hooks" / "commit-msg").read_text()
    assert not checks(shipped)
    assert checks(with_check(shipped, check=True))
    assert with_check(with_check(shipped, check=True), check=False) == shipped
