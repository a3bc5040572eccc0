"""Words in a client's language: the nearest catalogue that has them, the workspace's own first."""

from dataclasses import replace

import pytest

from git_bill.adapters.tables import wording
from git_bill.invoice.document.catalogue import read_catalogue
from git_bill.invoice.document.wording import Wording

OWN = read_catalogue('msgctxt "title"\nmsgid "Invoice"\nmsgstr "Honorarnote"\n')


@pytest.mark.parametrize(
    ("language", "title", "vat_id"),
    [
        ("en", "Invoice", "Your VAT ID"),
        ("en-GB", "Invoice", "Your VAT number"),
        ("en-IN", "Invoice", "Your GSTIN"),
        ("en-NZ", "Invoice", "Your VAT ID"),
        ("de", "Rechnung", "Ihre USt-IdNr."),
        ("de-AT", "Rechnung", "Ihre UID-Nr."),
        ("de-CH", "Rechnung", "Ihre MWST-Nr."),
        ("fr-CH", "Facture", "Votre n° de TVA"),
        ("pl", "Faktura", "NIP nabywcy"),
        ("ja", "Invoice", "Your VAT ID"),
    ],
)
def test_the_nearest_catalogue_speaks(language: str, title: str, vat_id: str) -> None:
    assert wording().say("title", language) == title
    assert wording().found("client_vat_id", language) == vat_id


def test_the_workspace_s_own_words_go_first() -> None:
    words = replace(wording(), own={"de": OWN})
    assert words.say("title", "de") == words.say("title", "de-AT") == "Honorarnote"
    assert words.say("due", "de") == "Zahlbetrag"
    assert words.say("title", "fr") == "Facture"
    assert words.say("client_vat_id", "de-AT") == "Ihre UID-Nr."
    assert replace(wording(), own={"de-AT": OWN}).say("title", "de") == "Rechnung"


def test_a_language_without_words_is_told_with_how_to_add_it() -> None:
    missing = wording().missing("ja")
    assert missing is not None
    assert missing.severity == "warning"
    assert "not translated to ja, the first is 'title': they stand in English" in missing.message
    assert 'billing/locale/ja.po, like msgctxt "title", below it msgid "Invoice"' in missing.hint
    assert wording().missing("en-NZ") is None
    begun = replace(wording(), own={"ja": OWN}).missing("ja")
    assert begun is not None
    assert "'title'" not in begun.message


def test_a_name_that_is_none_is_an_error() -> None:
    assert Wording().found("title", "en") is None
    with pytest.raises(KeyError, match="titel"):
        wording().say("titel", "de")


def test_only_the_catalogue_of_the_language_is_read() -> None:
    read = []

    def shipped(language: str) -> None:
        read.append(language)

    words = Wording(shipped=shipped, own={"de": OWN})
    assert words.say("title", "de") == "Honorarnote"
    assert read == []
