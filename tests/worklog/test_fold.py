"""Corrections: each verb over entries that commits made, and what can't be applied."""

from dataclasses import replace
from typing import Any

import pytest
from tests.worklog.workday import Workday, at, commit, name

from git_bill.worklog.edit import Part
from git_bill.worklog.entry import Worked


def one(*, minutes: int | None = None) -> tuple[Workday, Worked]:
    """A day with one entry: 09:00/10:00 on WEB-5."""
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", "feat: Add coupons", ticket="WEB-5", minutes=minutes))
    return day, day.only()


def rules(day: Workday) -> list[str]:
    """What collect says of the edits."""
    return [problem.rule for problem in day.collect().problems]


def test_confirm_makes_it_time_worked() -> None:
    day, worked = one()
    day.edit("confirm", worked.id, minutes=60, facts=1)
    result = day.collect()
    entry = day.only().entry
    assert (entry.state, entry.minutes, entry.range, entry.at, entry.model) == (
        "confirmed", 60, (), ("09:00/10:00",), None
    )  # fmt: skip
    assert (result.added, result.changed, result.problems) == (0, 1, ())


def test_a_bare_confirm_takes_the_minutes_that_are_there() -> None:
    day, worked = one()
    day.edit("confirm", worked.id)
    day.collect()
    day.collect(commit("b", "2026-10-05 10:30", ticket="WEB-5"))
    assert (day.only().entry.state, day.only().entry.minutes) == ("confirmed", 60)


def test_evidence_after_a_confirmation_is_flagged_and_not_counted() -> None:
    day, worked = one()
    day.edit("confirm", worked.id, "2026-10-05 12:00", minutes=60, facts=1)
    day.collect(commit("b", "2026-10-05 13:00", ticket="WEB-5"))
    assert (day.only().entry.minutes, day.only().entry.flags) == (60, ("more evidence since",))
    day.edit("set", worked.id, "2026-10-05 14:00", minutes=110, facts=2)
    day.collect()
    assert (day.only().entry.minutes, day.only().entry.flags) == (110, ())


def test_an_older_commit_that_is_pushed_after_a_confirmation_is_flagged_too() -> None:
    day, worked = one()
    day.edit("confirm", worked.id, minutes=60, facts=1)
    day.collect(commit("0", "2026-10-05 09:50", ticket="WEB-5"))
    assert (day.only().entry.minutes, day.only().entry.flags) == (60, ("more evidence since",))


def test_a_confirmed_entry_keeps_its_minutes_against_stronger_evidence() -> None:
    day, worked = one()
    day.edit("confirm", worked.id, minutes=60, facts=1)
    day.collect(commit("t", "2026-10-05 09:40", source="beta-app", minutes=30))
    assert day.of("a").entry.at == ("09:00/10:00",)
    assert day.of("t", "beta-app").entry.at == ("08:30/09:00",)


def test_a_confirmation_takes_no_minute_from_what_had_won_it() -> None:
    day, worked = one()
    day.edit(
        "add", "W-call", client="beta", day=worked.entry.day, minutes=30, start="09:30", worker="mira", text="Call"
    )
    day.collect()
    assert day.of("a").entry.at == ("09:00/09:30",)
    day.edit("confirm", worked.id, "2026-11-01 13:00", minutes=30, facts=1)
    day.collect()
    assert (day.of("a").entry.at, day.worked["W-call"].entry.at) == (("09:00/09:30",), ("09:30/10:00",))


def test_set_replaces_fields_and_names_them() -> None:
    day, worked = one()
    day.edit("set", worked.id, text="Coupons\x1b[0m", ticket="", activity="testing", project="shop")
    day.collect()
    entry = day.only().entry
    assert (entry.text, entry.ticket, entry.activity, entry.project) == ("Coupons", None, "testing", "shop")
    assert (entry.set, entry.state, entry.minutes) == (("text", "ticket", "activity", "project"), "estimated", 60)


@pytest.mark.parametrize(("minutes", "intervals"), [(20, ("09:00/09:20",)), (90, ("09:00/10:00",)), (0, ())])
def test_set_minutes_keeps_no_more_intervals_than_minutes(minutes: int, intervals: tuple[str, ...]) -> None:
    day, worked = one()
    day.edit("set", worked.id, minutes=minutes)
    day.collect()
    entry = day.only().entry
    assert (entry.minutes, entry.at, entry.range, entry.state) == (minutes, intervals, (), "confirmed")
    assert day.collect().changed == 0


