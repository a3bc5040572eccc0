"""Ids: given once, kept, never shared; law 2 has the properties."""

from dataclasses import replace

from tests.worklog.workday import Workday, at, commit, name

from git_bill.worklog.entry import entry_id


def test_an_id_follows_from_what_the_entry_is_about() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", ticket="WEB-5"))
    assert day.only().id == entry_id("mira", "acme", "web-shop", "2026-10-05", "WEB-5", "development", "proven")


def test_a_lost_manifest_is_written_again_with_the_same_ids() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00"), commit("b", "2026-10-05 10:30", ticket="WEB-5"))
    before, day.manifests = day.manifests, {}
    day.collect()
    assert day.manifests == before


def test_an_entry_follows_its_evidence_to_another_ticket() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", ticket="WEB-5"))
    before = day.only().id
    reworded = commit("a2", "2026-10-05 10:00", ticket="WEB-6", committed=at("2026-10-06 10:00"))
    day.collect(reworded, commit("b", "2026-10-05 10:30", ticket="WEB-5"))
    assert day.of("a2").id == before
    assert day.of("b").id not in {before, ""}


def test_two_entries_that_become_one_keep_the_better_fitting_id() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", ticket="WEB-5"), commit("b", "2026-10-05 10:30", ticket="WEB-6"))
    second = day.of("b").id
    day.collect(commit("a2", "2026-10-05 10:00", ticket="WEB-6", committed=at("2026-10-06 10:00")))
    assert day.only().id == second
    assert day.only().entry.evidence == (name("a2"), name("b"))


def test_late_work_never_takes_the_id_of_a_billed_entry() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00"))
    first = day.only()
    day.bill("INV-2026-0032", [first])
    day.collect(commit("b", "2026-10-05 15:00"))
    second = day.of("b")
    day.bill("INV-2026-0033", [second])
    day.collect(commit("c", "2026-10-05 20:00"))
    assert len({first.id, second.id, day.of("c").id}) == 3
    assert second.id == entry_id("mira", "acme", "web-shop", "2026-10-05", "", "development", "proven", "1")


def test_a_billed_commit_that_is_rewritten_stays_billed() -> None:
    day = Workday()
    first = commit("a", "2026-10-05 10:00", minutes=600)
    day.collect(first)
    day.bill("INV-2026-0032", [day.only()])
    day.collect(replace(first, key="f" * 40, ticket="WEB-9", committed=at("2026-11-05 10:00")))
    assert [w.entry.minutes for w in day.live] == [600]
