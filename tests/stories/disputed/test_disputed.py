"""A client objects to two lines: answered, shown what stands behind them, half of it given up; and a chargeback."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.stories.freelancer import Freelancer

from git_bill.adapters.pdf import text as text_of

FIRST = "INV-2026-0001"
ONE = f"DS-{FIRST}-1"
GLOBEX_RATE = "171.17"
COST = "47.1193"


def issued(mira: Freelancer) -> dict[str, Any]:
    """October, issued and mailed."""
    mira.draft()
    return mira.json("issue", "acme-2026-10")


def net(found: object) -> Decimal:
    return Decimal(str(found).split()[0])


def secrets(mira: Freelancer) -> None:
    """What no client may see: a cost, another client's rate, and its work."""
    settings = mira.books / "billing/billing.toml"
    head, mark, rest = settings.read_text(encoding="utf-8").partition("\n[[sources]]")
    cost = f'\n[[contributors.costs]]\nhourly = "{COST} EUR"\nfrom = 2026-01-01\n'
    settings.write_text(head + cost + mark + rest, encoding="utf-8")
    mira.json("client", "add", "Globex AG", "--country", "DE", "--rate", f"{GLOBEX_RATE} EUR")
    mira.json("add", "50m", "Globex merger papers", "-c", "globex", "--on", "2026-10-09")


@pytest.mark.slow
def test_two_lines_are_disputed_and_half_is_given_up(mira: Freelancer) -> None:
    secrets(mira)
    first = issued(mira)
    letter = mira.folder / "letter.txt"
    letter.write_text('Friday was a holiday. <script>alert(1)</script> #panic("x")\n', encoding="utf-8")
    said = ("--reason", "hours", "--text", "nobody worked on Friday =1+1 #panic()", "--attach", str(letter))
    opened = mira.json("dispute", "open", FIRST, "--line", "1", "--line", "2", *said)
    assert (opened["dispute"], opened["state"], opened["new"]) == (ONE, "open", True)
    lines = [net(line["net"]) for line in mira.json("show", FIRST)["lines"]]
    assert net(opened["amount"]) == ((lines[0] + lines[1]) * Decimal("1.19")).quantize(Decimal("0.01"))
    assert mira.json("dispute", "open", FIRST, "--line", "1", "--line", "2", *said)["new"] is False
    again = mira.json("dispute", "open", FIRST, "--line", "2", "--reason", "price", code=1)
    assert again["problems"][0]["rule"] == "disputed-already"
    (row,) = mira.json("dispute", "list")["disputes"]
    assert (row["invoice"], row["client"], row["state"]) == (FIRST, "Acme GmbH", "open")

    text = mira.json("dispute", "answer", FIRST, "--template", "evidence", "--tone", "firm")["text"]
    assert text.startswith("Dear Acme GmbH,")
    assert FIRST in text
    offer = mira.json("dispute", "answer", FIRST, "--template", "offer", "--offer", "11.90 EUR")["text"]
    assert "without recognising any legal obligation" in offer
    assert mira.json("dispute", "reply", FIRST, "--text", "then at least half")["state"] == "open"
    explained = mira.bill("explain", FIRST).stdout
    assert f"{ONE}" in explained
    assert "undisputed" in explained

    pack = mira.folder / "out" / ONE
    for _ in range(2):  # the same books give the same bytes
        mira.json("dispute", "pack", ONE, "-o", str(mira.folder / "out"))
    check_pack(mira, pack)

    given = mira.json("dispute", "resolve", ONE, "--partly", "11.90 EUR", "--because", "half of Friday")
    assert (given["result"], given["given_up"], given["credit"]) == ("partly", "11.90 EUR", f"credit-{FIRST}")
    repeated = mira.json("dispute", "resolve", ONE, "--partly", "11.90 EUR", "--because", "half of Friday")
    assert repeated["new"] is False
    note = mira.json("issue", f"credit-{FIRST}")
    assert (note["number"], note["gross"]) == ("CN-2026-0001", "11.90 EUR")
    (open_one,) = mira.json("status")["receivables"]
    assert net(open_one["open"]) == net(first["payable"]) - Decimal("11.90")
    assert mira.json("dispute", "list")["disputes"] == []
    (outcome,) = mira.json("dispute", "list", "--all")["outcomes"]
    assert (outcome["result"], outcome["lost"], outcome["days"]) == ("partly", "11.90 EUR", 0)
    refused = mira.json("dispute", "answer", ONE, "--text", "no", code=1)["problems"][0]
    assert (refused["rule"], "open a new one" in refused["hint"]) == ("not-possible", True)
    assert mira.json("ledger", "verify")["ok"]
    assert mira.json("check")["ok"]


