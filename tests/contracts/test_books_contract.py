"""What every `Books` does: in memory, and in git repositories of all kinds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.repositories import AT, commit, live_in, now, repository, run
from tests.twins.books import MemoryBooks

from git_bill.adapters.git.books import GitBooks, open_books
from git_bill.effects import Configure, Done, DropBranch, Moved, Publish, Refused, WriteFile
from git_bill.ports import Books
from git_bill.problem import Stop

SETTINGS = "billing/billing.toml"
CLIENT = "billing/clients/acme.toml"
DRAFT = "billing/drafts/acme-2026-10.toml"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One repository; `open` gives a process's view of it."""

    open: Callable[[], Books]


def twin(tmp_path: Path) -> Place:
    books = MemoryBooks()
    return Place(open=books.another)


def local(tmp_path: Path) -> Place:
    top = repository(tmp_path / "books")
    return Place(open=lambda: open_books(top, now=now))


def bare(tmp_path: Path) -> Place:
    top = repository(tmp_path / "books.git", "--bare")
    return Place(open=lambda: open_books(top, now=now))


def sha256(tmp_path: Path) -> Place:
    top = repository(tmp_path / "books", "--object-format=sha256")
    return Place(open=lambda: open_books(top, now=now))


def remote(tmp_path: Path) -> Place:
    """The books of a clone whose remote is a bare repository; every view is another clone."""
    origin = repository(tmp_path / "origin.git", "--bare")
    clones = iter(range(100))

    def opened() -> Books:
        folder = tmp_path / f"clone-{next(clones)}"
        run(tmp_path, "clone", "-q", str(origin), str(folder))
        books = open_books(folder, now=now, remote="origin")
        books.fetch()
        return books

    return Place(open=opened)


def linked(tmp_path: Path) -> Place:
    """The books branch is checked out in a linked work tree, code in the main one."""
    main = elsewhere_top(tmp_path)
    top = tmp_path / "linked"
    run(main, "worktree", "add", "-q", "--detach", str(top))
    run(top, "switch", "-q", "--orphan", "main")
    return Place(open=lambda: open_books(top, now=now, branch="main"))


def elsewhere(tmp_path: Path) -> Place:
    """The books branch is not checked out."""
    top = elsewhere_top(tmp_path)
    return Place(open=lambda: open_books(top, now=now, branch="main"))


def elsewhere_top(tmp_path: Path) -> Path:
    top = repository(tmp_path / "code")
    run(top, "switch", "-q", "-c", "code")
    commit(top, {"shop.py": "print('shop')\n"})
    return top


