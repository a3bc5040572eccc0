"""Packaged templates, rendered in the sandbox."""

import jinja2
import pytest

from git_bill.adapters.jinja import Jinja

FACTS = {
    "number": "INV-2026-0032",
    "order": "",
    "payable": "2,487.10 EUR",
    "due": "22 December 2026",
    "date": "22 November 2026",
    "first": "1 October 2026",
    "last": "31 October 2026",
    "who": "Acme GmbH",
    "issuer": "Mira Kovac",
    "iban": "DE02120300000000202051",
    "link": "",
    "ledger": "3f2a9c41d07b",
}


def test_a_mail_as_the_client_reads_it() -> None:
    assert Jinja().render("mail.en.txt.j2", FACTS) == (
        "Subject: Invoice INV-2026-0032, 2,487.10 EUR due 22 December 2026\n\n"
        "Dear Acme GmbH,\n\n"
        "please find attached invoice INV-2026-0032 of 22 November 2026 for 1 October 2026 to 31 October 2026.\n"
        "Amount due: 2,487.10 EUR, payable by 22 December 2026.\n"
        "Please pay to DE02120300000000202051, reference INV-2026-0032.\n\n"
        "Kind regards\nMira Kovac\n\n-- \nLedger 3f2a9c41d07b\n"
    )


def test_a_fact_is_data() -> None:
    hostile = "{{ 7 * 7 }}{% for x in ''.__class__.__mro__ %}"
    assert hostile in Jinja().render("mail.de.txt.j2", {**FACTS, "who": hostile})


def test_a_missing_fact_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError, match="ledger"):
        Jinja().render("mail.en.txt.j2", {name: text for name, text in FACTS.items() if name != "ledger"})
