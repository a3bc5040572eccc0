"""Credit notes: in full, by line and by amount; what comes back is billed again, what is waived never."""

from decimal import Decimal
from pathlib import Path

import pytest
from tests.stories.freelancer import Freelancer

pytestmark = pytest.mark.slow

FIRST = "INV-2026-0001"


def issued(mira: Freelancer) -> dict[str, object]:
    """October, issued."""
    mira.draft()
    return mira.json("issue", "acme-2026-10")


def net(found: object) -> Decimal:
    return Decimal(str(found).split()[0])


def test_credited_in_full_and_billed_again(mira: Freelancer) -> None:
    first = issued(mira)
    assert mira.json("status")["clients"] == []
    made = mira.json("credit", FIRST, "--rebill", "--because", "wrong month")
    assert made["kind"] == "credit-note"
    assert made["gross"] == first["gross"]
    assert mira.json("credit", FIRST, "--rebill", "--because", "wrong month")["drafts"][0]["state"] == "unchanged"
    assert mira.json("draft", "--period", "2026-10")["drafts"] == []  # nothing comes back before it is issued
    note = mira.json("issue", made["draft"])
    assert note["number"] == "CN-2026-0001"
    assert note["gross"] == first["gross"]
    assert mira.json("status")["receivables"] == []
    assert mira.json("status")["clients"][0]["minutes"] > 0
    entry = mira.json("log", "--period", "2026-10")["entries"][0]["id"]
    mira.json("edit", entry, "--minutes", "45m", "--because", "nobody's ground any more")
    again = mira.draft()
    assert net(again["net"]) > net(made["net"])  # 45 minutes for 30
    assert mira.json("issue", again["draft"])["number"] == "INV-2026-0002"
    assert mira.json("ledger", "verify")["ok"]
    assert [item["invoice"] for item in mira.json("status")["receivables"]] == ["INV-2026-0002"]


def test_credit_notes_go_on_after_the_last_one_of_another_program(mira: Freelancer) -> None:
    settings = mira.books / "billing/billing.toml"
    text = settings.read_text(encoding="utf-8")
    assert "[numbering]" not in text
    settings.write_text(text + '\n[numbering]\nlast_credit_note = "CN-2026-0003"\n', encoding="utf-8")
    issued(mira)
    made = mira.json("credit", FIRST, "--rebill")
    assert mira.json("issue", made["draft"])["number"] == "CN-2026-0004"
    assert mira.json("check")["ok"]
    assert "given before git-bill" in mira.bill("explain", "CN-2026-0002").stdout


def test_a_part_is_waived_and_the_rest_stays_to_be_paid(mira: Freelancer) -> None:
    first = issued(mira)
    said = mira.bill("credit", FIRST, "--amount", "50.00 EUR", "--waive").stdout
    assert "credited" in said
    assert "to pay" not in said
    made = mira.json("show", f"credit-{FIRST}")
    assert (made["net"], made["gross"]) == ("50.00 EUR", "59.50 EUR")
    mira.json("issue", made["draft"])
    (open_one,) = mira.json("status")["receivables"]
    assert net(open_one["open"]) == net(first["payable"]) - Decimal("59.50")
    assert mira.json("draft", "--period", "2026-10")["drafts"] == []
    entry = mira.json("log", "--period", "2026-10")["entries"][0]["id"]
    assert mira.bill("edit", entry, "--minutes", "45m", "--because", "no", "--json").returncode == 1


def test_a_line_for_billing_again_frees_its_work_alone(mira: Freelancer) -> None:
    issued(mira)
    mira.json("issue", mira.json("credit", FIRST, "--line", "1", "--rebill")["draft"])
    entries = mira.json("log", "--period", "2026-10")["entries"]
    edits = [mira.bill("edit", each["id"], "--minutes", "45m", "--because", "x").returncode for each in entries]
    assert sorted(edits) == [0, *([1] * (len(entries) - 1))]


def test_no_more_than_is_open(mira: Freelancer) -> None:
    issued(mira)
    line = mira.json("credit", FIRST, "--line", "1", "--waive")
    too_much = mira.json("credit", FIRST, "--line", "1", "--rebill", code=1)
    assert too_much["problems"][0]["rule"] == "nothing-open"
    rest = mira.json("credit", FIRST, "--waive")  # what the other draft leaves
    assert rest["draft"] == f"credit-{FIRST}-2"
    mira.json("issue", line["draft"])
    mira.json("issue", rest["draft"])
    assert mira.json("credit", FIRST, "--waive", code=1)["problems"][0]["rule"] == "nothing-open"
    assert mira.json("status")["receivables"] == []
    assert mira.json("ledger", "verify")["ok"]


def test_what_is_no_invoice_is_not_credited(mira: Freelancer) -> None:
    mira.draft()
    assert mira.json("credit", "acme-2026-10", "--waive", code=1)["problems"][0]["rule"] == "not-issued"
    mira.json("issue", "acme-2026-10")
    note = mira.json("issue", mira.json("credit", FIRST, "--waive")["draft"])["number"]
    assert mira.json("credit", note, "--waive", code=1)["problems"][0]["rule"] == "not-an-invoice"
    assert mira.json("credit", FIRST, code=2)["problems"][0]["rule"] == "usage"


def test_two_drafts_for_the_same_money(mira: Freelancer) -> None:
    """Somebody makes two by hand: the second is refused when it is issued."""
    issued(mira)
    made = mira.json("credit", FIRST, "--rebill")["draft"]
    mira.git(mira.books, "switch", "-q", f"bill/{made}")
    path = mira.books / "billing" / "drafts" / f"{made}.toml"
    text = path.read_text(encoding="utf-8")
    mira.git(mira.books, "switch", "-q", "main")
    other = Path(path.parent) / "credit-twin.toml"
    other.parent.mkdir(exist_ok=True)
    mira.git(mira.books, "switch", "-q", "-c", "bill/credit-twin")
    other.write_text(text.replace('id = "D-', 'id = "D-x'), encoding="utf-8")
    mira.git(mira.books, "add", "billing/drafts")
    mira.git(mira.books, "commit", "-q", "-m", "a twin")
    mira.git(mira.books, "switch", "-q", "main")
    flags = {problem["rule"] for problem in mira.json("check", made)["problems"]}
    assert "on-two-drafts" in flags
    mira.json("issue", made)
    refused = mira.json("issue", "credit-twin", code=1)["refused"]
    assert {problem["rule"] for problem in refused[0]["problems"]} >= {"more-than-open"}
