"""What the options of `init` and the answers to its questions come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from git_bill.adapters import system
from git_bill.adapters.git.address import address_of
from git_bill.adapters.git.place import git_config
from git_bill.cli import values
from git_bill.cli.scene import Scene
from git_bill.contract import country as countries
from git_bill.contract.terms import Rounding
from git_bill.flows.client import ClientWish, Guesses
from git_bill.flows.init import Person, Wish
from git_bill.flows.source import HERE, SourceWish, address
from git_bill.layout import SETTINGS
from git_bill.ports import Books
from git_bill.problem import Exit, Problem, stop
from git_bill.workspace import BooksSettings, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command's options, with the answers to questions in their place. None: neither said nor asked."""

    here: bool = False
    books: Path | None = None
    issuer: str | None = None
    email: str | None = None
    country: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    region: str | None = None
    phone: str | None = None
    vat_id: str | None = None
    tax_number: str | None = None
    small_business: bool = False
    iban: str | None = None
    bic: str | None = None
    timezone: str | None = None
    client: str | None = None
    client_country: str | None = None
    client_vat_id: str | None = None
    client_email: str | None = None
    client_street: str | None = None
    client_postcode: str | None = None
    client_city: str | None = None
    client_region: str | None = None
    language: str | None = None
    rate: str | None = None
    rounding: Rounding | None = None
    currency: str | None = None
    payment_terms: str | None = None
    since: date | None = None
    last_number: str | None = None
    ticket_pattern: str | None = None
    other_addresses: bool = True  # of the same name in this history


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is to be set up."""

    issuer: Wish
    person: Person
    client: ClientWish | None
    guesses: Guesses
    source: SourceWish | None
    books_at: BooksSettings
    warnings: tuple[Problem, ...]


def wishes(asked: Asked, scene: Scene, books: Books, there: Settings | None, now: date) -> Wishes:
    """`there`: the settings that these books have already."""
    zone = asked.timezone or (there.issuer.timezone if there else scene.timezone)
    told = scene.country(asked.country, asked.vat_id, asked.iban)
    country = there.issuer.country if there else told
    currency = asked.currency or system.currency(country) or "EUR"
    client = _client(asked, currency)
    source = _source(asked, scene, books, there, client)
    return Wishes(
        issuer=_issuer(asked),
        person=_person(asked, scene, country, zone, known=there is not None),
        client=client,
        guesses=Guesses(country=country, currency=currency, today=now),
        source=source,
        books_at=_books_at(books),
        warnings=(*_warnings(scene, books, country), *(_without_source(asked, client) if source is None else ())),
    )


def _books_at(books: Books) -> BooksSettings:
    """The remote, and where it lies if that is a server: in a fork or mirror of it nothing is to be issued."""
    if not git_config(books.top, "remote.origin.url"):
        return BooksSettings()
    place = address_of(books.top, "origin")
    if place is None:
        return BooksSettings(remote="origin")
    web = f"{place.scheme}://{place.host}" if place.web else f"https://{place.name}"
    return BooksSettings(remote="origin", repository=f"{web}/{place.path}.git")


def _issuer(asked: Asked) -> Wish:
    return Wish(
        name=asked.issuer,
        email=asked.email,
        country=asked.country,
        street=asked.street,
        postcode=asked.postcode,
        city=asked.city,
        region=asked.region,
        phone=asked.phone,
        timezone=asked.timezone,
        vat_id=asked.vat_id,
        tax_number=asked.tax_number,
        tax_scheme="small-business" if asked.small_business else None,
        iban=asked.iban,
        bic=asked.bic,
        last_number=asked.last_number,
    )


def _person(asked: Asked, scene: Scene, country: str, zone: str, *, known: bool) -> Person:
    """The caller. Stops (exit 2) where new books would have nobody's name on them."""
    name = scene.name or asked.issuer
    if name is None and not known:
        raise stop(
            Exit.USAGE,
            "no-name",
            "git does not know your name",
            'say it: git bill init --issuer "Mira Kovac", or: git config --global user.name "Mira Kovac"',
        )
    own = [scene.email, asked.email, *(scene.same_name if asked.other_addresses else ())]
    emails = {email.lower(): email for email in reversed(own) if email}
    return Person(name=name or "", emails=tuple(reversed(emails.values())), country=country, timezone=zone)


def _client(asked: Asked, currency: str) -> ClientWish | None:
    """The client with its terms. Stops (exit 2) at terms for nobody."""
    if asked.client is None:
        if asked.rate is not None:
            raise click.UsageError('--rate is a client\'s; name the client too: --client "Acme GmbH"')
        return None
    try:
        rate = None if asked.rate is None else values.rate(asked.rate, currency)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--rate") from None
    return ClientWish(
        name=asked.client,
        country=asked.client_country,
        vat_id=asked.client_vat_id,
        email=asked.client_email,
        street=asked.client_street,
        postcode=asked.client_postcode,
        city=asked.client_city,
        region=asked.client_region,
        language=asked.language,
        rate=rate,
        rounding=asked.rounding,
        currency=asked.currency,
        payment_terms=asked.payment_terms,
        since=asked.since,
    )


def _source(
    asked: Asked, scene: Scene, books: Books, there: Settings | None, client: ClientWish | None
) -> SourceWish | None:
    """This clone, if it is known for whom. Books of their own that exist already are no source of themselves."""
    clone = scene.clone
    if client is None or clone is None:
        return None
    url = address(books, there, clone)
    if url == HERE and not asked.here and (there is not None or clone.born is None):
        return None
    return SourceWish(url=url, client=client.slug, clone=clone, since=asked.since, ticket_pattern=asked.ticket_pattern)


def _without_source(asked: Asked, client: ClientWish | None) -> Iterator[Problem]:
    """The first day that is billed is kept with a source."""
    if asked.since is not None:
        yield Problem(
            rule="since-unkept",
            severity="warning",
            message=f"--since {asked.since} is kept with a source of work, and there is none yet",
            hint="say it again with the source: git bill source add PATH"
            f" --client {client.slug if client else 'ID'} --since {asked.since}",
        )


def _warnings(scene: Scene, books: Books, country: str) -> Iterator[Problem]:
    if scene.clone is not None and scene.clone.top == books.top and scene.shared:
        who = ", ".join(scene.others[:3]) or f"people of {scene.owner}"
        more = f" and {len(scene.others) - 3} more" if len(scene.others) > 3 else ""
        yield Problem(
            rule="shared-repository",
            severity="warning",
            message=f"{who}{more} can read this repository: rates, bank data and every invoice in it",
            hint="to keep them private, remove billing/ and run: git bill init --books ../books",
        )
    if country == countries.UNKNOWN:
        yield Problem(
            rule="unknown-country",
            severity="warning",
            message=f"nothing here tells your country, so it is {countries.UNKNOWN} for now; no tax can be told",
            hint='set it before the first draft: country = "DE", in [issuer]',
            file=SETTINGS,
        )
