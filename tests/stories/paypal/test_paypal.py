"""A client pays an invoice at PayPal, in another actor's hands; keys of nobody, of the other world, of git's helper."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.stories.freelancer import Freelancer
from tests.testbed.paypal_fake import CLIENT, SECRET, Account
from tests.testbed.paypal_server import serving

pytestmark = pytest.mark.slow


@pytest.fixture
def account() -> Iterator[Account]:
    account = Account(now=datetime(2026, 11, 2, 8, tzinfo=UTC))
    with serving(account):
        yield account
    assert account.wrong == []


def keys(account: Account, **other: str) -> dict[str, str]:
    known = {"GIT_BILL_PAYPAL_API": account.payer_page, "GIT_BILL_NOW": account.now.isoformat()}
    return known | {"GIT_BILL_PAYPAL_CLIENT": CLIENT, "GIT_BILL_PAYPAL_SECRET": SECRET} | other


@pytest.fixture
def wired(mira: Freelancer) -> Freelancer:
    """With PayPal's sandbox in the settings."""
    path = mira.books / "billing" / "billing.toml"
    text = path.read_text(encoding="utf-8") + '\n[paypal]\nmode = "sandbox"\nlinks = true\n'
    path.write_text(text, encoding="utf-8")
    return mira


def test_an_invoice_is_paid_by_its_link(wired: Freelancer, account: Account) -> None:
    name = str(wired.draft()["draft"])
    ran = wired.bill("issue", name, env=keys(account))
    assert ran.returncode == 0, ran.stderr
    (made,) = account.invoices.values()
    number, link = made["detail"]["invoice_number"], made["detail"]["metadata"]["recipient_view_url"]
    folder = next((wired.books / "billing" / "invoices").rglob(number))
    assert link in (folder / "invoice.toml").read_text(encoding="utf-8")
    account.pay_at(link, fee="-5.00")
    account.now += timedelta(hours=4)
    ran = wired.bill("reconcile", "--rail", "paypal", env=keys(account))
    assert ran.returncode == 0, ran.stderr
    (paid,) = (wired.books / "billing" / "payments").iterdir()
    assert {f'invoice = "{number}"', 'how = "matched"'} <= set(paid.read_text(encoding="utf-8").splitlines())
    told = wired.bill("reconcile", "--rail", "paypal", env=keys(account)).stdout
    assert number not in told, "what is known comes once"
    for place in (wired.books, wired.shop):
        assert all(SECRET not in each.read_text(errors="replace") for each in place.rglob("*") if each.is_file())


def test_without_keys_no_number_is_claimed(wired: Freelancer, account: Account) -> None:
    name = str(wired.draft()["draft"])
    ran = wired.bill("issue", name, env={"GIT_BILL_PAYPAL_API": account.payer_page})
    assert ran.returncode == 3
    assert "no keys of PayPal's here" in ran.stderr
    assert not list((wired.books / "billing").rglob("claim.toml"))
    assert account.asked == []


def test_keys_of_the_other_world_are_told(wired: Freelancer, account: Account) -> None:
    other = keys(account, GIT_BILL_PAYPAL_SECRET="Esecret-of-the-live-account")
    wired.draft()
    ran = wired.bill("reconcile", "--rail", "paypal", env=other)
    assert ran.returncode == 6
    assert 'are they of mode = "live"?' in ran.stderr
    assert "Esecret" not in ran.stderr + ran.stdout


def test_git_s_credential_helper_knows_the_keys(wired: Freelancer, account: Account) -> None:
    helper = f"!f() {{ echo username={CLIENT}; echo password={SECRET}; }}; f"
    wired.git(wired.books, "config", "credential.https://api-m.sandbox.paypal.com.helper", helper)
    wired.draft()
    ran = wired.bill("reconcile", "--rail", "paypal", env={"GIT_BILL_PAYPAL_API": account.payer_page})
    assert ran.returncode == 0, ran.stderr
    assert account.asked


def test_a_forged_delivery_starts_no_pull(wired: Freelancer, account: Account) -> None:
    (wired.books / "body.json").write_text("{}", encoding="utf-8")
    forged = "PayPal-Cert-Url: https://evil.example/v1/notifications/certs/C"
    call = ("reconcile", "--rail", "paypal", "--delivery", "body.json", "--header", forged)
    ran = wired.bill(*call, env=keys(account, GIT_BILL_PAYPAL_WEBHOOK="1JE4291016473214C"))
    assert ran.returncode == 6
    assert "its certificate is not of PayPal's sandbox API" in ran.stderr
    assert account.asked == []
