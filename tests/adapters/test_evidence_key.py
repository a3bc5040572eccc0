"""The evidence key's file: made once, read by its owner alone, never in the books."""

import stat
from pathlib import Path

import pytest

from git_bill.adapters.evidence_key import find, make, place
from git_bill.problem import Exit, Stop
from git_bill.worklog.keyed import VARIABLE

TEXT = "0123456789abcdef" * 4


def rule(stopped: "pytest.ExceptionInfo[Stop]") -> str:
    return stopped.value.problems[0].rule


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_new_key_is_read_again_and_printed_by_nobody(tmp_path: Path) -> None:
    learned: list[str] = []
    file = tmp_path / "config" / "git-bill" / "evidence.key"
    made = make(file, tmp_path / "books", learned=learned.append)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    found = find({}, file, tmp_path / "books", learned=learned.append)
    assert found is not None
    assert found.commit("a" * 40) == made.commit("a" * 40)
    assert len(set(learned)) == 1
    assert learned[0] in file.read_text()
    with pytest.raises(Stop) as stopped:
        make(file, None, learned=learned.append)
    assert (rule(stopped), stopped.value.exit_code) == ("evidence-key-exists", Exit.USAGE)


def test_the_variable_comes_first_and_may_end_in_a_line(tmp_path: Path) -> None:
    file = written(tmp_path / "key", "f" * 64)
    one = find({VARIABLE: f"{TEXT}\n"}, file, None)
    other = find({}, file, None)
    assert one is not None
    assert other is not None
    assert one.fingerprint != other.fingerprint
    assert find({VARIABLE: ""}, tmp_path / "none", None) is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(Stop) as stopped:
        find({}, written(tmp_path / "key", TEXT, mode), None)
    assert rule(stopped) == "evidence-key-open"
    assert f"chmod 600 {tmp_path / 'key'}" in stopped.value.problems[0].hint


def test_a_file_in_the_books_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Stop) as stopped:
        find({}, written(tmp_path / "key", TEXT), tmp_path)
    assert rule(stopped) == "evidence-key-inside"
    with pytest.raises(Stop):
        make(tmp_path / "new", tmp_path, learned=lambda text: None)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("text", ["", "secret", TEXT[:-1], f"{TEXT}\n{TEXT}\n", TEXT.upper(), "\0" * 64, "# only this"])
def test_what_is_no_key_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(Stop) as stopped:
        find({}, written(tmp_path / "key", text), None)
    assert rule(stopped) == "wrong-evidence-key"
    assert TEXT[:-1] not in str(stopped.value.problems)


def test_a_folder_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(Stop) as stopped:
        find({}, tmp_path, None)
    assert rule(stopped) == "evidence-key-unreadable"


def test_where_it_is_looked_for(tmp_path: Path) -> None:
    assert place({}, tmp_path, None) == tmp_path / ".config" / "git-bill" / "evidence.key"
    assert place({"XDG_CONFIG_HOME": "/x"}, tmp_path, None) == Path("/x/git-bill/evidence.key")
    assert place({}, tmp_path, Path("/keys/acme")) == Path("/keys/acme")
