"""Mira works with Claude and Copilot: their commits are her attention, told apart, and priced as the contract says."""

import pytest
from tests.stories.freelancer import Freelancer

pytestmark = pytest.mark.slow

_CLAUDE = "Claude <noreply@anthropic.com>"
_COPILOT = "copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>"
_WITH_CLAUDE = f"\n\nCo-Authored-By: {_CLAUDE}\n"


def _agents_at_work(mira: Freelancer) -> None:
    """On two days after her ten commits: one alone, two with Claude, one by Claude, two of Copilot's, one for her."""
    mira.commit("2026-10-12T10:00:00+02:00", "WEB-4 Pay by card", "pay.py")
    mira.commit("2026-10-12T10:30:00+02:00", f"WEB-4 Pay by invoice{_WITH_CLAUDE}", "pay.py")
    mira.commit("2026-10-12T11:00:00+02:00", f"WEB-4 Pay later{_WITH_CLAUDE}", "pay.py")
    _authored(mira, "2026-10-12T11:20:00+02:00", "WEB-4 Tidy the payment", _CLAUDE)
    for_her = "WEB-6 Translate\n\nCo-authored-by: Mira Kovac <mira@example.net>\n"
    _authored(mira, "2026-10-13T03:00:00+02:00", for_her, _COPILOT, committer="GitHub <noreply@github.com>")
    alone = "WEB-6 Translate more"
    _authored(mira, "2026-10-13T04:00:00+02:00", alone, _COPILOT, committer="GitHub <noreply@github.com>")


def _authored(
    mira: Freelancer, at: str, message: str, author: str, committer: str = "Mira Kovac <mira@example.net>"
) -> None:
    """Commit a new file as somebody else's work."""
    name, _, email = committer.partition(" <")
    who = ("-c", f"user.name={name}", "-c", f"user.email={email.rstrip('>')}")
    path = mira.shop / f"{at[:13].replace(':', '')}.py"
    path.write_text("".join(f"# {message[:12]} {n}\n" for n in range(300)), encoding="utf-8")
    mira.git(mira.shop, "add", path.name)
    mira.git(mira.shop, *who, "commit", "-q", "-m", message, f"--author={author}", at=at)


def _contract(mira: Freelancer, settings: str, rate: str = "") -> None:
    """Put settings on the contract and a rate behind the others."""
    path = mira.books / "billing" / "clients" / "acme-gmbh.toml"
    if not path.exists():
        (path,) = path.parent.glob("*.toml")
    text = path.read_text(encoding="utf-8").replace("[[contracts.rates]]", f"{settings}\n[[contracts.rates]]", 1)
    path.write_text(text + rate, encoding="utf-8")


def test_work_with_agents_is_told_apart_from_commit_to_invoice(mira: Freelancer) -> None:
    alone = mira.json("log", "--ticket", "WEB-4")["minutes"]
    assert alone == 0
    _agents_at_work(mira)
    mira.json("collect")
    pay = mira.json("log", "--ticket", "WEB-4")["entries"]
    assert {entry["agent"]: len(entry["evidence"]) for entry in pay} == {"": 1, "Claude": 3}
    (night,) = mira.json("log", "--ticket", "WEB-6")["entries"]
    assert (night["agent"], night["state"], len(night["evidence"])) == ("Copilot", "unproven", 1)
    shown = mira.bill("log", "--ticket", "WEB-4").stdout
    assert "with Claude" in shown
    assert "of it with AI agents" in shown
    helped = next(entry for entry in pay if entry["agent"])
    assert mira.json("status")["clients"][0]["with_agents"] == helped["minutes"]
    assert "with AI agents" in mira.bill("status").stdout
    explained = mira.bill("explain", helped["id"]).stdout
    assert "Mira Kovac with Claude" in explained
    assert "Claude took part: its author or its message says so" in explained
    mira.json("confirm", "--yes")
    made = mira.json("draft", "--period", "2026-10")
    lines = {line["description"]: line for line in made["lines"]}
    apart = next(line for name, line in lines.items() if name.endswith("(AI: Claude)"))
    assert apart["unit_price"] == "95.00 EUR"
    assert apart["reason"].startswith("95.00 EUR an hour: the default rate, as for work without an AI agent")
    assert "Mira Kovac with Claude" in mira.bill("show", made["draft"]).stdout
    issued = mira.json("issue", made["draft"])
    sheet = (mira.books / issued["directory"] / "timesheet.csv").read_text(encoding="utf-8")
    assert sheet.splitlines()[0].endswith(",agent")
    assert sum(line.endswith(",Claude") for line in sheet.splitlines()) == 1
    settled = mira.json("log", "--billed", "--ticket", "WEB-4")["entries"]
    mira.json("collect")
    assert mira.json("log", "--billed", "--ticket", "WEB-4")["entries"] == settled
    (night,) = mira.json("log", "--ticket", "WEB-6")["entries"]
    assert "late" in night["flags"]


def test_the_same_work_at_a_rate_of_its_own(mira: Freelancer) -> None:
    _agents_at_work(mira)
    _contract(mira, "", '\n[[contracts.rates]]\nhourly = "60.00 EUR"\nagent = true\n')
    mira.json("collect")
    made = mira.json("draft", "--period", "2026-10")
    prices = {line["description"].endswith("(AI: Claude)"): line["unit_price"] for line in made["lines"]}
    assert prices == {False: "95.00 EUR", True: "60.00 EUR"}


def test_the_same_work_not_billed_and_said(mira: Freelancer) -> None:
    _agents_at_work(mira)
    _contract(mira, 'agents = "none"\n')
    mira.json("collect")
    made = mira.json("draft", "--period", "2026-10")
    assert not any("AI" in line["description"] for line in made["lines"])
    review = mira.bill("show", made["draft"]).stdout
    assert "work with an AI agent, which the contract does not bill" in review


def test_what_an_agent_does_overnight_makes_no_minutes_when_it_is_rebased(mira: Freelancer) -> None:
    before = mira.json("log", "--unbilled")["minutes"]
    mira.git(mira.shop, "switch", "-qc", "WEB-8-night")
    for hour in range(5):
        _authored(mira, f"2026-10-14T0{hour + 1}:30:00+02:00", f"WEB-8 Step {hour}", _CLAUDE, committer=_CLAUDE)
    mira.git(mira.shop, "switch", "-q", "main")
    mira.json("collect")
    assert mira.json("log", "--unbilled")["minutes"] == before
    mira.git(mira.shop, "rebase", "-q", "--no-ff", "main", "WEB-8-night", at="2026-10-14T09:00:00+02:00")
    mira.json("collect")
    (night,) = mira.json("log", "--ticket", "WEB-8")["entries"]
    assert (night["state"], night["agent"], night["unbilled"]) == ("unproven", "Claude", 0)
