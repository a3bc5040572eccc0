"""Jira's three exports: tickets, and time that was logged on them."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.tickets.broken import told

from git_bill.forge import Ticket
from git_bill.sources.tickets.issue import Export, joined
from git_bill.sources.tickets.jira import read

BERLIN = ZoneInfo("Europe/Berlin")
DAY = datetime(2026, 10, 5, tzinfo=BERLIN)
CART = Ticket(
    key="WEB-12", title="Keep the cart", url="", state="closed", labels=("shop", "urgent"), milestone="1.2", estimate=90
)
LOG: dict[str, Any] = {
    "id": "7",
    "author": {"displayName": "Mira Kovac", "emailAddress": "mira@example.net"},
    "started": "2026-10-05T09:10:00.000+0200",
    "timeSpentSeconds": 3900,
    "comment": {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "with Rita"}]}]},
}
FIELDS: dict[str, Any] = {
    "summary": "Keep the cart",
    "labels": ["shop", "urgent"],
    "status": {"name": "Erledigt", "statusCategory": {"key": "done"}},
    "fixVersions": [{"name": "1.2"}],
    "timeoriginalestimate": 5400,
    "updated": "2026-10-06T10:00:00.000+0200",
    "project": {"key": "WEB"},
    "worklog": {"total": 1, "worklogs": [LOG]},
}
HEAD = (
    "Summary,Issue key,Status,Status Category,Project key,Updated,Labels,Labels,Fix Version/s,Original Estimate,"
    "Assignee,Assignee Id,Log Work,Log Work\n"
)
ROW = (
    "Keep the cart,WEB-12,Erledigt,Done,WEB,06/Oct/26 10:00 AM,shop,urgent,1.2,5400,Mira Kovac,712020:aa,"
    "with Rita; about tax;05/Oct/26 9:10 AM;712020:aa;3900,\n"
)
FEED = """<!-- This is a RSS file -->
<rss version="0.92"><channel><title>Search</title>
<item><title>[WEB-12] Keep the cart</title><project id="1" key="WEB">Shop</project>
<description>&lt;p&gt;WEB-99&lt;/p&gt;</description><key id="10">WEB-12</key><summary>Keep the cart</summary>
<status id="3">Erledigt</status><statusCategory id="3" key="done" colorName="green"/>
<labels><label>shop</label><label>urgent</label></labels><fixVersion>1.2</fixVersion>
<updated>Tue, 6 Oct 2026 10:00:00 +0200</updated><timeoriginalestimate seconds="5400">1 hour</timeoriginalestimate>
<comments><comment id="1"><summary>no</summary></comment></comments>
<customfields><customfield><label>no</label></customfield></customfields></item></channel></rss>
"""


def answer(**fields: object) -> str:
    return json.dumps({"issues": [{"key": "WEB-12", "fields": {**FIELDS, **fields}}]})


def found(text: str) -> Export:
    export = read(text, "jira", BERLIN)
    assert export.problems == ()
    return export


@pytest.mark.parametrize("text", [answer(), HEAD + ROW, FEED])
def test_each_form_tells_the_same_ticket(text: str) -> None:
    (issue,) = found(text).issues
    assert (issue.ticket, issue.project) == (CART, "WEB")
    assert issue.changed is not None
    assert issue.changed.date() == (DAY + timedelta(days=1)).date()


def test_logged_time_has_its_day_and_its_person() -> None:
    for text, comment in ((answer(), "with Rita"), (HEAD + ROW, "with Rita; about tax")):
        (one,) = found(text).times
        assert (one.begin, one.end - one.begin, one.placed) == (DAY, timedelta(minutes=65), False)
        assert (one.ticket, one.project, one.text) == ("WEB-12", "WEB", comment)
        assert one.person in {"mira@example.net", "Mira Kovac"}
        assert found(text).issues[0].logged


def test_a_log_late_at_night_is_of_the_contributors_day() -> None:
    log = {**LOG, "started": "2026-10-04T23:30:00.000+0000", "comment": "plain"}
    (one,) = found(answer(worklog={"worklogs": [log]})).times
    assert (one.begin, one.text) == (DAY, "plain")


def test_a_search_tells_only_some_of_many_logs() -> None:
    export = read(answer(worklog={"total": 35, "maxResults": 20, "worklogs": [LOG]}), "a.json", BERLIN)
    assert (len(export.times), export.issues[0].logged) == (1, False)
    (problem,) = export.problems
    assert (problem.rule, problem.severity, problem.file) == ("worklog-cut", "warning", "a.json")
    assert "/rest/api/2/issue/WEB-12" in problem.hint


def test_several_files_are_one_export_and_the_later_word_counts() -> None:
    old = answer(summary="The cart", updated="2026-10-01T10:00:00.000+0200")
    issues, times = joined([found(answer()), found(old), found(json.dumps(json.loads(answer())["issues"]))])
    assert ([issue.ticket.title for issue in issues], len(times.times), times.shared) == (["Keep the cart"], 1, True)


def test_a_log_in_two_formats_counts_once() -> None:
    cut = answer(worklog={"total": 35, "worklogs": [LOG]})
    for files in ((answer(), HEAD + ROW), (HEAD + ROW, answer()), (cut, HEAD + ROW)):
        _, times = joined(read(text, "x", BERLIN) for text in files)
        assert [one.end - one.begin for one in times.times] == [timedelta(seconds=3900)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("05/Oct/26 9:10 AM", 5),
        ("5. Okt. 2026 09:10", 5),
        ("2026-10-05 09:10", 5),
        ("2026-10-05T09:10:00.000", 5),
        ("05.10.2026", 5),
        ("10/05/2026 9:10 AM", 5),
        ("05/10/2026 09:10", 5),
    ],
)
def test_days_as_jira_writes_them(day: str, expected: int) -> None:
    (one,) = found(f"Summary,Issue key,Log Work\nCart,WEB-12,;{day};mira;60\n").times
    assert (one.begin.month, one.begin.day) == (10, expected)


BROKEN = [
    ("", 1, "this is no CSV export of Jira"),
    ("Key,Title\nWEB-1,x\n", 1, "this is no CSV export of Jira: it has no column Issue key"),
    ("Summary,Issue key\nx,12\n", 2, "'12' is no key of a ticket, like WEB-12"),
    ("Summary,Issue key,Log Work\nx,WEB-1,call;soon;mira;60\n", 2, "a log of WEB-1 can't be read: 'soon' is no date"),
    ("Summary,Issue key,Log Work\nx,WEB-1,60\n", 2, "a log of WEB-1 can't be read: '60' is no comment, date, person"),
    ("Summary,Issue key,Log Work\nx,WEB-1,a;05/Oct/26;m;999999\n", 2, "a log of WEB-1 can't be read: it is longer"),
    ("{", 1, "this is not JSON"),
    ('{"errorMessages": ["no"]}', 1, "this is no answer of Jira with issues"),
    ('{"issues": [{"key": "WEB-1"}]}', None, "issue 1 can't be read: it has no fields"),
    ('{"issues": [{"key": "no", "fields": {}}]}', None, "issue 1 can't be read: 'no' is no key"),
    (answer(worklog={"worklogs": [{"started": "now"}]}), None, "a log of WEB-12 can't be read: 'None' is no number"),
    ("<rss>\n<item>", 2, "this is no XML"),
    ("<rss/>", 1, "this is no export of Jira: it has no item"),
    ("<rss>\n\n<item><key>?</key></item></rss>", 3, "an issue can't be read: '?' is no key"),
    ('<!DOCTYPE a [<!ENTITY b "c">]><rss><item/></rss>', 1, "this is no export of Jira: it has a document type"),
]


@pytest.mark.parametrize(("text", "line", "why"), BROKEN)
def test_a_broken_file_says_where_and_how_it_should_look(text: str, line: int | None, why: str) -> None:
    told(read, text, line, why)


def test_entities_can_not_fill_the_memory() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "a" * 10}">' for n in range(12))
    export = read(f"<!DOCTYPE rss [{bomb}]><rss><item><key>&a11;</key></item></rss>", "x", BERLIN)
    assert export.issues == ()
    assert "document type" in export.problems[0].message


def test_what_came_before_a_torn_end_counts() -> None:
    export = read(FEED.replace("</channel></rss>", "<item>"), "x", BERLIN)
    assert [issue.ticket.key for issue in export.issues] == ["WEB-12"]
    assert [problem.severity for problem in export.problems] == ["warning"]


SAMPLES = (answer(), HEAD + ROW, FEED)


@given(which=st.sampled_from(SAMPLES), noise=st.text(max_size=40), at=st.integers(0, 900), cut=st.integers(0, 30))
def test_nothing_makes_reading_raise(which: str, noise: str, at: int, cut: int) -> None:
    for text in (noise, which[:at] + noise + which[at + cut :]):
        export = read(text, "x", BERLIN)
        joined([export, export])
        assert all(problem.file == "x" and problem.hint for problem in export.problems)


NAMES = ("issues", "key", "fields", "worklog", "worklogs", "author", "started", "status", "labels", "timeSpentSeconds")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(("WEB-1", "done", "x")),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
        max_leaves=15,
    )
)
def test_no_json_makes_reading_raise(value: object) -> None:
    export = read(json.dumps(value), "x.json", BERLIN)
    assert export.issues or export.problems
