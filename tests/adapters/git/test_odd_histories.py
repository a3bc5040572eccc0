"""Clones in odd states as sources: read right, or a Stop that says what to run. Each is a real repository."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.repositories import commit, live_in, repository, run

from git_bill.adapters.git.health import health
from git_bill.adapters.git.history import GitHistory
from git_bill.adapters.git.run import version
from git_bill.ports import Change, Graph, Node
from git_bill.problem import Exit, Problem, Stop
from git_bill.sources.commit import Reading
from git_bill.sources.git import read

MIRA = Reading(source="shop", identity={"mira@example.net": "mira"})


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    live_in(environment, monkeypatch)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Three commits on `main`: a file, another one, and a line more in the first."""
    top = repository(tmp_path / "shop")
    commit(top, {"a.txt": "1\n"}, "one")
    commit(top, {"b.txt": "1\n"}, "two")
    commit(top, {"a.txt": "1\n2\n"}, "three")
    return top


def told(clone: Path) -> dict[str, tuple[int | None, int | None]]:
    """What is read as evidence: subject → lines added and deleted."""
    return {record.text: (record.added, record.deleted) for record in read(GitHistory(clone), MIRA).evidence}


WHOLE = {"one": (1, 0), "two": (1, 0), "three": (1, 0)}


def refused(read_it: Callable[[], object]) -> Problem:
    """The one problem that stops it."""
    with pytest.raises(Stop) as stopped:
        read_it()
    assert stopped.value.exit_code is Exit.REPOSITORY
    (problem,) = stopped.value.problems
    return problem


def object_file(top: Path, name: str) -> Path:
    """The loose object that a revision names."""
    found = run(top, "rev-parse", name)
    return top / ".git/objects" / found[:2] / found[2:]


@pytest.mark.parametrize("form", ["--object-format=sha256", "--ref-format=reftable"])
def test_other_formats_of_objects_and_refs(tmp_path: Path, form: str) -> None:
    if "reftable" in form and version() < (2, 45):
        pytest.skip("this git has no reftable")
    top = repository(tmp_path / "shop", form)
    first = commit(top, {"a.txt": "1\n"}, "one")
    last = commit(top, {"b.txt": "1\n"}, "two")
    (top / "b.txt").write_text("stashed\n")
    run(top, "stash", "-q")
    run(top, "notes", "add", "-m", "a note")
    run(top, "branch", "-q", "gone")
    run(top, "branch", "-q", "-D", "gone")
    history = GitHistory(top)
    assert {each.id: each.parents for each in history.commits()} == {first: (), last: (first,)}
    assert set(history.changes([first, last])) == {first, last}
    graph: Graph = {first: Node((), 0), last: Node((first,), 1)}
    assert history.branch_of([last], graph) == {last: "main"}
    before = history.state()
    commit(top, {"b.txt": "2\n"}, "three")
    assert history.state() != before
    assert told(top) == {"one": (1, 0), "two": (1, 0), "three": (1, 1)}


