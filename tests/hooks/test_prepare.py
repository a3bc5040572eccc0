"""prepare-commit-msg in real commits: when it writes `Ticket:`, where, and when it keeps out."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.hooks.conftest import Clone, script

ADDED = 'cat "$1" >>"$1.new"; mv "$1.new" "$1"'
SIGNED = "Signed-off-by: Mira Kovac <mira@example.net>"


def test_messages_of_every_origin(hooked: Clone, tmp_path: Path) -> None:
    hooked.does("commit", "-q", "--allow-empty", "-m", "on an unborn branch")
    assert hooked.message() == "on an unborn branch\n\nTicket: WEB-12"
    assert hooked.commit("-m", "cart") == "cart\n\nTicket: WEB-12"
    assert hooked.commit("-m", "cart", "-m", "text\n---\nmore") == "cart\n\ntext\n---\nmore\n\nTicket: WEB-12"
    assert hooked.commit("-s", "-m", "cart") == f"cart\n\n{SIGNED}\nTicket: WEB-12"
    assert hooked.commit("-F", "-", stdin="piped\n\nTime: 1h") == "piped\n\nTime: 1h\nTicket: WEB-12"
    assert hooked.commit("-F", "-", "--cleanup=verbatim", stdin="no line end") == "no line end\n\nTicket: WEB-12"
    assert hooked.commit("-m", "#ops", "-m", "#8 is done") == "#ops\n\n#8 is done\n\nTicket: WEB-12"
    assert hooked.commit() == "typed subject\n\nTicket: WEB-12"
    assert hooked.commit("-v") == "typed subject\n\nTicket: WEB-12"
    assert hooked.commit("-v", "-s") == f"typed subject\n\n{SIGNED}\nTicket: WEB-12"
    (tmp_path / "template").write_text("Why:\n\n# help\n")
    assert hooked.commit("-t", str(tmp_path / "template")) == "typed subject\nWhy:\n\nTicket: WEB-12"
    for char in (";", "auto"):
        hooked.does("config", "core.commentChar", char)
        assert hooked.commit("-v") == "typed subject\n\nTicket: WEB-12"


@pytest.mark.parametrize(
    "message",
    [
        "cart\n\nTicket: WEB-7",
        "cart\n\nticket : WEB-7\n\nmore text",
        "Ticket: WEB-7",
        "WEB-7 cart",
        "cart\nof WEB-7\n\ntext",
        "fixup! cart",
        "squash! cart",
        "amend! cart",
        'Revert "cart"',
        'Reapply "cart"',
    ],
)
def test_what_the_message_says_stays(one_shell: Clone, message: str) -> None:
    assert one_shell.commit("-m", message) == message


def test_a_ticket_in_the_body_is_no_ticket_of_the_commit(one_shell: Clone) -> None:
    assert one_shell.commit("-m", "cart", "-m", "as in WEB-7; UTF-8") == "cart\n\nas in WEB-7; UTF-8\n\nTicket: WEB-12"


@pytest.mark.parametrize("args", [(), ("-v",), ("-s",), ("-v", "-s")])
def test_an_editor_left_as_it_was_makes_no_commit(hooked: Clone, args: tuple[str, ...]) -> None:
    hooked.change()
    left = hooked.git("commit", *args, editor="true")
    assert (left.returncode, left.stderr) == (1, "Aborting commit due to empty commit message.\n")


def test_a_template_left_as_it_was_makes_no_commit(hooked: Clone, tmp_path: Path) -> None:
    (tmp_path / "template").write_text("Why:\n\nOf what\n")
    hooked.does("config", "commit.template", str(tmp_path / "template"))
    for args in ((), ("-v",)):
        hooked.change()
        assert hooked.git("commit", *args, editor="true").returncode == 1
    assert hooked.commit() == "typed subject\nWhy:\n\nOf what\n\nTicket: WEB-12"
    assert hooked.commit(editor='printf "Why:\n" >"$1"') == "Why:"
    assert "Ticket: WEB-12" in hooked.commit(editor='printf "more\\n\\nTicket: WEB-12\\n" >>"$1"')


@pytest.mark.parametrize("first", [*":@!%&|^$;#", "##", "Ticket: "])
def test_what_was_typed_is_never_taken_for_a_comment(hooked: Clone, first: str) -> None:
    """Whether git takes it for one depends on configuration and options; what it keeps is what is committed."""
    typed = f"{first}sparkles: Add cart"
    message = hooked.commit("--cleanup=scissors", editor=f"printf '%s\n' '{typed}' >\"$1.new\"; {ADDED}")
    assert message.splitlines()[0] == typed


def test_comments_of_any_kind_are_no_word(hooked: Clone) -> None:
    for char in (";", "auto", "x", ":"):
        hooked.does("config", "core.commentChar", char)
        hooked.change()
        for editor in ("true", 'printf "\\n \\n" >>"$1"', 'sed -i.bak 1,5d "$1"', 'printf "Ticket: WEB-12\\n" >"$1"'):
            left = hooked.git("commit", "-s", editor=editor)
            assert (left.returncode, left.stderr) == (1, "Aborting commit due to empty commit message.\n")


def test_what_was_prepared_for_an_aborted_commit_is_forgotten(hooked: Clone) -> None:
    hooked.change()
    assert hooked.git("commit", editor="false").returncode == 1
    assert hooked.commit("-e", "-m", "Ticket: WEB-12", editor="true") == "Ticket: WEB-12"


CREDIT = "Co-authored-by: Ben <ben@example.org>"


@pytest.mark.parametrize("args", [(), ("-v",), ("-s",)])
def test_typed_trailers_and_ours_are_one_paragraph(hooked: Clone, args: tuple[str, ...]) -> None:
    def written(*lines: str) -> str:
        words = " ".join(f"'{line}'" for line in lines)
        return hooked.commit(*args, editor=f'printf "%s\\n" {words} >"$1.new"; {ADDED}')

    ours = (f"{SIGNED}\n" if args == ("-s",) else "") + "Ticket: WEB-12"
    assert written("cart", "", CREDIT) == f"cart\n\n{CREDIT}\n{ours}"
    assert written("cart", "", "text", "", "Time: 1h", "", CREDIT) == f"cart\n\ntext\n\nTime: 1h\n{CREDIT}\n{ours}"
    for body in (CREDIT, "\nsee: this\nand that", f"\n  {CREDIT}", "\nno trailer: here"):
        assert written("cart", *body.split("\n")) == f"cart\n{body}\n\n{ours}"


@pytest.fixture
def worked(hooked: Clone) -> Clone:
    """Two commits of WEB-12, and a branch of ABC-1 from the first of them with one commit of its own."""
    hooked.commit("-m", "first")
    hooked.does("branch", "ABC-1-search")
    hooked.commit("-m", "second")
    hooked.does("switch", "-q", "ABC-1-search")
    hooked.change("search.txt")
    hooked.does("commit", "-q", "-m", "search")
    assert hooked.tickets() == ["ABC-1"]
    return hooked


def test_what_git_makes_of_other_commits_keeps_their_ticket(worked: Clone) -> None:
    web, search = "feature/WEB-12-cart", worked.does("rev-parse", "HEAD")
    worked.does("cherry-pick", web)
    assert worked.tickets() == ["WEB-12"]
    worked.does("reset", "-q", "--hard", search)
    worked.does("cherry-pick", "--edit", web, editor="true")
    assert worked.tickets() == ["WEB-12"]
    worked.does("reset", "-q", "--hard", search)
    worked.does("merge", "-q", "--no-ff", web, "-m", "joined")
    assert worked.tickets() == []
    worked.does("revert", "--no-edit", search)
    assert worked.tickets() == []
    worked.does("revert", "--edit", "HEAD", editor="true")
    assert worked.tickets() == []
    worked.does("reset", "-q", "--hard", search)
    worked.does("merge", "-q", "--squash", web)
    worked.does("commit", "-q", editor="true")
    assert "Ticket: ABC-1" not in worked.message()
    worked.does("reset", "-q", "--hard", search)
    worked.does("merge", "-q", "--squash", web)
    worked.does("commit", "-q", "-m", "squashed")
    assert worked.tickets() == []


def test_amend_and_rebase_keep_the_message(worked: Clone) -> None:
    worked.does("branch", "-m", "XYZ-3-renamed")
    worked.does("commit", "-q", "--amend", "--no-edit", "--reset-author")
    assert worked.tickets() == ["ABC-1"]
    worked.does("commit", "-q", "--amend", editor="true")
    assert worked.tickets() == ["ABC-1"]
    worked.does("rebase", "-q", "feature/WEB-12-cart")
    assert worked.tickets() == ["ABC-1"]
    sequence = {"GIT_SEQUENCE_EDITOR": "sed -i.bak s/^pick/reword/"}
    assert worked.git("rebase", "-i", "HEAD~1", editor='sed -i.bak s/^search/found/ "$1"', env=sequence).returncode == 0
    assert worked.message() == "found\n\nTicket: ABC-1"
    assert {line.split()[0] for line in worked.journal} == {"amend", "rebase"}
    assert worked.journal[-1].split()[2] == worked.does("rev-parse", "HEAD")


def test_a_rebase_with_a_conflict(worked: Clone) -> None:
    (worked.top / "shop.txt").write_text("otherwise\n")
    worked.does("commit", "-qam", "conflicting")
    assert worked.git("rebase", "feature/WEB-12-cart").returncode == 1
    (worked.top / "shop.txt").write_text("solved\n")
    worked.does("add", "shop.txt")
    worked.does("rebase", "--continue", editor="true")
    assert worked.message() == "conflicting\n\nTicket: ABC-1"
    assert [line.split()[0] for line in worked.journal] == ["rebase", "rebase"]


def test_a_cherry_pick_with_a_conflict(worked: Clone) -> None:
    worked.change()
    worked.does("commit", "-qm", "in the way")
    assert worked.git("cherry-pick", "feature/WEB-12-cart").returncode == 1
    (worked.top / "shop.txt").write_text("solved\n")
    worked.does("add", "shop.txt")
    worked.does("commit", "-q", "-m", "picked by hand")
    assert worked.message() == "picked by hand"


def test_heads_of_every_kind(hooked: Clone, tmp_path: Path) -> None:
    hooked.commit("-m", "first")
    hooked.does("worktree", "add", "-q", "-b", "XYZ-3", str(tmp_path / "linked"))
    linked = Clone(tmp_path / "linked")
    linked.does("commit", "-q", "--allow-empty", "-m", "linked")
    assert linked.tickets() == ["XYZ-3"]
    linked.does("commit", "-q", "--amend", "--allow-empty", "--no-edit", "--reset-author", "--date=2026-01-01T10:00:00")
    assert len(hooked.journal) == 1
    hooked.does("pack-refs", "--all")
    assert hooked.commit("-m", "packed").endswith("Ticket: WEB-12")
    (hooked.top / "below").mkdir()
    Clone(hooked.top / "below").does("commit", "-q", "--allow-empty", "-m", "from below")
    assert hooked.tickets() == ["WEB-12"]
    hooked.does("symbolic-ref", "refs/heads/ABC-9", "refs/heads/feature/WEB-12-cart")
    hooked.does("symbolic-ref", "HEAD", "refs/heads/ABC-9")
    assert hooked.commit("-m", "by another name").endswith("Ticket: ABC-9")
    hooked.does("switch", "-q", "--detach")
    assert hooked.commit("-m", "detached") == "detached"
    hooked.does("switch", "-q", "-c", "no-ticket/UTF-8")
    assert hooked.commit("-m", "none") == "none"


def test_a_head_that_no_builtin_reads_is_asked_of_git(hooked: Clone, tmp_path: Path) -> None:
    """A symbolic link, as old git made it; and the mark of reftable, for which git answers here."""
    hooked.commit("-m", "first")
    head = hooked.top / ".git/HEAD"
    head.unlink()
    head.symlink_to("refs/heads/feature/WEB-12-cart")
    assert hooked.commit("-m", "linked").endswith("Ticket: WEB-12")
    message = hooked.top / ".git/COMMIT_EDITMSG"
    head.unlink()
    head.write_text("ref: refs/heads/.invalid\n")
    message.write_text("text\n")
    answer = '[ "$1" != symbolic-ref ] || { echo refs/heads/XYZ-7; exit; }; cd /; shift 4'
    fake = script(tmp_path / "bin/git", f'#!/bin/sh\n{answer}\nexec {shutil.which("git")} "$@"')
    hook = hooked.hooks / "prepare-commit-msg"
    subprocess.run([hook, message, "message"], cwd=hooked.top, env={"PATH": str(fake.parent)}, check=True)
    assert message.read_text() == "text\n\nTicket: XYZ-7\n"


@pytest.mark.parametrize(
    "branch",
    [
        "WEB-12;touch${IFS}owned",
        "$(touch${IFS}owned)WEB-12",
        "`touch${IFS}owned`/WEB-12",
        "WEB-12'\"|&<>!#%=,",
        "-n/WEB-12",
        "größe/WEB-12-ü",
        "WEB-12/%s%n",
    ],
)
def test_odd_branch_names_are_names(hooked: Clone, branch: str) -> None:
    hooked.does("symbolic-ref", "HEAD", f"refs/heads/{branch}")
    assert hooked.commit("-m", "odd") == "odd\n\nTicket: WEB-12"
    assert not (hooked.top / "owned").exists()


def test_nothing_that_is_broken_keeps_a_commit_from_being_made(hooked: Clone, tmp_path: Path) -> None:
    """Run by hand: git itself would not start without git, or with a HEAD that is no file."""
    hook = hooked.hooks / "prepare-commit-msg"
    message = tmp_path / "git" / "message"
    (tmp_path / "git").mkdir()

    def code(*args: str, path: str = "/nowhere") -> int:
        return subprocess.run(
            [hook, *args], cwd=tmp_path, env={"PATH": path}, capture_output=True, check=False
        ).returncode

    message.write_text("text\n")
    assert code() == 0
    assert code(str(message), "message") == 0  # no HEAD beside it
    (tmp_path / "git/HEAD").write_text("ref: refs/heads/WEB-12")
    assert code(str(message), "message") == 0  # no git
    assert code(str(message), "") == 0
    assert code(str(tmp_path / "git" / "gone"), "message") == 0
    assert message.read_text() == "text\n"
    (tmp_path / "git/HEAD").unlink()
    (tmp_path / "git/HEAD").mkdir()
    assert code(str(message), "message") == 0


def test_a_commit_that_says_nothing_wrong_runs_one_child_at_most(one_shell: Clone, tmp_path: Path) -> None:
    """Counted by a git that writes down how it was called, on a branch with a ticket and on one without."""
    calls = tmp_path / "calls"
    fake = script(tmp_path / "bin/git", f'#!/bin/sh\necho "$*" >>{calls}\nexec {shutil.which("git")} "$@"')
    hook, message = one_shell.hooks / "prepare-commit-msg", one_shell.top / ".git/COMMIT_EDITMSG"
    for branch, expected in (("WEB-12", 1), ("none", 0)):
        calls.write_text("")
        message.write_text("text\n")
        one_shell.does("symbolic-ref", "HEAD", f"refs/heads/{branch}")
        subprocess.run(
            [hook, ".git/COMMIT_EDITMSG", "message"], cwd=one_shell.top, env={"PATH": f"{fake.parent}"}, check=True
        )
        assert len(calls.read_text().splitlines()) == expected
