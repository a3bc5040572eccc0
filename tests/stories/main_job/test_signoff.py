"""Sign-offs with the real program: settings that changed under the owner's hand, and a real key."""

import subprocess

import pytest
from tests.stories.freelancer import Freelancer

IBAN = ("DE02120300000000202051", "DE89370400440532013000")


def another_draft(mira: Freelancer) -> str:
    """Work after the first invoice, drafted and merged."""
    mira.json("add", "45m", "Call about the price", "-c", "acme", "--on", "2026-10-20")
    name = str(mira.draft()["draft"])
    mira.git(mira.books, "merge", "-q", "--no-ff", "-m", "Approve", f"bill/{name}")
    return name


def rules(found: dict[str, object]) -> set[str]:
    problems = found["problems"]
    assert isinstance(problems, list)
    return {p["rule"] for p in problems if p["severity"] == "error"}


@pytest.mark.slow
def test_an_account_that_somebody_else_changed_waits_for_the_owner(mira: Freelancer) -> None:
    mira.json("issue", mira.draft()["draft"])
    settings = mira.books / "billing" / "billing.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(*IBAN), encoding="utf-8")
    mallory = ("-c", "user.name=Mallory", "-c", "user.email=mallory@evil.example")
    mira.git(mira.books, *mallory, "commit", "-qam", "Small things")
    name = another_draft(mira)
    assert rules(mira.json("issue", code=7)) == {"payee-changed"}
    assert "payee-changed" in rules(mira.json("check", name, code=1))
    assert "payee-changed" in rules(mira.json("check", code=1))
    assert mira.json("status")["next"]["command"] == f"git bill check {name}"
    told = mira.bill("approve", "settings", "--dry-run").stdout
    assert "by Mallory <mallory@evil.example>" in told
    assert "  iban: DE02…2051 → DE89…3000\n" in told
    done = mira.json("approve", "settings")
    assert done["already"] is False
    assert [change["about"] for change in done["changes"]] == ["the account that clients pay to"]
    assert mira.json("issue")["number"] == "INV-2026-0002"
    assert mira.json("approve", "settings")["already"] is True
    assert mira.bill("ledger", "verify").returncode == 0


def test_who_lists_a_key_signs_with_it(mira: Freelancer) -> None:
    key = mira.folder / "id_mira"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key)], check=True)
    public = key.with_suffix(".pub").read_text(encoding="utf-8").strip()
    settings = mira.books / "billing" / "billing.toml"
    text = settings.read_text(encoding="utf-8")
    guarded = '\n[guardrails]\nsign_off_above = "1.00 EUR"\n'
    owner = 'roles = ["owner"]\n'
    assert owner in text
    settings.write_text(text.replace(owner, f'{owner}keys = ["{public}"]\n') + guarded, encoding="utf-8")
    name = str(mira.draft()["draft"])
    assert rules(mira.json("issue", name, code=7)) == {"sign-off-missing"}  # her mail alone: anyone could
    assert mira.git(mira.books, "ls-files", "billing/drafts") == ""  # and nothing was merged
    assert rules(mira.json("approve", name, code=3)) == {"no-signing-key"}
    mira.git(mira.books, "config", "user.signingkey", str(key))
    assert mira.json("approve", name)["signed"] is True
    assert mira.json("issue", name)["number"] == "INV-2026-0001"
    assert mira.git(mira.books, "ls-files", "billing/signoffs/*.sig").endswith("/mira.sig")
