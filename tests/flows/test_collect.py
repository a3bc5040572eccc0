"""Collect on real clones: what is appended, what follows from it, and that a second run changes nothing."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.flows.shelf import ACME, SETTINGS, invoice, line
from tests.repositories import live_in, now
from tests.twins.books import MemoryBooks

from git_bill.adapters.git.history import GitHistory
from git_bill.effects import Configure, Done, Flow, Refused, WriteFile
from git_bill.flows import apply, load
from git_bill.flows.collect import CollectResult, collect
from git_bill.flows.gather import Log
from git_bill.invoice.issued import Claim
from git_bill.ports import History, RawCommit
from git_bill.problem import Exit, Problem, Stop
from git_bill.shape import write
from git_bill.sources import gitlog
from git_bill.worklog.entry import Worked
from git_bill.worklog.timesheet import TimesheetRow, write_timesheet

Git = Callable[..., str]
MANIFEST = "billing/manifest/acme/2026-10.toml"
EVIDENCE = "billing/evidence/web-shop/laptop/2026-10.jsonl"


@pytest.fixture
def shop(clone: Path, git: Git, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Mira's clone of the web shop with two commits in October."""
    live_in(environment, monkeypatch)
    make(git, clone, "2026-10-05T10:00:00+02:00", "feat(cart): Add coupons WEB-5")
    make(git, clone, "2026-10-05T10:30:00+02:00", "fix: Coupon twice WEB-5")
    return clone


def make(git: Git, top: Path, at: str, message: str, path: str = "shop.txt") -> str:
    """A commit that adds lines to a file."""
    file = top / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as out:
        out.writelines(f"{message} {n}\n" for n in range(40))
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", message, at=at)
    return git(top, "rev-parse", "HEAD")


def books(settings: str = SETTINGS, **files: bytes) -> MemoryBooks:
    """Books with Acme as a client."""
    found = MemoryBooks()
    found.store.files = {
        "billing/billing.toml": settings.encode(),
        "billing/clients/acme.toml": ACME.encode(),
        **files,
    }
    return found


def run(on: MemoryBooks, shop: Path | Problem | None, *, actor: str = "laptop", **options: Any) -> CollectResult:
    """Collect with this clone of the web shop."""
    histories: dict[str, History | Problem] = {}
    if shop is not None:
        histories["web-shop"] = GitHistory(shop) if isinstance(shop, Path) else shop
    return apply.run(collect(on, histories, actor, **options), apply.Actors(books=on))


def worked(on: MemoryBooks) -> Mapping[str, Worked]:
    return {item.id: item for item in load.worked(on.here())}


def test_commits_become_evidence_and_entries(shop: Path) -> None:
    on = books()
    result = run(on, shop)
    assert result.gathered == {"web-shop": 2}
    assert result.files == (EVIDENCE, MANIFEST)
    assert result.problems == ()
    assert result.collected is not None
    assert (result.collected.added, result.collected.changed, result.collected.minutes) == (1, 0, 82)
    (item,) = worked(on).values()
    assert (item.client, item.entry.day, item.entry.ticket, item.entry.minutes) == (
        "acme",
        date(2026, 10, 5),
        "WEB-5",
        82,
    )
    assert item.entry.at == ("09:00/10:00", "10:08/10:30")
    assert [e.text for e in load.evidence(on.here())] == ["feat(cart): Add coupons WEB-5", "fix: Coupon twice WEB-5"]


def test_a_second_run_has_nothing_to_do(shop: Path) -> None:
    on = books()
    run(on, shop)
    before = dict(on.store.files)
    again = run(on, shop)
    assert (again.new, again.files) == (0, ())
    assert on.store.files == before
    with pytest.raises(StopIteration):
        next(collect(on, {"web-shop": GitHistory(shop)}, "laptop"))


def test_gathering_alone_leaves_the_entries_to_another_run(shop: Path) -> None:
    on = books()
    result = run(on, shop, gather_only=True)
    assert (result.files, result.collected) == ((EVIDENCE,), None)
    later = run(on, None)
    assert later.files == (MANIFEST,)


