"""Taxes that states and provinces levy: US sales tax, Canada's GST, HST and provincial taxes, India's CGST and SGST.

1. US: a state taxes software services or it does not; where it does, who has nexus there (is at home or registered)
   collects it. Cities add to most rates, so a person says the combined one of the client's address.
2. Canada: GST or HST by the province of the client's address (Excise Tax Act s. 165, New Harmonized Value-added Tax
   System Regulations s. 13); QST and PST are collected by who is at home or registered in the province.
3. India: within one state CGST and SGST, half the rate each; between states IGST (IGST Act 2017 s. 7, 8, 12(2)). The
   state is that of the GSTIN's first two digits, else of the address.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.case import Case, Tax, standard_rate, uncertain, undecided, unsaid
from git_bill.contract.tax.levy import Component
from git_bill.contract.tax.table import Country, Levy, Region, VatTable
from git_bill.layout import SETTINGS
from git_bill.period import Period
from git_bill.problem import Problem, nearest


def by_region(case: Case) -> Tax | Problem:
    """The taxes of the client's state, or of both states together."""
    if case.home.by_region == "both":
        return _between_states(case)
    code = region_of(case, case.client)
    if code is None:
        return _unknown(case, "client", case.client.region)
    region = case.home.regions[code]
    levy, change = region.levy_on(case.period.first), region.change_within(case.period)
    if levy is None:
        return undecided(f"the taxes of {region.name} on {case.period.first} are not built in")
    if change is not None:
        before = Period(case.period.first, change.from_ - timedelta(days=1))
        return Problem(
            rule="tax-rate-changed",
            message=f"the taxes of {region.name} changed on {change.from_}, within {case.period} ({change.law})",
            hint=f"draft two periods: --period {before.first}..{before.last} "
            f"and --period {change.from_}..{case.period.last}",
        )
    return _levied(case, code, region, levy)


def levy_doubts(case: Case) -> Iterator[Problem]:
    """A warning about a state's rule that is not certain for what the issuer does there."""
    code = region_of(case, case.client) if case.home.by_region == "client" and case.here == case.there else None
    region = case.home.regions[code] if code is not None else None
    levy = region.levy_on(case.period.last) if region is not None else None
    if region is not None and levy is not None and levy.unsure and not case.is_small:
        yield uncertain(
            f"{region.name}: {levy.unsure} ({levy.law})",
            'in the client\'s file: [tax] category = "O" because = "…", or category = "S" rate = "…" because = "…"',
        )


def _levied(case: Case, code: str, region: Region, levy: Levy) -> Tax | Problem:
    """What a state's rule gives for this issuer."""
    name = f"{case.here}-{code}"
    present = name in case.issuer.tax.registered or region_of(case, case.issuer) == code
    if levy.ask and (present or not levy.common):
        return undecided(f"{region.name}: {levy.ask} ({levy.law})", 'category = "S" rate = "…" because = "…"')
    own = levy.own
    if own and not present:
        if not levy.common:
            return unsaid(
                f"{region.name} taxes software services ({levy.law}), and who has nexus there must collect it",
                f'if you have, say so in {SETTINGS}: [issuer.tax] registered = ["{name}"]; '
                'if not, in the client\'s file: [tax] category = "O" because = "no nexus"',
            )
        own = ()
    if own and levy.local:
        if case.combined_rate is None:
            return undecided(
                f"cities of {region.name} add to its {own[0].rate.normalize():f} % ({levy.law})",
                f'combined_rate = "{own[0].rate.normalize():f}" because = "rate of the client\'s address"',
            )
        own = (Component(name=own[0].name, rate=case.combined_rate, taxed=own[0].taxed),)
    components = (*levy.common, *own)
    rate = sum((each.effective for each in components), Decimal(0))
    source = f"{levy.law}: {region.name} since {levy.from_}"
    if not rate:
        return Tax(category="O", note=f"No sales tax on these services in {region.name}", source=source)
    single = len(components) == 1 and components[0].taxed == 100 and components[0].name == case.home.tax
    return Tax(category="S", rate=rate, components=() if single else components, source=source)


def _between_states(case: Case) -> Tax | Problem:
    """India's GST."""
    tax = standard_rate(case, case.home, case.issuer.country)
    if isinstance(tax, Problem):
        return tax
    states = []
    parties: tuple[tuple[str, Issuer | Client], ...] = (("issuer", case.issuer), ("client", case.client))
    for who, party in parties:
        state = _state(case, party)
        if state is None:
            return _unknown(case, who, party.region)
        states.append(state)
    if states[0] != states[1]:
        parts: tuple[Component, ...] = (Component(name="IGST", rate=tax.rate),)
        law = "IGST Act 2017 s. 5, 7(3)"
    else:
        own = "UTGST" if case.home.regions[states[0]].union_territory else "SGST"
        parts = (Component(name="CGST", rate=tax.rate / 2), Component(name=own, rate=tax.rate / 2))
        law = f"CGST Act 2017 s. 9, {own} Act, IGST Act 2017 s. 8(2)"
    return Tax(category="S", rate=tax.rate, components=parts, source=f"{law}; {tax.source}")


def _state(case: Case, party: Issuer | Client) -> str | None:
    """An Indian state by ISO 3166-2: by the first two digits of a GSTIN, else by the address."""
    digits = (party.vat_id or "")[:2]
    regions = case.home.regions
    by_number = next((code for code, region in regions.items() if digits and region.digits == digits), None)
    return by_number or named_region(case.home, case.here, party.region)


def region_of(case: Case, party: Issuer | Client) -> str | None:
    """The state a party is in, by its region, or by a country code that is one (PR)."""
    return named_region(case.home, case.here, party.region or (None if party.country == case.here else party.country))


def home_unsaid(table: VatTable, issuer: Issuer) -> Problem | None:
    """A warning about an issuer whose taxes depend on its state, where that is not said or is none."""
    code = table.code(issuer.country)
    country = table.countries.get(code)
    if country is None or country.by_region == "no" or named_region(country, code, issuer.region or issuer.country):
        return None
    said = f"{issuer.region!r} is none" if issuer.region else "it is not said"
    return Problem(
        rule="region-unsaid",
        severity="warning",
        message=f"in {issuer.country} taxes depend on your state or province, and {said}",
        hint=f'write it by ISO 3166-2, in [issuer]: region = "{next(iter(country.regions))}"',
        file=SETTINGS,
        at=("issuer",),
    )


def named_region(country: Country, here: str, said: str | None) -> str | None:
    """The state that an address names: by ISO 3166-2, with or without the country, or by its name."""
    regions, word = country.regions, (said or "").strip().casefold()
    names = {region.name.removeprefix("the ").casefold(): code for code, region in regions.items()}
    code = word.removeprefix(f"{here}-".casefold()).upper()
    return code if code in regions else names.get(word.removeprefix("the "))


def _unknown(case: Case, who: str, said: str | None) -> Problem:
    """A state that must be known and is not."""
    what = f"{said!r} is no state or province of {case.here}" if said else "its state or province is not said"
    names = {region.name: code for code, region in case.home.regions.items()}
    example = names.get(nearest(said or "", names) or "", next(iter(names.values()), "…"))
    return Problem(
        rule="tax-undecided",
        message=f"the tax treatment is not decided: the {who}'s tax depends on where in {case.here} it is, and {what}",
        hint=f'write it below [{who}] by ISO 3166-2: region = "{example}"',
        file=SETTINGS if who == "issuer" else None,
        at=("issuer",) if who == "issuer" else (),
    )
