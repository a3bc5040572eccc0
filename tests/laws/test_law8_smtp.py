"""Law 8, for SMTP, which can't be asked: killed at any step, the client has one mail at most, and nobody sends another.

The processes are real and killed with SIGKILL; the mail server is real, too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.flows.postroom import NUMBER, Postroom, again, postroom
from tests.laws.test_law8_outbox import MOST_STEPS, saved
from tests.mailserver import PASSWORD, USER, Mailbox, certificate, mailserver
from tests.repositories import live_in

from git_bill.adapters.smtp import Smtp
from git_bill.post import Mailer

pytestmark = pytest.mark.slow

ASKED = "perhaps-sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpRoom(Postroom):
    """A post room that hands its mails to a server."""

    port: int

    def mailer(self, between: Callable[[str], None] = lambda step: None) -> Mailer:
        return Smtp(
            server="localhost",
            port=self.port,
            security="starttls",
            user=USER,
            password=lambda: PASSWORD,
            sender="mira@example.net",
            between=between,
        )


@pytest.fixture(autouse=True)
def person(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate()[0]))


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailserver() as found:
        yield found


@pytest.fixture
def room(tmp_path: Path, box: Mailbox) -> SmtpRoom:
    made = postroom(tmp_path / "room")
    return SmtpRoom(top=made.top, outbox=made.outbox, port=box.port)


def test_killed_at_any_step_nothing_is_sent_twice(room: SmtpRoom, box: Mailbox) -> None:
    before = saved(room)
    for step in range(1, MOST_STEPS):
        again(room, before)
        box.raw.clear()
        killed = room.killed_at(str(step))
        left = len(box.raw)
        states = [d.state for d in room.send()]
        begun = "send-intent 1" in room.ledger
        assert len(box.raw) <= 1, f"killed at step {step}"
        if left and "send-done 1" not in room.ledger:
            assert states == [ASKED], f"killed at step {step}"
        assert not left or begun
        room.send()
        assert len(box.raw) <= 1
        if not killed:
            break
    assert 10 < step < MOST_STEPS - 1
    assert (len(box.raw), room.ledger) == (1, ["send-intent 1", "send-done 1"])


@pytest.mark.parametrize("step", ["mail-written", "mail-taken", "after:INV*"])
def test_between_the_mail_and_the_word_only_a_person_repeats(room: SmtpRoom, box: Mailbox, step: str) -> None:
    assert room.killed_at(step)
    taken = len(box.raw)
    assert taken == (0 if step == "mail-written" else 1)
    assert [d.state for d in room.send()] == [ASKED]
    assert len(box.raw) == taken
    assert [d.state for d in room.send(resend=NUMBER)] == ["sent"]
    assert len(box.raw) == taken + 1
    copy = box.mails[-1]
    assert copy["Message-ID"] == f"<{NUMBER}.D-{NUMBER.lower()}.2@git-bill>"
    assert copy["Subject"].startswith("Copy: ") or copy["Subject"].startswith("Kopie: ")


def test_what_is_put_off_goes_with_the_same_id(room: SmtpRoom, box: Mailbox) -> None:
    box.later = 2
    for _ in range(2):
        (delivery,) = room.send()
        assert (delivery.state, "greylisted" in delivery.reason) == ("failed", True)
    assert [d.state for d in room.send()] == ["sent"]
    assert room.send() == ()
    assert [mail["Message-ID"] for mail in box.mails] == [f"<{NUMBER}.D-{NUMBER.lower()}@git-bill>"]
    assert room.ledger == ["send-intent 1", "send-deferred 1"] * 2 + ["send-intent 1", "send-done 1"]


def test_a_refusal_is_recorded_and_not_repeated(room: SmtpRoom, box: Mailbox) -> None:
    box.refused = frozenset({"ap@acme.example"})
    assert [d.state for d in room.send()] == ["refused"]
    assert room.ledger == ["send-intent 1", "send-refused 1"]
    assert room.send() == ()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_dropped_connection_is_asked_about(room: SmtpRoom, box: Mailbox, moment: str) -> None:
    box.hangs_up = moment
    assert [d.state for d in room.send()] == [ASKED]
    box.hangs_up = ""
    taken = len(box.raw)
    assert [d.state for d in room.send()] == [ASKED]
    assert len(box.raw) == taken


def test_a_server_that_is_away_is_tried_again(room: SmtpRoom, box: Mailbox) -> None:
    away = replace(room, port=1)
    assert [d.state for d in away.send()] == ["failed"]
    assert [d.state for d in room.send()] == ["sent"]
    assert len(box.raw) == 1


def test_a_role_that_may_not_mail_begins_nothing(room: SmtpRoom, box: Mailbox) -> None:
    (delivery,) = room.send(roles=("contributor",))
    assert (delivery.state, room.ledger, box.raw) == ("failed", [], [])
