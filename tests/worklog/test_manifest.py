"""The manifest: from commits, corrections and invoices to work entries."""

from dataclasses import replace
from datetime import date

import pytest
from tests.worklog.workday import Workday, at, commit, minutes, name

from git_bill.worklog.edit import Part
from git_bill.worklog.entry import Entry, Manifest
from git_bill.worklog.piece import Origin


def test_commits_of_one_ticket_and_day_are_one_entry() -> None:
    day = Workday()
    day.collect(
        commit("a", "2026-10-05 10:00", "feat(cart): Add coupons", ticket="WEB-5"),
        commit("b", "2026-10-05 10:40", "fix: Coupon twice", ticket="WEB-5"),
    )
    worked = day.only()
    assert worked.client == "acme"
    assert worked.entry == Entry(
        day=date(2026, 10, 5),
        by="mira",
        project="web-shop",
        ticket="WEB-5",
        activity="development",
        minutes=60 + 27,
        range=(19, 160),
        at=("09:00/10:00", "10:13/10:40"),
        text="Add coupons; Coupon twice",
        evidence=(name("a"), name("b")),
        model="session-2026.11",
    )
    assert list(day.manifests) == [("acme", "2026-10")]


def test_tickets_activities_clients_and_days_are_apart() -> None:
    day = Workday()
    day.collect(
        commit("a", "2026-10-05 10:00", "feat: A", ticket="WEB-5"),
        commit("b", "2026-10-05 10:30", "docs: A", ticket="WEB-5"),
        commit("c", "2026-10-05 11:00", "feat: B", ticket="WEB-6"),
        commit("d", "2026-10-05 11:30", "feat: C", source="beta-app"),
        commit("e", "2026-10-06 11:30", "feat: D", ticket="WEB-5"),
    )
    told = {(w.client, w.entry.day.day, w.entry.ticket, w.entry.activity) for w in day.live}
    assert told == {
        ("acme", 5, "WEB-5", "development"),
        ("acme", 5, "WEB-5", "documentation"),
        ("acme", 5, "WEB-6", "development"),
        ("beta", 5, None, "development"),
        ("acme", 6, "WEB-5", "development"),
    }
    assert {client for client, _ in day.manifests} == {"acme", "beta"}


def test_the_minutes_between_go_to_the_later_commit_across_clients() -> None:
    day = Workday()
    day.collect(
        commit("a", "2026-10-05 10:00"),
        commit("b", "2026-10-05 10:10", source="beta-app"),
        commit("c", "2026-10-05 10:20"),
    )
    assert day.of("b", "beta-app").entry.at == ("10:00/10:10",)
    assert day.of("a").entry.at == ("09:00/10:00", "10:10/10:20")


def test_work_across_midnight_is_split_there() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-06 00:20", ticket="WEB-5"))
    first, second = day.live
    assert (first.entry.day.day, first.entry.at, first.entry.minutes) == (5, ("23:20/24:00",), 40)
    assert (second.entry.day.day, second.entry.at, second.entry.minutes) == (6, ("00:00/00:20",), 20)
    assert (first.entry.low + second.entry.low, first.entry.high + second.entry.high) == (5, 120)


@pytest.mark.parametrize(
    ("when", "intervals"),
    [
        ("2026-10-25 03:20", ("02:20+01:00/03:20",)),  # the night has 25 hours
        ("2026-03-29 03:20", ("01:20/03:20",)),  # it has 23
    ],
)
def test_the_clock_changes_at_night(when: str, intervals: tuple[str, ...]) -> None:
    day = Workday()
    day.collect(commit("a", when))
    assert day.only().entry.minutes == 60
    assert day.only().entry.at == intervals


def test_a_rewritten_commit_adds_nothing_and_the_latest_message_counts() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", "wip"))
    before = day.only()
    result = day.collect(
        commit("a2", "2026-10-05 10:00", "Add coupons", ticket="WEB-5", committed=at("2026-10-05 15:00"))
    )
    assert (result.added, result.changed) == (0, 1)
    assert day.only().id == before.id
    assert (day.only().entry.ticket, day.only().entry.text) == ("WEB-5", "Add coupons")
    assert day.only().entry.minutes == before.entry.minutes
    (verdict,) = result.verdicts
    assert (verdict.evidence, verdict.rule) == (name("a"), "same-moment")


