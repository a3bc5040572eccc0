"""One case that the tax rules decide: who bills whom, for what and when; and the problem that asks a person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.levy import Component, Surcharge, Withholding
from git_bill.contract.tax.table import Country, SmallBusiness, VatTable
from git_bill.layout import SETTINGS
from git_bill.period import Period
from git_bill.problem import Problem
from git_bill.shape import key

Category = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M"]
Supply = Literal["services", "electronic", "goods"]

# VATEX codes that go with a category by themselves (EN 16931 code list, BR-CL-22).
REASON_CODES: Mapping[str, str] = {
    "AE": "VATEX-EU-AE",
    "K": "VATEX-EU-IC",
    "G": "VATEX-EU-G",
    "O": "VATEX-EU-O",
}
VAT = "VAT"  # what a tax is called where the table has no other name
PASSED_THROUGH = "VATEX-EU-79-C"  # what was paid in the client's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """The tax treatment of a supply (UNTDID 5305 code BT-151, rate BT-152, VATEX code BT-121, wording BT-120).

    `rate` is what all `components` come to on the whole price. `withholding` is what the client keeps; the amount due
    (BT-115) is before it. `must_state`: other words that the document needs.
    """

    category: Category = key("UNTDID 5305 code", example='"S"')
    rate: Decimal = key("rate in percent", example='"19"', default=Decimal(0))
    name: str | None = key("what the law calls the tax, if not VAT", example='"GST"', default=None)
    reason_code: str | None = key("VATEX code", example='"VATEX-EU-AE"', default=None)
    note: str | None = key("wording on the document", default=None)
    source: str = key("law or person that decided it", default="")
    components: tuple[Component, ...] = key("the taxes that the rate consists of, where there are several", default=())
    surcharges: tuple[Surcharge, ...] = key("what the law adds to the price", default=())
    withholding: tuple[Withholding, ...] = key("what the client keeps for the tax office", default=())
    must_state: tuple[str, ...] = key("what else the document must say", default=())

    @property
    def law_name(self) -> str:
        """What the law of the issuer's country calls the tax."""
        return self.name or VAT


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is decided on. `combined_rate`: the sales tax at the client's address, as a person said it, in percent.

    `issued`: the day of the document; without it the period's last.
    """

    issuer: Issuer
    client: Client
    period: Period
    table: VatTable
    supply: Supply = "services"
    combined_rate: Decimal | None = None
    issued: date | None = None

    @property
    def document_day(self) -> date:
        """The day of the document, which is the nearest to the payment that is known before it."""
        return self.issued or self.period.last

    @property
    def here(self) -> str:
        """The country whose rules hold for the issuer's services."""
        return self.table.code(self.issuer.country)

    @property
    def there(self) -> str:
        """The country whose rules hold for services to the client."""
        return self.table.code(self.client.country)

    @property
    def home(self) -> Country:
        """The issuer's country in the table."""
        return self.table.countries[self.here]

    @property
    def is_small(self) -> bool:
        """Whether the issuer uses its country's exemption of small businesses, or is not registered."""
        return self.issuer.tax_scheme == "small-business"

    @property
    def way(self) -> str:
        """`services from DE to a business in US`, for problems."""
        what = {"services": "services", "electronic": "electronically supplied services", "goods": "goods"}[self.supply]
        who = "business" if self.client.business else "consumer"
        return f"{what} from {self.issuer.country} to a {who} in {self.client.country}"

    @property
    def outside_words(self) -> str:
        """The wording of a supply outside the scope: the country's own before the directive's."""
        return self.wording({**self.table.outside, **self.home.outside})

    def wording(self, texts: Mapping[str, str]) -> str:
        """The wording in a language of the issuer's tax office, and in the client's where that is another one.

        Any official language does (Art. 226(11a); UStAE 14a.1(6) lists them), but the issuer's office reads its own.
        """
        return wording(texts, self.table.countries.get(self.here), self.client)


def wording(texts: Mapping[str, str], home: Country | None, client: Client) -> str:
    """As `Case.wording`; the first one there is where the table has neither language."""
    language = client.language.split("-", maxsplit=1)[0]
    own = home.languages if home is not None else ("en",)
    wanted = (language,) if language in own else (own[0], language)
    found = dict.fromkeys(texts[name] for name in wanted if name in texts)
    return " / ".join(found) or texts.get("en", "")


def undecided(what: str, example: str = 'category = "O" because = "…"') -> Problem:
    """A treatment that a person must decide, in the client's file. Never a silent 0 %."""
    return Problem(
        rule="tax-undecided",
        message=f"the tax treatment is not decided: {what}",
        hint=f"ask your adviser and write the decision into the client's file: [tax] {example}",
    )


def unsaid(what: str, hint: str) -> Problem:
    """A fact of the issuer that decides the treatment and is not in the settings."""
    return Problem(
        rule="tax-undecided",
        message=f"the tax treatment is not decided: {what}",
        hint=hint,
        file=SETTINGS,
        at=("issuer",),
    )


def uncertain(what: str, decide: str) -> Problem:
    """A rule that changes what is to be paid and is not certain for what the issuer does."""
    return Problem(
        rule="tax-uncertain",
        severity="warning",
        message=f"check this with your adviser: {what}",
        hint=f"then say what holds, {decide}",
    )


def standard_rate(case: Case, country: Country, code: str, source: str = "") -> Tax | Problem:
    """A country's standard rate on the day of supply. A rate that changes within the period asks for two drafts."""
    old, change = country.rate_on(case.period.first), country.change_within(case.period)
    if old is None:
        what = f"the standard rate of {code} on {case.period.first} is not built in"
        return undecided(what, 'category = "S" rate = "…" because = "…"')
    if change is None:
        return Tax(
            category="S", rate=old.rate, source=f"{source}{country.law}: standard rate of {code} since {old.from_}"
        )
    before = Period(case.period.first, change.from_ - timedelta(days=1))
    return Problem(
        rule="tax-rate-changed",
        message=f"the standard rate of {code} changed from {old.rate} % to {change.rate} % on {change.from_}, "
        f"within {case.period}",
        hint=f"draft two periods: --period {before.first}..{before.last} "
        f"and --period {change.from_}..{case.period.last}",
    )


def small_business(case: Case, reach: str = "") -> Tax | Problem:
    """The national exemption, with the wording that its law asks for."""
    scheme: SmallBusiness | None = case.home.small_business
    code = case.issuer.country
    if scheme is None:
        if case.home.no_small_business:
            return unsaid(case.home.no_small_business, f'set tax_scheme = "standard" below [issuer] in {SETTINGS}')
        return undecided(
            f"the small-business scheme of {code} is not built in", 'category = "E" note = "…" because = "…"'
        )
    general = case.table.small_enterprise if case.home.eu else case.table.not_registered
    return Tax(
        category=scheme.category,
        reason_code=scheme.code,
        note=case.wording({**general, **scheme.notes}),
        source=f"{reach}{scheme.law}: " + ("exemption of small businesses" if scheme.category == "E" else "no tax"),
        surcharges=scheme.surcharges,
        must_state=scheme.must_state,
    )


def at_home(case: Case, reach: str = "") -> Tax | Problem:
    """The rate of the issuer's place; for a small business its national exemption."""
    if case.is_small:
        return small_business(case, reach)
    return standard_rate(case, case.home, case.issuer.country, reach)


def with_words(tax: Tax, *words: str) -> Tax:
    """The treatment with more that the document must say."""
    return replace(tax, must_state=(*tax.must_state, *words))
