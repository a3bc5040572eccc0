"""The tax table: dated rates and the wordings that the law asks for, as `tables/vat_rates.toml` holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from git_bill.period import Period
from git_bill.shape import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A standard rate and the first day of supply that it is for."""

    from_: date = key("first day of supply", name="from", example="2025-07-01")
    rate: Decimal = key("rate in percent", example='"24"')


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallBusiness:
    """A national exemption of small businesses (Directive 2006/112/EC Art. 284): what the document must say."""

    law: str = key("the provision", example='"UStG § 19(1)"')
    code: str | None = key("VATEX code, where the code list has one", default=None)
    notes: Mapping[str, str] = key("wording by language", default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One country that issuers may be in. `languages`: of its tax office, the first is the default.

    `elsewhere`: beginnings of post codes of places where its standard rate does not hold → name of the place.
    """

    languages: tuple[str, ...] = key("languages of its documents", example='["de"]')
    law: str = key("the provision that sets the rate", example='"UStG § 12(1)"')
    rates: tuple[Rate, ...] = key("standard rates, oldest first")
    eu: bool = key("a member state of the EU", default=False)
    prefix: str | None = key("beginning of its VAT ids, if not its code", example='"EL"', default=None)
    small_business: SmallBusiness | None = key("exemption of small businesses", default=None)
    elsewhere: Mapping[str, str] = key("places with other rules by post code", default_factory=dict)

    def rate_on(self, day: date) -> Rate | None:
        """The standard rate of a day of supply, None for days before the table begins."""
        return next((rate for rate in reversed(self.rates) if rate.from_ <= day), None)

    def change_within(self, period: Period) -> Rate | None:
        """The first other rate that begins after a period's first day and not after its last."""
        return next((rate for rate in self.rates if period.first < rate.from_ <= period.last), None)

    def place(self, postcode: str | None) -> str | None:
        """The place with other rules that a post code lies in."""
        digits = "".join(c for c in postcode or "" if c.isalnum()).upper()
        return next((place for start, place in self.elsewhere.items() if digits.startswith(start)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class VatTable:
    """`tables/vat_rates.toml`. `part_of`: codes that count as another country for services, such as XI and EL."""

    schema: int = key("version of this file's form", default=1)
    part_of: Mapping[str, str] = key("codes that count as another country", default_factory=dict)
    reverse_charge: Mapping[str, str] = key("wording by language", default_factory=dict)
    outside: Mapping[str, str] = key("wording of a supply outside the scope, by language", default_factory=dict)
    countries: Mapping[str, Country] = key("countries by ISO 3166-1 code", default_factory=dict)

    def code(self, country: str) -> str:
        """The country whose rules hold for services."""
        return self.part_of.get(country, country)

    def is_eu(self, country: str) -> bool:
        """Whether a country belongs to the VAT area of the EU for services."""
        found = self.countries.get(self.code(country))
        return found is not None and found.eu

    def country_of_vat_id(self, vat_id: str) -> str | None:
        """The country whose prefix a VAT id has; None for a prefix that the table does not know."""
        start = vat_id[:2].upper()
        if start in self.part_of:
            return self.part_of[start]
        return next((code for code, country in self.countries.items() if (country.prefix or code) == start), None)
