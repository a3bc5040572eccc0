"""The words of the law stand on a document in a language of the issuer's tax office and in the client's."""

import pytest
from tests.contract.tax.parties import client, decided, issuer

from git_bill.adapters.tables import vat_table

TABLE = vat_table()
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", ["DE", "FR", "NL", "AT", "BE", "DK", "IE", "LU", "ES", "IT", "PL"])
def test_a_client_reads_why_there_is_no_tax(country: str, language: str) -> None:
    home = TABLE.countries[country]
    seller, small = issuer(country), issuer(country, tax_scheme="small-business")
    inside = client("DE" if country == "FR" else "FR", language=language)
    outside = client("US", language=language, vat_id=None)
    exempt = home.small_business.notes if home.small_business is not None else {}
    cases = [
        (decided(seller, inside), "AE", TABLE.reverse_charge),
        (decided(seller, outside), "O", {**TABLE.outside, **home.outside}),
        (decided(seller, inside, supply="goods"), "K", TABLE.intra_community),
        (decided(seller, outside, supply="goods"), "G", TABLE.export),
    ]
    if not home.no_small_business:
        cases += [(decided(small, client(country, language=language)), "E", {**TABLE.small_enterprise, **exempt})]
    for tax, category, words in cases:
        assert tax.category == category
        said = (tax.note or "").split(" / ")
        assert words[language] in said
        assert said[0] == words.get(home.languages[0], words[language]) or language in home.languages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", ["GB", "CH", "AU", "NZ", "SG"])
def test_outside_the_eu_the_client_s_language_stands_beside_the_law_s_words(country: str, language: str) -> None:
    home = TABLE.countries[country]
    assert home.abroad is not None
    assert home.small_business is not None
    for seller, buyer, own, general in (
        (issuer(country), client("FR", language=language), home.abroad.notes, TABLE.abroad),
        (
            issuer(country, tax_scheme="small-business"),
            client(country, language=language),
            home.small_business.notes,
            TABLE.not_registered,
        ),
    ):
        said = (decided(seller, buyer).note or "").split(" / ")
        assert own[home.languages[0]] in said or language in home.languages
        assert {**general, **own}[language] in said
