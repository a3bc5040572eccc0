"""What moved Stripe's balance, as remittances. Pure.

Kinds follow the reporting category. https://docs.stripe.com/reports/reporting-categories, read 2026-11.
A debit (SEPA, ACH) has a movement from when it is handed to the banks; only its charge tells whether it was paid:
https://support.stripe.com/questions/changes-to-balance-transaction-behavior-for-debit-payment-methods
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from git_bill.adapters.stripe.amounts import money
from git_bill.adapters.stripe.marks import NUMBER, ident, mark
from git_bill.money import Money
from git_bill.receivable.feeds.feed import clean
from git_bill.receivable.remittance import Kind, Remittance, provider_id

RAIL = "stripe"
FEED = "stripe-api"
_LAST = 2**32  # seconds: the year 2106
_KINDS: Mapping[str, Kind] = {
    "charge": "payment",
    "charge_failure": "chargeback",
    "refund": "refund",
    "refund_failure": "refund",
    "partial_capture_reversal": "refund",
    "dispute": "chargeback",
    "dispute_reversal": "chargeback",
    "payout": "payout",
    "payout_reversal": "payout",
    "topup": "payout",
    "topup_reversal": "payout",
    "fee": "fee",
    "network_cost": "fee",
    "tax": "fee",
}


def is_pending(movement: Mapping[str, Any]) -> bool:
    """Whether it is a debit of which nobody knows yet if the client's bank pays it: it is not booked until then."""
    return _is_payment(movement) and _source(movement).get("status") == "pending"


def wants_invoice(movement: Mapping[str, Any]) -> str:
    """The payment intent of a payment that does not name an invoice itself; "" for anything else."""
    source = _source(movement)
    return "" if not _is_payment(movement) or mark(source, NUMBER) else ident(source.get("payment_intent"))


def remittance(movement: Mapping[str, Any], zone: ZoneInfo, number: str = "") -> Remittance | None:
    """A balance transaction with its source expanded; None where it moved nothing, and while it is pending.

    Raises ValueError, LookupError, TypeError, AttributeError or ArithmeticError at what can't be read.
    `number`: of the invoice that it pays, where its own metadata does not say. Days are those of the issuer's zone.
    """
    source = _source(movement)
    net = money(movement["net"], movement["currency"])
    if not net or is_pending(movement):
        return None
    fee = money(movement["fee"], movement["currency"])
    failed = _is_payment(movement) and source.get("status") == "failed"
    person = source.get("billing_details") or {}
    arrival = source.get("arrival_date")
    return Remittance(
        id=provider_id(RAIL, movement["id"]),
        rail=RAIL,
        feed=FEED,
        account=RAIL,
        booked=_day(movement["created"], zone),
        # a payout's day of arrival is told as midnight UTC
        value_date=_day(arrival, UTC) if arrival else _day(movement["available_on"], zone),
        amount=net,
        kind="other" if failed else _kind(movement),
        payer=clean(person.get("name")),
        payer_account=clean(person.get("email")),
        text=clean(_text(movement, source, zone)),
        reference="" if failed or not _is_payment(movement) else clean(mark(source, NUMBER) or number),
        end_to_end=ident(source),
        bank_reference=movement["id"],
        fee=fee or None,
        original=_original(source, net.currency),
        rate=_rate(movement),
        reverses=_failure(source) if failed else _reverses(movement, source),
        reason=clean(source.get("reason")) if movement["reporting_category"] == "dispute" else "",
        answer_by=_answer_by(movement, source, zone),
    )


def _rate(movement: Mapping[str, Any]) -> Decimal | None:
    told = movement.get("exchange_rate")
    rate = Decimal(str(told)) if told else None
    if rate is not None and not (rate.is_finite() and rate > 0):
        raise ValueError(f"{told!r} is no rate of exchange")
    return rate


def _kind(movement: Mapping[str, Any]) -> Kind:
    return _KINDS.get(movement["reporting_category"], "other")


def _is_payment(movement: Mapping[str, Any]) -> bool:
    return bool(movement["reporting_category"] == "charge")


def _source(movement: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object behind a movement; of one that this key may not see, the id alone."""
    found = movement.get("source")
    return found if isinstance(found, Mapping) else {"id": found}


def _original(source: Mapping[str, Any], settled: str) -> Money | None:
    """What the client paid, or got back, in another currency than the balance's."""
    amount, currency = source.get("amount"), source.get("currency")
    if not isinstance(amount, int) or not isinstance(currency, str) or currency.upper() == settled:
        return None
    return money(abs(amount), currency)


def _reverses(movement: Mapping[str, Any], source: Mapping[str, Any]) -> str:
    """What it takes back: a payment by the charge's id, a movement of the same object by the movement's id."""
    match movement["reporting_category"]:
        case "charge_failure":
            return ident(source.get("charge")) or ident(source)
        case "refund" | "partial_capture_reversal" | "dispute":
            return ident(source.get("charge"))
        case "refund_failure" | "payout_reversal" | "topup_reversal":
            return ident(source.get("balance_transaction"))
        case "dispute_reversal":
            taken = (each for each in source.get("balance_transactions") or () if each.get("net", 0) < 0)
            return next((ident(each) for each in taken), "")
    return ""


def _failure(charge: Mapping[str, Any]) -> str:
    """A debit that failed before anybody knew of it: it and its failure take back each other."""
    return ident(charge.get("failure_balance_transaction")) or ident(charge)


def _text(movement: Mapping[str, Any], source: Mapping[str, Any], zone: ZoneInfo) -> str:
    """What it is about. Words of strangers stay words: nothing here decides anything."""
    said = str(movement.get("description") or "")
    reason = str(source.get("reason") or "").replace("_", " ")
    match movement["reporting_category"]:
        case "charge" if source.get("status") == "failed":
            return f"payment failed: {source.get('failure_message') or source.get('failure_code') or 'no reason given'}"
        case "charge_failure":
            return f"payment failed: {source.get('failure_message') or said}"
        case "dispute":
            return f"chargeback: {reason or 'no reason given'}"
        case "dispute_reversal":
            return f"chargeback taken back: {reason or said}"
        case "refund":
            return f"refund: {reason or said}"
    return said


def _answer_by(movement: Mapping[str, Any], source: Mapping[str, Any], zone: ZoneInfo) -> date | None:
    """The last whole day for evidence against a chargeback: Stripe's ends at a minute, mostly midnight UTC."""
    due = (source.get("evidence_details") or {}).get("due_by") if movement["reporting_category"] == "dispute" else None
    return _day(due + 1, zone) - timedelta(days=1) if due else None


def _day(seconds: int, zone: tzinfo) -> date:
    if not 0 <= seconds < _LAST:
        raise ValueError(f"{seconds!r} is no instant of Stripe's")
    return datetime.fromtimestamp(seconds, zone).date()
