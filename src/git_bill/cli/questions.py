"""The few questions of `git bill init`, each with a good default; an option that was given is not asked for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from git_bill.adapters import system
from git_bill.adapters.tables import vat_table
from git_bill.cli import ask, values
from git_bill.cli.scene import Scene
from git_bill.cli.wishes import Asked
from git_bill.contract import country as countries
from git_bill.flows.source import HERE, address, same_repository
from git_bill.ports import Books
from git_bill.workspace import Settings


def where(scene: Scene, asked: Asked) -> Asked:
    """Who can read this repository, and so where the books go."""
    if asked.here or asked.books is not None or scene.found is not None or scene.clone is None:
        return asked
    names = ", ".join(scene.others[:3]) + (" and more" if len(scene.others) > 3 else "")
    told = (
        f" ({names} also {'commits' if len(scene.others) == 1 else 'commit'} here)"
        if names
        else f" (its remote belongs to {scene.owner})"
        if scene.owner
        else ""
    )
    answer = ask.choice(
        f"Who can read {scene.clone.top.name}{told}? They will see rates, bank data and invoices that are kept in it.",
        [
            ("others", "others too: keep the books in a private repository beside it"),
            ("alone", "only people who may see that: keep the books here"),
        ],
        default=1 if scene.shared else 2,
    )
    if answer == "alone":
        return replace(asked, here=True)
    folder = ask.text("Folder of the private books", str(Path("..") / "books"))
    return replace(asked, books=scene.clone.top / Path(folder).expanduser())


def who(scene: Scene, asked: Asked, books: Books, there: Settings | None) -> Asked:
    """Who bills, whom, at what rate and since when; of books that exist only what this clone adds."""
    if there is None:
        asked = _issuer(scene, asked)
    listed = scene.clone and there and _is_source(books, there, scene)
    if scene.clone is None or listed or (there and scene.clone.top == books.top):
        return asked
    return _client(scene, asked, there)


def _issuer(scene: Scene, asked: Asked) -> Asked:
    asked = replace(asked, issuer=asked.issuer or ask.text("Your name on invoices", scene.name or "", _needed))
    asked = replace(asked, email=asked.email or ask.text("Your e-mail address", scene.email or ""))
    if asked.country is None:
        guess = scene.country(asked.vat_id, asked.iban)
        default = "" if guess == countries.UNKNOWN else guess
        answer = ask.text("Your country", default, _is(values.country))
        asked = replace(asked, country=values.country(answer))
    country = vat_table().countries.get(asked.country or "")
    if asked.region is None and country is not None and country.by_region != "no":
        example = next(iter(country.regions))
        asked = replace(asked, region=ask.text(f"Your state or province, like {example} (empty: later)") or None)
    others = [address for address in scene.same_name if address.lower() != (scene.email or "").lower()]
    if others:
        mine = ask.confirm(f"Is {', '.join(others)} you too? {scene.name} commits here with it.")
        asked = replace(asked, other_addresses=mine)
    if asked.last_number is None:
        asked = replace(asked, last_number=ask.text("The last invoice number you gave (empty: none)") or None)
    return asked


def _client(scene: Scene, asked: Asked, there: Settings | None) -> Asked:
    if asked.client is None:
        owner = (scene.owner or "").replace("-", " ").title()
        name = ask.text("The client that this work is for (- for later)", owner or "-")
        if name in {"", "-"}:
            return asked
        asked = replace(asked, client=name)
    home = asked.country or (there.issuer.country if there else scene.country())
    if asked.client_country is None:
        asked = replace(asked, client_country=values.country(ask.text("Its country", home, _is(values.country))))
    currency = asked.currency or system.currency(home) or "EUR"
    if asked.rate is None:
        answer = ask.text(
            f"Net price of an hour in {currency} (empty: later)", check=_is(lambda t: t and values.rate(t, currency))
        )
        asked = replace(asked, rate=answer or None)
    if asked.since is None:
        first = scene.today(asked.timezone).replace(day=1)
        answer = ask.text("Bill work from which day on? Older work is history", str(first), _is(values.day))
        asked = replace(asked, since=values.day(answer))
    return asked


def _is_source(books: Books, there: Settings, scene: Scene) -> bool:
    if scene.clone is None:
        return False
    url = address(books, there, scene.clone)
    return url == HERE or any(same_repository(source.url, url) for source in there.sources)


def _needed(answer: str) -> str | None:
    return None if answer else "it is printed on every invoice"


def _is(convert: Callable[[str], object]) -> Callable[[str], str | None]:
    def check(answer: str) -> str | None:
        try:
            convert(answer)
        except ValueError as error:
            return str(error)
        return None

    return check
