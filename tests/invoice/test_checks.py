"""Checks of a draft: what must hold, what has moved, and where in the file it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from git_bill.contract.tax.treatment import Tax
from git_bill.contract.terms import Rounding
from git_bill.invoice.basis import Basis
from git_bill.invoice.checks import draft_problems
from git_bill.invoice.draft import Draft, Line, NotBilled
from git_bill.money import Money
from git_bill.problem import Problem, errors
from git_bill.shape import read, write

if TYPE_CHECKING:
    from tests.invoice.conftest import World

FILE = "billing/drafts/acme-2026-10.toml"


def check(draft: Draft, basis: Basis) -> tuple[Problem, ...]:
    """As flows do: with the file's own line numbers."""
    found = read(Draft, write(draft), FILE)
    assert found.value == draft
    return draft_problems(draft, basis, name="acme-2026-10", file=FILE, where=found.where)


def line(number: int, **over: Any) -> Callable[[Draft], Draft]:
    return lambda d: replace(d, lines=tuple(replace(x, **over) if n == number else x for n, x in enumerate(d.lines, 1)))


@pytest.fixture
def basis(world: "World") -> Basis:
    """Two tickets: two hours and one."""
    return world.basis(
        world.entry("W-a", 120), world.entry("W-b", 60, 6, ticket="WEB-6", text="search page"), invoices=()
    )


@pytest.fixture
def draft(world: "World", basis: Basis) -> Draft:
    """The draft of both."""
    return world.draft(basis)


def test_a_fresh_draft_has_no_errors_and_no_warnings(draft: Draft, basis: Basis) -> None:
    assert [p.rule for p in check(draft, basis)] == ["first-invoice"]


EUR_100 = Money.parse("100.00 EUR")
DOMAIN = Line(description="Domain", quantity=Decimal(1), unit="C62", unit_price=EUR_100)

BECAUSE = 'say why in the line: because = "agreed by phone on 3 November"'
AGAIN = "bring the draft up to date: git bill draft --client acme --period 2026-10"
LESS = "to bill less, lower the quantity or remove it"
BACK = f'{LESS}; to take something back, give it a line without entries: because = "returned, see mail"'
EUR_LINE = 'unit_price = "95.00 EUR"'
HAS_2H = "entry W-a (2026-10-05, WEB-5) has 2h open, the draft bills"


class Wrong(NamedTuple):
    """A change to the draft, and what `check` says of it."""

    rule: str
    change: Callable[[Draft], Draft]
    message: str
    hint: str


WRONG = [
    Wrong(
        "unknown-contract",
        lambda d: replace(d, contract="acme-2025"),
        "acme has no contract 'acme-2025'",
        'did you mean contract = "acme-2026"?',
    ),
    Wrong(
        "wrong-currency",
        lambda d: replace(d, currency="USD"),
        "the draft is in USD, contract acme-2026 in EUR",
        'currency = "EUR"',
    ),
    Wrong(
        "wrong-currency",
        line(1, unit_price=Money.parse("95.00 USD")),
        "line 1 is in USD, the draft in EUR",
        EUR_LINE,
    ),
    Wrong("not-positive", line(2, quantity=Decimal(0)), "line 2 has the quantity 0; it must be more than 0", LESS),
    Wrong(
        "not-positive",
        line(2, unit_price=Money.parse("-1.00 EUR")),
        "line 2 has the unit price -1.00; it must be 0 or more",
        LESS,
    ),
    Wrong("not-positive", line(2, quantity=Decimal(-2)), "line 2 has the quantity -2; it must be more than 0", BACK),
    Wrong(
        "not-positive",
        line(2, quantity=Decimal(-2), because="a reason does not make time of entries negative"),
        "line 2 has the quantity -2; it must be more than 0",
        BACK,
    ),
    Wrong(
        "period",
        lambda d: replace(d, last=date(2026, 9, 1)),
        "the period ends (2026-09-01) before it starts (2026-10-01)",
        "last = 2026-10-01",
    ),
    Wrong(
        "empty-draft",
        lambda d: replace(d, lines=()),
        "the draft has no lines",
        "delete its branch, or add a line",
    ),
    Wrong("unknown-entry", line(1, entries={"W-z": 120}), "entry W-z is not in the manifest", AGAIN),
    Wrong("more-than-worked", line(1, entries={"W-a": 150}), f"{HAS_2H} 2h30m", AGAIN),
    Wrong("more-than-worked", line(2, entries={"W-b": 60, "W-a": 1}), f"{HAS_2H} 2h1m", AGAIN),
    Wrong(
        "more-than-entries",
        line(1, quantity=Decimal("2.5")),
        "line 1 bills 2h30m, its entries come to 2h",
        BECAUSE,
    ),
    Wrong(
        "more-than-entries",
        line(1, quantity=Decimal("2.0001")),
        "line 1 bills 120.006m, its entries come to 2h",
        BECAUSE,
    ),
    Wrong(
        "more-than-entries",
        lambda d: replace(d, lines=(*d.lines, DOMAIN)),
        "line 3 bills 1 C62 that no entry stands for",
        BECAUSE,
    ),
    Wrong("more-than-entries", line(1, entries={}), "line 1 bills 2 HUR that no entry stands for", BECAUSE),
    Wrong(
        "rate-above-card",
        line(1, unit_price=EUR_100),
        "line 1 asks 100 EUR an hour, the rate card says 95",
        BECAUSE,
    ),
    Wrong(
        "rate-above-card",
        line(1, base_quantity=Decimal("0.5")),
        "line 1 asks 190 EUR an hour, the rate card says 95",
        BECAUSE,
    ),
    Wrong(
        "tax-differs",
        lambda d: replace(d, tax=Tax(category="Z")),
        "the draft says category Z 0 %, the rules give S 19 % (UStG § 12(1): standard rate of DE since 2021-01-01)",
        'decide it in billing/clients/acme.toml: [tax] category = "Z" because = "…"',
    ),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.message[:45])
