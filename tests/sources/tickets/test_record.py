"""Tickets as evidence: one record for each thing that changed, and only of the clients that routes find."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from git_bill.forge import Ticket
from git_bill.sources.recorded import Recording
from git_bill.sources.tickets.issue import Issue
from git_bill.sources.tickets.record import told
from git_bill.worklog.assignment import Match, Route
from git_bill.worklog.evidence import Evidence, from_lines, newest, to_line
from git_bill.worklog.told import TICKET

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
RECORDING = Recording(
    source="jira", kind="jira", contributor="mira", zone=ZoneInfo("Europe/Berlin"), now=NOW, client="acme"
)
CART = Issue(ticket=Ticket(key="WEB-12", title="Cart", url="", state="open", labels=("b", "a")), project="WEB")


def looked(issue: Issue, known: Sequence[Evidence] = (), recording: Recording = RECORDING) -> list[Evidence]:
    found = told([issue], recording, known).evidence
    assert from_lines("".join(f"{to_line(record)}\n" for record in found), "e") == (found, ())
    return [*known, *found]


def renamed(title: str) -> Issue:
    return replace(CART, ticket=replace(CART.ticket, title=title))


def test_a_second_look_adds_nothing_and_a_title_may_come_back() -> None:
    file: list[Evidence] = []
    for hour, title in enumerate(("Cart", "Cart", "Basket", "Cart")):
        file = looked(renamed(title), file, replace(RECORDING, now=NOW + timedelta(hours=hour)))
        (last,) = newest(file, TICKET).values()
        assert last.text == title
    assert len(file) == len({record.key for record in file}) == 3


def test_what_no_route_finds_a_client_for_is_not_copied() -> None:
    routed = replace(RECORDING, client="", routes=(Route(match=Match(project="APP"), client="beta"),))
    assert looked(CART, recording=routed) == []
    assert len(looked(replace(CART, project="APP"), recording=routed)) == 1


def test_what_was_closed_before_the_source_is_billed_is_history() -> None:
    recent = replace(RECORDING, start=datetime(2026, 10, 1, tzinfo=UTC))
    old = replace(CART, changed=datetime(2026, 9, 1, tzinfo=UTC))
    assert len(looked(old, recording=recent)) == 1
    assert looked(replace(old, ticket=replace(old.ticket, state="closed")), recording=recent) == []


def test_hostile_and_endless_texts_are_short_data() -> None:
    title = '"]]\n::set-output' + "x" * 10_000
    labels = tuple(f"{n}{'y' * 1000}" for n in range(500))
    (record,) = looked(replace(CART, ticket=replace(CART.ticket, title=title, labels=labels)))
    assert (len(record.text), len(record.labels), max(map(len, record.labels))) == (200, 50, 200)
    assert record.at.date() == date(2026, 11, 2)
