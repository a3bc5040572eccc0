"""Corrections on real books: what is written, what follows from it, and what is refused."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.flows.desk import CLOCK, Desk, desk
from tests.repositories import live_in
from tests.worklog.workday import commit

from git_bill.effects import Flow
from git_bill.flows.adding import Added, Work, add
from git_bill.flows.correct import Corrected, folded
from git_bill.flows.corrections import Facts, Share, confirm, drop, edit, merge, move, note, split
from git_bill.problem import Exit, Problem, Stop

_MADE: dict[str, Path] = {}
CALL = Work(client="acme", worker="mira", day=date(2026, 10, 9), minutes=45, text="call about checkout")


@pytest.fixture
def mira(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """Books of her own for each test, made once and copied."""
    live_in(environment, monkeypatch)
    if "books" not in _MADE:
        _MADE["books"] = tmp_path_factory.mktemp("desk") / "books"
        desk(_MADE["books"])
    shutil.copytree(_MADE["books"], tmp_path / "books", symlinks=True)
    return Desk(tmp_path / "books")


def edited(mira: Desk, *ids: str, because: str = "so it was", **facts: object) -> Corrected:
    return mira.do(edit(mira.books, CLOCK, ids, Facts(**facts), by="mira", because=because))  # type: ignore[arg-type]


def dropped(mira: Desk, *ids: str) -> Corrected:
    return mira.do(drop(mira.books, CLOCK, ids, by="mira", because="private"))


def added(mira: Desk, work: Work = CALL, named: str | None = None) -> Added:
    return mira.do(add(mira.books, CLOCK, work, by="mira", named=named))


def refused(mira: Desk, flow: Callable[[], Flow[object]], code: Exit = Exit.PROBLEMS) -> tuple[Problem, ...]:
    """What stops a flow, which must leave everything as it was."""
    before = mira.files()
    with pytest.raises(Stop) as stopped:
        mira.do(flow())
    assert stopped.value.exit_code == code
    assert mira.files() == before
    return stopped.value.problems


def settled(mira: Desk) -> bool:
    """Whether the manifests are what follows from evidence and edits."""
    return not mira.do(folded(mira.books))


def test_a_set_time_is_an_edit_with_its_reason_and_shows_at_once(mira: Desk) -> None:
    login = mira.id_of("Login form")
    assert mira.entry(login).state == "estimated"
    result = edited(mira, login, minutes=50, because=" lunch was longer ")
    ((client, edit_id, _),) = result.edits
    assert client == "acme"
    assert mira.text("billing/edits/acme/2026-10.toml") == (
        "schema = 1\n\n[edits]\n"
        f'{edit_id} = {{ do = "set", entry = "{login}", at = 2026-11-02T08:00:00+00:00, by = "mira", '
        'because = "lunch was longer", minutes = "50m", facts = 2 }\n'
    )
    entry = mira.entry(login)
    assert (entry.minutes, entry.range, entry.state, entry.set) == (50, (), "confirmed", ("minutes",))
    assert result.files == ("billing/edits/acme/2026-10.toml", "billing/manifest/acme/2026-10.toml")
    assert settled(mira)


def test_what_is_set_already_is_not_set_again(mira: Desk) -> None:
    login = mira.id_of("Login form")
    edited(mira, login, minutes=50, ticket="WEB-6")
    before = mira.files()
    assert edited(mira, login, minutes=50, ticket="WEB-6").edits == ()
    assert mira.files() == before


def test_the_last_word_counts_within_one_second(mira: Desk) -> None:
    login = mira.id_of("Login form")
    for minutes in (45, 30, 45, 20, 45):
        edited(mira, login, minutes=minutes)
        assert mira.entry(login).minutes == minutes
    assert mira.text("billing/edits/acme/2026-10.toml").count(login) == 5


def test_what_a_person_set_stays_when_evidence_comes(mira: Desk) -> None:
    docs = mira.id_of("how to search")
    edited(mira, docs, minutes=15, text="Manual of the search")
    mira.see(commit("docs2", "2026-10-06 11:20", "docs: more on the search"))
    entry = mira.entry(docs)
    assert (entry.minutes, entry.text) == (15, "Manual of the search")
    assert "more evidence since" in entry.flags


def test_facts_are_set_and_a_ticket_is_removed(mira: Desk) -> None:
    search = mira.id_of("Search index")
    edited(mira, search, ticket="", activity="research", project="spike")
    entry = mira.entry(search)
    assert (entry.ticket, entry.activity, entry.project) == (None, "research", "spike")
    assert entry.state == "estimated"


def test_an_entry_that_moves_to_another_month_is_edited_there_afterwards(mira: Desk) -> None:
    search = mira.id_of("Search index")
    edited(mira, search, day=date(2026, 11, 1))
    assert search in mira.text("billing/manifest/acme/2026-11.toml")
    assert search not in mira.text("billing/manifest/acme/2026-10.toml")
    edited(mira, search, minutes=20)
    assert search in mira.text("billing/edits/acme/2026-11.toml")
    assert (mira.entry(search).day, mira.entry(search).minutes) == (date(2026, 11, 1), 20)
    assert settled(mira)


def test_what_a_person_wrote_into_an_edits_file_stays(mira: Desk) -> None:
    login, docs = mira.id_of("Login form"), mira.id_of("how to search")
    edited(mira, login, minutes=50)
    path = mira.top / "billing/edits/acme/2026-10.toml"
    path.write_text(path.read_text().replace("[edits]\n", "[edits]\n# seen with Acme on the phone\n") + "# end")
    edited(mira, docs, minutes=10)
    text = path.read_text()
    assert "# seen with Acme on the phone\n" in text
    assert "\n# end\nE-" in text
    assert settled(mira)


def test_confirmed_minutes_hold(mira: Desk) -> None:
    login = mira.id_of("Login form")
    minutes = mira.entry(login).minutes
    mira.do(confirm(mira.books, CLOCK, [login], by="mira"))
    assert (mira.entry(login).state, mira.entry(login).minutes) == ("confirmed", minutes)
    assert mira.do(confirm(mira.books, CLOCK, [login], by="mira")).edits == ()


def test_a_noted_confirmation_and_a_fold_make_what_confirming_makes(mira: Desk, tmp_path: Path) -> None:
    ids = [mira.id_of("Login form"), mira.id_of("Paging"), mira.id_of("Who made this")]
    other = Desk(shutil.copytree(mira.top, tmp_path / "other", symlinks=True))
    mira.do(confirm(mira.books, CLOCK, ids, by="mira"))
    for entry in ids:
        other.do(note(other.books, CLOCK, other.worked[entry], by="mira"))
    assert other.entry(ids[0]).state == "estimated"
    assert other.do(folded(other.books))
    assert {path: content for path, content in other.files().items() if "manifest" in path} == {
        path: content for path, content in mira.files().items() if "manifest" in path
    }


def test_dropped_twice_is_once_and_an_edit_takes_it_back(mira: Desk) -> None:
    docs = mira.id_of("how to search")
    dropped(mira, docs)
    assert (mira.entry(docs).state, mira.entry(docs).minutes) == ("dropped", 0)
    before = mira.files()
    assert dropped(mira, docs).edits == ()
    assert mira.files() == before
    edited(mira, docs, minutes=20)
    assert (mira.entry(docs).state, mira.entry(docs).minutes) == ("confirmed", 20)


@pytest.mark.parametrize(
    ("shares", "parts"),
    [
        ([Share(minutes=20, text="form")], [(20, "form"), (55, "Login form; Login tests")]),
        ([Share(minutes=20, text="form"), Share(minutes=None, text="tests")], [(20, "form"), (55, "tests")]),
        (
            [Share(minutes=None, text="form"), Share(minutes=70, text=None)],
            [(5, "form"), (70, "Login form; Login tests")],
        ),
        ([Share(minutes=75, text="all")], [(75, "all")]),
    ],
)
def test_parts_of_a_split_take_all_its_time(mira: Desk, shares: list[Share], parts: list[tuple[int, str]]) -> None:
    login = mira.id_of("Login form")
    edited(mira, login, minutes=75)
    result = mira.do(split(mira.books, CLOCK, login, shares, by="mira", because="two things"))
    made = [mira.entry(part.id) for _, _, one in result.edits for part in one.parts]
    assert [(entry.minutes, entry.text) for entry in made] == parts
    assert {entry.state for entry in made} == {"confirmed"}
    assert mira.entry(login).minutes == 0
    assert settled(mira)


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ([Share(minutes=76, text="a")], "the parts take 1h16m, more than the 1h15m of {id}"),
        (
            [Share(minutes=75, text="a"), Share(minutes=None, text="b")],
            "the parts take 1h15m, all of the 1h15m of {id}",
        ),
    ],
)
def test_parts_that_do_not_fit_are_refused(mira: Desk, shares: list[Share], message: str) -> None:
    login = mira.id_of("Login form")
    edited(mira, login, minutes=75)
    (problem,) = refused(mira, lambda: split(mira.books, CLOCK, login, shares, by="mira", because="x"))
    assert (problem.rule, problem.message) == ("wrong-split", message.format(id=login))


def test_a_split_entry_is_edited_no_more(mira: Desk) -> None:
    login = mira.id_of("Login form")
    mira.do(split(mira.books, CLOCK, login, [Share(minutes=20, text="a")], by="mira", because="x"))
    (problem,) = refused(mira, lambda: edit(mira.books, CLOCK, [login], Facts(minutes=5), by="mira", because="x"))
    assert (problem.rule, problem.message) == ("replaced-entry", f"{login} was split into others")


def test_merged_entries_keep_their_time_in_one(mira: Desk) -> None:
    login, search = mira.id_of("Login form"), mira.id_of("Search index")
    minutes = mira.entry(login).minutes + mira.entry(search).minutes
    mira.do(merge(mira.books, CLOCK, [search, login], login, by="mira", because="one piece"))
    assert (mira.entry(login).minutes, mira.entry(search).minutes) == (minutes, 0)
    assert settled(mira)


@pytest.mark.parametrize(
    ("other", "message", "hint"),
    [
        ("how to search", "is of another day than {id}: 2026-10-06, not 2026-10-05", "--day 2026-10-05"),
        ("Paging", "is of another client than {id}: globex, not acme", "--to acme"),
        ("Review of the index", "is of another day than", "--day 2026-10-05"),
    ],
)
def test_entries_that_differ_are_not_merged(mira: Desk, other: str, message: str, hint: str) -> None:
    login, wrong = mira.id_of("Login form"), mira.id_of(other)
    (problem,) = refused(mira, lambda: merge(mira.books, CLOCK, [login, wrong], login, by="mira", because="x"))
    assert problem.message.startswith(f"{wrong} {message.format(id=login)}")
    assert hint in problem.hint


def test_two_people_are_not_merged(mira: Desk) -> None:
    docs, review = mira.id_of("how to search"), mira.id_of("Review of the index")
    (problem,) = refused(mira, lambda: merge(mira.books, CLOCK, [docs, review], docs, by="mira", because="x"))
    assert problem.message == f"{review} is of another contributor than {docs}: jonas, not mira"


def test_one_entry_is_not_merged(mira: Desk) -> None:
    docs = mira.id_of("how to search")
    flow = lambda: merge(mira.books, CLOCK, [docs, docs], docs, by="mira", because="x")  # noqa: E731
    (problem,) = refused(mira, flow, Exit.USAGE)
    assert problem.rule == "wrong-merge"


def test_a_moved_entry_is_in_the_other_clients_books(mira: Desk) -> None:
    docs = mira.id_of("how to search")
    mira.do(move(mira.books, CLOCK, [docs], "globex", by="mira", because="shared library"))
    assert mira.worked[docs].client == "globex"
    assert mira.entry(docs).project == "api"
    assert docs in mira.text("billing/edits/acme/2026-10.toml")
    assert settled(mira)
    assert mira.do(move(mira.books, CLOCK, [docs], "globex", by="mira", because="shared library")).edits == ()
    edited(mira, docs, minutes=10)
    assert docs in mira.text("billing/edits/globex/2026-10.toml")
    assert (mira.worked[docs].client, mira.entry(docs).minutes) == ("globex", 10)


def test_what_an_invoice_lists_is_immovable(mira: Desk) -> None:
    login, docs = mira.id_of("Login form"), mira.id_of("how to search")
    mira.issue([login])
    told = {"by": "mira", "because": "x"}
    for flow in (
        lambda: edit(mira.books, CLOCK, [docs, login], Facts(minutes=5), **told),
        lambda: drop(mira.books, CLOCK, [login], **told),
        lambda: move(mira.books, CLOCK, [login], "globex", **told),
        lambda: split(mira.books, CLOCK, login, [Share(minutes=5, text="a")], **told),
        lambda: merge(mira.books, CLOCK, [mira.id_of("Search index"), login], login, **told),
        lambda: confirm(mira.books, CLOCK, [login], by="mira"),
    ):
        (problem,) = refused(mira, flow)
        assert problem.message == f"{login} is on INV-2026-0032, which never changes"
        assert "credit note" in problem.hint


def test_a_draft_that_lists_a_changed_entry_is_named(mira: Desk) -> None:
    login, docs = mira.id_of("Login form"), mira.id_of("how to search")
    mira.open_draft([login])
    assert edited(mira, docs, minutes=5).problems == ()
    (problem,) = edited(mira, login, minutes=5).problems
    assert (problem.severity, problem.message) == ("info", "the draft acme-2026-10 lists what you changed")


def test_every_addition_is_an_entry_of_its_own(mira: Desk) -> None:
    one, other = added(mira), added(mira)
    assert one.entry != other.entry
    assert [mira.entry(e.entry).minutes for e in (one, other)] == [45, 45]
    entry = mira.entry(one.entry)
    assert (entry.state, entry.text, entry.day, entry.by) == ("confirmed", CALL.text, CALL.day, "mira")
    assert settled(mira)


@pytest.mark.parametrize("name", ["W-abcdefghijkl", "toggl 4711"])
def test_under_a_name_the_same_work_is_added_once(mira: Desk, name: str) -> None:
    first = added(mira, named=name)
    assert not first.already
    before = mira.files()
    again = added(mira, named=name)
    assert (again.entry, again.already) == (first.entry, True)
    assert mira.files() == before
    edited(mira, first.entry, minutes=50)
    assert added(mira, named=name).already
    assert mira.entry(first.entry).minutes == 50
    (problem,) = refused(mira, lambda: add(mira.books, CLOCK, replace(CALL, minutes=30), by="mira", named=name))
    assert problem.message == f"{first.entry} is other work already: minutes 45m, not 30m"


def test_an_id_of_evidence_or_a_malformed_one_is_refused(mira: Desk) -> None:
    login = mira.id_of("Login form")
    (problem,) = refused(mira, lambda: add(mira.books, CLOCK, CALL, by="mira", named=login))
    assert problem.message == f"{login} is other work already: it was read from a source"
    (problem,) = refused(mira, lambda: add(mira.books, CLOCK, CALL, by="mira", named="W-call"), Exit.USAGE)
    assert problem.rule == "wrong-id"


def test_an_added_interval_takes_its_minutes_from_estimates(mira: Desk) -> None:
    login = mira.id_of("Login form")
    before = mira.entry(login).minutes
    made = added(mira, replace(CALL, day=date(2026, 10, 5), start="09:20", minutes=30))
    assert mira.entry(made.entry).at == ("09:20/09:50",)
    assert mira.entry(login).minutes == before - 30


def test_billed_minutes_are_not_added_again(mira: Desk) -> None:
    login = mira.id_of("Login form")
    ground = mira.entry(login).at[0]
    mira.issue([login])
    start = ground.partition("/")[0]
    made = added(mira, replace(CALL, day=date(2026, 10, 5), start=start, minutes=30))
    (problem,) = made.corrected.problems
    assert problem.rule == "lost-minutes"
    assert mira.entry(made.entry).minutes < 30
    assert f"are in {login}, already billed on INV-2026-0032" in problem.message


def test_late_work_of_an_invoiced_month_is_added_and_flagged(mira: Desk) -> None:
    mira.issue([mira.id_of("Login form")])
    assert "late" in mira.entry(added(mira).entry).flags


def test_a_day_does_not_get_more_time_than_it_has(mira: Desk) -> None:
    login, search = mira.id_of("Login form"), mira.id_of("Search index")
    edited(mira, login, minutes=23 * 60)
    (problem,) = refused(mira, lambda: edit(mira.books, CLOCK, [search], Facts(minutes=61), by="mira", because="x"))
    assert (problem.rule, problem.message) == (
        "overfull-day",
        "mira would have 24h1m on 2026-10-05, more than a day has",
    )


def test_who_loses_the_race_computes_again(mira: Desk) -> None:
    books = mira.books
    flow = add(books, CLOCK, CALL, by="mira")
    plan = next(flow)
    other = added(mira, replace(CALL, text="another call"))
    writes = list(plan.effects)
    outcome = books.write_all(writes)  # type: ignore[arg-type]
    plan = flow.send((outcome,) * len(writes))
    with pytest.raises(StopIteration) as finished:
        flow.send((books.write_all(list(plan.effects)),) * len(plan.effects))  # type: ignore[arg-type]
    mine = finished.value.value.entry
    assert {other.entry, mine} <= mira.worked.keys()
    assert mine != other.entry
    assert settled(mira)


def test_unknown_entries_are_all_told(mira: Desk) -> None:
    ids = ["W-aaaaaaaaaaaa", mira.id_of("Login form"), "W-bbbbbbbbbbbb"]
    problems = refused(mira, lambda: drop(mira.books, CLOCK, ids, by="mira", because="x"))
    assert [problem.message for problem in problems] == [
        "there is no entry W-aaaaaaaaaaaa any more",
        "there is no entry W-bbbbbbbbbbbb any more",
    ]
