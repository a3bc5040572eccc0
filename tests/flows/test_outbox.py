"""What is mailed, by whom, and again when a person asks."""

from pathlib import Path

import pytest
from tests.flows.postroom import NUMBER, postroom
from tests.repositories import live_in

from git_bill.problem import Exit, Stop


@pytest.fixture(autouse=True)
def person(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


def test_what_was_not_issued_to_be_mailed_stays(tmp_path: Path) -> None:
    room = postroom(tmp_path / "room", wanted=False)
    assert room.send() == ()
    assert (room.mails, room.ledger) == ({}, [])


def test_each_resend_is_one_more_copy(tmp_path: Path) -> None:
    room = postroom(tmp_path / "room")
    room.send()
    for copies in (2, 3):
        (sent,) = room.send(resend=NUMBER)
        assert sent.state == "sent"
        assert Path(sent.ref).exists()
        assert len(room.mails) == copies
    ids = [f"<{NUMBER}.D-{NUMBER.lower()}{copy}@git-bill>" for copy in ("", ".2", ".3")]
    assert sorted(room.mails) == sorted(ids)
    assert room.ledger == [f"{kind} {copy}" for copy in (1, 2, 3) for kind in ("send-intent", "send-done")]


def test_an_invoice_that_was_not_mailed_can_be(tmp_path: Path) -> None:
    room = postroom(tmp_path / "room", wanted=False)
    assert [d.state for d in room.send(resend=NUMBER)] == ["sent"]
    assert room.ledger == ["send-intent 1", "send-done 1"]


@pytest.mark.parametrize(
    ("number", "rule", "hint"),
    [
        ("INV-2026-0023", "not-issued", f"did you mean {NUMBER}?"),
        ("CN-1", "not-issued", "see what was issued: git bill status"),
        (
            NUMBER,
            "no-address",
            f"name one: --to ap@acme.example; or send billing/invoices/2026/{NUMBER}/invoice.pdf by hand",
        ),
    ],
)
def test_what_can_not_be_mailed_is_said(tmp_path: Path, number: str, rule: str, hint: str) -> None:
    room = postroom(tmp_path / "room", to=None)
    with pytest.raises(Stop) as stopped:
        room.send(resend=number)
    assert stopped.value.exit_code == Exit.PROBLEMS
    assert [(p.rule, p.hint) for p in stopped.value.problems] == [(rule, hint)]


def test_a_role_that_may_not_mail_begins_nothing(tmp_path: Path) -> None:
    room = postroom(tmp_path / "room")
    (delivery,) = room.send(roles=("contributor",))
    assert (delivery.state, room.ledger, room.mails) == ("failed", [], {})
    assert delivery.reason.startswith("your role does not allow this: INV-")
    assert [d.state for d in room.send(roles=("owner",))] == ["sent"]


def test_a_folder_that_can_not_be_written_is_tried_again(tmp_path: Path) -> None:
    room = postroom(tmp_path / "room")
    room.outbox.write_text("in the way")
    (delivery,) = room.send()
    assert delivery.state == "failed"
    room.outbox.unlink()
    assert [d.state for d in room.send()] == ["sent"]
    assert room.ledger == ["send-intent 1", "send-done 1"]
