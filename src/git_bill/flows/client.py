"""Add a client with a first contract, or add to one what is not stated yet."""

import dataclasses
from dataclasses import dataclass
from datetime import date

from git_bill.contract.agreement import Contract, Engagement
from git_bill.contract.party import Client
from git_bill.contract.rate import Rate
from git_bill.contract.terms import Rounding
from git_bill.effects import Flow, Plan
from git_bill.flows.naming import client_id
from git_bill.flows.stated import Stated, must, stated
from git_bill.layout import client_file
from git_bill.money import Money
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Problem, stop

# Language of documents where a country has one. Of the others a person says it.
_LANGUAGES = {
    "AT": "de-AT",
    "DE": "de",
    "ES": "es",
    "FR": "fr",
    "GB": "en-GB",
    "IN": "en-IN",
    "IT": "it",
    "LI": "de",
    "NL": "nl",
    "PL": "pl",
    "US": "en-US",
}


# E-invoices between businesses: DE UStG § 14(1), FR CGI art. 289 bis (both hybrid forms), BE CTVA art. 53 § 2 (Peppol).
_EXPECTED = {"BE": "peppol", "DE": "facturx", "FR": "facturx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientWish:
    """What was asked for; None is not asked. `since`: first day that is billed, the first contract covers its year."""

    name: str
    id: str | None = None
    country: str | None = None
    vat_id: str | None = None
    email: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    region: str | None = None
    language: str | None = None
    rate: Money | None = None
    rounding: Rounding | None = None
    currency: str | None = None
    payment_terms: str | None = None
    since: date | None = None

    @property
    def slug(self) -> str:
        """Its id as asked, else made of the name."""
        return self.id or client_id(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guesses:
    """What stands in for what was not asked: the issuer's country and currency, and today."""

    country: str
    currency: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAdded:
    """`new`: its file was made now. `written`: files that changed. `kept`: what was asked and is stated otherwise.

    `proposal`: the e-invoice that such clients expect, in words.
    """

    id: str
    new: bool
    written: tuple[str, ...]
    kept: tuple[Problem, ...]
    proposal: str | None = None


def proposed_format(wish: ClientWish, engaged: Engagement | None, issuer: str) -> str | None:
    """The e-invoice that a new client's country has for businesses, in words; None where it has none, or it is set."""
    country = wish.country or issuer
    known = _EXPECTED.get(country)
    if known is None or country != issuer or wish.vat_id is None or engaged is not None:
        return None
    return f'businesses in {country} get e-invoices: formats = ["{known}"] below [client] in {client_file(wish.slug)}'


def add_client(state: Snapshot, wish: ClientWish, guesses: Guesses) -> Flow[ClientAdded]:
    """Write the client's file. Twice is once; what a person wrote stays."""
    file = stated(state, client_file(wish.slug), Engagement)
    effects = file.changed_to(engagement(file, wish, guesses))
    if effects:
        must((yield Plan(why=f"add the client {wish.slug}", effects=effects)))
    return ClientAdded(
        id=wish.slug,
        new=file.value is None,
        written=tuple(effect.path for effect in effects),
        kept=tuple(file.kept),
        proposal=proposed_format(wish, file.value, guesses.country),
    )


def engagement(file: Stated[Engagement], wish: ClientWish, guesses: Guesses) -> Engagement:
    """The client's file with what is asked for. Stops (exit 2) where the id made of the name is another client's."""
    old = file.value
    if old is not None and wish.id is None and old.client.name != wish.name:
        raise stop(
            Exit.USAGE,
            "client-exists",
            f"the id {wish.slug} belongs to {old.client.name}",
            f'add {wish.name} with an id of its own: git bill client add "{wish.name}" --id {wish.slug}-2',
            file.path,
        )
    country = wish.country or guesses.country
    asked = {
        name: getattr(wish, name)
        for name in ("name", "country", "vat_id", "email", "street", "postcode", "city", "region", "language")
    }
    client = file.joined(
        old.client if old else None,
        Client,
        ("client",),
        asked,
        country=country,
        language=_LANGUAGES.get(country, "en"),
    )
    contracts = old.contracts if old else ()
    newest = _terms(file, contracts, wish) if contracts else _first_contract(wish, guesses)
    contracts = (*contracts[:-1], newest)
    if old is None:
        return Engagement(client=client, contracts=contracts)
    return dataclasses.replace(old, client=client, contracts=contracts)


def _first_contract(wish: ClientWish, guesses: Guesses) -> Contract:
    """Hourly, from the first of the year, so that work found later for its first months has a price."""
    start = (wish.since or guesses.today).replace(month=1, day=1)
    currency = wish.currency or (wish.rate.currency if wish.rate else guesses.currency)
    return Contract(
        id=f"{wish.slug}-{start:%Y}",
        from_=start,
        currency=currency,
        payment_terms=wish.payment_terms or "30 days",
        rounding=wish.rounding or Rounding(),
        rates=() if wish.rate is None else (Rate(hourly=wish.rate),),
    )


def _terms(file: Stated[Engagement], contracts: tuple[Contract, ...], wish: ClientWish) -> Contract:
    """The newest contract with the terms that were asked for and it does not state."""
    where = ("contracts", len(contracts) - 1)
    asked = {"currency": wish.currency, "payment_terms": wish.payment_terms, "rounding": wish.rounding}
    contract = file.joined(contracts[-1], Contract, where, asked)
    default = next((r for r in contract.rates if r.contributor is None and r.activity is None), None)
    if wish.rate is None or (default and default.hourly == wish.rate):
        return contract
    if default is not None:
        file.keep((*where, "rates", contract.rates.index(default), "hourly"), default.hourly, wish.rate)
        return contract
    return dataclasses.replace(contract, rates=(*contract.rates, Rate(hourly=wish.rate)))
