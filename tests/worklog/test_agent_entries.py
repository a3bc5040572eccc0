"""Work with AI agents: entries of its own on the same timeline, and never a minute more."""

from hypothesis import given
from hypothesis import strategies as st
from tests.worklog.workday import Workday, commit, minutes, name


def test_work_with_an_agent_is_an_entry_of_its_own() -> None:
    day = Workday()
    day.collect(
        commit("a", "2026-10-05 10:00"),
        commit("b", "2026-10-05 10:30", agent="Claude"),
        commit("c", "2026-10-05 10:40", agent="Copilot"),
        commit("d", "2026-10-05 11:00"),
    )
    own, other = day.of("a"), day.of("b")
    assert own.entry.evidence == (name("a"), name("d"))
    assert (own.entry.agent, other.entry.agent) == ("", "Claude, Copilot")
    assert other.entry.evidence == (name("b"), name("c"))
    before = day.worked
    again = day.collect()
    assert (again.added, again.changed, day.worked) == (0, 0, before)


def test_a_mark_that_comes_later_moves_no_time_and_keeps_the_entrys_id() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00"))
    before = day.only()
    day.collect(commit("a2", "2026-10-05 10:00", agent="Claude", committed=commit("x", "2026-10-05 12:00").at))
    after = day.only()
    assert (after.id, after.entry.minutes, after.entry.agent) == (before.id, before.entry.minutes, "Claude")


def test_a_mark_is_not_lost_where_the_message_is_rewritten_without_it() -> None:
    day = Workday()
    day.collect(
        commit("a", "2026-10-05 10:00", agent="Claude"),
        commit("a2", "2026-10-05 10:00", committed=commit("x", "2026-10-05 12:00").at),
    )
    assert day.only().entry.agent == "Claude"


def test_a_big_change_of_an_agents_tells_nothing_of_a_persons_time() -> None:
    own, helped, small = Workday(), Workday(), Workday()
    own.collect(commit("a", "2026-10-05 10:00", added=2000))
    helped.collect(commit("a", "2026-10-05 10:00", added=2000, agent="Claude"))
    small.collect(commit("a", "2026-10-05 10:00", added=1, deleted=0, agent="Claude"))
    assert (minutes(own.live), minutes(helped.live), minutes(small.live)) == (90, 45, 10)


def test_a_merge_of_entries_is_with_the_agents_of_both() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00"), commit("b", "2026-10-05 10:30", agent="Claude"))
    own, other = day.of("a"), day.of("b")
    day.edit("merge", own.id, entries=(own.id, other.id), because="one piece of work")
    day.collect()
    assert (day.only().id, day.only().entry.agent) == (own.id, "Claude")
    before = day.worked
    day.collect()
    assert day.worked == before


def test_what_was_billed_keeps_its_agent() -> None:
    day = Workday()
    day.collect(commit("a", "2026-10-05 10:00", agent="Claude"))
    day.bill("INV-1", day.live)
    day.manifests = {}
    day.collect()
    assert day.only().entry.agent == "Claude"


@given(
    st.lists(
        st.tuples(st.integers(0, 600), st.sampled_from(["", "Claude", "Copilot"]), st.integers(0, 3000)),
        min_size=1,
        max_size=12,
    )
)
def test_marks_never_add_a_minute_and_lose_no_commit(made: list[tuple[int, str, int]]) -> None:
    def worked(*, marked: bool) -> Workday:
        day = Workday()
        day.collect(
            *(
                commit(
                    f"c{n}",
                    f"2026-10-05 {8 + at // 60:02}:{at % 60:02}",
                    added=lines,
                    deleted=0,
                    agent=agent if marked else "",
                )
                for n, (at, agent, lines) in enumerate(made)
            )
        )
        return day

    plain, marked = worked(marked=False), worked(marked=True)
    assert minutes(marked.live) <= minutes(plain.live)
    assert {fact for w in marked.live for fact in w.entry.evidence} == {
        fact for w in plain.live for fact in w.entry.evidence
    }
