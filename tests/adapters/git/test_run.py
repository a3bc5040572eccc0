"""Running git: nothing of a clone's configuration runs, nothing of a surrounding git leaks in, failures are told."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from git_bill.adapters.git.find import repositories
from git_bill.adapters.git.history import GitHistory
from git_bill.adapters.git.run import attempt, environment, git, stream, text
from git_bill.problem import Exit, Stop

Git = Callable[..., str]


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", environment["HOME"])
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", environment["GIT_CONFIG_GLOBAL"])


def rule_of(stopped: pytest.ExceptionInfo[Stop]) -> str:
    assert stopped.value.exit_code is Exit.REPOSITORY
    (problem,) = stopped.value.problems
    return problem.rule


def test_a_folder_that_is_no_repository_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Stop) as stopped:
        git(tmp_path, "rev-parse", "HEAD")
    assert rule_of(stopped) == "not-a-repository"
    assert str(tmp_path) in str(stopped.value)


def test_a_folder_that_does_not_exist_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Stop) as stopped:
        attempt(tmp_path / "gone", "rev-parse", "HEAD")
    assert rule_of(stopped) == "not-a-repository"


def test_a_repository_of_another_user_names_the_remedy(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own switch for this test
    with pytest.raises(Stop) as stopped:
        git(clone, "rev-parse", "--git-dir")
    assert rule_of(stopped) == "dubious-ownership"
    assert stopped.value.problems[0].hint.endswith(f"git config --global --add safe.directory {clone}")


def test_a_missing_object_names_the_remedy(clone: Path, git: Git) -> None:
    git(clone, "commit", "-q", "--allow-empty", "-m", "one")
    commit = git(clone, "rev-parse", "HEAD")
    (clone / ".git" / "objects" / commit[:2] / commit[2:]).unlink()
    with pytest.raises(Stop) as stopped:
        list(GitHistory(clone).commits())
    assert rule_of(stopped) == "missing-object"
    assert "git fetch --unshallow" in stopped.value.problems[0].hint


def test_any_other_failure_says_what_git_said(clone: Path) -> None:
    with pytest.raises(Stop) as stopped:
        git(clone, "rev-list", "--no-such-option")
    assert rule_of(stopped) == "git-failed"
    assert "rev-list failed" in str(stopped.value)


def test_git_that_is_not_installed_is_said_so(clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    for start in (lambda: git(clone, "version"), lambda: stream(clone, "version").__enter__()):
        with pytest.raises(Stop) as stopped:
            start()
        assert rule_of(stopped) == "no-git"


def test_a_surrounding_hook_does_not_turn_reads_to_its_own_repository(
    clone: Path, tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    git(tmp_path, "init", "-q", str(other))
    for name, value in {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": str(other / "index"),
        "GIT_OBJECT_DIRECTORY": str(other / ".git/objects"),
        "GIT_PREFIX": "sub/",
    }.items():
        monkeypatch.setenv(name, value)
    assert text(clone, "rev-parse", "--show-toplevel") == str(clone)
    assert text(clone, "rev-parse", "--git-path", "objects") == ".git/objects"


def test_the_environment_keeps_who_the_user_is_and_drops_when() -> None:
    kept = environment({"GIT_INDEX_FILE": "mine"})
    assert kept["LC_ALL"] == "C"
    assert kept["GIT_INDEX_FILE"] == "mine"
    assert kept["GIT_ALLOW_PROTOCOL"] == ""
    assert "GIT_ALLOW_PROTOCOL" not in environment(network=True)


def test_leaving_a_stream_early_is_no_failure(clone: Path, git: Git) -> None:
    for number in range(3):
        git(clone, "commit", "-q", "--allow-empty", "-m", f"{number}" * 100_000)
    with stream(clone, "rev-list", "--all") as ids, stream(clone, "cat-file", "--batch", input=ids) as objects:
        assert objects.readline()


def test_a_stream_that_fails_raises_after_what_it_gave(clone: Path) -> None:
    with pytest.raises(Stop), stream(clone, "rev-list", "nothing") as lines:
        assert lines.read() == b""


def test_the_first_of_two_joined_streams_that_fails_raises(clone: Path) -> None:
    with (
        pytest.raises(Stop, match="rev-list failed"),
        stream(clone, "rev-list", "nothing") as ids,
        stream(clone, "cat-file", "--batch", input=ids) as objects,
    ):
        assert objects.read() == b""


def test_an_error_of_the_reader_ends_the_child(clone: Path) -> None:
    with pytest.raises(KeyError), stream(clone, "cat-file", "--batch", input=b"HEAD\n" * 100_000):
        raise KeyError


@pytest.fixture
def hostile(clone: Path, tmp_path: Path, git: Git) -> tuple[Path, Path]:
    """A clone whose every known way to run a program leaves a mark, and the file of marks."""
    marks, script = tmp_path / "marks", tmp_path / "evil"
    script.write_text(f'#!/bin/sh\necho "$0 $*" >> {marks}\ncat > /dev/null 2>&1 < /dev/null\n')
    script.chmod(0o755)
    git(clone, "commit", "-q", "--allow-empty", "-m", "start", at="2026-10-05T08:00:00+02:00")
    (clone / ".gitattributes").write_text("* diff=evil filter=evil\n")
    (clone / "a.txt").write_text("one\n")
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "one", at="2026-10-05T09:00:00+02:00")
    (clone / "a.txt").write_text("two\n")
    git(clone, "commit", "-q", "-am", "two", at="2026-10-05T10:00:00+02:00")
    signed = git(clone, "cat-file", "commit", "HEAD").replace(
        "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", 1
    )
    file = tmp_path / "signed"
    file.write_text(signed + "\n")
    git(clone, "update-ref", "HEAD", git(clone, "hash-object", "-t", "commit", "-w", str(file)))
    for name in ("post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc"):
        hook = clone / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(script.read_text())
        hook.chmod(0o755)
    for name, value in {
        "core.fsmonitor": str(script),
        "core.sshCommand": str(script),
        "core.pager": str(script),
        "core.editor": str(script),
        "core.alternateRefsCommand": str(script),
        "credential.helper": f"!{script}",
        "gpg.program": str(script),
        "log.showSignature": "true",
        "diff.external": str(script),
        "diff.evil.command": str(script),
        "diff.evil.textconv": str(script),
        "filter.evil.clean": str(script),
        "filter.evil.smudge": str(script),
        "filter.evil.process": str(script),
        "remote.origin.url": f"ext::{script}",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "remote.origin.uploadpack": str(script),
        "protocol.ext.allow": "always",
        "pager.log": str(script),
        "alias.rev-list": f"!{script}",
    }.items():
        git(clone, "config", name, value)
    marks.unlink(missing_ok=True)
    return clone, marks


def test_the_hostile_clone_is_hostile(hostile: tuple[Path, Path], environment: dict[str, str]) -> None:
    clone, marks = hostile
    missing = "1234567890" * 4
    for words in (["status"], ["log", "-p", "-1"], ["diff", "HEAD~1"], ["cat-file", "-p", missing]):
        subprocess.run(["git", *words], cwd=clone, env=environment, capture_output=True, check=False)
    programs = marks.read_text()
    assert programs.count("evil") >= 4


def test_reading_a_hostile_clone_runs_nothing_of_it(hostile: tuple[Path, Path]) -> None:
    clone, marks = hostile
    assert repositories([clone]) == (clone,)
    history = GitHistory(clone)
    assert not history.shallow
    ids = [commit.id for commit in history.commits()]
    assert len(ids) == 4
    changes = history.changes(ids)
    assert sorted(changes[commit].added or 0 for commit in ids) == [0, 1, 1, 2]
    assert len([change for change in changes.values() if change.patch]) == 3
    assert history.range_patch_ids([(ids[-1], ids[0])])
    history.branch_of(ids, {})
    assert attempt(clone, "cat-file", "-p", "1234567890" * 4).code
    assert not marks.exists()