@pytest.fixture(params=[twin, local, remote, bare, sha256, linked, elsewhere], ids=lambda make: str(make.__name__))
def place(
    request: pytest.FixtureRequest, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Place:
    live_in(environment, monkeypatch)
    made: Place = request.param(tmp_path)
    return made


@pytest.fixture
def books(place: Place) -> Books:
    """Books with one commit: settings and a client."""
    books = place.open()
    assert isinstance(publish(books, {SETTINGS: b"schema = 1\n", CLIENT: b"name = 1\n"}), Done)
    return books


def publish(
    books: Books,
    files: dict[str, bytes | None],
    *,
    branch: str | None = None,
    message: str = "Change",
    also: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    new: bool = False,
) -> Done | Moved | Refused:
    """A publish on top of the books branch's tip, or of a new branch."""
    return books.publish(
        Publish(
            branch=branch or books.branch,
            expect=None if new else books.tip(),
            files=files,
            message=message,
            at=AT,
            also=also,
            tags=tags,
        )
    )


def tip(books: Books) -> str:
    found = books.tip()
    assert found is not None
    return found


def draft(books: Books, name: str = "acme-2026-10", content: bytes = b"id = 1\n") -> str:
    """Publish a draft branch on top of the books branch; its commit."""
    files: dict[str, bytes | None] = {f"billing/drafts/{name}.toml": content}
    made = publish(books, files, branch=f"bill/{name}", also=(tip(books),), new=True)
    assert isinstance(made, Done)
    return made.ref


def test_unborn_books_are_empty(place: Place) -> None:
    books = place.open()
    assert books.tip() is None
    assert books.drafts() == ()
    assert books.tags("invoice/") == {}
    assert list(books.history(CLIENT)) == []
    assert books.arrivals("billing/drafts") == {}
    assert books.here().paths("billing") == ()
    assert books.here().read(CLIENT) is None


def test_the_first_publish_starts_the_branch(place: Place) -> None:
    books = place.open()
    made = publish(books, {SETTINGS: b"schema = 1\n", CLIENT: b"\x00\xff\r\n"})
    assert made == Done(ref=tip(books))
    there = books.at(tip(books))
    assert there.revision == tip(books)
    assert there.paths("billing") == (SETTINGS, CLIENT)
    assert there.read(CLIENT) == b"\x00\xff\r\n"
    assert there.read("billing/clients") is None
    assert there.read("billing/clients/beta.toml") is None
    assert books.here().read(CLIENT) == b"\x00\xff\r\n"


def test_a_publish_puts_in_and_takes_out(books: Books) -> None:
    first = tip(books)
    assert isinstance(publish(books, {CLIENT: None, "billing/clients/beta.toml": b"2\n"}), Done)
    assert books.at(tip(books)).paths("billing") == (SETTINGS, "billing/clients/beta.toml")
    assert books.here().paths("billing") == (SETTINGS, "billing/clients/beta.toml")
    assert books.changed(first, tip(books)) == (CLIENT, "billing/clients/beta.toml")
    assert books.at(first).paths("billing/clients") == (CLIENT,)


def test_a_folder_is_not_a_prefix_of_a_name(books: Books) -> None:
    publish(books, {"billing/clientele/x.toml": b"", "billing/clients/b/c.toml": b""})
    assert books.at(tip(books)).paths("billing/clients") == (CLIENT, "billing/clients/b/c.toml")
    assert books.here().paths("billing/clients") == (CLIENT, "billing/clients/b/c.toml")
    assert books.here().paths("billing/nothing/here") == ()


def test_the_same_publish_again_is_done_already(books: Books) -> None:
    effect = Publish(
        branch=books.branch, expect=tip(books), files={CLIENT: b"2\n"}, message="Again", at=AT, tags=("invoice/INV-1",)
    )
    first = books.publish(effect)
    assert isinstance(first, Done)
    assert not first.already
    assert books.publish(effect) == Done(ref=first.ref, already=True)
    assert tip(books) == first.ref


def test_a_publish_on_an_old_state_has_lost_the_race(books: Books) -> None:
    stale = tip(books)
    publish(books, {CLIENT: b"2\n"})
    lost = books.publish(Publish(branch=books.branch, expect=stale, files={CLIENT: b"3\n"}, message="Late", at=AT))
    assert lost == Moved(tip=tip(books))
    assert books.at(tip(books)).read(CLIENT) == b"2\n"
    assert books.here().read(CLIENT) == b"2\n"


def test_two_processes_on_one_state(books: Books, place: Place) -> None:
    other = place.open()
    assert isinstance(publish(books, {CLIENT: b"2\n"}), Done)
    late = publish(other, {CLIENT: b"3\n"}) if other.tip() != tip(books) else Moved(tip=tip(books))
    assert late == Moved(tip=tip(books))
    other.fetch()
    assert isinstance(publish(other, {CLIENT: b"3\n"}), Done)
    books.fetch()
    assert books.at(tip(books)).read(CLIENT) == b"3\n"


def test_a_new_branch_never_takes_the_place_of_one(books: Books) -> None:
    made = draft(books)
    again = publish(books, {DRAFT: b"id = 2\n"}, branch="bill/acme-2026-10", also=(tip(books),), new=True)
    assert again == Moved(tip=made)
    # Nor by a fast-forward.
    child = publish(books, {DRAFT: b"id = 2\n"}, branch="bill/acme-2026-10", also=(made,), new=True)
    assert child == Moved(tip=made)
    assert [found.commit for found in books.drafts()] == [made]


def test_tags_come_with_the_branch(books: Books) -> None:
    done = publish(books, {CLIENT: b"2\n"}, tags=("invoice/INV-2026-0001", "invoice/INV-2026-0002"))
    publish(books, {CLIENT: b"3\n"}, tags=("credit/CN-1",))
    assert isinstance(done, Done)
    assert books.tags("invoice/") == {"invoice/INV-2026-0001": done.ref, "invoice/INV-2026-0002": done.ref}
    assert books.tags("invoice/INV-2026-0002") == {"invoice/INV-2026-0002": done.ref}
    assert books.tags("") == {**books.tags("invoice/"), "credit/CN-1": tip(books)}


def test_a_tag_is_never_moved_and_keeps_the_branch_back(books: Books) -> None:
    done = publish(books, {CLIENT: b"2\n"}, tags=("invoice/INV-1",))
    assert isinstance(done, Done)
    refused = publish(books, {CLIENT: b"3\n"}, tags=("invoice/INV-1",))
    assert isinstance(refused, Refused)
    assert "invoice/INV-1" in refused.reason
    assert tip(books) == done.ref
    assert books.tags("") == {"invoice/INV-1": done.ref}
    assert books.here().read(CLIENT) == b"2\n"


def test_a_draft_branch_stands_on_the_books(books: Books) -> None:
    before = tip(books)
    made = draft(books)
    assert tip(books) == before
    assert [(found.name, found.commit) for found in books.drafts()] == [("acme-2026-10", made)]
    assert books.fork_point(made) == before
    assert books.changed(before, made) == (DRAFT,)
    assert books.at(made).paths("billing") == (SETTINGS, CLIENT, DRAFT)
    assert DRAFT not in books.here().paths("billing")


def test_a_draft_branch_goes_on_and_is_dropped(books: Books) -> None:
    first = draft(books)
    second = books.publish(
        Publish(branch="bill/acme-2026-10", expect=first, files={DRAFT: b"id = 2\n"}, message="Update", at=AT)
    )
    assert isinstance(second, Done)
    assert [found.commit for found in books.drafts()] == [second.ref]
    assert books.drop(DropBranch(branch="bill/acme-2026-10", expect=first)) == Moved(tip=second.ref)
    assert books.drop(DropBranch(branch="bill/acme-2026-10", expect=second.ref)) == Done(ref=second.ref)
    assert books.drafts() == ()
    assert books.drop(DropBranch(branch="bill/acme-2026-10", expect=second.ref)) == Done(ref=second.ref, already=True)


def test_drafts_come_by_name(books: Books) -> None:
    commits = {name: draft(books, name) for name in ("beta", "acme", "acme-2026-10")}
    assert [(found.name, found.commit) for found in books.drafts()] == sorted(commits.items())


def test_a_merge_has_both_parents_and_is_one_step_of_history(books: Books) -> None:
    publish(books, {CLIENT: b"2\n"})
    made = draft(books)
    publish(books, {CLIENT: b"3\n"})
    fork = books.fork_point(made)
    merged = publish(books, {DRAFT: b"id = 1\n"}, message="Merge", also=(made,))
    assert isinstance(merged, Done)
    assert fork != merged.ref
    assert books.fork_point(made) == made
    assert [content for _, content in books.history(DRAFT)] == [b"id = 1\n"]
    assert [commit for commit, _ in books.history(DRAFT)] == [merged.ref]
    assert [content for _, content in books.history(CLIENT)] == [b"name = 1\n", b"2\n", b"3\n"]


def test_history_leaves_out_where_the_file_was_away(books: Books) -> None:
    for content in (None, b"2\n", b"2\n"):
        publish(books, {CLIENT: content})
    assert [content for _, content in books.history(CLIENT)] == [b"name = 1\n", b"2\n"]


def test_arrivals_rank_what_is_at_the_tip(books: Books) -> None:
    drafts = "billing/drafts"
    publish(books, {f"{drafts}/a.toml": b"1", f"{drafts}/b.toml": b"1"})
    branch = draft(books, "c")
    publish(books, {f"{drafts}/d.toml": b"1", f"{drafts}/gone.toml": b"1"}, message="second")
    publish(books, {f"{drafts}/c.toml": b"id = 1\n"}, also=(branch,), message="third")
    publish(books, {f"{drafts}/a.toml": None, f"{drafts}/gone.toml": None})
    publish(books, {f"{drafts}/a.toml": b"2"}, message="again")
    publish(books, {f"{drafts}/a.toml": b"3", f"{drafts}/b.toml": b"3"})
    found = books.arrivals(drafts)
    assert {path.removeprefix(f"{drafts}/"): arrival.rank for path, arrival in found.items()} == {
        "a.toml": 3,
        "b.toml": 0,
        "c.toml": 2,
        "d.toml": 1,
    }
    assert found[f"{drafts}/d.toml"].commit == next(commit for commit, _ in books.history(f"{drafts}/d.toml"))
    assert found[f"{drafts}/d.toml"].at == AT
    assert books.arrivals("billing/none") == {}


def test_what_landed_tells_of_first_parents_and_of_what_they_changed(books: Books) -> None:
    since = books.tip()
    assert since is not None
    publish(books, {SETTINGS: b"schema = 1 # 2\n"}, message="Settings (#7)\n\nMore\n")
    publish(books, {DRAFT: b"1\n"}, branch="bill/a", also=(books.tip() or "",), new=True)
    publish(books, {CLIENT: b"name = 2\n"}, message="Client")
    tip = books.tip()
    assert tip is not None
    found = books.landed((SETTINGS, "billing/clients"), since, tip)
    assert [(each.rank, each.message) for each in found] == [(0, "Settings (#7)\n\nMore"), (1, "Client")]
    assert (found[0].parent, found[1].commit, found[0].at) == (since, tip, AT)
    assert books.landed((DRAFT,), since, tip) == ()
    assert books.landed(("billing/client",), since, tip) == ()
    assert books.landed((SETTINGS,), tip, tip) == ()
    assert [each.commit for each in books.landed((SETTINGS,), None, tip)] == [since, found[0].commit]
    (branch,) = books.drafts()
    assert [each.commit for each in books.landed((DRAFT,), since, branch.commit)] == [branch.commit]


def test_arrivals_at_an_older_state(books: Books) -> None:
    publish(books, {DRAFT: b"1"})
    before = tip(books)
    publish(books, {DRAFT: None, "billing/drafts/b.toml": b"1"})
    assert list(books.arrivals("billing/drafts", before)) == [DRAFT]
    assert list(books.arrivals("billing/drafts")) == ["billing/drafts/b.toml"]


def test_versions_of_a_file_come_with_the_messages(books: Books) -> None:
    made = draft(books)
    for content, message in ((b"id = 2\n", "Update\n\nBecause."), (None, "Gone"), (b"id = 3\n", "Back \x1b\n")):
        update = Publish(branch="bill/acme-2026-10", expect=made, files={DRAFT: content}, message=message, at=AT)
        made = getattr(books.publish(update), "ref", "")
    found = [(message.strip(), content) for message, content in books.versions(made, DRAFT)]
    assert found == [
        ("Back \x1b", b"id = 3\n"),
        ("Gone", None),
        ("Update\n\nBecause.", b"id = 2\n"),
        ("Change", b"id = 1\n"),
    ]


def test_pending_is_what_a_commit_would_record(books: Books) -> None:
    assert books.local() == books.tip()
    assert books.ahead() is None
    assert books.pending() == {}
    commits = books.here().revision is not None
    edits = "billing/edits/acme/2026-10.toml"
    books.write_all([WriteFile(path=CLIENT, content=None), WriteFile(path=edits, content=b"1\n")])
    books.write_all([WriteFile(path=".gitattributes", content=b"billing/** text eol=lf\n")])
    written = {".gitattributes": b"billing/** text eol=lf\n", CLIENT: None, edits: b"1\n"}
    assert books.pending() == ({} if commits else written)
    assert list(books.pending()) == sorted(books.pending())
    if not commits:
        assert isinstance(publish(books, written, message="Record"), Done)
        assert books.pending() == {}


def test_writing_changes_what_is_read_here(books: Books) -> None:
    assert books.here().read(CLIENT) == b"name = 1\n"
    edits = "billing/edits/acme/2026-10.toml"
    done = books.write_all([WriteFile(path=CLIENT, content=b"2\n"), WriteFile(path=edits, content=b"\x00\r\n")])
    assert isinstance(done, Done)
    assert not done.already
    assert books.here().read(CLIENT) == b"2\n"
    assert books.here().read(edits) == b"\x00\r\n"
    again = books.write_all([WriteFile(path=CLIENT, content=b"2\n"), WriteFile(path=edits, content=b"\x00\r\n")])
    assert isinstance(again, Done)
    assert again.already
    assert isinstance(books.write_all([WriteFile(path=edits, content=None)]), Done)
    assert books.here().paths("billing") == (SETTINGS, CLIENT)
    gone = books.write_all([WriteFile(path=edits, content=None)])
    assert isinstance(gone, Done)
    assert gone.already


def test_what_was_written_can_be_published(books: Books) -> None:
    books.here()
    books.write_all([WriteFile(path=CLIENT, content=b"2\n")])
    books.fetch()
    assert isinstance(publish(books, {CLIENT: b"2\n"}, message="Record"), Done)
    assert books.here().read(CLIENT) == b"2\n"


def test_nobody_overwrites_what_another_has_written_meanwhile(books: Books, place: Place) -> None:
    if books.remote is not None:
        pytest.skip("two clones have two work trees")
    other = place.open()
    assert books.here().read(CLIENT) == other.here().read(CLIENT) == b"name = 1\n"
    assert isinstance(other.write_all([WriteFile(path=CLIENT, content=b"theirs\n")]), Done)
    refused = books.write_all([WriteFile(path=CLIENT, content=b"ours\n")])
    assert isinstance(refused, Refused)
    assert books.here().read(CLIENT) == b"theirs\n"
    assert isinstance(books.write_all([WriteFile(path=CLIENT, content=b"ours\n")]), Done)
    assert books.here().read(CLIENT) == b"ours\n"


@pytest.mark.parametrize("path", ["/etc/x", "billing/../../x", "billing//x", ".git/hooks/x", "billing/.GIT/x", "a\nb"])
def test_a_path_stays_below_the_top(books: Books, path: str) -> None:
    with pytest.raises(Stop, match="is not a path"):
        books.write_all([WriteFile(path=path, content=b"")])
    with pytest.raises(Stop, match="is not a path"):
        publish(books, {path: b""})


def test_odd_names_and_words_are_data(books: Books) -> None:
    paths = [
        "billing/drafts/a b.toml",
        'billing/drafts/"q\\".toml',
        "billing/drafts/über.toml",
        "billing/drafts/*.toml",
    ]
    message = "Subject\0 with ::set-output and \x1b[31m\n\nbody \N{RIGHT-TO-LEFT OVERRIDE}\n\n\n"
    assert isinstance(publish(books, {path: path.encode() for path in paths}, message=message), Done)
    assert books.at(tip(books)).paths("billing/drafts") == tuple(sorted(paths))
    assert [books.here().read(path) for path in paths] == [path.encode() for path in paths]
    assert set(books.arrivals("billing/drafts")) == set(paths)
    assert [content for _, content in books.history(paths[3])] == [paths[3].encode()]


def test_many_files(books: Books) -> None:
    files: dict[str, bytes | None] = {f"billing/evidence/git/mira/{n:03}.jsonl": b"%d\n" % n for n in range(500)}
    assert isinstance(publish(books, files), Done)
    there = books.at(tip(books))
    assert [there.read(path) for path in there.paths("billing/evidence")] == [files[path] for path in sorted(files)]


def test_blob_ids_are_of_the_content(books: Books) -> None:
    assert books.blob_id(b"1") == books.blob_id(b"1") != books.blob_id(b"1\n")
    assert books.blob_id(b"hello\n") in (
        "ce013625030ba8dba906f756967f9e9ca394464a",
        "2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4",
    )


def test_configuration(books: Books) -> None:
    assert books.configured("bill.workspace") is None
    assert books.configure(Configure(name="bill.workspace", value="--../books ")) == Done(ref="bill.workspace")
    assert books.configure(Configure(name="bill.workspace", value="--../books ")).already
    assert (books.configured("bill.workspace") or "").strip() == "--../books"
    assert not books.configure(Configure(name="bill.workspace", value="two")).already
    assert books.configured("bill.workspace") == "two"


def test_it_says_where_it_is(books: Books) -> None:
    assert books.branch == "main"
    assert books.top.is_absolute()
    assert (books.remote == "origin") == (isinstance(books, GitBooks) and books.top.name.startswith("clone"))
