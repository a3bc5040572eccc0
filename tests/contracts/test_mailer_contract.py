"""Every mailer keeps the port's promises: files, a real server, the twin in memory."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.adapters.test_maildrop import MAIL
from tests.mailserver import PASSWORD, USER, certificate, mailserver
from tests.twins.mailer import MemoryMailer

from git_bill.adapters.maildrop import MailDrop
from git_bill.adapters.smtp import Smtp
from git_bill.effects import Done, Refused
from git_bill.post import Mailer


@pytest.fixture(params=["drop", "smtp", "memory"])
def mailer(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailer]:
    if request.param == "drop":
        yield MailDrop(folder=tmp_path / "outbox")
    elif request.param == "memory":
        yield MemoryMailer()
    else:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate()[0]))
        with mailserver() as box:
            yield Smtp(server="localhost", port=box.port, security="starttls", user=USER, password=lambda: PASSWORD)


def test_a_mail_leaves_and_may_be_known_afterwards(mailer: Mailer) -> None:
    assert mailer.delivered(MAIL.key) in {False, None}
    assert isinstance(mailer.deliver(MAIL), Done)
    assert mailer.delivered(MAIL.key) in {True, None}
    assert mailer.delivered("another@git-bill") in {False, None}


def test_one_that_can_tell_sends_nothing_twice(mailer: Mailer) -> None:
    mailer.deliver(MAIL)
    if mailer.delivered(MAIL.key) is not None:
        again = mailer.deliver(replace(MAIL, body="another"))
        assert isinstance(again, Done)
        assert again.already


@pytest.mark.parametrize("recipient", ["", "acme", "ap@acme.example\r\nBcc: x@y.z", "a@b.c, d@e.f"])
def test_what_is_no_address_is_refused_for_good(mailer: Mailer, recipient: str) -> None:
    refused = mailer.deliver(replace(MAIL, recipient=recipient))
    assert isinstance(refused, Refused)
    assert (refused.lasting, refused.code) == (True, "address")
    assert mailer.delivered(MAIL.key) in {False, None}


def test_it_has_a_place_and_says_whether_it_is_ready(mailer: Mailer) -> None:
    assert mailer.place == mailer.place != ""
    assert isinstance(mailer.check(), Done)
