"""The walk of `git bill confirm`: answers as keys on a terminal, and as lines of a file."""

import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from tests.cli.mirasbooks import Books

PROGRAM = [sys.executable, "-c", "from git_bill.cli.main import run; run()"]


def states(mira: Books) -> dict[str, str]:
    """First word of what was done → state, dropped ones too."""
    return {e["text"].split()[1]: e["state"] for e in (*mira.entries(), *mira.entries("--dropped"))}


def test_the_walk_as_it_looks(mira: Books) -> None:
    ran = mira.bill("confirm", input="y\nq\n")
    assert ran.stderr.splitlines() == [
        "",
        "Mon 5 Oct · 50m · no work 10:40–14:00",
        "  1/4  WEB-5 checkout form validates the postcode; tests for the postcode check",
        "       ~40m (9m–1h34m)  09:45–09:55 10:10–10:40  development  acme",
        "  Confirm this entry [y,n,e,s,m,d,a,q,?]? ",
        "  2/4  WEB-7 docs: how to run the search index",
        "       ~10m (1m–50m)  14:00–14:10  development  acme",
        "  Confirm this entry [y,n,e,s,m,d,a,q,?]? ",
    ]
    assert ran.stdout.splitlines() == [
        "40m of 1h10m confirmed (1 confirmed)",
        "",
        "next:",
        "  git bill confirm  3 more to look at",
    ]


def test_every_key(mira: Books) -> None:
    answers = ["y", "e", "20m", "read it too", "s", '4m "typo" rest', "two things", "d", "private"]
    answer = mira.json("confirm", input="\n".join(answers) + "\n")
    told = {entry["id"]: entry for entry in (*mira.entries(), *mira.entries("--dropped"))}
    assert [told[e]["minutes"] for e in answer["confirmed"]] == [40]
    assert [told[e]["minutes"] for e in answer["changed"]] == [20, 0]
    assert [told[e]["state"] for e in answer["dropped"]] == ["dropped"]
    assert sorted(e["minutes"] for e in mira.entries() if e["day"] == "2026-10-06") == [4, 6]
    assert answer["left"] == []
    assert answer["minutes"] == {"confirmed": 70, "total": 70}
    edits = (mira.top / "billing/edits/acme/2026-10.toml").read_text()
    assert [edits.count(f'because = "{why}"') for why in ("read it too", "two things", "private")] == [1, 1, 1]


def test_a_moved_entry_is_asked_about_again(mira: Books) -> None:
    ran = mira.bill("confirm", input="m\nglobx\nm\nglobex\ntheirs\ny\nq\n")
    assert "did you mean globex?" in ran.stderr
    (entry,) = mira.entries("--client", "globex")
    assert entry["state"] == "confirmed"


def test_all_that_follow(mira: Books) -> None:
    mira.bill("confirm", input="n\na\n")
    assert states(mira) == {
        "checkout": "estimated",
        "docs:": "confirmed",
        "suggests": "confirmed",
        "hotfix": "confirmed",
    }


def test_unknown_keys_are_explained_and_wrong_answers_asked_again(mira: Books) -> None:
    ran = mira.bill("confirm", input="x\ne\nlong\n\n25m\n\nit was\nq\n")
    assert "    d  drop it, it was no work" in ran.stderr.splitlines()
    assert ran.stderr.count("1/4") == 2
    assert "'long' is not a duration" in ran.stderr
    assert "a few words that you will understand later" in ran.stderr
    assert mira.entry("checkout")["minutes"] == 25


def test_a_split_that_does_not_fit_leaves_the_entry_to_be_asked_about(mira: Books) -> None:
    ran = mira.bill("confirm", input='s\n3h "a"\nwhy\ny\nq\n')
    assert "the parts take 3h, more than the 40m" in ran.stderr
    assert states(mira)["checkout"] == "confirmed"


def test_yes_confirms_all_at_once(mira: Books) -> None:
    ran = mira.bill("confirm", "--yes")
    assert ran.stdout.splitlines()[0] == "1h10m of 1h10m confirmed (4 confirmed)"
    assert set(states(mira).values()) == {"confirmed"}
    again = mira.bill("confirm", "--yes")
    assert again.stdout.splitlines()[0] == "1h10m of 1h10m confirmed"


