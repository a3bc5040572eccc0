"""Places with rules of their own within a country, by post code: the Canary Islands, Ceuta, Melilla, Madeira, …

1. The Canary Islands, Ceuta and Melilla are outside the VAT area (LIVA art. 3(2)); services to a business are taxed
   where the customer is (LIVA art. 69, Ley 20/1991 art. 17), so between them and the rest neither side charges tax.
2. Within one such place its own tax holds: IGIC 7 % (category L), IPSI (M, its rates are of the town's ordinances).
3. Madeira and the Azores have rates of their own (CIVA art. 18(3)); within one of them they hold.
4. The French overseas departments are outside the VAT area of the EU (Directive Art. 6(1)(c)), but not for services
   within France: to a business they bear the rate of its place, none in French Guiana and Mayotte (CGI art. 294, 296;
   BOI-TVA-GEO-20-40).
What is not one of these is decided by a person.
"""

from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.case import REASON_CODES, Case, Tax, small_business, standard_rate, undecided
from git_bill.contract.tax.table import Place, Rate
from git_bill.problem import Problem


def territorial(case: Case) -> Tax | Problem | None:
    """The treatment where a party is in such a place; None where none is."""
    for who, party in (("issuer", case.issuer), ("client", case.client)):
        known = case.table.countries.get(case.table.code(party.country))
        found = known.place(party.postcode) if known else None
        if found is not None:
            code = case.table.code(party.country)
            return undecided(f"the {who} is in {found} ({party.postcode}), where other rules hold than in {code}")
    here, there = _place(case, case.issuer), _place(case, case.client)
    if here is None and there is None:
        return None
    if (
        case.client.business
        and case.supply != "goods"
        and _within(case, there)
        and any(place is not None and place.by_client for place in (here, there))
    ):
        return _by_client(case, here, there)
    if here is not None and there is not None and here.name == there.name:  # a place may have several post codes
        return _inside(case, here)
    return _across(case, here, there)


def _place(case: Case, party: Issuer | Client) -> Place | None:
    """Where a party is, by its post code or region; a client by a code that is a part of the issuer's country, too."""
    country = case.table.countries.get(case.table.code(party.country))
    if country is not None:
        return country.own_place(party.postcode, party.region)
    return case.home.own_place(None, party.country) if case.here in case.table.countries else None


def _within(case: Case, there: Place | None) -> bool:
    """Whether both parties are in one country, which may have parts with country codes of their own."""
    return case.here == case.there or (there is not None and case.client.country in there.codes)


def _by_client(case: Case, here: Place | None, there: Place | None) -> Tax | Problem:
    """Services to a business bear the rate of its place."""
    if case.is_small:
        return small_business(case)
    if there is None and case.client.postcode is None:
        place = here.name if here is not None else case.here
        return undecided(f"the issuer is in {place}, and the client's post code, which decides the rate, is not said")
    if there is None:
        return standard_rate(case, case.home, case.issuer.country)
    if there.rates:
        return _inside(case, there)
    return Tax(
        category="O",
        reason_code=REASON_CODES["O"],
        note=case.wording(there.notes),
        source=f"{there.law}: services to a business in {there.name}",
    )


def _inside(case: Case, place: Place) -> Tax | Problem:
    """Both parties are in the place: its own rate."""
    if case.supply == "goods" or case.is_small or not place.rates:
        return undecided(
            f"issuer and client are in {place.name}, with rules of its own ({place.law})",
            f'category = "{place.category}" rate = "…" because = "…"',
        )
    rate: Rate | None = next((each for each in reversed(place.rates) if each.from_ <= case.period.first), None)
    changes = any(case.period.first < each.from_ <= case.period.last for each in place.rates)
    if rate is None or changes:
        return undecided(f"the rate of {place.name} changes within {case.period}, or is not built in for it")
    name = None if place.category == "S" else place.tax
    return Tax(
        category=place.category, rate=rate.rate, name=name, source=f"{place.law}: {place.tax} since {rate.from_}"
    )


def _across(case: Case, here: Place | None, there: Place | None) -> Tax | Problem | None:
    """One party is in the place, the other is not, or in another one. None: over a border the place decides nothing."""
    place = here or there
    assert place is not None  # `territorial` looked
    who = "issuer" if here is not None else "client"
    party: Issuer | Client = case.issuer if here is not None else case.client
    domestic = _within(case, there)
    if not domestic and not place.outside and case.client.business:
        return None
    unknown = domestic and there is None and case.client.postcode is None
    unsure = here is not None and (case.is_small or not place.notes)
    if not place.outside or not case.client.business or case.supply == "goods" or unknown or unsure:
        return undecided(
            f"the {who} is in {place.name} ({party.postcode or party.region or party.country}), where other rules hold "
            f"than in {case.here if domestic else case.there}",
            'category = "O" because = "…"' if place.outside else 'category = "S" rate = "…" because = "…"',
        )
    way = f"services to a business {'in ' + there.name if there else 'outside ' + place.name}"
    return Tax(
        category="O",
        reason_code=REASON_CODES["O"],
        note=case.wording(place.notes) if here is not None else case.outside_words,
        source=f"{place.law}; LIVA art. 69: {way}" if domestic or here else f"Directive 2006/112/EC Art. 44: {way}",
    )
