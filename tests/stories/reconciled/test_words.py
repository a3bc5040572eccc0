"""What a person says on the terminal: one thing of each, nothing in a dry run, credit offered and taken."""

from tests.stories.freelancer import Freelancer
from tests.stories.reconciled.paper import booking, open_amounts, statement


def test_credit_is_offered_for_the_next_invoice_and_nothing_is_written_without_being_asked(mira: Freelancer) -> None:
    tip = mira.git(mira.books, "rev-parse", "HEAD")
    much = str(statement(mira, booking("326.10", "INV-2026-0032"), booking("7.77", "nichts", payer="Niemand")))
    assert mira.json("reconcile", much, "--dry-run")["ok"]
    assert mira.git(mira.books, "rev-parse", "HEAD") == tip
    assert mira.git(mira.books, "for-each-ref", "refs/heads/pay") == ""
    found = mira.json("reconcile", much)
    assert set(found) >= {"statements", "remittances", "matched", "proposed", "unmatched", "uses", "problems", "ok"}
    assert set(found["statements"][0]) == {"file", "account", "currency", "opening", "closing", "entries"}
    (asked,) = found["proposed"]
    name, left = asked["remittance"], found["unmatched"][0]["remittance"]
    for words in (
        ("--accept", name, "--reject", name),
        ("--accept", name, "--aside", name[:7], "--as", "private"),
        ("--aside", left),
        ("--as", "private"),
        ("--aside", left, "--as", "credit"),
    ):
        assert mira.bill("reconcile", *words).returncode == 2, words
    assert mira.bill("reconcile", "--accept", left).returncode == 1
    taken = mira.json("reconcile", "--accept", name, "--aside", left[:7], "--as", "private")
    assert [each["settles"] for each in taken["confirmed"]] == ["226.10 EUR"]
    assert [(each["remittance"], each["as"]) for each in taken["aside"]] == [(left, "private")]
    (use,) = taken["uses"]
    assert use == {"client": "acme", "credit": name, "invoice": "INV-2026-0033", "amount": "100.00 EUR"}
    told = mira.bill("reconcile")
    assert f"git bill paid INV-2026-0033 --credit {name}" in told.stdout + told.stderr
    assert f"git bill paid INV-2026-0033 --credit {name}" in mira.bill("status", "--receivables").stdout
    mira.json("paid", "INV-2026-0033", "--credit", name)
    assert open_amounts(mira) == {"INV-2026-0033": "352.20 EUR", "INV-2026-0034": "113.05 EUR"}
    assert mira.json("status", "--receivables")["uses"] == []
