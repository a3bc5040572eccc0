"""A publish where there is no remote: what it makes, and what it leaves alone."""

import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.repositories import AT, commit, live_in, now, repository, run

from git_bill.adapters.git.books import GitBooks, open_books
from git_bill.effects import Done, DropBranch, Moved, Publish, Refused, WriteFile
from git_bill.problem import Stop

SETTINGS = "billing/billing.toml"
CLIENT = "billing/clients/acme.toml"
BETA = "billing/clients/beta.toml"
INVOICE = "billing/invoices/2026/INV-1/invoice.toml"


@pytest.fixture(autouse=True)
def person(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Books and code on `main`, which is checked out."""
    made = repository(tmp_path / "books")
    commit(made, {SETTINGS: "schema = 1\n", CLIENT: "name = 1\n", "shop.py": "print(1)\n", "old.py": "old\n"})
    return made


def opened(top: Path) -> GitBooks:
    return open_books(top, now=now, branch="main")


def publish(books: GitBooks, files: dict[str, bytes | None], tags: tuple[str, ...] = ()) -> Done | Moved | Refused:
    tip = books.tip()
    return books.publish(
        Publish(branch="main", expect=tip, files=files, message="Issue INV-1\n\nBecause.", at=AT, tags=tags)
    )


# What is made


def test_commit_and_tag_are_the_caller_s_and_of_that_instant(top: Path) -> None:
    run(top, "config", "i18n.commitEncoding", "latin1")
    books = opened(top)
    assert isinstance(publish(books, {INVOICE: b"1\n"}, ("invoice/INV-1",)), Done)
    raw = run(top, "cat-file", "commit", "main").splitlines()[2:]
    assert raw == [
        "author Mira Kovac <mira@example.net> 1793606400 +0100",
        "committer Mira Kovac <mira@example.net> 1793606400 +0100",
        "",
        "Issue INV-1",
        "",
        "Because.",
    ]
    assert run(top, "cat-file", "tag", "invoice/INV-1").splitlines()[1:] == [
        "type commit",
        "tag invoice/INV-1",
        "tagger Mira Kovac <mira@example.net> 1793606400 +0100",
        "",
        "Issue INV-1",
    ]
    assert run(top, "diff", "--name-status", "main^", "main") == f"A\t{INVOICE}"
    run(top, "fsck", "--strict")


def test_two_who_resume_make_the_same_commit(top: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    run(top, "clone", "-q", str(top), str(other))
    books = [open_books(place, now=now, branch="main", remote="") for place in (top, other)]
    made = [publish(each, {INVOICE: b"1\n"}, ("invoice/INV-1",)) for each in books]
    assert made[0] == made[1]
    assert run(top, "rev-parse", "invoice/INV-1") == run(other, "rev-parse", "invoice/INV-1")


def test_a_name_that_would_end_its_line(top: Path) -> None:
    books = GitBooks(top, branch="main", remote=None, now=now, identity=("Mi<r>a\n\0\x1b", "\n"))
    assert isinstance(publish(books, {INVOICE: b"1\n"}, ("invoice/INV-1",)), Done)
    assert run(top, "log", "-1", "--format=%an|%ae|%cn|%ce") == "Mira|git-bill|Mira|git-bill"
    run(top, "fsck", "--strict")


def test_nobody_is_asked_for_a_hook_or_a_signature(top: Path) -> None:
    for hook in ("pre-commit", "commit-msg", "post-commit", "pre-push", "reference-transaction", "post-checkout"):
        path = top / ".git/hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text("#!/bin/sh\necho ran >> ../ran; touch ran; exit 1\n", encoding="utf-8")
        path.chmod(0o755)
    for name, value in {"commit.gpgSign": "true", "tag.gpgSign": "true", "gpg.program": "/bin/false"}.items():
        run(top, "config", name, value)
    assert isinstance(publish(opened(top), {INVOICE: b"1\n"}, ("invoice/INV-1",)), Done)
    assert not (top / "ran").exists()
    assert run(top, "cat-file", "commit", "main").count("gpgsig") == 0


def test_a_file_where_a_folder_is_needed_is_in_the_way(top: Path) -> None:
    before = run(top, "rev-parse", "main")
    assert isinstance(publish(opened(top), {f"{CLIENT}/x.toml": b"1\n"}), Refused)
    assert run(top, "rev-parse", "main") == before
    assert run(top, "status", "--porcelain") == ""


def test_an_executable_file_stays_one(top: Path) -> None:
    (top / CLIENT).chmod(0o755)
    run(top, "commit", "-q", "-a", "-m", "as some file systems have it")
    assert isinstance(publish(opened(top), {CLIENT: b"2\n", BETA: b"2\n"}), Done)
    modes = [line.split()[0] for line in run(top, "ls-tree", "main", CLIENT, BETA).splitlines()]
    assert modes == ["100755", "100644"]
    assert run(top, "status", "--porcelain") == ""


# What is left alone


def fingerprint(top: Path) -> tuple[str, str, str, dict[str, bytes]]:
    """Everything but the books: status, staged and unstaged changes, and the bytes of all files."""
    code = ("--", ".", ":!billing")
    files = {
        str(path.relative_to(top)): path.read_bytes()
        for path in top.rglob("*")
        if path.is_file() and not {".git", "billing"} & set(path.relative_to(top).parts)
    }
    return (
        run(top, "status", "--porcelain", *code),
        run(top, "diff", "--cached", *code),
        run(top, "diff", *code),
        files,
    )


def make_dirty(top: Path) -> None:
    (top / "shop.py").write_text("print(2)\n", encoding="utf-8")
    run(top, "add", "shop.py")
    (top / "shop.py").write_text("print(3)\n", encoding="utf-8")
    run(top, "rm", "-q", "--cached", "old.py")
    (top / "notes.txt").write_text("untracked\n", encoding="utf-8")
    (top / "new.py").write_text("staged\n", encoding="utf-8")
    run(top, "add", "-N", "notes.txt")
    run(top, "add", "new.py")


def test_staged_edited_and_untracked_files_stay_as_they_are(top: Path) -> None:
    make_dirty(top)
    (top / BETA).write_text("of the user, not of this publish\n", encoding="utf-8")
    (top / SETTINGS).write_text("edited\n", encoding="utf-8")
    before, head = fingerprint(top), run(top, "symbolic-ref", "HEAD")
    assert isinstance(publish(opened(top), {INVOICE: b"1\n", CLIENT: None}, ("invoice/INV-1",)), Done)
    assert fingerprint(top) == before
    assert run(top, "symbolic-ref", "HEAD") == head
    assert run(top, "status", "--porcelain", "-uall", "--", "billing") == f" M {SETTINGS}\n?? {BETA}"
    assert (top / INVOICE).read_bytes() == b"1\n"
    assert not (top / CLIENT).exists()
    assert (top / BETA).exists()


def test_other_branches_leave_the_work_tree_alone(top: Path) -> None:
    make_dirty(top)
    run(top, "switch", "-q", "-c", "feature")
    before, status = fingerprint(top), run(top, "status", "--porcelain")
    assert isinstance(publish(opened(top), {INVOICE: b"1\n", CLIENT: None}), Done)
    assert (fingerprint(top), run(top, "status", "--porcelain")) == (before, status)
    assert (top / CLIENT).exists()


def test_the_index_knows_the_new_files_already(top: Path) -> None:
    assert isinstance(publish(opened(top), {INVOICE: b"1\n", CLIENT: b"2\n"}), Done)
    assert run(top, "diff-files") == ""
    assert run(top, "diff-index", "--cached", "HEAD") == ""


def test_an_unborn_branch_is_filled(tmp_path: Path) -> None:
    made = repository(tmp_path / "new")
    (made / "notes.txt").write_text("mine\n", encoding="utf-8")
    run(made, "add", "notes.txt")
    assert isinstance(publish(opened(made), {SETTINGS: b"schema = 1\n"}), Done)
    assert run(made, "status", "--porcelain") == "A  notes.txt"
    assert (made / SETTINGS).read_bytes() == b"schema = 1\n"


def test_work_trees_elsewhere_follow_too(top: Path, tmp_path: Path) -> None:
    run(top, "switch", "-q", "-c", "feature")
    linked = tmp_path / "linked"
    run(top, "worktree", "add", "-q", str(linked), "main")
    gone = tmp_path / "gone"
    run(top, "worktree", "add", "-q", "--force", str(gone), "main")
    for path in sorted(gone.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    gone.rmdir()
    assert isinstance(publish(opened(top), {INVOICE: b"1\n", CLIENT: b"2\n"}), Done)
    assert run(linked, "status", "--porcelain") == run(top, "status", "--porcelain") == ""
    assert (linked / CLIENT).read_bytes() == b"2\n"
    assert (top / CLIENT).read_bytes() == b"name = 1\n"


def test_a_submodule_s_work_tree_follows(top: Path, tmp_path: Path) -> None:
    parent = repository(tmp_path / "parent")
    run(parent, "-c", "protocol.file.allow=always", "submodule", "add", "-q", "-b", "main", str(top), "books")
    below = parent / "books"
    books = open_books(below, now=now, branch="main", remote="")
    assert books.top == below
    assert isinstance(publish(books, {CLIENT: b"2\n"}), Done)
    assert run(below, "status", "--porcelain") == ""
    assert (below / CLIENT).read_bytes() == b"2\n"


# What is in the way


def unstaged(top: Path) -> None:
    (top / CLIENT).write_text("mine\n", encoding="utf-8")


def staged(top: Path) -> None:
    unstaged(top)
    run(top, "add", CLIENT)


def staged_then_restored(top: Path) -> None:
    staged(top)
    (top / CLIENT).write_text("name = 1\n", encoding="utf-8")


def deleted(top: Path) -> None:
    (top / CLIENT).unlink()


def untracked(top: Path) -> None:
    run(top, "rm", "-q", "--cached", CLIENT)


def replaced_by_a_folder(top: Path) -> None:
    deleted(top)
    (top / CLIENT).mkdir()


def conflicting(top: Path) -> None:
    run(top, "switch", "-q", "-c", "side")
    commit(top, {CLIENT: "side\n"})
    run(top, "switch", "-q", "main")
    commit(top, {CLIENT: "main\n"})
    with pytest.raises(Exception, match="exit status 1"):
        run(top, "merge", "-q", "side")


@pytest.mark.parametrize(
    "change",
    [unstaged, staged, staged_then_restored, deleted, untracked, replaced_by_a_folder, conflicting],
    ids=lambda change: str(change.__name__),
)
def test_a_changed_file_is_named_before_anything_moves(top: Path, change: Callable[[Path], None]) -> None:
    change(top)
    before, status = run(top, "rev-parse", "main"), run(top, "status", "--porcelain")
    refused = publish(opened(top), {INVOICE: b"1\n", CLIENT: b"2\n"}, ("invoice/INV-1",))
    assert refused == Refused(
        reason=f"changed here and not committed: {CLIENT}",
        remedy=f"commit it or put it aside, for example: git stash push -- {CLIENT}",
    )
    assert (run(top, "rev-parse", "main"), run(top, "status", "--porcelain")) == (before, status)
    assert run(top, "tag") == ""
    assert not (top / INVOICE).exists()


def test_an_untracked_file_in_the_way(top: Path) -> None:
    (top / BETA).write_text("mine\n", encoding="utf-8")
    assert isinstance(publish(opened(top), {BETA: b"2\n"}), Refused)
    assert (top / BETA).read_text(encoding="utf-8") == "mine\n"


def test_many_changed_files_are_counted(top: Path) -> None:
    files = {f"billing/clients/{name}.toml": b"2\n" for name in "abcde"}
    for path in files:
        (top / path).write_text("mine\n", encoding="utf-8")
    refused = publish(opened(top), dict(files))
    assert isinstance(refused, Refused)
    assert refused.reason.endswith("a.toml, billing/clients/b.toml, billing/clients/c.toml and 2 more")


def test_what_has_the_new_bytes_already_is_not_in_the_way(top: Path) -> None:
    (top / CLIENT).write_text("2\n", encoding="utf-8")
    (top / BETA).write_text("2\n", encoding="utf-8")
    run(top, "add", BETA)
    (top / SETTINGS).unlink()
    assert isinstance(publish(opened(top), {CLIENT: b"2\n", BETA: b"2\n", SETTINGS: None}), Done)
    assert run(top, "status", "--porcelain") == ""


def test_line_endings_of_the_clone_are_no_change(top: Path) -> None:
    run(top, "config", "core.autocrlf", "true")
    (top / CLIENT).write_bytes(b"name = 1\r\n")
    run(top, "add", "--renormalize", ".")
    assert run(top, "status", "--porcelain") == ""
    assert isinstance(publish(opened(top), {CLIENT: b"name = 2\n"}), Done)
    assert run(top, "status", "--porcelain") == ""


def test_a_linked_folder_stops_before_anything_moves(top: Path, tmp_path: Path) -> None:
    before = run(top, "rev-parse", "main")
    (top / "billing").rename(tmp_path / "elsewhere")
    (top / "billing").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Stop, match="a symbolic link"):
        publish(opened(top), {CLIENT: b"2\n"})
    assert run(top, "rev-parse", "main") == before
    assert (tmp_path / "elsewhere/clients/acme.toml").read_bytes() == b"name = 1\n"


def test_a_checked_out_draft_is_not_dropped(top: Path) -> None:
    run(top, "switch", "-q", "-c", "bill/acme")
    refused = opened(top).drop(DropBranch(branch="bill/acme", expect=run(top, "rev-parse", "HEAD")))
    assert isinstance(refused, Refused)
    assert refused.reason == f"bill/acme is checked out in {top}"
    assert run(top, "rev-parse", "bill/acme") == run(top, "rev-parse", "main")


def test_another_git_that_holds_the_index_delays_only_the_work_tree(top: Path) -> None:
    books = opened(top)
    lock = top / ".git/index.lock"
    lock.touch()
    assert isinstance(publish(books, {CLIENT: b"2\n"}), Done)
    assert run(top, "show", f"main:{CLIENT}") == "2"
    lock.unlink()
    assert run(top, "status", "--porcelain") == f"MM {CLIENT}"
    opened(top).settle()
    assert run(top, "status", "--porcelain") == ""


def test_a_ref_that_somebody_holds_is_waited_for(top: Path) -> None:
    books, lock = opened(top), top / ".git/refs/heads/main.lock"
    lock.touch()
    began = time.monotonic()
    refused = publish(books, {CLIENT: b"2\n"})
    assert time.monotonic() - began > 1.5
    assert isinstance(refused, Refused)
    assert "main.lock" in refused.reason
    lock.unlink()
    assert run(top, "status", "--porcelain") == ""
    assert isinstance(publish(books, {CLIENT: b"2\n"}), Done)


def test_a_work_tree_that_can_t_be_written_is_brought_up_later(top: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(step: str) -> None:
        if step == "moved":
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))  # as if the disk were full

    try:
        with pytest.raises(Stop, match="can't be written into") as stopped:
            publish(open_books(top, now=now, branch="main", between=fill), {INVOICE: b"1\n"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert stopped.value.problems[0].file == INVOICE
    assert run(top, "show", f"main:{INVOICE}") == "1"
    opened(top).settle()
    assert run(top, "status", "--porcelain") == ""


def test_a_file_that_is_edited_at_the_last_moment_is_kept(top: Path) -> None:
    def edit(step: str) -> None:
        if step == "moved":
            (top / CLIENT).write_text("mine\n", encoding="utf-8")

    books = open_books(top, now=now, branch="main", between=edit)
    assert isinstance(publish(books, {CLIENT: b"2\n", INVOICE: b"1\n"}), Done)
    assert (top / CLIENT).read_text(encoding="utf-8") == "mine\n"
    assert run(top, "status", "--porcelain") == f" M {CLIENT}"


# What waits to be recorded


def test_pending_is_what_git_add_would_take(top: Path) -> None:
    run(top, "config", "core.autocrlf", "true")
    (top / ".git/info/exclude").write_text("*.swp\n", encoding="utf-8")
    (top / "shop.py").write_text("no book\n", encoding="utf-8")
    (top / CLIENT).write_bytes(b"name = 1\r\n")
    run(top, "add", CLIENT)
    (top / BETA).write_bytes(b"new\r\n")
    (top / "billing/clients/.acme.toml.swp").write_text("editor's\n", encoding="utf-8")
    (top / SETTINGS).unlink()
    books = opened(top)
    before = run(top, "count-objects", "-v")
    (top / BETA).write_bytes(b"new\n")
    assert books.pending() == {SETTINGS: None, BETA: b"new\n"}
    assert run(top, "count-objects", "-v") == before  # it is a read
    (top / BETA).write_bytes(b"new\r\n")
    assert books.pending() == {SETTINGS: None, BETA: b"new\n"}
    assert isinstance(publish(books, dict(books.pending())), Done)
    assert books.pending() == {}
    assert run(top, "status", "--porcelain") == " M shop.py"


def test_pending_counts_what_is_staged(top: Path) -> None:
    (top / BETA).write_text("2\n", encoding="utf-8")
    run(top, "add", BETA)
    run(top, "rm", "-q", "--cached", CLIENT)
    assert opened(top).pending() == {BETA: b"2\n"}


def test_nothing_is_pending_where_the_work_tree_is_not_the_state(top: Path) -> None:
    run(top, "switch", "-q", "-c", "feature")
    (top / CLIENT).write_text("2\n", encoding="utf-8")
    assert opened(top).pending() == {}


def test_pending_beside_a_branch_without_books(tmp_path: Path) -> None:
    made = repository(tmp_path / "code")
    commit(made, {"shop.py": "1\n"})
    run(made, "switch", "-q", "-c", "feature")
    books = opened(made)
    books.write_all([WriteFile(path=SETTINGS, content=b"schema = 1\n")])
    assert books.pending() == {SETTINGS: b"schema = 1\n"}
