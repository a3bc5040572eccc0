"""How a document left the house, read from the ledger's lines."""

from datetime import UTC, date, datetime

from git_bill.custody.dispatch import Dispatch, dispatches
from git_bill.custody.ledger import Record

NUMBER = "INV-2026-0032"


def dispatch(*lines: tuple[str, dict[str, object]]) -> Dispatch:
    told = [("issue", {"mail": True, "files": {"invoice.pdf": "ab"}}), *lines]
    records = [
        Record(
            at=datetime(2026, 11, 2, 9, n, tzinfo=UTC),
            kind=kind,
            by="mira",
            facts={"number": NUMBER, **facts},
            prev="",
            hash="",
            file="",
            line=n,
        )
        for n, (kind, facts) in enumerate(told)
    ]
    return dispatches(records)[NUMBER]


def test_an_intent_alone_perhaps_arrived() -> None:
    found = dispatch(("send-intent", {"copy": 1, "place": "p"}))
    assert found.newest is not None
    assert (found.newest.state, found.delivered, found.perhaps, found.next_copy) == ("open", None, True, 2)


def test_what_bounced_did_not_arrive_and_an_earlier_way_did() -> None:
    by_post = ("sent", {"copy": 1, "via": "post", "on": "2026-11-01"})
    found = dispatch(
        by_post,
        ("send-intent", {"copy": 2, "place": "p"}),
        ("send-done", {"copy": 2}),
        ("send-bounced", {"copy": 2, "because": "5.1.1"}),
    )
    assert found.delivered is not None
    assert (found.delivered.via, found.delivered.on) == ("post", date(2026, 11, 1))
    assert found.newest is not None
    assert (found.newest.state, found.newest.because) == ("bounced", "5.1.1")


def test_a_copy_that_was_put_off_is_begun_anew() -> None:
    put_off = [("send-intent", {"copy": 1, "place": "p"}), ("send-deferred", {"copy": 1, "because": "450"})]
    found = dispatch(*put_off)
    assert found.newest is not None
    assert (found.newest.state, found.perhaps) == ("deferred", False)
    again = dispatch(*put_off, put_off[0], ("send-done", {"copy": 1}))
    assert [each.state for each in again.attempts] == ["done"]


def test_a_person_ends_what_was_unsure() -> None:
    found = dispatch(("send-intent", {"copy": 1, "place": "p"}), ("sent", {"copy": 1, "via": "mail", "on": "x"}))
    assert found.delivered is not None
    assert (found.delivered.copy, found.delivered.on) == (1, date(2026, 11, 2))
