"""What a document is worth by country and day: each date with its law in the table."""

from dataclasses import replace
from datetime import date

import pytest
from tests.contract.tax.parties import client, issuer

from git_bill.adapters.tables import vat_table
from git_bill.contract.party import Issuer
from git_bill.contract.tax.document import Kind
from git_bill.contract.tax.status import TaxStatus
from git_bill.contract.tax.worth import coming_problem, kind_of_client, standing_of_document, worth_problem

TABLE = vat_table()
COMPANY = {"legal_form": "company"}


@pytest.mark.parametrize(
    ("seller", "kind", "day", "worth"),
    [
        (issuer("DE"), "B2B", date(2026, 12, 31), "invoice"),
        (issuer("DE"), "B2B", date(2028, 1, 1), "invoice"),
        (issuer("FR"), "B2B", date(2027, 8, 31), "invoice"),
        (issuer("FR"), "B2B", date(2027, 9, 1), "network"),
        (issuer("FR"), "B2C", date(2027, 9, 1), "invoice"),
        (issuer("FR"), "foreign", date(2027, 9, 1), "invoice"),
        (issuer("BE"), "B2B", date(2025, 12, 31), "invoice"),
        (issuer("BE"), "B2B", date(2026, 1, 1), "network"),
        (issuer("BE"), "foreign", date(2026, 1, 1), "invoice"),
        (issuer("IT"), "B2B", date(2026, 1, 1), "copy"),
        (issuer("IT"), "B2C", date(2026, 1, 1), "copy"),
        (issuer("IT"), "foreign", date(2026, 1, 1), "invoice"),
        (issuer("PL"), "B2B", date(2026, 3, 31), "invoice"),
        (issuer("PL"), "B2B", date(2026, 4, 1), "copy"),
        (issuer("PL"), "B2C", date(2026, 4, 1), "invoice"),
        (issuer("ES"), "B2B", date(2027, 6, 30), "invoice"),
        (issuer("ES"), "B2B", date(2027, 7, 1), "forbidden"),
        (issuer("ES", **COMPANY), "B2B", date(2026, 12, 31), "invoice"),
        (issuer("ES", **COMPANY), "B2B", date(2027, 1, 1), "forbidden"),
        (issuer("ES", postcode="20001"), "B2B", date(2026, 1, 1), "forbidden"),
        (issuer("ES", postcode="48001"), "B2B", date(2025, 12, 31), "invoice"),
        (issuer("ES", postcode="48001"), "B2B", date(2026, 1, 1), "forbidden"),
        (issuer("PT"), "foreign", date(2026, 1, 1), "forbidden"),
        (issuer("RO"), "B2B", date(2024, 7, 1), "copy"),
        (issuer("RO"), "foreign", date(2026, 1, 1), "invoice"),
        (issuer("HU"), "B2B", date(2026, 1, 1), "network"),
        (issuer("GR"), "B2B", date(2026, 1, 1), "network"),
        (issuer("HR"), "B2B", date(2026, 1, 1), "network"),
        (issuer("LV"), "B2B", date(2027, 12, 31), "invoice"),
        (issuer("LV"), "B2B", date(2028, 1, 1), "network"),
        (issuer("SK"), "B2B", date(2027, 1, 1), "network"),
        (issuer("MX"), "B2B", date(2026, 1, 1), "copy"),
        (issuer("BR"), "foreign", date(2026, 1, 1), "forbidden"),
        (issuer("IN"), "B2B", date(2026, 1, 1), "invoice"),
    ],
)
def test_worth_by_country_client_and_day(seller: Issuer, kind: Kind, day: date, worth: str) -> None:
    found = standing_of_document(TABLE, seller, kind, day)
    assert found is not None
    assert (found.worth, found.since <= day) == (worth, True)
    assert found.source
    assert found.needs or worth == "invoice"
    said = worth_problem(TABLE, seller, kind, day)
    severity = {"invoice": None, "network": "warning", "copy": "warning", "forbidden": "error"}[worth]
    assert (said.severity if said else None) == severity


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert standing_of_document(TABLE, issuer("TR"), "B2B", date(2026, 1, 1)) is None
    assert worth_problem(TABLE, issuer("SE"), "B2B", date(2026, 1, 1)) is None
    assert coming_problem(TABLE, issuer("TR"), "B2B", date(2026, 1, 1)) is None


def test_what_must_not_be_used_says_what_to_do_and_a_person_may_know_better() -> None:
    seller = issuer("PT")
    found = worth_problem(TABLE, seller, "B2B", date(2026, 10, 31))
    assert found is not None
    assert (found.rule, found.severity, found.file) == ("document-forbidden", "error", "billing/billing.toml")
    assert found.message == (
        "in PT this document must not be used as an invoice (DL 28/2019 art. 4(1)(b), 7, 35, since 2020-01-01)"
    )
    assert "Portal das Finanças" in found.hint
    assert '[issuer.tax] document = "…"' in found.hint
    told = worth_problem(
        TABLE, replace(seller, tax=TaxStatus(document="a copy of the recibo verde")), "B2B", date(2026, 10, 31)
    )
    assert told is not None
    assert (told.severity, told.hint) == ("info", "used all the same, because: a copy of the recibo verde")


def test_what_comes_within_a_year_is_said_ahead() -> None:
    assert coming_problem(TABLE, issuer("ES"), "B2B", date(2026, 6, 29)) is None
    found = coming_problem(TABLE, issuer("ES"), "B2B", date(2026, 11, 2))
    assert found is not None
    assert (found.rule, found.severity) == ("document-forbidden", "warning")
    assert "from 2027-07-01 on" in found.message


@pytest.mark.parametrize(
    ("buyer", "kind"),
    [
        (client("DE"), "B2B"),
        (client("DE", business=False), "B2C"),
        (client("AT"), "foreign"),
        (client("US", business=False), "foreign"),
    ],
)
def test_kinds_of_clients(buyer: object, kind: str) -> None:
    assert kind_of_client(issuer("DE"), buyer) == kind  # type: ignore[arg-type]
