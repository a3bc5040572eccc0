"""`reconcile --confirm` on a terminal: one key each, over what is proposed and over what nobody knows."""

import os
import pty
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from tests.cli.test_confirm import until
from tests.stories.freelancer import Freelancer
from tests.stories.reconciled.paper import booking, open_amounts, statement

PROGRAM = [sys.executable, "-c", "from git_bill.cli.main import run; run()"]


def walk(mira: Freelancer, environment: Mapping[str, str], keys: Sequence[tuple[str, str]]) -> str:
    """What the terminal shows while these keys answer these questions."""
    main, end = pty.openpty()
    child = subprocess.Popen(
        [*PROGRAM, "reconcile", "--confirm"],
        cwd=mira.books,
        env={**environment, **mira.env},
        stdin=end,
        stdout=end,
        stderr=end,
    )
    os.close(end)
    screen = ""
    for question, key in keys:
        screen += until(main, question)
        time.sleep(0.2)  # a person's pause: keys typed ahead of the question are not read as its answer
        os.write(main, key.encode())
    screen += until(main, "")
    os.close(main)
    assert child.wait() == 0, screen
    return screen


def test_proposals_and_then_what_nobody_knows(mira: Freelancer, environment: Mapping[str, str]) -> None:
    came = [
        booking("100.00", "INV-2026-0033"),  # a part: asked
        booking("300.00", "Danke", "2026-11-21", payer="Hans Unbekannt", payer_iban="DE02500105170137075030"),
        booking("40.00", "Geburtstag", "2026-11-22", payer="Oma", payer_iban="DE02100500000054540402"),
        booking("70.00", "Anzahlung", "2026-11-23", payer="Frau Meier", payer_iban="DE02300209000106531065"),
        booking("80.00", "Hm", "2026-11-24", payer="Wer", payer_iban="DE02600501010002034304"),
    ]
    statement_file = statement(mira, *came)
    mira.json("reconcile", str(statement_file))
    screen = walk(
        mira,
        environment,
        [
            ("?]? ", "n"),  # not for these: nobody knows it from now on
            ("?]? ", "i"),
            ("Invoice", "INV-2026-0099\n"),  # none of that number: asked again
            ("?]? ", "i"),
            ("Invoice", "inv-2026-0032\n"),  # 226.10 EUR of 300.00
            ("?]? ", "p"),
            ("?]? ", "c"),
            ("Client", "acme\n"),
            ("?]? ", "q"),
        ],
    )
    assert "INV-2026-0099 was not issued" in screen
    assert "the rest, 73.90 EUR, stays the client's credit" in screen
    found = mira.json("status", "--receivables")
    assert {each["amount"] for each in found["credits"]} == {"73.90 EUR", "70.00 EUR"}
    unknown = [each["money"].split(" on ")[0] for each in found["unknown"]]
    assert unknown == ["100.00 EUR", "80.00 EUR"]  # the rejected one too
    assert "INV-2026-0032" not in open_amounts(mira)
    assert mira.json("reconcile", str(statement_file))["proposed"] == []


def test_each_wrong_word_has_its_own_answer(mira: Freelancer) -> None:
    for words, told, hint in (
        (("--aside", "R-x"), "--aside needs what it is", "--aside R-x --as private"),
        (("--as", "private"), "--as needs which one", "--aside R-… --as private"),
        (("--aside", "R-x", "--as", "credit"), "--as credit needs whose", "--as credit --client acme"),
        (("--aside", "R-x", "--as", "private", "-c", "acme"), "--client is for", "--as credit --client acme"),
    ):
        problem = mira.json("reconcile", *words, code=2)["problems"][0]
        assert problem["message"].startswith(told)
        assert hint in problem["hint"]


def test_next_steps_name_an_invoice_that_is_open(mira: Freelancer) -> None:
    came = booking("300.00", "Danke", "2026-11-21", payer="Hans", payer_iban="DE02500105170137075030")
    ran = mira.bill("reconcile", str(statement(mira, came)))
    assert "git bill paid INV-2026-0032 --from R-" in ran.stdout
    assert "git bill reconcile --confirm" in ran.stdout


def test_a_dry_run_shows_matches_and_pushes_nowhere(mira: Freelancer) -> None:
    ran = mira.bill("reconcile", str(statement(mira, booking("226.10", "INV-2026-0032"))), "--dry-run")
    assert "226.10 EUR of INV-2026-0032 by 226.10 EUR on 2026-11-20 from 'Acme GmbH'" in ran.stdout
    assert "push" not in ran.stdout
    assert open_amounts(mira)["INV-2026-0032"] == "226.10 EUR"


def test_what_was_recorded_is_told_with_its_fee_and_rate(mira: Freelancer) -> None:
    ran = mira.bill("paid", "INV-2026-0032", "--amount", "200 EUR", "--full", "fee")
    assert "226.10 EUR, of which fee 26.10 EUR" in ran.stdout
    ran = mira.bill("paid", "INV-2026-0033", "--amount", "904.40 AED", "--full", "exchange")
    assert "452.20 EUR, by 904.40 AED: 1 EUR = 2 AED" in ran.stdout, ran.stdout + ran.stderr
    [came] = mira.json("paid", "INV-2026-0034", "--amount", "120.00 EUR", "--over")["remittances"]
    assert "6.95 EUR went out" in mira.bill("paid", "--returned", came).stdout
    settled = mira.json("paid", "INV-2026-0032", "--date", "2026-12-09", code=1)["problems"][0]
    assert settled["message"].startswith("nothing is open of INV-2026-0032: paid on 2026-12-10")


def test_buckets_are_keys_without_spaces(mira: Freelancer) -> None:
    [aged] = mira.json("status", "--receivables")["ageing"]
    assert list(aged) == ["client", "currency", "credit", "not_due", "d1_30", "d31_60", "d61_90", "over_90", "open"]
