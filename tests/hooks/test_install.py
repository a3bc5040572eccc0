"""Install, status, uninstall: another's hook is never lost, and a shared folder never written to."""

import stat
import subprocess
from pathlib import Path

import pytest
from tests.hooks.conftest import Clone, script

from git_bill.adapters.git.hooks import hooks_of, set_hook
from git_bill.flows import apply
from git_bill.flows.hooks import states, uninstall
from git_bill.hook import NAMES
from git_bill.problem import Exit, Stop

FOREIGN = '#!/bin/sh\nprintf "%s\\n" "$0 $*" >>seen\nexit ${FAILS:-0}\n'
PATTERN = r"[A-Z][A-Z0-9]+-\d+"


def state(clone: Clone, pattern: str = PATTERN) -> list[str]:
    return [hook.state for hook in states(clone.found(), pattern)]


def take_out(clone: Clone) -> int:
    return apply.run(uninstall(clone.found()), apply.Actors(hooks=set_hook))


def files(clone: Clone) -> dict[str, tuple[int, bytes]]:
    """The hooks' modes and bytes."""
    return {file.name: (file.lstat().st_mode, file.read_bytes()) for file in sorted(clone.hooks.iterdir())}


def test_install_is_idempotent_and_uninstall_leaves_nothing(bare_clone: Clone) -> None:
    assert state(bare_clone) == ["missing"] * 3
    assert bare_clone.install() == 3
    assert state(bare_clone) == ["installed"] * 3
    before = files(bare_clone)
    assert all(mode & stat.S_IXUSR for mode, _ in before.values())
    assert bare_clone.install() == 0
    assert files(bare_clone) == before
    assert take_out(bare_clone) == 3
    assert files(bare_clone) == {}
    assert take_out(bare_clone) == 0


def test_what_was_there_is_called_first_and_comes_back(bare_clone: Clone) -> None:
    for name in ("prepare-commit-msg", "commit-msg"):
        script(bare_clone.hooks / name, FOREIGN).chmod(0o750)
    (bare_clone.hooks / "real").write_bytes(b"#!/bin/sh\n\xff\n")
    (bare_clone.hooks / "post-rewrite").symlink_to("real")
    before = files(bare_clone)
    assert state(bare_clone) == ["foreign"] * 3
    bare_clone.install()
    assert state(bare_clone) == ["installed"] * 3
    assert bare_clone.commit("-m", "cart").endswith("Ticket: WEB-12")
    assert (bare_clone.top / "seen").read_text().splitlines() == [
        ".git/hooks/prepare-commit-msg.before-git-bill .git/COMMIT_EDITMSG message",
        ".git/hooks/commit-msg.before-git-bill .git/COMMIT_EDITMSG",
    ]
    bare_clone.change()
    assert bare_clone.git("commit", "-m", "no", env={"FAILS": "3"}).returncode == 1
    bare_clone.install(r"[A-Z]+-\d+")
    take_out(bare_clone)
    assert files(bare_clone) == before
    assert (bare_clone.hooks / "post-rewrite").is_symlink()


def test_one_that_git_would_not_run_is_kept_and_not_run(bare_clone: Clone) -> None:
    script(bare_clone.hooks / "prepare-commit-msg", FOREIGN).chmod(0o640)
    before = files(bare_clone)
    bare_clone.install()
    assert bare_clone.commit("-m", "cart").endswith("Ticket: WEB-12")
    assert not (bare_clone.top / "seen").exists()
    take_out(bare_clone)
    assert files(bare_clone) == before


def test_a_new_pattern_makes_a_hook_outdated(one_shell: Clone) -> None:
    assert state(one_shell, r"WEB-\d+") == ["outdated", "installed", "installed"]
    assert one_shell.install(r"WEB-\d+") == 1
    one_shell.does("symbolic-ref", "HEAD", "refs/heads/ABC-1")
    assert one_shell.commit("-m", "other") == "other"


def test_a_pattern_that_no_shell_can_follow_is_left_to_collect(one_shell: Clone) -> None:
    assert state(one_shell, r"\w+-\d+") == ["outdated", "outdated", "installed"]
    one_shell.install(r"\w+-\d+")
    assert state(one_shell, r"\w+-\d+") == ["unneeded", "unneeded", "installed"]
    one_shell.install(r"\w+-\d+", check=True)
    assert sorted(files(one_shell)) == ["commit-msg", "post-rewrite"]


