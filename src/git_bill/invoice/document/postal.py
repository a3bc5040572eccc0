"""Addresses as people write them."""

import re

from git_bill.contract.party import Client, Issuer
from git_bill.invoice.document.locale import postal_country
from git_bill.invoice.document.text import printable

_STATE_BEHIND = frozenset({"US", "CA", "AU"})  # Austin, TX 78701
_CODE_ALONE = frozenset({"GB", "IE"})
_CODE_BEHIND = frozenset({"IN", "JP", "KR", "NZ", "SG", "TH", "ZA"})  # Singapore 018956
_STATE_SHORT = frozenset({"IT"})  # 20121 Milano MI
_HAN = re.compile("[\u3041-\u30ff\u3400-\u9fff]")


def shown(*texts: str | None) -> list[str]:
    """Lines that are there, printable."""
    return [line for text in texts if text and (line := printable(text))]


def address_lines(party: Issuer | Client) -> list[str]:
    """Street and place in the country's order (UPU S42): code before the city, in the US behind, in GB on its own line.

    In Japan, written in its own letters: from the code to the street.
    """
    if party.country in _STATE_BEHIND:
        places = [", ".join(shown(party.city, " ".join(shown(party.region, party.postcode))))]
    elif party.country in _CODE_ALONE:
        places = shown(party.city, party.region, party.postcode)
    elif party.country == "JP" and _HAN.search(f"{party.city}{party.street}"):
        return shown(party.postcode and f"〒{party.postcode}", "".join(shown(party.region, party.city, party.street)))
    elif party.country in _CODE_BEHIND:
        places = shown(" ".join(shown(party.city, party.postcode)), party.region)
    elif party.country in _STATE_SHORT:
        places = [" ".join(shown(party.postcode, party.city, party.region))]
    else:
        places = shown(" ".join(shown(party.postcode, party.city)), party.region)
    return shown(party.street, *places)


def client_lines(client: Client, issuer_country: str) -> list[str]:
    """What stands in the envelope's window: name, address, and the country where it is not the issuer's."""
    abroad = postal_country(client.country, issuer_country) if client.country != issuer_country else ""
    return [*shown(client.name, client.attention, *address_lines(client)), *filter(None, [abroad])]
