"""post-rewrite: what was made of what is written down, whoever writes, and nothing fails for it."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.hooks.conftest import Clone, script


def test_amend_reword_squash_and_fixup(hooked: Clone) -> None:
    for subject in ("one", "two", "three"):
        hooked.commit("-m", subject)
    ids = hooked.does("log", "--format=%H", "--reverse").split()
    sequence = {"GIT_SEQUENCE_EDITOR": "sed -i.bak -e 2s/^pick/squash/ -e 3s/^pick/fixup/"}
    done = hooked.git("rebase", "-i", "--root", editor='sed -i.bak s/^one/all/ "$1"', env=sequence)
    assert done.returncode == 0, done.stderr
    head = hooked.does("rev-parse", "HEAD")
    assert [line.split()[2] for line in hooked.journal if line.split()[1] in ids][-3:] == [head] * 3
    assert hooked.tickets() == ["WEB-12"]
    hooked.does("commit", "-q", "--amend", "-m", "reworded")
    assert hooked.journal[-1] == f"amend {head} {hooked.does('rev-parse', 'HEAD')}"


def test_writers_at_the_same_time_keep_their_lines_whole(hooked: Clone) -> None:
    """Each is given more than one write of a shell holds."""

    def write(number: int) -> int:
        lines = "".join(f"{number:x}{n:039x} {n:040x}\n" for n in range(1, 201))
        hook = hooked.hooks / "post-rewrite"
        return subprocess.run([hook, "rebase"], cwd=hooked.top, input=lines, text=True, check=False).returncode

    with ThreadPoolExecutor(8) as writers:
        assert list(writers.map(write, range(1, 9))) == [0] * 8
    assert sorted(hooked.journal) == sorted(
        f"rebase {number:x}{n:039x} {n:040x}" for number in range(1, 9) for n in range(1, 201)
    )


def test_a_journal_that_can_not_be_written_is_no_failure(hooked: Clone) -> None:
    (hooked.top / ".git/git-bill").write_text("in the way")
    hooked.commit("-m", "one")
    done = hooked.git("commit", "-q", "--amend", "-m", "two")
    assert (done.returncode, done.stderr) == (0, "")
    (hooked.top / ".git/git-bill").unlink()
    (hooked.top / ".git/git-bill/rewrites").mkdir(parents=True)
    done = hooked.git("commit", "-q", "--amend", "-m", "three")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_clone_inside_another_has_its_own_journal(hooked: Clone, tmp_path: Path) -> None:
    """A git directory in another place, which `.git` names in a file."""
    hooked.commit("-m", "one")
    (hooked.top / ".git").rename(tmp_path / "apart")
    (hooked.top / ".git").write_text(f"gitdir: {tmp_path / 'apart'}\n")
    hooked.does("commit", "-q", "--amend", "-m", "two")
    assert len((tmp_path / "apart/git-bill/rewrites").read_text().splitlines()) == 1
    assert hooked.tickets() == ["WEB-12"]


def test_another_hook_gets_the_same_and_its_failure_counts(bare_clone: Clone) -> None:
    seen = bare_clone.top / "seen"
    script(bare_clone.hooks / "post-rewrite", f'#!/bin/sh\n{{ echo "$0 $*"; cat; }} >{seen}\nexit 7\n')
    bare_clone.install()
    bare_clone.commit("-m", "one")
    ran = subprocess.run(
        [bare_clone.hooks / "post-rewrite", "amend"],
        cwd=bare_clone.top,
        input="a b extra words\nc d\n",
        text=True,
        check=False,
    )
    assert ran.returncode == 7
    assert seen.read_text() == f"{bare_clone.hooks}/post-rewrite.before-git-bill amend\na b extra words\nc d\n"
    assert bare_clone.journal == ["amend a b", "amend c d"]
