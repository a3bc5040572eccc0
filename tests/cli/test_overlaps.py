"""`git bill status --overlaps`: who yielded to whom and why, and the commands that decide otherwise."""

import shlex
from collections.abc import Callable

from tests.cli.mirasbooks import Books

TIMER = 'inc 20261005T080000Z - 20261005T083000Z # call # "Call with Globex"\n'
OWN = 'inc 20261006T083000Z - 20261006T090000Z # own # "Search"\n'
WHY = "a timer comes before an estimate from commits"


def timed(mira: Books, text: str, client: str, tag: str) -> None:
    """A timer of a client that ran while the shop was worked on."""
    file = mira.top.parent / f"{tag}.data"
    file.write_text(text)
    where = ("source", "add", str(file), "--kind", "timewarrior", "--id", tag)
    mira.bill(*where, "--client", client, "--match", f"tag={tag}", "--since", "2026-10-01")
    mira.bill("collect")


def test_nothing_is_claimed_twice(mira: Books) -> None:
    assert mira.json("status", "--overlaps")["overlaps"] == []
    assert mira.bill("status", "--overlaps").stdout == "No minute is claimed twice.\n"


def test_who_yields_to_whom_why_and_what_to_do(mira: Books) -> None:
    timed(mira, TIMER, "globex", "call")
    shop, call = mira.entry("postcode"), mira.entry("Call with Globex")
    [found] = mira.json("status", "--overlaps")["overlaps"]
    assert (found["entry"], found["client"], found["to"], found["to_client"]) == (
        (shop["id"], shop["client"], call["id"], call["client"])
    )
    assert (found["day"], found["minutes"], found["at"], found["why"], found["expected"]) == (
        ("2026-10-05", 20, ["10:10/10:30"], WHY, False)
    )
    text = mira.bill("status", "--overlaps").stdout
    assert "Mon 5 Oct\n" in text
    assert "20m (10:10 to 10:30) of W-" in text
    assert f"has them: {WHY}" in text
    assert f"to decide otherwise: {found['commands'][0]}" in text


def test_the_commands_it_names_decide_otherwise(mira: Books) -> None:
    timed(mira, TIMER, "globex", "call")
    before = {entry["id"]: entry["minutes"] for entry in mira.entries()}
    [found] = mira.json("status", "--overlaps")["overlaps"]
    for command in found["commands"]:
        mira.bill(*shlex.split(command)[2:])
    after = {entry["id"]: entry["minutes"] for entry in mira.entries()}
    assert after[found["entry"]] == before[found["entry"]] + 20
    assert after[found["to"]] == before[found["to"]] - 20
    assert sum(after.values()) == sum(before.values())
    assert mira.json("status", "--overlaps")["overlaps"] == []


def test_what_a_timer_of_the_same_client_replaced_is_only_summed(mira: Books) -> None:
    client = mira.entries()[0]["client"]
    timed(mira, OWN, client, "own")
    found = mira.json("status", "--overlaps")["overlaps"]
    assert [one["expected"] for one in found] == [True] * len(found)
    lost = sum(one["minutes"] for one in found)
    text = mira.bill("status", "--overlaps").stdout
    assert text == f"{lost}m of estimates gave way to what was recorded of the same client's work.\n"


def test_an_estimate_that_gives_way_to_time_stated_in_its_own_entry_is_nothing_to_decide(
    mira: Books, git: Callable[..., str]
) -> None:
    for at, message in (("22:00", "blackout"), ("23:00", "blackout\n\nTime: 4h")):
        (mira.top / "shop.txt").write_text(f"{at}\n" * 50)
        git(mira.top, "commit", "-q", "-a", "-m", message, at=f"2026-10-08T{at}:00+02:00")
    mira.bill("collect")
    assert mira.entry("blackout")["minutes"] == 240
    assert mira.json("status", "--overlaps")["overlaps"] == []