def test_a_squash_of_seen_commits_adds_nothing() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00"), commit("b", "2026-10-05 10:30"))
    before = day.manifests
    squash = commit("s", "2026-10-07 16:00", "Add coupons (#3)", covers=(commit("a", "2026-10-05 10:00").key,))
    result = day.collect(squash)
    assert day.manifests == before
    assert [(v.evidence, v.rule) for v in result.verdicts] == [(name("s"), "repeats")]


def test_a_squash_of_unseen_commits_is_work() -> None:
    day = Workday()
    day.collect(commit("s", "2026-10-07 16:00", covers=("f" * 40,)))
    assert day.only().entry.minutes == 60


def test_a_merge_after_hours_opens_no_session() -> None:
    day = Workday()
    result = day.collect(
        commit("a", "2026-10-05 10:00"),
        commit("m", "2026-10-05 22:00", "Merge branch 'x'", parents=2),
        commit("n", "2026-10-05 10:30", "Merge branch 'y'", parents=2),
    )
    assert (day.only().entry.minutes, day.only().entry.text) == (60 + 10, "Work")
    assert [(v.evidence, v.rule) for v in result.verdicts] == [(name("m"), "presence")]


def test_a_directive_replaces_the_estimate() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", minutes=150))
    entry = day.only().entry
    assert (entry.minutes, entry.range, entry.at, entry.model) == (150, (), ("07:30/10:00",), None)


def test_a_directive_without_room_before_it_counts_in_the_days_sum_alone() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 01:00", minutes=150))
    assert (day.only().entry.minutes, day.only().entry.at) == (150, ("00:00/01:00",))


def test_work_before_since_is_history_but_bounds_what_follows() -> None:
    day = Workday(origins={"web-shop": Origin(client="acme", since=date(2026, 10, 1))})
    result = day.collect(commit("a", "2026-09-30 23:50"), commit("b", "2026-10-01 00:20"))
    assert (day.only().entry.minutes, day.only().entry.at) == (20, ("00:00/00:20",))
    assert [(v.evidence, v.rule) for v in result.verdicts] == [(name("a"), "before-since")]


def test_evidence_without_a_source_is_kept_and_told() -> None:
    day = Workday(origins={})
    result = day.collect(commit("a", "2026-10-05 10:00"))
    assert day.manifests == {}
    assert [p.rule for p in result.problems] == ["no-source"]
    assert "'web-shop' (1)" in result.problems[0].message


def test_evidence_of_a_stranger_is_counted_and_left_alone() -> None:
    day = Workday()
    stranger = replace(commit("x", "2026-10-05 09:50"), contributor="eve")
    result = day.collect(commit("a", "2026-10-05 10:00"), stranger)
    assert result.unknown == 1
    assert day.only().entry.at == ("09:00/10:00",)


def test_a_pair_has_a_timeline_each() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", together=("jonas",)))
    mira, jonas = sorted(day.live, key=lambda w: w.entry.by, reverse=True)
    assert (mira.entry.by, mira.entry.at, mira.entry.flags) == ("mira", ("09:00/10:00",), ("pair", "single-commit-day"))
    assert (jonas.entry.by, jonas.entry.at) == ("jonas", ("03:00/04:00",))


def test_unproven_work_is_apart_and_takes_no_minute_from_proven_work() -> None:
    day = Workday()
    day.collect(
        commit("a", "2026-10-05 10:00"),
        commit("f", "2026-10-05 10:10", proven=False, minutes=600),
        commit("b", "2026-10-05 10:40"),
    )
    proven = next(w for w in day.live if w.entry.state == "estimated")
    forged = next(w for w in day.live if w.entry.state == "unproven")
    assert proven.entry.at == ("09:00/10:00", "10:13/10:40")
    assert not set(forged.entry.at) & set(proven.entry.at)


def test_weekends_and_lone_commits_are_flagged() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-10 10:00"))
    assert day.only().entry.flags == ("weekend", "single-commit-day")


def test_two_commits_in_one_minute_are_both_listed() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00:01", ticket="WEB-5"), commit("b", "2026-10-05 10:00:30", ticket="WEB-6"))
    assert (day.of("a").entry.minutes, day.of("b").entry.minutes) == (60, 0)


