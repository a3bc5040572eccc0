"""What payment providers call the reasons of a chargeback, in our words.

Stripe: https://docs.stripe.com/disputes/categories; PayPal: Customer Disputes API v1, `dispute.reason`.
"""

import re
from collections.abc import Mapping

from git_bill.receivable.dispute.record import Why

_PROVIDERS: Mapping[str, Why] = {
    # Stripe
    "bank_cannot_process": "other",
    "check_returned": "other",
    "credit_not_processed": "price",
    "customer_initiated": "other",
    "debit_not_authorized": "not-ordered",
    "duplicate": "duplicate",
    "fraudulent": "not-ordered",
    "general": "other",
    "incorrect_account_details": "other",
    "insufficient_funds": "other",
    "noncompliant": "other",
    "product_not_received": "not-received",
    "product_unacceptable": "quality",
    "subscription_canceled": "not-ordered",
    "unrecognized": "not-ordered",
    # PayPal
    "merchandise_or_service_not_received": "not-received",
    "merchandise_or_service_not_as_described": "quality",
    "unauthorised": "not-ordered",
    "duplicate_transaction": "duplicate",
    "incorrect_amount": "price",
    "payment_by_other_means": "duplicate",
    "canceled_recurring_billing": "not-ordered",
    "problem_with_remittance": "other",
}


def reason_of(provider_reason: str) -> Why:
    """Our word for a provider's; `other` for one that is not known."""
    return _PROVIDERS.get(re.sub(r"[\s-]+", "_", provider_reason.strip().lower()), "other")
