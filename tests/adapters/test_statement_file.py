"""Statements on disk: plain, packed, hostile; and what is none."""

import gzip
import os
import struct
import tracemalloc
import zipfile
from collections import deque
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.receivable.feeds.bank import Booking, History, camt, mt940

from git_bill.adapters import statement_file
from git_bill.adapters.statement_file import statement_files
from git_bill.adapters.tables import headings, matching_weights
from git_bill.problem import Problem
from git_bill.receivable.account import Statement
from git_bill.receivable.feeds.detect import read, stream

MEGABYTE = 1024 * 1024
HISTORY = History(bookings=[Booking(day=date(2026, 11, 20), amount=Decimal(100))])
XML, MT940 = camt(HISTORY, 0, 1), mt940(HISTORY, 0, 1)


def results(path: Path) -> list[tuple[str, tuple[Statement, ...] | None, tuple[Problem, ...]]]:
    """Each file at a path: its name, its statements, what is wrong."""
    found = ((each, read(each.chunks, each.name, headings=headings())) for each in statement_files(path))
    return [(each.name, told.value, told.problems) for each, told in found]


def refused(path: Path) -> Problem:
    """The one problem of the one file."""
    ((name, value, (problem,)),) = results(path)
    assert value is None
    assert problem.file == name
    assert problem.hint
    return problem


def zipped(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def test_a_plain_file_and_a_link_to_it(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(XML)
    (tmp_path / "link").symlink_to("a.xml")
    for path in (tmp_path / "a.xml", tmp_path / "link"):
        ((name, value, problems),) = results(path)
        assert (name, problems) == (str(path), ())
        assert value is not None
        assert [str(each.amount) for each in value[0].remittances] == ["100.00 EUR"]


def test_each_member_of_a_zip_is_a_file_of_its_own(tmp_path: Path) -> None:
    hidden = [("__MACOSX/._a.xml", b"\0\5"), ("sub/.DS_Store", b"\0"), ("sub/", b""), ("a.pdf", b"%PDF-1.7")]
    path = zipped(tmp_path / "x.zip", ("sub/b.sta", MT940), ("a.xml", XML), *hidden, ("c.xml", XML[:-20]))
    found = results(path)
    assert [name for name, _, _ in found] == [f"{path}/{name}" for name in ("a.xml", "c.xml", "sub/b.sta")]
    assert [value is not None for _, value, _ in found] == [True, False, True]
    assert found[1][2][0].file == f"{path}/c.xml"


def test_gzip(tmp_path: Path) -> None:
    path = tmp_path / "x.xml.gz"
    path.write_bytes(gzip.compress(XML[:300]) + gzip.compress(XML[300:]))
    ((_, value, _),) = results(path)
    assert value is not None
    path.write_bytes(gzip.compress(XML)[:-9])
    assert "can't be unpacked" in refused(path).message


def test_a_name_in_an_archive_reaches_no_file_and_no_terminal(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", ("etc/pass\x1b[2Jwd\u202e.xml", XML))
    ((name, value, problems),) = results(path)
    assert (name, problems) == (f"{path}/etc/pass [2Jwd .xml", ())
    assert value is not None
    assert "leads out of the archive" in refused(zipped(path, ("../../etc/pass\x1b[2Jwd.xml", XML))).message
    assert sorted(each.name for each in tmp_path.iterdir()) == ["x.zip"]


@pytest.mark.parametrize("pack", [lambda content: content, gzip.compress], ids=["zip in zip", "gzip in zip"])
def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path, pack: object) -> None:
    inner = zipped(tmp_path / "inner.zip", ("a.xml", XML)).read_bytes()
    path = zipped(tmp_path / "x.zip", ("inner", pack(inner)))  # type: ignore[operator]
    assert "archive" in refused(path).message
    (tmp_path / "x.gz").write_bytes(gzip.compress(inner))
    assert "zip archive" in refused(tmp_path / "x.gz").message


def test_an_encrypted_archive(tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "x.zip", ("a.xml", XML)).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        begin = content.index(mark) + at
        content[begin : begin + 2] = struct.pack("<H", 1)
    (tmp_path / "x.zip").write_bytes(content)
    assert "it is encrypted" in refused(tmp_path / "x.zip").message


def test_a_workbook_is_no_archive_of_statements(tmp_path: Path) -> None:
    workbook = zipped(tmp_path / "x.xlsx", ("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))
    assert "save it as CSV" in refused(workbook).message
    assert "there is no statement" in refused(zipped(tmp_path / "x.zip", ("a.pdf", b"%PDF"))).message


def test_bombs_end_at_what_is_read_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_file, "_MOST", 8 * MEGABYTE)
    begin, end = XML.index(b"<Ntry>"), XML.index(b"</Ntry>") + 7
    bomb = XML[:begin] + XML[begin:end] * (16 * MEGABYTE // (end - begin)) + XML[end:]
    packed = zipped(tmp_path / "x.zip", ("a.xml", bomb))
    (tmp_path / "x.gz").write_bytes(gzip.compress(bomb))
    assert packed.stat().st_size < MEGABYTE
    lying = packed.read_bytes().replace(struct.pack("<I", len(bomb)), struct.pack("<I", 10))
    (tmp_path / "lying.zip").write_bytes(lying)
    for name in ("x.zip", "x.gz", "lying.zip"):
        files = statement_files(tmp_path / name)
        told = next(files)
        tracemalloc.start()
        last = deque(stream(told.chunks, told.name), maxlen=1).pop()
        assert tracemalloc.get_traced_memory()[1] < 8 * MEGABYTE
        tracemalloc.stop()
        assert isinstance(last, Problem)
        assert name == "lying.zip" or "larger than 8 MB" in last.message


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "locked").write_bytes(XML)
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and nothing")
    assert "a folder" in refused(tmp_path).message
    assert "no regular file" in refused(tmp_path / "pipe").message
    assert "no regular file" in refused(Path("/dev/zero")).message
    assert "No such file" in refused(tmp_path / "none").message
    assert "can't be unpacked" in refused(tmp_path / "broken.zip").message


def entries(count: int) -> Iterator[bytes]:
    begin, end = XML.index(b"<Ntry>"), XML.index(b"</Ntry>") + 7
    yield XML[:begin]
    yield from (XML[begin:end] for _ in range(count))
    yield XML[end:]


@pytest.mark.parametrize("packed", [False, True])
def test_progress_tells_how_far_a_file_was_read(tmp_path: Path, *, packed: bool) -> None:
    content = os.urandom(400_000)
    path = tmp_path / "x"
    path.write_bytes(content)
    if packed:
        zipped(path, *((f"{n}.xml", content) for n in (3, 1, 2)))
    told: list[tuple[int, int]] = []
    for each in statement_files(path, lambda read, whole: told.append((read, whole))):
        assert sum(map(len, each.chunks)) >= len(content)
    assert told == sorted(told)
    assert len(told) > 2
    assert {whole for _, whole in told} == {path.stat().st_size}
    assert path.stat().st_size * 0.9 < told[-1][0] <= path.stat().st_size


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"".join(entries(5000)))
    told: list[int] = []
    for each in statement_files(path, lambda read, _: told.append(read)):
        assert told == []
        next(each.chunks)
        assert told == [65_536]


def test_the_tables_of_matching_and_statements_are_read_once() -> None:
    assert headings() is headings()
    assert {each.bank for each in headings().exports} > {"n26", "paypal-english", "stripe-balance"}
    assert matching_weights() is matching_weights()
    assert 0.9 < matching_weights().threshold < 1