def test_set_can_put_the_work_elsewhere_in_time() -> None:
    day, worked = one()
    day.edit("set", worked.id, day=worked.entry.day.replace(day=7), start="14:00", minutes=45)
    day.collect()
    entry = day.only().entry
    assert (entry.day.day, entry.at, entry.minutes, entry.set) == (7, ("14:00/14:45",), 45, ("day", "minutes"))
    assert day.collect().changed == 0


def test_set_can_name_another_worker() -> None:
    day, worked = one()
    day.edit("set", worked.id, worker="jonas")
    day.collect()
    assert (day.only().entry.by, day.only().entry.at, day.only().entry.minutes) == ("jonas", (), 60)


def test_drop_leaves_the_entry_listed_without_minutes() -> None:
    day, worked = one()
    day.edit("drop", worked.id)
    day.collect()
    entry = day.worked[worked.id].entry
    assert (entry.state, entry.minutes, entry.at, entry.flags) == ("dropped", 0, (), ("dropped",))
    assert entry.evidence == (name("a"),)


def test_what_was_dropped_can_be_taken_back() -> None:
    day, worked = one()
    day.edit("drop", worked.id)
    day.collect()
    day.edit("confirm", worked.id, "2026-11-01 13:00", minutes=60)
    day.collect()
    assert (day.only().entry.state, day.only().entry.minutes, day.only().entry.at) == (
        "confirmed",
        60,
        ("09:00/10:00",),
    )
    day.edit("drop", worked.id, "2026-11-01 14:00")
    day.edit("set", worked.id, "2026-11-01 15:00", minutes=10)
    day.collect()
    assert (day.only().entry.minutes, day.only().entry.flags) == (10, ())


def test_dropped_work_still_uses_its_minutes() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", minutes=60), commit("b", "2026-10-05 10:00:30", source="beta-app"))
    dropped = day.of("a")
    assert day.of("b", "beta-app").entry.minutes == 0
    day.edit("drop", dropped.id)
    day.collect()
    assert day.of("b", "beta-app").entry.minutes == 0


def test_split_shares_minutes_and_intervals() -> None:
    day, worked = one()
    parts = (Part(id="W-1", minutes=25, ticket="WEB-6", text="Forms"), Part(id="W-2", minutes=50, activity="testing"))
    day.edit("split", worked.id, parts=parts)
    day.collect()
    told = {w.id: (w.entry.minutes, w.entry.at, w.entry.ticket, w.entry.text, w.entry.activity) for w in day.live}
    assert told == {
        "W-1": (25, ("09:00/09:25",), "WEB-6", "Forms", "development"),
        "W-2": (50, ("09:25/10:00",), "WEB-5", "Add coupons", "testing"),
    }
    assert day.worked[worked.id].entry.flags == ("split",)
    assert {w.entry.evidence for w in day.worked.values()} == {(name("a"),)}


def test_merge_joins_minutes_ranges_and_texts() -> None:
    day = Workday()
    day.collect(
        commit("a", "2026-10-05 10:00", "Coupons", ticket="WEB-5"),
        commit("b", "2026-10-05 10:30", "Forms", ticket="WEB-6"),
        commit("c", "2026-10-06 10:00", "Forms", ticket="WEB-6"),
    )
    first, second, third = day.of("a"), day.of("b"), day.of("c")
    day.edit("merge", first.id, entries=(second.id, third.id))
    day.collect()
    entry = day.only().entry
    assert (entry.minutes, entry.at, entry.text) == (60 + 22 + 60, ("09:00/10:00", "10:08/10:30"), "Coupons; Forms")
    assert entry.evidence == (name("a"),)
    assert entry.merged == (second.id, third.id)
    assert (day.worked[second.id].entry.flags, day.worked[third.id].entry.minutes) == (("merged",), 0)
    assert day.collect().changed == 0


def test_move_changes_the_client_and_the_manifest() -> None:
    day, worked = one()
    day.edit("move", worked.id, to="beta", project="beta-app")
    day.collect()
    assert list(day.manifests) == [("beta", "2026-10")]
    assert (day.only().client, day.only().entry.project) == ("beta", "beta-app")
    day.collect(commit("b", "2026-10-05 10:30", ticket="WEB-5"))
    assert (day.only().client, day.only().entry.minutes) == ("beta", 82)


def test_internal_work_uses_minutes_and_has_a_manifest_of_its_own() -> None:
    day, worked = one()
    day.edit("move", worked.id, to="internal")
    day.collect()
    assert list(day.manifests) == [("internal", "2026-10")]


