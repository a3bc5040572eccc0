"""Law 8, for mail: killed at any step and run again, exactly one mail was dropped, and the books say so once.

The processes are real and killed with SIGKILL, on real git repositories; the ledger lines of a remote are pushed.
"""

import shutil
from pathlib import Path

import pytest
from tests.flows.postroom import NUMBER, Postroom, again, ended, postroom
from tests.repositories import live_in

MOST_STEPS = 60
FIRST = ["send-intent 1", "send-done 1"]


@pytest.fixture(autouse=True)
def person(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


def saved(room: Postroom) -> Path:
    """A copy to go back to."""
    copy = room.top.parent.with_suffix(".saved")
    shutil.copytree(room.top.parent, copy, symlinks=True)
    return copy


@pytest.mark.parametrize("remote", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["local", "remote"])
def test_killed_at_any_step_the_mail_is_dropped_once(tmp_path: Path, remote: bool) -> None:
    room = postroom(tmp_path / "room", remote=remote)
    before = saved(room)
    assert [d.state for d in room.send()] == ["sent"]
    whole = room.tree, room.mails
    assert (len(room.mails), room.ledger) == (1, FIRST)
    for step in range(1, MOST_STEPS):
        again(room, before)
        killed = room.killed_at(str(step))
        dropped = room.mails
        assert {d.state for d in room.send()} <= {"sent"}, f"killed at step {step}"
        assert (room.tree, room.mails) == whole, f"killed at step {step}"
        assert dropped.items() <= room.mails.items(), "a mail that was there is not written again"
        assert room.ledger == FIRST
        assert room.send() == ()
        if not killed:
            break
    assert 15 < step < MOST_STEPS - 1


@pytest.mark.parametrize("step", ["before:publish:*", "after:publish:*", "drop-written", "drop-marked", "after:INV*"])
def test_whoever_takes_the_mail_away_gets_no_second_one(tmp_path: Path, step: str) -> None:
    room = postroom(tmp_path / "room")
    assert room.killed_at(step)
    taken = len(room.mails)
    for mail in room.outbox.glob("*.eml"):
        mail.rename(tmp_path / mail.name)
    assert [d.state for d in room.send()] == ["sent"]
    assert taken + len(room.mails) == 1
    assert room.ledger == FIRST


@pytest.mark.slow
def test_a_resend_that_is_killed_is_finished_and_not_repeated(tmp_path: Path) -> None:
    room = postroom(tmp_path / "room")
    room.send()
    before = saved(room)
    for step in range(1, MOST_STEPS):
        again(room, before)
        killed = room.killed_at(str(step), resend=NUMBER)
        begun = "send-intent 2" in room.ledger
        room.send()
        assert len(room.mails) == (2 if begun else 1), f"killed at step {step}"
        assert room.ledger == [*FIRST, *(["send-intent 2", "send-done 2"] if begun else [])]
        if not killed:
            break
    assert 15 < step < MOST_STEPS - 1


def test_what_another_machine_began_is_not_repeated_by_itself(tmp_path: Path) -> None:
    room = postroom(tmp_path / "room", remote=True)
    other = Postroom(top=tmp_path / "laptop", outbox=tmp_path / "laptop-outbox", machine="laptop")
    shutil.copytree(room.top, other.top, symlinks=True)
    assert room.killed_at("drop-written")
    assert [d.state for d in other.send()] == ["perhaps-sent"]
    assert other.mails == {}
    assert [d.state for d in room.send()] == ["sent"]
    assert other.send() == ()
    assert (len(room.mails), room.ledger) == (1, FIRST)


def test_a_person_may_repeat_what_another_machine_began(tmp_path: Path) -> None:
    room = postroom(tmp_path / "room", remote=True)
    other = Postroom(top=tmp_path / "laptop", outbox=tmp_path / "laptop-outbox", machine="laptop")
    shutil.copytree(room.top, other.top, symlinks=True)
    assert room.killed_at("drop-written")
    assert [d.state for d in other.send(resend=NUMBER)] == ["sent"]
    assert len(other.mails) == 1
    assert room.send() == (), "the copy settles it"
    assert room.mails == {}
    assert other.ledger == ["send-intent 1", "send-intent 2", "send-done 2"]


@pytest.mark.parametrize("remote", [False, True], ids=["local", "remote"])
def test_four_at_once_send_one_mail(tmp_path: Path, remote: bool) -> None:
    room = postroom(tmp_path / "room", remote=remote)
    children = [room.start() for _ in range(4)]
    assert [ended(child) for child in children] == [0, 0, 0, 0]
    assert (len(room.mails), room.ledger) == (1, FIRST)
