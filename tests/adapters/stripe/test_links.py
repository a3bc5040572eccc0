"""Payment links at Stripe: what they carry, and that no accident makes two of them, or one that is wrong."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.adapters.stripe.conftest import Rail
from tests.contracts.test_rail_contract import LINK
from tests.testbed.stripe_server import StripeServer

from git_bill.effects import CloseLink, Done, Refused
from git_bill.money import Money

MARKS = {"git_bill_key": "D-k3v9q2m7x4ab:INV-2026-0032", "git_bill_invoice": "INV-2026-0032"}


def test_everything_about_a_link_names_the_invoice(rail: Rail, server: StripeServer) -> None:
    rail(methods=("card", "sepa_debit")).ensure_link(LINK)
    (link,) = server.store.of("payment_link")
    (price,) = server.store.of("price")
    assert link["metadata"] == MARKS
    assert link["payment_intent_data"] == {"description": "INV-2026-0032 Mira Kovac Software", "metadata": MARKS}
    assert link["payment_method_types"] == ["card", "sepa_debit"]
    assert link["restrictions"]["completed_sessions"]["limit"] == 1
    assert link["invoice_creation"] == {"enabled": False}
    assert (price["unit_amount"], price["currency"]) == (119_000, "eur")
    assert price["metadata"] == {**MARKS, "git_bill_link": link["id"]}
    assert "INV-2026-0032" in price["product"]


def test_without_methods_the_account_decides(rail: Rail, server: StripeServer) -> None:
    rail().ensure_link(LINK)
    (link,) = server.store.of("payment_link")
    assert "payment_method_types" not in link


def test_yen_have_no_cents(rail: Rail, server: StripeServer) -> None:
    rail().ensure_link(replace(LINK, amount=Money.parse("150000 JPY")))
    assert server.store.of("price")[0]["unit_amount"] == 150_000


def test_what_can_not_be_asked_for_is_refused_for_good(rail: Rail, server: StripeServer) -> None:
    outcome = rail().ensure_link(replace(LINK, amount=Money.parse("10.50 JPY")))
    assert isinstance(outcome, Refused)
    assert outcome.lasting
    assert server.requests == []


@pytest.mark.parametrize("after", range(5))
def test_an_answer_that_is_lost_anywhere_makes_no_second_link(rail: Rail, server: StripeServer, after: int) -> None:
    """Also a day later, when Stripe has forgotten the headers of the first run."""
    one = rail()
    server.faults += [None] * after + ["lost"]
    first = one.ensure_link(LINK)
    server.faults.clear()
    assert isinstance(first, Refused if after < 4 else Done)  # four requests make a link
    server.forget()
    second = one.ensure_link(LINK)
    assert isinstance(second, Done)
    assert [each["url"] for each in server.store.of("payment_link")] == [second.ref]
    assert len(server.store.of("price")) == 1


def test_a_link_that_nothing_remembers_is_found_among_many(rail: Rail, server: StripeServer) -> None:
    first = rail().ensure_link(LINK)
    for at in range(120):
        server.store.tick()
        server.store.new("payment_link", active=True, url=f"https://pay.example/{at}", line_items=[])
    server.store.of("price")[0]["metadata"].pop("git_bill_link")
    server.forget()
    again = rail().ensure_link(LINK)
    assert isinstance(first, Done)
    assert again == Done(ref=first.ref, already=True)


def off(link: dict[str, Any]) -> None:
    link["active"] = False


def twice(link: dict[str, Any]) -> None:
    link["line_items"][0]["quantity"] = 2


def often(link: dict[str, Any]) -> None:
    link["restrictions"] = None


def adjustable(link: dict[str, Any]) -> None:
    link["line_items"][0]["adjustable_quantity"] = {"enabled": True}


def another(link: dict[str, Any]) -> None:
    link["line_items"][0]["price"] = {"id": "price_other"}


def other_mode(link: dict[str, Any]) -> None:
    link["livemode"] = True


@pytest.mark.parametrize("change", [off, twice, often, adjustable, another, other_mode])
def test_a_link_that_somebody_changed_is_refused(
    rail: Rail, server: StripeServer, change: Callable[[dict[str, Any]], None]
) -> None:
    rail().ensure_link(LINK)
    (link,) = server.store.of("payment_link")
    change(link)
    outcome = rail().ensure_link(LINK)
    assert isinstance(outcome, Refused)
    assert outcome.lasting
    assert link["id"] in outcome.remedy
    assert "git bill issue --void INV-2026-0032" in outcome.remedy


def test_an_amount_that_stripe_does_not_take_holds_up_its_own_invoice_alone(rail: Rail, server: StripeServer) -> None:
    said = "must be no more than 999,999"
    server.faults.append({"type": "invalid_request_error", "code": "amount_too_large", "message": said})
    outcome = rail().ensure_link(LINK)
    assert isinstance(outcome, Refused)
    assert outcome.lasting
    assert "999,999" in outcome.reason


def test_closing_looks_at_open_links_alone(rail: Rail, server: StripeServer) -> None:
    first = rail().ensure_link(LINK)
    assert isinstance(first, Done)
    outcome = rail().close_link(CloseLink(number=LINK.number, link=first.ref))
    (link,) = server.store.of("payment_link")
    assert outcome == Done(ref=link["id"])
    assert link["active"] is False


def test_closing_what_was_paid_needs_no_right_to_see_invoices(rail: Rail, server: StripeServer) -> None:
    first = rail().ensure_link(LINK)
    assert isinstance(first, Done)
    server.people.pay(first.ref)
    server.requests.clear()
    assert rail().close_link(CloseLink(number=LINK.number, link=first.ref)) == Done(already=True)
    assert server.requests == ["GET /v1/payment_links"]


def test_a_right_that_the_key_lacks_is_named(rail: Rail, server: StripeServer) -> None:
    server.faults.append(403)
    outcome = rail().ensure_link(LINK)
    assert isinstance(outcome, Refused)
    assert ("may not look for its price" in outcome.reason, outcome.lasting) == (True, False)
    assert "docs/rails.md" in outcome.remedy
