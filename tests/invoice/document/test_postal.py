"""Addresses in the order of their country."""

import pytest

from git_bill.contract.party import Client
from git_bill.invoice.document.locale import postal_country
from git_bill.invoice.document.postal import address_lines


@pytest.mark.parametrize(
    ("country", "street", "postcode", "city", "region", "lines"),
    [
        ("DE", "Werkstr. 1", "80331", "München", None, ["Werkstr. 1", "80331 München"]),
        ("FR", "12 rue de la Paix", "75002", "Paris", None, ["12 rue de la Paix", "75002 Paris"]),
        ("CH", "Bahnhofstrasse 1", "8001", "Zürich", None, ["Bahnhofstrasse 1", "8001 Zürich"]),
        ("IT", "Via Dante 5", "20121", "Milano", "MI", ["Via Dante 5", "20121 Milano MI"]),
        ("ES", "Calle Mayor 3", "15001", "A Coruña", "La Coruña", ["Calle Mayor 3", "15001 A Coruña", "La Coruña"]),
        ("US", "500 Congress Ave", "78701", "Austin", "TX", ["500 Congress Ave", "Austin, TX 78701"]),
        ("GB", "4 Lime Street", "EC3M 7AA", "London", None, ["4 Lime Street", "London", "EC3M 7AA"]),
        ("IE", "4 Dame Street", "D02 X285", "Dublin 2", None, ["4 Dame Street", "Dublin 2", "D02 X285"]),
        ("SG", "1 Raffles Place", "048616", "Singapore", None, ["1 Raffles Place", "Singapore 048616"]),
        ("IN", "12 MG Road", "560001", "Bengaluru", "Karnataka", ["12 MG Road", "Bengaluru 560001", "Karnataka"]),
        ("JP", "1-1 Chiyoda", "100-0001", "Tokyo", None, ["1-1 Chiyoda", "Tokyo 100-0001"]),
        ("JP", "千代田1-1", "100-0001", "千代田区", "東京都", ["〒100-0001", "東京都千代田区千代田1-1"]),
        ("AE", "Sheikh Zayed Rd", None, "Dubai", None, ["Sheikh Zayed Rd", "Dubai"]),
    ],
)
def test_an_address_stands_as_the_post_of_its_country_wants_it(
    *, country: str, street: str, postcode: str | None, city: str, region: str | None, lines: list[str]
) -> None:
    party = Client(name="Acme", country=country, street=street, postcode=postcode, city=city, region=region)
    assert address_lines(party) == lines


@pytest.mark.parametrize(
    ("code", "sender", "line"),
    [
        ("FR", "DE", "FRANKREICH"),
        ("DE", "FR", "ALLEMAGNE"),
        ("DE", "US", "GERMANY"),
        ("AT", "IN", "AUSTRIA"),
        ("US", "PL", "STANY ZJEDNOCZONE"),
        ("XQ", "DE", "XQ"),
    ],
)
def test_a_country_abroad_is_named_for_the_post_that_sends_it(code: str, sender: str, line: str) -> None:
    assert postal_country(code, sender) == line
