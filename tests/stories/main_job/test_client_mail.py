"""A client who reviews drafts by mail: nothing is issued before the answer to a mail with a DRAFT is recorded."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.stories.freelancer import Freelancer

REPLY = b"From: Anna Schmidt <anna@acme.example>\r\nSubject: Re: draft\r\n\r\napproved\r\n"


def test_the_clients_answer_is_kept_and_lets_the_invoice_out(mira: Freelancer, tmp_path: Path) -> None:
    client = mira.books / "billing" / "clients" / "acme.toml"
    reviewing = '[client]\nreview = "mail"\nemail = "ap@acme.example"\n'
    client.write_text(client.read_text(encoding="utf-8").replace("[client]\n", reviewing), encoding="utf-8")
    mira.git(mira.books, "config", "bill.outbox", str(tmp_path / "outbox"))
    name = str(mira.draft()["draft"])

    (dropped,) = (tmp_path / "outbox").glob("*.eml")
    mail = message_from_bytes(dropped.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    (pdf,) = mail.iter_attachments()
    assert pdf.get_filename() == f"{name}-DRAFT.pdf"
    assert pdf.get_content().startswith(b"%PDF-")

    found = mira.json("issue", name, code=7)
    assert {p["rule"] for p in found["problems"] if p["severity"] == "error"} == {"client-approval-missing"}
    mira.json("approve", name, "--by", "Anna Schmidt", code=2)
    endless = mira.json("approve", name, "--by", "Anna Schmidt", "--attach", "/dev/zero", code=2)
    assert [p["rule"] for p in endless["problems"]] == ["no-attachment"]
    reply = tmp_path / "reply.eml"
    reply.write_bytes(REPLY)
    said = mira.json("approve", name, "--by", "Anna Schmidt", "--attach", str(reply))
    assert (said["client"], said["attachment"]) == ("Anna Schmidt", "client-reply.eml")
    (kept,) = (mira.books / "billing" / "signoffs").rglob("client-reply.eml")
    assert kept.read_bytes() == REPLY
    assert mira.git(mira.books, "status", "--porcelain") == ""
    assert mira.json("answer")["answered"] == []  # on no forge nobody comments
    assert mira.json("issue")["number"] == "INV-2026-0001"
    assert mira.bill("ledger", "verify").returncode == 0
    assert mira.git(mira.books, "status", "--porcelain") == ""
