"""Finding repositories: every kind, each object store once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from git_bill.adapters.git.find import repositories
from git_bill.problem import Exit, Stop

Git = Callable[..., str]


@pytest.fixture
def code(tmp_path: Path, clone: Path, git: Git) -> Path:
    """A folder with one repository, `web-shop`, that has a commit."""
    code = tmp_path / "code"
    code.mkdir()
    git(clone, "commit", "-q", "--allow-empty", "-m", "start")
    return clone.rename(code / "web-shop").parent


def test_plain_bare_nested_and_submodule(code: Path, git: Git) -> None:
    git(code, "init", "-q", "--bare", "central.git")
    git(code, "init", "-q", "web-shop/tools/nested")
    allow = ("-c", "protocol.file.allow=always")
    git(code / "web-shop", *allow, "submodule", "--quiet", "add", str(code / "web-shop"), "lib")
    (code / "notes").mkdir()
    (code / "notes" / "HEAD").write_text("not a repository\n")
    assert set(repositories([code])) == {
        code / "central.git",
        code / "web-shop",
        code / "web-shop" / "lib",
        code / "web-shop" / "tools" / "nested",
    }


def test_linked_worktrees_stand_behind_their_main_one(code: Path, tmp_path: Path, git: Git) -> None:
    git(code / "web-shop", "worktree", "add", "-q", "--detach", str(code / "a-linked"))
    assert repositories([code]) == (code / "web-shop",)
    (code / "web-shop").rename(tmp_path / "web-shop")
    git(tmp_path / "web-shop", "worktree", "repair", str(code / "a-linked"))
    assert repositories([code]) == (code / "a-linked",)
    assert repositories([code, tmp_path / "web-shop"]) == (code / "a-linked",)


def test_a_bare_store_with_its_worktrees_beside_it(code: Path, git: Git) -> None:
    git(code, "clone", "-q", "--bare", "web-shop", "beside/.bare")
    (code / "beside" / ".git").write_text("gitdir: ./.bare\n")
    assert repositories([code / "beside"]) == (code / "beside" / ".bare",)


def test_a_folder_inside_stands_for_its_repository(code: Path) -> None:
    inside = code / "web-shop" / "src" / "cart"
    inside.mkdir(parents=True)
    assert repositories([inside]) == (code / "web-shop",)
    assert repositories([inside, code / "web-shop"]) == (code / "web-shop",)


def test_other_peoples_code_and_links_are_not_followed(code: Path, tmp_path: Path, git: Git) -> None:
    for folder in ("node_modules/left-pad", "web-shop/.venv/src/flask"):
        git(code, "init", "-q", folder)
    git(tmp_path, "init", "-q", "elsewhere")
    (code / "link").symlink_to(tmp_path / "elsewhere")
    assert repositories([code]) == (code / "web-shop",)


def test_broken_git_files_do_no_harm(code: Path) -> None:
    for name, content in {
        "dangling": b"gitdir: /nowhere/at/all\n",
        "junk": b"\xff\xfe\0 not a gitdir",
        "huge": b"x" * 5_000_000,
        "loop": b"gitdir: .\n",
    }.items():
        (code / name).mkdir()
        (code / name / ".git").write_bytes(content)
    (code / "hollow" / ".git").mkdir(parents=True)
    assert repositories([code]) == (code / "web-shop",)


@pytest.mark.parametrize("name", ["empty", "absent", "file"])
def test_nothing_found_stops_with_an_example(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(Stop, match="empty" if name == "empty" else "is not a folder") as stopped:
        repositories([tmp_path / name])
    assert stopped.value.exit_code is Exit.REPOSITORY
    assert "git bill estimate" in stopped.value.problems[0].hint
