"""Setting up as a flow, on books in memory: what it plans, what it skips, what it refuses."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.twins.books import MemoryBooks

from git_bill.clone import Clone
from git_bill.effects import Configure, FoundRepository, WriteFile
from git_bill.flows import apply, load
from git_bill.flows.client import ClientWish, Guesses
from git_bill.flows.init import ATTRIBUTE_LINES, Person, SetUp, Wish, found, init
from git_bill.flows.source import SourceWish
from git_bill.layout import SETTINGS
from git_bill.money import Money
from git_bill.problem import Exit, Stop
from git_bill.workspace import BooksSettings

MIRA = Person(name="Mira Kovac", emails=("mira@example.net",), country="DE", timezone="Europe/Berlin")
GUESSES = Guesses(country="DE", currency="EUR", today=date(2026, 11, 2))
ACME = ClientWish(name="Acme GmbH", rate=Money(Decimal("95.00"), "EUR"))
CLONE = Clone(top=Path("/code/web-shop"), origin="https://git.example.com/acme/web-shop.git")
NOTHING = Wish()
SHOP = SourceWish(url="https://git.example.com/acme/web-shop.git", client="acme", clone=CLONE)


def set_up(books: MemoryBooks, wish: Wish = NOTHING, person: Person = MIRA, source: SourceWish | None = SHOP) -> SetUp:
    flow = init(
        books,
        books.here(),
        wish,
        person=person,
        client=ACME,
        guesses=GUESSES,
        source=source,
        books_at=BooksSettings(),
    )
    return apply.run(flow, apply.Actors(books=books))


def test_settings_first_then_git_s_configuration_here_and_there() -> None:
    books = MemoryBooks()
    flow = init(
        books, books.here(), Wish(), person=MIRA, client=ACME, guesses=GUESSES, source=SHOP, books_at=BooksSettings()
    )
    plan = next(flow)
    assert [effect.path for effect in plan.effects if isinstance(effect, WriteFile)] == [
        SETTINGS,
        ".gitattributes",
        "billing/clients/acme.toml",
    ]
    assert plan.then == "git's configuration says where /code/web-shop and the books lie"
    books.write_all([effect for effect in plan.effects if isinstance(effect, WriteFile)])
    plan = flow.send(())
    assert plan.effects == (
        Configure(name="bill.source.web-shop.path", value="/code/web-shop"),
        Configure(name="bill.workspace", value=str(books.top), repository="/code/web-shop"),
    )


def test_what_is_written_loads() -> None:
    books = MemoryBooks()
    result = set_up(books, Wish(iban="DE02120300000000202051", tax_scheme="small-business"))
    loaded = load.workspace(books.here())
    assert loaded.settings == result.settings
    assert loaded.settings.issuer.tax_scheme == "small-business"
    assert loaded.engagements["acme"].contracts[0].rates[0].hourly == Money(Decimal("95.00"), "EUR")
    assert loaded.settings.sources[0].since == date(2026, 10, 1)


def test_twice_is_once() -> None:
    books = MemoryBooks()
    first = set_up(books)
    before = dict(books.store.files)
    assert first.new
    second = set_up(books)
    assert (second.new, second.written, second.kept) == (False, (), ())
    assert books.store.files == before


def test_the_contract_covers_the_year_of_the_first_day() -> None:
    books = MemoryBooks()
    set_up(books, source=replace(SHOP, since=date(2025, 12, 1)))
    contract = load.workspace(books.here()).engagements["acme"].contracts[0]
    assert (contract.id, contract.from_) == ("acme-2025", date(2025, 1, 1))


def test_nobody_is_listed_without_an_address() -> None:
    books = MemoryBooks()
    assert set_up(books, person=replace(MIRA, emails=())).settings.contributors == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", ATTRIBUTE_LINES),
        (b"*.png binary\n", ("*.png binary", *ATTRIBUTE_LINES)),
        ("\n".join(ATTRIBUTE_LINES).encode(), ATTRIBUTE_LINES),
        (
            b"billing/invoices/** -text\nbilling/** text eol=lf\nbilling/manifest/** merge=binary\n",
            (
                "billing/invoices/** -text",
                "billing/** text eol=lf",
                "billing/manifest/** merge=binary",
                *ATTRIBUTE_LINES,
            ),
        ),
    ],
)
def test_attributes_are_in_force_and_nothing_is_lost(before: bytes, after: tuple[str, ...]) -> None:
    books = MemoryBooks()
    books.store.files[".gitattributes"] = before
    set_up(books)
    set_up(books)
    assert tuple(books.store.files[".gitattributes"].decode().splitlines()) == after


def test_broken_settings_are_not_touched() -> None:
    books = MemoryBooks()
    books.store.files[SETTINGS] = b"schema = 1\n[issuer\n"
    with pytest.raises(Stop) as stopped:
        set_up(books)
    assert stopped.value.exit_code == Exit.SETTINGS
    assert books.store.files == {SETTINGS: b"schema = 1\n[issuer\n"}


def test_a_refused_write_stops() -> None:
    books = MemoryBooks()
    flow = init(
        books, books.here(), Wish(), person=MIRA, client=ACME, guesses=GUESSES, source=None, books_at=BooksSettings()
    )
    with pytest.raises(Stop) as stopped:
        apply.run(flow, apply.Actors(books=books, roles=("auditor",)))
    assert stopped.value.exit_code == Exit.REPOSITORY
    assert books.store.files == {}


def test_private_books_need_a_repository_first() -> None:
    plan = next(found("/code/books"))
    assert plan.effects == (FoundRepository(path="/code/books"),)
