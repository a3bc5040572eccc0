"""Only regular files are read, and not more of them than there is room for."""

import os
from pathlib import Path

import pytest

from git_bill.adapters.regular_file import MEGABYTE, content


def test_a_file_up_to_its_most(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * MEGABYTE)
    (tmp_path / "link").symlink_to("a")
    assert len(content(tmp_path / "link", MEGABYTE)) == MEGABYTE
    (tmp_path / "a").write_bytes(b"x" * (MEGABYTE + 1))
    with pytest.raises(OSError, match="larger than 1 MB"):
        content(tmp_path / "a", MEGABYTE)


def test_what_is_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(OSError, match="no regular file"):
            content(path, MEGABYTE)
    with pytest.raises(FileNotFoundError):
        content(tmp_path / "none", MEGABYTE)
