"""An invoice leaves the house: over a real mail server, by a network's folder, by hand; and comes back once."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.mailserver import PASSWORD, USER, Mailbox, certificate, mailserver
from tests.stories.freelancer import Freelancer

from git_bill.adapters.pdf import text

pytestmark = pytest.mark.slow

TO = "ap@acme.example"
ISSUER = """[issuer]
electronic_address = "9930:DE136695976"
contact = "Mira Kovac"
phone = "+49 30 1234567"
"""
BOUNCE = """From: MAILER-DAEMON@example.net
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ap@acme.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

Message-ID: {key}
Subject: Invoice

--b--
"""


def change(mira: Freelancer, file: str, old: str, new: str) -> None:
    path = mira.books / "billing" / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailserver() as found:
        yield found


@pytest.fixture
def wired(mira: Freelancer, box: Mailbox) -> Freelancer:
    """With a mail server, and the client's addresses."""
    lines = f'\n[mail]\nserver = "localhost"\nport = {box.port}\nuser = "{USER}"\nsecurity = "starttls"\n'
    path = mira.books / "billing" / "billing.toml"
    path.write_text(path.read_text(encoding="utf-8") + lines + 'signature = "Lindenweg 4"\n', encoding="utf-8")
    mail = f'formats = ["pdf", "peppol"]\nbuyer_reference = "B-1"\n\n[client.mail]\ninvoices = "{TO}"\n'
    head = '[client]\nelectronic_address = "9930:DE129274202"\n'
    change(mira, "clients/acme.toml", "[client]\n", head)
    change(mira, "clients/acme.toml", "[[contracts]]", f'{mail}cc = ["pm@acme.example"]\n\n[[contracts]]')
    change(mira, "billing.toml", "[issuer]\n", ISSUER)
    secret = {"GIT_BILL_SMTP_PASSWORD": PASSWORD, "SSL_CERT_FILE": str(certificate()[0])}
    return replace(mira, env={**mira.env, **secret})


def issued(mira: Freelancer) -> str:
    found = mira.json("issue", str(mira.draft()["draft"]))
    assert found["delivered"] == []
    return str(found["number"])


def step(mira: Freelancer) -> str:
    return str(mira.json("status")["next"]["command"])


def test_a_mail_with_everything_the_client_wants(wired: Freelancer, box: Mailbox) -> None:
    number = issued(wired)
    assert step(wired) == f"git bill send {number}"
    sent = wired.json("send", number)
    assert (sent["state"], sent["to"]) == ("sent", TO)
    (mail,) = box.mails
    assert box.to == [[TO, "pm@acme.example"]]
    assert number in mail["Subject"]
    assert mail["From"].addresses[0].display_name == "Mira Kovac Software"
    body = mail.get_body()
    assert body is not None
    assert "Lindenweg 4" in body.get_content()
    shown = wired.json("show", number)
    assert shown["ledger_head"] in body.get_content()
    parts = {str(part.get_filename()): part.get_payload(decode=True) for part in mail.iter_attachments()}
    assert list(parts) == [f"{number}.pdf", f"{number}.xml"]
    pdf = parts[f"{number}.pdf"]
    assert isinstance(pdf, bytes)
    assert number in text(pdf)
    assert [each["state"] for each in shown["sent"]] == ["done"]
    assert not step(wired).startswith("git bill send")

    again = wired.json("send", number, code=1)
    assert [p["rule"] for p in again["problems"]] == ["sent-already"]
    wired.json("send", number, "--again")
    assert box.mails[1]["Subject"].startswith("Copy: ")
    assert wired.json("ledger", "verify")["ok"]
    assert PASSWORD not in (wired.books / "billing/billing.toml").read_text(encoding="utf-8")


