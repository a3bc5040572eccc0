"""Mail over real SMTP: what a server says before, at and after the end of a mail, and what that means for it."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.adapters.test_maildrop import MAIL
from tests.mailserver import PASSWORD, USER, Mailbox, certificate, mailserver

from git_bill.adapters.smtp import Smtp
from git_bill.effects import Done, Refused, Unsure


@pytest.fixture(autouse=True)
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate()[0]))


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailserver() as found:
        yield found


def mailer(box: Mailbox, password: str | None = PASSWORD) -> Smtp:
    return Smtp(server="localhost", port=box.port, security="starttls", user=USER, password=lambda: password)


def refusal(outcome: object) -> Refused:
    assert isinstance(outcome, Refused), outcome
    return outcome


def test_a_mail_arrives_whole(box: Mailbox) -> None:
    body = "Guten Tag,\n\n.\n..zwei Punkte\n"
    assert mailer(box).deliver(replace(MAIL, body=body, cc=("pm@acme.example",))) == Done(ref=MAIL.key)
    (mail,) = box.mails
    assert (mail["Message-ID"], mail["To"], mail["Cc"]) == (f"<{MAIL.key}>", "ap@acme.example", "pm@acme.example")
    text = mail.get_body()
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == body
    assert next(mail.iter_attachments()).get_content() == MAIL.attachments["INV-2026-0007.pdf"]
    assert box.to == [["ap@acme.example", "pm@acme.example"]]
    assert max(map(len, box.raw[0].split(b"\r\n"))) <= 998
    assert box.raw[0].isascii()


def test_tls_from_the_first_byte() -> None:
    with mailserver(tls="tls") as box:
        assert replace(mailer(box), security="tls").deliver(MAIL) == Done(ref=MAIL.key)


def test_nothing_goes_in_clear() -> None:
    with mailserver(tls="none") as box:
        refused = refusal(mailer(box).deliver(MAIL))
    assert (refused.reason, refused.lasting, box.raw) == ("localhost offers no STARTTLS", False, [])


def test_a_certificate_that_nobody_vouches_for(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    refused = refusal(mailer(box).check())
    assert refused.reason.startswith(f"the certificate of localhost:{box.port} is not good: self")


@pytest.mark.parametrize("password", [None, "wrong", "größer"])
def test_who_is_not_let_in_is_told_how(box: Mailbox, password: str | None) -> None:
    refused = refusal(mailer(box, password).deliver(MAIL))
    assert not refused.lasting
    assert USER in refused.reason
    assert box.raw == []
    if password is None:
        assert "GIT_BILL_SMTP_PASSWORD" in refused.remedy
    assert password is None or password not in refused.reason + refused.remedy
    assert "password" not in repr(mailer(box, "s3cret")).replace("password=<function", "")


def test_greylisting_is_for_now(box: Mailbox) -> None:
    box.later = 1
    refused = refusal(mailer(box).deliver(MAIL))
    assert (refused.lasting, refused.code) == (False, "450")
    assert "greylisted, come back in five minutes" in refused.reason
    assert mailer(box).deliver(MAIL) == Done(ref=MAIL.key)
    assert len(box.raw) == 1


def test_no_such_user_is_for_good(box: Mailbox) -> None:
    box.refused = frozenset({"ap@acme.example"})
    refused = refusal(mailer(box).deliver(replace(MAIL, cc=("pm@acme.example",))))
    assert (refused.lasting, refused.code, box.raw) == (True, "550", [])


def test_a_refused_copy_does_not_hold_up_the_mail(box: Mailbox) -> None:
    box.refused = frozenset({"pm@acme.example"})
    done = mailer(box).deliver(replace(MAIL, cc=("pm@acme.example", "it@acme.example")))
    assert isinstance(done, Done)
    assert done.without == ("no copy to pm@acme.example: 550 5.1.1 <pm@acme.example>: no such user here",)
    assert box.to == [["ap@acme.example", "it@acme.example"]]


@pytest.mark.parametrize(("reply", "lasting"), [("554 5.7.1 spam", True), ("451 4.3.0 disk full", False)])
def test_what_is_said_of_the_whole_mail(box: Mailbox, reply: str, lasting: bool) -> None:
    box.reply = reply
    refused = refusal(mailer(box).deliver(MAIL))
    assert (refused.lasting, refused.code) == (lasting, reply[:3])


@pytest.mark.parametrize("moment", ["before", "after"])
def test_who_hangs_up_at_the_end_may_have_it(box: Mailbox, moment: str) -> None:
    box.hangs_up = moment
    outcome = mailer(box).deliver(MAIL)
    assert isinstance(outcome, Unsure)
    assert outcome.reason.startswith("the connection ended after the mail and before the server's word")


def test_who_hangs_up_earlier_has_nothing() -> None:
    """It says hello, and goes at the first command after DATA's answer."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        talk, _ = listening.accept()
        with talk, talk.makefile("rb") as heard:
            talk.sendall(b"220 hello\r\n")
            for line in heard:
                if line.upper().startswith(b"RCPT"):
                    return
                talk.sendall(b"250 ok\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    drop = Smtp(server="127.0.0.1", port=listening.getsockname()[1], security="none")
    refused = refusal(drop.deliver(MAIL))
    thread.join()
    listening.close()
    assert (refused.lasting, "can't be reached" in refused.reason) == (False, True)


def test_nobody_there(box: Mailbox) -> None:
    refused = refusal(replace(mailer(box), port=1).deliver(MAIL))
    assert (refused.lasting, refused.remedy) == (False, "check server, port and security in [mail]")


def test_names_and_domains_beyond_ascii(box: Mailbox) -> None:
    for recipient, envelope in (("ap@müller.example", "ap@xn--mller-kva.example"), ("jörg@müller.example", None)):
        assert mailer(box).deliver(replace(MAIL, recipient=recipient)) == Done(ref=MAIL.key)
        assert box.to[-1] == [envelope or "jörg@xn--mller-kva.example"]


def test_a_server_without_smtputf8_gets_no_such_name() -> None:
    class Plain(Mailbox):
        async def handle_EHLO(self, server, session, envelope, hostname, responses):  # type: ignore[no-untyped-def]  # noqa: N802
            session.host_name = hostname
            return [line for line in responses if "SMTPUTF8" not in line]

    with mailserver(Plain()) as box:
        refused = refusal(mailer(box).deliver(replace(MAIL, recipient="jörg@acme.example")))
    assert (refused.lasting, refused.code, box.raw) == (True, "address", [])


def test_what_is_too_large_is_not_begun() -> None:
    large = replace(MAIL, attachments={"a.pdf": b"\0" * 20_000_000})
    with mailserver(size=1_000_000) as box:
        assert refusal(mailer(box).deliver(large)).code == "size"
        told = refusal(mailer(box).deliver(replace(MAIL, attachments={"a.pdf": b"\0" * 1_000_000})))
        assert (told.code, told.lasting, box.raw) == ("size", True, [])
        assert "the server takes mails of 976 KB" in told.reason


def test_hostile_names_stay_in_their_place(box: Mailbox) -> None:
    hostile = replace(
        MAIL,
        sender_name='Mira"\r\nBcc: x@evil.example <a@b>',
        subject="October\r\nBcc: y@evil.example\u2028Z: z",
        attachments={'a"\r\nX-Evil: 1.pdf': b"%PDF"},
    )
    assert mailer(box).deliver(hostile) == Done(ref=MAIL.key)
    (mail,) = box.mails
    assert (mail["Bcc"], mail["X-Evil"], mail["Z"], box.to) == (None, None, None, [["ap@acme.example"]])
    assert mail["From"].addresses[0].addr_spec == "mira@example.net"


def test_the_place_says_nothing_of_the_account(tmp_path: Path) -> None:
    one = Smtp(server="a.example", port=587, security="starttls", user=USER)
    assert one.place != replace(one, port=465).place
    assert len(one.place) == 12
