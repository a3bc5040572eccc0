"""Ready answers: six wordings in three tones and seven languages, with the facts of the invoice."""

from dataclasses import replace

import pytest
from tests.flows.shelf import invoice
from tests.receivable.dispute.cases import dispute, euro

from git_bill.adapters.tables import wording
from git_bill.invoice.document.catalogue import read_catalogue
from git_bill.receivable.dispute.reply import TEMPLATES, TONES, Tone, reply_text

LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pl")
NO_OBLIGATION = {
    "en": "without recognising any legal obligation",
    "de": "ohne Anerkennung einer Rechtspflicht",
    "es": "sin reconoc",
    "fr": "sans reconnaissance d’aucune obligation",
    "it": "senza riconosc",
    "nl": "zonder e",
    "pl": "bez uznania jakiegokolwiek zobowiązania",
}


def said(template: str, tone: Tone, language: str, **facts: object) -> str:
    return reply_text(
        dispute(),
        invoice(head="0" * 12),
        wording(),
        template=template,
        tone=tone,
        undisputed=euro("1234.50"),
        language=language,
        **facts,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wording_in_every_tone(language: str) -> None:
    texts = {(name, tone): said(name, tone, language, offer=euro("59.50")) for name in TEMPLATES for tone in TONES}
    assert len(set(texts.values())) == len(TEMPLATES) * len(TONES)
    for (name, tone), text in texts.items():
        greeting, body, closing = text.split("\n\n")
        assert "INV-2026-0032" in body, (name, tone)
        assert "{" not in text
        assert len(body) < 420, (name, tone)
        assert "Acme GmbH" in greeting
        assert closing.endswith("\nMira Kovac Software")
        if name == "offer":
            assert NO_OBLIGATION[language] in body, tone
            assert "59" in body
        if name == "undisputed":
            assert "234" in body
            assert "595" in body or tone == "conciliatory"


def test_amounts_and_days_are_written_as_the_language_does() -> None:
    german = said("undisputed", "firm", "de")
    assert "1.234,50 EUR" in german
    assert "2. Dezember 2026" in german
    assert "1,234.50 EUR" in said("undisputed", "firm", "en")


def test_own_words_go_before() -> None:
    own = read_catalogue(
        'msgctxt "dispute_say_credit_neutral"\nmsgid "x {number} {offer}"\nmsgstr "Pardon: {offer} ({number})"\n'
    )
    mine = replace(wording(), own={"de": own})
    text = reply_text(
        dispute(), invoice(head="0" * 12), mine, template="credit", tone="neutral", undisputed=euro("1.00")
    )
    assert "Pardon: 595,00 EUR (INV-2026-0032)" in text
