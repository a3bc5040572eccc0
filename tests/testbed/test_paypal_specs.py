"""The fields that judge requests to PayPal are those of its official specifications, and these judge them as well."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.adapters.paypal.account import NOW, rail
from tests.testbed.paypal_contract import FIELDS, OPERATIONS, SPECS, cut, wrong_answer, wrong_request
from tests.testbed.paypal_fake import Account
from tests.testbed.paypal_server import serving

from git_bill.effects import CloseLink, Done, EnsureLink
from git_bill.money import Money

official = pytest.mark.skipif(
    not SPECS.is_dir(), reason="PayPal's specifications are not at ../shared/data/specs/paypal"
)
HOST = "https://api-m.sandbox.paypal.com"
WINDOW = {"start_date": "2026-11-01T00:00:00Z", "end_date": "2026-11-02T00:00:00Z"}
INVOICE = {"detail": {"currency_code": "EUR"}, "items": [{"name": "x", "quantity": "1", "unit_amount": {}}]}


@official
def test_the_fields_are_the_official_ones() -> None:
    assert json.loads(FIELDS.read_text(encoding="utf-8")) == cut(SPECS)


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "told"),
    [
        ("GET", "/v1/reporting/transactions", {}, None, "start_date is missing"),
        ("GET", "/v1/reporting/transactions", WINDOW | {"page_size": "501"}, None, "maximum"),
        ("GET", "/v1/reporting/transactions", WINDOW | {"pagesize": "5"}, None, "unknown parameter"),
        ("GET", "/v1/reporting/transactions", WINDOW | {"end_date": "2026-11-02"}, None, "too short"),
        ("GET", "/v1/reporting/transaction", WINDOW, None, "PayPal has no"),
        ("POST", "/v2/invoicing/invoices", {}, INVOICE, "'currency_code' is a required property"),
        ("POST", "/v2/invoicing/invoices", {}, {"items": []}, "'detail' is a required property"),
        ("POST", "/v2/invoicing/invoices", {}, {"detail": {"currency_code": "EUR", "number": "1"}}, "Additional"),
        ("POST", "/v2/invoicing/search-invoices", {}, {"invoice_number": "1" * 26}, "too long"),
        ("DELETE", "/v2/invoicing/invoices/INV2-1", {}, {}, "no body"),
    ],
)
def test_what_paypal_would_not_take(
    method: str, path: str, query: dict[str, str], body: dict[str, object] | None, told: str
) -> None:
    assert any(told in each for each in wrong_request(method, path, query, body))


def test_what_paypal_would_not_answer() -> None:
    assert list(wrong_answer("GET", "/v1/reporting/transactions", 204, None))
    assert list(wrong_answer("GET", "/v1/reporting/transactions", 200, {"transaction_details": [{"info": {}}]}))
    assert not list(wrong_answer("GET", "/v1/reporting/transactions", 200, {"transaction_details": []}))


@pytest.fixture
def account() -> Iterator[Account]:
    account = Account(now=NOW)
    with serving(account):
        yield account


@official
@pytest.mark.testbed
def test_the_official_specifications_know_what_is_asked(account: Account) -> None:
    """A link made, looked up, paid, pulled and one closed: every request passes PayPal's own file as a whole."""
    openapi_core = pytest.importorskip("openapi_core")
    from openapi_core.testing import MockRequest

    paypal = rail(account, account.payer_page)
    link = EnsureLink(key="k", number="INV-1", amount=Money.parse("5.00 EUR"), issuer="Mira", payer="Acme GmbH")
    assert isinstance(paypal.ensure_link(link), Done)
    account.pay("INV-1", "-0.50")
    account.now += timedelta(hours=4)
    assert paypal.pull((NOW - timedelta(days=3)).isoformat()).remittances
    other = paypal.ensure_link(EnsureLink(key="l", number="INV-2", amount=Money.parse("5.00 EUR")))
    assert isinstance(other, Done)
    paypal.close_link(CloseLink(number="INV-2", link=other.ref))
    config = openapi_core.Config(spec_validator_cls=None)  # a pattern in them is no regular expression for Python
    files = [
        json.loads((SPECS / name).read_text(encoding="utf-8")) | {"servers": [{"url": HOST}]} for name in OPERATIONS
    ]
    specs = [openapi_core.OpenAPI.from_dict(spec, config=config) for spec in files]
    assert {each.path.rpartition("/")[2] for each in account.asked} > {"send", "cancel", "transactions", "invoices"}
    for asked in account.asked:
        request = MockRequest(
            HOST,
            asked.method.lower(),
            asked.path,
            args=asked.query,
            headers={"Authorization": "Bearer x"},
            data=None if asked.body is None else json.dumps(asked.body).encode(),
            content_type="application/json",
        )
        spec = specs["reporting" not in asked.path]
        spec.validate_request(request)
