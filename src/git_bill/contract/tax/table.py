"""The tax tables: dated rates, rules and wordings, as `tables/tax/*.toml` and `billing/tax/*.toml` hold them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from git_bill.contract.base_rate import BaseSeries
from git_bill.contract.legal import Legal
from git_bill.contract.tax.document import DocumentRule
from git_bill.contract.tax.levy import Component, Surcharge
from git_bill.money import Money
from git_bill.period import Period
from git_bill.shape import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A standard rate and the first day of supply that it is for."""

    from_: date = key("first day of supply", name="from", example="2025-07-01")
    rate: Decimal = key("rate in percent", example='"24"')


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallBusiness:
    """A national exemption of small businesses (Directive 2006/112/EC Art. 284), or what one who is not registered
    says: what the document must say.

    `limit`: turnover of a year; the invoice that crosses it is taxable itself.
    """

    law: str = key("the provision", example='"UStG § 19(1)"')
    category: Literal["E", "O"] = key("UNTDID 5305 code", default="E")
    code: str | None = key("VATEX code, where the code list has one", default=None)
    notes: Mapping[str, str] = key("wording by language; without it the directive's", default_factory=dict)
    must_state: tuple[str, ...] = key("what else the document must say", default=())
    surcharges: tuple[Surcharge, ...] = key("what the law adds, such as a stamp", default=())
    limit: Money | None = key("turnover of a year that ends it at once", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Abroad:
    """Services to clients in another country: how the issuer's country treats them."""

    law: str = key("the provision", example='"GST Act 1999 s 38-190"')
    category: Literal["O", "G", "Z"] = key("UNTDID 5305 code", example='"O"')
    notes: Mapping[str, str] = key("wording by language", default_factory=dict)
    consumers: bool = key("consumers abroad are treated alike", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Levy:
    """Taxes of a state or province from a day on.

    `common`: by everyone who is registered in the country; `own`: by those who are registered in the state. `local`:
    cities add to its own rate, so a person must say the combined one. `ask`: what a person must decide there; `unsure`:
    what a person should check, because it depends on more than is known.
    """

    from_: date = key("first day of supply", name="from", example="2025-10-01")
    law: str = key("the provision", example='"RCW 82.04.050"')
    common: tuple[Component, ...] = key("taxes that the country shares with it", default=())
    own: tuple[Component, ...] = key("its own taxes", default=())
    local: bool = key("cities add to its own rate", default=False)
    ask: str = key("what a person must decide", default="")
    unsure: str = key("what to check with an adviser", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A state, a province, or a place with rules of its own. `digits`: how GSTINs of an Indian state begin."""

    name: str = key("name", example='"Washington"')
    levies: tuple[Levy, ...] = key("its taxes, oldest first", default=())
    digits: str | None = key("beginning of its tax ids", default=None)
    union_territory: bool = key("India: UTGST in place of SGST", default=False)

    def levy_on(self, day: date) -> Levy | None:
        """What holds on a day of supply, None for days before the table begins."""
        return next((levy for levy in reversed(self.levies) if levy.from_ <= day), None)

    def change_within(self, period: Period) -> Levy | None:
        """The first other rule that begins after a period's first day and not after its last."""
        return next((levy for levy in self.levies if period.first < levy.from_ <= period.last), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with a standard rate of its own, by the beginning of its post codes: `category` L is IGIC, M is IPSI.

    `codes`: other words for it, as a region or as a country of its own (RE). `by_client`: between it and the rest of
    the country services to a business bear the rate of the client's place, none where it has none.
    """

    name: str = key("name", example='"the Canary Islands"')
    category: Literal["S", "L", "M"] = key("UNTDID 5305 code", default="S")
    tax: str = key("name of its tax", default="")
    law: str = key("the provision")
    rates: tuple[Rate, ...] = key("standard rates, oldest first", default=())
    codes: tuple[str, ...] = key("codes and names that it goes by", example='["ES-CN"]', default=())
    outside: bool = key("outside the VAT area, so services between it and the country are too", default=False)
    by_client: bool = key("within the country the client's place decides the rate", default=False)
    notes: Mapping[str, str] = key("wording of services to a business outside, by language", default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithholdingRule:
    """What clients in the issuer's country keep of a fee. `variant`: chosen by `[issuer.tax] withholding`.

    `unsure`: what could not be verified, or depends on more than is known: who is not told otherwise is warned.

    `until_year`: the variant ends with this year after that of the first day of the activity. `ask`: the law leaves it
    open, so that a person must choose a variant.
    """

    from_: date = key("first day of the document", name="from", example="2025-01-01")
    variant: str = key("chosen by [issuer.tax] withholding; the usual one has none", default="")
    name: str = key("its name on the document", example='"IRS"')
    rate: Decimal = key("rate", example='"23"')
    over: Decimal = key("what the rate is a part of; 100 for percent", default=Decimal(100))
    of: Literal["net", "tax", "labour"] = key("what it is part of", default="net")
    above: Decimal = key("only if the net is more than this", default=Decimal(0))
    payer: Literal["business", "company"] = key("who keeps it", default="business")
    payee: Literal["person", "any"] = key("of whose fees", default="person")
    until_year: int | None = key("the variant ends so many years after the first", default=None)
    law: str = key("the provision")
    unsure: str = key("what to check with an adviser", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxPoint:
    """Which day's rate a service bears when its rate changes (Directive 2006/112/EC Art. 63 to 66, 93, 95).

    `advance`: of what is billed before it is done: the rate of the day it is done, or that of the day it is paid; a
    country that does not say asks a person. `late`: what a person should look at before late work is billed.
    """

    law: str = key("the provision", example='"UStG § 27(1)"')
    advance: Literal["performance", "payment"] = key("which day's rate what is billed in advance bears")
    late: str = key("what else may decide the day of work that was done before", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One country that issuers may be in. `languages`: of its tax office, the first is the default.

    `elsewhere`: beginnings of post codes of places where its standard rate does not hold → name of the place.
    `by_region`: who must know the state: nobody, the client's, or whether it is the issuer's.
    """

    languages: tuple[str, ...] = key("languages of its documents", example='["de"]', default=())
    law: str = key("the provision that sets the rate", example='"UStG § 12(1)"', default="")
    tax: str = key("name of its tax", default="VAT")
    rates: tuple[Rate, ...] = key("standard rates, oldest first", default=())
    tax_point: TaxPoint | None = key("which day's rate holds when it changes", default=None)
    eu: bool = key("a member state of the EU", default=False)
    prefix: str | None = key("beginning of its VAT ids, if not its code", example='"EL"', default=None)
    small_business: SmallBusiness | None = key("exemption of small businesses", default=None)
    no_small_business: str = key("why there is no such exemption", default="")
    outside: Mapping[str, str] = key("own wording of what is outside the scope", default_factory=dict)
    abroad: Abroad | None = key("services to clients in other countries", default=None)
    by_region: Literal["no", "client", "both"] = key("what its tax depends on", default="no")
    regions: Mapping[str, Region] = key("states and provinces by ISO 3166-2", default_factory=dict)
    places: Mapping[str, Place] = key("places with a rate of their own by post code", default_factory=dict)
    elsewhere: Mapping[str, str] = key("places with other rules by post code", default_factory=dict)
    withholding: tuple[WithholdingRule, ...] = key("what clients keep of fees", default=())
    withholding_asks: str = key("why a person must choose a variant", default="")
    documents: tuple[DocumentRule, ...] = key("what a document of ours is worth, oldest first", default=())
    legal: Legal = key("what its documents must state and say", default=Legal())

    def rate_on(self, day: date) -> Rate | None:
        """The standard rate of a day of supply, None for days before the table begins."""
        return next((rate for rate in reversed(self.rates) if rate.from_ <= day), None)

    def change_within(self, period: Period) -> Rate | None:
        """The first other rate that begins after a period's first day and not after its last."""
        return next((rate for rate in self.rates if period.first < rate.from_ <= period.last), None)

    def place(self, postcode: str | None) -> str | None:
        """The place with other rules that a post code lies in."""
        return next((place for start, place in self.elsewhere.items() if _plain(postcode).startswith(start)), None)

    def own_place(self, postcode: str | None, *words: str | None) -> Place | None:
        """The place with a rate of its own that a post code lies in, or that a region or a country names."""
        found = (place for start, place in self.places.items() if _plain(postcode).startswith(start))
        said = {word.strip().casefold() for word in words if word}
        named = (p for p in self.places.values() if said & {code.casefold() for code in (p.name, *p.codes)})
        return next(found, None) or next(named, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class VatTable:
    """`tables/tax/*.toml` together. `part_of`: codes that count as another country for services, such as XI and EL."""

    schema: int = key("version of this file's form", default=1)
    source: str = key("where the rules of this file are from", default="")
    part_of: Mapping[str, str] = key("codes that count as another country", default_factory=dict)
    reverse_charge: Mapping[str, str] = key("wording by language", default_factory=dict)
    outside: Mapping[str, str] = key("wording of a supply outside the scope, by language", default_factory=dict)
    intra_community: Mapping[str, str] = key("wording of goods to another EU state", default_factory=dict)
    export: Mapping[str, str] = key("wording of goods that leave the EU", default_factory=dict)
    pass_through: Mapping[str, str] = key("wording of what was paid in the client's name", default_factory=dict)
    small_enterprise: Mapping[str, str] = key("wording of the EU's cross-border scheme", default_factory=dict)
    abroad: Mapping[str, str] = key("beside a country's words for services abroad", default_factory=dict)
    not_registered: Mapping[str, str] = key("beside a country's words for who is not registered", default_factory=dict)
    base_rates: Mapping[str, BaseSeries] = key(
        "base rates of late interest: `ecb`, or a country's own by its code", default_factory=dict
    )
    countries: Mapping[str, Country] = key("countries by ISO 3166-1 code", default_factory=dict)

    def code(self, country: str) -> str:
        """The country whose rules hold for services."""
        return self.part_of.get(country, country)

    def is_eu(self, country: str) -> bool:
        """Whether a country belongs to the VAT area of the EU for services."""
        found = self.countries.get(self.code(country))
        return found is not None and found.eu

    def country_of_vat_id(self, vat_id: str) -> str | None:
        """The EU state, or the neighbour, whose prefix a VAT id has; None for a prefix that the table does not know."""
        start = vat_id[:2].upper()
        if start in self.part_of:
            return self.part_of[start]
        prefixes = {country.prefix or code * country.eu: code for code, country in self.countries.items()}
        return prefixes.get(start)


def _plain(postcode: str | None) -> str:
    return "".join(c for c in postcode or "" if c.isalnum()).upper()
