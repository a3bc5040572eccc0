"""What issued invoices settle, and what they leave open."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from git_bill.invoice.billed import pinned, settled, unbilled
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.crediting import Wish, cancellation, credit
from git_bill.invoice.draft import Draft, NotBilled
from git_bill.invoice.replacing import Wish as Change
from git_bill.invoice.replacing import replacement
from git_bill.problem import errors

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


def test_what_a_cap_waived_of_an_entry_does_not_come_back_with_the_rest(world: "World") -> None:
    """90 minutes: 60 billed, 30 waived. The line is credited to be billed again, another one stands: 60 are open."""
    work, other = world.entry("W-a", 90), world.entry("W-b", 60, 6, ticket="WEB-6")
    basis = world.basis(work, other)
    draft = world.draft(basis)
    lines = (replace(draft.lines[0], quantity=Decimal(1), entries={"W-a": 60}), draft.lines[1])
    left = {"W-a": NotBilled(minutes=30, because="cap", then="waive")}
    invoice = world.issue(replace(draft, lines=lines, not_billed=left), basis)
    note = credit(invoice, (), Wish(entries="rebill", lines=(1,)), draft_id="D-b")
    assert isinstance(note, Draft)
    issued = [invoice, world.issue(note, basis, "CN-2026-0001")]
    assert unbilled([work, other], issued) == ((work, 60),)
    again = world.draft(replace(basis, invoices=tuple(issued)))
    assert [line.entries for line in again.lines] == [{"W-a": 60}]


def test_what_comes_back_is_open_whatever_a_later_invoice_billed_of_the_entry(world: "World") -> None:
    """20 of 60 minutes were billed, then the other 40; the 20 are credited to be billed again."""
    work = world.entry("W-a", 60)
    basis = world.basis(work)
    draft = world.draft(basis)
    part = replace(draft.lines[0], entries={"W-a": 20})
    first = world.issue(replace(draft, lines=(part,), not_billed={"W-a": NotBilled(minutes=40, because="cap")}), basis)
    rest = replace(draft, lines=(replace(part, entries={"W-a": 40}),))
    second = world.issue(rest, basis, "INV-2026-0033", date(2026, 12, 1))
    note = world.issue(cancellation(first, draft_id="D-b", because=None), basis, "CN-2026-0001", date(2026, 12, 2))
    assert unbilled([work], [first, second, note]) == ((work, 20),)
    third = replace(draft, lines=(part,))
    final = world.issue(third, basis, "INV-2026-0034", date(2026, 12, 3))
    grown = replace(work, entry=replace(work.entry, minutes=90))
    assert unbilled([grown], [first, second, note, final]) == ()


def test_an_invoice_can_be_corrected_whatever_a_later_one_billed_of_its_entries(world: "World") -> None:
    work = world.entry("W-a", 60)
    basis = world.basis(work)
    draft = world.draft(basis)
    part = replace(draft.lines[0], quantity=Decimal("0.25"), entries={"W-a": 20})
    first = world.issue(replace(draft, lines=(part,), not_billed={"W-a": NotBilled(minutes=40, because="cap")}), basis)
    rest = replace(draft, lines=(replace(part, entries={"W-a": 40}),))
    second = world.issue(rest, basis, "INV-2026-0033", date(2026, 12, 1))
    other = replacement(first, Change(set={"order": "4711"}), draft_id="D-b")
    assert isinstance(other, Draft)
    books = replace(basis, invoices=(second,), corrected=first)
    assert errors(draft_problems(other, books, name="correct-1")) == ()
    more = replace(other, lines=(replace(other.lines[0], entries={"W-a": 21}),))
    assert [each.rule for each in errors(draft_problems(more, books, name="correct-1"))] == ["more-than-worked"]


def test_unproven_time_is_not_unbilled_work(world: "World") -> None:
    assert unbilled([world.entry("W-a", 60, state="unproven")], []) == ()


def test_a_draft_lays_hold_of_what_it_bills_or_waives(world: "World") -> None:
    draft = world.draft(world.basis(world.entry("W-a", 60)))
    left = {"W-b": NotBilled(minutes=5, because="x", then="waive"), "W-c": NotBilled(minutes=5, because="cap")}
    assert pinned(replace(draft, not_billed=left)) == {"W-a": 60, "W-b": 5}
