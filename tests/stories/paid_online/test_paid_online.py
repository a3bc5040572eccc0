"""Payment links by Stripe, by the real program against an API on this machine."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.stories.freelancer import Freelancer
from tests.testbed.stripe_server import ENDPOINT_SECRET, LIVE_KEY, StripeServer

STRIPE = '\n[stripe]\nmode = "test"\n'


@pytest.fixture
def stripe() -> Iterator[StripeServer]:
    with StripeServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
def seller(mira: Freelancer, stripe: StripeServer) -> Freelancer:
    """Mira, who takes cards."""
    add(mira, STRIPE)
    return replace(mira, env={"GIT_BILL_STRIPE_KEY": stripe.key, "GIT_BILL_STRIPE_API": stripe.api})


def add(mira: Freelancer, text: str, file: str = "billing.toml", after: str = "") -> None:
    """Text at the end of a file of the books, or after what stands there."""
    path = mira.books / "billing" / file
    found = path.read_text(encoding="utf-8")
    assert after in found
    path.write_text(found.replace(after, after + text, 1) if after else found + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("", "no-stripe-key"),
        pytest.param(LIVE_KEY, "stripe-mode", marks=pytest.mark.slow),
        pytest.param("pk_test_x", "stripe-key", marks=pytest.mark.slow),
    ],
)
def test_without_the_right_key_no_number_is_taken(
    seller: Freelancer, stripe: StripeServer, key: str, rule: str
) -> None:
    seller.draft()
    alone = replace(seller, env={**seller.env, "GIT_BILL_STRIPE_KEY": key, "GIT_CONFIG_NOSYSTEM": "1"})
    found = alone.json("issue", "acme-2026-10", code=3)
    (problem,) = [each for each in found["problems"] if each["severity"] == "error"]
    assert problem["rule"] == rule
    assert "GIT_BILL_STRIPE_KEY" in problem["message"]
    assert "rk_test_" in problem["hint"]
    assert stripe.requests == []
    assert "billing/invoices" not in seller.tree()


@pytest.mark.slow
def test_the_link_stands_on_the_document_and_is_closed_with_a_credit_note(
    seller: Freelancer, stripe: StripeServer
) -> None:
    seller.draft()
    shown = seller.bill("issue", "acme-2026-10", "--dry-run").stdout
    assert "Nothing was done" in shown
    issued = seller.json("issue", "acme-2026-10")
    (link,) = stripe.store.of("payment_link")
    text = (seller.books / issued["files"]["toml"]).read_text(encoding="utf-8")
    assert f'payment_link = "{link["url"]}"' in text
    assert link["metadata"]["git_bill_invoice"] == issued["number"]
    amount = stripe.store.of("price")[0]["unit_amount"]
    assert f"{amount / 100:.2f} EUR" == issued["payable"]
    requests = len(stripe.requests)
    assert seller.json("issue")["issued"] == []
    assert len(stripe.requests) == requests  # nothing is asked where nothing is to be done
    note = seller.json("credit", issued["number"], "--waive", "--because", "not wanted")
    seller.json("issue", note["draft"])
    assert link["active"] is False
    ledger = (seller.books / "billing/ledger/2026.jsonl").read_text(encoding="utf-8")
    assert ledger.count('"kind":"pay-link-closed"') == 1
    assert seller.json("ledger", "verify")["ok"]
    seller.json("issue")
    assert ledger == (seller.books / "billing/ledger/2026.jsonl").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_rail_that_is_away_leaves_the_claim_and_the_next_run_finishes(
    seller: Freelancer, stripe: StripeServer
) -> None:
    seller.draft()
    stripe.faults += [503] * 6
    found = seller.json("issue", "acme-2026-10", code=6)
    (problem,) = [each for each in found["problems"] if each["severity"] == "error"]
    assert problem["rule"] == "no-payment-link"
    assert stripe.key not in str(found)
    stripe.faults.clear()
    issued = seller.json("issue")
    assert issued["number"] in problem["message"]
    assert len(stripe.store.of("payment_link")) == 1


@pytest.mark.slow
def test_a_client_who_pays_by_transfer_gets_no_link(seller: Freelancer, stripe: StripeServer) -> None:
    add(seller, "pay_online = false\n", "clients/acme.toml", after='country = "DE"\n')
    seller.draft()
    issued = seller.json("issue", "acme-2026-10")
    assert "payment_link" not in (seller.books / issued["files"]["toml"]).read_text(encoding="utf-8")
    assert stripe.requests == []


@pytest.mark.slow
def test_a_mirrored_invoice_has_our_number(seller: Freelancer, stripe: StripeServer) -> None:
    add(seller, "mirror = true\n", after='mode = "test"\n')
    add(seller, 'email = "ap@acme.example"\n', "clients/acme.toml", after='country = "DE"\n')
    seller.draft()
    issued = seller.json("issue", "acme-2026-10")
    (invoice,) = stripe.store.of("invoice")
    assert (invoice["number"], invoice["status"]) == (issued["number"], "open")
    assert f"{invoice['total'] / 100:.2f} EUR" == issued["payable"]


@pytest.mark.slow
def test_issued_paid_by_card_reconciled_and_taken_back(seller: Freelancer, stripe: StripeServer) -> None:
    seller.draft()
    issued = seller.json("issue", "acme-2026-10")
    number = issued["number"]
    (link,) = stripe.store.of("payment_link")
    stripe.store.tick()
    charge = stripe.people.pay(link["url"], fee=1_234, payer="ACME Buchhaltung")
    found = seller.json("reconcile", "--rail", "stripe")
    ((matched,), proposed) = found["matched"], found["proposed"]
    assert (matched["invoice"], proposed) == (number, [])
    assert seller.json("status", "--receivables")["receivables"] == []
    again = seller.json("reconcile", "--rail", "stripe")
    assert (again["matched"], again["proposed"]) == ([], [])
    stripe.store.tick()
    dispute = stripe.people.charge_back(charge)
    back = seller.json("reconcile", "--rail", "stripe")
    assert [each["invoice"] for each in back["matched"]] == [number]
    (owed,) = seller.json("status", "--receivables")["receivables"]
    assert (owed["invoice"], owed["open"]) == (number, issued["payable"])
    stripe.store.tick()
    stripe.people.win(dispute)
    end = f"dispute resolve {back['disputes'][0]} --rejected"
    assert f"git bill {end}" in seller.bill("reconcile", "--rail", "stripe").stdout
    assert seller.json("reconcile", "--rail", "stripe")["won"] == back["disputes"]  # until it is ended
    seller.json(*end.split())
    assert seller.json("reconcile", "--rail", "stripe")["won"] == seller.json("dispute", "list")["disputes"] == []
    assert seller.json("ledger", "verify")["ok"]
    assert seller.json("check")["ok"]


def test_a_delivery_starts_a_pull_only_if_it_is_genuine(seller: Freelancer, stripe: StripeServer) -> None:
    """A forged one is refused before the provider is asked for anything."""
    body, signature = stripe.delivery("charge.succeeded", {"id": "ch_1"}, at=int(time.time()))
    (seller.books / "body.json").write_bytes(body)
    call = ("reconcile", "--rail", "stripe", "--delivery", "body.json", "--header")
    assert seller.json(*call, f"Stripe-Signature: {signature}", code=3)["problems"][0]["rule"] == "no-webhook"
    told = replace(seller, env={**seller.env, "GIT_BILL_STRIPE_WEBHOOK": ENDPOINT_SECRET})
    for header, code in (("Stripe-Signature: t=1,v1=00", 6), ("Other: x", 6), ("no header", 2)):
        found = told.json(*call, header, code=code)
        assert ENDPOINT_SECRET not in str(found)
    assert told.json("reconcile", "--delivery", "body.json", code=2)["problems"][0]["rule"] == "usage"
    assert stripe.requests == []
    told.draft()  # so that there are books
    assert told.json(*call, f"stripe-signature: {signature}")["ok"]
    assert stripe.requests != []
