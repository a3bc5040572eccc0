"""Providers' reasons: all that the installed library names are known, whatever is not is told as other."""

import inspect
import re
from typing import get_args

import pytest
import stripe

from git_bill.receivable.dispute.record import Why
from git_bill.receivable.dispute.why import _PROVIDERS, reason_of


def test_every_reason_that_stripe_names_is_known() -> None:
    source = inspect.getsource(inspect.getmodule(stripe.Dispute) or stripe)
    (said,) = re.findall(r"Reason given by cardholder for dispute\. Possible values are (.+?)\. Learn", source)
    named = re.findall(r"`(\w+)`", said)
    assert len(named) > 10
    assert set(named) <= set(_PROVIDERS)
    assert set(_PROVIDERS.values()) <= set(get_args(Why))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("product_not_received", "not-received"),
        ("product not received", "not-received"),
        ("MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED", "quality"),
        ("fraudulent", "not-ordered"),
        ("a new one", "other"),
        ("", "other"),
    ],
)
def test_a_providers_reason_in_our_words(said: str, found: str) -> None:
    assert reason_of(said) == found