def test_what_must_hold(draft: Draft, basis: Basis, wrong: Wrong) -> None:
    found = {(p.rule, p.message): p for p in check(wrong.change(draft), basis)}
    assert (wrong.rule, wrong.message) in found
    assert found[wrong.rule, wrong.message].severity == "error"
    assert found[wrong.rule, wrong.message].hint == wrong.hint


def test_a_problem_points_at_the_line_of_the_file(draft: Draft, basis: Basis) -> None:
    changed = line(2, quantity=Decimal(2))(draft)
    (problem,) = errors(check(changed, basis))
    assert problem.file == FILE
    assert problem.line is not None
    assert write(changed).splitlines()[problem.line - 1] == 'quantity = "2"'
    (price,) = errors(check(line(2, unit_price=EUR_100)(draft), basis))
    assert price.line is not None
    assert 'unit_price = "100.00 EUR"' in write(line(2, unit_price=EUR_100)(draft)).splitlines()[price.line - 1]


def test_a_reason_lets_a_line_bill_more(draft: Draft, basis: Basis) -> None:
    changed = line(1, quantity=Decimal(3), unit_price=EUR_100, because="weekend rate")(draft)
    assert errors(check(changed, basis)) == ()
    assert {("more-than-entries", "info"), ("rate-above-card", "info")} <= {
        (p.rule, p.severity) for p in check(changed, basis)
    }
    domain = replace(draft, lines=(*draft.lines, replace(DOMAIN, because="domain fee of October")))
    assert errors(check(domain, basis)) == ()


def test_a_person_takes_something_back_with_a_reason(draft: Draft, basis: Basis) -> None:
    back = replace(DOMAIN, quantity=Decimal(-1), because="cancelled in September")
    found = check(replace(draft, lines=(*draft.lines, back)), basis)
    assert errors(found) == ()
    too_much = replace(back, quantity=Decimal(-9))
    assert [p.rule for p in errors(check(replace(draft, lines=(*draft.lines, too_much)), basis))] == ["below-zero"]


def test_billing_less_is_said(draft: Draft, basis: Basis) -> None:
    less = [p for p in check(line(1, quantity=Decimal(1))(draft), basis) if p.rule == "less-than-entries"]
    assert [(p.severity, p.message) for p in less] == [("info", "line 1 bills 1h, its entries come to 2h")]
    cheap = [
        p for p in check(line(1, unit_price=Money.parse("90.00 EUR"))(draft), basis) if p.rule == "rate-below-card"
    ]
    assert [(p.severity, p.message) for p in cheap] == [
        ("warning", "line 1 asks 90 EUR an hour, the rate card says 95")
    ]


def test_an_entry_is_on_one_invoice_and_one_draft(world: "World", draft: Draft, basis: Basis) -> None:
    issued = replace(basis, invoices=(world.issue(draft, basis),))
    billed = [p for p in check(draft, issued) if p.rule == "billed-before"]
    assert [p.message for p in billed] == [
        "entry W-a (2026-10-05, WEB-5) was billed with INV-2026-0032",
        "entry W-b (2026-10-06, WEB-6) was billed with INV-2026-0032",
    ]
    twice = [p for p in check(draft, replace(basis, pins={"W-b": "acme-extra"})) if p.rule == "on-two-drafts"]
    assert [(p.severity, p.message) for p in twice] == [
        (
            "warning",
            "entry W-b (2026-10-06, WEB-6) is also on the open draft acme-extra; only one of them can be issued",
        )
    ]


