"""Lines of items: each once, and at what the terms give, unless a person says why."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from git_bill.contract.rate import Rate
from git_bill.contract.terms import Fee, Milestone, Retainer, Rounding
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Draft
from git_bill.invoice.updating import redraft
from git_bill.money import Money
from git_bill.period import month
from git_bill.problem import errors

if TYPE_CHECKING:
    from tests.invoice.conftest import World

    from git_bill.invoice.basis import Basis

SUPPORT = Fee(id="support", name="Support plan", amount=Money.parse("450.00 EUR"), from_=date(2026, 11, 1))
CARE = Retainer(fee=Money.parse("900.00 EUR"), time=600)
LAUNCH = Milestone(id="launch", name="Launch", amount=Money.parse("5000.00 EUR"), tag="v1.0")


def rules(draft: Draft, basis: "Basis", *, final: bool = True) -> dict[str, str]:
    """Rule → message of what is wrong, or a warning about items."""
    said = draft_problems(draft, basis, name="acme-2026-10", final=final)
    items = {"not-as-agreed", "milestone-open", "on-two-drafts", "order-missing"}
    return {p.rule: f"{p.severity}: {p.message}" for p in said if p.severity == "error" or p.rule in items}


def changed(draft: Draft, index: int = 0, **over: object) -> Draft:
    lines = list(draft.lines)
    lines[index] = replace(lines[index], **over)  # type: ignore[arg-type]
    return replace(draft, lines=tuple(lines))


def test_a_fee_as_agreed_is_right(world: "World") -> None:
    basis = world.basis(contract=world.contract(fees=(SUPPORT,)))
    assert rules(world.draft(basis), basis) == {}


def test_more_than_agreed_needs_a_reason_and_less_is_worth_a_word(world: "World") -> None:
    basis = world.basis(contract=world.contract(fees=(SUPPORT,)))
    draft = world.draft(basis)
    dear = changed(draft, unit_price=Money.parse("500.00 EUR"))
    assert rules(dear, basis) == {
        "not-as-agreed": "error: line 1 bills 500.00 EUR, the terms give 450.00 EUR for fee:support:2026-11"
    }
    assert errors(draft_problems(changed(dear, because="agreed by phone"), basis, name="d", final=True)) == ()
    cheap = changed(draft, unit_price=Money.parse("400.00 EUR"))
    assert rules(cheap, basis)["not-as-agreed"].startswith("warning: line 1 bills 400.00 EUR")


def test_an_item_is_billed_once(world: "World") -> None:
    basis = world.basis(contract=world.contract(fees=(SUPPORT,)))
    draft = world.draft(basis)
    billed = world.basis(contract=world.contract(fees=(SUPPORT,)), invoices=(world.issue(draft, basis),))
    assert rules(draft, billed) == {"billed-before": "error: fee:support:2026-11 was billed with INV-2026-0032"}
    held = world.basis(contract=world.contract(fees=(SUPPORT,)), held={"acme/acme-2026/fee:support:2026-11": "other"})
    assert rules(draft, held)["on-two-drafts"].startswith("warning: fee:support:2026-11 is also on the open draft")
    twice = replace(draft, lines=(*draft.lines, *draft.lines))
    assert rules(twice, basis)["billed-before"] == "error: lines 1 and 2 both bill fee:support:2026-11"


def test_what_no_terms_give_is_said(world: "World") -> None:
    basis = world.basis(contract=world.contract(fees=(SUPPORT,)))
    odd = changed(world.draft(basis), bills=("fee:gold:2026-11",))
    assert rules(odd, basis) == {
        "unknown-item": "error: line 1 bills fee:gold:2026-11, which acme-2026 does not give now"
    }


def test_a_milestone_that_nothing_completes_is_worth_a_word(world: "World") -> None:
    from git_bill.invoice.drafting import asked_of, build, update_command

    basis = world.basis(world.entry("W-a", 60), contract=world.contract(kind="fixed", milestones=(LAUNCH,)))
    contract = basis.engagement.contracts[0]
    draft = build(
        basis, contract, world.period, world.tax, draft_id="D-aaaaaaaaaaaa", asked=frozenset({"milestone:launch"})
    ).draft
    assert (draft.partial, asked_of(draft)) == (True, frozenset({"milestone:launch"}))
    assert update_command(draft) == "git bill draft --client acme --milestone launch"
    assert draft.lines[0].entries == {"W-a": 60}
    assert rules(draft, basis) == {
        "milestone-open": "info: nothing says that milestone 'launch' is completed by 2026-10-31"
    }


def test_what_a_retainer_holds_is_not_billed(world: "World") -> None:
    """A person moves the work that is held to the price of the card."""
    contract = world.contract(kind="retainer", retainer=CARE, rounding=Rounding())
    basis = world.basis(world.entry("W-a", 300), contract=contract)
    draft = world.draft(basis)
    assert rules(draft, basis) == {}
    dear = changed(draft, unit_price=Money.parse("95.00 EUR"))
    assert rules(dear, basis) == {
        "not-as-agreed": "error: the work is billed at 475.00 EUR, the terms give 0.00 EUR for it"
    }


def test_more_than_the_retainer_has_is_not_held(world: "World") -> None:
    contract = world.contract(kind="retainer", retainer=CARE, rounding=Rounding())
    basis = world.basis(world.entry("W-a", 900), contract=contract)
    draft = world.draft(basis)
    free = changed(draft, 0, quantity=Decimal(15), entries={"W-a": 900})
    free = replace(free, lines=(free.lines[0], *free.lines[2:]))
    assert rules(free, basis) == {
        "retainer-overdrawn": "error: more is taken from the retainer for 2026-10 than it has left"
    }


def test_a_day_more_than_there_was_is_not_billed(world: "World") -> None:
    contract = world.contract(kind="daily", rates=(Rate(daily=Money.parse("760.00 EUR")),))
    basis = world.basis(world.entry("W-a", 400), contract=contract)
    dear = changed(world.draft(basis), quantity=Decimal(2))
    assert rules(dear, basis)["not-as-agreed"] == (
        "error: the work is billed at 1520.00 EUR, the terms give 760.00 EUR for it"
    )


def test_an_order_that_is_required_is_asked_for(world: "World") -> None:
    basis = world.basis(contract=world.contract(fees=(SUPPORT,), requires=("order",)))
    draft = world.draft(basis)
    assert rules(draft, basis)["order-missing"].startswith("error: contract acme-2026 is billed under")
    assert rules(draft, basis, final=False)["order-missing"].startswith("warning")
    assert rules(replace(draft, order="4500012345"), basis) == {}


def test_a_fee_that_was_taken_out_comes_back_with_the_next_draft(world: "World") -> None:
    contract = world.contract(fees=(SUPPORT,))
    basis = world.basis(world.entry("W-a", 60), contract=contract)
    base = world.draft(basis)
    assert [line.bills for line in base.lines] == [(), ("fee:support:2026-11",)]
    shorter = replace(base, lines=base.lines[:1])
    again = redraft(basis, contract, world.period, world.tax, base=base, current=shorter).draft
    assert [line.bills for line in again.lines] == [()]
    assert again.not_billed["fee:support:2026-11"].because == "removed in review"
    third = redraft(basis, contract, world.period, world.tax, base=again, current=again).draft
    assert third == again
    issued = world.issue(again, basis)
    later = world.basis(world.entry("W-a", 60), contract=contract, invoices=(issued,))
    november = world.draft(later, month(date(2026, 11, 1)))
    assert [line.bills for line in november.lines] == [("fee:support:2026-11",), ("fee:support:2026-12",)]


def test_a_fee_that_a_person_changed_is_not_billed_beside_it(world: "World") -> None:
    contract = world.contract(fees=(SUPPORT,))
    basis = world.basis(contract=contract)
    base = world.draft(basis)
    cheap = changed(base, unit_price=Money.parse("400.00 EUR"))
    again = redraft(basis, contract, world.period, world.tax, base=base, current=cheap).draft
    assert [str(line.unit_price) for line in again.lines] == ["400.00 EUR"]


def test_a_waived_fee_is_never_billed(world: "World") -> None:
    from git_bill.invoice.draft import NotBilled

    contract = world.contract(fees=(SUPPORT,))
    basis = world.basis(world.entry("W-a", 60), contract=contract)
    draft = world.draft(basis)
    waived = {"fee:support:2026-11": NotBilled(minutes=0, because="a present", then="waive")}
    issued = world.issue(replace(draft, lines=draft.lines[:1], not_billed=waived), basis)
    later = world.basis(contract=contract, invoices=(issued,))
    november = world.draft(later, month(date(2026, 11, 1)))
    assert [line.bills for line in november.lines] == [("fee:support:2026-12",)]
