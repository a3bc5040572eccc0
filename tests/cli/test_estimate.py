"""`git bill estimate` as people run it: every kind of repository, whose hours, what is said, that nothing changes."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from git_bill.adapters import pdf

Run = Callable[..., subprocess.CompletedProcess[str]]
Git = Callable[..., str]

AS_JONAS = {"GIT_AUTHOR_NAME": "Jonas Weber", "GIT_AUTHOR_EMAIL": "jonas@acme.example"}
AS_OTHER = {"GIT_AUTHOR_NAME": "Mira Kovac", "GIT_AUTHOR_EMAIL": "m.kovac@acme.example"}


@pytest.fixture
def commit(git: Git) -> Callable[..., str]:
    """`commit(repository, "2026-10-05 10:00", "WEB-1 Totals", env=AS_JONAS)`: forty more lines, and the id."""

    def make(top: Path, at: str, subject: str = "Work", env: dict[str, str] | None = None) -> str:
        file = top / "work.txt"
        old = file.read_text() if file.exists() else ""
        file.write_text(old + "".join(f"{at} {line}\n" for line in range(40)))
        git(top, "add", "work.txt")
        git(top, "commit", "-q", "-m", subject, at=f"{at.replace(' ', 'T')}:00+02:00", env=env)
        return git(top, "rev-parse", "HEAD")

    return make


@pytest.fixture
def work(clone: Path, commit: Callable[..., str]) -> Path:
    """Three commits of Mira's in October, one of them under another address, and one of Jonas'."""
    commit(clone, "2026-10-05 10:00", "WEB-1 Show the totals")
    commit(clone, "2026-10-05 10:40", "WEB-1 Round the totals", env=AS_OTHER)
    commit(clone, "2026-10-06 15:00", "feat: search")
    commit(clone, "2026-10-07 11:00", "WEB-2 Cart", env=AS_JONAS)
    return clone


@pytest.fixture
def found(git_bill: Run) -> Callable[..., Any]:
    """`found("--all", cwd=…)["minutes"]`: the JSON object of a run that went well."""

    def run(*args: str, cwd: Path, env: dict[str, str] | None = None) -> Any:
        ran = git_bill("estimate", "--json", *args, cwd=cwd, env=env)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert ran.stderr == ""
        return json.loads(ran.stdout)

    return run


def repository(git: Git, top: Path) -> Path:
    top.mkdir(parents=True)
    git(top, "init", "-q", "-b", "main")
    git(top, "config", "user.name", "Mira Kovac")
    git(top, "config", "user.email", "mira@example.net")
    return top


def everything(top: Path) -> dict[str, bytes]:
    return {str(path.relative_to(top)): path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()}


def test_the_total_comes_first_then_days_and_tickets(work: Path, git_bill: Run) -> None:
    ran = git_bill("estimate", "--rate", "95.00 EUR", cwd=work)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "October and November 2026: 2 h 27 min (48 min to 4 h 40 min) in web-shop",
        "232.75 EUR net at 95.00 EUR an hour (76.00 to 443.33)",
        "you: mira@example.net and m.kovac@acme.example",
        "",
        "             Mon    Tue    Wed    Thu    Fri    Sat    Sun      week",
        "   5 Oct    1:27   1:00      ·      ·      ·      ·      ·      2:27  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━",
        "",
        "  ticket     hours      range  net EUR  commits  ",
        "  WEB-1       1:27  0:19–2:40   137.75        2  ━━━━━━━━━━━━━━━━",
        "  no ticket   1:00  0:05–2:00    95.00        1  ━━━━━━━━━━━",
        "",
        "  · from the times of 3 commits; the range holds in 8 of 10 cases",
        "  · work that left no commit is missing: calls, reading, what was thrown away",
        "  · 1 h of it on days with a single commit, the least certain",
        "",
        "next:",
        "  git bill init  set up books: confirm these hours, and bill them",
    ]


def test_the_json_has_the_agreed_keys(work: Path, found: Callable[..., Any]) -> None:
    told = found("--rate", "95.00 EUR", cwd=work)
    assert (told["ok"], told["problems"]) == (True, [])
    assert told["repository"] == str(work)
    assert told["commits"] == 3
    assert told["minutes"] == {"low": 48, "expected": 147, "high": 280}
    assert told["net"] == "232.75 EUR"
    (person,) = told["contributors"]
    assert {name: person[name] for name in ("id", "name", "emails", "commits", "minutes")} == {
        "id": "mira@example.net",
        "name": "Mira Kovac",
        "emails": ["mira@example.net", "m.kovac@acme.example"],
        "commits": 3,
        "minutes": 147,
    }
    assert [(row["day"], row["ticket"], row["repository"], row["minutes"], row["net"]) for row in told["rows"]] == [
        ("2026-10-05", "WEB-1", None, 87, "137.75 EUR"),
        ("2026-10-06", None, "web-shop", 60, "95.00 EUR"),
    ]
    assert (told["since"], told["until"], told["timezone"]) == ("2026-10-01", "2026-11-30", "Europe/Berlin")
    assert found(cwd=work)["net"] is None


@pytest.mark.parametrize("by", ["day", "ticket", "contributor", "commit"])
def test_rows_by_anything_add_up(work: Path, found: Callable[..., Any], git_bill: Run, git: Git, by: str) -> None:
    told = found("--all", "--by", by, "--rate", "95.00 EUR", cwd=work)
    assert sum(row["minutes"] for row in told["rows"]) == told["minutes"]["expected"] == 207
    assert sum(round(float(row["net"].split()[0]) * 100) for row in told["rows"]) == 32775
    if by == "commit":
        assert [row["sha"] for row in told["rows"]] == git(work, "rev-list", "--reverse", "HEAD").split()
    ran = git_bill("estimate", "--all", "--by", by, cwd=work)
    assert ran.returncode == 0
    assert ran.stdout.startswith("5 to 7 October 2026: 3 h 27 min (")


@pytest.mark.parametrize(
    ("options", "commits"),
    [
        (("--until", "2026-10-05"), 2),
        (("--since", "2026-10-06", "--until", "2026-10-06"), 1),
        (("--since", "2026-10"), 3),
        (("--since", "last-month", "--until", "last-month"), 3),
        (("--since", "2026-10-06", "--author", "jonas"), 1),
        (("--author", "jonas", "--author", "kovac"), 4),
        (("--all",), 4),
        (("--all", "--author", "m.kovac@"), 3),
        (("--all", "--since", "2026-10-06"), 2),
        (("--all", "--until", "2026-10-06"), 3),
        (("--today", "2026-12-03"), 0),
        (("--today", "2026-11-30"), 3),
    ],
)
def test_whose_hours_of_which_days(work: Path, git_bill: Run, options: tuple[str, ...], commits: int) -> None:
    told = json.loads(git_bill("estimate", "--json", *options, cwd=work).stdout)
    assert (told["ok"], told["commits"]) == (True, commits)


def test_days_are_those_of_the_zone(clone: Path, commit: Callable[..., str], found: Callable[..., Any]) -> None:
    commit(clone, "2026-10-06 01:00")
    days = [found("--timezone", zone, "--by", "day", cwd=clone)["rows"][0]["day"] for zone in ("Europe/Berlin", "UTC")]
    assert days == ["2026-10-06", "2026-10-05"]


def test_the_numbers_are_those_of_collect(
    work: Path, git: Git, commit: Callable[..., str], git_bill: Run, found: Callable[..., Any]
) -> None:
    git(work, "switch", "-q", "-c", "WEB-7-filter")
    for at in ("2026-10-12 09:00", "2026-10-12 09:50", "2026-10-13 23:55", "2026-10-14 00:30"):
        commit(work, at)
    git(work, "switch", "-q", "main")
    git(
        work,
        "merge",
        "-q",
        "--no-ff",
        "-m",
        "Merge branch 'WEB-7-filter'",
        "WEB-7-filter",
        at="2026-10-14T00:35:00+02:00",
    )
    git(work, "switch", "-q", "-c", "WEB-8-squashed")
    commit(work, "2026-10-20 09:00")
    commit(work, "2026-10-20 09:30")
    git(work, "switch", "-q", "main")
    git(work, "merge", "-q", "--squash", "WEB-8-squashed")
    git(work, "commit", "-q", "-m", "WEB-8 Squashed (#8)", at="2026-10-21T17:00:00+02:00")
    estimated = found(cwd=work)["minutes"]["expected"]
    set_up = ("init", "--yes", "--here", "--issuer", "Mira Kovac", "--email", "mira@example.net", "--country", "DE")
    ran = git_bill(*set_up, "--client", "Acme GmbH", "--since", "2026-10-01", cwd=work)
    assert ran.returncode == 0, ran.stderr
    settings = work / "billing" / "billing.toml"
    text = settings.read_text()
    if "m.kovac@acme.example" not in text:
        settings.write_text(text.replace('"mira@example.net"]', '"mira@example.net", "m.kovac@acme.example"]'))
    collected = json.loads(git_bill("collect", "--json", cwd=work).stdout)
    assert collected["minutes"] == estimated == found(cwd=work)["minutes"]["expected"]


class TestRepositories:
    """Whatever git calls a repository."""

    def test_bare(self, work: Path, git: Git, found: Callable[..., Any]) -> None:
        bare = work.parent / "shop.git"
        git(work, "clone", "-q", "--bare", ".", str(bare))
        told = found(str(bare), "--author", "mira", cwd=work.parent)
        assert (told["minutes"]["expected"], told["repositories"][0]["name"]) == (147, "shop")

    def test_shallow_warns_and_names_the_remedy(self, work: Path, git: Git, git_bill: Run) -> None:
        git(work.parent, "clone", "-q", "--depth", "2", work.as_uri(), "shallow")
        ran = git_bill("estimate", "shallow", "--author", "mira", "--json", cwd=work.parent)
        told = json.loads(ran.stdout)
        (problem,) = told["problems"]
        assert (ran.returncode, told["ok"], told["commits"]) == (0, True, 1)
        assert (problem["rule"], problem["severity"]) == ("shallow-clone", "warning")
        assert problem["hint"] == f"fetch the rest: git -C {work.parent}/shallow fetch --unshallow"

    def test_empty(self, clone: Path, git_bill: Run) -> None:
        ran = git_bill("estimate", cwd=clone)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout.startswith("web-shop has no commits yet. Come back after the first ones.\n")
        told = json.loads(git_bill("estimate", "--all", "--json", cwd=clone).stdout)
        assert (told["minutes"], told["rows"], told["contributors"]) == ({"low": 0, "expected": 0, "high": 0}, [], [])

    def test_detached(self, work: Path, git: Git, commit: Callable[..., str], found: Callable[..., Any]) -> None:
        git(work, "switch", "-q", "--detach")
        commit(work, "2026-10-08 10:00")
        assert found(cwd=work)["commits"] == 4

    def test_a_worktree_is_its_repository_and_counts_once(
        self, work: Path, git: Git, commit: Callable[..., str], found: Callable[..., Any]
    ) -> None:
        tree = work.parent / "tree"
        git(work, "worktree", "add", "-q", "-b", "side", str(tree))
        commit(tree, "2026-10-08 10:00")
        for told in (found(cwd=tree), found(cwd=work), found(str(work), str(tree), cwd=work.parent)):
            assert (told["commits"], len(told["repositories"])) == (4, 1)

    def test_a_submodule_is_a_repository_of_its_own(
        self, work: Path, git: Git, commit: Callable[..., str], found: Callable[..., Any]
    ) -> None:
        library = repository(git, work.parent / "elsewhere" / "library")
        commit(library, "2026-10-20 10:00")
        git(work, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(library), "library")
        git(work, "commit", "-q", "-m", "Add the library", at="2026-10-21T10:00:00+02:00")
        told = found(cwd=work, env={"GIT_AUTHOR_EMAIL": "mira@example.net"})
        assert [(each["name"], each["commits"]) for each in told["repositories"]] == [("web-shop", 4), ("library", 1)]

    def test_a_folder_is_all_below_it_on_one_timeline(
        self, work: Path, git: Git, commit: Callable[..., str], found: Callable[..., Any]
    ) -> None:
        api = repository(git, work.parent / "acme" / "api")
        same = repository(git, work.parent / "beta" / "api")
        commit(api, "2026-10-05 10:20")
        commit(same, "2026-10-05 11:00")
        told = found(cwd=work.parent)
        assert [each["name"] for each in told["repositories"]] == ["acme/api", "beta/api", "web-shop"]
        one, *others = (found(str(top), cwd=work)["minutes"]["expected"] for top in (work, api, same))
        assert one < told["minutes"]["expected"] < one + sum(others)
        assert told["repository"] == str(work.parent)

    def test_a_folder_inside_one(self, work: Path, found: Callable[..., Any]) -> None:
        (work / "src").mkdir()
        assert found(cwd=work / "src")["commits"] == found("-C", str(work / "src"), cwd=work.parent)["commits"] == 3

    def test_one_that_cannot_be_read_does_not_stop_the_others(
        self, work: Path, git: Git, commit: Callable[..., str], git_bill: Run
    ) -> None:
        broken = repository(git, work.parent / "broken")
        head = commit(broken, "2026-10-05 10:20")
        (broken / ".git" / "objects" / head[:2] / head[2:]).unlink()
        ran = git_bill("estimate", "--json", cwd=work.parent)
        told = json.loads(ran.stdout)
        assert (ran.returncode, told["commits"], told["problems"][0]["rule"]) == (0, 3, "missing-object")
        assert git_bill("estimate", str(broken), cwd=work).returncode == 4


def test_nothing_is_written(work: Path, git: Git, git_bill: Run) -> None:
    (work / "dirty.txt").write_text("not added\n")
    (work / "work.txt").write_text("changed\n")
    git(work, "add", "work.txt")
    before = everything(work.parent)
    for options in ((), ("--all", "--by", "commit"), ("--author", "nobody"), ("--pdf", "x.pdf", "--dry-run")):
        assert git_bill("estimate", *options, cwd=work).returncode == 0
    assert everything(work.parent) == before


def test_whoever_has_no_commits_is_told_who_has(work: Path, git: Git, git_bill: Run) -> None:
    git(work, "config", "user.email", "new@example.net")
    git(work, "config", "user.name", "New Person")
    ran = git_bill("estimate", cwd=work)
    assert ran.returncode == 0
    assert ran.stdout.splitlines() == [
        "October and November 2026: no commits of yours in web-shop",
        "you: new@example.net",
        "",
        "next:",
        "  git bill estimate --author mira@example.net  the hours of Mira Kovac",
        "  git bill estimate --all                      everyone, the whole history",
    ]
    assert ran.stderr.splitlines() == [
        "warning: of 4 commits in that time none is by new@example.net [no-commits]",
        "  commits in that time are by:",
        "    Mira Kovac <mira@example.net>, 3",
        "    Jonas Weber <jonas@acme.example>, 1",
    ]


def test_older_work_is_found_again(work: Path, git_bill: Run) -> None:
    ran = git_bill("estimate", "--today", "2027-02-03", cwd=work)
    assert "nobody committed in that time; the newest commit is of 2026-10-07 [no-commits]" in ran.stderr
    assert "  git bill estimate --since 2026-10-01  your newest commit is of 2026-10-06\n" in ran.stdout
    ran = git_bill("estimate", "--author", "jonas", "--today", "2027-02-03", cwd=work)
    assert "git bill estimate --since 2026-10-01 --all" in ran.stdout


def test_without_an_address_the_remedy_is_named(work: Path, git: Git, git_bill: Run) -> None:
    git(work, "config", "--unset", "user.email")
    ran = git_bill("estimate", cwd=work)
    assert ran.returncode == 0
    assert "git does not know your e-mail, so it can't tell which commits are yours [no-commits]" in ran.stderr
    assert "git config user.email mira@example.net" in ran.stdout


def test_many_alike_problems_are_counted(clone: Path, commit: Callable[..., str], git_bill: Run) -> None:
    for minute in range(6):
        commit(clone, f"2026-10-05 10:1{minute}", "Run\n\nTime: 12:30:05")
    problems = json.loads(git_bill("estimate", "--json", cwd=clone).stdout)["problems"]
    assert [problem["rule"] for problem in problems] == ["malformed-directive"] * 4
    assert problems[-1]["message"] == "3 more like these"


HOSTILE = "WEB-1 \x1b[31mred\x1b[0m \u202edrow ::set-output name=x::y <b>*_#panic()"


def test_hostile_subjects_are_only_text(clone: Path, commit: Callable[..., str], git_bill: Run) -> None:
    commit(clone, "2026-10-05 10:00", HOSTILE)
    commit(clone, "2026-10-06 10:00", "::warning::pwned", env=AS_JONAS | {"GIT_AUTHOR_NAME": "\x1b]0;title\x07 Eve"})
    for by in ("day", "ticket", "contributor", "commit"):
        ran = git_bill("estimate", "--all", "--by", by, "--pdf", f"{by}.pdf", cwd=clone)
        assert ran.returncode == 0, ran.stderr
        assert not {"\x1b", "\x07", "\u202e"} & set(ran.stdout + ran.stderr)
        assert not [line for line in (ran.stdout + ran.stderr).splitlines() if line.lstrip().startswith("::")]
    shown = pdf.text((clone / "commit.pdf").read_bytes())
    assert "<b>*_#panic()" in shown.replace("\n", "")


def test_a_clone_can_start_no_program(work: Path, git: Git, git_bill: Run) -> None:
    mark, script = work.parent / "mark", work.parent / "evil"
    script.write_text(f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    (work / ".gitattributes").write_text("* diff=evil filter=evil\n")
    git(work, "add", ".gitattributes")
    git(work, "commit", "-q", "-m", "attributes", at="2026-10-09T10:00:00+02:00")
    for name in ("post-index-change", "reference-transaction"):
        (work / ".git" / "hooks").mkdir(exist_ok=True)
        (work / ".git" / "hooks" / name).write_text(script.read_text())
        (work / ".git" / "hooks" / name).chmod(0o755)
    programs = (
        "core.fsmonitor core.sshCommand core.pager diff.external diff.evil.textconv filter.evil.clean gpg.program"
    )
    for name in programs.split():
        git(work, "config", name, str(script))
    for name, value in {
        "log.showSignature": "true",
        "remote.origin.url": f"ext::{script}",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
        "alias.rev-list": f"!{script}",
    }.items():
        git(work, "config", name, value)
    mark.unlink(missing_ok=True)
    for options in ((), ("--all",), ("--author", "nobody")):
        assert git_bill("estimate", *options, cwd=work).returncode == 0
    assert not mark.exists()


class TestPdf:
    """The preview."""

    def test_it_says_what_it_is(self, work: Path, git_bill: Run) -> None:
        ran = git_bill("estimate", "--rate", "95.00 EUR", "--pdf", "estimate.pdf", cwd=work)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert f"Written: {work}/estimate.pdf" in ran.stdout
        shown = " ".join(pdf.text((work / "estimate.pdf").read_bytes()).split())
        for part in (
            "Estimate ESTIMATE, not an invoice",
            "Mira Kovac mira@example.net",
            "October and November 2026",
            "Estimated from the times of 3 commits; nobody has confirmed it.",
            "WEB-1: Show the totals",
            "1 h 27 min 95.00 137.75",
            "Net amount EUR 232.75",
            "Amounts are net of VAT.",
        ):
            assert part in shown

    def test_without_a_rate_it_tells_hours(self, work: Path, git_bill: Run) -> None:
        assert git_bill("estimate", "--pdf", "estimate.pdf", "--by", "day", cwd=work).returncode == 0
        shown = pdf.text((work / "estimate.pdf").read_bytes())
        assert "EUR" not in shown
        assert "2 h 27 min" in shown

    def test_equal_runs_give_equal_bytes(self, work: Path, git_bill: Run) -> None:
        for name in ("one.pdf", "two.pdf"):
            git_bill("estimate", "--pdf", str(work.parent / name), cwd=work)
        assert (work.parent / "one.pdf").read_bytes() == (work.parent / "two.pdf").read_bytes()


def test_a_rate_without_a_currency_is_in_that_of_the_zones_country(work: Path, found: Callable[..., Any]) -> None:
    assert found("--rate", "95", cwd=work)["rate"] == "95.00 EUR"
    assert found("--rate", "95", "--timezone", "America/New_York", cwd=work)["rate"] == "95.00 USD"
