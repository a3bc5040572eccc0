"""One commit → evidence: whose it is, what it states, what proves it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from git_bill.ports import RawCommit
from git_bill.sources.commit import Found, Reading, collected
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.identity import addresses
from git_bill.worklog.spend import Agreed, Units
from git_bill.worklog.ticket import ticket_in

MIRA, JO, SAM = "mira@example.net", "jo@example.net", "sam@elsewhere.example"
AT = datetime.fromisoformat("2026-10-05T09:10:00+02:00")
READING = Reading(
    source="web-shop",
    identity=addresses({"mira": [MIRA, "Mira.Kovac@Example.com"], "jo": [JO]}),
    ticket_pattern=r"[A-Z]+-\d+",
)


def raw(message: str = "WEB-5 cart", author: str = MIRA, committer: str | None = None, **more: object) -> RawCommit:
    commit = RawCommit(
        id="1" * 40,
        parents=("0" * 40,),
        author_name="Somebody",
        author_email=author,
        author_at=AT,
        committer_name="Somebody",
        committer_email=committer or author,
        committer_at=AT,
        message=message,
    )
    return replace(commit, **more)  # type: ignore[arg-type]


def read(*commits: RawCommit, reading: Reading = READING) -> Found:
    return collected(commits, reading)


def one(*commits: RawCommit, reading: Reading = READING) -> Evidence:
    (record,) = read(*commits, reading=reading).evidence
    return record


def test_a_contributors_commit() -> None:
    later = datetime(2026, 10, 6, tzinfo=UTC)
    assert one(raw("WEB-5 cart\n\nbody\n", author="MIRA.kovac@example.com", committer_at=later)) == Evidence(
        key="1" * 40,
        kind="commit",
        source="web-shop",
        contributor="mira",
        at=AT,
        text="WEB-5 cart",
        ticket="WEB-5",
        committed=later,
    )


def test_others_commits_are_not_copied() -> None:
    assert read(raw(author=SAM), raw(author=""), raw(author=SAM, committer=MIRA)) == Found(evidence=())


def test_everyone_but_bots_goes_by_address() -> None:
    everyone = Reading(source="x", everyone=True)
    found = read(
        raw(author="Sam@Elsewhere.example"),
        raw(author="1+sam@users.noreply.github.com", id="2" * 40),
        raw(author="49699333+dependabot[bot]@users.noreply.github.com", id="3" * 40),
        raw(author="", author_name="No Mail", id="4" * 40),
        raw(author="", author_name="", id="5" * 40),
        reading=everyone,
    )
    assert [record.contributor for record in found.evidence] == [SAM, "sam@users.noreply.github.com", "no mail"]


def test_a_pair_is_one_record_of_the_author() -> None:
    both = one(
        raw(f"x\n\nCo-authored-by: Jo <JO@example.net>\nCo-authored-by: Sam <{SAM}>\nCo-authored-by: M <{MIRA}>\n")
    )
    assert (both.contributor, both.together, both.proven) == ("mira", ("jo",), True)


def test_a_strangers_commit_is_an_unproven_one_of_each_known_co_author() -> None:
    found = read(raw(f"x\n\nco-authored-by: Jo <{JO}>\nCo-authored-by: M <{MIRA}>\nTime: 8h\n", author=SAM))
    assert [(r.key, r.contributor, r.together, r.proven, r.minutes) for r in found.evidence] == [
        ("1" * 40 + "+jo", "jo", ("mira",), False, None),
        ("1" * 40 + "+mira", "mira", ("jo",), False, None),
    ]
    assert found.problems == ()


def test_time_counts_from_the_contributors_own_commit() -> None:
    own = one(raw("x\n\nTime: 1h30m\n", committer="mira.kovac@example.com"))
    assert (own.minutes, own.proven) == (90, True)


@pytest.mark.parametrize("committer", [JO, SAM, "noreply@github.com"])
def test_time_in_a_commit_that_another_committed_is_shown_but_not_proven(committer: str) -> None:
    record = one(raw("x\n\nTime: 1h30m\n", committer=committer))
    assert (record.minutes, record.proven) == (90, False)
    plain = one(raw("x\n\nTicket: WEB-7\n", committer=committer))
    assert (plain.minutes, plain.proven, plain.ticket) == (None, True, "WEB-7")


def test_a_malformed_time_is_a_problem_and_the_commit_still_counts() -> None:
    found = read(raw("x\n\nTime: see above\n"))
    assert [record.minutes for record in found.evidence] == [None]
    (problem,) = found.problems
    assert problem.rule == "malformed-directive"
    assert problem.severity == "warning"
    assert problem.message == (
        "the Time: of commit 111111111111 is not counted: 'see above' is not a duration; "
        'write it like "1h30m", "45m" or "1.5h"'
    )
    assert "Time: 1h30m" in problem.hint


@pytest.mark.parametrize(
    ("message", "ticket"),
    [
        ("fix cart (WEB-5, WEB-6)", "WEB-5"),
        ("WEB-5 cart\n\nbody\n\nTicket: WEB-9\n", "WEB-9"),
        ("cart\n\nTicket: WEB-9, WEB-10\n", "WEB-9"),
        ("cart\n\nTicket: 4711 and more\n", "4711"),
        ("cart\n\nTicket: \n", None),
        ("cart\n\nTicket: " + "x" * 500, "x" * 64),
        ("cart\n\nWEB-5 in the body alone\n", None),
        ("read UTF-8 and SHA-256 as in RFC-2822", None),
        ("UTF-8 in WEB-5", "WEB-5"),
        ("Merge branch 'WEB-5-cart'", "WEB-5"),
    ],
)
def test_tickets(message: str, ticket: str | None) -> None:
    assert one(raw(message)).ticket == ticket


def test_an_empty_match_is_no_ticket() -> None:
    assert ticket_in("cart", r"\d*") is None


def test_a_commit_without_a_readable_date_says_no_time() -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert read(raw(author_at=epoch), raw(author_at=epoch.replace(year=1969))).evidence == ()
    assert one(raw(author_at=epoch.replace(year=2100))).at.year == 2100


def test_merges_are_points_but_a_forges_trial_merge_is_not() -> None:
    parents = ("0" * 40, "a" * 40)
    assert one(raw("Merge branch 'x'", parents=parents)).parents == 2
    assert read(raw(f"Merge {'a' * 40} into {'0' * 40}", parents=parents)).evidence == ()


def test_evidence_is_in_order_and_each_key_comes_once() -> None:
    early = raw(id="f" * 40, author_at=AT.replace(hour=8))
    assert [record.key[0] for record in read(raw(), early, raw(id="0" * 40), early).evidence] == ["f", "0", "1"]


def test_since_is_a_day_in_the_zone() -> None:
    day = Reading(source="x", since=datetime(2026, 10, 1, tzinfo=UTC).date(), timezone="Europe/Berlin")
    assert str(day.start) == "2026-10-01 00:00:00+02:00"
    assert Reading(source="x").start is None


CLAUDE, COPILOT = "noreply@anthropic.com", "198982749+Copilot@users.noreply.github.com"
HELPED = f"x\n\nCo-authored-by: Claude <{CLAUDE}>\n"


def test_a_commit_that_an_agent_helped_with_is_its_authors_and_marked() -> None:
    assert one(raw(HELPED)) == replace(one(raw("x")), agent="Claude")
    assert one(raw(author_name="Mira Kovac (aider)")).agent == "aider"
    assert one(raw("x\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n")).agent == "Claude"


def test_an_agents_commit_that_a_contributor_made_at_that_instant_is_theirs() -> None:
    record = one(raw(author=CLAUDE, author_name="Claude", committer=MIRA))
    assert (record.key, record.contributor, record.agent) == (f"{'1' * 40}+mira", "mira", "Claude")
    assert record.proven


def test_one_that_was_committed_later_proves_no_attention() -> None:
    later = AT.replace(hour=18)
    record = one(raw(author=CLAUDE, committer=MIRA, committer_at=later))
    assert (record.contributor, record.at, record.committed, record.proven) == ("mira", AT, later, False)


def test_a_contributor_whom_an_agent_names_is_unproven() -> None:
    message = f"x\n\nCo-authored-by: Mira <{MIRA}>\n\nTime: 8h\nCo-authored-by: Mira <{MIRA}>\n"
    forge = {"committer": "noreply@github.com", "committer_name": "GitHub"}
    record = one(raw(message, author=COPILOT, **forge))
    assert (record.contributor, record.agent, record.proven, record.minutes) == ("mira", "Copilot", False, None)


def test_who_only_stands_in_the_trailer_is_not_proven_by_the_committer() -> None:
    message = f"x\n\nCo-authored-by: Jo <{JO}>\nCo-authored-by: Mira <{MIRA}>\n"
    found = read(raw(message, author=CLAUDE, committer=MIRA)).evidence
    assert [(r.contributor, r.proven, r.together) for r in found] == [("jo", False, ("mira",)), ("mira", True, ())]


def test_an_agents_commit_with_nobody_of_ours_is_nobodys() -> None:
    assert read(raw(author=CLAUDE), raw(author=COPILOT, committer=SAM)).evidence == ()


def test_a_strangers_commit_is_not_the_committers() -> None:
    assert read(raw(author=SAM, committer=MIRA)).evidence == ()


def test_for_everyone_an_agent_is_no_person_and_no_partner() -> None:
    everyone = Reading(source="x", everyone=True)
    alone = raw(author=COPILOT, committer="noreply@github.com", committer_name="GitHub", id="2" * 40)
    record = one(raw(HELPED), alone, reading=everyone)
    assert (record.contributor, record.together, record.agent) == (MIRA, (), "Claude")


def test_a_day_is_worth_what_was_agreed_when_the_commit_was_made() -> None:
    agreed = (Agreed(first=AT.date(), units=Units(day=450, week=2250)),)
    assert one(raw("cart\n\nTime: 1d"), reading=replace(READING, agreed=agreed)).minutes == 450
    before = raw("cart\n\nTime: 1d", author_at=AT - timedelta(days=1))
    assert one(before, reading=replace(READING, agreed=agreed)).minutes == 480
