"""Zip archives: the same files give the same bytes, one file at a time."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from git_bill.adapters.zip_file import write_zip


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    files = [("README.txt", b"read me"), ("documents/INV-1/invoice.pdf", b"%PDF" * 1000), ("Übersicht.csv", b"")]
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    assert write_zip(one, files) == 3
    write_zip(two, iter(files))
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert [(each.filename, archive.read(each)) for each in archive.infolist()] == files
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_files_are_taken_one_after_the_other(tmp_path: Path) -> None:
    path, sizes = tmp_path / "one.zip", []

    def files() -> Iterator[tuple[str, bytes]]:
        for number in range(3):
            yield f"{number}", bytes(range(256)) * 4096
            sizes.append(path.stat().st_size)

    write_zip(path, files())
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name of a file"):
        write_zip(tmp_path / "x.zip", [(name, b"")])
    with pytest.raises(ValueError, match="name of a file"):
        write_zip(tmp_path / "x.zip", [("a", b""), ("a", b"")])