def test_unproven_and_foreign_entries_are_refused(world: "World", draft: Draft, basis: Basis) -> None:
    forged = world.entry("W-a", 120, state="unproven")
    foreign = world.entry("W-b", 60, 6, client="globex")
    found = errors(check(draft, replace(basis, worked={"W-a": forged, "W-b": foreign})))
    assert [p.rule for p in found] == ["unproven-entry", "unknown-entry"]
    assert found[1].message == "entry W-b is work for globex"


def test_a_manifest_that_moved_is_a_warning_with_the_command(world: "World", draft: Draft, basis: Basis) -> None:
    moved = world.basis(
        world.entry("W-a", 150),
        basis.worked["W-b"],
        world.entry("W-c", 50, 9),
        world.entry("W-d", 60, date(2026, 11, 2)),
    )
    (problem,) = [p for p in check(draft, moved) if p.severity == "warning"]
    assert (problem.rule, problem.hint) == ("manifest-moved", "git bill draft --client acme --period 2026-10")
    assert problem.message == "2 entries changed since the draft was made, +1h20m"
    some = [p for p in check(replace(draft, partial=True), moved) if p.severity == "warning"]
    assert [p.message for p in some] == ["1 entry changed since the draft was made, +30m"]


def test_entries_that_are_listed_and_not_billed_have_not_moved(world: "World") -> None:
    capped = world.contract(cap="190.00 EUR per month")
    basis = world.basis(
        world.entry("W-a", 90),
        world.entry("W-b", 90, 6),
        world.entry("W-c", 90, 7, state="unproven"),
        contract=capped,
    )
    draft = world.draft(basis)
    assert set(draft.not_billed) == {"W-b", "W-c"}
    assert [p.rule for p in check(draft, basis)] == ["first-invoice", "cap-reached"]
    waived = replace(draft, not_billed={**draft.not_billed, "W-b": NotBilled(minutes=53, because="mine", then="waive")})
    assert "manifest-moved" not in {p.rule for p in check(waived, basis)}


def test_time_that_was_confirmed_since_is_news(world: "World") -> None:
    basis = world.basis(world.entry("W-a", 60), world.entry("W-b", 90, 6, state="unproven"))
    draft = world.draft(basis)
    later = world.basis(world.entry("W-a", 60), world.entry("W-b", 90, 6))
    (problem,) = [p for p in check(draft, later) if p.rule == "manifest-moved"]
    assert problem.message == "1 entry changed since the draft was made, +1h30m"


def test_what_would_keep_it_from_being_issued_is_a_warning(world: "World", draft: Draft, basis: Basis) -> None:
    bare = replace(world.issuer, bank=None, vat_id=None, street=None)
    found = check(line(1, description=" ")(draft), replace(basis, issuer=bare))
    assert errors(found) == ()
    assert {p.rule for p in found} >= {"no-bank", "issuer-tax-id", "address-missing", "no-description"}


def test_above_the_cap_is_an_error(world: "World") -> None:
    basis = world.basis(world.entry("W-a", 180), contract=world.contract(cap="190.00 EUR per month"))
    free = world.basis(world.entry("W-a", 180))
    (problem,) = errors(check(world.draft(free), basis))
    assert problem.message == "285.00 EUR is above the 190.00 EUR that the cap of 190.00 EUR per month leaves"


def test_rounding_over_several_lines_gives_no_false_alarm(world: "World") -> None:
    for per in ("day", "invoice", "ticket", "line", "entry"):
        contract = world.contract(rounding=Rounding(to=15, mode="up", per=per))
        basis = world.basis(
            world.entry("W-a", 7), world.entry("W-b", 7, ticket="WEB-6"), world.entry("W-c", 8, 6), contract=contract
        )
        assert errors(check(world.draft(basis), basis)) == ()


def test_a_client_without_vat_id_abroad_is_said_with_the_clients_file(
    world: "World", draft: Draft, basis: Basis
) -> None:
    abroad = replace(world.client, country="AT", vat_id=None)
    moved = replace(basis, engagement=replace(basis.engagement, client=abroad))
    (problem,) = errors(check(draft, moved))
    assert (problem.rule, problem.file) == ("vat-id-missing", "billing/clients/acme.toml")