def test_collect_twice_is_once() -> None:
    day = Workday()
    first = day.collect(commit("a", "2026-10-05 10:00"), commit("b", "2026-10-06 00:10"))
    second = day.collect()
    assert second.manifests == first.manifests
    assert (second.added, second.changed) == (0, 0)
    assert (first.added, first.changed) == (2, 0)
    assert first.minutes == minutes(day.live)


def test_an_earlier_commit_that_arrives_later_keeps_ids() -> None:
    day = Workday()
    day.collect(commit("b", "2026-10-05 10:40"))
    before = day.only()
    day.collect(commit("a", "2026-10-05 10:10"))
    assert day.only().id == before.id
    assert day.only().entry.evidence == (name("a"), name("b"))


def test_manifests_are_sorted_by_day_and_id() -> None:
    day = Workday()
    day.collect(
        *(commit(f"{d}{t}", f"2026-10-{d:02} 10:0{t}", ticket=f"WEB-{t}") for d in (7, 5, 6) for t in (1, 2, 3))
    )
    (manifest,) = day.manifests.values()
    assert isinstance(manifest, Manifest)
    order = [(entry.day, entry_id) for entry_id, entry in manifest.entries.items()]
    assert order == sorted(order)


# What is billed does not move.


def test_billed_time_stays_and_late_evidence_makes_an_entry_of_its_own() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", ticket="WEB-5"), commit("b", "2026-10-05 11:00", ticket="WEB-5"))
    billed = day.only()
    day.bill("INV-2026-0032", [billed])
    result = day.collect(
        commit("c", "2026-10-05 10:35", ticket="WEB-5"), commit("d", "2026-10-05 12:00", ticket="WEB-5")
    )
    assert day.worked[billed.id] == billed
    late = next(w for w in day.live if w.id != billed.id)
    assert late.entry.evidence == (name("c"), name("d"))
    assert late.entry.flags == ("overlap", "late")
    assert late.entry.at == ("10:10/10:23", "11:23/12:00")
    assert [(loss.minutes, loss.to, loss.why) for loss in result.lost] == [
        (12, billed.id, "already billed on INV-2026-0032")
    ]
    again = day.collect()
    assert (again.added, again.changed) == (0, 0)


def test_billed_time_survives_the_loss_of_its_evidence_and_manifest() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00"))
    billed = day.only()
    day.bill("INV-2026-0032", [billed])
    day.evidence.clear()
    day.manifests = {}
    day.collect()
    assert day.only().entry.at == billed.entry.at
    assert day.only().id == billed.id


def test_nothing_is_billed_again_when_only_the_manifest_is_lost() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00"), commit("b", "2026-10-05 10:30"))
    billed = day.only()
    day.bill("INV-2026-0032", [billed])
    day.manifests = {}
    day.collect()
    assert day.only() == billed


def test_time_that_a_person_cut_is_not_claimed_again_after_billing() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00"))
    day.edit("set", day.only().id, minutes=20)
    day.collect()
    day.bill("INV-2026-0032", [day.only()])
    day.collect()
    assert day.only().entry.minutes == 20
    day.collect(commit("b", "2026-10-05 18:00"))
    assert sorted(w.entry.minutes for w in day.live) == [20, 60]


def test_the_unbilled_part_of_a_split_stays_when_the_other_is_billed() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00"))
    parts = (Part(id="W-one", minutes=40), Part(id="W-two", minutes=20))
    day.edit("split", day.only().id, parts=parts)
    day.edit("move", "W-two", "2026-11-01 12:01", to="beta")
    day.collect()
    assert {w.id: (w.client, w.entry.minutes, w.entry.at) for w in day.live} == {
        "W-one": ("acme", 40, ("09:00/09:40",)),
        "W-two": ("beta", 20, ("09:40/10:00",)),
    }
    before = day.worked
    day.bill("INV-2026-0032", [day.worked["W-one"]])
    result = day.collect()
    assert day.worked == before
    assert result.problems == ()
    day.collect(commit("b", "2026-10-05 10:30"))
    assert day.worked["W-two"] == before["W-two"]
    assert day.of("b").entry.minutes == 22


def test_a_reversed_invoice_gives_its_entries_back() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00"))
    billed = day.only()
    day.bill("INV-2026-0032", [billed])
    day.collect()
    day.invoices.clear()
    day.collect(commit("b", "2026-10-05 10:30"))
    assert day.only().id == billed.id
    assert day.only().entry.evidence == (name("a"), name("b"))
