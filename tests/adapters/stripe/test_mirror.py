"""Invoices mirrored at Stripe: our number, our lines, equal to the cent, or none."""

from dataclasses import replace
from datetime import date

import pytest
from tests.adapters.stripe.conftest import Rail
from tests.contracts.test_rail_contract import LINK
from tests.testbed.stripe_contract import Json
from tests.testbed.stripe_server import StripeServer

from git_bill.adapters.stripe.mirror import PAGES
from git_bill.effects import CloseLink, Done, EnsureLink, LinkLine, Refused
from git_bill.money import Money


def refused(rail: Rail, effect: EnsureLink = LINK) -> Refused:
    outcome = rail(mirror=True).ensure_link(effect)
    assert isinstance(outcome, Refused)
    assert outcome.lasting
    return outcome


def test_the_client_gets_one_number_and_no_mail(rail: Rail, server: StripeServer) -> None:
    done = rail(mirror=True, methods=("card",)).ensure_link(LINK)
    (invoice,) = server.store.of("invoice")
    assert isinstance(done, Done)
    assert done.ref == invoice["hosted_invoice_url"]
    assert (invoice["number"], invoice["total"], invoice["status"]) == ("INV-2026-0032", 119_000, "open")
    assert (invoice["auto_advance"], invoice["automatic_tax"]) == (False, {"enabled": False})
    assert invoice["payment_settings"] == {"payment_method_types": ["card"]}
    assert [(each["description"], each["amount"]) for each in server.store.of("line_item")] == [
        ("Development", 105_000),
        ("Discount", -5_000),
        ("Tax 19 %", 19_000),
    ]
    assert not any("send" in request for request in server.requests)


def test_a_client_is_known_the_second_time(rail: Rail, server: StripeServer) -> None:
    rail(mirror=True).ensure_link(LINK)
    rail(mirror=True).ensure_link(replace(LINK, key="D-other", number="INV-2026-0033"))
    assert [(each["name"], each["email"]) for each in server.store.of("customer")] == [("Acme GmbH", "ap@acme.example")]


def test_a_customer_that_somebody_else_made_is_left_alone(rail: Rail, server: StripeServer) -> None:
    server.store.new("customer", name="Acme GmbH", email="ap@acme.example", balance=0)
    rail(mirror=True).ensure_link(LINK)
    (invoice,) = server.store.of("invoice")
    assert invoice["customer"] == server.store.of("customer")[1]["id"]


@pytest.mark.parametrize("after", range(10))
def test_an_answer_that_is_lost_anywhere_makes_no_second_invoice(rail: Rail, server: StripeServer, after: int) -> None:
    one = rail(mirror=True)
    server.faults += [None] * after + ["lost"]
    assert isinstance(one.ensure_link(LINK), Refused)
    server.forget()
    done = one.ensure_link(LINK)
    (invoice,) = server.store.of("invoice")
    assert isinstance(done, Done)
    assert (done.ref, invoice["total"]) == (invoice["hosted_invoice_url"], 119_000)
    assert len(server.store.of("customer")) == 1


def test_an_invoice_that_stripe_would_change_is_not_finalised(rail: Rail, server: StripeServer) -> None:
    rail(mirror=True).ensure_link(LINK)
    (customer,) = server.store.of("customer")
    customer["balance"] = -5_000
    other = replace(LINK, key="D-other", number="INV-2026-0033")
    outcome = rail(mirror=True).ensure_link(other)
    assert isinstance(outcome, Refused)
    assert "does not ask for 1190.00 EUR" in outcome.reason


def test_a_line_that_somebody_added_is_seen_before_it_is_final(rail: Rail, server: StripeServer) -> None:
    def meddling(request: str, document: Json) -> None:
        if request == "POST /v1/invoices":
            item = {"amount": 1, "currency": "eur", "customer": document["customer"], "invoice": document["id"]}
            server.store.answer("POST", "/v1/invoiceitems", (), item)

    server.after = meddling
    outcome = rail(mirror=True).ensure_link(LINK)
    assert isinstance(outcome, Refused)
    assert server.store.of("invoice")[0]["status"] == "draft"


def test_what_does_not_come_to_the_amount_is_refused_before_anything_is_sent(rail: Rail, server: StripeServer) -> None:
    short = replace(LINK, lines=LINK.lines[:2])
    assert "do not come to 1190.00 EUR" in refused(rail, short).reason
    assert "mirror = false" in refused(rail, short).remedy
    many = tuple(LinkLine(text="x", amount=Money.parse("4.76 EUR")) for _ in range(250))
    nothing = LinkLine(text="x", amount=Money.parse("0.00 EUR"))
    assert "250 lines" in refused(rail, replace(LINK, lines=(*many, nothing))).reason
    assert "e-mail" in refused(rail, replace(LINK, email=None)).reason
    assert server.requests == []


def test_a_number_that_is_taken_there_is_said_so(rail: Rail, server: StripeServer) -> None:
    rail(mirror=True).ensure_link(LINK)
    outcome = rail(mirror=True).ensure_link(replace(LINK, key="D-of-another-workspace"))
    assert isinstance(outcome, Refused)
    assert "already taken" in outcome.reason


def test_what_is_due_already_falls_due_soon(rail: Rail, server: StripeServer) -> None:
    done = rail(mirror=True).ensure_link(replace(LINK, due=date(2026, 11, 1)))
    assert isinstance(done, Done)


def test_closing_voids_it_and_of_two_the_one_with_that_address(rail: Rail, server: StripeServer) -> None:
    one = rail(mirror=True).ensure_link(LINK)
    (invoice,) = server.store.of("invoice")
    server.store.new("invoice", **{**invoice, "hosted_invoice_url": f"{PAGES}other", "number": "other"})
    assert isinstance(one, Done)
    unsure = rail().close_link(CloseLink(number=LINK.number, link=f"{PAGES}elsewhere"))
    assert isinstance(unsure, Refused)
    closed = rail().close_link(CloseLink(number=LINK.number, link=one.ref))
    assert closed == Done(ref=invoice["id"])
    assert [each["status"] for each in server.store.of("invoice")] == ["void", "open"]
