"""`git bill hooks` and `git bill check --message` as typed, and what an amended commit then comes to."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
Git = Callable[..., str]
ISSUER = ("--issuer", "Mira Kovac", "--country", "DE", "--client", "Acme GmbH", "--rate", "95.00 EUR")


def hooks_in(git_bill: Run, folder: Path, *args: str) -> dict[str, Any]:
    """What `git bill hooks` answers for one clone."""
    ran = git_bill("hooks", *args, "--json", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    (clone,) = json.loads(ran.stdout)["clones"]
    return dict(clone)


def states(clone: dict[str, Any]) -> list[str]:
    return [hook["state"] for hook in clone["hooks"]]


def test_without_books_the_clone_at_hand_is_meant(git_bill: Run, git: Git, clone: Path) -> None:
    (clone / "below").mkdir()
    assert states(hooks_in(git_bill, clone / "below", "status")) == ["missing"] * 3
    assert hooks_in(git_bill, clone / "below", "install")["changed"] == 3
    assert states(hooks_in(git_bill, clone)) == ["installed"] * 3
    git(clone, "switch", "-qc", "WEB-12-cart")
    git(clone, "commit", "-q", "--allow-empty", "-m", "cart")
    assert git(clone, "log", "-1", "--format=%B") == "cart\n\nTicket: WEB-12"
    ran = git_bill("hooks", "uninstall", cwd=clone)
    assert ran.stdout == f"{clone}: the hooks are out\n"


def test_dry_run_shows_and_does_nothing(git_bill: Run, clone: Path) -> None:
    ran = git_bill("hooks", "install", "--dry-run", cwd=clone)
    assert f"put the hook {clone}/.git/hooks/prepare-commit-msg in place" in ran.stdout
    assert not (clone / ".git/hooks/prepare-commit-msg").exists()


def test_the_source_s_own_pattern_is_compiled(git_bill: Run, git: Git, clone: Path, tmp_path: Path) -> None:
    books = tmp_path / "books"
    books.mkdir()
    git(books, "init", "-q", "-b", "main")
    assert git_bill("init", "--yes", *ISSUER, cwd=books).returncode == 0
    git(clone, "commit", "-q", "--allow-empty", "-m", "first")
    added = git_bill("source", "add", str(clone), "--ticket-pattern", r"#\d+", cwd=books)
    assert f"git bill hooks install {clone}" in added.stdout
    assert hooks_in(git_bill, books, "install", str(clone))["ticket_pattern"] == r"#\d+"
    git(clone, "switch", "-qc", "fix/#8")
    git(clone, "commit", "-q", "--allow-empty", "-m", "fix")
    assert git(clone, "log", "-1", "--format=%B") == "fix\n\nTicket: #8"
    settings = books / "billing/billing.toml"
    settings.write_text(settings.read_text().replace(r"#\\d+", r"\\w+-\\d+"))
    ran = git_bill("hooks", "install", cwd=clone)
    assert r"a shell can't follow the ticket pattern '\w+-\d+'" in ran.stderr
    assert states(hooks_in(git_bill, clone)) == ["unneeded", "unneeded", "installed"]
    settings.write_text(settings.read_text().replace(r"\\w+-\\d+", "(a+)+$"))
    line = settings.read_text().splitlines().index('ticket_pattern = "(a+)+$"') + 1
    for ran in (git_bill("hooks", "install", cwd=clone), git_bill("collect", cwd=books)):
        assert ran.returncode == 3
        assert f"billing/billing.toml:{line}: error: " in ran.stderr
        assert "'(a+)+$' could search for ever" in ran.stderr


def test_a_hooks_path_is_told_with_the_lines_to_add(git_bill: Run, git: Git, clone: Path) -> None:
    git(clone, "config", "core.hooksPath", ".husky")
    ran = git_bill("hooks", "install", cwd=clone)
    assert f"git looks for this clone's hooks in {clone}/.husky" in ran.stdout
    line = 'h="$(git rev-parse --git-common-dir)/git-bill/hooks/post-rewrite"; [ ! -x "$h" ] || "$h" "$@" || exit'
    assert line in ran.stdout
    assert f"in {clone}/.husky/post-rewrite: a new file that begins with the line #!/bin/sh" in ran.stdout
    assert not (clone / ".husky").exists()


def test_husky_s_generated_folder_is_not_the_one_to_write_to(git_bill: Run, git: Git, clone: Path) -> None:
    (clone / ".husky" / "_").mkdir(parents=True)
    (clone / ".husky" / "_" / "commit-msg").write_text('#!/usr/bin/env sh\n. "$(dirname "$0")/h"')
    git(clone, "config", "core.hooksPath", ".husky/_")
    told = git_bill("hooks", "install", cwd=clone).stdout
    (clone / ".husky" / "commit-msg").write_text("npx lint\n")
    assert f"in {clone}/.husky/commit-msg: a new file" in told
    told = git_bill("hooks", cwd=clone).stdout
    assert f"in {clone}/.husky/commit-msg:\n" in told
    lines = [line.strip() for line in told.splitlines() if "/git-bill/hooks/commit-msg" in line]
    (clone / ".husky" / "commit-msg").write_text(f"npx lint\n{lines[0]}\n")
    assert states(hooks_in(git_bill, clone)) == ["elsewhere", "installed", "elsewhere"]


def test_a_hook_that_git_did_not_run_is_said_to_be_kept_and_not_called(git_bill: Run, clone: Path) -> None:
    other = clone / ".git/hooks/commit-msg"
    other.parent.mkdir(exist_ok=True)
    other.write_text("#!/bin/sh\nexit 1\n")
    other.chmod(0o644)
    assert "is kept, not called: git did not run it" in git_bill("hooks", "install", cwd=clone).stdout
    (clone / ".git/hooks/commit-msg.before-git-bill").chmod(0o755)
    assert "the one that was there is called first" in git_bill("hooks", cwd=clone).stdout


def test_no_clone_there(git_bill: Run, tmp_path: Path) -> None:
    ran = git_bill("hooks", "install", cwd=tmp_path)
    assert ran.returncode == 4
    assert ran.stderr.startswith(f"error: {tmp_path} is not in a git repository")


@pytest.mark.parametrize(("args", "code"), [((), 0), (("--strict",), 1)])
def test_check_message_warns_outside_of_any_books(
    git_bill: Run, tmp_path: Path, args: tuple[str, ...], code: int
) -> None:
    (tmp_path / "MSG").write_text("cart\n\nTime: see above\n")
    ran = git_bill("check", "--message", "MSG", *args, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert ran.stderr.startswith("MSG:3: warning: ")
    (tmp_path / "MSG").write_text("cart\n\nTime: 1h\n")
    assert git_bill("check", "--message", "MSG", cwd=tmp_path).stderr == ""


def test_a_commit_msg_hook_warns_and_the_commit_is_made(
    git_bill: Run, git: Git, clone: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    program = tmp_path / "bin" / "git-bill"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "called: $*" >&2\nexit 1\n')
    program.chmod(0o755)
    hooks_in(git_bill, clone, "install", "--check-messages")
    done = subprocess.run(
        ["git", "commit", "--allow-empty", "-m", "cart"],
        cwd=clone,
        env=environment | {"PATH": f"{program.parent}:{environment['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "called: check --message .git/COMMIT_EDITMSG" in done.stderr


def test_an_amended_commit_with_a_new_author_time_counts_once(git_bill: Run, git: Git, clone: Path) -> None:
    """Another patch and another time: only the journal tells that it is the same work, with a line or two more."""

    def amended(at: str, text: str) -> str:
        (clone / "shop.txt").write_text(text)
        git(clone, "add", "shop.txt")
        git(clone, "commit", "-q", "--amend", "--date", at, "-m", f"cart {at}", env={"GIT_COMMITTER_DATE": at})
        return git(clone, "rev-parse", "HEAD")

    def collected() -> tuple[int, int]:
        ran = git_bill("collect", "--json", cwd=clone)
        gathered.append(json.loads(ran.stdout)["gathered"])
        entries = json.loads(git_bill("log", "--json", cwd=clone).stdout)["entries"]
        return len(entries), sum(entry["minutes"] for entry in entries)

    gathered: list[int] = []

    def estimated() -> int:
        minutes = json.loads(git_bill("estimate", "--all", "--json", cwd=clone).stdout)["minutes"]
        return int(minutes["expected"])

    lines = "".join(f"line {number}\n" for number in range(30))
    (clone / "shop.txt").write_text(lines)
    git(clone, "add", "shop.txt")
    git(clone, "commit", "-q", "-m", "cart", at="2026-10-05T10:00:00+02:00")
    assert git_bill("init", "--yes", "--here", *ISSUER, cwd=clone).returncode == 0
    hooks_in(git_bill, clone, "install")
    alone = collected()
    amended("2026-10-06T15:00:00+02:00", lines + "two\n")  # nobody collects between this one and the next
    last = amended("2026-10-07T18:00:00+02:00", lines + "three\n")
    assert collected() == alone
    assert collected() == alone
    told = git_bill("explain", last[:12], cwd=clone).stdout
    assert "adds nothing: its change was seen before, in web-shop:" in told
    assert gathered == [1, 2, 0]
    assert estimated() == alone[1]
    (clone / ".git/git-bill/rewrites").unlink()  # what is on file stays known
    assert collected() == alone
    assert estimated() == alone[1], "its lines tell it, too"


def test_an_amend_with_new_lines_alone_counts_low_where_the_journal_knows_it(
    git_bill: Run, git: Git, clone: Path
) -> None:
    """Whoever works on and amends did work; how much more than nothing is open, so the low end counts and says so."""

    def write(text: str, at: str, *options: str) -> None:
        (clone / "shop.txt").write_text("".join(f"{text} {number}\n" for number in range(30)))
        git(clone, "add", "shop.txt")
        env = {"GIT_COMMITTER_DATE": at}
        git(clone, "commit", "-q", "--date", at, "-m", f"cart {text}", *options, env=env)

    def collected() -> list[dict[str, Any]]:
        git_bill("collect", cwd=clone)
        found: list[dict[str, Any]] = json.loads(git_bill("log", "--json", cwd=clone).stdout)["entries"]
        return found

    assert git_bill("init", "--yes", "--here", *ISSUER, cwd=clone).returncode == 0
    hooks_in(git_bill, clone, "install")
    write("first", "2026-10-05T10:00:00+02:00")
    (alone,) = collected()
    write("second", "2026-10-07T15:00:00+02:00", "--amend")
    first, again = collected()
    assert first["minutes"] == alone["minutes"]
    assert 0 < again["minutes"] < alone["minutes"]
    assert "partly-repeated" in again["flags"]
