"""Problems say what, where and how to mend it."""

import json

from git_bill.problem import Exit, Problem, Stop, errors, nearest, stop

WRONG = Problem(
    rule="unknown-key",
    message="contracts[0].hourley is not a known key",
    hint='did you mean "hourly"?',
    file="billing/clients/acme.toml",
    line=12,
)


def test_a_problem_reads_like_a_compiler_message() -> None:
    assert str(WRONG) == (
        "billing/clients/acme.toml:12: error: contracts[0].hourley is not a known key [unknown-key]\n"
        '  did you mean "hourly"?'
    )
    assert str(Problem(rule="busy", message="wait", severity="warning")) == "warning: wait [busy]"
    assert str(Problem(rule="empty", message="no text", file="a.toml")) == "a.toml: error: no text [empty]"


def test_scripts_get_every_key_on_every_problem() -> None:
    assert json.loads(json.dumps(WRONG.as_dict())) == {
        "rule": "unknown-key",
        "severity": "error",
        "message": "contracts[0].hourley is not a known key",
        "hint": 'did you mean "hourly"?',
        "file": "billing/clients/acme.toml",
        "line": 12,
    }
    assert set(Problem(rule="r", message="m").as_dict()) == set(WRONG.as_dict())


def test_only_errors_make_a_command_fail() -> None:
    warning = Problem(rule="r", message="m", severity="warning")
    info = Problem(rule="r", message="m", severity="info")
    assert errors([warning, WRONG, info]) == (WRONG,)


def test_a_stop_carries_its_problems_and_the_exit_code() -> None:
    stopped = stop(Exit.SETTINGS, "not-utf-8", "byte 0xe4 is not UTF-8", "save it as UTF-8", "a.toml", 3)
    assert stopped.exit_code == 3
    assert stopped.problems == (
        Problem(rule="not-utf-8", message="byte 0xe4 is not UTF-8", hint="save it as UTF-8", file="a.toml", line=3),
    )
    assert str(Stop(Exit.PROBLEMS, iter([WRONG, WRONG]))) == f"{WRONG.message}; {WRONG.message}"


def test_exit_codes_are_those_of_the_manual() -> None:
    assert [(code.name, code.value) for code in Exit] == [
        ("DONE", 0),
        ("PROBLEMS", 1),
        ("USAGE", 2),
        ("SETTINGS", 3),
        ("REPOSITORY", 4),
        ("FORGE", 5),
        ("PAYMENT_OR_MAIL", 6),
        ("SIGN_OFF_MISSING", 7),
        ("INTERNAL", 70),
    ]


def test_a_typo_finds_its_word_and_nonsense_finds_none() -> None:
    known = ["hourly", "daily", "activity"]
    assert nearest("hourley", known) == "hourly"
    assert nearest("activty", iter(known)) == "activity"
    assert nearest("xyz", known) is None
    assert nearest("hourly", []) is None


def test_what_is_too_long_for_a_typo_is_not_compared() -> None:
    assert nearest("x" * 60, ["x" * 59]) == "x" * 59
    assert nearest("x" * 61, ["x" * 60]) is None
