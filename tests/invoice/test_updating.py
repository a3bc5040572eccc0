"""A draft that is drafted again: what a person changed stays, the rest follows the entries."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from git_bill.contract.terms import Rounding
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Draft, Line, NotBilled
from git_bill.invoice.updating import redraft
from git_bill.money import Money
from git_bill.problem import errors
from git_bill.shape import read, write
from git_bill.worklog.entry import Worked

if TYPE_CHECKING:
    from tests.invoice.conftest import World


def again(world: "World", basis: Basis, base: Draft | None, current: Draft) -> Draft:
    contract = basis.engagement.contracts[0]
    return redraft(basis, contract, world.period, world.tax, base=base, current=current).draft


def entries(world: "World") -> tuple[Worked, ...]:
    return (
        world.entry("W-a", 60, 5, ticket="WEB-1", text="login page"),
        world.entry("W-b", 60, 6, ticket="WEB-2", text="search page"),
        world.entry("W-c", 60, 7, ticket="WEB-3", text="basket page"),
    )


def test_drafting_again_without_news_changes_no_byte(world: "World") -> None:
    basis = world.basis(*entries(world))
    draft = world.draft(basis)
    assert write(again(world, basis, draft, draft)) == write(draft)
    assert read(Draft, write(draft), "x").value == draft


def test_a_line_that_a_person_changed_is_never_written_again(world: "World") -> None:
    basis = world.basis(*entries(world))
    base = world.draft(basis)
    polished = replace(base.lines[1], description="Search: faster and kinder", quantity=Decimal("0.5"))
    current = replace(base, lines=(base.lines[0], polished, base.lines[2]), note="Thank you!", order="4711")
    more = world.basis(*entries(world), world.entry("W-d", 30, 8, ticket="WEB-2", text="search results"))
    first = again(world, more, base, current)
    assert first.lines[1] == replace(polished, set=("description", "quantity"))
    assert (first.note, first.order) == ("Thank you!", "4711")
    assert first.lines[3].description == "WEB-2 Search results"
    assert dict(first.lines[3].entries) == {"W-d": 30}
    assert again(world, more, first, first) == first  # what git-bill wrote itself is not taken for untouched


def test_lines_that_nobody_touched_follow_their_entries(world: "World") -> None:
    work = entries(world)
    base = world.draft(world.basis(*work))
    grown = replace(work[0], entry=replace(work[0].entry, minutes=120))
    found = again(world, world.basis(grown, work[2], world.entry("W-d", 60, 9, ticket="WEB-9")), base, base)
    assert [dict(line.entries) for line in found.lines] == [{"W-a": 120}, {"W-c": 60}, {"W-d": 60}]
    assert found.lines[0].quantity == Decimal(2)


def test_a_line_that_a_person_removed_stays_removed_and_its_entries_come_back_later(world: "World") -> None:
    basis = world.basis(*entries(world))
    base = world.draft(basis)
    current = replace(base, lines=(base.lines[0], base.lines[2]))
    found = again(world, basis, base, current)
    removed = {"W-b": NotBilled(minutes=60, because="removed in review", then="carry")}
    assert [dict(line.entries) for line in found.lines] == [{"W-a": 60}, {"W-c": 60}]
    assert found.not_billed == removed
    assert again(world, basis, found, found).not_billed == removed


def test_an_entry_that_a_person_took_out_of_a_line_or_waived_stays_out(world: "World") -> None:
    work = (*entries(world), world.entry("W-d", 60, 9, ticket="WEB-1", text="login mail"))
    basis = world.basis(*work)
    base = world.draft(basis)
    short = replace(base.lines[0], entries={"W-a": 60}, quantity=Decimal(1), raw=60)
    waived = {"W-c": NotBilled(minutes=60, because="goodwill", then="waive")}
    current = replace(base, lines=(short, base.lines[1]), not_billed=waived)
    found = again(world, basis, base, current)
    assert [dict(line.entries) for line in found.lines] == [{"W-a": 60}, {"W-b": 60}]
    assert found.not_billed == {**waived, "W-d": NotBilled(minutes=60, because="removed in review")}
    assert again(world, basis, found, found) == found


def test_lines_of_a_persons_own_and_the_order_of_lines_stay(world: "World") -> None:
    basis = world.basis(*entries(world))
    base = world.draft(basis)
    domain = Line(
        description="Domain", quantity=Decimal(1), unit="C62", unit_price=Money.parse("120.00 EUR"), because="as agreed"
    )
    current = replace(base, lines=(base.lines[2], domain, base.lines[0], base.lines[1]))
    found = again(world, basis, base, current)
    assert [line.description for line in found.lines] == [
        "WEB-3 Basket page",
        "Domain",
        "WEB-1 Login page",
        "WEB-2 Search page",
    ]
    assert again(world, basis, found, found) == found


def test_changed_terms_and_tax_stay(world: "World") -> None:
    basis = world.basis(*entries(world))
    base = world.draft(basis)
    found = again(world, basis, base, replace(base, payment_terms="14 days"))
    assert (found.payment_terms, found.set) == ("14 days", ("payment_terms",))
    assert again(world, basis, found, found).payment_terms == "14 days"


def test_without_a_base_every_line_is_taken_for_a_persons(world: "World") -> None:
    basis = world.basis(*entries(world))
    current = world.draft(basis)
    found = again(world, basis, None, replace(current, lines=current.lines[:1]))
    assert found.lines[0].set == ("entries",)
    assert [dict(line.entries) for line in found.lines] == [{"W-a": 60}, {"W-b": 60}, {"W-c": 60}]


def test_late_time_beside_a_changed_line_is_rated_with_it_and_passes_the_checks(world: "World") -> None:
    """67 minutes are 60; 5 more make 72, which are 75: the new line bills 15."""
    work = world.entry("W-a", 67, 5, ticket="WEB-1", text="login page")
    base = world.draft(world.basis(work))
    current = replace(base, lines=(replace(base.lines[0], description="Login page, polished"),))
    basis = world.basis(work, world.entry("W-b", 5, 5, ticket="WEB-1", text="login mail"))
    found = again(world, basis, base, current)
    assert [line.quantity for line in found.lines] == [Decimal(1), Decimal("0.25")]
    assert errors(draft_problems(found, basis, name="acme-2026-10")) == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(4)),
    gone=st.sets(st.integers(0, 3), max_size=3),
    reworded=st.sets(st.integers(0, 3)),
    minutes=st.lists(st.integers(1, 300), min_size=6, max_size=6),
)
def test_whatever_a_person_did_every_entry_is_listed_once_and_drafting_again_changes_nothing(
    world: "World", order: list[int], gone: set[int], reworded: set[int], minutes: list[int]
) -> None:
    work = [world.entry(f"W-{n}", m, n + 1, ticket=f"WEB-{n % 4}", text=f"page {n}") for n, m in enumerate(minutes)]
    before, now = (world.basis(*part, contract=world.contract(rounding=Rounding())) for part in (work[:4], work))
    base = world.draft(before)
    lines = [replace(x, description="by hand") if n in reworded else x for n, x in enumerate(base.lines)]
    current = replace(base, lines=tuple(lines[n] for n in order if n not in gone))
    found = again(world, now, base, current)
    listed = [*found.not_billed, *(entry for x in found.lines for entry in x.entries)]
    assert sorted(listed) == sorted(w.id for w in work)
    assert [x.description for x in found.lines if x.set] == ["by hand" for n in order if n in reworded - gone]
    assert again(world, now, found, found) == found
    assert errors(draft_problems(found, now, name="x")) == ()
