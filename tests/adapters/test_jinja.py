"""Packaged templates, rendered in the sandbox."""

import jinja2
import pytest

from git_bill.adapters.jinja import Jinja
from git_bill.invoice.document.letter import MAIL_TEMPLATE

FACTS = {
    "subject": "Invoice INV-2026-0032, 2,487.10 EUR due 22 December 2026",
    "greeting": "Dear Acme GmbH,",
    "text": "please find attached invoice INV-2026-0032.\nAmount due: 2,487.10 EUR.",
    "closing": "Kind regards",
    "issuer": "Mira Kovac",
    "mark": "Ledger 3f2a9c41d07b",
}


def test_a_mail_as_the_client_reads_it() -> None:
    assert Jinja().render(MAIL_TEMPLATE, FACTS) == (
        "Subject: Invoice INV-2026-0032, 2,487.10 EUR due 22 December 2026\n\n"
        "Dear Acme GmbH,\n\n"
        "please find attached invoice INV-2026-0032.\nAmount due: 2,487.10 EUR.\n\n"
        "Kind regards\nMira Kovac\n\n-- \nLedger 3f2a9c41d07b\n"
    )


def test_a_fact_is_data() -> None:
    hostile = "{{ 7 * 7 }}{% for x in ''.__class__.__mro__ %}"
    assert hostile in Jinja().render(MAIL_TEMPLATE, {**FACTS, "text": hostile})


def test_a_missing_fact_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError, match="mark"):
        Jinja().render(MAIL_TEMPLATE, {name: text for name, text in FACTS.items() if name != "mark"})
