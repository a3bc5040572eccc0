"""Archives: what is wanted of them, and nothing that fills the memory or the disk."""

import zipfile
from io import BytesIO

import pytest

from git_bill.adapters.archive import Refused, is_archive, unpacked

MEGABYTE = 1024 * 1024


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as opened:
        for name, content in members:
            opened.writestr(name, content)
    return made.getvalue()


def names(content: bytes, most: int = MEGABYTE) -> dict[str, bytes]:
    return dict(unpacked(content, "x.zip", lambda member: member.suffix == ".json", most))


def test_only_what_is_wanted_is_unpacked() -> None:
    content = archive(("b/2.json", b"2"), ("a/1.json", b"1"), ("a/", b""), ("a/picture.png", b"0" * 5000))
    assert is_archive(content)
    assert list(names(content, 2).items()) == [("x.zip/a/1.json", b"1"), ("x.zip/b/2.json", b"2")]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.json", "a/../b.json", "/etc/a.json", "..\\a.json", "C:\\a.json", "C:/a.json"]
)
def test_a_member_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="leads out of the archive"):
        names(archive(("ok.json", b"1"), (name, b"1")))
    assert names(archive(("a..b/..c.json", b"1"))) == {"x.zip/a..b/..c.json": b"1"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    with pytest.raises(Refused, match="two files named"):
        names(archive(("a.json", b"1"), ("a.json", b"2")))
    assert names(archive(("a.png", b"1"), ("a.png", b"2"), ("a.json", b"1"))) == {"x.zip/a.json": b"1"}


def test_a_bomb_is_refused_before_it_is_held() -> None:
    bomb = archive(("a.json", b"0" * 64 * MEGABYTE))
    assert len(bomb) < MEGABYTE
    with pytest.raises(Refused, match="unpacked it is larger than 1 MB"):
        names(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = archive(("a.json", b"0" * 4 * MEGABYTE))
    size = (4 * MEGABYTE).to_bytes(4, "little")
    assert bomb.count(size) == 2
    with pytest.raises(Refused):
        names(bomb.replace(size, (10).to_bytes(4, "little")))


def test_many_small_ones_are_one_large_one() -> None:
    with pytest.raises(Refused, match="larger"):
        names(archive(*((f"{n}.json", b"0" * 400_000) for n in range(3))))


@pytest.mark.parametrize("content", [b"PK\x03\x04", archive(("a.json", b"1" * 90))[:60]], ids=["head", "cut"])
def test_a_broken_archive_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="it can't be unpacked"):
        names(content)


def test_a_damaged_member_is_refused() -> None:
    content = bytearray(archive(("a.json", bytes(range(256)) * 9)))
    content[60] ^= 0xFF
    with pytest.raises(Refused, match="it can't be unpacked"):
        names(bytes(content))
