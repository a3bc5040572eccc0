"""Files that go with an invoice: approved with the draft, frozen with the document."""

import json

import pytest
from tests.stories.freelancer import Freelancer

pytestmark = pytest.mark.slow


def test_a_receipt_goes_with_the_invoice(mira: Freelancer) -> None:
    client = mira.books / "billing/clients/acme.toml"
    text = client.read_text(encoding="utf-8")
    client.write_text(text.replace("[client]\n", '[client]\nformats = ["facturx", "ubl"]\n'), encoding="utf-8")
    name = mira.draft()["draft"]
    receipt = mira.folder / "hotel.pdf"
    receipt.write_bytes(b"%PDF-1.4 a receipt")
    kept = mira.json("attach", name, str(receipt), "--as", "receipt")
    assert mira.json("attach", name, str(receipt), "--as", "receipt") == kept
    assert "hotel.pdf" in mira.json("show", name)["review"]
    assert mira.json("draft", "--period", "2026-10")["drafts"][0]["state"] == "unchanged"
    issued = mira.json("issue", name)
    folder = mira.books / issued["directory"]
    (there,) = folder.glob("attached-*")
    assert there.read_bytes() == receipt.read_bytes()
    assert b"hotel.pdf" in (folder / "invoice.xml").read_bytes()
    assert json.loads((folder / "validation.json").read_text(encoding="utf-8"))["formats"].keys() == {"facturx", "ubl"}
    assert mira.json("ledger", "verify")["ok"]
    assert mira.json("attach", name, str(receipt), code=1)["problems"][0]["rule"] in {"no-draft", "approved-already"}


def test_a_file_that_was_changed_is_told_before_anybody_approves(mira: Freelancer) -> None:
    name = mira.draft()["draft"]
    receipt = mira.folder / "hotel.pdf"
    receipt.write_bytes(b"%PDF-1.4 a receipt")
    kept = mira.books / mira.json("attach", name, str(receipt), "--as", "receipt")["file"]
    kept.write_bytes(b"%PDF-1.4 another one")
    mira.git(mira.books, "commit", "-qam", "Change the receipt")
    for words in (["check"], ["issue", name]):
        [wrong] = [each for each in mira.json(*words, code=1)["problems"] if each["rule"] == "attachment-differs"]
        assert wrong["file"] == f"billing/drafts/{name}.toml"
        assert wrong["line"]
        assert "was changed since" in wrong["message"]


def test_an_approval_says_whose(mira: Freelancer) -> None:
    name = mira.draft()["draft"]
    mail = mira.folder / "mail.eml"
    mail.write_text("yes\n", encoding="utf-8")
    wrong = mira.json("attach", name, str(mail), "--as", "approval", code=2)["problems"][0]
    assert "--by" in wrong["hint"]


def test_a_link_is_not_followed_to_what_it_leads_to(mira: Freelancer) -> None:
    name = mira.draft()["draft"]
    secret = mira.folder / "id_ed25519"
    secret.write_text("secret\n", encoding="utf-8")
    link = mira.folder / "hotel.pdf"
    link.symlink_to(secret)
    wrong = mira.json("attach", name, str(link), "--as", "receipt", code=2)["problems"][0]
    assert wrong["rule"] == "no-attachment"
    assert "link" in wrong["message"]