def test_evidence_files_only_grow(shop: Path, git: Git) -> None:
    on = books()
    run(on, shop)
    before = on.store.files[EVIDENCE]
    git(shop, "checkout", "-q", "-b", "late", "HEAD~1")
    make(git, shop, "2026-10-05T10:10:00+02:00", "An older commit, pushed late")
    make(git, shop, "2026-11-01T00:10:00+01:00", "October in UTC")
    make(git, shop, "2026-11-01T10:00:00+01:00", "November")
    result = run(on, shop)
    assert on.store.files[EVIDENCE].startswith(before)
    assert [e.text for e in load.evidence(on.here())][2:4] == ["An older commit, pushed late", "October in UTC"]
    assert "billing/evidence/web-shop/laptop/2026-11.jsonl" in result.files


def test_a_file_without_a_last_newline_is_appended_to_on_a_new_line(shop: Path, git: Git) -> None:
    on = books()
    run(on, shop)
    on.store.files[EVIDENCE] = on.store.files[EVIDENCE].rstrip()
    make(git, shop, "2026-10-06T10:00:00+02:00", "More")
    run(on, shop)
    assert len(load.evidence(on.here())) == 3


def test_what_one_actor_saw_is_not_written_by_another(shop: Path, git: Git) -> None:
    on = books()
    run(on, shop)
    make(git, shop, "2026-10-06T10:00:00+02:00", "More")
    result = run(on, shop, actor="ci")
    assert result.gathered == {"web-shop": 1}
    assert result.files == ("billing/evidence/web-shop/ci/2026-10.jsonl", MANIFEST)


def test_a_token_in_a_message_is_not_kept(shop: Path, git: Git) -> None:
    make(git, shop, "2026-10-07T10:00:00+02:00", "WEB-9 Use ghp_" + "a1B2" * 9 + " for the mirror")
    on = books()
    run(on, shop)
    written = b"".join(content for path, content in on.store.files.items() if path.startswith("billing/"))
    assert b"for the mirror" in written
    assert b"ghp_" not in written
    assert run(on, shop).files == ()


def test_a_rebase_adds_nothing(shop: Path, git: Git) -> None:
    on = books()
    run(on, shop)
    before = {item.id: item.entry.minutes for item in worked(on).values()}
    git(shop, "commit", "-q", "--amend", "-m", "fix: Coupon counted twice WEB-5")
    result = run(on, shop)
    assert result.gathered == {"web-shop": 1}
    assert {item.id: item.entry.minutes for item in worked(on).values()} == before
    assert "Coupon counted twice" in next(iter(worked(on).values())).entry.text


def test_a_source_out_of_reach_keeps_its_entries(shop: Path) -> None:
    on = books()
    run(on, shop)
    before = dict(on.store.files)
    away = Problem(rule="gone", severity="warning", message="the disk is not mounted")
    assert run(on, away).problems == (away,)
    (problem,) = run(on, None).problems
    assert (problem.rule, problem.severity) == ("source-out-of-reach", "warning")
    assert problem.hint == "tell where it lies: git bill source add PATH --client acme"
    assert on.store.files == before


