"""Parties: who bills and who pays, with what an invoice must state of them (EU VAT directive Art. 226)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from git_bill.contract import identifier
from git_bill.contract.country import country_problem
from git_bill.contract.mail import MailAddresses
from git_bill.contract.tax.status import TaxStatus
from git_bill.custody.sealing import is_sealed
from git_bill.shape import key

COUNTRY = r"[A-Z]{2}"
# An EAS code, or one of the four that need no register; then the identifier (EN 16931 BT-34, BT-49; BR-CL-25)
ADDRESS = r"([0-9]{4}|EM|AN|AQ|AS|AU):[!-~]+"
SCHEME = r"[0-9]{4}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Where a client pays to: IBAN and BIC, or account and routing number, or instructions in words."""

    iban: str | None = key("IBAN", example='"DE02120300000000202051"', default=None)
    bic: str | None = key("BIC", example='"BYLADEM1001"', default=None)
    holder: str | None = key("account holder, if not the issuer", default=None)
    account: str | None = key("account number, where there is no IBAN", default=None)
    routing: str | None = key("routing number or sort code", default=None)
    creditor: str | None = key(
        "your creditor identifier for direct debits (BT-90)", example='"DE98ZZZ09999999999"', default=None
    )
    instructions: str | None = key("how to pay, in words", default=None)

    @property
    def short(self) -> str:
        """Enough of the account to compare it with another; "" where it is told in words alone."""
        number = "".join((self.iban or self.account or "").split())
        return f"{number[:4] if self.iban else ''}…{number[-4:]}" if number else ""

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Check digits of the IBAN (ISO 13616), where it can be read."""
        readable = None if is_sealed(self.iban) else self.iban
        if readable is not None and not identifier.is_iban(readable):
            yield (
                "iban",
                f"{self.iban!r} is not a valid IBAN",
                'its check digits do not fit; write it like iban = "DE02120300000000202051"',
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRepresentative:
    """Who answers for the issuer's VAT in a country where it has no seat (EN 16931 BG-11, BG-12)."""

    name: str = key("name (BT-62)", example='"Fiscal Rep GmbH"')
    vat_id: str = key("its VAT identification number (BT-63)", example='"DE136695976"')
    country: str = key("ISO 3166-1 code (BT-69)", example='"DE"', pattern=COUNTRY)
    street: str | None = key("street and number (BT-64)", default=None)
    postcode: str | None = key("post code (BT-67)", default=None)
    city: str | None = key("city (BT-66)", default=None)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A country, and check digits of the VAT id."""
        yield from country_problem(self.country)
        yield from identifier.vat_id_problem(self.vat_id, self.country)


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitMandate:
    """What the issuer may take from the client's account by itself (EN 16931 BG-19)."""

    mandate: str = key("reference of the mandate (BT-89)", example='"M-2026-17"')
    iban: str = key("the client's account (BT-91)", example='"DE02120300000000202051"')

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Check digits of the IBAN (ISO 13616), where it can be read."""
        if not is_sealed(self.iban) and not identifier.is_iban(self.iban):
            hint = 'its check digits do not fit; write it like iban = "DE02120300000000202051"'
            yield "iban", f"{self.iban!r} is not a valid IBAN", hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who bills (EN 16931 BG-4 seller, BG-5 address, BG-6 contact)."""

    name: str = key("name on documents (BT-27)", example='"Mira Kovac Software"')
    country: str = key("ISO 3166-1 code (BT-40)", example='"DE"', pattern=COUNTRY)
    timezone: str = key("IANA time zone; the issue date is taken there", example='"Europe/Berlin"')
    contact: str | None = key("contact person (BT-41)", default=None)
    street: str | None = key("street and number (BT-35)", default=None)
    postcode: str | None = key("post code (BT-38)", default=None)
    city: str | None = key("city (BT-37)", default=None)
    region: str | None = key("state or province (BT-39)", default=None)
    currency: str | None = key(
        "currency of your books and your tax return (BT-6), if not your country's",
        example='"EUR"',
        pattern=r"[A-Z]{3}",
        default=None,
    )
    email: str | None = key("e-mail (BT-43)", default=None)
    phone: str | None = key("telephone (BT-42)", default=None)
    vat_id: str | None = key("VAT identification number (BT-31)", example='"DE136695976"', default=None)
    tax_number: str | None = key("local tax number (BT-32)", default=None)
    registration: str | None = key("register number (BT-30)", default=None)
    registration_scheme: str | None = key(
        "ISO 6523 code of that register, if not your country's (BT-30-1)",
        example='"0204"',
        pattern=SCHEME,
        default=None,
    )
    electronic_address: str | None = key(
        "where e-invoices reach you, if your ids don't tell (BT-34)",
        example='"9930:DE136695976"',
        pattern=ADDRESS,
        default=None,
    )
    tax_representative: TaxRepresentative | None = key("who answers for your VAT (BG-11)", default=None)
    tax_scheme: Literal["standard", "small-business"] = key("how the issuer is taxed", default="standard")
    legal_form: Literal["person", "company"] = key("person or company", default="person")
    footer: str | None = key("legal line at the foot of documents", default=None)
    late_payment: bool = key("say on invoices what the law gives you when one is paid late", default=False)
    tax: TaxStatus = key("what decides taxes beyond your country", default=TaxStatus())
    bank: Bank | None = key("where clients pay to", default=None)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A country, check digits of the VAT id, and the name of the zone."""
        yield from country_problem(self.country)
        yield from identifier.vat_id_problem(self.vat_id, self.country)
        yield from zone_problem(self.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who pays (EN 16931 BG-7 buyer, BG-8 address)."""

    name: str = key("name on documents (BT-44)", example='"Acme GmbH"')
    country: str = key("ISO 3166-1 code (BT-55)", example='"DE"', pattern=COUNTRY)
    street: str | None = key("street and number (BT-50)", default=None)
    postcode: str | None = key("post code (BT-53)", default=None)
    city: str | None = key("city (BT-52)", default=None)
    region: str | None = key("state or province (BT-54)", default=None)
    attention: str | None = key("for the attention of (BT-56)", default=None)
    business: bool = key("a business; false for a consumer", default=True)
    legal_form: Literal["company", "person"] = key("company or person; some laws ask who pays", default="company")
    vat_id: str | None = key("VAT identification number (BT-48)", example='"DE129274202"', default=None)
    registration: str | None = key("register number (BT-47)", example='"HRB 12345"', default=None)
    registration_scheme: str | None = key(
        "ISO 6523 code of that register, if not the country's (BT-47-1)",
        example='"0204"',
        pattern=SCHEME,
        default=None,
    )
    electronic_address: str | None = key(
        "where e-invoices reach it, if its ids don't tell (BT-49)",
        example='"0204:04011000-12345-03"',
        pattern=ADDRESS,
        default=None,
    )
    direct_debit: DebitMandate | None = key("you take what it owes from its account (BG-19)", default=None)
    email: str | None = key("where invoices are sent (BT-58)", example='"ap@acme.example"', default=None)
    language: str = key("language of documents", example='"de"', pattern=r"[a-z]{2}(-[A-Z]{2})?", default="en")
    buyer_reference: str | None = key("buyer reference or Leitweg-ID (BT-10)", default=None)
    formats: tuple[str, ...] = key("documents the client wants", example='["pdf"]', default=("pdf",))
    review: Literal["self", "repository", "mail", "none"] = key("who reviews drafts, and how", default="self")
    review_repository: str | None = key(
        "where `repository` opens a copy of a draft", example='"acme/invoices"', default=None
    )
    accounts: tuple[str, ...] = key("login names on the forge that speak for the client", default=())
    mail: MailAddresses | None = key("addresses for one purpose each", default=None)
    pay_online: bool = key("its invoices have a link to pay online, where you make them", default=True)

    @property
    def invoices_to(self) -> str | None:
        """The address that invoices are mailed to."""
        return (self.mail.invoices if self.mail else None) or self.email

    @property
    def pays_online(self) -> bool:
        """Whether its invoices get a payment link: not where what it owes is taken from its account."""
        return self.pay_online and self.direct_debit is None

    @property
    def written_to(self) -> str | None:
        """The address for everything that is no invoice and no reminder."""
        return (self.mail.contact if self.mail else None) or self.email

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A country, and check digits of the VAT id."""
        yield from country_problem(self.country)
        yield from identifier.vat_id_problem(self.vat_id, self.country)


def zone_problem(zone: str) -> Iterable[tuple[str, str, str]]:
    """A name that the IANA time zone database does not have."""
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        yield "timezone", f"{zone!r} is not a time zone", 'write it like timezone = "Europe/Berlin"'