def check_pack(mira: Freelancer, pack: Path) -> None:
    """Complete, whole, and nothing that is nobody else's business."""
    listed = [line.partition("  ") for line in (pack / "SHA256SUMS").read_text().splitlines()]
    sums = {name: digest for digest, _, name in listed}
    files = {str(p.relative_to(pack)): p.read_bytes() for p in pack.rglob("*") if p.is_file()}
    assert sums == {n: hashlib.sha256(c).hexdigest() for n, c in files.items() if n != "SHA256SUMS"}
    assert f"originals/{FIRST}.pdf" in files
    assert any(name.startswith("originals/correspondence/") for name in files)
    data = json.loads(files["evidence.json"])
    assert [line["number"] for line in data["lines"]] == [1, 2]
    assert data["commits"]
    assert all(each["author"] == "Mira Kovac" for each in data["commits"])
    assert [each["what"] for each in data["said"]] == ["objection", "answer", "reply"]  # no offer to settle
    assert data["approvals"]
    assert data["proof"]["recorded"]
    proved = {name: digest for digest, _, name in (each.partition("  ") for each in data["proof"]["files"])}
    assert f"originals/{FIRST}.pdf" in proved
    assert proved.items() <= sums.items()
    assert not any("correspondence" in name for name in proved)  # that is not what was issued
    shown = text_of(files["evidence.pdf"])
    for words in (FIRST, ONE, "WEB-1", "nobody worked on Friday =1+1 #panic()", data["commits"][0]["commit"]):
        assert words in shown, words
    commits = mira.git(mira.shop, "log", "--all", "--format=%H").split()
    assert any(commit.startswith(data["commits"][0]["commit"].partition(":")[2]) for commit in commits)
    third = [line["description"] for line in mira.json("show", FIRST)["lines"]][2:]
    for words in (GLOBEX_RATE, COST, "Globex", "range", "estimated", *third):
        assert words not in shown, words
        assert words.encode() not in files["evidence.json"], words


@pytest.mark.slow
def test_a_hold_and_an_insolvent_client_stop_the_mail(mira: Freelancer) -> None:
    client = mira.books / "billing/clients/acme.toml"
    text = client.read_text(encoding="utf-8")
    client.write_text(text.replace("[client]\n", '[client]\nemail = "ap@acme.example"\n', 1), encoding="utf-8")
    issued(mira)
    mira.json("hold", FIRST, "--until", "2026-12-31", "--because", "their accountant is ill")
    assert [each["invoice"] for each in mira.json("hold")["holds"]] == [FIRST]
    stopped = mira.json("send", FIRST, "--again", code=1)["problems"][-1]
    assert stopped["rule"] == "not-asked-for"
    assert "on hold until 2026-12-31: their accountant is ill" in stopped["message"]
    mira.json("hold", FIRST, "--off")
    assert mira.json("hold")["holds"] == []
    mira.json("send", FIRST, "--again")
    insolvent = client.read_text(encoding="utf-8").replace("schema = 1\n", "schema = 1\ninsolvent = 2026-11-01\n", 1)
    client.write_text(insolvent, encoding="utf-8")
    mira.git(mira.books, "commit", "-q", "-am", "Acme is insolvent")
    stopped = mira.json("send", FIRST, "--again", code=1)["problems"][-1]
    assert "insolvent since 2026-11-01" in stopped["message"]
    mira.json("send", FIRST, "--again", "--to", "administrator@law.example")
