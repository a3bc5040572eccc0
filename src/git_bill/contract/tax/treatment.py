"""Tax treatment: category, rate and wording of a supply of software services, from who bills, who pays and when.

What is not decided here is a `Problem` that says what to decide; never a silent 0 %.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from git_bill.contract.agreement import TaxChoice
from git_bill.contract.country import UNKNOWN
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.table import Country, VatTable
from git_bill.period import Period
from git_bill.problem import Problem
from git_bill.shape import key

Category = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M"]

# VATEX codes that go with a category by themselves (EN 16931 code list, BR-CL-22).
_REASON_CODES: Mapping[str, str] = {
    "AE": "VATEX-EU-AE",
    "K": "VATEX-EU-IC",
    "G": "VATEX-EU-G",
    "O": "VATEX-EU-O",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """The tax treatment of a supply (UNTDID 5305 code BT-151, rate BT-152, VATEX code BT-121, wording BT-120)."""

    category: Category = key("UNTDID 5305 code", example='"S"')
    rate: Decimal = key("rate in percent", example='"19"', default=Decimal(0))
    reason_code: str | None = key("VATEX code", example='"VATEX-EU-AE"', default=None)
    note: str | None = key("wording on the document", default=None)
    source: str = key("law or person that decided it", default="")


def decide(
    issuer: Issuer, client: Client, period: Period, table: VatTable, choice: TaxChoice | None = None
) -> Tax | Problem:
    """The treatment of services supplied in a period, or a Problem with what is to be decided.

    Sources: Directive 2006/112/EC Art. 44 (business: place of the customer), 45 (consumer: place of the supplier),
    196 (the customer owes the tax), 226(11a) (its wording), 284 (small businesses); national provisions in the table.
    """
    if choice is not None:
        return _chosen(choice, issuer, client, table)
    unclear = _unclear(issuer, client, table)
    if unclear is not None:
        return unclear
    here, there = table.code(issuer.country), table.code(client.country)
    home = table.countries[here]
    inside = home.eu and table.is_eu(there)
    if here == there or (inside and not client.business):
        return _at_home(home, issuer, client, period)
    if inside:
        return _reverse_charge(home, issuer, client, table)
    if home.eu and client.business:
        return Tax(
            category="O",
            reason_code=_REASON_CODES["O"],
            note=_wording(table.outside, home, client),
            source=f"Directive 2006/112/EC Art. 44: services to a business in {client.country}, outside the EU",
        )
    kind = "business" if client.business else "consumer"
    return _undecided(f"services from {issuer.country} to a {kind} in {client.country} have no built-in treatment")


def _chosen(choice: TaxChoice, issuer: Issuer, client: Client, table: VatTable) -> Tax:
    """What a person decided, with the code and the wording that its category has by itself."""
    home = table.countries.get(table.code(issuer.country))
    wordings = {"AE": table.reverse_charge, "O": table.outside}.get(choice.category)
    return Tax(
        category=choice.category,
        rate=Decimal(choice.rate),
        reason_code=_REASON_CODES.get(choice.category),
        note=choice.note or (_wording(wordings, home, client) if wordings else None),
        source=f"decided: {choice.because}",
    )


def _unclear(issuer: Issuer, client: Client, table: VatTable) -> Problem | None:
    """What must be known first: rules of the issuer's country, and that place and VAT id of both parties agree."""
    if UNKNOWN in {issuer.country, client.country}:
        who = "issuer" if issuer.country == UNKNOWN else "client"
        return Problem(
            rule="unknown-country",
            message=f"the {who}'s country is not known yet, so no tax can be told",
            hint=f'write it below [{who}]: country = "DE"',
        )
    if table.code(issuer.country) not in table.countries:
        return _undecided(f"the tax rules of {issuer.country} are not built in")
    parties: tuple[tuple[str, Issuer | Client], ...] = (("issuer", issuer), ("client", client))
    for who, party in parties:
        code = table.code(party.country)
        known = table.countries.get(code)
        place = known.place(party.postcode) if known else None
        if place is not None:
            return _undecided(f"the {who} is in {place} ({party.postcode}), where other rules hold than in {code}")
        registered = table.country_of_vat_id(party.vat_id) if party.vat_id else code
        if registered != code and (registered is not None or table.is_eu(code)):
            return Problem(
                rule="vat-id-of-another-country",
                message=f"the {who}'s VAT id {party.vat_id} is not from {party.country}, where its address is",
                hint="give address and VAT id of the same establishment, "
                'or decide in the client\'s file: [tax] category = "AE" because = "…"',
            )
    return None