def test_issue_mails_where_the_settings_say_so(wired: Freelancer, box: Mailbox) -> None:
    change(wired, "billing.toml", "[mail]\n", "[mail]\non_issue = true\n")
    name = str(wired.draft()["draft"])
    box.later = 1
    first = wired.json("issue", name, code=6)
    assert [each["state"] for each in first["delivered"]] == ["failed"]
    assert box.raw == []
    assert [each["state"] for each in wired.json("issue")["delivered"]] == ["sent"]
    assert len(box.raw) == 1


def test_a_mail_that_comes_back_goes_elsewhere(wired: Freelancer, box: Mailbox) -> None:
    number = issued(wired)
    wired.json("send", number)
    key = box.mails[0]["Message-ID"]
    late = wired.folder / "late.eml"
    late.write_text(BOUNCE.format(key=key, action="delayed"), encoding="utf-8")
    assert "may still arrive" in wired.json("sent", "--bounced", "--eml", str(late), code=1)["problems"][0]["message"]
    back = wired.folder / "back.eml"
    back.write_text(BOUNCE.format(key=key, action="failed"), encoding="utf-8")
    told = wired.json("sent", "--bounced", "--eml", str(back))
    assert (told["number"], told["bounced"]) == (number, "5.1.1 there is no such address")
    assert wired.json("sent", "--bounced", "--eml", str(back))["new"] is False
    assert step(wired) == f"git bill send {number} --to ADDRESS"
    assert [p["rule"] for p in wired.json("send", number, code=1)["problems"]] == ["bounced"]
    assert wired.json("send", number, "--to", "new@acme.example")["state"] == "sent"
    assert box.to[-1] == ["new@acme.example"]
    assert not box.mails[-1]["Subject"].startswith("Copy")
    ledger = (wired.books / "billing" / "ledger" / "2026.jsonl").read_text(encoding="utf-8")
    assert "acme.example" not in wired.git(wired.books, "show", "main:billing/ledger/2026.jsonl") + ledger


def test_the_address_is_the_one_that_was_approved(wired: Freelancer, box: Mailbox) -> None:
    number = issued(wired)
    change(wired, "clients/acme.toml", f'invoices = "{TO}"', 'invoices = "thief@evil.example"')
    found = wired.json("send", number)
    assert [p["rule"] for p in found["problems"]] == ["address-changed"]
    assert box.to == [[TO, "pm@acme.example"]]


def test_a_wrong_password_is_told_and_leaves_nothing(wired: Freelancer, box: Mailbox) -> None:
    number = issued(wired)
    wrong = replace(wired, env={**wired.env, "GIT_BILL_SMTP_PASSWORD": "wrong-s3cret"})
    ran = wrong.bill("send", number)
    assert ran.returncode == 6
    assert "does not let" in ran.stderr
    assert "wrong-s3cret" not in ran.stdout + ran.stderr
    assert "no-mail" in wrong.bill("doctor").stderr
    assert f"localhost:{box.port} takes mail" in wired.bill("doctor").stdout
    assert wired.json("send", number)["state"] == "sent"


def test_a_password_that_git_knows(wired: Freelancer, box: Mailbox) -> None:
    helper = f"!f() {{ echo username={USER}; echo password='{PASSWORD}'; }}; f"
    wired.git(wired.books, "config", "credential.helper", helper)
    number = issued(wired)
    plain = replace(wired, env={key: value for key, value in wired.env.items() if "PASSWORD" not in key})
    assert plain.json("send", number)["state"] == "sent"


def test_the_own_mail_program(wired: Freelancer, box: Mailbox) -> None:
    number = issued(wired)
    file = wired.folder / "mail.eml"
    wired.json("send", number, "--eml", str(file))
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert (mail["X-Unsent"], mail["To"], box.raw) == ("1", TO, [])
    assert step(wired) == f"git bill send {number}"
    wired.json("sent", number, "--via", "mail")
    assert not step(wired).startswith("git bill sen")


