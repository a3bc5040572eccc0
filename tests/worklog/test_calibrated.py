"""Own calibration: what a person confirmed changes the estimates of days to come, and none that stands on file."""

from dataclasses import replace
from typing import Any

import pytest
from tests.worklog.workday import ZONES, Workday, commit, name

from git_bill.problem import Stop
from git_bill.worklog.effort import PLAIN, SESSION, Recipe
from git_bill.worklog.entry import Manifest, Worked
from git_bill.worklog.manifest import Collected, collect_worklog
from git_bill.worklog.reason import Facts, entry_reason


def confirmed(days: int = 6, minutes: int = 30) -> Workday:
    """Days with one commit, estimated at an hour each and set to so many minutes."""
    workday = Workday()
    workday.collect(*(commit(f"d{day}", f"2026-10-{day:02} 10:00") for day in range(1, days + 1)))
    for worked in workday.live:
        workday.edit("set", worked.id, "2026-10-20 12:00", minutes=minutes, facts=1)
    workday.collect()
    return workday


def new(workday: Workday, day: int = 21) -> Worked:
    """The entry of one commit on a day to come."""
    workday.collect(commit(f"n{day}", f"2026-10-{day} 10:00"))
    return workday.of(f"n{day}")


def again(workday: Workday, **options: Any) -> Collected:
    """What allocating the same files makes."""
    return collect_worklog(
        evidence=workday.evidence,
        edits=workday.edits,
        previous=workday.manifests,
        origins=workday.origins,
        zones=ZONES,
        clients={"acme", "beta", "internal"},
        **options,
    )


def test_days_to_come_follow_what_was_confirmed() -> None:
    entry = new(confirmed()).entry
    assert entry.minutes == 34  # 60 times 181/361 to the power of 5.5/6.5, the trust in six days
    assert entry.model == "session-2026.11*0.56[94-114]/6d"
    assert entry.range[0] < 34 < entry.range[1]


def test_who_logs_more_gets_more() -> None:
    assert new(confirmed(minutes=110)).entry.minutes == 100


def test_four_days_are_not_enough() -> None:
    assert new(confirmed(days=4)).entry.model == SESSION.name


def in_two_projects(api_days: int, web_days: int = 6) -> Workday:
    """Half an hour confirmed of each day in the web shop, 90 minutes in the api."""
    workday = confirmed(web_days)
    days = range(8, 8 + api_days)
    workday.collect(*(commit(f"a{day}", f"2026-10-{day:02} 10:00", source="api") for day in days))
    for day in days:
        workday.edit("set", workday.of(f"a{day}", "api").id, "2026-10-20 13:00", minutes=90, facts=1)
    workday.collect()
    return workday


def test_a_project_follows_its_own_days() -> None:
    workday = in_two_projects(api_days=5)
    assert new(workday).entry.model == new(confirmed()).entry.model
    workday.collect(commit("api", "2026-10-22 10:00", source="api"))
    found = workday.of("api", "api").entry
    assert found.minutes > 75
    assert (found.model or "").endswith("/5d")
    assert again(workday).manifests == workday.manifests


def test_a_project_with_few_days_of_its_own_follows_all_of_the_persons() -> None:
    workday = in_two_projects(api_days=4)
    workday.collect(commit("api", "2026-10-22 10:00", source="api"))
    found = workday.of("api", "api").entry
    assert 34 < found.minutes < 75
    assert (found.model or "").endswith("/10d")


def test_a_day_on_file_in_one_project_says_nothing_of_the_other() -> None:
    workday = in_two_projects(api_days=5)
    workday.collect(commit("api", "2026-10-22 10:00", source="api"))
    before = workday.of("api", "api").entry
    workday.collect(commit("web", "2026-10-22 15:00"))
    after, web = workday.of("api", "api").entry, workday.of("web").entry
    assert (after.model, after.minutes, after.range) == (before.model, before.minutes, before.range)
    assert web.model == new(confirmed()).entry.model


def test_an_estimate_on_file_stays() -> None:
    workday = Workday()
    workday.collect(commit("old", "2026-10-19 10:00"))
    before = workday.of("old")
    later = confirmed()
    later.evidence += workday.evidence
    later.manifests = {
        month: Manifest(entries={**manifest.entries, before.id: before.entry})
        for month, manifest in later.manifests.items()
    }
    later.collect()
    assert later.of("old") == before
    new(later)
    assert later.of("old") == before