def test_only_what_is_asked_for(mira: Books) -> None:
    answer = mira.json("confirm", "--yes", "--client", "acme", "--period", "2026-10-06..2026-10-31")
    assert answer["minutes"] == {"confirmed": 20, "total": 20}
    assert states(mira)["docs:"] == "estimated"
    assert mira.json("confirm", "--yes", "--client", "globex")["confirmed"] == []


def test_a_dry_run_confirms_nothing(mira: Books) -> None:
    assert mira.bill("confirm", "--dry-run").stdout.splitlines()[0] == "Would confirm 4 entries:"
    assert set(states(mira).values()) == {"estimated"}


def test_others_entries_are_asked_about_with_all_alone(mira: Books, git: Callable[..., str]) -> None:
    settings = mira.top / "billing/billing.toml"
    settings.write_text(
        settings.read_text() + '\n[[contributors]]\nid = "jonas"\nname = "Jonas Weber"\n'
        'emails = ["jonas@example.net"]\ntimezone = "Europe/Berlin"\n'
    )
    git(mira.top, "config", "user.email", "jonas@example.net")
    assert mira.json("confirm", "--yes")["confirmed"] == []
    ran = mira.bill("confirm", "--all", input="y\nq\n")
    assert "Mon 5 Oct · 50m · mira · no work 10:40–14:00" in ran.stderr
    assert 'by = "jonas"' in (mira.top / "billing/edits/acme/2026-10.toml").read_text()


def test_unproven_entries_are_confirmed_one_by_one_only(mira: Books) -> None:
    (evidence,) = (mira.top / "billing/evidence/web-shop").glob("*/2026-10.jsonl")
    evidence.write_text(
        evidence.read_text() + '{"key":"ffffffffffffffffffffffffffffffffffffffff","kind":"commit",'
        '"source":"web-shop","contributor":"mira","at":"2026-10-20T12:00:00+02:00","text":"Who made this",'
        '"files":1,"added":40,"deleted":0,"proven":false}\n'
    )
    mira.bill("confirm", "--yes")
    assert mira.entry("Who made")["state"] == "unproven"
    ran = mira.bill("confirm", input="y\n")
    assert "unproven: anyone could have made this commit; was it you?" in ran.stderr
    assert mira.entry("Who made")["state"] == "confirmed"


@pytest.mark.parametrize("moment", ["before:write:billing/edits/*", "before:write:billing/manifest/*", "4"])
def test_who_is_killed_keeps_what_was_answered(mira: Books, environment: dict[str, str], moment: str) -> None:
    killed = mira.program("confirm", cwd=mira.top, input="y\ny\ny\ny\n", env={"GIT_BILL_KILL_AT": moment})
    assert killed.returncode == -9
    written = mira.top / "billing/edits/acme/2026-10.toml"
    answered = written.read_text().count('do = "confirm"') if written.exists() else 0
    answer = mira.json("confirm", input="")
    assert len(answer["left"]) == 4 - answered
    mira.bill("confirm", input="y\n" * len(answer["left"]))
    assert set(states(mira).values()) == {"confirmed"}
    assert written.read_text().count('do = "confirm"') == 4


def test_single_keys_on_a_terminal(mira: Books, environment: dict[str, str]) -> None:
    main, end = pty.openpty()
    child = subprocess.Popen([*PROGRAM, "confirm"], cwd=mira.top, env=environment, stdin=end, stdout=end, stderr=end)
    os.close(end)
    screen = ""
    for question, key in (("]? ", "y"), ("]? ", "d"), ("Why?", "private\n"), ("]? ", "q")):
        screen += until(main, question)
        time.sleep(0.3)  # a person's pause: keys typed ahead of the question are not read as its answer
        os.write(main, key.encode())
    screen += until(main, "")
    assert child.wait() == 0, screen
    assert "40m of 1h confirmed" in screen
    assert states(mira)["docs:"] == "dropped"


def until(terminal: int, text: str) -> str:
    """What the program shows until a text comes; to its end where there is none."""
    screen = b""
    while not text or text.encode() not in screen:
        try:
            more = os.read(terminal, 1)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        screen += more
    return screen.decode(errors="replace")