def test_what_a_person_delivered(wired: Freelancer) -> None:
    number = issued(wired)
    day = wired.json("show", number)["issue_date"]
    told = wired.json("sent", number, "--via", "portal", "--on", day, "--ref", "4711")
    assert (told["new"], wired.json("sent", number, "--via", "portal", "--on", day, "--ref", "4711")["new"]) == (
        True,
        False,
    )
    assert f"by portal {day}, 4711" in wired.bill("status").stdout
    assert f"by portal {day}, 4711" in wired.bill("show", number).stdout
    assert [p["rule"] for p in wired.json("send", number, code=1)["problems"]] == ["sent-already"]
    wired.json("sent", number, "--via", "post", "--on", "2020-01-01", code=2)
    wired.json("sent", number, "--via", "post", "--on", "2999-01-01", code=2)
    wired.json("sent", number, "--bounced", "--because", "closed", code=1)


def test_a_network_that_is_a_folder(wired: Freelancer) -> None:
    number = issued(wired)
    out = wired.folder / "out"
    found = wired.json("send", number, "--via", "peppol", "--drop", str(out))
    assert found["state"] == "sent"
    (file,) = out.glob("*.xml")
    folder = next((wired.books / "billing/invoices").glob(f"*/{number}"))
    assert (file.name, file.read_bytes()) == (f"{number}.xml", (folder / "invoice.xml").read_bytes())
    file.unlink()
    again = wired.json("send", number, "--via", "peppol", "--drop", str(out), code=1)
    assert [p["rule"] for p in again["problems"]] == ["sent-already"]
    assert list(out.glob("*.xml")) == []
    for network, rule in (("ksef", "no-such-form"), ("sdi", "no-such-form")):
        told = wired.json("send", number, "--via", network, code=1)["problems"][0]
        assert (told["rule"], "form of its own" in told["message"]) == (rule, True)
    assert wired.json("send", number, "--via", "pepol", code=2)["problems"][0]["rule"] == "no-such-network"


@pytest.mark.parametrize(
    ("script", "state", "code"),
    [
        ("cp {file} taken.xml; echo 'AS4-77 \x1b[31m'", "sent", 0),
        ("exit 75", "failed", 6),
        ("echo no such participant; exit 1", "refused", 6),
        ("kill -9 $$", "perhaps-sent", 6),
    ],
)
def test_a_network_that_is_a_program(wired: Freelancer, script: str, state: str, code: int) -> None:
    number = issued(wired)
    program = wired.folder / "as4"
    program.write_text("#!/bin/sh\n" + script.replace("{file}", '"$1"') + "\n", encoding="utf-8")
    program.chmod(0o755)
    wired.git(wired.books, "config", "bill.network.peppol", f"{program} {{file}}")
    found = wired.json("send", number, "--via", "peppol", code=code)
    assert found["state"] == state
    if state == "sent":
        assert wired.json("show", number)["sent"][0]["ref"].startswith("AS4-77")
        assert "\x1b" not in wired.bill("status").stdout
        assert "AS4-77" in wired.bill("status").stdout
    if state == "perhaps-sent":
        assert wired.json("send", number, "--via", "peppol", code=6)["state"] == "perhaps-sent"


def test_no_program_is_run_that_the_books_name(wired: Freelancer) -> None:
    number = issued(wired)
    assert wired.json("send", number, "--via", "peppol", code=2)["problems"][0]["rule"] == "no-network"


def test_what_is_never_sent(wired: Freelancer, box: Mailbox, tmp_path: Path) -> None:
    name = str(wired.draft()["draft"])
    assert wired.json("send", name, code=1)["problems"][0]["rule"] == "draft-is-no-invoice"
    number = str(wired.json("issue", name)["number"])
    assert wired.json("send", number, "--to", "x@y.z, other@evil.example", code=2)["problems"][0]["rule"] == "usage"
    pdf = next((wired.books / "billing/invoices").glob(f"*/{number}/invoice.pdf"))
    pdf.write_bytes(pdf.read_bytes() + b"%")
    wired.git(wired.books, "commit", "-q", "-am", "Another total")
    assert wired.json("send", number, code=1)["problems"][0]["rule"] == "frozen-file-tampered"
    assert box.raw == []