def test_a_shallow_clone_says_how_to_fetch_the_rest(shop: Path, git: Git, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", shop.as_uri(), "shallow")
    (problem,) = run(books(), tmp_path / "shallow").problems
    assert problem.rule == "shallow-clone"
    assert problem.hint == f"fetch them: git -C {tmp_path / 'shallow'} fetch --unshallow"


def test_one_plain_log_is_enough(shop: Path, git: Git) -> None:
    form = gitlog.LINE.partition('--format="')[2].partition('"')[0]
    content = git(shop, "log", "--all", "--date=raw", f"--format={form}").encode()
    on = books()
    result = run(on, None, logs=(Log(source="web-shop", file="log.txt", content=content),))
    assert (result.gathered, result.problems) == ({"web-shop": 2}, ())
    assert run(on, shop).gathered == {"web-shop": 0}


def test_commits_on_the_books_alone_are_no_work(shop: Path, git: Git) -> None:
    make(git, shop, "2026-10-06T10:00:00+02:00", "Record the books", "billing/manifest/acme/2026-10.toml")
    on = books(SETTINGS.replace("https://git.example.com/acme/web-shop.git", "."))
    assert run(on, shop).gathered == {"web-shop": 2}
    assert run(books(), shop).gathered == {"web-shop": 3}  # elsewhere `billing/` may be the product


def test_internal_work_needs_no_client_file(shop: Path) -> None:
    on = books(SETTINGS.replace('client = "acme"', 'client = "internal"'))
    assert run(on, shop).files == (EVIDENCE, "billing/manifest/internal/2026-10.toml")


def test_a_source_for_an_unknown_client_stops(shop: Path) -> None:
    with pytest.raises(Stop) as stopped:
        run(books(SETTINGS.replace('client = "acme"', 'client = "acne"')), shop)
    (problem,) = stopped.value.problems
    assert stopped.value.exit_code == Exit.SETTINGS
    assert problem.message == "source 'web-shop' is for client 'acne', which there is not"
    assert problem.hint == 'write client = "acme", or add it: git bill client add'


def test_settings_without_people_stop(shop: Path) -> None:
    start, end = SETTINGS.index("[[contributors]]"), SETTINGS.index("[[sources]]")
    with pytest.raises(Stop) as stopped:
        run(books(SETTINGS[:start] + SETTINGS[end:]), shop)
    assert [p.rule for p in stopped.value.problems] == ["no-contributors"]


def test_entries_of_a_source_that_was_taken_out_go(shop: Path) -> None:
    on = books()
    run(on, shop)
    on.store.files["billing/billing.toml"] = SETTINGS[: SETTINGS.index("[[sources]]")].encode()
    result = run(on, None)
    assert MANIFEST not in on.store.files
    assert [p.rule for p in result.problems] == ["no-source"]


def refusing(flow: Flow[CollectResult], outcome: Refused) -> CollectResult:
    """What becomes of a flow whose plans are all refused."""
    try:
        next(flow)
        while True:
            flow.send((outcome,))
    except StopIteration as finished:
        result: CollectResult = finished.value
        return result


def test_what_somebody_else_wrote_meanwhile_is_taken_in(shop: Path, git: Git) -> None:
    on = books()
    flow = collect(on, {"web-shop": GitHistory(shop)}, "laptop")
    plan = next(flow)
    make(git, shop, "2026-10-05T11:00:00+02:00", "More WEB-5")
    run(on.another(), shop, actor="ci")
    outcome = on.write_all([effect for effect in plan.effects if isinstance(effect, WriteFile)])
    assert isinstance(outcome, Refused)
    remembered = flow.send((outcome,))
    assert {type(effect) for effect in remembered.effects} == {Configure}
    with pytest.raises(StopIteration) as finished:
        flow.send((Done(),))
    assert finished.value.value.gathered == {"web-shop": 0}


class Walked(GitHistory):
    """A history that counts how often it is walked through."""

    walks = 0

    def commits(self, *, since: datetime | None = None, known: frozenset[str] = frozenset()) -> Iterator[RawCommit]:
        type(self).walks += 1
        return super().commits(since=since, known=known)


def test_a_clone_is_read_again_only_where_something_may_be_new(shop: Path, git: Git) -> None:
    on = books()
    history = Walked(shop)

    def walks() -> int:
        Walked.walks = 0
        apply.run(collect(on, {"web-shop": history}, "laptop"), apply.Actors(books=on))
        return Walked.walks

    assert [walks(), walks()] == [1, 0]
    make(git, shop, "2026-10-06T10:00:00+02:00", "Reset away")
    git(shop, "reset", "-q", "--hard", "HEAD~1")
    assert [walks(), walks()] == [1, 0]
    on.store.files["billing/billing.toml"] += b"""
[[contributors]]
id = "jo"
name = "Jo"
emails = ["jo@example.net"]
timezone = "Europe/Berlin"
"""
    assert [walks(), walks()] == [1, 0]
    lost = on.store.files[EVIDENCE].splitlines(keepends=True)
    on.store.files[EVIDENCE] = b"".join(lost[1:])
    assert [walks(), walks()] == [1, 0]
    assert sorted(on.store.files[EVIDENCE].splitlines(keepends=True)) == sorted(lost)


def test_books_that_can_not_be_written_stop(shop: Path) -> None:
    flow = collect(books(), {"web-shop": GitHistory(shop)}, "laptop")
    with pytest.raises(Stop) as stopped:
        refusing(flow, Refused(reason="read only", remedy="ask the owner"))
    (problem,) = stopped.value.problems
    assert (stopped.value.exit_code, problem.message, problem.hint) == (Exit.REPOSITORY, "read only", "ask the owner")


# Issued invoices.


def issued(on: MemoryBooks) -> str:
    """Bill all entries; returns the invoice's folder."""
    rows = [TimesheetRow.of(item, billed=item.entry.minutes) for item in worked(on).values()]
    made = invoice("INV-2026-0032", line(entries={r.entry: r.worked_minutes for r in rows}), head="0" * 12)
    claim = Claim(
        number=made.number,
        draft=made.draft,
        name="acme-2026-10",
        blob="0" * 40,
        issue_date=made.issue_date,
        at=now(),
    )
    folder = "billing/invoices/2026/INV-2026-0032"
    on.store.files |= {
        f"{folder}/claim.toml": write(claim).encode(),
        f"{folder}/invoice.toml": write(made).encode(),
        f"{folder}/timesheet.csv": write_timesheet(rows),
    }
    return folder


def test_billed_time_is_immovable_and_late_work_is_an_entry_of_its_own(shop: Path, git: Git) -> None:
    on = books()
    run(on, shop)
    before = worked(on)
    issued(on)
    make(git, shop, "2026-10-05T10:20:00+02:00", "chore: Late WEB-5")
    result = run(on, shop)
    after = worked(on)
    assert {entry: after[entry] for entry in before} == before
    (late,) = (item.entry for entry, item in after.items() if entry not in before)
    assert (late.at, late.flags) == (("10:03/10:08",), ("overlap", "late"))
    assert result.collected is not None
    assert [loss.why for loss in result.collected.lost] == ["already billed on INV-2026-0032"]


@pytest.mark.parametrize(("content", "rule"), [(None, "no-timesheet"), (b"what\n", "broken-timesheet")])
def test_a_timesheet_that_is_gone_or_changed_stops(shop: Path, content: bytes | None, rule: str) -> None:
    on = books()
    run(on, shop)
    path = issued(on) + "/timesheet.csv"
    if content is None:
        del on.store.files[path]
    else:
        on.store.files[path] = content
    with pytest.raises(Stop) as stopped:
        run(on, shop)
    assert stopped.value.exit_code == Exit.SETTINGS
    assert [(p.rule, p.file) for p in stopped.value.problems] == [(rule, path)]


def test_the_result_does_not_depend_on_where_the_clone_lies(shop: Path, tmp_path: Path) -> None:
    shutil.copytree(shop, tmp_path / "other")
    one, other = books(), books()
    run(one, shop)
    run(other, tmp_path / "other")
    assert one.store.files == other.store.files
    assert replace(run(one, shop), collected=None) == replace(run(other, tmp_path / "other"), collected=None)


def test_a_day_is_worth_what_the_contract_says(shop: Path, git: Git) -> None:
    make(git, shop, "2026-10-06T18:00:00+02:00", "A whole day\n\nTime: 1d")
    agreed = ACME.replace('currency = "EUR"', 'currency = "EUR"\nhours_per_day = "7h30m"')
    on = books()
    on.store.files["billing/clients/acme.toml"] = agreed.encode()
    run(on, shop)
    assert [item.entry.minutes for item in worked(on).values() if item.entry.text == "A whole day"] == [450]