def test_a_second_run_changes_nothing() -> None:
    workday = confirmed()
    new(workday)
    assert again(workday).manifests == workday.manifests
    workday.edit("confirm", workday.of("n21").id, "2026-10-22 12:00", minutes=34, facts=1)
    new(workday, 23)
    assert again(workday).manifests == workday.manifests


def test_more_work_on_a_day_with_an_estimate_is_estimated_alike() -> None:
    workday = confirmed()
    first = new(workday)
    workday.edit("set", first.id, "2026-10-21 12:00", minutes=600, facts=1)
    workday.collect(commit("second", "2026-10-22 10:00"))
    model = workday.of("second").entry.model
    workday.edit("set", workday.of("d1").id, "2026-10-22 11:00", minutes=300, facts=1)
    workday.collect(commit("third", "2026-10-22 10:30"))
    assert workday.of("third").entry.model == model
    assert new(workday, 23).entry.model != model


def test_reestimate_follows_what_is_known_now() -> None:
    workday = confirmed()
    first = new(workday)
    for worked in [w for w in workday.live if w.id != first.id]:
        workday.edit("set", worked.id, "2026-10-23 12:00", minutes=90, facts=1)
    workday.collect()
    assert workday.of("n21") == first
    found = again(workday, reestimate=True)
    (entry,) = (m.entries[first.id] for m in found.manifests.values() if first.id in m.entries)
    assert entry.minutes > 60


def test_midnight_does_not_mix_days() -> None:
    workday = confirmed()
    workday.collect(commit("late", "2026-10-22 00:10"))
    assert again(workday).manifests == workday.manifests
    workday.edit("set", workday.of("d1").id, "2026-10-22 11:00", minutes=300, facts=1)
    workday.collect(commit("eve", "2026-10-21 15:00"))
    assert again(workday).manifests == workday.manifests


@pytest.mark.parametrize("do", ["drop", "merge", "later"])
def test_what_says_nothing_of_the_estimate_is_left_out(do: str) -> None:
    workday = confirmed(days=5)
    entry = workday.of("d5")
    if do == "drop":
        workday.edit("drop", entry.id, "2026-10-21 09:00", facts=1)
    elif do == "merge":
        workday.edit("merge", workday.of("d4").id, "2026-10-21 09:00", entries=(workday.of("d4").id, entry.id))
    else:
        workday.collect(replace(commit("more", "2026-10-05 10:20"), ticket=None))
    assert new(workday, 22).entry.model == SESSION.name


def test_stated_time_is_no_estimate() -> None:
    workday = Workday()
    workday.collect(*(commit(f"d{day}", f"2026-10-{day:02} 10:00", minutes=30) for day in range(1, 8)))
    for worked in workday.live:
        workday.edit("confirm", worked.id, "2026-10-20 12:00", minutes=30, facts=1)
    assert new(workday).entry.model == SESSION.name


def test_a_newer_model_is_never_overwritten() -> None:
    workday = Workday()
    workday.collect(commit("one", "2026-10-05 10:00"))
    only = workday.only()
    newer = replace(only.entry, model="effort-2027.03*0.90[90-110]/8d", minutes=42)
    workday.manifests = {month: Manifest(entries={only.id: newer}) for month in workday.manifests}
    with pytest.raises(Stop) as stopped:
        workday.collect()
    (problem,) = stopped.value.problems
    assert problem.rule == "newer-model"
    assert "--reestimate" in problem.hint
    (manifest,) = again(workday, reestimate=True).manifests.values()
    assert manifest.entries[only.id].minutes == 60


def test_an_older_model_gives_way() -> None:
    workday = Workday()
    workday.collect(commit("one", "2026-10-05 10:00"))
    only = workday.only()
    older = replace(only.entry, model="session-2026.08", minutes=42)
    workday.manifests = {month: Manifest(entries={only.id: older}) for month in workday.manifests}
    workday.collect()
    assert workday.only().entry.model == SESSION.name


def test_recipes_are_named_so_that_they_can_be_followed() -> None:
    entry = new(confirmed()).entry
    recipe = Recipe.parse(entry.model or "")
    assert recipe.name == entry.model
    assert recipe.own.days == 6
    assert Recipe.parse(PLAIN.name) == PLAIN


def test_explain_says_what_own_days_did() -> None:
    workday = confirmed()
    reason = entry_reason(new(workday), Facts(evidence={}, edits=(), zones=ZONES))
    (estimate,) = (r for r in reason.because if r.kind == "estimate")
    assert [r.text for r in estimate.because] == [
        "own confirmed time over 6 days makes it 0.56 of the plain estimate, "
        "the range 0.9 times as wide below, 1.1 above"
    ]
    assert name("n21") in workday.of("n21").entry.evidence
