"""No mail asks an insolvent client, one in dispute or one on hold for money; to an administrator it goes."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from tests.flows.desk import CLOCK
from tests.flows.postroom import NUMBER, Postroom, postroom
from tests.flows.shelf import ACME
from tests.receivable.dispute.cases import AT, dispute, euro
from tests.repositories import commit, live_in, now

from git_bill.adapters.git.books import open_books
from git_bill.adapters.jinja import Jinja
from git_bill.adapters.tables import wording
from git_bill.flows import apply
from git_bill.flows.outbox import Office
from git_bill.flows.parcel import Stationery
from git_bill.flows.send import letter, send
from git_bill.problem import Stop
from git_bill.receivable.pause import Hold, Holds
from git_bill.shape import write


@pytest.fixture(autouse=True)
def _alone(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


def insolvent() -> dict[str, str]:
    return {"billing/clients/acme.toml": ACME.replace("schema = 1\n", "schema = 1\ninsolvent = 2026-11-01\n", 1)}


def disputed() -> dict[str, str]:
    whole = dispute(lines=(), amount=euro("226.10"), on=date(2026, 11, 1))
    return {f"billing/disputes/{whole.id}.toml": write(whole)}


def held() -> dict[str, str]:
    hold = Hold(invoice=NUMBER, on=date(2026, 11, 1), until=date(2026, 12, 31), because="ill", by="mira", at=AT)
    return {"billing/holds.toml": write(Holds(holds=(hold,)))}


CASES = ((insolvent, "insolvent since 2026-11-01"), (disputed, "is disputed: DS-"), (held, "on hold until 2026-12-31"))


@pytest.mark.parametrize(("state", "why"), CASES)
def test_what_waits_to_be_mailed_stays_and_says_why(
    tmp_path: Path, state: Callable[[], dict[str, str]], why: str
) -> None:
    room = postroom(tmp_path / "room")
    commit(room.top, state(), "state")
    (told,) = room.send()
    assert (told.state, why in told.reason) == ("failed", True)
    assert (room.mails, room.ledger) == ({}, [])


@pytest.mark.parametrize(("state", "why"), CASES)
def test_a_person_who_sends_it_is_told(tmp_path: Path, state: Callable[[], dict[str, str]], why: str) -> None:
    room = postroom(tmp_path / "room")
    commit(room.top, state(), "state")
    with pytest.raises(Stop) as refused:
        room.send(resend=NUMBER)
    (problem,) = refused.value.problems
    assert (problem.rule, why in problem.message) == ("not-asked-for", True)
    assert "--eml FILE" in problem.hint
    assert room.mails == {}


def to_another(room: Postroom) -> None:
    """A mail to an address that is not the client's."""
    books = open_books(room.top, now=now)
    stationery = Stationery(renderer=Jinja(), wording=wording())
    parcel, found = letter(books, NUMBER, stationery, address="administrator@law.example")
    mailer = room.mailer()
    office = Office(books=books, clock=CLOCK, carrier=mailer, by="mira")
    apply.run(send(books, CLOCK, office, parcel, found, again=True), apply.Actors(books=books, mailer=mailer))


def test_the_administrator_of_an_insolvent_client_gets_it(tmp_path: Path) -> None:
    room = postroom(tmp_path / "room")
    commit(room.top, insolvent(), "state")
    to_another(room)
    assert len(room.mails) == 1
    commit(room.top, held(), "and on hold")
    commit(room.top, {"billing/clients/acme.toml": ACME}, "solvent again")
    with pytest.raises(Stop):
        to_another(room)
