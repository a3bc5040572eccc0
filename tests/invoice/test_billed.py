"""What issued invoices settle, and what they leave open."""

from dataclasses import replace
from typing import TYPE_CHECKING

from git_bill.invoice.billed import pinned, settled, unbilled
from git_bill.invoice.draft import NotBilled

if TYPE_CHECKING:
    from tests.invoice.conftest import World


def test_an_entry_on_an_invoice_is_settled_whole_whatever_was_charged(world: "World") -> None:
    work = world.entry("W-a", 60)
    basis = world.basis(work)
    invoice = world.issue(world.draft(basis), basis)
    grown = replace(work, entry=replace(work.entry, minutes=90))
    assert settled([invoice]).by == {"W-a": "INV-2026-0032"}
    assert unbilled([grown, world.entry("W-b", 30)], [invoice]) == ((world.entry("W-b", 30), 30),)


def test_what_an_invoice_carries_stays_open_and_what_it_waives_does_not(world: "World") -> None:
    work = [world.entry("W-a", 60), world.entry("W-b", 60, 6), world.entry("W-c", 60, 7)]
    basis = world.basis(*work)
    draft = world.draft(basis)
    (line,) = draft.lines
    draft = replace(
        draft,
        lines=(replace(line, entries={"W-a": 20}),),
        not_billed={
            "W-a": NotBilled(minutes=40, because="cap"),
            "W-b": NotBilled(minutes=60, because="cap"),
            "W-c": NotBilled(minutes=60, because="goodwill", then="waive"),
        },
    )
    invoice = world.issue(draft, basis)
    assert {item.id: minutes for item, minutes in unbilled(work, [invoice])} == {"W-a": 40, "W-b": 60}
    assert settled([invoice]).by == {"W-c": "INV-2026-0032"}


def test_a_later_invoice_settles_what_an_earlier_one_carried(world: "World") -> None:
    work = world.entry("W-a", 60)
    basis = world.basis(work)
    draft = world.draft(basis)
    part = replace(draft.lines[0], entries={"W-a": 20})
    first = world.issue(replace(draft, lines=(part,), not_billed={"W-a": NotBilled(minutes=40, because="cap")}), basis)
    rest = world.issue(replace(draft, lines=(replace(part, entries={"W-a": 40}),)), basis, "INV-2026-0033")
    assert settled([rest, first]).minutes == {"W-a": 60}
    assert unbilled([work], [rest, first]) == ()


def test_unproven_time_is_not_unbilled_work(world: "World") -> None:
    assert unbilled([world.entry("W-a", 60, state="unproven")], []) == ()


def test_a_draft_lays_hold_of_what_it_bills_or_waives(world: "World") -> None:
    draft = world.draft(world.basis(world.entry("W-a", 60)))
    left = {"W-b": NotBilled(minutes=5, because="x", then="waive"), "W-c": NotBilled(minutes=5, because="cap")}
    assert pinned(replace(draft, not_billed=left)) == {"W-a": 60, "W-b": 5}