def test_add_with_a_start_occupies_its_interval() -> None:
    day, worked = one()
    day.edit("add", "W-call", day=worked.entry.day, minutes=45, start="09:30", text="Call", activity="meeting")
    day.collect()
    call = day.worked["W-call"].entry
    assert (call.at, call.minutes, call.state, call.by, call.activity) == (
        ("09:30/10:15",), 45, "confirmed", "mira", "meeting"
    )  # fmt: skip
    assert call.set == ("day", "minutes", "text", "activity")
    assert (day.of("a").entry.at, day.of("a").entry.flags) == (("09:00/09:30",), ("single-commit-day", "overlap"))


def test_add_without_a_start_takes_part_in_the_sum_alone() -> None:
    day, worked = one()
    day.edit("add", "W-call", day=worked.entry.day, minutes=45, worker="jonas")
    day.collect()
    call = day.worked["W-call"].entry
    assert (call.at, call.minutes, call.by, call.activity, call.text) == ((), 45, "jonas", "other", "")


def test_an_added_entry_can_be_corrected_and_dropped() -> None:
    day, worked = one()
    day.edit("add", "W-call", day=worked.entry.day, minutes=45, start="12:00")
    day.edit("set", "W-call", "2026-11-01 13:00", minutes=20)
    day.collect()
    assert (day.worked["W-call"].entry.minutes, day.worked["W-call"].entry.at) == (20, ("12:00/12:20",))
    day.edit("drop", "W-call", "2026-11-01 14:00")
    day.collect()
    assert day.worked["W-call"].entry.state == "dropped"
    assert day.collect().changed == 0


def test_unproven_work_is_billed_only_when_a_person_confirms_it() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", proven=False))
    assert day.only().entry.state == "unproven"
    day.edit("confirm", day.only().id, minutes=30)
    day.collect()
    assert (day.only().entry.state, day.only().entry.minutes) == ("confirmed", 30)


def test_the_last_edit_counts_whatever_the_order_on_file() -> None:
    day, worked = one()
    day.edit("set", worked.id, "2026-11-01 14:00", minutes=10)
    day.edit("set", worked.id, "2026-11-01 13:00", minutes=50)
    day.collect()
    assert day.only().entry.minutes == 10


# What can't be applied is told and changes nothing.


def test_an_unknown_entry_is_told() -> None:
    day, _ = one()
    before = day.manifests
    day.edit("drop", "W-nothing")
    (problem,) = day.collect().problems
    assert (problem.rule, problem.message) == ("unknown-entry", "edit E-0000 is about W-nothing, which does not exist")
    assert day.manifests == before


def test_an_entry_that_was_merged_away_is_told() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00"), commit("b", "2026-10-05 10:30", ticket="WEB-5"))
    first, second = day.of("a"), day.of("b")
    day.edit("merge", first.id, entries=(second.id,))
    day.edit("set", second.id, "2026-11-01 13:00", minutes=5)
    (problem,) = day.collect().problems
    assert problem.rule == "replaced-entry"
    assert "was merged into another" in problem.message


def test_a_billed_entry_does_not_change() -> None:
    day, worked = one()
    day.bill("INV-2026-0032", [worked])
    day.edit("set", worked.id, "2026-11-03 12:00", minutes=5)
    day.edit("split", worked.id, "2026-11-02 12:00", parts=(Part(id="W-1", minutes=25), Part(id="W-2", minutes=35)))
    assert rules(day) == ["billed-entry", "billed-entry"]
    assert day.only() == worked


def test_a_move_to_nobody_is_told_with_the_nearest_client() -> None:
    day, worked = one()
    day.edit("move", worked.id, to="acne")
    (problem,) = day.collect().problems
    assert (problem.rule, problem.hint) == ("unknown-client", 'write it like to = "acme"')


@pytest.mark.parametrize(
    "parts",
    [(), (Part(id="W-1", minutes=5), Part(id="W-1", minutes=5)), (Part(id="W-other", minutes=5),)],
)
def test_a_split_without_new_ids_is_told(parts: tuple[Part, ...]) -> None:
    day, worked = one()
    day.edit("add", "W-other", "2026-11-01 11:00", day=worked.entry.day, minutes=5)
    day.edit("split", worked.id, parts=parts)
    assert rules(day) == ["wrong-split"]
    assert day.worked[worked.id].entry.minutes == 60