def _at_home(home: Country, issuer: Issuer, client: Client, period: Period) -> Tax | Problem:
    """The standard rate of the day of supply at the issuer's place; for a small business its national exemption."""
    code = issuer.country
    reach = "" if client.country == code else "Directive 2006/112/EC Art. 45, a consumer in another EU country; "
    if issuer.tax_scheme == "small-business":
        return _small_business(home, code, client, reach)
    old, change = home.rate_on(period.first), home.change_within(period)
    if old is None:
        return _undecided(f"the standard rate of {code} on {period.first} is not built in")
    if change is None:
        return Tax(category="S", rate=old.rate, source=f"{reach}{home.law}: standard rate of {code} since {old.from_}")
    before = Period(period.first, change.from_ - timedelta(days=1))
    return Problem(
        rule="tax-rate-changed",
        message=f"the standard rate of {code} changed from {old.rate} % to {change.rate} % on {change.from_}, "
        f"within {period}",
        hint=f"draft two periods: --period {before.first}..{before.last} and --period {change.from_}..{period.last}",
    )


def _small_business(home: Country, code: str, client: Client, reach: str) -> Tax | Problem:
    """The national exemption, with the wording that its law asks for."""
    scheme = home.small_business
    if scheme is None:
        return _undecided(
            f"the small-business scheme of {code} is not built in", 'category = "E" note = "…" because = "…"'
        )
    return Tax(
        category="E",
        reason_code=scheme.code,
        note=_wording(scheme.notes, home, client),
        source=f"{reach}{scheme.law}: exemption of small businesses",
    )


def _reverse_charge(home: Country, issuer: Issuer, client: Client, table: VatTable) -> Tax | Problem:
    """Business to business over an EU border: the customer owes the tax (Art. 44, 196), small businesses included.

    Source for the latter: Art. 283(1)(c), the exemption of small businesses ends at the border of their state. Both
    VAT ids must be on the invoice (Art. 226(3) and (4)).
    """
    for who, vat_id, fix in (
        ("issuer", issuer.vat_id, 'add vat_id = "…" to [issuer] in billing.toml'),
        ("client", client.vat_id, 'add vat_id = "…" to [client] in its file, or business = false for a consumer'),
    ):
        if vat_id is None:
            return Problem(
                rule="vat-id-missing",
                message=f"reverse charge from {issuer.country} to {client.country} needs the {who}'s VAT id",
                hint=fix,
            )
    return Tax(
        category="AE",
        reason_code=_REASON_CODES["AE"],
        note=_wording(table.reverse_charge, home, client),
        source="Directive 2006/112/EC Art. 44 and 196: the business that receives the services owes the tax",
    )


def _wording(texts: Mapping[str, str], home: Country | None, client: Client) -> str:
    """The wording in a language of the issuer's tax office, and in the client's where that is another one.

    Any official language does (Art. 226(11a); UStAE 14a.1(6) lists them), but the issuer's office reads its own.
    """
    language = client.language.split("-", maxsplit=1)[0]
    own = home.languages if home is not None else ("en",)
    wanted = (language,) if language in own else (own[0], language)
    return " / ".join(dict.fromkeys(texts[name] for name in wanted if name in texts))


def _undecided(what: str, example: str = 'category = "O" because = "…"') -> Problem:
    return Problem(
        rule="tax-undecided",
        message=f"the tax treatment is not decided: {what}",
        hint=f"ask your adviser and write the decision into the client's file: [tax] {example}",
    )
