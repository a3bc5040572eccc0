"""Mails as files: complete, the same bytes every time, never twice."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from git_bill.adapters.maildrop import MailDrop
from git_bill.effects import Deliver, Done, Refused

MAIL = Deliver(
    key="INV-2026-0007.D-k3v9q2m7x4ab@git-bill",
    sender="mira@example.net",
    recipient="ap@acme.example",
    subject="Rechnung INV-2026-0007 für Oktober",
    body="Guten Tag,\n\nanbei die Rechnung über 1.234,50 €.\n",
    attachments={"INV-2026-0007.pdf": b"%PDF-1.7\n\x00\xff", "timesheet.csv": b"day,minutes\n"},
    at=datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
)


def test_a_mail_is_complete(tmp_path: Path) -> None:
    done = MailDrop(folder=tmp_path / "outbox").deliver(MAIL)
    assert isinstance(done, Done)
    assert not done.already
    mail = email.message_from_bytes(Path(done.ref).read_bytes(), policy=email.policy.default)
    assert mail["Message-ID"] == "<INV-2026-0007.D-k3v9q2m7x4ab@git-bill>"
    assert (mail["From"], mail["To"]) == ("mira@example.net", "ap@acme.example")
    assert mail["Subject"] == "Rechnung INV-2026-0007 für Oktober"
    assert mail["Date"].datetime == MAIL.at
    body = mail.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == MAIL.body
    parts = {
        part.get_filename(): (part.get_content_type(), part.get_payload(decode=True))
        for part in mail.iter_attachments()
    }
    assert parts == {
        "INV-2026-0007.pdf": ("application/pdf", b"%PDF-1.7\n\x00\xff"),
        "timesheet.csv": ("text/csv", b"day,minutes\n"),
    }


def test_the_same_mail_has_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name in ("a", "b"):
        done = MailDrop(folder=tmp_path / name).deliver(MAIL)
        assert isinstance(done, Done)
        written.append(Path(done.ref).read_bytes())
    assert written[0] == written[1]


def test_never_twice_by_itself(tmp_path: Path) -> None:
    drop = MailDrop(folder=tmp_path)
    assert drop.delivered(MAIL.key) is False
    first = drop.deliver(MAIL)
    assert isinstance(first, Done)
    before = Path(first.ref).stat().st_mtime_ns
    again = drop.deliver(replace(MAIL, body="another"))
    assert again == Done(ref=first.ref, already=True)
    assert Path(first.ref).stat().st_mtime_ns == before
    assert drop.delivered(MAIL.key) is True
    assert sorted(tmp_path.iterdir()) == [tmp_path / ".git-bill", Path(first.ref)]


def test_who_takes_the_file_away_has_it(tmp_path: Path) -> None:
    drop = MailDrop(folder=tmp_path)
    first = drop.deliver(MAIL)
    assert isinstance(first, Done)
    Path(first.ref).unlink()
    assert drop.delivered(MAIL.key) is True
    assert drop.deliver(MAIL) == Done(ref=first.ref, already=True)
    assert not Path(first.ref).exists()


def test_the_place_is_a_folder_of_a_machine(tmp_path: Path) -> None:
    one, other = (MailDrop(folder=tmp_path / name, machine="desk").place for name in ("a", "b"))
    assert len({one, other, MailDrop(folder=tmp_path / "a", machine="laptop").place}) == 3
    assert MailDrop(folder=tmp_path / "a", machine="desk").place == one
    assert str(tmp_path) not in one


def test_only_the_owner_reads_the_mails(tmp_path: Path) -> None:
    MailDrop(folder=tmp_path / "outbox").deliver(MAIL)
    assert (tmp_path / "outbox").stat().st_mode & 0o077 == 0


def test_two_keys_never_share_a_file(tmp_path: Path) -> None:
    drop = MailDrop(folder=tmp_path)
    for key in ("a/b@git-bill", "a-b@git-bill", "../../etc/passwd"):
        drop.deliver(replace(MAIL, key=key))
    assert len(list(tmp_path.glob("*.eml"))) == 3


def test_a_subject_can_not_add_headers(tmp_path: Path) -> None:
    done = MailDrop(folder=tmp_path).deliver(replace(MAIL, subject="October\r\nBcc: mallory@example.com"))
    assert isinstance(done, Done)
    mail = email.message_from_bytes(Path(done.ref).read_bytes(), policy=email.policy.default)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "October Bcc: mallory@example.com"


@pytest.mark.parametrize("recipient", ["", "acme", "ap@acme.example\r\nBcc: x@y.z", "a@b.c, d@e.f", "<a@b.c>"])
def test_what_is_no_address_is_refused(tmp_path: Path, recipient: str) -> None:
    refused = MailDrop(folder=tmp_path).deliver(replace(MAIL, recipient=recipient))
    assert isinstance(refused, Refused)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = MailDrop(folder=tmp_path / "file" / "outbox").deliver(MAIL)
    assert isinstance(refused, Refused)
    assert refused.remedy == "name another folder: git config bill.outbox ~/outbox"


def test_without_sender_and_date_the_sending_program_sets_them(tmp_path: Path) -> None:
    done = MailDrop(folder=tmp_path).deliver(replace(MAIL, sender=None, at=None))
    assert isinstance(done, Done)
    mail = email.message_from_bytes(Path(done.ref).read_bytes(), policy=email.policy.default)
    assert (mail["From"], mail["Date"], mail["X-Unsent"]) == (None, None, "1")
