"""What a forge tells of the work: squashes, titles, and that it never adds a minute."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from git_bill.worklog.assignment import Match, Route
from git_bill.worklog.cut import cut
from git_bill.worklog.evidence import Evidence, from_lines, to_line
from git_bill.worklog.piece import Origin
from git_bill.worklog.told import by_commit, tickets, titles

MERGED = datetime(2026, 10, 9, 16, 0, tzinfo=UTC)
ORIGIN = {"shop": Origin(client="acme", project="web")}
ZONES = {"mira": ZoneInfo("Europe/Berlin")}


def commit(key: str, at: datetime, who: str = "mira") -> Evidence:
    return Evidence(key=key * 40, kind="commit", source="shop", contributor=who, at=at, files=1, added=40, deleted=0)


FIRST = commit("a", MERGED - timedelta(days=3))
SECOND = commit("b", MERGED - timedelta(days=2))
SQUASH = commit("c", MERGED)
PULL = Evidence(
    key="pull:12@0123456789ab",
    kind="pull",
    source="shop",
    contributor="mira",
    at=MERGED,
    text="Checkout",
    commit=SQUASH.key,
    covers=(FIRST.key, SECOND.key),
    state="merged",
)


def working(*evidence: Evidence) -> set[str]:
    """The commits that claim time."""
    return {piece.point.said.key for piece in cut(evidence, ORIGIN, ZONES).pieces}


def test_a_squash_adds_nothing_to_its_originals() -> None:
    assert working(FIRST, SECOND, SQUASH) == {FIRST.key, SECOND.key, SQUASH.key}
    for order in ((FIRST, SECOND, SQUASH, PULL), (PULL, SQUASH, SECOND, FIRST)):
        assert working(*order) == {FIRST.key, SECOND.key}
    [verdict] = cut((FIRST, SECOND, SQUASH, PULL), ORIGIN, ZONES).verdicts
    assert (verdict.rule, verdict.evidence) == ("repeats", "shop:cccccccccccc")


def test_a_squash_counts_where_no_original_is_known() -> None:
    assert working(SQUASH, PULL) == {SQUASH.key}


def test_what_others_did_in_it_takes_no_time_from_its_author() -> None:
    theirs = (replace(FIRST, contributor="jan"), replace(SECOND, contributor="jan"))
    assert working(*theirs, SQUASH, PULL) == {SQUASH.key}


def test_rebased_and_merged_commits_are_no_squash() -> None:
    rebased = replace(SQUASH, at=MERGED - timedelta(hours=5))
    assert working(FIRST, SECOND, rebased, PULL) == {FIRST.key, SECOND.key, rebased.key}


def test_the_latest_word_counts() -> None:
    undone = replace(PULL, key="pull:12@ffffffffffff", commit=None, committed=MERGED + timedelta(days=1))
    assert SQUASH.key in working(FIRST, SECOND, SQUASH, PULL, undone)


def test_a_forge_adds_no_minutes_and_nobody_unknown() -> None:
    ticket = Evidence(
        key="ticket:#5@0", kind="ticket", source="shop", contributor="", at=MERGED, ticket="#5", text="Cart"
    )
    review = Evidence(key="review:12:1@0", kind="review", source="shop", contributor="mira", at=MERGED, commit="d" * 40)
    found = cut((FIRST, ticket, review, replace(PULL, covers=())), ORIGIN, ZONES)
    assert {piece.point.said.key for piece in found.pieces} == {FIRST.key}
    assert found.unknown == 0


def test_titles_by_project_and_number() -> None:
    ticket = Evidence(
        key="ticket:#5@0", kind="ticket", source="shop", contributor="", at=MERGED, ticket="#5", text="Cart"
    )
    renamed = replace(ticket, key="ticket:#5@1", text="The cart", at=MERGED + timedelta(days=1))
    assert titles((renamed, ticket), ORIGIN) == {("web", "5"): "The cart"}
    other = replace(ticket, source="app", text="Login")
    assert titles((ticket, other), ORIGIN | {"app": Origin(client="acme", project="app")}) == {
        ("web", "5"): "Cart",
        ("app", "5"): "Login",
    }
    assert titles((ticket, other), dict.fromkeys(("shop", "app"), Origin(client="acme"))) == {}, (
        "two tickets of one number"
    )
    assert titles((ticket,), {}) == {}


def test_labels_and_milestones_are_told_where_all_agree() -> None:
    ticket = Evidence(
        key="ticket:#5@0", kind="ticket", source="shop", contributor="", at=MERGED, ticket="#5", text="Cart",
        labels=("bug",), milestone="v1",
    )  # fmt: skip
    urgent = replace(ticket, key="ticket:#5@1", labels=("bug", "urgent"), at=MERGED + timedelta(days=1))
    found = tickets((ticket, urgent), ORIGIN)
    assert (found.labels, found.milestones) == ({("web", "5"): ("bug", "urgent")}, {("web", "5"): "v1"})
    other = replace(ticket, source="app", labels=(), milestone=None)
    twins = tickets((ticket, other), dict.fromkeys(("shop", "app"), Origin(client="acme")))
    assert (twins.titles, twins.labels, twins.milestones) == ({("", "5"): "Cart"}, {}, {})


def test_what_is_told_of_a_commit() -> None:
    review = Evidence(
        key="review:12:7@0",
        kind="review",
        source="shop",
        contributor="jan",
        at=MERGED,
        commit=SECOND.key,
        state="approved",
    )
    found = by_commit((PULL, review))
    assert found[FIRST.key] == found[SQUASH.key] == (PULL, review)


def test_it_is_read_as_it_was_written() -> None:
    ticket = Evidence(
        key="ticket:#5@0", kind="ticket", source="shop", contributor="", at=MERGED, ticket="#5", text="Cart",
        state="open", labels=("bug", "ü"), milestone="v1", estimate=90,
    )  # fmt: skip
    for record in (ticket, PULL):
        assert from_lines(to_line(record), "x.jsonl") == ((record,), ())


def test_a_key_is_of_all_projects_of_its_trackers_client() -> None:
    origins = {
        "shop": Origin(client="acme", project="web"),
        "app": Origin(client="beta", project="app"),
        "jira": Origin(client="acme"),
    }
    ticket = Evidence(
        key="ticket:WEB-5@0", kind="ticket", source="jira", contributor="", at=MERGED, ticket="WEB-5", text="Cart"
    )
    assert titles((ticket,), origins) == {("web", "WEB-5"): "Cart", ("", "WEB-5"): "Cart"}
    routed = Route(match=Match(project="WEB"), client="beta", project="app")
    origins["jira"] = Origin(client="", routes=(routed,))
    assert titles((ticket,), origins) == {}
    assert titles((replace(ticket, project="WEB"),), origins) == {("app", "WEB-5"): "Cart"}


def test_a_forges_number_is_of_every_project_that_routes_make_of_its_repository() -> None:
    ticket = Evidence(
        key="ticket:5@0", kind="ticket", source="shop", contributor="", at=MERGED, ticket="#5", text="Cart"
    )
    shared = (Route(match=Match(path="beta/"), client="beta", project="app"),)
    assert titles((ticket,), ORIGIN) == {("web", "5"): "Cart"}
    assert titles((ticket,), {"shop": replace(ORIGIN["shop"], routes=shared)}) == {
        ("web", "5"): "Cart",
        ("app", "5"): "Cart",
    }