def test_bare_linked_detached_and_submodule_tell_the_same(shop: Path, tmp_path: Path) -> None:
    run(tmp_path, "clone", "-q", "--bare", str(shop), "bare.git")
    run(shop, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"), "HEAD~1")
    run(shop, "checkout", "-q", "--detach", "HEAD~2")
    parent = repository(tmp_path / "parent")
    run(parent, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(shop), "library")
    run(parent / "library", "fetch", "-q", str(shop), "main:main")
    for place in (tmp_path / "bare.git", shop, tmp_path / "linked", parent / "library"):
        assert told(place) == WHOLE, place


def test_a_submodule_that_moves_is_a_line(shop: Path, tmp_path: Path) -> None:
    """Its commits are its own repository's; here it is one line that names another commit."""
    parent = repository(tmp_path / "parent")
    run(parent, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(shop), "library")
    run(parent, "commit", "-q", "-m", "library")
    run(parent / "library", "checkout", "-q", "--detach", "HEAD~1")
    run(parent, "commit", "-q", "-a", "-m", "older library")
    older = run(parent, "rev-parse", "HEAD")
    (change,) = GitHistory(parent).changes([older]).values()
    assert (change.paths, change.added, change.deleted) == (("library",), 1, 1)


def test_an_empty_and_an_unborn_repository_have_nothing(tmp_path: Path) -> None:
    assert told(repository(tmp_path / "unborn")) == {}
    assert told(repository(tmp_path / "empty.git", "--bare")) == {}
    commit(repository(tmp_path / "other"), {"a": "1\n"}, "on main")
    run(tmp_path / "other", "checkout", "-q", "--orphan", "unborn")
    assert told(tmp_path / "other") == {"on main": (1, 0)}


def test_an_id_names_its_own_content_and_parents(shop: Path) -> None:
    """Replace refs and grafts are one clone's own view; evidence that depended on it would be nobody else's."""
    tip, middle, base = run(shop, "rev-parse", "HEAD", "HEAD~1", "HEAD~2").split()
    run(shop, "replace", "HEAD~1", base)
    (shop / ".git/info").mkdir(exist_ok=True)
    (shop / ".git/info/grafts").write_text(f"{tip}\n")
    assert told(shop) == WHOLE
    assert {each.id: each.parents for each in GitHistory(shop).commits()}[tip] == (middle,)


def test_borrowed_objects_are_read_and_when_they_are_gone_their_place_is_named(shop: Path, tmp_path: Path) -> None:
    run(tmp_path, "clone", "-q", "--shared", str(shop), "borrows")
    assert told(tmp_path / "borrows") == WHOLE
    shop.rename(tmp_path / "moved")
    problem = refused(lambda: told(tmp_path / "borrows"))
    assert problem.rule == "borrowed-objects-gone"
    assert str(shop / ".git/objects") in problem.message
    assert problem.hint.endswith(f"git -C {tmp_path}/borrows rev-parse --git-path objects/info/alternates")


@pytest.mark.parametrize("content", [b"garbage", b""], ids=["garbage", "empty"])
@pytest.mark.parametrize("name", ["HEAD~1", "HEAD~1:b.txt"], ids=["commit", "file"])
def test_a_damaged_object_stops_it_and_says_how_to_mend_it(shop: Path, name: str, content: bytes) -> None:
    damaged = object_file(shop, name)
    damaged.chmod(0o644)
    damaged.write_bytes(content)
    problem = refused(lambda: told(shop))
    assert problem.rule == "damaged-repository"
    assert f"git -C {shop} fsck --full" in problem.hint
    assert f"git -C {shop} fetch --refetch" in problem.hint


def test_a_damaged_pack_stops_it(shop: Path) -> None:
    run(shop, "gc", "-q")
    (pack,) = (shop / ".git/objects/pack").glob("*.pack")
    content = bytearray(pack.read_bytes())
    content[20:60] = bytes(40)
    pack.chmod(0o644)
    pack.write_bytes(content)
    assert refused(lambda: told(shop)).rule == "damaged-repository"


def test_a_missing_file_is_fetched_by_nobody_and_said(shop: Path, tmp_path: Path) -> None:
    object_file(shop, "HEAD~1:b.txt").unlink()
    found = read(GitHistory(shop), MIRA)
    assert {record.text for record in found.evidence} == set(WHOLE)
    (problem,) = found.problems
    assert (problem.rule, problem.severity) == ("sizes-unknown", "warning")


@pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
def test_a_partial_clone_is_read_without_a_fetch_and_says_what_is_missing(
    shop: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(shop, "config", "uploadpack.allowFilter", "true")
    run(tmp_path, "clone", "-q", "--no-checkout", f"--filter={kind}", f"file://{shop}", "partial")
    partial = tmp_path / "partial"
    packs = sorted((partial / ".git/objects").rglob("*"))
    found = read(GitHistory(partial), MIRA)
    assert {record.text: record.added for record in found.evidence} == dict.fromkeys(WHOLE)
    (problem,) = found.problems
    assert problem.message == "3 of 3 new commits of shop are judged by their times alone: the clone lacks their files"
    assert sorted((partial / ".git/objects").rglob("*")) == packs
    words = problem.hint.removeprefix("fetch these first: ").split()
    subprocess.run(words, check=True, capture_output=True)  # what it says to run is enough
    assert told(partial) == WHOLE


def test_a_shallow_clone_tells_no_size_at_its_edge(shop: Path, tmp_path: Path) -> None:
    run(tmp_path, "clone", "-q", "--depth", "2", f"file://{shop}", "cut")
    found = read(GitHistory(tmp_path / "cut"), MIRA)
    assert {record.text: record.added for record in found.evidence} == {"two": None, "three": 1}
    assert GitHistory(tmp_path / "cut").shallow
    assert not found.problems  # that it is shallow is said by who reads it
    run(tmp_path / "cut", "fetch", "-q", "--unshallow")
    assert not GitHistory(tmp_path / "cut").shallow
    assert told(tmp_path / "cut") == WHOLE


def test_without_a_commit_graph_or_with_a_broken_one_the_same_is_read(shop: Path) -> None:
    assert told(shop) == WHOLE
    run(shop, "commit-graph", "write", "--reachable")
    assert told(shop) == WHOLE
    graph = shop / ".git/objects/info/commit-graph"
    graph.chmod(0o644)
    graph.write_bytes(b"CGPH garbage")
    assert told(shop) == WHOLE


def test_a_long_history_without_a_commit_graph_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("git_bill.adapters.git.health._MANY", 3)
    top = repository(tmp_path / "shop")
    for number in range(3):
        found = health(top)
        assert found
        assert found.graph
        commit(top, {"a": f"{number}\n"})
    found = health(top)
    assert found
    assert not found.graph
    run(top, "commit-graph", "write", "--reachable")
    found = health(top)
    assert found
    assert found.graph


def test_commits_of_notes_are_no_work_however_the_reflog_reaches_them(shop: Path) -> None:
    run(shop, "notes", "add", "-m", "first")
    run(shop, "notes", "add", "-f", "-m", "second")
    run(shop, "update-ref", "refs/notes/commits", "refs/notes/commits~1")
    assert told(shop) == WHOLE
    assert len(list(GitHistory(shop).commits())) == 3


@pytest.mark.parametrize(
    ("second", "year"),
    [(1, 1970), (86_400, 1970), (4_102_444_800, 2100), (4_200_000_000, 2103), (253_402_300_799, 9999)],
)
def test_dates_far_away_are_read_as_they_are(tmp_path: Path, second: int, year: int) -> None:
    top = repository(tmp_path / "shop")
    people = f"Mira <mira@example.net> {second} +0000"
    content = f"commit refs/heads/main\nauthor {people}\ncommitter {people}\ndata 4\nodd\nM 644 inline a\ndata 2\n1\n"
    subprocess.run(["git", "fast-import", "--quiet"], cwd=top, input=content.encode(), check=True)
    (record,) = read(GitHistory(top), MIRA).evidence
    assert record.at == datetime.fromtimestamp(second, UTC)
    assert record.at.year == year


def test_a_name_that_is_no_utf_8_and_a_clock_that_ran_backwards(tmp_path: Path) -> None:
    top = repository(tmp_path / "shop")
    lines = []
    for number, second in enumerate((1_790_000_000, 1_600_000_000, 1_790_000_600)):  # the second one's clock is wrong
        who = b"M\xefra K\xf6v\xe1\xe7 <mira@example.net> %d +0200\n" % second
        lines.append(b"commit refs/heads/main\nauthor " + who + b"committer " + who)
        lines.append(b"data 5\nK\xf6ln\nM 644 inline %d.txt\ndata 2\n1\n\n" % number)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=top, input=b"".join(lines), check=True)
    history = GitHistory(top)
    assert {each.author_name for each in history.commits()} == {"M\ufffdra K\ufffdv\ufffd\ufffd"}
    assert [record.text for record in read(history, MIRA).evidence] == ["K\ufffdln"] * 3
    since = datetime.fromtimestamp(1_790_000_000, UTC)
    assert len(list(history.commits(since=since))) == 2  # the old date hides nothing below it


def test_a_file_that_becomes_a_link_is_one_file(shop: Path) -> None:
    (shop / "a.txt").unlink()
    (shop / "a.txt").symlink_to("b.txt")
    run(shop, "commit", "-q", "-a", "-m", "link")
    link = run(shop, "rev-parse", "HEAD")
    (change,) = GitHistory(shop).changes([link]).values()
    assert (change.files, change.paths, change.added, change.deleted) == (1, ("a.txt",), 1, 2)


def test_counts_are_git_s_own_whatever_its_configuration(tmp_path: Path) -> None:
    """Hunks are counted by their heads; names with spaces, quotes and ` b/` in them; empty files and modes."""
    top = repository(tmp_path / "shop")
    settings = {
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "diff.context": "7",
        "diff.interHunkContext": "9",
        "diff.algorithm": "histogram",
        "diff.renames": "copies",
        "diff.submodule": "log",
        "diff.orderFile": "/dev/null",
        "color.diff": "always",
    }
    for name, value in settings.items():
        run(top, "config", name, value)
    text = "".join(f"{number}\n" for number in range(60))
    names = ["a b.txt", "x b/x b.txt", 'q"uote.txt', "tab\t.txt", "empty", "-- a.txt", "@@ -1,3 +1 @@"]
    first = commit(top, {name: "" if name == "empty" else text for name in names}, "start")
    changed = text.replace("7\n", "").replace("30\n", "+++ new\n--- x\n@@ -1,9 +2,9 @@\n").removesuffix("\n")
    second = commit(top, dict.fromkeys(names, changed), "change")
    (top / "empty").chmod(0o755)
    run(top, "commit", "-q", "-a", "-m", "mode")
    third = run(top, "rev-parse", "HEAD")
    found = GitHistory(top).changes([first, second, third])
    for each in (first, second, third):
        rows = run(top, "diff-tree", "-r", "--root", "--numstat", "--no-renames", "--no-commit-id", "-z", each)
        theirs = [row.split("\t", 2) for row in rows.split("\0") if row]
        assert found[each].paths == tuple(path for *_, path in theirs)
        assert found[each].added == sum(int(added) for added, *_ in theirs)
        assert found[each].deleted == sum(int(deleted) for _, deleted, _ in theirs)
    assert isinstance(found[third], Change)
    assert found[third].files == 1


def test_a_line_without_end_is_not_held_in_memory(tmp_path: Path) -> None:
    top = repository(tmp_path / "shop")
    first = commit(top, {"a.txt": "x" * 5_000_000 + "\nshort line\n"}, "endless")
    second = commit(top, {"a.txt": "y" * 200_000 + "\nshort line\n"}, "other")
    found = GitHistory(top).changes([first, second])
    assert (found[first].added, found[second].added, found[second].deleted) == (2, 1, 1)
    assert found[first].patch
