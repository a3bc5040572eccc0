"""The faults that the twin of the books plays, and what persons do with a draft there."""

import pytest
from tests.repositories import AT
from tests.twins.books import MemoryBooks

from git_bill.effects import Done, DropBranch, Moved, Publish, Refused
from git_bill.problem import Stop

CLIENT = "billing/clients/acme.toml"


@pytest.fixture
def books() -> MemoryBooks:
    made = MemoryBooks(remote="origin")
    assert isinstance(publish(made, {CLIENT: b"1\n"}), Done)
    return made


def publish(books: MemoryBooks, files: dict[str, bytes | None], branch: str = "main") -> Done | Moved | Refused:
    tip = books.tip()
    new = branch != "main"
    also = (tip,) if new and tip else ()
    return books.publish(
        Publish(branch=branch, expect=None if new else tip, files=files, message="x", at=AT, also=also)
    )


def test_offline(books: MemoryBooks) -> None:
    books.offline = True
    for act in (
        books.fetch,
        lambda: publish(books, {CLIENT: b"2\n"}),
        lambda: books.drop(DropBranch(branch="b", expect="x")),
    ):
        with pytest.raises(Stop, match="can't be reached"):
            act()
    assert books.here().read(CLIENT) == b"1\n"


def test_protected(books: MemoryBooks) -> None:
    books.protected = "GH006"
    refused = publish(books, {CLIENT: b"2\n"})
    assert isinstance(refused, Refused)
    assert refused.reason == "GH006"
    assert books.here().read(CLIENT) == b"1\n"


def test_a_rival_is_faster_once(books: MemoryBooks) -> None:
    rival = books.another()
    books.rivals.append(lambda: publish(rival, {CLIENT: b"theirs\n"}))
    assert publish(books, {CLIENT: b"2\n"}) == Moved(tip=books.tip())
    assert isinstance(publish(books, {CLIENT: b"2\n"}), Done)


def test_an_edited_file_is_in_the_way(books: MemoryBooks) -> None:
    books.store.files[CLIENT] = b"mine\n"
    assert isinstance(publish(books, {CLIENT: b"2\n"}), Refused)
    assert books.pending() == {CLIENT: b"mine\n"}


@pytest.mark.parametrize("squash", [True, False])
def test_a_person_merges_drafts(books: MemoryBooks, squash: bool) -> None:
    for name in ("a", "b"):
        publish(books, {f"billing/drafts/{name}.toml": b"1\n"}, branch=f"bill/{name}")
    for name in ("b", "a"):
        books.merge(f"bill/{name}", how="squash" if squash else "merge")
    found = books.arrivals("billing/drafts")
    assert {path: arrival.rank for path, arrival in found.items()} == {
        "billing/drafts/a.toml": 1,
        "billing/drafts/b.toml": 0,
    }
    assert {arrival.email for arrival in found.values()} == {"mira@example.net"}
    assert books.here().paths("billing/drafts") == tuple(found)