def test_checking_stays_until_it_is_taken_back(one_shell: Clone) -> None:
    def checks() -> bool:
        return next(hook.checks for hook in states(one_shell.found(), PATTERN) if hook.name == "commit-msg")

    one_shell.install(check=True)
    assert checks()
    one_shell.install()
    assert checks()
    one_shell.install(check=False)
    assert not checks()


def test_two_others_in_one_place_are_for_a_person_to_join(bare_clone: Clone) -> None:
    """As when another tool put its hook over ours, which was put over a third one."""
    script(bare_clone.hooks / "prepare-commit-msg", FOREIGN)
    bare_clone.install()
    ours = bare_clone.hooks / "prepare-commit-msg"
    ours.rename(bare_clone.hooks / "prepare-commit-msg.legacy")
    script(ours, '#!/bin/sh\n"$0.legacy" "$@"\n')
    assert bare_clone.commit("-m", "cart").endswith("Ticket: WEB-12")
    assert "before-git-bill" in (bare_clone.top / "seen").read_text()
    before = files(bare_clone)
    with pytest.raises(Stop) as stopped:
        bare_clone.install()
    assert stopped.value.exit_code == Exit.REPOSITORY
    assert files(bare_clone) == before
    with pytest.raises(Stop) as stopped:
        take_out(bare_clone)
    assert "was not put back" in stopped.value.problems[0].message
    assert files(bare_clone) == before


@pytest.mark.parametrize("scope", ["--local", "--global"])
def test_a_hooks_path_is_only_read(bare_clone: Clone, tmp_path: Path, scope: str) -> None:
    shared = bare_clone.top / ".husky" if scope == "--local" else tmp_path / "everywhere"
    bare_clone.does("config", scope, "core.hooksPath", ".husky" if scope == "--local" else str(shared))
    hook = script(shared / "prepare-commit-msg", "#!/bin/sh\necho shared >>seen\n")
    before = [(file, file.read_bytes()) for file in shared.iterdir()]
    bare_clone.install()
    assert [(file, file.read_bytes()) for file in shared.iterdir()] == before
    assert not bare_clone.hooks.exists()
    assert state(bare_clone) == ["elsewhere"] * 3
    assert bare_clone.commit("-m", "cart") == "cart"
    lines = {hook.name: hook.line for hook in states(bare_clone.found(), PATTERN)}
    hook.write_text(hook.read_text() + lines["prepare-commit-msg"] + "\n")
    script(shared / "post-rewrite", f"#!/bin/sh\n{lines['post-rewrite']}\n")
    assert state(bare_clone) == ["installed", "elsewhere", "installed"]
    assert bare_clone.commit("-m", "cart").endswith("Ticket: WEB-12")
    bare_clone.does("commit", "-q", "--amend", "-m", "again")
    assert len(bare_clone.journal) == 1
    assert take_out(bare_clone) == 3
    assert bare_clone.commit("-m", "cart") == "cart"  # the line does nothing in clones without us


def test_hooks_left_behind_by_a_hooks_path_are_taken_out(one_shell: Clone) -> None:
    one_shell.does("config", "core.hooksPath", ".husky")
    assert take_out(one_shell) == 3
    assert files(one_shell) == {}


def test_a_hooks_path_that_names_the_usual_folder_is_no_other(bare_clone: Clone) -> None:
    bare_clone.does("config", "core.hooksPath", ".git/hooks")
    bare_clone.install()
    assert state(bare_clone) == ["installed"] * 3


def test_a_linked_worktree_shares_the_clone_s_hooks(bare_clone: Clone, tmp_path: Path) -> None:
    bare_clone.does("commit", "-q", "--allow-empty", "-m", "first")
    bare_clone.does("worktree", "add", "-q", "-b", "XYZ-3", str(tmp_path / "linked"))
    linked = Clone(tmp_path / "linked")
    linked.install()
    assert sorted(files(bare_clone)) == sorted(NAMES)
    assert linked.commit("-m", "cart").endswith("Ticket: XYZ-3")


def test_no_repository_and_no_room(tmp_path: Path, bare_clone: Clone) -> None:
    assert hooks_of(tmp_path) is None
    bare_clone.hooks.write_text("a file where the folder should be")
    with pytest.raises(Stop) as stopped:
        bare_clone.install()
    assert "can't be written" in stopped.value.problems[0].message


def test_a_commit_msg_check_without_git_bill_is_silent(bare_clone: Clone, tmp_path: Path) -> None:
    bare_clone.install(check=True)
    message = tmp_path / "message"
    message.write_text("cart\n\nTime: soon\n")
    ran = subprocess.run(
        [bare_clone.hooks / "commit-msg", message], env={"PATH": "/nowhere"}, capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
