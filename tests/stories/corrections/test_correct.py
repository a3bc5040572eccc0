"""A correction: one draft, one review; the cancellation and the replacement that names both."""

import shutil
import signal
import tomllib
from typing import Any

import pytest
from tests.stories.freelancer import Freelancer

pytestmark = pytest.mark.slow

FIRST = "INV-2026-0001"
MOST_STEPS = 40


def billed(mira: Freelancer, number: str) -> dict[str, Any]:
    """What was issued under a number."""
    return tomllib.loads((mira.books / f"billing/invoices/2026/{number}/invoice.toml").read_text(encoding="utf-8"))


def test_an_order_number_was_missing(mira: Freelancer) -> None:
    mira.draft()
    mira.json("issue", "acme-2026-10")
    frozen = mira.git(mira.books, "ls-tree", "-r", f"main:billing/invoices/2026/{FIRST}")
    made = mira.json("correct", FIRST, "--set", "order=4711", "--set", "client.street=Ring 5", "--because", "no order")
    review = mira.json("show", made["draft"])["review"]
    assert "4711" in review
    assert "Ring 5" in review
    assert FIRST in review
    found = mira.json("issue", made["draft"])
    assert [document["number"] for document in found["issued"]] == ["CN-2026-0001", "INV-2026-0002"]
    note, new = billed(mira, "CN-2026-0001"), billed(mira, "INV-2026-0002")
    assert note["reverses"] == {**note["reverses"], "number": FIRST, "entries": "rebill"}
    assert note["client"]["street"] == "Werkstr. 1"
    assert new["corrects"] == {**new["corrects"], "number": FIRST, "credit_note": "CN-2026-0001"}
    assert (new["order"], new["client"]["street"]) == ("4711", "Ring 5")
    assert new["totals"] == billed(mira, FIRST)["totals"] == note["totals"]
    assert mira.git(mira.books, "ls-tree", "-r", f"main:billing/invoices/2026/{FIRST}") == frozen
    assert [item["invoice"] for item in mira.json("status")["receivables"]] == ["INV-2026-0002"]
    assert mira.json("draft", "--period", "2026-10")["drafts"] == []
    assert mira.json("ledger", "verify")["ok"]
    assert mira.json("check")["ok"]


def test_the_wrong_company_was_billed(mira: Freelancer) -> None:
    mira.draft()
    mira.json("draft", "--period", "2026-10", "--order", "PO-77")
    for kind in ("order", "receipt"):
        (mira.folder / f"{kind}.pdf").write_bytes(b"%PDF-1.7 " + kind.encode())
        mira.json("attach", "acme-2026-10", str(mira.folder / f"{kind}.pdf"), "--as", kind)
    mira.json("issue", "acme-2026-10")
    assert billed(mira, FIRST)["order"] == "PO-77"
    mira.json("client", "add", "Globex BV", "--id", "globex", "--country", "NL", "--rate", "80.00 EUR")
    file = mira.books / "billing/clients/globex.toml"
    party = 'country = "NL"\nstreet = "Singel 1"\npostcode = "1012 AB"\ncity = "Amsterdam"\nvat_id = "NL004495445B01"\n'
    file.write_text(file.read_text(encoding="utf-8").replace('country = "NL"\n', party), encoding="utf-8")
    made = mira.json("correct", FIRST, "--client", "globex")
    assert made["tax"] == "0.00 EUR"  # another country: reverse charge
    mira.json("issue", made["draft"])
    new = billed(mira, "INV-2026-0002")
    assert (new["client"]["name"], new["client_id"], new["bill_to"]) == ("Globex BV", "acme", "globex")
    assert new["tax"]["category"] == "AE"
    assert "order" not in new  # what the first client ordered and signed is none of the second one's business
    assert [each["kind"] for each in new["attached"]] == ["receipt"]
    ran = mira.bill("render", "INV-2026-0002", "--format", "ubl", "-o", "-")
    assert "<Invoice" in ran.stdout
    assert "acme" not in ran.stdout
    assert mira.json("draft", "--period", "2026-10")["drafts"] == []


def test_what_can_t_be_corrected_says_the_way_out(mira: Freelancer) -> None:
    mira.draft()
    mira.json("issue", "acme-2026-10")
    assert mira.json("correct", FIRST, "--set", "ordr=4711", code=1)["problems"][0]["hint"].startswith("did you mean")
    assert mira.json("correct", FIRST, code=1)["problems"][0]["rule"] == "nothing-to-correct"
    assert mira.json("correct", FIRST, "--client", "nobody", code=1)["problems"][0]["rule"] == "unknown-client"
    mira.json("issue", mira.json("credit", FIRST, "--amount", "10.00 EUR", "--waive")["draft"])
    wrong = mira.json("correct", FIRST, "--set", "order=4711", code=1)["problems"][0]
    assert wrong["rule"] == "partly-credited"
    assert f"git bill credit {FIRST}" in wrong["hint"]


def test_old_invoices_never_change_with_new_settings(mira: Freelancer) -> None:
    mira.draft()
    mira.json("issue", "acme-2026-10")
    before = mira.tree()
    shown = mira.json("show", FIRST)
    settings = mira.books / "billing/billing.toml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("Lindenweg 4", "Allee 9").replace("Mira Kovac Software", "Kovac GmbH")
    settings.write_text(text.replace("DE02120300000000202051", "DE89370400440532013000"), encoding="utf-8")
    client = mira.books / "billing/clients/acme.toml"
    text = client.read_text(encoding="utf-8").replace("Werkstr. 1", "Ring 5").replace("95.00 EUR", "120.00 EUR")
    client.write_text(text, encoding="utf-8")
    assert mira.json("show", FIRST) == shown
    assert mira.json("ledger", "verify")["ok"]
    note = mira.json("issue", mira.json("credit", FIRST, "--rebill")["draft"])["number"]
    assert billed(mira, note)["issuer"] == billed(mira, FIRST)["issuer"]
    assert [line for line in before.splitlines() if FIRST in line] == [
        line for line in mira.tree().splitlines() if FIRST in line
    ]


@pytest.mark.slow
def test_killed_anywhere_and_run_again(mira: Freelancer) -> None:
    mira.draft()
    mira.json("issue", "acme-2026-10")
    made = mira.json("correct", FIRST, "--set", "order=4711")["draft"]
    whole = mira.folder / "whole"
    shutil.copytree(mira.books, whole, symlinks=True)
    assert mira.bill("issue", made, cwd=whole).returncode == 0
    kills = 0
    for step in range(1, MOST_STEPS):
        place = mira.folder / f"step-{step}"
        shutil.copytree(mira.books, place, symlinks=True)
        ran = mira.bill("issue", made, cwd=place, env={"GIT_BILL_KILL_AT": str(step)})
        if ran.returncode != -signal.SIGKILL:
            assert ran.returncode == 0, ran.stderr
            break
        kills += 1
        again = mira.bill("issue", made, cwd=place)
        assert again.returncode == 0, again.stdout + again.stderr
        assert mira.tree(place) == mira.tree(whole), f"killed at step {step}"
        shutil.rmtree(place)
    assert kills >= 6