def test_two_peoples_work_is_not_merged() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", together=("jonas",)))
    mira, jonas = day.live
    day.edit("merge", mira.id, entries=(jonas.id,))
    (problem,) = day.collect().problems
    assert (problem.rule, problem.message) == ("wrong-merge", "edit E-0000 merges the work of jonas and mira")


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"minutes": 5}, "incomplete-edit"),
        ({"minutes": None}, "incomplete-edit"),
        ({"minutes": 0}, "incomplete-edit"),
        ({"minutes": -5}, "wrong-time"),
        ({"minutes": 5, "start": "25:00"}, "wrong-time"),
        ({"minutes": 5, "worker": "mir"}, "unknown-contributor"),
    ],
)
def test_an_addition_that_makes_no_sense_is_told(facts: dict[str, Any], rule: str) -> None:
    day, worked = one()
    given: dict[str, Any] = facts if facts == {"minutes": 5} else {"day": worked.entry.day, **facts}
    day.edit("add", "W-call", **given)
    assert rules(day) == [rule]
    assert set(day.worked) == {worked.id}


@pytest.mark.parametrize("do", ["add", "set"])
def test_time_from_a_start_does_not_pass_midnight(do: Any) -> None:
    """1h45m from 23:10: 50m are of that day, 55m of the next; nothing of it lies anywhere else on the day."""
    day, worked = one()
    given: dict[str, Any] = {"day": worked.entry.day} if do == "add" else {}
    day.edit(do, "W-call" if do == "add" else worked.id, minutes=105, start="23:10", **given)
    (problem,) = day.collect().problems
    assert problem.rule == "wrong-time"
    assert problem.message == "edit E-0000: 1h45m from 23:10 on 2026-10-05 pass midnight"
    assert problem.hint == (
        'write it like minutes = "50m"; and the rest: git bill add 55m "…" --on 2026-10-06 --at 00:00'
    )
    assert day.worked == {worked.id: worked}


def test_time_up_to_midnight_is_placed() -> None:
    day, worked = one()
    day.edit("add", "W-call", day=worked.entry.day, minutes=50, start="23:10")
    assert rules(day) == []
    assert day.worked["W-call"].entry.at == ("23:10/24:00",)


def test_an_addition_under_a_used_id_is_told() -> None:
    day, worked = one()
    day.edit("add", worked.id, day=worked.entry.day, minutes=5)
    assert rules(day) == ["repeated-entry"]
    assert day.only() == worked


def test_more_than_a_day_is_told() -> None:
    day, worked = one()
    day.edit("set", worked.id, minutes=25 * 60)
    (problem,) = day.collect().problems
    assert (problem.rule, problem.message) == (
        "overfull-day",
        "mira has 25h on 2026-10-05, more than the day has",
    )


def test_a_rewritten_commit_stays_with_the_entry_that_people_spoke_of() -> None:
    day, worked = one()
    day.edit("drop", worked.id)
    day.collect()
    reworded = replace(commit("a2", "2026-10-05 10:00", ticket="WEB-6"), committed=at("2026-10-06 10:00"))
    day.collect(reworded, commit("b", "2026-10-05 11:00", ticket="WEB-6"))
    assert day.worked[worked.id].entry.evidence == (name("a2"),)
    assert day.only().entry.evidence == (name("b"),)


def test_an_entry_that_people_spoke_of_stays_when_earlier_work_takes_its_time() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-06 00:20", ticket="WEB-5"))
    evening = day.live[0]
    day.edit("confirm", evening.id, minutes=40, facts=1)
    day.collect(commit("b", "2026-10-06 00:01", source="beta-app"))
    assert (day.worked[evening.id].entry.minutes, day.worked[evening.id].entry.at) == (40, ("23:20/24:00",))
    assert day.collect().changed == 0


def test_new_work_on_a_ticket_that_was_split_is_an_entry_of_its_own() -> None:
    day, worked = one()
    day.edit("split", worked.id, parts=(Part(id="W-1", minutes=25), Part(id="W-2", minutes=35)))
    day.collect()
    day.collect(commit("b", "2026-10-05 10:30", ticket="WEB-5"))
    assert day.worked[day.live[-1].id].entry.evidence == (name("b"),)
    assert sorted(w.entry.minutes for w in day.live) == [22, 25, 35]
    assert day.collect().changed == 0


def test_new_work_on_a_ticket_that_was_dropped_stays_dropped_and_is_flagged() -> None:
    day, worked = one()
    day.edit("drop", worked.id, "2026-10-05 10:10", facts=1)
    day.collect(commit("b", "2026-10-05 10:30", ticket="WEB-5"))
    assert day.live == []
    assert day.worked[worked.id].entry.flags == ("dropped", "more evidence since")
